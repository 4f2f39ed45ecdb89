/*
 * Peeling off: an association gets a socket of its own.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

static char in[1000];

/* ------------------------------------------------------------------- rig */

static gen_sctp_socket_t
peel(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	gen_sctp_socket_t peeled = 0;

	ck_assert_int_eq(gen_sctp_peeloff(s, assoc, &peeled), 0);
	ck_assert_uint_ne(peeled, 0);
	ck_assert_uint_ne(peeled, s);
	return peeled;
}

/* Two clients of one server. */
static void
open_two(struct rig_pair *p, struct rig_pair *q)
{
	rig_pair_open(p);
	q->server = p->server;
	q->client = rig_open(0, NULL, 0);
	rig_connect(q, "127.0.0.1");
}

static void
send_and_arrive(struct rig_pair *p, const char *text)
{
	rig_send(p->client, p->client_assoc, 0, text, strlen(text));
	rig_await_acknowledged(p->client, p->client_assoc);
}

/* ----------------------------------------------------------------- tests */

START_TEST(data_goes_both_ways_and_the_id_stays)
{
	gen_sctp_socket_t peeled;
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	peeled = peel(p.server, p.server_assoc);
	rig_send(p.client, p.client_assoc, 0, "in", 2);
	ck_assert_int_eq(rig_recv(peeled, in, sizeof(in), &msg), 2);
	ck_assert_uint_eq(msg.info.assoc_id, p.server_assoc);
	rig_send(peeled, p.server_assoc, 0, "out", 3);
	rig_expect_text(p.client, "out");
	/* Its id is not looked at. */
	rig_send(peeled, 0, 0, "again", 5);
	rig_expect_text(p.client, "again");
	ck_assert_uint_eq(rig_status(peeled, 0).assoc_id, p.server_assoc);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_side_that_connected_can_peel_off_too)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	rig_pair_open(&p);
	peeled = peel(p.client, p.client_assoc);
	rig_send(peeled, 0, 0, "peeled", 6);
	rig_expect_text(p.server, "peeled");
	/* The parent no longer has it, but may connect again elsewhere. */
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, 0, "x", 1),
			 -EPIPE);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(what_waits_moves_along_in_order)
{
	struct gen_sctp_event event;
	gen_sctp_socket_t peeled;
	struct rig_pair p, q;

	open_two(&p, &q);
	send_and_arrive(&p, "p one");
	send_and_arrive(&q, "q one");
	send_and_arrive(&p, "p two");
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	peeled = peel(p.server, p.server_assoc);
	rig_expect_text(peeled, "p one");
	rig_expect_text(peeled, "p two");
	rig_expect_event(peeled, GEN_SCTP_SHUTDOWN, &event);
	ck_assert_uint_eq(event.u.shutdown.assoc_id, p.server_assoc);
	ck_assert_uint_eq(rig_expect_change(peeled, GEN_SCTP_SHUTDOWN_COMP),
			  p.server_assoc);
	rig_expect_eof(peeled);
	rig_expect_text(p.server, "q one");
	rig_expect_nothing(p.server);
	rig_close(peeled);
	rig_close(q.client);
	rig_pair_close(&p);
}
END_TEST

/* It had not been received yet: it comes on the new socket. */
START_TEST(even_its_comm_up_moves_along)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0), peeled;
	struct gen_sctp_addr addr = rig_addr("127.0.0.1",
					     gen_sctp_port(server));
	gen_sctp_assoc_id_t id;

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connectx_init(client, &addr, 1, NULL, 0,
						&id),
			 0);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_await_ready(client, GEN_SCTP_POLL_IN);
	peeled = peel(client, id);
	ck_assert_uint_eq(rig_expect_change(peeled, GEN_SCTP_COMM_UP), id);
	rig_expect_nothing(client);
	rig_close(peeled);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(a_message_received_in_part_goes_on)
{
	gen_sctp_socket_t peeled;
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	send_and_arrive(&p, "half and half");
	ck_assert_int_eq(rig_recv(p.server, in, 5, &msg), 5);
	ck_assert(!msg.eor);
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(rig_recv(peeled, in, sizeof(in), &msg), 8);
	ck_assert(msg.eor);
	ck_assert_int_eq(memcmp(in, "and half", 8), 0);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_parents_other_associations_are_not_affected)
{
	struct gen_sctp_event event;
	gen_sctp_socket_t peeled;
	struct rig_pair p, q;

	open_two(&p, &q);
	peeled = peel(p.server, p.server_assoc);
	rig_send(q.client, q.client_assoc, 0, "for parent", 10);
	rig_send(p.client, p.client_assoc, 0, "for peeled", 10);
	rig_expect_text(peeled, "for peeled");
	rig_expect_text(p.server, "for parent");
	rig_close(peeled);
	rig_send(p.server, q.server_assoc, 0, "still", 5);
	rig_expect_text(q.client, "still");
	/* And it still listens. */
	rig_close(q.client);
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	q.client = rig_open(0, NULL, 0);
	rig_connect(&q, "127.0.0.1");
	rig_close(q.client);
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_parent_can_be_closed_first)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	rig_pair_open(&p);
	peeled = peel(p.server, p.server_assoc);
	rig_close(p.server);
	rig_send(p.client, p.client_assoc, 0, "ping", 4);
	rig_expect_text(peeled, "ping");
	rig_send(peeled, 0, 0, "pong", 4);
	rig_expect_text(p.client, "pong");
	rig_close(peeled);
	rig_close(p.client);
}
END_TEST

