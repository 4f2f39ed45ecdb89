/*
 * Copies of messages that may still fail (option keep_for_failure), so that
 * send_failed has them whole and as they were sent. In the engine a number
 * stands for the context: each of the notifications that a message in parts
 * makes finds its copy, and the second one finds none.
 *
 * The engine does not tell which message was delivered, but how much is queued:
 * copies go when that is nothing, those of a single stream when the rest is not
 * more. Until then they count against the send buffer.
 */
#ifndef GENSCTP_ENGINE_KEPT_H
#define GENSCTP_ENGINE_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"

struct assoc;
struct kept;

/* Of an association. */
struct kept_list {
	bool on;    /* from its first message to the last */
	bool hurry; /* there is little room left: the peer is to say what it has
		     */
	bool several_streams; /* are among those that are kept */
	uint32_t last_number;
	size_t count, data; /* messages; their bytes */
	uint64_t given_up;  /* messages whose events were read */
	struct kept *first, **tail;
	struct kept **next_found; /* where the next that fails mostly is */
};

void kept_init(struct kept_list *list, bool on);
void kept_free(struct kept_list *list);

/* Copies a message that is to be sent with context *number. -EAGAIN: no room,
 * until others are delivered; -EPIPE: the association has ended; -ENOMEM. */
int
kept_add(struct assoc *a, const struct gen_sctp_outgoing *m, uint32_t *number);
/* It could not be sent after all. */
void kept_take_back(struct assoc *a, uint32_t number);

/* Makes the event of a message, or of a part of it, that of the whole. False,
 * with *owned freed: it was told before. */
bool kept_complete(struct assoc *a, struct gen_sctp_send_failed *event,
		   void **owned);

#endif
