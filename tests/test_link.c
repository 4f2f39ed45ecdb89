#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "ip_addr.h"
#include "leaf.h"
#include "state.h"
#include "wire.h"

Suite *link_suite(void);

/* --------------------------------------------------------------- bindings */

START_TEST(sctp_ports_share_the_socket_of_one_udp_port)
{
	uint16_t port = 0;
	struct link_binding *a =
		wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
	struct link_binding *b =
		wire_bind_one(OTHER_SCTP_PORT, wire_ipv4(1, 0), &port);

	ck_assert_uint_eq(wire_socket_count(), 1);
	link_unbind(a);
	ck_assert_uint_eq(wire_socket_count(), 1);
	link_unbind(b);
	ck_assert_uint_eq(wire_socket_count(), 0);
	ck_assert(link_closed_all());
}
END_TEST

START_TEST(every_binding_of_port_0_has_a_socket_of_its_own)
{
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(SCTP_PORT, &other);

	ck_assert_uint_ne(port, other);
	ck_assert_uint_eq(wire_socket_count(), 2);
	link_unbind(a);
	link_unbind(b);
}
END_TEST

START_TEST(all_addresses_of_a_binding_get_one_port)
{
	struct gen_sctp_addr addrs[2] = { wire_ipv4(1, 0), wire_ipv4(2, 0) };
	struct link_binding *b;
	uint16_t port = 0;

	if (!wire_has_second_loopback())
		return;
	ck_assert_int_eq(
		link_bind(SCTP_PORT, addrs, 2, GEN_SCTP_INET, &port, &b), 0);
	ck_assert_uint_eq(wire_socket_count(), 2);
	addrs[0].port = addrs[1].port = port;
	wire_peer_send(&addrs[0], INIT_LEN);
	wire_peer_send(&addrs[1], INIT_LEN);
	wire_receive_until(2);
	link_unbind(b);
}
END_TEST

START_TEST(a_socket_on_any_serves_single_addresses_too)
{
	uint16_t port = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b =
		wire_bind_one(OTHER_SCTP_PORT, wire_ipv4(1, 0), &port);

	ck_assert_uint_eq(wire_socket_count(), 1);
	link_unbind(a);
	ck_assert_uint_eq(wire_socket_count(), 1);
	link_unbind(b);
	ck_assert_uint_eq(wire_socket_count(), 0);
}
END_TEST

START_TEST(a_socket_on_any_comes_beside_ours_on_an_address)
{
	struct gen_sctp_addr to;
	struct link_binding *one, *any;
	uint16_t port = 0;

	one = wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
	any = wire_bind_any(OTHER_SCTP_PORT, &port);
	to = wire_ipv4(1, port);
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	/* The one on the address goes, what came to it comes to the other. */
	link_unbind(one);
	ck_assert_uint_eq(wire_socket_count(), 1);
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(2);
	if (wire_has_second_loopback()) {
		to = wire_ipv4(2, port);
		wire_peer_send(&to, INIT_LEN);
		wire_receive_until(3);
	}
	link_unbind(any);
}
END_TEST

START_TEST(a_udp_port_of_somebody_else_is_in_use)
{
	struct gen_sctp_addr addr = wire_ipv4(1, 0);
	uint16_t port = wire_peer_addr.port;
	struct link_binding *b = NULL;

	ck_assert_int_eq(
		link_bind(SCTP_PORT, &addr, 1, GEN_SCTP_INET, &port, &b),
		-EADDRINUSE);
	ck_assert_int_eq(
		link_bind(SCTP_PORT, NULL, 0, GEN_SCTP_INET, &port, &b),
		-EADDRINUSE);
	ck_assert_ptr_null(b);
	ck_assert_uint_eq(wire_socket_count(), 0);
	ck_assert(link_closed_all());
}
END_TEST

START_TEST(one_address_that_fails_leaves_none_bound)
{
	struct gen_sctp_addr addrs[2] = { wire_ipv4(1, 0),
					  { .family = GEN_SCTP_INET,
					    .ip = { 192, 0, 2, 1 } } };
	struct link_binding *b = NULL;
	uint16_t port = 0;

	ck_assert_int_eq(
		link_bind(SCTP_PORT, addrs, 2, GEN_SCTP_INET, &port, &b),
		-EADDRNOTAVAIL);
	ck_assert_uint_eq(port, 0);
	ck_assert_uint_eq(wire_socket_count(), 0);
	ck_assert(link_closed_all());
}
END_TEST

