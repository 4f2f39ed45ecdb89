/*
 * The packet guard: associations begin and end.
 */
#include "guard_rig.h"

static void
our_init(void)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
}

static void
their_init(uint32_t tag, uint32_t our_answer)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, tag);
	expect_in(pass);
	to(peer_addr, tag);
	init(CHUNK_INIT_ACK, our_answer);
	expect_out(pass);
}

static void
their_init_ack(void)
{
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	expect_in(pass);
}

static void
our_cookie_ack(void)
{
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
}

START_TEST(peer_connects)
{
	accepted(NOTHING);
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	peer_speaks();
}
END_TEST

START_TEST(we_connect)
{
	connected(NOTHING);
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	peer_speaks();
}
END_TEST

START_TEST(nothing_is_remembered_before_our_cookie_ack_leaves)
{
	their_init(PEER_TAG, MY_TAG);
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
	our_cookie_ack();
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
}
END_TEST

START_TEST(addresses_come_from_the_cookie)
{
	static const size_t timeval_sizes[] = { 16, 8, 12 };

	from(peer_addr, MY_TAG);
	cookie_echo_t(timeval_sizes[_i], MY_TAG, PEER_TAG, false, peer_addr,
		      &peer_addr2, 1);
	expect_in(pass);
	our_cookie_ack();
	from(peer_addr2, MY_TAG);
	SACK();
	expect_in(pass);
	from(stranger, MY_TAG);
	SACK();
	expect_in(unknown_source);
}
END_TEST

START_TEST(cookie_of_another_layout_gives_its_source)
{
	from(peer_addr, MY_TAG);
	chunk(CHUNK_COOKIE_ECHO, 0, BYTES('?', '?', '?', '?'));
	expect_in(pass);
	our_cookie_ack();
	peer_speaks();
	from(peer_addr, MY_TAG + 1);
	SACK();
	expect_in(wrong_tag);
}
END_TEST

START_TEST(cookie_echo_is_answered_again_when_our_cookie_ack_was_lost)
{
	static const uint8_t info[8];

	accepted(NOTHING);
	for (int i = 0; i < 3; i++) {
		from(peer_addr, MY_TAG);
		cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
		DATA();
		SACK();
		expect_in(pass);
		ck_assert_int_eq(chunk_type(1), CHUNK_DATA);
		ck_assert_int_eq(chunk_type(2), -1);
		our_cookie_ack();
		/* it answers heartbeats meanwhile */
		from(peer_addr, MY_TAG);
		chunk(CHUNK_HEARTBEAT_ACK, 0, info, 8);
		expect_in(pass);
	}
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	peer_speaks();
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(old_cookie);
}
END_TEST

START_TEST(init_ack_may_come_from_another_address_that_names_the_first)
{
	our_init();
	from(ip4(10, 0, 0, 3, 4444), MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	param_addr(peer_addr);
	expect_in(pass);
	/* the engine takes the port for peer_addr's */
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	/* and does not know the one of peer_addr2 */
	to(peer_addr2, PEER_TAG);
	SACK();
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, 4444);
}
END_TEST

START_TEST(init_ack_of_a_stranger_is_dropped)
{
	our_init();
	from(stranger, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	expect_in(unknown_source);
}
END_TEST

START_TEST(stale_cookie_lets_the_handshake_begin_again)
{
	our_init();
	their_init_ack();
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	expect_in(unexpected_init_ack);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ERROR, 0, BYTES(0, 3, 0, 8, BE32(1000)));
	expect_in(pass);
	our_init();
	their_init_ack();
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
}
END_TEST

START_TEST(second_init_ack_must_not_lack_addresses_of_the_first)
{
	our_init();
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	param_addr(peer_addr2);
	expect_in(pass);
	our_init();
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	expect_in(bad_init);
}
END_TEST

/* RFC 9260 5.2.1: the INIT ACK has the tag of our INIT. */
START_TEST(both_sides_connect_and_their_cookie_comes_first)
{
	our_init();
	their_init(PEER_TAG, MY_TAG);
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, true, peer_addr, &peer_addr2, 1);
	expect_in(pass);
	ck_assert(!rig->restart);
	our_cookie_ack();
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	from(peer_addr2, MY_TAG);
	SACK();
	expect_in(pass);
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	expect_in(unexpected_init_ack);
}
END_TEST

START_TEST(both_sides_connect_and_both_cookies_cross)
{
	our_init();
	their_init(PEER_TAG, MY_TAG);
	their_init_ack();
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_COOKIE_ECHO, 0, BYTES(BE32(0)));
	expect_out(pass);
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, true, peer_addr, NOTHING);
	expect_in(pass);
	our_cookie_ack();
	from(peer_addr, MY_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_in(pass);
	peer_speaks();
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
}
END_TEST

