/*
 * sockname, port, peername, socknames, peernames, bindx.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "assoc.h"
#include "bindx.h"
#include "handle.h"
#include "names.h"

static struct gen_sctp_addr
first_local(const struct endpoint *ep)
{
	struct gen_sctp_addr addr;

	memset(&addr, 0, sizeof(addr));
	addr.family = (uint8_t)ep->local->family;
	if (ep->local->count > 0)
		addr = ep->local->addrs[0];
	addr.port = ep->local->sctp_port;
	return addr;
}

int
gen_sctp_sockname(gen_sctp_socket_t s, struct gen_sctp_addr *addr)
{
	struct endpoint *ep;
	int error;

	if (addr == NULL)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	*addr = first_local(ep);
	endpoint_show(ep, addr, 1);
	api_leave();
	return 0;
}

int
gen_sctp_port(gen_sctp_socket_t s)
{
	struct endpoint *ep;
	int result = api_enter(s, &ep);

	if (result != 0)
		return result;
	result = ep->local->sctp_port;
	api_leave();
	return result;
}

int
gen_sctp_peername(gen_sctp_socket_t s, struct gen_sctp_addr *addr)
{
	const struct assoc *a;
	struct endpoint *ep;
	int error;

	if (addr == NULL)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	a = ep->type == GEN_SCTP_STREAM ? assoc_only(ep) : NULL;
	if (a != NULL && a->peer_count > 0)
		*addr = a->peers[0];
	else
		error = -ENOTCONN;
	if (error == 0)
		endpoint_show(ep, addr, 1);
	api_leave();
	return error;
}

/* Association 0 is the endpoint, or a stream socket's only one. */
static int
find(const struct endpoint *ep, gen_sctp_assoc_id_t id, struct assoc **a)
{
	*a = NULL;
	if (id == 0 && ep->type == GEN_SCTP_SEQPACKET)
		return 0;
	*a = assoc_find(ep, id);
	return *a != NULL || ep->type == GEN_SCTP_STREAM ? 0 : -EINVAL;
}

typedef int list_fn(const struct endpoint *ep, const struct assoc *a,
		    struct gen_sctp_addr *addrs, size_t max);

static int
list_names(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
	   struct gen_sctp_addr *addrs, size_t max, list_fn *list)
{
	struct endpoint *ep;
	struct assoc *a;
	int result;

	if (addrs == NULL && max > 0)
		return -EINVAL;
	result = api_enter(s, &ep);
	if (result != 0)
		return result;
	result = find(ep, id, &a);
	if (result == 0)
		result = list(ep, a, addrs, max);
	if (result > 0)
		endpoint_show(ep, addrs,
			      (size_t)result < max ? (size_t)result : max);
	api_leave();
	return result;
}

int
gen_sctp_socknames(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		   struct gen_sctp_addr *addrs, size_t max)
{
	return list_names(s, assoc, addrs, max, names_local);
}

int
gen_sctp_peernames(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		   struct gen_sctp_addr *addrs, size_t max)
{
	return list_names(s, assoc, addrs, max, names_peer);
}

int
gen_sctp_bindx(gen_sctp_socket_t s, const struct gen_sctp_addr *addrs, size_t n,
	       int flag)
{
	struct endpoint *ep;
	int error;

	if (addrs == NULL || n > GEN_SCTP_ADDRS_MAX ||
	    (flag != GEN_SCTP_BINDX_ADD_ADDR &&
	     flag != GEN_SCTP_BINDX_REM_ADDR))
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	if (flag == GEN_SCTP_BINDX_ADD_ADDR)
		error = endpoint_bind(ep, addrs, n);
	else
		error = endpoint_unbind(ep, addrs, n);
	api_leave();
	return error;
}