START_TEST(many_sockets_are_all_received_from)
{
	struct link_binding *b[40];
	struct gen_sctp_addr to;
	uint16_t port;
	int i;

	for (i = 0; i < 40; i++) {
		port = 0;
		b[i] = wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
		to = wire_ipv4(1, port);
		wire_peer_send(&to, INIT_LEN);
	}
	for (i = 0; i < 100 && wire_seen.packets < 40; i++) {
		link_receive(3, NULL);
		os_sleep_ns(OS_MS);
	}
	ck_assert_int_eq(wire_seen.packets, 40);
	for (i = 0; i < 40; i++)
		link_unbind(b[i]);
	ck_assert(link_closed_all());
}
END_TEST

/* ------------------------------------------------------------- addresses */

static int
no_route(const struct gen_sctp_addr *to, struct gen_sctp_addr *from)
{
	(void)to;
	(void)from;
	return -EHOSTUNREACH;
}

static int
route_from_first(const struct gen_sctp_addr *to, struct gen_sctp_addr *from)
{
	(void)to;
	*from = wire_ipv4(1, 0);
	return 0;
}

static const struct {
	bool any;
	int (*route)(const struct gen_sctp_addr *, struct gen_sctp_addr *);
	uint8_t source; /* 2 is SCTP's */
} sources[] = {
	{ true, no_route, 2 },
	{ true, route_from_first, 1 },
	{ false, no_route, 2 },
	{ false, route_from_first, 2 },
};

START_TEST(a_packet_leaves_with_the_routes_source_or_the_one_sctp_chose)
{
	struct gen_sctp_addr src = wire_ipv4(2, 0);
	struct gen_sctp_addr wanted = wire_ipv4(sources[_i].source, 0);
	struct link_packet p;
	uint16_t port = 0;
	struct link_binding *b;

	if (!wire_has_second_loopback())
		return;
	link_state.route = sources[_i].route;
	b = sources[_i].any ? wire_bind_any(SCTP_PORT, &port)
			    : wire_bind_one(SCTP_PORT, src, &port);
	wire_output(SCTP_PORT, &src, &wire_peer_addr, INIT_LEN);
	link_flush();
	ck_assert_uint_eq(wire_peer_receive(&p), INIT_LEN);
	ck_assert(ip_addr_equal(&p.src, &wanted));
	ck_assert_uint_eq(p.src.port, port);
	link_unbind(b);
}
END_TEST

START_TEST(a_packet_comes_in_with_both_addresses_and_ports)
{
	struct gen_sctp_addr to;
	uint16_t port = 0;
	struct link_binding *b;

	if (!wire_has_second_loopback())
		return;
	b = wire_bind_any(SCTP_PORT, &port);
	to = wire_ipv4(2, port);
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	ck_assert(ip_addr_equal(&wire_seen.last.dst, &to));
	ck_assert_uint_eq(wire_seen.last.dst.port, port);
	ck_assert(ip_addr_equal(&wire_seen.last.src, &wire_peer_addr));
	ck_assert_uint_eq(wire_seen.last.src.port, wire_peer_addr.port);
	link_unbind(b);
}
END_TEST

START_TEST(the_sctp_port_chooses_the_socket)
{
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(0, &other);
	struct gen_sctp_addr src = wire_ipv4(1, 0);
	struct link_packet p;

	link_binding_set_sctp_port(b, OTHER_SCTP_PORT);
	wire_output(OTHER_SCTP_PORT, &src, &wire_peer_addr, INIT_LEN);
	wire_output(SCTP_PORT, &src, &wire_peer_addr, INIT_LEN);
	link_flush();
	wire_peer_receive(&p);
	ck_assert_uint_eq(p.src.port, other);
	wire_peer_receive(&p);
	ck_assert_uint_eq(p.src.port, port);
	link_unbind(a);
	link_unbind(b);
}
END_TEST

