/*
 * What OTP's own tests ask of gen_sctp, of active sockets: each test says which
 * of theirs it answers. esock's are at the end.
 */
#include <errno.h>
#include <string.h>

#include "mail_rig.h"
#include "runner.h"

static gen_sctp_mailbox_t self;

static void
setup(void)
{
	self = gen_sctp_self();
	ck_assert_uint_ne(self, 0);
}

static void
send_text(gen_sctp_socket_t s, gen_sctp_assoc_id_t id, const char *text)
{
	rig_send(s, id, 0, text, strlen(text));
}

/* ------------------------------------------------------------- active, N */

static int
try_add(gen_sctp_socket_t s, int n)
{
	struct gen_sctp_opt opt = gen_sctp_opt_active_n(n);

	return gen_sctp_setopts(s, &opt, 1, NULL);
}

/* active_n */
START_TEST(the_count_of_an_idle_socket)
{
	struct gen_sctp_opt three = gen_sctp_opt_active_n(3);
	struct gen_sctp_opt none = gen_sctp_opt_active_n(0);
	gen_sctp_socket_t s = rig_open(0, &three, 1);

	mail_expect_mode(s, GEN_SCTP_ACTIVE_N, 3);
	mail_add(s, -3);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_add(s, 0);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_add(s, 32767);
	ck_assert_int_eq(try_add(s, 1), -EINVAL);
	ck_assert_int_eq(try_add(s, -32769), -EINVAL);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_N, 32767);
	mail_add(s, -32768);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);

	mail_add(s, 3);
	mail_set(s, GEN_SCTP_ACTIVE_TRUE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_TRUE, 0);
	mail_add(s, 3);
	mail_set(s, GEN_SCTP_ACTIVE_ONCE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_ONCE, 0);
	ck_assert_int_eq(try_add(s, 32768), -EINVAL);
	mail_set(s, GEN_SCTP_ACTIVE_FALSE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_expect_nothing(self, s);
	rig_close(s);

	s = rig_open(0, &none, 1);
	mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
	mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);
	rig_close(s);
}
END_TEST

/* active_n */
START_TEST(so_many_messages_and_the_notice)
{
	static const char *const texts[] = { "message 1", "message 2",
					     "message 3" };
	struct rig_pair p;
	int i;

	mail_pair_open(&p);
	mail_add(p.server, 3);
	for (i = 0; i < 3; i++) {
		send_text(p.client, p.client_assoc, texts[i]);
		mail_expect_text(self, p.server, texts[i]);
	}
	mail_expect_kind(self, p.server, GEN_SCTP_MSG_PASSIVE);
	mail_send(&p, "one more");
	mail_expect_nothing(self, p.server);
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------- transfers */

struct call {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t id;
};

static void
send_from_there(void *arg)
{
	const struct call *call = arg;

	send_text(call->s, call->id, "over");
}

/* Both sides active from the beginning, without events of addresses. */
static void
open_active(struct rig_pair *p)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE),
		gen_sctp_opt_events(quiet),
	};

	p->server = rig_open(0, opts, 2);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	p->client = rig_open(0, opts, 2);
	rig_aim(p->client, p->server);
}

/* xfer_active */
START_TEST(active_sockets_talk_and_hear_of_an_abort)
{
	struct rig_thread t;
	struct rig_pair p;
	struct call call;

	open_active(&p);
	ck_assert_int_eq(gen_sctp_connect_init(p.client, "127.0.0.1",
					       gen_sctp_port(p.server), NULL, 0,
					       -1),
			 0);
	p.client_assoc = mail_expect_change(self, p.client, GEN_SCTP_COMM_UP);
	p.server_assoc = mail_expect_change(self, p.server, GEN_SCTP_COMM_UP);
	call = (struct call){ p.client, p.client_assoc };
	rig_start(&t, send_from_there, &call);
	mail_expect_text(self, p.server, "over");
	rig_join(&t);
	send_text(p.server, p.server_assoc, "and back");
	mail_expect_text(self, p.client, "and back");
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	ck_assert_uint_eq(
		mail_expect_change(self, p.server, GEN_SCTP_COMM_LOST),
		p.server_assoc);
	rig_close(p.server);
	ck_assert_uint_eq(
		mail_expect_change(self, p.client, GEN_SCTP_COMM_LOST),
		p.client_assoc);
	rig_close(p.client);
	/* A close is no message. */
	mail_expect_nothing(self, 0);
}
END_TEST

