/*
 * What go-sctp's own tests ask, of listeners, connections and their events;
 * what it asks of address strings, deadlines and half-closed connections is in
 * api_addr_strings.c and api_stream.c.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static char in[1000];

/* ------------------------------------------------------------------- rig */

static struct gen_sctp_addrs
parse(const char *network, enum gen_sctp_addrs_use use, const char *text)
{
	struct gen_sctp_addrs a;
	int error = gen_sctp_addrs_parse(network, text, use, 0, &a);

	ck_assert_msg(error == 0, "%s %s: %s", network, text,
		      gen_sctp_strerror(error));
	return a;
}

static gen_sctp_socket_t
open_stream(const struct gen_sctp_opt *more, size_t n)
{
	struct gen_sctp_opt opts[4] = { gen_sctp_opt_type(GEN_SCTP_STREAM) };

	ck_assert_uint_lt(n, COUNT(opts));
	if (n > 0)
		memcpy(opts + 1, more, n * sizeof(*more));
	return rig_open(0, opts, n + 1);
}

static gen_sctp_socket_t
listen_stream(const struct gen_sctp_opt *more, size_t n)
{
	gen_sctp_socket_t s = open_stream(more, n);

	ck_assert_int_eq(gen_sctp_listen(s, 128), 0);
	return s;
}

/* Go's connections have the events that they ask for, and no others. */
static struct gen_sctp_opt
only_events(uint32_t events)
{
	const struct gen_sctp_event_subscribe subscribe = {
		.set = 0x1fff,
		.on = GEN_SCTP_DATA_IO_EVENT | events,
	};

	return gen_sctp_opt_events(subscribe);
}

static int
dial(gen_sctp_socket_t client, gen_sctp_socket_t listener, int timeout)
{
	rig_aim(client, listener);
	return gen_sctp_connect(client, "127.0.0.1", gen_sctp_port(listener),
				NULL, 0, timeout, NULL);
}

static void
write_text(gen_sctp_socket_t s, const char *text)
{
	rig_send(s, 0, 0, text, strlen(text));
}

/* The peer of a client that dialled. */
static gen_sctp_socket_t
accepted(gen_sctp_socket_t listener)
{
	gen_sctp_socket_t s = 0;

	ck_assert_int_eq(gen_sctp_accept(listener, RIG_PATIENCE, &s, NULL), 0);
	return s;
}

/* -------------------------------------------------------------- messages */

START_TEST(a_message_is_read_byte_by_byte)
{
	struct gen_sctp_opt quiet = only_events(0);
	gen_sctp_socket_t listener = listen_stream(&quiet, 1), s;
	gen_sctp_socket_t client = open_stream(NULL, 0);
	struct gen_sctp_msg msg;
	int i;

	ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
	write_text(client, "123");
	rig_close(client);
	s = accepted(listener);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(rig_recv(s, in, 1, &msg), 1);
		ck_assert_int_eq(in[0], '1' + i);
		ck_assert_int_eq(msg.eor, i == 2);
		ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO);
	}
	rig_expect_eof(s);
	rig_close(s);
	rig_close(listener);
}
END_TEST

START_TEST(each_side_has_the_streams_that_the_other_takes)
{
	struct gen_sctp_initmsg of_listener = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS |
		       GEN_SCTP_INITMSG_MAX_INSTREAMS,
		.num_ostreams = 10,
		.max_instreams = 10,
	};
	struct gen_sctp_initmsg of_client = of_listener;
	struct gen_sctp_opt opt = gen_sctp_opt_initmsg(of_listener);
	gen_sctp_socket_t listener = listen_stream(&opt, 1), client, s;

	of_client.num_ostreams = 11;
	of_client.max_instreams = 9;
	opt = gen_sctp_opt_initmsg(of_client);
	client = open_stream(&opt, 1);
	ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
	s = accepted(listener);
	ck_assert_uint_eq(rig_status(s, 0).instrms, 10);
	ck_assert_uint_eq(rig_status(s, 0).outstrms, 9);
	ck_assert_uint_eq(rig_status(client, 0).instrms, 9);
	ck_assert_uint_eq(rig_status(client, 0).outstrms, 10);
	rig_close(client);
	rig_close(s);
	rig_close(listener);
}
END_TEST

/* ---------------------------------------------------------------- events */

