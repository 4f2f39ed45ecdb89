/*
 * Peers that are one to the engine, which knows a peer by its address and SCTP
 * port: behind a NAT several may have both the same. What tells them apart is
 * the UDP port, or their tags. So the engine gets an alias in place of the SCTP
 * port of all but the first.
 *
 * An INIT buys nothing: its alias goes into the engine's cookie, signed, as the
 * peer's port, and comes back with the COOKIE ECHO. The association that this
 * makes has it from then on, and all its paths do.
 */
#include <string.h>

#include "guard_impl.h"
#include "state_cookie.h"

#define PORTS 65536

/* ----------------------------------------------------------- associations */

static struct guard_entry **
bucket(struct guard *g, uint16_t alias)
{
	return &g->by_alias[alias % GUARD_ALIAS_BUCKETS];
}

void
guard_alias_link(struct guard *g, struct guard_entry *e)
{
	struct guard_entry **head = bucket(g, e->id.alias);

	if (e->id.alias == 0)
		return;
	e->alias_chain = *head;
	*head = e;
}

void
guard_alias_unlink(struct guard *g, struct guard_entry *e)
{
	struct guard_entry **at = bucket(g, e->id.alias);

	if (e->id.alias == 0)
		return;
	while (*at != e)
		at = &(*at)->alias_chain;
	*at = e->alias_chain;
}

static bool
has_alias(const struct guard_entry *e, uint16_t local_port, uint16_t alias,
	  const struct gen_sctp_addr *peer)
{
	return e->id.alias == alias && e->id.local_port == local_port &&
	       guard_path_of(e, peer) != NULL;
}

/* The latest association that has it, over or not. */
static const struct guard_entry *
find(struct guard *g, uint16_t local_port, uint16_t alias,
     const struct gen_sctp_addr *peer)
{
	const struct guard_entry *e = *bucket(g, alias);

	while (e != NULL && !has_alias(e, local_port, alias, peer))
		e = e->alias_chain;
	return e;
}

void
guard_learn_alias(struct guard *g, struct guard_assoc *a,
		  const struct gen_sctp_addr *peer)
{
	const struct guard_entry *e =
		find(g, a->local_port, a->peer_port, peer);

	a->alias = 0;
	if (e == NULL)
		return;
	a->alias = e->id.alias;
	a->peer_port = e->id.peer_port;
}

struct guard_path *
guard_exact_peer(struct guard *g, const struct link_packet *p)
{
	struct guard_assoc id = guard_id_in(p);
	struct guard_path *path = NULL, *found = NULL;

	while ((path = guard_next_path(g, &id, &p->src, path)) != NULL) {
		if (!guard_alive(path->entry) ||
		    path->addr.port != p->src.port)
			continue;
		if (found == NULL || ip_addr_equal(&path->entry->local, &p->dst))
			found = path;
	}
	return found;
}

/* ------------------------------------------------------------------ INIT */

/* To the engine, somebody with that address has this port. */
static bool
taken(struct guard *g, uint16_t local_port, uint16_t port,
      const struct gen_sctp_addr *peer)
{
	const struct guard_assoc id = { .local_port = local_port,
					.peer_port = port };
	struct guard_path *path = NULL;

	while ((path = guard_next_peer(g, &id, peer, path)) != NULL)
		if (path->entry->state == GUARD_UP)
			return true;
	return find(g, local_port, port, peer) != NULL;
}

/* In turn, so that one that a cookie may have is not given away soon. 0: there
 * is none left. */
static uint16_t
free_alias(struct guard *g, const struct link_packet *p)
{
	for (unsigned i = 0; i < PORTS; i++) {
		uint16_t alias = ++g->last_alias;

		if (alias != 0 && !taken(g, packet_dst_port(p), alias, &p->src))
			return alias;
	}
	return 0;
}

static struct guard_caller *
caller_of(struct guard *g, const struct link_packet *p)
{
	uint32_t key = (uint32_t)packet_dst_port(p) << 16 | packet_src_port(p);

	for (size_t i = 0; i < ip_addr_size(&p->src); i++)
		key = key * 31 + p->src.ip[i];
	return &g->callers[key * UINT32_C(0x9e3779b1) >> 24];
}