START_TEST(an_answer_to_nobody_leaves_where_the_packet_came_in)
{
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(OTHER_SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(OTHER_SCTP_PORT, &other);
	struct gen_sctp_addr to = wire_ipv4(1, port);
	struct link_packet p;

	/* To SCTP_PORT, which nobody has. */
	wire_seen.answer = INIT_LEN;
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	to.port = other;
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(2);
	link_flush();
	wire_peer_receive(&p);
	ck_assert_uint_eq(p.src.port, port);
	wire_peer_receive(&p);
	ck_assert_uint_eq(p.src.port, other);
	link_unbind(a);
	link_unbind(b);
}
END_TEST

START_TEST(a_packet_of_a_port_nobody_has_is_lost_and_counted)
{
	wire_output_to_peer(INIT_LEN);
	ck_assert_uint_eq(link_queued(), 0);
	ck_assert_uint_eq(link_counters()->output_lost, 1);
}
END_TEST

START_TEST(ipv6_goes_both_ways)
{
	struct gen_sctp_addr local = { .family = GEN_SCTP_INET6,
				       .ip = { [15] = 1 } };
	struct link_binding *b;
	struct link_packet p;
	uint16_t port = 0;

	if (link_bind(SCTP_PORT, NULL, 0, GEN_SCTP_INET6, &port, &b) != 0) {
		fprintf(stderr, "SKIP: no IPv6 here\n");
		return;
	}
	os_udp_close(wire_peer);
	wire_open_peer(local);
	wire_output(SCTP_PORT, &local, &wire_peer_addr, INIT_LEN);
	link_flush();
	wire_peer_receive(&p);
	ck_assert_uint_eq(p.src.port, port);
	local.port = port;
	wire_peer_send(&local, INIT_LEN);
	wire_receive_until(1);
	ck_assert(ip_addr_equal(&wire_seen.last.dst, &local));
	link_unbind(b);
}
END_TEST

/* ----------------------------------------------------------------- input */

START_TEST(short_and_damaged_packets_do_not_reach_the_engine)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct gen_sctp_addr to = wire_ipv4(1, port);
	uint8_t data[INIT_LEN];

	wire_make_init(data, sizeof(data), PEER_SCTP_PORT);
	wire_peer_send_bytes(&to, data, 15);
	wire_peer_send_bytes(&to, data, 0);
	data[20] ^= 1;
	wire_peer_send_bytes(&to, data, sizeof(data));
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	leaf_lock();
	ck_assert_uint_eq(guard_count(link_guard(), GUARD_SHORT), 2);
	ck_assert_uint_eq(guard_count(link_guard(), GUARD_CHECKSUM), 1);
	leaf_unlock();
	ck_assert_uint_eq(link_counters()->packets_in, 4);
	link_unbind(b);
}
END_TEST

START_TEST(segments_that_came_together_are_fed_one_by_one)
{
	struct gen_sctp_addr to;
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	int i;

	/* To ourselves: what leaves as one datagram may come as one. */
	to = wire_ipv4(1, port);
	for (i = 0; i < 9; i++)
		wire_output(SCTP_PORT, &to, &to, 700);
	wire_output(SCTP_PORT, &to, &to, 600);
	link_flush();
	wire_receive_until(10);
	for (i = 0; i < 9; i++)
		ck_assert_uint_eq(wire_seen.lens[i], 700);
	ck_assert_uint_eq(wire_seen.lens[9], 600);
	ck_assert_uint_eq(link_counters()->packets_in, 10);
	ck_assert_uint_eq(link_counters()->bytes_in, 6900);
	link_unbind(b);
}
END_TEST

START_TEST(a_budget_that_is_spent_tells_that_there_is_more)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct gen_sctp_addr to = wire_ipv4(1, port);
	bool more = false;
	int i;

	for (i = 0; i < 20; i++)
		wire_peer_send(&to, INIT_LEN + 4 + 4 * (size_t)i);
	wire_receive_until(0);
	for (i = 0; i < 2000 && wire_seen.packets < 10; i++) {
		link_receive(10 - wire_seen.packets, &more);
		os_sleep_ns(OS_MS / 10);
	}
	ck_assert_int_eq(wire_seen.packets, 10);
	ck_assert(more);
	wire_receive_until(20);
	link_receive(10, &more);
	ck_assert(!more);
	for (i = 0; i < 20; i++)
		ck_assert_uint_eq(wire_seen.lens[i],
				  INIT_LEN + 4 + 4 * (size_t)i);
	link_unbind(b);
}
END_TEST

