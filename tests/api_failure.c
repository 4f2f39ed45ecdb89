/*
 * Messages that fail: how many, whole or in part, and what is left of them at
 * the peer.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define LARGE	     100000
#define SMALL_BUFFER 65536

static uint8_t out[1 << 20], in[1 << 20];

/* ------------------------------------------------------------------- rig */

/* A client whose messages are kept, with a relay in between, and a server with
 * a small window. */
static struct relay *
open_keeping(struct rig_pair *p)
{
	rig_pair_open_one_path(p);
	rig_set(p->server, gen_sctp_opt_recbuf(SMALL_BUFFER));
	rig_set(p->client, gen_sctp_opt_keep_for_failure(true));
	return rig_connect_relayed(p);
}

/* It also retransmits soon. */
static struct relay *
open_lossy(struct rig_pair *p)
{
	struct relay *r = open_keeping(p);

	rig_impatient_assoc(p->client, p->client_assoc, 50);
	return r;
}

static struct gen_sctp_outgoing
message(const struct rig_pair *p, const void *data, size_t len)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	m.info.assoc_id = p->client_assoc;
	m.info.stream = 2;
	m.info.ppid = 3;
	m.info.context = 4;
	m.info.flags = GEN_SCTP_UNORDERED;
	m.data = data;
	m.len = len;
	return m;
}

static void
sendv(gen_sctp_socket_t s, const struct gen_sctp_outgoing *m)
{
	ck_assert_int_eq(gen_sctp_sendv(s, m, NULL), 0);
}

static void
send_filled(const struct rig_pair *p, size_t len, unsigned int seed)
{
	struct gen_sctp_outgoing m = message(p, out, len);

	rig_fill(out, len, seed);
	sendv(p->client, &m);
}

/* The next is a send_failed of that message, as it was sent. */
static void
expect_whole(const struct rig_pair *p, size_t len, unsigned int seed)
{
	const struct gen_sctp_outgoing m = message(p, out, len);
	struct gen_sctp_sndrcvinfo info;

	rig_fill(out, len, seed);
	rig_expect_failed_whole(p->client, out, len, &info);
	ck_assert_int_eq(memcmp(&info, &m.info, sizeof(info)), 0);
}

/* Of a message larger than its window the server gets, and acknowledges, the
 * first packet and no more. */
static void
deliver_a_part(const struct rig_pair *p, struct relay *r, size_t len,
	       unsigned int seed)
{
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	send_filled(p, len, seed);
	relay_let(r, RELAY_TO_SERVER, 1);
	relay_await(r, RELAY_TO_CLIENT, CHUNK_SACK, 1);
	/* The acknowledgement brings the next one. */
	relay_await(r, RELAY_TO_SERVER, CHUNK_DATA, 2);
	relay_set_both(r, RELAY_LOSE);
}

static int
prstatus(gen_sctp_socket_t s, enum gen_sctp_opt_name name,
	 struct gen_sctp_prstatus *status)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(name);
	int result;

	opt.value.prstatus = *status;
	result = gen_sctp_getopts(s, &opt, 1, NULL);
	*status = opt.value.prstatus;
	return result;
}

static bool
is_given_up(void *arg)
{
	const struct rig_pair *p = arg;
	struct gen_sctp_prstatus status = { .assoc_id = p->client_assoc };

	ck_assert_int_eq(
		prstatus(p->client, GEN_SCTP_OPT_PR_ASSOC_STATUS, &status), 0);
	return status.abandoned_sent > 0;
}

/* -------------------------------------------------------- keep_for_failure */

