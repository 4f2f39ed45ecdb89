/*
 * Events on their way to recv. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_RECEIVE_EVENT_H
#define GENSCTP_ENGINE_RECEIVE_EVENT_H

#include "assoc.h"
#include "engine_read.h"

/* The event that begins with this notification; the further ones that belong
 * to it are read. False: there is none. */
bool receive_make(struct assoc *a, const struct notification *n,
		  struct gen_sctp_event *event, void **owned);

/* The user is to see it. */
bool receive_wanted(const struct assoc *a, const struct gen_sctp_event *event);

/* What it means for the association itself. */
void receive_note(struct assoc *a, const struct gen_sctp_event *event);

/* For a later recv, if it is wanted; before the last one what waits in front
 * fails. Takes over `owned`. */
void receive_keep(struct assoc *a, const struct gen_sctp_event *event,
		  const struct gen_sctp_addr *from, void *owned);

#endif
