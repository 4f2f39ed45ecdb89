/*
 * The active mode: what goes to the owner's mailbox, how it is counted, and
 * what stays in the socket.
 */
#include "mail_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

static char in[1000];

static const struct gen_sctp_event_subscribe quiet = {
	.set = GEN_SCTP_ADDRESS_EVENT,
};

/* ------------------------------------------------------------------ modes */

START_TEST(a_socket_is_passive_until_told_otherwise)
{
	struct rig_pair p;

	mail_pair_open(&p);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_send(&p, "for recv");
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_expect_text(p.server, "for recv");
	rig_pair_close(&p);
}
END_TEST

START_TEST(true_delivers_messages_and_events)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_TRUE, 0);
	rig_send(p.client, p.client_assoc, 3, "hello", 5);
	ck_assert_int_eq(mail_recv(gen_sctp_self(), 0, &msg), 5);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert_uint_eq(msg.socket, p.server);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO);
	ck_assert_uint_eq(msg.info.stream, 3);
	ck_assert_uint_eq(msg.info.assoc_id, p.server_assoc);
	ck_assert_int_eq(msg.from.port, gen_sctp_port(p.client));
	ck_assert_int_eq(memcmp(msg.data, "hello", 5), 0);
	gen_sctp_msg_free(&msg);
	gen_sctp_eof(p.client, p.client_assoc);
	mail_expect_kind(gen_sctp_self(), p.server, GEN_SCTP_MSG_EVENT);
	mail_expect_change(gen_sctp_self(), p.server, GEN_SCTP_SHUTDOWN_COMP);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_TRUE, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(once_is_one_message_and_no_notice)
{
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_ONCE);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_ONCE, 0);
	mail_send(&p, "one");
	mail_send(&p, "two");
	mail_expect_text(gen_sctp_self(), p.server, "one");
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_expect_text(p.server, "two");
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_event_uses_up_the_once)
{
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_ONCE);
	gen_sctp_abort(p.client, p.client_assoc);
	mail_expect_change(gen_sctp_self(), p.server, GEN_SCTP_COMM_LOST);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_count_runs_out_with_a_notice_behind_the_last_message)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct rig_pair p;

	mail_pair_open(&p);
	mail_add(p.server, 2);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_N, 2);
	mail_send(&p, "one");
	mail_expect_text(self, p.server, "one");
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_N, 1);
	mail_send(&p, "two");
	mail_send(&p, "three");
	mail_expect_text(self, p.server, "two");
	mail_expect_kind(self, p.server, GEN_SCTP_MSG_PASSIVE);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_expect_nothing(self, 0);
	rig_expect_text(p.server, "three");
	rig_pair_close(&p);
}
END_TEST

/* The active_n case of OTP's inet tests. */
static const struct arithmetic {
	int add[4]; /* 0 ends the list */
	int result, count, notices;
} sums[] = {
	{ { 3 }, 0, 3, 0 },
	{ { 3, 4 }, 0, 7, 0 },
	{ { 3, -1 }, 0, 2, 0 },
	{ { 3, -3 }, 0, 0, 1 },
	{ { 3, -4 }, 0, 0, 1 },
	{ { -1 }, 0, 0, 1 },
	{ { -32768 }, 0, 0, 1 },
	{ { -5, 2 }, 0, 2, 1 },
	{ { 32767 }, 0, 32767, 0 },
	{ { 32767, 1 }, -EINVAL, 32767, 0 },
	{ { 32767, -32768 }, 0, 0, 1 },
	{ { 1, 32767 }, -EINVAL, 1, 0 },
	{ { 32768 }, -EINVAL, 0, 0 },
	{ { -32769 }, -EINVAL, 0, 0 },
};
#define SUMS (int)(sizeof(sums) / sizeof(sums[0]))

