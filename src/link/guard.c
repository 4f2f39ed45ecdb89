#include <stdlib.h>
#include <string.h>

#include "guard_impl.h"

/* ------------------------------------------------------------ life, counts */

#define MIN_BUCKETS 64
#define MAX_BUCKETS 65536

static size_t
buckets_for(size_t max_assocs)
{
	size_t n = MIN_BUCKETS;

	while (n < max_assocs && n < MAX_BUCKETS)
		n *= 2;
	return n;
}

struct guard *
guard_new(size_t max_assocs)
{
	struct guard *g = calloc(1, sizeof(*g));
	size_t n = buckets_for(max_assocs);

	if (g == NULL)
		return NULL;
	g->max = max_assocs;
	g->mask = n - 1;
	g->last_alias = (uint16_t)((uintptr_t)g >> 4);
	g->by_tag = calloc(n, sizeof(*g->by_tag));
	g->by_addr = calloc(n, sizeof(*g->by_addr));
	if (g->by_tag == NULL || g->by_addr == NULL) {
		guard_free(g);
		return NULL;
	}
	return g;
}

static void
free_entries(struct guard *g)
{
	if (g->by_tag == NULL || g->by_addr == NULL)
		return;
	for (size_t i = 0; i <= g->mask; i++)
		while (g->by_tag[i] != NULL)
			guard_entry_free(g, g->by_tag[i]);
}

void
guard_free(struct guard *g)
{
	if (g == NULL)
		return;
	guard_pending_free(g);
	free_entries(g);
	free(g->host.locals);
	free(g->by_tag);
	free(g->by_addr);
	free(g);
}

void
guard_set_one_path(struct guard *g)
{
	g->one_path = true;
}

size_t
guard_assocs(const struct guard *g)
{
	return g->n;
}

static const struct {
	const char *name;
	const char *text;
} verdicts[GUARD_VERDICTS] = {
	[GUARD_PASS] = { "pass", "passed" },
#define X(NAME, counter, sentence) [GUARD_##NAME] = { counter, sentence },
	GUARD_REASONS(X)
#undef X
};

uint64_t
guard_count(const struct guard *g, enum guard_verdict verdict)
{
	return g->counts[verdict];
}

const char *
guard_verdict_name(enum guard_verdict verdict)
{
	return verdicts[verdict].name;
}

const char *
guard_verdict_text(enum guard_verdict verdict)
{
	return verdicts[verdict].text;
}

void
guard_note(struct guard *g, enum guard_verdict verdict)
{
	g->counts[verdict]++;
}

/* ------------------------------------------- what the engine tells about it */

void
guard_forget(struct guard *g, const struct guard_assoc *a)
{
	struct guard_entry *e = guard_find(g, a);

	if (e != NULL && guard_alive(e))
		guard_end(g, e, e->abort_by, e->abort_cause);
}

enum guard_abort_by
guard_aborted(struct guard *g, const struct guard_assoc *a, uint16_t *cause)
{
	const struct guard_entry *e = guard_find(g, a);

	*cause = e != NULL ? e->abort_cause : 0;
	return e != NULL ? e->abort_by : GUARD_ABORT_NONE;
}

void
guard_add_path(struct guard *g, const struct guard_assoc *a,
	       const struct gen_sctp_addr *addr)
{
	struct guard_entry *e = guard_find_alive(g, a);
	struct guard_path *path;

	if (e == NULL || guard_path_of(e, addr) != NULL)
		return;
	path = guard_path_add(g, e, addr);
	if (path != NULL)
		path->addr.port = path->engine_port = addr->port;
}

void
guard_mark(struct guard *g, const struct guard_assoc *a,
	   const struct link_marks *marks)
{
	struct guard_entry *e = guard_find_alive(g, a);

	if (e == NULL)
		return;
	e->marked = true;
	e->marks = *marks;
}

bool
guard_latest(struct guard *g, const struct guard_assoc *a,
	     struct guard_latest *out)
{
	const struct guard_entry *e = guard_find(g, a);

	if (e == NULL || e->latest.family == 0)
		return false;
	*out = e->latest;
	return true;
}

os_time
guard_data_at(struct guard *g, const struct guard_assoc *a)
{
	const struct guard_entry *e = guard_find_alive(g, a);

	return e != NULL ? e->data_at : 0;
}

void
guard_restart_done(struct guard *g, const struct guard_assoc *old)
{
	struct guard_entry *e = guard_find(g, old);

	if (e != NULL && e->restarting)
		guard_entry_free(g, e);
}

void
guard_restart_failed(struct guard *g, const struct guard_assoc *old)
{
	struct guard_entry *e = guard_find(g, old);

	if (e != NULL)
		e->restarting = false;
}
