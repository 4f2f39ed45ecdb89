/*
 * Events that are asked for: sender_dry, what subscription means for sockets
 * and associations, and what an assoc_change says beside its state.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

/* ------------------------------------------------------------------- rig */

static void
subscribe(gen_sctp_socket_t s, uint32_t events)
{
	ck_assert_int_eq(gen_sctp_subscribe(s, events, true), 0);
}

static void
expect_dry(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_event event;

	rig_expect_event(s, GEN_SCTP_SENDER_DRY, &event);
	ck_assert_uint_eq(event.u.sender_dry.assoc_id, assoc);
}

/* The next must be this change, which the caller frees. */
static void
receive_change(gen_sctp_socket_t s, enum gen_sctp_assoc_change_state state,
	       struct gen_sctp_msg *msg)
{
	char buf[64];

	ck_assert_int_eq(rig_recv(s, buf, sizeof(buf), msg), 0);
	ck_assert_int_eq(msg->event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg->event.u.assoc_change.state, state);
}

/* ------------------------------------------------------------- sender_dry */

START_TEST(sender_dry_tells_that_all_is_acknowledged)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "first", 5);
	subscribe(p.client, GEN_SCTP_SENDER_DRY_EVENT);
	rig_expect_text(p.server, "first");
	rig_expect_nothing(p.client);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	expect_dry(p.client, p.client_assoc);
	rig_send(p.client, p.client_assoc, 0, "second", 6);
	expect_dry(p.client, p.client_assoc);
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* RFC 6458 6.1.9 */
START_TEST(sender_dry_comes_at_once_when_nothing_waits)
{
	struct rig_pair p;
	gen_sctp_socket_t other = rig_open(0, NULL, 0);
	struct rig_pair second = { .client = other };
	struct gen_sctp_event event;
	gen_sctp_assoc_id_t one;

	rig_pair_open(&p);
	second.server = p.server;
	rig_connect(&second, "127.0.0.1");
	subscribe(p.server, GEN_SCTP_SENDER_DRY_EVENT);
	ck_assert(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN);
	rig_expect_event(p.server, GEN_SCTP_SENDER_DRY, &event);
	one = event.u.sender_dry.assoc_id;
	ck_assert(one == p.server_assoc || one == second.server_assoc);
	expect_dry(p.server, one == p.server_assoc ? second.server_assoc
						   : p.server_assoc);
	/* Nor again when another event is switched. */
	subscribe(p.server, GEN_SCTP_ADAPTATION_LAYER_EVENT);
	rig_expect_nothing(p.server);
	rig_close(other);
	rig_pair_close(&p);
}
END_TEST

static void
receive_dry(void *arg)
{
	struct rig_pair *p = arg;

	expect_dry(p->client, p->client_assoc);
}

START_TEST(sender_dry_wakes_a_recv_that_waits)
{
	struct rig_thread t;
	struct rig_pair p;

	rig_pair_open(&p);
	rig_start(&t, receive_dry, &p);
	rig_await_receiver(p.client);
	subscribe(p.client, GEN_SCTP_SENDER_DRY_EVENT);
	rig_join(&t);
	rig_pair_close(&p);
}
END_TEST

START_TEST(sender_dry_of_an_endpoint_is_for_associations_to_come)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct rig_pair p = { server, client, 0, 0 };

	subscribe(client, GEN_SCTP_SENDER_DRY_EVENT);
	rig_connect(&p, "127.0.0.1");
	rig_expect_nothing(client);
	rig_send(client, p.client_assoc, 0, "data", 4);
	expect_dry(client, p.client_assoc);
	ck_assert_int_eq(
		gen_sctp_subscribe(client, GEN_SCTP_SENDER_DRY_EVENT, false),
		0);
	rig_send(client, p.client_assoc, 0, "more", 4);
	rig_await_acknowledged(client, p.client_assoc);
	rig_expect_nothing(client);
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------ subscription */

START_TEST(what_is_no_event_cannot_be_switched)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_EVENTS);

	ck_assert_int_eq(gen_sctp_subscribe(s, 0x40000000, true), -EINVAL);
	ck_assert_int_eq(gen_sctp_subscribe(s, 0, true), 0);
	ck_assert_int_eq(gen_sctp_subscribe(0, GEN_SCTP_SENDER_DRY_EVENT, true),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.events.set, 0x1fff);
	ck_assert_uint_eq(opt.value.events.on, 0x7f);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_subscribe(s, GEN_SCTP_SENDER_DRY_EVENT, true),
			 -EBADF);
}
END_TEST

