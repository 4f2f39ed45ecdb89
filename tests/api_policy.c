/*
 * Which local addresses a peer is told, and where packets leave from: seen in
 * what leaves, in a network of the test's own.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

static struct gen_sctp_opt
policy_of(enum gen_sctp_local_addrs which)
{
	struct gen_sctp_local_addr_policy policy = { .which = which };

	return gen_sctp_opt_local_addr_policy(policy);
}

static struct gen_sctp_opt
policy_listing(const char *first, const char *second)
{
	struct gen_sctp_local_addr_policy policy = {
		.which = GEN_SCTP_LOCAL_ADDRS_LISTED,
		.number = second != NULL ? 2 : 1,
		.addrs = { rig_addr(first, 0) },
	};

	if (second != NULL)
		policy.addrs[1] = rig_addr(second, 0);
	return gen_sctp_opt_local_addr_policy(policy);
}

START_TEST(a_policy_is_checked_and_read_back)
{
	struct gen_sctp_opt got =
		gen_sctp_opt_get(GEN_SCTP_OPT_LOCAL_ADDR_POLICY);
	struct gen_sctp_opt wrong[5];
	struct gen_sctp_opt right = policy_listing("192.0.2.1", "2001:db8::1");
	gen_sctp_socket_t s = rig_open(0, &right, 1);
	size_t i;

	ck_assert_int_eq(gen_sctp_getopts(s, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.local_addr_policy.which,
			 GEN_SCTP_LOCAL_ADDRS_LISTED);
	ck_assert_uint_eq(got.value.local_addr_policy.number, 2);
	ck_assert_mem_eq(got.value.local_addr_policy.addrs[1].ip,
			 right.value.local_addr_policy.addrs[1].ip, 16);
	for (i = 0; i < 4; i++)
		wrong[i] = right;
	wrong[0].value.local_addr_policy.number = 0;
	wrong[1].value.local_addr_policy.number = 8;
	wrong[2].value.local_addr_policy.addrs[1].family = 77;
	wrong[3].value.local_addr_policy.addrs[0] = rig_addr("0.0.0.0", 0);
	wrong[4] = policy_of((enum gen_sctp_local_addrs)4);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(gen_sctp_setopts(s, &wrong[i], 1, NULL),
				 -EINVAL);
	rig_set(s, policy_of(GEN_SCTP_LOCAL_ADDRS_REACHABLE));
	ck_assert_int_eq(gen_sctp_getopts(s, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.local_addr_policy.which,
			 GEN_SCTP_LOCAL_ADDRS_REACHABLE);
	ck_assert_uint_eq(got.value.local_addr_policy.number, 0);
	rig_close(s);
}
END_TEST

#ifdef __linux__
#include "network.h"
#include "tshark.h"

#define CAPTURE "api_policy%d.pcapng"

/* A host with two global networks, a private one, and containers; the default
 * route goes by wan0. */
