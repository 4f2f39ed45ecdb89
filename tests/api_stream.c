/*
 * Stream sockets: listen and accept, both directions' ends, deadlines; and what
 * sockets count (getstat).
 */
#include "api_rig.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

static char in[70000];

/* ------------------------------------------------------------------- rig */

static gen_sctp_socket_t
open_stream(const struct gen_sctp_opt *more, size_t n)
{
	struct gen_sctp_opt opts[8] = { gen_sctp_opt_type(GEN_SCTP_STREAM) };

	if (n > 0)
		memcpy(opts + 1, more, n * sizeof(*more));
	return rig_open(0, opts, n + 1);
}

static gen_sctp_socket_t
stream_listener(int backlog)
{
	gen_sctp_socket_t s = open_stream(NULL, 0);

	ck_assert_int_eq(gen_sctp_listen(s, backlog), 0);
	return s;
}

static int
try_connect(gen_sctp_socket_t s, gen_sctp_socket_t to)
{
	rig_aim(s, to);
	return gen_sctp_connect(s, "127.0.0.1", gen_sctp_port(to), NULL, 0,
				RIG_PATIENCE, NULL);
}

static gen_sctp_socket_t
connect_stream(gen_sctp_socket_t to)
{
	gen_sctp_socket_t s = open_stream(NULL, 0);

	ck_assert_int_eq(try_connect(s, to), 0);
	return s;
}

static gen_sctp_socket_t
accept_one(gen_sctp_socket_t listener)
{
	gen_sctp_socket_t s = 0;

	ck_assert_int_eq(gen_sctp_accept(listener, RIG_PATIENCE, &s, NULL), 0);
	ck_assert_uint_ne(s, 0);
	return s;
}

static void
expect_shutdown(gen_sctp_socket_t s)
{
	struct gen_sctp_event event;

	rig_expect_event(s, GEN_SCTP_SHUTDOWN, &event);
}

/* Both ends of one association, its comm_up taken. */
struct ends {
	gen_sctp_socket_t listener, client, server;
};

/* No paddr_change wakes a recv that waits. */
static void
open_ends(struct ends *e)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};

	e->listener = stream_listener(5);
	e->client = connect_stream(e->listener);
	e->server = accept_one(e->listener);
	rig_expect_change(e->server, GEN_SCTP_COMM_UP);
	rig_set(e->client, gen_sctp_opt_events(quiet));
	rig_set(e->server, gen_sctp_opt_events(quiet));
}

static void
close_ends(struct ends *e)
{
	rig_close(e->client);
	rig_close(e->server);
	rig_close(e->listener);
}

static int
recv_now(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int result = gen_sctp_recv(s, in, sizeof(in), &msg, 0);

	gen_sctp_msg_free(&msg);
	return result;
}

static void
say(gen_sctp_socket_t s, const char *text)
{
	rig_send(s, 0, 0, text, strlen(text));
}

/* ---------------------------------------------------------------- accept */

START_TEST(accept_gives_a_socket_for_the_association)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t client = connect_stream(listener), server = 0;
	struct gen_sctp_addr from = { 0 }, peer;

	ck_assert_int_eq(
		gen_sctp_accept(listener, RIG_PATIENCE, &server, &from), 0);
	ck_assert_int_eq(from.port, gen_sctp_port(client));
	ck_assert_int_eq(gen_sctp_peername(server, &peer), 0);
	ck_assert_mem_eq(&peer, &from, sizeof(peer));
	ck_assert_int_eq(gen_sctp_port(server), gen_sctp_port(listener));
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	say(client, "in");
	rig_expect_text(server, "in");
	say(server, "out");
	rig_expect_text(client, "out");
	rig_close(client);
	expect_shutdown(server);
	rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(server);
	rig_close(server);
	rig_close(listener);
}
END_TEST

