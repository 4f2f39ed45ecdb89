#include "config.h"

#include "assembly.h"

#include <stdlib.h>
#include <string.h>

/* Most messages are whole in one part of it. */
#define MOST_AT_FIRST 65536

/* The buffer for the next message. */
static uint8_t *spare;
static size_t spare_size;

static bool
begin(struct assembly *as, size_t first)
{
	as->size = first < MOST_AT_FIRST ? first : MOST_AT_FIRST;
	if (spare_size == as->size) {
		as->data = spare;
		spare_size = 0;
	} else {
		as->data = malloc(as->size);
	}
	return as->data != NULL;
}

static bool
grow(struct assembly *as)
{
	uint8_t *grown = realloc(as->data, 2 * as->size);

	if (grown == NULL)
		return false;
	as->data = grown;
	as->size *= 2;
	return true;
}

static void
forget_taken(struct assembly *as)
{
	as->len -= as->taken;
	memmove(as->data, as->data + as->taken, as->len);
	as->taken = 0;
}

uint8_t *
assembly_next(struct assembly *as, size_t first, size_t *room)
{
	if (as->data == NULL && !begin(as, first))
		return NULL;
	if (as->taken > 0)
		forget_taken(as);
	if (as->len == as->size && !grow(as))
		return NULL;
	if (*room > as->size - as->len)
		*room = as->size - as->len;
	return as->data + as->len;
}

void
assembly_add(struct assembly *as, const struct engine_part *part)
{
	as->len += (size_t)part->len;
	as->last = *part;
}

void
assembly_cancel(struct assembly *as)
{
	if (as->len > 0 || as->data == NULL)
		return;
	if (spare_size > 0)
		free(spare);
	spare = as->data;
	spare_size = as->size;
	as->data = NULL;
}

/* To copy it and leave the buffer to the next message costs less than a new
 * buffer each time, most of which is given back. */
static uint8_t *
fitting(struct assembly *as)
{
	uint8_t *data;

	if (as->len > MOST_AT_FIRST)
		return realloc(as->data, as->len);
	data = malloc(as->len);
	if (data == NULL)
		return NULL;
	memcpy(data, as->data, as->len);
	as->len = 0;
	assembly_cancel(as);
	return data;
}

uint8_t *
assembly_finish(struct assembly *as, size_t *len)
{
	uint8_t *data;

	*len = as->len;
	data = fitting(as);
	if (data == NULL)
		data = as->data;
	as->data = NULL;
	as->len = 0;
	return data;
}

size_t
assembly_take(struct assembly *as, void *buf, size_t size)
{
	size_t n = as->len - as->taken;

	if (n > size)
		n = size;
	memcpy(buf, as->data + as->taken, n);
	as->taken += n;
	if (as->taken == as->len)
		assembly_drop(as);
	return n;
}

void
assembly_drop(struct assembly *as)
{
	free(as->data);
	memset(as, 0, sizeof(*as));
}
