/*
 * Bad lines, in virtual time.
 */
#include "impair.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define MANY 100000
#define SEC  (1000 * OS_MS)

static struct impair_profile profile;
static struct impair *im;
static int tag;

static void
begin(const char *text)
{
	const char *bad = NULL;

	impair_profile_init(&profile);
	ck_assert_int_eq(impair_parse(text, &profile, &bad), 0);
	im = impair_new(&profile, 0);
	ck_assert_ptr_nonnull(im);
}

static void
put(uint32_t number, size_t len, os_time now)
{
	uint8_t bytes[2000] = { 0 };
	struct os_dgram d = { .data = bytes, .len = len };

	memcpy(bytes, &number, sizeof(number));
	impair_put(im, &d, &tag, now);
}

/* The number that the next one carries, or -1. */
static int64_t
take(os_time now)
{
	struct impair_packet *p = impair_take(im, now);
	uint32_t number;

	if (p == NULL)
		return -1;
	ck_assert_ptr_eq(p->tag, &tag);
	memcpy(&number, p->dgram.data, sizeof(number));
	free(p);
	return number;
}

static void
end(void)
{
	impair_free(im);
}

static double
share(uint64_t count)
{
	return (double)count / MANY;
}

static void
pass_many(void)
{
	for (uint32_t i = 0; i < MANY; i++)
		put(i, 100, i * OS_MS);
}

/* ----------------------------------------------------------------- tests */

START_TEST(a_good_line_passes_all_at_once_in_order)
{
	begin("");
	for (uint32_t i = 0; i < 1000; i++)
		put(i, 4, 5);
	ck_assert_int_eq(impair_deadline(im), 5);
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_int_eq(take(5), i);
	ck_assert_int_eq(take(OS_NEVER), -1);
	ck_assert_int_eq(impair_deadline(im), OS_NEVER);
	ck_assert_uint_eq(impair_counts(im)->passed, 1000);
	end();
}
END_TEST

static const struct {
	const char *text;
	double loss;
	double runs; /* losses that follow none, of all */
} losses[] = {
	{ "loss=1%", 0.01, 0.0099 },
	{ "loss=0.2", 0.2, 0.16 },
	{ "loss=20%,burst=4", 0.2, 0.05 },
	{ "loss=5%,burst=10,seed=7", 0.05, 0.005 },
	{ "loss=100%", 1, 0.00001 },
};

START_TEST(losses_come_as_often_and_as_long_as_asked_for)
{
	uint64_t lost = 0, runs = 0;
	bool before = false;

	begin(losses[_i].text);
	for (uint32_t i = 0; i < MANY; i++) {
		bool now;

		put(i, 100, 0);
		now = impair_counts(im)->lost > lost;
		lost = impair_counts(im)->lost;
		runs += now && !before;
		before = now;
	}
	ck_assert_double_eq_tol(share(lost), losses[_i].loss,
				losses[_i].loss / 10);
	ck_assert_double_eq_tol(share(runs), losses[_i].runs,
				losses[_i].runs / 5);
	end();
}
END_TEST

START_TEST(the_same_seed_is_the_same_line)
{
	uint64_t passed[2];

	for (int i = 0; i < 2; i++) {
		begin("loss=10%,jitter=5ms,reorder=2%,duplicate=2%,seed=9");
		pass_many();
		for (passed[i] = 0; take(OS_NEVER) >= 0;)
			passed[i] = passed[i] * 31 + impair_counts(im)->passed;
		end();
	}
	ck_assert_uint_eq(passed[0], passed[1]);
}
END_TEST

START_TEST(another_seed_is_another_line)
{
	uint64_t lost;

	begin("loss=10%,seed=1");
	pass_many();
	lost = impair_counts(im)->lost;
	end();
	begin("loss=10%,seed=2");
	pass_many();
	ck_assert_uint_ne(impair_counts(im)->lost, lost);
	end();
}
END_TEST

START_TEST(all_are_late_by_the_delay)
{
	begin("delay=20ms");
	put(1, 100, 5 * OS_MS);
	ck_assert_int_eq(impair_deadline(im), 25 * OS_MS);
	ck_assert_int_eq(take(25 * OS_MS - 1), -1);
	ck_assert_int_eq(take(25 * OS_MS), 1);
	end();
}
END_TEST

START_TEST(jitter_keeps_the_order)
{
	os_time last = 0, due;

	begin("delay=10ms,jitter=30ms");
	for (uint32_t i = 0; i < 1000; i++)
		put(i, 100, 0);
	for (uint32_t i = 0; i < 1000; i++) {
		due = impair_deadline(im);
		ck_assert_int_ge(due, last);
		ck_assert_int_ge(due, 10 * OS_MS);
		ck_assert_int_lt(due, 40 * OS_MS);
		ck_assert_int_eq(take(due), i);
		last = due;
	}
	end();
}
END_TEST

