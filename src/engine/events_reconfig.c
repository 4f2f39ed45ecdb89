/*
 * Events of stream reconfiguration (RFC 6525 s6.1).
 */
#include "config.h"

#include <string.h>

#include "events_impl.h"

/* The same bits in all three. */
#define RESET_DENIED SCTP_ASSOC_RESET_DENIED
#define RESET_FAILED SCTP_ASSOC_RESET_FAILED

static enum gen_sctp_reconfig_result
result_of(uint16_t flags)
{
	if (flags & RESET_DENIED)
		return GEN_SCTP_RECONFIG_DENIED;
	return flags & RESET_FAILED ? GEN_SCTP_RECONFIG_FAILED
				    : GEN_SCTP_RECONFIG_DONE;
}

bool
event_stream_reset(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	const size_t list =
		offsetof(struct sctp_stream_reset_event, strreset_stream_list);
	struct gen_sctp_stream_reset_event *to = &event->u.stream_reset;
	struct sctp_stream_reset_event in;
	const uint8_t *streams;
	size_t len = 0;

	memcpy(&in, n->data, sizeof(in));
	if (!event_take_bytes(n, list, &streams, &len, owned))
		return false;
	to->result = result_of(in.strreset_flags);
	if (in.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN)
		to->direction |= GEN_SCTP_STREAMS_INCOMING;
	if (in.strreset_flags & SCTP_STREAM_RESET_OUTGOING_SSN)
		to->direction |= GEN_SCTP_STREAMS_OUTGOING;
	to->streams = *owned;
	to->count = len / sizeof(*to->streams);
	to->assoc_id = a->id;
	return true;
}

bool
event_assoc_reset(const struct notification *n, const struct assoc *a,
		  struct gen_sctp_event *event, void **owned)
{
	struct gen_sctp_assoc_reset_event *to = &event->u.assoc_reset;
	struct sctp_assoc_reset_event in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	to->result = result_of(in.assocreset_flags);
	to->local_tsn = in.assocreset_local_tsn;
	/* The engine counts one too far. */
	to->remote_tsn = in.assocreset_remote_tsn - 1;
	to->assoc_id = a->id;
	return true;
}

bool
event_stream_change(const struct notification *n, const struct assoc *a,
		    struct gen_sctp_event *event, void **owned)
{
	struct gen_sctp_stream_change_event *to = &event->u.stream_change;
	struct sctp_stream_change_event in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	to->result = result_of(in.strchange_flags);
	to->inbound_streams = in.strchange_instrms;
	to->outbound_streams = in.strchange_outstrms;
	to->assoc_id = a->id;
	return true;
}
