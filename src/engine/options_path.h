/*
 * peer_addr_params: of one path, of all paths of an association with those to
 * come, or of an endpoint's future associations.
 *
 * The path MTU is ours: the engine never searches it (path_mtu.h). "Discovery"
 * means that it follows the route, and is off where the user has fixed it.
 */
#ifndef GENSCTP_ENGINE_OPTIONS_PATH_H
#define GENSCTP_ENGINE_OPTIONS_PATH_H

#include "options_impl.h"

#define PATH_FIELDS \
	(GEN_SCTP_PADDRPARAMS_HBINTERVAL | GEN_SCTP_PADDRPARAMS_PATHMAXRXT | \
	 GEN_SCTP_PADDRPARAMS_PATHMTU | GEN_SCTP_PADDRPARAMS_SACKDELAY | \
	 GEN_SCTP_PADDRPARAMS_FLAGS)
#define PATH_HB_FLAGS (GEN_SCTP_HB_ENABLE | GEN_SCTP_HB_DISABLE)

#define PATH_MTU_MIN 576
#define PATH_MTU_MAX 65000

/* What a record asks for. */
bool path_sets(const struct gen_sctp_paddrparams *p, uint32_t field);
bool path_flag(const struct gen_sctp_paddrparams *p, uint32_t flag);
bool path_fixes_mtu(const struct gen_sctp_paddrparams *p);
bool path_changes_heartbeat(const struct gen_sctp_paddrparams *p);

/* The path must have heartbeats to be of any use. */
int path_needs_heartbeat(const struct option_target *t,
			 const struct option_peer *peer, bool *needs);

/* The engine's record of a path, or of the defaults (option_peer_any). */
void path_begin(const struct option_target *t, const struct option_peer *peer,
		struct sctp_paddrparams *out);
int path_read(const struct option_target *t, const struct option_peer *peer,
	      struct sctp_paddrparams *out);

#endif
