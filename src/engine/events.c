#include "config.h"

#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "packet.h"
#include "stack.h"

/* ---------------------------------------------------- what it speaks of */

/* The engine writes 16-bit stream and sequence numbers here where usrsctp.h
 * declares 32-bit ones. */
struct engine_pdapi {
	uint16_t type, flags;
	uint32_t length;
	uint32_t indication;
	uint16_t stream, seq;
	sctp_assoc_t assoc_id;
};

/* Type, least length, and where the association id stands. */
static const struct {
	uint16_t type;
	size_t least;
	size_t id_offset;
} layouts[] = {
	{ SCTP_ASSOC_CHANGE, sizeof(struct sctp_assoc_change),
	  offsetof(struct sctp_assoc_change, sac_assoc_id) },
	{ SCTP_PEER_ADDR_CHANGE, sizeof(struct sctp_paddr_change),
	  offsetof(struct sctp_paddr_change, spc_assoc_id) },
	{ SCTP_REMOTE_ERROR, sizeof(struct sctp_remote_error),
	  offsetof(struct sctp_remote_error, sre_assoc_id) },
	{ SCTP_SEND_FAILED_EVENT, sizeof(struct sctp_send_failed_event),
	  offsetof(struct sctp_send_failed_event, ssfe_assoc_id) },
	{ SCTP_SHUTDOWN_EVENT, sizeof(struct sctp_shutdown_event),
	  offsetof(struct sctp_shutdown_event, sse_assoc_id) },
	{ SCTP_ADAPTATION_INDICATION, sizeof(struct sctp_adaptation_event),
	  offsetof(struct sctp_adaptation_event, sai_assoc_id) },
	{ SCTP_PARTIAL_DELIVERY_EVENT, sizeof(struct engine_pdapi),
	  offsetof(struct engine_pdapi, assoc_id) },
};

static int
layout_of(const struct notification *n)
{
	uint16_t type;
	size_t i;

	if (n->len < sizeof(struct sctp_tlv))
		return -1;
	memcpy(&type, n->data, sizeof(type));
	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (layouts[i].type == type && n->len >= layouts[i].least)
			return (int)i;
	return -1;
}

uint16_t
notification_type(const struct notification *n)
{
	int i = layout_of(n);

	return i < 0 ? 0 : layouts[i].type;
}

sctp_assoc_t
notification_assoc(const struct notification *n)
{
	int i = layout_of(n);
	sctp_assoc_t id;

	if (i < 0)
		return 0;
	memcpy(&id, n->data + layouts[i].id_offset, sizeof(id));
	return id;
}

/* The flags of the DATA chunk (RFC 9260 3.3.1). */
#define LAST_PART SCTP_DATA_LAST_FRAG
#define FIRST_PART (SCTP_DATA_NOT_FRAG & ~SCTP_DATA_LAST_FRAG)
#define UNORDERED 0x04

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

/* --------------------------------------------------------- translations */

static bool
assoc_change(const struct notification *n, const struct assoc *a,
	     struct gen_sctp_event *event)
{
	static const enum gen_sctp_assoc_change_state states[] = {
		[SCTP_COMM_UP] = GEN_SCTP_COMM_UP,
		[SCTP_COMM_LOST] = GEN_SCTP_COMM_LOST,
		[SCTP_RESTART] = GEN_SCTP_RESTART,
		[SCTP_SHUTDOWN_COMP] = GEN_SCTP_SHUTDOWN_COMP,
		[SCTP_CANT_STR_ASSOC] = GEN_SCTP_CANT_ASSOC,
	};
	struct gen_sctp_assoc_change *to = &event->u.assoc_change;
	struct sctp_assoc_change in;

	memcpy(&in, n->data, sizeof(in));
	if (in.sac_state < SCTP_COMM_UP || in.sac_state > SCTP_CANT_STR_ASSOC)
		return false;
	event->type = GEN_SCTP_ASSOC_CHANGE;
	to->state = states[in.sac_state];
	to->error = in.sac_error;
	to->outbound_streams = in.sac_outbound_streams;
	to->inbound_streams = in.sac_inbound_streams;
	to->assoc_id = a->id;
	return true;
}

