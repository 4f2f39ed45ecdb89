/*
 * Dormant associations: none of the peer's addresses is reachable (RFC 7829).
 * The engine then sends again what is in flight, but nothing new, until a
 * heartbeat is answered, and its next one may be as far away as the heartbeat
 * interval. So, while something waits to be sent, we ask for one every RTO. The
 * engine counts no error for those: the association does not end the sooner.
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_DORMANT_H
#define GENSCTP_ENGINE_DORMANT_H

#include "assoc.h"

/* Something was given to it to send, or it came up and that may wait. */
void dormant_watch(struct assoc *a);

#endif
