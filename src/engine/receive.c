#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "options.h"
#include "packet.h"
#include "receive_event.h"
#include "stack.h"
#include "transfer.h"

/* recv went past something that is not for the user; no length, no errno. */
#define SKIPPED INT_MIN
/* No message below this is delivered in parts, whatever the buffers are. */
#define LEAST_IN_PARTS 2048

/* Where data goes. */
struct sink {
	uint8_t *buf; /* NULL: whole messages, with memory of their own */
	size_t size;
};

/* ---------------------------------------------------------------- events */

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

/* Its last event was taken. */
static void
forget(struct assoc *a)
{
	struct endpoint *ep = a->ep;

	/* A failed attempt leaves a stream socket as it was, and so does the end
	 * of one that a restart goes on with. */
	if (a == assoc_only(ep) && ep->type == GEN_SCTP_STREAM && a->was_up &&
	    !(a->superseded && a->succeeded)) {
		ep->over = true;
		endpoint_changed(ep);
	}
	assoc_free(a);
}

static int
receive_event(struct assoc *a, struct gen_sctp_event *event,
	      const struct gen_sctp_addr *from, void *owned,
	      struct gen_sctp_msg *msg)
{
	int result = SKIPPED;

	if (event_is_last(event) && !front_is_empty(&a->front)) {
		receive_keep(a, event, from, owned);
		return SKIPPED;
	}
	receive_note(a, event);
	if (receive_wanted(a, event)) {
		result = deliver_event(msg, event, from, owned);
		assoc_translate(a, &msg->from);
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

	if (!receive_make(a, n, &event, &owned))
		return SKIPPED;
	return receive_event(a, &event, &n->from, owned, msg);
}

/* ------------------------------------------------------------------ data */

static void
fill_info(const struct assoc *a, const struct engine_part *part,
	  struct gen_sctp_msg *msg)
{
	msg->from = part->from;
	assoc_translate(a, &msg->from);
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

/* From how many bytes on the engine delivers messages in parts. */
static size_t
partial_delivery_point(const struct assoc *a)
{
	int recbuf = ENDPOINT_RECBUF, point = recbuf / 2;
	socklen_t len = sizeof(recbuf);

	usrsctp_getsockopt(a->esock.so, SOL_SOCKET, SO_RCVBUF, &recbuf, &len);
	usrsctp_getsockopt(a->esock.so, IPPROTO_SCTP,
			   SCTP_PARTIAL_DELIVERY_POINT, &point, &len);
	return (size_t)(recbuf / 2 < point ? recbuf / 2 : point);
}

/* The engine ends a message that was cut short as if it were whole, and says so
 * in a notification behind it. */
static bool
cut_short(struct assoc *a)
{
	struct gen_sctp_event event;
	struct notification n;
	void *owned;

	if (!engine_read_notification(a->esock.so, &n) ||
	    !receive_make(a, &n, &event, &owned))
		return false;
	receive_keep(a, &event, &n.from, owned);
	return event.type == GEN_SCTP_PDAPI;
}

/* The message ends with this part. */
static bool
ends_message(struct assoc *a, const struct engine_part *part)
{
	bool in_parts = a->in_message ||
			((size_t)part->len >= LEAST_IN_PARTS &&
			 (size_t)part->len >= partial_delivery_point(a));

	a->in_message = true;
	a->in_message_stream = part->info.rcv_sid;
	if (!part->end || (in_parts && cut_short(a)))
		return false;
	a->in_message = false;
	return true;
}

static int
deliver_data(struct assoc *a, const struct engine_part *part,
	     const uint8_t *data, size_t len, struct gen_sctp_msg *msg)
{
	msg->kind = GEN_SCTP_MSG_DATA;
	msg->data = data;
	msg->len = len;
	fill_info(a, part, msg);
	traffic_count(&a->ep->in, len);
	option_tell_latest(a, msg);
	return (int)len;
}

static int
receive_part(struct assoc *a, const struct engine_part *part,
	     const uint8_t *data, struct gen_sctp_msg *msg)
{
	msg->eor = ends_message(a, part);
	return deliver_data(a, part, data, (size_t)part->len, msg);
}

/* What had been put together for a mailbox when the socket became passive. */
static int
receive_begun(struct assoc *a, const struct sink *sink,
	      struct gen_sctp_msg *msg)
{
	const struct engine_part part = a->assembly.last;
	size_t len = assembly_take(&a->assembly, sink->buf, sink->size);

