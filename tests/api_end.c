/*
 * The end: of associations (eof, abort), of sockets (close with every linger)
 * and of processes.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"
#include "runner.h"

#define LARGE 100000

static uint8_t out[LARGE], in[1 << 20];

/* ------------------------------------------------------------------- rig */

static void
set_linger(gen_sctp_socket_t s, bool on, int seconds)
{
	const struct gen_sctp_linger linger = { .on = on, .seconds = seconds };

	rig_set(s, gen_sctp_opt_linger(linger));
}

struct filling {
	const struct rig_pair *p;
	unsigned int count;
};

/* The server's window is shut and our buffer is full. */
static bool
is_full(void *arg)
{
	struct filling *f = arg;
	const struct rig_pair *p = f->p;

	rig_fill(out, LARGE, f->count);
	while (gen_sctp_send(p->client, p->client_assoc, 0, out, LARGE) == 0)
		rig_fill(out, LARGE, ++f->count);
	return rig_status(p->client, p->client_assoc).rwnd < LARGE &&
	       (gen_sctp_ready(p->client) & GEN_SCTP_POLL_OUT) == 0;
}

/* Sends more than the server's window takes: how many messages of LARGE
 * bytes. */
static unsigned int
fill(struct rig_pair *p)
{
	struct filling f = { .p = p };

	rig_set(p->client, gen_sctp_opt_non_block_send(true));
	ck_assert(rig_until(is_full, &f));
	ck_assert_uint_gt(f.count, 5);
	return f.count;
}

static void
expect_filled(gen_sctp_socket_t s, unsigned int seed)
{
	struct gen_sctp_msg msg;
	int n = rig_recv(s, in, sizeof(in), &msg);

	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert(msg.eor);
	ck_assert_int_eq(n, LARGE);
	ck_assert(rig_filled(in, LARGE, seed));
}

/* All of it, then the orderly end. */
static void
expect_all_and_the_end(gen_sctp_socket_t s, unsigned int n)
{
	struct gen_sctp_event event;
	unsigned int i;

	for (i = 0; i < n; i++)
		expect_filled(s, i);
	rig_expect_event(s, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(s, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_nothing(s);
}

static void
expect_drained(void)
{
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}

/* ----------------------------------------------------------------- eof */

START_TEST(eof_comes_after_all_that_was_sent)
{
	struct rig_pair p;
	unsigned int n;

	rig_pair_open(&p);
	n = fill(&p);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, 0, "x", 1),
			 -EPIPE);
	expect_all_and_the_end(p.server, n);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_nothing(p.client);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_message_with_eof_is_the_last_one)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_EOF };
	struct gen_sctp_event event;
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "bye", 3),
			 0);
	ck_assert_int_eq(gen_sctp_send(p.client, p.client_assoc, 0, "x", 1),
			 -EPIPE);
	rig_expect_text(p.server, "bye");
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_pair_close(&p);
}
END_TEST

/* Whoever's SHUTDOWN was first, the other side may hear of it or not. */
static void
expect_end_of_either(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg;

	rig_recv(s, in, sizeof(in), &msg);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EVENT);
	if (msg.event.type == GEN_SCTP_SHUTDOWN)
		rig_recv(s, in, sizeof(in), &msg);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg.event.u.assoc_change.state,
			 GEN_SCTP_SHUTDOWN_COMP);
}

START_TEST(both_sides_may_end_at_once)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_HOLD);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	ck_assert_int_eq(gen_sctp_eof(p.server, p.server_assoc), 0);
	relay_await(r, RELAY_TO_SERVER, CHUNK_SHUTDOWN, 1);
	relay_await(r, RELAY_TO_CLIENT, CHUNK_SHUTDOWN, 1);
	relay_set_both(r, RELAY_PASS);
	expect_end_of_either(p.client);
	expect_end_of_either(p.server);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* Data, end of file and all, as soon as the association is up. */
