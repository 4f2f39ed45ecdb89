#include "config.h"

#include "closing.h"

#include <string.h>

#include "events.h"
#include "lead.h"
#include "stack.h"
#include "transfer.h"

/* More are not kept waiting at a time: the oldest is aborted. */
#define MAX_CLOSING 10000

static struct assoc *closing, *oldest;
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

	transfer_retry_eof(a);
	if (!transfer_discard(a))
		return;
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
	assoc_detach(a);
	if (abort) {
		close_with_abort(a);
		return;
	}
	if (total == MAX_CLOSING)
		abort_oldest();
	a->closing_group = group;
	put_in(a);
	events_subscribe(a->esock.so, 0);
	a->esock.wakeup = closing_wakeup;
	transfer_eof(a);
	closing_wakeup(&a->esock);
}

size_t
closing_count(uint64_t group)
{
	size_t n = endpoint_count_pending(group);
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
	endpoint_abort_pending();
	while (oldest != NULL)
		abort_oldest();
}
