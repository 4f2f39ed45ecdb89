/*
 * peer_addr_params, read.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "options_path.h"
#include "options_sack.h"
#include "path_mtu.h"

static int
get_sackdelay(const struct option_target *t, struct gen_sctp_paddrparams *out)
{
	struct sctp_sack_info sack;
	int error = sack_read(t, &sack);

	if (error != 0)
		return error;
	out->sackdelay = sack.sack_delay;
	out->flags |= sack.sack_freq == SACK_EVERY
			      ? GEN_SCTP_SACKDELAY_DISABLE
			      : GEN_SCTP_SACKDELAY_ENABLE;
	return 0;
}

/* As path_mtu.c gives it to the engine; 0 = unknown. */
static uint32_t
route_mtu(const struct gen_sctp_addr *to)
{
	enum gen_sctp_family family = (enum gen_sctp_family)to->family;
	uint32_t mtu = os_route_mtu(to);

	if (mtu == 0)
		return 0;
	if (mtu < PATH_MTU_MIN)
		mtu = PATH_MTU_MIN;
	if (mtu > PATH_MTU_MAX)
		mtu = PATH_MTU_MAX;
	return path_mtu_from_engine(path_mtu_to_engine(mtu, family), family);
}

/* Of all paths of an association: the primary one's. Nobody keeps whether a
 * path's MTU was fixed: it was, if it is not its route's. */
static int
get_path_mtu(const struct option_target *t, const struct option_peer *path,
	     struct gen_sctp_paddrparams *out)
{
	struct gen_sctp_paddrinfo info;
	struct sctp_status status;
	uint32_t route;
	int error;

	if (path != NULL) {
		error = option_peer_info(t, path, &info);
	} else {
		error = option_engine_status(t, &status);
		option_path_info(t, &status.sstat_primary, &info);
	}
	if (error != 0)
		return error;
	route = route_mtu(&info.address);
	out->pathmtu = info.mtu;
	out->flags |= route == 0 || route == info.mtu ? GEN_SCTP_PMTUD_ENABLE
						      : GEN_SCTP_PMTUD_DISABLE;
	return 0;
}

static void
get_endpoint_mtu(const struct endpoint *ep, struct gen_sctp_paddrparams *out)
{
	out->pathmtu = ep->mtu; /* 0: not known before there is a path */
	out->flags |= ep->opts.fixed_mtu ? GEN_SCTP_PMTUD_DISABLE
					 : GEN_SCTP_PMTUD_ENABLE;
}

static void
get_values(const struct sctp_paddrparams *from,
	   struct gen_sctp_paddrparams *out)
{
	out->set = PATH_FIELDS;
	out->hbinterval = from->spp_hbinterval;
	out->pathmaxrxt = from->spp_pathmaxrxt;
	out->flags = from->spp_flags & SPP_HB_ENABLE ? GEN_SCTP_HB_ENABLE
						     : GEN_SCTP_HB_DISABLE;
}

int
option_peer_addr_params_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_paddrparams *out = &opt->value.peer_addr_params;
	bool every = option_every_address(&out->address);
	struct sctp_paddrparams from;
	struct option_target t;
	struct option_peer peer;
	int error = option_target_at(ep, out->assoc_id, &out->address, &t);

	option_peer_any(ep, &peer);
	if (error == 0 && !every)
		error = option_find_peer(&t, &out->address, &peer);
	if (error == 0)
		error = path_read(&t, &peer, &from);
	if (error != 0)
		return error;
	out->assoc_id = option_target_id(&t);
	get_values(&from, out);
	if (t.a == NULL)
		get_endpoint_mtu(ep, out);
	else
		error = get_path_mtu(&t, every ? NULL : &peer, out);
	return error == 0 ? get_sackdelay(&t, out) : error;
}
