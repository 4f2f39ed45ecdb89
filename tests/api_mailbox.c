/*
 * Mailboxes and owners: who gets what, in which order, and how it ends.
 */
#include "mail_rig.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"
#include "runner.h"

static gen_sctp_mailbox_t
owner_of(gen_sctp_socket_t s)
{
	gen_sctp_mailbox_t m = 0;

	ck_assert_int_eq(gen_sctp_owner(s, &m), 0);
	return m;
}

static bool
is_readable(gen_sctp_mailbox_t m, int timeout_ms)
{
	struct pollfd p = { .events = POLLIN };
	gen_sctp_fd_t fd;

	ck_assert_int_eq(gen_sctp_mailbox_fd(m, &fd), 0);
	p.fd = (int)fd;
	return poll(&p, 1, timeout_ms) == 1;
}

/* ------------------------------------------------------------------- self */

static void
self_of_thread(void *arg)
{
	gen_sctp_mailbox_t *self = arg;

	*self = gen_sctp_self();
	ck_assert_uint_ne(*self, 0);
	ck_assert_uint_eq(gen_sctp_self(), *self);
}

START_TEST(every_thread_has_its_own)
{
	gen_sctp_mailbox_t self = gen_sctp_self(), other;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_thread t;

	ck_assert_uint_ne(self, 0);
	ck_assert_uint_eq(gen_sctp_self(), self);
	rig_start(&t, self_of_thread, &other);
	rig_join(&t);
	ck_assert_uint_ne(other, self);
	/* It ended with its thread. */
	ck_assert_int_eq(gen_sctp_mailbox_recv(other, 0, &msg, 0), -EBADF);
}
END_TEST

START_TEST(a_thread_can_choose_another)
{
	gen_sctp_mailbox_t own = gen_sctp_self(), m = mail_new();
	gen_sctp_socket_t s;

	ck_assert_int_eq(gen_sctp_use_mailbox(m), 0);
	ck_assert_uint_eq(gen_sctp_self(), m);
	s = rig_open(0, NULL, 0);
	ck_assert_uint_eq(owner_of(s), m);
	ck_assert_int_eq(gen_sctp_use_mailbox(0), 0);
	ck_assert_uint_eq(gen_sctp_self(), own);
	ck_assert_uint_eq(owner_of(s), m);
	ck_assert_int_eq(gen_sctp_use_mailbox(m), 0);
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	ck_assert_uint_eq(gen_sctp_self(), own);
}
END_TEST

START_TEST(a_closed_one_of_its_own_is_made_anew)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(gen_sctp_mailbox_close(self), 0);
	ck_assert_int_eq(gen_sctp_listen(s, 1), -EBADF);
	ck_assert_uint_ne(gen_sctp_self(), self);
	ck_assert_uint_ne(gen_sctp_self(), 0);
}
END_TEST

/* ----------------------------------------------------------------- misuse */

START_TEST(arguments_that_are_none)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(gen_sctp_mailbox_new(NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_fd(self, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(self, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_owner(s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_owner(self, &self), -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, 0, NULL, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, 0, &msg, -2), -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, self, &msg, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_close(self), -EINVAL);
	msg.size = 8;
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, 0, &msg, 0), -EINVAL);
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------------------- recv */

START_TEST(recv_waits_as_long_as_it_is_told)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_mailbox_t self = gen_sctp_self();
	int threads = rig_threads(), descriptors = rig_descriptors();
	int64_t start = rig_now();

	/* No socket is open. */
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, 0, &msg, 0), -ETIMEDOUT);
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, 0, &msg, 50), -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - start, 50);
	ck_assert(rig_settles_at(threads, descriptors));
}
END_TEST

START_TEST(messages_of_several_sockets_come_in_their_order)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct rig_pair p, q;

	mail_pair_open(&p);
	mail_pair_open(&q);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_set(q.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "p one");
	mail_send(&q, "q one");
	mail_send(&p, "p two");
	mail_expect_text(self, 0, "p one");
	mail_expect_text(self, 0, "q one");
	mail_expect_text(self, 0, "p two");
	rig_pair_close(&p);
	rig_pair_close(&q);
}
END_TEST

START_TEST(those_of_one_socket_can_be_taken_first)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct rig_pair p, q;

	mail_pair_open(&p);
	mail_pair_open(&q);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_set(q.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "p one");
	mail_send(&q, "q one");
	mail_send(&p, "p two");
	mail_send(&q, "q two");
	mail_expect_text(self, q.server, "q one");
	mail_expect_text(self, q.server, "q two");
	mail_expect_nothing(self, q.server);
	mail_expect_nothing(self, p.client);
	mail_expect_text(self, 0, "p one");
	mail_expect_text(self, 0, "p two");
	rig_pair_close(&p);
	rig_pair_close(&q);
}
END_TEST

