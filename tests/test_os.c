#include <check.h>
#include <string.h>

#include "os.h"
#include "os_errno.h"

Suite *os_suite(void);

/* Long enough for a loaded machine: only a failing test waits so long. */
#define PATIENCE (10000 * OS_MS)
#define SOON (20 * OS_MS)

/* -------------------------------------------------- threads and locks */

/* What two threads of a test share. */
static struct {
	os_mutex lock;
	os_cond changed;
	int count;
	uintptr_t thread;
	os_event event;
} shared = { .lock = OS_MUTEX_INIT, .changed = OS_COND_INIT };

static bool
wait_for_count(int count)
{
	os_time deadline = os_now() + PATIENCE;
	bool in_time = true;

	while (shared.count < count && in_time)
		in_time = os_cond_wait_until(&shared.changed, &shared.lock,
					     deadline);
	return shared.count >= count;
}

static void
count_up(void *arg)
{
	os_mutex_lock(&shared.lock);
	shared.thread = os_thread_self();
	shared.count += *(int *)arg;
	os_mutex_unlock(&shared.lock);
	os_cond_broadcast(&shared.changed);
}

START_TEST(a_thread_runs_with_its_argument_and_an_id_of_its_own)
{
	uintptr_t self = os_thread_self(), first;
	int one = 1;

	ck_assert(self != 0 && self == os_thread_self());
	os_mutex_lock(&shared.lock);
	ck_assert_int_eq(os_thread_start("test", count_up, &one), 0);
	ck_assert(wait_for_count(1));
	first = shared.thread;
	ck_assert_int_eq(
		os_thread_start("a name too long for Linux", count_up, &one),
		0);
	ck_assert(wait_for_count(2));
	ck_assert(first != 0 && first != self && first != shared.thread);
	os_mutex_unlock(&shared.lock);
}
END_TEST

struct ending {
	struct os_thread_end end;
	uintptr_t thread;
};

static void
note_end(struct os_thread_end *e)
{
	int ten = 10;

	count_up(&ten);
	ck_assert(((struct ending *)e)->thread == shared.thread);
}

static void
set_end(void *arg)
{
	struct ending *ending = arg;
	int one = 1;

	ending->thread = os_thread_self();
	ck_assert_int_eq(os_at_thread_end(&ending->end), 0);
	count_up(&one);
}

START_TEST(the_end_of_a_thread_is_told_in_that_thread)
{
	static struct ending ending = { .end = { .f = note_end } };

	os_mutex_lock(&shared.lock);
	ck_assert_int_eq(os_thread_start("ends", set_end, &ending), 0);
	ck_assert(wait_for_count(11));
	os_mutex_unlock(&shared.lock);
}
END_TEST

START_TEST(waiting_ends_at_the_deadline_and_not_before)
{
	os_time deadline = os_now() + SOON;
	bool in_time = true;

	os_mutex_lock(&shared.lock);
	while (in_time)
		in_time = os_cond_wait_until(&shared.changed, &shared.lock,
					     deadline);
	ck_assert(os_now() >= deadline);
	ck_assert(!os_cond_wait_until(&shared.changed, &shared.lock, 0));
	ck_assert(!os_cond_wait_until(&shared.changed, &shared.lock, -1));
	os_mutex_unlock(&shared.lock);
}
END_TEST

START_TEST(a_signal_before_the_first_wait_is_harmless)
{
	os_cond_signal(&shared.changed);
	os_cond_broadcast(&shared.changed);
}
END_TEST

static void
wait_and_count(void *arg)
{
	(void)arg;
	os_mutex_lock(&shared.lock);
	shared.count++;
	os_cond_broadcast(&shared.changed);
	while (shared.count < 100)
		os_cond_wait(&shared.changed, &shared.lock);
	shared.count++;
	os_cond_broadcast(&shared.changed);
	os_mutex_unlock(&shared.lock);
}

START_TEST(a_broadcast_wakes_all)
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
			os_thread_start("waiter", wait_and_count, NULL), 0);
	os_mutex_lock(&shared.lock);
	ck_assert(wait_for_count(3));
	shared.count = 100;
	os_cond_broadcast(&shared.changed);
	ck_assert(wait_for_count(103));
	os_mutex_unlock(&shared.lock);
}
END_TEST

static void
try_lock(void *arg)
{
	*(bool *)arg = os_mutex_trylock(&shared.lock);
	os_event_set(&shared.event);
}

