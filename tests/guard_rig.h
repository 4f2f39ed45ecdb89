/*
 * Packets from literals, and a guard with a clock that the test moves.
 */
#ifndef GUARD_RIG_H
#define GUARD_RIG_H

#include <check.h>

#include "guard_impl.h"

/* The association of most tests, seen from our side. */
#define MY_PORT 5000
#define PEER_PORT 6000
#define MY_TAG 0x11111111
#define PEER_TAG 0x22222222
#define UDP 9899

#define MAX_ASSOCS 64

/* What a packet is made in. */
struct rig_packet {
	struct link_packet p;
	size_t chunk; /* offset of the latest chunk */
	uint8_t bytes[66000];
};

struct rig {
	struct guard *g;
	os_time now;
	uint16_t cookie_port;
	bool restart;
	struct guard_assoc old;
	struct rig_packet k;
};

/* Bytes and how many there are. */
#define BYTES(...)                          \
	(const uint8_t[]){ __VA_ARGS__ },   \
	sizeof((const uint8_t[]){ __VA_ARGS__ })
#define BE32(x)                                                   \
	(uint8_t)((x) >> 24), (uint8_t)((x) >> 16), (uint8_t)((x) >> 8), \
	(uint8_t)(x)
#define NOTHING NULL, 0

/* Checked fixtures make and free it. */
extern struct rig *rig;
void rig_setup(void);
void rig_teardown(void);

struct gen_sctp_addr ip4(uint8_t a, uint8_t b, uint8_t c, uint8_t d,
			 uint16_t udp_port);
/* 10.0.0.1; the peer's 10.0.0.2 and 10.0.0.3; 10.0.0.9; UDP port 9899. */
extern const struct gen_sctp_addr our_addr, peer_addr, peer_addr2, stranger;

/* Begins a packet to us from `src`, or from us to `dst`. */
void from(struct gen_sctp_addr src, uint32_t vtag);
void to(struct gen_sctp_addr dst, uint32_t vtag);
/* Adds to it. The length of the latest chunk follows its parameters. */
void chunk(uint8_t type, uint8_t flags, const uint8_t *body, size_t len);
void param(uint16_t type, const uint8_t *body, size_t len);
void param_addr(struct gen_sctp_addr addr);
/* INIT or INIT ACK with good fixed fields. */
void init(uint8_t type, uint32_t tag);
void state_cookie(void); /* the parameter, of no meaning */
/* A COOKIE ECHO with a cookie as the engine makes them: for the tags, from
 * `addr`, with n further addresses in its INIT. */
void cookie_echo(uint32_t my_tag, uint32_t peer_tag, bool tied,
		 struct gen_sctp_addr addr, const struct gen_sctp_addr *list,
		 size_t n);
/* In the cookies from now on, the engine has this in place of PEER_PORT. */
void cookie_port(uint16_t port);
/* With a struct timeval of t bytes. */
void cookie_echo_t(size_t t, uint32_t my_tag, uint32_t peer_tag, bool tied,
		   struct gen_sctp_addr addr, const struct gen_sctp_addr *list,
		   size_t n);
/* An ASCONF that adds or deletes an IPv4 address, with correlation id 5. */
#define ADD_IP	  0xc001
#define DELETE_IP 0xc002
void asconf_change(uint32_t serial, uint16_t type, struct gen_sctp_addr addr);
#define DATA() chunk(CHUNK_DATA, 3, BYTES(BE32(1), 0, 0, 0, 0, BE32(0), 'x'))
#define SACK() chunk(CHUNK_SACK, 0, BYTES(BE32(1), BE32(65536), BE32(0)))

/* Hands it to the guard. */
enum guard_verdict in(void);
enum guard_verdict out(void);
/* The name is part of the failure's message. */
#define expect_in(verdict) ck_assert_str_eq(guard_verdict_name(in()), #verdict)
#define expect_out(verdict) \
	ck_assert_str_eq(guard_verdict_name(out()), #verdict)

/* Type of the nth chunk of the packet as it is now, or -1. */
int chunk_type(unsigned n);
/* Type of the nth parameter of its first chunk, an INIT, or -1. */
int param_type(unsigned n);

/* The association is set up by the peer, or by us; `list`: further addresses of
 * the peer. */
void accepted(const struct gen_sctp_addr *list, size_t n);
void accepted_as(uint32_t my_tag, uint32_t peer_tag, struct gen_sctp_addr peer,
		 const struct gen_sctp_addr *list, size_t n);
void connected(const struct gen_sctp_addr *list, size_t n);
/* The peer speaks, the guard lets it. */
void peer_speaks(void);

enum guard_abort_by aborted(uint16_t *cause);
#define THE_ASSOC                                     \
	(&(const struct guard_assoc){ MY_PORT, PEER_PORT, MY_TAG, PEER_TAG, 0 })

TCase *guard_attack_cases(void);
TCase *guard_handshake_cases(void);
TCase *guard_restart_cases(void);
TCase *guard_path_cases(void);
TCase *guard_alias_cases(void);
TCase *guard_limit_cases(void);
TCase *guard_told_cases(void);
Suite *guard_suite(void);

#endif
