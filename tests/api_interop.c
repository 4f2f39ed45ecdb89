/*
 * Associations with programs that have usrsctp and nothing of ours.
 */
#include "api_rig.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "runner.h"
#include "tshark.h"

#define ECHO_PORT    7
#define DISCARD_PORT 9
#define DAYTIME_PORT 13
#define TSCTP_PORT   5001

#define PPID_END   1 /* to plain_echo */
#define PPID_ABORT 2

#define MESSAGES 1000
#define LONGEST	 200000

/* Bytes that no text has: what a peer prints can be told from what it got. */
static void
fill_beyond_ascii(uint8_t *data, size_t len, unsigned int seed)
{
	size_t i;

	rig_fill(data, len, seed);
	for (i = 0; i < len; i++)
		data[i] |= 0x80;
}

/* ------------------------------------------------------- our side as client */

/* A client's association with a peer that may still be starting. */
struct client {
	struct peer peer;
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t assoc;
	int out_streams;
};

static void
client_connect(struct client *c, int udp_port, int port)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MIN,
		.initial = 100,
		.min = 100,
	};
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS |
		       GEN_SCTP_INITMSG_MAX_ATTEMPTS |
		       GEN_SCTP_INITMSG_MAX_INIT_TIMEO,
		.num_ostreams = 16,
		.max_attempts = 100,
		.max_init_timeo = 100,
	};
	struct gen_sctp_assoc_change ac;
	int result;

	c->s = rig_open(0, NULL, 0);
	rig_aim_at(c->s, udp_port);
	rig_set(c->s, gen_sctp_opt_rtoinfo(rto));
	rig_set(c->s, gen_sctp_opt_initmsg(init));
	/* One that has its UDP socket and does not listen yet refuses. */
	do
		result = gen_sctp_connect(c->s, "127.0.0.1", port, NULL, 0,
					  RIG_PATIENCE, &ac);
	while (result == -ECONNREFUSED);
	ck_assert_int_eq(result, 0);
	c->assoc = ac.assoc_id;
	c->out_streams = ac.outbound_streams;
}

static void
client_open_to(struct client *c, const char *program, int port)
{
	int udp_port = peer_free_udp_port();
	const char *argv[] = { program, peer_port_text(udp_port), NULL };

	peer_start(&c->peer, true, argv);
	client_connect(c, udp_port, port);
}

static void
client_open_to_plain_echo(struct client *c)
{
	int udp_port = peer_free_udp_port();
	const char *argv[] = { peer_built("plain_echo"),
			       peer_port_text(udp_port), NULL };

	peer_start(&c->peer, false, argv);
	free(peer_await_line(&c->peer, "ready"));
	client_connect(c, udp_port, ECHO_PORT);
}

static void
client_close(struct client *c)
{
	rig_close(c->s);
	peer_close(&c->peer);
}

/* The peer confirms all it was sent before it ends the association, too. */
static void
client_end(struct client *c)
{
	ck_assert_int_eq(gen_sctp_eof(c->s, c->assoc), 0);
	rig_expect_change(c->s, GEN_SCTP_SHUTDOWN_COMP);
	client_close(c);
}

static void
say_with_ppid(const struct client *c, uint32_t ppid)
{
	struct gen_sctp_sndrcvinfo info = { .ppid = ppid,
					    .assoc_id = c->assoc };

	ck_assert_int_eq(gen_sctp_sendmsg(c->s, &info, NULL, "over", 4), 0);
}

/* ------------------------------------------------------------------- echoes */

/* Messages of all lengths, as many short as long ones: each is between 1 and 2
 * times 2^n bytes. */
struct echo {
	const struct client *c;
	unsigned int streams;
	size_t shortest, longest;
};

static size_t
length_of(const struct echo *e, unsigned int i)
{
	size_t len = (size_t)1 << (i * 7 % 18);

	len += i * UINT32_C(2654435761) % len;
	if (i == 0 || len < e->shortest)
		return e->shortest;
	return i == MESSAGES - 1 || len > e->longest ? e->longest : len;
}

static void
send_all(void *arg)
{
	const struct echo *e = arg;
	uint8_t *data = malloc(e->longest);
	unsigned int i;
	size_t len;

	for (i = 0; i < MESSAGES; i++) {
		len = length_of(e, i);
		rig_fill(data, len, i);
		rig_send(e->c->s, e->c->assoc, (int)(i % e->streams), data,
			 len);
	}
	free(data);
}

/* Each stream keeps its order. */
static void
expect_all(const struct echo *e)
{
	unsigned int next[16] = { 0 }, i, n;
	struct gen_sctp_msg msg;
	uint8_t *data = malloc(e->longest + 1);
	int len;

	for (n = 0; n < MESSAGES; n++) {
		len = rig_recv(e->c->s, data, e->longest + 1, &msg);
		ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
		ck_assert(msg.eor);
		ck_assert_uint_lt(msg.info.stream, e->streams);
		i = msg.info.stream + e->streams * next[msg.info.stream]++;
		ck_assert_int_eq(len, (int)length_of(e, i));
		ck_assert(rig_filled(data, (size_t)len, i));
		gen_sctp_msg_free(&msg);
	}
	free(data);
}