static bool
enter_network(void)
{
	static const char *const commands[] = {
		"ip link add docker0 type bridge",
		"ip address add 172.17.0.1/16 dev docker0",
		"ip link add lan0 type bridge",
		"ip address add 192.168.7.1/24 dev lan0",
		"ip address add fd00:7::1/64 dev lan0 nodad",
		"ip link add wan0 type bridge",
		"ip address add 203.0.113.1/24 dev wan0",
		"ip address add 2001:db8:1::1/64 dev wan0 nodad",
		"ip link add wan1 type bridge",
		"ip address add 192.0.2.1/24 dev wan1",
		"ip link set docker0 up",
		"ip link set lan0 up",
		"ip link set wan0 up",
		"ip link set wan1 up",
		"ip route add default via 203.0.113.254",
	};
	size_t i;

	if (!network_enter_empty() || !rig_has_multihoming())
		return false;
	if (system("ip link add probe type bridge 2>/dev/null") != 0) {
		printf("# SKIP: no bridge interfaces here\n");
		return false;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		network_run(commands[i]);
	return true;
}

enum listing { REACHABLE, ALL, ROUTE, ONE, TWO };

static struct gen_sctp_opt
policy_named(enum listing listing)
{
	switch (listing) {
	case ONE:
		return policy_listing("192.0.2.1", NULL);
	case TWO:
		return policy_listing("203.0.113.1", "192.168.7.1");
	default:
		return policy_of((enum gen_sctp_local_addrs)listing);
	}
}

static void
start_capture(char *path, size_t size, int number)
{
	snprintf(path, size, CAPTURE, number);
	ck_assert_int_eq(gen_sctp_capture(path), 0);
}

static void
end_capture(void)
{
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
}

static void
expect_values(const char *path, int udp_port, const char *filter,
	      const char *field, const char *wanted)
{
	const char *values = tshark_values(path, udp_port, filter, field);

	values += strspn(values, " "); /* of packets without the field */
	ck_assert_msg(strcmp(values, wanted) == 0, "%s of %s: %s, not %s",
		      field, filter, values, wanted);
}

/* ------------------------------------------------------------------ INIT */

static const struct init {
	enum listing policy;
	const char *peer;
	const char *source;
	const char *ipv4, *ipv6; /* listed */
} inits[] = {
	/* nothing private, no bridge, to a global peer */
	{ REACHABLE, "203.0.113.99", "203.0.113.1 ", "192.0.2.1 203.0.113.1 ",
	  "2001:db8:1::1 " },
	{ REACHABLE, "192.0.2.99", "192.0.2.1 ", "192.0.2.1 203.0.113.1 ",
	  "2001:db8:1::1 " },
	{ REACHABLE, "198.51.100.9", "203.0.113.1 ", "192.0.2.1 203.0.113.1 ",
	  "2001:db8:1::1 " },
	{ REACHABLE, "192.168.7.99", "192.168.7.1 ",
	  "192.0.2.1 192.168.7.1 203.0.113.1 ", "2001:db8:1::1 fd00:7::1 " },
	{ REACHABLE, "172.17.0.99", "172.17.0.1 ",
	  "172.17.0.1 192.0.2.1 192.168.7.1 203.0.113.1 ",
	  "2001:db8:1::1 fd00:7::1 " },
	{ REACHABLE, "2001:db8:1::99", "2001:db8:1::1 ",
	  "192.0.2.1 203.0.113.1 ", "2001:db8:1::1 " },
	{ REACHABLE, "fd00:7::99", "fd00:7::1 ", "192.0.2.1 203.0.113.1 ",
	  "2001:db8:1::1 fd00:7::1 " },
	/* to ourselves by a global address: the engine would list loopback */
	{ REACHABLE, "203.0.113.1", "203.0.113.1 ", "192.0.2.1 203.0.113.1 ",
	  "2001:db8:1::1 " },
	{ ALL, "192.168.7.99", "192.168.7.1 ",
	  "172.17.0.1 192.0.2.1 192.168.7.1 203.0.113.1 ",
	  "2001:db8:1::1 fd00:7::1 " },
	{ ROUTE, "192.0.2.99", "192.0.2.1 ", "", "" },
	{ ROUTE, "192.168.7.99", "192.168.7.1 ", "", "" },
	{ ROUTE, "2001:db8:1::99", "2001:db8:1::1 ", "", "" },
	{ ONE, "203.0.113.99", "192.0.2.1 ", "192.0.2.1 ", "" },
	{ TWO, "203.0.113.99", "203.0.113.1 ", "203.0.113.1 ", "" },
	{ TWO, "192.168.7.99", "192.168.7.1 ", "192.168.7.1 203.0.113.1 ", "" },
};

static bool
has_left(void *before)
{
	return rig_counter("packets_out") > *(uint64_t *)before;
}

static gen_sctp_socket_t
open_ipv6(enum listing policy)
{
	const struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		policy_named(policy),
	};

	return rig_open(0, opts, 2);
}

/* Nobody is there. */
static void
send_init(gen_sctp_socket_t s, const char *peer)
{
	uint64_t before = rig_counter("packets_out");

	ck_assert_int_eq(gen_sctp_connect_init(s, peer, 5000, NULL, 0, -1), 0);
	ck_assert(rig_until(has_left, &before));
}

START_TEST(an_init_lists_what_the_policy_lets_through)
{
	const struct init *row = &inits[_i];
	const bool ipv6 = strchr(row->peer, ':') != NULL;
	gen_sctp_socket_t s;
	char path[40];
	int udp_port;

	if (!enter_network() || !tshark_there())
		return;
	start_capture(path, sizeof(path), _i);
	s = open_ipv6(row->policy);
	udp_port = rig_udp_port(s);
	send_init(s, row->peer);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	rig_close(s);
	expect_values(path, udp_port, "sctp.chunk_type == 1",
		      ipv6 ? "ipv6.src" : "ip.src", row->source);
	expect_values(path, udp_port, "sctp.chunk_type == 1",
		      "sctp.parameter_ipv4_address", row->ipv4);
	expect_values(path, udp_port, "sctp.chunk_type == 1",
		      "sctp.parameter_ipv6_address", row->ipv6);
	tshark_expect_clean(path, udp_port);
	remove(path);
}
END_TEST

