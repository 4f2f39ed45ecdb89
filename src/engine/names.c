#include "config.h"

#include "names.h"

#include <errno.h>
#include <string.h>

#include "leaf.h"
#include "link.h"
#include "stack.h"

/* Those of a family, or of both (0). */
static int
copy(const struct sockaddr *list, int n, enum gen_sctp_family family,
     uint16_t port, struct gen_sctp_addr *addrs, size_t max)
{
	struct gen_sctp_addr addr;
	size_t found = 0;
	int i;

	for (i = 0; i < n; i++) {
		addr = stack_layer()->addr(list);
		list = (const struct sockaddr *)((const char *)list +
						 engine_sockaddr_size(list));
		if (addr.family == 0 || (family != 0 && addr.family != family))
			continue;
		if (port != 0)
			addr.port = port;
		if (found < max)
			addrs[found] = addr;
		found++;
	}
	return (int)found;
}

/* What an association can use is of the families that its peer has: of that
 * one, or of both (0). */
static enum gen_sctp_family
family_of_peer(const struct assoc *a)
{
	enum gen_sctp_family family = GEN_SCTP_UNSPEC;
	size_t i;

	for (i = 0; a != NULL && i < a->peer_count; i++) {
		if (i > 0 && a->peers[i].family != family)
			return GEN_SCTP_UNSPEC;
		family = (enum gen_sctp_family)a->peers[i].family;
	}
	return family;
}

static int
bound(const struct local *l, const struct assoc *a,
      struct gen_sctp_addr *addrs, size_t max)
{
	enum gen_sctp_family family = family_of_peer(a);
	size_t i, found = 0;

	for (i = 0; i < l->count; i++) {
		if (family != 0 && l->addrs[i].family != family)
			continue;
		if (found < max) {
			addrs[found] = l->addrs[i];
			addrs[found].port = l->sctp_port;
		}
		found++;
	}
	return (int)found;
}

/* The layer may know the one that the association uses. */
static int
one_path(const struct endpoint *ep, const struct assoc *a,
	 struct gen_sctp_addr *addrs, size_t max)
{
	struct gen_sctp_addr own;

	if (a == NULL)
		return 0;
	own = stack_layer()->own(a->path);
	if (own.family == 0)
		return 0;
	own.port = ep->local->sctp_port;
	if (max > 0)
		addrs[0] = own;
	return 1;
}

#define MAX_TOLD 32

/* What the peer knows, by the policy of the socket. */
static int
told(const struct endpoint *ep, const struct assoc *a,
     struct gen_sctp_addr *addrs, size_t max)
{
	const enum gen_sctp_family family = family_of_peer(a);
	struct gen_sctp_addr all[MAX_TOLD];
	size_t i, n, found = 0;

	leaf_lock();
	n = a != NULL ? guard_told(link_guard(), &a->tags, all, MAX_TOLD) : 0;
	leaf_unlock();
	for (i = 0; i < n && i < MAX_TOLD; i++) {
		if (family != 0 && all[i].family != family)
			continue;
		all[i].port = ep->local->sctp_port;
		if (found < max)
			addrs[found] = all[i];
		found++;
	}
	return (int)found;
}

/* What the engine would offer a peer, or has offered. */
static int
offered(const struct endpoint *ep, const struct assoc *a,
	struct gen_sctp_addr *addrs, size_t max)
{
	struct sockaddr *list = NULL;
	struct socket *so = ep->esock.so;
	sctp_assoc_t id = 0;
	int n, found = 0;

	if (a != NULL)
		so = assoc_socket(a, &id);
	n = so != NULL ? usrsctp_getladdrs(so, id, &list) : 0;
	if (n > 0) {
		found = copy(list, n,
			     ep->local->v6only ? GEN_SCTP_INET6 :
						 family_of_peer(a),
			     ep->local->sctp_port, addrs, max);
		usrsctp_freeladdrs(list);
	}
	return found;
}

/* What the host has, for an engine that knows no addresses. */
struct host {
	const struct local *local;
	struct gen_sctp_addr *addrs;
	size_t max;
	size_t found;
};

static int
add_host_address(const struct os_interface_addr *at, void *arg)
{
	struct host *h = arg;

	if (at->addr.family == GEN_SCTP_INET
		    ? h->local->v6only
		    : h->local->family == GEN_SCTP_INET)
		return 0;
	if (h->found < h->max) {
		h->addrs[h->found] = at->addr;
		h->addrs[h->found].port = h->local->sctp_port;
	}
	h->found++;
	return 0;
}

static int
of_host(const struct endpoint *ep, struct gen_sctp_addr *addrs, size_t max)
{
	struct host h = { .local = ep->local, .addrs = addrs, .max = max };

	os_local_addrs(add_host_address, &h);
	return (int)h.found;
}

/* Bound to "any": at least that is always an answer. */
static int
any(const struct endpoint *ep, const struct assoc *a,
    struct gen_sctp_addr *addrs, size_t max)
{
	int found = one_path(ep, a, addrs, max);

	if (found == 0)
		found = told(ep, a, addrs, max);
	if (found == 0)
		found = stack_layer()->multihoming ?
				offered(ep, a, addrs, max) :
				of_host(ep, addrs, max);
	if (found == 0 && max > 0) {
		memset(&addrs[0], 0, sizeof(addrs[0]));
		addrs[0].family = (uint8_t)ep->local->family;
		addrs[0].port = ep->local->sctp_port;
	}
	return found > 0 ? found : 1;
}

int
names_local(const struct endpoint *ep, const struct assoc *a,
	    struct gen_sctp_addr *addrs, size_t max)
{
	const struct local *l = a != NULL ? a->local : ep->local;

	if (l->count > 0)
		return bound(l, a, addrs, max);
	return any(ep, a, addrs, max);
}

int
names_peer(const struct endpoint *ep, const struct assoc *a,
	   struct gen_sctp_addr *addrs, size_t max)
{
	struct sockaddr *list;
	struct socket *so;
	sctp_assoc_t id;
	uint16_t port;
	int n;

	if (a == NULL)
		return -ENOTCONN;
	port = a->tags.alias != 0 ? a->tags.peer_port : 0;
	so = assoc_socket(a, &id);
	n = usrsctp_getpaddrs(so, id, &list);
	if (n > 0) {
		n = copy(list, n, 0, port, addrs, max);
		usrsctp_freepaddrs(list);
	}
	/* It has ended; only its last events wait. */
	if (n <= 0)
		return ep->type == GEN_SCTP_STREAM ? -ENOTCONN : -EINVAL;
	return n;
}
