/*
 * What status options tell while something is on its way: states, chunks that
 * are not acknowledged or not whole, paths.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

/* ------------------------------------------------------------------- rig */

static struct rig_pair p;
static struct relay *r;

static void
open_pair(void)
{
	rig_pair_open_one_path(&p);
	r = rig_connect_relayed(&p);
}

static void
close_pair(void)
{
	relay_set_both(r, RELAY_PASS);
	rig_pair_close_relayed(&p, r);
}

static struct gen_sctp_paddrinfo
path_of_client(void)
{
	struct gen_sctp_paddrinfo which = {
		.address = rig_addr("127.0.0.1", gen_sctp_port(p.server)),
	};
	struct gen_sctp_opt opt = gen_sctp_opt_get_peer_addr_info(which);

	ck_assert_int_eq(gen_sctp_getopts(p.client, &opt, 1, NULL), 0);
	return opt.value.get_peer_addr_info;
}

struct expected {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t id;
	enum gen_sctp_assoc_state state;
};

static bool
is_in_state(void *arg)
{
	const struct expected *expected = arg;

	return rig_status(expected->s, expected->id).state == expected->state;
}

static void
await_state(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
	    enum gen_sctp_assoc_state state)
{
	struct expected expected = { s, id, state };

	ck_assert_msg(rig_until(is_in_state, &expected), "%s, not %s",
		      gen_sctp_state_name(rig_status(s, id).state),
		      gen_sctp_state_name(state));
}

static struct gen_sctp_path
figures(void)
{
	struct gen_sctp_path path;

	ck_assert_int_eq(gen_sctp_paths(p.client, p.client_assoc, &path, 1), 1);
	return path;
}

static bool
has_a_chunk_that_waits(void *arg)
{
	(void)arg;
	return rig_status(p.server, p.server_assoc).penddata > 0;
}

static bool
has_failed(void *arg)
{
	(void)arg;
	return path_of_client().state == GEN_SCTP_PATH_INACTIVE;
}

/* ----------------------------------------------------------------- tests */

START_TEST(the_state_follows_the_set_up)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_addr addr =
		rig_addr("127.0.0.1", gen_sctp_port(server));
	gen_sctp_assoc_id_t id;

	r = relay_open(rig_udp_port(server), 0);
	rig_aim_at(client, relay_port_for_client(r));
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	ck_assert_int_eq(gen_sctp_connectx_init(client, &addr, 1, NULL, 0, &id),
			 0);
	await_state(client, id, GEN_SCTP_STATE_COOKIE_WAIT);
	relay_let(r, RELAY_TO_SERVER, 1);
	await_state(client, id, GEN_SCTP_STATE_COOKIE_ECHOED);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	await_state(client, id, GEN_SCTP_STATE_ESTABLISHED);
	rig_close(client);
	rig_close(server);
	rig_relay_close(r);
}
END_TEST

START_TEST(the_state_follows_the_end)
{
	open_pair();
	relay_set_both(r, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "last", 4);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	await_state(p.client, p.client_assoc, GEN_SCTP_STATE_SHUTDOWN_PENDING);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_expect_text(p.server, "last");
	/* Its acknowledgement, and no more. */
	relay_let(r, RELAY_TO_CLIENT, 1);
	await_state(p.client, p.client_assoc, GEN_SCTP_STATE_SHUTDOWN_SENT);
	await_state(p.server, p.server_assoc, GEN_SCTP_STATE_SHUTDOWN_ACK_SENT);
	close_pair();
}
END_TEST

START_TEST(a_side_that_still_has_data_has_received_the_end)
{
	open_pair();
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(p.server, p.server_assoc, 0, "still", 5);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	await_state(p.server, p.server_assoc, GEN_SCTP_STATE_SHUTDOWN_RECEIVED);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_expect_text(p.client, "still");
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	close_pair();
}
END_TEST

START_TEST(what_is_not_acknowledged_is_counted)
{
	struct gen_sctp_status st;

	open_pair();
	rig_set(p.client, gen_sctp_opt_nodelay(true));
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "one", 3);
	rig_send(p.client, p.client_assoc, 1, "two", 3);
	st = rig_status(p.client, p.client_assoc);
	ck_assert_uint_eq(st.unackdata, 2);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_await_acknowledged(p.client, p.client_assoc);
	st = rig_status(p.client, p.client_assoc);
	ck_assert_uint_eq(st.unackdata, 0);
	close_pair();
}
END_TEST

/* sctp_nodelay: without it a small message waits for the acknowledgement of the
 * one before (RFC 9260 6.1, rule C and RFC 896). */
START_TEST(a_small_message_waits_unless_nodelay)
{
	bool nodelay = _i == 1;

	open_pair();
	rig_set(p.client, gen_sctp_opt_nodelay(nodelay));
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "one", 3);
	rig_send(p.client, p.client_assoc, 0, "two", 3);
	ck_assert_uint_eq(rig_status(p.client, p.client_assoc).unackdata,
			  nodelay ? 2 : 1);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_expect_text(p.server, "one");
	rig_expect_text(p.server, "two");
	close_pair();
}
END_TEST

START_TEST(what_waits_for_what_was_lost_is_counted)
{
	open_pair();
	ck_assert_uint_eq(rig_status(p.server, p.server_assoc).penddata, 0);
	rig_set(p.client, gen_sctp_opt_nodelay(true));
	relay_set(r, RELAY_TO_SERVER, RELAY_LOSE);
	rig_send(p.client, p.client_assoc, 0, "lost", 4);
	relay_await(r, RELAY_TO_SERVER, CHUNK_DATA, 1);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_send(p.client, p.client_assoc, 0, "waits", 5);
	ck_assert(rig_until(has_a_chunk_that_waits, NULL));
	rig_expect_text(p.server, "lost");
	rig_expect_text(p.server, "waits");
	ck_assert_uint_eq(rig_status(p.server, p.server_assoc).penddata, 0);
	close_pair();
}
END_TEST