START_TEST(eof_before_the_association_is_up_waits_for_it)
{
	struct gen_sctp_event event;
	gen_sctp_assoc_id_t id;
	struct gen_sctp_addr addr;
	struct rig_pair p;
	struct relay *r;

	rig_pair_open_one_path(&p);
	r = relay_open(rig_udp_port(p.server), 0);
	relay_set_both(r, RELAY_HOLD);
	rig_aim_at(p.client, relay_port_for_client(r));
	addr = rig_addr("127.0.0.1", gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_connectx_init(p.client, &addr, 1, NULL, 0,
						&id),
			 0);
	if (_i == 1)
		rig_send(p.client, id, 0, "early", 5);
	ck_assert_int_eq(gen_sctp_eof(p.client, id), 0);
	ck_assert_int_eq(gen_sctp_send(p.client, id, 0, "x", 1), -EPIPE);
	relay_set_both(r, RELAY_PASS);
	ck_assert_uint_eq(rig_expect_change(p.client, GEN_SCTP_COMM_UP), id);
	ck_assert_uint_eq(rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP),
			  id);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	if (_i == 1)
		rig_expect_text(p.server, "early");
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(other_associations_of_the_socket_go_on)
{
	gen_sctp_assoc_id_t ended;
	struct rig_pair p, q;

	rig_pair_open(&p);
	q.client = p.client;
	q.server = rig_listener();
	rig_connect(&q, "127.0.0.1");
	if (_i == 0)
		ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	else
		ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_change(p.client, _i == 0 ? GEN_SCTP_SHUTDOWN_COMP :
					      GEN_SCTP_COMM_LOST);
	rig_send(q.client, q.client_assoc, 0, "on", 2);
	rig_expect_text(q.server, "on");
	if (_i == 0)
		expect_all_and_the_end(p.server, 0);
	else
		rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	/* And the socket connects to the same peer again. */
	ended = p.client_assoc;
	rig_connect(&p, "127.0.0.1");
	ck_assert_uint_ne(p.client_assoc, ended);
	ck_assert_uint_ne(p.client_assoc, q.client_assoc);
	rig_close(q.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_end_that_takes_too_long_can_be_cut_short)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_SEND_FAILURE_EVENT,
	};
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ABORT };
	struct rig_pair p;

	rig_pair_open(&p);
	rig_set(p.client, gen_sctp_opt_events(quiet));
	fill(&p);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_expect_nothing(p.client);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(_i == 0 ? gen_sctp_abort(p.client, p.client_assoc) :
				   gen_sctp_sendmsg(p.client, &info, NULL,
						    "enough", 6),
			 0);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close(&p);
}
END_TEST

/* --------------------------------------------------------------- abort */

