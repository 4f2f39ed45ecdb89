#include <stdlib.h>
#include <string.h>

#include "guard_rig.h"

struct rig *rig;

#define ADDR(last) { GEN_SCTP_INET, { 10, 0, 0, last }, UDP, 0 }
const struct gen_sctp_addr our_addr = ADDR(1);
const struct gen_sctp_addr peer_addr = ADDR(2);
const struct gen_sctp_addr peer_addr2 = ADDR(3);
const struct gen_sctp_addr stranger = ADDR(9);

void
rig_setup(void)
{
	rig = calloc(1, sizeof(*rig));
	rig->g = guard_new(MAX_ASSOCS);
	rig->now = 1000 * GUARD_SECOND;
	rig->cookie_port = PEER_PORT;
}

void
rig_teardown(void)
{
	guard_free(rig->g);
	free(rig);
}

struct gen_sctp_addr
ip4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t udp_port)
{
	return (struct gen_sctp_addr){
		.family = GEN_SCTP_INET,
		.ip = { a, b, c, d },
		.port = udp_port,
	};
}

/* -------------------------------------------------------------- builders */

static void
begin(uint16_t src_port, uint16_t dst_port, uint32_t vtag)
{
	struct rig_packet *k = &rig->k;

	k->p.data = k->bytes;
	k->p.len = SCTP_COMMON_HEADER;
	k->p.alias = 0;
	k->chunk = 0;
	memset(k->bytes, 0, SCTP_COMMON_HEADER);
	write_be16(k->bytes, src_port);
	write_be16(k->bytes + 2, dst_port);
	write_be32(k->bytes + 4, vtag);
}

void
from(struct gen_sctp_addr src, uint32_t vtag)
{
	rig->k.p.src = src;
	rig->k.p.dst = our_addr;
	begin(PEER_PORT, MY_PORT, vtag);
}

void
to(struct gen_sctp_addr dst, uint32_t vtag)
{
	rig->k.p.src = our_addr;
	rig->k.p.dst = dst;
	begin(MY_PORT, PEER_PORT, vtag);
}

static void
append(const void *body, size_t len)
{
	struct rig_packet *k = &rig->k;

	if (len > 0)
		memcpy(k->bytes + k->p.len, body, len);
	k->p.len += len;
}

static void
pad(void)
{
	static const uint8_t zeros[4];

	append(zeros, -rig->k.p.len & 3);
}

void
chunk(uint8_t type, uint8_t flags, const uint8_t *body, size_t len)
{
	uint8_t header[4] = { type, flags };

	write_be16(header + 2, (uint16_t)(len + 4));
	rig->k.chunk = rig->k.p.len;
	append(header, 4);
	append(body, len);
	pad();
}

void
param(uint16_t type, const uint8_t *body, size_t len)
{
	uint8_t header[4];

	write_be16(header, type);
	write_be16(header + 2, (uint16_t)(len + 4));
	append(header, 4);
	append(body, len);
	pad();
	write_be16(rig->k.bytes + rig->k.chunk + 2,
		   (uint16_t)(rig->k.p.len - rig->k.chunk));
}

void
param_addr(struct gen_sctp_addr addr)
{
	if (addr.family == GEN_SCTP_INET)
		param(PARAM_IPV4, addr.ip, 4);
	else
		param(PARAM_IPV6, addr.ip, 16);
}

void
init(uint8_t type, uint32_t tag)
{
	chunk(type, 0, BYTES(BE32(tag), BE32(65536), 0, 10, 0, 10, BE32(1)));
}

void
state_cookie(void)
{
	param(7, BYTES('c', 'o', 'o', 'k', 'i', 'e'));
}

/* An INIT chunk as it is in a cookie. */
static size_t
nested_init(uint8_t *at, uint8_t type, uint32_t tag,
	    const struct gen_sctp_addr *list, size_t n)
{
	size_t len = INIT_FIXED + 8 * n;

	memset(at, 0, len);
	at[0] = type;
	write_be16(at + 2, (uint16_t)len);
	write_be32(at + 4, tag);
	write_be32(at + 8, 65536);
	at[13] = at[15] = 10;
	for (size_t i = 0; i < n; i++) {
		write_be16(at + INIT_FIXED + 8 * i, PARAM_IPV4);
		write_be16(at + INIT_FIXED + 8 * i + 2, 8);
		memcpy(at + INIT_FIXED + 8 * i + 4, list[i].ip, 4);
	}
	return len;
}

