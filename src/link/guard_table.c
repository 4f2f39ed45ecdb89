#include <stdlib.h>
#include <string.h>

#include "guard_impl.h"

/* Multiply and fold; what a peer can choose is mixed with where this process
 * keeps its guard. */
static size_t
bucket(const struct guard *g, uint64_t key)
{
	key ^= (uintptr_t)g;
	key *= UINT64_C(0x9e3779b97f4a7c15);
	key ^= key >> 32;
	key *= UINT64_C(0xd6e8feb86659fd93);
	return (size_t)(key >> 32) & g->mask;
}

static uint64_t
port_key(const struct guard_assoc *id)
{
	return (uint64_t)id->local_port << 16 | id->peer_port;
}

static struct guard_entry **
tag_bucket(const struct guard *g, const struct guard_assoc *id)
{
	return &g->by_tag[bucket(g, port_key(id) << 32 | id->my_tag)];
}

static struct guard_path **
addr_bucket(const struct guard *g, const struct guard_assoc *id,
	    const struct gen_sctp_addr *a)
{
	uint64_t half[2] = { 0, 0 };

	memcpy(half, a->ip, ip_addr_size(a));
	half[0] ^= half[1] * UINT64_C(0xff51afd7ed558ccd);
	return &g->by_addr[bucket(g, half[0] ^ port_key(id) << 32)];
}

/* ---------------------------------------------------------------- lists */

static void
list_remove(struct guard_entry *e)
{
	struct guard_list *l = e->list;

	if (l == NULL)
		return;
	*(e->older ? &e->older->newer : &l->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &l->newest) = e->older;
	e->older = e->newer = NULL;
	e->list = NULL;
}

static void
list_append(struct guard_list *l, struct guard_entry *e)
{
	e->older = l->newest;
	e->newer = NULL;
	*(l->newest ? &l->newest->newer : &l->oldest) = e;
	l->newest = e;
	e->list = l;
}

static struct guard_list *
list_of(struct guard *g, enum guard_state state)
{
	switch (state) {
	case GUARD_INIT_SENT:
	case GUARD_COOKIE_SENT:
		return &g->waiting;
	case GUARD_ENDED:
		return &g->ended;
	default:
		return NULL;
	}
}

void
guard_set_state(struct guard *g, struct guard_entry *e, enum guard_state state)
{
	struct guard_list *l = list_of(g, state);

	list_remove(e);
	e->state = state;
	e->since = g->now;
	if (l != NULL)
		list_append(l, e);
}

/* ---------------------------------------------------------------- paths */

struct guard_path *
guard_path_of(const struct guard_entry *e, const struct gen_sctp_addr *addr)
{
	struct guard_path *path = e->paths;

	while (path != NULL && !ip_addr_equal(&path->addr, addr))
		path = path->next;
	return path;
}

static void
path_link(struct guard *g, struct guard_path *path)
{
	struct guard_path **head = addr_bucket(g, &path->entry->id,
					       &path->addr);

	path->chain = *head;
	*head = path;
}

static void
path_unlink(struct guard *g, struct guard_path *path)
{
	struct guard_path **at = addr_bucket(g, &path->entry->id, &path->addr);

	while (*at != path)
		at = &(*at)->chain;
	*at = path->chain;
}

static bool
linked(const struct guard_entry *e)
{
	return e->state != GUARD_CANDIDATE;
}

struct guard_path *
guard_path_add(struct guard *g, struct guard_entry *e,
	       const struct gen_sctp_addr *addr)
{
	struct guard_path *path = guard_path_of(e, addr);

	if (path != NULL)
		return path;
	if (e->n_paths == GUARD_MAX_PATHS)
		return NULL;
	path = calloc(1, sizeof(*path));
	if (path == NULL)
		return NULL;
	path->entry = e;
	path->addr = *addr;
	path->addr.port = path->engine_port = e->udp_port;
	path->next = e->paths;
	e->paths = path;
	e->n_paths++;
	if (linked(e))
		path_link(g, path);
	return path;
}

static void
path_drop(struct guard *g, struct guard_entry *e, struct guard_path **at)
{
	struct guard_path *path = *at;

	if (linked(e))
		path_unlink(g, path);
	*at = path->next;
	e->n_paths--;
	free(path);
}

void
guard_path_remove(struct guard *g, struct guard_entry *e,
		  const struct gen_sctp_addr *addr)
{
	struct guard_path **at = &e->paths;

	while (*at != NULL && !ip_addr_equal(&(*at)->addr, addr))
		at = &(*at)->next;
	if (*at != NULL && e->n_paths > 1)
		path_drop(g, e, at);
}

void
guard_paths_move(struct guard *g, struct guard_entry *e,
		 struct guard_entry *from)
{
	while (e->paths != NULL)
		path_drop(g, e, &e->paths);
	e->paths = from->paths;
	e->n_paths = from->n_paths;
	from->paths = NULL;
	from->n_paths = 0;
	for (struct guard_path *path = e->paths; path; path = path->next) {
		path->entry = e;
		path_link(g, path);
	}
}

