#include "config.h"

#include "outlet.h"

#include <errno.h>
#include <string.h>

#include "endpoint.h"
#include "lead.h"
#include "mailbox.h"
#include "transfer.h"

/* Messages of one socket in a round. */
#define ROUND 64
#define COUNT_MIN (-32768)
#define COUNT_MAX 32767

/* Those that have something to deliver. */
static struct outlet *scheduled_first, *scheduled_last;
/* There was no memory for it: the next call, or packet, tries again. */
static bool stalled;
/* The next that says that a count is used up. */
static struct mailbox_message *notice;

/* -------------------------------------------------------------- schedule */

static void
schedule(struct outlet *o)
{
	if (o->scheduled)
		return;
	o->scheduled = true;
	o->next = NULL;
	o->prev = scheduled_last;
	if (scheduled_last != NULL)
		scheduled_last->next = o;
	else
		scheduled_first = o;
	scheduled_last = o;
}

static void
unschedule(struct outlet *o)
{
	if (!o->scheduled)
		return;
	o->scheduled = false;
	if (o->prev != NULL)
		o->prev->next = o->next;
	else
		scheduled_first = o->next;
	if (o->next != NULL)
		o->next->prev = o->prev;
	else
		scheduled_last = o->prev;
}

bool
outlet_is_active(const struct outlet *o)
{
	return o->mode != GEN_SCTP_ACTIVE_FALSE;
}

static bool
has_something(const struct outlet *o)
{
	const struct endpoint *ep = o->ep;

	/* Those of a listener are for the sockets that accept makes. */
	if (ep->closed || ep->listener)
		return false;
	return o->ready_first != NULL ||
	       ((ep->over || ep->read_shut) && !o->eof_told);
}

void
outlet_changed(struct outlet *o)
{
	if (outlet_is_active(o) && has_something(o) && o->source->box != NULL)
		schedule(o);
	else
		unschedule(o);
}

/* ------------------------------------------------------------------ mode */

/* What was put together of messages is for recv now. */
static void
ready_begun(struct outlet *o)
{
	struct assoc *a;

	if (o->source->held == 0)
		return;
	for (a = o->ep->assocs; a != NULL; a = a->next)
		if (a->outlet == o && a->assembly.len > 0)
			assoc_make_ready(a);
}

static void
change_mode(struct outlet *o, enum gen_sctp_active_mode mode, int count)
{
	o->mode = mode;
	o->count = count;
	if (mode == GEN_SCTP_ACTIVE_FALSE)
		ready_begun(o);
	outlet_changed(o);
	endpoint_changed(o->ep);
}

static void
put(struct outlet *o, struct mailbox_message *e)
{
	mailbox_put(o->source, e);
	if (o->source->box != NULL)
		o->source->box->spin = endpoint_spin(o->ep);
	lead_changed();
}

static void
put_notice(struct outlet *o, struct mailbox_message *e,
	   enum gen_sctp_msg_kind kind, int error)
{
	e->msg.kind = kind;
	e->msg.error = error;
	put(o, e);
}

static int
new_count(const struct outlet *o, int n)
{
	return n + (o != NULL ? o->count : 0);
}

int
outlet_check_mode(const struct outlet *o, const struct gen_sctp_active *active)
{
	int count = new_count(o, active->n);

	if (active->mode < GEN_SCTP_ACTIVE_FALSE ||
	    active->mode > GEN_SCTP_ACTIVE_N)
		return -EINVAL;
	if (active->mode == GEN_SCTP_ACTIVE_N &&
	    (active->n < COUNT_MIN || active->n > COUNT_MAX ||
	     count > COUNT_MAX))
		return -EINVAL;
	if (o != NULL && o->source->box == NULL &&
	    active->mode != GEN_SCTP_ACTIVE_FALSE)
		return -EPERM;
	return 0;
}

/* Adds to the count; one that is used up makes the socket passive, and says
 * so, even where it was passive before. */
static int
add_count(struct outlet *o, int n)
{
	struct mailbox_message *e;
	int count = new_count(o, n);

	if (count > COUNT_MAX)
		return -EINVAL;
	if (count > 0) {
		change_mode(o, GEN_SCTP_ACTIVE_N, count);
		return 0;
	}
	e = mailbox_message_new();
	if (e == NULL)
		return -ENOMEM;
	change_mode(o, GEN_SCTP_ACTIVE_FALSE, 0);
	put_notice(o, e, GEN_SCTP_MSG_PASSIVE, 0);
	return 0;
}

