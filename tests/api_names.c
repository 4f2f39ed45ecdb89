/*
 * Names: addresses of sockets, and the words for numbers.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define MANY 64

static struct gen_sctp_addr addrs[MANY];

/* ------------------------------------------------------------------- rig */

static const char *
print(const struct gen_sctp_addr *addr)
{
	static char text[GEN_SCTP_ADDR_TEXT];

	return gen_sctp_addr_print(addr, false, text, sizeof(text));
}

static bool
has(int n, const char *text, int port)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(print(&addrs[i]), text) == 0 &&
		    addrs[i].port == port)
			return true;
	return false;
}

/* -------------------------------------------------------------- addresses */

START_TEST(a_socket_for_any_address_says_so)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_addr addr;

	ck_assert_int_eq(gen_sctp_sockname(s, &addr), 0);
	ck_assert_str_eq(print(&addr), "0.0.0.0");
	ck_assert_int_eq(addr.port, gen_sctp_port(s));
	ck_assert_int_ge(gen_sctp_socknames(s, 0, addrs, MANY), 1);
	ck_assert_int_eq(addrs[0].port, gen_sctp_port(s));
	rig_close(s);
}
END_TEST

START_TEST(a_bound_socket_names_its_addresses_in_order)
{
	static const char *const both[] = { "127.0.0.2", "127.0.0.1", NULL };
	struct gen_sctp_addr addr;
	gen_sctp_socket_t s;

	if (!rig_has_multihoming() || !rig_has_address(both[0]))
		return;
	s = rig_open_on(both);
	ck_assert_int_eq(gen_sctp_sockname(s, &addr), 0);
	ck_assert_str_eq(print(&addr), "127.0.0.2");
	ck_assert_int_eq(gen_sctp_socknames(s, 0, addrs, MANY), 2);
	ck_assert_str_eq(print(&addrs[0]), "127.0.0.2");
	ck_assert_str_eq(print(&addrs[1]), "127.0.0.1");
	ck_assert_int_eq(addrs[0].port, gen_sctp_port(s));
	ck_assert_int_eq(addrs[1].port, gen_sctp_port(s));
	rig_close(s);
}
END_TEST

START_TEST(an_ipv6_socket_has_ipv6_names)
{
	static const char *const one[] = { "::1", NULL };
	struct gen_sctp_addr addr;
	gen_sctp_socket_t s;

	if (!rig_has_address(one[0]))
		return;
	s = rig_open_on(one);
	ck_assert_int_eq(gen_sctp_sockname(s, &addr), 0);
	ck_assert_int_eq(addr.family, GEN_SCTP_INET6);
	ck_assert_str_eq(print(&addr), "::1");
	rig_close(s);
}
END_TEST

START_TEST(the_peer_is_named_on_both_sides)
{
	struct rig_pair p;
	int n;

	rig_pair_open(&p);
	n = gen_sctp_peernames(p.client, p.client_assoc, addrs, MANY);
	ck_assert_int_ge(n, 1);
	ck_assert(has(n, "127.0.0.1", gen_sctp_port(p.server)));
	n = gen_sctp_peernames(p.server, p.server_assoc, addrs, MANY);
	ck_assert_int_ge(n, 1);
	ck_assert(has(n, "127.0.0.1", gen_sctp_port(p.client)));
	n = gen_sctp_socknames(p.client, p.client_assoc, addrs, MANY);
	ck_assert_int_ge(n, 1);
	ck_assert(has(n, "127.0.0.1", gen_sctp_port(p.client)));
	rig_pair_close(&p);
}
END_TEST

