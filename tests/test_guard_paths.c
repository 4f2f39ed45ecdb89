/*
 * The packet guard: the peer's addresses and UDP ports.
 */
#include "guard_rig.h"

#define NEW_PORT 4444
#define MOVED ip4(10, 0, 0, 2, NEW_PORT)

static uint16_t
udp_port_to(struct gen_sctp_addr dst)
{
	to(dst, PEER_TAG);
	SACK();
	expect_out(pass);
	return rig->k.p.dst.port;
}

START_TEST(nat_rebinding_is_followed)
{
	if (_i == 0)
		accepted(NOTHING);
	else
		connected(NOTHING);
	from(MOVED, MY_TAG);
	SACK();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, NEW_PORT); /* the engine learns */
	ck_assert_uint_eq(udp_port_to(MOVED), NEW_PORT);
	ck_assert_uint_eq(udp_port_to(peer_addr), UDP); /* the program's choice */
}
END_TEST

START_TEST(port_of_the_init_ack_is_learned)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(MOVED, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, NEW_PORT);
}
END_TEST

START_TEST(init_from_another_port_changes_nothing)
{
	accepted(NOTHING);
	from(MOVED, 0);
	init(CHUNK_INIT, 77);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, NEW_PORT);
	to(MOVED, 77);
	chunk(CHUNK_ABORT, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, NEW_PORT);
	ck_assert_uint_eq(udp_port_to(peer_addr), UDP);
	peer_speaks();
}
END_TEST

START_TEST(each_path_has_its_own_port)
{
	accepted(&peer_addr2, 1);
	from(ip4(10, 0, 0, 3, NEW_PORT), MY_TAG);
	SACK();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, NEW_PORT);
	ck_assert_uint_eq(udp_port_to(peer_addr), UDP);
	/* an INIT ACK goes to the primary address with the INIT's port */
	from(ip4(10, 0, 0, 3, NEW_PORT), 0);
	init(CHUNK_INIT, 77);
	expect_in(pass);
	to(MOVED, 77);
	init(CHUNK_INIT_ACK, 78);
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, UDP);
}
END_TEST

START_TEST(paths_of_a_connect_to_several_addresses)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	guard_add_path(rig->g, THE_ASSOC, &peer_addr2);
	from(peer_addr2, MY_TAG + 1);
	SACK();
	expect_in(wrong_tag);
	from(peer_addr2, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	expect_in(pass);
	/* peer_addr was not listed: the engine lets go of it */
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(unknown_source);
}
END_TEST

START_TEST(init_to_a_further_address_adds_a_path)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	to(ip4(10, 0, 0, 3, NEW_PORT), 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
	from(ip4(10, 0, 0, 3, NEW_PORT), MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	expect_in(pass);
}
END_TEST

START_TEST(peer_may_list_ipv6_addresses)
{
	struct gen_sctp_addr v6 = { GEN_SCTP_INET6, { 0x20, 1, 0xd, 0xb8 },
				    UDP, 0 };

	connected(&v6, 1);
	from(v6, MY_TAG);
	SACK();
	expect_in(pass);
	v6.ip[15] = 1;
	from(v6, MY_TAG);
	SACK();
	expect_in(unknown_source);
}
END_TEST

/* --------------------------------------------------------------- ASCONF */

static void
asconf_ack(uint32_t serial)
{
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_ASCONF_ACK, 0, BYTES(BE32(serial)));
}

static const char *
verdict_from(struct gen_sctp_addr src)
{
	from(src, MY_TAG);
	SACK();
	return guard_verdict_name(in());
}

START_TEST(address_is_added_when_the_engine_acknowledges_it)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	asconf_change(1, ADD_IP, peer_addr2);
	expect_in(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "unknown_source");
	asconf_ack(2); /* of another one */
	expect_out(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "unknown_source");
	asconf_ack(1);
	expect_out(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "pass");
}
END_TEST

START_TEST(address_that_the_engine_refuses_is_not_added)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	asconf_change(1, ADD_IP, peer_addr2);
	expect_in(pass);
	asconf_ack(1);
	param(0xc003, BYTES(BE32(5), 0, 0xa1, 0, 4));
	expect_out(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "unknown_source");
}
END_TEST

