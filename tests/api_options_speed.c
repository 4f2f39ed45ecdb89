/*
 * Options that say how fast things go: how much is sent at a time, when it is
 * acknowledged, kernel buffers, waiting without sleep.
 */
#include <stdio.h>

#include "api_options.h"
#include "relay.h"

#define INITIAL_CWND 3 /* packets, by default */

static uint8_t data[1 << 16];

static struct gen_sctp_opt
assoc_number(enum gen_sctp_opt_name name, gen_sctp_assoc_id_t id,
	     uint32_t number)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(name);

	opt.value.assoc_number.assoc_id = id;
	opt.value.assoc_number.number = number;
	return opt;
}

static uint32_t
number_of_assoc(gen_sctp_socket_t s, enum gen_sctp_opt_name name,
		gen_sctp_assoc_id_t id)
{
	struct gen_sctp_opt opt = got(s, assoc_number(name, id, 0));

	ck_assert_uint_eq(opt.value.assoc_number.assoc_id, id);
	return opt.value.assoc_number.number;
}

static uint32_t
cwnd(void)
{
	return status(pair.client, pair.client_assoc).primary.cwnd;
}

/* ------------------------------------------- of an endpoint, an association */

static const struct {
	enum gen_sctp_opt_name name;
	uint32_t by_default, other, highest;
} numbers[] = {
	{ GEN_SCTP_OPT_MAX_BURST, 4, 9, 65535 },
	{ GEN_SCTP_OPT_CONGESTION_CONTROL, GEN_SCTP_CC_STANDARD,
	  GEN_SCTP_CC_HTCP, GEN_SCTP_CC_RTCC },
};

START_TEST(a_number_of_associations_takes_its_range)
{
	const enum gen_sctp_opt_name name = numbers[_i].name;
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	uint32_t i;

	ck_assert_uint_eq(number_of_assoc(s, name, 0), numbers[_i].by_default);
	for (i = 0; i <= numbers[_i].highest; i = 2 * i + 1) {
		ck_assert_int_eq(set(s, assoc_number(name, 0, i)), 0);
		ck_assert_uint_eq(number_of_assoc(s, name, 0), i);
	}
	ck_assert_int_eq(set(s, assoc_number(name, 0, numbers[_i].highest + 1)),
			 -EINVAL);
	ck_assert_int_eq(set(s, assoc_number(name, 9999, 1)), -EINVAL);
	rig_close(s);
}
END_TEST

START_TEST(a_number_is_of_an_association_or_of_those_to_come)
{
	const enum gen_sctp_opt_name name = numbers[_i].name;
	const uint32_t other = numbers[_i].other;
	gen_sctp_assoc_id_t second;
	gen_sctp_socket_t s;

	rig_set(pair.client, assoc_number(name, pair.client_assoc, other));
	ck_assert_uint_eq(number_of_assoc(pair.client, name, 0),
			  numbers[_i].by_default);
	ck_assert_uint_eq(number_of_assoc(pair.client, name, pair.client_assoc),
			  other);
	s = rig_open(0, (struct gen_sctp_opt[]){ assoc_number(name, 0, other) },
		     1);
	second = connect_to(s, pair.server);
	ck_assert_uint_eq(number_of_assoc(s, name, second), other);
	rig_close(s);
}
END_TEST

/* ----------------------------------------------------- packets at a time */

#define MTU 1500

static void
fix_path_mtu(gen_sctp_socket_t s)
{
	const struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMTU |
		       GEN_SCTP_PADDRPARAMS_FLAGS,
		.pathmtu = MTU,
		.flags = GEN_SCTP_PMTUD_DISABLE,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(params));
}

/* The client has an association whose packets are not acknowledged. */
static struct relay *
begin_unacknowledged(uint32_t initial_cwnd, uint32_t max_burst)
{
	struct relay *r;

	ck_assert_int_eq(gen_sctp_set_initial_cwnd(initial_cwnd), 0);
	rig_pair_close(&pair);
	rig_pair_open_one_path(&pair);
	rig_set(pair.client,
		assoc_number(GEN_SCTP_OPT_MAX_BURST, 0, max_burst));
	fix_path_mtu(pair.client);
	r = rig_connect_relayed(&pair);
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	return r;
}

