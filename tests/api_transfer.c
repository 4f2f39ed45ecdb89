/*
 * Messages: sending, receiving, flow control, and several threads at it.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define STREAMS 16
#define LARGEST 200000

static uint8_t out[1 << 20], in[1 << 20];

/* ------------------------------------------------------------------- rig */

static void
open_with_streams(struct rig_pair *p)
{
	struct gen_sctp_initmsg streams = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = STREAMS,
	};

	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_set(p->server, gen_sctp_opt_initmsg(streams));
	rig_set(p->client, gen_sctp_opt_initmsg(streams));
	rig_set(p->client, gen_sctp_opt_nodelay(true));
	rig_connect(p, "127.0.0.1");
}

/* Small buffers on both sides: full soon. */
static void
open_small(struct rig_pair *p)
{
	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_set(p->server, gen_sctp_opt_recbuf(65536));
	rig_set(p->client, gen_sctp_opt_sndbuf(65536));
	rig_connect(p, "127.0.0.1");
}

static void
expect_filled(gen_sctp_socket_t s, size_t len, unsigned int seed,
	      struct gen_sctp_msg *msg)
{
	int n = rig_recv(s, in, sizeof(in), msg);

	ck_assert_int_eq(msg->kind, GEN_SCTP_MSG_DATA);
	ck_assert(msg->eor);
	ck_assert_int_eq(n, (int)len);
	ck_assert_uint_eq(msg->len, len);
	ck_assert_msg(rig_filled(in, len, seed), "message %u differs", seed);
	gen_sctp_msg_free(msg);
}

/* An association, from one end. */
struct window {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t assoc;
	unsigned int sent;
};

static bool
is_shut(void *arg)
{
	const struct window *w = arg;

	return rig_status(w->s, w->assoc).rwnd < 8192;
}

/* The peer's window is shut and our buffer is full. */
static bool
is_full(void *arg)
{
	const struct window *w = arg;

	return is_shut(arg) &&
	       (gen_sctp_ready(w->s) & GEN_SCTP_POLL_OUT) == 0;
}

static bool
sent_until_full(void *arg)
{
	struct window *w = arg;
	int result;

	for (;;) {
		rig_fill(out, 1000, w->sent);
		result = gen_sctp_send(w->s, w->assoc, 0, out, 1000);
		if (result != 0)
			break;
		w->sent++;
	}
	ck_assert_int_eq(result, -EAGAIN);
	return is_full(w);
}

/* How many messages of 1000 bytes it took. The socket does not wait. */
static unsigned int
send_until_full(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct window w = { s, assoc, 0 };

	ck_assert(rig_until(sent_until_full, &w));
	return w.sent;
}

/* ------------------------------------------------------- what goes through */

START_TEST(messages_of_all_sizes_arrive_on_their_streams)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	unsigned int i, n = 0;
	size_t len;

	open_with_streams(&p);
	for (len = 1; len <= LARGEST; len = len * 7 / 5 + 1) {
		for (i = 0; i < 4; i++, n++) {
			rig_fill(out, len, n);
			rig_send(p.client, p.client_assoc, (int)(n % STREAMS),
				 out, len);
			expect_filled(p.server, len, n, &msg);
			ck_assert_uint_eq(msg.info.stream, n % STREAMS);
			ck_assert_uint_eq(msg.info.ssn, n / STREAMS);
			ck_assert_uint_eq(msg.info.assoc_id, p.server_assoc);
			ck_assert_int_eq(msg.from.port,
					 gen_sctp_port(p.client));
		}
	}
	rig_fill(out, LARGEST, n);
	rig_send(p.server, p.server_assoc, 0, out, LARGEST);
	expect_filled(p.client, LARGEST, n, &msg);
	rig_pair_close(&p);
}
END_TEST

