#include "state_cookie.h"

#include <string.h>

enum { INIT = 1, INIT_ACK = 2 };
/* Chunk header and fixed fields (RFC 9260 3.3.2). */
#define INIT_FIXED 20
/* At the end: HMAC-SHA-1. */
#define SIGNATURE 20

/* Its length counts the cookie, which is not in itself. */
static void
read_init_ack(const uint8_t *end, struct state_cookie *out)
{
	size_t offset = (out->init_len + 3) & ~(size_t)3;

	out->init_ack = out->init;
	out->init_ack_len = 0;
	if ((size_t)(end - out->init) < offset + INIT_FIXED + SIGNATURE ||
	    out->init[offset] != INIT_ACK)
		return;
	out->init_ack += offset;
	out->init_ack_len = (size_t)(end - out->init_ack) - SIGNATURE;
}

static bool
read_init(const uint8_t *at, const uint8_t *end, struct state_cookie *out)
{
	out->at = at;
	out->init = at + STATE_COOKIE_INIT;
	out->init_len = read_be16(out->init + 2);
	if (out->init[0] != INIT || out->init_len < INIT_FIXED ||
	    out->init_len > (size_t)(end - out->init))
		return false;
	read_init_ack(end, out);
	return true;
}

bool
state_cookie_read(const struct link_packet *p, const uint8_t *cookie,
		  size_t len, struct state_cookie *out)
{
	static const size_t timeval_sizes[] = { 16, 8, 12 };
	const uint8_t *at;
	size_t i;

	for (i = 0; i < 3; i++) {
		at = cookie + timeval_sizes[i];
		if (len >= timeval_sizes[i] + STATE_COOKIE_INIT + INIT_FIXED &&
		    memcmp(at + STATE_COOKIE_MY_PORT, p->data + 2, 2) == 0 &&
		    memcmp(at + STATE_COOKIE_MY_TAG, p->data + 4, 4) == 0)
			return read_init(at, cookie + len, out);
	}
	return false;
}