static void
end_unacknowledged(struct relay *r)
{
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_expect_data(pair.server, data, sizeof(data));
	rig_pair_close_relayed(&pair, r);
	ck_assert_int_eq(gen_sctp_set_initial_cwnd(INITIAL_CWND), 0);
	rig_pair_open(&pair);
}

/* Packets that leave before the first acknowledgement. */
static uint64_t
first_burst(void)
{
	struct gen_sctp_path before, after;

	ck_assert_int_eq(
		gen_sctp_paths(pair.client, pair.client_assoc, &before, 1), 1);
	rig_send(pair.client, pair.client_assoc, 0, data, sizeof(data));
	ck_assert_int_eq(
		gen_sctp_paths(pair.client, pair.client_assoc, &after, 1), 1);
	return after.packets_out - before.packets_out;
}

START_TEST(max_burst_is_how_many_packets_leave_at_once)
{
	static const uint32_t bursts[] = { 1, 4, 16 };
	const uint32_t burst = bursts[_i % COUNT(bursts)];
	struct relay *r = begin_unacknowledged(1000, burst);

	/* One may begin where not all of it fits into the window. */
	ck_assert_uint_le(first_burst() - burst, 1);
	end_unacknowledged(r);
}
END_TEST

START_TEST(without_max_burst_the_window_alone_counts)
{
	struct relay *r = begin_unacknowledged(1000, 0);

	ck_assert_uint_ge(first_burst(), sizeof(data) / MTU);
	end_unacknowledged(r);
}
END_TEST

START_TEST(the_initial_window_is_of_associations_to_come)
{
	static const uint32_t packets[] = { 1, 2, 10 };
	const uint32_t n = packets[_i % COUNT(packets)];
	struct relay *r = begin_unacknowledged(n, 0);

	ck_assert_uint_le(cwnd(), n * MTU);
	ck_assert_uint_gt(cwnd(), n * (MTU - 100));
	ck_assert_uint_le(first_burst() - n, 1);
	end_unacknowledged(r);
}
END_TEST

START_TEST(the_initial_window_has_a_range)
{
	ck_assert_int_eq(gen_sctp_set_initial_cwnd(4097), -EINVAL);
	ck_assert_int_eq(gen_sctp_set_initial_cwnd(4096), 0);
	ck_assert_int_eq(gen_sctp_set_initial_cwnd(0), 0);
	ck_assert_int_eq(gen_sctp_set_initial_cwnd(INITIAL_CWND), 0);
}
END_TEST

START_TEST(another_congestion_control_begins_anew)
{
	const uint32_t initial = cwnd();
	uint32_t cc;
	int i;

	for (cc = GEN_SCTP_CC_RTCC; cc <= GEN_SCTP_CC_RTCC; cc--) {
		for (i = 0; i < 10; i++)
			rig_send(pair.client, pair.client_assoc, 0, data,
				 sizeof(data));
		for (i = 0; i < 10; i++)
			rig_expect_data(pair.server, data, sizeof(data));
		rig_await_acknowledged(pair.client, pair.client_assoc);
		ck_assert_uint_gt(cwnd(), initial);
		rig_set(pair.client,
			assoc_number(GEN_SCTP_OPT_CONGESTION_CONTROL,
				     pair.client_assoc, cc));
		ck_assert_uint_le(cwnd(), initial);
	}
}
END_TEST

/* ------------------------------------------------------ acknowledgements */

#define MESSAGES 64

static void
acknowledge_every(uint32_t freq)
{
	struct gen_sctp_assoc_value value = {
		.set = GEN_SCTP_ASSOC_VALUE_FREQ,
		.assoc_id = pair.server_assoc,
		.freq = freq,
	};

	rig_set(pair.server, gen_sctp_opt_delayed_ack_time(value));
}