START_TEST(every_small_size_is_exact)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	unsigned int len;

	rig_pair_open(&p);
	for (len = 1; len <= 300; len++) {
		rig_fill(out, len, len);
		rig_send(p.client, p.client_assoc, 0, out, len);
	}
	for (len = 1; len <= 300; len++)
		expect_filled(p.server, len, len, &msg);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(ppid_and_flags_reach_the_peer_and_the_context_stays)
{
	struct gen_sctp_sndrcvinfo info = {
		.stream = 3,
		.flags = GEN_SCTP_UNORDERED,
		.ppid = 0x01020304,
		.context = 77,
	};
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "one", 3), 0);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 3);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO);
	ck_assert_uint_eq(msg.info.stream, 3);
	ck_assert_uint_eq(msg.info.flags, GEN_SCTP_UNORDERED);
	ck_assert_uint_eq(msg.info.ppid, 0x01020304);
	ck_assert_uint_eq(msg.info.context, 0);
	ck_assert_uint_eq(msg.info.timetolive, 0);
	ck_assert_uint_eq(msg.info.assoc_id, p.server_assoc);

	/* send/4 has none of it. */
	rig_send(p.client, p.client_assoc, 3, "two", 3);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 3);
	ck_assert_uint_eq(msg.info.flags, 0);
	ck_assert_uint_eq(msg.info.ppid, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(tsns_tell_the_order_of_arrival)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	uint32_t tsn;

	rig_pair_open(&p);
	rig_send(p.client, p.client_assoc, 0, "a", 1);
	rig_send(p.client, p.client_assoc, 1, "b", 1);
	rig_recv(p.server, in, sizeof(in), &msg);
	tsn = msg.info.tsn;
	rig_recv(p.server, in, sizeof(in), &msg);
	ck_assert_uint_eq(msg.info.tsn, tsn + 1);
	ck_assert_uint_ge(msg.info.cumtsn - tsn, 0);
	rig_pair_close(&p);
}
END_TEST

/* RFC 3758: a message that was not sent in time never is. */
START_TEST(a_message_whose_time_is_over_is_not_delivered)
{
	struct gen_sctp_sndrcvinfo info = { .timetolive = 50 };
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	rig_impatient(p.client, 100);
	info.assoc_id = p.client_assoc;
	relay_set_both(r, RELAY_LOSE);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "brief", 5),
			 0);
	rig_send(p.client, p.client_assoc, 0, "lasting", 7);
	/* It is given up when its time for another try comes. */
	rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
	ck_assert_uint_eq(msg.event.u.send_failed.len, 5);
	ck_assert_int_eq(memcmp(msg.event.u.send_failed.data, "brief", 5), 0);
	gen_sctp_msg_free(&msg);
	relay_set_both(r, RELAY_PASS);
	rig_expect_text(p.server, "lasting");
	rig_expect_nothing(p.server);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(what_is_sent_before_the_association_is_up_arrives)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_addr addr = rig_addr("127.0.0.1",
					     gen_sctp_port(server));
	struct relay *r = relay_open(rig_udp_port(server), 0);
	gen_sctp_assoc_id_t id;
	struct gen_sctp_msg msg;

	relay_set_both(r, RELAY_HOLD);
	rig_aim_at(client, relay_port_for_client(r));
	ck_assert_int_eq(gen_sctp_connectx_init(client, &addr, 1, NULL, 0,
						&id),
			 0);
	rig_fill(out, 100000, 1);
	rig_send(client, id, 0, out, 100000);
	rig_send(client, id, 0, "after", 5);
	relay_set_both(r, RELAY_PASS);
	rig_expect_change(client, GEN_SCTP_COMM_UP);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	expect_filled(server, 100000, 1, &msg);
	rig_expect_text(server, "after");
	rig_close(client);
	rig_close(server);
	rig_relay_close(r);
}
END_TEST

START_TEST(a_message_can_be_sent_to_an_address_of_choice)
{
	static const char *const both[] = { "127.0.0.1", "127.0.0.2", NULL };
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ADDR_OVER };
	struct gen_sctp_addr to, stranger;
	struct rig_pair p;

	if (!rig_has_multihoming() || !rig_has_address(both[1]))
		return;
	p.server = rig_open_on(both);
	p.client = rig_open_on(both);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	rig_connect(&p, both[0]);
	info.assoc_id = p.client_assoc;
	to = rig_addr(both[1], gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &to, "second", 6),
			 0);
	rig_expect_text(p.server, "second");
	stranger = rig_addr("127.0.0.3", gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &stranger, "x", 1),
			 -EINVAL);
	rig_pair_close(&p);
}
END_TEST

