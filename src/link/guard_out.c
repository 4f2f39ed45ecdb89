#include "guard_impl.h"

/* Where a packet of ours goes. */
struct destination {
	struct guard_path *path;   /* of the association with its tag */
	struct guard_path *anyone; /* of one that is alive, whatever its tag */
};

static struct destination
find_destination(struct guard *g, const struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_path *path = NULL;
	struct destination to = { NULL, NULL };

	while ((path = guard_next_peer(g, &id, &p->dst, path)) != NULL) {
		bool alive = guard_alive(path->entry);

		if (alive && to.anyone == NULL)
			to.anyone = path;
		if (path->entry->id.peer_tag != id.peer_tag ||
		    id.peer_tag == 0)
			continue;
		if (alive || to.path == NULL)
			to.path = path;
		if (alive)
			break;
	}
	return to;
}

/* ------------------------------------------------------- the handshake */

/* Our association begins here (RFC 9260 s5.1 A); further INITs may go to other
 * addresses of the peer. */
static enum guard_verdict
init_out(struct guard *g, struct link_packet *p, const struct guard_chunk *init)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_entry *e;
	struct guard_path *path;

	if (init->len < INIT_FIXED)
		return GUARD_CHUNK;
	id.my_tag = read_be32(init->at + 4);
	if (id.my_tag == 0)
		return GUARD_INIT;
	e = guard_find_alive(g, &id);
	if (e == NULL) {
		if (!guard_make_room(g) || (e = guard_entry_new(&id)) == NULL)
			return GUARD_FULL;
		e->udp_port = p->dst.port;
		e->local = p->src;
		guard_link(g, e);
	}
	guard_set_state(g, e, GUARD_INIT_SENT);
	path = guard_path_add(g, e, &p->dst);
	if (path == NULL) {
		if (e->n_paths == 0)
			guard_entry_free(g, e);
		return GUARD_FULL;
	}
	if (path->engine_port != p->dst.port)
		path->addr.port = path->engine_port = p->dst.port;
	guard_put_out_rivals(g, e);
	guard_offer_in_init(g, path, p, init);
	return GUARD_PASS;
}

/* The tag that we offer to somebody whom we know: if the peer restarted, its
 * COOKIE ECHO will have it. */
static void
init_ack_out(struct guard *g, const struct link_packet *p,
	     const struct guard_chunk *init_ack)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_path *path = NULL;
	uint32_t tag;

	if (init_ack->len < INIT_FIXED)
		return;
	guard_offer_in_init_ack(g, p, init_ack);
	tag = read_be32(init_ack->at + 4);
	while ((path = guard_next_peer(g, &id, &p->dst, path)) != NULL) {
		struct guard_entry *e = path->entry;

		if (!guard_alive(e) || e->id.my_tag == tag)
			continue;
		e->init_acks[e->next_init_ack].tag = tag;
		e->init_acks[e->next_init_ack].at = g->now;
		e->next_init_ack = (e->next_init_ack + 1) % GUARD_TAGS;
	}
}

/* --------------------------------------------------- in an association */

static void
note_seen(struct guard_entry *e, const struct link_packet *p,
	  const struct guard_scan *s)
{
	if (s->seen & SEEN_SHUTDOWN)
		e->shutdown = true;
	if (s->seen & SEEN_SHUTDOWN_ACK)
		e->shutdown_ack = true;
	if (s->seen & SEEN_RE_CONFIG)
		guard_reconfig_out(e, p);
}

/* The peer's ABORT was not one to the engine (it lacked AUTH), which goes on
 * with the association; other than these it says nothing to somebody it does
 * not know. */
static bool
goes_on(const struct guard_entry *e, const struct guard_scan *s)
{
	return e->abort_by == GUARD_ABORT_BY_PEER &&
	       s->first.type != CHUNK_INIT_ACK && s->first.type != CHUNK_ERROR;
}

