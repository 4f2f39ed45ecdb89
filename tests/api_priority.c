/*
 * Messages of policy PRIO: while the peer reads nothing, less important ones
 * make room for more important ones.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define SIZE	       1000
#define SEND_BUFFER    65536
#define RECEIVE_BUFFER 16384
#define MOST	       200 /* messages of a test, all told */
/* ms until something is sent again, which is after what a test does meanwhile. */
#define LATER	       5000
#define STREAM	       2

static uint8_t out[SEND_BUFFER];

/* What was sent and is to arrive or to fail; its number is the context. */
struct sent {
	uint32_t value;
	bool failed;
};
struct full {
	struct rig_pair p;
	struct relay *relay;
	struct sent sent[MOST];
	uint32_t count;
	uint32_t before; /* messages that filled the peer's window */
};

/* ------------------------------------------------------------------- rig */

static struct gen_sctp_outgoing
message(const struct full *f, struct gen_sctp_prinfo prinfo, size_t len)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	m.info.assoc_id = f->p.client_assoc;
	m.info.stream = STREAM;
	m.info.ppid = 3;
	m.info.context = f->count;
	m.prinfo = prinfo;
	m.data = out;
	m.len = len;
	rig_fill(out, len, f->count);
	return m;
}

static int
sendv(struct full *f, const struct gen_sctp_outgoing *m)
{
	const int result = gen_sctp_sendv(f->p.client, m, NULL);

	ck_assert_uint_lt(f->count, MOST);
	if (result == 0)
		f->sent[f->count++] = (struct sent){ m->prinfo.value, false };
	return result;
}

static int
send_sized(struct full *f, uint32_t value, size_t len)
{
	const struct gen_sctp_prinfo prio = { GEN_SCTP_PR_PRIO, value };
	const struct gen_sctp_outgoing m = message(f, prio, len);

	return sendv(f, &m);
}

static int
send_prio(struct full *f, uint32_t value)
{
	return send_sized(f, value, SIZE);
}

static int
send_reliable(struct full *f)
{
	const struct gen_sctp_prinfo none = { GEN_SCTP_PR_NONE, 0 };
	const struct gen_sctp_outgoing m = message(f, none, SIZE);

	return sendv(f, &m);
}

static void
open_both(struct full *f)
{
	const struct gen_sctp_assoc_value at_once = {
		.set = GEN_SCTP_ASSOC_VALUE,
	};

	memset(f, 0, sizeof(*f));
	rig_pair_open_one_path(&f->p);
	rig_set(f->p.server, gen_sctp_opt_recbuf(RECEIVE_BUFFER));
	rig_set(f->p.server, gen_sctp_opt_delayed_ack_time(at_once));
	rig_set(f->p.client, gen_sctp_opt_sndbuf(SEND_BUFFER));
	rig_set(f->p.client, gen_sctp_opt_non_block_send(true));
}

/* The server's window is shut, and from then on nothing passes. */
static void
shut_window(struct full *f)
{
	f->relay = rig_connect_relayed(&f->p);
	rig_impatient_assoc(f->p.client, f->p.client_assoc, LATER);
	while (rig_status(f->p.client, f->p.client_assoc).rwnd > 0) {
		ck_assert_int_eq(send_reliable(f), 0);
		rig_await_acknowledged(f->p.client, f->p.client_assoc);
	}
	f->before = f->count;
	relay_set_both(f->relay, RELAY_HOLD);
}

static void
close_both(struct full *f)
{
	rig_pair_close_relayed(&f->p, f->relay);
}

static void
open_shut(struct full *f, bool keep)
{
	open_both(f);
	rig_set(f->p.client, gen_sctp_opt_keep_for_failure(keep));
	shut_window(f);
}

static bool
has(const struct full *f, int condition)
{
	return (gen_sctp_ready(f->p.client) & condition) != 0;
}

/* What waits in front of the engine has these values in turn; at last there is
 * room for those of the last value, and then for no more. */
static void
fill(struct full *f, const uint32_t *values, uint32_t n)
{
	const uint32_t begin = f->count;
	uint32_t i;

	for (i = 0; i < 40; i++)
		ck_assert_int_eq(send_prio(f, values[i % n]), 0);
	while (send_prio(f, values[n - 1]) == 0)
		;
	ck_assert_uint_gt(f->count, begin);
	ck_assert(!has(f, GEN_SCTP_POLL_IN));
}

static void
fill_alike(struct full *f, uint32_t value)
{
	fill(f, &value, 1);
}