START_TEST(what_arrives_before_accept_waits_in_order)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t client = connect_stream(listener), server;

	say(client, "first");
	say(client, "second");
	rig_await_acknowledged(client, 0);
	server = accept_one(listener);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_expect_text(server, "first");
	rig_expect_text(server, "second");
	rig_close(client);
	rig_close(server);
	rig_close(listener);
}
END_TEST

START_TEST(those_that_wait_are_accepted_in_turn)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t clients[3], server;
	struct gen_sctp_addr from;

	for (int i = 0; i < 3; i++)
		clients[i] = connect_stream(listener);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(
			gen_sctp_accept(listener, RIG_PATIENCE, &server, &from),
			0);
		ck_assert_int_eq(from.port, gen_sctp_port(clients[i]));
		rig_close(server);
	}
	ck_assert_int_eq(gen_sctp_accept(listener, 0, &server, NULL),
			 -ETIMEDOUT);
	for (int i = 0; i < 3; i++)
		rig_close(clients[i]);
	rig_close(listener);
}
END_TEST

/* One place taken by accept is free again. */
START_TEST(beyond_the_backlog_peers_are_refused)
{
	gen_sctp_socket_t listener = stream_listener(2);
	gen_sctp_socket_t one = connect_stream(listener);
	gen_sctp_socket_t two = connect_stream(listener);
	gen_sctp_socket_t three = open_stream(NULL, 0), server;

	ck_assert_int_eq(try_connect(three, listener), -ECONNREFUSED);
	server = accept_one(listener);
	ck_assert_int_eq(try_connect(three, listener), 0);
	rig_close(server);
	rig_close(one);
	rig_close(two);
	rig_close(three);
	rig_close(listener);
}
END_TEST

START_TEST(max_associations_refuses_on_any_socket)
{
	struct gen_sctp_opt one = gen_sctp_opt_max_associations(1);
	gen_sctp_socket_t s = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	gen_sctp_socket_t late = rig_open(0, NULL, 0);
	gen_sctp_assoc_id_t id;

	rig_set(s, one);
	ck_assert_int_eq(try_connect(client, s), 0);
	id = rig_expect_change(s, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(try_connect(late, s), -ECONNREFUSED);
	ck_assert_int_eq(gen_sctp_abort(s, id), 0);
	rig_expect_change(s, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(try_connect(late, s), 0);
	rig_set(s, gen_sctp_opt_max_associations(2));
	rig_expect_change(client, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(try_connect(client, s), 0);
	rig_close(client);
	rig_close(late);
	rig_close(s);
}
END_TEST

START_TEST(an_association_that_ended_is_accepted_with_its_end)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t client = connect_stream(listener), server;

	say(client, "last words");
	ck_assert_int_eq(gen_sctp_eof(client, 0), 0);
	rig_expect_change(client, GEN_SCTP_SHUTDOWN_COMP);
	server = accept_one(listener);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_expect_text(server, "last words");
	expect_shutdown(server);
	rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(server);
	rig_close(client);
	rig_close(server);
	rig_close(listener);
}
END_TEST

START_TEST(closing_the_listener_keeps_what_was_accepted)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t taken = connect_stream(listener);
	gen_sctp_socket_t server = accept_one(listener);
	gen_sctp_socket_t waiting = connect_stream(listener);

	rig_close(listener);
	expect_shutdown(waiting);
	rig_expect_change(waiting, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	say(taken, "still there");
	rig_expect_text(server, "still there");
	rig_close(taken);
	rig_close(waiting);
	rig_close(server);
}
END_TEST

START_TEST(listening_can_stop_and_what_waits_is_still_accepted)
{
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t client = connect_stream(listener), server;
	gen_sctp_socket_t late = open_stream(NULL, 0);

	ck_assert_int_eq(gen_sctp_listen(listener, 0), 0);
	ck_assert_int_eq(try_connect(late, listener), -ECONNREFUSED);
	server = accept_one(listener);
	ck_assert_int_eq(gen_sctp_accept(listener, -1, &late, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_listen(listener, 1), 0);
	ck_assert_int_eq(gen_sctp_accept(listener, 0, &late, NULL), -ETIMEDOUT);
	rig_close(client);
	rig_close(server);
	rig_close(listener);
}
END_TEST

START_TEST(accepted_sockets_inherit)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ASSOCIATION_EVENT | GEN_SCTP_SHUTDOWN_EVENT |
		       GEN_SCTP_ADDRESS_EVENT,
	};
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_events(quiet),
		gen_sctp_opt_sndbuf(70000),
		gen_sctp_opt_recbuf(80000),
		gen_sctp_opt_nodelay(true),
	};
	gen_sctp_socket_t listener = open_stream(opts, 4), client, server;

	ck_assert_int_eq(gen_sctp_listen(listener, 5), 0);
	client = connect_stream(listener);
	server = accept_one(listener);
	for (size_t i = 1; i < 4; i++) {
		struct gen_sctp_opt got = gen_sctp_opt_get(opts[i].name);

		ck_assert_int_eq(gen_sctp_getopts(server, &got, 1, NULL), 0);
		ck_assert_int_eq(got.value.number, opts[i].value.number);
	}
	say(client, "no event before");
	rig_expect_text(server, "no event before");
	rig_close(client);
	rig_expect_eof(server);
	rig_close(server);
	rig_close(listener);
}
END_TEST

