/*
 * What a session shows: messages on stdout, events on stderr; with --json both
 * as objects on stdout.
 */
#ifndef GENSCTP_TOOLS_OUTPUT_H
#define GENSCTP_TOOLS_OUTPUT_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>

#include "options.h"

/* These five return 0, or a negative errno value when stdout takes no more. */

/* A message, or the next part of one that is larger than we keep. */
int output_message(const struct options *options,
		   const struct gen_sctp_msg *msg, const void *data,
		   size_t len);
int output_event(const struct options *options, const struct gen_sctp_msg *msg);
/* Addresses and ports that peers can use. */
int output_listening(const struct options *options, gen_sctp_socket_t s);
/* The paths of an association, and what has gone over them. */
int output_paths(const struct options *options, gen_sctp_socket_t s,
		 gen_sctp_assoc_id_t assoc);
/* What was written so far reaches the reader. */
int output_flush(void);

void output_counters(const struct options *options);

#endif
