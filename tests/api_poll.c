/*
 * Sockets in poll: the descriptor, its mask, and the conditions.
 */
#include "api_rig.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>

#include "runner.h"

#define IN GEN_SCTP_POLL_IN
#define OUT GEN_SCTP_POLL_OUT
#define HUP GEN_SCTP_POLL_HUP

static char in[1000];

/* ------------------------------------------------------------------- rig */

static int
fd_for(gen_sctp_socket_t s, int mask)
{
	gen_sctp_fd_t fd = -1;

	ck_assert_int_eq(gen_sctp_fd(s, mask, &fd), 0);
	ck_assert_int_ge((int)fd, 0);
	return (int)fd;
}

static bool
is_readable(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n = poll(&p, 1, timeout_ms);

	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(p.revents & ~POLLIN, 0);
	return n == 1;
}

/* An association on both sides of which nothing comes but what a test sends. */
static void
open_quiet(struct rig_pair *p)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};

	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_set(p->server, gen_sctp_opt_events(quiet));
	rig_set(p->client, gen_sctp_opt_events(quiet));
	rig_connect(p, "127.0.0.1");
}

/* Takes all that is there without waiting. */
static int
take_all(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int result, n = 0;

	while ((result = gen_sctp_recv(s, in, sizeof(in), &msg, 0)) !=
	       -ETIMEDOUT) {
		ck_assert_int_ge(result, 0);
		n += msg.kind == GEN_SCTP_MSG_DATA;
		gen_sctp_msg_free(&msg);
	}
	return n;
}

static void
send_text(struct rig_pair *p, const char *text)
{
	rig_send(p->client, p->client_assoc, 0, text, strlen(text));
}

/* ------------------------------------------------------------- conditions */