START_TEST(a_sack_is_for_as_many_packets_as_it_is_told)
{
	static const uint32_t freqs[] = { 1, 2, 8 };
	const uint32_t freq = freqs[_i % COUNT(freqs)];
	struct relay *r = begin_unacknowledged(1000, 0);
	unsigned int before, sacks;
	int i;

	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	rig_set(pair.client, gen_sctp_opt_nodelay(true));
	acknowledge_every(freq);
	before = relay_count(r, RELAY_TO_CLIENT, CHUNK_SACK);
	for (i = 0; i < MESSAGES; i++) {
		rig_send(pair.client, pair.client_assoc, 0, data, 1000);
		rig_expect_data(pair.server, data, 1000);
	}
	rig_await_acknowledged(pair.client, pair.client_assoc);
	sacks = relay_count(r, RELAY_TO_CLIENT, CHUNK_SACK) - before;
	ck_assert_uint_ge(sacks, MESSAGES / freq);
	ck_assert_uint_le(sacks, MESSAGES / freq + 4);
	rig_send(pair.client, pair.client_assoc, 0, data, sizeof(data));
	end_unacknowledged(r);
}
END_TEST

/* -------------------------------------------------------- kernel buffers */

static const enum gen_sctp_opt_name buffers[] = { GEN_SCTP_OPT_UDP_SNDBUF,
						  GEN_SCTP_OPT_UDP_RECBUF };

static struct gen_sctp_opt
buffer(enum gen_sctp_opt_name name, int64_t bytes)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(name);

	opt.value.number = bytes;
	return opt;
}

START_TEST(what_the_system_gave_can_be_read)
{
	const enum gen_sctp_opt_name name = buffers[_i % COUNT(buffers)];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	int64_t most = number_of(s, name);

	rig_set(s, buffer(name, 65536));
	ck_assert_int_ge(number_of(s, name), 65536);
	ck_assert_int_lt(number_of(s, name), most);
	rig_set(s, buffer(name, 1 << 30));
	ck_assert_int_ge(number_of(s, name), most);
	rig_set(s, buffer(name, 4096));
	ck_assert_int_lt(number_of(s, name), 65536);
	ck_assert_int_eq(set(s, buffer(name, 4095)), -EINVAL);
	ck_assert_int_eq(set(s, buffer(name, (1 << 30) + 1)), -EINVAL);
	rig_close(s);
}
END_TEST

START_TEST(sockets_of_one_udp_port_share_the_buffers)
{
	const enum gen_sctp_opt_name name = buffers[_i % COUNT(buffers)];
	struct gen_sctp_opt opt = buffer(name, 65536);
	gen_sctp_socket_t s = rig_open(0, &opt, 1), peeled;
	gen_sctp_assoc_id_t id = connect_to(s, pair.server);

	ck_assert_int_eq(gen_sctp_peeloff(s, id, &peeled), 0);
	ck_assert_int_eq(number_of(peeled, name), number_of(s, name));
	rig_set(peeled, buffer(name, 8192));
	ck_assert_int_eq(number_of(peeled, name), number_of(s, name));
	rig_close(peeled);
	rig_close(s);
}
END_TEST

START_TEST(addresses_bound_later_have_the_buffers)
{
	static const char *const one[] = { "127.0.0.1", NULL };
	const enum gen_sctp_opt_name name = buffers[_i % COUNT(buffers)];
	struct gen_sctp_addr second = rig_addr("127.0.0.2", 0);
	gen_sctp_socket_t s;
	int64_t bytes;

	if (!rig_has_address("127.0.0.2") || !rig_has_multihoming())
		return;
	s = rig_open_on(one);
	rig_set(s, buffer(name, 65536));
	bytes = number_of(s, name);
	ck_assert_int_eq(gen_sctp_bindx(s, &second, 1, GEN_SCTP_BINDX_ADD_ADDR),
			 0);
	second = rig_addr("127.0.0.1", 0);
	ck_assert_int_eq(gen_sctp_bindx(s, &second, 1, GEN_SCTP_BINDX_REM_ADDR),
			 0);
	ck_assert_int_eq(number_of(s, name), bytes);
	rig_close(s);
}
END_TEST