/* The next event: which message failed. All that was sent of it is there. */
static uint32_t
expect_failed_sized(struct full *f, size_t len)
{
	const struct gen_sctp_send_failed *failed;
	struct gen_sctp_msg msg;
	uint32_t i;

	rig_expect_error(f->p.client, GEN_SCTP_SEND_FAILED, &msg);
	failed = &msg.event.u.send_failed;
	i = failed->info.context;
	ck_assert_uint_lt(i, f->count);
	ck_assert(!f->sent[i].failed);
	f->sent[i].failed = true;
	ck_assert(failed->complete);
	/* The first asks a shut window. */
	ck_assert(!failed->sent || i == f->before);
	ck_assert_uint_eq(failed->assoc_id, f->p.client_assoc);
	ck_assert_uint_eq(failed->info.assoc_id, f->p.client_assoc);
	ck_assert_uint_eq(failed->info.stream, STREAM);
	ck_assert_uint_eq(failed->info.ppid, 3);
	ck_assert_uint_eq(failed->len, len);
	ck_assert(rig_filled(failed->data, len, i));
	gen_sctp_msg_free(&msg);
	return i;
}

static uint32_t
expect_failed(struct full *f)
{
	return expect_failed_sized(f, SIZE);
}

/* The server gets those that did not fail, in order. */
static void
expect_rest_of(struct full *f, uint32_t from, uint32_t to)
{
	uint32_t i;

	relay_set_both(f->relay, RELAY_PASS);
	for (i = from; i < to; i++) {
		if (f->sent[i].failed)
			continue;
		rig_fill(out, SIZE, i);
		rig_expect_data(f->p.server, out, SIZE);
	}
}

static void
expect_rest(struct full *f)
{
	expect_rest_of(f, 0, f->count);
	rig_expect_nothing(f->p.server);
	rig_expect_nothing(f->p.client);
}

static uint64_t
unsent(const struct full *f, enum gen_sctp_opt_name name,
       enum gen_sctp_pr_policy policy, uint16_t stream)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(name);

	opt.value.prstatus.assoc_id = f->p.client_assoc;
	opt.value.prstatus.policy = policy;
	opt.value.prstatus.stream = stream;
	ck_assert_int_eq(gen_sctp_getopts(f->p.client, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.prstatus.abandoned_sent, 0);
	return opt.value.prstatus.abandoned_unsent;
}

static int64_t
pending(const struct full *f)
{
	struct gen_sctp_stat stat = GEN_SCTP_STAT_INIT;

	ck_assert_int_eq(gen_sctp_getstat(f->p.client, &stat), 0);
	return (int64_t)stat.send_pend;
}

/* ----------------------------------------------------------------- giving up
 */

/* Of all but the last the first that waits, while there is one of that value;
 * alike it does not push out. */
START_TEST(the_least_important_goes_first_and_of_those_the_oldest)
{
	static const uint32_t values[] = { 5, 6, 7 };
	uint32_t first, second;
	struct full f;

	open_shut(&f, _i == 1);
	fill(&f, values, 3);
	ck_assert_int_eq(send_prio(&f, 7), -EAGAIN);
	ck_assert_int_eq(send_prio(&f, 8), -EAGAIN);
	ck_assert(!has(&f, GEN_SCTP_POLL_IN));
	ck_assert_int_eq(send_prio(&f, 6), 0);
	first = expect_failed(&f);
	ck_assert_uint_eq(f.sent[first].value, 7);
	ck_assert_int_eq(send_prio(&f, 0), 0);
	second = expect_failed(&f);
	ck_assert_uint_eq(second, first + 3);
	expect_rest(&f);
	close_both(&f);
}
END_TEST

START_TEST(a_reliable_message_is_more_important_than_any)
{
	struct full f;

	open_shut(&f, _i == 1);
	fill_alike(&f, 0);
	ck_assert_int_eq(send_reliable(&f), 0);
	expect_failed(&f);
	while (send_reliable(&f) == 0)
		expect_failed(&f);
	ck_assert_int_eq(send_prio(&f, 0), -EAGAIN);
	expect_rest(&f);
	close_both(&f);
}
END_TEST