/* t_simple_..._send_recv: a client that waits, and one that is told. */
static void
talk_as_client(struct rig_pair *p, bool init)
{
	struct gen_sctp_assoc_change up;
	int port = gen_sctp_port(p->server);

	if (init) {
		ck_assert_int_eq(gen_sctp_connect_init(p->client, "127.0.0.1",
						       port, NULL, 0, -1),
				 0);
		p->client_assoc =
			mail_expect_change(self, p->client, GEN_SCTP_COMM_UP);
	} else {
		ck_assert_int_eq(gen_sctp_connect(p->client, "127.0.0.1", port,
						  NULL, 0, RIG_PATIENCE, &up),
				 0);
		p->client_assoc = up.assoc_id;
	}
	p->server_assoc = mail_expect_change(self, p->server, GEN_SCTP_COMM_UP);
	rig_send(p->client, p->client_assoc, 1, "hello", 5);
	mail_expect_text(self, p->server, "hello");
	rig_send(p->server, p->server_assoc, 1, "you", 3);
	mail_expect_text(self, p->client, "you");
}

START_TEST(clients_connect_while_they_are_active)
{
	struct rig_pair p;

	open_active(&p);
	talk_as_client(&p, _i == 1);
	rig_pair_close(&p);
}
END_TEST

/* send_block */
#define MESSAGES 8
#define LENGTH	 65536

static void
send_more_than_fits(void *arg)
{
	static char much[LENGTH];
	const struct call *call = arg;
	unsigned int i;

	for (i = 0; i < MESSAGES; i++) {
		rig_fill(much, sizeof(much), i);
		rig_send(call->s, call->id, 1, much, sizeof(much));
	}
}

START_TEST(a_sender_waits_until_the_receiver_becomes_active)
{
	gen_sctp_mailbox_t receiver = mail_new();
	struct gen_sctp_msg msg;
	struct rig_thread t;
	struct rig_pair p;
	struct call call;
	unsigned int i;

	mail_pair_open(&p);
	rig_set(p.client, gen_sctp_opt_sndbuf(LENGTH + 4096));
	rig_set(p.server, gen_sctp_opt_recbuf(2 * LENGTH));
	mail_give(p.server, receiver);
	call = (struct call){ p.client, p.client_assoc };
	rig_start(&t, send_more_than_fits, &call);
	mail_expect_nothing(receiver, p.server);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	for (i = 0; i < MESSAGES; i++) {
		ck_assert_int_eq(mail_recv(receiver, p.server, &msg), LENGTH);
		ck_assert(rig_filled(msg.data, msg.len, i));
		gen_sctp_msg_free(&msg);
	}
	rig_join(&t);
	rig_pair_close(&p);
	ck_assert_int_eq(gen_sctp_mailbox_close(receiver), 0);
}
END_TEST

/* -------------------------------------------------------------- peel off */

/* In any mode a socket gets four messages, one by one. */
static void
rearm(gen_sctp_socket_t s, enum gen_sctp_active_mode mode)
{
	if (mode == GEN_SCTP_ACTIVE_N) {
		mail_expect_kind(self, s, GEN_SCTP_MSG_PASSIVE);
		mail_add(s, 1);
	} else if (mode == GEN_SCTP_ACTIVE_ONCE) {
		mail_expect_mode(s, GEN_SCTP_ACTIVE_FALSE, 0);
		mail_set(s, mode);
	}
}

static void
expect_and_rearm(gen_sctp_socket_t s, const char *text,
		 enum gen_sctp_active_mode mode)
{
	mail_expect_text(self, s, text);
	rearm(s, mode);
}

static void
set_inherited(gen_sctp_socket_t s)
{
	const struct gen_sctp_linger seven = { .on = true, .seconds = 7 };

	rig_set(s, gen_sctp_opt_priority(3));
	rig_set(s, gen_sctp_opt_nodelay(true));
	rig_set(s, gen_sctp_opt_linger(seven));
}

static void
expect_inherited(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_get(GEN_SCTP_OPT_PRIORITY),
		gen_sctp_opt_get(GEN_SCTP_OPT_NODELAY),
		gen_sctp_opt_get(GEN_SCTP_OPT_LINGER),
	};

	ck_assert_int_eq(gen_sctp_getopts(s, opts, 3, NULL), 0);
	ck_assert_int_eq(opts[0].value.number, 3);
	ck_assert(opts[1].value.flag);
	ck_assert(opts[2].value.linger.on);
	ck_assert_int_eq(opts[2].value.linger.seconds, 7);
}

static void
arm(gen_sctp_socket_t s, enum gen_sctp_active_mode mode)
{
	if (mode == GEN_SCTP_ACTIVE_N)
		mail_add(s, 1);
	else
		mail_set(s, mode);
}