static void
connect_client(void *arg)
{
	const struct ends *e = arg;

	ck_assert_int_eq(try_connect(e->client, e->listener), 0);
}

START_TEST(accept_waits)
{
	struct ends e = { stream_listener(5), open_stream(NULL, 0), 0 };
	struct rig_thread thread;

	ck_assert_int_eq(gen_sctp_accept(e.listener, 10, &e.server, NULL),
			 -ETIMEDOUT);
	rig_start(&thread, connect_client, &e);
	e.server = accept_one(e.listener);
	rig_join(&thread);
	close_ends(&e);
}
END_TEST

static void
accept_until_closed(void *arg)
{
	gen_sctp_socket_t server;

	ck_assert_int_eq(
		gen_sctp_accept(*(gen_sctp_socket_t *)arg, -1, &server, NULL),
		-EBADF);
}

START_TEST(close_ends_an_accept)
{
	gen_sctp_socket_t listener = stream_listener(5);
	struct rig_thread thread;

	rig_start(&thread, accept_until_closed, &listener);
	rig_close(listener);
	rig_join(&thread);
}
END_TEST

START_TEST(poll_tells_that_accept_has_one)
{
	gen_sctp_socket_t listener = stream_listener(5), client, server;
	struct pollfd p = { .events = POLLIN };
	gen_sctp_fd_t fd;

	ck_assert_int_eq(gen_sctp_fd(listener, GEN_SCTP_POLL_IN, &fd), 0);
	p.fd = (int)fd;
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	client = connect_stream(listener);
	ck_assert_int_eq(poll(&p, 1, RIG_PATIENCE), 1);
	server = accept_one(listener);
	ck_assert_int_eq(gen_sctp_ready(listener), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	rig_close(client);
	rig_close(server);
	rig_close(listener);
}
END_TEST

START_TEST(a_listener_is_no_connection)
{
	struct gen_sctp_opt status = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);
	gen_sctp_socket_t listener = stream_listener(5);
	gen_sctp_socket_t client = connect_stream(listener);
	gen_sctp_socket_t other = rig_listener();
	struct gen_sctp_addr peer;

	ck_assert_int_eq(recv_now(listener), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_send(listener, 0, 0, "x", 1), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_peername(listener, &peer), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_shutdown(listener, GEN_SCTP_SHUT_WR),
			 -ENOTCONN);
	ck_assert_int_eq(try_connect(listener, other), -EOPNOTSUPP);
	ck_assert_int_eq(gen_sctp_getopts(listener, &status, 1, NULL), -EINVAL);
	rig_close(client);
	rig_close(listener);
}
END_TEST