START_TEST(counts_are_added)
{
	const struct arithmetic *sum = &sums[_i];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt;
	int i, result = 0;

	for (i = 0; sum->add[i] != 0; i++) {
		opt = gen_sctp_opt_active_n(sum->add[i]);
		result = gen_sctp_setopts(s, &opt, 1, NULL);
	}
	ck_assert_int_eq(result, sum->result);
	mail_expect_mode(s,
			 sum->count > 0 ? GEN_SCTP_ACTIVE_N :
					  GEN_SCTP_ACTIVE_FALSE,
			 sum->count);
	for (i = 0; i < sum->notices; i++)
		mail_expect_kind(gen_sctp_self(), s, GEN_SCTP_MSG_PASSIVE);
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_close(s);
}
END_TEST

START_TEST(zero_tells_even_a_passive_socket)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_opt zero = gen_sctp_opt_active_n(0);
	gen_sctp_socket_t s = rig_open(0, &zero, 1);

	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_add(s, 0);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_set(s, GEN_SCTP_ACTIVE_TRUE);
	mail_add(s, 0);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);
	rig_close(s);
}
END_TEST

START_TEST(every_other_mode_sets_the_count_to_zero_without_a_notice)
{
	static const enum gen_sctp_active_mode modes[] = {
		GEN_SCTP_ACTIVE_FALSE, GEN_SCTP_ACTIVE_TRUE,
		GEN_SCTP_ACTIVE_ONCE
	};
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	mail_add(s, 5);
	mail_set(s, modes[_i]);
	mail_expect_mode(s, modes[_i], 0);
	mail_add(s, 3);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_N, 3);
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_close(s);
}
END_TEST

START_TEST(modes_that_are_none)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	opt.value.active.mode = (enum gen_sctp_active_mode)4;
	ck_assert_int_eq(gen_sctp_setopts(s, &opt, 1, NULL), -EINVAL);
	rig_close(s);
}
END_TEST

START_TEST(recv_is_for_passive_sockets)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	ck_assert_int_eq(gen_sctp_recv(p.server, in, sizeof(in), &msg, 0),
			 -EINVAL);
	mail_send(&p, "x");
	ck_assert_int_eq(gen_sctp_recv(p.server, in, sizeof(in), &msg, 0),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN, 0);
	rig_pair_close(&p);
}
END_TEST

static void
recv_until_active(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_socket_t *s = arg;

	ck_assert_int_eq(gen_sctp_recv(*s, in, sizeof(in), &msg, -1), -EINVAL);
}

START_TEST(a_recv_that_waits_ends_when_the_socket_becomes_active)
{
	struct rig_thread t;
	struct rig_pair p;

	mail_pair_open(&p);
	rig_start(&t, recv_until_active, &p.server);
	rig_await_receiver(p.server);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	rig_join(&t);
	mail_send(&p, "now here");
	mail_expect_text(gen_sctp_self(), p.server, "now here");
	rig_pair_close(&p);
}
END_TEST

START_TEST(what_waits_is_delivered_when_the_socket_becomes_active)
{
	struct rig_pair p;

	mail_pair_open(&p);
	mail_send(&p, "one");
	mail_send(&p, "two");
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_expect_text(gen_sctp_self(), p.server, "one");
	mail_expect_text(gen_sctp_self(), p.server, "two");
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------- kinds of messages */

START_TEST(an_error_event_is_an_error_of_the_mailbox_too)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	rig_set(p.client, gen_sctp_opt_events(quiet));
	mail_add(p.client, 3);
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "gone", 4);
	gen_sctp_abort(p.client, p.client_assoc);
	ck_assert_int_eq(mail_recv(self, p.client, &msg), GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_ERROR_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_SEND_FAILED);
	ck_assert_uint_eq(msg.event.u.send_failed.len, 4);
	gen_sctp_msg_free(&msg);
	mail_expect_change(self, p.client, GEN_SCTP_COMM_LOST);
	/* Both count. */
	mail_expect_mode(p.client, GEN_SCTP_ACTIVE_N, 1);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* Larger than what the engine delivers at once. */
