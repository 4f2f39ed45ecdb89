/*
 * What peer_addr_params records mean, and which are fine.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "ip_addr.h"
#include "options_path.h"
#include "options_sack.h"

#define PMTUD_FLAGS	(GEN_SCTP_PMTUD_ENABLE | GEN_SCTP_PMTUD_DISABLE)
#define SACKDELAY_FLAGS (GEN_SCTP_SACKDELAY_ENABLE | GEN_SCTP_SACKDELAY_DISABLE)
#define FLAGS \
	(PATH_HB_FLAGS | GEN_SCTP_HB_DEMAND | PMTUD_FLAGS | SACKDELAY_FLAGS)

bool
path_sets(const struct gen_sctp_paddrparams *p, uint32_t field)
{
	return p->set & field;
}

bool
path_flag(const struct gen_sctp_paddrparams *p, uint32_t flag)
{
	return path_sets(p, GEN_SCTP_PADDRPARAMS_FLAGS) && (p->flags & flag);
}

/* A path MTU is for when discovery is off (RFC 6458 8.1.12): giving one turns
 * it off, unless the record says that it is on. */
bool
path_fixes_mtu(const struct gen_sctp_paddrparams *p)
{
	return path_sets(p, GEN_SCTP_PADDRPARAMS_PATHMTU) &&
	       !path_flag(p, GEN_SCTP_PMTUD_ENABLE);
}

bool
path_changes_heartbeat(const struct gen_sctp_paddrparams *p)
{
	return path_sets(p, GEN_SCTP_PADDRPARAMS_HBINTERVAL) ||
	       path_flag(p, PATH_HB_FLAGS);
}

void
path_begin(const struct option_target *t, const struct option_peer *peer,
	   struct sctp_paddrparams *out)
{
	memset(out, 0, sizeof(*out));
	out->spp_assoc_id = t->id;
	memcpy(&out->spp_address, &peer->sa, sizeof(peer->sa));
}

int
path_read(const struct option_target *t, const struct option_peer *peer,
	  struct sctp_paddrparams *out)
{
	path_begin(t, peer, out);
	return option_engine_get(t->so, SCTP_PEER_ADDR_PARAMS, out,
				 sizeof(*out));
}

/* ----------------------------------------------------------------- check */

static bool
both(const struct gen_sctp_paddrparams *p, uint32_t flags)
{
	return (p->flags & flags) == flags;
}

static bool
flags_are_fine(const struct gen_sctp_paddrparams *p)
{
	if (!path_sets(p, GEN_SCTP_PADDRPARAMS_FLAGS))
		return true;
	return !(p->flags & ~(uint32_t)FLAGS) && !both(p, PATH_HB_FLAGS) &&
	       !both(p, PMTUD_FLAGS) && !both(p, SACKDELAY_FLAGS);
}

static bool
values_are_fine(const struct gen_sctp_paddrparams *p)
{
	if (path_sets(p, GEN_SCTP_PADDRPARAMS_HBINTERVAL) &&
	    p->hbinterval > INT32_MAX)
		return false;
	/* To the engine, 0 is "as it is". */
	if (path_sets(p, GEN_SCTP_PADDRPARAMS_PATHMAXRXT) && p->pathmaxrxt == 0)
		return false;
	if (path_fixes_mtu(p) &&
	    (p->pathmtu < PATH_MTU_MIN || p->pathmtu > PATH_MTU_MAX))
		return false;
	return !path_sets(p, GEN_SCTP_PADDRPARAMS_SACKDELAY) ||
	       (p->sackdelay > 0 && p->sackdelay <= SACK_DELAY_MAX);
}

/* A path is verified with heartbeats (RFC 9260 s5.4), the primary one by the
 * handshake: without them another one that is unconfirmed would stay so. */
int
path_needs_heartbeat(const struct option_target *t,
		     const struct option_peer *peer, bool *needs)
{
	struct gen_sctp_paddrinfo path, primary;
	struct sctp_status status;
	int error = option_peer_info(t, peer, &path);

	if (error == 0)
		error = option_engine_status(t, &status);
	if (error != 0)
		return error;
	option_path_info(t, &status.sstat_primary, &primary);
	*needs = path.state == GEN_SCTP_PATH_UNCONFIRMED &&
		 !ip_addr_equal(&path.address, &primary.address);
	return 0;
}

static int
check_assoc(const struct option_target *t, const struct gen_sctp_paddrparams *p)
{
	struct option_peer peer;
	bool needs = false;
	int error;

	/* The engine would send heartbeats before it knows the peer's tag. */
	if (t->a->phase == ASSOC_SETUP &&
	    (path_changes_heartbeat(p) || path_flag(p, GEN_SCTP_HB_DEMAND)))
		return -ENOPROTOOPT;
	if (option_every_address(&p->address))
		return 0;
	error = option_find_peer(t, &p->address, &peer);
	if (error == 0 && path_flag(p, GEN_SCTP_HB_DISABLE))
		error = path_needs_heartbeat(t, &peer, &needs);
	return error == 0 && needs ? -EINVAL : error;
}

int
option_peer_addr_params_check(const struct endpoint *ep,
			      const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_paddrparams *p = &opt->value.peer_addr_params;
	struct option_target t = { .a = NULL };
	int error = 0;

	if ((p->set & ~(uint32_t)PATH_FIELDS) || !flags_are_fine(p) ||
	    !values_are_fine(p))
		return -EINVAL;
	if (ep != NULL)
		error = option_target_at(ep, p->assoc_id, &p->address, &t);
	else if (p->assoc_id != 0 || !option_every_address(&p->address))
		error = -EINVAL;
	if (error != 0)
		return error;
	if (t.a == NULL)
		return path_flag(p, GEN_SCTP_HB_DEMAND) ? -EINVAL : 0;
	return check_assoc(&t, p);
}
