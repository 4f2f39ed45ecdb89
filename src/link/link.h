/*
 * The link: SCTP packets in UDP datagrams (RFC 6951). It owns the UDP sockets,
 * the output batch, the packet guard, checksums and the capture file. Above it
 * stands one IP layer of the engine (replaced or conn), which gives packets to
 * link_output and takes them from the input function.
 *
 * Threads: everything but link_output* is called with the stack lock held;
 * link_output* may be called by any thread, also inside the engine's locks.
 */
#ifndef GENSCTP_LINK_LINK_H
#define GENSCTP_LINK_LINK_H

#include <stdbool.h>

#include "guard.h"
#include "impair.h"
#include "os.h"
#include "packet.h"

struct link_ops {
	/* A packet that passed checksum and guard; p->data is writable and
	 * valid during the call. */
	void (*input)(struct link_packet *p);
	/* Before a COOKIE ECHO is let in that restarts an association: end the
	 * old one without a word to the peer (see guard.h). False: it is not found;
	 * the packet is not let in, the peer sends it again. */
	bool (*restart)(const struct guard_assoc *assoc);
	/* The path to this address does not take packets of that size (EMSGSIZE
	 * from the system). Called from link_flush. */
	void (*too_big)(const struct gen_sctp_addr *dst, size_t packet_len);
	/* Output is waiting and link_flush should be called soon; called from
	 * link_output_end on a thread that does not hold the stack lock, with
	 * no lock of the link held. */
	void (*kick)(void);
};

/* Once per process. `offloads` false: no GSO and GRO. */
int link_start(const struct link_ops *ops, bool offloads);

/* The thread that has just taken the stack lock, or is about to release it
 * (0). */
void link_owner(uintptr_t thread);
bool link_is_owner(void);

/* For those who ask it about associations; leaf lock held. */
struct guard *link_guard(void);

/* ---------------------------------------------------------- bindings */

/* The UDP sockets of one SCTP port with its addresses. */
struct link_binding;

/* Binds UDP sockets for the addresses (n = 0: any address of `family`; the
 * port of the addresses is not looked at) on *udp_port, 0 = a free one, which
 * is filled in. Sockets are shared inside the process: by family, address and
 * UDP port; one on "any" serves all addresses of its family.
 * sctp_port 0 is allowed: link_binding_set_sctp_port follows.
 * -EADDRINUSE: another process has the UDP port. -EADDRNOTAVAIL, -EMFILE... */
int link_bind(uint16_t sctp_port, const struct gen_sctp_addr *addrs, size_t n,
	      enum gen_sctp_family family, uint16_t *udp_port,
	      struct link_binding **out);
void link_binding_set_sctp_port(struct link_binding *b, uint16_t sctp_port);
/* What its packets leave with, but those of associations that guard_mark gave
 * marks of their own. */
void link_binding_mark(struct link_binding *b, const struct link_marks *marks);
/* It is for IPv6 alone, which peers are to know. */
void link_binding_hide_ipv4(struct link_binding *b);
/* For one of any address: what peers of associations to come are told. */
void link_binding_set_policy(struct link_binding *b,
			     const struct gen_sctp_local_addr_policy *policy);
/* The kernel's buffers of its sockets, bytes: as large as allowed up to these;
 * the smallest one, as the system counts. */
void link_binding_set_buffer(struct link_binding *b, enum os_udp_way way,
			     int bytes);
int link_binding_buffer(const struct link_binding *b, enum os_udp_way way);
/* It takes over the marks and buffers of another one. */
void link_binding_mark_as(struct link_binding *b,
			  const struct link_binding *other);
uint16_t link_binding_udp_port(const struct link_binding *b);
/* Lets go of the binding; its sockets are closed with the last binding that
 * uses them, once no thread polls them. */
void link_unbind(struct link_binding *b);

/* ------------------------------------------------------------ polling */

/* The descriptors to poll. `fds` is valid until the next link call under the
 * stack lock: copy it. */
size_t link_fds(const gen_sctp_fd_t **fds);
/* Changes with what they are. */
unsigned int link_fds_version(void);

/* A thread that will poll without the stack lock says so: sockets that were in
 * its list stay open until it is back. Returns a token for link_poll_end.
 * Records of a capture that are still in memory are written to its file. */
uint64_t link_poll_begin(void);
void link_poll_end(uint64_t token);
/* No socket waits to be closed (for its pollers, or for queued packets). */
bool link_closed_all(void);

/* --------------------------------------------------------- data path */

/* Receives from all sockets, at most about `budget` packets, and feeds them
 * to ops->input. Returns how many packets were fed; `*more` (may be NULL) says
 * that there may be more. */
int link_receive(int budget, bool *more);

/* A packet of `len` bytes to be sent: returns where to write it (with the leaf
 * lock held), or NULL when there is no room (not locked; the packet is lost and
 * counted). link_output_end completes it: the packet's data and len are set by
 * begin, its addresses and ECN by the caller; src.port is ignored,
 * src.family 0 is the system's choice. The socket is that of the binding for
 * its SCTP source port and source address, or else the one that the packet now
 * being fed came in on.
 * The checksum is filled in, the guard looks at it, and it is queued. */
struct link_packet *link_output_begin(size_t len);
void link_output_end(struct link_packet *p);
/* Instead of _end: nothing is sent. */
void link_output_cancel(struct link_packet *p);

/* Makes all output bad, or that from one of our addresses; it does not get
 * better by itself (a profile in which nothing happens does that). -ENOBUFS: too
 * many addresses; -ENOMEM. */
int link_impair(const struct gen_sctp_addr *local,
		const struct impair_profile *p);
/* What is through by now is queued; and when there will be some. */
void link_output_due(void);
os_time link_deadline(void);

/* Sends what is queued. What the system has no room for stays queued (then
 * link_queued is not 0): flush again in about a millisecond. */
void link_flush(void);
/* Bytes queued; a full batch is flushed by the caller (stack.c). Should it go
 * on without, the link flushes when it runs out of room. */
size_t link_queued(void);
bool link_batch_full(void);

/* ----------------------------------------------------------- counters */

#define LINK_COUNTERS(X)                                                  \
	X(datagrams_in) X(datagrams_out) X(packets_in) X(packets_out)     \
	X(bytes_in) X(bytes_out) /* of UDP payload */                     \
	X(output_lost)    /* no room, or no socket for the source port */ \
	X(output_refused) /* by the system, for good */                   \
	X(truncated_in)
struct link_counters {
#define X(name) uint64_t name;
	LINK_COUNTERS(X)
#undef X
};
/* A copy that stays as it is until the next call. */
const struct link_counters *link_counters(void);

#endif
