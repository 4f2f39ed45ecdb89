#include "guard_impl.h"

/* ERROR chunks of a peer: at once, and how often then. */
#define MAX_ERRORS 16
#define ERROR_INTERVAL ((os_time)10000 * OS_MS)

static enum guard_verdict
check_addresses(const struct link_packet *p)
{
	if (packet_src_port(p) == 0 || packet_dst_port(p) == 0 ||
	    p->src.port == 0)
		return GUARD_PORT;
	if (!guard_unicast(&p->src) || !guard_unicast(&p->dst))
		return GUARD_ADDRESS;
	return GUARD_PASS;
}

/* The tag was right: the peer's UDP port is where this came from (RFC 6951
 * s5.4). */
static void
follow_port(const struct guard *g, struct guard_path *path,
	    struct link_packet *p)
{
	path->addr.port = p->src.port;
	if (g->one_path)
		p->src.port = path->engine_port;
	else
		path->engine_port = p->src.port;
}

/* An INIT changes nothing, whoever sent it. From where the peer is, it has the
 * UDP port that the engine compares with. */
static enum guard_verdict
init_in(struct guard *g, struct link_packet *p, const struct guard_scan *s)
{
	const struct guard_path *path;
	struct guard_assoc id;
	struct guard_addrs list;
	enum guard_verdict v;

	if (packet_vtag(p) != 0)
		return GUARD_TAG;
	v = guard_check_init(g, &s->first);
	if (v != GUARD_PASS)
		return v;
	guard_init_addrs(g, &s->first, &list);
	p->alias = guard_alias_of_init(g, p, &list);
	id = guard_id_in(p);
	path = guard_find_peer(g, &id, &p->src, &p->dst);
	if (path != NULL && path->addr.port == p->src.port)
		p->src.port = path->engine_port;
	return GUARD_PASS;
}

/* -------------------------------------------------------------- INIT ACK */

/* From an address that our INIT did not go to, the engine finds the association
 * by the first of its addresses that the INIT ACK lists, and learns the UDP
 * port for that one. */
static struct guard_path *
engine_finds(const struct guard_entry *e, const struct link_packet *p,
	     const struct guard_addrs *list)
{
	struct guard_path *path = guard_path_of(e, &p->src);

	for (size_t i = 0; path == NULL && i < list->n; i++)
		path = guard_path_of(e, &list->addr[i]);
	return path;
}

/* The peer's addresses are what the INIT ACK lists and where it came from. The
 * engine must not let go of ones that it used: at first it has not. */
static enum guard_verdict
take_addresses(struct guard *g, struct guard_entry *e, struct link_packet *p,
	       const struct guard_addrs *list, const struct guard_path *found)
{
	struct guard_entry *now = guard_candidate_new(g, &e->id, p, e, list);

	if (now == NULL)
		return GUARD_FULL;
	if (e->id.peer_tag != 0 && !guard_paths_within(e, now)) {
		guard_entry_free(g, now);
		return GUARD_INIT;
	}
	if (ip_addr_equal(&found->addr, &p->src))
		follow_port(g, guard_path_of(now, &p->src), p);
	else
		p->src.port = found->engine_port;
	guard_paths_move(g, e, now);
	guard_entry_free(g, now);
	return GUARD_PASS;
}

static enum guard_verdict
init_ack_in(struct guard *g, struct link_packet *p, const struct guard_scan *s)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_entry *e = guard_find_alive(g, &id);
	struct guard_addrs list;
	struct guard_path *found;
	enum guard_verdict v;

	if (e == NULL || e->state != GUARD_INIT_SENT)
		return GUARD_INIT_ACK;
	v = guard_check_init(g, &s->first);
	if (v != GUARD_PASS)
		return v;
	guard_init_addrs(g, &s->first, &list);
	found = engine_finds(e, p, &list);
	if (found == NULL)
		return GUARD_SOURCE;
	list.addr[list.n++] = p->src;
	v = take_addresses(g, e, p, &list, found);
	if (v != GUARD_PASS)
		return v;
	e->id.peer_tag = read_be32(s->first.at + 4);
	guard_init_answered(e, p);
	guard_to_engine_source(guard_path_of(e, &p->src), p);
	guard_set_state(g, e, GUARD_COOKIE_SENT);
	return GUARD_PASS;
}

