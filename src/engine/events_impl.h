/*
 * What the parts of events.h share: the functions of the table, which make an
 * event of ours from the engine's notification. The table has checked that it
 * is as long as its record. What owns bytes has them in *owned.
 */
#ifndef GENSCTP_ENGINE_EVENTS_IMPL_H
#define GENSCTP_ENGINE_EVENTS_IMPL_H

#include "events.h"

/* The engine writes 16-bit stream and sequence numbers here where usrsctp.h
 * declares 32-bit ones. */
struct engine_pdapi {
	uint16_t type, flags;
	uint32_t length;
	uint32_t indication;
	uint16_t stream, seq;
	sctp_assoc_t assoc_id;
};

/* False: it is nothing for the user. */
typedef bool event_fn(const struct notification *n, const struct assoc *a,
		      struct gen_sctp_event *event, void **owned);

/* events_assoc.c */
event_fn event_assoc_change, event_paddr_change, event_remote_error,
	event_shutdown, event_adaptation, event_authentication;

/* events_data.c */
event_fn event_send_failed, event_pdapi, event_sender_dry;

/* events_reconfig.c */
event_fn event_stream_reset, event_assoc_reset, event_stream_change;

/* Copies what follows the fixed part. False: no memory. */
bool event_take_bytes(const struct notification *n, size_t offset,
		      const uint8_t **data, size_t *len, void **owned);

#endif
