#include "config.h"

#include "slots.h"

#include <errno.h>
#include <stdlib.h>

struct slot {
	uint32_t generation; /* of the latest object; 0 = never used */
	void *object;        /* NULL: free */
	uint32_t next_free;  /* number + 1; 0 = none */
};

static int
grow(struct slots *t)
{
	uint32_t room = t->count == 0 ? 64 : 2 * t->count;
	struct slot *grown = realloc(t->slots, room * sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	t->slots = grown;
	while (t->count < room) {
		t->slots[t->count] =
			(struct slot){ .next_free = t->first_free };
		t->first_free = ++t->count;
	}
	return 0;
}

int
slots_put(struct slots *t, void *object, uint64_t *handle)
{
	struct slot *slot;
	uint32_t index;

	if (t->first_free == 0 && grow(t) != 0)
		return -ENOMEM;
	index = t->first_free - 1;
	slot = &t->slots[index];
	t->first_free = slot->next_free;
	slot->generation++;
	slot->object = object;
	*handle = (uint64_t)slot->generation << 32 | index;
	return 0;
}

int
slots_find(const struct slots *t, uint64_t handle, void **object)
{
	uint32_t index = (uint32_t)handle, generation = (uint32_t)(handle >> 32);
	const struct slot *slot;

	if (index >= t->count)
		return -EINVAL;
	slot = &t->slots[index];
	if (generation == 0 || generation > slot->generation)
		return -EINVAL;
	if (slot->object == NULL || generation != slot->generation)
		return -EBADF;
	*object = slot->object;
	return 0;
}

void
slots_remove(struct slots *t, uint64_t handle)
{
	uint32_t index = (uint32_t)handle;

	t->slots[index].object = NULL;
	t->slots[index].next_free = t->first_free;
	t->first_free = index + 1;
}

void *
slots_at(const struct slots *t, uint32_t i)
{
	return t->slots[i].object;
}
