/*
 * The lead: who waits, who wakes, who polls.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lead_rig.h"

Suite *lead_suite(void);

#define WAITERS 6

static struct fake_wait waits[WAITERS];

/* The first one leads, the others sleep. */
static void
start_waiters(int n)
{
	int i;

	memset(waits, 0, sizeof(waits));
	for (i = 0; i < n; i++)
		fake_wait_start(&waits[i], i);
	if (n > 0)
		fake_eventually(atomic_load(&fake.leader) == waits[0].thread);
}

static void
end_waiters(void)
{
	int i;

	for (i = 0; i < WAITERS; i++)
		fake_datagram(i);
	fake_join();
}

/* --------------------------------------------------------------- waiting */

START_TEST(a_condition_that_holds_needs_no_wait)
{
	lead_enter();
	fake_put(1);
	ck_assert_int_eq(lead_wait(fake_has_one, &fake.boxes[1], OS_NEVER), 0);
	ck_assert_int_eq(atomic_load(&fake.works), 0);
	lead_leave();
}
END_TEST

static const struct {
	os_time from_now; /* or since ever */
	bool arrived;
	int result;
} past_deadlines[] = {
	{ INT64_MIN, false, -ETIMEDOUT }, { INT64_MIN, true, 0 },
	{ -1, false, -ETIMEDOUT },	  { -1, true, 0 },
	{ 0, false, -ETIMEDOUT },	  { 0, true, 0 },
};

START_TEST(a_deadline_in_the_past_looks_at_what_has_arrived)
{
	os_time deadline = 0;

	lead_enter(); /* the reactor does not get at it */
	if (past_deadlines[_i].arrived)
		fake_datagram(1);
	if (past_deadlines[_i].from_now != INT64_MIN)
		deadline = os_now() + past_deadlines[_i].from_now;
	ck_assert_int_eq(lead_wait(fake_has_one, &fake.boxes[1], deadline),
			 past_deadlines[_i].result);
	lead_leave();
}
END_TEST

/* For the thread that leads, and for one that sleeps meanwhile. */
START_TEST(a_wait_ends_at_its_deadline_and_not_before)
{
	os_time deadline;

	start_waiters(_i);
	deadline = os_now() + 20 * OS_MS;
	lead_enter();
	ck_assert_int_eq(lead_wait_busily(fake_never, NULL, deadline,
					  fake.spin),
			 -ETIMEDOUT);
	lead_leave();
	ck_assert_int_ge(os_now(), deadline);
	ck_assert_int_eq(atomic_load(&fake.returned), 0);
	end_waiters();
}
END_TEST

START_TEST(data_wakes_the_one_that_it_is_for)
{
	int looks[WAITERS], i;

	start_waiters(WAITERS);
	for (i = 0; i < WAITERS; i++)
		looks[i] = atomic_load(&waits[i].looks);
	for (i = WAITERS - 1; i > 0; i--) {
		fake_datagram(i);
		fake_eventually(atomic_load(&waits[i].ended));
		ck_assert_int_eq(waits[i].result, 0);
		ck_assert_int_eq(waits[i].order, WAITERS - i);
	}
	ck_assert_int_eq(atomic_load(&fake.returned), WAITERS - 1);
	/* Each has been woken once, and has looked a last time. */
	for (i = 1; i < WAITERS; i++)
		ck_assert_int_le(atomic_load(&waits[i].looks), looks[i] + 1);
	end_waiters();
}
END_TEST

START_TEST(when_the_leader_leaves_another_one_leads)
{
	int i;

	start_waiters(WAITERS);
	for (i = 1; i < WAITERS; i++) {
		/* Whoever it is now. */
		struct fake_wait *w = waits;

		while (w->thread != atomic_load(&fake.leader))
			ck_assert(++w < waits + WAITERS);
		fake_datagram(w->box);
		fake_eventually(atomic_load(&w->ended));
		ck_assert_int_eq(w->order, i);
		ck_assert_int_eq(w->result, 0);
		fake_eventually(atomic_load(&fake.leader) != w->thread);
	}
	end_waiters();
}
END_TEST

START_TEST(when_the_last_one_leaves_the_reactor_polls)
{
	int before;

	start_waiters(2);
	/* Long enough for the reactor to park. */
	os_sleep_ns(20 * OS_MS);
	fake_datagram(0);
	fake_datagram(1);
	before = atomic_load(&fake.reactor_polls);
	fake_join();
	fake_datagram(2);
	fake_eventually(atomic_load(&fake.boxes[2]) > 0);
	fake_eventually(atomic_load(&fake.reactor_polls) > before);
}
END_TEST

/* What one thread does for another one that leads (0) or sleeps (1). */

START_TEST(a_call_wakes_whom_it_concerns)
{
	start_waiters(2);
	lead_enter();
	fake_put(_i);
	lead_leave();
	fake_eventually(atomic_load(&waits[_i].ended));
	ck_assert_int_eq(atomic_load(&fake.returned), 1);
	end_waiters();
}
END_TEST

