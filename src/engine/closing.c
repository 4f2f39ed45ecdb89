#include "config.h"

#include "closing.h"

#include <errno.h>

#include "autoclose.h"
#include "events.h"
#include "lead.h"
#include "owners.h"
#include "stack.h"
#include "transfer.h"

/* More are not kept waiting at a time: the oldest is aborted. */
#define MAX_CLOSING 10000

static struct assoc *closing, *oldest;
/* Endpoints with associations that are still set up. */
static struct endpoint *pending;
static size_t total;
static uint64_t last_group;

uint64_t
closing_new_group(void)
{
	return ++last_group;
}

static void
take_out(struct assoc *a)
{
	if (a->prev != NULL)
		a->prev->next = a->next;
	else
		closing = a->next;
	if (a->next != NULL)
		a->next->prev = a->prev;
	else
		oldest = a->prev;
	total--;
	stack_release();
}

static void
put_in(struct assoc *a)
{
	a->prev = NULL;
	a->next = closing;
	if (closing != NULL)
		closing->prev = a;
	else
		oldest = a;
	closing = a;
	total++;
	stack_hold();
}

static void
closing_wakeup(struct esock *e)
{
	struct assoc *a = assoc_of(e);

	if (!transfer_discard(a)) {
		transfer_go_on(a);
		return;
	}
	take_out(a);
	assoc_free(a);
}

static void
close_with_abort(struct assoc *a)
{
	esock_abort_on_close(a->esock.so);
	assoc_free(a);
}

static void
abort_oldest(void)
{
	struct assoc *a = oldest;

	take_out(a);
	close_with_abort(a);
}

void
closing_start(struct assoc *a, bool abort, uint64_t group)
{
	if (a->phase == ASSOC_SETUP)
		transfer_abort(a);
	if (a->phase != ASSOC_UP) {
		assoc_free(a);
		return;
	}
	autoclose_stop(a);
	assoc_detach(a);
	if (abort) {
		close_with_abort(a);
		return;
	}
	if (total == MAX_CLOSING)
		abort_oldest();
	a->closing_group = group;
	put_in(a);
	events_switch(a->esock.so, a->engine_id, events_known(), 0);
	a->esock.wakeup = closing_wakeup;
	transfer_eof(a);
	closing_wakeup(&a->esock);
}

/* ------------------------------------------------------------- endpoints */

static void
end_pending(struct endpoint *ep)
{
	struct endpoint **p;

	for (p = &pending; *p != ep; p = &(*p)->closing_next)
		;
	*p = ep->closing_next;
	endpoint_end(ep);
}

/* What it was given before it is up has to be delivered. */
static bool
keep_setting_up(struct assoc *a, bool abort)
{
	if (abort || a->phase != ASSOC_SETUP || !a->sent_early)
		return false;
	if (a->awaited != NULL) {
		a->awaited->result = -EBADF;
		a->awaited->done = true;
		a->awaited = NULL;
	}
	a->eof_wanted = true;
	return true;
}

static void
close_assocs(struct endpoint *ep, bool abort)
{
	struct assoc *a, *next;

	for (a = ep->assocs; a != NULL; a = next) {
		next = a->next;
		if (!keep_setting_up(a, abort))
			closing_start(a, abort, ep->closing_group);
	}
}

void
closing_endpoint(struct endpoint *ep, uint64_t closing_group)
{
	ep->closed = true;
	ep->closing_group = closing_group;
	lead_changed();
	outlet_close(&ep->outlet);
	if (ep->has_event)
		os_event_close(&ep->event);
	ep->has_event = false;
	close_assocs(ep, ep->opts.linger.on && ep->opts.linger.seconds == 0);
	owners_close(ep);
	if (ep->assocs == NULL) {
		endpoint_end(ep);
		return;
	}
	ep->closing_next = pending;
	pending = ep;
	endpoint_follow_places(ep);
}

void
closing_endpoint_rest(struct endpoint *ep)
{
	close_assocs(ep, false);
	if (ep->assocs == NULL)
		end_pending(ep);
}

static size_t
count_pending(uint64_t group)
{
	const struct endpoint *ep;
	size_t n = 0;

	for (ep = pending; ep != NULL; ep = ep->closing_next)
		n += group == CLOSING_ALL || ep->closing_group == group;
	return n;
}

/* ------------------------------------------------------------------- all */

size_t
closing_count(uint64_t group)
{
	size_t n = count_pending(group);
	const struct assoc *a;

	if (group == CLOSING_ALL)
		return n + total;
	for (a = closing; a != NULL; a = a->next)
		n += a->closing_group == group;
	return n;
}

void
closing_abort_all(void)
{
	while (pending != NULL) {
		close_assocs(pending, true);
		end_pending(pending);
	}
	while (oldest != NULL)
		abort_oldest();
}