START_TEST(several_addresses_of_a_peer_are_all_named)
{
	static const char *const both[] = { "127.0.0.1", "127.0.0.2", NULL };
	struct rig_pair p;

	if (!rig_has_multihoming() || !rig_has_address(both[1]))
		return;
	p.server = rig_open_on(both);
	p.client = rig_open_on(both);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	rig_connect(&p, both[0]);
	ck_assert_int_eq(gen_sctp_peernames(p.client, p.client_assoc, addrs,
					    MANY),
			 2);
	ck_assert(has(2, both[0], gen_sctp_port(p.server)));
	ck_assert(has(2, both[1], gen_sctp_port(p.server)));
	ck_assert_int_eq(gen_sctp_socknames(p.client, p.client_assoc, addrs,
					    MANY),
			 2);
	ck_assert(has(2, both[0], gen_sctp_port(p.client)));
	ck_assert(has(2, both[1], gen_sctp_port(p.client)));
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_short_list_is_filled_and_the_count_is_whole)
{
	static const char *const both[] = { "127.0.0.1", "127.0.0.2", NULL };
	struct gen_sctp_addr untouched;
	gen_sctp_socket_t s;

	if (!rig_has_multihoming() || !rig_has_address(both[1]))
		return;
	s = rig_open_on(both);
	memset(addrs, 0x5a, sizeof(addrs));
	untouched = addrs[1];
	ck_assert_int_eq(gen_sctp_socknames(s, 0, NULL, 0), 2);
	ck_assert_int_eq(gen_sctp_socknames(s, 0, addrs, 1), 2);
	ck_assert_str_eq(print(&addrs[0]), both[0]);
	ck_assert_int_eq(memcmp(&addrs[1], &untouched, sizeof(untouched)), 0);
	rig_close(s);
}
END_TEST

START_TEST(without_an_association_there_is_no_peer)
{
	gen_sctp_assoc_id_t unknown;
	struct gen_sctp_addr addr;
	struct rig_pair p;

	rig_pair_open(&p);
	unknown = p.client_assoc + 1000;
	ck_assert_int_eq(gen_sctp_peernames(p.client, 0, addrs, MANY),
			 -ENOTCONN);
	ck_assert_int_eq(gen_sctp_peernames(p.client, unknown, addrs, MANY),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_socknames(p.client, unknown, addrs, MANY),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_peernames(p.client, p.server_assoc, addrs,
					    MANY),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_peername(p.client, &addr), -ENOTCONN);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_association_that_has_ended_has_no_names)
{
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(gen_sctp_peernames(p.client, p.client_assoc, addrs,
					    MANY),
			 -EINVAL);
	/* Nor while its last event waits. */
	rig_await_end(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_peernames(p.server, p.server_assoc, addrs,
					    MANY),
			 -EINVAL);
	rig_pair_close(&p);
}
END_TEST

START_TEST(associations_are_listed_oldest_first)
{
	gen_sctp_assoc_id_t ids[3] = { 0 };
	struct rig_pair p, q;

	rig_pair_open(&p);
	q.server = p.server;
	q.client = rig_open(0, NULL, 0);
	ck_assert_int_eq(gen_sctp_assocs(q.client, ids, 3), 0);
	rig_connect(&q, "127.0.0.1");
	ck_assert_int_eq(gen_sctp_assocs(p.client, ids, 3), 1);
	ck_assert_uint_eq(ids[0], p.client_assoc);
	ck_assert_int_eq(gen_sctp_assocs(p.server, ids, 1), 2);
	ck_assert_uint_eq(ids[0], p.server_assoc);
	ck_assert_int_eq(gen_sctp_assocs(p.server, ids, 3), 2);
	ck_assert_uint_eq(ids[1], q.server_assoc);
	ck_assert_uint_eq(ids[2], 0);
	ck_assert_int_eq(gen_sctp_assocs(p.server, NULL, 0), 2);
	ck_assert_int_eq(gen_sctp_assocs(p.server, NULL, 1), -EINVAL);
	/* One that has ended is none, though its last event waits. */
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_await_end(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_assocs(p.server, ids, 3), 1);
	ck_assert_uint_eq(ids[0], q.server_assoc);
	rig_close(q.client);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_attempt_is_listed_and_a_peeled_off_one_elsewhere)
{
	gen_sctp_socket_t peeled, client = rig_open(0, NULL, 0);
	struct gen_sctp_addr peer = rig_addr("127.0.0.1", 4);
	gen_sctp_assoc_id_t id, listed = 0;
	struct rig_pair p;

	rig_aim_at(client, 9);
	ck_assert_int_eq(gen_sctp_connectx_init(client, &peer, 1, NULL, 0,
						&id),
			 0);
	ck_assert_int_eq(gen_sctp_assocs(client, &listed, 1), 1);
	ck_assert_uint_eq(listed, id);
	rig_close(client);
	ck_assert_int_eq(gen_sctp_assocs(client, &listed, 1), -EBADF);
	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	ck_assert_int_eq(gen_sctp_assocs(p.server, &listed, 1), 0);
	ck_assert_int_eq(gen_sctp_assocs(peeled, &listed, 1), 1);
	ck_assert_uint_eq(listed, p.server_assoc);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_attempt_names_its_peer)
{
	struct gen_sctp_addr addr = rig_addr("127.0.0.1", 5000);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct relay *r = relay_open(rig_udp_port(s), 0);
	gen_sctp_assoc_id_t id;

	relay_set_both(r, RELAY_LOSE);
	rig_aim_at(s, relay_port_for_client(r));
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0, &id), 0);
	ck_assert_int_eq(gen_sctp_peernames(s, id, addrs, MANY), 1);
	ck_assert(has(1, "127.0.0.1", 5000));
	rig_close(s);
	relay_close(r);
}
END_TEST

