#include "lead.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Quiet intervals of a watch, with a leader in poll, until the reactor parks. */
#define QUIET_INTERVALS 20
/* Calls of a busy thread between two looks at what has arrived. */
#define FEED_INTERVAL 32
/* How often a poll that cannot see all sockets ends: there is no memory, or the
 * program has closed a descriptor that is not its own. */
#define BLIND_INTERVAL (10 * OS_MS)

/* A thread in lead_wait; lives on its stack. */
struct waiter {
	bool (*holds)(void *arg);
	void *arg;
	os_time spin; /* ns, before it sleeps in poll */
	os_cond *cond;
	struct waiter *prev, *next;
};

/* What one poll looks at: its kick event first, then the sockets. */
struct pollset {
	os_event event;
	os_time deadline; /* when the poll ends */
	os_time spin;     /* ns that it does not sleep */
	bool ended;       /* the event is set */
	gen_sctp_fd_t *fds;
	bool *readable;
	size_t room;
};

/* A thread has one for all its waits: some systems allocate memory with each
 * condition. */
static OS_THREAD_LOCAL os_cond own_cond = OS_COND_INIT;

enum reactor_state { REACTOR_OFF, REACTOR_POLL, REACTOR_WATCH, REACTOR_PARKED };

static const struct lead_ops *ops;

/* Under the stack lock, but for the atomics. */
static os_mutex stack_lock = OS_MUTEX_INIT;
static struct waiter *waiters;
static struct waiter *leader; /* polls */
static atomic_bool is_led; /* there are waiters */
static bool changed;       /* somebody's condition may hold now */
static struct pollset leader_poll, reactor_poll;
static atomic_int state; /* enum reactor_state, written under the lock */
/* Calls are no cancellation points: how it was when this thread's began. */
static OS_THREAD_LOCAL int cancel_state;
static _Atomic uintptr_t owner; /* the thread that holds the lock; 0 = none */

/* Output that waits for the next call, or that the system refused. */
static atomic_bool held;
static os_time held_since;
static os_time retry_at = OS_NEVER;

/* The latest round of work. */
static os_time worked_at;
static bool backlog; /* it left something */

/* Calls so far: all, those that have got the lock, and all at the time from
 * which on a call makes the process busy. */
static atomic_uint entries;
static unsigned int served, quiet_entries;

/* The reactor sleeps in watch and parked under a lock of its own, so that it
 * never queues for the stack lock while API threads are busy. */
static os_mutex nap_lock = OS_MUTEX_INIT;
static os_cond nap_cond = OS_COND_INIT;
static bool nap_over;
static atomic_bool poll_wanted; /* the next nap is the last */

/* Guards the events' life against lead_kick, which may not take the stack
 * lock. */
static os_mutex kick_lock = OS_MUTEX_INIT;
static bool events_open;

void
lead_init(const struct lead_ops *lead_ops)
{
	ops = lead_ops;
}

static os_time
earlier(os_time a, os_time b)
{
	return a < b ? a : b;
}

static void
set_owner(uintptr_t thread)
{
	atomic_store_explicit(&owner, thread, memory_order_relaxed);
	ops->owner(thread);
}

static void
lock(void)
{
	os_mutex_lock(&stack_lock);
	set_owner(os_thread_self());
}

static void
unlock(void)
{
	set_owner(0);
	os_mutex_unlock(&stack_lock);
}

static void
end_nap(void)
{
	os_mutex_lock(&nap_lock);
	nap_over = true;
	os_cond_signal(&nap_cond);
	os_mutex_unlock(&nap_lock);
}

static void
nap_until(os_time deadline)
{
	os_mutex_lock(&nap_lock);
	while (!nap_over)
		if (!os_cond_wait_until(&nap_cond, &nap_lock, deadline))
			break;
	nap_over = false;
	os_mutex_unlock(&nap_lock);
}

/* Sockets may be closed once nothing is queued for them: somebody may wait for
 * that. */
static void
flush(void)
{
	atomic_store(&held, false);
	ops->flush();
	retry_at = ops->has_output() ? os_now() + OS_MS : OS_NEVER;
	changed = true;
}

