/*
 * Our addresses that a peer knows: what INIT or INIT ACK listed and where they
 * came from (RFC 9260 3.3.2, 5.1.2). Of sockets that are bound to any
 * (p->policy) these list what the policy lets through.
 */
#include <stdlib.h>
#include <string.h>

#include "guard_impl.h"

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

bool
guard_governs(const struct guard *g, const struct link_packet *p)
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

bool
guard_is_told(const struct guard_entry *e, const struct gen_sctp_addr *addr)
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

static void
unsettle(struct guard_entry *e)
{
	struct guard_path *path;

	for (path = e->paths; path != NULL; path = path->next)
		path->settled = false;
}

void
guard_told_add(struct guard_entry *e, const struct gen_sctp_addr *addr)
{
	struct guard_addrs list = { .n = e->told.n };

	if (list.n == GUARD_MAX_PATHS)
		return;
	memcpy(list.addr, e->told.addrs, list.n * sizeof(*list.addr));
	add(&list, addr);
	set_told(e, &list, e->told.listed);
	unsettle(e);
}

void
guard_told_forget(struct guard_entry *e, const struct gen_sctp_addr *addr)
{
	size_t i, n = 0, listed = 0;

	for (i = 0; i < e->told.n; i++) {
		if (ip_addr_equal(&e->told.addrs[i], addr))
			continue;
		listed += i < e->told.listed;
		e->told.addrs[n++] = e->told.addrs[i];
	}
	e->told.n = n;
	e->told.listed = listed;
	unsettle(e);
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
	e->told.governed = guard_governs(g, p);
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

	if (g->one_path)
		return;
	guard_init_addrs(g, &was->init_ack, &all);
	list.n = 0;
	for (i = 0; i < all.n; i++)
		if (!guard_governs(g, p) ||
		    policy_tells(p->policy, &g->host, &was->local, &was->peer,
				 &all.addr[i]))
			add(&list, &all.addr[i]);
	listed = list.n;
	add(&list, &was->local);
	set_told(e, &list, listed);
	e->told.governed = guard_governs(g, p);
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
	size_t n = e != NULL && e->told.governed ? e->told.n : 0;

	if (n > 0)
		memcpy(addrs, e->told.addrs,
		       (n < max ? n : max) * sizeof(*addrs));
	return n;
}

/* ------------------------------------------------------------ handshakes */

void
guard_offer_in_init(struct guard *g, struct guard_path *path,
		    struct link_packet *p, const struct guard_chunk *init)
{
	if (g->one_path)
		return;
	if (guard_governs(g, p)) {
		guard_set_init_source(g, path, p);
		hide_untold(g, p, init);
		note_init(g, path->entry, p, init);
	} else {
		note_init(g, path->entry, p, init);
		guard_set_source(g, path, p);
	}
}

void
guard_offer_in_init_ack(const struct guard *g, const struct link_packet *p,
			const struct guard_chunk *init_ack)
{
	if (guard_governs(g, p))
		hide_untold(g, p, init_ack);
}