START_TEST(in_means_that_recv_has_something)
{
	struct rig_pair p;
	int fd;

	open_quiet(&p);
	fd = fd_for(p.server, IN);
	ck_assert(!is_readable(fd, 0));
	ck_assert_int_eq(gen_sctp_ready(p.server) & IN, 0);
	send_text(&p, "one");
	ck_assert(is_readable(fd, RIG_PATIENCE));
	ck_assert_int_eq(gen_sctp_ready(p.server) & IN, IN);
	/* Level-triggered: as long as it is there. */
	ck_assert(is_readable(fd, 0));
	ck_assert(is_readable(fd, 0));
	rig_expect_text(p.server, "one");
	ck_assert(!is_readable(fd, 0));
	ck_assert_int_eq(gen_sctp_ready(p.server) & IN, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(it_stays_readable_until_the_last_message_is_taken)
{
	struct rig_pair p;
	int fd, i;

	open_quiet(&p);
	fd = fd_for(p.server, IN);
	rig_set(p.client, gen_sctp_opt_nodelay(true));
	for (i = 0; i < 3; i++)
		send_text(&p, "some");
	for (i = 0; i < 3; i++) {
		ck_assert(is_readable(fd, RIG_PATIENCE));
		rig_expect_text(p.server, "some");
	}
	ck_assert(!is_readable(fd, 0));
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_rest_of_a_message_keeps_it_readable)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	int fd;

	open_quiet(&p);
	fd = fd_for(p.server, IN);
	send_text(&p, "halves");
	ck_assert_int_eq(rig_recv(p.server, in, 3, &msg), 3);
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(rig_recv(p.server, in, 3, &msg), 3);
	ck_assert(msg.eor);
	ck_assert(!is_readable(fd, 0));
	rig_pair_close(&p);
}
END_TEST

START_TEST(events_are_something_to_receive)
{
	gen_sctp_socket_t server = rig_listener();
	struct rig_pair p = { server, rig_open(0, NULL, 0), 0, 0 };
	int fd = fd_for(server, IN);

	ck_assert(!is_readable(fd, 0));
	rig_aim(p.client, server);
	ck_assert_int_eq(gen_sctp_connect_init(p.client, "127.0.0.1",
					       gen_sctp_port(server), NULL, 0,
					       0),
			 0);
	ck_assert(is_readable(fd, RIG_PATIENCE));
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_pair_close(&p);
}
END_TEST

START_TEST(out_means_that_an_association_takes_a_message)
{
	gen_sctp_socket_t other = rig_open(0, NULL, 0);
	struct rig_pair p;
	int fd, n = 0;

	ck_assert(!is_readable(fd_for(other, OUT), 0));
	ck_assert_int_eq(gen_sctp_ready(other), 0);
	rig_close(other);

	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	fd = fd_for(p.client, OUT);
	ck_assert(!is_readable(fd, 0));
	rig_set(p.server, gen_sctp_opt_recbuf(65536));
	rig_set(p.client, gen_sctp_opt_sndbuf(65536));
	rig_set(p.client, gen_sctp_opt_non_block_send(true));
	rig_connect(&p, "127.0.0.1");
	ck_assert(is_readable(fd, 0));
	/* Until it is full for good. */
	while (is_readable(fd, RIG_QUIET))
		while (gen_sctp_send(p.client, p.client_assoc, 0, in,
				     sizeof(in)) == 0)
			n++;
	ck_assert_int_eq(gen_sctp_ready(p.client) & OUT, 0);
	while (n > 0) {
		ck_assert_int_eq(gen_sctp_ready(p.server) & ~(IN | OUT), 0);
		rig_await_ready(p.server, IN);
		n -= take_all(p.server);
	}
	ck_assert(is_readable(fd, RIG_PATIENCE));
	rig_pair_close(&p);
}
END_TEST

START_TEST(out_ends_with_the_association)
{
	struct rig_pair p;
	int fd;

	open_quiet(&p);
	fd = fd_for(p.client, OUT);
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	ck_assert(!is_readable(fd, 0));
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert(!is_readable(fd, 0));
	rig_pair_close(&p);
}
END_TEST

START_TEST(hup_is_the_end_of_a_stream_socket)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;
	int fd;

	open_quiet(&p);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	fd = fd_for(peeled, HUP);
	ck_assert(!is_readable(fd, 0));
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	/* Not before what it received is taken. */
	rig_await_ready(peeled, IN);
	ck_assert(!is_readable(fd, 0));
	rig_expect_change(peeled, GEN_SCTP_COMM_LOST);
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(gen_sctp_ready(peeled), IN | HUP);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(hup_never_is_a_condition_of_a_seqpacket_socket)
{
	struct rig_pair p;

	open_quiet(&p);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(gen_sctp_ready(p.client), 0);
	ck_assert_int_eq(gen_sctp_ready(p.server), 0);
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------------ masks */

START_TEST(the_mask_says_what_makes_it_readable)
{
	struct rig_pair p;
	int fd;

	open_quiet(&p);
	fd = fd_for(p.client, OUT);
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(fd_for(p.client, IN), fd);
	ck_assert(!is_readable(fd, 0));
	ck_assert_int_eq(fd_for(p.client, IN | OUT), fd);
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(fd_for(p.client, IN | HUP), fd);
	ck_assert(!is_readable(fd, 0));
	rig_send(p.server, p.server_assoc, 0, "x", 1);
	ck_assert(is_readable(fd, RIG_PATIENCE));
	ck_assert_int_eq(fd_for(p.client, HUP), fd);
	ck_assert(!is_readable(fd, 0));
	/* ready does not look at it. */
	ck_assert_int_eq(gen_sctp_ready(p.client), IN | OUT);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_descriptor_made_late_knows_what_is_there)
{
	struct rig_pair p;

	open_quiet(&p);
	send_text(&p, "early");
	rig_await_ready(p.server, IN);
	ck_assert(is_readable(fd_for(p.server, IN), 0));
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_peeled_socket_has_a_descriptor_of_its_own)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;
	int parent, fd;

	open_quiet(&p);
	parent = fd_for(p.server, IN);
	send_text(&p, "before");
	ck_assert(is_readable(parent, RIG_PATIENCE));
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	ck_assert(!is_readable(parent, 0));
	fd = fd_for(peeled, IN);
	ck_assert_int_ne(fd, parent);
	ck_assert(is_readable(fd, 0));
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_descriptor_ends_with_the_socket)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	int before = rig_descriptors(), fd;

	fd = fd_for(s, IN);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(rig_descriptors(), before);
	ck_assert_int_eq(fd_for(s, OUT), fd);
	rig_close(s);
	ck_assert(rig_settles_at(rig_threads(), before));
}
END_TEST

/* ------------------------------------------------------------------ loops */

static int64_t
cpu_ms(void)
{
	struct rusage u;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &u), 0);
	return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* One thread echoes through poll; the other one waits for each answer. */
struct echo {
	struct rig_thread thread;
	gen_sctp_socket_t s;
	int messages;
	int polls;
};

static void
run_echo(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct echo *e = arg;
	int fd = fd_for(e->s, IN), left = e->messages, n;

	while (left > 0) {
		ck_assert(is_readable(fd, RIG_PATIENCE));
		e->polls++;
		n = gen_sctp_recv(e->s, in, sizeof(in), &msg, 0);
		ck_assert_int_ge(n, 0);
		if (msg.kind != GEN_SCTP_MSG_DATA)
			continue;
		left--;
		rig_send(e->s, msg.info.assoc_id, 0, in, (size_t)n);
	}
}

