/*
 * udp_encaps: the UDP ports (RFC 6951).
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options_impl.h"
#include "packet.h"
#include "stack.h"

#define FIELDS \
	(GEN_SCTP_UDP_ENCAPS_LOCAL_PORT | GEN_SCTP_UDP_ENCAPS_REMOTE_PORT)

/* Where the layer cannot, a path's UDP port is part of what the engine knows
 * the peer by. */
static bool
layer_has_ports(void)
{
	return stack_layer()->multihoming;
}

static void
begin(const struct option_target *t, const struct option_peer *peer,
      struct sctp_udpencaps *out)
{
	memset(out, 0, sizeof(*out));
	out->sue_assoc_id = t->id;
	memcpy(&out->sue_address, &peer->sa, sizeof(peer->sa));
}

static int
write_port(const struct option_target *t, const struct option_peer *peer,
	   uint16_t port)
{
	struct sctp_udpencaps to;

	begin(t, peer, &to);
	to.sue_port = engine_htons(port);
	return option_engine_set(t->so, SCTP_REMOTE_UDP_ENCAPS_PORT, &to,
				 sizeof(to));
}

static int
read_port(const struct option_target *t, const struct option_peer *peer,
	  uint16_t *port)
{
	struct sctp_udpencaps from;
	int error;

	begin(t, peer, &from);
	error = option_engine_get(t->so, SCTP_REMOTE_UDP_ENCAPS_PORT, &from,
				  sizeof(from));
	if (error == 0)
		*port = read_be16((const uint8_t *)&from.sue_port);
	return error;
}

/* ----------------------------------------------------------------- check */

static int
check_target(const struct endpoint *ep, const struct gen_sctp_udp_encaps *in)
{
	struct option_target t;
	struct option_peer peer;
	bool every = option_every_address(&in->address);
	int error;

	if (ep == NULL)
		return in->assoc_id == 0 && every ? 0 : -EINVAL;
	error = option_target_at(ep, in->assoc_id, &in->address, &t);
	if (error == 0 && !every)
		error = option_find_peer(&t, &in->address, &peer);
	if (error == 0 && t.a != NULL && in->set != 0 && !layer_has_ports())
		return -ENOPROTOOPT;
	return error;
}

int
option_udp_encaps_check(const struct endpoint *ep,
			const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_udp_encaps *in = &opt->value.udp_encaps;

	if ((in->set & ~(uint32_t)FIELDS) ||
	    ((in->set & GEN_SCTP_UDP_ENCAPS_REMOTE_PORT) &&
	     in->remote_port == 0))
		return -EINVAL;
	if ((in->set & GEN_SCTP_UDP_ENCAPS_LOCAL_PORT) && ep != NULL)
		return -ENOPROTOOPT;
	return check_target(ep, in);
}

/* ------------------------------------------------------------- set, get */

int
option_port_of_new_peers(const struct endpoint *ep, uint16_t port)
{
	const struct option_target t = { .so = ep->esock.so,
					 .id = SCTP_FUTURE_ASSOC };
	struct option_peer any;

	option_peer_any(ep, &any);
	return write_port(&t, &any, port);
}

static int
set_endpoint(struct endpoint *ep, uint16_t port)
{
	ep->opts.remote_udp_port = port;
	if (!layer_has_ports())
		return 0; /* connect tells the layer */
	return option_port_of_new_peers(ep, port);
}

static int
set_every_path(const struct option_target *t, uint16_t port)
{
	struct option_peer *peers, any;
	size_t i, n;
	int error = option_peers(t, &peers, &n);

	if (error != 0)
		return error;
	option_peer_any(t->a->ep, &any);
	error = write_port(t, &any, port); /* of paths to come */
	for (i = 0; i < n && error == 0; i++)
		error = write_port(t, &peers[i], port);
	free(peers);
	return error;
}

int
option_udp_encaps_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_udp_encaps *in = &opt->value.udp_encaps;
	struct option_target t;
	struct option_peer peer;
	int error = option_target_at(ep, in->assoc_id, &in->address, &t);

	if (error != 0 || !(in->set & GEN_SCTP_UDP_ENCAPS_REMOTE_PORT))
		return error;
	if (t.a == NULL)
		return set_endpoint(ep, in->remote_port);
	if (option_every_address(&in->address))
		return set_every_path(&t, in->remote_port);
	error = option_find_peer(&t, &in->address, &peer);
	return error == 0 ? write_port(&t, &peer, in->remote_port) : error;
}

/* Without an address: the port of the primary path. */
static int
find_path(const struct option_target *t, const struct gen_sctp_addr *address,
	  struct option_peer *out)
{
	struct gen_sctp_paddrinfo primary;
	struct sctp_status status;
	int error;

	if (!option_every_address(address))
		return option_find_peer(t, address, out);
	error = option_engine_status(t, &status);
	if (error != 0)
		return error;
	option_path_info(t, &status.sstat_primary, &primary);
	return option_find_peer(t, &primary.address, out);
}

int
option_udp_encaps_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_udp_encaps *out = &opt->value.udp_encaps;
	uint16_t port = ep->opts.remote_udp_port;
	struct option_target t;
	struct option_peer peer;
	int error = option_target_at(ep, out->assoc_id, &out->address, &t);

	if (error == 0 && t.a != NULL) {
		if (!layer_has_ports())
			return -ENOPROTOOPT;
		error = find_path(&t, &out->address, &peer);
		if (error == 0)
			error = read_port(&t, &peer, &port);
	}
	if (error != 0)
		return error;
	out->set = FIELDS;
	out->assoc_id = option_target_id(&t);
	out->local_port = ep->local->udp_port;
	out->remote_port = port;
	return 0;
}

void
option_apply_defaults(struct endpoint *ep)
{
	set_endpoint(ep, ep->opts.remote_udp_port);
}
