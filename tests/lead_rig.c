#include "lead_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct socket {
	os_event event;
	atomic_int datagrams;
	bool open;     /* there is an event */
	bool released; /* to be closed */
	unsigned int pollers;
	uint64_t released_at;
};

struct fake fake;

static struct socket sockets[FAKE_BOXES];
static gen_sctp_fd_t fds[FAKE_BOXES];
static uint64_t poll_clock, listed_at;
static unsigned int pollers;
static atomic_uintptr_t owner;
static atomic_int threads;
static OS_THREAD_LOCAL bool is_of_test;
static atomic_bool resting;

/* Threads have no way to fail a test: fake_teardown does it for them. */
static void
rule(bool kept)
{
	if (!kept)
		atomic_fetch_add(&fake.wrong, 1);
}

static void
rule_lock_is_held(void)
{
	rule(atomic_load(&owner) == os_thread_self());
}

/* --------------------------------------------------------------- sockets */

static void
close_released(void)
{
	struct socket *s;

	for (s = sockets; s < sockets + FAKE_BOXES; s++) {
		if (!s->released || s->pollers > 0 ||
		    atomic_load(&fake.queued) > 0)
			continue;
		os_event_close(&s->event);
		s->open = s->released = false;
	}
}

void
fake_open(int socket)
{
	struct socket *s = &sockets[socket];

	rule_lock_is_held();
	rule(!s->open && os_event_open(&s->event) == 0);
	s->open = true;
	s->pollers = 0;
	atomic_store(&s->datagrams, 0);
}

void
fake_close(int socket)
{
	struct socket *s = &sockets[socket];

	rule_lock_is_held();
	s->released = true;
	s->pollers = pollers;
	s->released_at = ++poll_clock;
}

void
fake_datagram(int socket)
{
	atomic_fetch_add(&sockets[socket].datagrams, 1);
	os_event_set(&sockets[socket].event);
}

static bool
usable(const struct socket *s)
{
	return s->open && !s->released;
}

static void
receive(struct socket *s)
{
	if (!usable(s) || atomic_load(&fake.flood))
		return;
	os_event_clear(&s->event);
	atomic_fetch_add(&fake.boxes[s - sockets],
			 atomic_exchange(&s->datagrams, 0));
}

/* ------------------------------------------------------------ operations */

static size_t
list_fds(const gen_sctp_fd_t **list)
{
	size_t n = 0, i;

	rule_lock_is_held();
	for (i = 0; i < FAKE_BOXES; i++)
		if (usable(&sockets[i]))
			fds[n++] = sockets[i].event.wait_fd;
	*list = fds;
	listed_at = ++poll_clock;
	return n;
}

static void
reactor_polls(void)
{
	atomic_fetch_add(&fake.reactor_polls, 1);
	if (fake.on_reactor_poll != NULL)
		fake.on_reactor_poll();
}

static uint64_t
poll_begin(void)
{
	rule_lock_is_held();
	/* Nothing was released since the list. */
	rule(poll_clock == listed_at);
	atomic_fetch_add(&fake.polls, 1);
	if (is_of_test)
		atomic_store(&fake.leader, os_thread_self());
	else
		reactor_polls();
	pollers++;
	return ++poll_clock;
}

static void
poll_end(uint64_t token)
{
	size_t i;

	rule_lock_is_held();
	pollers--;
	for (i = 0; i < FAKE_BOXES; i++)
		if (sockets[i].released && sockets[i].released_at > token)
			sockets[i].pollers--;
	close_released();
}

static bool
work(void)
{
	os_time now = os_now();
	size_t i;

	rule_lock_is_held();
	atomic_fetch_add(&fake.works, 1);
	for (i = 0; i < FAKE_BOXES; i++) {
		receive(&sockets[i]);
		if (fake.due[i] > now)
			continue;
		fake.due[i] = OS_NEVER;
		fake_put((int)i);
	}
	return atomic_load(&fake.flood);
}

static void
flush(void)
{
	rule_lock_is_held();
	atomic_fetch_add(&fake.flushes, 1);
	if (!atomic_load(&fake.refused))
		atomic_fetch_add(&fake.sent, atomic_exchange(&fake.queued, 0));
	close_released();
}

static bool
batch_full(void)
{
	rule_lock_is_held();
	return atomic_load(&fake.full);
}

static bool
has_output(void)
{
	rule_lock_is_held();
	return atomic_load(&fake.queued) > 0;
}

static os_time
deadline(void)
{
	os_time next = OS_NEVER;
	size_t i;

	rule_lock_is_held();
	for (i = 0; i < FAKE_BOXES; i++)
		if (fake.due[i] < next)
			next = fake.due[i];
	return next;
}

static bool
needed(void)
{
	rule_lock_is_held();
	return fake.needed;
}

static void
stopped(void)
{
	rule_lock_is_held();
	atomic_fetch_add(&fake.stops, 1);
}

static void
set_owner(uintptr_t thread)
{
	atomic_store(&owner, thread);
}

static const struct lead_ops ops = {
	.fds = list_fds,
	.poll_begin = poll_begin,
	.poll_end = poll_end,
	.work = work,
	.flush = flush,
	.batch_full = batch_full,
	.has_output = has_output,
	.deadline = deadline,
	.needed = needed,
	.stopped = stopped,
	.owner = set_owner,
};

/* -------------------------------------------------------------- fixtures */

bool
fake_stopped(void)
{
	bool result;

	lead_enter();
	result = lead_stopped();
	lead_leave();
	return result;
}