/* ---------------------------------------------------------------- owners */

START_TEST(only_the_owner_gives_a_socket_away)
{
	gen_sctp_mailbox_t self = gen_sctp_self(), m = mail_new();
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_uint_eq(owner_of(s), self);
	mail_give(s, m);
	ck_assert_uint_eq(owner_of(s), m);
	ck_assert_int_eq(gen_sctp_controlling_process(s, self), -EPERM);
	/* To whom it belongs already is no question. */
	mail_give(s, m);
	ck_assert_int_eq(gen_sctp_use_mailbox(m), 0);
	mail_give(s, self);
	ck_assert_uint_eq(owner_of(s), self);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_controlling_process(s, m), -EBADF);
	ck_assert_int_eq(gen_sctp_owner(s, &m), -EBADF);
}
END_TEST

START_TEST(who_does_not_own_it_may_do_all_else)
{
	struct rig_pair p;

	mail_pair_open(&p);
	mail_give(p.server, mail_new());
	rig_send(p.server, p.server_assoc, 0, "sent", 4);
	rig_expect_text(p.client, "sent");
	mail_send(&p, "received");
	rig_expect_text(p.server, "received");
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "delivered");
	mail_expect_text(owner_of(p.server), p.server, "delivered");
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_pair_close(&p);
}
END_TEST

static bool
is_passive(void *arg)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);

	ck_assert_int_eq(gen_sctp_getopts(*(gen_sctp_socket_t *)arg, &opt, 1,
					  NULL),
			 0);
	return opt.value.active.mode == GEN_SCTP_ACTIVE_FALSE;
}

/* OTP leaves the last two kinds behind. */
START_TEST(all_that_waits_moves_to_the_new_owner_in_order)
{
	gen_sctp_mailbox_t self = gen_sctp_self(), m = mail_new();
	struct gen_sctp_msg msg;
	struct rig_pair p, q;
	struct relay *r = rig_pair_open_relayed(&p);
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};

	mail_pair_open(&q);
	mail_give(q.server, m);
	mail_set(q.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&q, "was there");
	rig_set(p.client, gen_sctp_opt_events(quiet));
	mail_add(p.client, 4);
	rig_send(p.server, p.server_assoc, 0, "one", 3);
	rig_await_acknowledged(p.server, p.server_assoc);
	rig_send(p.server, p.server_assoc, 0, "two", 3);
	rig_await_acknowledged(p.server, p.server_assoc);
	mail_expect_text(self, 0, "one");
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "lost", 4);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	ck_assert(rig_until(is_passive, &p.client));
	mail_give(p.client, m);
	mail_expect_nothing(self, 0);
	mail_expect_text(m, 0, "was there");
	mail_expect_text(m, 0, "two");
	ck_assert_int_eq(mail_recv(m, p.client, &msg), GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_ERROR_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_SEND_FAILED);
	ck_assert_int_eq(memcmp(msg.event.u.send_failed.data, "lost", 4), 0);
	gen_sctp_msg_free(&msg);
	mail_expect_change(m, p.client, GEN_SCTP_COMM_LOST);
	mail_expect_kind(m, p.client, GEN_SCTP_MSG_PASSIVE);
	rig_pair_close(&q);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(the_mode_moves_along)
{
	gen_sctp_mailbox_t m = mail_new();
	struct rig_pair p;

	mail_pair_open(&p);
	mail_add(p.server, 2);
	mail_send(&p, "one");
	mail_give(p.server, m);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_N, 1);
	mail_send(&p, "two");
	mail_expect_text(m, p.server, "one");
	mail_expect_text(m, p.server, "two");
	mail_expect_kind(m, p.server, GEN_SCTP_MSG_PASSIVE);
	mail_expect_nothing(gen_sctp_self(), 0);
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------------ an end */