START_TEST(messages_are_whole)
{
	static const size_t sizes[] = { 1, 1000, 65535, 65536, 65537, 1000000 };
	static uint8_t data[1000000];
	size_t len = sizes[_i];
	struct gen_sctp_msg msg;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	rig_fill(data, len, 1);
	rig_send(p.client, p.client_assoc, 0, data, len);
	ck_assert_int_eq(mail_recv(gen_sctp_self(), p.server, &msg), (int)len);
	ck_assert(msg.eor);
	ck_assert(rig_filled(msg.data, len, 1));
	gen_sctp_msg_free(&msg);
	rig_pair_close(&p);
}
END_TEST

/* The window is smaller than the message: it comes in parts. */
START_TEST(a_message_larger_than_the_receive_buffer_is_put_together)
{
	static uint8_t data[1000000];
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg msg;
	struct rig_pair p;

	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	rig_set(p.server, gen_sctp_opt_recbuf(65536));
	rig_connect(&p, "127.0.0.1");
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	rig_fill(data, sizeof(data), 2);
	rig_send(p.client, p.client_assoc, 0, data, sizeof(data));
	rig_send(p.client, p.client_assoc, 1, "behind", 6);
	do
		mail_recv(self, p.server, &msg);
	while (msg.kind != GEN_SCTP_MSG_DATA);
	ck_assert_uint_eq(msg.len, sizeof(data));
	ck_assert(rig_filled(msg.data, sizeof(data), 2));
	gen_sctp_msg_free(&msg);
	mail_expect_text(self, p.server, "behind");
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_stream_socket_tells_its_end_once)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	mail_pair_open(&p);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	mail_set(peeled, GEN_SCTP_ACTIVE_TRUE);
	gen_sctp_abort(p.client, p.client_assoc);
	mail_expect_change(self, peeled, GEN_SCTP_COMM_LOST);
	mail_expect_kind(self, peeled, GEN_SCTP_MSG_EOF);
	mail_expect_nothing(self, 0);
	mail_set(peeled, GEN_SCTP_ACTIVE_FALSE);
	rig_expect_eof(peeled);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* -------------------------------------------------------------- connecting */

START_TEST(connect_takes_its_own_comm_up_and_counts_nothing)
{
	static const struct gen_sctp_active modes[] = {
		{ GEN_SCTP_ACTIVE_TRUE, 0 },
		{ GEN_SCTP_ACTIVE_ONCE, 0 },
		{ GEN_SCTP_ACTIVE_N, 2 },
	};
	struct gen_sctp_opt opts[2];
	struct rig_pair p;

	opts[0] = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);
	opts[0].value.active = modes[_i];
	opts[1] = gen_sctp_opt_events(quiet);
	p.server = rig_listener();
	p.client = rig_open(0, opts, 2);
	rig_connect(&p, "127.0.0.1");
	mail_expect_mode(p.client, modes[_i].mode, modes[_i].n);
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(connect_init_tells_the_mailbox)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	gen_sctp_socket_t server = rig_listener();
	struct gen_sctp_opt on = gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE);
	gen_sctp_socket_t client = rig_open(0, &on, 1);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect_init(client, "127.0.0.1",
					       gen_sctp_port(server), NULL, 0,
					       -1),
			 0);
	mail_expect_change(self, client, GEN_SCTP_COMM_UP);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(an_attempt_that_fails_tells_the_mailbox)
{
	gen_sctp_socket_t server = rig_open(0, NULL, 0);
	struct gen_sctp_opt on = gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE);
	gen_sctp_socket_t client = rig_open(0, &on, 1);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect_init(client, "127.0.0.1",
					       gen_sctp_port(server), NULL, 0,
					       -1),
			 0);
	mail_expect_change(gen_sctp_self(), client, GEN_SCTP_CANT_ASSOC);
	rig_close(client);
	rig_close(server);
}
END_TEST

/* ------------------------------------------------------------- peeling off */

