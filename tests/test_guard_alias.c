/*
 * Peers of one address and SCTP port: what the engine knows them by.
 */
#include "guard_rig.h"

#define OTHER_TAG 0x44444444
#define OTHER_PEER_TAG 0x55555555

/* The peer's address at another UDP port: another host behind its NAT. */
static struct gen_sctp_addr
neighbour(void)
{
	return ip4(10, 0, 0, 2, 4444);
}

static uint16_t
alias_of_init(struct gen_sctp_addr src, uint32_t tag)
{
	from(src, 0);
	init(CHUNK_INIT, tag);
	expect_in(pass);
	return rig->k.p.alias;
}

/* A packet of ours to an alias. */
static void
to_alias(struct gen_sctp_addr dst, uint16_t alias, uint32_t vtag)
{
	to(dst, vtag);
	write_be16(rig->k.bytes + 2, alias);
}

/* The neighbour's association is up; returns its alias. */
static uint16_t
neighbour_accepted(const struct gen_sctp_addr *list, size_t n)
{
	uint16_t alias = alias_of_init(neighbour(), OTHER_PEER_TAG);

	ck_assert_uint_ne(alias, 0);
	to_alias(neighbour(), alias, OTHER_PEER_TAG);
	init(CHUNK_INIT_ACK, OTHER_TAG);
	state_cookie();
	expect_out(pass);
	cookie_port(alias);
	from(neighbour(), OTHER_TAG);
	cookie_echo(OTHER_TAG, OTHER_PEER_TAG, false, neighbour(), list, n);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.alias, alias);
	to_alias(neighbour(), alias, OTHER_PEER_TAG);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
	cookie_port(PEER_PORT);
	return alias;
}

/* A packet with this tag from there has the alias. */
static void
expect_alias(struct gen_sctp_addr src, uint32_t tag, uint16_t alias)
{
	from(src, tag);
	DATA();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.alias, alias);
}

/* And a packet to it goes there. */
static void
expect_way_out(struct gen_sctp_addr dst, uint16_t alias, uint32_t tag)
{
	struct gen_sctp_addr engine = dst;

	to_alias(engine, alias, tag);
	DATA();
	expect_out(pass);
	ck_assert_uint_eq(packet_dst_port(&rig->k.p), PEER_PORT);
	ck_assert_uint_eq(rig->k.p.dst.port, dst.port);
}

START_TEST(a_peer_alone_has_no_alias)
{
	ck_assert_uint_eq(alias_of_init(peer_addr, PEER_TAG), 0);
	accepted(NOTHING);
	ck_assert_uint_eq(alias_of_init(peer_addr, 77), 0);
	expect_alias(peer_addr, MY_TAG, 0);
}
END_TEST

START_TEST(the_second_of_an_address_and_port_has_one)
{
	uint16_t alias;

	accepted(NOTHING);
	alias = neighbour_accepted(NOTHING);
	expect_alias(peer_addr, MY_TAG, 0);
	expect_alias(neighbour(), OTHER_TAG, alias);
	expect_way_out(peer_addr, PEER_PORT, PEER_TAG);
	expect_way_out(neighbour(), alias, OTHER_PEER_TAG);
}
END_TEST

