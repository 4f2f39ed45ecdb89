/*
 * Timers in a heap with real deadlines: ours and, in place of its list that is
 * walked every tick, the engine's, if the layer replaces that. Removal is exact:
 * the heap index stands in the timer.
 * Guarded by the leaf lock; timers_run with the stack lock held.
 */
#ifndef GENSCTP_ENGINE_TIMERS_H
#define GENSCTP_ENGINE_TIMERS_H

#include "os.h"
#include "seam.h"

/* As the engine's sctp_os_timer_start and _stop: true if it was pending. */
bool timers_start(struct engine_timer *t, uint32_t ms, void (*expired)(void *),
		  void *arg);
bool timers_stop(struct engine_timer *t);

/* When the next is due; OS_NEVER. Any thread, no lock. */
os_time timers_next(void);

/* Runs those that are due at `now`. Returns how many. */
int timers_run(os_time now);

size_t timers_count(void);

#endif