/* Nines wait, fewer than a message of this size needs, and eights. */
START_TEST(several_go_only_if_that_makes_room)
{
	static const uint32_t values[] = { 5, 8, 5, 5, 5, 8, 5, 5, 5, 9 };
	const size_t large = 25 * SIZE;
	uint32_t last = 9, value, n = 0;
	struct full f;

	open_shut(&f, _i == 1);
	fill(&f, values, 10);
	ck_assert_int_eq(send_sized(&f, 8, large), -EAGAIN);
	ck_assert(!has(&f, GEN_SCTP_POLL_IN));
	ck_assert_int_eq(send_sized(&f, 5, large), 0);
	f.count--;
	while (has(&f, GEN_SCTP_POLL_IN)) {
		value = f.sent[expect_failed(&f)].value;
		ck_assert_uint_le(value, last);
		last = value;
		n++;
	}
	ck_assert_uint_eq(last, 8);
	ck_assert_uint_le(n, 25);
	expect_rest_of(&f, 0, f.count);
	rig_fill(out, large, f.count);
	rig_expect_data(f.p.server, out, large);
	close_both(&f);
}
END_TEST

START_TEST(what_is_given_up_is_counted)
{
	struct full f;
	int64_t full;

	open_shut(&f, false);
	fill_alike(&f, 5);
	full = pending(&f);
	ck_assert_int_ge(full, (f.count - f.before) * SIZE);
	ck_assert_int_eq(send_prio(&f, 4), 0);
	ck_assert_int_eq(send_prio(&f, 3), 0);
	ck_assert_int_eq(pending(&f), full);
	ck_assert_uint_eq(
		unsent(&f, GEN_SCTP_OPT_PR_ASSOC_STATUS, GEN_SCTP_PR_PRIO, 0),
		2);
	ck_assert_uint_eq(unsent(&f, GEN_SCTP_OPT_PR_ASSOC_STATUS,
				 GEN_SCTP_PR_DEFAULT, 0),
			  2);
	ck_assert_uint_eq(
		unsent(&f, GEN_SCTP_OPT_PR_ASSOC_STATUS, GEN_SCTP_PR_RTX, 0),
		0);
	ck_assert_uint_eq(unsent(&f, GEN_SCTP_OPT_PR_STREAM_STATUS,
				 GEN_SCTP_PR_DEFAULT, STREAM),
			  2);
	ck_assert_uint_eq(unsent(&f, GEN_SCTP_OPT_PR_STREAM_STATUS,
				 GEN_SCTP_PR_DEFAULT, STREAM + 1),
			  0);
	expect_failed(&f);
	expect_failed(&f);
	expect_rest(&f);
	ck_assert_int_eq(pending(&f), 0);
	close_both(&f);
}
END_TEST

START_TEST(a_peer_that_does_not_know_gets_everything)
{
	const struct gen_sctp_supported off = { .on = false };
	struct full f;

	open_both(&f);
	rig_set(f.p.server, gen_sctp_opt_pr_supported(off));
	shut_window(&f);
	fill_alike(&f, 5);
	ck_assert_int_eq(send_prio(&f, 0), -EAGAIN);
	expect_rest(&f);
	close_both(&f);
}
END_TEST

/* As many failures as fit into the receive buffer wait for recv. */
START_TEST(failures_that_nobody_reads_are_bounded)
{
	uint32_t n = 0, value = 1000;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct full f;

	open_both(&f);
	rig_set(f.p.client, gen_sctp_opt_recbuf(RECEIVE_BUFFER));
	shut_window(&f);
	fill_alike(&f, value);
	while (f.count < f.before + 100)
		ck_assert_int_eq(send_prio(&f, --value), 0);
	while (gen_sctp_recv(f.p.client, out, sizeof(out), &msg, 0) ==
	       GEN_SCTP_EEVENT) {
		gen_sctp_msg_free(&msg);
		n++;
	}
	ck_assert_uint_gt(n, 5);
	ck_assert_uint_le(n, RECEIVE_BUFFER / SIZE);
	ck_assert_uint_gt(
		unsent(&f, GEN_SCTP_OPT_PR_ASSOC_STATUS, GEN_SCTP_PR_PRIO, 0),
		n);
	ck_assert_int_eq(send_prio(&f, 0), 0);
	rig_expect_error(f.p.client, GEN_SCTP_SEND_FAILED, &msg);
	gen_sctp_msg_free(&msg);
	close_both(&f);
}
END_TEST

/* -------------------------------------------------------- of other policies */

static int
send_for(struct full *f, uint32_t ms)
{
	const struct gen_sctp_prinfo ttl = { GEN_SCTP_PR_TTL, ms };
	const struct gen_sctp_outgoing m = message(f, ttl, SIZE);

	return sendv(f, &m);
}

