#include "config.h"

#include "conn_cookie.h"

#include <string.h>

#include "ip_addr.h"
#include "state_cookie.h"

#define CHUNK_HEADER 4
#define COOKIE_ECHO 10
#define AUTH 15

/*
 * The mark is a parameter that every receiver skips (PAD, RFC 4820):
 *
 *   type @0, length @2, families of the peer's and of our address @4,
 *   the peer's UDP port @6, both addresses @8 and @24
 */
#define PAD 0x8005
#define MARK 40

static size_t
padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void
make_mark(uint8_t *mark, const struct conn_ends *ends)
{
	memset(mark, 0, MARK);
	write_be16(mark, PAD);
	write_be16(mark + 2, MARK);
	mark[4] = ends->peer.family;
	mark[5] = ends->local.family;
	write_be16(mark + 6, ends->peer.port);
	memcpy(mark + 8, ends->peer.ip, ip_addr_size(&ends->peer));
	memcpy(mark + 24, ends->local.ip, ip_addr_size(&ends->local));
}

size_t
conn_cookie_mark(uint8_t *data, size_t len, const struct conn_ends *ends)
{
	uint8_t *init = data + SCTP_COMMON_HEADER;
	size_t init_len = read_be16(init + 2);
	size_t at = padded(init_len);

	if (SCTP_COMMON_HEADER + init_len > len || at + MARK > UINT16_MAX)
		return 0;
	memset(init + init_len, 0, at - init_len);
	make_mark(init + at, ends);
	write_be16(init + 2, (uint16_t)(at + MARK));
	return SCTP_COMMON_HEADER + at + MARK;
}

const uint8_t *
conn_cookie_echo(const struct link_packet *p)
{
	size_t at = SCTP_COMMON_HEADER;

	if (p->len >= at + CHUNK_HEADER && p->data[at] == AUTH)
		at += padded(read_be16(p->data + at + 2));
	if (at + CHUNK_HEADER > p->len || p->data[at] != COOKIE_ECHO)
		return NULL;
	return p->data + at;
}

bool
conn_cookie_marked(const struct link_packet *p, const uint8_t *echo,
		   const struct conn_ends *ends, uint16_t *alias)
{
	size_t len = read_be16(echo + 2);
	struct state_cookie cookie;
	uint8_t mark[MARK];

	if (len < CHUNK_HEADER || len > (size_t)(p->data + p->len - echo) ||
	    !state_cookie_read(p, echo + CHUNK_HEADER, len - CHUNK_HEADER,
			       &cookie) ||
	    cookie.init_len < MARK)
		return false;
	make_mark(mark, ends);
	*alias = read_be16(cookie.at + STATE_COOKIE_PEER_PORT);
	return memcmp(cookie.init + cookie.init_len - MARK, mark, MARK) == 0;
}
