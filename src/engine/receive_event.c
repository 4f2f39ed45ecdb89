#include "config.h"

#include "receive_event.h"

#include <stdlib.h>
#include <string.h>

#include "events.h"

bool
receive_wanted(const struct assoc *a, const struct gen_sctp_event *event)
{
	/* The successor told of the restart; the old one ends unheard. */
	if (a->succeeded && event->type == GEN_SCTP_ASSOC_CHANGE)
		return false;
	return event_subscribed(event, a->ep->opts.events);
}

/* The rest of its message will not come. */
static void
end_message(struct assoc *a)
{
	a->in_message = false;
	assoc_drop_begun(a);
}

/* The peer has other addresses now. */
static bool
changes_peers(const struct gen_sctp_event *event)
{
	switch (event->type) {
	case GEN_SCTP_ASSOC_CHANGE:
		return event->u.assoc_change.state == GEN_SCTP_RESTART;
	case GEN_SCTP_PADDR_CHANGE:
		return event->u.paddr_change.state == GEN_SCTP_ADDR_ADDED ||
		       event->u.paddr_change.state == GEN_SCTP_ADDR_REMOVED;
	default:
		return false;
	}
}

void
receive_note(struct assoc *a, const struct gen_sctp_event *event)
{
	if (event_is_last(event))
		a->phase = ASSOC_OVER;
	else if (event->type == GEN_SCTP_PDAPI)
		end_message(a);
	else if (changes_peers(event))
		assoc_learn(a);
}

void
receive_keep(struct assoc *a, const struct gen_sctp_event *event,
	     const struct gen_sctp_addr *from, void *owned)
{
	if (event_is_last(event))
		front_fail(a);
	if (receive_wanted(a, event)) {
		assoc_add_event(a, event, from, owned);
		return;
	}
	receive_note(a, event);
	free(owned);
}

static bool
append(struct gen_sctp_send_failed *to, void **owned,
       const struct gen_sctp_send_failed *more)
{
	uint8_t *joined = realloc(*owned, to->len + more->len);

	if (joined == NULL)
		return false;
	memcpy(joined + to->len, more->data, more->len);
	*owned = joined;
	to->data = joined;
	to->len += more->len;
	to->sent |= more->sent;
	return true;
}

static bool
same_message(const struct gen_sctp_event *a, const struct gen_sctp_event *b)
{
	const struct gen_sctp_send_failed *x = &a->u.send_failed;
	const struct gen_sctp_send_failed *y = &b->u.send_failed;

	return b->type == GEN_SCTP_SEND_FAILED &&
	       x->info.stream == y->info.stream &&
	       x->info.context == y->info.context &&
	       x->info.ppid == y->info.ppid;
}

/* A message that was fragmented fails in parts, one notification each, all made
 * at once. What the engine had not cut up yet comes after other messages. */
static void
join_failed_parts(struct assoc *a, const struct notification *part,
		  struct gen_sctp_event *event, void **owned)
{
	bool whole = notification_first_part(part);
	bool last = notification_last_part(part);
	struct gen_sctp_event next;
	struct notification n;
	void *next_owned;

	while (!last && engine_read_notification(a->esock.so, &n)) {
		if (!notification_event(&n, a, &next, &next_owned))
			continue;
		if (same_message(event, &next) &&
		    !notification_first_part(&n) &&
		    append(&event->u.send_failed, owned, &next.u.send_failed)) {
			last = notification_last_part(&n);
			free(next_owned);
		} else {
			receive_keep(a, &next, &n.from, next_owned);
		}
	}
	event->u.send_failed.complete = whole && last;
}

/* In set-up, what was sent with the cookie may have been cut up; nothing of it
 * has arrived. The parts before wait for recv already. */
static bool
join_waiting(struct assoc *a, const struct notification *part,
	     const struct gen_sctp_event *event)
{
	struct assoc_event *e, *same = NULL;

	if (notification_first_part(part))
		return false;
	for (e = a->events; e != NULL; e = e->next)
		if (same_message(event, &e->event))
			same = e;
	if (same == NULL || !append(&same->event.u.send_failed, &same->owned,
				    &event->u.send_failed))
		return false;
	same->event.u.send_failed.complete = notification_last_part(part);
	return true;
}

/* False: what there is to tell of the message was told. */
static bool
make_send_failed(struct assoc *a, const struct notification *n,
		 struct gen_sctp_event *event, void **owned)
{
	if (a->esock.so == NULL && !a->kept.on && join_waiting(a, n, event)) {
		free(*owned);
		return false;
	}
	/* What is not there any more of it was delivered. */
	event->u.send_failed.sent |= !notification_first_part(n);
	if (a->kept.on)
		return kept_complete(a, &event->u.send_failed, owned);
	if (a->esock.so != NULL)
		join_failed_parts(a, n, event, owned);
	return true;
}

bool
receive_make(struct assoc *a, const struct notification *n,
	     struct gen_sctp_event *event, void **owned)
{
	if (!notification_event(n, a, event, owned))
		return false;
	return event->type != GEN_SCTP_SEND_FAILED ||
	       make_send_failed(a, n, event, owned);
}
