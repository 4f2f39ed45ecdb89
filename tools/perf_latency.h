/*
 * How long things took: a histogram whose steps are less than one percent of
 * the value, whatever that is.
 */
#ifndef GENSCTP_TOOLS_PERF_LATENCY_H
#define GENSCTP_TOOLS_PERF_LATENCY_H

#include <stdint.h>

#include "os.h"

#define PERF_LATENCY_STEP_BITS 7 /* 128 steps from a power of 2 to the next */
#define PERF_LATENCY_STEPS     (1 << PERF_LATENCY_STEP_BITS)
#define PERF_LATENCY_POWERS    40 /* up to hours */

/* All zero: nothing was noted. */
struct perf_latency {
	uint64_t count;
	os_time min, max;
	uint64_t steps[PERF_LATENCY_POWERS * PERF_LATENCY_STEPS];
};

void perf_latency_note(struct perf_latency *l, os_time took);
/* Adds what another one has noted. */
void perf_latency_add(struct perf_latency *l, const struct perf_latency *other);

/* What so many of a thousand were not above; 0 of none. */
os_time
perf_latency_permille(const struct perf_latency *l, unsigned int permille);

#endif
