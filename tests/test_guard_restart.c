/*
 * The packet guard: a peer that restarted (RFC 9260 5.2.4, case A).
 */
#include "guard_rig.h"

#define NEW_TAG 0x55555555
#define NEW_PEER_TAG 0x66666666

/* It comes back and gets an INIT ACK with that tag. */
static void
offered(uint32_t tag)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, NEW_PEER_TAG);
	expect_in(pass);
	ck_assert(!rig->restart);
	to(peer_addr, NEW_PEER_TAG);
	init(CHUNK_INIT_ACK, tag);
	expect_out(pass);
}

static void
cookie_from(struct gen_sctp_addr src, const struct gen_sctp_addr *list,
	    size_t n)
{
	from(src, NEW_TAG);
	cookie_echo(NEW_TAG, NEW_PEER_TAG, true, peer_addr, list, n);
}

static void
our_cookie_ack(void)
{
	to(peer_addr, NEW_PEER_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
}

static void
old_one_is_gone(void)
{
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(wrong_tag);
	from(peer_addr, NEW_TAG);
	SACK();
	expect_in(pass);
}

START_TEST(restart_with_one_path_goes_to_the_engine)
{
	if (_i == 0)
		accepted(NOTHING);
	else
		connected(NOTHING);
	peer_speaks();
	offered(NEW_TAG);
	cookie_from(peer_addr, NOTHING);
	expect_in(pass);
	ck_assert(!rig->restart);
	peer_speaks(); /* until the engine has looked at the cookie */
	our_cookie_ack();
	old_one_is_gone();
}
END_TEST

START_TEST(behind_the_cookie_of_a_restart_only_data_passes)
{
	accepted(NOTHING);
	offered(NEW_TAG);
	cookie_from(peer_addr, NOTHING);
	DATA();
	DATA();
	chunk(CHUNK_RE_CONFIG, 0, BYTES(0, 16, 0, 12, BE32(1), BE32(1)));
	DATA();
	expect_in(pass);
	ck_assert_int_eq(chunk_type(0), CHUNK_COOKIE_ECHO);
	ck_assert_int_eq(chunk_type(1), CHUNK_DATA);
	ck_assert_int_eq(chunk_type(2), CHUNK_DATA);
	ck_assert_int_eq(chunk_type(3), -1);
}
END_TEST

/* What keeps the engine from taking an association over. */
enum hindrance {
	TWO_PATHS,
	RECONFIG_UNANSWERED,
	ASCONF_UNANSWERED,
	UNREADABLE_COOKIE,
	HINDRANCES
};

static void
hinder(enum hindrance what)
{
	if (what == TWO_PATHS)
		accepted(&peer_addr2, 1);
	else
		accepted(NOTHING);
	to(peer_addr, PEER_TAG);
	if (what == RECONFIG_UNANSWERED)
		chunk(CHUNK_RE_CONFIG, 0,
		      BYTES(0, 17, 0, 12, BE32(7), 0, 1, 0, 0));
	else if (what == ASCONF_UNANSWERED)
		chunk(CHUNK_ASCONF, 0, BYTES(BE32(9), 0, 5, 0, 8, 0, 0, 0, 0));
	else
		SACK();
	expect_out(pass);
}

START_TEST(restart_that_the_engine_cannot_do_ends_the_old_association_first)
{
	hinder((enum hindrance)_i);
	peer_speaks();
	offered(NEW_TAG);
	if (_i == UNREADABLE_COOKIE) {
		from(peer_addr, NEW_TAG);
		chunk(CHUNK_COOKIE_ECHO, 0, BYTES(BE32(0)));
	} else {
		cookie_from(peer_addr, NOTHING);
	}
	SACK();
	expect_in(pass);
	ck_assert(rig->restart);
	ck_assert_uint_eq(rig->old.my_tag, MY_TAG);
	ck_assert_uint_eq(rig->old.peer_tag, PEER_TAG);
	ck_assert_uint_eq(rig->old.local_port, MY_PORT);
	ck_assert_uint_eq(rig->old.peer_port, PEER_PORT);
	ck_assert_int_eq(chunk_type(1), CHUNK_SACK);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_out(restart_abort);
	guard_restart_done(rig->g, &rig->old);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
	our_cookie_ack();
	old_one_is_gone();
}
END_TEST

START_TEST(restart_after_our_reconfig_was_answered_goes_to_the_engine)
{
	/* response; outgoing reset that names our request */
	static const uint8_t answers[][12] = {
		{ 0, 16, 0, 12, BE32(7), BE32(1) },
		{ 0, 13, 0, 16, BE32(1), BE32(7) },
	};

	hinder(RECONFIG_UNANSWERED);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_RE_CONFIG, 0, BYTES(0, 16, 0, 12, BE32(7), BE32(6)));
	expect_in(pass); /* in progress */
	offered(NEW_TAG);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_RE_CONFIG, 0, answers[_i], 12);
	if (_i == 1) /* last TSN */
		param(0, NOTHING);
	expect_in(pass);
	cookie_from(peer_addr, NOTHING);
	expect_in(pass);
	ck_assert(!rig->restart);
}
END_TEST