static bool
paddr_change(const struct notification *n, const struct assoc *a,
	     struct gen_sctp_event *event)
{
	static const enum gen_sctp_paddr_change_state states[] = {
		[SCTP_ADDR_AVAILABLE] = GEN_SCTP_ADDR_AVAILABLE,
		[SCTP_ADDR_UNREACHABLE] = GEN_SCTP_ADDR_UNREACHABLE,
		[SCTP_ADDR_REMOVED] = GEN_SCTP_ADDR_REMOVED,
		[SCTP_ADDR_ADDED] = GEN_SCTP_ADDR_ADDED,
		[SCTP_ADDR_MADE_PRIM] = GEN_SCTP_ADDR_MADE_PRIM,
		[SCTP_ADDR_CONFIRMED] = GEN_SCTP_ADDR_CONFIRMED,
	};
	struct gen_sctp_paddr_change *to = &event->u.paddr_change;
	struct sctp_paddr_change in;

	memcpy(&in, n->data, sizeof(in));
	if (in.spc_state < SCTP_ADDR_AVAILABLE ||
	    in.spc_state > SCTP_ADDR_CONFIRMED)
		return false;
	event->type = GEN_SCTP_PADDR_CHANGE;
	to->addr = stack_layer()->addr((struct sockaddr *)&in.spc_aaddr);
	to->state = states[in.spc_state];
	to->error = in.spc_error;
	to->assoc_id = a->id;
	return true;
}

/* Copies what follows the fixed part. */
static bool
take_bytes(const struct notification *n, size_t offset, const uint8_t **data,
	   size_t *len, void **owned)
{
	*len = n->len - offset;
	*data = NULL;
	if (*len == 0)
		return true;
	*owned = malloc(*len);
	if (*owned == NULL)
		return false;
	memcpy(*owned, n->data + offset, *len);
	*data = *owned;
	return true;
}

static bool
remote_error(const struct notification *n, const struct assoc *a,
	     struct gen_sctp_event *event, void **owned)
{
	/* The engine gives the ERROR chunk with its header. */
	const size_t causes = offsetof(struct sctp_remote_error, sre_data) + 4;
	struct gen_sctp_remote_error *to = &event->u.remote_error;
	struct sctp_remote_error in;

	memcpy(&in, n->data, sizeof(in));
	event->type = GEN_SCTP_REMOTE_ERROR;
	to->error = in.sre_error;
	to->assoc_id = a->id;
	if (n->len > causes)
		return take_bytes(n, causes, &to->data, &to->len, owned);
	return true;
}

static bool
send_failed(const struct notification *n, const struct assoc *a,
	    struct gen_sctp_event *event, void **owned)
{
	struct gen_sctp_send_failed *to = &event->u.send_failed;
	struct sctp_send_failed_event in;

	memcpy(&in, n->data, sizeof(in));
	event->type = GEN_SCTP_SEND_FAILED;
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
	return take_bytes(n, offsetof(struct sctp_send_failed_event, ssfe_data),
			  &to->data, &to->len, owned);
}

static bool
adaptation(const struct notification *n, const struct assoc *a,
	   struct gen_sctp_event *event)
{
	struct sctp_adaptation_event in;

	memcpy(&in, n->data, sizeof(in));
	event->type = GEN_SCTP_ADAPTATION;
	event->u.adaptation.adaptation_ind = in.sai_adaptation_ind;
	event->u.adaptation.assoc_id = a->id;
	return true;
}

/* The engine reports what it abandoned; to the user it matters only when the
 * message was being delivered in parts. */
static bool
pdapi(const struct notification *n, const struct assoc *a,
      struct gen_sctp_event *event)
{
	struct engine_pdapi in;

	memcpy(&in, n->data, sizeof(in));
	if (!a->in_message || a->in_message_stream != in.stream)
		return false;
	event->type = GEN_SCTP_PDAPI;
	event->u.pdapi.indication = GEN_SCTP_PARTIAL_DELIVERY_ABORTED;
	event->u.pdapi.stream = in.stream;
	event->u.pdapi.assoc_id = a->id;
	return true;
}

