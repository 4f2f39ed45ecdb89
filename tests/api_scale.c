/*
 * Many associations, one after the other and at once; closing with data on its
 * way. Nothing stays behind.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define CYCLES	   1000
#define MANY	   500
#define REOPENINGS 100

/* What a process has before the first open; with it a thread of usrsctp comes
 * to stay. */
struct before {
	int threads, descriptors;
};

static void
do_nothing(void *arg)
{
	(void)arg;
}

static struct before
before_all(void)
{
	struct rig_thread first;

	/* A sanitizer may start threads with it. */
	rig_start(&first, do_nothing, NULL);
	rig_join(&first);
	return (struct before){ rig_threads() + 1, rig_descriptors() };
}

static void
expect_nothing_left(struct before before)
{
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_msg(rig_settles_at(before.threads, before.descriptors),
		      "%d threads, %d descriptors instead of %d, %d",
		      rig_threads(), rig_descriptors(), before.threads,
		      before.descriptors);
}

static void
expect_up_and_down(gen_sctp_socket_t server)
{
	struct gen_sctp_event event;
	gen_sctp_assoc_id_t id;

	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_expect_event(server, GEN_SCTP_SHUTDOWN, &event);
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP),
			  id);
}

static void
connect_to(gen_sctp_socket_t s, gen_sctp_socket_t server,
	   struct gen_sctp_assoc_change *ac)
{
	rig_aim(s, server);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", gen_sctp_port(server),
					  NULL, 0, RIG_PATIENCE, ac),
			 0);
}

START_TEST(a_thousand_associations_one_after_the_other_leave_nothing)
{
	gen_sctp_socket_t server, s;
	struct gen_sctp_assoc_change ac;
	struct before before = before_all();
	int i;

	/* The end of one path would be overtaken by the other one's ABORT. */
	if (!rig_keeps_order())
		return;
	server = rig_listener();
	for (i = 0; i < CYCLES; i++) {
		s = rig_open(0, NULL, 0);
		connect_to(s, server, &ac);
		rig_close(s);
		expect_up_and_down(server);
	}
	rig_expect_nothing(server);
	rig_close(server);
	expect_nothing_left(before);
}
END_TEST

/* ------------------------------------------------------- many at one time */

struct one {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t id;
	bool told, heard;
};

static struct one *
find_one(struct one *all, gen_sctp_assoc_id_t id)
{
	int i;

	for (i = 0; i < MANY; i++)
		if (all[i].id == id)
			return &all[i];
	ck_abort_msg("no association %u", (unsigned int)id);
	return NULL;
}

/* The hub has all the associations; each of the others has one. Data goes both
 * ways on each, and is not mistaken for another's. */
static void
exchange_with_all(gen_sctp_socket_t hub, struct one *at_hub, struct one *others)
{
	struct gen_sctp_msg msg;
	char text[40];
	int i, n;

	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "from hub to %d", i);
		rig_send(hub, at_hub[i].id, 0, text, strlen(text));
		snprintf(text, sizeof(text), "%d", i);
		rig_send(others[i].s, others[i].id, 0, text, strlen(text));
	}
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "from hub to %d", i);
		rig_expect_text(others[i].s, text);
	}
	for (i = 0; i < MANY; i++) {
		n = rig_recv(hub, text, sizeof(text) - 1, &msg);
		ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
		text[n] = '\0';
		ck_assert_ptr_eq(&at_hub[atoi(text)],
				 find_one(at_hub, msg.info.assoc_id));
		ck_assert(!at_hub[atoi(text)].heard);
		at_hub[atoi(text)].heard = true;
		gen_sctp_msg_free(&msg);
	}
}

static struct one at_hub[MANY], others[MANY];

START_TEST(five_hundred_sockets_connect_to_one)
{
	struct gen_sctp_assoc_change ac;
	struct before before = before_all();
	int i;
	gen_sctp_socket_t hub;

	hub = rig_listener();
	for (i = 0; i < MANY; i++) {
		others[i].s = rig_open(0, NULL, 0);
		connect_to(others[i].s, hub, &ac);
		others[i].id = ac.assoc_id;
		at_hub[i].id = rig_expect_change(hub, GEN_SCTP_COMM_UP);
	}
	exchange_with_all(hub, at_hub, others);
	for (i = 0; i < MANY; i++)
		rig_close(others[i].s);
	rig_close(hub);
	expect_nothing_left(before);
}
END_TEST

/* All handshakes under way at once. */
START_TEST(one_socket_connects_to_five_hundred)
{
	struct before before = before_all();
	int i, port;
	gen_sctp_socket_t hub;
	struct gen_sctp_addr to;

	hub = rig_open(0, NULL, 0);
	for (i = 0; i < MANY; i++) {
		others[i].s = rig_listener();
		port = gen_sctp_port(others[i].s);
		to = rig_addr("127.0.0.1", port);
		rig_aim(hub, others[i].s);
		ck_assert_int_eq(gen_sctp_connectx_init(hub, &to, 1, NULL, 0,
							&at_hub[i].id),
				 0);
	}
	for (i = 0; i < MANY; i++)
		find_one(at_hub, rig_expect_change(hub, GEN_SCTP_COMM_UP))
			->told = true;
	for (i = 0; i < MANY; i++) {
		ck_assert(at_hub[i].told);
		others[i].id = rig_expect_change(others[i].s, GEN_SCTP_COMM_UP);
	}
	exchange_with_all(hub, at_hub, others);
	rig_close(hub);
	for (i = 0; i < MANY; i++)
		rig_close(others[i].s);
	expect_nothing_left(before);
}
END_TEST

