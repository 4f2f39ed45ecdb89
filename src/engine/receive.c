#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "packet.h"
#include "stack.h"
#include "transfer.h"

/* recv went past something that is not for the user; no length, no errno. */
#define SKIPPED INT_MIN

/* The result of one usrsctp_recvv. */
struct part {
	ssize_t len;
	bool notification;
	bool end;
	struct gen_sctp_addr from;
	struct sctp_rcvinfo info;
	bool has_info;
};

static struct part
read_part(struct socket *so, void *buf, size_t size, int flags)
{
	union engine_sockaddr from;
	socklen_t from_len = sizeof(from), info_len;
	unsigned int info_type = SCTP_RECVV_NOINFO;
	struct part part;

	memset(&part, 0, sizeof(part));
	memset(&from, 0, sizeof(from));
	info_len = sizeof(part.info);
	part.len = usrsctp_recvv(so, buf, size, &from.sa, &from_len,
				 &part.info, &info_len, &info_type, &flags);
	if (part.len <= 0)
		return part;
	part.notification = flags & MSG_NOTIFICATION;
	part.end = flags & MSG_EOR;
	part.from = stack_layer()->addr(&from.sa);
	part.has_info = !part.notification && info_type == SCTP_RECVV_RCVINFO;
	return part;
}

/* ---------------------------------------------------------------- events */

/* A message that was fragmented fails in parts, one notification each. */
static bool
same_message(const struct gen_sctp_send_failed *a,
	     const struct gen_sctp_send_failed *b)
{
	return a->info.stream == b->info.stream &&
	       a->info.context == b->info.context &&
	       a->info.ppid == b->info.ppid && a->error == b->error;
}