/* Records of a capture file: its blocks but the two at the start. */
static int
captured_packets(const uint8_t *file, size_t len)
{
	uint32_t block;
	size_t at;
	int n = 0;

	for (at = 0; at < len; at += block) {
		memcpy(&block, file + at + 4, sizeof(block));
		n++;
	}
	return n - 2;
}

static bool
contains(const uint8_t *file, size_t len, const char *text)
{
	size_t n = strlen(text), at;

	for (at = 0; at + n <= len; at++)
		if (memcmp(file + at, text, n) == 0)
			return true;
	return false;
}

START_TEST(a_capture_has_each_packet_and_why_one_was_dropped)
{
	static const char path[] = "test_link_capture.pcapng";
	static uint8_t file[8192];
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct gen_sctp_addr to = wire_ipv4(1, port);
	uint8_t data[INIT_LEN];
	size_t len;
	FILE *f;
	int i;

	ck_assert_int_eq(capture_start(path), 0);
	for (i = 0; i < 3; i++)
		wire_output_to_peer(100);
	link_flush();
	wire_make_init(data, sizeof(data), PEER_SCTP_PORT);
	data[20] ^= 1;
	wire_peer_send_bytes(&to, data, sizeof(data));
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	link_poll_end(link_poll_begin());
	f = fopen(path, "rb");
	ck_assert_ptr_nonnull(f);
	len = fread(file, 1, sizeof(file), f);
	fclose(f);
	ck_assert_int_eq(captured_packets(file, len), 5);
	ck_assert(contains(file, len, "dropped: checksum"));
	ck_assert_int_eq(capture_stop(), 0);
	remove(path);
	link_unbind(b);
}
END_TEST

/* --------------------------------------------------------- closing, polls */

static bool
port_is_free(uint16_t port)
{
	struct gen_sctp_addr local = wire_ipv4(1, port);
	gen_sctp_fd_t fd;

	if (os_udp_open(&local, 0, &fd) != 0)
		return false;
	os_udp_close(fd);
	return true;
}

START_TEST(a_socket_stays_open_while_it_may_be_polled)
{
	uint16_t port = 0;
	struct link_binding *b =
		wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
	uint64_t before, during, after;

	before = link_poll_begin();
	during = link_poll_begin();
	link_unbind(b);
	after = link_poll_begin();
	ck_assert_uint_eq(wire_socket_count(), 0);
	link_poll_end(before);
	ck_assert(!link_closed_all());
	ck_assert(!port_is_free(port));
	link_poll_end(during);
	ck_assert(link_closed_all());
	ck_assert(port_is_free(port));
	link_poll_end(after);
}
END_TEST

START_TEST(a_socket_that_waits_to_be_closed_can_be_bound_again)
{
	uint16_t port = 0;
	struct link_binding *b =
		wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
	struct gen_sctp_addr to = wire_ipv4(1, port);
	uint64_t token = link_poll_begin();

	link_unbind(b);
	ck_assert(!link_closed_all());
	b = wire_bind_one(OTHER_SCTP_PORT, wire_ipv4(1, 0), &port);
	ck_assert(link_closed_all());
	link_poll_end(token);
	ck_assert_uint_eq(wire_socket_count(), 1);
	wire_peer_send(&to, INIT_LEN);
	wire_receive_until(1);
	link_unbind(b);
	ck_assert(link_closed_all());
}
END_TEST

START_TEST(a_socket_stays_open_until_its_packets_have_left)
{
	uint16_t port = 0;
	struct link_binding *b =
		wire_bind_one(SCTP_PORT, wire_ipv4(1, 0), &port);
	struct link_packet p;

	wire_output_to_peer(100);
	link_unbind(b);
	ck_assert(!link_closed_all());
	link_flush();
	ck_assert_uint_eq(wire_peer_receive(&p), 100);
	ck_assert(link_closed_all());
	ck_assert(port_is_free(port));
}
END_TEST