bool
notification_event(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	memset(event, 0, sizeof(*event));
	*owned = NULL;
	switch (notification_type(n)) {
	case SCTP_ASSOC_CHANGE:
		return assoc_change(n, a, event);
	case SCTP_PEER_ADDR_CHANGE:
		return paddr_change(n, a, event);
	case SCTP_REMOTE_ERROR:
		return remote_error(n, a, event, owned);
	case SCTP_SEND_FAILED_EVENT:
		return send_failed(n, a, event, owned);
	case SCTP_SHUTDOWN_EVENT:
		event->type = GEN_SCTP_SHUTDOWN;
		event->u.shutdown.assoc_id = a->id;
		return true;
	case SCTP_ADAPTATION_INDICATION:
		return adaptation(n, a, event);
	case SCTP_PARTIAL_DELIVERY_EVENT:
		return pdapi(n, a, event);
	default:
		return false;
	}
}

/* --------------------------------------------------------- subscription */

/* Event type, the user's switch, the engine's notification, error of recv. */
static const struct {
	enum gen_sctp_event_type type;
	uint32_t subscription;
	uint16_t notification;
	bool is_error;
} events[] = {
	{ GEN_SCTP_ASSOC_CHANGE, GEN_SCTP_ASSOCIATION_EVENT,
	  SCTP_ASSOC_CHANGE, false },
	{ GEN_SCTP_PADDR_CHANGE, GEN_SCTP_ADDRESS_EVENT,
	  SCTP_PEER_ADDR_CHANGE, false },
	{ GEN_SCTP_REMOTE_ERROR, GEN_SCTP_PEER_ERROR_EVENT,
	  SCTP_REMOTE_ERROR, true },
	{ GEN_SCTP_SEND_FAILED, GEN_SCTP_SEND_FAILURE_EVENT,
	  SCTP_SEND_FAILED_EVENT, true },
	{ GEN_SCTP_SHUTDOWN, GEN_SCTP_SHUTDOWN_EVENT, SCTP_SHUTDOWN_EVENT,
	  false },
	{ GEN_SCTP_ADAPTATION, GEN_SCTP_ADAPTATION_LAYER_EVENT,
	  SCTP_ADAPTATION_INDICATION, false },
	{ GEN_SCTP_PDAPI, GEN_SCTP_PARTIAL_DELIVERY_EVENT,
	  SCTP_PARTIAL_DELIVERY_EVENT, true },
};
#define EVENTS (sizeof(events) / sizeof(events[0]))

bool
event_subscribed(const struct gen_sctp_event *event, uint32_t mask)
{
	size_t i;

	for (i = 0; i < EVENTS; i++)
		if (events[i].type == event->type)
			return events[i].subscription & mask;
	return false;
}

bool
event_is_error(const struct gen_sctp_event *event)
{
	size_t i;

	for (i = 0; i < EVENTS; i++)
		if (events[i].type == event->type)
			return events[i].is_error;
	return false;
}

void
event_change(const struct assoc *a, enum gen_sctp_assoc_change_state state,
	     struct gen_sctp_event *event, struct gen_sctp_addr *from)
{
	memset(event, 0, sizeof(*event));
	event->type = GEN_SCTP_ASSOC_CHANGE;
	event->u.assoc_change.state = state;
	event->u.assoc_change.assoc_id = a->id;
	memset(from, 0, sizeof(*from));
	if (a->peer_count > 0)
		*from = a->peers[0];
}

bool
event_is_last(const struct gen_sctp_event *event)
{
	return event->type == GEN_SCTP_ASSOC_CHANGE &&
	       event->u.assoc_change.state != GEN_SCTP_COMM_UP &&
	       event->u.assoc_change.state != GEN_SCTP_RESTART;
}

void
events_subscribe(struct socket *so, uint32_t mask)
{
	struct sctp_event on;
	size_t i;

	memset(&on, 0, sizeof(on));
	on.se_assoc_id = SCTP_ALL_ASSOC;
	mask |= EVENTS_NEEDED;
	for (i = 0; i < EVENTS; i++) {
		on.se_type = events[i].notification;
		on.se_on = (events[i].subscription & mask) != 0;
		usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &on,
				   sizeof(on));
	}
}