/* ---------------------------------------------------------------- refusals */

START_TEST(a_stream_that_the_association_does_not_have_is_einval)
{
	struct rig_pair p;

	open_with_streams(&p);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, STREAMS, "x",
				       1),
			 -EINVAL);
	rig_send(p.client, p.client_assoc, STREAMS - 1, "last", 4);
	rig_expect_text(p.server, "last");
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_association_that_is_not_of_this_socket_is_epipe)
{
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_send(p.client, 0, 0, "x", 1), -EPIPE);
	ck_assert_int_eq(gen_sctp_send(p.client, p.server_assoc, 0, "x", 1),
			 -EPIPE);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc + 1000, 0, "x",
				       1),
			 -EPIPE);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.server_assoc), -EPIPE);
	ck_assert_int_eq(gen_sctp_abort(p.client, 0), -EPIPE);
	rig_send(p.client, p.client_assoc, 0, "alive", 5);
	rig_expect_text(p.server, "alive");
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_association_that_has_ended_is_epipe)
{
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_eof(p.server, p.server_assoc), 0);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_int_eq(gen_sctp_send(p.server, p.server_assoc, 0, "x", 1),
			 -EPIPE);
	/* The same before its events were taken. */
	rig_await_end(p.client, p.client_assoc);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, 0, "x", 1),
			 -EPIPE);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_message_larger_than_the_send_buffer_is_emsgsize)
{
	struct rig_pair p;
	struct gen_sctp_msg msg;

	open_small(&p);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, 0, out,
				       65537),
			 -EMSGSIZE);
	rig_set(p.server, gen_sctp_opt_recbuf(1 << 20));
	rig_fill(out, 65536, 1);
	rig_send(p.client, p.client_assoc, 0, out, 65536);
	expect_filled(p.server, 65536, 1, &msg);
	rig_pair_close(&p);
}
END_TEST

START_TEST(unknown_flags_are_einval)
{
	struct gen_sctp_sndrcvinfo info = { .flags = 0x100 };
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "x", 1),
			 -EINVAL);
	rig_pair_close(&p);
}
END_TEST

/* -------------------------------------------------------------- receiving */

static const size_t part_sizes[] = { 1, 7, 999, 1000, 1001, 65536 };

START_TEST(a_small_buffer_gets_the_message_in_parts)
{
	const size_t len = part_sizes[_i] < 10 ? 1000 : 100000;
	size_t size = part_sizes[_i], got = 0;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int n;

	rig_pair_open(&p);
	rig_fill(out, len, 5);
	rig_send(p.client, p.client_assoc, 2, out, len);
	rig_send(p.client, p.client_assoc, 2, "next", 4);
	do {
		n = rig_recv(p.server, in + got, size, &msg);
		ck_assert_int_gt(n, 0);
		ck_assert_int_le(n, (int)size);
		ck_assert_uint_eq(msg.info.stream, 2);
		got += (size_t)n;
		ck_assert_uint_le(got, len);
	} while (!msg.eor);
	ck_assert_uint_eq(got, len);
	ck_assert(rig_filled(in, len, 5));
	rig_expect_text(p.server, "next");
	rig_pair_close(&p);
}
END_TEST

/* The engine cannot keep all of it until it is complete. */
START_TEST(a_message_larger_than_the_receive_buffer_comes_in_parts)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	size_t got = 0;
	int parts = 0;

	rig_pair_open(&p);
	rig_set(p.server, gen_sctp_opt_recbuf(65536));
	rig_fill(out, LARGEST, 5);
	rig_send(p.client, p.client_assoc, 0, out, LARGEST);
	do {
		got += (size_t)rig_recv(p.server, in + got, sizeof(in) - got,
					&msg);
		ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
		parts++;
	} while (!msg.eor);
	ck_assert_uint_eq(got, LARGEST);
	ck_assert(rig_filled(in, LARGEST, 5));
	ck_assert_int_gt(parts, 1);
	rig_pair_close(&p);
}
END_TEST

