/*
 * COOKIE ECHO in, COOKIE ACK out (RFC 9260 5.1, 5.2.4).
 *
 * A COOKIE ECHO proves nothing here: the engine checks the cookie's signature.
 * What the association would be is kept as a candidate, one of a few; it counts
 * when the engine's COOKIE ACK leaves.
 */
#include <string.h>

#include "guard_impl.h"
#include "state_cookie.h"

struct cookie {
	bool read; /* else nothing below is known */
	bool tied; /* made while there was an association */
	uint16_t alias;
	uint32_t peer_tag;
	struct gen_sctp_addr addr; /* where the INIT came from; family 0: not IP */
	struct guard_addrs list;   /* what the INIT lists, and addr */
	struct guard_handshake handshake;
};

static void
read_address(const uint8_t *at, const uint8_t *type_at,
	     struct gen_sctp_addr *addr)
{
	uint32_t type;

	memcpy(&type, type_at, sizeof(type));
	memset(addr, 0, sizeof(*addr));
	if (type == PARAM_IPV4)
		addr->family = GEN_SCTP_INET;
	else if (type == PARAM_IPV6)
		addr->family = GEN_SCTP_INET6;
	else
		return;
	memcpy(addr->ip, at, type == PARAM_IPV4 ? 4 : 16);
}

static void
read_handshake(const struct guard_chunk *c, const struct state_cookie *cookie,
	       struct cookie *is)
{
	struct guard_handshake *h = &is->handshake;

	h->init_ack.at = c->at + (cookie->init_ack - c->at);
	h->init_ack.len = cookie->init_ack_len;
	h->peer = is->addr;
	read_address(cookie->at + STATE_COOKIE_LOCAL,
		     cookie->at + STATE_COOKIE_LOCAL_TYPE, &h->local);
}

static void
read_cookie(const struct guard *g, const struct link_packet *p,
	    const struct guard_chunk *c, struct cookie *is)
{
	static const uint8_t untied[8];
	struct guard_chunk init = { .type = CHUNK_INIT };
	struct state_cookie cookie;

	is->alias = 0;
	is->read = state_cookie_read(p, c->at + CHUNK_HEADER,
				     c->len - CHUNK_HEADER, &cookie);
	is->peer_tag = 0;
	is->handshake.init_ack.len = 0;
	is->addr = p->src;
	is->list.n = 1;
	is->list.addr[0] = p->src;
	if (!is->read)
		return;
	init.at = c->at + (cookie.init - c->at);
	init.len = cookie.init_len;
	is->tied = memcmp(cookie.at + STATE_COOKIE_TIE_TAGS, untied, 8) != 0;
	is->peer_tag = read_be32(init.at + 4);
	is->alias = guard_alias_of_cookie(g, p, &cookie);
	read_address(cookie.at + STATE_COOKIE_ADDRESS,
		     cookie.at + STATE_COOKIE_ADDRESS_TYPE, &is->addr);
	if (is->addr.family == GEN_SCTP_UNSPEC)
		is->addr = p->src;
	guard_init_addrs(g, &init, &is->list);
	is->list.addr[is->list.n++] = is->addr;
	read_handshake(c, &cookie, is);
}

/* ------------------------------------------------------------ COOKIE ECHO */

/* `known`: the association that the cookie belongs to, or NULL. */
static struct guard_entry *
make_candidate(struct guard *g, const struct link_packet *p,
	       const struct guard_entry *known, const struct cookie *is)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_entry *e;

	id.peer_tag = is->peer_tag;
	e = guard_candidate_new(g, &id, p, known, &is->list);
	if (e != NULL && is->handshake.init_ack.len > 0)
		guard_told_of_cookie(g, e, p, &is->handshake);
	return e;
}

/* An association of ours that is connecting to one of these addresses: the
 * engine would abort it in favour of this one. */
static bool
disturbs_connect(struct guard *g, const struct link_packet *p,
		 const struct cookie *is)
{
	struct guard_assoc id = guard_id_in(p);

	for (size_t i = 0; i < is->list.n; i++) {
		struct guard_path *path = NULL;

		while ((path = guard_next_peer(g, &id, &is->list.addr[i],
					       path)) != NULL)
			if (path->entry->state == GUARD_INIT_SENT)
				return true;
	}
	return false;
}

