/*
 * Where packets of ours leave from. One from an address that the peer does not
 * know is of nobody to it, and it may abort. The engine chooses without regard
 * to routes, or to what was taken out of its lists. Here packets of sockets
 * that are bound to any (p->policy) get one of the sources that are known; of
 * others the route's if it is known, or else the engine's choice stands, which
 * knows what was bound and unbound.
 */
#include "guard_impl.h"

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

static bool
by_route(const struct guard_entry *e, const struct link_packet *p,
	 struct gen_sctp_addr *out)
{
	*out = p->route;
	return p->routed && guard_is_told(e, &p->route);
}

/* False: the peer knows none of that family. */
static bool
choose(const struct guard *g, const struct guard_entry *e,
       const struct link_packet *p, struct gen_sctp_addr *out)
{
	if (by_route(e, p, out))
		return true;
	if (guard_is_told(e, &p->src)) {
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

/* Its source needs no look at the route. */
static bool
is_settled(const struct guard *g, struct guard_path *path)
{
	if (path->host_version != g->host_version &&
	    !still_there(g, &path->src))
		return false;
	path->host_version = g->host_version;
	return path->settled;
}

static void
settle(const struct guard *g, struct guard_path *path,
       const struct link_packet *p)
{
	path->settled = p->routed;
	path->host_version = g->host_version;
}

static struct guard_path *
path_of_init(struct guard *g, const struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);
	const struct guard_entry *e;

	if (p->len < SCTP_COMMON_HEADER + INIT_FIXED)
		return NULL;
	id.my_tag = read_be32(p->data + SCTP_COMMON_HEADER + CHUNK_HEADER);
	e = guard_find_alive(g, &id);
	return e != NULL ? guard_path_of(e, &p->dst) : NULL;
}

static struct guard_path *
path_of(struct guard *g, const struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);
	struct guard_path *path = NULL;

	guard_learn_alias(g, &id, &p->dst);
	while ((path = guard_next_peer(g, &id, &p->dst, path)) != NULL)
		if (guard_alive(path->entry) &&
		    path->entry->id.peer_tag == id.peer_tag)
			break;
	return path;
}

bool
guard_wants_route(struct guard *g, const struct link_packet *p)
{
	struct guard_path *path;
	uint8_t type;

	if (g->one_path || p->len < SCTP_COMMON_HEADER + CHUNK_HEADER)
		return false;
	type = p->data[SCTP_COMMON_HEADER];
	path = type == CHUNK_INIT ? path_of_init(g, p) : path_of(g, p);
	if (path == NULL)
		return type == CHUNK_INIT;
	return path->entry->told.n > 0 && !is_settled(g, path);
}

static void
leave_from(struct guard_path *path, struct link_packet *p)
{
	path->engine_src = p->src;
	p->src = path->src;
}

static void
prefer_route(struct guard *g, struct guard_path *path, struct link_packet *p)
{
	struct guard_entry *e = path->entry;

	/* It was bound meanwhile, and the peer has acknowledged that. */
	if (!guard_is_told(e, &p->src) && !e->asconf_open)
		guard_told_add(e, &p->src);
	if (!is_settled(g, path)) {
		if (!by_route(e, p, &path->src))
			path->src.family = GEN_SCTP_UNSPEC;
		settle(g, path, p);
	}
	if (path->src.family != GEN_SCTP_UNSPEC)
		p->src = path->src;
}

bool
guard_set_source(struct guard *g, struct guard_path *path,
		 struct link_packet *p)
{
	if (g->one_path || path->entry->told.n == 0)
		return true;
	if (!guard_governs(g, p)) {
		prefer_route(g, path, p);
		return true;
	}
	if (!is_settled(g, path)) {
		if (!choose(g, path->entry, p, &path->src))
			return false;
		settle(g, path, p);
	}
	leave_from(path, p);
	return true;
}

void
guard_set_init_source(struct guard *g, struct guard_path *path,
		      struct link_packet *p)
{
	if (!is_settled(g, path)) {
		if (!choose(g, path->entry, p, &path->src))
			path->src = *policy_source(
				p->policy, &g->host,
				p->route.family != 0 ? &p->route : &p->src);
		settle(g, path, p);
	}
	leave_from(path, p);
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
