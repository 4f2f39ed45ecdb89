/*
 * What the files of the packet guard share; nobody else includes this.
 *
 *   guard.c            life, counters, what the engine tells and asks
 *   guard_in.c         packets from the network: the order of the checks
 *   guard_out.c        packets of the engine
 *   guard_table.c      the associations
 *   guard_traffic.c    what goes over their paths
 *   guard_alias.c      peers that are one to the engine
 *   guard_candidate.c  those that the engine may make of a cookie
 *   guard_chunks.c     chunks: lengths, places, error causes
 *   guard_init.c       INIT and INIT ACK: their parameters
 *   guard_cookie.c     COOKIE ECHO and COOKIE ACK: new, duplicate, restart
 *   guard_dynamic.c    ASCONF and RE-CONFIG
 *   guard_ipv6.c       no IPv4 for sockets of IPv6 alone
 *   guard_told.c       our addresses that the peer knows
 *   guard_source.c     which of them packets leave from
 */
#ifndef GENSCTP_LINK_GUARD_IMPL_H
#define GENSCTP_LINK_GUARD_IMPL_H

#include "guard.h"
#include "ip_addr.h"

/* Addresses of a peer; more than that in an INIT are blanked. */
#define GUARD_MAX_PATHS 32
/* INIT ACK tags remembered of an association (a restart uses one of them). */
#define GUARD_TAGS 4
/* Aliases are found by number. */
#define GUARD_ALIAS_BUCKETS 1024
/* Senders of INITs, of which some may be from one NAT; see caller_of. */
#define GUARD_CALLERS 256
/* COOKIE ECHOs and ASCONFs handed to the engine and not answered by it yet. */
#define GUARD_PENDING 8

#define GUARD_SECOND (1000 * OS_MS)
/* A cookie of the engine is good for that long (its default). */
#define GUARD_COOKIE_LIFE (60 * GUARD_SECOND)
/* How long the ABORT of an ended association is remembered. */
#define GUARD_LINGER (60 * GUARD_SECOND)
/* A handshake of ours that nobody speaks of for that long is forgotten. */
#define GUARD_ORPHAN (600 * GUARD_SECOND)

/* RFC 9260 3.2, RFC 4895, 5061, 6525, 3758, 8260, 4820, NR-SACK. */
enum guard_chunk_type {
	CHUNK_DATA = 0x00,
	CHUNK_INIT = 0x01,
	CHUNK_INIT_ACK = 0x02,
	CHUNK_SACK = 0x03,
	CHUNK_HEARTBEAT = 0x04,
	CHUNK_HEARTBEAT_ACK = 0x05,
	CHUNK_ABORT = 0x06,
	CHUNK_SHUTDOWN = 0x07,
	CHUNK_SHUTDOWN_ACK = 0x08,
	CHUNK_ERROR = 0x09,
	CHUNK_COOKIE_ECHO = 0x0a,
	CHUNK_COOKIE_ACK = 0x0b,
	CHUNK_ECNE = 0x0c,
	CHUNK_CWR = 0x0d,
	CHUNK_SHUTDOWN_COMPLETE = 0x0e,
	CHUNK_AUTH = 0x0f,
	CHUNK_NR_SACK = 0x10,
	CHUNK_I_DATA = 0x40,
	CHUNK_ASCONF_ACK = 0x80,
	CHUNK_PKTDROP = 0x81,
	CHUNK_RE_CONFIG = 0x82,
	CHUNK_PAD = 0x84,
	CHUNK_FORWARD_TSN = 0xc0,
	CHUNK_ASCONF = 0xc1,
	CHUNK_I_FORWARD_TSN = 0xc2,
};

/* Of ABORT and SHUTDOWN COMPLETE: the tag is the sender's own (RFC 9260 8.5.1).
 */
#define CHUNK_FLAG_T 0x01

#define CHUNK_HEADER 4
/* Chunk header and fixed fields of INIT and INIT ACK (RFC 9260 3.3.2). */
#define INIT_FIXED 20

struct guard_chunk {
	uint8_t *at;
	uint8_t type;
	uint8_t flags;
	size_t len; /* as its header says, without padding */
};

