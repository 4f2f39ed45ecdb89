/*
 * How endpoints come to be. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_OPEN_H
#define GENSCTP_ENGINE_OPEN_H

#include "endpoint.h"

/* Creates and binds. Options are set between the two by `configure`, which may
 * fail. *hint is set to a sentence for some errors, else NULL. */
int endpoint_open(enum gen_sctp_type type, const struct local_spec *spec,
		  int (*configure)(struct endpoint *ep, void *arg), void *arg,
		  struct endpoint **out, const char **hint);

#endif
