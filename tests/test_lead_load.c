/*
 * The lead under load: floods, busy threads, and many threads that pass tokens
 * around.
 */
#include <errno.h>
#include <string.h>

#include "lead_rig.h"

/* ------------------------------------------------------------------ busy */

START_TEST(busy_threads_do_not_keep_input_and_timers_out)
{
	int i;

	fake_be_busy();
	/* Enough that one of them is always at it. */
	fake_callers(4, _i);
	for (i = 1; i <= 20; i++) {
		fake_datagram(2);
		lead_enter();
		fake.due[3] = os_now() + OS_MS;
		lead_leave();
		fake_eventually(atomic_load(&fake.boxes[2]) == i &&
			       atomic_load(&fake.boxes[3]) == i);
	}
	fake_rest();
	fake_join();
}
END_TEST

START_TEST(busy_threads_do_not_keep_a_leader_from_leaving)
{
	struct fake_wait w;
	int i;

	fake_callers(2, _i);
	for (i = 0; i < 20; i++) {
		memset(&w, 0, sizeof(w));
		fake_wait_start(&w, 2);
		fake_datagram(2);
		fake_eventually(atomic_load(&w.ended));
		ck_assert_int_eq(w.result, 0);
	}
	fake_rest();
	fake_join();
}
END_TEST

START_TEST(feeding_looks_now_and_then_when_the_reactor_does_not)
{
	os_time end = os_now() + FAKE_PATIENCE;
	int before, works, i;

	/* The reactor may be back in poll already. */
	do {
		fake_be_busy();
		lead_enter();
		before = atomic_load(&fake.works);
		for (i = 0; i < 64; i++)
			lead_feed();
		works = atomic_load(&fake.works) - before;
		lead_leave();
	} while (works == 0 && os_now() < end);
	ck_assert_int_eq(works, 2);
}
END_TEST

/* In a flood the engine always has more, and nothing of it is for
 * those who wait. */

START_TEST(a_flood_does_not_keep_calls_out)
{
	struct fake_wait w = { 0 };
	int i;

	if (_i == 1)
		fake_wait_start(&w, 1);
	atomic_store(&fake.flood, true);
	fake_datagram(0);
	for (i = 0; i < 100; i++) {
		os_sleep_ns(OS_MS);
		lead_enter();
		fake_output();
		lead_leave();
	}
	fake_eventually(atomic_load(&fake.sent) >= 100);
	atomic_store(&fake.flood, false);
	fake_datagram(1);
	fake_join();
}
END_TEST

START_TEST(a_flood_does_not_keep_a_wait_from_its_deadline)
{
	atomic_store(&fake.flood, true);
	fake_datagram(0);
	lead_enter();
	ck_assert_int_eq(lead_wait(fake_never, NULL, os_now() + 20 * OS_MS),
			 -ETIMEDOUT);
	lead_leave();
	atomic_store(&fake.flood, false);
}
END_TEST

START_TEST(a_flood_does_not_keep_the_reactor_from_ending)
{
	atomic_store(&fake.flood, true);
	fake_datagram(0);
	os_sleep_ns(5 * OS_MS);
	fake_need(false);
	fake_eventually(fake_stopped());
	atomic_store(&fake.flood, false);
}
END_TEST

/* ---------------------------------------------------------------- tokens */

#define PLAYERS 6
#define TOKENS 4
#define HOPS 6000

/* Each player waits for a token in its box and passes it on: by a call, by a
 * datagram, by a timer. Between them they do what else calls do. */
struct player {
	int box;
	uint32_t random;
	int result;
};

static int hops; /* under the lock */

static uint32_t
next_random(struct player *p, uint32_t below)
{
	p->random = p->random * 1664525 + 1013904223;
	return (p->random >> 8) % below;
}

static bool
has_token_or_is_over(void *arg)
{
	const struct player *p = arg;

	return atomic_load(&fake.boxes[p->box]) > 0 || hops >= HOPS;
}

static void
pass_token(struct player *p)
{
	int to = (int)next_random(p, PLAYERS);

	switch (next_random(p, 3)) {
	case 0:
		fake_put(to);
		break;
	case 1:
		fake_datagram(to);
		break;
	default:
		/* A timer under way is another token's. */
		if (fake.due[to] != OS_NEVER)
			fake_put(to);
		else
			fake.due[to] = os_now() + next_random(p, 300) * OS_US;
	}
}

static void
do_something_else(struct player *p)
{
	os_time soon = os_now() + next_random(p, 200) * OS_US;

	switch (next_random(p, 8)) {
	case 0:
		lead_wait(fake_never, NULL, soon);
		break;
	case 1:
		lead_wait(fake_never, NULL, 0);
		break;
	case 2:
		lead_yield();
		break;
	case 3:
		lead_feed();
		break;
	case 4:
		lead_kick();
		break;
	case 5:
		fake_output();
		break;
	default:
		break;
	}
}

/* Lock held. */
static void
play_turn(struct player *p)
{
	p->result = fake_wait(has_token_or_is_over, p);
	if (p->result != 0 || hops >= HOPS)
		return;
	hops++;
	atomic_fetch_sub(&fake.boxes[p->box], 1);
	do_something_else(p);
	pass_token(p);
	if (hops == HOPS)
		lead_changed();
}

static void
play(void *arg)
{
	struct player *p = arg;

	lead_enter();
	while (p->result == 0 && hops < HOPS) {
		play_turn(p);
		lead_leave();
		if (next_random(p, 16) == 0)
			os_sleep_ns(next_random(p, 3000) * OS_US);
		lead_enter();
	}
	lead_leave();
}

static int
tokens_in_boxes(void)
{
	int n = 0, i;

	for (i = 0; i < PLAYERS; i++)
		n += atomic_load(&fake.boxes[i]);
	return n;
}

START_TEST(tokens_go_round_and_none_is_lost)
{
	struct player players[PLAYERS];
	int i;

	lead_enter();
	hops = 0;
	for (i = 0; i < TOKENS; i++)
		fake_put(i);
	lead_leave();
	for (i = 0; i < PLAYERS; i++) {
		players[i] = (struct player){ .box = i };
		players[i].random = (uint32_t)(1000 * _i + i);
		fake_thread(play, &players[i]);
	}
	fake_join();
	for (i = 0; i < PLAYERS; i++)
		ck_assert_int_eq(players[i].result, 0);
	/* The last ones may be on their way. */
	fake_eventually(tokens_in_boxes() == TOKENS);
	fake_eventually(atomic_load(&fake.queued) == 0);
}
END_TEST

TCase *
lead_load_cases(void)
{
	TCase *tc = fake_case("load");

	tcase_add_loop_test(tc, busy_threads_do_not_keep_input_and_timers_out,
			    0, 2);
	tcase_add_loop_test(tc, busy_threads_do_not_keep_a_leader_from_leaving,
			    0, 2);
	tcase_add_test(tc,
		       feeding_looks_now_and_then_when_the_reactor_does_not);
	tcase_add_loop_test(tc, a_flood_does_not_keep_calls_out, 0, 2);
	tcase_add_test(tc, a_flood_does_not_keep_a_wait_from_its_deadline);
	tcase_add_test(tc, a_flood_does_not_keep_the_reactor_from_ending);
	tcase_add_loop_test(tc, tokens_go_round_and_none_is_lost, 0, 4);
	return tc;
}
