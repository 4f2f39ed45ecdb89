#include "packet.h"

#include "crc32c.h"

#define CHECKSUM_AT 8
#define ECN 0x03

void
packet_mark(struct link_packet *p, const struct link_marks *marks)
{
	uint8_t dscp = p->dst.family == GEN_SCTP_INET6 ? marks->tclass :
							 marks->tos;

	p->tos = (uint8_t)(dscp | (p->tos & ECN));
	p->ttl = marks->ttl;
	p->dontroute = marks->dontroute;
}

/* The sum is taken with zeros in its own place. */
static uint32_t
compute(struct link_packet *p)
{
	write_be32(p->data + CHECKSUM_AT, 0);
	return crc32c(p->data, p->len);
}

/* The one number of SCTP that goes lowest byte first (RFC 9260 appendix A). */
static void
store(struct link_packet *p, uint32_t crc)
{
	p->data[CHECKSUM_AT] = (uint8_t)crc;
	p->data[CHECKSUM_AT + 1] = (uint8_t)(crc >> 8);
	p->data[CHECKSUM_AT + 2] = (uint8_t)(crc >> 16);
	p->data[CHECKSUM_AT + 3] = (uint8_t)(crc >> 24);
}

void
packet_set_checksum(struct link_packet *p)
{
	store(p, compute(p));
}

bool
packet_checksum_ok(struct link_packet *p)
{
	uint32_t carried = read_be32(p->data + CHECKSUM_AT);
	uint32_t computed;

	store(p, compute(p));
	computed = read_be32(p->data + CHECKSUM_AT);
	write_be32(p->data + CHECKSUM_AT, carried);
	return carried == computed;
}
