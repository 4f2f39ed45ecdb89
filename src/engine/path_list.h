/*
 * The paths of an association: what the engine knows of each, and what the
 * guard saw go over it. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_PATH_LIST_H
#define GENSCTP_ENGINE_PATH_LIST_H

#include "endpoint.h"

/* As gen_sctp_paths. */
int path_list(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	      struct gen_sctp_path *paths, size_t max);

#endif