START_TEST(address_is_deleted_when_the_engine_acknowledges_it)
{
	accepted(&peer_addr2, 1);
	from(peer_addr, MY_TAG);
	asconf_change(1, DELETE_IP, peer_addr2);
	expect_in(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "pass");
	asconf_ack(1);
	expect_out(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "unknown_source");
	ck_assert_str_eq(verdict_from(peer_addr), "pass");
}
END_TEST

START_TEST(stranger_becomes_a_path_with_its_own_udp_port)
{
	struct gen_sctp_addr moved = ip4(10, 0, 0, 3, NEW_PORT);

	accepted(NOTHING);
	from(moved, MY_TAG);
	chunk(CHUNK_AUTH, 0, BYTES(BE32(0), BE32(0)));
	asconf_change(1, ADD_IP, peer_addr2);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP); /* as for peer_addr */
	ck_assert_str_eq(verdict_from(moved), "unknown_source");
	/* the engine sends to the port that it takes for every new path */
	to(peer_addr2, PEER_TAG);
	chunk(CHUNK_ASCONF_ACK, 0, BYTES(BE32(1)));
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, NEW_PORT);
	ck_assert_str_eq(verdict_from(moved), "pass");
	ck_assert_uint_eq(udp_port_to(moved), NEW_PORT);
	ck_assert_uint_eq(udp_port_to(peer_addr), UDP);
}
END_TEST

START_TEST(wildcard_adds_and_deletes_nothing)
{
	accepted(&peer_addr2, 1);
	from(peer_addr, MY_TAG);
	asconf_change(1, (uint16_t)_i, ip4(0, 0, 0, 0, 0));
	expect_in(pass);
	asconf_ack(1);
	expect_out(pass);
	ck_assert_str_eq(verdict_from(peer_addr2), "pass");
}
END_TEST

START_TEST(asconf_with_too_many_addresses_is_dropped)
{
	struct gen_sctp_addr list[GUARD_MAX_PATHS - 1];

	for (uint8_t i = 0; i < GUARD_MAX_PATHS - 1; i++)
		list[i] = ip4(10, 1, 0, i, 0);
	connected(list, GUARD_MAX_PATHS - 1);
	from(peer_addr, MY_TAG);
	asconf_change(1, ADD_IP, peer_addr2);
	expect_in(bad_chunk);
}
END_TEST

/* ------------------------------------------------- one path (conn layer) */

START_TEST(engine_of_one_path_never_sees_a_port_move)
{
	guard_set_one_path(rig->g);
	if (_i == 0)
		accepted(NOTHING);
	else
		connected(NOTHING);
	from(MOVED, MY_TAG);
	SACK();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	ck_assert_uint_eq(udp_port_to(peer_addr), NEW_PORT);
	from(MOVED, 0); /* the peer restarts */
	init(CHUNK_INIT, 77);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	to(peer_addr, 77);
	init(CHUNK_INIT_ACK, 78);
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, NEW_PORT);
	from(MOVED, 78);
	cookie_echo(78, 77, true, peer_addr, NOTHING);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	to(peer_addr, 77);
	chunk(CHUNK_COOKIE_ACK, 0, NOTHING);
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, NEW_PORT);
	ck_assert_uint_eq(guard_assocs(rig->g), 1);
}
END_TEST

