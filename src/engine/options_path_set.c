/*
 * peer_addr_params, set.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options_path.h"
#include "options_sack.h"
#include "path_mtu.h"

/* What the engine takes for granted while nothing is known. */
#define PATHMTU_UNKNOWN 1500

static int
write_params(const struct option_target *t, const struct sctp_paddrparams *in)
{
	return option_engine_set(t->so, SCTP_PEER_ADDR_PARAMS, in, sizeof(*in));
}

static int
write_flags(const struct option_target *t, const struct option_peer *peer,
	    uint32_t flags)
{
	struct sctp_paddrparams to;

	path_begin(t, peer, &to);
	to.spp_flags = flags;
	return write_params(t, &to);
}

/* Everything but heartbeats on or off. The engine takes an interval only
 * together with "on". */
static int
write_values(const struct option_target *t, const struct option_peer *peer,
	     const struct gen_sctp_paddrparams *p)
{
	enum gen_sctp_family family = (enum gen_sctp_family)peer->addr.family;
	struct sctp_paddrparams to;

	path_begin(t, peer, &to);
	if (path_sets(p, GEN_SCTP_PADDRPARAMS_PATHMAXRXT))
		to.spp_pathmaxrxt = p->pathmaxrxt;
	if (path_sets(p, GEN_SCTP_PADDRPARAMS_HBINTERVAL)) {
		to.spp_flags |= SPP_HB_ENABLE;
		to.spp_hbinterval = p->hbinterval;
		if (p->hbinterval == 0)
			to.spp_flags |= SPP_HB_TIME_IS_ZERO;
	}
	if (path_fixes_mtu(p)) {
		to.spp_flags |= SPP_PMTUD_DISABLE;
		to.spp_pathmtu = path_mtu_to_engine(p->pathmtu, family);
	}
	return write_params(t, &to);
}

/* Are heartbeats to be on afterwards? */
static int
wanted_heartbeat(const struct option_target *t, const struct option_peer *peer,
		 const struct gen_sctp_paddrparams *p, bool *on)
{
	struct sctp_paddrparams now;
	int error = 0;

	*on = path_flag(p, GEN_SCTP_HB_ENABLE);
	if (path_flag(p, PATH_HB_FLAGS))
		return 0;
	error = path_read(t, peer, &now);
	if (error == 0)
		*on = now.spp_flags & SPP_HB_ENABLE;
	return error;
}

static int
write_all(const struct option_target *t, const struct option_peer *peer,
	  const struct gen_sctp_paddrparams *p, bool heartbeat)
{
	int error = write_values(t, peer, p);

	if (error == 0 && path_changes_heartbeat(p))
		error = write_flags(t, peer,
				    heartbeat ? SPP_HB_ENABLE : SPP_HB_DISABLE);
	return error;
}

/* -------------------------------------------------------------- endpoint */

/* With discovery turned off at whatever the MTU is. */
static struct gen_sctp_paddrparams
complete(const struct endpoint *ep, const struct gen_sctp_paddrparams *p)
{
	struct gen_sctp_paddrparams all = *p;

	if (path_flag(p, GEN_SCTP_PMTUD_DISABLE) && !path_fixes_mtu(p)) {
		all.set |= GEN_SCTP_PADDRPARAMS_PATHMTU;
		all.pathmtu = ep->mtu != 0 ? ep->mtu : PATHMTU_UNKNOWN;
	}
	return all;
}

/* Discovery: the next association's path says (path_mtu.h). */
static int
note_mtu(struct endpoint *ep, const struct option_target *t,
	 const struct option_peer *any, const struct gen_sctp_paddrparams *p)
{
	if (path_fixes_mtu(p)) {
		ep->opts.fixed_mtu = true;
		ep->mtu = p->pathmtu;
	} else if (path_flag(p, GEN_SCTP_PMTUD_ENABLE)) {
		ep->opts.fixed_mtu = false;
		ep->mtu = 0;
		return write_flags(t, any, SPP_PMTUD_ENABLE);
	}
	return 0;
}

static int
set_endpoint(struct endpoint *ep, const struct option_target *t,
	     const struct gen_sctp_paddrparams *p)
{
	struct gen_sctp_paddrparams all = complete(ep, p);
	struct option_peer any;
	bool heartbeat;
	int error;

	option_peer_any(ep, &any);
	error = wanted_heartbeat(t, &any, p, &heartbeat);
	if (error == 0)
		error = write_all(t, &any, &all, heartbeat);
	if (error == 0)
		error = note_mtu(ep, t, &any, &all);
	return error;
}

/* ----------------------------------------------------------- association */

