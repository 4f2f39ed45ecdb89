#include "config.h"

#include "engine_read.h"

#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "stack.h"

/* More than any notification has but one with a message in it. */
#define FIRST_ROOM 1024

/* Grows with the largest notification (a message that could not be sent). */
static uint8_t *buffer;
static size_t buffer_size;

static struct engine_part
read_with(struct socket *so, void *buf, size_t size, int flags)
{
	union engine_sockaddr from;
	socklen_t from_len = sizeof(from), info_len;
	unsigned int info_type = SCTP_RECVV_NOINFO;
	struct engine_part part;

	memset(&part, 0, sizeof(part));
	memset(&from, 0, sizeof(from));
	info_len = sizeof(part.info);
	part.len = usrsctp_recvv(so, buf, size, &from.sa, &from_len,
				 &part.info, &info_len, &info_type, &flags);
	if (part.len <= 0)
		return part;
	part.notification = flags & MSG_NOTIFICATION;
	part.end = flags & MSG_EOR;
	part.from = stack_layer()->addr(&from.sa);
	part.has_info = !part.notification && info_type == SCTP_RECVV_RCVINFO;
	return part;
}

struct engine_part
engine_read(struct socket *so, void *buf, size_t size)
{
	return read_with(so, buf, size, 0);
}

bool
engine_has_notification(struct socket *so)
{
	uint8_t byte;
	struct engine_part part = read_with(so, &byte, 1, MSG_PEEK);

	return part.len > 0 && part.notification;
}

static bool
reserve(size_t size)
{
	uint8_t *grown;

	if (size <= buffer_size)
		return true;
	grown = realloc(buffer, 2 * size);
	if (grown == NULL)
		return false;
	buffer = grown;
	buffer_size = 2 * size;
	return true;
}

/* What is left of it must not be taken for the next one. */
static void
throw_away(struct socket *so)
{
	uint8_t waste[FIRST_ROOM];
	struct engine_part part;

	do
		part = engine_read(so, waste, sizeof(waste));
	while (part.len > 0 && !part.end);
}

bool
engine_read_rest(struct socket *so, const struct engine_part *part,
		 const void *buf, struct notification *out)
{
	struct engine_part more = *part;
	size_t got = (size_t)part->len;

	if (reserve(got))
		memcpy(buffer, buf, got);
	else if (more.end)
		return false;
	while (!more.end) {
		if (!reserve(got + FIRST_ROOM)) {
			throw_away(so);
			return false;
		}
		more = engine_read(so, buffer + got, buffer_size - got);
		if (more.len <= 0)
			return false;
		got += (size_t)more.len;
	}
	out->data = buffer;
	out->len = got;
	out->from = part->from;
	return true;
}

bool
engine_read_notification(struct socket *so, struct notification *out)
{
	uint8_t first[FIRST_ROOM];
	struct engine_part part;

	if (!engine_has_notification(so))
		return false;
	part = engine_read(so, first, sizeof(first));
	return part.len > 0 && engine_read_rest(so, &part, first, out);
}