/* Chunks that need more than a look at their length. */
enum guard_seen {
	SEEN_ABORT = 1 << 0,
	SEEN_ERROR = 1 << 1,
	SEEN_RE_CONFIG = 1 << 2,
	SEEN_ASCONF = 1 << 3,
	SEEN_ASCONF_ACK = 1 << 4,
	SEEN_COOKIE_ACK = 1 << 5,
	SEEN_COOKIE_ECHO = 1 << 6,
	SEEN_HEARTBEAT = 1 << 7,
	SEEN_SHUTDOWN = 1 << 8, /* or SHUTDOWN ACK */
	SEEN_SHUTDOWN_ACK = 1 << 9,
	SEEN_ALONE = 1 << 10,
	SEEN_OTHERS = 1 << 11, /* anything but AUTH, ASCONF and PAD */
	SEEN_DATA = 1 << 12, /* or I-DATA */
};

/* A packet whose chunks are known to lie inside it. */
struct guard_scan {
	struct guard_chunk first; /* the first one behind an AUTH chunk */
	bool auth;                /* there is one in front of it */
	unsigned seen;
};

/* Type-length-value items: parameters and error causes. */
struct guard_items {
	uint8_t *at;
	size_t left;
};
struct guard_item {
	uint8_t *at;
	uint16_t type;
	size_t len;
};

struct guard_addrs {
	size_t n;
	struct gen_sctp_addr addr[GUARD_MAX_PATHS];
};

struct guard_entry;

/* An address of a peer. */
struct guard_path {
	struct guard_path *next;  /* of the same association */
	struct guard_path *chain; /* in its bucket */
	struct guard_entry *entry;
	struct gen_sctp_addr addr; /* its port: where to send (UDP) */
	uint16_t engine_port;      /* the UDP port that the engine has for it */
	struct guard_traffic traffic; /* but for udp_port */
	/* Where packets to it leave from; family 0: where the engine says. */
	struct gen_sctp_addr src;
	bool settled; /* by the route, or by where the peer's handshake came, */
	unsigned host_version; /* in this one */
	struct gen_sctp_addr engine_src; /* what the engine takes it for */
};

enum guard_state {
	GUARD_CANDIDATE,   /* a COOKIE ECHO was passed; not in the table yet */
	GUARD_INIT_SENT,   /* our INIT is unanswered */
	GUARD_COOKIE_SENT, /* INIT ACK came */
	GUARD_UP,
	GUARD_ENDED, /* only its ABORT is remembered */
};

/* An association. */
struct guard_entry {
	struct guard_entry *chain;          /* in its bucket */
	struct guard_entry *alias_chain;    /* the same, if it has an alias */
	struct guard_entry *older, *newer;  /* in the list of its state */
	struct guard_list *list;            /* NULL when it is up */
	struct guard_assoc id;
	enum guard_state state;
	struct guard_path *paths;
	size_t n_paths;
	struct gen_sctp_addr local; /* our address in the handshake */
	struct {
		struct gen_sctp_addr *addrs;
		size_t n, listed; /* NULL, 0, 0: it is the engine's affair */
		bool governed;	  /* by the policy of a socket bound to any */
	} told;
	uint16_t udp_port;          /* what the engine takes for new paths */
	os_time since;              /* last change of the state, last INIT */
	struct {
		uint32_t tag;
		os_time at;
	} init_acks[GUARD_TAGS];
	unsigned next_init_ack;
	uint32_t replaces; /* candidate: my_tag of the one it restarts, or 0 */
	bool spoken;       /* the peer sent more than COOKIE ECHO: it is up */
	bool shutdown;     /* our SHUTDOWN or SHUTDOWN ACK has left */
	bool shutdown_ack; /* our SHUTDOWN ACK has left */
	bool restarting;   /* between guard_in and guard_restart_done */
	bool reconfig_open; /* our RE-CONFIG request is unanswered */
	bool asconf_open;   /* our ASCONF is unanswered */
	uint32_t reconfig_seq;
	uint32_t asconf_serial;
	enum guard_abort_by abort_by;
	uint16_t abort_cause;
	bool marked; /* its packets have marks of their own */
	struct link_marks marks;
	os_time data_at;            /* it came or left; 0: never */
	uint32_t last_tsn;          /* the highest that left, */
	bool sent_data;             /* if any did */
	struct guard_latest latest; /* packet with data; family 0: none yet */
	unsigned errors; /* ERROR chunks that may pass now, */
	os_time errors_at; /* counted up from here */
};

struct guard_list {
	struct guard_entry *oldest, *newest;
};