	assoc_hold(a, a->assembly.len);
	msg->eor = false;
	return deliver_data(a, &part, sink->buf, len, msg);
}

/* The part was read to where the message is put together. */
static int
receive_joined(struct assoc *a, const struct engine_part *part,
	       struct sink *sink, struct gen_sctp_msg *msg)
{
	size_t len;

	assembly_add(&a->assembly, part);
	msg->eor = ends_message(a, part);
	if (!msg->eor) {
		sink->size -= (size_t)part->len;
		assoc_hold(a, a->assembly.len);
		return SKIPPED;
	}
	msg->owned = assembly_finish(&a->assembly, &len);
	assoc_hold(a, 0);
	return deliver_data(a, part, msg->owned, len, msg);
}

/* The engine let go of it without a last event (it had no memory for one). */
static int
receive_end(struct assoc *a, struct gen_sctp_msg *msg)
{
	struct gen_sctp_addr from;
	struct gen_sctp_event lost;

	event_change(a, GEN_SCTP_COMM_LOST, &lost, &from);
	return receive_event(a, &lost, &from, NULL, msg);
}

static int
read_error(struct assoc *a, struct gen_sctp_msg *msg)
{
	if (errno == EWOULDBLOCK)
		return -EAGAIN;
	if (errno == ENOMEM || errno == ENOBUFS)
		return -ENOMEM;
	return receive_end(a, msg);
}

/* Where to read to. */
static int
make_room(struct assoc *a, const struct sink *sink, uint8_t **buf,
	  size_t *size)
{
	*buf = sink->buf;
	*size = sink->size;
	if (*buf != NULL)
		return 0;
	if (*size == 0)
		return -ENOBUFS;
	*buf = assembly_next(&a->assembly, a->ep->opts.buffer, size);
	return *buf != NULL ? 0 : -ENOMEM;
}

static int
read_next(struct assoc *a, uint8_t *buf, size_t size, struct sink *sink,
	  struct gen_sctp_msg *msg)
{
	struct engine_part part = engine_read(a->esock.so, buf, size);
	struct notification n;
	bool whole;

	if (part.len > 0 && !part.notification)
		return sink->buf != NULL ?
			       receive_part(a, &part, buf, msg) :
			       receive_joined(a, &part, sink, msg);
	whole = part.len > 0 && engine_read_rest(a->esock.so, &part, buf, &n);
	assembly_cancel(&a->assembly);
	if (part.len < 0)
		return read_error(a, msg);
	if (part.len == 0)
		return receive_end(a, msg);
	return whole ? receive_notification(a, &n, msg) : SKIPPED;
}

static int
receive_from_engine(struct assoc *a, struct sink *sink,
		    struct gen_sctp_msg *msg)
{
	uint8_t *buf;
	size_t size;
	int error;

	if (a->esock.so == NULL)
		return -EAGAIN;
	if (sink->buf != NULL && a->assembly.len > 0)
		return receive_begun(a, sink, msg);
	error = make_room(a, sink, &buf, &size);
	if (error != 0)
		return error;
	return read_next(a, buf, size, sink, msg);
}

/* ------------------------------------------------------------- the queue */

/* Which association comes next: one whose message was begun goes on, the
 * others take turns. */
static void
take_turns(struct outlet *o, struct assoc *a)
{
	if (o->ready_first != a || a->in_message)
		return;
	assoc_unready(a);
	/* What was read may have been in the way of a copy (kept.h). */
	if (a->kept.on)
		transfer_go_on(a);
	if (transfer_settle(a))
		assoc_make_ready(a);
}

static void
show_addresses(const struct endpoint *ep, struct gen_sctp_msg *msg)
{
	endpoint_show(ep, &msg->from, 1);
	if (msg->kind == GEN_SCTP_MSG_EVENT &&
	    msg->event.type == GEN_SCTP_PADDR_CHANGE)
		endpoint_show(ep, &msg->event.u.paddr_change.addr, 1);
}

static int
receive(struct outlet *o, struct sink *sink, struct gen_sctp_msg *msg)
{
	struct assoc *a;
	int result = SKIPPED;

	while (result == SKIPPED && (a = o->ready_first) != NULL) {
		result = a->events != NULL ?
				 receive_queued_event(a, msg) :
				 receive_from_engine(a, sink, msg);
		if (result == -EAGAIN) {
			assoc_unready(a);
			result = SKIPPED;
		} else if (o->ready_first == a) {
			take_turns(o, a);
		}
	}
	if (result == SKIPPED)
		return -EAGAIN;
	show_addresses(o->ep, msg);
	return result;
}

int
transfer_receive(struct outlet *o, void *buf, size_t size,
		 struct gen_sctp_msg *msg)
{
	struct sink sink = { .buf = buf, .size = size };

