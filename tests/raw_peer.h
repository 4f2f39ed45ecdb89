/*
 * One end of an association in the hands of a test: UDP sockets of loopback and
 * packets of any kind, with the right checksum or not. It knows nothing of
 * gensctp, usrsctp or Check; what does not come in time is false or NULL.
 */
#ifndef RAW_PEER_H
#define RAW_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAW_PATHS 3
#define RAW_PACKET 65536
/* ms; for what must come. */
#define RAW_PATIENCE 5000

/* RFC 9260 3.2, RFC 4895, 5061, 6525, 3758, 4820 */
enum raw_chunk_type {
	RAW_DATA = 0,
	RAW_INIT = 1,
	RAW_INIT_ACK = 2,
	RAW_SACK = 3,
	RAW_HEARTBEAT = 4,
	RAW_HEARTBEAT_ACK = 5,
	RAW_ABORT = 6,
	RAW_SHUTDOWN = 7,
	RAW_SHUTDOWN_ACK = 8,
	RAW_ERROR = 9,
	RAW_COOKIE_ECHO = 10,
	RAW_COOKIE_ACK = 11,
	RAW_ECNE = 12,
	RAW_CWR = 13,
	RAW_SHUTDOWN_COMPLETE = 14,
	RAW_AUTH = 15,
	RAW_ASCONF_ACK = 0x80,
	RAW_RE_CONFIG = 0x82,
	RAW_PAD = 0x84,
	RAW_FORWARD_TSN = 0xc0,
	RAW_ASCONF = 0xc1,
};

enum raw_param_type {
	RAW_IPV4 = 5,
	RAW_STATE_COOKIE = 7,
	RAW_ADD_OUT = 17,
	RAW_RANDOM = 0x8002,
	RAW_CHUNKS = 0x8003,
	RAW_HMAC_ALGO = 0x8004,
	RAW_PADDING = 0x8005,
	RAW_EXTENSIONS = 0x8008,
	RAW_FORWARD_TSN_SUPPORTED = 0xc000,
	RAW_NAT_SUPPORT = 0xc007,
};

struct raw_peer {
	int fds[RAW_PATHS]; /* the first one is its primary path */
	struct sockaddr_in at[RAW_PATHS];
	int paths;
	struct sockaddr_in to; /* UDP */
	uint16_t port;         /* SCTP */
	uint16_t their_port;
	uint32_t tag; /* in packets to this peer */
	uint32_t their_tag;
	uint32_t tsn;       /* of the next DATA */
	uint16_t ssn;       /* of the next DATA, on stream 0 */
	uint32_t their_tsn; /* the last one before their first DATA */
	uint32_t seen_tsn;  /* in order so far */
	bool accepted;      /* the other side connected */
	bool silent;        /* receives without answering */
	bool nat;           /* its INIT says that it supports NAT, */
	bool auth;          /* AUTH and ASCONF */
	bool hides_paths;   /* its INIT lists no further addresses */
	const uint8_t *lists; /* but this one, IPv4; or NULL */

	size_t cookie_len;
	uint8_t cookie[2048];
	/* The packet being made. */
	size_t len;
	size_t chunk; /* where its latest chunk begins */
	uint8_t out[RAW_PACKET];
	/* The last one received, and the socket it came in on. */
	size_t in_len;
	int in_fd;
	uint8_t in[RAW_PACKET];
};

struct raw_chunk {
	const uint8_t *at;
	uint8_t type;
	uint8_t flags;
	size_t len; /* as its header says */
};

/* Bytes and how many there are. */
#define RAW_BYTES(...)                      \
	(const uint8_t[]){ __VA_ARGS__ },   \
	sizeof((const uint8_t[]){ __VA_ARGS__ })
#define RAW_BE32(x)                                                       \
	(uint8_t)((uint32_t)(x) >> 24), (uint8_t)((uint32_t)(x) >> 16),   \
	(uint8_t)((uint32_t)(x) >> 8), (uint8_t)(x)
#define RAW_NOTHING NULL, 0

/* A peer of SCTP port `port` at addr ("127.0.0.1"), on a free UDP port, whose
 * packets go to 127.0.0.1 and these ports. False: the host has no such
 * address. */
bool raw_open(struct raw_peer *r, const char *addr, uint16_t port,
	      int their_udp_port, int their_port);
void raw_close(struct raw_peer *r);
int raw_udp_port(const struct raw_peer *r);
/* A further address, with the UDP port of the first one. */
bool raw_add_path(struct raw_peer *r, const char *addr);
/* Makes it one with the SCTP ports of the other, whose tags it does not know,
 * with no socket but its own. */
void raw_pretend(struct raw_peer *r, const struct raw_peer *other);

/* ------------------------------------------------------- making a packet */

void raw_begin(struct raw_peer *r, uint32_t vtag);
/* The length of the latest chunk follows its parameters. */
void raw_chunk(struct raw_peer *r, uint8_t type, uint8_t flags,
	       const void *body, size_t len);
void raw_param(struct raw_peer *r, uint16_t type, const void *body,
	       size_t len);
/* Overwrites the length field of the latest chunk. */
void raw_lie(struct raw_peer *r, uint16_t len);
/* Bytes as they are; the latest chunk's length counts them. */
void raw_bytes(struct raw_peer *r, const void *bytes, size_t len);
/* INIT or INIT ACK with good fixed fields and tag r->tag. */
void raw_init(struct raw_peer *r, uint8_t type);
/* Parameters that go with it: what it supports, its further addresses. */
void raw_abilities(struct raw_peer *r);
void raw_data(struct raw_peer *r, const char *text);
void raw_sack(struct raw_peer *r);
/* ASCONF with a wildcard lookup address, which changes nothing. */
void raw_asconf(struct raw_peer *r);

/* Sends it: from the primary path, from another socket, with a wrong sum. */
void raw_send(struct raw_peer *r);
void raw_send_by(struct raw_peer *r, int fd);
void raw_send_spoilt(struct raw_peer *r, int fd);

/* -------------------------------------------------------------- receiving */

/* The next packet in r->in, its checksum good; false: none in that time. */
bool raw_receive(struct raw_peer *r, int ms);
bool raw_checksum_ok(struct raw_peer *r);
/* Its chunks, one after the other; start with *offset 0. */
bool raw_next(const struct raw_peer *r, size_t *offset, struct raw_chunk *c);
bool raw_find(const struct raw_peer *r, uint8_t type, struct raw_chunk *c);
/* Receives until there is a chunk of that type. Unless it is silent,
 * HEARTBEATs and DATA are answered meanwhile. */
bool raw_await(struct raw_peer *r, uint8_t type, struct raw_chunk *c, int ms);
/* DATA with this text. */
bool raw_await_text(struct raw_peer *r, const char *text, int ms);
/* Throws away what is there. */
void raw_drain(struct raw_peer *r);

/* ------------------------------------------------------------ association */

bool raw_connect(struct raw_peer *r);
/* The same, step by step. */
bool raw_get_cookie(struct raw_peer *r);
void raw_echo_cookie(struct raw_peer *r); /* begins the packet */
/* Waits for the INIT of another side and does all the rest. */
bool raw_accept(struct raw_peer *r);
/* As if it had been started anew: other tag, other sequence numbers. */
void raw_reboot(struct raw_peer *r);
bool raw_say(struct raw_peer *r, const char *text); /* and waits for the SACK */

#endif
