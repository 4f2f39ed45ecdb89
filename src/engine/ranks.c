#include "config.h"

#include "ranks.h"

#include <errno.h>
#include <stdlib.h>

struct rank {
	struct rank *next; /* more important */
	uint32_t value;
	size_t cost; /* of all that are in it */
	struct ranked *first, **tail;
};

/* Where that rank is, or has to be. */
static struct rank **
find(struct ranks *r, uint32_t value)
{
	struct rank **p = &r->least;

	while (*p != NULL && (*p)->value > value)
		p = &(*p)->next;
	return p;
}

static struct rank *
insert(struct rank **at, uint32_t value)
{
	struct rank *rank = calloc(1, sizeof(*rank));

	if (rank == NULL)
		return NULL;
	rank->value = value;
	rank->tail = &rank->first;
	rank->next = *at;
	*at = rank;
	return rank;
}

int
ranks_add(struct ranks *r, struct ranked *m, uint32_t value)
{
	struct rank **at = find(r, value), *rank = *at;

	if (rank == NULL || rank->value != value)
		rank = insert(at, value);
	if (rank == NULL)
		return -ENOMEM;
	m->rank = rank;
	m->next = NULL;
	*rank->tail = m;
	rank->tail = &m->next;
	rank->cost += m->cost;
	return 0;
}

void
ranks_take(struct ranks *r, struct ranked *m)
{
	struct rank *rank = m->rank;

	m->rank = NULL;
	rank->cost -= m->cost;
	rank->first = m->next;
	if (rank->first != NULL)
		return;
	*find(r, rank->value) = rank->next;
	free(rank);
}

size_t
ranks_above(const struct ranks *r, int64_t value)
{
	const struct rank *rank;
	size_t cost = 0;

	for (rank = r->least; rank != NULL && rank->value > value;
	     rank = rank->next)
		cost += rank->cost;
	return cost;
}

struct ranked *
ranks_least(const struct ranks *r)
{
	return r->least != NULL ? r->least->first : NULL;
}
