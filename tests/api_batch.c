/*
 * Many messages with one call: sendmmsg and recvmmsg.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define MANY 2000 /* more than one call takes */
#define MOST 1024
#define ROOM 4096

static struct rig_pair pair;
static struct gen_sctp_outgoing out[MANY];
static gen_sctp_assoc_id_t assocs[MANY];
static uint8_t sent[MANY][ROOM];
static struct gen_sctp_incoming in[MANY];
static uint8_t received[MANY][ROOM];

/* ------------------------------------------------------------------- rig */

static size_t
length(size_t i)
{
	return 1 + i * 37 % ROOM;
}

/* Messages of many lengths for an association, each unlike the others. */
static void
prepare_out(gen_sctp_assoc_id_t id, size_t n)
{
	const struct gen_sctp_outgoing fresh = GEN_SCTP_OUTGOING_INIT;
	size_t i;

	for (i = 0; i < n; i++) {
		out[i] = fresh;
		out[i].info.assoc_id = id;
		out[i].info.ppid = (uint32_t)i;
		out[i].data = sent[i];
		out[i].len = length(i);
		rig_fill(sent[i], length(i), (unsigned int)i);
		assocs[i] = 0;
	}
}

static void
prepare_in(size_t room)
{
	const struct gen_sctp_msg fresh = GEN_SCTP_MSG_INIT;
	size_t i;

	for (i = 0; i < MANY; i++)
		in[i] = (struct gen_sctp_incoming){ .buf = received[i],
						    .size = room,
						    .msg = fresh };
}

static void
acknowledge_at_once(void)
{
	const struct gen_sctp_assoc_value value = {
		.set = GEN_SCTP_ASSOC_VALUE,
		.assoc_id = pair.server_assoc,
	};

	rig_set(pair.server, gen_sctp_opt_delayed_ack_time(value));
}

/* Addresses are confirmed at any time. */
static void
prepare_pair(void)
{
	gen_sctp_subscribe(pair.client, GEN_SCTP_ADDRESS_EVENT, false);
	gen_sctp_subscribe(pair.server, GEN_SCTP_ADDRESS_EVENT, false);
	rig_set(pair.client, gen_sctp_opt_nodelay(true));
	acknowledge_at_once();
	prepare_out(pair.client_assoc, MANY);
	prepare_in(ROOM);
}

static void
open_pair(void)
{
	rig_pair_open(&pair);
	prepare_pair();
}

static void
close_pair(void)
{
	rig_pair_close(&pair);
	gen_sctp_drain(RIG_PATIENCE);
}

static int
send_many(size_t n)
{
	return gen_sctp_sendmmsg(pair.client, out, n, assocs);
}

static int
receive_many(size_t n, int timeout_ms)
{
	return gen_sctp_recvmmsg(pair.server, in, n, timeout_ms);
}

static void
await_arrival(void)
{
	rig_await_acknowledged(pair.client, pair.client_assoc);
}

