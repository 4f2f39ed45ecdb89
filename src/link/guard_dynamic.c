/*
 * ASCONF (RFC 5061): which addresses the peer has changes when the engine's
 * ASCONF-ACK leaves, because only the engine can check the AUTH chunk.
 * RE-CONFIG (RFC 6525): whether ours is unanswered.
 */
#include <string.h>

#include "guard_impl.h"

/* Chunk header and serial number. */
#define ASCONF_FIXED 8
/* Parameter header and correlation id. */
#define ASCONF_PARAM 8
#define PARAM_ADD_IP 0xc001
#define PARAM_DELETE_IP 0xc002
#define PARAM_ERROR_CAUSE 0xc003

#define PARAM_RESET_OUT 13
#define PARAM_RESET_IN 14
#define PARAM_RESET_TSN 15
#define PARAM_RESPONSE 16
#define PARAM_ADD_OUT 17
#define PARAM_ADD_IN 18
#define RESULT_IN_PROGRESS 6

/* The chunks of that type, one after the other. */
static bool
next_of_type(const struct link_packet *p, size_t *offset, uint8_t type,
	     struct guard_chunk *c)
{
	while (guard_next_chunk(p, offset, c))
		if (c->type == type)
			return true;
	return false;
}

#define FOR_TYPE(p, chunk_type, offset, c)                       \
	for (size_t offset = SCTP_COMMON_HEADER;                 \
	     next_of_type((p), &offset, (chunk_type), &(c));)

/* ----------------------------------------------------------------- ASCONF */

/* The address by which the sender is to be found; items move behind it. */
static bool
read_lookup(const struct guard_chunk *c, struct guard_items *items,
	    struct gen_sctp_addr *lookup)
{
	struct guard_item param;

	*items = guard_items_of(c, ASCONF_FIXED);
	return guard_next_item(items, &param) == GUARD_ITEM &&
	       guard_read_addr(&param, lookup);
}

bool
guard_asconf_sane(const struct guard_chunk *c)
{
	struct guard_items items;
	struct guard_item param;
	struct gen_sctp_addr lookup;
	enum guard_step step;

	if (c->len < ASCONF_FIXED + 8 || !read_lookup(c, &items, &lookup))
		return false;
	while ((step = guard_next_item(&items, &param)) == GUARD_ITEM)
		if (param.len < ASCONF_PARAM)
			return false;
	return step == GUARD_NO_MORE;
}

/* The address that a parameter adds or deletes; wildcards do neither here. */
static bool
read_change(const struct guard_item *param, struct gen_sctp_addr *addr)
{
	struct guard_items inner = { param->at + ASCONF_PARAM,
				     param->len - ASCONF_PARAM };
	struct guard_item item;

	if (param->type != PARAM_ADD_IP && param->type != PARAM_DELETE_IP)
		return false;
	return guard_next_item(&inner, &item) == GUARD_ITEM &&
	       item.len + ASCONF_PARAM == param->len &&
	       guard_read_addr(&item, addr) && guard_unicast(addr);
}

/* False: more changes than there may be addresses. */
static bool
read_changes(const struct guard_chunk *c, struct guard_asconf *is)
{
	struct guard_items items;
	struct guard_item param;
	struct gen_sctp_addr addr;

	is->n = 0;
	if (!read_lookup(c, &items, &addr))
		return true;
	while (guard_next_item(&items, &param) == GUARD_ITEM) {
		if (!read_change(&param, &addr))
			continue;
		if (is->n == GUARD_MAX_PATHS)
			return false;
		is->change[is->n].addr = addr;
		is->change[is->n].correlation = read_be32(param.at + 4);
		is->change[is->n].add = param.type == PARAM_ADD_IP;
		is->n++;
	}
	return true;
}

static bool
fits(const struct guard_entry *e, const struct guard_asconf *is)
{
	size_t n = e->n_paths;

	for (size_t i = 0; i < is->n; i++)
		n += is->change[i].add;
	return n <= GUARD_MAX_PATHS;
}

bool
guard_asconf_in(struct guard *g, struct guard_entry *e,
		const struct link_packet *p)
{
	struct guard_chunk c;

	FOR_TYPE(p, CHUNK_ASCONF, offset, c) {
		struct guard_asconf *is = &g->asconf[g->next_asconf];

		memset(&is->id, 0, sizeof(is->id));
		if (!read_changes(&c, is) || !fits(e, is))
			return false;
		is->id = e->id;
		is->serial = read_be32(c.at + 4);
		is->src = p->src;
		g->next_asconf = (g->next_asconf + 1) % GUARD_PENDING;
	}
	return true;
}

/* From an unknown source the engine finds the association by the lookup
 * address (or, if that is a wildcard, by the tag, and then has no path at hand
 * that other chunks could do without), and learns the UDP port for it. */
enum guard_verdict
guard_stranger_in(struct guard *g, struct guard_entry *e, struct link_packet *p,
		  const struct guard_scan *s)
{
	struct guard_items items;
	struct gen_sctp_addr lookup;
	const struct guard_path *path;

	if (g->one_path || s->first.type != CHUNK_ASCONF ||
	    s->seen != SEEN_ASCONF || !read_lookup(&s->first, &items, &lookup))
		return GUARD_SOURCE;
	path = guard_path_of(e, &lookup);
	if (path == NULL && guard_unicast(&lookup))
		return GUARD_SOURCE;
	if (!guard_asconf_in(g, e, p))
		return GUARD_CHUNK;
	if (path != NULL)
		p->src.port = path->engine_port;
	return GUARD_PASS;
}

