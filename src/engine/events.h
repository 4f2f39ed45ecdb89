/*
 * The engine's notifications as events of ours: the only place that knows
 * their layout.
 */
#ifndef GENSCTP_ENGINE_EVENTS_H
#define GENSCTP_ENGINE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assoc.h"
#include "engine_read.h"

/* Its type (SCTP_ASSOC_CHANGE, ...) and the engine's association id; 0 for a
 * notification that is malformed or unknown. */
uint16_t notification_type(const struct notification *n);
sctp_assoc_t notification_assoc(const struct notification *n);

/* The first and the last of the notifications that one failed message makes;
 * the first may be missing. */
bool notification_first_part(const struct notification *n);
bool notification_last_part(const struct notification *n);

/* Translates it for association `a` (ids, states, bytes copied into *owned).
 * False: it is none of ours. */
bool notification_event(const struct notification *n, const struct assoc *a,
			struct gen_sctp_event *event, void **owned);

/* Is it wanted (GEN_SCTP_..._EVENT mask)? Is it one that recv reports as an
 * error? */
bool event_subscribed(const struct gen_sctp_event *event, uint32_t events);
bool event_is_error(const struct gen_sctp_event *event);

/* The association change that the engine does not make. */
void event_change(const struct assoc *a,
		  enum gen_sctp_assoc_change_state state,
		  struct gen_sctp_event *event, struct gen_sctp_addr *from);

/* An association change that is the last one. */
bool event_is_last(const struct gen_sctp_event *event);

/* What the library needs itself: without them it would not know how an
 * association ends, nor that a message was cut short. */
#define EVENTS_NEEDED \
	((uint32_t)(GEN_SCTP_ASSOCIATION_EVENT | GEN_SCTP_PARTIAL_DELIVERY_EVENT))

/* All switches that there are. */
uint32_t events_known(void);

/* Switches those in `set` on an engine socket: of an association, or of the
 * future ones (SCTP_FUTURE_ASSOC). Those needed stay on. */
void
events_switch(struct socket *so, sctp_assoc_t id, uint32_t set, uint32_t on);

#endif
