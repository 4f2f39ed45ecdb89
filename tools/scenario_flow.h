/*
 * The messages that one endpoint sends to another in a scenario: numbered, so
 * that a byte that is wrong, lost, repeated or out of order is seen.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_FLOW_H
#define GENSCTP_TOOLS_SCENARIO_FLOW_H

#include "os.h"
#include "scenario.h"

struct flow {
	size_t from, to;		     /* nodes */
	uint64_t wanted;		     /* messages, by the steps so far */
	uint64_t sent;			     /* taken by the socket */
	uint64_t arrived;		     /* whole, in order, byte by byte */
	uint64_t wrong;			     /* anything else that came */
	uint64_t next[SCENARIO_MAX_STREAMS]; /* the least number, by stream */
	uint64_t failed; /* came back to the sender; some may have arrived */
	os_time first, latest; /* arrivals */
	os_time pause;	       /* the longest between two */
};

#define FLOW_HEADER 16 /* bytes */

/* Writes the message of that number. */
void flow_write(const struct flow *f, uint64_t number, uint16_t stream,
		uint8_t *message, size_t len);

/* Which node sent this message; SIZE_MAX: it is none of ours. */
size_t flow_sender(const void *message, size_t len);

/* Counts one that has arrived. */
void flow_check(struct flow *f, uint16_t stream, const void *message,
		size_t len, os_time now);

#endif