/* Opens with an association of the pair's client, gets a message, and ends. */
static void
end_as_owner(void *arg)
{
	struct rig_pair *p = arg;

	ck_assert_int_eq(gen_sctp_peeloff(p->server, p->server_assoc,
					  &p->server),
			 0);
	ck_assert_uint_eq(owner_of(p->server), gen_sctp_self());
	mail_set(p->server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(p, "nobody took it");
}

START_TEST(a_thread_that_ends_leaves_its_sockets_open_and_passive)
{
	gen_sctp_mailbox_t self = gen_sctp_self(), m = mail_new();
	struct gen_sctp_opt on = gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE);
	gen_sctp_socket_t listener;
	struct rig_thread t;
	struct rig_pair p;

	mail_pair_open(&p);
	listener = p.server;
	rig_start(&t, end_as_owner, &p);
	rig_join(&t);
	ck_assert_uint_eq(owner_of(p.server), 0);
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	ck_assert_int_eq(gen_sctp_setopts(p.server, &on, 1, NULL), -EPERM);
	mail_send(&p, "still up");
	rig_expect_text(p.server, "still up");
	/* Whoever takes it gets what waited. */
	mail_give(p.server, m);
	mail_expect_text(m, p.server, "nobody took it");
	ck_assert_int_eq(gen_sctp_controlling_process(p.server, self), -EPERM);
	rig_close(listener);
	rig_pair_close(&p);
}
END_TEST

START_TEST(closing_a_mailbox_closes_its_sockets)
{
	gen_sctp_mailbox_t m = mail_new();
	struct gen_sctp_event event;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_give(p.server, m);
	mail_send(&p, "thrown away");
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	ck_assert_int_eq(gen_sctp_listen(p.server, 1), -EBADF);
	rig_expect_event(p.client, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_close(p.client);
}
END_TEST

struct waiter {
	gen_sctp_mailbox_t m;
	gen_sctp_socket_t s;
	atomic_int begun;
	int result;
};

static void
wait_for_mail(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct waiter *w = arg;

	w->begun = 1;
	w->result = gen_sctp_mailbox_recv(w->m, w->s, &msg, RIG_PATIENCE);
	gen_sctp_msg_free(&msg);
}

static bool
has_begun(void *arg)
{
	return ((struct waiter *)arg)->begun != 0;
}

static void
start_waiter(struct rig_thread *t, struct waiter *w)
{
	rig_start(t, wait_for_mail, w);
	ck_assert(rig_until(has_begun, w));
}

START_TEST(closing_a_mailbox_ends_the_recv_that_waits)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct waiter any = { .m = mail_new() }, one = { .m = any.m, .s = s };
	struct rig_thread t, u;

	mail_give(s, any.m);
	start_waiter(&t, &any);
	start_waiter(&u, &one);
	ck_assert_int_eq(gen_sctp_mailbox_close(any.m), 0);
	rig_join(&t);
	rig_join(&u);
	ck_assert_int_eq(any.result, -EBADF);
	ck_assert_int_eq(one.result, -EBADF);
}
END_TEST

struct ending {
	struct waiter *waiter;
	atomic_int may_end;
};

static bool
may_end(void *arg)
{
	return ((struct ending *)arg)->may_end != 0;
}

static void
lend_and_end(void *arg)
{
	struct ending *e = arg;

	e->waiter->m = gen_sctp_self();
	e->waiter->begun = 1;
	ck_assert(rig_until(may_end, e));
}

START_TEST(the_end_of_a_thread_ends_the_recv_that_waits_on_its_mailbox)
{
	struct waiter w = { .begun = 0 };
	struct ending e = { .waiter = &w };
	struct rig_thread owner, waiter;

	rig_start(&owner, lend_and_end, &e);
	ck_assert(rig_until(has_begun, &w));
	w.begun = 0;
	start_waiter(&waiter, &w);
	e.may_end = 1;
	rig_join(&owner);
	rig_join(&waiter);
	ck_assert_int_eq(w.result, -EBADF);
}
END_TEST

START_TEST(closing_a_socket_ends_the_recv_that_waits_for_it)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct waiter w = { .m = gen_sctp_self(), .s = s };
	struct rig_thread t;

	start_waiter(&t, &w);
	rig_close(s);
	rig_join(&t);
	ck_assert_int_eq(w.result, -EBADF);
}
END_TEST

START_TEST(what_a_closed_socket_had_delivered_stays)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "one");
	mail_send(&p, "two");
	rig_close(p.server);
	mail_expect_text(self, p.server, "one");
	mail_expect_text(self, 0, "two");
	ck_assert_int_eq(gen_sctp_mailbox_recv(self, p.server, &msg, -1),
			 -EBADF);
	mail_expect_nothing(self, 0);
	rig_close(p.client);
}
END_TEST

/* --------------------------------------------------------------- threads */

#define THREADS 4
#define EACH 200

struct taker {
	gen_sctp_mailbox_t m;
	gen_sctp_socket_t s;
	int taken;
};