START_TEST(reordered_ones_let_others_past)
{
	uint32_t late = 0;
	int64_t number, highest = -1;

	begin("reorder=10%");
	pass_many();
	while ((number = take(OS_NEVER)) >= 0) {
		late += number < highest;
		if (number > highest)
			highest = number;
	}
	ck_assert_double_eq_tol(share(impair_counts(im)->reordered), 0.1, 0.01);
	ck_assert_double_gt(share(late), 0.05);
	ck_assert_uint_eq(impair_counts(im)->passed, MANY);
	end();
}
END_TEST

START_TEST(duplicates_come_twice)
{
	begin("duplicate=25%");
	pass_many();
	while (take(OS_NEVER) >= 0)
		;
	ck_assert_double_eq_tol(share(impair_counts(im)->duplicated), 0.25,
				0.02);
	ck_assert_uint_eq(impair_counts(im)->passed,
			  MANY + impair_counts(im)->duplicated);
	end();
}
END_TEST

/* One bit, anywhere. */
START_TEST(corrupted_ones_have_one_bit_changed)
{
	struct impair_packet *p;
	int bits = 0;

	begin("corrupt=100%");
	put(0, 100, 0);
	p = impair_take(im, 0);
	ck_assert_uint_eq(p->dgram.len, 100);
	for (int i = 0; i < 800; i++)
		bits += ((uint8_t *)p->dgram.data)[i / 8] >> i % 8 & 1;
	ck_assert_int_eq(bits, 1);
	ck_assert_uint_eq(impair_counts(im)->corrupted, 1);
	free(p);
	end();
}
END_TEST

/* 1000 bytes at 8 Mbit/s take a millisecond. */
START_TEST(the_rate_spaces_them)
{
	begin("rate=8M,delay=5ms");
	for (uint32_t i = 0; i < 3; i++)
		put(i, 1000, 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(impair_deadline(im), (6 + i) * OS_MS);
		ck_assert_int_eq(take((6 + i) * OS_MS), i);
	}
	put(3, 1000, SEC);
	ck_assert_int_eq(impair_deadline(im), SEC + 6 * OS_MS);
	end();
}
END_TEST

START_TEST(what_the_queue_has_no_room_for_is_lost)
{
	begin("rate=8M,queue=10k");
	for (uint32_t i = 0; i < 100; i++)
		put(i, 1000, 0);
	/* One is on its way, ten and a bit wait. */
	ck_assert_uint_eq(impair_counts(im)->overflowed, 89);
	end();
}
END_TEST

START_TEST(nothing_passes_while_it_is_dark)
{
	static const struct {
		os_time at;
		bool passes;
	} times[] = {
		{ 0, true },	   { SEC - 1, true },
		{ SEC, false },	   { 2 * SEC - 1, false },
		{ 2 * SEC, true }, { 5 * SEC, false },
		{ 6 * SEC, true },
	};

	begin("dark=1s-2s,dark=4500ms-6s");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		put(0, 4, times[i].at);
		ck_assert_int_eq(take(times[i].at) >= 0, times[i].passes);
	}
	ck_assert_uint_eq(impair_counts(im)->dark, 3);
	end();
}
END_TEST

START_TEST(a_change_leaves_what_is_under_way)
{
	begin("delay=10ms");
	put(1, 4, 0);
	impair_profile_init(&profile);
	profile.loss = 1;
	impair_change(im, &profile, 0);
	put(2, 4, 0);
	ck_assert_int_eq(take(10 * OS_MS), 1);
	ck_assert_int_eq(take(OS_NEVER), -1);
	end();
}
END_TEST

static const struct {
	uint8_t family;
	size_t largest; /* of UDP payload */
} families[] = {
	{ GEN_SCTP_INET, 1400 - 28 },
	{ GEN_SCTP_INET6, 1400 - 48 },
};

START_TEST(packets_above_the_mtu_are_swallowed)
{
	uint8_t bytes[2000] = { 0 };
	struct os_dgram d = { .data = bytes,
			      .dst.family = families[_i].family };

	begin("mtu=1400");
	d.len = families[_i].largest + 1;
	impair_put(im, &d, &tag, 0);
	ck_assert_int_eq(take(0), -1);
	d.len = families[_i].largest;
	impair_put(im, &d, &tag, 0);
	ck_assert_int_eq(take(0), 0);
	ck_assert_uint_eq(impair_counts(im)->too_big, 1);
	end();
}
END_TEST

START_TEST(a_tag_is_known_as_long_as_one_of_it_is_under_way)
{
	int other;

	begin("delay=1ms");
	ck_assert(!impair_has(im, &tag));
	put(1, 4, 0);
	ck_assert(impair_has(im, &tag));
	ck_assert(!impair_has(im, &other));
	ck_assert_int_eq(take(OS_MS), 1);
	ck_assert(!impair_has(im, &tag));
	end();
}
END_TEST