/* Somebody else, who is not up yet, sent an INIT from there lately. */
static bool
called_lately(struct guard *g, const struct link_packet *p)
{
	struct guard_caller *c = caller_of(g, p);

	if (c->peer_port == packet_src_port(p) &&
	    c->local_port == packet_dst_port(p) &&
	    ip_addr_equal(&c->addr, &p->src) && c->addr.port != p->src.port &&
	    g->now - c->at <= GUARD_COOKIE_LIFE)
		return true;
	*c = (struct guard_caller){ .addr = p->src,
				    .peer_port = packet_src_port(p),
				    .local_port = packet_dst_port(p),
				    .at = g->now };
	return false;
}

static bool
any_taken(struct guard *g, uint16_t local_port, uint16_t port,
	  const struct guard_addrs *peer)
{
	for (size_t i = 0; i < peer->n; i++)
		if (taken(g, local_port, port, &peer->addr[i]))
			return true;
	return false;
}

uint16_t
guard_alias_of_init(struct guard *g, const struct link_packet *p,
		    const struct guard_addrs *list)
{
	const uint16_t local = packet_dst_port(p), port = packet_src_port(p);
	const struct guard_path *path;

	if (g->one_path)
		return 0;
	path = guard_exact_peer(g, p);
	if (path != NULL)
		return path->entry->id.alias;
	if (any_taken(g, local, port, list) || taken(g, local, port, &p->src) ||
	    called_lately(g, p))
		return free_alias(g, p);
	return 0;
}

/* -------------------------------------------------------- other packets */

bool
guard_alias_of_stranger(struct guard *g, struct link_packet *p)
{
	if (g->one_path || guard_exact_peer(g, p) != NULL)
		return false;
	p->alias = free_alias(g, p);
	return p->alias != 0;
}

/* ----------------------------------------------------------- COOKIE ECHO */

uint16_t
guard_alias_of_cookie(const struct guard *g, const struct link_packet *p,
		      const struct state_cookie *cookie)
{
	const uint16_t port = read_be16(cookie->at + STATE_COOKIE_PEER_PORT);

	return g->one_path || port == packet_src_port(p) ? 0 : port;
}

bool
guard_alias_free(struct guard *g, const struct link_packet *p,
		 const struct guard_addrs *list)
{
	return p->alias == 0 ||
	       !any_taken(g, packet_dst_port(p), p->alias, list);
}

/* ---------------------------------------------------------- what we answer */

void
guard_alias_fed(struct guard *g, const struct link_packet *p)
{
	g->fed = (struct guard_fed){ .alias = p->alias,
				     .local_port = packet_dst_port(p),
				     .peer_port = packet_src_port(p),
				     .addr = p->src };
}

/* An association that the engine makes of the cookie that it has now. */
static bool
is_pending(const struct guard *g, const struct link_packet *p)
{
	for (unsigned i = 0; i < GUARD_PENDING; i++)
		if (g->pending[i] != NULL &&
		    has_alias(g->pending[i], g->fed.local_port, g->fed.alias,
			      &p->dst))
			return true;
	return false;
}

/* To whom the packet is from that the engine has now, or had last. */
static bool
answers_fed(const struct guard *g, const struct link_packet *p)
{
	return g->fed.alias != 0 && g->fed.alias == packet_dst_port(p) &&
	       g->fed.local_port == packet_src_port(p) &&
	       (ip_addr_equal(&g->fed.addr, &p->dst) || is_pending(g, p));
}

static uint16_t
peer_port_of(struct guard *g, const struct link_packet *p)
{
	const struct guard_entry *e =
		find(g, packet_src_port(p), packet_dst_port(p), &p->dst);

	if (e != NULL)
		return e->id.peer_port;
	return answers_fed(g, p) ? g->fed.peer_port : 0;
}

void
guard_alias_out(struct guard *g, struct link_packet *p)
{
	uint16_t port = peer_port_of(g, p);

	if (port == 0)
		return;
	p->alias = packet_dst_port(p);
	write_be16(p->data + 2, port);
}