/* -------------------------------------------------------------- busy_poll */

/* How often this thread gave up its processor; -1 where that is not known. */
static long
sleeps(void)
{
	FILE *f = fopen("/proc/thread-self/status", "r");
	char line[256];
	long n = -1;

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
			break;
	fclose(f);
	return n;
}

/* By either way of receiving. */
static long
sleeps_of_waits(bool active)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	long before = sleeps();
	int i, result;

	for (i = 0; i < 10; i++) {
		result = active ? gen_sctp_mailbox_recv(gen_sctp_self(), 0,
							&msg, 5)
				: gen_sctp_recv(pair.client, data, sizeof(data),
						&msg, 5);
		ck_assert_int_eq(result, -ETIMEDOUT);
	}
	return sleeps() - before;
}

/* A message makes the mailbox wait as its socket does. */
static void
take_from_mailbox(void)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int kind;

	rig_send(pair.server, pair.server_assoc, 0, data, 1);
	do {
		ck_assert_int_ge(gen_sctp_mailbox_recv(gen_sctp_self(), 0, &msg,
						       RIG_PATIENCE),
				 0);
		kind = (int)msg.kind;
		gen_sctp_msg_free(&msg);
	} while (kind != GEN_SCTP_MSG_DATA);
}

START_TEST(who_polls_busily_does_not_sleep)
{
	long asleep, awake;

	if (sleeps() < 0)
		return;
	rig_expect_nothing(pair.client);
	if (_i == 1)
		rig_set(pair.client, gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE));
	asleep = sleeps_of_waits(_i == 1);
	rig_set(pair.client, gen_sctp_opt_busy_poll(1000000));
	if (_i == 1)
		take_from_mailbox();
	awake = sleeps_of_waits(_i == 1);
	ck_assert_int_ge(asleep, 10);
	ck_assert_int_lt(awake, asleep);
}
END_TEST

static void
echo(void *arg)
{
	const int n = *(int *)arg;
	int i;

	for (i = 0; i < n; i++) {
		rig_expect_data(pair.server, data, 64);
		rig_send(pair.server, pair.server_assoc, 0, data, 64);
	}
}

START_TEST(two_who_poll_busily_answer_each_other)
{
	struct rig_thread t;
	int n = 200, i;

	rig_set(pair.client, gen_sctp_opt_busy_poll(1000000));
	rig_set(pair.server, gen_sctp_opt_busy_poll(1000000));
	rig_start(&t, echo, &n);
	for (i = 0; i < n; i++) {
		rig_send(pair.client, pair.client_assoc, 0, data, 64);
		rig_expect_data(pair.client, data, 64);
	}
	rig_join(&t);
}
END_TEST

Suite *
options_speed_suite(void)
{
	const TTest *const of_numbers[] = {
		a_number_of_associations_takes_its_range,
		a_number_is_of_an_association_or_of_those_to_come,
	};
	const TTest *const of_threes[] = {
		max_burst_is_how_many_packets_leave_at_once,
		the_initial_window_is_of_associations_to_come,
		a_sack_is_for_as_many_packets_as_it_is_told,
	};
	const TTest *const of_one[] = {
		without_max_burst_the_window_alone_counts,
		the_initial_window_has_a_range,
		another_congestion_control_begins_anew,
		two_who_poll_busily_answer_each_other,
	};
	const TTest *const of_both_ways[] = { who_polls_busily_does_not_sleep };
	const TTest *const of_buffers[] = {
		what_the_system_gave_can_be_read,
		sockets_of_one_udp_port_share_the_buffers,
		addresses_bound_later_have_the_buffers,
	};
	Suite *suite = suite_create("options speed");

	ADD_TESTS(suite, of_numbers, COUNT(numbers));
	ADD_TESTS(suite, of_threes, 3);
	ADD_TESTS(suite, of_one, 1);
	ADD_TESTS(suite, of_both_ways, 2);
	ADD_TESTS(suite, of_buffers, COUNT(buffers));
	return suite;
}
