/*
 * Events of messages: what became of them.
 */
#include "config.h"

#include <string.h>

#include "events_impl.h"
#include "packet.h"

/* ----------------------------------------------------------- send_failed */

/* The flags of the DATA chunk (RFC 9260 3.3.1). */
#define LAST_PART  SCTP_DATA_LAST_FRAG
#define FIRST_PART (SCTP_DATA_NOT_FRAG & ~SCTP_DATA_LAST_FRAG)
#define UNORDERED  0x04

static uint16_t
failed_flags(const struct notification *n)
{
	struct sctp_send_failed_event in;

	if (notification_type(n) != SCTP_SEND_FAILED_EVENT)
		return 0;
	memcpy(&in, n->data, sizeof(in));
	return in.ssfe_info.snd_flags;
}

bool
notification_first_part(const struct notification *n)
{
	return failed_flags(n) & FIRST_PART;
}

bool
notification_last_part(const struct notification *n)
{
	return failed_flags(n) & LAST_PART;
}

bool
event_send_failed(const struct notification *n, const struct assoc *a,
		  struct gen_sctp_event *event, void **owned)
{
	struct gen_sctp_send_failed *to = &event->u.send_failed;
	struct sctp_send_failed_event in;

	memcpy(&in, n->data, sizeof(in));
	to->sent = in.ssfe_flags & SCTP_DATA_SENT;
	to->complete = notification_first_part(n) && notification_last_part(n);
	to->error = in.ssfe_error;
	to->info.stream = in.ssfe_info.snd_sid;
	if (in.ssfe_info.snd_flags & UNORDERED)
		to->info.flags = GEN_SCTP_UNORDERED;
	to->info.ppid = read_be32((const uint8_t *)&in.ssfe_info.snd_ppid);
	to->info.context = in.ssfe_info.snd_context;
	to->info.assoc_id = a->id;
	to->assoc_id = a->id;
	return event_take_bytes(
		n, offsetof(struct sctp_send_failed_event, ssfe_data),
		&to->data, &to->len, owned);
}

/* ---------------------------------------------------------------- others */

/* The engine reports what it abandoned; to the user it matters only when the
 * message was being delivered in parts. */
bool
event_pdapi(const struct notification *n, const struct assoc *a,
	    struct gen_sctp_event *event, void **owned)
{
	struct engine_pdapi in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	if (!a->in_message || a->in_message_stream != in.stream)
		return false;
	event->u.pdapi.indication = GEN_SCTP_PARTIAL_DELIVERY_ABORTED;
	event->u.pdapi.stream = in.stream;
	event->u.pdapi.assoc_id = a->id;
	return true;
}

bool
event_sender_dry(const struct notification *n, const struct assoc *a,
		 struct gen_sctp_event *event, void **owned)
{
	(void)n;
	(void)owned;
	event->u.sender_dry.assoc_id = a->id;
	return true;
}