START_TEST(we_connect_while_the_peers_cookie_is_under_way)
{
	their_init(PEER_TAG, 0x33333333);
	our_init();
	from(peer_addr, 0x33333333);
	cookie_echo(0x33333333, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(cookie_paths);
	their_init_ack();
	from(peer_addr, MY_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_in(pass);
	peer_speaks();
}
END_TEST

/* An association whose packets go to another address of ours. */
static void
to_our_other_address(void)
{
	rig->k.p.dst = ip4(10, 0, 0, 4, UDP);
}

START_TEST(peer_connects_to_two_addresses_of_ours_at_once)
{
	their_init(PEER_TAG, MY_TAG);
	from(peer_addr, 0);
	to_our_other_address();
	init(CHUNK_INIT, 77);
	expect_in(pass);
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(pass);
	our_cookie_ack();
	from(peer_addr, 78);
	to_our_other_address();
	cookie_echo(78, 77, false, peer_addr, NOTHING);
	expect_in(pass);
	to(peer_addr, 77);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 2);
	peer_speaks();
	from(peer_addr, 78);
	to_our_other_address();
	SACK();
	expect_in(pass);
}
END_TEST

START_TEST(peer_connects_over_ipv6)
{
	struct gen_sctp_addr v6 = { GEN_SCTP_INET6, { 0x20, 1, 0xd, 0xb8 },
				    UDP, 0 };

	accepted_as(MY_TAG, PEER_TAG, v6, NOTHING);
	from(v6, MY_TAG);
	SACK();
	expect_in(pass);
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(unknown_source);
}
END_TEST

/* RFC 9260 8.5.1 E. */
START_TEST(shutdown_ack_of_an_earlier_association_passes_while_we_connect)
{
	our_init();
	from(ip4(10, 0, 0, 2, 4444), 0x33333333);
	chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	to(peer_addr, 0x33333333);
	chunk(CHUNK_SHUTDOWN_COMPLETE, CHUNK_FLAG_T, NOTHING);
	expect_out(pass);
	their_init_ack();
}
END_TEST

/* RFC 9260 8.4. */
START_TEST(out_of_the_blue)
{
	static const struct {
		uint8_t type;
		bool answered;
	} rows[] = {
		{ CHUNK_SHUTDOWN_ACK, true },      { CHUNK_ABORT, false },
		{ CHUNK_SHUTDOWN_COMPLETE, false }, { CHUNK_COOKIE_ACK, false },
		{ CHUNK_ERROR, false },            { 0x3f, true },
		{ 0xff, true },
	};

	from(peer_addr, MY_TAG);
	chunk(rows[_i].type, 0, NOTHING);
	ck_assert_str_eq(guard_verdict_name(in()),
			 rows[_i].answered ? "pass" : "out_of_the_blue");
}
END_TEST

START_TEST(out_of_the_blue_data_is_answered_unless_there_is_an_abort_in_it)
{
	from(peer_addr, MY_TAG);
	DATA();
	expect_in(pass);
	to(peer_addr, MY_TAG);
	chunk(CHUNK_ABORT, CHUNK_FLAG_T, NOTHING);
	expect_out(pass);
	from(peer_addr, MY_TAG);
	SACK();
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_in(out_of_the_blue);
	from(peer_addr, PEER_TAG);
	chunk(CHUNK_ABORT, CHUNK_FLAG_T, NOTHING);
	expect_in(out_of_the_blue);
}
END_TEST

/* ----------------------------------------------------------------- ends */

START_TEST(our_init_is_refused)
{
	uint16_t cause;

	our_init();
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_NONE);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ABORT, 0, BYTES(0, 12, 0, 4));
	expect_in(pass);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_BY_PEER);
	ck_assert_uint_eq(cause, 12);
}
END_TEST

START_TEST(we_give_up_connecting)
{
	uint16_t cause;

	our_init();
	to(peer_addr, MY_TAG);
	chunk(CHUNK_ABORT, CHUNK_FLAG_T, NOTHING);
	expect_out(pass);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_BY_US);
	ck_assert_uint_eq(cause, 0);
}
END_TEST

START_TEST(abort_is_remembered_for_a_minute)
{
	uint16_t cause;

	accepted(NOTHING);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_ABORT, 0, BYTES(0, 13, 0, 4));
	expect_out(pass);
	guard_forget(rig->g, THE_ASSOC);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_BY_US);
	ck_assert_uint_eq(cause, 13);
	rig->now += GUARD_LINGER;
	from(stranger, 0x33333333);
	cookie_echo(0x33333333, 77, false, stranger, NOTHING);
	expect_in(pass);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_NONE);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
}
END_TEST

START_TEST(association_that_ended_does_not_hinder_the_next)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_in(pass);
	from(peer_addr, MY_TAG); /* the engine answers, as for any unknown one */
	DATA();
	expect_in(pass);
	accepted_as(0x44444444, 77, peer_addr, NOTHING);
	ck_assert(!rig->restart);
	from(peer_addr, 0x44444444);
	DATA();
	expect_in(pass);
}
END_TEST

/* The engine wants AUTH for ABORT and goes on. */
START_TEST(abort_that_the_engine_ignores_ends_nothing)
{
	uint16_t cause;

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_in(pass);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_BY_PEER);
	to(peer_addr, PEER_TAG);
	DATA();
	expect_out(pass);
	from(peer_addr, MY_TAG + 1);
	DATA();
	expect_in(wrong_tag);
	peer_speaks();
}
END_TEST