static enum guard_verdict
cookie_of_nobody(struct guard *g, const struct link_packet *p,
		 const struct cookie *is)
{
	struct guard_entry *e;

	if (disturbs_connect(g, p, is))
		return GUARD_COOKIE_PATHS;
	if (!guard_make_room(g))
		return GUARD_FULL;
	e = make_candidate(g, p, NULL, is);
	if (e == NULL)
		return GUARD_FULL;
	guard_pending_keep(g, e);
	return GUARD_PASS;
}

/* Hands the cookie over such that the engine learns no UDP port from it. */
static enum guard_verdict
cookie_of(struct guard *g, struct link_packet *p, const struct guard_scan *s,
	  const struct guard_entry *known, const struct cookie *is,
	  struct guard_entry *candidate)
{
	const struct guard_path *path = guard_path_of(known, &p->src);

	if (path == NULL) /* the engine finds it by the INIT's address */
		path = guard_path_of(known, &is->addr);
	p->src.port = path->engine_port;
	guard_to_engine_source(path, p);
	guard_keep_data_only(g, p, &s->first);
	guard_pending_keep(g, candidate);
	return GUARD_PASS;
}

/* The engine replaces its address list by the cookie's. Addresses that it used
 * already must not go (it keeps pointers to them), nor the one that this packet
 * is from. */
static bool
list_suits(const struct guard_entry *known, const struct guard_entry *candidate,
	   const struct link_packet *p, const struct cookie *is)
{
	if (!is->read)
		return true;
	if (guard_path_of(known, &is->addr) == NULL)
		return false;
	if (guard_path_of(known, &p->src) != NULL &&
	    guard_path_of(candidate, &p->src) == NULL)
		return false;
	return known->state == GUARD_INIT_SENT ||
	       guard_paths_within(known, candidate);
}

/* Its tag is the association's: our COOKIE ACK was lost, or both sides sent an
 * INIT and this one answers the INIT ACK, which had the tag of our INIT
 * (RFC 9260 s5.2.1). */
static enum guard_verdict
cookie_of_known(struct guard *g, struct link_packet *p,
		const struct guard_scan *s, struct guard_entry *e,
		const struct cookie *is)
{
	struct guard_entry *candidate;

	if (e->spoken)
		return GUARD_COOKIE;
	if (guard_path_of(e, &p->src) == NULL && !is->read)
		return GUARD_SOURCE;
	candidate = make_candidate(g, p, e, is);
	if (candidate == NULL)
		return GUARD_FULL;
	if (!list_suits(e, candidate, p, is)) {
		guard_entry_free(g, candidate);
		return GUARD_COOKIE_PATHS;
	}
	return cookie_of(g, p, s, e, is, candidate);
}

static bool
offered(const struct guard *g, const struct guard_entry *e, uint32_t tag)
{
	for (unsigned i = 0; i < GUARD_TAGS; i++)
		if (e->init_acks[i].tag == tag &&
		    g->now - e->init_acks[i].at <= GUARD_COOKIE_LIFE)
			return true;
	return false;
}

/* The association with that peer to which an INIT ACK with that tag was given;
 * one on the same address of ours if there are several. */
static struct guard_entry *
find_offer(struct guard *g, const struct link_packet *p,
	   const struct gen_sctp_addr *peer)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_path *path = NULL;
	struct guard_entry *found = NULL;

	while ((path = guard_next_peer(g, &id, peer, path)) != NULL) {
		struct guard_entry *e = path->entry;

		if (!guard_alive(e) || !offered(g, e, id.my_tag))
			continue;
		if (found == NULL || ip_addr_equal(&e->local, &p->dst))
			found = e;
	}
	return found;
}

static bool
one_path_left(const struct guard_entry *e, const struct guard_entry *candidate)
{
	return e->n_paths == 1 && candidate->n_paths == 1 &&
	       guard_paths_within(e, candidate);
}

/* The peer restarted (RFC 9260 5.2.4, case A). The engine takes over the
 * association correctly if it has one path and nothing is unanswered; else it
 * would go on with pointers to what it freed, so the association ends first. */
