/*
 * An SCTP packet on its way through the link, and how to read its bytes.
 */
#ifndef GENSCTP_LINK_PACKET_H
#define GENSCTP_LINK_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "big_endian.h"
#include "gensctp.h"

/* RFC 6951: the port for SCTP over UDP. */
#define LINK_UDP_PORT 9899
/* The largest SCTP packet a UDP datagram can hold. */
#define LINK_MAX_PACKET 65507

/* The addresses' ports are UDP ports; SCTP's are in the packet. */
struct link_packet {
	uint8_t *data; /* from the SCTP common header on */
	size_t len;
	struct gen_sctp_addr src;
	struct gen_sctp_addr dst;
	uint8_t tos; /* or traffic class; the two low bits are ECN's, the engine's */
	uint8_t ttl; /* or hop limit; out: 0 = the system's */
	bool dontroute; /* out */
	bool reconfig;  /* in: an association's, with a RE-CONFIG chunk */
	uint16_t alias; /* what the engine has for the peer's SCTP port, which
			 * the packet has; 0: the same */
	bool routed; /* out: the system was asked for the route, */
	struct gen_sctp_addr route; /* which leaves from here; family 0: none */
	/* Of a socket that is bound to any; NULL: it tells what it is bound to.
	 */
	const struct gen_sctp_local_addr_policy *policy;
};

/* What the IP headers of a socket's packets say. */
struct link_marks {
	uint8_t tos;    /* IPv4; without ECN */
	uint8_t tclass; /* IPv6; without ECN */
	uint8_t ttl;    /* or hop limit; 0 = the system's */
	bool dontroute; /* to hosts of networks that this one is on, only */
};

/*
 * RFC 9260 3.1, common header:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |      Source Port Number       |    Destination Port Number    |
 *   +-------------------------------+-------------------------------+
 *   |                       Verification Tag                        |
 *   +---------------------------------------------------------------+
 *   |                           Checksum                            |
 *   +---------------------------------------------------------------+
 */
#define SCTP_COMMON_HEADER 12

static inline uint16_t
packet_src_port(const struct link_packet *p)
{
	return read_be16(p->data);
}

static inline uint16_t
packet_dst_port(const struct link_packet *p)
{
	return read_be16(p->data + 2);
}

static inline uint32_t
packet_vtag(const struct link_packet *p)
{
	return read_be32(p->data + 4);
}

void packet_mark(struct link_packet *p, const struct link_marks *marks);

/* Fills in the checksum; tells whether it is right (which writes to the packet
 * in between). The packet has a whole common header. */
void packet_set_checksum(struct link_packet *p);
bool packet_checksum_ok(struct link_packet *p);

#endif