void
fake_setup(void)
{
	int i;

	ck_assert_int_eq(os_net_start(), 0);
	memset(&fake, 0, sizeof(fake));
	is_of_test = true;
	lead_init(&ops);
	lead_enter();
	for (i = 0; i < FAKE_BOXES; i++) {
		fake.due[i] = OS_NEVER;
		fake_open(i);
	}
	fake.needed = true;
	ck_assert_int_eq(lead_start(), 0);
	lead_leave();
}

void
fake_teardown(void)
{
	int i;

	fake_need(false);
	fake_eventually(fake_stopped());
	lead_enter();
	for (i = 0; i < FAKE_BOXES; i++)
		if (usable(&sockets[i]))
			fake_close(i);
	atomic_store(&fake.queued, 0);
	close_released();
	ck_assert(fake_all_closed(NULL));
	lead_leave();
	ck_assert_int_eq(atomic_load(&fake.wrong), 0);
	os_net_stop();
}

static void
setup_busy(void)
{
	fake_setup();
	fake.spin = FAKE_PATIENCE;
}

static TCase *
case_with(const char *name, SFun setup)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, fake_teardown);
	tcase_set_timeout(tc, 120);
	return tc;
}

TCase *
fake_case(const char *name)
{
	return case_with(name, fake_setup);
}

TCase *
fake_busy_case(const char *name)
{
	return case_with(name, setup_busy);
}

/* --------------------------------------------------------------- threads */

struct thread {
	void (*f)(void *arg);
	void *arg;
};

static void
run_thread(void *arg)
{
	struct thread t = *(struct thread *)arg;

	free(arg);
	is_of_test = true;
	t.f(t.arg);
	atomic_fetch_sub(&threads, 1);
}

void
fake_thread(void (*f)(void *arg), void *arg)
{
	struct thread *t = malloc(sizeof(*t));

	ck_assert_ptr_nonnull(t);
	*t = (struct thread){ f, arg };
	atomic_fetch_add(&threads, 1);
	ck_assert_int_eq(os_thread_start("test", run_thread, t), 0);
}

void
fake_join(void)
{
	fake_eventually(atomic_load(&threads) == 0);
}

/* --------------------------------------------------------------- waiting */

static bool
has_enough(void *arg)
{
	struct fake_wait *w = arg;

	rule_lock_is_held();
	if (os_thread_self() == w->thread)
		atomic_fetch_add(&w->looks, 1);
	return atomic_load(&fake.boxes[w->box]) >= w->count;
}

static void
wait_for_box(void *arg)
{
	struct fake_wait *w = arg;

	lead_enter();
	w->thread = os_thread_self();
	w->result = lead_wait_busily(has_enough, w, w->deadline, fake.spin);
	w->order = atomic_fetch_add(&fake.returned, 1) + 1;
	atomic_store(&w->ended, true);
	lead_changed();
	lead_leave();
}

void
fake_wait_start(struct fake_wait *w, int box)
{
	w->box = box;
	w->count = atomic_load(&fake.boxes[box]) + 1;
	w->deadline = FAKE_LATER;
	fake_thread(wait_for_box, w);
	fake_eventually(atomic_load(&w->looks) > 0);
	/* It has the lock from its first look until it sleeps. */
	lead_enter();
	lead_leave();
}

int
fake_wait(bool (*holds)(void *arg), void *arg)
{
	os_time deadline = os_now() + FAKE_PATIENCE;
	int result = lead_wait_busily(holds, arg, deadline, fake.spin);

	return os_now() < deadline ? result : -ETIMEDOUT;
}

void
fake_put(int box)
{
	rule_lock_is_held();
	atomic_fetch_add(&fake.boxes[box], 1);
	lead_changed();
}

void
fake_output(void)
{
	rule_lock_is_held();
	atomic_fetch_add(&fake.queued, 1);
}

bool
fake_has_one(void *box)
{
	rule_lock_is_held();
	return atomic_load((atomic_int *)box) > 0;
}

bool
fake_all_closed(void *unused)
{
	size_t i;

	(void)unused;
	rule_lock_is_held();
	for (i = 0; i < FAKE_BOXES; i++)
		if (sockets[i].released)
			return false;
	return true;
}

bool
fake_all_sent(void *unused)
{
	(void)unused;
	rule_lock_is_held();
	return atomic_load(&fake.queued) == 0;
}

bool
fake_never(void *unused)
{
	(void)unused;
	rule_lock_is_held();
	return false;
}

void
fake_need(bool needed)
{
	lead_enter();
	fake.needed = needed;
	lead_leave();
}

/* Datagrams come while a thread calls and calls. */
void
fake_be_busy(void)
{
	os_time end = os_now() + FAKE_PATIENCE;
	bool held;

	do {
		fake_datagram(0);
		lead_enter();
		fake_output();
		lead_leave();
		held = atomic_load(&fake.queued) > 0;
	} while (!held && os_now() < end);
	ck_assert(held);
}

static void
call_on_and_on(void *with_output)
{
	while (!atomic_load(&resting)) {
		lead_enter();
		if (with_output != NULL)
			fake_output();
		lead_leave();
	}
}

void
fake_callers(int n, bool with_output)
{
	atomic_store(&resting, false);
	while (n-- > 0)
		fake_thread(call_on_and_on, with_output ? &fake : NULL);
}

void
fake_rest(void)
{
	atomic_store(&resting, true);
}
