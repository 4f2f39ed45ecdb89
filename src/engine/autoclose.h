/*
 * autoclose: associations that have been idle for too long are shut down. The
 * engine has that for one-to-many sockets alone, so it is ours. Stack lock
 * held.
 */
#ifndef GENSCTP_ENGINE_AUTOCLOSE_H
#define GENSCTP_ENGINE_AUTOCLOSE_H

#include "assoc.h"

/* It came up, and belongs to its endpoint. */
void autoclose_start(struct assoc *a);
/* Its endpoint's option changed. */
void autoclose_follow(struct assoc *a);
/* It ends. */
void autoclose_stop(struct assoc *a);

#endif
