/*
 * The lead: when output leaves.
 */
#include <errno.h>
#include <string.h>

#include "lead_rig.h"

static struct fake_wait waits[2];

static void
send_one(void)
{
	lead_enter();
	fake_output();
	lead_leave();
}

/* Leaders and sleepers that nothing wakes. */
static void
start_waiters(int n)
{
	int i;

	memset(waits, 0, sizeof(waits));
	for (i = 0; i < n; i++)
		fake_wait_start(&waits[i], 1);
}

static void
end_waiters(void)
{
	fake_datagram(1);
	fake_join();
}

START_TEST(output_of_a_call_to_an_idle_process_leaves_with_it)
{
	send_one();
	ck_assert_int_eq(atomic_load(&fake.queued), 0);
	ck_assert_int_eq(atomic_load(&fake.sent), 1);
}
END_TEST

/* Nobody, a leader, a leader and a sleeper wait. */
START_TEST(held_output_leaves_though_nobody_calls)
{
	int i;

	start_waiters(_i);
	for (i = 0; i < 100; i++) {
		fake_be_busy();
		fake_eventually(atomic_load(&fake.queued) == 0);
	}
	end_waiters();
}
END_TEST

/* With pauses in which the reactor goes from watch to park. */
START_TEST(held_output_leaves_though_the_reactor_goes_to_park)
{
	int i;

	start_waiters(1);
	fake_be_busy();
	for (i = 0; i < 100; i++) {
		send_one();
		fake_eventually(atomic_load(&fake.queued) == 0);
		os_sleep_ns((2000 + 20 * i) * OS_US);
	}
	end_waiters();
}
END_TEST

START_TEST(held_output_leaves_though_others_call_on_and_on)
{
	int i;

	start_waiters(_i);
	fake_callers(1, false);
	for (i = 0; i < 100; i++) {
		fake_be_busy();
		fake_eventually(atomic_load(&fake.queued) == 0);
	}
	fake_rest();
	end_waiters();
}
END_TEST

START_TEST(held_output_leaves_with_the_next_wait)
{
	start_waiters(_i);
	fake_be_busy();
	lead_enter();
	fake_output();
	fake_datagram(2);
	ck_assert_int_eq(fake_wait(fake_has_one, &fake.boxes[2]), 0);
	ck_assert_int_eq(atomic_load(&fake.queued), 0);
	lead_leave();
	end_waiters();
}
END_TEST

START_TEST(held_output_leaves_before_the_reactor_ends)
{
	fake_be_busy();
	lead_enter();
	fake_output();
	fake.needed = false;
	lead_leave();
	fake_eventually(atomic_load(&fake.stops) == 1);
	ck_assert_int_eq(atomic_load(&fake.queued), 0);
}
END_TEST

START_TEST(a_full_batch_leaves_at_once)
{
	fake_be_busy();
	atomic_store(&fake.full, true);
	send_one();
	ck_assert_int_eq(atomic_load(&fake.queued), 0);
}
END_TEST

/* Though another thread goes on calling. */
START_TEST(yielding_sends_and_makes_the_reactor_poll)
{
	int before;

	fake_callers(1, false);
	fake_be_busy();
	before = atomic_load(&fake.reactor_polls);
	lead_enter();
	fake_output();
	lead_yield();
	ck_assert_int_eq(atomic_load(&fake.queued), 0);
	lead_leave();
	fake_eventually(atomic_load(&fake.reactor_polls) > before);
	fake_rest();
	fake_join();
}
END_TEST

/* As a program around epoll calls: the reactor is back in poll, so it does not
 * hold what comes next. */
START_TEST(calls_that_end_by_yielding_are_not_busy)
{
	int i;

	for (i = 1; i <= 50; i++) {
		send_one();
		ck_assert_int_eq(atomic_load(&fake.queued), 0);
		lead_enter();
		lead_yield();
		lead_leave();
		fake_datagram(1);
		fake_eventually(atomic_load(&fake.boxes[1]) == i);
	}
}
END_TEST

/* No call is made until it leaves, nor a datagram received. */
START_TEST(output_that_the_system_has_no_room_for_is_tried_again)
{
	start_waiters(_i);
	atomic_store(&fake.refused, true);
	send_one();
	os_sleep_ns(5 * OS_MS);
	ck_assert_int_eq(atomic_load(&fake.queued), 1);
	atomic_store(&fake.refused, false);
	fake_eventually(atomic_load(&fake.queued) == 0);
	end_waiters();
}
END_TEST

START_TEST(the_reactor_ends_when_the_system_has_taken_all)
{
	atomic_store(&fake.refused, true);
	lead_enter();
	fake_output();
	fake.needed = false;
	lead_leave();
	os_sleep_ns(5 * OS_MS);
	atomic_store(&fake.refused, false);
	fake_eventually(atomic_load(&fake.stops) == 1);
	ck_assert_int_eq(atomic_load(&fake.sent), 1);
}
END_TEST

/* As the engine's inner thread does it. */
static void
output_and_kick(void *unused)
{
	(void)unused;
	atomic_fetch_add(&fake.queued, 1);
	lead_kick();
}

START_TEST(output_of_a_foreign_thread_leaves_after_a_kick)
{
	int i;

	start_waiters(_i);
	for (i = 1; i <= 100; i++) {
		fake_thread(output_and_kick, NULL);
		fake_eventually(atomic_load(&fake.sent) == i);
	}
	end_waiters();
}
END_TEST

START_TEST(a_kick_is_allowed_with_the_lock_held)
{
	start_waiters(_i);
	lead_enter();
	output_and_kick(NULL);
	lead_leave();
	fake_eventually(atomic_load(&fake.sent) == 1);
	end_waiters();
}
END_TEST

TCase *
lead_output_cases(void)
{
	TCase *tc = fake_case("output");

	tcase_add_test(tc, output_of_a_call_to_an_idle_process_leaves_with_it);
	tcase_add_loop_test(tc, held_output_leaves_though_nobody_calls, 0, 3);
	tcase_add_test(tc, held_output_leaves_though_the_reactor_goes_to_park);
	tcase_add_loop_test(tc, held_output_leaves_though_others_call_on_and_on,
			    0, 3);
	tcase_add_loop_test(tc, held_output_leaves_with_the_next_wait, 0, 3);
	tcase_add_test(tc, held_output_leaves_before_the_reactor_ends);
	tcase_add_test(tc, a_full_batch_leaves_at_once);
	tcase_add_test(tc, yielding_sends_and_makes_the_reactor_poll);
	tcase_add_test(tc, calls_that_end_by_yielding_are_not_busy);
	tcase_add_loop_test(
		tc, output_that_the_system_has_no_room_for_is_tried_again, 0,
		3);
	tcase_add_test(tc, the_reactor_ends_when_the_system_has_taken_all);
	tcase_add_loop_test(tc, output_of_a_foreign_thread_leaves_after_a_kick,
			    0, 3);
	tcase_add_loop_test(tc, a_kick_is_allowed_with_the_lock_held, 0, 3);
	return tc;
}