START_TEST(a_poll_loop_gets_everything_without_delay)
{
	struct echo echo = { .messages = 200 };
	struct rig_pair p;
	int64_t before;
	int i;

	open_quiet(&p);
	echo.s = p.server;
	rig_start(&echo.thread, run_echo, &echo);
	before = rig_now();
	for (i = 0; i < echo.messages; i++) {
		send_text(&p, "ping");
		rig_expect_text(p.client, "ping");
	}
	rig_join(&echo.thread);
	/* A wake-up that is missed costs at least a tick or a time-out. */
	ck_assert_int_lt(rig_now() - before, echo.messages * 50);
	/* No poll was for nothing. */
	ck_assert_int_eq(echo.polls, echo.messages);
	rig_pair_close(&p);
}
END_TEST

START_TEST(waiting_in_poll_costs_nothing)
{
	struct rig_pair p;
	int64_t before;
	int fd;

	open_quiet(&p);
	fd = fd_for(p.server, IN);
	before = cpu_ms();
	ck_assert(!is_readable(fd, 1000));
	ck_assert_int_lt(cpu_ms() - before, 200);
	rig_pair_close(&p);
}
END_TEST

#define SOCKETS 50

START_TEST(many_sockets_in_one_poll)
{
	gen_sctp_socket_t servers[SOCKETS], clients[SOCKETS];
	gen_sctp_assoc_id_t there[SOCKETS];
	struct pollfd fds[SOCKETS];
	int i, got = 0, taken[SOCKETS] = { 0 };
	struct rig_pair p;

	for (i = 0; i < SOCKETS; i++) {
		open_quiet(&p);
		servers[i] = p.server;
		clients[i] = p.client;
		there[i] = p.client_assoc;
		fds[i].fd = fd_for(servers[i], IN);
		fds[i].events = POLLIN;
	}
	/* Every third one. */
	for (i = 0; i < SOCKETS; i += 3)
		rig_send(clients[i], there[i], 0, "x", 1);
	while (got < (SOCKETS + 2) / 3) {
		ck_assert_int_gt(poll(fds, SOCKETS, RIG_PATIENCE), 0);
		for (i = 0; i < SOCKETS; i++) {
			if (fds[i].revents == 0)
				continue;
			ck_assert_int_eq(i % 3, 0);
			rig_expect_text(servers[i], "x");
			taken[i]++;
			got++;
		}
	}
	ck_assert_int_eq(poll(fds, SOCKETS, 0), 0);
	for (i = 0; i < SOCKETS; i++) {
		ck_assert_int_eq(taken[i], i % 3 == 0);
		rig_close(clients[i]);
		rig_close(servers[i]);
	}
}
END_TEST

static void
add_conditions(Suite *suite)
{
	TCase *tc = tcase_create("conditions");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, in_means_that_recv_has_something);
	tcase_add_test(tc, it_stays_readable_until_the_last_message_is_taken);
	tcase_add_test(tc, the_rest_of_a_message_keeps_it_readable);
	tcase_add_test(tc, events_are_something_to_receive);
	tcase_add_test(tc, out_means_that_an_association_takes_a_message);
	tcase_add_test(tc, out_ends_with_the_association);
	tcase_add_test(tc, hup_is_the_end_of_a_stream_socket);
	tcase_add_test(tc, hup_never_is_a_condition_of_a_seqpacket_socket);
	suite_add_tcase(suite, tc);
}

static void
add_descriptors(Suite *suite)
{
	TCase *tc = tcase_create("descriptors");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_mask_says_what_makes_it_readable);
	tcase_add_test(tc, a_descriptor_made_late_knows_what_is_there);
	tcase_add_test(tc, a_peeled_socket_has_a_descriptor_of_its_own);
	tcase_add_test(tc, the_descriptor_ends_with_the_socket);
	suite_add_tcase(suite, tc);
}

static void
add_loops(Suite *suite)
{
	TCase *tc = tcase_create("loops");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_poll_loop_gets_everything_without_delay);
	tcase_add_test(tc, waiting_in_poll_costs_nothing);
	tcase_add_test(tc, many_sockets_in_one_poll);
	suite_add_tcase(suite, tc);
}

static Suite *
poll_suite(void)
{
	Suite *suite = suite_create("poll");

	add_conditions(suite);
	add_descriptors(suite);
	add_loops(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { poll_suite, NULL };

	return run_suites(suites, argc, argv);
}
