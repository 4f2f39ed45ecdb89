/*
 * The UDP sockets of the process: one per address family, local address (or
 * "any") and port, shared and counted. The stack lock is held in all calls.
 */
#ifndef GENSCTP_LINK_UDP_H
#define GENSCTP_LINK_UDP_H

#include <stdbool.h>

#include "os.h"

struct udp_socket {
	gen_sctp_fd_t fd;
	struct gen_sctp_addr local; /* with the UDP port */
	unsigned int refs;          /* 0: waits to be closed */
	/* While it waits: threads that may have fd in the list they poll. */
	unsigned int pollers;
	uint64_t released_at; /* on the clock that poll tokens come from */
	/* Of one on "any": those that send for it (udp_source). */
	struct udp_socket *sources, *next_source;
};

/* The socket for a local address and UDP port: one that is there, on that
 * address or on any, also one that waited to be closed, or a new one. Port 0:
 * always a new one, on a free port. Errors of os_udp_open, -ENOMEM. */
int udp_acquire(const struct gen_sctp_addr *local, struct udp_socket **out);
void udp_release(struct udp_socket *s);

/* Where the system takes no source with a datagram (os_udp_features): the socket
 * that sends from this address for s, which is on "any". It also receives, and
 * lives as long as s. 1: it was opened for that; errors of os_udp_open_beside,
 * -ENOMEM. */
int udp_source(struct udp_socket *s, const struct gen_sctp_addr *source,
	       struct udp_socket **out);

/* Whether packets to (from) this local address come in (go out) there. */
bool udp_covers(const struct udp_socket *s, const struct gen_sctp_addr *addr);

/* What link.h says of link_fds, _fds_version, link_poll_begin, _end and _closed_all. */
size_t udp_fds(const gen_sctp_fd_t **fds);
unsigned int udp_fds_version(void);
uint64_t udp_poll_begin(void);
void udp_poll_end(uint64_t token);
bool udp_closed_all(void);

/* Closes the released sockets that nobody polls and that in_use, which may be
 * NULL, does not claim. */
void udp_close_released(bool (*in_use)(const struct udp_socket *));

/* Finds the sockets that have something to receive, or may have, and returns
 * how many: udp_ready(0), ... are these until the next search. Every one gets
 * to the front in its turn. They stay open while a poll token is held. */
size_t udp_find_ready(void);
struct udp_socket *udp_ready(size_t i);

#endif