START_TEST(a_stream_sockets_names_need_no_id)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	struct gen_sctp_addr addr;
	struct rig_pair p;
	int n;

	p.server = rig_listener();
	p.client = rig_open(0, &stream, 1);
	ck_assert_int_eq(gen_sctp_peernames(p.client, 0, addrs, MANY),
			 -ENOTCONN);
	ck_assert_int_eq(gen_sctp_peername(p.client, &addr), -ENOTCONN);
	rig_connect(&p, "127.0.0.1");
	n = gen_sctp_peernames(p.client, 0, addrs, MANY);
	ck_assert_int_ge(n, 1);
	ck_assert(has(n, "127.0.0.1", gen_sctp_port(p.server)));
	ck_assert_int_eq(gen_sctp_peername(p.client, &addr), 0);
	ck_assert_int_eq(addr.port, gen_sctp_port(p.server));
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------------ words */

static const struct {
	uint32_t cause;
	const char *text;
} causes[] = {
	{ 0, "ok" },
	{ 1, "Invalid Stream Identifier" },
	{ 2, "Missing Mandatory Parameter" },
	{ 3, "Stale Cookie Error" },
	{ 4, "Out of Resource" },
	{ 5, "Unresolvable Address" },
	{ 6, "Unrecognized Chunk Type" },
	{ 7, "Invalid Mandatory Parameter" },
	{ 8, "Unrecognized Parameters" },
	{ 9, "No User Data" },
	{ 10, "Cookie Received While Shutting Down" },
	{ 11, "Restart of an Association with New Addresses" },
	{ 12, "User Initiated Abort" },
	{ 13, "Protocol Violation" },
	{ 14, "unknown_error" },
	{ UINT32_MAX, "unknown_error" },
};

START_TEST(causes_have_the_texts_of_gen_sctp)
{
	ck_assert_str_eq(gen_sctp_error_string(causes[_i].cause),
			 causes[_i].text);
}
END_TEST

static const char *
change_name(int n)
{
	return gen_sctp_assoc_change_name((enum gen_sctp_assoc_change_state)n);
}

static const char *
paddr_name(int n)
{
	return gen_sctp_paddr_change_name((enum gen_sctp_paddr_change_state)n);
}

static const char *
state_name(int n)
{
	return gen_sctp_state_name((enum gen_sctp_assoc_state)n);
}

static const char *
path_name(int n)
{
	return gen_sctp_path_state_name((enum gen_sctp_path_state)n);
}

static const char *
event_name(int n)
{
	return gen_sctp_event_name((enum gen_sctp_event_type)n);
}

static const char *
feature_name(int n)
{
	return gen_sctp_feature_name((uint32_t)n);
}