START_TEST(a_message_that_arrived_in_part_comes_back_whole)
{
	struct rig_pair p;
	struct relay *r = open_keeping(&p);

	deliver_a_part(&p, r, LARGE, 1);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	expect_whole(&p, LARGE, 1);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* Alike in all but their bytes. */
START_TEST(each_message_comes_back_once)
{
	const unsigned int count = 8;
	struct rig_pair p;
	struct relay *r = open_keeping(&p);
	unsigned int i;

	relay_set_both(r, RELAY_LOSE);
	for (i = 0; i < count; i++)
		send_filled(&p, i % 2 ? LARGE : 10, i);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	for (i = 0; i < count; i++)
		expect_whole(&p, i % 2 ? LARGE : 10, i);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_message_that_is_given_up_comes_back_whole)
{
	struct gen_sctp_outgoing m;
	struct rig_pair p;
	struct relay *r = open_lossy(&p);

	relay_set_both(r, RELAY_LOSE);
	rig_fill(out, LARGE, 1);
	m = message(&p, out, LARGE);
	m.prinfo.policy = GEN_SCTP_PR_RTX;
	sendv(p.client, &m);
	expect_whole(&p, LARGE, 1);
	relay_set_both(r, RELAY_PASS);
	rig_send(p.client, p.client_assoc, 0, "next", 4);
	rig_expect_text(p.server, "next");
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(an_association_keeps_as_it_was_set_up)
{
	const size_t len = 20;
	struct rig_pair p;
	struct relay *r = open_keeping(&p);
	struct gen_sctp_opt got =
		gen_sctp_opt_get(GEN_SCTP_OPT_KEEP_FOR_FAILURE);

	rig_set(p.client, gen_sctp_opt_keep_for_failure(false));
	ck_assert_int_eq(gen_sctp_getopts(p.client, &got, 1, NULL), 0);
	ck_assert(!got.value.flag);
	relay_set_both(r, RELAY_LOSE);
	send_filled(&p, len, 1);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	expect_whole(&p, len, 1);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

static unsigned int
send_until_full(const struct rig_pair *p, size_t len)
{
	struct gen_sctp_outgoing m = message(p, out, len);
	unsigned int n = 0;
	int result;

	rig_set(p->client, gen_sctp_opt_non_block_send(true));
	while ((result = gen_sctp_sendv(p->client, &m, NULL)) == 0)
		n++;
	ck_assert_int_eq(result, -EAGAIN);
	return n;
}

START_TEST(copies_are_never_more_than_the_send_buffer)
{
	const size_t len = 50;
	struct rig_pair p;
	struct relay *r;
	unsigned int n;

	rig_pair_open_one_path(&p);
	rig_set(p.client, gen_sctp_opt_sndbuf(SMALL_BUFFER));
	rig_set(p.client, gen_sctp_opt_keep_for_failure(true));
	r = rig_connect_relayed(&p);
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	n = send_until_full(&p, len);
	ck_assert_uint_gt(n, 100);
	ck_assert_uint_lt(n, SMALL_BUFFER / len);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	rig_await_acknowledged(p.client, p.client_assoc);
	ck_assert_uint_gt(send_until_full(&p, len), 100);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_failure_that_was_not_read_yet_keeps_its_copy)
{
	struct gen_sctp_outgoing m;
	struct rig_pair p;
	struct relay *r = open_lossy(&p);
	unsigned int i, n;

	rig_set(p.client, gen_sctp_opt_sndbuf(SMALL_BUFFER));
	relay_set_both(r, RELAY_LOSE);
	rig_fill(out, 30000, 1);
	m = message(&p, out, 30000);
	m.prinfo.policy = GEN_SCTP_PR_RTX;
	sendv(p.client, &m);
	ck_assert(rig_until(is_given_up, &p));
	relay_set_both(r, RELAY_PASS);
	n = send_until_full(&p, 1000);
	for (i = 0; i < n; i++)
		rig_expect_data(p.server, out, 1000);
	rig_await_acknowledged(p.client, p.client_assoc);
	ck_assert_uint_eq(send_until_full(&p, 10000), 0);
	expect_whole(&p, 30000, 1);
	ck_assert_uint_gt(send_until_full(&p, 1000), 0);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_send_after_the_end_leaves_the_copies)
{
	const size_t len = 1000;
	struct gen_sctp_outgoing m;
	struct rig_pair p;
	struct relay *r = open_keeping(&p);
	unsigned int i, n;

	rig_set(p.client, gen_sctp_opt_sndbuf(SMALL_BUFFER));
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	n = send_until_full(&p, len);
	ck_assert_int_eq(gen_sctp_abort(p.server, p.server_assoc), 0);
	rig_await_end(p.client, p.client_assoc);
	m = message(&p, out, len);
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EPIPE);
	for (i = 0; i < n; i++)
		rig_expect_failed_whole(p.client, out, len, &m.info);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

static void
send_many(void *arg)
{
	const struct rig_pair *p = arg;
	unsigned int i;

	for (i = 0; i < 2000; i++)
		rig_send(p->client, p->client_assoc, (int)i % 3, out, 1000);
}

START_TEST(a_sender_goes_on_when_all_are_delivered)
{
	struct rig_thread sender;
	struct rig_pair p;
	unsigned int i;

	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	rig_set(p.client, gen_sctp_opt_sndbuf(SMALL_BUFFER));
	rig_set(p.client, gen_sctp_opt_keep_for_failure(true));
	rig_connect(&p, "127.0.0.1");
	rig_start(&sender, send_many, &p);
	for (i = 0; i < 2000; i++)
		rig_expect_data(p.server, out, 1000);
	rig_join(&sender);
	rig_expect_nothing(p.client);
	rig_pair_close(&p);
}
END_TEST

/* Messages may leave with the cookie. */
START_TEST(what_was_sent_with_a_lost_cookie_comes_back_whole)
{
	struct gen_sctp_addr to;
	struct gen_sctp_outgoing m;
	struct rig_pair p;
	struct relay *r;

	rig_pair_open_one_path(&p);
	rig_set(p.client, gen_sctp_opt_keep_for_failure(_i == 1));
	r = relay_open(rig_udp_port(p.server), 0);
	relay_set_both(r, RELAY_LOSE);
	relay_let(r, RELAY_TO_SERVER, 1);
	relay_let(r, RELAY_TO_CLIENT, 1);
	rig_aim_at(p.client, relay_port_for_client(r));
	rig_impatient(p.client, 50);
	to = rig_addr("127.0.0.1", gen_sctp_port(p.server));
	p.client_assoc = 0;
	m = message(&p, out, LARGE);
	m.info.flags = 0;
	m.to = &to;
	m.to_count = 1;
	rig_fill(out, LARGE, 1);
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, &p.client_assoc), 0);
	relay_await(r, RELAY_TO_SERVER, CHUNK_COOKIE_ECHO, 1);
	rig_expect_failed_whole(p.client, out, LARGE, &m.info);
	ck_assert_uint_eq(m.info.assoc_id, p.client_assoc);
	rig_expect_change(p.client, GEN_SCTP_CANT_ASSOC);
	rig_expect_nothing(p.client);
	rig_close(p.client);
	rig_close(p.server);
	rig_relay_close(r);
}
END_TEST

/* ----------------------------------------------------------- pr_supported */

static bool
pr_supported(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_PR_SUPPORTED);

	opt.value.supported.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.supported.assoc_id, assoc);
	return opt.value.supported.on;
}