/* One round: under a flood others get the lock between two of them. */
static void
work(void)
{
	worked_at = os_now();
	backlog = ops->work();
	changed = true;
}

/* Lock held. */
static void
end_poll(struct pollset *p)
{
	if (!p->ended)
		os_event_set(&p->event);
	p->ended = true;
}

void
lead_kick(void)
{
	os_mutex_lock(&kick_lock);
	if (events_open) {
		os_event_set(&leader_poll.event);
		os_event_set(&reactor_poll.event);
	}
	os_mutex_unlock(&kick_lock);
}

/* ------------------------------------------------------------- waiters */

static void
link_waiter(struct waiter *w)
{
	w->prev = NULL;
	w->next = waiters;
	if (waiters != NULL)
		waiters->prev = w;
	waiters = w;
	atomic_store(&is_led, true);
}

static void
unlink_waiter(struct waiter *w)
{
	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		waiters = w->next;
	if (w->next != NULL)
		w->next->prev = w->prev;
	atomic_store(&is_led, waiters != NULL);
}

void
lead_changed(void)
{
	changed = true;
}

/* Wakes those whose condition holds now. */
static void
wake_waiters(const struct waiter *self)
{
	struct waiter *w;

	changed = false;
	for (w = waiters; w != NULL; w = w->next) {
		if (w == self || !w->holds(w->arg))
			continue;
		if (w == leader)
			end_poll(&leader_poll);
		else
			os_cond_signal(w->cond);
	}
}

/* Before the lock is released for a while. */
static void
settle(const struct waiter *self)
{
	flush();
	wake_waiters(self);
}

/* Somebody has to poll now that the leader leaves. */
static void
hand_over(void)
{
	if (leader != NULL)
		return;
	if (waiters != NULL)
		os_cond_signal(waiters->cond);
	else if (atomic_load(&state) == REACTOR_PARKED) {
		atomic_store(&state, REACTOR_WATCH);
		end_nap();
	}
}

/* ------------------------------------------------------------- polling */

/* Room for n descriptors; less when there is no memory. */
static size_t
pollset_reserve(struct pollset *p, size_t n)
{
	gen_sctp_fd_t *fds;
	bool *readable;

	if (n <= p->room)
		return n;
	fds = realloc(p->fds, n * sizeof(*fds));
	if (fds != NULL)
		p->fds = fds;
	readable = realloc(p->readable, n * sizeof(*readable));
	if (readable != NULL)
		p->readable = readable;
	if (fds == NULL || readable == NULL)
		return p->room;
	p->room = n;
	return n;
}

/* Lock not held. The kick event ends it as it ends a sleep. */
static int
spin(struct pollset *p, size_t n, os_time until)
{
	int rc;

	do
		rc = os_poll(p->fds, p->readable, n, 0);
	while (rc == 0 && os_now() < until);
	return rc;
}

/* Lock not held. */
static void
wait_for_input(struct pollset *p, size_t n, os_time deadline)
{
	int rc = 0;

	if (p->spin > 0)
		rc = spin(p, n, earlier(deadline, os_now() + p->spin));
	if (rc == 0)
		rc = os_poll(p->fds, p->readable, n, deadline);
	if (rc < 0)
		os_sleep_ns(BLIND_INTERVAL);
	else if (p->readable[0])
		os_event_clear(&p->event);
}

/* Lock held, released while it polls. */
static void
poll_sockets(struct pollset *p)
{
	os_time deadline = p->deadline; /* others may lower it meanwhile */
	const gen_sctp_fd_t *sockets;
	size_t wanted = ops->fds(&sockets) + 1;
	size_t n = pollset_reserve(p, wanted);
	uint64_t token;

	if (n < wanted)
		deadline = earlier(deadline, os_now() + BLIND_INTERVAL);
	p->fds[0] = p->event.wait_fd;
	if (n > 1)
		memcpy(p->fds + 1, sockets, (n - 1) * sizeof(*sockets));
	p->ended = false;
	token = ops->poll_begin();
	unlock();
	wait_for_input(p, n, deadline);
	lock();
	ops->poll_end(token);
	changed = true; /* sockets may have been closed now */
}

