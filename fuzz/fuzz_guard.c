/*
 * The packet guard under sequences of packets, both ways. Input: records of
 *
 *   1 byte   bit 0 out, 1-2 which peer, 3 another UDP port of it, 4 our other
 *            address, 5-6 time that passed before, 7 forget an association
 *   1 byte   verification tag
 *   2 bytes  length of what follows: the packet behind its common header
 *
 * A first byte of the input chooses the mode (bit 0: one path). Ports are
 * fixed and tags are small numbers, so that packets meet associations.
 */
#include <stdlib.h>
#include <string.h>

#include "guard_impl.h"

#define MY_PORT 5000
#define PEER_PORT 6000
#define MAX_ASSOCS 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct guard *g;
static os_time now;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* -------------------------------------------------- what must hold always */

static void
inside(const struct link_packet *p)
{
	struct guard_chunk c;
	size_t offset = SCTP_COMMON_HEADER, n = 0;

	while (guard_next_chunk(p, &offset, &c))
		n++;
	require(n > 0 && offset == p->len);
}

static void
init_is_sane(const struct link_packet *p, const struct guard_chunk *c)
{
	struct guard_items params = guard_items_of(c, INIT_FIXED);
	struct guard_item param;
	enum guard_step step;

	require(c->len >= INIT_FIXED && c->len <= 63487);
	require(p->len < SCTP_COMMON_HEADER + c->len + 4);
	require(read_be32(c->at + 4) != 0 && read_be32(c->at + 8) >= 1500);
	while ((step = guard_next_item(&params, &param)) == GUARD_ITEM) {
		require(param.type != 0xc007);
		require(param.type != PARAM_IPV4 || param.len == 8);
		require(param.type != PARAM_IPV6 || param.len == 20);
	}
	require(step == GUARD_NO_MORE);
}

static bool
nat_cause(uint16_t code)
{
	return code == 0xb0 || code == 0xb1;
}

static void
chunk_is_sane(const struct link_packet *p, const struct guard_chunk *c)
{
	struct guard_items causes = guard_items_of(c, CHUNK_HEADER);
	struct guard_item cause;

	switch (c->type) {
	case CHUNK_INIT:
	case CHUNK_INIT_ACK:
		init_is_sane(p, c);
		break;
	case CHUNK_SHUTDOWN:
		require(c->len == 8);
		break;
	case CHUNK_COOKIE_ACK:
	case CHUNK_SHUTDOWN_ACK:
		require(c->len == 4);
		break;
	case CHUNK_SHUTDOWN_COMPLETE:
		require(c->len == 4 && p->len == SCTP_COMMON_HEADER + 4);
		break;
	case CHUNK_ABORT:
		require(c->len < 8 || !nat_cause(read_be16(c->at + 4)));
		break;
	case CHUNK_ERROR:
		while (guard_next_item(&causes, &cause) == GUARD_ITEM)
			require(!nat_cause(cause.type));
		break;
	default:
		break;
	}
}

static void
passed_in(const struct link_packet *p)
{
	struct guard_chunk c;
	size_t offset = SCTP_COMMON_HEADER;
	uint8_t before = CHUNK_AUTH;

	inside(p);
	require((packet_vtag(p) == 0) == (p->data[12] == CHUNK_INIT));
	for (size_t n = 0; guard_next_chunk(p, &offset, &c); n++) {
		chunk_is_sane(p, &c);
		require(c.type != CHUNK_COOKIE_ECHO || n == 0 ||
			(n == 1 && before == CHUNK_AUTH));
		before = c.type;
	}
}

/* Where packets would go, and how many associations there are. */
static uint64_t
picture(void)
{
	uint64_t sum = g->n;

	for (size_t i = 0; i <= g->mask; i++)
		for (struct guard_path *p = g->by_addr[i]; p; p = p->chain)
			sum = sum * 31 + p->addr.port * 7U + p->engine_port;
	return sum;
}

static void
table_is_sane(void)
{
	size_t entries = 0, paths = 0, chained = 0, aliases = 0;

	for (size_t i = 0; i <= g->mask; i++) {
		for (struct guard_entry *e = g->by_tag[i]; e; e = e->chain) {
			require(e->state != GUARD_CANDIDATE);
			require(e->n_paths > 0 &&
				e->n_paths <= GUARD_MAX_PATHS);
			require((e->list == NULL) == (e->state == GUARD_UP));
			entries++;
			paths += e->n_paths;
			aliases += e->id.alias != 0;
		}
		for (struct guard_path *p = g->by_addr[i]; p; p = p->chain)
			chained++;
	}
	for (size_t i = 0; i < GUARD_ALIAS_BUCKETS; i++)
		for (struct guard_entry *e = g->by_alias[i]; e;
		     e = e->alias_chain)
			aliases--;
	require(aliases == 0);
	require(entries == g->n && paths == chained);
	require(g->n <= MAX_ASSOCS + GUARD_PENDING);
}