START_TEST(without_pr_supported_every_message_is_reliable)
{
	const struct gen_sctp_supported off = { .on = false };
	struct gen_sctp_outgoing m;
	struct rig_pair p;
	struct relay *r;

	rig_pair_open_one_path(&p);
	ck_assert(pr_supported(p.client, 0));
	rig_set(_i ? p.client : p.server, gen_sctp_opt_pr_supported(off));
	rig_impatient_assoc(p.client, 0, 50);
	r = rig_connect_relayed(&p);
	ck_assert(!pr_supported(p.client, p.client_assoc));
	ck_assert(!pr_supported(p.server, p.server_assoc));
	relay_set_both(r, RELAY_LOSE);
	m = message(&p, "reliable", 8);
	m.prinfo.policy = GEN_SCTP_PR_RTX;
	sendv(p.client, &m);
	relay_await(r, RELAY_TO_SERVER, CHUNK_DATA, 2);
	relay_set_both(r, RELAY_PASS);
	rig_expect_text(p.server, "reliable");
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(pr_supported_is_settled_with_the_association)
{
	struct gen_sctp_supported off = { .on = false };
	struct gen_sctp_opt opt;
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert(pr_supported(p.client, p.client_assoc));
	off.assoc_id = p.client_assoc;
	opt = gen_sctp_opt_pr_supported(off);
	ck_assert_int_eq(gen_sctp_setopts(p.client, &opt, 1, NULL), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

/* -------------------------------------------------------------- prstatus */

static const struct {
	enum gen_sctp_opt_name name;
	struct gen_sctp_prstatus in; /* assoc_id 1: the association */
	int result;
	uint64_t sent;
} counted[] = {
	{ GEN_SCTP_OPT_PR_ASSOC_STATUS, { .assoc_id = 1 }, 0, 2 },
	{ GEN_SCTP_OPT_PR_ASSOC_STATUS,
	  { .assoc_id = 1, .policy = GEN_SCTP_PR_RTX },
	  0,
	  2 },
	{ GEN_SCTP_OPT_PR_ASSOC_STATUS,
	  { .assoc_id = 1, .policy = GEN_SCTP_PR_TTL },
	  0,
	  0 },
	{ GEN_SCTP_OPT_PR_STREAM_STATUS, { .assoc_id = 1, .stream = 2 }, 0, 2 },
	{ GEN_SCTP_OPT_PR_STREAM_STATUS, { .assoc_id = 1, .stream = 1 }, 0, 0 },
	{ GEN_SCTP_OPT_PR_STREAM_STATUS,
	  { .assoc_id = 1, .stream = 5000 },
	  -EINVAL,
	  0 },
	{ GEN_SCTP_OPT_PR_STREAM_STATUS,
	  { .assoc_id = 1, .stream = 2, .policy = GEN_SCTP_PR_RTX },
	  -EINVAL,
	  0 },
	{ GEN_SCTP_OPT_PR_ASSOC_STATUS,
	  { .assoc_id = 1, .policy = GEN_SCTP_PR_NONE },
	  -EINVAL,
	  0 },
	{ GEN_SCTP_OPT_PR_ASSOC_STATUS, { .assoc_id = 0 }, -EINVAL, 0 },
};
#define COUNTED (sizeof(counted) / sizeof(counted[0]))

static void
expect_count(const struct rig_pair *p, size_t i)
{
	struct gen_sctp_prstatus status = counted[i].in;

	if (status.assoc_id != 0)
		status.assoc_id = p->client_assoc;
	ck_assert_int_eq(prstatus(p->client, counted[i].name, &status),
			 counted[i].result);
	if (counted[i].result != 0)
		return;
	ck_assert_uint_eq(status.assoc_id, p->client_assoc);
	ck_assert_uint_eq(status.abandoned_sent, counted[i].sent);
	ck_assert_uint_eq(status.abandoned_unsent, 0);
}

START_TEST(messages_given_up_are_counted)
{
	struct gen_sctp_outgoing m;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = open_lossy(&p);
	size_t i;

	relay_set_both(r, RELAY_LOSE);
	m = message(&p, "x", 1);
	m.prinfo.policy = GEN_SCTP_PR_RTX;
	for (i = 0; i < 2; i++) {
		sendv(p.client, &m);
		rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
		gen_sctp_msg_free(&msg);
	}
	for (i = 0; i < COUNTED; i++)
		expect_count(&p, i);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ------------------------------------------------- at the peer: delivery */

static bool
window_is_shut(void *arg)
{
	const struct rig_pair *p = arg;

	return rig_status(p->client, p->client_assoc).rwnd == 0;
}

/* The parts of a message that will not be whole: how many bytes, up to the
 * event. */
static size_t
receive_cut_short(gen_sctp_socket_t s, struct gen_sctp_msg *msg)
{
	size_t got = 0;
	int n;

	while ((n = rig_recv(s, in, sizeof(in), msg)) > 0) {
		ck_assert(!msg->eor);
		got += (size_t)n;
	}
	ck_assert_int_eq(n, GEN_SCTP_EEVENT);
	return got;
}

/* Its beginning fills the peer's buffer, the rest is given up. */
START_TEST(a_message_given_up_while_it_is_delivered_is_one_pdapi_event)
{
	const size_t len = 5 * LARGE;
	struct gen_sctp_outgoing m;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = open_lossy(&p);
	size_t got;

	rig_fill(out, len, 1);
	m = message(&p, out, len);
	m.info.flags = 0;
	m.prinfo.policy = GEN_SCTP_PR_RTX;
	sendv(p.client, &m);
	ck_assert(rig_until(window_is_shut, &p));
	ck_assert_int_eq(rig_recv(p.server, in, 1000, &msg), 1000);
	ck_assert(!msg.eor);
	relay_set_both(r, RELAY_LOSE);
	rig_expect_failed_whole(p.client, out, len, &m.info);
	relay_set_both(r, RELAY_PASS);
	rig_send(p.client, p.client_assoc, 2, "next", 4);
	got = receive_cut_short(p.server, &msg);
	ck_assert_uint_gt(got, 0);
	ck_assert_uint_lt(got, len - 1000);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PDAPI);
	ck_assert_uint_eq(msg.event.u.pdapi.stream, 2);
	gen_sctp_msg_free(&msg);
	rig_expect_text(p.server, "next");
	rig_expect_nothing(p.server);
	rig_pair_close_relayed(&p, r);
}
END_TEST

static const struct {
	int64_t asked; /* 0: the default */
	bool in_parts;
} points[] = { { 0, false }, { 4096, true }, { 1 << 30, false } };
#define POINTS (sizeof(points) / sizeof(points[0]))

/* Half of a message is there, the other is held up. */
START_TEST(parts_are_delivered_from_the_partial_delivery_point_on)
{
	struct rig_pair p;
	struct gen_sctp_msg msg;
	struct relay *r;

	rig_pair_open_one_path(&p);
	if (points[_i].asked != 0)
		rig_set(p.server,
			gen_sctp_opt_partial_delivery_point(points[_i].asked));
	r = rig_connect_relayed(&p);
	deliver_a_part(&p, r, LARGE, 1);
	if (points[_i].in_parts) {
		ck_assert_int_eq(rig_recv(p.server, in, 4096, &msg), 4096);
		ck_assert(!msg.eor);
		ck_assert(rig_filled(in, 4096, 1));
	} else {
		rig_expect_nothing(p.server);
	}
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_partial_delivery_point_is_read_back_and_has_bounds)
{
	static const int64_t bad[] = { -1, 0, 4095, ((int64_t)1 << 30) + 1 };
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_PARTIAL_DELIVERY_POINT);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	size_t i;

	rig_set(s, gen_sctp_opt_partial_delivery_point(5000));
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_int_eq(opt.value.number, 5000);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		opt = gen_sctp_opt_partial_delivery_point(bad[i]);
		ck_assert_int_eq(gen_sctp_setopts(s, &opt, 1, NULL), -EINVAL);
	}
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static void
add_keeping(Suite *suite)
{
	TCase *tc = tcase_create("keep_for_failure");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_message_that_arrived_in_part_comes_back_whole);
	tcase_add_test(tc, each_message_comes_back_once);
	tcase_add_test(tc, a_message_that_is_given_up_comes_back_whole);
	tcase_add_test(tc, an_association_keeps_as_it_was_set_up);
	tcase_add_test(tc, copies_are_never_more_than_the_send_buffer);
	tcase_add_test(tc, a_failure_that_was_not_read_yet_keeps_its_copy);
	tcase_add_test(tc, a_send_after_the_end_leaves_the_copies);
	tcase_add_test(tc, a_sender_goes_on_when_all_are_delivered);
	tcase_add_loop_test(
		tc, what_was_sent_with_a_lost_cookie_comes_back_whole, 0, 2);
	suite_add_tcase(suite, tc);
}

static void
add_giving_up(Suite *suite)
{
	TCase *tc = tcase_create("giving up");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, without_pr_supported_every_message_is_reliable,
			    0, 2);
	tcase_add_test(tc, pr_supported_is_settled_with_the_association);
	tcase_add_test(tc, messages_given_up_are_counted);
	tcase_add_test(
		tc,
		a_message_given_up_while_it_is_delivered_is_one_pdapi_event);
	tcase_add_loop_test(
		tc, parts_are_delivered_from_the_partial_delivery_point_on, 0,
		POINTS);
	tcase_add_test(tc,
		       a_partial_delivery_point_is_read_back_and_has_bounds);
	suite_add_tcase(suite, tc);
}

static Suite *
failure_suite(void)
{
	Suite *suite = suite_create("failure");

	add_keeping(suite);
	add_giving_up(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { failure_suite, NULL };

	return run_suites(suites, argc, argv);
}
