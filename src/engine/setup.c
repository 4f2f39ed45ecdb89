/*
 * Associations from their first event to their own engine socket.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "assoc.h"
#include "autoclose.h"
#include "closing.h"
#include "connect.h"
#include "dormant.h"
#include "events.h"
#include "lead.h"
#include "options.h"
#include "owners.h"
#include "recbuf.h"
#include "receive_event.h"
#include "stack.h"
#include "transfer.h"

/* Something happened on an association's own engine socket. */
static void
assoc_wakeup(struct esock *e)
{
	struct assoc *a = assoc_of(e);
	struct endpoint *ep = a->ep;

	a->wakeups++;
	option_note_latest(a);
	transfer_go_on(a);
	if (transfer_settle(a))
		assoc_make_ready(a);
	endpoint_changed(ep);
}

static struct assoc *
find_setup(const struct endpoint *ep, sctp_assoc_t engine_id)
{
	unsigned int left = ep->attempts;
	struct assoc *a;

	/* New ones are in front. */
	for (a = ep->assocs; left > 0; a = a->next) {
		if (a->attempt && a->phase == ASSOC_SETUP &&
		    a->engine_id == engine_id)
			return a;
		left -= a->attempt;
	}
	return NULL;
}

/* A peer set it up. NULL: the endpoint takes no more of them, or there is no
 * memory for it. *home is where it belongs: a restart goes on where the
 * association was. */
static struct assoc *
accept_assoc(struct endpoint *ep, const struct sctp_assoc_change *change,
	     struct endpoint **home)
{
	struct assoc *a = assoc_new(ep, change->sac_assoc_id), *old;

	if (a == NULL)
		return NULL;
	assoc_learn(a);
	old = assoc_find_superseded(a);
	if ((old == NULL && (!endpoint_has_place(ep) || owners_refuse(a))) ||
	    !recbuf_grant(a, change->sac_inbound_streams)) {
		assoc_free(a);
		return NULL;
	}
	if (old == NULL) {
		assoc_count_from_peer(a, true);
		return a;
	}
	old->succeeded = true;
	a->restart = true;
	assoc_take_id(a, old);
	*home = old->ep;
	return a;
}

/* Gives it an engine socket of its own; what it has received moves along. */
static bool
peel(struct assoc *a)
{
	struct socket *so = usrsctp_peeloff(a->ep->esock.so, a->engine_id);

	if (so == NULL)
		return false;
	assoc_count_attempt(a, false);
	esock_adopt(&a->esock, so, assoc_wakeup);
	recbuf_apply(a);
	a->phase = ASSOC_UP;
	a->was_up = true;
	assoc_learn(a);
	option_assoc_up(a);
	return true;
}

/* A failed attempt of a waiting connect leaves nothing behind. */
static void
report_to_connect(struct assoc *a, const struct gen_sctp_assoc_change *outcome)
{
	struct assoc_wait *wait = a->awaited;

	a->awaited = NULL;
	wait->done = true;
	wait->outcome = *outcome;
	wait->outcome.data = NULL;
	wait->outcome.len = 0;
	wait->result = outcome->state == GEN_SCTP_COMM_UP ? 0 :
							    connect_failure(a);
	lead_changed();
	if (a->phase == ASSOC_OVER)
		assoc_free(a);
}

/* The outcome goes to the connect that waits for it, or to recv. */
static void
report(struct assoc *a, const struct gen_sctp_event *event,
       const struct gen_sctp_addr *from, void *owned)
{
	if (event_is_last(event)) {
		a->phase = ASSOC_OVER;
		/* It was about this attempt. */
		a->ep->read_shut = false;
	}
	if (event->type == GEN_SCTP_ASSOC_CHANGE && a->awaited != NULL) {
		report_to_connect(a, &event->u.assoc_change);
		free(owned);
	} else if (event_subscribed(event, a->ep->opts.events)) {
		assoc_add_event(a, event, from, owned);
	} else {
		free(owned);
		if (a->phase == ASSOC_OVER && a->events == NULL)
			assoc_free(a);
	}
}

int
assoc_abort(struct assoc *a)
{
	const bool attempt = a->phase == ASSOC_SETUP;
	struct gen_sctp_event event;
	struct gen_sctp_addr from;
	int error = transfer_abort(a);

	if (error != 0 || !attempt)
		return error;
	/* The engine does not tell. */
	event_change(a, GEN_SCTP_CANT_ASSOC, &event, &from);
	report(a, &event, &from, NULL);
	return 0;
}

static void
came_up(struct endpoint *ep, struct assoc *a, const struct notification *n,
	const struct sctp_assoc_change *change)
{
	struct gen_sctp_event event;
	struct endpoint *home = ep;
	void *owned = NULL;

	if (a == NULL)
		a = accept_assoc(ep, change, &home);
	if (a == NULL || !notification_event(n, a, &event, &owned) || !peel(a)) {
		free(owned);
		transfer_flag(ep->esock.so, change->sac_assoc_id, SCTP_ABORT);
		return;
	}
	if (home != ep) {
		assoc_move(a, home);
		events_switch(a->esock.so, a->engine_id, events_known(),
			      home->opts.events);
		option_mark(home);
	}
	if (a->restart)
		event.u.assoc_change.state = GEN_SCTP_RESTART;
	dormant_watch(a);
	if (home->closed) {
		free(owned);
		closing_endpoint_rest(home);
		return;
	}
	autoclose_start(a);
	owners_claim(a);
	/* The event first: it is older than what is behind it. */
	report(a, &event, &n->from, owned);
	assoc_wakeup(&a->esock);
}

static bool
is_comm_up(const struct notification *n, struct sctp_assoc_change *change)
{
	if (notification_type(n) != SCTP_ASSOC_CHANGE)
		return false;
	memcpy(change, n->data, sizeof(*change));
	return change->sac_state == SCTP_COMM_UP;
}

static void
setup_event(struct endpoint *ep, const struct notification *n)
{
	sctp_assoc_t engine_id = notification_assoc(n);
	struct assoc *a = find_setup(ep, engine_id);
	struct sctp_assoc_change change;
	struct gen_sctp_event event;
	void *owned;

	if (is_comm_up(n, &change)) {
		came_up(ep, a, n, &change);
		return;
	}
	if (a == NULL || !receive_make(a, n, &event, &owned))
		return;
	if (!ep->closed) {
		report(a, &event, &n->from, owned);
		return;
	}
	free(owned);
	if (!event_is_last(&event))
		return;
	a->phase = ASSOC_OVER;
	closing_endpoint_rest(ep);
}

/* Data here is of an association that was not taken: it is thrown away, and
 * never looked at. */
static bool
run_setup_once(struct endpoint *ep)
{
	uint8_t buf[1024];
	struct engine_part part = engine_read(ep->esock.so, buf, sizeof(buf));
	struct notification n;

	if (part.len <= 0)
		return false;
	if (part.notification &&
	    engine_read_rest(ep->esock.so, &part, buf, &n))
		setup_event(ep, &n);
	return true;
}

void
assoc_run_setup(struct esock *e)
{
	struct endpoint *ep = (struct endpoint *)((char *)e -
					offsetof(struct endpoint, esock));

	/* A closed one is gone with the last association that it set up. */
	endpoint_use(ep);
	while (e->so != NULL && run_setup_once(ep))
		;
	endpoint_unuse(ep);
}
