#include "config.h"

#include "conn_paths.h"

#include <stdlib.h>
#include <string.h>

#include "ip_addr.h"

#define ALIASES 65536 /* 0 is none */
#define BUCKETS 4096  /* a power of two */

struct conn_list {
	struct conn_path *oldest, *newest;
	size_t n;
};

static struct conn_path *by_alias[ALIASES];
static struct conn_path *buckets[BUCKETS];
static size_t count, held;
static struct conn_list strangers;
static struct conn_list lately; /* the engine spoke to them */
static uint64_t secret;
static uint16_t next_alias;

void
conn_paths_init(uint64_t key)
{
	secret = key;
	next_alias = (uint16_t)key;
}

/* ---------------------------------------------------------------- hashing */

static uint64_t
mix(uint64_t v)
{
	v *= UINT64_C(0x9e3779b97f4a7c15);
	v ^= v >> 32;
	v *= UINT64_C(0xd6e8feb86659fd93);
	return v ^ v >> 32;
}

/* Of what does not change while a path lives. */
static uint64_t
hash(const struct conn_ends *e)
{
	uint64_t half[2] = { 0, 0 };
	uint64_t h;

	memcpy(half, e->peer.ip, ip_addr_size(&e->peer));
	h = mix(secret ^ ((uint64_t)e->local_port << 32 |
			  (uint64_t)e->peer_port << 16 | e->peer.port));
	return mix(mix(h ^ half[0]) ^ half[1]);
}

static struct conn_path **
bucket(const struct conn_ends *e)
{
	return &buckets[hash(e) & (BUCKETS - 1)];
}

/* ------------------------------------------------------------------ lists */

static void
unlist(struct conn_path *path)
{
	struct conn_list *l = path->list;

	if (l == NULL)
		return;
	*(path->older ? &path->older->newer : &l->oldest) = path->newer;
	*(path->newer ? &path->newer->older : &l->newest) = path->older;
	l->n--;
	path->list = NULL;
}

static void
list(struct conn_path *path, struct conn_list *l, os_time now)
{
	unlist(path);
	path->older = l->newest;
	path->newer = NULL;
	*(l->newest ? &l->newest->newer : &l->oldest) = path;
	l->newest = path;
	l->n++;
	path->list = l;
	path->since = now;
}

static void
forget(struct conn_path *path)
{
	struct conn_path **at = bucket(&path->ends);

	while (*at != path)
		at = &(*at)->chain;
	*at = path->chain;
	by_alias[path->alias] = NULL;
	count--;
	unlist(path);
	free(path);
}

/* Nobody asked for them in time: their associations never were, or are over. */
static void
settle(os_time now)
{
	while (lately.oldest != NULL &&
	       now - lately.oldest->since >= CONN_PATH_LINGER)
		list(lately.oldest, &strangers, now);
	while (strangers.n > CONN_STRANGERS)
		forget(strangers.oldest);
}

/* ------------------------------------------------------------------ paths */

static bool
same_but_local(const struct conn_ends *a, const struct conn_ends *b)
{
	return a->local_port == b->local_port &&
	       a->peer_port == b->peer_port && a->peer.port == b->peer.port &&
	       ip_addr_equal(&a->peer, &b->peer);
}

static bool
known(const struct gen_sctp_addr *a)
{
	return a->family != GEN_SCTP_UNSPEC;
}

static struct conn_path *
find(const struct conn_ends *ends)
{
	struct conn_path *path, *fits = NULL;

	for (path = *bucket(ends); path != NULL; path = path->chain) {
		if (!same_but_local(&path->ends, ends))
			continue;
		if (ip_addr_equal(&path->ends.local, &ends->local))
			return path;
		if (!known(&path->ends.local) || !known(&ends->local))
			fits = path;
	}
	return fits;
}

/* In turn, so that one that a cookie may have is not given away soon. */
static uint16_t
free_alias(void)
{
	do
		next_alias++;
	while (next_alias == 0 || by_alias[next_alias] != NULL);
	return next_alias;
}

static bool
make_room(void)
{
	bool full = count == ALIASES - 1;

	if ((full || strangers.n == CONN_STRANGERS) && strangers.n > 0) {
		forget(strangers.oldest);
		full = false;
	}
	return !full;
}

static struct conn_path *
make(const struct conn_ends *ends, os_time now)
{
	struct conn_path *path;

	if (!make_room())
		return NULL;
	path = calloc(1, sizeof(*path));
	if (path == NULL)
		return NULL;
	path->ends = *ends;
	path->alias = free_alias();
	by_alias[path->alias] = path;
	path->chain = *bucket(ends);
	*bucket(ends) = path;
	count++;
	list(path, &strangers, now);
	return path;
}

struct conn_path *
conn_path_get(const struct conn_ends *ends, os_time now)
{
	struct conn_path *path;

	settle(now);
	path = find(ends);
	if (path == NULL)
		return make(ends, now);
	if (path->list == &strangers)
		list(path, &strangers, now);
	return path;
}

struct conn_path *
conn_path_claim(const struct conn_ends *ends, uint16_t alias, os_time now)
{
	struct conn_path *path = conn_path_get(ends, now);
	struct conn_path *other = by_alias[alias];

	if (path == NULL || path == other || path->list != &strangers ||
	    alias == 0 || (other != NULL && other->list != &strangers))
		return path;
	if (other != NULL)
		forget(other);
	by_alias[path->alias] = NULL;
	by_alias[alias] = path;
	path->alias = alias;
	return path;
}

struct conn_path *
conn_path_of_alias(uint16_t alias)
{
	return by_alias[alias];
}

void
conn_path_spoken(struct conn_path *path, os_time now)
{
	if (path->holds == 0)
		list(path, &lately, now);
}

void
conn_path_hold(struct conn_path *path)
{
	if (path->holds++ == 0) {
		unlist(path);
		held++;
	}
}

void
conn_path_release(struct conn_path *path, os_time now)
{
	if (--path->holds > 0)
		return;
	held--;
	list(path, &lately, now);
}

size_t
conn_paths_count(void)
{
	return count;
}

size_t
conn_paths_held(void)
{
	return held;
}