/* Two networks that do not reach each other; the engine itself takes turns. */
START_TEST(an_init_of_a_bound_socket_leaves_by_the_route)
{
	static const char *const bound[] = { "203.0.113.1", "192.0.2.1", NULL };
	static const struct {
		const char *peer, *filter, *source;
	} ways[] = {
		{ "192.0.2.99", "ip.dst == 192.0.2.99", "192.0.2.1 " },
		{ "203.0.113.99", "ip.dst == 203.0.113.99", "203.0.113.1 " },
		{ "192.0.2.98", "ip.dst == 192.0.2.98", "192.0.2.1 " },
		{ "203.0.113.98", "ip.dst == 203.0.113.98", "203.0.113.1 " },
		{ "198.51.100.9", "ip.dst == 198.51.100.9", "203.0.113.1 " },
	};
	gen_sctp_socket_t s;
	char path[40];
	int udp_port;
	size_t i;

	if (!enter_network() || !tshark_there())
		return;
	start_capture(path, sizeof(path), 300);
	s = rig_open_on(bound);
	udp_port = rig_udp_port(s);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		send_init(s, ways[i].peer);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	rig_close(s);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		expect_values(path, udp_port, ways[i].filter, "ip.src",
			      ways[i].source);
	expect_values(path, udp_port, "sctp.chunk_type == 1",
		      "sctp.parameter_ipv4_address", "192.0.2.1 203.0.113.1 ");
	remove(path);
}
END_TEST

/* -------------------------------------------------------------- INIT ACK */