/* When there is something to do though no datagram comes. */
static os_time
next_deadline(void)
{
	return backlog ? 0 : earlier(ops->deadline(), retry_at);
}

/* Whoever polls must wake for a timer that was started since. */
static void
wake_for_timers(void)
{
	struct pollset *p = NULL;
	os_time next = next_deadline();

	if (leader != NULL)
		p = &leader_poll;
	else if (atomic_load(&state) == REACTOR_POLL)
		p = &reactor_poll;
	if (p == NULL || next >= p->deadline)
		return;
	p->deadline = next;
	end_poll(p);
}

static void
lead_once(struct waiter *self, os_time deadline)
{
	leader = self;
	leader_poll.deadline = earlier(deadline, next_deadline());
	leader_poll.spin = self->spin;
	poll_sockets(&leader_poll);
	leader = NULL;
	work();
}

static void
sleep_while_led(struct waiter *self, os_time deadline)
{
	wake_for_timers();
	set_owner(0);
	os_cond_wait_until(self->cond, &stack_lock, deadline);
	set_owner(os_thread_self());
}

int
lead_wait_busily(bool (*holds)(void *arg), void *arg, os_time deadline,
		 os_time spin)
{
	struct waiter self = { .holds = holds,
			       .arg = arg,
			       .spin = spin,
			       .cond = &own_cond };
	int result = 0;

	if (holds(arg))
		return 0;
	if (deadline <= os_now()) {
		/* What has arrived counts, though nobody fed it yet. */
		work();
		return holds(arg) ? 0 : -ETIMEDOUT;
	}
	link_waiter(&self);
	while (!holds(arg)) {
		if (deadline <= os_now()) {
			result = -ETIMEDOUT;
			break;
		}
		settle(&self);
		if (holds(arg))
			break;
		if (leader == NULL)
			lead_once(&self, deadline);
		else
			sleep_while_led(&self, deadline);
	}
	unlink_waiter(&self);
	hand_over();
	return result;
}

int
lead_wait(bool (*holds)(void *arg), void *arg, os_time deadline)
{
	return lead_wait_busily(holds, arg, deadline, 0);
}

/* ------------------------------------------------------- enter and leave */

void
lead_enter(void)
{
	cancel_state = os_cancel_disable();
	atomic_fetch_add_explicit(&entries, 1, memory_order_relaxed);
	lock();
	served++;
}

/* Sockets are open, a thread polls, or output is left. */
static bool
needed(void)
{
	return waiters != NULL || retry_at != OS_NEVER || ops->needed();
}

/* Whether output may wait for the next call, or for the watching reactor. */
static bool
may_hold(void)
{
	os_time now;

	if (atomic_load(&state) != REACTOR_WATCH || ops->batch_full())
		return false;
	now = os_now();
	if (!atomic_exchange(&held, true))
		held_since = now;
	return now - held_since < LEAD_WATCH_NS;
}

static void
send_or_hold(void)
{
	if (!ops->has_output() || may_hold())
		return;
	flush();
	if (atomic_load(&state) == REACTOR_PARKED) {
		/* Another thread than the leader is busy: hold from now on. */
		atomic_store(&state, REACTOR_WATCH);
		end_nap();
	}
}

/* On watch the reactor does not work as long as threads call: they do. */
static void
work_if_due(void)
{
	if (atomic_load(&state) == REACTOR_WATCH &&
	    os_now() - worked_at >= LEAD_WATCH_NS)
		work();
}

void
lead_leave(void)
{
	int cancel = cancel_state;

	work_if_due();
	send_or_hold();
	if (changed)
		wake_waiters(NULL);
	wake_for_timers();
	if (atomic_load(&state) == REACTOR_POLL && !needed())
		end_poll(&reactor_poll);
	unlock();
	os_cancel_restore(cancel);
}

void
lead_flush(void)
{
	flush();
}

void
lead_yield(void)
{
	flush();
	quiet_entries = atomic_load(&entries);
	if (atomic_load(&state) != REACTOR_WATCH || waiters != NULL)
		return;
	atomic_store(&poll_wanted, true);
	end_nap();
}

void
lead_feed(void)
{
	static unsigned int calls;

	if (atomic_load(&state) == REACTOR_WATCH &&
	    ++calls % FEED_INTERVAL == 0)
		work();
}

