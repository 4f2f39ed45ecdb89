/*
 * What a socket has received or sent: for getstat.
 */
#ifndef GENSCTP_ENGINE_TRAFFIC_H
#define GENSCTP_ENGINE_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

struct traffic {
	uint64_t bytes, messages, largest;
	uint64_t deviation; /* sum of what each was off the average so far */
};

static inline uint64_t
traffic_average(const struct traffic *t)
{
	return t->messages > 0 ? t->bytes / t->messages : 0;
}

static inline uint64_t
traffic_deviation(const struct traffic *t)
{
	return t->messages > 0 ? t->deviation / t->messages : 0;
}

static inline void
traffic_count(struct traffic *t, size_t len)
{
	uint64_t average;

	t->bytes += len;
	t->messages++;
	if (len > t->largest)
		t->largest = len;
	average = traffic_average(t);
	t->deviation += len > average ? len - average : average - len;
}

#endif
