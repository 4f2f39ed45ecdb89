/*
 * Standard input as messages: lines, STREAM:TEXT lines, or blocks.
 */
#ifndef GENSCTP_TOOLS_INPUT_H
#define GENSCTP_TOOLS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

#define INPUT_MAX (1 << 26) /* bytes of a message */

struct input {
	const struct options *options;
	char *buf;
	size_t size, len; /* of buf */
	size_t taken;	  /* of buf, by the message before */
	bool ended;
	uint64_t line;
};

/* Owned by the input, until the next call. */
struct input_message {
	const char *data;
	size_t len;
	uint16_t stream;
};

/* The storage is the caller's; all-zero before. */
void input_init(struct input *in, const struct options *options);
void input_fini(struct input *in);

/* Waits for the next message: 1, or 0 at the end of the input. Empty lines are
 * none: SCTP has no empty messages. -EINVAL: a line without STREAM:, its number
 * is in->line; -EMSGSIZE: more than INPUT_MAX; -ENOMEM; else the error of
 * reading. */
int input_next(struct input *in, struct input_message *message);

#endif