/* The peer chooses the tag in its INIT: that of an association that ended. */
START_TEST(answers_to_nobody_bring_no_association_back)
{
	accepted(NOTHING);
	if (_i & 1) {
		from(peer_addr, MY_TAG);
		chunk(CHUNK_ABORT, 0, NOTHING);
		expect_in(pass);
	} else {
		to(peer_addr, PEER_TAG);
		chunk(CHUNK_ABORT, 0, NOTHING);
		expect_out(pass);
	}
	to(peer_addr, PEER_TAG);
	if (_i & 2)
		init(CHUNK_INIT_ACK, 77);
	else
		chunk(CHUNK_ERROR, 0, BYTES(0, 3, 0, 8, BE32(0)));
	expect_out(pass);
	ck_assert(guard_find_alive(rig->g, THE_ASSOC) == NULL);
}
END_TEST

START_TEST(shutdown_of_ours_ends_with_our_shutdown_complete)
{
	accepted(NOTHING);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_SHUTDOWN, 0, BYTES(BE32(0)));
	expect_out(pass);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
	expect_in(pass);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_SHUTDOWN_COMPLETE, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
	/* it was lost */
	from(peer_addr, MY_TAG);
	chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
	expect_in(pass);
}
END_TEST

START_TEST(shutdown_of_the_peer_ends_with_its_shutdown_complete)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_SHUTDOWN_COMPLETE, 0, NOTHING);
	expect_in(pass); /* too early: the engine ignores it */
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_SHUTDOWN, 0, BYTES(BE32(0)));
	expect_in(pass);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
	expect_out(pass);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_SHUTDOWN_COMPLETE, 0, NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
}
END_TEST

START_TEST(what_the_engine_freed_is_forgotten)
{
	accepted(NOTHING);
	guard_forget(rig->g, THE_ASSOC);
	guard_forget(rig->g, THE_ASSOC);
	ck_assert_uint_eq(guard_assocs(rig->g), 0);
	accepted(NOTHING);
}
END_TEST

START_TEST(association_that_ended_without_a_packet_makes_way)
{
	accepted(NOTHING);
	if (_i == 0)
		accepted_as(0x33333333, 77, peer_addr, NOTHING);
	to(peer_addr, 0);
	init(CHUNK_INIT, 0x44444444);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(wrong_tag);
}
END_TEST

static void
add_ends(TCase *tc)
{
	tcase_add_test(tc, our_init_is_refused);
	tcase_add_test(tc, we_give_up_connecting);
	tcase_add_test(tc, abort_is_remembered_for_a_minute);
	tcase_add_test(tc, association_that_ended_does_not_hinder_the_next);
	tcase_add_test(tc, abort_that_the_engine_ignores_ends_nothing);
	tcase_add_loop_test(tc, answers_to_nobody_bring_no_association_back, 0,
			    4);
	tcase_add_test(tc, shutdown_of_ours_ends_with_our_shutdown_complete);
	tcase_add_test(tc,
		       shutdown_of_the_peer_ends_with_its_shutdown_complete);
	tcase_add_test(tc, what_the_engine_freed_is_forgotten);
	tcase_add_loop_test(
		tc, association_that_ended_without_a_packet_makes_way, 0, 2);
}

TCase *
guard_handshake_cases(void)
{
	TCase *tc = tcase_create("handshake");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_test(tc, peer_connects);
	tcase_add_test(tc, we_connect);
	tcase_add_test(tc, nothing_is_remembered_before_our_cookie_ack_leaves);
	tcase_add_loop_test(tc, addresses_come_from_the_cookie, 0, 3);
	tcase_add_test(tc, cookie_of_another_layout_gives_its_source);
	tcase_add_test(
		tc, cookie_echo_is_answered_again_when_our_cookie_ack_was_lost);
	tcase_add_test(
		tc,
		init_ack_may_come_from_another_address_that_names_the_first);
	tcase_add_test(tc, init_ack_of_a_stranger_is_dropped);
	tcase_add_test(tc, stale_cookie_lets_the_handshake_begin_again);
	tcase_add_test(tc,
		       second_init_ack_must_not_lack_addresses_of_the_first);
	tcase_add_test(tc, both_sides_connect_and_their_cookie_comes_first);
	tcase_add_test(tc, both_sides_connect_and_both_cookies_cross);
	tcase_add_test(tc, we_connect_while_the_peers_cookie_is_under_way);
	tcase_add_test(
		tc,
		shutdown_ack_of_an_earlier_association_passes_while_we_connect);
	tcase_add_test(tc, peer_connects_to_two_addresses_of_ours_at_once);
	tcase_add_test(tc, peer_connects_over_ipv6);
	tcase_add_loop_test(tc, out_of_the_blue, 0, 7);
	tcase_add_test(
		tc,
		out_of_the_blue_data_is_answered_unless_there_is_an_abort_in_it);
	add_ends(tc);
	return tc;
}