START_TEST(each_event_can_be_switched_alone)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_EVENTS);
	const uint32_t event = 1U << _i;

	ck_assert_int_eq(gen_sctp_subscribe(s, 0x1fff, false), 0);
	subscribe(s, event);
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.events.on, event);
	rig_close(s);
}
END_TEST

START_TEST(a_peeled_off_socket_inherits_its_events)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	rig_pair_open(&p);
	subscribe(p.server, GEN_SCTP_SENDER_DRY_EVENT);
	expect_dry(p.server, p.server_assoc);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	rig_send(peeled, 0, 0, "data", 4);
	expect_dry(peeled, p.server_assoc);
	/* Each has its own from then on. */
	ck_assert_int_eq(
		gen_sctp_subscribe(p.server, GEN_SCTP_SENDER_DRY_EVENT, false),
		0);
	rig_send(peeled, 0, 0, "more", 4);
	expect_dry(peeled, p.server_assoc);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* ----------------------------------------------------------- assoc_change */

START_TEST(comm_up_tells_what_both_sides_can)
{
	const uint32_t all = GEN_SCTP_SUPPORTS_PR | GEN_SCTP_SUPPORTS_AUTH |
			     GEN_SCTP_SUPPORTS_ASCONF |
			     GEN_SCTP_SUPPORTS_MULTIBUF |
			     GEN_SCTP_SUPPORTS_RE_CONFIG;
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_assoc_change ac;
	struct gen_sctp_msg msg;

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	ck_assert_uint_eq(ac.features & ~all, 0);
	ck_assert_uint_ne(ac.features & GEN_SCTP_SUPPORTS_RE_CONFIG, 0);
	ck_assert_uint_ne(ac.features & GEN_SCTP_SUPPORTS_AUTH, 0);
	ck_assert_ptr_null(ac.data);
	receive_change(server, GEN_SCTP_COMM_UP, &msg);
	ck_assert_uint_eq(msg.event.u.assoc_change.features, ac.features);
	ck_assert_ptr_null(msg.event.u.assoc_change.data);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(comm_lost_has_the_reason_of_the_peer)
{
	/* RFC 9260 3.3.10.12: user-initiated abort, with its length. */
	static const char causes[] = "\0\14\0\14too late";
	const struct gen_sctp_assoc_change *lost;
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ABORT };
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "too late", 8),
			 0);
	receive_change(p.server, GEN_SCTP_COMM_LOST, &msg);
	lost = &msg.event.u.assoc_change;
	ck_assert_uint_eq(lost->error, 12);
	ck_assert_uint_eq(lost->features, 0);
	ck_assert_uint_eq(lost->len, sizeof(causes) - 1);
	ck_assert_int_eq(memcmp(lost->data, causes, lost->len), 0);
	gen_sctp_msg_free(&msg);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_end_without_a_reason_has_none)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	receive_change(p.client, GEN_SCTP_SHUTDOWN_COMP, &msg);
	ck_assert_ptr_null(msg.event.u.assoc_change.data);
	ck_assert_uint_eq(msg.event.u.assoc_change.len, 0);
	rig_pair_close(&p);
}
END_TEST

static Suite *
subscribe_suite(void)
{
	Suite *suite = suite_create("subscribe");
	TCase *tc = tcase_create("subscribe");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, sender_dry_tells_that_all_is_acknowledged);
	tcase_add_test(tc, sender_dry_comes_at_once_when_nothing_waits);
	tcase_add_test(tc, sender_dry_wakes_a_recv_that_waits);
	tcase_add_test(tc,
		       sender_dry_of_an_endpoint_is_for_associations_to_come);
	tcase_add_test(tc, what_is_no_event_cannot_be_switched);
	tcase_add_loop_test(tc, each_event_can_be_switched_alone, 0, 13);
	tcase_add_test(tc, a_peeled_off_socket_inherits_its_events);
	tcase_add_test(tc, comm_up_tells_what_both_sides_can);
	tcase_add_test(tc, comm_lost_has_the_reason_of_the_peer);
	tcase_add_test(tc, an_end_without_a_reason_has_none);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { subscribe_suite, NULL };

	return run_suites(suites, argc, argv);
}
