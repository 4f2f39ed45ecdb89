/*
 * Our addresses that a peer is told, and where packets leave from.
 */
#include <string.h>

#include "guard_rig.h"

static const struct gen_sctp_local_addr_policy reachable;

static struct gen_sctp_addr
address(const char *text)
{
	struct gen_sctp_addr addr = { 0 };

	ck_assert_int_eq(gen_sctp_addr_parse(text, 0, &addr), 0);
	return addr;
}

/* ------------------------------------------------------------ the policy */

static const struct row {
	const char *addr, *peer;
	bool told;
} rows[] = {
	{ "127.0.0.1", "127.0.0.2", true },
	{ "127.0.0.1", "192.168.1.9", false },
	{ "127.0.0.1", "192.0.2.9", false },
	{ "::1", "::1", true },
	{ "::1", "2001:db8::9", false },
	{ "169.254.1.1", "169.254.1.9", true },
	{ "169.254.1.1", "10.0.0.9", false },
	{ "10.0.0.1", "192.168.1.9", true },
	{ "10.0.0.1", "172.32.0.9", false },
	{ "172.31.255.1", "172.16.0.9", true },
	{ "172.32.0.1", "192.0.2.9", true },
	{ "100.64.0.1", "192.0.2.9", false },
	{ "100.128.0.1", "192.0.2.9", true },
	{ "192.168.1.1", "192.0.2.9", false },
	{ "192.168.1.1", "fd00::9", true },
	{ "fd00::1", "10.0.0.9", true },
	{ "fd00::1", "2001:db8::9", false },
	{ "fe80::1", "fd00::9", false },
	{ "192.0.2.1", "127.0.0.1", true },
	{ "192.0.2.1", "203.0.113.9", true },
	{ "2001:db8::1", "192.0.2.9", true },
};

START_TEST(an_address_is_for_peers_that_may_reach_it)
{
	const struct row *row = &rows[_i];
	const struct policy_host none = { NULL, 0 };
	struct gen_sctp_addr addr = address(row->addr);
	struct gen_sctp_addr peer = address(row->peer);

	ck_assert_msg(policy_tells(&reachable, &none, &addr, &peer, &addr) ==
			      row->told,
		      "%s to %s", row->addr, row->peer);
}
END_TEST

START_TEST(a_bridge_is_for_those_behind_it)
{
	struct policy_local locals[] = {
		{ address("172.17.0.1"), 2, policy_is_bridge("docker0") },
		{ address("172.17.0.2"), 2, policy_is_bridge("docker0") },
		{ address("172.18.0.1"), 3, policy_is_bridge("br-0a1b2c") },
		{ address("10.0.0.1"), 4, policy_is_bridge("eth0") },
		{ address("10.0.1.1"), 5, policy_is_bridge("br0") },
	};
	const struct policy_host host = { locals, 5 };
	const struct gen_sctp_addr peer = address("10.9.9.9");
	static const bool told[5][5] = {
		/* the row's address, in packets from the column's */
		{ true, true, false, false, false },
		{ true, true, false, false, false },
		{ false, false, true, false, false },
		{ true, true, true, true, true },
		{ true, true, true, true, true },
	};
	size_t i, j;

	for (i = 0; i < 5; i++)
		for (j = 0; j < 5; j++)
			ck_assert(policy_tells(&reachable, &host,
					       &locals[j].addr, &peer,
					       &locals[i].addr) == told[i][j]);
}
END_TEST

/* --------------------------------------------------------------- sources */

#define ENGINES "10.0.0.1" /* what the engine chooses */
#define ROUTES	"10.0.0.7" /* what the route has */
#define OTHER	"10.0.0.8"
#define UNTOLD	"127.0.0.1"

/* If it is wanted, as the link does. */
static bool
look_up_route(void)
{
	struct link_packet *p = &rig->k.p;

	p->routed = guard_wants_route(rig->g, p);
	p->route = address(p->dst.family == GEN_SCTP_INET ? ROUTES : "fd00::7");
	return p->routed;
}