static bool
is_later(void *arg)
{
	const int64_t *when = arg;

	return rig_now() >= *when;
}

START_TEST(a_life_time_runs_from_the_call_on)
{
	struct full f;
	uint32_t first;
	int64_t over;

	open_shut(&f, _i == 1);
	fill_alike(&f, 5);
	first = f.count;
	ck_assert_int_eq(send_for(&f, 1), 0);
	ck_assert_int_eq(send_for(&f, 60000), 0);
	over = rig_now() + 2;
	expect_failed(&f);
	expect_failed(&f);
	ck_assert(rig_until(is_later, &over));
	relay_set_both(f.relay, RELAY_PASS);
	expect_rest_of(&f, 0, first);
	ck_assert_uint_eq(expect_failed(&f), first);
	ck_assert_uint_eq(
		unsent(&f, GEN_SCTP_OPT_PR_ASSOC_STATUS, GEN_SCTP_PR_TTL, 0),
		1);
	expect_rest_of(&f, first, f.count);
	rig_expect_nothing(f.p.server);
	close_both(&f);
}
END_TEST

static void
with_stream(struct gen_sctp_outgoing *m)
{
	m->info.stream = UINT16_MAX;
}

static void
with_length(struct gen_sctp_outgoing *m)
{
	static const uint8_t large[SEND_BUFFER + 1];

	m->data = large;
	m->len = sizeof(large);
}

static void
with_address(struct gen_sctp_outgoing *m)
{
	static struct gen_sctp_addr stranger;

	stranger = rig_addr("127.0.0.3", 1);
	m->info.flags = GEN_SCTP_ADDR_OVER;
	m->to = &stranger;
	m->to_count = 1;
}

static void
without_address(struct gen_sctp_outgoing *m)
{
	m->info.flags = GEN_SCTP_ADDR_OVER;
}

static const struct {
	void (*change)(struct gen_sctp_outgoing *m);
	int error;
} wrong[] = {
	{ with_stream, -EINVAL },
	{ with_length, -EMSGSIZE },
	{ with_address, -EINVAL },
	{ without_address, -EINVAL },
};
#define WRONG (sizeof(wrong) / sizeof(wrong[0]))

START_TEST(what_waits_was_looked_at_by_the_call)
{
	const struct gen_sctp_prinfo prio = { GEN_SCTP_PR_PRIO, 4 };
	struct gen_sctp_outgoing m;
	struct full f;
	size_t i;

	open_shut(&f, false);
	fill_alike(&f, 5);
	for (i = 0; i < WRONG; i++) {
		m = message(&f, prio, SIZE);
		wrong[i].change(&m);
		ck_assert_int_eq(sendv(&f, &m), wrong[i].error);
	}
	ck_assert(!has(&f, GEN_SCTP_POLL_IN));
	expect_rest(&f);
	close_both(&f);
}
END_TEST

/* ---------------------------------------------------------------- the end */

START_TEST(after_an_abort_each_fails_once_in_order)
{
	struct full f;
	uint32_t i;

	open_shut(&f, _i & 1);
	fill_alike(&f, 5);
	if (_i & 2) {
		relay_set(f.relay, RELAY_TO_CLIENT, RELAY_PASS);
		ck_assert_int_eq(gen_sctp_abort(f.p.server, f.p.server_assoc),
				 0);
	} else {
		ck_assert_int_eq(gen_sctp_abort(f.p.client, f.p.client_assoc),
				 0);
	}
	for (i = f.before; i < f.count; i++)
		expect_failed(&f);
	rig_expect_change(f.p.client, GEN_SCTP_COMM_LOST);
	ck_assert(!has(&f, GEN_SCTP_POLL_IN));
	close_both(&f);
}
END_TEST

/* What was on its way is delivered yet. */
START_TEST(what_waits_when_the_peer_shuts_down_fails)
{
	struct gen_sctp_event event;
	struct gen_sctp_msg msg;
	struct full f;
	uint32_t i;

	open_shut(&f, _i == 1);
	fill_alike(&f, 5);
	relay_set(f.relay, RELAY_TO_CLIENT, RELAY_PASS);
	ck_assert_int_eq(gen_sctp_eof(f.p.server, f.p.server_assoc), 0);
	rig_expect_event(f.p.client, GEN_SCTP_SHUTDOWN, &event);
	ck_assert_int_eq(send_prio(&f, 0), -EPIPE);
	relay_set_both(f.relay, RELAY_PASS);
	for (i = 0; rig_recv(f.p.server, out, SIZE, &msg) == SIZE; i++)
		ck_assert(rig_filled(out, SIZE, i));
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_uint_gt(i, f.before);
	while (i < f.count)
		ck_assert_uint_eq(expect_failed(&f), i++);
	rig_expect_change(f.p.client, GEN_SCTP_SHUTDOWN_COMP);
	close_both(&f);
}
END_TEST