/* ------------------------------------------------------------------ text */

START_TEST(every_setting_is_read)
{
	const char *bad;

	impair_profile_init(&profile);
	ck_assert_int_eq(impair_parse("loss=5%,burst=2.5,corrupt=0.25,"
				      "duplicate=1%,reorder=0.5%,delay=20ms,"
				      "jitter=1.5ms,rate=10M,queue=64k,mtu=1400,seed=3,"
				      "dark=1s-2s,dark=1m-2m",
				      &profile, &bad),
			 0);
	ck_assert_double_eq_tol(profile.loss, 0.05, 1e-9);
	ck_assert_double_eq_tol(profile.burst, 2.5, 1e-9);
	ck_assert_double_eq_tol(profile.corrupt, 0.25, 1e-9);
	ck_assert_double_eq_tol(profile.duplicate, 0.01, 1e-9);
	ck_assert_double_eq_tol(profile.reorder, 0.005, 1e-9);
	ck_assert_int_eq(profile.delay, 20 * OS_MS);
	ck_assert_int_eq(profile.jitter, 1500 * OS_US);
	ck_assert_uint_eq(profile.rate, 10000000);
	ck_assert_uint_eq(profile.queue, 65536);
	ck_assert_uint_eq(profile.mtu, 1400);
	ck_assert_uint_eq(profile.seed, 3);
	ck_assert_uint_eq(profile.dark_count, 2);
	ck_assert_int_eq(profile.dark[1].from, 60 * SEC);
	ck_assert_int_eq(profile.dark[1].to, 120 * SEC);
}
END_TEST

static const struct {
	const char *text;
	size_t bad;
} wrong[] = {
	{ "loss", 0 },
	{ "loss=", 0 },
	{ "loss=x", 0 },
	{ "loss=101%", 0 },
	{ "loss=1.5", 0 },
	{ "loss=-1%", 0 },
	{ "loss=1%%", 0 },
	{ "loss=1%,", 0 },
	{ ",loss=1%", 0 },
	{ "loss=1%,,seed=1", 8 },
	{ "loss=1%,noise=3", 8 },
	{ "delay=20", 0 },
	{ "delay=20x", 0 },
	{ "loss=1% delay=1ms", 0 },
	{ "rate=1T", 0 },
	{ "rate=9999999999999999999", 0 },
	{ "dark=1s", 0 },
	{ "dark=2s-1s", 0 },
	{ "dark=1s-", 0 },
	{ "seed=1,dark=1-2", 7 },
	{ "dark=0s-1s,dark=0s-1s,dark=0s-1s,dark=0s-1s,dark=0s-1s,"
	  "dark=0s-1s,dark=0s-1s,dark=0s-1s,dark=0s-1s",
	  88 },
};

START_TEST(what_is_wrong_is_pointed_at)
{
	const char *bad = NULL;

	impair_profile_init(&profile);
	ck_assert_int_eq(impair_parse(wrong[_i].text, &profile, &bad), -EINVAL);
	ck_assert_uint_eq((size_t)(bad - wrong[_i].text), wrong[_i].bad);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof(list[0])))

Suite *
impair_suite(void)
{
	Suite *suite = suite_create("impair");
	TCase *tc = tcase_create("line");

	tcase_add_test(tc, a_good_line_passes_all_at_once_in_order);
	tcase_add_loop_test(tc, losses_come_as_often_and_as_long_as_asked_for,
			    0, COUNT(losses));
	tcase_add_test(tc, the_same_seed_is_the_same_line);
	tcase_add_test(tc, another_seed_is_another_line);
	tcase_add_test(tc, all_are_late_by_the_delay);
	tcase_add_test(tc, jitter_keeps_the_order);
	tcase_add_test(tc, reordered_ones_let_others_past);
	tcase_add_test(tc, duplicates_come_twice);
	tcase_add_test(tc, corrupted_ones_have_one_bit_changed);
	tcase_add_test(tc, the_rate_spaces_them);
	tcase_add_test(tc, what_the_queue_has_no_room_for_is_lost);
	tcase_add_test(tc, nothing_passes_while_it_is_dark);
	tcase_add_loop_test(tc, packets_above_the_mtu_are_swallowed, 0,
			    COUNT(families));
	tcase_add_test(tc, a_change_leaves_what_is_under_way);
	tcase_add_test(tc, a_tag_is_known_as_long_as_one_of_it_is_under_way);
	suite_add_tcase(suite, tc);
	tc = tcase_create("text");
	tcase_add_test(tc, every_setting_is_read);
	tcase_add_loop_test(tc, what_is_wrong_is_pointed_at, 0, COUNT(wrong));
	suite_add_tcase(suite, tc);
	return suite;
}
