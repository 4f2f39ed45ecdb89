#include "perf_latency.h"

#include <stddef.h>

#define COUNT (PERF_LATENCY_POWERS * PERF_LATENCY_STEPS)

/* Below two powers' worth of steps each value has its own; above, the bits
 * behind the first count. */
static size_t
step_of(uint64_t value)
{
	unsigned int shift = 0;
	size_t step;

	while (value >> shift >= 2 * PERF_LATENCY_STEPS)
		shift++;
	step = shift * PERF_LATENCY_STEPS + (size_t)(value >> shift);
	return step < COUNT ? step : COUNT - 1;
}

/* The smallest that falls into it. */
static os_time
value_of(size_t step)
{
	size_t shift;

	if (step < 2 * PERF_LATENCY_STEPS)
		return (os_time)step;
	shift = step / PERF_LATENCY_STEPS - 1;
	return (os_time)((step - shift * PERF_LATENCY_STEPS) << shift);
}

static void
widen(struct perf_latency *l, os_time min, os_time max)
{
	if (l->count == 0 || min < l->min)
		l->min = min;
	if (max > l->max)
		l->max = max;
}

void
perf_latency_note(struct perf_latency *l, os_time took)
{
	widen(l, took, took);
	l->steps[step_of((uint64_t)took)]++;
	l->count++;
}

void
perf_latency_add(struct perf_latency *l, const struct perf_latency *other)
{
	size_t i;

	if (other->count == 0)
		return;
	widen(l, other->min, other->max);
	for (i = 0; i < COUNT; i++)
		l->steps[i] += other->steps[i];
	l->count += other->count;
}

os_time
perf_latency_permille(const struct perf_latency *l, unsigned int permille)
{
	uint64_t wanted = (l->count * permille + 999) / 1000, seen = 0;
	size_t i;

	for (i = 0; i < COUNT && wanted > 0; i++) {
		seen += l->steps[i];
		if (seen >= wanted)
			return value_of(i + 1) - 1 < l->max
				       ? value_of(i + 1) - 1
				       : l->max;
	}
	return 0;
}