START_TEST(ancillary_data_can_be_switched_off_and_on)
{
	struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_DATA_IO_EVENT,
	};
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int on;

	rig_pair_open(&p);
	for (on = 0; on < 2; on++) {
		events.on = on ? GEN_SCTP_DATA_IO_EVENT : 0;
		rig_set(p.server, gen_sctp_opt_events(events));
		rig_send(p.client, p.client_assoc, 1, "x", 1);
		ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 1);
		ck_assert_uint_eq(msg.anc, on ? GEN_SCTP_ANC_SNDRCVINFO : 0);
		ck_assert_uint_eq(msg.info.stream, on ? 1 : 0);
		ck_assert_uint_eq(msg.info.assoc_id,
				  on ? p.server_assoc : 0);
		ck_assert_int_eq(msg.from.port, gen_sctp_port(p.client));
	}
	rig_pair_close(&p);
}
END_TEST

START_TEST(recv_does_not_wait_longer_than_told)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int64_t before = rig_now();

	ck_assert_int_eq(gen_sctp_recv(s, in, 10, &msg, 0), -ETIMEDOUT);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_NONE);
	ck_assert_int_eq(gen_sctp_recv(s, in, 10, &msg, 50), -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - before, 49);
	rig_close(s);
}
END_TEST

/* Several clients of one server, their messages waiting there. */
#define CLIENTS 3
#define EACH 4

struct crowd {
	gen_sctp_socket_t server, clients[CLIENTS];
	gen_sctp_assoc_id_t there[CLIENTS], here[CLIENTS];
};

static void
crowd_open(struct crowd *c)
{
	/* Events take turns, too. */
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};
	struct rig_pair p;
	int i;

	c->server = p.server = rig_listener();
	rig_set(c->server, gen_sctp_opt_events(quiet));
	for (i = 0; i < CLIENTS; i++) {
		p.client = rig_open(0, NULL, 0);
		rig_set(p.client, gen_sctp_opt_nodelay(true));
		rig_connect(&p, "127.0.0.1");
		c->clients[i] = p.client;
		c->there[i] = p.client_assoc;
		c->here[i] = p.server_assoc;
	}
}

static void
crowd_close(struct crowd *c)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		rig_close(c->clients[i]);
	rig_close(c->server);
}

static void
await_queued(const struct crowd *c)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		rig_await_acknowledged(c->clients[i], c->there[i]);
}

static int
client_of(const struct crowd *c, gen_sctp_assoc_id_t here)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		if (c->here[i] == here)
			return i;
	ck_abort_msg("unknown association %u", here);
	return -1;
}

START_TEST(associations_take_turns)
{
	unsigned int taken[CLIENTS] = { 0 };
	struct gen_sctp_msg msg;
	struct crowd c;
	int i, k, from;

	crowd_open(&c);
	for (i = 0; i < CLIENTS; i++)
		for (k = 0; k < EACH; k++) {
			rig_fill(out, 100, (unsigned int)(i * EACH + k));
			rig_send(c.clients[i], c.there[i], 0, out, 100);
		}
	await_queued(&c);
	for (k = 0; k < CLIENTS * EACH; k++) {
		ck_assert_int_eq(rig_recv(c.server, in, sizeof(in), &msg),
				 100);
		from = client_of(&c, msg.info.assoc_id);
		ck_assert(rig_filled(in, 100,
				     (unsigned int)from * EACH + taken[from]));
		taken[from]++;
		/* Nobody comes again before everybody else has come. */
		ck_assert_uint_eq(taken[from], (unsigned int)k / CLIENTS + 1);
	}
	crowd_close(&c);
}
END_TEST

START_TEST(a_message_in_parts_is_not_interrupted)
{
	struct gen_sctp_msg msg;
	struct crowd c;
	int i, first, parts, whole;

	crowd_open(&c);
	for (i = 0; i < CLIENTS; i++) {
		rig_fill(out, 1000, (unsigned int)i);
		rig_send(c.clients[i], c.there[i], 0, out, 1000);
	}
	await_queued(&c);
	for (whole = 0; whole < CLIENTS; whole++) {
		first = -1;
		parts = 0;
		do {
			ck_assert_int_eq(rig_recv(c.server,
						  in + 100 * parts, 100,
						  &msg),
					 100);
			i = client_of(&c, msg.info.assoc_id);
			if (first < 0)
				first = i;
			ck_assert_int_eq(i, first);
			parts++;
		} while (!msg.eor);
		ck_assert_int_eq(parts, 10);
		ck_assert(rig_filled(in, 1000, (unsigned int)first));
	}
	crowd_close(&c);
}
END_TEST