static enum guard_verdict
cookie_of_restart(struct guard *g, struct link_packet *p,
		  const struct guard_scan *s, struct guard_entry *e,
		  const struct cookie *is, bool *restart,
		  struct guard_assoc *old)
{
	struct guard_entry *candidate = make_candidate(g, p, e, is);

	if (candidate == NULL)
		return GUARD_FULL;
	if (is->read && one_path_left(e, candidate) && !e->reconfig_open &&
	    !e->asconf_open) {
		candidate->replaces = e->id.my_tag;
		return cookie_of(g, p, s, e, is, candidate);
	}
	guard_entry_free(g, candidate);
	candidate = make_candidate(g, p, NULL, is);
	if (candidate == NULL)
		return GUARD_FULL;
	guard_pending_keep(g, candidate);
	e->restarting = true;
	*restart = true;
	*old = e->id;
	return GUARD_PASS;
}

/* A cookie that was made while there was no association. The peer may have one
 * with another address of ours; for the engine this is a new one, or it is
 * discarded. It must not carry a new UDP port to the old one, though. */
static bool
may_be_new(const struct link_packet *p, const struct cookie *is,
	   const struct guard_path *known, bool was_offered)
{
	if (!is->read || is->tied)
		return false;
	return was_offered || known->addr.port == p->src.port ||
	       !ip_addr_equal(&known->addr, &p->src);
}

/* The peer answered several INIT ACKs, and is up under another alias. */
static bool
is_of_another(struct guard *g, const struct link_packet *p)
{
	const struct guard_path *path = guard_exact_peer(g, p);

	return path != NULL && path->entry->id.alias != p->alias;
}

enum guard_verdict
guard_cookie_in(struct guard *g, struct link_packet *p,
		const struct guard_scan *s, bool *restart,
		struct guard_assoc *old)
{
	const struct guard_path *known;
	struct guard_assoc id;
	struct guard_entry *e;
	struct cookie is;

	if (packet_vtag(p) == 0)
		return GUARD_TAG;
	read_cookie(g, p, &s->first, &is);
	p->alias = is.alias;
	id = guard_id_in(p);
	e = guard_find_alive(g, &id);
	if (e != NULL && e->id.alias != id.alias)
		return GUARD_TAG;
	if (e != NULL)
		return cookie_of_known(g, p, s, e, &is);
	if (is_of_another(g, p))
		return GUARD_COOKIE;
	/* the engine looks for the packet's source, then for the INIT's */
	known = guard_find_peer(g, &id, &p->src, &p->dst);
	if (known == NULL)
		known = guard_find_peer(g, &id, &is.addr, &p->dst);
	if (known == NULL && !guard_alias_free(g, p, &is.list))
		return GUARD_COOKIE_PATHS;
	if (known == NULL)
		return cookie_of_nobody(g, p, &is);
	e = find_offer(g, p, &known->addr);
	if (may_be_new(p, &is, known, e != NULL))
		return cookie_of_nobody(g, p, &is);
	if (e == NULL)
		return GUARD_TAG;
	return cookie_of_restart(g, p, s, e, &is, restart, old);
}

/* ------------------------------------------------------------- COOKIE ACK */

static void
forget_replaced(struct guard *g, const struct guard_entry *candidate)
{
	struct guard_assoc id = candidate->id;
	struct guard_entry *e;

	id.my_tag = candidate->replaces;
	e = guard_find(g, &id);
	if (e != NULL)
		guard_entry_free(g, e);
}

void
guard_cookie_ack_out(struct guard *g, const struct link_packet *p)
{
	struct guard_entry *candidate = guard_pending_take(g, p);
	struct guard_entry *e;

	if (candidate == NULL)
		return;
	e = guard_find(g, &candidate->id);
	if (e != NULL && guard_alive(e)) {
		e->id.peer_tag = candidate->id.peer_tag;
		guard_paths_move(g, e, candidate);
		guard_told_move(e, candidate);
		guard_entry_free(g, candidate);
		guard_set_state(g, e, GUARD_UP);
		return;
	}
	if (e != NULL)
		guard_entry_free(g, e);
	if (candidate->replaces != 0)
		forget_replaced(g, candidate);
	guard_set_state(g, candidate, GUARD_UP);
	guard_link(g, candidate);
	guard_put_out_rivals(g, candidate);
}
