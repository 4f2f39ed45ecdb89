/*
 * Address lists of endpoints and associations. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_NAMES_H
#define GENSCTP_ENGINE_NAMES_H

#include "assoc.h"

/* How many there are; at most max are written. `a` may be NULL: the endpoint's
 * own addresses; it has no peer (-ENOTCONN). */
int names_local(const struct endpoint *ep, const struct assoc *a,
		struct gen_sctp_addr *addrs, size_t max);
int names_peer(const struct endpoint *ep, const struct assoc *a,
	       struct gen_sctp_addr *addrs, size_t max);

#endif
