#include "config.h"

#include "autoclose.h"

#include "leaf.h"
#include "link.h"
#include "transfer.h"

#define SECOND (1000 * OS_MS)

static void expired(void *arg);

static os_time
idle_since(const struct assoc *a)
{
	os_time at;

	leaf_lock();
	at = guard_data_at(link_guard(), &a->tags);
	leaf_unlock();
	return at > a->up_at ? at : a->up_at;
}

static os_time
time_left(const struct assoc *a)
{
	return idle_since(a) + a->ep->opts.autoclose * SECOND - os_now();
}

static void
look_again(struct assoc *a, os_time left)
{
	uint32_t ms = left > 0 ? (uint32_t)((left + OS_MS - 1) / OS_MS) : 1;

	timers_start(&a->idle, ms, expired, a);
}

/* Nothing tells when data goes; now is the time to ask. What still waits to be
 * acknowledged has to arrive first. */
static void
expired(void *arg)
{
	struct assoc *a = arg;
	os_time left = time_left(a);

	if (a->phase != ASSOC_UP || a->eof_wanted)
		return;
	if (left > 0)
		look_again(a, left);
	else if (assoc_queued(a) > 0)
		look_again(a, SECOND);
	else
		transfer_eof(a);
}

void
autoclose_start(struct assoc *a)
{
	a->up_at = os_now();
	autoclose_follow(a);
}

void
autoclose_follow(struct assoc *a)
{
	autoclose_stop(a);
	if (a->ep->opts.autoclose > 0 && a->phase == ASSOC_UP)
		look_again(a, time_left(a));
}

void
autoclose_stop(struct assoc *a)
{
	timers_stop(&a->idle);
}