static struct link_binding *unbound_by_input;

static void
input_that_unbinds(struct link_packet *p)
{
	wire_ops.input(p);
	if (unbound_by_input != NULL)
		link_unbind(unbound_by_input);
	unbound_by_input = NULL;
}

START_TEST(the_engine_may_let_go_of_the_socket_it_is_fed_from)
{
	static struct link_ops unbinding;
	uint16_t port = 0;
	struct gen_sctp_addr to;
	int i;

	unbinding = wire_ops;
	unbinding.input = input_that_unbinds;
	link_state.ops = &unbinding;
	unbound_by_input =
		wire_bind_one(OTHER_SCTP_PORT, wire_ipv4(1, 0), &port);
	wire_seen.answer = INIT_LEN;
	to = wire_ipv4(1, port);
	for (i = 0; i < 3; i++)
		wire_peer_send(&to, INIT_LEN);
	for (i = 0; i < 2000 && wire_seen.packets == 0; i++) {
		link_receive(1, NULL);
		os_sleep_ns(OS_MS / 10);
	}
	ck_assert_int_eq(wire_seen.packets, 1);
	link_flush();
	ck_assert(link_closed_all());
}
END_TEST

static TCase *
addresses_case(void)
{
	TCase *tc = tcase_create("bindings and addresses");

	tcase_add_checked_fixture(tc, wire_set_up, wire_tear_down);
	tcase_add_test(tc, sctp_ports_share_the_socket_of_one_udp_port);
	tcase_add_test(tc, every_binding_of_port_0_has_a_socket_of_its_own);
	tcase_add_test(tc, all_addresses_of_a_binding_get_one_port);
	tcase_add_test(tc, a_socket_on_any_serves_single_addresses_too);
	tcase_add_test(tc, a_socket_on_any_comes_beside_ours_on_an_address);
	tcase_add_test(tc, a_udp_port_of_somebody_else_is_in_use);
	tcase_add_test(tc, one_address_that_fails_leaves_none_bound);
	tcase_add_loop_test(
		tc, a_packet_leaves_with_the_routes_source_or_the_one_sctp_chose,
		0, sizeof(sources) / sizeof(sources[0]));
	tcase_add_test(tc, a_packet_comes_in_with_both_addresses_and_ports);
	tcase_add_test(tc, the_sctp_port_chooses_the_socket);
	tcase_add_test(tc, an_answer_to_nobody_leaves_where_the_packet_came_in);
	tcase_add_test(tc, a_packet_of_a_port_nobody_has_is_lost_and_counted);
	tcase_add_test(tc, ipv6_goes_both_ways);
	return tc;
}

static TCase *
input_case(void)
{
	TCase *tc = tcase_create("input");

	tcase_add_checked_fixture(tc, wire_set_up, wire_tear_down);
	tcase_add_test(tc, many_sockets_are_all_received_from);
	tcase_add_test(tc, short_and_damaged_packets_do_not_reach_the_engine);
	tcase_add_test(tc, segments_that_came_together_are_fed_one_by_one);
	tcase_add_test(tc, a_budget_that_is_spent_tells_that_there_is_more);
	tcase_add_test(tc, a_capture_has_each_packet_and_why_one_was_dropped);
	return tc;
}

static TCase *
closing_case(void)
{
	TCase *tc = tcase_create("closing");

	tcase_add_checked_fixture(tc, wire_set_up, wire_tear_down);
	tcase_add_test(tc, a_socket_stays_open_while_it_may_be_polled);
	tcase_add_test(tc, a_socket_that_waits_to_be_closed_can_be_bound_again);
	tcase_add_test(tc, a_socket_stays_open_until_its_packets_have_left);
	tcase_add_test(tc, the_engine_may_let_go_of_the_socket_it_is_fed_from);
	return tc;
}

Suite *
link_suite(void)
{
	Suite *s = suite_create("link");

	suite_add_tcase(s, addresses_case());
	suite_add_tcase(s, input_case());
	suite_add_tcase(s, closing_case());
	return s;
}
