#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os_stdio.h"
#include "values.h"

#define INPUT_SIZE 65536 /* of the first buffer, bytes */

void
input_init(struct input *in, const struct options *options)
{
	memset(in, 0, sizeof(*in));
	in->options = options;
}

void
input_fini(struct input *in)
{
	free(in->buf);
}

static int
make_room(struct input *in)
{
	size_t size = in->size > 0 ? in->size * 2 : INPUT_SIZE;
	char *buf;

	if (in->len < in->size)
		return 0;
	if (in->size >= INPUT_MAX)
		return -EMSGSIZE;
	buf = realloc(in->buf, size);
	if (buf == NULL)
		return -ENOMEM;
	in->buf = buf;
	in->size = size;
	return 0;
}

/* Reads more behind what is there. */
static int
fill(struct input *in)
{
	int n = make_room(in);

	if (n != 0)
		return n;
	n = os_stdin_read(in->buf + in->len, in->size - in->len);
	if (n < 0)
		return n;
	in->ended = n == 0;
	in->len += (size_t)n;
	return 0;
}

static void
drop_taken(struct input *in)
{
	if (in->taken == 0)
		return;
	in->len -= in->taken;
	memmove(in->buf, in->buf + in->taken, in->len);
	in->taken = 0;
}

/* How long the next message is, with its line end in *taken; false when there
 * is not enough of it yet. */
static bool
measure(const struct input *in, size_t from, size_t *len, size_t *taken)
{
	const char *start = in->buf + from, *end = NULL;
	size_t left = in->len - from;

	if (in->options->block > 0) {
		*len = *taken = (size_t)in->options->block;
		if (left >= *len)
			return true;
	} else if (left > 0) {
		end = memchr(start, '\n', left);
	}
	if (end != NULL) {
		*len = (size_t)(end - start);
		*taken = *len + 1;
		return true;
	}
	*len = *taken = left;
	return in->ended && left > 0;
}

static int
take_stream(struct input *in, struct input_message *message)
{
	const char *colon = memchr(message->data, ':', message->len);
	char number[8];
	int64_t stream;
	size_t len;

	message->stream = (uint16_t)in->options->stream;
	if (!in->options->streams_in_lines)
		return 0;
	if (colon == NULL)
		return -EINVAL;
	len = (size_t)(colon - message->data);
	if (len >= sizeof(number))
		return -EINVAL;
	memcpy(number, message->data, len);
	number[len] = '\0';
	if (!value_number(number, &stream) || stream > UINT16_MAX)
		return -EINVAL;
	message->stream = (uint16_t)stream;
	message->data = colon + 1;
	message->len -= len + 1;
	return 0;
}

int
input_next(struct input *in, struct input_message *message)
{
	size_t len, taken;
	int error;

	for (;;) {
		while (!measure(in, in->taken, &len, &taken)) {
			if (in->ended)
				return 0;
			drop_taken(in);
			error = fill(in);
			if (error != 0)
				return error;
		}
		in->line++;
		message->data = in->buf + in->taken;
		message->len = len;
		in->taken += taken;
		error = len > 0 ? take_stream(in, message) : 0;
		if (error != 0)
			return error;
		if (message->len > 0)
			return 1;
	}
}