/* in[at] is message i, whole. */
static void
expect_message(size_t at, size_t i)
{
	ck_assert_int_eq(in[at].msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert(in[at].msg.eor);
	ck_assert_int_eq(in[at].result, (int)length(i));
	ck_assert_uint_eq(in[at].msg.len, length(i));
	ck_assert_ptr_eq(in[at].msg.data, received[at]);
	ck_assert(rig_filled(received[at], length(i), (unsigned int)i));
	ck_assert_uint_eq(in[at].msg.info.ppid, i);
	ck_assert_uint_eq(in[at].msg.socket, pair.server);
	gen_sctp_msg_free(&in[at].msg);
}

static void
expect_event(size_t at, enum gen_sctp_event_type type)
{
	ck_assert_int_eq(in[at].result, 0);
	ck_assert_int_eq(in[at].msg.kind, GEN_SCTP_MSG_EVENT);
	ck_assert_int_eq(in[at].msg.event.type, type);
	gen_sctp_msg_free(&in[at].msg);
}

/* ------------------------------------------------------------------ order */

static void
send_all(void *arg)
{
	size_t at = 0;
	int n;

	(void)arg;
	while (at < MANY) {
		n = gen_sctp_sendmmsg(pair.client, out + at, MANY - at, NULL);
		ck_assert_int_gt(n, 0);
		ck_assert_int_le(n, MOST);
		at += (size_t)n;
	}
}

/* More than all buffers hold. */
START_TEST(all_that_is_sent_arrives_in_order)
{
	struct rig_thread t;
	size_t total = 0, i;
	int n;

	rig_set(pair.client, gen_sctp_opt_sndbuf(65536));
	rig_start(&t, send_all, NULL);
	while (total < MANY) {
		n = receive_many(MANY, RIG_PATIENCE);
		ck_assert_int_gt(n, 0);
		ck_assert_int_le(n, MOST);
		for (i = 0; i < (size_t)n; i++)
			expect_message(i, total + i);
		total += (size_t)n;
	}
	rig_join(&t);
}
END_TEST

START_TEST(a_receiver_takes_what_is_there_and_no_more_than_it_asks_for)
{
	size_t i;

	ck_assert_int_eq(send_many(10), 10);
	await_arrival();
	ck_assert_int_eq(receive_many(4, -1), 4);
	ck_assert_int_eq(receive_many(MANY, 0), 6);
	for (i = 0; i < 6; i++)
		expect_message(i, 4 + i);
	ck_assert_int_eq(receive_many(MANY, 0), -ETIMEDOUT);
	ck_assert_int_eq(receive_many(MANY, 10), -ETIMEDOUT);
}
END_TEST

static void
send_one_later(void *arg)
{
	(void)arg;
	rig_await_receiver(pair.server);
	ck_assert_int_eq(send_many(1), 1);
}

START_TEST(a_receiver_waits_for_the_first_alone)
{
	struct rig_thread t;

	rig_start(&t, send_one_later, NULL);
	ck_assert_int_eq(receive_many(MANY, -1), 1);
	expect_message(0, 0);
	rig_join(&t);
}
END_TEST

START_TEST(events_come_in_their_order_and_errors_among_them)
{
	size_t last;
	int n;

	ck_assert_int_eq(send_many(3), 3);
	await_arrival();
	ck_assert_int_eq(gen_sctp_eof(pair.client, pair.client_assoc), 0);
	rig_await_end(pair.server, pair.server_assoc);
	n = receive_many(MANY, RIG_PATIENCE);
	ck_assert_int_ge(n, 5);
	expect_message(0, 0);
	expect_message(1, 1);
	expect_message(2, 2);
	last = (size_t)n - 1;
	expect_event(last - 1, GEN_SCTP_SHUTDOWN);
	ck_assert_int_eq(in[last].msg.event.u.assoc_change.state,
			 GEN_SCTP_SHUTDOWN_COMP);
	expect_event(last, GEN_SCTP_ASSOC_CHANGE);
}
END_TEST

START_TEST(an_error_event_does_not_end_the_call)
{
	struct relay *r;
	int n;

	close_pair();
	r = rig_pair_open_relayed(&pair);
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	prepare_pair();
	ck_assert_int_eq(send_many(2), 2);
	ck_assert_int_eq(gen_sctp_abort(pair.client, pair.client_assoc), 0);
	n = gen_sctp_recvmmsg(pair.client, in, MANY, RIG_PATIENCE);
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(in[0].result, GEN_SCTP_EEVENT);
	ck_assert_int_eq(in[0].msg.kind, GEN_SCTP_MSG_ERROR_EVENT);
	ck_assert_int_eq(in[1].result, GEN_SCTP_EEVENT);
	ck_assert_uint_eq(in[1].msg.event.u.send_failed.len, length(1));
	gen_sctp_msg_free(&in[0].msg);
	gen_sctp_msg_free(&in[1].msg);
	expect_event(2, GEN_SCTP_ASSOC_CHANGE);
	rig_pair_close_relayed(&pair, r);
	open_pair();
}
END_TEST

START_TEST(a_long_message_goes_on_in_the_next_buffer)
{
	uint8_t joined[ROOM];
	size_t at = 0;
	int n, i;

	ck_assert_int_eq(send_many(100), 100);
	await_arrival();
	prepare_in(1000);
	n = receive_many(MANY, RIG_PATIENCE);
	ck_assert_int_gt(n, 100);
	for (i = 0; i < n; i++) {
		ck_assert_uint_le(at + in[i].msg.len, sizeof(joined));
		memcpy(joined + at, in[i].msg.data, in[i].msg.len);
		at += in[i].msg.len;
		if (!in[i].msg.eor)
			continue;
		ck_assert(rig_filled(joined, at, in[i].msg.info.ppid));
		ck_assert_uint_eq(at, length(in[i].msg.info.ppid));
		at = 0;
	}
}
END_TEST

static void
stream_pair(gen_sctp_socket_t *a, gen_sctp_socket_t *b)
{
	ck_assert_int_eq(gen_sctp_peeloff(pair.client, pair.client_assoc, a),
			 0);
	ck_assert_int_eq(gen_sctp_peeloff(pair.server, pair.server_assoc, b),
			 0);
}

/* Of a stream socket the end is a message, for ever. */
START_TEST(the_end_of_a_stream_socket_is_received_alone)
{
	gen_sctp_socket_t a, b;
	int n, i;

	stream_pair(&a, &b);
	rig_close(a);
	do {
		n = gen_sctp_recvmmsg(b, in, MANY, RIG_PATIENCE);
		ck_assert_int_gt(n, 0);
		for (i = 0; i < n; i++)
			gen_sctp_msg_free(&in[i].msg);
	} while (in[0].msg.kind != GEN_SCTP_MSG_EOF);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(gen_sctp_recvmmsg(b, in, MANY, 0), 1);
	ck_assert_int_eq(in[0].msg.kind, GEN_SCTP_MSG_EOF);
	rig_close(b);
}
END_TEST

/* --------------------------------------------------------------- refusals */

START_TEST(what_fails_is_where_it_stops)
{
	const size_t bad = (size_t)_i;
	size_t i;

	out[bad].info.stream = 60000;
	ck_assert_int_eq(send_many(5), bad > 0 ? (int)bad : -EINVAL);
	for (i = 0; i < bad; i++)
		ck_assert_uint_eq(assocs[i], pair.client_assoc);
	ck_assert_uint_eq(assocs[bad], 0);
	ck_assert_int_eq(
		gen_sctp_sendmmsg(pair.client, out + bad, 5 - bad, NULL),
		-EINVAL);
	await_arrival();
	ck_assert_int_eq(receive_many(MANY, 0),
			 bad > 0 ? (int)bad : -ETIMEDOUT);
}
END_TEST

START_TEST(each_message_has_its_own_association)
{
	const struct gen_sctp_addr to =
		rig_addr("127.0.0.1", gen_sctp_port(pair.server));
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	size_t i;

	rig_aim(s, pair.server);
	prepare_out(0, 3);
	out[2].info.assoc_id = pair.client_assoc + 1000;
	for (i = 0; i < 2; i++) {
		out[i].to = &to;
		out[i].to_count = 1;
	}
	ck_assert_int_eq(gen_sctp_sendmmsg(s, out, 3, assocs), 2);
	ck_assert_uint_ne(assocs[0], 0);
	ck_assert_uint_eq(assocs[0], assocs[1]);
	ck_assert_int_eq(gen_sctp_sendmmsg(s, out + 2, 1, assocs), -EPIPE);
	rig_expect_change(s, GEN_SCTP_COMM_UP);
	rig_expect_change(pair.server, GEN_SCTP_COMM_UP);
	rig_expect_data(pair.server, sent[0], length(0));
	rig_expect_data(pair.server, sent[1], length(1));
	rig_close(s);
}
END_TEST

/* As many as there is room for; then none, whether it waits or not. */
START_TEST(a_full_buffer_is_where_it_stops)
{
	struct relay *r;
	int n;

	close_pair();
	r = rig_pair_open_relayed(&pair);
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	prepare_pair();
	rig_set(pair.client, gen_sctp_opt_sndbuf(65536));
	if (_i == 0)
		rig_set(pair.client, gen_sctp_opt_non_block_send(true));
	else
		rig_set(pair.client, gen_sctp_opt_send_timeout(20));
	n = send_many(MANY);
	ck_assert_int_gt(n, 10);
	ck_assert_int_lt(n, MOST);
	ck_assert_int_eq(gen_sctp_sendmmsg(pair.client, out + n, 1, NULL),
			 _i == 0 ? -EAGAIN : -ETIMEDOUT);
	rig_pair_close_relayed(&pair, r);
	open_pair();
}
END_TEST

START_TEST(records_are_checked)
{
	out[1].size--;
	ck_assert_int_eq(send_many(3), 1);
	ck_assert_int_eq(gen_sctp_sendmmsg(pair.client, out + 1, 1, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_sendmmsg(pair.client, NULL, 1, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_sendmmsg(pair.client, NULL, 0, NULL), 0);
	ck_assert_int_eq(receive_many(0, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_recvmmsg(pair.server, NULL, 1, 0), -EINVAL);
	ck_assert_int_eq(receive_many(1, -2), -EINVAL);
	in[1].size = 0;
	ck_assert_int_eq(receive_many(2, 0), -EINVAL);
	in[1].size = ROOM;
	in[1].buf = NULL;
	ck_assert_int_eq(receive_many(2, 0), -EINVAL);
	in[1].buf = received[1];
	in[1].msg.size = 0;
	ck_assert_int_eq(receive_many(2, 0), -EINVAL);
	await_arrival();
	ck_assert_int_eq(receive_many(1, 0), 1);
	expect_message(0, 0);
}
END_TEST

static void
receive_until_closed(void *arg)
{
	*(int *)arg = gen_sctp_recvmmsg(pair.server, in, MANY, -1);
}

START_TEST(sockets_are_refused_as_by_recv_and_sendv)
{
	struct rig_thread t;
	int result = 0;

	rig_start(&t, receive_until_closed, &result);
	rig_await_receiver(pair.server);
	ck_assert_int_eq(gen_sctp_recvmmsg(pair.server, in + 1, 1, 0),
			 -EALREADY);
	rig_close(pair.server);
	rig_join(&t);
	ck_assert_int_eq(result, -EBADF);
	ck_assert_int_eq(receive_many(1, 0), -EBADF);
	ck_assert_int_eq(gen_sctp_sendmmsg(pair.server, out, 1, NULL), -EBADF);
	ck_assert_int_eq(gen_sctp_sendmmsg(0, out, 1, NULL), -EINVAL);
	rig_set(pair.client, gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE));
	ck_assert_int_eq(gen_sctp_recvmmsg(pair.client, in, 1, 0), -EINVAL);
	rig_close(pair.client);
	gen_sctp_drain(RIG_PATIENCE);
	open_pair();
}
END_TEST

static Suite *
batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *tc = tcase_create("batch");

	tcase_add_checked_fixture(tc, open_pair, close_pair);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, all_that_is_sent_arrives_in_order);
	tcase_add_test(
		tc,
		a_receiver_takes_what_is_there_and_no_more_than_it_asks_for);
	tcase_add_test(tc, a_receiver_waits_for_the_first_alone);
	tcase_add_test(tc, events_come_in_their_order_and_errors_among_them);
	tcase_add_test(tc, an_error_event_does_not_end_the_call);
	tcase_add_test(tc, a_long_message_goes_on_in_the_next_buffer);
	tcase_add_test(tc, the_end_of_a_stream_socket_is_received_alone);
	tcase_add_loop_test(tc, what_fails_is_where_it_stops, 0, 4);
	tcase_add_test(tc, each_message_has_its_own_association);
	tcase_add_loop_test(tc, a_full_buffer_is_where_it_stops, 0, 2);
	tcase_add_test(tc, records_are_checked);
	tcase_add_test(tc, sockets_are_refused_as_by_recv_and_sendv);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { batch_suite, NULL };

	return run_suites(suites, argc, argv);
}
