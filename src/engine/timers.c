#include "timers.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "leaf.h"

/* Flags of the engine's struct sctp_callout. */
#define TIMER_ACTIVE 0x2
#define TIMER_PENDING 0x4

struct entry {
	os_time due;
	struct engine_timer *timer;
};

static struct entry *heap;
static size_t count, room;
static _Atomic int64_t next_due = OS_NEVER;

static void
put(size_t i, struct entry e)
{
	heap[i] = e;
	e.timer->heap_index = i;
}

static void
sift_up(size_t i, struct entry e)
{
	while (i > 0 && heap[(i - 1) / 2].due > e.due) {
		put(i, heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put(i, e);
}

static void
sift_down(size_t i, struct entry e)
{
	size_t child;

	while ((child = 2 * i + 1) < count) {
		if (child + 1 < count && heap[child + 1].due < heap[child].due)
			child++;
		if (heap[child].due >= e.due)
			break;
		put(i, heap[child]);
		i = child;
	}
	put(i, e);
}

static void
publish(void)
{
	atomic_store(&next_due, count > 0 ? heap[0].due : OS_NEVER);
}

static void
take_out(size_t i)
{
	struct entry last = heap[--count];

	if (i == count)
		return;
	if (i > 0 && heap[(i - 1) / 2].due > last.due)
		sift_up(i, last);
	else
		sift_down(i, last);
}

/* A timer lost would hang an association: out of memory ends the process, as
 * it does in the engine's own allocations of this kind. */
static void
reserve(void)
{
	if (count < room)
		return;
	room = room == 0 ? 64 : 2 * room;
	heap = realloc(heap, room * sizeof(*heap));
	if (heap == NULL)
		abort();
}

bool
timers_start(struct engine_timer *t, uint32_t ms, void (*expired)(void *),
	     void *arg)
{
	os_time due = os_now() + (ms == 0 ? 1 : ms) * OS_MS;
	bool pending;

	leaf_lock();
	pending = t->flags & TIMER_PENDING;
	if (pending)
		take_out(t->heap_index);
	t->arg = arg;
	t->expired = expired;
	t->flags = TIMER_ACTIVE | TIMER_PENDING;
	reserve();
	count++;
	sift_up(count - 1, (struct entry){ due, t });
	publish();
	leaf_unlock();
	return pending;
}

bool
timers_stop(struct engine_timer *t)
{
	bool pending;

	leaf_lock();
	pending = t->flags & TIMER_PENDING;
	if (pending) {
		take_out(t->heap_index);
		publish();
	}
	t->flags &= ~(TIMER_ACTIVE | TIMER_PENDING);
	leaf_unlock();
	return pending;
}

os_time
timers_next(void)
{
	return atomic_load(&next_due);
}

int
timers_run(os_time now)
{
	struct engine_timer *t;
	void (*expired)(void *);
	void *arg;
	int ran = 0;

	while (timers_next() <= now) {
		leaf_lock();
		if (count == 0 || heap[0].due > now) {
			leaf_unlock();
			break;
		}
		t = heap[0].timer;
		take_out(0);
		publish();
		t->flags &= ~TIMER_PENDING;
		expired = t->expired;
		arg = t->arg;
		leaf_unlock();
		expired(arg);
		ran++;
	}
	return ran;
}

size_t
timers_count(void)
{
	size_t n;

	leaf_lock();
	n = count;
	leaf_unlock();
	return n;
}
