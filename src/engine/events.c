#include "config.h"

#include "events_impl.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- the table */

#define ROW(NAME, SWITCH, record, id, function) \
	.type = GEN_SCTP_##NAME, .subscription = GEN_SCTP_##SWITCH##_EVENT, \
	.least = sizeof(struct record), \
	.id_offset = offsetof(struct record, id), .translate = (function)

static const struct event_kind {
	enum gen_sctp_event_type type;
	uint32_t subscription; /* the user's switch */
	uint16_t notification; /* the engine's */
	bool is_error;	       /* of recv */
	size_t least;	       /* bytes of a notification */
	size_t id_offset;      /* of the engine's association id in it */
	event_fn *translate;
} kinds[] = {
	{ ROW(ASSOC_CHANGE, ASSOCIATION, sctp_assoc_change, sac_assoc_id,
	      event_assoc_change),
	  .notification = SCTP_ASSOC_CHANGE },
	{ ROW(PADDR_CHANGE, ADDRESS, sctp_paddr_change, spc_assoc_id,
	      event_paddr_change),
	  .notification = SCTP_PEER_ADDR_CHANGE },
	{ ROW(REMOTE_ERROR, PEER_ERROR, sctp_remote_error, sre_assoc_id,
	      event_remote_error),
	  .notification = SCTP_REMOTE_ERROR, .is_error = true },
	{ ROW(SEND_FAILED, SEND_FAILURE, sctp_send_failed_event, ssfe_assoc_id,
	      event_send_failed),
	  .notification = SCTP_SEND_FAILED_EVENT, .is_error = true },
	{ ROW(SHUTDOWN, SHUTDOWN, sctp_shutdown_event, sse_assoc_id,
	      event_shutdown),
	  .notification = SCTP_SHUTDOWN_EVENT },
	{ ROW(ADAPTATION, ADAPTATION_LAYER, sctp_adaptation_event, sai_assoc_id,
	      event_adaptation),
	  .notification = SCTP_ADAPTATION_INDICATION },
	{ ROW(PDAPI, PARTIAL_DELIVERY, engine_pdapi, assoc_id, event_pdapi),
	  .notification = SCTP_PARTIAL_DELIVERY_EVENT, .is_error = true },
	{ ROW(AUTHENTICATION, AUTHENTICATION, sctp_authkey_event, auth_assoc_id,
	      event_authentication),
	  .notification = SCTP_AUTHENTICATION_EVENT },
	{ ROW(SENDER_DRY, SENDER_DRY, sctp_sender_dry_event,
	      sender_dry_assoc_id, event_sender_dry),
	  .notification = SCTP_SENDER_DRY_EVENT },
	{ ROW(STREAM_RESET, STREAM_RESET, sctp_stream_reset_event,
	      strreset_assoc_id, event_stream_reset),
	  .notification = SCTP_STREAM_RESET_EVENT },
	{ ROW(ASSOC_RESET, ASSOC_RESET, sctp_assoc_reset_event,
	      assocreset_assoc_id, event_assoc_reset),
	  .notification = SCTP_ASSOC_RESET_EVENT },
	{ ROW(STREAM_CHANGE, STREAM_CHANGE, sctp_stream_change_event,
	      strchange_assoc_id, event_stream_change),
	  .notification = SCTP_STREAM_CHANGE_EVENT },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct event_kind none;

static const struct event_kind *
kind_of_notification(const struct notification *n)
{
	uint16_t type;
	size_t i;

	if (n->len < sizeof(struct sctp_tlv))
		return &none;
	memcpy(&type, n->data, sizeof(type));
	for (i = 0; i < KINDS; i++)
		if (kinds[i].notification == type && n->len >= kinds[i].least)
			return &kinds[i];
	return &none;
}

static const struct event_kind *
kind_of_event(const struct gen_sctp_event *event)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (kinds[i].type == event->type)
			return &kinds[i];
	return &none;
}

/* --------------------------------------------------------- notifications */

uint16_t
notification_type(const struct notification *n)
{
	return kind_of_notification(n)->notification;
}

sctp_assoc_t
notification_assoc(const struct notification *n)
{
	const struct event_kind *kind = kind_of_notification(n);
	sctp_assoc_t id = 0;

	if (kind != &none)
		memcpy(&id, n->data + kind->id_offset, sizeof(id));
	return id;
}

bool
notification_event(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	const struct event_kind *kind = kind_of_notification(n);

	memset(event, 0, sizeof(*event));
	*owned = NULL;
	event->type = kind->type;
	return kind != &none && kind->translate(n, a, event, owned);
}

bool
event_take_bytes(const struct notification *n, size_t offset,
		 const uint8_t **data, size_t *len, void **owned)
{
	if (n->len <= offset)
		return true;
	*owned = malloc(n->len - offset);
	if (*owned == NULL)
		return false;
	*len = n->len - offset;
	memcpy(*owned, n->data + offset, *len);
	*data = *owned;
	return true;
}

/* --------------------------------------------------------------- events */

bool
event_subscribed(const struct gen_sctp_event *event, uint32_t mask)
{
	return kind_of_event(event)->subscription & mask;
}

bool
event_is_error(const struct gen_sctp_event *event)
{
	return kind_of_event(event)->is_error;
}

bool
event_is_last(const struct gen_sctp_event *event)
{
	return event->type == GEN_SCTP_ASSOC_CHANGE &&
	       event->u.assoc_change.state != GEN_SCTP_COMM_UP &&
	       event->u.assoc_change.state != GEN_SCTP_RESTART;
}

/* --------------------------------------------------------- subscription */

uint32_t
events_known(void)
{
	uint32_t all = GEN_SCTP_DATA_IO_EVENT;
	size_t i;

	for (i = 0; i < KINDS; i++)
		all |= kinds[i].subscription;
	return all;
}

void
events_switch(struct socket *so, sctp_assoc_t id, uint32_t set, uint32_t on)
{
	struct sctp_event event;
	size_t i;

	memset(&event, 0, sizeof(event));
	event.se_assoc_id = id;
	on |= EVENTS_NEEDED;
	for (i = 0; i < KINDS; i++) {
		if (!(kinds[i].subscription & set))
			continue;
		event.se_type = kinds[i].notification;
		event.se_on = (kinds[i].subscription & on) != 0;
		usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event,
				   sizeof(event));
	}
	/* One may be there at once, and an upcall does not tell. */
	esock_note(so);
}