	return receive(o, &sink, msg);
}

int
transfer_receive_whole(struct outlet *o, size_t room, struct gen_sctp_msg *msg)
{
	struct sink sink = { .size = room };

	return room > 0 ? receive(o, &sink, msg) : -ENOBUFS;
}

/* Events that nobody wants are taken out from the head at once, and what is
 * behind them is looked at: the socket must not look readable for nothing.
 * What is behind a wanted one stays in the engine, which bounds it; so does what
 * is behind a message that was begun. */
static void
settle_events(struct assoc *a)
{
	struct gen_sctp_event event;
	struct notification n;
	void *owned;

	while (a->phase != ASSOC_OVER && a->events == NULL &&
	       a->assembly.len == 0 &&
	       engine_read_notification(a->esock.so, &n))
		if (receive_make(a, &n, &event, &owned))
			receive_keep(a, &event, &n.from, owned);
}

/* The engine makes only events that are subscribed, but for those that the
 * library needs itself, and those from before a change. */
static bool
may_have_unwanted(const struct assoc *a)
{
	return (~a->ep->opts.events & EVENTS_NEEDED) != 0 ||
	       a->superseded || a->stale_events;
}

/* Nobody will ask for it. */
static bool
settle_shut(struct assoc *a)
{
	if (a->phase == ASSOC_UP && transfer_discard(a))
		a->phase = ASSOC_OVER;
	assoc_drop_events(a);
	assoc_drop_begun(a);
	if (a->phase == ASSOC_OVER)
		forget(a);
	return false;
}

bool
transfer_settle(struct assoc *a)
{
	bool readable = false;

	if (a->ep->read_shut)
		return settle_shut(a);
	if (a->esock.so != NULL) {
		if (may_have_unwanted(a))
			settle_events(a);
		readable = usrsctp_get_events(a->esock.so) & SCTP_EVENT_READ;
	}
	if (!readable)
		a->stale_events = false;
	if (a->events != NULL)
		return true;
	if (a->assembly.len > 0 && !outlet_is_active(a->outlet))
		return true;
	if (a->phase == ASSOC_OVER) {
		forget(a);
		return false;
	}
	return readable;
}

void
transfer_events_changed(struct assoc *a)
{
	struct assoc_event *e, *kept = a->events;

	a->events = NULL;
	a->events_tail = &a->events;
	a->stale_events = true;
	while ((e = kept) != NULL) {
		kept = e->next;
		receive_keep(a, &e->event, &e->from, e->owned);
		free(e);
	}
	assoc_unready(a);
	if (transfer_settle(a))
		assoc_make_ready(a);
}

bool
transfer_discard(struct assoc *a)
{
	static uint8_t waste[65536];
	struct gen_sctp_event event;
	struct notification n;
	struct engine_part part;
	bool last = false;
	void *owned;

	while (!last) {
		part = engine_read(a->esock.so, waste, sizeof(waste));
		if (part.len < 0 && errno == EWOULDBLOCK)
			return false;
		if (part.len <= 0)
			return true;
		if (!part.notification ||
		    !engine_read_rest(a->esock.so, &part, waste, &n) ||
		    !notification_event(&n, a, &event, &owned))
			continue;
		last = event_is_last(&event);
		free(owned);
	}
	return true;
}