static bool
next_is_notification(struct socket *so)
{
	uint8_t byte;
	struct part part = read_part(so, &byte, 1, MSG_PEEK);

	return part.len > 0 && part.notification;
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

static void
join_failed_parts(struct assoc *a, struct gen_sctp_event *event,
		  void **owned, bool last_part)
{
	struct gen_sctp_event next;
	struct notification n;
	void *next_owned;

	while (!last_part && a->esock.so != NULL &&
	       next_is_notification(a->esock.so) &&
	       notification_read(a->esock.so, NULL, 0, false, &n)) {
		last_part = notification_last_part(&n);
		if (!notification_event(&n, a, &next, &next_owned))
			continue;
		if (next.type != GEN_SCTP_SEND_FAILED ||
		    !same_message(&event->u.send_failed,
				  &next.u.send_failed) ||
		    !append(&event->u.send_failed, owned,
			    &next.u.send_failed)) {
			assoc_add_event(a, &next, &n.from, next_owned);
			return;
		}
		free(next_owned);
	}
}

static int
deliver_event(struct gen_sctp_msg *msg, const struct gen_sctp_event *event,
	      const struct gen_sctp_addr *from, void *owned)
{
	msg->event = *event;
	msg->from = *from;
	msg->owned = owned;
	msg->kind = event_is_error(event) ? GEN_SCTP_MSG_ERROR_EVENT :
					    GEN_SCTP_MSG_EVENT;
	return event_is_error(event) ? GEN_SCTP_EEVENT : 0;
}

/* What an event means for the association itself. */
static void
note_event(struct assoc *a, const struct gen_sctp_event *event)
{
	if (event_is_last(event))
		a->phase = ASSOC_OVER;
	else if (event->type == GEN_SCTP_ASSOC_CHANGE &&
		 event->u.assoc_change.state == GEN_SCTP_RESTART)
		assoc_learn(a);
}

/* Its last event was taken. */
static void
forget(struct assoc *a)
{
	struct endpoint *ep = a->ep;

	if (ep->type == GEN_SCTP_STREAM && !a->superseded) {
		ep->over = true;
		endpoint_changed(ep);
	}
	assoc_free(a);
}

static bool
wanted(const struct assoc *a, const struct gen_sctp_event *event)
{
	/* The successor told of the restart; the old one ends unheard. */
	if (a->succeeded && event->type == GEN_SCTP_ASSOC_CHANGE)
		return false;
	return event_subscribed(event, a->ep->opts.events);
}

static int
receive_event(struct assoc *a, struct gen_sctp_event *event,
	      const struct gen_sctp_addr *from, void *owned,
	      struct gen_sctp_msg *msg)
{
	int result = SKIPPED;

	note_event(a, event);
	if (event->type == GEN_SCTP_PDAPI)
		a->in_message = false;
	if (wanted(a, event)) {
		result = deliver_event(msg, event, from, owned);
		owned = NULL;
	}
	free(owned);
	if (a->phase == ASSOC_OVER && a->events == NULL)
		forget(a);
	return result;
}

static int
receive_queued_event(struct assoc *a, struct gen_sctp_msg *msg)
{
	struct assoc_event *e = a->events;
	int result;

	a->events = e->next;
	if (a->events == NULL)
		a->events_tail = &a->events;
	result = receive_event(a, &e->event, &e->from, e->owned, msg);
	free(e);
	return result;
}

static int
receive_notification(struct assoc *a, const struct notification *n,
		     struct gen_sctp_msg *msg)
{
	struct gen_sctp_event event;
	void *owned;

	if (!notification_event(n, a, &event, &owned))
		return SKIPPED;
	if (event.type == GEN_SCTP_SEND_FAILED)
		join_failed_parts(a, &event, &owned,
				  notification_last_part(n));
	return receive_event(a, &event, &n->from, owned, msg);
}

/* ------------------------------------------------------------------ data */

static void
fill_info(const struct assoc *a, const struct part *part,
	  struct gen_sctp_msg *msg)
{
	msg->from = part->from;
	if (!part->has_info || !(a->ep->opts.events & GEN_SCTP_DATA_IO_EVENT))
		return;
	msg->anc = GEN_SCTP_ANC_SNDRCVINFO;
	msg->info.stream = part->info.rcv_sid;
	msg->info.ssn = part->info.rcv_ssn;
	if (part->info.rcv_flags & SCTP_UNORDERED)
		msg->info.flags = GEN_SCTP_UNORDERED;
	msg->info.ppid = read_be32((const uint8_t *)&part->info.rcv_ppid);
	msg->info.context = part->info.rcv_context;
	msg->info.tsn = part->info.rcv_tsn;
	msg->info.cumtsn = part->info.rcv_cumtsn;
	msg->info.assoc_id = a->id;
}

static int
receive_data(struct assoc *a, const struct part *part,
	     struct gen_sctp_msg *msg)
{
	msg->kind = GEN_SCTP_MSG_DATA;
	msg->eor = part->end;
	msg->len = (size_t)part->len;
	fill_info(a, part, msg);
	a->in_message = !part->end;
	a->in_message_stream = part->info.rcv_sid;
	return (int)part->len;
}

/* The engine let go of it without a last event (it had no memory for one). */
static int
receive_end(struct assoc *a, struct gen_sctp_msg *msg)
{
	struct gen_sctp_addr from;
	struct gen_sctp_event lost;

	memset(&from, 0, sizeof(from));
	if (a->peer_count > 0)
		from = a->peers[0];
	memset(&lost, 0, sizeof(lost));
	lost.type = GEN_SCTP_ASSOC_CHANGE;
	lost.u.assoc_change.state = GEN_SCTP_COMM_LOST;
	lost.u.assoc_change.assoc_id = a->id;
	return receive_event(a, &lost, &from, NULL, msg);
}

static int
receive_from_engine(struct assoc *a, void *buf, size_t size,
		    struct gen_sctp_msg *msg)
{
	struct notification n;
	struct part part;

	if (a->esock.so == NULL)
		return -EAGAIN;
	part = read_part(a->esock.so, buf, size, 0);
	if (part.len < 0 && errno == EWOULDBLOCK)
		return -EAGAIN;
	if (part.len <= 0)
		return receive_end(a, msg);
	if (!part.notification)
		return receive_data(a, &part, msg);
	if (!notification_read(a->esock.so, buf, (size_t)part.len, part.end,
			       &n))
		return SKIPPED;
	n.from = part.from;
	return receive_notification(a, &n, msg);
}

/* ------------------------------------------------------------- the queue */

/* Which association comes next: one whose message was begun goes on, the
 * others take turns. */
static void
take_turns(struct endpoint *ep, struct assoc *a)
{
	if (ep->ready_first != a || a->in_message)
		return;
	assoc_unready(a);
	if (transfer_settle(a))
		assoc_make_ready(a);
}

int
transfer_receive(struct endpoint *ep, void *buf, size_t size,
		 struct gen_sctp_msg *msg)
{
	struct assoc *a;
	int result = SKIPPED;

	while (result == SKIPPED && (a = ep->ready_first) != NULL) {
		result = a->events != NULL ?
				 receive_queued_event(a, msg) :
				 receive_from_engine(a, buf, size, msg);
		if (result == -EAGAIN) {
			assoc_unready(a);
			result = SKIPPED;
		} else if (ep->ready_first == a) {
			take_turns(ep, a);
		}
	}
	return result == SKIPPED ? -EAGAIN : result;
}

/* With association events off, those at the head are taken out at once, and
 * what is behind them is looked at: the socket must not look readable for
 * nothing. */
static void
settle_events(struct assoc *a)
{
	struct gen_sctp_event event;
	struct notification n;
	void *owned;

	while (a->phase != ASSOC_OVER && next_is_notification(a->esock.so) &&
	       notification_read(a->esock.so, NULL, 0, false, &n)) {
		if (!notification_event(&n, a, &event, &owned))
			continue;
		if (wanted(a, &event)) {
			assoc_add_event(a, &event, &n.from, owned);
			continue;
		}
		note_event(a, &event);
		free(owned);
	}
}

bool
transfer_settle(struct assoc *a)
{
	if (!(a->ep->opts.events & GEN_SCTP_ASSOCIATION_EVENT) ||
	    a->superseded)
		settle_events(a);
	if (a->events != NULL)
		return true;
	if (a->phase == ASSOC_OVER) {
		forget(a);
		return false;
	}
	return usrsctp_get_events(a->esock.so) & SCTP_EVENT_READ;
}

bool
transfer_discard(struct assoc *a)
{
	static uint8_t waste[65536];
	struct gen_sctp_event event;
	struct notification n;
	struct part part;
	bool last = false;
	void *owned;

	while (!last) {
		part = read_part(a->esock.so, waste, sizeof(waste), 0);
		if (part.len < 0 && errno == EWOULDBLOCK)
			return false;
		if (part.len <= 0)
			return true;
		if (!part.notification ||
		    !notification_read(a->esock.so, waste, (size_t)part.len,
				       part.end, &n) ||
		    !notification_event(&n, a, &event, &owned))
			continue;
		last = event_is_last(&event);
		free(owned);
	}
	return true;
}
