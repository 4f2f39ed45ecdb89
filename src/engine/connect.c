#include "config.h"

#include "connect.h"

#include <errno.h>
#include <string.h>

#include "errors.h"
#include "ip_addr.h"
#include "leaf.h"
#include "link.h"
#include "local_addrs.h"
#include "path_mtu.h"
#include "recbuf.h"
#include "stack.h"
#include "transfer.h"

struct gen_sctp_addr
connect_destination(const struct gen_sctp_addr *addr)
{
	struct gen_sctp_addr to = *addr;

	ip_addr_unmap(&to);
	if (!ip_addr_is_any(&to))
		return to;
	if (to.family == GEN_SCTP_INET6) {
		to.ip[15] = 1;
	} else {
		to.ip[0] = 127;
		to.ip[3] = 1;
	}
	return to;
}

static int
check_peer(const struct endpoint *ep, const struct gen_sctp_addr *to)
{
	const struct assoc *a;

	if (to->family != GEN_SCTP_INET && to->family != GEN_SCTP_INET6)
		return -EAFNOSUPPORT;
	if (to->family == GEN_SCTP_INET6 ?
		    ep->local->family != GEN_SCTP_INET6 :
		    ep->local->v6only)
		return -EAFNOSUPPORT;
	if (to->port == 0)
		return -EINVAL;
	a = assoc_find_peer(ep, to);
	if (a == NULL || !assoc_alive(a))
		return assoc_elsewhere(ep, to) ? -EADDRNOTAVAIL : 0;
	return a->phase == ASSOC_SETUP ? -EALREADY : -EISCONN;
}

static int
check_endpoint(const struct endpoint *ep, size_t n)
{
	if (n == 0 || n > CONNECT_MAX_ADDRS)
		return -EINVAL;
	if (n > 1 && !stack_layer()->multihoming)
		return -EOPNOTSUPP;
	if (ep->listener)
		return -EOPNOTSUPP;
	if (ep->type == GEN_SCTP_STREAM && ep->assocs != NULL)
		return ep->assocs->phase == ASSOC_SETUP ? -EALREADY :
							  -EISCONN;
	/* A peeled-off socket has had its association. */
	if (ep->esock.so == NULL || ep->over)
		return -EINVAL;
	return 0;
}

/* With our SCTP port; family 0 for any address. */
static struct gen_sctp_addr
source(const struct endpoint *ep)
{
	struct gen_sctp_addr from;

	memset(&from, 0, sizeof(from));
	if (ep->local->count > 0)
		from = ep->local->addrs[0];
	from.port = ep->local->sctp_port;
	return from;
}

/* One after the other, as the engine takes lists. */
static int
pack_peers(struct endpoint *ep, const struct gen_sctp_addr *addrs, size_t n,
	   uint8_t *packed)
{
	const struct gen_sctp_addr from = source(ep);
	union engine_sockaddr sa;
	struct gen_sctp_addr to;
	size_t i, len, at = 0;
	int error;

	for (i = 0; i < n; i++) {
		to = connect_destination(&addrs[i]);
		error = check_peer(ep, &to);
		if (error == 0)
			error = stack_layer()->dial(&sa, &from, &to,
						    ep->opts.remote_udp_port);
		if (error != 0)
			return error;
		len = engine_sockaddr_size(&sa.sa);
		memcpy(packed + at, &sa, len);
		at += len;
	}
	return 0;
}

/* The guard knows the first address from the INIT. */
static void
tell_guard(const struct endpoint *ep, const struct assoc *a,
	   const struct gen_sctp_addr *addrs, size_t n)
{
	struct gen_sctp_addr path;
	size_t i;

	leaf_lock();
	for (i = 1; i < n; i++) {
		path = connect_destination(&addrs[i]);
		path.port = ep->opts.remote_udp_port;
		guard_add_path(link_guard(), &a->tags, &path);
	}
	leaf_unlock();
}

int
connect_start(struct endpoint *ep, const struct gen_sctp_addr *addrs, size_t n,
	      struct assoc **out)
{
	/* With room behind the last: the engine reads the largest kind. */
	uint8_t packed[(CONNECT_MAX_ADDRS + 1) * sizeof(union engine_sockaddr)];
	struct gen_sctp_addr first;
	sctp_assoc_t id = 0;
	struct assoc *a;
	int error;

	error = check_endpoint(ep, n);
	if (error != 0)
		return error;
	local_addrs_follow();
	memset(packed, 0, sizeof(packed));
	error = pack_peers(ep, addrs, n, packed);
	if (error != 0)
		return error;
	first = connect_destination(&addrs[0]);
	path_mtu_for_peer(ep, &first);
	recbuf_for_connect(ep);
	if (stack_layer()->connect(ep->esock.so, (struct sockaddr *)packed,
				   (int)n, &id) != 0 && errno != EINPROGRESS)
		return engine_error_of(ENGINE_CONNECT);
	a = assoc_new(ep, id);
	if (a == NULL) {
		transfer_flag(ep->esock.so, id, SCTP_ABORT);
		return -ENOMEM;
	}
	assoc_count_attempt(a, true);
	assoc_learn(a);
	tell_guard(ep, a, addrs, n);
	*out = a;
	return 0;
}

void
connect_withdraw(struct assoc *a)
{
	transfer_flag(a->ep->esock.so, a->engine_id, SCTP_ABORT);
	assoc_free(a);
}

int
connect_failure(const struct assoc *a)
{
	enum guard_abort_by by;
	uint16_t cause;

	leaf_lock();
	by = guard_aborted(link_guard(), &a->tags, &cause);
	leaf_unlock();
	return by == GUARD_ABORT_BY_PEER ? -ECONNREFUSED : -EHOSTUNREACH;
}
