/*
 * Our addresses that a peer knows: what INIT or INIT ACK listed and where they
 * came from (RFC 9260 3.3.2, 5.1.2). A packet from any other is of nobody to
 * the peer, which may abort. The engine chooses among addresses without regard
 * to routes, or to what was taken out of its lists: here packets of sockets
 * that are bound to any (p->policy) get a source that is right.
 */
#include <stdlib.h>
#include <string.h>

#include "guard_impl.h"

void
guard_set_route(struct guard *g, guard_route_fn *route)
{
	g->route = route;
}

void
guard_set_host(struct guard *g, const struct policy_local *locals, size_t n)
{
	struct policy_local *copy = malloc((n + 1) * sizeof(*copy));

	if (copy == NULL)
		return;
	if (n > 0)
		memcpy(copy, locals, n * sizeof(*copy));
	free(g->host.locals);
	g->host = (struct policy_host){ copy, n };
	g->host_version++;
}

static bool
governed(const struct guard *g, const struct link_packet *p)
{
	return p->policy != NULL && !g->one_path;
}

/* ------------------------------------------------------------- the lists */

static void
hide_untold(const struct guard *g, const struct link_packet *p,
	    const struct guard_chunk *init)
{
	struct guard_items params = guard_items_of(init, INIT_FIXED);
	struct guard_item param;
	struct gen_sctp_addr addr;

	while (guard_next_item(&params, &param) == GUARD_ITEM)
		if (guard_read_addr(&param, &addr) &&
		    !policy_tells(p->policy, &g->host, &p->src, &p->dst, &addr))
			write_be16(param.at, PARAM_PAD);
}

static bool
among(const struct gen_sctp_addr *list, size_t n,
      const struct gen_sctp_addr *addr)
{
	size_t i = 0;

	while (i < n && !ip_addr_equal(&list[i], addr))
		i++;
	return i < n;
}

static bool
told(const struct guard_entry *e, const struct gen_sctp_addr *addr)
{
	return among(e->told.addrs, e->told.n, addr);
}

static void
add(struct guard_addrs *list, const struct gen_sctp_addr *addr)
{
	if (!among(list->addr, list->n, addr) && list->n < GUARD_MAX_PATHS)
		list->addr[list->n++] = *addr;
}

/* The first `listed` were in the handshake's list, the others are sources. */
static void
set_told(struct guard_entry *e, const struct guard_addrs *list, size_t listed)
{
	struct gen_sctp_addr *copy = malloc(list->n * sizeof(*copy));

	if (copy == NULL)
		return;
	memcpy(copy, list->addr, list->n * sizeof(*copy));
	free(e->told.addrs);
	e->told.addrs = copy;
	e->told.n = list->n;
	e->told.listed = listed;
}

/* It may be any of the INITs that the peer answers. */
static void
note_init(const struct guard *g, struct guard_entry *e,
	  const struct link_packet *p, const struct guard_chunk *init)
{
	struct guard_addrs list;
	size_t i, listed;

	guard_init_addrs(g, init, &list);
	listed = list.n;
	for (i = e->told.listed; i < e->told.n; i++)
		add(&list, &e->told.addrs[i]);
	add(&list, &p->src);
	set_told(e, &list, listed);
}

void
guard_init_answered(struct guard_entry *e, const struct link_packet *p)
{
	struct guard_addrs list = { .n = e->told.listed };

	if (e->told.n == 0)
		return;
	memcpy(list.addr, e->told.addrs, list.n * sizeof(*list.addr));
	add(&list, &p->dst);
	set_told(e, &list, e->told.listed);
}

void
guard_told_of_cookie(struct guard *g, struct guard_entry *e,
		     const struct link_packet *p,
		     const struct guard_handshake *was)
{
	struct guard_addrs list, all;
	size_t i, listed;

	if (!governed(g, p))
		return;
	guard_init_addrs(g, &was->init_ack, &all);
	list.n = 0;
	for (i = 0; i < all.n; i++)
		if (policy_tells(p->policy, &g->host, &was->local, &was->peer,
				 &all.addr[i]))
			add(&list, &all.addr[i]);
	listed = list.n;
	add(&list, &was->local);
	set_told(e, &list, listed);
}