static void
echo_all(const struct echo *e)
{
	struct rig_thread sender;

	rig_start(&sender, send_all, (void *)(uintptr_t)e);
	expect_all(e);
	rig_join(&sender);
}

/* What the packaged echo server's buffer and streams hold. */
#define ECHO_BUFFER  10240
#define ECHO_STREAMS 10

START_TEST(the_packaged_echo_server_sends_a_thousand_messages_back)
{
	const char *program = peer_packaged("echo_server");
	struct client c;
	struct echo e = { &c, ECHO_STREAMS, 1, ECHO_BUFFER };

	if (program == NULL)
		return;
	client_open_to(&c, program, ECHO_PORT);
	ck_assert_int_eq(c.out_streams, 16);
	echo_all(&e);
	client_end(&c);
}
END_TEST

/* It reads a longer message in parts and sends only the last one back. */
START_TEST(long_messages_reach_the_packaged_echo_server)
{
	const char *program = peer_packaged("echo_server");
	static uint8_t sent[LONGEST], got[LONGEST];
	size_t len = ECHO_BUFFER + 1;
	struct gen_sctp_msg msg;
	struct client c;
	int n;

	if (program == NULL)
		return;
	client_open_to(&c, program, ECHO_PORT);
	for (; len <= LONGEST; len += 9473) {
		rig_fill(sent, len, (unsigned int)len);
		rig_send(c.s, c.assoc, 3, sent, len);
		n = rig_recv(c.s, got, sizeof(got), &msg);
		ck_assert(n > 0 && n <= ECHO_BUFFER && msg.eor);
		ck_assert_int_eq(memcmp(sent + len - n, got, (size_t)n), 0);
		gen_sctp_msg_free(&msg);
	}
	client_end(&c);
}
END_TEST

START_TEST(usrsctp_sends_messages_of_any_length_back_on_16_streams)
{
	static const char path[] = "api_interop_echo.pcapng";
	struct client c;
	struct echo e = { &c, 16, 1, LONGEST };
	int udp_port;

	ck_assert_int_eq(gen_sctp_capture(path), 0);
	client_open_to_plain_echo(&c);
	ck_assert_int_eq(c.out_streams, 16);
	echo_all(&e);
	udp_port = rig_udp_port(c.s);
	client_end(&c);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	if (tshark_there())
		tshark_expect_clean(path, udp_port);
	remove(path);
}
END_TEST

/* -------------------------------------------------- ends, seen on the wire */

enum ending { WE_END, PEER_ENDS, WE_ABORT, PEER_ABORTS };

static void
end_as(struct client *c, enum ending ending)
{
	struct gen_sctp_event event;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	switch (ending) {
	case WE_END:
		ck_assert_int_eq(gen_sctp_eof(c->s, c->assoc), 0);
		rig_expect_change(c->s, GEN_SCTP_SHUTDOWN_COMP);
		return;
	case PEER_ENDS:
		say_with_ppid(c, PPID_END);
		rig_expect_text(c->s, "over");
		rig_expect_event(c->s, GEN_SCTP_SHUTDOWN, &event);
		rig_expect_change(c->s, GEN_SCTP_SHUTDOWN_COMP);
		return;
	case WE_ABORT:
		ck_assert_int_eq(gen_sctp_abort(c->s, c->assoc), 0);
		rig_expect_change(c->s, GEN_SCTP_COMM_LOST);
		return;
	case PEER_ABORTS:
		say_with_ppid(c, PPID_ABORT);
		/* It does not confirm what it answers so. */
		rig_expect_error(c->s, GEN_SCTP_SEND_FAILED, &msg);
		gen_sctp_msg_free(&msg);
		rig_expect_change(c->s, GEN_SCTP_COMM_LOST);
		return;
	}
}

static const struct {
	const char *out, *in; /* chunk types, each once, as text in order */
} chunks_of[] = {
	[WE_END] = { "0 1 10 14 7 ", "0 11 2 8 " },
	[PEER_ENDS] = { "0 1 10 8 ", "0 11 14 2 7 " },
	[WE_ABORT] = { "0 1 10 6 ", "0 11 2 " },
	[PEER_ABORTS] = { "0 1 10 ", "0 11 2 6 " },
};

/* Heartbeats (4, 5) come if there are further addresses, a SACK (3) may be
 * overtaken by the end. */
