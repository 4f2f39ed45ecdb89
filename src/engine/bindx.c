#include "config.h"

#include "bindx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assoc.h"
#include "errors.h"
#include "ip_addr.h"
#include "iterator.h"
#include "lead.h"
#include "local_addrs.h"
#include "packet.h"
#include "stack.h"

/* ---------------------------------------------------------------- checks */

static bool
listed(const struct gen_sctp_addr *addrs, size_t n,
       const struct gen_sctp_addr *addr)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ip_addr_equal(&addrs[i], addr))
			return true;
	return false;
}

static int
check_address(const struct local *l, const struct gen_sctp_addr *addr)
{
	if (addr->family != GEN_SCTP_INET && addr->family != GEN_SCTP_INET6)
		return -EAFNOSUPPORT;
	if (addr->family == GEN_SCTP_INET6 ? l->family != GEN_SCTP_INET6
					   : l->v6only)
		return -EAFNOSUPPORT;
	if (ip_addr_is_any(addr) ||
	    (addr->port != 0 && addr->port != l->sctp_port))
		return -EINVAL;
	return 0;
}

/* `bound`: they have to be, or must not be. */
static int
check(const struct endpoint *ep, const struct gen_sctp_addr *addrs, size_t n,
      bool bound)
{
	const struct local *l = ep->local;
	size_t i;
	int error;

	if (!stack_layer()->multihoming)
		return -EOPNOTSUPP;
	if (n == 0 || l->count == 0)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		error = check_address(l, &addrs[i]);
		if (error != 0)
			return error;
		if (listed(addrs, i, &addrs[i]) ||
		    local_has_address(l, &addrs[i]) != bound)
			return -EINVAL;
	}
	return 0;
}

static int
check_free(const struct endpoint *ep, const struct gen_sctp_addr *addrs,
	   size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (endpoint_find_other(ep->local, &addrs[i]) != NULL)
			return -EADDRINUSE;
	return 0;
}

/* ------------------------------------------------------------ the engine */

/* With port 0 the engine doesn't look for other sockets that have the address:
 * those of the endpoint's associations do. */
static int
tell(struct socket *so, const struct gen_sctp_addr *addr, int what)
{
	union engine_sockaddr sa;

	engine_sockaddr_set(&sa, addr, 0);
	return usrsctp_bindx(so, &sa.sa, 1, what) == 0 ? 0 : engine_error();
}

/* All, or none. A peeled-off endpoint has no engine socket but its
 * association's. */
static int
tell_endpoint(const struct endpoint *ep, const struct gen_sctp_addr *addrs,
	      size_t n, int what, int opposite)
{
	size_t i;
	int error;

	for (i = 0; i < n && ep->esock.so != NULL; i++) {
		error = tell(ep->esock.so, &addrs[i], what);
		if (error == 0)
			continue;
		while (i-- > 0)
			tell(ep->esock.so, &addrs[i], opposite);
		return error;
	}
	return 0;
}

static bool
peer_follows(const struct assoc *a)
{
	struct sctp_assoc_value value = { .assoc_id = a->engine_id };
	socklen_t len = sizeof(value);

	return usrsctp_getsockopt(a->esock.so, IPPROTO_SCTP,
				  SCTP_ASCONF_SUPPORTED, &value, &len) == 0 &&
	       value.assoc_value != 0;
}

/* How many of these the association can send from: not those that the peer has
 * not acknowledged. */
static size_t
count_usable(const struct assoc *a, const struct gen_sctp_addr *addrs, size_t n)
{
	struct sockaddr *list, *sa;
	struct gen_sctp_addr addr;
	size_t usable = 0;
	int i, count;

	count = usrsctp_getladdrs(a->esock.so, a->engine_id, &list);
	if (count <= 0)
		return 0;
	sa = list;
	for (i = 0; i < count; i++) {
		addr = stack_layer()->addr(sa);
		usable += listed(addrs, n, &addr);
		sa = (struct sockaddr *)((char *)sa + engine_sockaddr_size(sa));
	}
	usrsctp_freeladdrs(list);
	return usable;
}

/* --------------------------------------------------------- an association */

static void
set_local(struct assoc *a, struct local *l)
{
	local_unuse(a->local);
	a->local = l;
}

static size_t
add_wanted(const struct assoc *a, const struct local *wanted,
	   struct gen_sctp_addr *has, size_t n)
{
	size_t i;

	for (i = 0; i < wanted->count; i++) {
		if (listed(has, n, &wanted->addrs[i]))
			continue;
		tell(a->esock.so, &wanted->addrs[i], SCTP_BINDX_ADD_ADDR);
		has[n++] = wanted->addrs[i];
	}
	return n;
}

/* The engine keeps what it takes for the last one, and forgets that it should
 * go: ones that are not acknowledged yet don't count there. */
