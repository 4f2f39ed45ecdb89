/*
 * The packet guard: looks at every SCTP packet, both ways, before the engine
 * (in) or the network (out) does. It is the security boundary towards the open
 * Internet: usrsctp 0.9.5.0 hangs, aborts, redirects or confuses associations
 * on packets that this module drops or rewrites; docs/security.md has the
 * table.
 *
 * It learns from both directions which associations there are (ports, tags,
 * the peer's addresses and UDP ports) and reads no clock: time is an argument.
 * Packets carry the peers' real addresses and UDP ports under both IP layers.
 * Not thread-safe: the caller holds the leaf lock.
 */
#ifndef GENSCTP_LINK_GUARD_H
#define GENSCTP_LINK_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "os.h"
#include "packet.h"
#include "policy.h"

/* Verdicts: pass, or why not. X(NAME, "counter name", "explanation"). */
#define GUARD_REASONS(X)                                                     \
	X(SHORT, "short", "shorter than a common header and one chunk")      \
	X(CHECKSUM, "checksum", "wrong CRC32c")                              \
	X(PORT, "zero_port", "an SCTP or UDP port is 0")                     \
	X(ADDRESS, "bad_address", "from or to an address that is not unicast") \
	X(CHUNK, "bad_chunk", "a chunk of wrong length or in a wrong place") \
	X(NOT_ALONE, "not_alone", "a chunk that must be alone is not")       \
	X(INIT, "bad_init", "an INIT or INIT ACK with illegal contents")     \
	X(AUTH, "bad_auth_params", "AUTH parameters that contradict")        \
	X(INIT_ACK, "unexpected_init_ack", "an INIT ACK we did not ask for") \
	X(TAG, "wrong_tag", "not the association's verification tag")        \
	X(SOURCE, "unknown_source", "right tag, not the peer's address")     \
	X(COOKIE, "old_cookie", "a COOKIE ECHO of an association that is up") \
	X(COOKIE_PATHS, "cookie_paths", "a COOKIE ECHO with unfit addresses") \
	X(BLUE, "out_of_the_blue", "no such association, no answer due")     \
	X(FULL, "table_full", "more associations than can be remembered")    \
	X(UNTOLD, "untold_source", "no address to leave from that the peer knows") \
	X(RESTART, "restart_abort", "our ABORT of a peer that restarted")    \
	X(BLANKED, "blanked", "passed after a harmful part was made inert")

enum guard_verdict {
	GUARD_PASS = 0,
#define X(NAME, name, text) GUARD_##NAME,
	GUARD_REASONS(X)
#undef X
	GUARD_VERDICTS
};

/* An association as the wire shows it. */
struct guard_assoc {
	uint16_t local_port; /* SCTP */
	uint16_t peer_port;
	uint32_t my_tag;   /* in packets to us; not 0 */
	uint32_t peer_tag; /* in packets to the peer; 0 = not known yet */
	uint16_t alias; /* the engine's in place of peer_port; 0: the same */
};

struct guard;

/* At most max_assocs associations are remembered; one that does not fit is not
 * let in (FULL). NULL: no memory. */
struct guard *guard_new(size_t max_assocs);
void guard_free(struct guard *g);

/* For the conn layer, before the first packet: to the engine an association is
 * one IP address and UDP port. The peer's address lists count for nothing, and
 * when its UDP port moves, p->src.port stays the one that the engine knows and
 * guard_out puts the new one into p->dst.port. */
void guard_set_one_path(struct guard *g);

/* A packet from the network, its checksum already found right. With a pass it
 * may have been rewritten or shortened (the engine does not look at the
 * checksum), and p->src.port may have become the UDP port that the engine has
 * for that path. The caller puts p->alias, unless it is 0, in place of the SCTP
 * source port.
 * *restart may be set with a pass: the packet is a COOKIE ECHO that restarts
 * the association *old. Before the packet goes to the engine, end that one
 * there (its ABORT does not go out) and call guard_restart_done. */
enum guard_verdict guard_in(struct guard *g, struct link_packet *p,
			    os_time now, bool *restart,
			    struct guard_assoc *old);
void guard_restart_done(struct guard *g, const struct guard_assoc *old);
/* Instead of _done: it could not be ended, and the packet goes nowhere. */
void guard_restart_failed(struct guard *g, const struct guard_assoc *old);

