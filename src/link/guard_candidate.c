#include "guard_impl.h"

static struct guard_path *
add_path(struct guard *g, struct guard_entry *candidate,
	 const struct guard_entry *known, const struct gen_sctp_addr *addr)
{
	struct guard_path *path = guard_path_add(g, candidate, addr);
	struct guard_path *was = known ? guard_path_of(known, addr) : NULL;

	if (path != NULL && was != NULL) {
		path->addr.port = was->addr.port;
		path->engine_port = was->engine_port;
		path->src = was->src;
		path->settled = was->settled;
		path->engine_src = was->engine_src;
		path->host_version = was->host_version;
	}
	return path;
}

struct guard_entry *
guard_candidate_new(struct guard *g, const struct guard_assoc *id,
		    const struct link_packet *p,
		    const struct guard_entry *known,
		    const struct guard_addrs *list)
{
	struct guard_entry *e = guard_entry_new(id);
	struct guard_path *source;

	if (e == NULL)
		return NULL;
	e->udp_port = known ? known->udp_port : p->src.port;
	e->local = p->dst;
	e->since = g->now;
	guard_note_latest(e, p, g->now);
	for (size_t i = 0; i < list->n; i++) {
		if (add_path(g, e, known, &list->addr[i]) == NULL) {
			guard_entry_free(g, e);
			return NULL;
		}
	}
	source = guard_path_of(e, &p->src);
	if (source != NULL) {
		source->addr.port = p->src.port;
		/* The way that the peer's NAT has open. */
		if (!source->settled) {
			source->src = p->dst;
			source->settled = true;
		}
	}
	return e;
}

static bool
same_id(const struct guard_assoc *a, const struct guard_assoc *b)
{
	return a->my_tag == b->my_tag && a->local_port == b->local_port &&
	       a->peer_port == b->peer_port;
}

static void
forget(struct guard *g, unsigned i)
{
	if (g->pending[i] != NULL)
		guard_entry_free(g, g->pending[i]);
	g->pending[i] = NULL;
}

void
guard_pending_keep(struct guard *g, struct guard_entry *candidate)
{
	for (unsigned i = 0; i < GUARD_PENDING; i++)
		if (g->pending[i] != NULL &&
		    same_id(&g->pending[i]->id, &candidate->id))
			forget(g, i);
	forget(g, g->next_pending);
	g->pending[g->next_pending] = candidate;
	g->next_pending = (g->next_pending + 1) % GUARD_PENDING;
}

static bool
answered_by(const struct guard *g, const struct guard_entry *e,
	    const struct link_packet *p)
{
	struct guard_assoc id = guard_id_out(p);

	return e->id.local_port == id.local_port &&
	       e->id.peer_port == id.peer_port && e->id.alias == id.alias &&
	       (e->id.peer_tag == id.peer_tag || e->id.peer_tag == 0) &&
	       g->now - e->since <= GUARD_COOKIE_LIFE &&
	       guard_path_of(e, &p->dst) != NULL;
}

struct guard_entry *
guard_pending_take(struct guard *g, const struct link_packet *p)
{
	for (unsigned n = 1; n <= GUARD_PENDING; n++) {
		unsigned i = (g->next_pending + GUARD_PENDING - n) %
			     GUARD_PENDING;
		struct guard_entry *e = g->pending[i];

		if (e != NULL && answered_by(g, e, p)) {
			g->pending[i] = NULL;
			e->id.peer_tag = packet_vtag(p);
			return e;
		}
	}
	return NULL;
}

void
guard_pending_free(struct guard *g)
{
	for (unsigned i = 0; i < GUARD_PENDING; i++)
		forget(g, i);
}
