/*
 * What associations that peers set up may take of the process's memory: one
 * account for all sockets. While more than a quarter of the limit is free, each
 * has the receive buffer that its endpoint wants, or a 64th of what is free
 * above that quarter where this is less; the quarter is for buffers of the
 * least size.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_BUDGET_H
#define GENSCTP_ENGINE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bytes; a quarter of what a process of 32 bits can address */
#define BUDGET_DEFAULT \
	(SIZE_MAX > UINT32_MAX ? UINT64_C(1) << 32 : UINT64_C(1) << 30)
/* The least receive buffer that is worth having, bytes. */
#define BUDGET_LEAST 65536

/* What is taken stays taken, also where the new limit is below it. */
void budget_set_limit(uint64_t bytes);

/* The receive buffer for the next association, of at most `wanted` bytes. It
 * is not taken. */
uint32_t budget_recbuf(uint32_t wanted);

/* False: so much is not free; counted. */
bool budget_take(uint64_t bytes);
void budget_return(uint64_t bytes);
/* Something taken is of another size now, whatever the limit is. */
void budget_resize(uint64_t from, uint64_t to);

/* "4G", "512M", "64K" (of 1024), or bytes. False: nothing like it, or 0. */
bool budget_parse(const char *text, uint64_t *bytes);

#define BUDGET_COUNTERS(X)                                             \
	X(memory_limit)   /* bytes */                                  \
	X(memory_used)    /* bytes, now */                             \
	X(memory_refused) /* associations that there was no room for */
struct budget_counters {
#define X(name) uint64_t name;
	BUDGET_COUNTERS(X)
#undef X
};
const struct budget_counters *budget_counters(void);

#endif