START_TEST(restart_after_our_asconf_was_answered_goes_to_the_engine)
{
	hinder(ASCONF_UNANSWERED);
	for (int i = 0; i < 2; i++) {
		from(peer_addr, MY_TAG);
		chunk(CHUNK_ASCONF_ACK, 0, BYTES(BE32(i ? 9 : 8)));
		expect_in(pass);
	}
	offered(NEW_TAG);
	cookie_from(peer_addr, NOTHING);
	expect_in(pass);
	ck_assert(!rig->restart);
}
END_TEST

START_TEST(four_offers_are_remembered)
{
	accepted(NOTHING);
	offered(NEW_TAG);
	for (uint32_t i = 1; i <= (uint32_t)_i; i++)
		offered(NEW_TAG + i);
	cookie_from(peer_addr, NOTHING);
	ck_assert_str_eq(guard_verdict_name(in()),
			 _i < GUARD_TAGS ? "pass" : "wrong_tag");
}
END_TEST

START_TEST(offer_is_good_as_long_as_the_cookie)
{
	accepted(NOTHING);
	offered(NEW_TAG);
	rig->now += GUARD_COOKIE_LIFE + _i;
	cookie_from(peer_addr, NOTHING);
	ck_assert_str_eq(guard_verdict_name(in()), _i ? "wrong_tag" : "pass");
}
END_TEST

START_TEST(unproven_cookie_does_not_move_the_udp_port)
{
	accepted(NOTHING);
	offered(NEW_TAG);
	cookie_from(ip4(10, 0, 0, 2, 4444), NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	to(peer_addr, PEER_TAG);
	SACK();
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, UDP);
	/* our COOKIE ACK proves it */
	our_cookie_ack();
	ck_assert_uint_eq(rig->k.p.dst.port, 4444);
	to(peer_addr, NEW_PEER_TAG);
	SACK();
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, 4444);
}
END_TEST

START_TEST(new_association_with_another_address_of_ours_is_no_restart)
{
	accepted(NOTHING);
	from(peer_addr, 0);
	rig->k.p.dst = ip4(10, 0, 0, 4, UDP);
	init(CHUNK_INIT, NEW_PEER_TAG);
	expect_in(pass);
	to(peer_addr, NEW_PEER_TAG);
	rig->k.p.src = ip4(10, 0, 0, 4, UDP);
	init(CHUNK_INIT_ACK, NEW_TAG);
	expect_out(pass);
	from(peer_addr, NEW_TAG);
	rig->k.p.dst = ip4(10, 0, 0, 4, UDP);
	cookie_echo(NEW_TAG, NEW_PEER_TAG, false, peer_addr, NOTHING);
	expect_in(pass);
	ck_assert(!rig->restart);
	our_cookie_ack();
	ck_assert_uint_eq(guard_assocs(rig->g), 2);
	peer_speaks();
}
END_TEST

START_TEST(cookie_of_a_restart_may_come_from_another_address)
{
	accepted(&peer_addr2, 1);
	offered(NEW_TAG);
	cookie_from(_i ? stranger : peer_addr2, &peer_addr2, 1);
	expect_in(pass);
	ck_assert(rig->restart);
}
END_TEST

TCase *
guard_restart_cases(void)
{
	TCase *tc = tcase_create("restart");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_loop_test(tc, restart_with_one_path_goes_to_the_engine, 0, 2);
	tcase_add_test(tc, behind_the_cookie_of_a_restart_only_data_passes);
	tcase_add_loop_test(
		tc,
		restart_that_the_engine_cannot_do_ends_the_old_association_first,
		0, HINDRANCES);
	tcase_add_loop_test(
		tc, restart_after_our_reconfig_was_answered_goes_to_the_engine,
		0, 2);
	tcase_add_test(
		tc, restart_after_our_asconf_was_answered_goes_to_the_engine);
	tcase_add_loop_test(tc, four_offers_are_remembered, 0, 5);
	tcase_add_loop_test(tc, offer_is_good_as_long_as_the_cookie, 0, 2);
	tcase_add_test(tc, unproven_cookie_does_not_move_the_udp_port);
	tcase_add_test(
		tc, new_association_with_another_address_of_ours_is_no_restart);
	tcase_add_loop_test(
		tc, cookie_of_a_restart_may_come_from_another_address, 0, 2);
	return tc;
}