static void
end_by_eof(struct full *f)
{
	ck_assert_int_eq(gen_sctp_eof(f->p.client, f->p.client_assoc), 0);
	ck_assert_int_eq(send_prio(f, 0), -EPIPE);
}

static void
end_by_close(struct full *f)
{
	rig_close(f->p.client);
	f->p.client = rig_open(0, NULL, 0);
}

static void
end_after_peeloff(struct full *f)
{
	gen_sctp_socket_t peeled;

	ck_assert_int_eq(
		gen_sctp_peeloff(f->p.client, f->p.client_assoc, &peeled), 0);
	rig_close(f->p.client);
	f->p.client = peeled;
	end_by_eof(f);
}

static void (*const ends[])(struct full *f) = { end_by_eof, end_by_close,
						end_after_peeloff };
#define ENDS (sizeof(ends) / sizeof(ends[0]))

START_TEST(the_end_comes_after_what_waits)
{
	struct gen_sctp_event event;
	struct full f;

	open_shut(&f, _i & 1);
	fill_alike(&f, 5);
	ends[_i / 2](&f);
	expect_rest_of(&f, 0, f.count);
	rig_expect_event(f.p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(f.p.server, GEN_SCTP_SHUTDOWN_COMP);
	close_both(&f);
}
END_TEST

/* ------------------------------------------------------------ other calls */

START_TEST(a_stream_is_not_reset_while_some_wait)
{
	const uint16_t stream = STREAM;
	struct full f;

	open_shut(&f, false);
	fill_alike(&f, 5);
	ck_assert_int_eq(gen_sctp_reset_streams(f.p.client, f.p.client_assoc,
						GEN_SCTP_STREAMS_OUTGOING,
						&stream, 1),
			 -EBUSY);
	ck_assert_int_eq(
		gen_sctp_add_streams(f.p.client, f.p.client_assoc, 0, 1),
		-EBUSY);
	expect_rest(&f);
	close_both(&f);
}
END_TEST

START_TEST(out_means_that_one_can_wait)
{
	struct full f;
	uint32_t n;

	open_shut(&f, false);
	ck_assert_int_eq(send_prio(&f, 5), 0);
	rig_await_ready(f.p.client, GEN_SCTP_POLL_OUT);
	fill_alike(&f, 5);
	n = f.count;
	while (send_sized(&f, 5, 1) == 0)
		;
	ck_assert(!has(&f, GEN_SCTP_POLL_OUT));
	expect_rest_of(&f, 0, n);
	rig_await_ready(f.p.client, GEN_SCTP_POLL_OUT);
	close_both(&f);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static Suite *
priority_suite(void)
{
	Suite *suite = suite_create("priority");
	TCase *tc = tcase_create("priority");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(
		tc, the_least_important_goes_first_and_of_those_the_oldest, 0,
		2);
	tcase_add_loop_test(tc, a_reliable_message_is_more_important_than_any,
			    0, 2);
	tcase_add_loop_test(tc, several_go_only_if_that_makes_room, 0, 2);
	tcase_add_test(tc, what_is_given_up_is_counted);
	tcase_add_test(tc, a_peer_that_does_not_know_gets_everything);
	tcase_add_test(tc, failures_that_nobody_reads_are_bounded);
	tcase_add_loop_test(tc, a_life_time_runs_from_the_call_on, 0, 2);
	tcase_add_test(tc, what_waits_was_looked_at_by_the_call);
	tcase_add_loop_test(tc, after_an_abort_each_fails_once_in_order, 0, 4);
	tcase_add_loop_test(tc, what_waits_when_the_peer_shuts_down_fails, 0,
			    2);
	tcase_add_loop_test(tc, the_end_comes_after_what_waits, 0, 2 * ENDS);
	tcase_add_test(tc, a_stream_is_not_reset_while_some_wait);
	tcase_add_test(tc, out_means_that_one_can_wait);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { priority_suite, NULL };

	return run_suites(suites, argc, argv);
}
