#include <check.h>

#include "budget.h"

Suite *budget_suite(void);

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static void
set_up(void)
{
	budget_return(budget_counters()->memory_used);
	budget_set_limit(BUDGET_DEFAULT);
}

/* ----------------------------------------------------------------- shares */

static const struct {
	uint64_t limit, used, wanted, recbuf;
} shares[] = {
	{ 4 * GIB, 0, MIB, MIB },
	{ 4 * GIB, 0, 4096, 4096 },
	/* 3 GiB / 64 */
	{ 4 * GIB, 0, GIB, 48 * MIB },
	{ 4 * GIB, GIB, GIB, 32 * MIB },
	/* as long as 64 times as much is free above the quarter */
	{ 4 * GIB, 3 * GIB - 64 * MIB, MIB, MIB },
	{ 4 * GIB, 3 * GIB - 32 * MIB, MIB, 512 * KIB },
	{ 4 * GIB, 3 * GIB - 4 * MIB, MIB, 64 * KIB },
	{ 4 * GIB, 3 * GIB, MIB, 64 * KIB },
	{ 4 * GIB, 4 * GIB, MIB, 64 * KIB },
	{ 4 * GIB, 4 * GIB, 50000, 50000 },
	/* overdrawn */
	{ GIB, 4 * GIB, MIB, 64 * KIB },
	{ 16 * MIB, 0, MIB, 192 * KIB },
	{ 1, 0, MIB, 64 * KIB },
	{ UINT64_MAX, 0, GIB, GIB },
};

START_TEST(a_share_is_what_is_wanted_while_much_is_left)
{
	ck_assert(budget_take(shares[_i].used));
	budget_set_limit(shares[_i].limit);
	ck_assert_uint_eq(budget_recbuf((uint32_t)shares[_i].wanted),
			  shares[_i].recbuf);
	/* Asking takes nothing. */
	ck_assert_uint_eq(budget_counters()->memory_used, shares[_i].used);
}
END_TEST

static unsigned int
take_all(uint32_t wanted, uint64_t tables)
{
	unsigned int n = 0;
	uint32_t recbuf, last = wanted;

	for (;;) {
		recbuf = budget_recbuf(wanted);
		ck_assert_uint_le(recbuf, last);
		ck_assert_uint_ge(recbuf, BUDGET_LEAST);
		if (!budget_take(recbuf + tables))
			return n;
		last = recbuf;
		n++;
	}
}

/* max_associations is 10000; with a hundred streams each. */
START_TEST(the_default_limit_has_room_for_the_default_number_of_associations)
{
	budget_set_limit(4 * GIB);
	ck_assert_uint_ge(take_all(1 << 20, 5000 + 40 * 100), 10000);
	ck_assert_uint_le(budget_counters()->memory_used, 4 * GIB);
}
END_TEST

/* ---------------------------------------------------------------- account */

START_TEST(what_does_not_fit_is_refused_and_counted)
{
	uint64_t refused = budget_counters()->memory_refused;

	budget_set_limit(1000);
	ck_assert(budget_take(600));
	ck_assert(!budget_take(401));
	ck_assert(!budget_take(UINT64_MAX));
	ck_assert_uint_eq(budget_counters()->memory_refused, refused + 2);
	ck_assert(budget_take(400));
	ck_assert(!budget_take(1));
	budget_return(1);
	ck_assert(budget_take(1));
	ck_assert_uint_eq(budget_counters()->memory_used, 1000);
}
END_TEST

START_TEST(a_resize_may_overdraw_and_nothing_fits_until_it_is_back)
{
	budget_set_limit(1000);
	ck_assert(budget_take(600));
	budget_resize(500, 5000);
	ck_assert_uint_eq(budget_counters()->memory_used, 5100);
	ck_assert(!budget_take(1));
	budget_resize(5000, 100);
	ck_assert_uint_eq(budget_counters()->memory_used, 200);
	ck_assert(budget_take(800));
}
END_TEST

START_TEST(a_lower_limit_takes_nothing_away)
{
	budget_set_limit(1000);
	ck_assert(budget_take(600));
	budget_set_limit(500);
	ck_assert_uint_eq(budget_counters()->memory_used, 600);
	ck_assert_uint_eq(budget_counters()->memory_limit, 500);
	ck_assert(!budget_take(1));
	budget_return(600);
	ck_assert(budget_take(500));
}
END_TEST

/* ------------------------------------------------------------------ sizes */

static const struct {
	const char *text;
	uint64_t bytes; /* 0: none */
} sizes[] = {
	{ "1", 1 },
	{ "4096", 4096 },
	{ "64K", 64 * KIB },
	{ "512M", 512 * MIB },
	{ "4G", 4 * GIB },
	{ "017179869183G", 17179869183 * GIB },
	{ "18446744073709551600", UINT64_MAX - 15 },
	{ "17179869184G", 0 },
	{ "18446744073709551616", 0 },
	{ "99999999999999999999999", 0 },
	{ "0", 0 },
	{ "0G", 0 },
	{ "", 0 },
	{ "G", 0 },
	{ "4g", 0 },
	{ "4GB", 0 },
	{ "4 G", 0 },
	{ " 4", 0 },
	{ "-1", 0 },
	{ "+1", 0 },
	{ "1.5G", 0 },
	{ "0x10", 0 },
	{ "lots", 0 },
};

START_TEST(a_size_is_a_number_with_a_suffix)
{
	uint64_t bytes = 0;

	ck_assert_int_eq(budget_parse(sizes[_i].text, &bytes),
			 sizes[_i].bytes != 0);
	ck_assert_uint_eq(bytes, sizes[_i].bytes);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

Suite *
budget_suite(void)
{
	Suite *suite = suite_create("budget");
	TCase *tc = tcase_create("budget");

	tcase_add_checked_fixture(tc, set_up, set_up);
	tcase_add_loop_test(tc, a_share_is_what_is_wanted_while_much_is_left, 0,
			    ROWS(shares));
	tcase_add_test(
		tc,
		the_default_limit_has_room_for_the_default_number_of_associations);
	tcase_add_test(tc, what_does_not_fit_is_refused_and_counted);
	tcase_add_test(tc,
		       a_resize_may_overdraw_and_nothing_fits_until_it_is_back);
	tcase_add_test(tc, a_lower_limit_takes_nothing_away);
	tcase_add_loop_test(tc, a_size_is_a_number_with_a_suffix, 0,
			    ROWS(sizes));
	suite_add_tcase(suite, tc);
	return suite;
}
