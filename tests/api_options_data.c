/*
 * Options that say how data is cut up, acknowledged and queued, and what becomes
 * of an association without any.
 */
#include "api_options.h"
#include "relay.h"

#define LONG_TIME 300 /* ms; of the 500 that a SACK may wait */

static uint8_t data[1 << 16];

static int
send_data(size_t len)
{
	return gen_sctp_send(pair.client, pair.client_assoc, 0, data, len);
}

static uint32_t
fragmentation_point(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	return status(s, id).fragmentation_point;
}

/* ------------------------------------------------------ disable_fragments */

START_TEST(a_message_that_needs_fragments_is_refused_if_they_are_off)
{
	uint32_t most = fragmentation_point(pair.client, pair.client_assoc);

	ck_assert_uint_lt(most, sizeof(data));
	rig_set(pair.client, gen_sctp_opt_disable_fragments(true));
	ck_assert_int_eq(send_data(most + 1), -EMSGSIZE);
	ck_assert_int_eq(send_data(most), 0);
	rig_expect_data(pair.server, data, most);
	rig_set(pair.client, gen_sctp_opt_disable_fragments(false));
	ck_assert_int_eq(send_data(most + 1), 0);
	rig_expect_data(pair.server, data, most + 1);
}
END_TEST

START_TEST(fragments_are_off_on_a_peeled_off_socket_too)
{
	gen_sctp_socket_t peeled;

	rig_set(pair.client, gen_sctp_opt_disable_fragments(true));
	ck_assert_int_eq(gen_sctp_peeloff(pair.client, pair.client_assoc,
					  &peeled),
			 0);
	ck_assert_int_eq(gen_sctp_send(peeled, 0, 0, data, sizeof(data)),
			 -EMSGSIZE);
	rig_close(peeled);
}
END_TEST

/* ---------------------------------------------------------------- maxseg */

static const struct {
	int64_t given, kept;
} maxseg[] = { { 512, 512 }, { 515, 512 }, { 1000, 1000 }, { 4096, 4096 } };

static void
expect_maxseg(gen_sctp_socket_t s, int64_t expected)
{
	struct gen_sctp_opt opt = got(s, gen_sctp_opt_get(GEN_SCTP_OPT_MAXSEG));

	ck_assert_int_eq(opt.value.number, expected);
}

START_TEST(maxseg_is_where_messages_are_cut)
{
	uint32_t before = fragmentation_point(pair.client, pair.client_assoc);
	uint32_t kept = (uint32_t)maxseg[_i].kept;

	rig_set(pair.client, gen_sctp_opt_maxseg(maxseg[_i].given));
	expect_maxseg(pair.client, kept);
	ck_assert_uint_eq(fragmentation_point(pair.client, pair.client_assoc),
			  kept);
	ck_assert_int_eq(send_data(sizeof(data)), 0);
	rig_expect_data(pair.server, data, sizeof(data));
	rig_set(pair.client, gen_sctp_opt_maxseg(0));
	ck_assert_uint_eq(fragmentation_point(pair.client, pair.client_assoc),
			  before);
}
END_TEST

START_TEST(maxseg_holds_for_associations_to_come)
{
	struct gen_sctp_opt opt = gen_sctp_opt_maxseg(maxseg[_i].given);
	gen_sctp_socket_t s = rig_open(0, &opt, 1), peeled;
	gen_sctp_assoc_id_t id = connect_to(s, pair.server);
	uint32_t kept = (uint32_t)maxseg[_i].kept;

	ck_assert_uint_eq(fragmentation_point(s, id), kept);
	ck_assert_int_eq(gen_sctp_peeloff(s, id, &peeled), 0);
	expect_maxseg(peeled, kept);
	ck_assert_uint_eq(fragmentation_point(peeled, 0), kept);
	rig_set(peeled, gen_sctp_opt_maxseg(0));
	ck_assert_uint_gt(fragmentation_point(peeled, 0), kept);
	expect_maxseg(s, kept);
	rig_close(peeled);
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------ delayed_ack_time */

static void
set_acks(uint32_t fields, uint32_t ms, uint32_t freq, int result)
{
	struct gen_sctp_assoc_value value = {
		.set = fields,
		.assoc_id = pair.server_assoc,
		.assoc_value = ms,
		.freq = freq,
	};

	ck_assert_int_eq(set(pair.server,
			     gen_sctp_opt_delayed_ack_time(value)),
			 result);
}

static void
expect_acks(uint32_t ms, uint32_t freq)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_DELAYED_ACK_TIME);

	opt.value.delayed_ack_time.assoc_id = pair.server_assoc;
	opt = got(pair.server, opt);
	ck_assert_uint_eq(opt.value.delayed_ack_time.assoc_value, ms);
	ck_assert_uint_eq(opt.value.delayed_ack_time.freq, freq);
}