START_TEST(a_locked_mutex_cannot_be_locked_again)
{
	bool locked = true, readable;

	ck_assert_int_eq(os_event_open(&shared.event), 0);
	ck_assert(os_mutex_trylock(&shared.lock));
	ck_assert_int_eq(os_thread_start("other", try_lock, &locked), 0);
	ck_assert_int_eq(os_poll(&shared.event.wait_fd, &readable, 1,
				 os_now() + PATIENCE),
			 1);
	os_event_clear(&shared.event);
	ck_assert(!locked);
	os_mutex_unlock(&shared.lock);
	os_event_close(&shared.event);
}
END_TEST

static int calls;

static void
call(void)
{
	calls++;
}

START_TEST(once_is_once)
{
	static os_once once = OS_ONCE_INIT;

	os_call_once(&once, call);
	os_call_once(&once, call);
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(the_clocks_go_forward)
{
	os_time before = os_now();

	os_sleep_ns(OS_MS);
	ck_assert(os_now() >= before + OS_MS);
	os_sleep_ns(-1);
	ck_assert(os_wall_clock() / 1000000000 > INT64_C(1600000000));
}
END_TEST

/* ------------------------------------------------- events and polling */

static bool
is_set(const os_event *e)
{
	bool readable = false;

	os_poll(&e->wait_fd, &readable, 1, 0);
	return readable;
}

/* Where an event is a socket, setting takes a moment to be seen. */
static bool
becomes_set(const os_event *e)
{
	bool readable = false;

	return os_poll(&e->wait_fd, &readable, 1, os_now() + PATIENCE) == 1 &&
	       readable;
}

START_TEST(an_event_is_set_until_it_is_cleared)
{
	os_event e;
	int i;

	ck_assert_int_eq(os_event_open(&e), 0);
	ck_assert(!is_set(&e));
	os_event_clear(&e);
	for (i = 0; i < 100000; i++) /* more than a pipe holds */
		os_event_set(&e);
	ck_assert(becomes_set(&e));
	ck_assert(is_set(&e));
	os_event_clear(&e);
	ck_assert(!is_set(&e));
	os_event_set(&e);
	ck_assert(becomes_set(&e));
	os_event_close(&e);
}
END_TEST

static void
set_event(void *arg)
{
	os_event_set(arg);
}

START_TEST(an_event_set_by_another_thread_ends_poll)
{
	os_event e;
	bool readable;

	ck_assert_int_eq(os_event_open(&e), 0);
	ck_assert_int_eq(os_thread_start("setter", set_event, &e), 0);
	ck_assert_int_eq(os_poll(&e.wait_fd, &readable, 1, OS_NEVER), 1);
	ck_assert(readable);
	os_event_clear(&e);
	ck_assert(!is_set(&e));
	os_event_close(&e);
}
END_TEST

START_TEST(poll_ends_at_the_deadline_and_not_before)
{
	gen_sctp_fd_t none[2] = { OS_NO_FD, OS_NO_FD };
	bool readable[2] = { true, true };
	os_time deadline = os_now() + SOON;

	ck_assert_int_eq(os_poll(none, readable, 2, deadline), 0);
	ck_assert(os_now() >= deadline);
	ck_assert(!readable[0] && !readable[1]);
	deadline = os_now() + SOON;
	ck_assert_int_eq(os_poll(NULL, NULL, 0, deadline), 0);
	ck_assert(os_now() >= deadline);
	ck_assert_int_eq(os_poll(none, readable, 2, 0), 0);
	ck_assert_int_eq(os_poll(none, readable, 2, -5), 0);
}
END_TEST

START_TEST(poll_tells_which_of_many)
{
	enum { MANY = 150 };
	os_event events[MANY];
	gen_sctp_fd_t fds[MANY + 1];
	bool readable[MANY + 1];
	int i;

	fds[MANY] = OS_NO_FD;
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(os_event_open(&events[i]), 0);
		fds[i] = events[i].wait_fd;
	}
	os_event_set(&events[3]);
	ck_assert(becomes_set(&events[3]));
	os_event_set(&events[149]);
	ck_assert(becomes_set(&events[149]));
	ck_assert_int_eq(os_poll(fds, readable, MANY + 1, OS_NEVER), 2);
	for (i = 0; i < MANY + 1; i++)
		ck_assert_int_eq(readable[i], i == 3 || i == 149);
	for (i = 0; i < MANY; i++)
		os_event_close(&events[i]);
}
END_TEST

START_TEST(a_closed_descriptor_is_an_error)
{
	os_event e;
	bool readable = true;

	ck_assert_int_eq(os_event_open(&e), 0);
	os_event_close(&e);
	ck_assert_int_eq(os_poll(&e.wait_fd, &readable, 1, OS_NEVER), -EBADF);
	ck_assert(!readable);
}
END_TEST

