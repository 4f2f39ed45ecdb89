/*
 * A batch of output: packets one after the other in memory, and the datagrams
 * that they leave as.
 */
#ifndef GENSCTP_LINK_BATCH_H
#define GENSCTP_LINK_BATCH_H

#include "link.h"

struct udp_socket;

#define BATCH_BYTES (8 * 65536) /* eight of the largest packets */
#define BATCH_DATAGRAMS 256

struct batch {
	size_t used;   /* of bytes */
	size_t queued; /* bytes still to be sent */
	size_t packets;
	size_t n;
	struct os_dgram dgrams[BATCH_DATAGRAMS];
	struct udp_socket *sockets[BATCH_DATAGRAMS];
	uint8_t bytes[BATCH_BYTES];
};

/* Sends it, in order. What the system has no room for stays in it. Stack lock
 * held. */
void batch_send(struct batch *b);

/* Tells the engine of the packets that were too large for the system, which
 * may output in answer. */
void batch_report_too_big(void);

/* Packets in it wait to leave by the socket. */
bool batch_uses(const struct batch *b, const struct udp_socket *s);

#endif