/* ------------------------------------------------------------- reactor */

static int
open_events(void)
{
	int error;

	error = os_event_open(&leader_poll.event);
	if (error != 0)
		return error;
	error = os_event_open(&reactor_poll.event);
	if (error != 0) {
		os_event_close(&leader_poll.event);
		return error;
	}
	os_mutex_lock(&kick_lock);
	events_open = true;
	os_mutex_unlock(&kick_lock);
	return 0;
}

static void
pollset_close(struct pollset *p)
{
	os_event_close(&p->event);
	free(p->fds);
	free(p->readable);
	p->fds = NULL;
	p->readable = NULL;
	p->room = 0;
}

static void
close_events(void)
{
	os_mutex_lock(&kick_lock);
	events_open = false;
	os_mutex_unlock(&kick_lock);
	pollset_close(&leader_poll);
	pollset_close(&reactor_poll);
}

/* Lock held. Leaves the reactor on watch if threads call. */
static void
poll_and_work(void)
{
	bool others;

	reactor_poll.deadline = next_deadline();
	quiet_entries = atomic_load(&entries);
	poll_sockets(&reactor_poll);
	/* Those who lead or wait for the lock will see to it. */
	others = waiters != NULL || atomic_load(&entries) != served;
	if (!others)
		work();
	if (others || atomic_load(&entries) != quiet_entries)
		atomic_store(&state, REACTOR_WATCH);
}

static void
park(void)
{
	lock();
	if (waiters != NULL) {
		settle(NULL);
		atomic_store(&state, REACTOR_PARKED);
	}
	unlock();
	while (atomic_load(&state) == REACTOR_PARKED)
		nap_until(OS_NEVER);
}

static void
send_held(void)
{
	lock();
	if (atomic_load(&held))
		settle(NULL);
	unlock();
}

/* Lock not held. Returns when the reactor has to do the work again. */
static void
watch(void)
{
	unsigned int before = atomic_load(&entries), now;
	int quiet = 0;

	for (;;) {
		nap_until(os_now() + LEAD_WATCH_NS);
		now = atomic_load(&entries);
		if (atomic_load(&poll_wanted))
			return;
		if (now != before) {
			before = now;
			quiet = 0;
			continue;
		}
		if (!atomic_load(&is_led))
			return;
		if (atomic_load(&held))
			send_held();
		if (++quiet == QUIET_INTERVALS) {
			park();
			quiet = 0;
		}
	}
}

/* Lock held. The watch is over. */
static void
take_over(void)
{
	atomic_store(&poll_wanted, false);
	if (waiters != NULL)
		return;
	work();
	atomic_store(&state, REACTOR_POLL);
}

static void
reactor(void *arg)
{
	(void)arg;
	lock();
	for (;;) {
		settle(NULL);
		if (!needed())
			break;
		if (atomic_load(&state) == REACTOR_POLL) {
			poll_and_work();
			continue;
		}
		unlock();
		watch();
		lock();
		take_over();
	}
	ops->stopped();
	close_events();
	atomic_store(&state, REACTOR_OFF);
	unlock();
}

int
lead_start(void)
{
	int error;

	if (atomic_load(&state) != REACTOR_OFF) {
		lead_kick();
		return 0;
	}
	error = open_events();
	if (error != 0)
		return error;
	/* Room for the kick event is what a poll cannot do without. */
	if (pollset_reserve(&leader_poll, 8) == 0 ||
	    pollset_reserve(&reactor_poll, 8) == 0)
		error = -ENOMEM;
	reactor_poll.deadline = OS_NEVER;
	atomic_store(&state, REACTOR_POLL);
	if (error == 0)
		error = os_thread_start("gensctp", reactor, NULL);
	if (error == 0)
		return 0;
	atomic_store(&state, REACTOR_OFF);
	close_events();
	return error;
}

void
lead_kick_if_foreign(void)
{
	if (atomic_load_explicit(&owner, memory_order_relaxed) !=
	    os_thread_self())
		lead_kick();
}

bool
lead_stopped(void)
{
	return atomic_load(&state) == REACTOR_OFF;
}
