#include "config.h"

#include "closing.h"

#include <string.h>

#include "events.h"
#include "lead.h"
#include "stack.h"
#include "transfer.h"

static struct assoc *closing;

static void
finish(struct assoc *a)
{
	if (a->prev != NULL)
		a->prev->next = a->next;
	else
		closing = a->next;
	if (a->next != NULL)
		a->next->prev = a->prev;
	assoc_free(a);
	stack_release();
}

static void
closing_wakeup(struct esock *e)
{
	struct assoc *a = (struct assoc *)((char *)e -
					   offsetof(struct assoc, esock));

	if (transfer_discard(a))
		finish(a);
}

static void
close_with_abort(struct assoc *a)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	usrsctp_setsockopt(a->esock.so, SOL_SOCKET, SO_LINGER, &now,
			   sizeof(now));
	assoc_free(a);
}

void
closing_start(struct assoc *a, bool abort)
{
	if (a->phase == ASSOC_SETUP) {
		/* Nothing is promised to the peer yet but that we exist. */
		transfer_abort(a);
		assoc_free(a);
		return;
	}
	if (a->phase == ASSOC_OVER || a->esock.so == NULL) {
		assoc_free(a);
		return;
	}
	assoc_detach(a);
	if (abort) {
		close_with_abort(a);
		return;
	}
	a->prev = NULL;
	a->next = closing;
	if (closing != NULL)
		closing->prev = a;
	closing = a;
	stack_hold();
	events_subscribe(a->esock.so, 0);
	a->esock.wakeup = closing_wakeup;
	transfer_eof(a);
	closing_wakeup(&a->esock);
}

size_t
closing_count(const struct local *local)
{
	const struct assoc *a;
	size_t n = 0;

	for (a = closing; a != NULL; a = a->next)
		n += local == NULL || a->local == local;
	return n;
}

void
closing_abort_all(void)
{
	struct assoc *a;

	while ((a = closing) != NULL) {
		closing = a->next;
		if (closing != NULL)
			closing->prev = NULL;
		close_with_abort(a);
		stack_release();
	}
}