void
guard_told_move(struct guard_entry *e, struct guard_entry *from)
{
	if (from->told.n == 0)
		return;
	free(e->told.addrs);
	e->told = from->told;
	memset(&from->told, 0, sizeof(from->told));
}

size_t
guard_told(struct guard *g, const struct guard_assoc *a,
	   struct gen_sctp_addr *addrs, size_t max)
{
	const struct guard_entry *e = guard_find(g, a);
	size_t n = e != NULL ? e->told.n : 0;

	if (n > 0)
		memcpy(addrs, e->told.addrs,
		       (n < max ? n : max) * sizeof(*addrs));
	return n;
}

/* --------------------------------------------------------------- sources */

static bool
route_to(const struct guard *g, const struct link_packet *p,
	 struct gen_sctp_addr *from)
{
	return g->route != NULL && g->route(&p->dst, from) == 0 &&
	       !ip_addr_is_any(from);
}

static bool
first_told(const struct guard *g, const struct guard_entry *e, uint8_t family,
	   struct gen_sctp_addr *out)
{
	bool found = false;
	size_t i;

	for (i = 0; i < e->told.n; i++) {
		const struct gen_sctp_addr *addr = &e->told.addrs[i];

		if (addr->family != family)
			continue;
		if (!found || policy_find(&g->host, addr) != NULL)
			*out = *addr;
		found = true;
		if (policy_find(&g->host, addr) != NULL)
			break;
	}
	return found;
}

/* False: the peer knows none of that family. */
static bool
choose(const struct guard *g, const struct guard_entry *e,
       const struct link_packet *p, struct gen_sctp_addr *out)
{
	if (route_to(g, p, out) && told(e, out))
		return true;
	if (told(e, &p->src)) {
		*out = p->src;
		return true;
	}
	return first_told(g, e, p->dst.family, out);
}

static bool
still_there(const struct guard *g, const struct gen_sctp_addr *addr)
{
	return policy_find(&g->host, addr) != NULL ||
	       (addr->family == GEN_SCTP_INET && addr->ip[0] == 127);
}

static bool
has_source(struct guard *g, struct guard_path *path)
{
	if (path->src.family == GEN_SCTP_UNSPEC)
		return false;
	if (path->host_version != g->host_version &&
	    !still_there(g, &path->src))
		return false;
	path->host_version = g->host_version;
	return true;
}

static void
leave_from(struct guard_path *path, struct link_packet *p)
{
	path->engine_src = p->src;
	p->src = path->src;
}

bool
guard_set_source(struct guard *g, struct guard_path *path,
		 struct link_packet *p)
{
	if (!governed(g, p) || path->entry->told.n == 0)
		return true;
	if (!has_source(g, path) && !choose(g, path->entry, p, &path->src))
		return false;
	leave_from(path, p);
	return true;
}

void
guard_offer_in_init(struct guard *g, struct guard_path *path,
		    struct link_packet *p, const struct guard_chunk *init)
{
	struct gen_sctp_addr from = p->src;

	if (!governed(g, p))
		return;
	if (!has_source(g, path) && !choose(g, path->entry, p, &path->src)) {
		route_to(g, p, &from);
		path->src = *policy_source(p->policy, &g->host, &from);
	}
	leave_from(path, p);
	hide_untold(g, p, init);
	note_init(g, path->entry, p, init);
}

void
guard_offer_in_init_ack(const struct guard *g, const struct link_packet *p,
			const struct guard_chunk *init_ack)
{
	if (governed(g, p))
		hide_untold(g, p, init_ack);
}

void
guard_to_engine_source(const struct guard_path *path, struct link_packet *p)
{
	const uint16_t port = p->dst.port;

	if (path->engine_src.family != GEN_SCTP_UNSPEC &&
	    ip_addr_equal(&p->dst, &path->src)) {
		p->dst = path->engine_src;
		p->dst.port = port;
	}
}