/* A packet with the peer's tag. */
static enum guard_verdict
known_out(struct guard *g, struct guard_entry *e, struct link_packet *p,
	  const struct guard_scan *s)
{
	if (e->marked)
		packet_mark(p, &e->marks);
	if (s->seen & SEEN_DATA)
		e->data_at = g->now;
	if (s->seen & SEEN_ABORT) {
		if (e->restarting)
			return GUARD_RESTART;
		if (guard_alive(e))
			guard_end(g, e, GUARD_ABORT_BY_US,
				  guard_abort_cause(p));
		return GUARD_PASS;
	}
	if (s->first.type == CHUNK_SHUTDOWN_COMPLETE) {
		if (guard_alive(e))
			guard_end(g, e, GUARD_ABORT_NONE, 0);
		return GUARD_PASS;
	}
	if (!guard_alive(e)) {
		if (!goes_on(e, s))
			return GUARD_PASS;
		guard_set_state(g, e, GUARD_UP);
	}
	note_seen(e, p, s);
	return GUARD_PASS;
}

/* While our INIT is unanswered, its ABORT has our own tag. */
static enum guard_verdict
abort_out(struct guard *g, struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_path *path;
	struct guard_entry *e;

	id.my_tag = packet_vtag(p);
	e = guard_find_alive(g, &id);
	if (e == NULL || e->id.peer_tag != 0)
		return GUARD_PASS;
	if (e->restarting)
		return GUARD_RESTART;
	path = guard_path_of(e, &p->dst);
	if (path != NULL)
		guard_set_source(g, path, p);
	guard_end(g, e, GUARD_ABORT_BY_US, guard_abort_cause(p));
	return GUARD_PASS;
}

/* The peer may have moved to another UDP port than the engine knows of; and the
 * program may have told the engine another one. */
static void
settle_port(const struct guard *g, const struct destination *to,
	    struct link_packet *p, const struct guard_scan *s)
{
	struct guard_path *path = to->path ? to->path : to->anyone;

	if (path == NULL)
		return;
	if (p->dst.port == path->engine_port ||
	    (s->first.type == CHUNK_INIT_ACK && path->entry->state == GUARD_UP)) {
		p->dst.port = path->addr.port;
		return;
	}
	if (to->path != NULL && !g->one_path && s->first.type != CHUNK_ERROR &&
	    !(s->seen & (SEEN_ABORT | SEEN_ALONE)))
		path->addr.port = path->engine_port = p->dst.port;
}

static void
learn_heartbeat(struct guard *g, const struct link_packet *p)
{
	struct guard_chunk c;
	size_t offset = SCTP_COMMON_HEADER;

	while (guard_next_chunk(p, &offset, &c))
		if (c.type == CHUNK_HEARTBEAT)
			g->heartbeat_len = (uint16_t)c.len;
}

/* What the engine did holds, though the packet does not leave. */
static enum guard_verdict
path_out(struct guard *g, struct guard_path *path, struct link_packet *p,
	 const struct guard_scan *s)
{
	struct guard_entry *e = path->entry;
	enum guard_verdict v;
	bool told;

	if (s->seen & SEEN_ASCONF)
		guard_asconf_out(e, p);
	told = s->first.type == CHUNK_INIT_ACK || guard_set_source(g, path, p);
	if (told)
		guard_count_out(path, p, s);
	v = known_out(g, e, p, s);
	return v == GUARD_PASS && !told ? GUARD_UNTOLD : v;
}

static enum guard_verdict
examine(struct guard *g, struct link_packet *p)
{
	struct guard_scan s;
	struct destination to;

	if (!guard_scan_out(p, &s))
		return GUARD_SHORT;
	if (s.first.type == CHUNK_INIT)
		return init_out(g, p, &s.first);
	guard_alias_out(g, p);
	if (s.first.type == CHUNK_INIT_ACK)
		init_ack_out(g, p, &s.first);
	if (s.seen & SEEN_COOKIE_ACK)
		guard_cookie_ack_out(g, p);
	if (s.seen & SEEN_ASCONF_ACK)
		guard_asconf_ack_out(g, p);
	if ((s.seen & SEEN_HEARTBEAT) && g->heartbeat_len == 0)
		learn_heartbeat(g, p);
	to = find_destination(g, p);
	settle_port(g, &to, p, &s);
	if (to.path != NULL)
		return path_out(g, to.path, p, &s);
	return s.seen & SEEN_ABORT ? abort_out(g, p) : GUARD_PASS;
}

enum guard_verdict
guard_out(struct guard *g, struct link_packet *p, os_time now)
{
	enum guard_verdict v;

	g->now = now;
	v = examine(g, p);
	g->counts[v]++;
	return v;
}