static void
set_host(const char *const *texts, size_t n)
{
	struct policy_local locals[4];
	size_t i;

	memset(locals, 0, sizeof(locals));
	for (i = 0; i < n; i++)
		locals[i].addr = address(texts[i]);
	guard_set_host(rig->g, locals, n);
}

static void
from_any(const char *src, struct gen_sctp_addr peer, uint32_t tag)
{
	to(peer, tag);
	rig->k.p.src = address(src);
	rig->k.p.policy = &reachable;
}

static void
expect_source(const char *text)
{
	struct gen_sctp_addr wanted = address(text);

	ck_assert(ip_addr_equal(&rig->k.p.src, &wanted));
}

static void
send_data(const char *src, struct gen_sctp_addr peer)
{
	from_any(src, peer, PEER_TAG);
	DATA();
}

static struct gen_sctp_addr
peer_ipv6(void)
{
	struct gen_sctp_addr addr = address("fd00::9");

	addr.port = UDP;
	return addr;
}

/* An association of a socket that is bound to any; the peer has IPv6, too. */
static void
connect_by_route(void)
{
	static const char *const all[] = { ENGINES, ROUTES, OTHER, UNTOLD };

	set_host(all, 4);
	from_any(ENGINES, peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	param_addr(address(ENGINES));
	param_addr(address(UNTOLD));
	param_addr(address(OTHER));
	ck_assert(look_up_route());
	expect_out(pass);
	ck_assert_int_eq(param_type(0), PARAM_IPV4);
	ck_assert_int_eq(param_type(1), PARAM_PAD);
	ck_assert_int_eq(param_type(2), PARAM_IPV4);
	expect_source(ROUTES);
	from(peer_addr, MY_TAG);
	rig->k.p.dst = address(ROUTES);
	rig->k.p.dst.port = UDP;
	init(CHUNK_INIT_ACK, PEER_TAG);
	param_addr(peer_ipv6());
	state_cookie();
	expect_in(pass);
}

static void
expect_destination(const char *text)
{
	struct gen_sctp_addr wanted = address(text);

	ck_assert(ip_addr_equal(&rig->k.p.dst, &wanted));
	ck_assert_uint_eq(rig->k.p.dst.port, UDP);
}

START_TEST(packets_leave_from_the_routes_source_and_the_engine_sees_its_own)
{
	struct gen_sctp_addr told[4];

	connect_by_route();
	expect_destination(ENGINES);
	ck_assert_uint_eq(guard_told(rig->g, THE_ASSOC, told, 4), 3);
	send_data(ENGINES, peer_addr);
	ck_assert(!look_up_route());
	expect_out(pass);
	expect_source(ROUTES);
	from(peer_addr, MY_TAG);
	rig->k.p.dst = address(ROUTES);
	rig->k.p.dst.port = UDP;
	SACK();
	expect_in(pass);
	expect_destination(ENGINES);
}
END_TEST

START_TEST(packets_leave_from_none_that_the_peer_does_not_know)
{
	static const char *const left[] = { OTHER, UNTOLD };

	connect_by_route();
	send_data(UNTOLD, peer_addr);
	ck_assert(!look_up_route());
	expect_out(pass);
	expect_source(ROUTES);
	set_host(left, 2);
	send_data(UNTOLD, peer_addr);
	ck_assert(look_up_route());
	rig->k.p.route.family = GEN_SCTP_UNSPEC;
	expect_out(pass);
	expect_source(OTHER);
	send_data("fd00::7", peer_ipv6());
	look_up_route();
	expect_out(untold_source);
}
END_TEST

START_TEST(the_conn_layer_is_left_alone)
{
	guard_set_one_path(rig->g);
	from_any(ENGINES, peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	param_addr(address(UNTOLD));
	ck_assert(!look_up_route());
	expect_out(pass);
	ck_assert_int_eq(param_type(0), PARAM_IPV4);
	expect_source(ENGINES);
	ck_assert_uint_eq(guard_told(rig->g, THE_ASSOC, NULL, 0), 0);
}
END_TEST

/* -------------------------------------------- sockets bound to addresses */

/* The INIT is as the engine made it. */
static void
connect_bound(const char *listed)
{
	static const char *const all[] = { ENGINES, ROUTES, OTHER };

	set_host(all, 3);
	from_any(ENGINES, peer_addr, 0);
	rig->k.p.policy = NULL;
	init(CHUNK_INIT, MY_TAG);
	param_addr(address(ENGINES));
	param_addr(address(listed));
	ck_assert(look_up_route());
	expect_out(pass);
	ck_assert_int_eq(param_type(0), PARAM_IPV4);
	ck_assert_int_eq(param_type(1), PARAM_IPV4);
	ck_assert_uint_eq(guard_told(rig->g, THE_ASSOC, NULL, 0), 0);
}

/* `asked`: for the route. */
static void
expect_bound(const char *engines, bool asked, const char *source)
{
	send_data(engines, peer_addr);
	rig->k.p.policy = NULL;
	ck_assert_int_eq(look_up_route(), asked);
	expect_out(pass);
	expect_source(source);
}

static void
be_up(const char *local)
{
	from(peer_addr, MY_TAG);
	rig->k.p.dst = address(local);
	rig->k.p.dst.port = UDP;
	init(CHUNK_INIT_ACK, PEER_TAG);
	state_cookie();
	expect_in(pass);
	expect_destination(local);
}

START_TEST(bound_ones_leave_from_the_routes_source)
{
	connect_bound(ROUTES);
	expect_source(ROUTES);
	be_up(ROUTES);
	expect_bound(ENGINES, false, ROUTES);
	expect_bound(ROUTES, false, ROUTES);
}
END_TEST

START_TEST(bound_ones_leave_from_the_engines_source_if_the_routes_is_another)
{
	connect_bound(OTHER);
	expect_source(ENGINES);
	be_up(ENGINES);
	expect_bound(OTHER, false, OTHER);
	expect_bound(ENGINES, false, ENGINES);
}
END_TEST

static void
send_asconf(uint16_t type, const char *text)
{
	from_any(ENGINES, peer_addr, PEER_TAG);
	rig->k.p.policy = NULL;
	asconf_change(1, type, address(text));
	look_up_route();
	expect_out(pass);
	expect_source(ENGINES);
}

static void
acknowledge(void)
{
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ASCONF_ACK, 0, BYTES(BE32(1)));
	expect_in(pass);
}

START_TEST(nothing_leaves_from_what_is_unbound)
{
	connect_bound(ROUTES);
	be_up(ROUTES);
	expect_bound(ENGINES, false, ROUTES);
	send_asconf(DELETE_IP, ROUTES);
	expect_bound(ENGINES, true, ENGINES);
	acknowledge();
	expect_bound(ENGINES, false, ENGINES);
}
END_TEST

START_TEST(what_is_bound_later_counts_once_the_engine_uses_it)
{
	connect_bound(OTHER);
	be_up(ENGINES);
	send_asconf(ADD_IP, ROUTES);
	expect_bound(ENGINES, false, ENGINES);
	acknowledge();
	expect_bound(ENGINES, false, ENGINES);
	expect_bound(ROUTES, false, ROUTES);
	expect_bound(ENGINES, true, ROUTES);
}
END_TEST

TCase *
guard_told_cases(void)
{
	TCase *tc = tcase_create("told");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_loop_test(tc, an_address_is_for_peers_that_may_reach_it, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, a_bridge_is_for_those_behind_it);
	tcase_add_test(
		tc,
		packets_leave_from_the_routes_source_and_the_engine_sees_its_own);
	tcase_add_test(tc, packets_leave_from_none_that_the_peer_does_not_know);
	tcase_add_test(tc, the_conn_layer_is_left_alone);
	tcase_add_test(tc, bound_ones_leave_from_the_routes_source);
	tcase_add_test(
		tc,
		bound_ones_leave_from_the_engines_source_if_the_routes_is_another);
	tcase_add_test(tc, nothing_leaves_from_what_is_unbound);
	tcase_add_test(tc, what_is_bound_later_counts_once_the_engine_uses_it);
	return tc;
}