START_TEST(no_delay_and_a_sack_for_every_packet_are_the_same)
{
	set_acks(GEN_SCTP_ASSOC_VALUE, 0, 0, 0);
	expect_acks(0, 1);
	set_acks(GEN_SCTP_ASSOC_VALUE, 100, 0, 0);
	expect_acks(100, 2);
	set_acks(GEN_SCTP_ASSOC_VALUE_FREQ, 0, 1, 0);
	expect_acks(0, 1);
	set_acks(GEN_SCTP_ASSOC_VALUE_FREQ, 0, 5, 0);
	expect_acks(100, 5);
	set_acks(GEN_SCTP_ASSOC_VALUE, 200, 0, 0);
	expect_acks(200, 5);
	set_acks(GEN_SCTP_ASSOC_VALUE | GEN_SCTP_ASSOC_VALUE_FREQ, 0, 2,
		 -EINVAL);
	expect_acks(200, 5);
}
END_TEST

/* ms until one message is acknowledged. */
static int64_t
time_to_ack(void)
{
	int64_t before = rig_now();

	ck_assert_int_eq(send_data(1), 0);
	rig_await_acknowledged(pair.client, pair.client_assoc);
	return rig_now() - before;
}

START_TEST(a_sack_waits_as_long_as_it_is_told)
{
	int tries = 10;

	time_to_ack(); /* the first is acknowledged at once */
	set_acks(GEN_SCTP_ASSOC_VALUE | GEN_SCTP_ASSOC_VALUE_FREQ, 500, 10, 0);
	ck_assert_int_ge(time_to_ack(), LONG_TIME);
	set_acks(GEN_SCTP_ASSOC_VALUE, 0, 0, 0);
	while (time_to_ack() >= LONG_TIME)
		ck_assert_int_gt(--tries, 0);
}
END_TEST

/* ------------------------------------------------------------ watermarks */

#define PIECE 1000

static void
expect_watermarks(gen_sctp_socket_t s, int64_t high, int64_t low)
{
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_HIGH_MSGQ_WATERMARK), high);
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_LOW_MSGQ_WATERMARK), low);
}

START_TEST(the_watermarks_keep_their_order)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	expect_watermarks(s, 1 << 30, 1 << 30);
	rig_set(s, gen_sctp_opt_high_msgq_watermark(8192));
	expect_watermarks(s, 8192, 8192);
	rig_set(s, gen_sctp_opt_low_msgq_watermark(4096));
	expect_watermarks(s, 8192, 4096);
	rig_set(s, gen_sctp_opt_low_msgq_watermark(10000));
	expect_watermarks(s, 10000, 10000);
	rig_set(s, gen_sctp_opt_high_msgq_watermark(1));
	expect_watermarks(s, 1, 1);
	rig_close(s);
}
END_TEST

/* Messages that go out until there is no room. */
static int
fill_queue(void)
{
	int n = 0, error;

	while ((error = send_data(PIECE)) == 0)
		n++;
	ck_assert_int_eq(error, -EAGAIN);
	return n;
}

static void
expect_pieces(int n)
{
	while (n-- > 0)
		rig_expect_data(pair.server, data, PIECE);
}

static void
open_watched(struct relay **r, int64_t high, int64_t low)
{
	rig_pair_close(&pair);
	*r = rig_pair_open_relayed(&pair);
	rig_set(pair.client, gen_sctp_opt_high_msgq_watermark(high));
	rig_set(pair.client, gen_sctp_opt_low_msgq_watermark(low));
}