START_TEST(accept_needs_a_listening_stream_socket)
{
	gen_sctp_socket_t stream = open_stream(NULL, 0), many = rig_listener();
	gen_sctp_socket_t closed = open_stream(NULL, 0), s;
	struct ends e;

	open_ends(&e);
	rig_close(closed);
	ck_assert_int_eq(gen_sctp_accept(stream, -1, &s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_accept(e.server, -1, &s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_accept(many, -1, &s, NULL), -EOPNOTSUPP);
	ck_assert_int_eq(gen_sctp_accept(closed, -1, &s, NULL), -EBADF);
	ck_assert_int_eq(gen_sctp_accept(0, -1, &s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_accept(e.listener, -2, &s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_accept(e.listener, 0, NULL, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_listen(e.server, 5), -EISCONN);
	close_ends(&e);
	rig_close(stream);
	rig_close(many);
}
END_TEST

/* -------------------------------------------------------------- shutdown */

START_TEST(after_shut_wr_the_peer_sees_the_end)
{
	struct ends e;

	open_ends(&e);
	say(e.client, "last");
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_WR), 0);
	ck_assert_int_eq(gen_sctp_send(e.client, 0, 0, "x", 1), -EPIPE);
	rig_expect_text(e.server, "last");
	expect_shutdown(e.server);
	rig_expect_change(e.server, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(e.server);
	rig_expect_change(e.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(e.client);
	close_ends(&e);
}
END_TEST

/* What the peer had sent before it learned of the end. */
START_TEST(after_shut_wr_the_rest_is_still_received)
{
	struct ends e;

	open_ends(&e);
	say(e.server, "under way");
	rig_await_acknowledged(e.server, 0);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_WR), 0);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_WR), 0);
	rig_expect_text(e.client, "under way");
	rig_expect_change(e.client, GEN_SCTP_SHUTDOWN_COMP);
	close_ends(&e);
}
END_TEST

/* More than its receive buffer: the peer is never held up. */
START_TEST(after_shut_rd_what_comes_is_thrown_away)
{
	static uint8_t block[60000];
	struct ends e;

	open_ends(&e);
	say(e.server, "not read");
	rig_await_acknowledged(e.server, 0);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_RD), 0);
	rig_expect_eof(e.client);
	for (int i = 0; i < 50; i++)
		rig_send(e.server, 0, 0, block, sizeof(block));
	rig_await_acknowledged(e.server, 0);
	rig_expect_eof(e.client);
	say(e.client, "the other way");
	rig_expect_text(e.server, "the other way");
	close_ends(&e);
}
END_TEST

static void
expect_eof(void *arg)
{
	rig_expect_eof(*(gen_sctp_socket_t *)arg);
}

START_TEST(shut_rd_ends_a_recv_that_waits)
{
	struct rig_thread thread;
	struct ends e;

	open_ends(&e);
	rig_start(&thread, expect_eof, &e.client);
	rig_await_receiver(e.client);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_RD), 0);
	rig_join(&thread);
	close_ends(&e);
}
END_TEST

START_TEST(both_directions_end_at_once)
{
	struct ends e;

	open_ends(&e);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_RDWR), 0);
	rig_expect_eof(e.client);
	expect_shutdown(e.server);
	rig_expect_change(e.server, GEN_SCTP_SHUTDOWN_COMP);
	close_ends(&e);
}
END_TEST

START_TEST(shutdown_needs_an_association)
{
	gen_sctp_socket_t stream = open_stream(NULL, 0);
	struct rig_pair p;
	struct ends e;

	ck_assert_int_eq(gen_sctp_shutdown(stream, GEN_SCTP_SHUT_WR),
			 -ENOTCONN);
	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_shutdown(p.client, GEN_SCTP_SHUT_WR),
			 -EOPNOTSUPP);
	rig_pair_close(&p);
	open_ends(&e);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, 4), -EINVAL);
	close_ends(&e);
	ck_assert_int_eq(gen_sctp_shutdown(e.client, GEN_SCTP_SHUT_WR), -EBADF);
	rig_close(stream);
}
END_TEST

/* -------------------------------------------------------------- deadlines */

