#include "pcapng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "big_endian.h"

#define LINKTYPE_RAW 101 /* starts with the IP header */

#define IPV4_HEADER	   20
#define IPV6_HEADER	   40
#define UDP_HEADER	   8
#define IPPROTO_UDP_NUMBER 17
#define DEFAULT_TTL	   64

struct pcapng {
	FILE *out;
	int error;  /* the first */
	bool dirty; /* records wait in the buffer */
};

/* ---------------------------------------------------------------- writing */

static void
note_error(struct pcapng *w)
{
	if (w->error == 0)
		w->error = errno != 0 ? -errno : -EIO;
}

static void
put(struct pcapng *w, const void *data, size_t len)
{
	if (len == 0 || w->error != 0)
		return;
	errno = 0;
	if (fwrite(data, 1, len, w->out) != len)
		note_error(w);
}

static void
put_u32(struct pcapng *w, uint32_t v)
{
	put(w, &v, sizeof(v));
}

/* Blocks are made of 32-bit words. */
static uint32_t
padded(size_t len)
{
	return (uint32_t)(len + 3) & ~UINT32_C(3);
}

static void
put_padding(struct pcapng *w, size_t len)
{
	put(w, "\0\0", padded(len) - len);
}

static void
put_option(struct pcapng *w, uint16_t code, const void *value, size_t len)
{
	uint16_t head[2] = { code, (uint16_t)len };

	put(w, head, sizeof(head));
	put(w, value, len);
	put_padding(w, len);
}

static uint32_t
option_size(size_t len)
{
	return 4 + padded(len);
}

#define OPTION_END     0
#define OPTION_COMMENT 1

/* ----------------------------------------------------------------- blocks */

/*
 * A pcapng file is a row of blocks (draft-ietf-opsawg-pcapng), in the byte
 * order of the machine that writes:
 *
 *   +---------+--------+------------------------+---------+--------+
 *   |  type   | length | body, fixed for a type | options | length |
 *   +---------+--------+------------------------+---------+--------+
 */
#define BLOCK_FRAME 12

#define SECTION_HEADER	    0x0a0d0d0a
#define SECTION_APPLICATION 4

static void
put_section_header(struct pcapng *w)
{
	static const char name[] = "gensctp";
	const uint16_t version[2] = { 1, 0 };
	const uint32_t unknown_length[2] = { UINT32_MAX, UINT32_MAX };
	uint32_t length = BLOCK_FRAME + 16 + option_size(sizeof(name) - 1) +
			  option_size(0);

	put_u32(w, SECTION_HEADER);
	put_u32(w, length);
	put_u32(w, 0x1a2b3c4d); /* tells the byte order */
	put(w, version, sizeof(version));
	put(w, unknown_length, sizeof(unknown_length));
	put_option(w, SECTION_APPLICATION, name, sizeof(name) - 1);
	put_option(w, OPTION_END, NULL, 0);
	put_u32(w, length);
}

#define INTERFACE_DESCRIPTION 1
#define INTERFACE_NAME	      2
#define INTERFACE_RESOLUTION  9

static void
put_interface(struct pcapng *w, const char *name)
{
	const uint16_t type[2] = { LINKTYPE_RAW, 0 };
	const uint8_t nanoseconds = 9;
	uint32_t length = BLOCK_FRAME + 8 + option_size(strlen(name)) +
			  option_size(1) + option_size(0);

	put_u32(w, INTERFACE_DESCRIPTION);
	put_u32(w, length);
	put(w, type, sizeof(type));
	put_u32(w, 0); /* packets are not cut */
	put_option(w, INTERFACE_NAME, name, strlen(name));
	put_option(w, INTERFACE_RESOLUTION, &nanoseconds, 1);
	put_option(w, OPTION_END, NULL, 0);
	put_u32(w, length);
}

#define ENHANCED_PACKET 6
#define PACKET_FLAGS	2

static void
put_packet(struct pcapng *w, uint32_t interface_id, uint32_t direction,
	   const uint8_t *headers, size_t headers_len, const struct os_dgram *d,
	   const char *comment)
{
	uint32_t captured = (uint32_t)(headers_len + d->len);
	size_t comment_len = comment != NULL ? strlen(comment) : 0;
	uint64_t now = (uint64_t)os_wall_clock();
	uint32_t length = BLOCK_FRAME + 20 + padded(captured) +
			  option_size(sizeof(direction)) + option_size(0);

	if (comment_len > 0)
		length += option_size(comment_len);
	put_u32(w, ENHANCED_PACKET);
	put_u32(w, length);
	put_u32(w, interface_id);
	put_u32(w, (uint32_t)(now >> 32));
	put_u32(w, (uint32_t)now);
	put_u32(w, captured);
	put_u32(w, captured); /* length on the wire */
	put(w, headers, headers_len);
	put(w, d->data, d->len);
	put_padding(w, captured);
	put_option(w, PACKET_FLAGS, &direction, sizeof(direction));
	if (comment_len > 0)
		put_option(w, OPTION_COMMENT, comment, comment_len);
	put_option(w, OPTION_END, NULL, 0);
	put_u32(w, length);
}