/* Of an INIT or INIT ACK, either way, before guard_in and guard_out: for a
 * socket that is for IPv6 alone, no IPv4 address is told. The engine cannot. */
void guard_hide_ipv4(struct link_packet *p);

/* This host's addresses, after each change. */
void guard_set_host(struct guard *g, const struct policy_local *locals,
		    size_t n);
/* Our addresses that the peer of an association knows, at most max of them are
 * copied: returns how many there are, 0 if the socket's policy (p->policy) is
 * not asked. */
size_t guard_told(struct guard *g, const struct guard_assoc *a,
		  struct gen_sctp_addr *addrs, size_t max);

/* The association of this packet (p->reconfig) cannot have more outgoing streams
 * now: the peer's request for some, if there is one, is too large to be met. */
void guard_deny_streams(struct link_packet *p);

/* A packet from the engine, for which guard_out would choose a source by its
 * route, p->route, if it were there. The look-up is a system call: made without
 * the lock. */
bool guard_wants_route(struct guard *g, const struct link_packet *p);

/* A packet from the engine, before its checksum is made and before it is queued
 * to a UDP port: p->dst.port and p->src may be rewritten, and an alias becomes
 * the peer's SCTP port. What is not passed is not sent. */
enum guard_verdict guard_out(struct guard *g, struct link_packet *p,
			     os_time now);

/* The engine connects to further addresses (with their UDP ports) of the same
 * peer; call it when the INIT has left, before the next guard_in. */
void guard_add_path(struct guard *g, const struct guard_assoc *a,
		    const struct gen_sctp_addr *addr);

/* a->peer_port is the engine's, for an association with that address of a peer:
 * if it is an alias, it becomes the peer's own port. */
void guard_learn_alias(struct guard *g, struct guard_assoc *a,
		       const struct gen_sctp_addr *peer);

/* What packets of the association leave with; p's marks in guard_out are
 * overwritten with these. */
void guard_mark(struct guard *g, const struct guard_assoc *a,
		const struct link_marks *marks);

/* What the peer's latest packet with data came with. False: it is not known. */
struct guard_latest {
	uint8_t family; /* enum gen_sctp_family */
	uint8_t tos;
	uint8_t ttl; /* 0: the system does not tell */
};
bool guard_latest(struct guard *g, const struct guard_assoc *a,
		  struct guard_latest *out);

/* What has gone over the path to an address of the peer since the association
 * has it. False: it has none. */
struct guard_traffic {
	uint64_t packets_in, bytes_in; /* of SCTP */
	uint64_t packets_out, bytes_out;
	uint64_t retransmissions; /* DATA chunks that had been sent before,
				   * wherever to */
	uint16_t udp_port;        /* where packets go */
};
bool guard_traffic(struct guard *g, const struct guard_assoc *a,
		   const struct gen_sctp_addr *addr,
		   struct guard_traffic *out);

/* When data last came or left; 0: never yet, or it is not known. */
os_time guard_data_at(struct guard *g, const struct guard_assoc *a);

/* The engine freed the association. (peer_tag is not looked at.) */
void guard_forget(struct guard *g, const struct guard_assoc *a);

/* The latest ABORT that ended the association, with the code of its first error
 * cause, or 0. Kept for about a minute after its end. */
enum guard_abort_by {
	GUARD_ABORT_NONE,
	GUARD_ABORT_BY_PEER,
	GUARD_ABORT_BY_US
};
enum guard_abort_by guard_aborted(struct guard *g, const struct guard_assoc *a,
				  uint16_t *cause);

/* How many associations are remembered, ended ones included. */
size_t guard_assocs(const struct guard *g);

/* Packets per verdict since the start, both ways. BLANKED ones are counted
 * under PASS too. */
uint64_t guard_count(const struct guard *g, enum guard_verdict verdict);
/* "checksum", "wrong_tag", ...; and a sentence. */
const char *guard_verdict_name(enum guard_verdict verdict);
const char *guard_verdict_text(enum guard_verdict verdict);
/* Counts a drop that was found outside (CHECKSUM). */
void guard_note(struct guard *g, enum guard_verdict verdict);

#endif