START_TEST(a_peeled_socket_has_the_parents_mode)
{
	static const struct gen_sctp_active modes[] = {
		{ GEN_SCTP_ACTIVE_FALSE, 0 },
		{ GEN_SCTP_ACTIVE_TRUE, 0 },
		{ GEN_SCTP_ACTIVE_ONCE, 0 },
		{ GEN_SCTP_ACTIVE_N, 4 },
	};
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);
	gen_sctp_mailbox_t owner;
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	mail_pair_open(&p);
	opt.value.active = modes[_i];
	rig_set(p.server, opt);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	mail_expect_mode(peeled, modes[_i].mode, modes[_i].n);
	mail_expect_mode(p.server, modes[_i].mode, modes[_i].n);
	ck_assert_int_eq(gen_sctp_owner(peeled, &owner), 0);
	ck_assert_uint_eq(owner, gen_sctp_self());
	mail_send(&p, "peeled");
	if (modes[_i].mode == GEN_SCTP_ACTIVE_FALSE)
		rig_expect_text(peeled, "peeled");
	else
		mail_expect_text(gen_sctp_self(), peeled, "peeled");
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(what_is_left_of_the_count_is_inherited)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_add(p.server, 3);
	mail_send(&p, "in the mailbox");
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	mail_expect_mode(peeled, GEN_SCTP_ACTIVE_N, 2);
	/* It stays where it was delivered. */
	mail_expect_text(self, p.server, "in the mailbox");
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_accepted_socket_has_the_listeners_mode)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_opt opts[3] = {
		gen_sctp_opt_type(GEN_SCTP_STREAM),
		gen_sctp_opt_events(quiet),
		gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE),
	};
	gen_sctp_socket_t listener = rig_open(0, opts, 3), accepted;
	struct rig_pair p = { .server = listener,
			      .client = rig_open(0, opts, 2) };

	ck_assert_int_eq(gen_sctp_listen(listener, 5), 0);
	rig_aim(p.client, listener);
	ck_assert_int_eq(gen_sctp_connect(p.client, "127.0.0.1",
					  gen_sctp_port(listener), NULL, 0,
					  RIG_PATIENCE, NULL),
			 0);
	mail_send(&p, "waits for accept");
	/* The listener receives nothing. */
	mail_expect_nothing(self, 0);
	ck_assert_int_eq(gen_sctp_ready(listener) & GEN_SCTP_POLL_IN,
			 GEN_SCTP_POLL_IN);
	ck_assert_int_eq(gen_sctp_accept(listener, 0, &accepted, NULL), 0);
	mail_expect_mode(accepted, GEN_SCTP_ACTIVE_TRUE, 0);
	mail_expect_change(self, accepted, GEN_SCTP_COMM_UP);
	mail_expect_text(self, accepted, "waits for accept");
	ck_assert_int_eq(gen_sctp_shutdown(accepted, GEN_SCTP_SHUT_RD), 0);
	mail_expect_kind(self, accepted, GEN_SCTP_MSG_EOF);
	rig_close(accepted);
	rig_close(listener);
	rig_close(p.client);
}
END_TEST

/* ------------------------------------------------------------ flow control */

#define CHUNK 10000

/* Sends until there is no room, with a small window at the other end. */
static int
send_until_full(const struct rig_pair *p, int most, int patience_ms)
{
	static uint8_t data[CHUNK];
	int n = 0;

	rig_set(p->client, gen_sctp_opt_send_timeout(patience_ms));
	while (n < most && gen_sctp_send(p->client, p->client_assoc, 0, data,
					 sizeof(data)) == 0)
		n++;
	return n;
}

static void
open_small(struct rig_pair *p)
{

	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_set(p->server, gen_sctp_opt_events(quiet));
	rig_set(p->server, gen_sctp_opt_recbuf(65536));
	rig_set(p->client, gen_sctp_opt_sndbuf(65536));
	rig_set(p->client, gen_sctp_opt_nodelay(true));
	rig_connect(p, "127.0.0.1");
}