START_TEST(a_call_that_goes_on_to_wait_wakes_whom_it_concerns)
{
	start_waiters(2);
	lead_enter();
	fake_put(_i);
	ck_assert_int_eq(fake_wait(fake_has_one, &fake.returned), 0);
	ck_assert_int_eq(atomic_load(&fake.returned), 1);
	lead_leave();
	end_waiters();
}
END_TEST

/* ---------------------------------------------------------------- timers */

static void
start_timer(int box)
{
	lead_enter();
	fake.due[box] = os_now() + 5 * OS_MS;
	lead_leave();
}

/* Nobody, a leader, a leader and sleepers wait, with far deadlines. */
START_TEST(a_timer_started_by_a_call_fires_in_time)
{
	start_waiters(_i);
	start_timer(WAITERS);
	fake_eventually(atomic_load(&fake.boxes[WAITERS]) == 1);
	start_timer(0);
	fake_eventually(atomic_load(&fake.boxes[0]) == 1);
	end_waiters();
}
END_TEST

START_TEST(a_timer_started_before_a_wait_fires_in_time)
{
	atomic_int *box = &fake.boxes[WAITERS];

	start_waiters(_i);
	lead_enter();
	fake.due[WAITERS] = os_now() + 5 * OS_MS;
	ck_assert_int_eq(fake_wait(fake_has_one, box), 0);
	lead_leave();
	end_waiters();
}
END_TEST

/* ------------------------------------------------------------- descriptors */

START_TEST(a_socket_opened_meanwhile_is_polled)
{
	start_waiters(_i);
	lead_enter();
	fake_close(WAITERS);
	lead_kick();
	ck_assert_int_eq(fake_wait(fake_all_closed, NULL), 0);
	lead_leave();
	os_sleep_ns(20 * OS_MS); /* everybody polls again */
	lead_enter();
	ck_assert_int_eq(lead_start(), 0);
	fake_open(WAITERS);
	lead_leave();
	fake_datagram(WAITERS);
	fake_eventually(atomic_load(&fake.boxes[WAITERS]) == 1);
	end_waiters();
}
END_TEST

START_TEST(a_socket_is_closed_once_nobody_polls_it)
{
	start_waiters(_i);
	lead_enter();
	fake_close(WAITERS);
	lead_kick();
	ck_assert_int_eq(fake_wait(fake_all_closed, NULL), 0);
	lead_leave();
	end_waiters();
}
END_TEST

START_TEST(sending_may_be_what_a_wait_is_for)
{
	start_waiters(_i);
	lead_enter();
	fake_output();
	ck_assert_int_eq(fake_wait(fake_all_sent, NULL), 0);
	lead_leave();
	end_waiters();
}
END_TEST

/* Output that is queued keeps the socket. */
START_TEST(a_socket_is_closed_once_its_output_is_sent)
{
	start_waiters(_i);
	fake_be_busy();
	lead_enter();
	fake_output();
	fake_close(WAITERS);
	lead_kick();
	ck_assert_int_eq(fake_wait(fake_all_closed, NULL), 0);
	lead_leave();
	end_waiters();
}
END_TEST

/* --------------------------------------------------------------- reactor */

static int
lowest_free_descriptor(void)
{
	os_event e;
	int fd;

	ck_assert_int_eq(os_event_open(&e), 0);
	fd = (int)e.wait_fd;
	os_event_close(&e);
	return fd;
}

/* A line of a file of Linux's /proc; 0 where there is none. */
static long
proc_value(FILE *f, const char *format)
{
	char line[256];
	long value = 0;

	if (f == NULL)
		return 0;
	rewind(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, format, &value) == 1)
			break;
	return value;
}

static long
thread_count(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	long n = proc_value(f, "Threads: %ld");

	if (f != NULL)
		fclose(f);
	return n;
}

static void
stop_reactor(void)
{
	int before = atomic_load(&fake.stops);

	fake_need(false);
	fake_eventually(atomic_load(&fake.stops) > before);
	fake_eventually(fake_stopped());
}

static void
start_reactor(void)
{
	lead_enter();
	fake.needed = true;
	ck_assert_int_eq(lead_start(), 0);
	ck_assert(!lead_stopped());
	lead_leave();
}

START_TEST(the_reactor_can_be_ended_and_started_again_and_again)
{
	int i, descriptor;
	long count;

	stop_reactor();
	descriptor = lowest_free_descriptor();
	count = thread_count();
	for (i = 0; i < 1000; i++) {
		start_reactor();
		if (i % 3 == 0)
			fake_be_busy();
		if (i % 7 == 0)
			lead_kick();
		lead_enter();
		fake.needed = false;
		lead_leave();
		if (i % 2 == 0)
			fake_eventually(fake_stopped());
	}
	fake_eventually(fake_stopped());
	fake_eventually(thread_count() <= count);
	/* Where descriptors are no small numbers they come in steps of 4. */
	ck_assert_int_le(lowest_free_descriptor(), descriptor + 400);
}
END_TEST