START_TEST(associnfo_tells_paths_and_windows)
{
	struct gen_sctp_assocparams which;
	struct gen_sctp_opt opt;

	open_pair();
	memset(&which, 0, sizeof(which));
	which.assoc_id = p.client_assoc;
	opt = gen_sctp_opt_associnfo(which);
	ck_assert_int_eq(gen_sctp_getopts(p.client, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.associnfo.number_peer_destinations, 1);
	ck_assert_uint_eq(opt.value.associnfo.peer_rwnd,
			  rig_status(p.client, p.client_assoc).rwnd);
	ck_assert_uint_ge(opt.value.associnfo.local_rwnd, 4096);
	close_pair();
}
END_TEST

START_TEST(a_path_that_failed_is_inactive)
{
	struct gen_sctp_paddrparams once = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMAXRXT,
		.pathmaxrxt = 1,
	};

	open_pair();
	ck_assert_int_eq(path_of_client().state, GEN_SCTP_PATH_ACTIVE);
	once.assoc_id = p.client_assoc;
	rig_impatient_assoc(p.client, p.client_assoc, 50);
	rig_set(p.client, gen_sctp_opt_peer_addr_params(once));
	relay_set_both(r, RELAY_LOSE);
	rig_send(p.client, p.client_assoc, 0, "patient", 7);
	ck_assert(rig_until(has_failed, NULL));
	close_pair();
}
END_TEST

START_TEST(the_round_trip_time_is_measured)
{
	struct gen_sctp_paddrinfo info;

	open_pair();
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "slow", 4);
	rig_expect_nothing(p.server);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_await_acknowledged(p.client, p.client_assoc);
	info = path_of_client();
	/* An eighth of it counts (RFC 9260 6.3.1). */
	ck_assert_uint_ge(info.srtt, RIG_QUIET / 8);
	ck_assert_uint_le(info.srtt, info.rto);
	close_pair();
}
END_TEST

START_TEST(a_path_tells_what_has_gone_over_it)
{
	struct gen_sctp_path before, after;

	open_pair();
	before = figures();
	ck_assert(before.primary);
	ck_assert_int_eq(before.info.state, GEN_SCTP_PATH_ACTIVE);
	ck_assert_uint_eq(before.info.address.port,
			  (unsigned)gen_sctp_port(p.server));
	ck_assert_uint_eq(before.udp_port, (unsigned)relay_port_for_client(r));
	rig_send(p.client, p.client_assoc, 0, "counted", 7);
	rig_await_acknowledged(p.client, p.client_assoc);
	after = figures();
	ck_assert_uint_gt(after.packets_out, before.packets_out);
	ck_assert_uint_gt(after.bytes_out, before.bytes_out + 7);
	ck_assert_uint_gt(after.packets_in, before.packets_in);
	ck_assert_uint_gt(after.bytes_in, before.bytes_in);
	ck_assert_uint_eq(after.retransmissions, 0);
	ck_assert_uint_gt(after.info.mtu, 0);
	ck_assert_uint_ge(after.info.cwnd, after.info.mtu);
	ck_assert_uint_gt(after.info.rto, after.info.srtt);
	close_pair();
}
END_TEST

START_TEST(data_sent_again_is_a_retransmission)
{
	open_pair();
	relay_set(r, RELAY_TO_SERVER, RELAY_LOSE);
	rig_send(p.client, p.client_assoc, 0, "again", 5);
	relay_await(r, RELAY_TO_SERVER, CHUNK_DATA, 2);
	ck_assert_uint_ge(figures().retransmissions, 1);
	close_pair();
}
END_TEST

START_TEST(paths_are_of_an_association_that_exists)
{
	struct gen_sctp_path path;

	open_pair();
	ck_assert_int_eq(gen_sctp_paths(p.client, p.client_assoc, NULL, 0), 1);
	ck_assert_int_eq(gen_sctp_paths(p.client, p.client_assoc, NULL, 1),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_paths(p.client, 0, &path, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_paths(p.client, 9999, &path, 1), -EINVAL);
	close_pair();
}
END_TEST

static Suite *
status_suite(void)
{
	Suite *suite = suite_create("status");
	TCase *tc = tcase_create("on its way");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_state_follows_the_set_up);
	tcase_add_test(tc, the_state_follows_the_end);
	tcase_add_test(tc, a_side_that_still_has_data_has_received_the_end);
	tcase_add_test(tc, what_is_not_acknowledged_is_counted);
	tcase_add_loop_test(tc, a_small_message_waits_unless_nodelay, 0, 2);
	tcase_add_test(tc, what_waits_for_what_was_lost_is_counted);
	tcase_add_test(tc, associnfo_tells_paths_and_windows);
	tcase_add_test(tc, a_path_that_failed_is_inactive);
	tcase_add_test(tc, the_round_trip_time_is_measured);
	tcase_add_test(tc, a_path_tells_what_has_gone_over_it);
	tcase_add_test(tc, data_sent_again_is_a_retransmission);
	tcase_add_test(tc, paths_are_of_an_association_that_exists);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { status_suite, NULL };

	return run_suites(suites, argc, argv);
}
