/*
 * A message that is put together, for a mailbox, of the parts in which the
 * engine delivers it. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_ASSEMBLY_H
#define GENSCTP_ENGINE_ASSEMBLY_H

#include "engine_read.h"

struct assembly {
	uint8_t *data; /* NULL: nothing was begun */
	size_t len, size;
	size_t taken; /* of len, by a recv of parts */
	struct engine_part last; /* the latest part, without its bytes */
};

/* Where the next part can be read to, *room bytes at most, in a new buffer
 * `first` or less. NULL: no memory. */
uint8_t *assembly_next(struct assembly *as, size_t first, size_t *room);

/* The part was read there. */
void assembly_add(struct assembly *as, const struct engine_part *part);

/* Nothing was. */
void assembly_cancel(struct assembly *as);

/* The message is whole: its bytes, to be freed, of which there are as->len;
 * what remains is empty. */
uint8_t *assembly_finish(struct assembly *as, size_t *len);

/* The next bytes of it for a recv of parts. */
size_t assembly_take(struct assembly *as, void *buf, size_t size);

void assembly_drop(struct assembly *as);

#endif
