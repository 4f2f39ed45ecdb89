/*
 * Endpoints and associations that something can be done with now.
 */
#include "config.h"

#include "assoc.h"
#include "lead.h"
#include "stack.h"

bool
assoc_over_watermark(const struct assoc *a)
{
	const struct endpoint_options *o = &a->ep->opts;
	size_t queued;

	if (o->high_watermark == ENDPOINT_NO_WATERMARK)
		return false;
	queued = assoc_queued(a);
	return a->above_low ? queued > o->low_watermark :
			      queued >= o->high_watermark;
}

bool
assoc_has_room(const struct assoc *a)
{
	if (a->eof_wanted || (a->full && a->full_at == a->wakeups) ||
	    assoc_over_watermark(a))
		return false;
	if (!front_is_empty(&a->front))
		return front_has_room(a);
	return a->phase == ASSOC_UP && a->esock.so != NULL &&
	       (usrsctp_get_events(a->esock.so) & SCTP_EVENT_WRITE) != 0;
}

/* One that had room mostly still has it. */
static bool
has_room(struct endpoint *ep)
{
	struct assoc *a = ep->had_room;

	if (a != NULL && assoc_has_room(a))
		return true;
	for (a = ep->assocs; a != NULL; a = a->next)
		if (assoc_has_room(a))
			break;
	ep->had_room = a;
	return a != NULL;
}

bool
endpoint_readable(const struct endpoint *ep)
{
	if (ep->listener)
		return ep->assocs != NULL;
	return !outlet_is_active(&ep->outlet) &&
	       (ep->outlet.ready_first != NULL || ep->over || ep->read_shut);
}

/* Those of the mask that hold; what is not asked for costs nothing. */
static int
conditions(struct endpoint *ep, int mask)
{
	int ready = 0;

	if (endpoint_readable(ep))
		ready |= GEN_SCTP_POLL_IN;
	if ((mask & GEN_SCTP_POLL_OUT) && has_room(ep))
		ready |= GEN_SCTP_POLL_OUT;
	if (ep->over)
		ready |= GEN_SCTP_POLL_HUP;
	return ready & mask;
}

int
endpoint_ready(struct endpoint *ep)
{
	return conditions(ep, GEN_SCTP_POLL_IN | GEN_SCTP_POLL_OUT |
				      GEN_SCTP_POLL_HUP);
}

static void
set_event(struct endpoint *ep)
{
	bool set = conditions(ep, ep->event_mask) != 0;

	if (set == ep->event_set)
		return;
	ep->event_set = set;
	if (set)
		os_event_set(&ep->event);
	else
		os_event_clear(&ep->event);
}

int
endpoint_fd(struct endpoint *ep, int mask, gen_sctp_fd_t *fd)
{
	int error;

	if (!ep->has_event) {
		error = os_event_open(&ep->event);
		if (error != 0)
			return error;
		ep->has_event = true;
		ep->event_set = false;
	}
	ep->event_mask = mask;
	set_event(ep);
	*fd = ep->event.wait_fd;
	return 0;
}

void
endpoint_changed(struct endpoint *ep)
{
	lead_changed();
	outlet_changed(&ep->outlet);
	if (ep->has_event)
		set_event(ep);
}