START_TEST(from_the_high_watermark_on_there_is_no_room_until_the_low_one)
{
	struct relay *r;
	int n;

	open_watched(&r, 10 * PIECE, 1);
	rig_set(pair.client, gen_sctp_opt_non_block_send(true));
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	n = fill_queue();
	ck_assert_int_ge(n, 9);
	ck_assert_int_le(n, 10);
	ck_assert_int_eq(gen_sctp_ready(pair.client) & GEN_SCTP_POLL_OUT, 0);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_await_ready(pair.client, GEN_SCTP_POLL_OUT);
	ck_assert_int_eq(send_data(PIECE), 0);
	expect_pieces(n + 1);
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

struct sending {
	int result;
};

static void
send_one(void *arg)
{
	((struct sending *)arg)->result = send_data(PIECE);
}

START_TEST(a_sender_waits_at_the_high_watermark)
{
	struct sending sending = { .result = 1 };
	struct rig_thread t;
	struct relay *r;
	int n;

	open_watched(&r, 10 * PIECE, 5 * PIECE);
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_set(pair.client, gen_sctp_opt_non_block_send(true));
	n = fill_queue();
	rig_set(pair.client, gen_sctp_opt_non_block_send(false));
	rig_set(pair.client, gen_sctp_opt_send_timeout(50));
	ck_assert_int_eq(send_data(PIECE), -ETIMEDOUT);
	rig_set(pair.client, gen_sctp_opt_send_timeout(-1));
	rig_start(&t, send_one, &sending);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_join(&t);
	ck_assert_int_eq(sending.result, 0);
	expect_pieces(n + 1);
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

START_TEST(a_higher_watermark_lets_a_waiting_sender_go)
{
	struct sending sending = { .result = 1 };
	struct rig_thread t;
	struct relay *r;
	int n;

	open_watched(&r, 10 * PIECE, PIECE);
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_set(pair.client, gen_sctp_opt_non_block_send(true));
	n = fill_queue();
	rig_set(pair.client, gen_sctp_opt_non_block_send(false));
	rig_start(&t, send_one, &sending);
	rig_set(pair.client, gen_sctp_opt_low_msgq_watermark(1 << 30));
	rig_join(&t);
	ck_assert_int_eq(sending.result, 0);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	expect_pieces(n + 1);
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

/* ------------------------------------------------------------- autoclose */

/* ms; timers count whole ones. */
#define IDLE 990

/* On a socket that nothing comes to. */
static void
pass_time(int ms)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	uint8_t byte;

	ck_assert_int_eq(gen_sctp_recv(s, &byte, 1, &msg, ms), -ETIMEDOUT);
	rig_close(s);
}

static void
expect_end_after(int64_t since)
{
	rig_expect_change(pair.client, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_int_ge(rig_now() - since, IDLE);
}

START_TEST(an_idle_association_ends_as_by_eof)
{
	int64_t before = rig_now();
	struct gen_sctp_event event;

	ck_assert_int_eq(send_data(1), 0);
	rig_set(pair.client, gen_sctp_opt_autoclose(1));
	expect_end_after(before);
	rig_expect_data(pair.server, data, 1);
	rig_expect_event(pair.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(pair.server, GEN_SCTP_SHUTDOWN_COMP);
}
END_TEST

START_TEST(an_association_that_never_had_data_is_idle_too)
{
	struct gen_sctp_opt opt = gen_sctp_opt_autoclose(1);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);

	connect_to(s, pair.server);
	rig_expect_change(s, GEN_SCTP_SHUTDOWN_COMP);
	rig_close(s);
}
END_TEST

/* Received or sent; on a peeled-off socket, which has the option of its
 * parent. */
START_TEST(data_puts_the_end_off)
{
	gen_sctp_socket_t from = _i == 0 ? pair.client : pair.server;
	gen_sctp_assoc_id_t id = _i == 0 ? pair.client_assoc
					 : pair.server_assoc;
	gen_sctp_socket_t peeled;
	uint8_t byte = 0;
	int64_t before;

	rig_set(pair.client, gen_sctp_opt_autoclose(1));
	pass_time(700);
	before = rig_now();
	if (gen_sctp_send(from, id, 0, &byte, 1) != 0)
		return; /* we were held up */
	if (_i == 1)
		rig_expect_data(pair.client, &byte, 1);
	ck_assert_int_eq(gen_sctp_peeloff(pair.client, pair.client_assoc,
					  &peeled),
			 0);
	rig_close(pair.client);
	pair.client = peeled;
	expect_end_after(before);
}
END_TEST

/* No retransmission comes in between. */
static void
be_patient(void)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MIN |
		       GEN_SCTP_RTOINFO_MAX,
		.assoc_id = pair.client_assoc,
		.initial = RIG_PATIENCE,
		.min = RIG_PATIENCE,
		.max = RIG_PATIENCE,
	};

	rig_set(pair.client, gen_sctp_opt_rtoinfo(rto));
}

START_TEST(while_data_waits_for_its_sack_an_association_is_not_idle)
{
	struct relay *r;

	rig_pair_close(&pair);
	r = rig_pair_open_relayed(&pair);
	be_patient();
	rig_set(pair.client, gen_sctp_opt_autoclose(1));
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	ck_assert_int_eq(send_data(1), 0);
	pass_time(2200);
	ck_assert_int_eq(rig_status(pair.client, pair.client_assoc).state,
			 GEN_SCTP_STATE_ESTABLISHED);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_expect_change(pair.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

START_TEST(autoclose_can_be_called_off)
{
	rig_set(pair.client, gen_sctp_opt_autoclose(1));
	rig_set(pair.client, gen_sctp_opt_autoclose(0));
	pass_time(1500);
	ck_assert_int_eq(send_data(1), 0);
}
END_TEST

/* ---------------------------------------------------------- mode, buffer */

START_TEST(the_mode_is_kept)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt name = gen_sctp_opt_get(GEN_SCTP_OPT_MODE);

	ck_assert_int_eq(got(s, name).value.mode, GEN_SCTP_MODE_BINARY);
	rig_set(s, gen_sctp_opt_mode(GEN_SCTP_MODE_LIST));
	ck_assert_int_eq(got(s, name).value.mode, GEN_SCTP_MODE_LIST);
	ck_assert_int_eq(set(s, name), -EINVAL);
	rig_close(s);
}
END_TEST

static const int64_t small[] = { 0, 1024, 4095 };

START_TEST(a_buffer_too_small_is_as_small_as_can_be)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	rig_set(s, gen_sctp_opt_sndbuf(small[_i]));
	rig_set(s, gen_sctp_opt_recbuf(small[_i]));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_SNDBUF), 4096);
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_RECBUF), 4096);
	rig_close(s);
}
END_TEST