static size_t
remove_unwanted(const struct assoc *a, const struct local *wanted,
		struct gen_sctp_addr *has, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (listed(wanted->addrs, wanted->count, &has[i]) ||
		    count_usable(a, has, n) < 2) {
			i++;
			continue;
		}
		tell(a->esock.so, &has[i], SCTP_BINDX_REM_ADDR);
		memmove(&has[i], &has[i + 1], (--n - i) * sizeof(*has));
	}
	return n;
}

/* Brings its addresses as near to its endpoint's as it can be now. If its peer
 * cannot follow it keeps those that it has. */
static void
converge(struct assoc *a)
{
	struct local *wanted = a->ep->local, *l;
	struct gen_sctp_addr *has;
	size_t n = a->local->count;

	a->rebinding = false;
	if (a->local == wanted || !peer_follows(a))
		return;
	has = malloc((n + wanted->count) * sizeof(*has));
	if (has == NULL)
		return;
	memcpy(has, a->local->addrs, n * sizeof(*has));
	n = add_wanted(a, wanted, has, n);
	n = remove_unwanted(a, wanted, has, n);
	a->rebinding = n != wanted->count;
	if (!a->rebinding)
		set_local(a, local_use(wanted));
	else if (local_rebound(a->local, has, n, &l) == 0)
		set_local(a, l);
	free(has);
}

#define CHUNK_AUTH	 15
#define CHUNK_ASCONF_ACK 0x80

/* An ASCONF ACK may be in the packet that is being fed, to this tag of ours. */
static uint32_t acknowledged;

void
bindx_before_input(const struct link_packet *p)
{
	if (p->len > SCTP_COMMON_HEADER &&
	    (p->data[SCTP_COMMON_HEADER] == CHUNK_AUTH ||
	     p->data[SCTP_COMMON_HEADER] == CHUNK_ASCONF_ACK))
		acknowledged = packet_vtag(p);
}

void
bindx_after_input(void)
{
	struct assoc *a = NULL;

	if (acknowledged != 0)
		a = assoc_find_tag(acknowledged);
	acknowledged = 0;
	if (a == NULL || !a->rebinding || a->ep == NULL)
		return;
	converge(a);
	iterator_finish();
	lead_kick();
}

/* --------------------------------------------------------------- endpoints */

/* Those that are set up have their endpoint's engine socket. */
static void
move_to(struct endpoint *ep, struct local *l)
{
	struct assoc *a;

	local_unuse(ep->local);
	ep->local = l;
	for (a = ep->assocs; a != NULL; a = a->next)
		if (a->esock.so != NULL)
			converge(a);
		else
			set_local(a, local_use(l));
	iterator_finish();
	lead_kick(); /* the UDP sockets are others */
}

static int
change(struct endpoint *ep, const struct gen_sctp_addr *all, size_t count,
       const struct gen_sctp_addr *addrs, size_t n, int what, int opposite)
{
	struct local *l;
	int error = local_rebound(ep->local, all, count, &l);

	if (error != 0)
		return error;
	error = tell_endpoint(ep, addrs, n, what, opposite);
	if (error == 0)
		move_to(ep, l);
	else
		local_unuse(l);
	return error;
}

int
endpoint_bind(struct endpoint *ep, const struct gen_sctp_addr *addrs, size_t n)
{
	const size_t count = ep->local->count;
	struct gen_sctp_addr *all;
	int error;

	error = check(ep, addrs, n, false);
	if (error == 0)
		error = check_free(ep, addrs, n);
	if (error != 0)
		return error;
	all = malloc((count + n) * sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	memcpy(all, ep->local->addrs, count * sizeof(*all));
	memcpy(all + count, addrs, n * sizeof(*all));
	local_addrs_follow();
	error = change(ep, all, count + n, addrs, n, SCTP_BINDX_ADD_ADDR,
		       SCTP_BINDX_REM_ADDR);
	free(all);
	return error;
}

int
endpoint_unbind(struct endpoint *ep, const struct gen_sctp_addr *addrs,
		size_t n)
{
	const struct local *l = ep->local;
	struct gen_sctp_addr *left;
	size_t i, count = 0;
	int error;

	error = check(ep, addrs, n, true);
	if (error == 0 && n == l->count)
		error = -EINVAL;
	if (error != 0)
		return error;
	left = malloc(l->count * sizeof(*left));
	if (left == NULL)
		return -ENOMEM;
	for (i = 0; i < l->count; i++)
		if (!listed(addrs, n, &l->addrs[i]))
			left[count++] = l->addrs[i];
	error = change(ep, left, count, addrs, n, SCTP_BINDX_REM_ADDR,
		       SCTP_BINDX_ADD_ADDR);
	free(left);
	return error;
}
