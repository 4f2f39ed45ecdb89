/*
 * The output batch: packets wait in it until link_flush, one after the other
 * in memory, so that a run of packets of one size to one place leaves as a
 * single datagram with segments (UDP GSO).
 *
 * There are two batches. One is filled under the leaf lock by whoever has
 * output; the other belongs to the thread that flushes, which holds the stack
 * lock, and is sent without the leaf lock. What the system does not take (its
 * buffer is full) stays there for the next flush; meanwhile the first one
 * fills, and when it is full further packets are lost.
 */
#ifndef GENSCTP_LINK_OUTPUT_H
#define GENSCTP_LINK_OUTPUT_H

#include <stdbool.h>

struct udp_socket;

/* Packets wait to leave by the socket. Stack lock held. */
bool output_uses(const struct udp_socket *s);

#endif