START_TEST(a_connection_has_the_one_event_its_listener_subscribed_to)
{
	struct gen_sctp_opt quiet = only_events(0);
	gen_sctp_socket_t listener = listen_stream(&quiet, 1), s;
	gen_sctp_socket_t client = open_stream(NULL, 0);
	struct gen_sctp_event event;

	ck_assert_int_eq(
		gen_sctp_subscribe(listener, GEN_SCTP_ASSOCIATION_EVENT, true),
		0);
	ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
	write_text(client, "hello");
	rig_close(client);
	s = accepted(listener);
	rig_expect_event(s, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_UP);
	rig_expect_text(s, "hello");
	rig_expect_event(s, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_eof(s);
	rig_close(s);
	rig_close(listener);
}
END_TEST

START_TEST(a_connection_has_its_peers_adaptation_indication)
{
	struct gen_sctp_opt quiet = only_events(0);
	struct gen_sctp_opt adaptation =
		gen_sctp_opt_adaptation_layer(0x01020304);
	gen_sctp_socket_t listener = listen_stream(&quiet, 1), s;
	gen_sctp_socket_t client = open_stream(&adaptation, 1);
	struct gen_sctp_event event;

	ck_assert_int_eq(gen_sctp_subscribe(listener,
					    GEN_SCTP_ADAPTATION_LAYER_EVENT,
					    true),
			 0);
	ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
	write_text(client, "hello");
	rig_close(client);
	s = accepted(listener);
	rig_expect_event(s, GEN_SCTP_ADAPTATION, &event);
	ck_assert_uint_eq(event.u.adaptation.adaptation_ind, 0x01020304);
	rig_expect_text(s, "hello");
	rig_close(s);
	rig_close(listener);
}
END_TEST

/* In Go it is an error of Read; here the event is what tells it from an end. */
START_TEST(a_peer_that_aborts_is_no_end)
{
	struct gen_sctp_linger at_once = { .on = true, .seconds = 0 };
	struct gen_sctp_opt linger = gen_sctp_opt_linger(at_once);
	gen_sctp_socket_t listener = listen_stream(&linger, 1);
	gen_sctp_socket_t client = open_stream(NULL, 0);

	ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
	rig_close(accepted(listener));
	rig_expect_change(client, GEN_SCTP_COMM_LOST);
	rig_expect_eof(client);
	rig_close(client);
	rig_close(listener);
}
END_TEST

/* ------------------------------------------------------------- listeners */

/* A second listener on the port of the first. */
static const struct {
	const char *network, *text;
	const char *second_network, *second;
	int result;
} listeners[] = {
	{ "sctp4", "127.0.0.1", "sctp4", "127.0.0.1", -EADDRINUSE },
	{ "sctp4", "", "sctp4", "", -EADDRINUSE },
	{ "sctp6", "[::1]", "sctp6", "[::1]", -EADDRINUSE },
	{ "sctp6", "", "sctp6", "", -EADDRINUSE },
	{ "sctp", "[::1]/127.0.0.1", "sctp", "[::1]/127.0.0.1", -EADDRINUSE },
	{ "sctp", "", "sctp", "", -EADDRINUSE },
	{ "sctp", "", "sctp", "0.0.0.0", -EADDRINUSE },
	{ "sctp", "0.0.0.0", "sctp", "", -EADDRINUSE },
	{ "sctp", "", "sctp", "[::]", -EADDRINUSE },
	{ "sctp", "[::]", "sctp", "", -EADDRINUSE },
	{ "sctp", "0.0.0.0", "sctp", "[::]", -EADDRINUSE },
	{ "sctp", "[::]", "sctp", "0.0.0.0", -EADDRINUSE },
	{ "sctp", "[::ffff:0.0.0.0]", "sctp", "[::]", -EADDRINUSE },
	{ "sctp", "[::]", "sctp", "[::ffff:0.0.0.0]", -EADDRINUSE },
	/* These are two listeners in Go, here "any" is of both families. */
	{ "sctp4", "", "sctp6", "", -EADDRINUSE },
	{ "sctp6", "", "sctp4", "", -EADDRINUSE },
	{ "sctp4", "0.0.0.0", "sctp6", "[::]", -EADDRINUSE },
	{ "sctp6", "[::]", "sctp4", "0.0.0.0", -EADDRINUSE },
	{ "sctp", "127.0.0.1", "sctp", "[::1]", 0 },
	{ "sctp", "[::1]", "sctp", "127.0.0.1", 0 },
	{ "sctp4", "127.0.0.1", "sctp6", "[::1]", 0 },
	{ "sctp6", "[::1]", "sctp4", "127.0.0.1", 0 },
};

static int
listen_on(const char *network, const char *text, int port, int udp_port,
	  gen_sctp_socket_t *s)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)udp_port,
	};
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_type(GEN_SCTP_STREAM),
		gen_sctp_opt_udp_encaps(udp),
	};
	struct gen_sctp_addrs a;
	char address[100];
	int result;

	snprintf(address, sizeof(address), "%s:%d", text, port);
	a = parse(network, GEN_SCTP_ADDRS_LISTEN, address);
	result = gen_sctp_open_addrs(&a, NULL, opts, 2, s, NULL);
	return result != 0 ? result : gen_sctp_listen(*s, 5);
}