/* ------------------------------------------------ packets with our tag */

/* The peer has our COOKIE ECHO (RFC 9260 s5.1, COOKIE ACK; the engine takes
 * these others for one). */
static bool
acknowledges_cookie(uint8_t type)
{
	return type == CHUNK_COOKIE_ACK || type == CHUNK_DATA ||
	       type == CHUNK_I_DATA || type == CHUNK_SACK ||
	       type == CHUNK_NR_SACK || type == CHUNK_HEARTBEAT;
}

/* What a peer may send that still waits for our COOKIE ACK. */
static bool
proves_nothing(uint8_t type)
{
	return type == CHUNK_HEARTBEAT_ACK || type == CHUNK_ERROR ||
	       type == CHUNK_ABORT;
}

static void
note_state(struct guard *g, struct guard_entry *e, const struct guard_scan *s)
{
	uint8_t type = s->first.type;

	if (e->state == GUARD_COOKIE_SENT && acknowledges_cookie(type))
		guard_set_state(g, e, GUARD_UP);
	e->spoken = e->state == GUARD_UP && !proves_nothing(type);
}

/* What a packet of the peer says beside data. e may be gone afterwards. */
static enum guard_verdict
act_on(struct guard *g, struct guard_entry *e, struct link_packet *p,
       const struct guard_scan *s)
{
	if ((s->seen & SEEN_ASCONF) && !guard_asconf_in(g, e, p))
		return GUARD_CHUNK;
	if (s->seen & SEEN_ASCONF_ACK)
		guard_asconf_ack_in(e, p);
	if (s->seen & SEEN_RE_CONFIG)
		guard_reconfig_in(g, e, p);
	if (s->seen & SEEN_ABORT)
		guard_end(g, e, GUARD_ABORT_BY_PEER, guard_abort_cause(p));
	else if (s->first.type == CHUNK_SHUTDOWN_COMPLETE && e->shutdown_ack)
		guard_end(g, e, GUARD_ABORT_NONE, 0);
	return GUARD_PASS;
}

/* The engine makes an event of every ERROR, whether anybody reads it or not:
 * one a packet, some at once and then one in a while are let through. */
static void
limit_errors(struct guard *g, struct guard_entry *e, struct link_packet *p)
{
	uint64_t earned = (uint64_t)(g->now - e->errors_at) / ERROR_INTERVAL;

	if (earned > 0) {
		e->errors = earned < MAX_ERRORS - e->errors ?
				    e->errors + (unsigned)earned :
				    MAX_ERRORS;
		e->errors_at = g->now;
	}
	guard_blank_chunks(g, p, CHUNK_ERROR, e->errors > 0);
	if (e->errors > 0)
		e->errors--;
}

static enum guard_verdict
of_association(struct guard *g, struct guard_entry *e, struct link_packet *p,
	       const struct guard_scan *s)
{
	struct guard_path *path = guard_path_of(e, &p->src);

	p->alias = e->id.alias;
	if (path == NULL)
		return guard_stranger_in(g, e, p, s);
	follow_port(g, path, p);
	guard_count_in(path, p);
	guard_to_engine_source(path, p);
	if (s->seen & SEEN_DATA)
		guard_note_latest(e, p, g->now);
	if (!e->spoken)
		note_state(g, e, s);
	if (s->seen & SEEN_ERROR)
		limit_errors(g, e, p);
	if (s->seen & (SEEN_ASCONF | SEEN_ASCONF_ACK | SEEN_RE_CONFIG |
		       SEEN_ABORT | SEEN_ALONE))
		return act_on(g, e, p, s);
	return GUARD_PASS;
}

/* ABORT and SHUTDOWN COMPLETE with the T bit have the tag that we send
 * (RFC 9260 s8.5.1). */