static const enum gen_sctp_active_mode modes[] = {
	GEN_SCTP_ACTIVE_ONCE,
	GEN_SCTP_ACTIVE_TRUE,
	GEN_SCTP_ACTIVE_N,
};

/* peeloff_active_once, peeloff_active_true, peeloff_active_n */
START_TEST(an_active_socket_goes_on_after_peeling_off)
{
	enum gen_sctp_active_mode mode = modes[_i];
	gen_sctp_socket_t peeled;
	struct rig_pair p;
	struct gen_sctp_msg msg;

	mail_pair_open(&p);
	arm(p.server, mode);
	mail_set(p.client, GEN_SCTP_ACTIVE_TRUE);
	send_text(p.client, p.client_assoc, "one");
	expect_and_rearm(p.server, "one", mode);
	send_text(p.server, p.server_assoc, "two");
	mail_expect_text(self, p.client, "two");

	set_inherited(p.server);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	expect_inherited(peeled);
	mail_expect_mode(peeled, mode, mode == GEN_SCTP_ACTIVE_N ? 1 : 0);
	send_text(peeled, p.server_assoc, "three");
	mail_expect_text(self, p.client, "three");
	send_text(p.client, p.client_assoc, "four");
	expect_and_rearm(peeled, "four", mode);

	rig_close(p.server);
	rig_close(p.client);
	ck_assert_int_eq(mail_recv(self, peeled, &msg), 0);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_SHUTDOWN);
	ck_assert_uint_eq(msg.event.u.shutdown.assoc_id, p.server_assoc);
	gen_sctp_msg_free(&msg);
	rearm(peeled, mode);
	ck_assert_uint_eq(
		mail_expect_change(self, peeled, GEN_SCTP_SHUTDOWN_COMP),
		p.server_assoc);
	rig_close(peeled);
}
END_TEST

/* ----------------------------------------------------------------- esock */

/* listen_accept_1_receive: an owner that takes one peer, by its port. */
START_TEST(an_owner_takes_the_peer_it_accepts_and_no_other)
{
	struct gen_sctp_owner_rule accepted = {
		.active = { .mode = GEN_SCTP_ACTIVE_TRUE },
	};
	struct gen_sctp_owner_rule others = { .refuse = true };
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p, q;

	/* One path, of which there is nothing to be told later. */
	rig_pair_open_one_path(&p);
	rig_pair_open_one_path(&q);
	rig_close(q.server);
	q.server = p.server;
	accepted.owner = mail_new();
	accepted.peer.addr.port = (uint16_t)gen_sctp_port(q.client);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &accepted, NULL), 0);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &others, NULL), 0);
	rig_aim(p.client, p.server);
	rig_aim(q.client, q.server);
	ck_assert_int_eq(gen_sctp_connect_init(p.client, "127.0.0.1",
					       gen_sctp_port(p.server), NULL, 0,
					       -1),
			 0);
	ck_assert_int_eq(gen_sctp_connect_init(q.client, "127.0.0.1",
					       gen_sctp_port(p.server), NULL, 0,
					       -1),
			 0);
	q.client_assoc = rig_expect_change(q.client, GEN_SCTP_COMM_UP);
	send_text(q.client, q.client_assoc, "hello");
	mail_expect_change(accepted.owner, p.server, GEN_SCTP_COMM_UP);
	do {
		mail_recv(accepted.owner, p.server, &msg);
	} while (msg.kind != GEN_SCTP_MSG_DATA);
	ck_assert_int_eq(msg.from.port, gen_sctp_port(q.client));
	gen_sctp_msg_free(&msg);
	mail_expect_nothing(accepted.owner, 0);
	rig_close(p.client);
	rig_close(q.client);
	rig_close(p.server);
}
END_TEST

/* ----------------------------------------------------------------- suite */

static Suite *
otp_active_suite(void)
{
	Suite *suite = suite_create("otp_active");
	TCase *tc = tcase_create("active");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_count_of_an_idle_socket);
	tcase_add_test(tc, so_many_messages_and_the_notice);
	tcase_add_test(tc, active_sockets_talk_and_hear_of_an_abort);
	tcase_add_loop_test(tc, clients_connect_while_they_are_active, 0, 2);
	tcase_add_test(tc, a_sender_waits_until_the_receiver_becomes_active);
	tcase_add_loop_test(tc, an_active_socket_goes_on_after_peeling_off, 0,
			    sizeof(modes) / sizeof(modes[0]));
	tcase_add_test(tc, an_owner_takes_the_peer_it_accepts_and_no_other);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { otp_active_suite, NULL };

	return run_suites(suites, argc, argv);
}