static bool
refused(const struct guard_chunk *ack, uint32_t correlation)
{
	struct guard_items items = guard_items_of(ack, ASCONF_FIXED);
	struct guard_item param;

	while (guard_next_item(&items, &param) == GUARD_ITEM)
		if (param.type == PARAM_ERROR_CAUSE &&
		    param.len >= ASCONF_PARAM &&
		    read_be32(param.at + 4) == correlation)
			return true;
	return false;
}

static void
carry_out(struct guard *g, struct guard_entry *e,
	  const struct guard_asconf *is, const struct guard_chunk *ack)
{
	for (size_t i = 0; i < is->n; i++) {
		const struct gen_sctp_addr *addr = &is->change[i].addr;
		struct guard_path *path;

		if (refused(ack, is->change[i].correlation))
			continue;
		if (!is->change[i].add) {
			guard_path_remove(g, e, addr);
			continue;
		}
		path = guard_path_add(g, e, addr);
		if (path != NULL && ip_addr_equal(addr, &is->src))
			path->addr.port = is->src.port;
	}
}

static struct guard_asconf *
find_asconf(struct guard *g, const struct guard_assoc *id, uint32_t serial)
{
	for (unsigned i = 0; i < GUARD_PENDING; i++) {
		struct guard_asconf *is = &g->asconf[i];

		if (is->id.my_tag != 0 && is->serial == serial &&
		    is->id.peer_tag == id->peer_tag &&
		    is->id.local_port == id->local_port &&
		    is->id.peer_port == id->peer_port)
			return is;
	}
	return NULL;
}

void
guard_asconf_ack_out(struct guard *g, const struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_chunk ack;

	FOR_TYPE(p, CHUNK_ASCONF_ACK, offset, ack) {
		struct guard_asconf *is;
		struct guard_entry *e;

		if (ack.len < ASCONF_FIXED)
			continue;
		is = find_asconf(g, &id, read_be32(ack.at + 4));
		if (is == NULL)
			continue;
		e = guard_find_alive(g, &is->id);
		if (e != NULL)
			carry_out(g, e, is, &ack);
		is->id.my_tag = 0;
	}
}

void
guard_asconf_out(struct guard_entry *e, const struct link_packet *p)
{
	struct guard_asconf is;
	struct guard_chunk c;

	FOR_TYPE(p, CHUNK_ASCONF, offset, c) {
		if (c.len < ASCONF_FIXED)
			continue;
		e->asconf_open = true;
		e->asconf_serial = read_be32(c.at + 4);
		read_changes(&c, &is);
		for (size_t i = 0; i < is.n; i++)
			if (!is.change[i].add)
				guard_told_forget(e, &is.change[i].addr);
	}
}

void
guard_asconf_ack_in(struct guard_entry *e, const struct link_packet *p)
{
	struct guard_chunk c;

	FOR_TYPE(p, CHUNK_ASCONF_ACK, offset, c)
		if (read_be32(c.at + 4) == e->asconf_serial)
			e->asconf_open = false;
}

/* -------------------------------------------------------------- RE-CONFIG */

static bool
is_request(const struct guard_item *param)
{
	switch (param->type) {
	case PARAM_RESET_OUT:
	case PARAM_RESET_IN:
	case PARAM_RESET_TSN:
	case PARAM_ADD_OUT:
	case PARAM_ADD_IN:
		return param->len >= 8;
	default:
		return false;
	}
}

/* A response, or an outgoing reset that answers our wish for it (RFC 6525
 * s5.2.3). */
static bool
answers(const struct guard_item *param, uint32_t seq)
{
	if (param->len < 12)
		return false;
	if (param->type == PARAM_RESPONSE)
		return read_be32(param->at + 4) == seq &&
		       read_be32(param->at + 8) != RESULT_IN_PROGRESS;
	return param->type == PARAM_RESET_OUT &&
	       read_be32(param->at + 8) == seq;
}

void
guard_reconfig_out(struct guard_entry *e, const struct link_packet *p)
{
	struct guard_chunk c;

	FOR_TYPE(p, CHUNK_RE_CONFIG, offset, c) {
		struct guard_items items = guard_items_of(&c, CHUNK_HEADER);
		struct guard_item param;

		while (guard_next_item(&items, &param) == GUARD_ITEM) {
			if (!is_request(&param))
				continue;
			e->reconfig_open = true;
			e->reconfig_seq = read_be32(param.at + 4);
		}
	}
}

/* Once our SHUTDOWN has left its socket may be gone, which the engine does not
 * check when it reports what a RE-CONFIG did. */
void
guard_reconfig_in(struct guard *g, struct guard_entry *e, struct link_packet *p)
{
	struct guard_chunk c;

	if (e->shutdown) {
		guard_blank_chunks(g, p, CHUNK_RE_CONFIG, 0);
		return;
	}
	p->reconfig = true;
	FOR_TYPE(p, CHUNK_RE_CONFIG, offset, c) {
		struct guard_items items = guard_items_of(&c, CHUNK_HEADER);
		struct guard_item param;

		while (guard_next_item(&items, &param) == GUARD_ITEM)
			if (answers(&param, e->reconfig_seq))
				e->reconfig_open = false;
	}
}

/* As many as no association can have. */
#define TOO_MANY 0xffff

void
guard_deny_streams(struct link_packet *p)
{
	struct guard_chunk c;

	FOR_TYPE(p, CHUNK_RE_CONFIG, offset, c) {
		struct guard_items items = guard_items_of(&c, CHUNK_HEADER);
		struct guard_item param;

		while (guard_next_item(&items, &param) == GUARD_ITEM)
			if (param.type == PARAM_ADD_IN && param.len >= 12)
				write_be16(param.at + 8, TOO_MANY);
	}
}