static int
set_path(const struct option_target *t, const struct option_peer *peer,
	 const struct gen_sctp_paddrparams *p, bool heartbeat)
{
	int error = write_all(t, peer, p, heartbeat);

	if (error == 0 && path_flag(p, GEN_SCTP_PMTUD_ENABLE))
		path_mtu_lower(t->a, &peer->addr);
	if (error == 0 && path_flag(p, GEN_SCTP_HB_DEMAND))
		error = write_flags(t, peer, SPP_HB_DEMAND);
	return error;
}

static int
set_one_path(const struct option_target *t,
	     const struct gen_sctp_paddrparams *p)
{
	struct option_peer peer;
	bool heartbeat;
	int error = option_find_peer(t, &p->address, &peer);

	if (error == 0)
		error = wanted_heartbeat(t, &peer, p, &heartbeat);
	if (error == 0)
		error = set_path(t, &peer, p, heartbeat);
	return error;
}

/* What each path is to have, before the engine puts them all on one level. */
static int
note_heartbeats(const struct option_target *t, const struct option_peer *peers,
		size_t n, const struct gen_sctp_paddrparams *p, bool *on)
{
	int error = 0;
	size_t i;

	for (i = 0; i < n && error == 0; i++) {
		error = wanted_heartbeat(t, &peers[i], p, &on[i]);
		if (error == 0 && !on[i] && path_flag(p, PATH_HB_FLAGS))
			error = path_needs_heartbeat(t, &peers[i], &on[i]);
	}
	return error;
}

static int
set_paths(const struct option_target *t, const struct option_peer *peers,
	  size_t n, const struct gen_sctp_paddrparams *p, bool *on)
{
	struct option_peer any;
	bool heartbeat;
	int error;
	size_t i;

	option_peer_any(t->a->ep, &any);
	if (n > 0)
		any.addr.family = peers[0].addr.family;
	error = note_heartbeats(t, peers, n, p, on);
	if (error == 0)
		error = wanted_heartbeat(t, &any, p, &heartbeat);
	if (error == 0)
		error = write_all(t, &any, p, heartbeat);
	for (i = 0; i < n && error == 0; i++)
		error = set_path(t, &peers[i], p, on[i]);
	return error;
}

static int
set_every_path(const struct option_target *t,
	       const struct gen_sctp_paddrparams *p)
{
	struct option_peer *peers;
	size_t n;
	bool *on;
	int error = option_peers(t, &peers, &n);

	if (error != 0)
		return error;
	on = calloc(n + 1, sizeof(*on));
	error = on != NULL ? set_paths(t, peers, n, p, on) : -ENOMEM;
	free(on);
	free(peers);
	return error;
}

static int
verify_paths(const struct option_target *t, const struct option_peer *peers,
	     size_t n)
{
	bool needs = false;
	int error = 0;
	size_t i;

	for (i = 0; i < n && error == 0; i++) {
		error = path_needs_heartbeat(t, &peers[i], &needs);
		if (error == 0 && needs)
			error = write_flags(t, &peers[i], SPP_HB_ENABLE);
	}
	return error;
}

int
option_assoc_up(struct assoc *a)
{
	struct option_target t = { .a = a };
	struct option_peer any, *peers;
	struct sctp_paddrparams now;
	size_t n;
	int error;

	t.so = assoc_socket(a, &t.id);
	option_peer_any(a->ep, &any);
	error = path_read(&t, &any, &now);
	if (error != 0 || (now.spp_flags & SPP_HB_ENABLE))
		return error;
	error = option_peers(&t, &peers, &n);
	if (error != 0)
		return error;
	error = verify_paths(&t, peers, n);
	free(peers);
	return error;
}

/* The engine delays SACKs alike on all paths of an association. */
static int
set_sackdelay(const struct option_target *t,
	      const struct gen_sctp_paddrparams *p)
{
	struct sctp_sack_info sack;
	int error = sack_read(t, &sack);

	if (error != 0)
		return error;
	if (path_sets(p, GEN_SCTP_PADDRPARAMS_SACKDELAY))
		sack.sack_delay = p->sackdelay;
	if (path_flag(p, GEN_SCTP_SACKDELAY_DISABLE))
		sack.sack_freq = SACK_EVERY;
	if (path_flag(p, GEN_SCTP_SACKDELAY_ENABLE) &&
	    sack.sack_freq == SACK_EVERY)
		sack.sack_freq = SACK_EVERY_SECOND;
	return sack_write(t, &sack);
}

int
option_peer_addr_params_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_paddrparams *p = &opt->value.peer_addr_params;
	struct option_target t;
	int error = option_target_at(ep, p->assoc_id, &p->address, &t);

	if (error != 0 || p->set == 0)
		return error;
	if (t.a == NULL)
		error = set_endpoint(ep, &t, p);
	else if (option_every_address(&p->address))
		error = set_every_path(&t, p);
	else
		error = set_one_path(&t, p);
	if (error == 0)
		error = set_sackdelay(&t, p);
	return error;
}
