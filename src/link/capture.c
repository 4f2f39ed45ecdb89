#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os.h"

#define LINKTYPE_RAW 101 /* starts with the IP header */

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define UDP_HEADER 8
#define IPPROTO_UDP_NUMBER 17
#define DEFAULT_TTL 64

static FILE *file;
static int file_error;
static bool dirty; /* records wait in the buffer */

/* ---------------------------------------------------------------- writing */

static void
put(const void *data, size_t len)
{
	if (len == 0 || file_error != 0)
		return;
	errno = 0;
	if (fwrite(data, 1, len, file) != len)
		file_error = errno != 0 ? -errno : -EIO;
}

static void
put_u32(uint32_t v)
{
	put(&v, sizeof(v));
}

/* Blocks are made of 32-bit words. */
static uint32_t
padded(size_t len)
{
	return (uint32_t)(len + 3) & ~UINT32_C(3);
}

static void
put_padding(size_t len)
{
	put("\0\0", padded(len) - len);
}

static void
put_option(uint16_t code, const void *value, size_t len)
{
	uint16_t head[2] = { code, (uint16_t)len };

	put(head, sizeof(head));
	put(value, len);
	put_padding(len);
}

static uint32_t
option_size(size_t len)
{
	return 4 + padded(len);
}

#define OPTION_END 0
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

#define SECTION_HEADER 0x0a0d0d0a
#define SECTION_APPLICATION 4

static void
put_section_header(void)
{
	static const char name[] = "gensctp";
	const uint16_t version[2] = { 1, 0 };
	const uint32_t unknown_length[2] = { UINT32_MAX, UINT32_MAX };
	uint32_t length = BLOCK_FRAME + 16 + option_size(sizeof(name) - 1) +
			  option_size(0);

	put_u32(SECTION_HEADER);
	put_u32(length);
	put_u32(0x1a2b3c4d); /* tells the byte order */
	put(version, sizeof(version));
	put(unknown_length, sizeof(unknown_length));
	put_option(SECTION_APPLICATION, name, sizeof(name) - 1);
	put_option(OPTION_END, NULL, 0);
	put_u32(length);
}

#define INTERFACE_DESCRIPTION 1
#define INTERFACE_RESOLUTION 9

static void
put_interface(void)
{
	const uint16_t type[2] = { LINKTYPE_RAW, 0 };
	const uint8_t nanoseconds = 9;
	uint32_t length = BLOCK_FRAME + 8 + option_size(1) + option_size(0);

	put_u32(INTERFACE_DESCRIPTION);
	put_u32(length);
	put(type, sizeof(type));
	put_u32(0); /* packets are not cut */
	put_option(INTERFACE_RESOLUTION, &nanoseconds, 1);
	put_option(OPTION_END, NULL, 0);
	put_u32(length);
}

#define ENHANCED_PACKET 6
#define PACKET_FLAGS 2

