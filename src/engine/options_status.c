/*
 * What an association and its paths are like, and which path is the primary
 * one, here and at the peer. These need an association: an endpoint has none of
 * it.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "local.h"
#include "options_impl.h"
#include "stack.h"

static int
find_assoc(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	   struct option_target *out)
{
	int error = option_target(ep, id, out);

	if (error == 0 && out->a == NULL)
		return -EINVAL;
	return error;
}

/* ---------------------------------------------------------------- status */

static enum gen_sctp_assoc_state
state_of(int32_t engine)
{
	switch (engine) {
	case SCTP_COOKIE_WAIT:
		return GEN_SCTP_STATE_COOKIE_WAIT;
	case SCTP_COOKIE_ECHOED:
		return GEN_SCTP_STATE_COOKIE_ECHOED;
	case SCTP_ESTABLISHED:
		return GEN_SCTP_STATE_ESTABLISHED;
	case SCTP_SHUTDOWN_PENDING:
		return GEN_SCTP_STATE_SHUTDOWN_PENDING;
	case SCTP_SHUTDOWN_SENT:
		return GEN_SCTP_STATE_SHUTDOWN_SENT;
	case SCTP_SHUTDOWN_RECEIVED:
		return GEN_SCTP_STATE_SHUTDOWN_RECEIVED;
	case SCTP_SHUTDOWN_ACK_SENT:
		return GEN_SCTP_STATE_SHUTDOWN_ACK_SENT;
	default:
		return GEN_SCTP_STATE_CLOSED;
	}
}

int
option_status_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_status *out = &opt->value.status;
	struct option_target t;
	struct sctp_status from;
	int error = find_assoc(ep, out->assoc_id, &t);

	if (error == 0)
		error = option_engine_status(&t, &from);
	if (error != 0)
		return error;
	out->assoc_id = option_target_id(&t);
	out->state = state_of(from.sstat_state);
	out->rwnd = from.sstat_rwnd;
	out->unackdata = from.sstat_unackdata;
	out->penddata = from.sstat_penddata;
	out->instrms = from.sstat_instrms;
	out->outstrms = from.sstat_outstrms;
	out->fragmentation_point = from.sstat_fragmentation_point;
	option_path_info(&t, &from.sstat_primary, &out->primary);
	return 0;
}

int
option_get_peer_addr_info_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_paddrinfo *out = &opt->value.get_peer_addr_info;
	struct option_target t;
	struct option_peer peer;
	int error;

	if (option_every_address(&out->address))
		return -EINVAL;
	error = option_target_at(ep, out->assoc_id, &out->address, &t);
	if (error == 0)
		error = option_find_peer(&t, &out->address, &peer);
	if (error == 0)
		error = option_peer_info(&t, &peer, out);
	return error;
}

/* ---------------------------------------------------------- primary_addr */

int
option_primary_addr_check(const struct endpoint *ep,
			  const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_prim *in = &opt->value.primary_addr;
	struct option_target t;
	struct option_peer peer;
	int error;

	if (ep == NULL)
		return -EINVAL;
	error = find_assoc(ep, in->assoc_id, &t);
	if (error == 0)
		error = option_find_peer(&t, &in->addr, &peer);
	return error;
}

/* The engine refuses one that is not confirmed (RFC 9260 s5.4). */
int
option_primary_addr_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_prim *in = &opt->value.primary_addr;
	struct option_target t;
	struct option_peer peer;
	struct sctp_setprim to;
	int error = find_assoc(ep, in->assoc_id, &t);

	if (error == 0)
		error = option_find_peer(&t, &in->addr, &peer);
	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.ssp_assoc_id = t.id;
	memcpy(&to.ssp_addr, &peer.sa, sizeof(peer.sa));
	return option_engine_set(t.so, SCTP_PRIMARY_ADDR, &to, sizeof(to));
}

int
option_primary_addr_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_prim *out = &opt->value.primary_addr;
	struct option_target t;
	struct sctp_status from;
	struct gen_sctp_paddrinfo primary;
	int error = find_assoc(ep, out->assoc_id, &t);

	if (error == 0)
		error = option_engine_status(&t, &from);
	if (error != 0)
		return error;
	option_path_info(&t, &from.sstat_primary, &primary);
	out->assoc_id = primary.assoc_id;
	out->addr = primary.address;
	return 0;
}

/* ------------------------------------------------- set_peer_primary_addr */

static int
peer_can_asconf(const struct option_target *t)
{
	struct sctp_assoc_value value = { .assoc_id = t->id };
	int error = option_engine_get(t->so, SCTP_ASCONF_SUPPORTED, &value,
				      sizeof(value));

	return error == 0 && value.assoc_value == 0 ? -EPERM : error;
}

static int
find_peer_primary(const struct endpoint *ep,
		  const struct gen_sctp_setpeerprim *in,
		  struct option_target *out)
{
	int error;

	if (ep == NULL)
		return -EINVAL;
	if (!stack_layer()->multihoming)
		return -EOPNOTSUPP;
	error = find_assoc(ep, in->assoc_id, out);
	if (error != 0)
		return error;
	if (out->a->phase != ASSOC_UP)
		return -ENOTCONN;
	if (option_every_address(&in->addr) ||
	    !local_has_address(ep->local, &in->addr))
		return -EADDRNOTAVAIL;
	return peer_can_asconf(out);
}

int
option_set_peer_primary_addr_check(const struct endpoint *ep,
				   const struct gen_sctp_opt *opt)
{
	struct option_target t;

	return find_peer_primary(ep, &opt->value.set_peer_primary_addr, &t);
}

int
option_set_peer_primary_addr_set(struct endpoint *ep,
				 const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_setpeerprim *in =
		&opt->value.set_peer_primary_addr;
	struct option_target t;
	struct sctp_setpeerprim to;
	union engine_sockaddr sa;
	int error = find_peer_primary(ep, in, &t);

	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.sspp_assoc_id = t.id;
	engine_sockaddr_set(&sa, &in->addr, 0);
	memcpy(&to.sspp_addr, &sa, sizeof(sa));
	return option_engine_set(t.so, SCTP_SET_PEER_PRIMARY_ADDR, &to,
				 sizeof(to));
}