void
cookie_port(uint16_t port)
{
	rig->cookie_port = port;
}

void
cookie_echo_t(size_t t, uint32_t my_tag, uint32_t peer_tag, bool tied,
	      struct gen_sctp_addr addr, const struct gen_sctp_addr *list,
	      size_t n)
{
	uint8_t c[1024] = "KAME-BSD 1.1";
	uint8_t *after_time = c + t;
	uint32_t type = addr.family == GEN_SCTP_INET ? PARAM_IPV4 : PARAM_IPV6;
	size_t len = 96 + t;

	memset(after_time + 20, tied ? 0x77 : 0, 8);
	write_be32(after_time + 32, my_tag);
	memcpy(after_time + 36, addr.ip, ip_addr_size(&addr));
	memcpy(after_time + 52, &type, 4);
	write_be16(after_time + 80, rig->cookie_port);
	write_be16(after_time + 82, MY_PORT);
	len += nested_init(c + len, CHUNK_INIT, peer_tag, list, n);
	len += nested_init(c + len, CHUNK_INIT_ACK, my_tag, NULL, 0);
	chunk(CHUNK_COOKIE_ECHO, 0, c, len + 20);
}

void
cookie_echo(uint32_t my_tag, uint32_t peer_tag, bool tied,
	    struct gen_sctp_addr addr, const struct gen_sctp_addr *list,
	    size_t n)
{
	cookie_echo_t(16, my_tag, peer_tag, tied, addr, list, n);
}

/* ------------------------------------------------------------------- use */

void
asconf_change(uint32_t serial, uint16_t type, struct gen_sctp_addr addr)
{
	chunk(CHUNK_ASCONF, 0, BYTES(BE32(serial)));
	param_addr(peer_addr);
	param(type, BYTES(BE32(5), 0, 5, 0, 8, addr.ip[0], addr.ip[1],
			  addr.ip[2], addr.ip[3]));
}

enum guard_verdict
in(void)
{
	return guard_in(rig->g, &rig->k.p, rig->now, &rig->restart, &rig->old);
}

enum guard_verdict
out(void)
{
	return guard_out(rig->g, &rig->k.p, rig->now);
}

int
chunk_type(unsigned n)
{
	struct guard_chunk c;
	size_t offset = SCTP_COMMON_HEADER;

	while (guard_next_chunk(&rig->k.p, &offset, &c))
		if (n-- == 0)
			return c.type;
	return -1;
}

int
param_type(unsigned n)
{
	const uint8_t *first = rig->k.bytes + SCTP_COMMON_HEADER;
	struct guard_items items = {
		rig->k.bytes + SCTP_COMMON_HEADER + INIT_FIXED,
		(size_t)read_be16(first + 2) - INIT_FIXED,
	};
	struct guard_item item;

	while (guard_next_item(&items, &item) == GUARD_ITEM)
		if (n-- == 0)
			return item.type;
	return -1;
}

void
accepted_as(uint32_t my_tag, uint32_t peer_tag, struct gen_sctp_addr peer,
	    const struct gen_sctp_addr *list, size_t n)
{
	from(peer, 0);
	init(CHUNK_INIT, peer_tag);
	for (size_t i = 0; i < n; i++)
		param_addr(list[i]);
	expect_in(pass);
	to(peer, peer_tag);
	init(CHUNK_INIT_ACK, my_tag);
	state_cookie();
	expect_out(pass);
	from(peer, my_tag);
	cookie_echo(my_tag, peer_tag, false, peer, list, n);
	expect_in(pass);
	to(peer, peer_tag);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
}

void
accepted(const struct gen_sctp_addr *list, size_t n)
{
	accepted_as(MY_TAG, PEER_TAG, peer_addr, list, n);
}

void
connected(const struct gen_sctp_addr *list, size_t n)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	for (size_t i = 0; i < n; i++)
		param_addr(list[i]);
	expect_in(pass);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_COOKIE_ECHO, 0, BYTES('c', 'o', 'o', 'k'));
	expect_out(pass);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_in(pass);
}

void
peer_speaks(void)
{
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(pass);
}

enum guard_abort_by
aborted(uint16_t *cause)
{
	return guard_aborted(rig->g, THE_ASSOC, cause);
}