static const struct answer {
	enum listing policy;
	const char *client, *server; /* addresses; the server is bound to any */
	const char *listed;	     /* by the INIT ACK */
	const char *known;	     /* to the client: with the source */
} answers[] = {
	{ REACHABLE, "192.0.2.1", "203.0.113.1", "192.0.2.1 203.0.113.1 ",
	  "192.0.2.1 203.0.113.1 " },
	{ REACHABLE, "192.168.7.1", "203.0.113.1",
	  "192.0.2.1 192.168.7.1 203.0.113.1 ",
	  "192.0.2.1 192.168.7.1 203.0.113.1 " },
	{ REACHABLE, "192.0.2.1", "172.17.0.1", "192.0.2.1 203.0.113.1 ",
	  "172.17.0.1 192.0.2.1 203.0.113.1 " },
	{ ALL, "192.168.7.1", "203.0.113.1",
	  "127.0.0.1 172.17.0.1 192.0.2.1 192.168.7.1 203.0.113.1 ",
	  "127.0.0.1 172.17.0.1 192.0.2.1 192.168.7.1 203.0.113.1 " },
	{ ROUTE, "192.0.2.1", "203.0.113.1", "", "203.0.113.1 " },
	{ ROUTE, "127.0.0.1", "127.0.0.1", "", "127.0.0.1 " },
	{ ONE, "203.0.113.1", "192.168.7.1", "192.0.2.1 ",
	  "192.0.2.1 192.168.7.1 " },
	{ TWO, "192.0.2.1", "203.0.113.1", "192.168.7.1 203.0.113.1 ",
	  "192.168.7.1 203.0.113.1 " },
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
expect_names(const struct gen_sctp_addr *names, int n, const char *wanted)
{
	char each[8][GEN_SCTP_ADDR_TEXT], all[1000] = "";
	int i;

	ck_assert_int_ge(n, 1);
	ck_assert_int_le(n, 8);
	for (i = 0; i < n; i++)
		gen_sctp_addr_print(&names[i], false, each[i], sizeof(each[i]));
	qsort(each, (size_t)n, sizeof(each[0]), by_text);
	for (i = 0; i < n; i++) {
		strcat(all, each[i]);
		strcat(all, " ");
	}
	ck_assert_str_eq(all, wanted);
}

static void
exchange(const struct rig_pair *p)
{
	int i;

	for (i = 0; i < 20; i++) {
		rig_send(p->client, p->client_assoc, 0, "there", 5);
		rig_expect_text(p->server, "there");
		rig_send(p->server, p->server_assoc, 0, "back", 4);
		rig_expect_text(p->client, "back");
	}
}

static void
associate(struct rig_pair *p, struct gen_sctp_opt policy, const char *client,
	  const char *server)
{
	const char *const bound[] = { client, NULL };

	p->server = rig_open(0, &policy, 1);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	p->client = rig_open_on(bound);
	rig_connect(p, server);
}

START_TEST(an_init_ack_lists_what_the_policy_lets_through)
{
	const struct answer *row = &answers[_i];
	struct gen_sctp_addr names[8];
	struct rig_pair p;
	char path[40];
	int udp_port;

	if (!enter_network() || !tshark_there())
		return;
	start_capture(path, sizeof(path), 100 + _i);
	associate(&p, policy_named(row->policy), row->client, row->server);
	exchange(&p);
	expect_names(names,
		     gen_sctp_peernames(p.client, p.client_assoc, names, 8),
		     row->known);
	expect_names(names,
		     gen_sctp_socknames(p.server, p.server_assoc, names, 8),
		     row->known);
	udp_port = rig_udp_port(p.server);
	rig_pair_close(&p);
	end_capture();
	expect_values(path, udp_port, "sctp.chunk_type == 2",
		      "sctp.parameter_ipv4_address", row->listed);
	remove(path);
}
END_TEST

/* -------------------------------------------------------------- sources */

/* Both have no address but one that the other knows: what leaves from another
 * would be answered with an ABORT. */
START_TEST(each_side_leaves_from_what_the_other_knows)
{
	struct gen_sctp_opt route = policy_of(GEN_SCTP_LOCAL_ADDRS_ROUTE);
	struct gen_sctp_paddrparams quick = {
		.set = GEN_SCTP_PADDRPARAMS_FLAGS |
		       GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.flags = GEN_SCTP_HB_ENABLE,
		.hbinterval = 100,
	};
	struct rig_pair p;
	char path[40];
	int udp_port;

	if (!enter_network() || !tshark_there())
		return;
	start_capture(path, sizeof(path), 200);
	p.server = rig_open(0, &route, 1);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open(0, &route, 1);
	rig_set(p.client, gen_sctp_opt_peer_addr_params(quick));
	rig_connect(&p, "192.168.7.1");
	exchange(&p);
	udp_port = rig_udp_port(p.server);
	rig_pair_close(&p);
	end_capture();
	expect_values(path, udp_port, "sctp", "ip.src", "192.168.7.1 ");
	expect_values(path, udp_port, "sctp.chunk_type == 6", "ip.src", "");
	remove(path);
}
END_TEST

/* The engine takes up new addresses; peers of before do not know them. */
START_TEST(addresses_that_come_and_go_keep_to_what_was_told)
{
	struct gen_sctp_addr names[8];
	struct rig_pair p;
	char path[40];
	int udp_port;

	if (!enter_network() || !tshark_there())
		return;
	network_run("ip address add 203.0.113.2/24 dev wan0");
	start_capture(path, sizeof(path), 201);
	associate(&p, policy_of(GEN_SCTP_LOCAL_ADDRS_REACHABLE), "203.0.113.2",
		  "192.0.2.1");
	exchange(&p);
	network_run("ip address add 198.51.100.1/24 dev wan1");
	network_run("ip address del 192.0.2.1/24 dev wan1");
	rig_send(p.server, p.server_assoc, 0, "still here", 10);
	rig_expect_text(p.client, "still here");
	expect_names(names,
		     gen_sctp_socknames(p.server, p.server_assoc, names, 8),
		     "192.0.2.1 203.0.113.1 203.0.113.2 ");
	udp_port = rig_udp_port(p.server);
	rig_pair_close(&p);
	end_capture();
	expect_values(path, udp_port, "sctp.chunk_type == 6", "ip.src", "");
	expect_values(path, udp_port, "ip.src == 198.51.100.1", "ip.src", "");
	remove(path);
}
END_TEST

static void
add_network_tests(TCase *tc)
{
	tcase_add_loop_test(tc, an_init_lists_what_the_policy_lets_through, 0,
			    sizeof(inits) / sizeof(inits[0]));
	tcase_add_test(tc, an_init_of_a_bound_socket_leaves_by_the_route);
	tcase_add_loop_test(tc, an_init_ack_lists_what_the_policy_lets_through,
			    0, sizeof(answers) / sizeof(answers[0]));
	tcase_add_test(tc, each_side_leaves_from_what_the_other_knows);
	tcase_add_test(tc, addresses_that_come_and_go_keep_to_what_was_told);
}
#else
static void
add_network_tests(TCase *tc)
{
	(void)tc;
}
#endif

static Suite *
policy_suite(void)
{
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_policy_is_checked_and_read_back);
	add_network_tests(tc);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { policy_suite, NULL };

	return run_suites(suites, argc, argv);
}