START_TEST(abort_from_either_side_is_told_to_both)
{
	gen_sctp_socket_t one, other;
	gen_sctp_assoc_id_t id;
	struct gen_sctp_event event;
	struct rig_pair p;

	rig_pair_open(&p);
	one = _i == 0 ? p.client : p.server;
	other = _i == 0 ? p.server : p.client;
	id = _i == 0 ? p.client_assoc : p.server_assoc;
	ck_assert_int_eq(gen_sctp_abort(one, id), 0);
	ck_assert_int_eq(gen_sctp_send(one, id, 0, "x", 1), -EPIPE);
	rig_expect_event(one, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	rig_expect_event(other, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	ck_assert_uint_eq(event.u.assoc_change.error, 12);
	rig_expect_nothing(one);
	rig_expect_nothing(other);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_end_waits_for_room_in_the_send_buffer)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_HOLD);
	rig_fill(out, LARGE, 1);
	rig_send(p.client, p.client_assoc, 0, out, LARGE);
	rig_set(p.client, gen_sctp_opt_sndbuf(4096));
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	relay_set_both(r, RELAY_PASS);
	rig_expect_data(p.server, out, LARGE);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(an_abort_needs_no_room_in_the_send_buffer)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	rig_fill(out, LARGE, 1);
	rig_send(p.client, p.client_assoc, 0, out, LARGE);
	rig_set(p.client, gen_sctp_opt_sndbuf(4096));
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
	gen_sctp_msg_free(&msg);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	set_linger(p.server, true, 0);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(what_arrived_before_an_abort_is_still_received)
{
	struct rig_pair p;

	rig_pair_open(&p);
	rig_set(p.client, gen_sctp_opt_nodelay(true));
	rig_send(p.client, p.client_assoc, 0, "one", 3);
	rig_send(p.client, p.client_assoc, 1, "two", 3);
	rig_await_acknowledged(p.client, p.client_assoc);
	rig_expect_text(p.server, "one");
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_text(p.server, "two");
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	rig_pair_close(&p);
}
END_TEST

/* An attempt whose INIT is held, or (held 1) whose COOKIE ACK is, so that the
 * server knows of it. */
static struct relay *
attempt(struct rig_pair *p, int held)
{
	struct gen_sctp_addr addr;
	struct relay *r;

	rig_pair_open_one_path(p);
	r = relay_open(rig_udp_port(p->server), 0);
	relay_set_both(r, RELAY_HOLD);
	rig_aim_at(p->client, relay_port_for_client(r));
	addr = rig_addr("127.0.0.1", gen_sctp_port(p->server));
	ck_assert_int_eq(gen_sctp_connectx_init(p->client, &addr, 1, NULL, 0,
						&p->client_assoc),
			 0);
	relay_await(r, RELAY_TO_SERVER, CHUNK_INIT, 1);
	if (held == 0)
		return r;
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	relay_let(r, RELAY_TO_CLIENT, 1); /* the INIT ACK */
	relay_await(r, RELAY_TO_CLIENT, CHUNK_COOKIE_ACK, 1);
	p->server_assoc = rig_expect_change(p->server, GEN_SCTP_COMM_UP);
	return r;
}

START_TEST(an_attempt_can_be_aborted)
{
	struct rig_pair p;
	struct relay *r = attempt(&p, _i);

	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	ck_assert_uint_eq(rig_expect_change(p.client, GEN_SCTP_CANT_ASSOC),
			  p.client_assoc);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), -EPIPE);
	relay_set_both(r, RELAY_PASS);
	rig_expect_nothing(p.client);
	if (_i == 1)
		rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	/* The way is free for another one. */
	ck_assert_int_eq(gen_sctp_connect(p.client, "127.0.0.1",
					  gen_sctp_port(p.server), NULL, 0,
					  RIG_PATIENCE, NULL),
			 0);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_message_with_abort_ends_an_attempt_too)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ABORT };
	struct rig_pair p;
	struct relay *r = attempt(&p, 0);

	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "why", 3),
			 0);
	rig_expect_change(p.client, GEN_SCTP_CANT_ASSOC);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ----------------------------------------------------------------- close */

START_TEST(close_delivers_in_the_background)
{
	struct rig_pair p;
	unsigned int n;

	rig_pair_open(&p);
	n = fill(&p);
	/* The reader is this thread: if close waited, it would for ever. */
	rig_close(p.client);
	ck_assert_int_eq(gen_sctp_drain(0), -ETIMEDOUT);
	expect_all_and_the_end(p.server, n);
	expect_drained();
	rig_close(p.server);
}
END_TEST

struct reader {
	struct rig_thread thread;
	gen_sctp_socket_t s;
	unsigned int count, taken;
};

static void
run_reader(void *arg)
{
	struct reader *r = arg;

	while (r->taken < r->count)
		expect_filled(r->s, r->taken++);
}

START_TEST(close_with_linger_waits_for_delivery)
{
	struct reader reader = { 0 };
	struct rig_pair p;

	rig_pair_open(&p);
	set_linger(p.client, true, RIG_PATIENCE / 1000);
	reader.count = fill(&p);
	reader.s = p.server;
	rig_start(&reader.thread, run_reader, &reader);
	rig_close(p.client);
	ck_assert_int_eq(gen_sctp_drain(0), 0);
	rig_join(&reader.thread);
	ck_assert_uint_eq(reader.taken, reader.count);
	rig_close(p.server);
}
END_TEST

START_TEST(linger_ends_and_delivery_goes_on)
{
	struct rig_pair p;
	unsigned int n;
	int64_t before;

	rig_pair_open(&p);
	set_linger(p.client, true, 1);
	n = fill(&p);
	before = rig_now();
	rig_close(p.client);
	ck_assert_int_ge(rig_now() - before, 999);
	ck_assert_int_eq(gen_sctp_drain(0), -ETIMEDOUT);
	expect_all_and_the_end(p.server, n);
	expect_drained();
	rig_close(p.server);
}
END_TEST

