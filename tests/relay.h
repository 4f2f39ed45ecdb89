/*
 * A box between two sockets of 127.0.0.1: it passes, holds back or loses the
 * packets of either direction, counts what it saw and can put packets of its
 * own between them. Each socket sees the other one at a UDP port of the relay.
 */
#ifndef RELAY_H
#define RELAY_H

#include <stddef.h>
#include <stdint.h>

enum relay_way { RELAY_TO_SERVER, RELAY_TO_CLIENT };
enum relay_mode {
	RELAY_PASS, /* also what was held */
	RELAY_HOLD,
	RELAY_LOSE,
};

struct relay;

/* To the server's UDP port. The client is whoever sends first, unless its UDP
 * port is given. Passes both ways. */
struct relay *relay_open(int server_udp_port, int client_udp_port);
void relay_close(struct relay *r);

/* The UDP port where the client finds the server, and the other way round. */
int relay_port_for_client(const struct relay *r);
int relay_port_for_server(const struct relay *r);

void relay_set(struct relay *r, enum relay_way way, enum relay_mode mode);
void relay_set_both(struct relay *r, enum relay_mode mode);
/* The server sees the client at another UDP port from now on; what it sends to
 * the old one is lost. */
void relay_rebind(struct relay *r);
/* Lets so many of the packets that are held or to come pass. */
void relay_let(struct relay *r, enum relay_way way, unsigned int count);

/* Packets that came for that side and began with this chunk type, whatever
 * became of them. */
unsigned int relay_count(struct relay *r, enum relay_way way, int chunk_type);
/* What the IP header of the latest packet for that side said. */
struct relay_marks {
	int tos, ttl;
};
struct relay_marks relay_marks(struct relay *r, enum relay_way way);
/* Waits for that many; fails the test if they do not come. */
void relay_await(struct relay *r, enum relay_way way, int chunk_type,
		 unsigned int count);

/* Sends one chunk as if the other side had, with the right verification tag;
 * after packets have gone that way. The length is a multiple of 4. */
void relay_inject(struct relay *r, enum relay_way way, const uint8_t *chunk,
		  size_t len);

/* RFC 9260 3.2 */
enum {
	CHUNK_DATA = 0,
	CHUNK_INIT = 1,
	CHUNK_INIT_ACK = 2,
	CHUNK_SACK = 3,
	CHUNK_HEARTBEAT = 4,
	CHUNK_ABORT = 6,
	CHUNK_SHUTDOWN = 7,
	CHUNK_SHUTDOWN_ACK = 8,
	CHUNK_ERROR = 9,
	CHUNK_COOKIE_ECHO = 10,
	CHUNK_COOKIE_ACK = 11,
	CHUNK_SHUTDOWN_COMPLETE = 14,
};

#endif