START_TEST(all_closed_and_opened_again_a_hundred_times)
{
	struct before before = before_all();
	struct rig_pair p;
	int i;

	for (i = 0; i < REOPENINGS; i++) {
		rig_pair_open(&p);
		rig_send(p.client, p.client_assoc, 0, "hello", 5);
		rig_expect_text(p.server, "hello");
		rig_pair_close(&p);
		expect_nothing_left(before);
	}
}
END_TEST

/* ------------------------------------------------ close with data on its way
 */

#define PIECE  10000
#define PIECES 100

/* More than the receiver takes before it is read from. */
static void
open_with_data_in_flight(struct rig_pair *p, struct gen_sctp_linger linger)
{
	struct gen_sctp_opt opts[] = { gen_sctp_opt_recbuf(65536) };
	static uint8_t data[PIECE];
	int i;

	p->server = rig_open(0, opts, 1);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	p->client = rig_open(0, NULL, 0);
	rig_set(p->client, gen_sctp_opt_sndbuf(2 * PIECE * PIECES));
	rig_set(p->client, gen_sctp_opt_linger(linger));
	rig_connect(p, "127.0.0.1");
	for (i = 0; i < PIECES; i++) {
		rig_fill(data, sizeof(data), (unsigned int)i);
		rig_send(p->client, p->client_assoc, 0, data, sizeof(data));
	}
}

static void
expect_the_pieces(void *arg)
{
	const gen_sctp_socket_t *server = arg;
	static uint8_t data[PIECE];
	struct gen_sctp_event event;
	int i;

	for (i = 0; i < PIECES; i++) {
		rig_fill(data, sizeof(data), (unsigned int)i);
		rig_expect_data(*server, data, sizeof(data));
	}
	rig_expect_event(*server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(*server, GEN_SCTP_SHUTDOWN_COMP);
}

START_TEST(close_delivers_in_the_background)
{
	struct rig_pair p;
	int64_t began;

	open_with_data_in_flight(&p, (struct gen_sctp_linger){ .on = false });
	began = rig_now();
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - began, 500);
	expect_the_pieces(&p.server);
	rig_close(p.server);
}
END_TEST

START_TEST(close_with_linger_waits_for_the_reader)
{
	struct gen_sctp_linger linger = { .on = true, .seconds = 20 };
	struct rig_thread reader;
	struct rig_pair p;
	int64_t began;

	open_with_data_in_flight(&p, linger);
	rig_start(&reader, expect_the_pieces, &p.server);
	began = rig_now();
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - began, 20000);
	/* Nothing is left to do for the library. */
	ck_assert_int_eq(gen_sctp_drain(0), 0);
	rig_join(&reader);
	rig_close(p.server);
}
END_TEST

START_TEST(close_with_linger_gives_up_waiting_and_delivers_all_the_same)
{
	struct gen_sctp_linger linger = { .on = true, .seconds = 1 };
	struct rig_pair p;
	int64_t began;

	open_with_data_in_flight(&p, linger);
	began = rig_now();
	rig_close(p.client);
	ck_assert_int_ge(rig_now() - began, 990);
	ck_assert_int_eq(gen_sctp_drain(0), -ETIMEDOUT);
	expect_the_pieces(&p.server);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	rig_close(p.server);
}
END_TEST

START_TEST(close_with_linger_zero_aborts)
{
	struct gen_sctp_linger linger = { .on = true, .seconds = 0 };
	struct gen_sctp_msg msg;
	static uint8_t data[PIECE];
	struct rig_pair p;
	int64_t began;
	int pieces = 0;

	open_with_data_in_flight(&p, linger);
	began = rig_now();
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - began, 500);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	while (rig_recv(p.server, data, sizeof(data), &msg) > 0)
		pieces++;
	ck_assert_int_lt(pieces, PIECES);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg.event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	gen_sctp_msg_free(&msg);
	rig_close(p.server);
}
END_TEST

/* The receiver goes, not the sender: what it did not take is lost, and its
 * sender is told. */
START_TEST(close_of_a_receiver_ends_its_sender_s_association)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	char buf[64];

	open_with_data_in_flight(&p, (struct gen_sctp_linger){ .on = false });
	rig_close(p.server);
	do
		rig_recv(p.client, buf, sizeof(buf), &msg);
	while (msg.event.type != GEN_SCTP_ASSOC_CHANGE);
	ck_assert(msg.event.u.assoc_change.state == GEN_SCTP_COMM_LOST ||
		  msg.event.u.assoc_change.state == GEN_SCTP_SHUTDOWN_COMP);
	gen_sctp_msg_free(&msg);
	rig_close(p.client);
}
END_TEST

static Suite *
scale_suite(void)
{
	Suite *suite = suite_create("scale");
	TCase *tc = tcase_create("many");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, a_thousand_associations_one_after_the_other_leave_nothing);
	tcase_add_test(tc, five_hundred_sockets_connect_to_one);
	tcase_add_test(tc, one_socket_connects_to_five_hundred);
	tcase_add_test(tc, all_closed_and_opened_again_a_hundred_times);
	suite_add_tcase(suite, tc);

	tc = tcase_create("close");
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, close_delivers_in_the_background);
	tcase_add_test(tc, close_with_linger_waits_for_the_reader);
	tcase_add_test(
		tc,
		close_with_linger_gives_up_waiting_and_delivers_all_the_same);
	tcase_add_test(tc, close_with_linger_zero_aborts);
	tcase_add_test(tc, close_of_a_receiver_ends_its_sender_s_association);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { scale_suite, NULL };

	return run_suites(suites, argc, argv);
}