/* An ASCONF that the engine may carry out: it does if it acknowledges it. */
struct guard_asconf {
	struct guard_assoc id;
	uint32_t serial;
	struct gen_sctp_addr src;
	size_t n;
	struct {
		struct gen_sctp_addr addr;
		uint32_t correlation;
		bool add;
	} change[GUARD_MAX_PATHS];
};

/* Where an INIT came from. */
struct guard_caller {
	struct gen_sctp_addr addr;
	uint16_t local_port, peer_port;
	os_time at;
};

/* Of the packet that was handed to the engine last. */
struct guard_fed {
	uint16_t alias, local_port, peer_port;
	struct gen_sctp_addr addr;
};

struct guard {
	size_t max;
	size_t n;
	os_time now; /* of the latest packet */
	bool one_path;
	uint16_t heartbeat_len; /* of our HEARTBEATs; 0 = none sent yet */
	size_t mask;            /* buckets - 1 */
	struct guard_entry **by_tag;
	struct guard_path **by_addr;
	struct guard_entry *by_alias[GUARD_ALIAS_BUCKETS];
	uint16_t last_alias;
	struct guard_caller callers[GUARD_CALLERS];
	struct guard_fed fed;
	struct guard_list waiting; /* INIT_SENT and COOKIE_SENT */
	struct guard_list ended;
	struct guard_entry *pending[GUARD_PENDING];
	unsigned next_pending;
	struct guard_asconf asconf[GUARD_PENDING];
	unsigned next_asconf;
	struct policy_host host;
	unsigned host_version;
	uint64_t counts[GUARD_VERDICTS];
};

/* ----------------------------------------------------- guard_traffic.c */

void guard_count_in(struct guard_path *path, const struct link_packet *p);
void guard_count_out(struct guard_path *path, const struct link_packet *p,
		     const struct guard_scan *s);

/* ------------------------------------------------------- guard_table.c */

struct guard_entry *guard_entry_new(const struct guard_assoc *id);
/* Takes it out of the table, if it is there, and frees it. */
void guard_entry_free(struct guard *g, struct guard_entry *e);
/* Makes a place in the table; false: it is full of living associations. */
bool guard_make_room(struct guard *g);
void guard_link(struct guard *g, struct guard_entry *e);
void guard_set_state(struct guard *g, struct guard_entry *e,
		     enum guard_state state);
/* Ended by an ABORT (remembered) or otherwise (freed). */
void guard_end(struct guard *g, struct guard_entry *e, enum guard_abort_by by,
	       uint16_t cause);

/* e is new to the engine, which has one association of two ports and two
 * addresses at most: others have ended there without a packet. */
void guard_put_out_rivals(struct guard *g, const struct guard_entry *e);

static inline void
guard_note_latest(struct guard_entry *e, const struct link_packet *p,
		  os_time now)
{
	e->data_at = now;
	e->latest = (struct guard_latest){ .family = p->src.family,
					   .tos = p->tos,
					   .ttl = p->ttl };
}

static inline bool
guard_alive(const struct guard_entry *e)
{
	return e->state != GUARD_ENDED;
}

struct guard_path *guard_path_of(const struct guard_entry *e,
				 const struct gen_sctp_addr *addr);
/* The path of that address, made if there is none; NULL: no memory or no room.
 * A new one has the entry's udp_port on both sides. */
struct guard_path *guard_path_add(struct guard *g, struct guard_entry *e,
				  const struct gen_sctp_addr *addr);
void guard_path_remove(struct guard *g, struct guard_entry *e,
		       const struct gen_sctp_addr *addr);
/* e's paths become those of `from`, which loses them. */
void guard_paths_move(struct guard *g, struct guard_entry *e,
		      struct guard_entry *from);
/* No address of e is missing in list. */
bool guard_paths_within(const struct guard_entry *e,
			const struct guard_entry *list);

/* The association that is alive, or any, of ports and our tag. */
struct guard_entry *guard_find(struct guard *g, const struct guard_assoc *id);
struct guard_entry *guard_find_alive(struct guard *g,
				     const struct guard_assoc *id);
/* Paths of associations with these ports and that peer, newest first, whatever
 * their aliases; and those with the same alias. */
struct guard_path *guard_next_path(struct guard *g,
				   const struct guard_assoc *ports,
				   const struct gen_sctp_addr *peer,
				   const struct guard_path *after);