/* Longer than what it begins with. */
START_TEST(a_message_for_a_mailbox_is_whole_whatever_the_buffer)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	rig_fill(data, sizeof(data), 7);
	rig_set(pair.server, gen_sctp_opt_buffer(1 + 4000 * _i));
	rig_set(pair.server, gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE));
	ck_assert_int_eq(send_data(sizeof(data)), 0);
	do {
		gen_sctp_msg_free(&msg);
		ck_assert_int_ge(gen_sctp_mailbox_recv(gen_sctp_self(),
						       pair.server, &msg,
						       RIG_PATIENCE),
				 0);
	} while (msg.kind != GEN_SCTP_MSG_DATA);
	ck_assert_uint_eq(msg.len, sizeof(data));
	ck_assert(rig_filled(msg.data, msg.len, 7));
	gen_sctp_msg_free(&msg);
}
END_TEST

START_TEST(sndbuf_and_recbuf_raise_the_buffer)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_BUFFER), 65536);
	rig_set(s, gen_sctp_opt_recbuf(65535));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_BUFFER), 65536);
	rig_set(s, gen_sctp_opt_recbuf(100000));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_BUFFER), 100000);
	rig_set(s, gen_sctp_opt_sndbuf(200000));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_BUFFER), 200000);
	rig_set(s, gen_sctp_opt_buffer(1));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_BUFFER), 1);
	rig_close(s);
}
END_TEST

Suite *
options_data_suite(void)
{
	const TTest *const once[] = {
		a_message_that_needs_fragments_is_refused_if_they_are_off,
		fragments_are_off_on_a_peeled_off_socket_too,
		no_delay_and_a_sack_for_every_packet_are_the_same,
		a_sack_waits_as_long_as_it_is_told,
		the_watermarks_keep_their_order,
		from_the_high_watermark_on_there_is_no_room_until_the_low_one,
		a_sender_waits_at_the_high_watermark,
		a_higher_watermark_lets_a_waiting_sender_go,
		an_idle_association_ends_as_by_eof,
		an_association_that_never_had_data_is_idle_too,
		while_data_waits_for_its_sack_an_association_is_not_idle,
		autoclose_can_be_called_off,
		the_mode_is_kept,
		sndbuf_and_recbuf_raise_the_buffer,
	};
	const TTest *const of_either[] = {
		data_puts_the_end_off,
	};
	const TTest *const of_small[] = {
		a_buffer_too_small_is_as_small_as_can_be,
		a_message_for_a_mailbox_is_whole_whatever_the_buffer,
	};
	const TTest *const of_maxseg[] = {
		maxseg_is_where_messages_are_cut,
		maxseg_holds_for_associations_to_come,
	};
	Suite *suite = suite_create("options_data");

	ADD_TESTS(suite, once, 1);
	ADD_TESTS(suite, of_either, 2);
	ADD_TESTS(suite, of_small, COUNT(small));
	ADD_TESTS(suite, of_maxseg, COUNT(maxseg));
	return suite;
}
