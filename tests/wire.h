/*
 * The link with a plain UDP socket, the peer, as its other end: what comes to
 * the link's user is recorded, and so is what it gives to the system, which can
 * be made to refuse it.
 */
#ifndef WIRE_H
#define WIRE_H

#include "link.h"

#define SCTP_PORT 5000
#define OTHER_SCTP_PORT 5001
#define PEER_SCTP_PORT 6000

/* What the link's user got. */
struct wire_seen {
	int packets;
	size_t lens[1024];
	struct link_packet last; /* data is not valid */
	int too_bigs;
	struct gen_sctp_addr too_big_dst;
	size_t too_big_len;
	int kicks;
	size_t answer; /* > 0: every packet is answered with so many bytes */
};
extern struct wire_seen wire_seen;

/* What the system got, one entry a datagram, and what it shall say. */
struct wire_sender {
	int n;
	size_t len[512], segment[512];
	int error;        /* instead of sending, */
	size_t error_len; /* if longer than this */
	int limit;        /* after so many -EAGAIN; 0 = never */
};
extern struct wire_sender wire_sender;

extern const struct link_ops wire_ops;

/* Fixtures: the link started, the peer open on 127.0.0.1. */
void wire_set_up(void);
void wire_set_up_without_offloads(void);
void wire_tear_down(void);

extern gen_sctp_fd_t wire_peer;
extern struct gen_sctp_addr wire_peer_addr;
void wire_open_peer(struct gen_sctp_addr local);

/* 127.0.0.<last> */
struct gen_sctp_addr wire_ipv4(uint8_t last, uint16_t port);

/* False: said why the test is skipped. 127.0.0.2 is everywhere on Linux,
 * elsewhere only where it was set up. */
bool wire_has_second_loopback(void);
bool wire_has_gso(void);

struct link_binding *wire_bind_one(uint16_t sctp_port,
				   struct gen_sctp_addr addr,
				   uint16_t *udp_port);
struct link_binding *wire_bind_any(uint16_t sctp_port, uint16_t *udp_port);
size_t wire_socket_count(void);

/* An INIT (RFC 9260 3.3.2), the only packet that needs no association, with a
 * PAD parameter (RFC 4820 4) up to len. */
#define INIT_LEN 32
void wire_make_init(uint8_t *data, size_t len, uint16_t src_port);

/* Gives the link an INIT; to the peer from 127.0.0.1 and SCTP_PORT. */
void wire_output(uint16_t port, const struct gen_sctp_addr *src,
		 const struct gen_sctp_addr *dst, size_t len);
void wire_output_to_peer(size_t len);

/* The next packet at the peer, its checksum checked, and its length; segments
 * are taken apart. Waits for it. */
size_t wire_peer_receive(struct link_packet *p);

/* Sends to the link: bytes, or an INIT for SCTP_PORT. */
void wire_peer_send_bytes(const struct gen_sctp_addr *to, void *data,
			  size_t len);
void wire_peer_send(const struct gen_sctp_addr *to, size_t len);

/* Lets the link receive until that many packets in all have come. Loopback
 * delivers at once on some systems, soon on others. */
void wire_receive_until(int packets);

#endif