/* ms from now: in the past, now. */
static const int64_t over[] = { INT64_MIN, -1000, 0 };

START_TEST(a_deadline_that_is_over_ends_calls_at_once)
{
	struct ends e;

	open_ends(&e);
	say(e.server, "waits");
	rig_await_acknowledged(e.server, 0);
	ck_assert_int_eq(gen_sctp_set_deadline(e.client,
					       GEN_SCTP_DEADLINE_IN |
						       GEN_SCTP_DEADLINE_OUT,
					       over[_i]),
			 0);
	ck_assert_int_eq(recv_now(e.client), -ETIMEDOUT);
	ck_assert_int_eq(gen_sctp_send(e.client, 0, 0, "x", 1), -ETIMEDOUT);
	ck_assert_int_eq(gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_IN,
					       GEN_SCTP_NO_DEADLINE),
			 0);
	rig_expect_text(e.client, "waits");
	ck_assert_int_eq(gen_sctp_send(e.client, 0, 0, "x", 1), -ETIMEDOUT);
	ck_assert_int_eq(gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_OUT,
					       GEN_SCTP_NO_DEADLINE),
			 0);
	say(e.client, "sent");
	rig_expect_text(e.server, "sent");
	close_ends(&e);
}
END_TEST

START_TEST(calls_wait_until_the_deadline)
{
	int64_t began = rig_now();
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	gen_sctp_socket_t none;
	struct ends e;

	open_ends(&e);
	ck_assert_int_eq(
		gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_IN, 50), 0);
	ck_assert_int_eq(gen_sctp_recv(e.client, in, sizeof(in), &msg, -1),
			 -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - began, 50);
	began = rig_now();
	ck_assert_int_eq(
		gen_sctp_set_deadline(e.listener, GEN_SCTP_DEADLINE_IN, 50), 0);
	ck_assert_int_eq(gen_sctp_accept(e.listener, -1, &none, NULL),
			 -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - began, 50);
	close_ends(&e);
}
END_TEST

START_TEST(a_sender_without_room_waits_until_the_deadline)
{
	static uint8_t block[60000];
	int64_t began;
	struct ends e;
	int result;

	open_ends(&e);
	began = rig_now();
	ck_assert_int_eq(
		gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_OUT, 500), 0);
	do
		result = gen_sctp_send(e.client, 0, 0, block, sizeof(block));
	while (result == 0);
	ck_assert_int_eq(result, -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - began, 500);
	close_ends(&e);
}
END_TEST

static void
expect_timeout(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	ck_assert_int_eq(gen_sctp_recv(*(gen_sctp_socket_t *)arg, in,
				       sizeof(in), &msg, -1),
			 -ETIMEDOUT);
}

/* First one that does not end it, then one that does. */
START_TEST(a_deadline_set_meanwhile_ends_a_recv_that_waits)
{
	struct rig_thread thread;
	struct ends e;

	open_ends(&e);
	rig_start(&thread, expect_timeout, &e.client);
	rig_await_receiver(e.client);
	ck_assert_int_eq(gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_IN,
					       INT64_MAX - 1),
			 0);
	ck_assert_int_eq(
		gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_OUT, 0), 0);
	rig_await_receiver(e.client);
	ck_assert_int_eq(
		gen_sctp_set_deadline(e.client, GEN_SCTP_DEADLINE_IN, 0), 0);
	rig_join(&thread);
	close_ends(&e);
}
END_TEST

START_TEST(deadlines_check_their_arguments)
{
	gen_sctp_socket_t s = open_stream(NULL, 0);

	ck_assert_int_eq(gen_sctp_set_deadline(s, 0, 5), -EINVAL);
	ck_assert_int_eq(gen_sctp_set_deadline(s, 4, 5), -EINVAL);
	ck_assert_int_eq(gen_sctp_set_deadline(0, GEN_SCTP_DEADLINE_IN, 5),
			 -EINVAL);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_set_deadline(s, GEN_SCTP_DEADLINE_IN, 5),
			 -EBADF);
}
END_TEST