static void
expect_chunks(const char *path, int udp_port, const char *filter,
	      const char *wanted)
{
	char values[100];
	const char *value;
	size_t len = 0;

	snprintf(values, sizeof(values), "%s",
		 tshark_values(path, udp_port, filter, "sctp.chunk_type"));
	for (value = strtok(values, " "); value != NULL;
	     value = strtok(NULL, " ")) {
		if (strlen(value) == 1 && strchr("345", *value) != NULL)
			continue;
		ck_assert_int_eq(strncmp(wanted + len, value, strlen(value)),
				 0);
		len += strlen(value) + 1;
	}
	ck_assert_str_eq(wanted + len, "");
}

START_TEST(both_sides_end_and_abort_as_the_standard_says)
{
	char path[40], out[40], in[40];
	struct client c;
	int udp_port;

	snprintf(path, sizeof(path), "api_interop_end%d.pcapng", _i);
	ck_assert_int_eq(gen_sctp_capture(path), 0);
	client_open_to_plain_echo(&c);
	rig_send(c.s, c.assoc, 0, "hello", 5);
	rig_expect_text(c.s, "hello");
	end_as(&c, (enum ending)_i);
	udp_port = rig_udp_port(c.s);
	client_close(&c);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	if (tshark_there()) {
		snprintf(out, sizeof(out), "udp.srcport == %d", udp_port);
		snprintf(in, sizeof(in), "udp.dstport == %d", udp_port);
		tshark_expect_clean(path, udp_port);
		expect_chunks(path, udp_port, out, chunks_of[_i].out);
		expect_chunks(path, udp_port, in, chunks_of[_i].in);
	}
	remove(path);
}
END_TEST

START_TEST(the_packaged_daytime_server_ends_its_association)
{
	const char *program = peer_packaged("daytime_server");
	struct gen_sctp_event event;
	struct gen_sctp_msg msg;
	struct client c;
	char text[100];

	if (program == NULL)
		return;
	client_open_to(&c, program, DAYTIME_PORT);
	ck_assert_int_gt(rig_recv(c.s, text, sizeof(text), &msg), 10);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	gen_sctp_msg_free(&msg);
	rig_expect_event(c.s, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(c.s, GEN_SCTP_SHUTDOWN_COMP);
	client_close(&c);
}
END_TEST

/* The shutdown waits until the peer has taken everything. */
START_TEST(the_packaged_discard_server_takes_a_thousand_messages)
{
	const char *program = peer_packaged("discard_server_upcall");
	struct client c;
	struct echo e = { &c, 16, 1, LONGEST };

	if (program == NULL)
		return;
	client_open_to(&c, program, DISCARD_PORT);
	send_all(&e);
	client_end(&c);
}
END_TEST

START_TEST(tsctp_counts_what_we_send)
{
	const char *program = peer_packaged("tsctp");
	int i, udp_port = peer_free_udp_port();
	const char *argv[] = { program, "-E", peer_port_text(udp_port), NULL };
	static uint8_t data[20000];
	struct client c;

	if (program == NULL)
		return;
	peer_start(&c.peer, false, argv);
	client_connect(&c, udp_port, TSCTP_PORT);
	for (i = 0; i < 100; i++)
		rig_send(c.s, c.assoc, 0, data, sizeof(data));
	ck_assert_int_eq(gen_sctp_eof(c.s, c.assoc), 0);
	rig_expect_change(c.s, GEN_SCTP_SHUTDOWN_COMP);
	/* Length of the first, messages. */
	free(peer_await_line(&c.peer, "20000, 100, "));
	client_close(&c);
}
END_TEST

/* ------------------------------------------------------- our side as server */

static void
peer_connect(struct peer *p, const char *program, gen_sctp_socket_t server)
{
	const char *argv[] = {
		"stdbuf",
		"-oL", /* or it would say everything at its end */
		program,
		"127.0.0.1",
		peer_port_text(gen_sctp_port(server)),
		"0",
		peer_port_text(peer_free_udp_port()),
		peer_port_text(rig_udp_port(server)),
		NULL,
	};

	peer_start(p, false, argv);
}

START_TEST(the_packaged_client_is_answered_and_ends)
{
	const char *program = peer_packaged("client");
	gen_sctp_socket_t server;
	gen_sctp_assoc_id_t id;
	struct gen_sctp_event event;
	struct peer p;

	if (program == NULL)
		return;
	server = rig_listener();
	peer_connect(&p, program, server);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	peer_say(&p, "good morning\n");
	rig_expect_text(server, "good morning\n");
	rig_send(server, id, 9, "good evening\n", 13);
	free(peer_await_line(&p, "good evening"));
	peer_hush(&p);
	rig_expect_event(server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP);
	peer_await_exit(&p, 0);
	free(peer_await_line(&p, "Association change SCTP_SHUTDOWN_COMP"));
	peer_close(&p);
	rig_close(server);
}
END_TEST

START_TEST(the_packaged_client_sees_our_end_and_our_abort)
{
	const char *program = peer_packaged("client");
	gen_sctp_socket_t server;
	gen_sctp_assoc_id_t id;
	struct peer p;

	if (program == NULL)
		return;
	server = rig_listener();
	peer_connect(&p, program, server);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	/* It has noticed: an abort before that fails its connect. */
	free(peer_await_line(&p, "Peer addresses:"));
	if (_i == 0)
		ck_assert_int_eq(gen_sctp_eof(server, id), 0);
	else
		ck_assert_int_eq(gen_sctp_abort(server, id), 0);
	rig_expect_change(server, _i == 0 ? GEN_SCTP_SHUTDOWN_COMP
					  : GEN_SCTP_COMM_LOST);
	free(peer_await_line(&p,
			     _i == 0 ? "Association change SCTP_SHUTDOWN_COMP"
				     : "Association change SCTP_COMM_LOST"));
	peer_close(&p);
	rig_close(server);
}
END_TEST

/* Its own words are ASCII. */
static size_t
keep_beyond_ascii(unsigned char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		if (text[i] & 0x80)
			text[n++] = text[i];
	return n;
}

static const size_t long_lengths[] = { 1,     1000,   1452,   65535,
				       65536, 100000, 131072, LONGEST };
#define LONG_LENGTHS (sizeof(long_lengths) / sizeof(long_lengths[0]))

START_TEST(the_packaged_client_prints_the_bytes_we_sent)
{
	const char *program = peer_packaged("client");
	static uint8_t data[LONG_LENGTHS * LONGEST];
	size_t i, len, total = 0;
	gen_sctp_socket_t server;
	gen_sctp_assoc_id_t id;
	unsigned char *printed;
	struct peer p;

	if (program == NULL)
		return;
	server = rig_listener();
	peer_connect(&p, program, server);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	for (i = 0; i < LONG_LENGTHS; i++) {
		fill_beyond_ascii(data + total, long_lengths[i],
				  (unsigned int)i);
		rig_send(server, id, 0, data + total, long_lengths[i]);
		total += long_lengths[i];
	}
	ck_assert_int_eq(gen_sctp_eof(server, id), 0);
	rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP);
	free(peer_await_line(&p, "Association change SCTP_SHUTDOWN_COMP"));
	printed = peer_printed(&p, &len);
	ck_assert_uint_eq(keep_beyond_ascii(printed, len), total);
	ck_assert_int_eq(memcmp(printed, data, total), 0);
	free(printed);
	peer_close(&p);
	rig_close(server);
}
END_TEST