bool
guard_paths_within(const struct guard_entry *e, const struct guard_entry *list)
{
	for (struct guard_path *path = e->paths; path; path = path->next)
		if (guard_path_of(list, &path->addr) == NULL)
			return false;
	return true;
}

/* -------------------------------------------------------------- entries */

struct guard_entry *
guard_entry_new(const struct guard_assoc *id)
{
	struct guard_entry *e = calloc(1, sizeof(*e));

	if (e != NULL)
		e->id = *id;
	return e;
}

void
guard_link(struct guard *g, struct guard_entry *e)
{
	struct guard_entry **head = tag_bucket(g, &e->id);

	e->chain = *head;
	*head = e;
	guard_alias_link(g, e);
	g->n++;
	for (struct guard_path *path = e->paths; path; path = path->next)
		path_link(g, path);
}

static void
unlink_entry(struct guard *g, struct guard_entry *e)
{
	struct guard_entry **at = tag_bucket(g, &e->id);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	guard_alias_unlink(g, e);
	g->n--;
	list_remove(e);
}

void
guard_entry_free(struct guard *g, struct guard_entry *e)
{
	if (linked(e))
		unlink_entry(g, e);
	while (e->paths != NULL)
		path_drop(g, e, &e->paths);
	free(e->told.addrs);
	free(e);
}

void
guard_end(struct guard *g, struct guard_entry *e, enum guard_abort_by by,
	  uint16_t cause)
{
	if (by == GUARD_ABORT_NONE) {
		guard_entry_free(g, e);
		return;
	}
	e->abort_by = by;
	e->abort_cause = cause;
	guard_set_state(g, e, GUARD_ENDED);
}

static struct guard_entry *
find_rival(struct guard *g, const struct guard_entry *e,
	   const struct gen_sctp_addr *peer)
{
	struct guard_path *path = NULL;

	while ((path = guard_next_peer(g, &e->id, peer, path)) != NULL)
		if (path->entry != e && guard_alive(path->entry) &&
		    ip_addr_equal(&path->entry->local, &e->local))
			return path->entry;
	return NULL;
}

void
guard_put_out_rivals(struct guard *g, const struct guard_entry *e)
{
	for (struct guard_path *path = e->paths; path; path = path->next) {
		struct guard_entry *rival;

		while ((rival = find_rival(g, e, &path->addr)) != NULL)
			guard_entry_free(g, rival);
	}
}

static void
free_older(struct guard *g, struct guard_list *l, os_time age)
{
	while (l->oldest != NULL && g->now - l->oldest->since >= age)
		guard_entry_free(g, l->oldest);
}

bool
guard_make_room(struct guard *g)
{
	free_older(g, &g->ended, GUARD_LINGER);
	free_older(g, &g->waiting, GUARD_ORPHAN);
	if (g->n >= g->max && g->ended.oldest != NULL)
		guard_entry_free(g, g->ended.oldest);
	return g->n < g->max;
}

/* --------------------------------------------------------------- lookup */

struct guard_entry *
guard_find(struct guard *g, const struct guard_assoc *id)
{
	struct guard_entry *e = *tag_bucket(g, id);

	while (e != NULL && (e->id.my_tag != id->my_tag ||
			     e->id.local_port != id->local_port ||
			     e->id.peer_port != id->peer_port))
		e = e->chain;
	return e;
}

struct guard_entry *
guard_find_alive(struct guard *g, const struct guard_assoc *id)
{
	struct guard_entry *e = guard_find(g, id);

	return e != NULL && guard_alive(e) ? e : NULL;
}

static bool
leads_to(const struct guard *g, const struct guard_path *path,
	 const struct guard_assoc *ports, const struct gen_sctp_addr *peer)
{
	const struct guard_assoc *id = &path->entry->id;

	if (id->local_port != ports->local_port ||
	    id->peer_port != ports->peer_port ||
	    !ip_addr_equal(&path->addr, peer))
		return false;
	return !g->one_path || path->addr.port == peer->port ||
	       path->engine_port == peer->port;
}

struct guard_path *
guard_next_path(struct guard *g, const struct guard_assoc *ports,
		const struct gen_sctp_addr *peer,
		const struct guard_path *after)
{
	struct guard_path *path = after != NULL ?
		after->chain : *addr_bucket(g, ports, peer);

	while (path != NULL && !leads_to(g, path, ports, peer))
		path = path->chain;
	return path;
}

struct guard_path *
guard_next_peer(struct guard *g, const struct guard_assoc *ports,
		const struct gen_sctp_addr *peer,
		const struct guard_path *after)
{
	struct guard_path *path = guard_next_path(g, ports, peer, after);

	while (path != NULL && path->entry->id.alias != ports->alias)
		path = guard_next_path(g, ports, peer, path);
	return path;
}

struct guard_path *
guard_find_peer(struct guard *g, const struct guard_assoc *ports,
		const struct gen_sctp_addr *peer,
		const struct gen_sctp_addr *local)
{
	struct guard_path *path = NULL, *any = NULL;

	while ((path = guard_next_peer(g, ports, peer, path)) != NULL) {
		if (!guard_alive(path->entry))
			continue;
		if (ip_addr_equal(&path->entry->local, local))
			return path;
		if (any == NULL)
			any = path;
	}
	return any;
}
