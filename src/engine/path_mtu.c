#include "config.h"

#include "path_mtu.h"

#include <string.h>

#include "ip_addr.h"
#include "local_addrs.h"
#include "packet.h"
#include "stack.h"

/* usrsctp keeps some sizes in 16 bits. */
#define LARGEST	     65000
#define SMALLEST     576
#define UDP_AND_SCTP (8 + 12)

static uint32_t
overhead(enum gen_sctp_family family)
{
	return (family == GEN_SCTP_INET6 ? 40 : 20) + UDP_AND_SCTP;
}

uint32_t
path_mtu_to_engine(uint32_t ip_mtu, enum gen_sctp_family family)
{
	return (ip_mtu - overhead(family)) & ~UINT32_C(3);
}

uint32_t
path_mtu_from_engine(uint32_t inside, enum gen_sctp_family family)
{
	return inside + overhead(family);
}

static uint32_t
clamp(uint32_t mtu)
{
	if (mtu > LARGEST)
		return LARGEST;
	return mtu < SMALLEST ? SMALLEST : mtu;
}

static void
set(struct socket *so, sctp_assoc_t id, const union engine_sockaddr *peer,
    uint32_t mtu, enum gen_sctp_family family)
{
	struct sctp_paddrparams params;

	memset(&params, 0, sizeof(params));
	params.spp_assoc_id = id;
	params.spp_flags = SPP_PMTUD_DISABLE;
	params.spp_pathmtu = path_mtu_to_engine(mtu, family);
	if (peer != NULL)
		memcpy(&params.spp_address, peer, sizeof(*peer));
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &params,
			   sizeof(params));
}

static void
set_default(struct endpoint *ep, uint32_t mtu, enum gen_sctp_family family)
{
	mtu = clamp(mtu);
	if (ep->opts.fixed_mtu || ep->mtu == mtu)
		return;
	ep->mtu = mtu;
	set(ep->esock.so, SCTP_FUTURE_ASSOC, NULL, mtu, family);
}

void
path_mtu_for_peer(struct endpoint *ep, const struct gen_sctp_addr *peer)
{
	uint32_t mtu = os_route_mtu(peer);

	if (mtu != 0)
		set_default(ep, mtu, (enum gen_sctp_family)peer->family);
}

static void
set_for_local(struct endpoint *ep, const struct gen_sctp_addr *local)
{
	uint32_t mtu = local_addrs_mtu(local);

	if (mtu != 0)
		set_default(ep, mtu, (enum gen_sctp_family)local->family);
}

/* ------------------------------------------------------- the link's calls */

#define COOKIE_ECHO 10

/* A COOKIE ECHO may make an association: the endpoint's path MTU must be right
 * before. */
void
path_mtu_before_input(const struct link_packet *p)
{
	struct endpoint *ep;

	if (p->len <= SCTP_COMMON_HEADER ||
	    p->data[SCTP_COMMON_HEADER] != COOKIE_ECHO)
		return;
	ep = endpoint_find_listener(packet_dst_port(p), &p->dst);
	if (ep != NULL)
		set_for_local(ep, &p->dst);
}

static void
narrow(const struct assoc *a, const struct gen_sctp_addr *dst, uint32_t mtu)
{
	union engine_sockaddr peer;
	struct socket *so;
	sctp_assoc_t id;
	size_t i;

	for (i = 0; i < a->peer_count; i++)
		if (ip_addr_equal(&a->peers[i], dst) &&
		    stack_layer()->peer(&peer, a->path, &a->tags,
					&a->peers[i]) == 0) {
			so = assoc_socket(a, &id);
			set(so, id, &peer, clamp(mtu),
			    (enum gen_sctp_family)dst->family);
		}
}

void
path_mtu_lower(const struct assoc *a, const struct gen_sctp_addr *dst)
{
	uint32_t mtu = os_route_mtu(dst);

	if (mtu != 0)
		narrow(a, dst, mtu);
}

struct too_big {
	const struct gen_sctp_addr *dst;
	uint32_t mtu;
};

static void
narrow_if_up(struct assoc *a, const void *arg)
{
	const struct too_big *path = arg;

	if (a->ep != NULL && a->phase == ASSOC_UP)
		narrow(a, path->dst, path->mtu);
}

void
path_mtu_too_big(const struct gen_sctp_addr *dst, size_t packet_len)
{
	const struct too_big path = { dst, os_route_mtu(dst) };

	(void)packet_len; /* the route says what fits */
	if (path.mtu != 0)
		assoc_each(narrow_if_up, &path);
}