/* ------------------------------------------------------------ flow control */

START_TEST(a_full_association_is_eagain_and_takes_more_later)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	unsigned int i, n;

	open_small(&p);
	rig_set(p.client, gen_sctp_opt_non_block_send(true));
	n = send_until_full(p.client, p.client_assoc);
	ck_assert_uint_gt(n, 60);
	ck_assert_uint_lt(n, 1000);
	for (i = 0; i < n; i++)
		expect_filled(p.server, 1000, i, &msg);
	rig_await_ready(p.client, GEN_SCTP_POLL_OUT);
	rig_fill(out, 1000, n);
	rig_send(p.client, p.client_assoc, 0, out, 1000);
	expect_filled(p.server, 1000, n, &msg);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_send_gives_up_after_its_time_out)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	unsigned int i, n = 0;
	int64_t before;
	int result;

	open_small(&p);
	rig_set(p.client, gen_sctp_opt_send_timeout(100));
	do {
		before = rig_now();
		rig_fill(out, 1000, n);
		result = gen_sctp_send(p.client, p.client_assoc, 0, out, 1000);
	} while (result == 0 && ++n < 1000);
	ck_assert_int_eq(result, -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - before, 99);
	/* The message that did not fit is not there. */
	for (i = 0; i < n; i++)
		expect_filled(p.server, 1000, i, &msg);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

/* A thread that sends many messages. */
struct sender {
	struct rig_thread thread;
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t assoc;
	int stream;
	unsigned int count;
	size_t len;
	int result; /* of the last */
	unsigned int sent;
};

static void
run_sender(void *arg)
{
	struct sender *s = arg;
	uint8_t *data = malloc(s->len);

	ck_assert_ptr_nonnull(data);
	while (s->result == 0 && s->sent < s->count) {
		rig_fill(data, s->len, s->sent);
		s->result = gen_sctp_send(s->s, s->assoc, s->stream, data,
					  s->len);
		s->sent += s->result == 0;
	}
	free(data);
}

static void
sender_start(struct sender *s, gen_sctp_socket_t socket,
	     gen_sctp_assoc_id_t assoc, unsigned int count, size_t len)
{
	memset(s, 0, sizeof(*s));
	s->s = socket;
	s->assoc = assoc;
	s->count = count;
	s->len = len;
	rig_start(&s->thread, run_sender, s);
}

START_TEST(a_sender_waits_for_a_slow_reader_and_nothing_is_lost)
{
	const unsigned int count = 3000;
	struct gen_sctp_msg msg;
	struct sender s;
	struct rig_pair p;
	struct window w = { 0 };
	unsigned int i;

	open_small(&p);
	sender_start(&s, p.client, p.client_assoc, count, 1000);
	w.s = p.client;
	w.assoc = p.client_assoc;
	ck_assert(rig_until(is_full, &w));
	for (i = 0; i < count; i++)
		expect_filled(p.server, 1000, i, &msg);
	rig_join(&s.thread);
	ck_assert_int_eq(s.result, 0);
	ck_assert_uint_eq(s.sent, count);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_full_association_does_not_hold_up_another)
{
	struct gen_sctp_msg msg;
	struct sender s;
	struct rig_pair p, q;
	struct window w = { 0 };
	unsigned int i;

	open_small(&p);
	q.client = p.client;
	q.server = rig_listener();
	rig_connect(&q, "127.0.0.1");
	sender_start(&s, p.client, p.client_assoc, 1000, 1000);
	w.s = p.client;
	w.assoc = p.client_assoc;
	ck_assert(rig_until(is_shut, &w));
	ck_assert_int_ne(gen_sctp_ready(p.client) & GEN_SCTP_POLL_OUT, 0);
	rig_send(q.client, q.client_assoc, 0, "through", 7);
	rig_expect_text(q.server, "through");
	for (i = 0; i < 1000; i++)
		expect_filled(p.server, 1000, i, &msg);
	rig_join(&s.thread);
	ck_assert_int_eq(s.result, 0);
	rig_close(q.server);
	rig_pair_close(&p);
}
END_TEST