/* Until the mailbox is closed. */
static void
take_all(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct taker *t = arg;

	while (gen_sctp_mailbox_recv(t->m, 0, &msg, RIG_PATIENCE) >= 0) {
		if (t->s != 0)
			ck_assert_uint_eq(msg.socket, t->s);
		t->taken += msg.kind == GEN_SCTP_MSG_DATA;
		gen_sctp_msg_free(&msg);
	}
}

static void
send_each(const struct rig_pair *p)
{
	int i;

	for (i = 0; i < EACH; i++)
		rig_send(p->client, p->client_assoc, 0, "some text", 9);
	rig_await_acknowledged(p->client, p->client_assoc);
}

static bool
all_taken(void *arg)
{
	return !is_readable(*(const gen_sctp_mailbox_t *)arg, 0);
}

START_TEST(threads_receive_from_a_mailbox_each)
{
	struct rig_thread threads[THREADS];
	struct taker takers[THREADS];
	struct rig_pair pairs[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		mail_pair_open(&pairs[i]);
		takers[i] = (struct taker){ mail_new(), pairs[i].server, 0 };
		mail_give(pairs[i].server, takers[i].m);
		mail_set(pairs[i].server, GEN_SCTP_ACTIVE_TRUE);
		rig_start(&threads[i], take_all, &takers[i]);
	}
	for (i = 0; i < THREADS; i++)
		send_each(&pairs[i]);
	for (i = 0; i < THREADS; i++) {
		ck_assert(rig_until(all_taken, &takers[i].m));
		ck_assert_int_eq(gen_sctp_mailbox_close(takers[i].m), 0);
		rig_join(&threads[i]);
		ck_assert_int_eq(takers[i].taken, EACH);
		rig_close(pairs[i].client);
	}
}
END_TEST

START_TEST(threads_share_a_mailbox)
{
	struct rig_thread threads[THREADS];
	struct taker takers[THREADS];
	gen_sctp_mailbox_t m = mail_new();
	struct rig_pair p;
	int i, total = 0;

	mail_pair_open(&p);
	mail_give(p.server, m);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	for (i = 0; i < THREADS; i++) {
		takers[i] = (struct taker){ m, p.server, 0 };
		rig_start(&threads[i], take_all, &takers[i]);
	}
	send_each(&p);
	ck_assert(rig_until(all_taken, &m));
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	for (i = 0; i < THREADS; i++) {
		rig_join(&threads[i]);
		total += takers[i].taken;
	}
	ck_assert_int_eq(total, EACH);
	rig_close(p.client);
}
END_TEST

#define HANDOVERS 1000

static void
send_numbers(void *arg)
{
	const struct rig_pair *p = arg;
	uint32_t n;

	for (n = 0; n < HANDOVERS; n++)
		rig_send(p->client, p->client_assoc, 0, &n, sizeof(n));
}

/* Whoever owns it takes a message, if there is one, and gives it on. */
START_TEST(nothing_is_lost_when_owners_change_while_data_comes)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_mailbox_t boxes[2] = { mail_new(), mail_new() };
	struct rig_thread t;
	struct rig_pair p;
	uint32_t n;
	int i = 0;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_give(p.server, boxes[0]);
	rig_start(&t, send_numbers, &p);
	for (n = 0; n < HANDOVERS; i = !i) {
		if (gen_sctp_mailbox_recv(boxes[i], p.server, &msg, 1) >= 0) {
			ck_assert_int_eq(memcmp(msg.data, &n, sizeof(n)), 0);
			gen_sctp_msg_free(&msg);
			n++;
		}
		ck_assert_int_eq(gen_sctp_use_mailbox(boxes[i]), 0);
		mail_give(p.server, boxes[!i]);
	}
	rig_join(&t);
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------ descriptors */

START_TEST(its_descriptor_is_readable_while_a_message_waits)
{
	gen_sctp_mailbox_t self = gen_sctp_self(), m = mail_new();
	struct rig_pair p, q;

	mail_pair_open(&p);
	mail_pair_open(&q);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_set(q.server, GEN_SCTP_ACTIVE_TRUE);
	ck_assert(!is_readable(self, 0));
	rig_send(p.client, p.client_assoc, 0, "p", 1);
	ck_assert(is_readable(self, RIG_PATIENCE));
	ck_assert(is_readable(self, 0));
	mail_send(&q, "q");
	mail_expect_text(self, 0, "p");
	ck_assert(is_readable(self, 0));
	ck_assert(!is_readable(m, 0));
	/* With the socket its message moves. */
	mail_give(q.server, m);
	ck_assert(!is_readable(self, 0));
	ck_assert(is_readable(m, 0));
	mail_expect_text(m, 0, "q");
	ck_assert(!is_readable(m, 0));
	rig_pair_close(&p);
	rig_pair_close(&q);
}
END_TEST