static enum guard_verdict
reflected(struct guard *g, struct link_packet *p, const struct guard_scan *s)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_path *path = NULL;

	while ((path = guard_next_path(g, &id, &p->src, path)) != NULL) {
		struct guard_entry *e = path->entry;

		if (!guard_alive(e) || e->id.peer_tag == 0 ||
		    e->id.peer_tag != id.my_tag)
			continue;
		p->alias = e->id.alias;
		p->src.port = path->engine_port;
		guard_to_engine_source(path, p);
		return act_on(g, e, p, s);
	}
	return guard_find_peer(g, &id, &p->src, &p->dst) ? GUARD_TAG
							 : GUARD_BLUE;
}

/* ------------------------------------------------------ all other packets */

/* A packet of no association is answered by the engine with an ABORT or
 * SHUTDOWN COMPLETE, but for these (RFC 9260 s8.4). */
static bool
deserves_no_answer(const struct guard_scan *s)
{
	switch (s->first.type) {
	case CHUNK_ERROR:
	case CHUNK_COOKIE_ACK:
	case CHUNK_SHUTDOWN_COMPLETE:
	case CHUNK_PKTDROP:
		return true;
	default:
		return s->seen & SEEN_ABORT;
	}
}

/* The tag is none of ours. While we connect, the peer may still wait for the
 * SHUTDOWN COMPLETE of an earlier association (RFC 9260 s8.5.1 E); the engine
 * answers and does nothing else. Others behind the peer's NAT are answered as
 * if the peer were not there. */
static enum guard_verdict
out_of_the_blue(struct guard *g, struct link_packet *p,
		const struct guard_scan *s)
{
	struct guard_assoc id = guard_id_in(p);
	const struct guard_path *path;

	if (id.my_tag == 0)
		return GUARD_TAG;
	path = guard_find_peer(g, &id, &p->src, &p->dst);
	if (path == NULL || (path->entry->state == GUARD_UP &&
			     guard_alias_of_stranger(g, p)))
		return deserves_no_answer(s) ? GUARD_BLUE : GUARD_PASS;
	if (s->first.type != CHUNK_SHUTDOWN_ACK || path->entry->state == GUARD_UP)
		return GUARD_TAG;
	p->src.port = path->engine_port;
	return GUARD_PASS;
}

static enum guard_verdict
by_tag(struct guard *g, struct link_packet *p, const struct guard_scan *s)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_entry *e = guard_find_alive(g, &id);

	return e != NULL ? of_association(g, e, p, s)
			 : out_of_the_blue(g, p, s);
}

static enum guard_verdict
examine(struct guard *g, struct link_packet *p, bool *restart,
	struct guard_assoc *old)
{
	struct guard_scan s;
	enum guard_verdict v;

	if (p->len < SCTP_COMMON_HEADER + CHUNK_HEADER)
		return GUARD_SHORT;
	v = check_addresses(p);
	if (v == GUARD_PASS)
		v = guard_scan_in(g, p, &s);
	if (v != GUARD_PASS)
		return v;
	switch (s.first.type) {
	case CHUNK_INIT:
		return init_in(g, p, &s);
	case CHUNK_INIT_ACK:
		return init_ack_in(g, p, &s);
	case CHUNK_COOKIE_ECHO:
		return guard_cookie_in(g, p, &s, restart, old);
	case CHUNK_ABORT:
	case CHUNK_SHUTDOWN_COMPLETE:
		if (!s.auth && (s.first.flags & CHUNK_FLAG_T))
			return reflected(g, p, &s);
		return by_tag(g, p, &s);
	default:
		return by_tag(g, p, &s);
	}
}

enum guard_verdict
guard_in(struct guard *g, struct link_packet *p, os_time now, bool *restart,
	 struct guard_assoc *old)
{
	enum guard_verdict v;

	*restart = false;
	g->now = now;
	p->alias = 0;
	v = examine(g, p, restart, old);
	if (v == GUARD_PASS)
		guard_alias_fed(g, p);
	g->counts[v]++;
	return v;
}