START_TEST(linger_of_nothing_does_not_wait)
{
	struct rig_pair p;
	int64_t before = rig_now();

	rig_pair_open(&p);
	set_linger(p.client, true, RIG_PATIENCE);
	rig_send(p.client, p.client_assoc, 0, "last", 4);
	rig_expect_text(p.server, "last");
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - before, RIG_PATIENCE);
	rig_close(p.server);
}
END_TEST

START_TEST(linger_zero_aborts)
{
	struct gen_sctp_event event;
	struct rig_pair p;

	rig_pair_open(&p);
	set_linger(p.client, true, 0);
	fill(&p);
	rig_close(p.client);
	ck_assert_int_eq(gen_sctp_drain(0), 0);
	for (;;) {
		struct gen_sctp_msg msg;

		rig_recv(p.server, in, sizeof(in), &msg);
		event = msg.event;
		gen_sctp_msg_free(&msg);
		if (msg.kind == GEN_SCTP_MSG_EVENT)
			break;
	}
	ck_assert_int_eq(event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	rig_close(p.server);
}
END_TEST

/* usrsctp would turn that into an ABORT. */
START_TEST(close_with_unread_data_still_delivers)
{
	struct gen_sctp_event event;
	struct rig_pair p;

	rig_pair_open(&p);
	rig_send(p.server, p.server_assoc, 0, "never read", 10);
	rig_await_acknowledged(p.server, p.server_assoc);
	rig_send(p.client, p.client_assoc, 0, "last words", 10);
	rig_close(p.client);
	rig_expect_text(p.server, "last words");
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	expect_drained();
	rig_close(p.server);
}
END_TEST

START_TEST(close_of_both_with_data_both_ways_ends)
{
	struct rig_pair p, back;

	rig_pair_open(&p);
	fill(&p);
	back.client = p.server;
	back.client_assoc = p.server_assoc;
	fill(&back);
	rig_pair_close(&p);
	expect_drained();
}
END_TEST

START_TEST(close_does_not_wait_for_a_peer_that_never_reads)
{
	struct rig_pair p;
	int64_t before;

	rig_pair_open(&p);
	fill(&p);
	before = rig_now();
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - before, RIG_PATIENCE / 2);
	ck_assert_int_eq(gen_sctp_drain(RIG_QUIET), -ETIMEDOUT);
	/* The reader's end is the end of it. */
	rig_close(p.server);
	expect_drained();
}
END_TEST

START_TEST(close_does_not_wait_for_a_peer_that_is_gone)
{
	struct gen_sctp_assocparams few = {
		.set = GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT,
		.asocmaxrxt = 2,
	};
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);
	int64_t before;

	few.assoc_id = p.client_assoc;
	rig_set(p.client, gen_sctp_opt_associnfo(few));
	rig_impatient_assoc(p.client, p.client_assoc, 50);
	relay_set_both(r, RELAY_LOSE);
	rig_send(p.client, p.client_assoc, 0, "lost", 4);
	before = rig_now();
	rig_close(p.client);
	ck_assert_int_lt(rig_now() - before, RIG_PATIENCE / 2);
	/* It gives up by itself. */
	expect_drained();
	set_linger(p.server, true, 0);
	rig_close(p.server);
	relay_close(r);
}
END_TEST

/* The engine's own thread stays, and that of the thread sanitizer, which comes
 * with the first one. */
#ifdef __SANITIZE_THREAD__
#define THREADS_THAT_STAY 2
#else
#define THREADS_THAT_STAY 1
#endif

START_TEST(nothing_is_left_after_the_last_close)
{
	const int threads = rig_threads() + THREADS_THAT_STAY;
	const int descriptors = rig_descriptors();
	struct rig_pair p;

	rig_close(rig_open(0, NULL, 0));
	ck_assert(rig_settles_at(threads, descriptors));
	rig_pair_open(&p);
	ck_assert_int_gt(rig_threads(), threads);
	ck_assert_int_gt(rig_descriptors(), descriptors);
	fill(&p);
	rig_pair_close(&p);
	expect_drained();
	ck_assert(rig_settles_at(threads, descriptors));
}
END_TEST