/* ---------------------------------------------------------------- packets */

/* The fuzzer's peers may have the same tag: then it is not said whose packet it
 * is. */
static bool
unique_peer_tag(uint32_t tag)
{
	size_t n = 0;

	for (size_t i = 0; i <= g->mask; i++)
		for (struct guard_entry *e = g->by_tag[i]; e; e = e->chain)
			n += e->id.peer_tag == tag;
	return n == 1;
}

static void
end_restarted(const struct guard_assoc *old)
{
	uint8_t abort_packet[16] = { 0 };
	const struct guard_entry *e = guard_find(g, old);
	struct link_packet p = { .data = abort_packet, .len = 16 };

	require(e != NULL);
	p.dst = e->paths->addr;
	p.src = e->local;
	write_be16(abort_packet, old->local_port);
	write_be16(abort_packet + 2,
		   old->alias != 0 ? old->alias : old->peer_port);
	write_be32(abort_packet + 4, old->peer_tag);
	abort_packet[12] = CHUNK_ABORT;
	abort_packet[15] = 4;
	if (old->peer_tag != 0 && unique_peer_tag(old->peer_tag))
		require(guard_out(g, &p, now) == GUARD_RESTART);
	guard_restart_done(g, old);
	/* The fuzzer's engine may have used a tag twice: another one may be
	 * found. */
	require(guard_find(g, old) != e);
}

static void
come_in(struct link_packet *p)
{
	uint64_t before = picture();
	size_t len = p->len;
	bool restart;
	struct guard_assoc old;
	enum guard_verdict v;

	if (p->src.family == GEN_SCTP_INET6)
		guard_hide_ipv4(p);
	v = guard_in(g, p, now, &restart, &old);
	require(v < GUARD_VERDICTS && p->len <= len);
	require(!restart || v == GUARD_PASS);
	if (v == GUARD_PASS)
		passed_in(p);
	/* what proves nothing changes nothing; ended ones may go */
	if (v != GUARD_FULL && (v != GUARD_PASS ||
				p->data[12] == CHUNK_INIT))
		require(picture() == before);
	if (restart)
		end_restarted(&old);
}

static struct gen_sctp_addr
address(unsigned which)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_INET, .port = 9899 };

	a.ip[0] = 10;
	a.ip[3] = (uint8_t)which;
	if (which == 5) {
		a.family = GEN_SCTP_INET6;
		a.ip[0] = 0x20;
	}
	return a;
}

static void
addresses(struct link_packet *p, uint8_t how)
{
	bool out = how & 1;
	bool aliased = (how & 8) && g->fed.alias != 0;
	struct gen_sctp_addr peer = address(2 + (how >> 1 & 3));
	struct gen_sctp_addr us = address(how & 16 ? 6 : 1);

	if (how & 8)
		peer.port = 4444;
	p->src = out ? us : peer;
	p->dst = out ? peer : us;
	write_be16(p->data, out ? MY_PORT : PEER_PORT);
	write_be16(p->data + 2, out ? PEER_PORT : MY_PORT);
	if (out && aliased)
		write_be16(p->data + 2, g->fed.alias);
}

static void
one_packet(uint8_t how, uint8_t tag, const uint8_t *body, size_t len)
{
	static const os_time waits[] = { 0, GUARD_SECOND, 61 * GUARD_SECOND,
					 601 * GUARD_SECOND };
	/* exactly as long as the packet, to catch reads behind it */
	uint8_t *packet = calloc(1, SCTP_COMMON_HEADER + len);
	struct link_packet p = { .data = packet,
				 .len = SCTP_COMMON_HEADER + len };

	memcpy(packet + SCTP_COMMON_HEADER, body, len);
	write_be32(packet + 4, tag);
	addresses(&p, how);
	now += waits[how >> 5 & 3];
	if (how & 1)
		(void)guard_out(g, &p, now);
	else
		come_in(&p);
	if (how & 128)
		guard_forget(g, &(struct guard_assoc){ MY_PORT, PEER_PORT, tag,
						       0, 0 });
	table_is_sane();
	free(packet);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	g = guard_new(MAX_ASSOCS);
	now = GUARD_SECOND;
	require(g != NULL);
	g->last_alias = 0;
	if (data[0] & 1)
		guard_set_one_path(g);
	data++;
	size--;
	while (size >= 4) {
		size_t len = read_be16(data + 2);

		if (len > size - 4)
			len = size - 4;
		one_packet(data[0], data[1], data + 4, len);
		data += 4 + len;
		size -= 4 + len;
	}
	guard_free(g);
	return 0;
}