START_TEST(moved_init_ack_reaches_the_engine_of_one_path)
{
	guard_set_one_path(rig->g);
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(MOVED, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	param_addr(peer_addr2);
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	ck_assert_uint_eq(udp_port_to(peer_addr), NEW_PORT);
	ck_assert_str_eq(verdict_from(peer_addr2), "unknown_source");
}
END_TEST

START_TEST(two_peers_behind_one_nat_have_an_association_each)
{
	guard_set_one_path(rig->g);
	accepted(NOTHING);
	peer_speaks();
	accepted_as(0x33333333, 0x44444444, MOVED, NOTHING);
	ck_assert(!rig->restart);
	ck_assert_uint_eq(guard_assocs(rig->g), 2);
	from(MOVED, 0x33333333);
	SACK();
	expect_in(pass);
	ck_assert_uint_eq(rig->k.p.src.port, NEW_PORT);
	peer_speaks();
	ck_assert_uint_eq(rig->k.p.src.port, UDP);
	ck_assert_uint_eq(udp_port_to(peer_addr), UDP);
}
END_TEST

START_TEST(one_path_has_no_asconf_from_elsewhere)
{
	guard_set_one_path(rig->g);
	accepted(&peer_addr2, 1);
	from(peer_addr2, MY_TAG);
	asconf_change(1, ADD_IP, peer_addr2);
	expect_in(unknown_source);
}
END_TEST

/* -------------------------------------------------------------- IPv6 alone */

START_TEST(ipv4_can_be_hidden_from_handshakes)
{
	uint8_t type = _i == 0 ? CHUNK_INIT : CHUNK_INIT_ACK;

	from(peer_addr, 0);
	init(type, PEER_TAG);
	param_addr(peer_addr2);
	param(PARAM_ADDRESS_TYPES, BYTES(0, PARAM_IPV4, 0, PARAM_IPV6));
	param(PARAM_ADDRESS_TYPES, BYTES(0, PARAM_IPV4, 0, PARAM_IPV6, 0, 99));
	guard_hide_ipv4(&rig->k.p);
	ck_assert_int_eq(param_type(0), PARAM_PAD);
	ck_assert_mem_eq(rig->k.bytes + SCTP_COMMON_HEADER + INIT_FIXED + 8,
			 ((const uint8_t[]){ 0, PARAM_ADDRESS_TYPES, 0, 6, 0,
					     PARAM_IPV6, 0, 0 }),
			 8);
	ck_assert_int_eq(param_type(2), PARAM_ADDRESS_TYPES);
}
END_TEST

START_TEST(hiding_ipv4_stays_inside_the_packet_and_the_handshake)
{
	uint8_t before[100];

	from(peer_addr, 0);
	init(_i == 0 ? CHUNK_COOKIE_ECHO : CHUNK_INIT, PEER_TAG);
	if (_i == 1) /* beyond the chunk */
		param(0x9fff, NOTHING);
	if (_i == 1)
		write_be16(rig->k.bytes + rig->k.p.len - 2, 9);
	param_addr(peer_addr2);
	memcpy(before, rig->k.bytes, sizeof(before));
	if (_i == 2)
		rig->k.p.len -= 4;
	guard_hide_ipv4(&rig->k.p);
	ck_assert_mem_eq(before, rig->k.bytes, sizeof(before));
}
END_TEST

/* ------------------------------------------------------- marks of packets */

START_TEST(packets_of_a_marked_association_are_marked)
{
	const struct link_marks marks = { .tos = 0xb8, .ttl = 9 };

	accepted(NOTHING);
	guard_mark(rig->g, THE_ASSOC, &marks);
	to(peer_addr, PEER_TAG);
	SACK();
	rig->k.p.tos = 2;
	expect_out(pass);
	ck_assert_int_eq(rig->k.p.tos, 0xba);
	ck_assert_int_eq(rig->k.p.ttl, 9);
	to(peer_addr, PEER_TAG + 1);
	SACK();
	rig->k.p.tos = 0;
	expect_out(pass);
	ck_assert_int_eq(rig->k.p.tos, 0);
}
END_TEST

static void
data_with(uint8_t tos, uint8_t ttl)
{
	DATA();
	rig->k.p.tos = tos;
	rig->k.p.ttl = ttl;
}

START_TEST(the_latest_packet_with_data_is_remembered)
{
	struct guard_latest latest;

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	data_with(0xb9, 61);
	expect_in(pass);
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(pass);
	from(peer_addr, MY_TAG + 1);
	data_with(1, 1);
	expect_in(wrong_tag);
	from(stranger, MY_TAG);
	data_with(1, 1);
	expect_in(unknown_source);
	ck_assert(guard_latest(rig->g, THE_ASSOC, &latest));
	ck_assert_int_eq(latest.family, GEN_SCTP_INET);
	ck_assert_int_eq(latest.tos, 0xb9);
	ck_assert_int_eq(latest.ttl, 61);
}
END_TEST

static struct guard_traffic
traffic_of(struct gen_sctp_addr addr)
{
	struct guard_traffic traffic;

	ck_assert(guard_traffic(rig->g, THE_ASSOC, &addr, &traffic));
	return traffic;
}

START_TEST(each_path_is_counted_by_itself)
{
	const struct gen_sctp_addr moved = ip4(10, 0, 0, 3, NEW_PORT);
	struct guard_traffic first, second;

	accepted(&peer_addr2, 1);
	first = traffic_of(peer_addr);
	from(moved, MY_TAG);
	SACK();
	expect_in(pass);
	to(moved, PEER_TAG);
	DATA();
	expect_out(pass);
	second = traffic_of(peer_addr2);
	ck_assert_uint_eq(second.packets_in, 1);
	ck_assert_uint_eq(second.bytes_in, 28);
	ck_assert_uint_eq(second.packets_out, 1);
	ck_assert_uint_eq(second.bytes_out, 32);
	ck_assert_uint_eq(second.udp_port, NEW_PORT);
	ck_assert_uint_eq(traffic_of(peer_addr).packets_out, first.packets_out);
	ck_assert_uint_eq(traffic_of(peer_addr).udp_port, UDP);
}
END_TEST

static void
data_to(struct gen_sctp_addr dst, uint32_t tsn)
{
	to(dst, PEER_TAG);
	chunk(CHUNK_DATA, 3, BYTES(BE32(tsn), 0, 0, 0, 0, BE32(0), 'x'));
	expect_out(pass);
}

START_TEST(data_that_was_sent_before_is_a_retransmission)
{
	accepted(&peer_addr2, 1);
	data_to(peer_addr, UINT32_MAX);
	data_to(peer_addr, 0);
	ck_assert_uint_eq(traffic_of(peer_addr).retransmissions, 0);
	data_to(peer_addr2, UINT32_MAX);
	data_to(peer_addr2, 1);
	ck_assert_uint_eq(traffic_of(peer_addr2).retransmissions, 1);
	/* The association was reset. */
	data_to(peer_addr, UINT32_C(1) << 31);
	data_to(peer_addr, (UINT32_C(1) << 31) + 1);
	ck_assert_uint_eq(traffic_of(peer_addr).retransmissions, 0);
}
END_TEST

TCase *
guard_path_cases(void)
{
	TCase *tc = tcase_create("paths");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_loop_test(tc, nat_rebinding_is_followed, 0, 2);
	tcase_add_test(tc, port_of_the_init_ack_is_learned);
	tcase_add_test(tc, init_from_another_port_changes_nothing);
	tcase_add_test(tc, each_path_has_its_own_port);
	tcase_add_test(tc, paths_of_a_connect_to_several_addresses);
	tcase_add_test(tc, init_to_a_further_address_adds_a_path);
	tcase_add_test(tc, peer_may_list_ipv6_addresses);
	tcase_add_test(tc, address_is_added_when_the_engine_acknowledges_it);
	tcase_add_test(tc, address_that_the_engine_refuses_is_not_added);
	tcase_add_test(tc, address_is_deleted_when_the_engine_acknowledges_it);
	tcase_add_test(tc, stranger_becomes_a_path_with_its_own_udp_port);
	tcase_add_loop_test(tc, wildcard_adds_and_deletes_nothing, ADD_IP,
			    DELETE_IP + 1);
	tcase_add_test(tc, asconf_with_too_many_addresses_is_dropped);
	tcase_add_loop_test(tc, engine_of_one_path_never_sees_a_port_move, 0,
			    2);
	tcase_add_test(tc, moved_init_ack_reaches_the_engine_of_one_path);
	tcase_add_test(tc, two_peers_behind_one_nat_have_an_association_each);
	tcase_add_test(tc, one_path_has_no_asconf_from_elsewhere);
	tcase_add_loop_test(tc, ipv4_can_be_hidden_from_handshakes, 0, 2);
	tcase_add_loop_test(
		tc, hiding_ipv4_stays_inside_the_packet_and_the_handshake, 0, 3);
	tcase_add_test(tc, packets_of_a_marked_association_are_marked);
	tcase_add_test(tc, the_latest_packet_with_data_is_remembered);
	tcase_add_test(tc, each_path_is_counted_by_itself);
	tcase_add_test(tc, data_that_was_sent_before_is_a_retransmission);
	return tc;
}
