#include "scenario_flow.h"

#include <string.h>

/*
 *  0                   1                   2                   3
 *  |            sender             |            stream             |
 *  |                            length                             |
 *  |                            number                             |
 *  |                                                               |
 */
static void
put_bits(uint8_t *at, uint64_t value, size_t bytes)
{
	while (bytes-- > 0) {
		at[bytes] = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t
get_bits(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | *at++;
	return value;
}

/* Neighbours in a message differ, and so do messages. */
static uint8_t
filling(uint64_t number, size_t at)
{
	return (uint8_t)(number * 31 + at * 7 + at / 256);
}

void
flow_write(const struct flow *f, uint64_t number, uint16_t stream,
	   uint8_t *message, size_t len)
{
	size_t at;

	put_bits(message, f->from, 2);
	put_bits(message + 2, stream, 2);
	put_bits(message + 4, len, 4);
	put_bits(message + 8, number, 8);
	for (at = FLOW_HEADER; at < len; at++)
		message[at] = filling(number, at);
}

size_t
flow_sender(const void *message, size_t len)
{
	return len < FLOW_HEADER ? SIZE_MAX : (size_t)get_bits(message, 2);
}

static bool
is_right(const struct flow *f, uint16_t stream, const uint8_t *message,
	 size_t len)
{
	uint64_t number = get_bits(message + 8, 8);
	size_t at;

	if (stream >= SCENARIO_MAX_STREAMS || number < f->next[stream] ||
	    get_bits(message + 2, 2) != stream ||
	    get_bits(message + 4, 4) != len)
		return false;
	for (at = FLOW_HEADER; at < len; at++)
		if (message[at] != filling(number, at))
			return false;
	return true;
}

void
flow_check(struct flow *f, uint16_t stream, const void *message, size_t len,
	   os_time now)
{
	if (!is_right(f, stream, message, len)) {
		f->wrong++;
		return;
	}
	f->next[stream] = get_bits((const uint8_t *)message + 8, 8) + 1;
	if (f->arrived++ == 0)
		f->first = now;
	else if (now - f->latest > f->pause)
		f->pause = now - f->latest;
	f->latest = now;
}