START_TEST(a_second_listener_on_the_same_port)
{
	gen_sctp_socket_t first, second;

	if (!rig_has_address("::1") || !rig_has_multihoming())
		return;
	ck_assert_int_eq(listen_on(listeners[_i].network, listeners[_i].text, 0,
				   0, &first),
			 0);
	ck_assert_int_eq(listen_on(listeners[_i].second_network,
				   listeners[_i].second, gen_sctp_port(first),
				   rig_udp_port(first), &second),
			 listeners[_i].result);
	rig_close(first);
	if (listeners[_i].result == 0)
		rig_close(second);
}
END_TEST

static const struct {
	const char *network, *all, *taken;
	int left;
} rebound[] = {
	{ "sctp4", "127.0.0.1/127.0.0.2/127.0.0.3/127.0.0.4",
	  "127.0.0.2/127.0.0.1", 2 },
	{ "sctp", "[::1]/127.0.0.1/127.0.0.2/127.0.0.3/127.0.0.4",
	  "[::1]/127.0.0.2/127.0.0.1", 2 },
};

static void
bindx(gen_sctp_socket_t s, const struct gen_sctp_addrs *a, int flag, int left)
{
	struct gen_sctp_addr names[10];

	ck_assert_int_eq(gen_sctp_bindx(s, a->addrs, a->count, flag), 0);
	ck_assert_int_eq(gen_sctp_socknames(s, 0, names, 10), left);
}

START_TEST(a_listener_gives_addresses_up_and_takes_them_back)
{
	struct gen_sctp_addrs taken = parse(
		rebound[_i].network, GEN_SCTP_ADDRS_BIND, rebound[_i].taken);
	gen_sctp_socket_t s;

	if (!rig_has_address("::1") || !rig_has_address("127.0.0.2") ||
	    !rig_has_multihoming())
		return;
	ck_assert_int_eq(
		listen_on(rebound[_i].network, rebound[_i].all, 0, 0, &s), 0);
	bindx(s, &taken, GEN_SCTP_BINDX_REM_ADDR, rebound[_i].left);
	bindx(s, &taken, GEN_SCTP_BINDX_ADD_ADDR,
	      rebound[_i].left + (int)taken.count);
	rig_close(s);
}
END_TEST

static void
accept_all(void *arg)
{
	const gen_sctp_socket_t *listener = arg;
	gen_sctp_socket_t s;
	int result;

	while ((result = gen_sctp_accept(*listener, -1, &s, NULL)) == 0)
		rig_close(s);
	ck_assert_int_eq(result, -EBADF);
}

START_TEST(many_threads_accept_on_one_listener)
{
	gen_sctp_socket_t listener = listen_stream(NULL, 0), client;
	struct rig_thread t[10];
	int i;

	for (i = 0; i < COUNT(t); i++)
		rig_start(&t[i], accept_all, &listener);
	for (i = 0; i < 10 * COUNT(t); i++) {
		client = open_stream(NULL, 0);
		ck_assert_int_eq(dial(client, listener, RIG_PATIENCE), 0);
		rig_close(client);
	}
	rig_close(listener);
	for (i = 0; i < COUNT(t); i++)
		rig_join(&t[i]);
}
END_TEST

/* The port still has a connection, so its packets arrive. */
START_TEST(nobody_is_kept_waiting_by_a_listener_that_is_closed)
{
	gen_sctp_socket_t listener = listen_stream(NULL, 0), s;
	gen_sctp_socket_t first = open_stream(NULL, 0);
	gen_sctp_socket_t second = open_stream(NULL, 0);
	int port = gen_sctp_port(listener);

	ck_assert_int_eq(dial(first, listener, RIG_PATIENCE), 0);
	s = accepted(listener);
	rig_aim(second, listener);
	rig_close(listener);
	ck_assert_int_eq(gen_sctp_connect(second, "127.0.0.1", port, NULL, 0,
					  RIG_PATIENCE, NULL),
			 -ECONNREFUSED);
	rig_close(first);
	rig_close(second);
	rig_close(s);
}
END_TEST

/* ----------------------------------------------------------------- suite */

static Suite *
go_suite(void)
{
	Suite *suite = suite_create("go");
	TCase *tc = tcase_create("connections");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_message_is_read_byte_by_byte);
	tcase_add_test(tc, each_side_has_the_streams_that_the_other_takes);
	tcase_add_test(
		tc, a_connection_has_the_one_event_its_listener_subscribed_to);
	tcase_add_test(tc, a_connection_has_its_peers_adaptation_indication);
	tcase_add_test(tc, a_peer_that_aborts_is_no_end);
	suite_add_tcase(suite, tc);
	tc = tcase_create("listeners");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_second_listener_on_the_same_port, 0,
			    COUNT(listeners));
	tcase_add_loop_test(tc,
			    a_listener_gives_addresses_up_and_takes_them_back,
			    0, COUNT(rebound));
	tcase_add_test(tc, many_threads_accept_on_one_listener);
	tcase_add_test(tc, nobody_is_kept_waiting_by_a_listener_that_is_closed);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { go_suite, NULL };

	return run_suites(suites, argc, argv);
}