START_TEST(a_slow_owner_closes_the_peers_window)
{
	const int most = 1000;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int i, sent;

	open_small(&p);
	if (_i == 0)
		mail_set(p.server, GEN_SCTP_ACTIVE_ONCE);
	else
		mail_add(p.server, 3);
	sent = send_until_full(&p, most, RIG_QUIET);
	ck_assert_int_gt(sent, 1);
	ck_assert_int_lt(sent, most);
	/* And nothing of it is lost. */
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	for (i = 0; i < sent; i++) {
		do
			mail_recv(gen_sctp_self(), p.server, &msg);
		while (msg.kind == GEN_SCTP_MSG_PASSIVE);
		ck_assert_uint_eq(msg.len, CHUNK);
		gen_sctp_msg_free(&msg);
	}
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(true_takes_all_that_comes)
{
	const int most = 1000;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int i;

	open_small(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	ck_assert_int_eq(send_until_full(&p, most, RIG_PATIENCE), most);
	for (i = 0; i < most; i++) {
		ck_assert_int_eq(mail_recv(gen_sctp_self(), 0, &msg), CHUNK);
		gen_sctp_msg_free(&msg);
	}
	rig_pair_close(&p);
}
END_TEST

/* Counts data until the notices that the limit makes. */
static int
take_until_passive(gen_sctp_mailbox_t m, gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg;
	int n = 0, result;

	while ((result = mail_recv(m, s, &msg)) == CHUNK) {
		gen_sctp_msg_free(&msg);
		n++;
	}
	ck_assert_int_eq(result, GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_ERROR);
	ck_assert_int_eq(msg.error, -ENOBUFS);
	mail_expect_kind(m, s, GEN_SCTP_MSG_PASSIVE);
	return n;
}

START_TEST(at_the_limit_it_becomes_passive_and_nothing_is_lost)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	static uint8_t big[CHUNK];
	struct rig_pair p;
	int taken = 0, sent;

	open_small(&p);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(self, 5 * CHUNK), 0);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	sent = send_until_full(&p, 1000, RIG_QUIET);
	ck_assert_int_lt(sent, 1000);
	taken = take_until_passive(self, p.server);
	ck_assert_int_ge(taken, 3);
	ck_assert_int_le(taken, 5);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	/* One that had been begun goes on as parts. */
	for (; taken < sent; taken++) {
		struct gen_sctp_msg msg;
		size_t len = 0;

		do {
			len += (size_t)rig_recv(p.server, big, sizeof(big),
						&msg);
			ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
		} while (!msg.eor);
		ck_assert_uint_eq(len, CHUNK);
	}
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_message_larger_than_the_limit_comes_from_recv)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	static uint8_t data[200000], got[200000];
	struct gen_sctp_msg msg;
	struct rig_pair p;
	size_t len = 0;

	mail_pair_open(&p);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(self, 100000), 0);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	rig_fill(data, sizeof(data), 3);
	rig_send(p.client, p.client_assoc, 0, data, sizeof(data));
	ck_assert_int_eq(mail_recv(self, p.server, &msg), GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg.error, -ENOBUFS);
	mail_expect_kind(self, p.server, GEN_SCTP_MSG_PASSIVE);
	do
		len += (size_t)rig_recv(p.server, got + len, sizeof(got) - len,
					&msg);
	while (!msg.eor);
	ck_assert_uint_eq(len, sizeof(data));
	ck_assert(rig_filled(got, len, 3));
	/* And it goes on. */
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "next");
	mail_expect_text(self, p.server, "next");
	rig_pair_close(&p);
}
END_TEST