/* ----------------------------------------------------------------- threads */

/* A thread in recv. */
struct receiver {
	struct rig_thread thread;
	gen_sctp_socket_t s;
	int result;
	struct gen_sctp_msg msg;
	char buf[100];
};

static void
run_receiver(void *arg)
{
	struct receiver *r = arg;

	r->msg.size = sizeof(r->msg);
	do
		r->result = gen_sctp_recv(r->s, r->buf, sizeof(r->buf),
					  &r->msg, -1);
	while (r->result == 0 && r->msg.kind == GEN_SCTP_MSG_EVENT &&
	       r->msg.event.type == GEN_SCTP_PADDR_CHANGE);
}

static void
receiver_start(struct receiver *r, gen_sctp_socket_t s)
{
	memset(r, 0, sizeof(*r));
	r->s = s;
	rig_start(&r->thread, run_receiver, r);
	rig_await_receiver(s);
}

START_TEST(a_second_recv_at_the_same_time_is_ealready)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct receiver r;
	struct rig_pair p;

	rig_pair_open(&p);
	receiver_start(&r, p.server);
	ck_assert_int_eq(gen_sctp_recv(p.server, in, 10, &msg, 0), -EALREADY);
	ck_assert_int_eq(gen_sctp_recv(p.server, in, 10, &msg, -1),
			 -EALREADY);
	rig_send(p.client, p.client_assoc, 0, "for one", 7);
	rig_join(&r.thread);
	ck_assert_int_eq(r.result, 7);
	ck_assert_int_eq(memcmp(r.buf, "for one", 7), 0);
	ck_assert_int_eq(gen_sctp_recv(p.server, in, 10, &msg, 0),
			 -ETIMEDOUT);
	rig_pair_close(&p);
}
END_TEST

START_TEST(close_releases_a_recv_that_waits)
{
	struct receiver r;
	struct rig_pair p;

	rig_pair_open(&p);
	receiver_start(&r, p.server);
	rig_close(p.server);
	rig_join(&r.thread);
	ck_assert_int_eq(r.result, -EBADF);
	rig_close(p.client);
}
END_TEST

START_TEST(close_releases_a_send_that_waits)
{
	struct sender s;
	struct rig_pair p;
	struct window w = { 0 };

	open_small(&p);
	sender_start(&s, p.client, p.client_assoc, 1000, 1000);
	w.s = p.client;
	w.assoc = p.client_assoc;
	ck_assert(rig_until(is_full, &w));
	rig_close(p.client);
	rig_join(&s.thread);
	ck_assert_int_eq(s.result, -EBADF);
	rig_close(p.server);
}
END_TEST

START_TEST(the_end_of_the_association_releases_a_send_that_waits)
{
	struct sender s;
	struct rig_pair p;
	struct window w = { 0 };

	open_small(&p);
	sender_start(&s, p.client, p.client_assoc, 1000, 1000);
	w.s = p.client;
	w.assoc = p.client_assoc;
	ck_assert(rig_until(is_full, &w));
	ck_assert_int_eq(gen_sctp_abort(p.server, p.server_assoc), 0);
	rig_join(&s.thread);
	ck_assert_int_eq(s.result, -EPIPE);
	rig_pair_close(&p);
}
END_TEST

