#include <string.h>

#include "guard_impl.h"

static inline size_t
padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* What a chunk's length may be, and what else there is to do. */
struct rule {
	uint16_t min;
	uint16_t max; /* 0: no limit */
	uint16_t seen;
};

/* Lengths of the chunks that the engine knows: fixed ones where it goes on
 * with something else when they are wrong, or reads before it looks. */
static const struct rule rules[256] = {
	[CHUNK_DATA] = { 16, 0, SEEN_OTHERS | SEEN_DATA },
	[CHUNK_INIT] = { INIT_FIXED, 0, SEEN_OTHERS | SEEN_ALONE },
	[CHUNK_INIT_ACK] = { INIT_FIXED, 0, SEEN_OTHERS | SEEN_ALONE },
	[CHUNK_SACK] = { 16, 0, SEEN_OTHERS },
	[CHUNK_HEARTBEAT] = { 8, 0, SEEN_OTHERS | SEEN_HEARTBEAT },
	[CHUNK_HEARTBEAT_ACK] = { 8, 0, SEEN_OTHERS },
	[CHUNK_ABORT] = { 4, 0, SEEN_OTHERS | SEEN_ABORT },
	[CHUNK_SHUTDOWN] = { 8, 8, SEEN_OTHERS | SEEN_SHUTDOWN },
	[CHUNK_SHUTDOWN_ACK] = { 4, 4, SEEN_OTHERS | SEEN_SHUTDOWN |
					       SEEN_SHUTDOWN_ACK },
	[CHUNK_ERROR] = { 4, 0, SEEN_OTHERS | SEEN_ERROR },
	[CHUNK_COOKIE_ECHO] = { 8, 0, SEEN_OTHERS | SEEN_COOKIE_ECHO },
	[CHUNK_COOKIE_ACK] = { 4, 4, SEEN_OTHERS | SEEN_COOKIE_ACK },
	[CHUNK_ECNE] = { 8, 12, SEEN_OTHERS },
	[CHUNK_CWR] = { 8, 8, SEEN_OTHERS },
	[CHUNK_SHUTDOWN_COMPLETE] = { 4, 4, SEEN_OTHERS | SEEN_ALONE },
	[CHUNK_AUTH] = { 8, 0, 0 },
	[CHUNK_NR_SACK] = { 20, 0, SEEN_OTHERS },
	[CHUNK_I_DATA] = { 20, 0, SEEN_OTHERS | SEEN_DATA },
	[CHUNK_ASCONF_ACK] = { 8, 0, SEEN_OTHERS | SEEN_ASCONF_ACK },
	[CHUNK_PKTDROP] = { 16, 0, SEEN_OTHERS },
	[CHUNK_RE_CONFIG] = { 12, 0, SEEN_OTHERS | SEEN_RE_CONFIG },
	[CHUNK_PAD] = { 4, 0, 0 },
	[CHUNK_FORWARD_TSN] = { 8, 0, SEEN_OTHERS },
	[CHUNK_ASCONF] = { 16, 0, SEEN_ASCONF },
	[CHUNK_I_FORWARD_TSN] = { 8, 0, SEEN_OTHERS },
};

bool
guard_next_chunk(const struct link_packet *p, size_t *offset,
		 struct guard_chunk *c)
{
	size_t left = p->len - *offset;

	if (left < CHUNK_HEADER)
		return false;
	c->at = p->data + *offset;
	c->type = c->at[0];
	c->flags = c->at[1];
	c->len = read_be16(c->at + 2);
	if (c->len < CHUNK_HEADER || c->len > left)
		return false;
	/* the last chunk may come without its padding (RFC 9260 s3.2) */
	*offset += padded(c->len) < left ? padded(c->len) : left;
	return true;
}

/* Afterwards offset == p->len if there was nothing but chunks. */
#define FOR_CHUNKS(p, offset, c)                             \
	for ((offset) = SCTP_COMMON_HEADER;                  \
	     guard_next_chunk((p), &(offset), &(c));)

static bool
length_fits(const struct guard *g, const struct guard_chunk *c)
{
	const struct rule *r = &rules[c->type];

	if (c->len < r->min || (r->max != 0 && c->len > r->max))
		return false;
	if (c->type == CHUNK_HEARTBEAT_ACK && g->heartbeat_len != 0)
		return c->len == g->heartbeat_len;
	if (c->type == CHUNK_ECNE)
		return c->len != 9 && c->len != 10 && c->len != 11;
	return c->type != CHUNK_ASCONF || guard_asconf_sane(c);
}

static unsigned
seen_by(uint8_t type)
{
	const struct rule *r = &rules[type];

	return r->min == 0 ? SEEN_OTHERS : r->seen;
}

/* The first chunk counts, or the one behind AUTH (RFC 4895 s6.3: AUTH is in
 * front of what it covers). */
static void
take_first(struct guard_scan *s, const struct guard_chunk *c, size_t n)
{
	if (n == 0 || (n == 1 && s->auth)) {
		s->auth = s->auth || c->type == CHUNK_AUTH;
		s->first = *c;
	}
}