/* ---------------------------------------------------------- addresses */

static const uint8_t localhost[4] = { 127, 0, 0, 1 };

static int
find_localhost(const struct os_interface_addr *i, void *found)
{
	if (i->addr.family != GEN_SCTP_INET ||
	    memcmp(i->addr.ip, localhost, sizeof(localhost)) != 0)
		return 0;
	*(struct os_interface_addr *)found = *i;
	return 42;
}

START_TEST(local_addresses_have_the_loopback)
{
	struct os_interface_addr found;

	ck_assert_int_eq(os_local_addrs(find_localhost, &found), 42);
	ck_assert(found.loopback);
	ck_assert_uint_ne(found.index, 0);
	ck_assert_uint_ge(found.mtu, 1280);
	ck_assert_str_ne(found.name, "");
	ck_assert_int_eq(found.addr.port, 0);
}
END_TEST

START_TEST(the_route_to_the_loopback_has_its_mtu)
{
	struct gen_sctp_addr to = { .family = GEN_SCTP_INET };
	struct gen_sctp_addr none = { .family = GEN_SCTP_UNSPEC };
	struct os_interface_addr found;

	os_local_addrs(find_localhost, &found);
	memcpy(to.ip, localhost, sizeof(localhost));
	ck_assert_uint_eq(os_route_mtu(&to),
			  found.mtu > 65535 ? 65535 : found.mtu);
	ck_assert_uint_eq(os_route_mtu(&none), 0);
}
END_TEST

START_TEST(watching_addresses_can_be_started_and_ended)
{
	gen_sctp_fd_t fd = os_addr_watch_open();

	if (fd == OS_NO_FD)
		return;
	os_addr_watch_drain(fd);
	os_addr_watch_close(fd);
}
END_TEST

START_TEST(names_are_resolved)
{
	struct gen_sctp_addr a[2];

	ck_assert_int_eq(os_resolve("127.0.0.1", GEN_SCTP_UNSPEC, 5000, a, 2),
			 1);
	ck_assert_int_eq(a[0].family, GEN_SCTP_INET);
	ck_assert_int_eq(a[0].port, 5000);
	ck_assert_mem_eq(a[0].ip, localhost, sizeof(localhost));
	ck_assert_int_eq(os_resolve("::1", GEN_SCTP_INET6, 1, a, 1), 1);
	ck_assert_int_eq(a[0].family, GEN_SCTP_INET6);
}
END_TEST

START_TEST(unknown_names_are_told)
{
	struct gen_sctp_addr a;

	ck_assert_int_eq(os_resolve("", GEN_SCTP_UNSPEC, 1, &a, 1),
			 GEN_SCTP_ENXDOMAIN);
	ck_assert_int_eq(os_resolve("::1", GEN_SCTP_INET, 1, &a, 1),
			 GEN_SCTP_ENXDOMAIN);
}
END_TEST

static void
start_net(void)
{
	ck_assert_int_eq(os_net_start(), 0);
}

static TCase *
new_case(Suite *s, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, start_net, os_net_stop);
	suite_add_tcase(s, tc);
	return tc;
}

Suite *
os_suite(void)
{
	Suite *s = suite_create("os");
	TCase *tc = new_case(s, "threads");

	tcase_add_test(tc,
		       a_thread_runs_with_its_argument_and_an_id_of_its_own);
	tcase_add_test(tc, the_end_of_a_thread_is_told_in_that_thread);
	tcase_add_test(tc, waiting_ends_at_the_deadline_and_not_before);
	tcase_add_test(tc, a_signal_before_the_first_wait_is_harmless);
	tcase_add_test(tc, a_broadcast_wakes_all);
	tcase_add_test(tc, a_locked_mutex_cannot_be_locked_again);
	tcase_add_test(tc, once_is_once);
	tcase_add_test(tc, the_clocks_go_forward);

	tc = new_case(s, "events");
	tcase_add_test(tc, an_event_is_set_until_it_is_cleared);
	tcase_add_test(tc, an_event_set_by_another_thread_ends_poll);
	tcase_add_test(tc, poll_ends_at_the_deadline_and_not_before);
	tcase_add_test(tc, poll_tells_which_of_many);
	tcase_add_test(tc, a_closed_descriptor_is_an_error);

	tc = new_case(s, "addresses");
	tcase_add_test(tc, local_addresses_have_the_loopback);
	tcase_add_test(tc, the_route_to_the_loopback_has_its_mtu);
	tcase_add_test(tc, watching_addresses_can_be_started_and_ended);
	tcase_add_test(tc, names_are_resolved);
	tcase_add_test(tc, unknown_names_are_told);
	return s;
}