/* ---------------------------------------------------------- IP and UDP */

/* One's complement sum of 16-bit words (RFC 1071), to be inverted. */
static uint32_t
sum16(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += read_be16(p + i);
	if (i < len)
		sum += (uint32_t)p[i] << 8;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint8_t
ttl_of(const struct os_dgram *d)
{
	return d->ttl != 0 ? d->ttl : DEFAULT_TTL;
}

/* RFC 791 3.1. */
static size_t
make_ipv4(uint8_t *h, const struct os_dgram *d)
{
	memset(h, 0, IPV4_HEADER);
	h[0] = 0x45; /* version, header length in words */
	h[1] = d->tos;
	write_be16(h + 2, (uint16_t)(IPV4_HEADER + UDP_HEADER + d->len));
	h[8] = ttl_of(d);
	h[9] = IPPROTO_UDP_NUMBER;
	memcpy(h + 12, d->src.ip, 4);
	memcpy(h + 16, d->dst.ip, 4);
	write_be16(h + 10, (uint16_t)~sum16(0, h, IPV4_HEADER));
	return IPV4_HEADER;
}

/* RFC 8200 3. */
static size_t
make_ipv6(uint8_t *h, const struct os_dgram *d)
{
	memset(h, 0, IPV6_HEADER);
	h[0] = (uint8_t)(0x60 | d->tos >> 4);
	h[1] = (uint8_t)(d->tos << 4);
	write_be16(h + 4, (uint16_t)(UDP_HEADER + d->len));
	h[6] = IPPROTO_UDP_NUMBER;
	h[7] = ttl_of(d);
	memcpy(h + 8, d->src.ip, 16);
	memcpy(h + 24, d->dst.ip, 16);
	return IPV6_HEADER;
}

/* RFC 768, with its checksum over the pseudo-header of RFC 8200 8.1: the sum
 * of the addresses, the protocol, and the length once more. */
static void
make_udp(uint8_t *udp, const struct os_dgram *d, size_t addr_size)
{
	uint16_t len = (uint16_t)(UDP_HEADER + d->len);
	uint32_t sum = (uint32_t)IPPROTO_UDP_NUMBER + len;

	write_be16(udp, d->src.port);
	write_be16(udp + 2, d->dst.port);
	write_be16(udp + 4, len);
	write_be16(udp + 6, 0);
	sum = sum16(sum, d->src.ip, addr_size);
	sum = sum16(sum, d->dst.ip, addr_size);
	sum = sum16(sum, udp, UDP_HEADER);
	sum = ~sum16(sum, d->data, d->len) & 0xffff;
	write_be16(udp + 6, (uint16_t)(sum != 0 ? sum : 0xffff));
}

void
pcapng_write(struct pcapng *w, uint32_t interface_id,
	     enum pcapng_direction direction, const struct os_dgram *d,
	     const char *comment)
{
	uint8_t headers[IPV6_HEADER + UDP_HEADER];
	bool ipv6 = d->dst.family == GEN_SCTP_INET6;
	size_t len = ipv6 ? make_ipv6(headers, d) : make_ipv4(headers, d);

	make_udp(headers + len, d, ipv6 ? 16 : 4);
	put_packet(w, interface_id, direction, headers, len + UDP_HEADER, d,
		   comment);
	w->dirty = true;
}

/* ------------------------------------------------------------- the file */

void
pcapng_flush(struct pcapng *w)
{
	if (!w->dirty)
		return;
	w->dirty = false;
	errno = 0;
	if (fflush(w->out) != 0)
		note_error(w);
}

static void
begin(struct pcapng *w, const char *const *interfaces, size_t n)
{
	size_t i;

	put_section_header(w);
	for (i = 0; i < n; i++)
		put_interface(w, interfaces[i]);
	w->dirty = true;
	pcapng_flush(w);
}

int
pcapng_open(struct pcapng **file, const char *path,
	    const char *const *interfaces, size_t n)
{
	struct pcapng *w = calloc(1, sizeof(*w));

	*file = NULL;
	if (w == NULL)
		return -ENOMEM;
	errno = 0;
	w->out = fopen(path, "wb");
	if (w->out == NULL)
		note_error(w);
	else
		begin(w, interfaces, n);
	if (w->error != 0)
		return pcapng_close(w);
	*file = w;
	return 0;
}

int
pcapng_close(struct pcapng *w)
{
	int error;

	if (w == NULL)
		return 0;
	errno = 0;
	if (w->out != NULL && fclose(w->out) != 0)
		note_error(w);
	error = w->error;
	free(w);
	return error;
}