static const char *
indication_name(int n)
{
	return gen_sctp_auth_indication_name((enum gen_sctp_auth_indication)n);
}

static const char *
result_name(int n)
{
	return gen_sctp_reconfig_result_name((enum gen_sctp_reconfig_result)n);
}

static const struct {
	const char *(*name)(int n);
	int n;
	const char *text;
} names[] = {
	{ change_name, 0, "undefined" },
	{ change_name, GEN_SCTP_COMM_UP, "comm_up" },
	{ change_name, GEN_SCTP_COMM_LOST, "comm_lost" },
	{ change_name, GEN_SCTP_RESTART, "restart" },
	{ change_name, GEN_SCTP_SHUTDOWN_COMP, "shutdown_comp" },
	{ change_name, GEN_SCTP_CANT_ASSOC, "cant_assoc" },
	{ change_name, GEN_SCTP_CANT_ASSOC + 1, "undefined" },
	{ change_name, -1, "undefined" },
	{ paddr_name, GEN_SCTP_ADDR_AVAILABLE, "addr_available" },
	{ paddr_name, GEN_SCTP_ADDR_UNREACHABLE, "addr_unreachable" },
	{ paddr_name, GEN_SCTP_ADDR_REMOVED, "addr_removed" },
	{ paddr_name, GEN_SCTP_ADDR_ADDED, "addr_added" },
	{ paddr_name, GEN_SCTP_ADDR_MADE_PRIM, "addr_made_prim" },
	{ paddr_name, GEN_SCTP_ADDR_CONFIRMED, "addr_confirmed" },
	{ paddr_name, 1000, "undefined" },
	{ state_name, GEN_SCTP_STATE_EMPTY, "empty" },
	{ state_name, GEN_SCTP_STATE_CLOSED, "closed" },
	{ state_name, GEN_SCTP_STATE_COOKIE_WAIT, "cookie_wait" },
	{ state_name, GEN_SCTP_STATE_COOKIE_ECHOED, "cookie_echoed" },
	{ state_name, GEN_SCTP_STATE_ESTABLISHED, "established" },
	{ state_name, GEN_SCTP_STATE_SHUTDOWN_PENDING, "shutdown_pending" },
	{ state_name, GEN_SCTP_STATE_SHUTDOWN_SENT, "shutdown_sent" },
	{ state_name, GEN_SCTP_STATE_SHUTDOWN_RECEIVED,
	  "shutdown_received" },
	{ state_name, GEN_SCTP_STATE_SHUTDOWN_ACK_SENT,
	  "shutdown_ack_sent" },
	{ state_name, 9, "undefined" },
	{ path_name, GEN_SCTP_PATH_UNDEFINED, "undefined" },
	{ path_name, GEN_SCTP_PATH_ACTIVE, "active" },
	{ path_name, GEN_SCTP_PATH_INACTIVE, "inactive" },
	{ path_name, GEN_SCTP_PATH_UNCONFIRMED, "unconfirmed" },
	{ path_name, 4, "undefined" },
	{ event_name, 0, "undefined" },
	{ event_name, GEN_SCTP_ASSOC_CHANGE, "sctp_assoc_change" },
	{ event_name, GEN_SCTP_PADDR_CHANGE, "sctp_paddr_change" },
	{ event_name, GEN_SCTP_REMOTE_ERROR, "sctp_remote_error" },
	{ event_name, GEN_SCTP_SEND_FAILED, "sctp_send_failed" },
	{ event_name, GEN_SCTP_SHUTDOWN, "sctp_shutdown_event" },
	{ event_name, GEN_SCTP_ADAPTATION, "sctp_adaptation_event" },
	{ event_name, GEN_SCTP_PDAPI, "sctp_pdapi_event" },
	{ event_name, GEN_SCTP_AUTHENTICATION, "sctp_authentication_event" },
	{ event_name, GEN_SCTP_SENDER_DRY, "sctp_sender_dry_event" },
	{ event_name, GEN_SCTP_STREAM_RESET, "sctp_stream_reset_event" },
	{ event_name, GEN_SCTP_ASSOC_RESET, "sctp_assoc_reset_event" },
	{ event_name, GEN_SCTP_STREAM_CHANGE, "sctp_stream_change_event" },
	{ event_name, 13, "undefined" },
	{ feature_name, GEN_SCTP_SUPPORTS_PR, "pr" },
	{ feature_name, GEN_SCTP_SUPPORTS_AUTH, "auth" },
	{ feature_name, GEN_SCTP_SUPPORTS_ASCONF, "asconf" },
	{ feature_name, GEN_SCTP_SUPPORTS_MULTIBUF, "multibuf" },
	{ feature_name, GEN_SCTP_SUPPORTS_RE_CONFIG, "re_config" },
	{ feature_name, GEN_SCTP_SUPPORTS_INTERLEAVING, "interleaving" },
	{ feature_name, 3, "undefined" },
	{ indication_name, 0, "undefined" },
	{ indication_name, GEN_SCTP_AUTH_NEW_KEY, "new_key" },
	{ indication_name, GEN_SCTP_AUTH_NO_AUTH, "no_auth" },
	{ indication_name, GEN_SCTP_AUTH_FREE_KEY, "free_key" },
	{ indication_name, 4, "undefined" },
	{ result_name, GEN_SCTP_RECONFIG_DONE, "done" },
	{ result_name, GEN_SCTP_RECONFIG_DENIED, "denied" },
	{ result_name, GEN_SCTP_RECONFIG_FAILED, "failed" },
	{ result_name, 3, "undefined" },
};

