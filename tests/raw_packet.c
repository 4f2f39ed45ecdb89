/*
 * Packets of a raw peer: making, sending, taking apart.
 */
#include "raw_peer.h"

#include <string.h>
#include <sys/socket.h>

#include "raw_record.h"

#define COMMON_HEADER 12
#define CHUNK_HEADER  4
#define RWND	      (1U << 20)
#define STREAMS	      10
/* Flags of DATA: B, E and I (RFC 9260 3.3.1). */
#define WHOLE_AND_SACK_AT_ONCE 0x0b
/* CRC32c (RFC 9260 appendix A), lowest bit first. */
#define POLYNOMIAL 0x82f63b78U

static void
put16(uint8_t *at, size_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void
put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v);
}

static size_t
get16(const uint8_t *at)
{
	return (size_t)(at[0] << 8 | at[1]);
}

static uint32_t
crc32c(const uint8_t *data, size_t len)
{
	static uint32_t table[256];
	uint32_t crc = 0xffffffff;
	size_t i;

	if (table[1] == 0)
		for (uint32_t byte = 0; byte < 256; byte++) {
			table[byte] = byte;
			for (int bit = 0; bit < 8; bit++)
				table[byte] =
					table[byte] >> 1 ^
					(table[byte] & 1 ? POLYNOMIAL : 0);
		}
	for (i = 0; i < len; i++)
		crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
	return ~crc;
}

static void
put_crc(uint8_t *packet, size_t len)
{
	uint32_t crc;

	memset(packet + 8, 0, 4);
	crc = crc32c(packet, len);
	for (int i = 0; i < 4; i++)
		packet[8 + i] = (uint8_t)(crc >> (8 * i));
}

/* ---------------------------------------------------------------- making */

void
raw_begin(struct raw_peer *r, uint32_t vtag)
{
	memset(r->out, 0, COMMON_HEADER);
	put16(r->out, r->port);
	put16(r->out + 2, r->their_port);
	put32(r->out + 4, vtag);
	r->len = COMMON_HEADER;
	r->chunk = 0;
}

static void
append(struct raw_peer *r, const void *bytes, size_t len)
{
	if (len > RAW_PACKET - r->len)
		len = RAW_PACKET - r->len;
	if (len > 0)
		memcpy(r->out + r->len, bytes, len);
	r->len += len;
}

static void
pad(struct raw_peer *r)
{
	static const uint8_t zeros[4];

	append(r, zeros, -r->len & 3);
}

void
raw_chunk(struct raw_peer *r, uint8_t type, uint8_t flags, const void *body,
	  size_t len)
{
	uint8_t header[CHUNK_HEADER] = { type, flags };

	put16(header + 2, CHUNK_HEADER + len);
	r->chunk = r->len;
	append(r, header, sizeof(header));
	append(r, body, len);
	pad(r);
}

void
raw_lie(struct raw_peer *r, uint16_t len)
{
	put16(r->out + r->chunk + 2, len);
}

void
raw_bytes(struct raw_peer *r, const void *bytes, size_t len)
{
	append(r, bytes, len);
	raw_lie(r, (uint16_t)(r->len - r->chunk));
}

void
raw_param(struct raw_peer *r, uint16_t type, const void *body, size_t len)
{
	uint8_t header[4];

	put16(header, type);
	put16(header + 2, 4 + len);
	append(r, header, sizeof(header));
	append(r, body, len);
	pad(r);
	raw_lie(r, (uint16_t)(r->len - r->chunk));
}

void
raw_init(struct raw_peer *r, uint8_t type)
{
	raw_chunk(r, type, 0,
		  RAW_BYTES(RAW_BE32(r->tag), RAW_BE32(RWND), 0, STREAMS, 0,
			    STREAMS, RAW_BE32(r->tsn)));
}