/* ---------------------------------------------------------------- getstat */

START_TEST(getstat_counts_messages_and_bytes)
{
	static const size_t sizes[] = { 10, 30, 20 };
	struct gen_sctp_stat sent = GEN_SCTP_STAT_INIT;
	struct gen_sctp_stat received = GEN_SCTP_STAT_INIT;
	struct rig_pair p;

	rig_pair_open(&p);
	for (int i = 0; i < 3; i++) {
		rig_fill(in, sizes[i], 1);
		rig_send(p.client, p.client_assoc, 0, in, sizes[i]);
	}
	rig_await_acknowledged(p.client, p.client_assoc);
	for (int i = 0; i < 3; i++) {
		struct gen_sctp_msg msg;

		ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg),
				 (int)sizes[i]);
	}
	ck_assert_int_eq(gen_sctp_getstat(p.client, &sent), 0);
	ck_assert_uint_eq(sent.send_oct, 60);
	ck_assert_uint_eq(sent.send_cnt, 3);
	ck_assert_uint_eq(sent.send_max, 30);
	ck_assert_uint_eq(sent.send_avg, 20);
	ck_assert_uint_eq(sent.send_pend, 0);
	ck_assert_uint_eq(sent.recv_cnt, 0);
	ck_assert_uint_eq(sent.recv_avg, 0);
	ck_assert_int_eq(gen_sctp_getstat(p.server, &received), 0);
	ck_assert_uint_eq(received.recv_oct, 60);
	ck_assert_uint_eq(received.recv_cnt, 3);
	ck_assert_uint_eq(received.recv_max, 30);
	ck_assert_uint_eq(received.recv_avg, 20);
	/* 0 from 10, then 10 from 20, then 0 from 20. */
	ck_assert_uint_eq(received.recv_dvi, 3);
	rig_pair_close(&p);
}
END_TEST

START_TEST(getstat_tells_what_is_not_acknowledged)
{
	struct gen_sctp_stat st = GEN_SCTP_STAT_INIT;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	rig_fill(in, 1000, 1);
	rig_send(p.client, p.client_assoc, 0, in, 1000);
	ck_assert_int_eq(gen_sctp_getstat(p.client, &st), 0);
	ck_assert_uint_ge(st.send_pend, 1000);
	relay_set_both(r, RELAY_PASS);
	rig_await_acknowledged(p.client, p.client_assoc);
	ck_assert_int_eq(gen_sctp_getstat(p.client, &st), 0);
	ck_assert_uint_eq(st.send_pend, 0);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(getstat_checks_its_arguments)
{
	struct gen_sctp_stat st = { 0 };
	gen_sctp_socket_t s = open_stream(NULL, 0);

	ck_assert_int_eq(gen_sctp_getstat(s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_getstat(s, &st), -EINVAL);
	st.size = sizeof(st);
	ck_assert_int_eq(gen_sctp_getstat(0, &st), -EINVAL);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_getstat(s, &st), -EBADF);
}
END_TEST

static void
add_accept(Suite *suite)
{
	TCase *tc = tcase_create("accept");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, accept_gives_a_socket_for_the_association);
	tcase_add_test(tc, what_arrives_before_accept_waits_in_order);
	tcase_add_test(tc, those_that_wait_are_accepted_in_turn);
	tcase_add_test(tc, beyond_the_backlog_peers_are_refused);
	tcase_add_test(tc, max_associations_refuses_on_any_socket);
	tcase_add_test(tc, an_association_that_ended_is_accepted_with_its_end);
	tcase_add_test(tc, closing_the_listener_keeps_what_was_accepted);
	tcase_add_test(tc, listening_can_stop_and_what_waits_is_still_accepted);
	tcase_add_test(tc, accepted_sockets_inherit);
	tcase_add_test(tc, accept_waits);
	tcase_add_test(tc, close_ends_an_accept);
	tcase_add_test(tc, poll_tells_that_accept_has_one);
	tcase_add_test(tc, a_listener_is_no_connection);
	tcase_add_test(tc, accept_needs_a_listening_stream_socket);
	suite_add_tcase(suite, tc);
}