/* ------------------------------------------------------------- processes */

/* A child that connects to the server whose ports come through the pipe. It
 * begins before this process has used the library. */
struct child {
	pid_t pid;
	int to;
};

struct ports {
	int sctp, udp;
};

static struct rig_pair
connect_in_child(int from)
{
	struct gen_sctp_assoc_change ac;
	struct rig_pair p;
	struct ports ports;

	ck_assert_int_eq(read(from, &ports, sizeof(ports)), sizeof(ports));
	p.client = rig_open(0, NULL, 0);
	rig_aim_at(p.client, ports.udp);
	ck_assert_int_eq(gen_sctp_connect(p.client, "127.0.0.1", ports.sctp,
					  NULL, 0, RIG_PATIENCE, &ac),
			 0);
	p.client_assoc = ac.assoc_id;
	return p;
}

static struct child
child_start(const char *exit_ms, void (*run)(struct rig_pair *p))
{
	struct child child;
	struct rig_pair p;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	child.pid = fork();
	ck_assert_int_ge(child.pid, 0);
	child.to = fds[1];
	if (child.pid > 0) {
		close(fds[0]);
		return child;
	}
	if (exit_ms != NULL)
		setenv("GENSCTP_EXIT_MS", exit_ms, 1);
	p = connect_in_child(fds[0]);
	run(&p);
	exit(0);
}

static void
child_connects(struct child *child, gen_sctp_socket_t server, int udp_port)
{
	struct ports ports = { gen_sctp_port(server), udp_port };

	ck_assert_int_eq(write(child->to, &ports, sizeof(ports)),
			 sizeof(ports));
	close(child->to);
}