struct guard_path *guard_next_peer(struct guard *g,
				   const struct guard_assoc *ports,
				   const struct gen_sctp_addr *peer,
				   const struct guard_path *after);
/* The one that is alive, if possible on our address `local`. */
struct guard_path *guard_find_peer(struct guard *g,
				   const struct guard_assoc *ports,
				   const struct gen_sctp_addr *peer,
				   const struct gen_sctp_addr *local);

/* Ports, alias and tag of a packet. */
static inline struct guard_assoc
guard_id_in(const struct link_packet *p)
{
	return (struct guard_assoc){
		.local_port = packet_dst_port(p),
		.peer_port = packet_src_port(p),
		.my_tag = packet_vtag(p),
		.alias = p->alias,
	};
}

static inline struct guard_assoc
guard_id_out(const struct link_packet *p)
{
	return (struct guard_assoc){
		.local_port = packet_src_port(p),
		.peer_port = packet_dst_port(p),
		.peer_tag = packet_vtag(p),
		.alias = p->alias,
	};
}

/* ------------------------------------------------------ guard_chunks.c */

/* The chunk at *offset, which moves behind it; false at the end of the packet
 * and where no chunk fits. */
bool guard_next_chunk(const struct link_packet *p, size_t *offset,
		      struct guard_chunk *c);
/* Lengths, places and error causes of a packet from the network. */
enum guard_verdict guard_scan_in(struct guard *g, struct link_packet *p,
				 struct guard_scan *s);
/* The same without judging, for a packet of ours. False: not a packet. */
bool guard_scan_out(const struct link_packet *p, struct guard_scan *s);
/* Leaves only what may follow a COOKIE ECHO of a known association. */
void guard_keep_data_only(struct guard *g, struct link_packet *p,
			  const struct guard_chunk *cookie);
/* Turns the chunks of that type, but for the first `keep`, into padding. */
void guard_blank_chunks(struct guard *g, struct link_packet *p, uint8_t type,
			size_t keep);
/* The code of the first cause of the packet's first ABORT, or 0. */
uint16_t guard_abort_cause(const struct link_packet *p);

enum guard_step { GUARD_ITEM, GUARD_NO_MORE, GUARD_MALFORMED };
enum guard_step guard_next_item(struct guard_items *items,
				struct guard_item *item);

static inline struct guard_items
guard_items_of(const struct guard_chunk *c, size_t skip)
{
	return (struct guard_items){ c->at + skip, c->len - skip };
}

/* -------------------------------------------------------- guard_init.c */

#define PARAM_IPV4 5
#define PARAM_IPV6 6
#define PARAM_ADDRESS_TYPES 12
#define PARAM_PAD 0x8005 /* RFC 4820 */

/* An address parameter; false if it is none of the right length. */
bool guard_read_addr(const struct guard_item *param,
		     struct gen_sctp_addr *addr);
bool guard_unicast(const struct gen_sctp_addr *addr);
/* Checks an INIT or INIT ACK and blanks what the engine mishandles. */
enum guard_verdict guard_check_init(struct guard *g,
				    const struct guard_chunk *c);
/* The addresses that a checked one lists (none with one_path). */
void guard_init_addrs(const struct guard *g, const struct guard_chunk *c,
		      struct guard_addrs *list);

/* ------------------------------------------------------- guard_alias.c */

struct state_cookie;

void guard_alias_link(struct guard *g, struct guard_entry *e);
void guard_alias_unlink(struct guard *g, struct guard_entry *e);
/* The path of a living association that a packet seems to come by, UDP port and
 * all, whatever its alias; on the packet's address of ours, if possible. */
struct guard_path *guard_exact_peer(struct guard *g,
				    const struct link_packet *p);
/* The alias (0: none) for whoever sent an INIT that lists these addresses, or
 * that a cookie says; that one is not in use for another peer (anymore). */
uint16_t guard_alias_of_init(struct guard *g, const struct link_packet *p,
			     const struct guard_addrs *list);
uint16_t guard_alias_of_cookie(const struct guard *g,
			       const struct link_packet *p,
			       const struct state_cookie *cookie);
bool guard_alias_free(struct guard *g, const struct link_packet *p,
		      const struct guard_addrs *list);
/* For a packet without an association, from where somebody has one: it is from
 * somebody else, to whom the engine can answer under an alias. False: it comes
 * by the path of that association. */