static bool
attempt_failed(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	bool failed;

	gen_sctp_recv(*(gen_sctp_socket_t *)arg, in, sizeof(in), &msg, 0);
	failed = msg.kind == GEN_SCTP_MSG_EVENT &&
		 msg.event.type == GEN_SCTP_ASSOC_CHANGE &&
		 msg.event.u.assoc_change.state == GEN_SCTP_CANT_ASSOC;
	gen_sctp_msg_free(&msg);
	return failed;
}

START_TEST(shut_rd_of_an_attempt_is_over_with_it)
{
	gen_sctp_socket_t nobody = open_stream(NULL, 0);
	gen_sctp_socket_t listener = stream_listener(5), server;
	gen_sctp_socket_t client = open_stream(NULL, 0);
	const struct gen_sctp_rtoinfo soon = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MIN,
		.initial = 100,
		.min = 100,
	};

	rig_set(client, gen_sctp_opt_rtoinfo(soon));
	rig_aim(client, nobody);
	/* It is refused after the shutdown, not before. */
	ck_assert_int_eq(gen_sctp_impair(NULL, "dark=0s-1m", NULL), 0);
	ck_assert_int_eq(gen_sctp_connect_init(client, "127.0.0.1",
					       gen_sctp_port(nobody), NULL, 0,
					       0),
			 0);
	ck_assert_int_eq(gen_sctp_shutdown(client, GEN_SCTP_SHUT_RD), 0);
	ck_assert_int_eq(gen_sctp_impair(NULL, "", NULL), 0);
	ck_assert(rig_until(attempt_failed, &client));
	ck_assert_int_eq(try_connect(client, listener), 0);
	server = accept_one(listener);
	say(server, "heard");
	while (recv_now(client) != 5)
		rig_await_ready(client, GEN_SCTP_POLL_IN);
	rig_close(client);
	rig_close(server);
	rig_close(listener);
	rig_close(nobody);
}
END_TEST

static void
add_shutdown(Suite *suite)
{
	TCase *tc = tcase_create("shutdown");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, after_shut_wr_the_peer_sees_the_end);
	tcase_add_test(tc, after_shut_wr_the_rest_is_still_received);
	tcase_add_test(tc, after_shut_rd_what_comes_is_thrown_away);
	tcase_add_test(tc, shut_rd_ends_a_recv_that_waits);
	tcase_add_test(tc, both_directions_end_at_once);
	tcase_add_test(tc, shut_rd_of_an_attempt_is_over_with_it);
	tcase_add_test(tc, shutdown_needs_an_association);
	suite_add_tcase(suite, tc);
}

static void
add_deadlines(Suite *suite)
{
	TCase *tc = tcase_create("deadlines");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_deadline_that_is_over_ends_calls_at_once, 0,
			    sizeof(over) / sizeof(over[0]));
	tcase_add_test(tc, calls_wait_until_the_deadline);
	tcase_add_test(tc, a_sender_without_room_waits_until_the_deadline);
	tcase_add_test(tc, a_deadline_set_meanwhile_ends_a_recv_that_waits);
	tcase_add_test(tc, deadlines_check_their_arguments);
	suite_add_tcase(suite, tc);
}

static void
add_getstat(Suite *suite)
{
	TCase *tc = tcase_create("getstat");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, getstat_counts_messages_and_bytes);
	tcase_add_test(tc, getstat_tells_what_is_not_acknowledged);
	tcase_add_test(tc, getstat_checks_its_arguments);
	suite_add_tcase(suite, tc);
}

static Suite *
stream_suite(void)
{
	Suite *suite = suite_create("stream");

	add_accept(suite);
	add_shutdown(suite);
	add_deadlines(suite);
	add_getstat(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { stream_suite, NULL };

	return run_suites(suites, argc, argv);
}