static void
put_packet(const uint8_t *headers, size_t headers_len, const uint8_t *data,
	   size_t len, uint32_t direction, const char *comment)
{
	uint32_t captured = (uint32_t)(headers_len + len);
	size_t comment_len = comment != NULL ? strlen(comment) : 0;
	uint64_t now = (uint64_t)os_wall_clock();
	uint32_t length = BLOCK_FRAME + 20 + padded(captured) +
			  option_size(sizeof(direction)) + option_size(0);

	if (comment_len > 0)
		length += option_size(comment_len);
	put_u32(ENHANCED_PACKET);
	put_u32(length);
	put_u32(0); /* the first interface */
	put_u32((uint32_t)(now >> 32));
	put_u32((uint32_t)now);
	put_u32(captured);
	put_u32(captured); /* length on the wire */
	put(headers, headers_len);
	put(data, len);
	put_padding(captured);
	put_option(PACKET_FLAGS, &direction, sizeof(direction));
	if (comment_len > 0)
		put_option(OPTION_COMMENT, comment, comment_len);
	put_option(OPTION_END, NULL, 0);
	put_u32(length);
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
ttl_of(const struct link_packet *p)
{
	return p->ttl != 0 ? p->ttl : DEFAULT_TTL;
}

/* RFC 791 3.1. */
static size_t
make_ipv4(uint8_t *h, const struct link_packet *p)
{
	memset(h, 0, IPV4_HEADER);
	h[0] = 0x45; /* version, header length in words */
	h[1] = p->tos;
	write_be16(h + 2, (uint16_t)(IPV4_HEADER + UDP_HEADER + p->len));
	h[8] = ttl_of(p);
	h[9] = IPPROTO_UDP_NUMBER;
	memcpy(h + 12, p->src.ip, 4);
	memcpy(h + 16, p->dst.ip, 4);
	write_be16(h + 10, (uint16_t)~sum16(0, h, IPV4_HEADER));
	return IPV4_HEADER;
}

/* RFC 8200 3. */
static size_t
make_ipv6(uint8_t *h, const struct link_packet *p)
{
	memset(h, 0, IPV6_HEADER);
	h[0] = (uint8_t)(0x60 | p->tos >> 4);
	h[1] = (uint8_t)(p->tos << 4);
	write_be16(h + 4, (uint16_t)(UDP_HEADER + p->len));
	h[6] = IPPROTO_UDP_NUMBER;
	h[7] = ttl_of(p);
	memcpy(h + 8, p->src.ip, 16);
	memcpy(h + 24, p->dst.ip, 16);
	return IPV6_HEADER;
}

/* RFC 768, with its checksum over the pseudo-header of RFC 8200 8.1: the sum
 * of the addresses, the protocol, and the length once more. */
static void
make_udp(uint8_t *udp, const struct link_packet *p, size_t addr_size)
{
	uint16_t len = (uint16_t)(UDP_HEADER + p->len);
	uint32_t sum = (uint32_t)IPPROTO_UDP_NUMBER + len;

	write_be16(udp, p->src.port);
	write_be16(udp + 2, p->dst.port);
	write_be16(udp + 4, len);
	write_be16(udp + 6, 0);
	sum = sum16(sum, p->src.ip, addr_size);
	sum = sum16(sum, p->dst.ip, addr_size);
	sum = sum16(sum, udp, UDP_HEADER);
	sum = ~sum16(sum, p->data, p->len) & 0xffff;
	write_be16(udp + 6, (uint16_t)(sum != 0 ? sum : 0xffff));
}

void
capture_packet(const struct link_packet *p, enum capture_direction direction,
	       const char *comment)
{
	uint8_t headers[IPV6_HEADER + UDP_HEADER];
	bool ipv6 = p->dst.family == GEN_SCTP_INET6;
	size_t len;

	if (file == NULL)
		return;
	len = ipv6 ? make_ipv6(headers, p) : make_ipv4(headers, p);
	make_udp(headers + len, p, ipv6 ? 16 : 4);
	put_packet(headers, len + UDP_HEADER, p->data, p->len, direction,
		   comment);
	dirty = true;
}

/* ------------------------------------------------------------- the file */

int
capture_start(const char *path)
{
	if (file != NULL)
		return -EALREADY;
	errno = 0;
	file = fopen(path, "wb");
	if (file == NULL)
		return errno != 0 ? -errno : -EIO;
	file_error = 0;
	put_section_header();
	put_interface();
	dirty = true;
	capture_flush();
	return file_error != 0 ? capture_stop() : 0;
}

int
capture_stop(void)
{
	int error;

	if (file == NULL)
		return 0;
	capture_flush();
	errno = 0;
	if (fclose(file) != 0 && file_error == 0)
		file_error = errno != 0 ? -errno : -EIO;
	file = NULL;
	error = file_error;
	file_error = 0;
	return error;
}

bool
capture_running(void)
{
	return file != NULL;
}

void
capture_flush(void)
{
	if (!dirty || file == NULL)
		return;
	dirty = false;
	errno = 0;
	if (fflush(file) != 0 && file_error == 0)
		file_error = errno != 0 ? -errno : -EIO;
}