START_TEST(one_thread_sends_while_another_receives_on_the_same_socket)
{
	const unsigned int count = 2000;
	struct sender here, there;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	unsigned int i;

	open_small(&p);
	/* Both full at times: neither direction waits for the other. */
	sender_start(&here, p.client, p.client_assoc, count, 500);
	sender_start(&there, p.server, p.server_assoc, count, 500);
	for (i = 0; i < count; i++) {
		expect_filled(p.server, 500, i, &msg);
		expect_filled(p.client, 500, i, &msg);
	}
	rig_join(&here.thread);
	rig_join(&there.thread);
	ck_assert_int_eq(here.result, 0);
	ck_assert_int_eq(there.result, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(several_threads_send_on_one_association)
{
	const unsigned int count = 500;
	unsigned int next[4] = { 0 }, i;
	struct sender s[4];
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int n;

	open_small(&p);
	for (i = 0; i < 4; i++) {
		memset(&s[i], 0, sizeof(s[i]));
		s[i].s = p.client;
		s[i].assoc = p.client_assoc;
		s[i].stream = (int)i;
		s[i].count = count;
		s[i].len = 300 + i;
		rig_start(&s[i].thread, run_sender, &s[i]);
	}
	for (i = 0; i < 4 * count; i++) {
		n = rig_recv(p.server, in, sizeof(in), &msg);
		ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
		ck_assert_int_eq(n, 300 + msg.info.stream);
		ck_assert(rig_filled(in, (size_t)n,
				     next[msg.info.stream]++));
	}
	for (i = 0; i < 4; i++) {
		rig_join(&s[i].thread);
		ck_assert_int_eq(s[i].result, 0);
	}
	rig_pair_close(&p);
}
END_TEST

static void
add_transfers(Suite *suite)
{
	TCase *tc = tcase_create("transfer");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, messages_of_all_sizes_arrive_on_their_streams);
	tcase_add_test(tc, every_small_size_is_exact);
	tcase_add_test(tc,
		       ppid_and_flags_reach_the_peer_and_the_context_stays);
	tcase_add_test(tc, tsns_tell_the_order_of_arrival);
	tcase_add_test(tc, a_message_whose_time_is_over_is_not_delivered);
	tcase_add_test(tc, what_is_sent_before_the_association_is_up_arrives);
	tcase_add_test(tc, a_message_can_be_sent_to_an_address_of_choice);
	suite_add_tcase(suite, tc);
}

static void
add_refusals(Suite *suite)
{
	TCase *tc = tcase_create("refusals");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, a_stream_that_the_association_does_not_have_is_einval);
	tcase_add_test(tc,
		       an_association_that_is_not_of_this_socket_is_epipe);
	tcase_add_test(tc, an_association_that_has_ended_is_epipe);
	tcase_add_test(tc,
		       a_message_larger_than_the_send_buffer_is_emsgsize);
	tcase_add_test(tc, unknown_flags_are_einval);
	suite_add_tcase(suite, tc);
}

static void
add_receiving(Suite *suite)
{
	TCase *tc = tcase_create("receiving");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_small_buffer_gets_the_message_in_parts, 0,
			    sizeof(part_sizes) / sizeof(part_sizes[0]));
	tcase_add_test(
		tc, a_message_larger_than_the_receive_buffer_comes_in_parts);
	tcase_add_test(tc, ancillary_data_can_be_switched_off_and_on);
	tcase_add_test(tc, recv_does_not_wait_longer_than_told);
	tcase_add_test(tc, associations_take_turns);
	tcase_add_test(tc, a_message_in_parts_is_not_interrupted);
	suite_add_tcase(suite, tc);
}

static void
add_flow_control(Suite *suite)
{
	TCase *tc = tcase_create("flow control");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc,
		       a_full_association_is_eagain_and_takes_more_later);
	tcase_add_test(tc, a_send_gives_up_after_its_time_out);
	tcase_add_test(
		tc, a_sender_waits_for_a_slow_reader_and_nothing_is_lost);
	tcase_add_test(tc, a_full_association_does_not_hold_up_another);
	suite_add_tcase(suite, tc);
}

static void
add_threads(Suite *suite)
{
	TCase *tc = tcase_create("threads");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_second_recv_at_the_same_time_is_ealready);
	tcase_add_test(tc, close_releases_a_recv_that_waits);
	tcase_add_test(tc, close_releases_a_send_that_waits);
	tcase_add_test(
		tc, the_end_of_the_association_releases_a_send_that_waits);
	tcase_add_test(
		tc,
		one_thread_sends_while_another_receives_on_the_same_socket);
	tcase_add_test(tc, several_threads_send_on_one_association);
	suite_add_tcase(suite, tc);
}

static Suite *
transfer_suite(void)
{
	Suite *suite = suite_create("transfer");

	add_transfers(suite);
	add_refusals(suite);
	add_receiving(suite);
	add_flow_control(suite);
	add_threads(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { transfer_suite, NULL };

	return run_suites(suites, argc, argv);
}