/* RFC 4895 3.1 to 3.3, RFC 5061 4.2.7 */
static void
auth_abilities(struct raw_peer *r)
{
	static const uint8_t random_number[32] = "not so random";

	raw_param(r, RAW_RANDOM, random_number, sizeof(random_number));
	raw_param(r, RAW_CHUNKS, RAW_BYTES(RAW_ASCONF, RAW_ASCONF_ACK));
	raw_param(r, RAW_HMAC_ALGO, RAW_BYTES(0, 1));
	raw_param(r, RAW_EXTENSIONS,
		  RAW_BYTES(RAW_RE_CONFIG, RAW_FORWARD_TSN, RAW_AUTH,
			    RAW_ASCONF, RAW_ASCONF_ACK));
}

void
raw_abilities(struct raw_peer *r)
{
	raw_param(r, RAW_FORWARD_TSN_SUPPORTED, RAW_NOTHING);
	if (r->auth)
		auth_abilities(r);
	else
		raw_param(r, RAW_EXTENSIONS,
			  RAW_BYTES(RAW_RE_CONFIG, RAW_FORWARD_TSN));
	if (r->nat)
		raw_param(r, RAW_NAT_SUPPORT, RAW_NOTHING);
	for (int i = 1; i < r->paths && !r->hides_paths; i++)
		raw_param(r, RAW_IPV4, &r->at[i].sin_addr, 4);
	if (r->lists != NULL)
		raw_param(r, RAW_IPV4, r->lists, 4);
}

void
raw_data(struct raw_peer *r, const char *text)
{
	uint8_t body[12 + 1024] = { 0 };
	size_t len = strlen(text);

	if (len > sizeof(body) - 12)
		len = sizeof(body) - 12;
	put32(body, r->tsn++);
	put16(body + 6, r->ssn++);
	memcpy(body + 12, text, len);
	raw_chunk(r, RAW_DATA, WHOLE_AND_SACK_AT_ONCE, body, 12 + len);
}

void
raw_sack(struct raw_peer *r)
{
	raw_chunk(r, RAW_SACK, 0,
		  RAW_BYTES(RAW_BE32(r->seen_tsn), RAW_BE32(RWND), 0, 0, 0, 0));
}

void
raw_asconf(struct raw_peer *r)
{
	raw_chunk(r, RAW_ASCONF, 0, RAW_BYTES(RAW_BE32(1)));
	raw_param(r, RAW_IPV4, RAW_BYTES(0, 0, 0, 0));
}

/* --------------------------------------------------------------- sending */

static void
transmit(struct raw_peer *r, int fd, bool spoilt)
{
	raw_record(r, fd, spoilt);
	(void)!sendto(fd, r->out, r->len, 0, (struct sockaddr *)&r->to,
		      sizeof(r->to));
}

void
raw_send_by(struct raw_peer *r, int fd)
{
	put_crc(r->out, r->len);
	transmit(r, fd, false);
}

void
raw_send(struct raw_peer *r)
{
	raw_send_by(r, r->fds[0]);
}

void
raw_send_spoilt(struct raw_peer *r, int fd)
{
	put_crc(r->out, r->len);
	r->out[8] ^= 0x55;
	transmit(r, fd, true);
}

/* --------------------------------------------------------------- reading */

bool
raw_checksum_ok(struct raw_peer *r)
{
	uint8_t carried[4];

	if (r->in_len < COMMON_HEADER)
		return false;
	memcpy(carried, r->in + 8, 4);
	put_crc(r->in, r->in_len);
	return memcmp(carried, r->in + 8, 4) == 0;
}

bool
raw_next(const struct raw_peer *r, size_t *offset, struct raw_chunk *c)
{
	if (*offset == 0)
		*offset = COMMON_HEADER;
	if (*offset + CHUNK_HEADER > r->in_len)
		return false;
	c->at = r->in + *offset;
	c->type = c->at[0];
	c->flags = c->at[1];
	c->len = get16(c->at + 2);
	if (c->len < CHUNK_HEADER || c->len > r->in_len - *offset)
		return false;
	*offset += (c->len + 3) & ~(size_t)3;
	return true;
}

bool
raw_find(const struct raw_peer *r, uint8_t type, struct raw_chunk *c)
{
	size_t offset = 0;

	while (raw_next(r, &offset, c))
		if (c->type == type)
			return true;
	return false;
}