START_TEST(values_have_the_names_of_gen_sctp)
{
	ck_assert_str_eq(names[_i].name(names[_i].n), names[_i].text);
}
END_TEST

START_TEST(results_have_a_sentence)
{
	static const int results[] = {
		0, -EINVAL, -ECONNREFUSED, GEN_SCTP_EEVENT,
		GEN_SCTP_ENXDOMAIN,
	};
	size_t i;

	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		ck_assert_str_ne(gen_sctp_strerror(results[i]), "");
		ck_assert_str_eq(gen_sctp_strerror(results[i]),
				 gen_sctp_strerror(-results[i]));
	}
	ck_assert_str_ne(gen_sctp_strerror(-123456), "");
	ck_assert_str_eq(gen_sctp_strerror(-EINVAL), strerror(EINVAL));
	ck_assert_str_ne(gen_sctp_strerror(GEN_SCTP_EEVENT),
			 gen_sctp_strerror(GEN_SCTP_ENXDOMAIN));
}
END_TEST

static Suite *
names_suite(void)
{
	Suite *suite = suite_create("names");
	TCase *tc = tcase_create("addresses");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_socket_for_any_address_says_so);
	tcase_add_test(tc, a_bound_socket_names_its_addresses_in_order);
	tcase_add_test(tc, an_ipv6_socket_has_ipv6_names);
	tcase_add_test(tc, the_peer_is_named_on_both_sides);
	tcase_add_test(tc, several_addresses_of_a_peer_are_all_named);
	tcase_add_test(tc, a_short_list_is_filled_and_the_count_is_whole);
	tcase_add_test(tc, without_an_association_there_is_no_peer);
	tcase_add_test(tc, an_association_that_has_ended_has_no_names);
	tcase_add_test(tc, associations_are_listed_oldest_first);
	tcase_add_test(tc, an_attempt_is_listed_and_a_peeled_off_one_elsewhere);
	tcase_add_test(tc, an_attempt_names_its_peer);
	tcase_add_test(tc, a_stream_sockets_names_need_no_id);
	suite_add_tcase(suite, tc);
	tc = tcase_create("words");
	tcase_add_loop_test(tc, causes_have_the_texts_of_gen_sctp, 0,
			    sizeof(causes) / sizeof(causes[0]));
	tcase_add_loop_test(tc, values_have_the_names_of_gen_sctp, 0,
			    sizeof(names) / sizeof(names[0]));
	tcase_add_test(tc, results_have_a_sentence);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { names_suite, NULL };

	return run_suites(suites, argc, argv);
}