START_TEST(closing_it_ends_the_association)
{
	struct gen_sctp_event event;
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	rig_pair_open(&p);
	peeled = peel(p.server, p.server_assoc);
	rig_close(peeled);
	rig_expect_event(p.client, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(peername_is_for_the_peeled_socket_only)
{
	gen_sctp_socket_t peeled;
	struct gen_sctp_addr addr;
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_peername(p.server, &addr), -ENOTCONN);
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_peername(peeled, &addr), 0);
	ck_assert_int_eq(addr.family, GEN_SCTP_INET);
	ck_assert_int_eq(addr.port, gen_sctp_port(p.client));
	ck_assert_int_eq(gen_sctp_peername(p.server, &addr), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_peername(p.client, &addr), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_port(peeled), gen_sctp_port(p.server));
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* The end is there as often as one looks. */
START_TEST(after_its_end_there_is_eof_for_ever)
{
	gen_sctp_socket_t peeled;
	struct gen_sctp_addr addr;
	struct rig_pair p;
	int i;

	rig_pair_open(&p);
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_change(peeled, GEN_SCTP_COMM_LOST);
	for (i = 0; i < 3; i++)
		rig_expect_eof(peeled);
	ck_assert_int_eq(gen_sctp_ready(peeled),
			 GEN_SCTP_POLL_IN | GEN_SCTP_POLL_HUP);
	ck_assert_int_eq(gen_sctp_send(peeled, 0, 0, "x", 1), -EPIPE);
	ck_assert_int_eq(gen_sctp_peername(peeled, &addr), -ENOTCONN);
	/* It has had its association. */
	ck_assert_int_eq(gen_sctp_connect(peeled, "127.0.0.1", 5000, NULL, 0,
					  0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_listen(peeled, 5), -EISCONN);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(what_cannot_be_peeled_off)
{
	gen_sctp_socket_t peeled, never = 77;
	struct gen_sctp_addr addr;
	gen_sctp_assoc_id_t id;
	struct rig_pair p;
	struct relay *r;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, 0, &never), -EINVAL);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.client_assoc, &never),
			 -EINVAL);
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &never),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_peeloff(peeled, p.server_assoc, &never),
			 -EOPNOTSUPP);
	/* Not up yet. */
	r = relay_open(rig_udp_port(p.server), 0);
	relay_set_both(r, RELAY_HOLD);
	rig_aim_at(p.server, relay_port_for_client(r));
	addr = rig_addr("127.0.0.1", 5000);
	ck_assert_int_eq(gen_sctp_connectx_init(p.server, &addr, 1, NULL, 0,
						&id),
			 0);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, id, &never), -ENOTCONN);
	ck_assert_uint_eq(never, 77);
	rig_close(peeled);
	rig_pair_close(&p);
	rig_relay_close(r);
}
END_TEST