START_TEST(nothing_of_it_is_left)
{
	int threads, descriptors, i;
	gen_sctp_mailbox_t m;

	ck_assert_uint_ne(gen_sctp_self(), 0);
	threads = rig_threads();
	descriptors = rig_descriptors();
	for (i = 0; i < 10; i++) {
		m = mail_new();
		ck_assert(!is_readable(m, 0));
		ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	}
	ck_assert(rig_settles_at(threads, descriptors));
}
END_TEST

/* ----------------------------------------------------------------- fork */

static int
calls_in_child(gen_sctp_mailbox_t m, gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_mailbox_t new;
	gen_sctp_fd_t fd;
	int i, results[] = {
		gen_sctp_self() == 0 ? -EINVAL : 0,
		gen_sctp_mailbox_new(&new),
		gen_sctp_use_mailbox(m),
		gen_sctp_use_mailbox(0),
		gen_sctp_mailbox_recv(m, 0, &msg, -1),
		gen_sctp_mailbox_fd(m, &fd),
		gen_sctp_mailbox_set_limit(m, 1),
		gen_sctp_controlling_process(s, m),
		gen_sctp_owner(s, &new),
	};

	for (i = 0; i < (int)(sizeof(results) / sizeof(results[0])); i++)
		if (results[i] != -EINVAL)
			return 1 + i;
	return gen_sctp_mailbox_close(m) == 0 ? 0 : 100;
}

START_TEST(in_a_forked_child_there_is_none)
{
	struct rig_pair p;
	int status;
	pid_t pid;

	mail_pair_open(&p);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(calls_in_child(gen_sctp_self(), p.server));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	mail_send(&p, "alive");
	mail_expect_text(gen_sctp_self(), p.server, "alive");
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static void
add_owners(TCase *tc)
{
	tcase_add_test(tc, every_thread_has_its_own);
	tcase_add_test(tc, a_thread_can_choose_another);
	tcase_add_test(tc, a_closed_one_of_its_own_is_made_anew);
	tcase_add_test(tc, arguments_that_are_none);
	tcase_add_test(tc, only_the_owner_gives_a_socket_away);
	tcase_add_test(tc, who_does_not_own_it_may_do_all_else);
	tcase_add_test(tc, all_that_waits_moves_to_the_new_owner_in_order);
	tcase_add_test(tc, the_mode_moves_along);
}

static void
add_recv(TCase *tc)
{
	tcase_add_test(tc, recv_waits_as_long_as_it_is_told);
	tcase_add_test(tc, messages_of_several_sockets_come_in_their_order);
	tcase_add_test(tc, those_of_one_socket_can_be_taken_first);
	tcase_add_test(tc, threads_receive_from_a_mailbox_each);
	tcase_add_test(tc, threads_share_a_mailbox);
	tcase_add_test(tc,
		       nothing_is_lost_when_owners_change_while_data_comes);
	tcase_add_test(tc, its_descriptor_is_readable_while_a_message_waits);
}

static void
add_ends(TCase *tc)
{
	tcase_add_test(
		tc, a_thread_that_ends_leaves_its_sockets_open_and_passive);
	tcase_add_test(tc, closing_a_mailbox_closes_its_sockets);
	tcase_add_test(tc, closing_a_mailbox_ends_the_recv_that_waits);
	/* Whether it waits already or is about to is not known. */
	tcase_add_loop_test(
		tc,
		the_end_of_a_thread_ends_the_recv_that_waits_on_its_mailbox, 0,
		10);
	tcase_add_test(tc, closing_a_socket_ends_the_recv_that_waits_for_it);
	tcase_add_test(tc, what_a_closed_socket_had_delivered_stays);
	tcase_add_test(tc, nothing_of_it_is_left);
	tcase_add_test(tc, in_a_forked_child_there_is_none);
}

static Suite *
mailbox_suite(void)
{
	Suite *suite = suite_create("mailbox");
	TCase *tc = tcase_create("mailbox");

	tcase_set_timeout(tc, 60);
	add_owners(tc);
	add_recv(tc);
	add_ends(tc);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { mailbox_suite, NULL };

	return run_suites(suites, argc, argv);
}