START_TEST(tsctp_sends_what_it_is_told_to)
{
	const char *program = peer_packaged("tsctp");
	gen_sctp_socket_t server;
	static uint8_t data[LONGEST];
	struct gen_sctp_event event;
	struct peer p;
	int i;

	if (program == NULL)
		return;
	server = rig_open(TSCTP_PORT, NULL, 0);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	peer_start(&p, true,
		   (const char *const[]){
			   program, "-E", peer_port_text(peer_free_udp_port()),
			   "-U", peer_port_text(rig_udp_port(server)), "-n",
			   "50", "-l", "200000", "127.0.0.1", NULL });
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	memset(data, 'b', sizeof(data));
	for (i = 0; i < 50; i++)
		rig_expect_data(server, data, sizeof(data));
	rig_expect_event(server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(server, GEN_SCTP_SHUTDOWN_COMP);
	peer_await_exit(&p, 0);
	peer_close(&p);
	rig_close(server);
}
END_TEST

static Suite *
interop_suite(void)
{
	Suite *suite = suite_create("interop");
	TCase *tc = tcase_create("as client");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc,
		       the_packaged_echo_server_sends_a_thousand_messages_back);
	tcase_add_test(tc, long_messages_reach_the_packaged_echo_server);
	tcase_add_test(tc,
		       usrsctp_sends_messages_of_any_length_back_on_16_streams);
	tcase_add_loop_test(tc, both_sides_end_and_abort_as_the_standard_says,
			    WE_END, PEER_ABORTS + 1);
	tcase_add_test(tc, the_packaged_daytime_server_ends_its_association);
	tcase_add_test(tc,
		       the_packaged_discard_server_takes_a_thousand_messages);
	tcase_add_test(tc, tsctp_counts_what_we_send);
	suite_add_tcase(suite, tc);

	tc = tcase_create("as server");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_packaged_client_is_answered_and_ends);
	tcase_add_loop_test(tc, the_packaged_client_sees_our_end_and_our_abort,
			    0, 2);
	tcase_add_test(tc, the_packaged_client_prints_the_bytes_we_sent);
	tcase_add_test(tc, tsctp_sends_what_it_is_told_to);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { interop_suite, NULL };

	return run_suites(suites, argc, argv);
}