/* The options of the socket, as they are at that moment. */
START_TEST(options_are_inherited)
{
	const struct gen_sctp_linger linger = { .on = true, .seconds = 3 };
	const struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_SHUTDOWN_EVENT | GEN_SCTP_DATA_IO_EVENT,
	};
	struct gen_sctp_opt got[] = {
		gen_sctp_opt_get(GEN_SCTP_OPT_LINGER),
		gen_sctp_opt_get(GEN_SCTP_OPT_EVENTS),
		gen_sctp_opt_get(GEN_SCTP_OPT_NON_BLOCK_SEND),
		gen_sctp_opt_get(GEN_SCTP_OPT_SEND_TIMEOUT),
		gen_sctp_opt_get(GEN_SCTP_OPT_NODELAY),
		gen_sctp_opt_get(GEN_SCTP_OPT_SNDBUF),
		gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF),
	};
	gen_sctp_socket_t peeled;
	struct rig_pair p;
	size_t bad;

	rig_pair_open(&p);
	rig_set(p.server, gen_sctp_opt_linger(linger));
	rig_set(p.server, gen_sctp_opt_events(events));
	rig_set(p.server, gen_sctp_opt_non_block_send(true));
	rig_set(p.server, gen_sctp_opt_send_timeout(1234));
	rig_set(p.server, gen_sctp_opt_nodelay(true));
	rig_set(p.server, gen_sctp_opt_sndbuf(100000));
	rig_set(p.server, gen_sctp_opt_recbuf(200000));
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_getopts(peeled, got,
					  sizeof(got) / sizeof(got[0]), &bad),
			 0);
	ck_assert(got[0].value.linger.on);
	ck_assert_int_eq(got[0].value.linger.seconds, 3);
	ck_assert_uint_eq(got[1].value.events.on & events.set, 0);
	ck_assert_uint_ne(got[1].value.events.on & GEN_SCTP_ASSOCIATION_EVENT,
			  0);
	ck_assert(got[2].value.flag);
	ck_assert_int_eq(got[3].value.number, 1234);
	ck_assert(got[4].value.flag);
	ck_assert_int_eq(got[5].value.number, 100000);
	ck_assert_int_eq(got[6].value.number, 200000);
	/* From here on each has its own. */
	rig_set(p.server, gen_sctp_opt_send_timeout(1));
	ck_assert_int_eq(gen_sctp_getopts(peeled, &got[3], 1, NULL), 0);
	ck_assert_int_eq(got[3].value.number, 1234);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(inherited_events_are_those_that_come)
{
	const struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_SHUTDOWN_EVENT,
	};
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	rig_pair_open(&p);
	rig_set(p.server, gen_sctp_opt_events(events));
	peeled = peel(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_expect_change(peeled, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(peeled);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* A server as it is usually written: peels off at comm_up, at once. */
START_TEST(nothing_is_lost_when_peeled_off_while_data_comes)
{
	enum { CLIENTS = 20, EACH = 10 };
	gen_sctp_socket_t server = rig_listener(), clients[CLIENTS];
	gen_sctp_socket_t peeled[CLIENTS];
	gen_sctp_assoc_id_t id;
	struct gen_sctp_addr addr = rig_addr("127.0.0.1",
					     gen_sctp_port(server));
	char text[] = "message 0";
	int i, k;

	for (i = 0; i < CLIENTS; i++) {
		clients[i] = rig_open(0, NULL, 0);
		rig_aim(clients[i], server);
		ck_assert_int_eq(gen_sctp_connectx_init(clients[i], &addr, 1,
							NULL, 0, &id),
				 0);
		for (k = 0; k < EACH; k++) {
			text[8] = (char)('0' + k);
			rig_send(clients[i], id, 0, text, 9);
		}
	}
	for (i = 0; i < CLIENTS; i++)
		peeled[i] = peel(server, rig_expect_change(server,
						GEN_SCTP_COMM_UP));
	for (i = 0; i < CLIENTS; i++)
		for (k = 0; k < EACH; k++) {
			text[8] = (char)('0' + k);
			rig_expect_text(peeled[i], text);
		}
	rig_expect_nothing(server);
	for (i = 0; i < CLIENTS; i++) {
		rig_close(peeled[i]);
		rig_close(clients[i]);
	}
	rig_close(server);
}
END_TEST

static Suite *
peeloff_suite(void)
{
	Suite *suite = suite_create("peeloff");
	TCase *tc = tcase_create("peeloff");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, data_goes_both_ways_and_the_id_stays);
	tcase_add_test(tc, the_side_that_connected_can_peel_off_too);
	tcase_add_test(tc, what_waits_moves_along_in_order);
	tcase_add_test(tc, even_its_comm_up_moves_along);
	tcase_add_test(tc, a_message_received_in_part_goes_on);
	tcase_add_test(tc, the_parents_other_associations_are_not_affected);
	tcase_add_test(tc, the_parent_can_be_closed_first);
	tcase_add_test(tc, closing_it_ends_the_association);
	tcase_add_test(tc, peername_is_for_the_peeled_socket_only);
	tcase_add_test(tc, after_its_end_there_is_eof_for_ever);
	tcase_add_test(tc, what_cannot_be_peeled_off);
	tcase_add_test(tc, options_are_inherited);
	tcase_add_test(tc, inherited_events_are_those_that_come);
	tcase_add_test(tc, nothing_is_lost_when_peeled_off_while_data_comes);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { peeloff_suite, NULL };

	return run_suites(suites, argc, argv);
}