bool guard_alias_of_stranger(struct guard *g, struct link_packet *p);
/* The engine gets this packet now. */
void guard_alias_fed(struct guard *g, const struct link_packet *p);
/* If a packet of ours has an alias: p->alias, and the peer's port in there. */
void guard_alias_out(struct guard *g, struct link_packet *p);

/* --------------------------------------------------- guard_candidate.c */

/* What the association `id` would be with these addresses: those that `known`
 * (NULL: it is new) has already keep their UDP ports; the source of p has p's.
 * NULL: no memory. */
struct guard_entry *guard_candidate_new(struct guard *g,
					const struct guard_assoc *id,
					const struct link_packet *p,
					const struct guard_entry *known,
					const struct guard_addrs *list);
/* Keeps it until the engine's COOKIE ACK leaves; the oldest has to go. */
void guard_pending_keep(struct guard *g, struct guard_entry *candidate);
/* The one that this COOKIE ACK belongs to, or NULL; the caller's from now. */
struct guard_entry *guard_pending_take(struct guard *g,
				       const struct link_packet *p);
void guard_pending_free(struct guard *g);

/* ------------------------------------------------------ guard_cookie.c */

enum guard_verdict guard_cookie_in(struct guard *g, struct link_packet *p,
				   const struct guard_scan *s, bool *restart,
				   struct guard_assoc *old);
void guard_cookie_ack_out(struct guard *g, const struct link_packet *p);

/* -------------------------------------------------------- guard_told.c */

/* What a cookie keeps of the handshake. */
struct guard_handshake {
	struct guard_chunk init_ack; /* as the engine made it */
	struct gen_sctp_addr local, peer;
};

/* INIT and INIT ACK of ours: the source, and what they list. */
void guard_offer_in_init(struct guard *g, struct guard_path *path,
			 struct link_packet *p, const struct guard_chunk *init);
void guard_offer_in_init_ack(const struct guard *g, const struct link_packet *p,
			     const struct guard_chunk *init_ack);
/* The peer's INIT ACK answers the INIT that left from where it goes to. */
void guard_init_answered(struct guard_entry *e, const struct link_packet *p);
/* p is a COOKIE ECHO with what our INIT ACK said. */
void guard_told_of_cookie(struct guard *g, struct guard_entry *e,
			  const struct link_packet *p,
			  const struct guard_handshake *was);
bool guard_is_told(const struct guard_entry *e,
		   const struct gen_sctp_addr *addr);
/* Of a socket that is bound to any, where that has several paths. */
bool guard_governs(const struct guard *g, const struct link_packet *p);
/* The peer has learned, or is to forget, another one. */
void guard_told_add(struct guard_entry *e, const struct gen_sctp_addr *addr);
void guard_told_forget(struct guard_entry *e, const struct gen_sctp_addr *addr);
/* e's become those of `from`, if it has any. */
void guard_told_move(struct guard_entry *e, struct guard_entry *from);

/* ------------------------------------------------------ guard_source.c */

/* Of an INIT of a socket that is bound to any. */
void guard_set_init_source(struct guard *g, struct guard_path *path,
			   struct link_packet *p);
/* Other packets of ours. False: there is no source that the peer knows. */
bool guard_set_source(struct guard *g, struct guard_path *path,
		      struct link_packet *p);
/* And the other way round: the engine finds its own address in p->dst. */
void guard_to_engine_source(const struct guard_path *path,
			    struct link_packet *p);

/* ----------------------------------------------------- guard_dynamic.c */

/* A packet with ASCONF from an address that is not the peer's (yet). */
enum guard_verdict guard_stranger_in(struct guard *g, struct guard_entry *e,
				     struct link_packet *p,
				     const struct guard_scan *s);
/* False: it would make the peer's addresses too many. */
bool guard_asconf_in(struct guard *g, struct guard_entry *e,
		     const struct link_packet *p);
void guard_asconf_ack_in(struct guard_entry *e, const struct link_packet *p);
void guard_asconf_out(struct guard_entry *e, const struct link_packet *p);
void guard_asconf_ack_out(struct guard *g, const struct link_packet *p);
/* The address parameter and the parameters behind it are well-formed. */
bool guard_asconf_sane(const struct guard_chunk *c);
void guard_reconfig_in(struct guard *g, struct guard_entry *e,
		       struct link_packet *p);
void guard_reconfig_out(struct guard_entry *e, const struct link_packet *p);

#endif