/* Part of it was taken by recv, part put together: the rest comes as one. */
START_TEST(a_begun_message_survives_changes_of_the_mode)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	static uint8_t data[200000];
	struct gen_sctp_msg msg;
	struct rig_pair p;
	size_t len;

	mail_pair_open(&p);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(self, 100000), 0);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	rig_fill(data, sizeof(data), 4);
	rig_send(p.client, p.client_assoc, 0, data, sizeof(data));
	mail_expect_kind(self, p.server, GEN_SCTP_MSG_ERROR);
	mail_expect_kind(self, p.server, GEN_SCTP_MSG_PASSIVE);
	len = (size_t)rig_recv(p.server, in, sizeof(in), &msg);
	ck_assert(!msg.eor);
	ck_assert_int_eq(memcmp(in, data, len), 0);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(self, 1000000), 0);
	mail_set(p.server, GEN_SCTP_ACTIVE_ONCE);
	ck_assert_int_eq(mail_recv(self, p.server, &msg),
			 (int)(sizeof(data) - len));
	ck_assert_int_eq(memcmp(msg.data, data + len, sizeof(data) - len), 0);
	gen_sctp_msg_free(&msg);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_busy_socket_does_not_starve_another)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct rig_pair busy, calm;
	int i;

	mail_pair_open(&busy);
	mail_pair_open(&calm);
	for (i = 0; i < 500; i++)
		rig_send(busy.client, busy.client_assoc, 0, "busy", 4);
	rig_await_acknowledged(busy.client, busy.client_assoc);
	mail_send(&calm, "calm");
	mail_set(busy.server, GEN_SCTP_ACTIVE_TRUE);
	mail_set(calm.server, GEN_SCTP_ACTIVE_TRUE);
	mail_expect_text(self, calm.server, "calm");
	for (i = 0; i < 500; i++)
		mail_expect_text(self, busy.server, "busy");
	rig_pair_close(&busy);
	rig_pair_close(&calm);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static void
add_modes(TCase *tc)
{
	tcase_add_test(tc, a_socket_is_passive_until_told_otherwise);
	tcase_add_test(tc, true_delivers_messages_and_events);
	tcase_add_test(tc, once_is_one_message_and_no_notice);
	tcase_add_test(tc, an_event_uses_up_the_once);
	tcase_add_test(tc,
		       a_count_runs_out_with_a_notice_behind_the_last_message);
	tcase_add_loop_test(tc, counts_are_added, 0, SUMS);
	tcase_add_test(tc, zero_tells_even_a_passive_socket);
	tcase_add_loop_test(
		tc, every_other_mode_sets_the_count_to_zero_without_a_notice, 0,
		3);
	tcase_add_test(tc, modes_that_are_none);
	tcase_add_test(tc, recv_is_for_passive_sockets);
	tcase_add_test(
		tc, a_recv_that_waits_ends_when_the_socket_becomes_active);
	tcase_add_test(
		tc, what_waits_is_delivered_when_the_socket_becomes_active);
}

static void
add_messages(TCase *tc)
{
	tcase_add_test(tc, an_error_event_is_an_error_of_the_mailbox_too);
	tcase_add_loop_test(tc, messages_are_whole, 0, 6);
	tcase_add_test(
		tc,
		a_message_larger_than_the_receive_buffer_is_put_together);
	tcase_add_test(tc, a_stream_socket_tells_its_end_once);
	tcase_add_loop_test(
		tc, connect_takes_its_own_comm_up_and_counts_nothing, 0, 3);
	tcase_add_test(tc, connect_init_tells_the_mailbox);
	tcase_add_test(tc, an_attempt_that_fails_tells_the_mailbox);
	tcase_add_loop_test(tc, a_peeled_socket_has_the_parents_mode, 0, 4);
	tcase_add_test(tc, what_is_left_of_the_count_is_inherited);
	tcase_add_test(tc, an_accepted_socket_has_the_listeners_mode);
}

static void
add_flow_control(TCase *tc)
{
	tcase_add_loop_test(tc, a_slow_owner_closes_the_peers_window, 0, 2);
	tcase_add_test(tc, true_takes_all_that_comes);
	tcase_add_test(tc,
		       at_the_limit_it_becomes_passive_and_nothing_is_lost);
	tcase_add_test(tc, a_message_larger_than_the_limit_comes_from_recv);
	tcase_add_test(tc, a_begun_message_survives_changes_of_the_mode);
	tcase_add_test(tc, a_busy_socket_does_not_starve_another);
}

static Suite *
active_suite(void)
{
	Suite *suite = suite_create("active");
	TCase *tc = tcase_create("active");

	tcase_set_timeout(tc, 60);
	add_modes(tc);
	add_messages(tc);
	add_flow_control(tc);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { active_suite, NULL };

	return run_suites(suites, argc, argv);
}