START_TEST(answers_to_an_init_go_where_it_came_from)
{
	uint16_t alias;

	accepted(NOTHING);
	alias = alias_of_init(neighbour(), OTHER_PEER_TAG);
	to_alias(neighbour(), alias, OTHER_PEER_TAG);
	if (_i == 0)
		init(CHUNK_INIT_ACK, OTHER_TAG);
	else
		chunk(CHUNK_ABORT, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(packet_dst_port(&rig->k.p), PEER_PORT);
	ck_assert_uint_eq(rig->k.p.dst.port, 4444);
}
END_TEST

START_TEST(an_init_from_a_known_udp_port_has_the_alias_of_its_association)
{
	uint16_t alias;

	accepted(NOTHING);
	alias = neighbour_accepted(NOTHING);
	ck_assert_uint_eq(alias_of_init(neighbour(), 77), alias);
	ck_assert_uint_eq(alias_of_init(peer_addr, 77), 0);
}
END_TEST

START_TEST(one_that_moves_keeps_its_alias)
{
	struct gen_sctp_addr moved = ip4(10, 0, 0, 2, 5555);
	uint16_t alias;

	accepted(NOTHING);
	alias = neighbour_accepted(NOTHING);
	expect_alias(moved, OTHER_TAG, alias);
	expect_way_out(moved, alias, OTHER_PEER_TAG);
	ck_assert_uint_eq(alias_of_init(moved, 77), alias);
	expect_way_out(peer_addr, PEER_PORT, PEER_TAG);
}
END_TEST

START_TEST(all_its_paths_have_it)
{
	struct gen_sctp_addr second = peer_addr2;
	uint16_t alias;

	accepted(&peer_addr2, 1);
	alias = neighbour_accepted(&peer_addr2, 1);
	second.port = 4444;
	expect_alias(second, OTHER_TAG, alias);
	expect_way_out(second, alias, OTHER_PEER_TAG);
	ck_assert_uint_eq(alias_of_init(second, 77), alias);
}
END_TEST

/* Two NATs, and the same address behind each. */
START_TEST(one_that_lists_another_ones_address_has_one)
{
	accepted(&peer_addr2, 1);
	from(stranger, 0);
	init(CHUNK_INIT, OTHER_PEER_TAG);
	param_addr(_i == 0 ? peer_addr2 : ip4(10, 0, 0, 77, 0));
	expect_in(pass);
	ck_assert_int_eq(rig->k.p.alias != 0, _i == 0);
}
END_TEST

START_TEST(the_second_of_two_inits_has_one_for_a_minute)
{
	ck_assert_uint_eq(alias_of_init(peer_addr, PEER_TAG), 0);
	ck_assert_uint_ne(alias_of_init(neighbour(), OTHER_PEER_TAG), 0);
	ck_assert_uint_eq(alias_of_init(peer_addr, PEER_TAG), 0);
	rig->now += GUARD_COOKIE_LIFE + 1;
	ck_assert_uint_eq(alias_of_init(neighbour(), OTHER_PEER_TAG), 0);
}
END_TEST

START_TEST(a_cookie_with_an_alias_that_another_peer_has_is_dropped)
{
	uint16_t alias;

	accepted(NOTHING);
	alias = neighbour_accepted(NOTHING);
	/* Its own association has another one, or none. */
	cookie_port(_i == 0 ? PEER_PORT : (uint16_t)(alias + 1));
	from(neighbour(), 0x66666666);
	cookie_echo(0x66666666, 77, false, neighbour(), NOTHING);
	expect_in(old_cookie);
	/* Somebody else's. */
	cookie_port(alias);
	from(ip4(10, 0, 0, 2, 5555), 0x66666666);
	cookie_echo(0x66666666, 77, false, ip4(10, 0, 0, 2, 5555), NOTHING);
	expect_in(wrong_tag);
	expect_alias(neighbour(), OTHER_TAG, alias);
}
END_TEST

/* It is the SCTP port of another peer there. */
START_TEST(an_alias_that_is_a_port_by_now_is_dropped)
{
	const struct gen_sctp_addr list[] = { peer_addr2 };

	accepted(list, 1);
	cookie_port(PEER_PORT);
	from(stranger, 0x66666666);
	write_be16(rig->k.bytes, PEER_PORT + 1);
	cookie_echo(0x66666666, 77, false, stranger, list, 1);
	expect_in(cookie_paths);
}
END_TEST

START_TEST(a_neighbour_of_whom_nothing_is_known_is_answered)
{
	uint16_t alias;

	accepted(NOTHING);
	from(neighbour(), 0x77777777);
	DATA();
	expect_in(pass);
	alias = rig->k.p.alias;
	ck_assert_uint_ne(alias, 0);
	to_alias(neighbour(), alias, 0x77777777);
	chunk(CHUNK_ABORT, CHUNK_FLAG_T, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(packet_dst_port(&rig->k.p), PEER_PORT);
	ck_assert_uint_eq(rig->k.p.dst.port, 4444);
	expect_alias(peer_addr, MY_TAG, 0);
}
END_TEST

START_TEST(what_seems_to_come_from_the_peer_is_not_answered)
{
	accepted(NOTHING);
	neighbour_accepted(NOTHING);
	from(_i == 0 ? peer_addr : neighbour(), 0x77777777);
	DATA();
	expect_in(wrong_tag);
}
END_TEST

START_TEST(an_alias_is_the_engines_name_of_a_peer)
{
	struct guard_assoc id = { .local_port = MY_PORT };
	uint16_t alias;

	accepted(NOTHING);
	alias = neighbour_accepted(NOTHING);
	id.peer_port = alias;
	guard_learn_alias(rig->g, &id, &peer_addr);
	ck_assert_uint_eq(id.peer_port, PEER_PORT);
	ck_assert_uint_eq(id.alias, alias);
	guard_learn_alias(rig->g, &id, &peer_addr);
	ck_assert_uint_eq(id.peer_port, PEER_PORT);
	ck_assert_uint_eq(id.alias, 0);
}
END_TEST

START_TEST(with_one_path_there_are_no_aliases)
{
	guard_set_one_path(rig->g);
	accepted(NOTHING);
	ck_assert_uint_eq(alias_of_init(neighbour(), OTHER_PEER_TAG), 0);
}
END_TEST

TCase *
guard_alias_cases(void)
{
	TCase *tc = tcase_create("alias");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_test(tc, a_peer_alone_has_no_alias);
	tcase_add_test(tc, the_second_of_an_address_and_port_has_one);
	tcase_add_loop_test(tc, answers_to_an_init_go_where_it_came_from, 0, 2);
	tcase_add_test(
		tc,
		an_init_from_a_known_udp_port_has_the_alias_of_its_association);
	tcase_add_test(tc, one_that_moves_keeps_its_alias);
	tcase_add_test(tc, all_its_paths_have_it);
	tcase_add_loop_test(tc, one_that_lists_another_ones_address_has_one, 0,
			    2);
	tcase_add_test(tc, the_second_of_two_inits_has_one_for_a_minute);
	tcase_add_loop_test(
		tc, a_cookie_with_an_alias_that_another_peer_has_is_dropped, 0,
		2);
	tcase_add_test(tc, an_alias_that_is_a_port_by_now_is_dropped);
	tcase_add_test(tc, a_neighbour_of_whom_nothing_is_known_is_answered);
	tcase_add_loop_test(
		tc, what_seems_to_come_from_the_peer_is_not_answered, 0, 2);
	tcase_add_test(tc, an_alias_is_the_engines_name_of_a_peer);
	tcase_add_test(tc, with_one_path_there_are_no_aliases);
	return tc;
}
