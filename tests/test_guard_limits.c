/*
 * The packet guard: what can be bought from it.
 */
#include "guard_rig.h"

static struct gen_sctp_addr
spoofed(uint32_t i)
{
	return ip4(11, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i,
		   (uint16_t)(i % 60000 + 1));
}

START_TEST(a_million_inits_buy_nothing)
{
	accepted(NOTHING);
	for (uint32_t i = 0; i < 1000000; i++) {
		from(i % 2 ? peer_addr : spoofed(i), 0);
		init(CHUNK_INIT, i + 1);
		ck_assert_int_eq(in(), GUARD_PASS);
	}
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	peer_speaks();
}
END_TEST

START_TEST(cookies_that_the_engine_refuses_buy_nothing)
{
	for (uint32_t i = 0; i < 100000; i++) {
		from(spoofed(i), i + 1);
		cookie_echo(i + 1, 77, false, spoofed(i), NOTHING);
		ck_assert_int_eq(in(), GUARD_PASS);
	}
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
	accepted(NOTHING);
	peer_speaks();
}
END_TEST

static void
fill_table(void)
{
	for (uint32_t i = 1; i <= MAX_ASSOCS; i++)
		accepted_as(i, i, spoofed(i), NOTHING);
	ck_assert_uint_eq(guard_assocs(rig->g), MAX_ASSOCS);
}

static void
expect_full(void)
{
	from(stranger, 0x33333333);
	cookie_echo(0x33333333, 77, false, stranger, NOTHING);
	expect_in(table_full);
	to(stranger, 0);
	init(CHUNK_INIT, 0x33333333);
	expect_out(table_full);
}

START_TEST(associations_beyond_the_limit_are_not_let_in)
{
	fill_table();
	expect_full();
	rig->now += 1000 * GUARD_ORPHAN; /* those that live are never put out */
	expect_full();
	guard_forget(rig->g, &(struct guard_assoc){ MY_PORT, PEER_PORT, 7, 7, 0 });
	accepted(NOTHING);
	peer_speaks();
	expect_full();
}
END_TEST

START_TEST(ended_associations_make_room)
{
	fill_table();
	from(spoofed(7), 7);
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), MAX_ASSOCS);
	connected(NOTHING);
	expect_full();
}
END_TEST

START_TEST(handshakes_that_nobody_speaks_of_are_forgotten)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	rig->now += GUARD_ORPHAN - 1;
	if (_i == 0) {
		to(peer_addr, 0);
		init(CHUNK_INIT, MY_TAG);
		expect_out(pass);
	}
	rig->now += 1;
	to(stranger, 0);
	init(CHUNK_INIT, 77);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), _i == 0 ? 2 : 1);
}
END_TEST

START_TEST(idle_association_stays)
{
	accepted(NOTHING);
	rig->now += 10 * 365 * 24 * 3600 * GUARD_SECOND;
	connected(NOTHING);
	accepted_as(3, 3, stranger, NOTHING);
	peer_speaks();
}
END_TEST

START_TEST(cookie_that_is_never_answered_is_forgotten)
{
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(pass);
	rig->now += GUARD_COOKIE_LIFE + 1;
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
}
END_TEST

/* Peers on one port, and one peer with many associations. */
START_TEST(associations_do_not_get_in_each_others_way)
{
	for (uint32_t i = 1; i <= MAX_ASSOCS / 2; i++) {
		accepted_as(i, i, spoofed(i), NOTHING);
		accepted_as(i + 1000, i, spoofed(i + 1000), NOTHING);
	}
	for (uint32_t i = 1; i <= MAX_ASSOCS / 2; i++) {
		from(spoofed(i), i);
		SACK();
		expect_in(pass);
		from(spoofed(i), i + 1000);
		SACK();
		expect_in(unknown_source);
	}
}
END_TEST

TCase *
guard_limit_cases(void)
{
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_million_inits_buy_nothing);
	tcase_add_test(tc, cookies_that_the_engine_refuses_buy_nothing);
	tcase_add_test(tc, associations_beyond_the_limit_are_not_let_in);
	tcase_add_test(tc, ended_associations_make_room);
	tcase_add_loop_test(tc, handshakes_that_nobody_speaks_of_are_forgotten,
			    0, 2);
	tcase_add_test(tc, idle_association_stays);
	tcase_add_test(tc, cookie_that_is_never_answered_is_forgotten);
	tcase_add_test(tc, associations_do_not_get_in_each_others_way);
	return tc;
}