START_TEST(the_reactor_stays_if_it_is_needed_again_in_time)
{
	lead_enter();
	fake.needed = false;
	lead_leave();
	start_reactor();
	fake_datagram(1);
	fake_eventually(atomic_load(&fake.boxes[1]) == 1);
}
END_TEST

START_TEST(a_kick_without_a_reactor_is_harmless)
{
	stop_reactor();
	lead_kick();
	start_reactor();
	fake_datagram(1);
	fake_eventually(atomic_load(&fake.boxes[1]) == 1);
}
END_TEST

/* Opened in the reactor's thread this tells of it for ever. */
static FILE *status_of_reactor;
static atomic_bool status_tried;

static void
open_status(void)
{
	if (!atomic_load(&status_tried))
		status_of_reactor = fopen("/proc/thread-self/status", "r");
	atomic_store(&status_tried, true);
}

static void
close_status(void)
{
	lead_enter();
	fake.on_reactor_poll = NULL;
	lead_leave();
	if (status_of_reactor != NULL)
		fclose(status_of_reactor);
	status_of_reactor = NULL;
	atomic_store(&status_tried, false);
}

static int
activity(void)
{
	return atomic_load(&fake.polls) + atomic_load(&fake.works) +
	       atomic_load(&fake.flushes) +
	       (int)proc_value(status_of_reactor,
			       "voluntary_ctxt_switches: %ld");
}

/* Nobody, a leader, a leader and sleepers wait; before that there was a lot to
 * do. */
START_TEST(an_idle_process_does_not_wake_up)
{
	int before, tries = 0;

	lead_enter();
	fake.on_reactor_poll = open_status;
	lead_leave();
	fake_datagram(1);
	fake_eventually(atomic_load(&status_tried));
	start_waiters(_i);
	fake_be_busy();
	do {
		before = activity();
		os_sleep_ns(300 * OS_MS);
	} while (activity() != before && ++tries < 20);
	ck_assert_int_lt(tries, 20);
	end_waiters();
	close_status();
}
END_TEST

static TCase *
waiting(TCase *tc)
{
	tcase_add_test(tc, a_condition_that_holds_needs_no_wait);
	tcase_add_loop_test(tc, a_deadline_in_the_past_looks_at_what_has_arrived,
			    0, 6);
	tcase_add_loop_test(tc, a_wait_ends_at_its_deadline_and_not_before, 0,
			    3);
	tcase_add_test(tc, data_wakes_the_one_that_it_is_for);
	tcase_add_test(tc, when_the_leader_leaves_another_one_leads);
	tcase_add_test(tc, when_the_last_one_leaves_the_reactor_polls);
	tcase_add_loop_test(tc, a_call_wakes_whom_it_concerns, 0, 2);
	tcase_add_loop_test(
		tc, a_call_that_goes_on_to_wait_wakes_whom_it_concerns, 0, 2);
	return tc;
}

static TCase *
timers_and_descriptors(TCase *tc)
{
	tcase_add_loop_test(tc, a_timer_started_by_a_call_fires_in_time, 0, 3);
	tcase_add_loop_test(tc, a_timer_started_before_a_wait_fires_in_time, 0,
			    3);
	tcase_add_loop_test(tc, a_socket_opened_meanwhile_is_polled, 0, 3);
	tcase_add_loop_test(tc, a_socket_is_closed_once_nobody_polls_it, 0, 3);
	tcase_add_loop_test(tc, sending_may_be_what_a_wait_is_for, 0, 3);
	tcase_add_loop_test(tc, a_socket_is_closed_once_its_output_is_sent, 0,
			    3);
	return tc;
}

Suite *
lead_suite(void)
{
	Suite *s = suite_create("lead");
	TCase *tc = fake_case("reactor");

	suite_add_tcase(s, waiting(fake_case("waiting")));
	suite_add_tcase(s, waiting(fake_busy_case("busy waiting")));
	suite_add_tcase(s, timers_and_descriptors(
				   fake_case("timers and descriptors")));
	suite_add_tcase(s, timers_and_descriptors(
				   fake_busy_case("busy timers")));

	tcase_add_test(
		tc, the_reactor_can_be_ended_and_started_again_and_again);
	tcase_add_test(tc, the_reactor_stays_if_it_is_needed_again_in_time);
	tcase_add_test(tc, a_kick_without_a_reactor_is_harmless);
	tcase_add_loop_test(tc, an_idle_process_does_not_wake_up, 0, 3);
	suite_add_tcase(s, tc);

	suite_add_tcase(s, lead_output_cases());
	suite_add_tcase(s, lead_load_cases());
	return s;
}