static enum guard_verdict
place(const struct guard_scan *s, const struct guard_chunk *c, size_t n)
{
	if (c->type == CHUNK_COOKIE_ECHO && n > (s->auth ? 1U : 0U))
		return GUARD_CHUNK;
	if ((rules[c->type].seen & SEEN_ALONE) && n > 0)
		return GUARD_NOT_ALONE;
	return GUARD_PASS;
}

static void make_causes_inert(struct guard *g, struct link_packet *p);

enum guard_verdict
guard_scan_in(struct guard *g, struct link_packet *p, struct guard_scan *s)
{
	struct guard_chunk c;
	size_t offset, n = 0;

	memset(s, 0, sizeof(*s));
	FOR_CHUNKS(p, offset, c) {
		enum guard_verdict v = place(s, &c, n);

		if (v != GUARD_PASS)
			return v;
		if (s->seen & SEEN_ALONE)
			return GUARD_NOT_ALONE;
		if (!length_fits(g, &c))
			return GUARD_CHUNK;
		take_first(s, &c, n++);
		s->seen |= seen_by(c.type);
	}
	if (offset != p->len)
		return s->seen & SEEN_ALONE ? GUARD_NOT_ALONE : GUARD_CHUNK;
	if (s->seen & (SEEN_ABORT | SEEN_ERROR))
		make_causes_inert(g, p);
	return GUARD_PASS;
}

bool
guard_scan_out(const struct link_packet *p, struct guard_scan *s)
{
	struct guard_chunk c;
	size_t offset, n = 0;

	memset(s, 0, sizeof(*s));
	if (p->len < SCTP_COMMON_HEADER)
		return false;
	FOR_CHUNKS(p, offset, c) {
		take_first(s, &c, n++);
		s->seen |= seen_by(c.type);
	}
	return n > 0;
}

void
guard_keep_data_only(struct guard *g, struct link_packet *p,
		     const struct guard_chunk *cookie)
{
	size_t offset = (size_t)(cookie->at - p->data) + padded(cookie->len);
	struct guard_chunk c;

	while (offset < p->len) {
		size_t at = offset;

		if (!guard_next_chunk(p, &offset, &c))
			return;
		if (c.type != CHUNK_DATA && c.type != CHUNK_I_DATA) {
			p->len = at;
			g->counts[GUARD_BLANKED]++;
		}
	}
}

void
guard_blank_chunks(struct guard *g, struct link_packet *p, uint8_t type,
		   size_t keep)
{
	struct guard_chunk c;
	size_t offset;

	FOR_CHUNKS(p, offset, c) {
		if (c.type != type)
			continue;
		if (keep > 0) {
			keep--;
			continue;
		}
		c.at[0] = CHUNK_PAD;
		g->counts[GUARD_BLANKED]++;
	}
}

/* -------------------------------------------------------------- causes */

#define CAUSE_USER_ABORT 12
/* Of an expired draft on NAT: colliding state, missing state. */
#define CAUSE_NAT_COLLIDING 0xb0
#define CAUSE_NAT_MISSING 0xb1

enum guard_step
guard_next_item(struct guard_items *items, struct guard_item *item)
{
	size_t step;

	if (items->left == 0)
		return GUARD_NO_MORE;
	if (items->left < 4)
		return GUARD_MALFORMED;
	item->at = items->at;
	item->type = read_be16(item->at);
	item->len = read_be16(item->at + 2);
	if (item->len < 4 || item->len > items->left)
		return GUARD_MALFORMED;
	step = padded(item->len) < items->left ? padded(item->len)
					       : items->left;
	items->at += step;
	items->left -= step;
	return GUARD_ITEM;
}

static bool
is_nat_cause(uint16_t code)
{
	return code == CAUSE_NAT_COLLIDING || code == CAUSE_NAT_MISSING;
}

/* The engine looks at the first cause of an ABORT, and at all of an ERROR; one
 * that it cannot read to its end might mean something else to it. */
static bool
error_is_harmless(const struct guard_chunk *c)
{
	struct guard_items causes = guard_items_of(c, CHUNK_HEADER);
	struct guard_item cause;
	enum guard_step step;

	while ((step = guard_next_item(&causes, &cause)) == GUARD_ITEM)
		if (is_nat_cause(cause.type))
			return false;
	return step == GUARD_NO_MORE;
}

static void
make_causes_inert(struct guard *g, struct link_packet *p)
{
	struct guard_chunk c;
	size_t offset;

	FOR_CHUNKS(p, offset, c) {
		if (c.type == CHUNK_ERROR && !error_is_harmless(&c))
			c.at[0] = CHUNK_PAD;
		else if (c.type == CHUNK_ABORT && c.len >= CHUNK_HEADER + 4 &&
			 is_nat_cause(read_be16(c.at + CHUNK_HEADER)))
			write_be16(c.at + CHUNK_HEADER, CAUSE_USER_ABORT);
		else
			continue;
		g->counts[GUARD_BLANKED]++;
	}
}

uint16_t
guard_abort_cause(const struct link_packet *p)
{
	struct guard_chunk c;
	size_t offset;

	FOR_CHUNKS(p, offset, c)
		if (c.type == CHUNK_ABORT)
			return c.len < CHUNK_HEADER + 4 ?
				0 : read_be16(c.at + CHUNK_HEADER);
	return 0;
}