static bool
has_exited(void *arg)
{
	struct child *child = arg;
	int status;

	if (waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	return true;
}

static void
child_ends(struct child *child)
{
	ck_assert(rig_until(has_exited, child));
}

#define CHILD_MESSAGES 20

static void
send_and_exit(struct rig_pair *p)
{
	unsigned int i;

	for (i = 0; i < CHILD_MESSAGES; i++) {
		rig_fill(out, LARGE, i);
		rig_send(p->client, p->client_assoc, 0, out, LARGE);
	}
}

START_TEST(what_a_process_sent_before_its_exit_is_delivered)
{
	struct child child = child_start(NULL, send_and_exit);
	gen_sctp_socket_t server = rig_listener();

	child_connects(&child, server, rig_udp_port(server));
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	expect_all_and_the_end(server, CHILD_MESSAGES);
	child_ends(&child);
	rig_close(server);
}
END_TEST

static void
send_close_and_exit(struct rig_pair *p)
{
	send_and_exit(p);
	rig_close(p->client);
}

START_TEST(what_a_process_closed_before_its_exit_is_delivered)
{
	struct child child = child_start(NULL, send_close_and_exit);
	gen_sctp_socket_t server = rig_listener();

	child_connects(&child, server, rig_udp_port(server));
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	expect_all_and_the_end(server, CHILD_MESSAGES);
	child_ends(&child);
	rig_close(server);
}
END_TEST

static void
fill_and_exit(struct rig_pair *p)
{
	fill(p);
}

/* GENSCTP_EXIT_MS is over: the peer is told by an ABORT. */
START_TEST(an_exit_time_that_is_no_number_is_an_error_of_open)
{
	static const char *const wrong[] = { "foo", "2s", "-1", "9999999999" };
	gen_sctp_socket_t s;

	setenv("GENSCTP_EXIT_MS", wrong[_i], 1);
	ck_assert_int_eq(gen_sctp_open(0, NULL, 0, &s, NULL), -EINVAL);
	ck_assert_ptr_nonnull(strstr(gen_sctp_open_hint(), "GENSCTP_EXIT_MS"));
}
END_TEST

START_TEST(a_process_does_not_wait_longer_for_a_peer_that_does_not_read)
{
	struct child child = child_start("300", fill_and_exit);
	gen_sctp_socket_t server = rig_listener();
	struct gen_sctp_msg msg;

	child_connects(&child, server, rig_udp_port(server));
	child_ends(&child);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	do {
		rig_recv(server, in, sizeof(in), &msg);
		gen_sctp_msg_free(&msg);
	} while (msg.kind == GEN_SCTP_MSG_DATA ||
		 msg.kind == GEN_SCTP_MSG_ERROR_EVENT ||
		 msg.event.type != GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg.event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	rig_close(server);
}
END_TEST

static void
send_one_and_exit(struct rig_pair *p)
{
	rig_send(p->client, p->client_assoc, 0, "lost", 4);
}

START_TEST(a_process_ends_though_its_peer_is_gone)
{
	struct child child = child_start("300", send_one_and_exit);
	gen_sctp_socket_t server = rig_listener();
	struct relay *r = relay_open(rig_udp_port(server), 0);

	relay_set(r, RELAY_TO_CLIENT, RELAY_LOSE);
	relay_let(r, RELAY_TO_CLIENT, 2); /* INIT ACK, COOKIE ACK */
	child_connects(&child, server, relay_port_for_client(r));
	child_ends(&child);
	ck_assert_uint_gt(relay_count(r, RELAY_TO_SERVER, CHUNK_DATA), 0);
	set_linger(server, true, 0);
	rig_close(server);
	relay_close(r);
}
END_TEST

static void
add_ends_of_associations(Suite *suite)
{
	TCase *tc = tcase_create("associations");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, eof_comes_after_all_that_was_sent);
	tcase_add_test(tc, a_message_with_eof_is_the_last_one);
	tcase_add_test(tc, both_sides_may_end_at_once);
	tcase_add_loop_test(tc, eof_before_the_association_is_up_waits_for_it,
			    0, 2);
	tcase_add_loop_test(tc, other_associations_of_the_socket_go_on, 0, 2);
	tcase_add_loop_test(tc, an_end_that_takes_too_long_can_be_cut_short,
			    0, 2);
	tcase_add_loop_test(tc, abort_from_either_side_is_told_to_both, 0, 2);
	tcase_add_test(tc, an_end_waits_for_room_in_the_send_buffer);
	tcase_add_test(tc, an_abort_needs_no_room_in_the_send_buffer);
	tcase_add_test(tc, what_arrived_before_an_abort_is_still_received);
	tcase_add_loop_test(tc, an_attempt_can_be_aborted, 0, 2);
	tcase_add_test(tc, a_message_with_abort_ends_an_attempt_too);
	suite_add_tcase(suite, tc);
}

static void
add_close(Suite *suite)
{
	TCase *tc = tcase_create("close");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, close_delivers_in_the_background);
	tcase_add_test(tc, close_with_linger_waits_for_delivery);
	tcase_add_test(tc, linger_ends_and_delivery_goes_on);
	tcase_add_test(tc, linger_of_nothing_does_not_wait);
	tcase_add_test(tc, linger_zero_aborts);
	tcase_add_test(tc, close_with_unread_data_still_delivers);
	tcase_add_test(tc, close_of_both_with_data_both_ways_ends);
	tcase_add_test(tc, close_does_not_wait_for_a_peer_that_never_reads);
	tcase_add_test(tc, close_does_not_wait_for_a_peer_that_is_gone);
	tcase_add_test(tc, nothing_is_left_after_the_last_close);
	suite_add_tcase(suite, tc);
}

static void
add_processes(Suite *suite)
{
	TCase *tc = tcase_create("processes");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, what_a_process_sent_before_its_exit_is_delivered);
	tcase_add_test(tc, what_a_process_closed_before_its_exit_is_delivered);
	tcase_add_loop_test(
		tc, an_exit_time_that_is_no_number_is_an_error_of_open, 0, 4);
	tcase_add_test(
		tc,
		a_process_does_not_wait_longer_for_a_peer_that_does_not_read);
	tcase_add_test(tc, a_process_ends_though_its_peer_is_gone);
	suite_add_tcase(suite, tc);
}

static Suite *
end_suite(void)
{
	Suite *suite = suite_create("end");

	add_ends_of_associations(suite);
	add_close(suite);
	add_processes(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { end_suite, NULL };

	return run_suites(suites, argc, argv);
}
