/*
 * Tables of handles: a slot number and a generation, so that closed and made-up
 * ones are told apart from live ones. Stack lock held.
 */
#ifndef GENSCTP_API_SLOTS_H
#define GENSCTP_API_SLOTS_H

#include <stdint.h>

struct slots {
	struct slot *slots;
	uint32_t count;
	uint32_t first_free; /* number + 1; 0 = none */
};

/* -ENOMEM. */
int slots_put(struct slots *t, void *object, uint64_t *handle);
/* -EINVAL: never was a handle; -EBADF: given back. */
int slots_find(const struct slots *t, uint64_t handle, void **object);
/* Of one that slots_find finds. */
void slots_remove(struct slots *t, uint64_t handle);
/* The object in a slot, i < t->count; NULL: it is free. */
void *slots_at(const struct slots *t, uint32_t i);

#endif