int
outlet_set_mode(struct outlet *o, const struct gen_sctp_active *active)
{
	if (active->mode == GEN_SCTP_ACTIVE_N)
		return add_count(o, active->n);
	change_mode(o, active->mode, 0);
	return 0;
}

struct gen_sctp_active
outlet_mode(const struct outlet *o)
{
	return (struct gen_sctp_active){ .mode = o->mode, .n = o->count };
}

void
outlet_inherit(struct outlet *o, const struct outlet *parent)
{
	change_mode(o, parent->mode, parent->count);
}

/* ------------------------------------------------------------------ life */

int
outlet_init(struct outlet *o, struct endpoint *ep)
{
	memset(o, 0, sizeof(*o));
	o->ep = ep;
	o->source = mailbox_source_new();
	return o->source != NULL ? 0 : -ENOMEM;
}

void
outlet_close(struct outlet *o)
{
	if (o->source == NULL)
		return;
	unschedule(o);
	o->mode = GEN_SCTP_ACTIVE_FALSE;
	mailbox_source_close(o->source);
	o->source = NULL;
}

void
outlet_give(struct outlet *o, struct mailbox *box)
{
	mailbox_source_give(o->source, box);
	lead_changed();
	if (box == NULL)
		change_mode(o, GEN_SCTP_ACTIVE_FALSE, 0);
	else
		outlet_changed(o);
}

/* -------------------------------------------------------------- delivery */

static void
go_passive(struct outlet *o)
{
	change_mode(o, GEN_SCTP_ACTIVE_FALSE, 0);
	put_notice(o, notice, GEN_SCTP_MSG_PASSIVE, 0);
	notice = NULL;
}

static void
count_down(struct outlet *o)
{
	if (o->mode == GEN_SCTP_ACTIVE_ONCE)
		change_mode(o, GEN_SCTP_ACTIVE_FALSE, 0);
	else if (o->mode == GEN_SCTP_ACTIVE_N && --o->count == 0)
		go_passive(o);
}

/* The mailbox takes no more: what follows stays in the engine. */
static void
overflow(struct outlet *o, struct mailbox_message *e)
{
	put_notice(o, e, GEN_SCTP_MSG_ERROR, -ENOBUFS);
	go_passive(o);
}

/* False: nothing was there, or there was no room. */
static bool
deliver_ready(struct outlet *o, struct mailbox_message *e)
{
	int result = transfer_receive_whole(o, mailbox_room(o->source->box),
					    &e->msg);

	if (result >= 0 || result == GEN_SCTP_EEVENT) {
		put(o, e);
		count_down(o);
		return true;
	}
	stalled |= result == -ENOMEM;
	if (result == -ENOBUFS)
		overflow(o, e);
	else
		mailbox_message_free(e);
	return false;
}

static bool
deliver_eof(struct outlet *o, struct mailbox_message *e)
{
	o->eof_told = true;
	put_notice(o, e, GEN_SCTP_MSG_EOF, 0);
	return false;
}

/* There is memory for a message and the notice that may follow it, or nothing
 * is taken from the engine. */
static bool
deliver_next(struct outlet *o)
{
	struct mailbox_message *e = mailbox_message_new();

	if (notice == NULL)
		notice = mailbox_message_new();
	if (e == NULL || notice == NULL) {
		mailbox_message_free(e);
		stalled = true;
		return false;
	}
	return o->ready_first != NULL ? deliver_ready(o, e) :
					deliver_eof(o, e);
}

static void
deliver(struct outlet *o)
{
	int n;

	for (n = 0; n < ROUND && outlet_is_active(o) && has_something(o); n++)
		if (!deliver_next(o))
			break;
	unschedule(o);
	outlet_changed(o);
}

void
outlet_run(void)
{
	struct outlet *last = scheduled_last, *o;

	stalled = false;
	while ((o = scheduled_first) != NULL) {
		deliver(o);
		if (o == last)
			break;
	}
}

bool
outlet_pending(void)
{
	return scheduled_first != NULL && !stalled;
}
