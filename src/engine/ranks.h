/*
 * Messages by their importance: those of one value are a rank, in the order in
 * which they came. As many ranks are walked as there are, never the messages.
 */
#ifndef GENSCTP_ENGINE_RANKS_H
#define GENSCTP_ENGINE_RANKS_H

#include <stddef.h>
#include <stdint.h>

struct rank;

/* In each message. */
struct ranked {
	struct ranked *next; /* of its rank */
	struct rank *rank;   /* NULL: it is in none */
	size_t cost;	     /* bytes */
};

/* Zero: empty. */
struct ranks {
	struct rank *least; /* of most value: the least important */
};

/* 0 or -ENOMEM. */
int ranks_add(struct ranks *r, struct ranked *m, uint32_t value);
/* The first of its rank. */
void ranks_take(struct ranks *r, struct ranked *m);
/* What those of more than this value cost together; -1: all. */
size_t ranks_above(const struct ranks *r, int64_t value);
/* The first of the least important ones; NULL: there is none. */
struct ranked *ranks_least(const struct ranks *r);

#endif
