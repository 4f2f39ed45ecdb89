/*
 * Stream reconfiguration (RFC 6525): streams that begin anew, more streams, and
 * who may ask for it.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "raw_peer.h"
#include "relay.h"
#include "runner.h"

#define EVERYTHING \
	(GEN_SCTP_ENABLE_RESET_STREAM_REQ | GEN_SCTP_ENABLE_RESET_ASSOC_REQ | \
	 GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ)
#define RECONFIG_EVENTS \
	(GEN_SCTP_STREAM_RESET_EVENT | GEN_SCTP_ASSOC_RESET_EVENT | \
	 GEN_SCTP_STREAM_CHANGE_EVENT)
#define CHUNK_RE_CONFIG 130
#define LARGE		300000
#define STREAMS		10

static struct rig_pair pair;
static struct relay *relay;
static uint8_t large[LARGE];

/* ------------------------------------------------------------------- rig */

static void
enable(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, uint32_t bits)
{
	const struct gen_sctp_enable_stream_reset on = {
		.set = EVERYTHING,
		.assoc_id = assoc,
		.on = bits,
	};

	rig_set(s, gen_sctp_opt_enable_stream_reset(on));
}

static uint32_t
enabled(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_ENABLE_STREAM_RESET);

	opt.value.enable_stream_reset.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.enable_stream_reset.set, EVERYTHING);
	ck_assert_uint_eq(opt.value.enable_stream_reset.assoc_id, assoc);
	return opt.value.enable_stream_reset.on;
}

/* Both sides hear of everything, and the server allows it. */
static void
open_pair(void)
{
	relay = rig_pair_open_relayed(&pair);
	ck_assert_int_eq(gen_sctp_subscribe(pair.client, RECONFIG_EVENTS, true),
			 0);
	ck_assert_int_eq(gen_sctp_subscribe(pair.server, RECONFIG_EVENTS, true),
			 0);
	enable(pair.server, pair.server_assoc, EVERYTHING);
}

static void
close_pair(void)
{
	rig_pair_close_relayed(&pair, relay);
}

static int
reset(int direction, uint16_t stream)
{
	return gen_sctp_reset_streams(pair.client, pair.client_assoc, direction,
				      &stream, 1);
}

static int
add(uint16_t incoming, uint16_t outgoing)
{
	return gen_sctp_add_streams(pair.client, pair.client_assoc, incoming,
				    outgoing);
}

static void
expect_reset(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
	     enum gen_sctp_reconfig_result result, int direction,
	     const uint16_t *streams, size_t n)
{
	const struct gen_sctp_stream_reset_event *e;
	struct gen_sctp_msg msg;
	char buf[64];

	ck_assert_int_eq(rig_recv(s, buf, sizeof(buf), &msg), 0);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_STREAM_RESET);
	e = &msg.event.u.stream_reset;
	ck_assert_uint_eq(e->assoc_id, assoc);
	ck_assert_str_eq(gen_sctp_reconfig_result_name(e->result),
			 gen_sctp_reconfig_result_name(result));
	ck_assert_int_eq(e->direction, direction);
	ck_assert_uint_eq(e->count, n);
	if (n > 0)
		ck_assert_int_eq(memcmp(e->streams, streams, n * 2), 0);
	else
		ck_assert_ptr_null(e->streams);
	gen_sctp_msg_free(&msg);
}

static void
expect_change(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
	      enum gen_sctp_reconfig_result result, uint16_t inbound,
	      uint16_t outbound)
{
	struct gen_sctp_event event;

	rig_expect_event(s, GEN_SCTP_STREAM_CHANGE, &event);
	ck_assert_uint_eq(event.u.stream_change.assoc_id, assoc);
	ck_assert_str_eq(
		gen_sctp_reconfig_result_name(event.u.stream_change.result),
		gen_sctp_reconfig_result_name(result));
	ck_assert_uint_eq(event.u.stream_change.inbound_streams, inbound);
	ck_assert_uint_eq(event.u.stream_change.outbound_streams, outbound);
}

static void
expect_ssn(gen_sctp_socket_t s, uint16_t stream, uint16_t ssn)
{
	struct gen_sctp_msg msg;
	char buf[64];

	ck_assert_int_eq(rig_recv(s, buf, sizeof(buf), &msg), 1);
	ck_assert_uint_eq(msg.info.stream, stream);
	ck_assert_uint_eq(msg.info.ssn, ssn);
}

/* Two messages, so that the next has sequence number 2. */
static void
use_streams(gen_sctp_socket_t from, gen_sctp_assoc_id_t assoc,
	    gen_sctp_socket_t to)
{
	uint16_t stream, ssn;

	for (stream = 1; stream <= 2; stream++)
		for (ssn = 0; ssn < 2; ssn++) {
			rig_send(from, assoc, stream, "x", 1);
			expect_ssn(to, stream, ssn);
		}
	rig_await_acknowledged(from, assoc);
}

static void
send_and_expect_ssn(gen_sctp_socket_t from, gen_sctp_assoc_id_t assoc,
		    gen_sctp_socket_t to, uint16_t stream, uint16_t ssn)
{
	rig_send(from, assoc, stream, "x", 1);
	expect_ssn(to, stream, ssn);
}

/* -------------------------------------------------------------- resetting */

START_TEST(an_outgoing_stream_begins_anew)
{
	const uint16_t one[] = { 1 };

	use_streams(pair.client, pair.client_assoc, pair.server);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, one, 1);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, one, 1);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 1, 0);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 2, 2);
}
END_TEST

/* Both sides have to allow it: the peer answers with a request of its own. */
START_TEST(an_incoming_stream_begins_anew)
{
	const uint16_t two[] = { 2 };

	enable(pair.client, pair.client_assoc, EVERYTHING);
	use_streams(pair.server, pair.server_assoc, pair.client);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 2), 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, two, 1);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, two, 1);
	send_and_expect_ssn(pair.server, pair.server_assoc, pair.client, 1, 2);
	send_and_expect_ssn(pair.server, pair.server_assoc, pair.client, 2, 0);
}
END_TEST

START_TEST(all_streams_begin_anew)
{
	uint16_t stream;

	use_streams(pair.client, pair.client_assoc, pair.server);
	ck_assert_int_eq(gen_sctp_reset_streams(pair.client, pair.client_assoc,
						GEN_SCTP_STREAMS_OUTGOING, NULL,
						0),
			 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, NULL, 0);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, NULL, 0);
	for (stream = 0; stream < STREAMS; stream++)
		send_and_expect_ssn(pair.client, pair.client_assoc, pair.server,
				    stream, 0);
}
END_TEST

/* In any order. */
static void
expect_both(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg;
	int i, seen = 0;
	char buf[64];

	for (i = 0; i < 2; i++) {
		rig_recv(s, buf, sizeof(buf), &msg);
		ck_assert_int_eq(msg.event.type, GEN_SCTP_STREAM_RESET);
		ck_assert_int_eq(msg.event.u.stream_reset.result,
				 GEN_SCTP_RECONFIG_DONE);
		ck_assert_uint_eq(msg.event.u.stream_reset.count, 1);
		ck_assert_uint_eq(msg.event.u.stream_reset.streams[0], 1);
		seen |= msg.event.u.stream_reset.direction;
		gen_sctp_msg_free(&msg);
	}
	ck_assert_int_eq(seen,
			 GEN_SCTP_STREAMS_INCOMING | GEN_SCTP_STREAMS_OUTGOING);
}

START_TEST(both_directions_begin_anew_at_once)
{
	enable(pair.client, pair.client_assoc, EVERYTHING);
	use_streams(pair.client, pair.client_assoc, pair.server);
	use_streams(pair.server, pair.server_assoc, pair.client);
	ck_assert_int_eq(
		reset(GEN_SCTP_STREAMS_INCOMING | GEN_SCTP_STREAMS_OUTGOING, 1),
		0);
	expect_both(pair.client);
	expect_both(pair.server);
	send_and_expect_ssn(pair.server, pair.server_assoc, pair.client, 1, 0);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 1, 0);
}
END_TEST

START_TEST(what_was_sent_before_comes_before)
{
	const uint16_t one[] = { 1 };

	rig_fill(large, LARGE, 1);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(pair.client, pair.client_assoc, 1, large, LARGE);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), 0);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	rig_expect_data(pair.server, large, LARGE);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, one, 1);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, one, 1);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 1, 0);
}
END_TEST

static void
send_on_one(void *arg)
{
	(void)arg;
	rig_send(pair.client, pair.client_assoc, 1, "late", 4);
}

/* With no event to wake it. */
START_TEST(sending_on_a_stream_that_is_reset_waits_for_the_answer)
{
	struct rig_thread t;

	ck_assert_int_eq(
		gen_sctp_subscribe(pair.client, RECONFIG_EVENTS, false), 0);
	ck_assert_int_eq(
		gen_sctp_subscribe(pair.server, RECONFIG_EVENTS, false), 0);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), 0);
	rig_start(&t, send_on_one, NULL);
	rig_send(pair.client, pair.client_assoc, 2, "early", 5);
	rig_expect_text(pair.server, "early");
	rig_expect_nothing(pair.server);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	rig_join(&t);
	rig_expect_text(pair.server, "late");
}
END_TEST

START_TEST(a_peer_that_does_not_allow_it_denies)
{
	const uint16_t one[] = { 1 };

	enable(pair.server, pair.server_assoc, 0);
	enable(pair.client, pair.client_assoc, EVERYTHING);
	use_streams(pair.client, pair.client_assoc, pair.server);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DENIED,
		     GEN_SCTP_STREAMS_OUTGOING, one, 1);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 1), 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DENIED,
		     GEN_SCTP_STREAMS_INCOMING, one, 1);
	rig_expect_nothing(pair.server);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 1, 2);
}
END_TEST

/* ----------------------------------------------------------- more streams */

START_TEST(outgoing_streams_are_added)
{
	ck_assert_int_eq(add(0, 5), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS, STREAMS + 5);
	expect_change(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS + 5, STREAMS);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server,
			    STREAMS + 4, 0);
	ck_assert_uint_eq(rig_status(pair.client, pair.client_assoc).outstrms,
			  STREAMS + 5);
}
END_TEST

START_TEST(incoming_streams_are_added)
{
	enable(pair.client, pair.client_assoc, EVERYTHING);
	ck_assert_int_eq(add(7, 0), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS + 7, STREAMS);
	expect_change(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS, STREAMS + 7);
	send_and_expect_ssn(pair.server, pair.server_assoc, pair.client,
			    STREAMS + 6, 0);
}
END_TEST

START_TEST(adding_streams_can_be_denied)
{
	enable(pair.server, pair.server_assoc,
	       GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	enable(pair.client, pair.client_assoc, EVERYTHING);
	ck_assert_int_eq(add(0, 5), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DENIED,
		      STREAMS, STREAMS);
	ck_assert_int_eq(add(5, 0), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DENIED,
		      STREAMS, STREAMS);
	rig_expect_nothing(pair.server);
	send_and_expect_ssn(pair.client, pair.client_assoc, pair.server, 0, 0);
}
END_TEST

/* The engine would never send what is queued then. */
START_TEST(streams_are_not_added_while_data_waits)
{
	rig_fill(large, LARGE, 1);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(pair.client, pair.client_assoc, 1, large, LARGE);
	ck_assert_int_eq(add(0, 5), -EBUSY);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	rig_expect_data(pair.server, large, LARGE);
	rig_await_acknowledged(pair.client, pair.client_assoc);
	ck_assert_int_eq(add(0, 5), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS, STREAMS + 5);
}
END_TEST

START_TEST(nor_because_the_peer_asks)
{
	static uint8_t buf[LARGE + 1];
	struct gen_sctp_msg msg;
	size_t got = 0;
	int denied = 0;

	enable(pair.client, pair.client_assoc, EVERYTHING);
	rig_set(pair.client, gen_sctp_opt_recbuf(65536));
	rig_fill(large, LARGE, 1);
	rig_send(pair.server, pair.server_assoc, 1, large, LARGE);
	rig_await_ready(pair.client, GEN_SCTP_POLL_IN);
	ck_assert_int_eq(add(5, 0), 0);
	relay_await(relay, RELAY_TO_SERVER, CHUNK_RE_CONFIG, 1);
	while (got < LARGE || denied == 0) {
		got += (size_t)rig_recv(pair.client, buf + got, LARGE - got + 1,
					&msg);
		if (msg.kind == GEN_SCTP_MSG_EVENT) {
			ck_assert_int_eq(msg.event.type,
					 GEN_SCTP_STREAM_CHANGE);
			ck_assert_int_eq(msg.event.u.stream_change.result,
					 GEN_SCTP_RECONFIG_DENIED);
			denied++;
		}
	}
	ck_assert(rig_filled(buf, LARGE, 1));
	ck_assert_int_eq(denied, 1);
}
END_TEST

/* --------------------------------------------------- the whole association */

/* RFC 6525 4.3: SSN/TSN reset request. */
#define RESET_TSN 15

static void
ask_for_reset(struct raw_peer *peer)
{
	raw_begin(peer, peer->their_tag);
	raw_chunk(peer, RAW_RE_CONFIG, 0, RAW_NOTHING);
	raw_param(peer, RESET_TSN, RAW_BYTES(RAW_BE32(peer->tsn)));
	raw_send(peer);
}

static gen_sctp_socket_t
open_for_reset(struct raw_peer *peer, uint32_t allowed)
{
	gen_sctp_socket_t s = rig_listener();

	enable(s, 0, allowed);
	ck_assert_int_eq(gen_sctp_subscribe(s, RECONFIG_EVENTS, true), 0);
	ck_assert(raw_open(peer, "127.0.0.1", 5000, rig_udp_port(s),
			   gen_sctp_port(s)));
	ck_assert(raw_connect(peer));
	return s;
}

START_TEST(a_peer_may_reset_the_association)
{
	static struct raw_peer peer;
	struct gen_sctp_assoc_reset_event *e;
	struct gen_sctp_event event;
	struct raw_chunk c;
	gen_sctp_socket_t s =
		open_for_reset(&peer, GEN_SCTP_ENABLE_RESET_ASSOC_REQ);
	gen_sctp_assoc_id_t assoc = rig_expect_change(s, GEN_SCTP_COMM_UP);

	ask_for_reset(&peer);
	ck_assert(raw_await(&peer, RAW_RE_CONFIG, &c, RAW_PATIENCE));
	expect_reset(s, assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, NULL, 0);
	expect_reset(s, assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, NULL, 0);
	rig_expect_event(s, GEN_SCTP_ASSOC_RESET, &event);
	e = &event.u.assoc_reset;
	ck_assert_int_eq(e->result, GEN_SCTP_RECONFIG_DONE);
	ck_assert_uint_eq(e->assoc_id, assoc);
	/* The response: result, both sides' next numbers. */
	ck_assert_uint_eq(c.len, 24);
	ck_assert_int_eq(
		memcmp(c.at + 12,
		       (const uint8_t[]){ RAW_BE32(1), RAW_BE32(e->local_tsn),
					  RAW_BE32(e->remote_tsn) },
		       12),
		0);
	peer.tsn = e->remote_tsn;
	ck_assert(raw_say(&peer, "anew"));
	rig_expect_text(s, "anew");
	raw_close(&peer);
	rig_close(s);
}
END_TEST

START_TEST(resetting_the_association_can_be_denied)
{
	static struct raw_peer peer;
	struct raw_chunk c;
	gen_sctp_socket_t s =
		open_for_reset(&peer, GEN_SCTP_ENABLE_RESET_STREAM_REQ);

	rig_expect_change(s, GEN_SCTP_COMM_UP);
	ask_for_reset(&peer);
	ck_assert(raw_await(&peer, RAW_RE_CONFIG, &c, RAW_PATIENCE));
	ck_assert_int_eq(memcmp(c.at + 12, (const uint8_t[]){ RAW_BE32(2) }, 4),
			 0);
	ck_assert(raw_say(&peer, "as before"));
	rig_expect_text(s, "as before");
	raw_close(&peer);
	rig_close(s);
}
END_TEST

/* ----------------------------------------------------------------- errors */

START_TEST(requests_that_cannot_be_are_refused)
{
	const uint16_t streams[201] = { 0 };
	const gen_sctp_socket_t s = pair.client;
	const gen_sctp_assoc_id_t a = pair.client_assoc;
	const int in = GEN_SCTP_STREAMS_INCOMING,
		  out = GEN_SCTP_STREAMS_OUTGOING;

	enable(s, a, EVERYTHING);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a, 0, streams, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a, 4, streams, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a, out, NULL, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a, in, streams, 201),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a, in, streams, 70000),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, a + 1000, in, streams, 1),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_reset_streams(s, 0, in, streams, 1), -EINVAL);
	ck_assert_int_eq(reset(in, STREAMS), -EINVAL);
	ck_assert_int_eq(reset(out, STREAMS), -EINVAL);
	ck_assert_int_eq(add(0, 0), -EINVAL);
	ck_assert_int_eq(add(65530, 0), -EINVAL);
	ck_assert_int_eq(add(0, 65530), -EINVAL);
	ck_assert_int_eq(gen_sctp_add_streams(s, a + 1000, 1, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_add_streams(s, 0, 1, 1), -EINVAL);
	rig_expect_nothing(s);
}
END_TEST

START_TEST(incoming_streams_need_the_leave_of_this_side)
{
	const int both = GEN_SCTP_STREAMS_INCOMING | GEN_SCTP_STREAMS_OUTGOING;

	ck_assert_int_eq(add(5, 0), -EPERM);
	ck_assert_int_eq(add(5, 5), -EPERM);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 1), -EPERM);
	ck_assert_int_eq(reset(both, 1), -EPERM);
	enable(pair.client, pair.client_assoc,
	       GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	ck_assert_int_eq(add(5, 0), -EPERM);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 1), 0);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, (const uint16_t[]){ 1 }, 1);
	enable(pair.client, pair.client_assoc,
	       GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 1), -EPERM);
	ck_assert_int_eq(add(5, 0), 0);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS + 5, STREAMS);
}
END_TEST

START_TEST(one_request_at_a_time)
{
	enable(pair.client, pair.client_assoc, EVERYTHING);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	ck_assert_int_eq(add(0, 5), 0);
	ck_assert_int_eq(add(0, 5), -EALREADY);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_INCOMING, 1), -EALREADY);
	/* Waits for its turn. */
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), 0);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	expect_change(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		      STREAMS, STREAMS + 5);
	expect_reset(pair.client, pair.client_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_OUTGOING, (const uint16_t[]){ 1 }, 1);
}
END_TEST

START_TEST(an_ending_association_is_not_changed)
{
	relay_set_both(relay, RELAY_HOLD);
	ck_assert_int_eq(gen_sctp_eof(pair.client, pair.client_assoc), 0);
	ck_assert_int_eq(reset(GEN_SCTP_STREAMS_OUTGOING, 1), -EPIPE);
	ck_assert_int_eq(add(1, 1), -EPIPE);
	relay_set_both(relay, RELAY_PASS);
	rig_expect_change(pair.client, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_int_eq(add(1, 1), -EINVAL);
}
END_TEST

START_TEST(an_attempt_is_not_changed)
{
	struct gen_sctp_addr addr = rig_addr("127.0.0.1", 5000);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	gen_sctp_assoc_id_t id;

	rig_aim_at(s, relay_port_for_client(relay));
	relay_set_both(relay, RELAY_LOSE);
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0, &id), 0);
	ck_assert_int_eq(gen_sctp_add_streams(s, id, 1, 1), -ENOTCONN);
	ck_assert_int_eq(gen_sctp_reset_streams(
				 s, id, GEN_SCTP_STREAMS_OUTGOING, NULL, 0),
			 -ENOTCONN);
	rig_close(s);
}
END_TEST

/* The unanswered request is sent again for ever, and its event is on. */
START_TEST(closing_with_a_request_open_is_harmless)
{
	enable(pair.client, pair.client_assoc, EVERYTHING);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	ck_assert_int_eq(add(5, 0), 0);
	rig_close(pair.client);
	relay_await(relay, RELAY_TO_SERVER, CHUNK_RE_CONFIG, 1);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

/* ---------------------------------------------------------------- options */

/* Stream 0, or all; the answer does not come for now. */
static void
begin_anew(bool all)
{
	static const uint16_t first[] = { 0 };

	relay_set(relay, RELAY_TO_CLIENT, RELAY_HOLD);
	ck_assert_int_eq(gen_sctp_reset_streams(pair.client, pair.client_assoc,
						GEN_SCTP_STREAMS_OUTGOING,
						first, all ? 0 : 1),
			 0);
	relay_await(relay, RELAY_TO_SERVER, CHUNK_RE_CONFIG, 1);
}

/* By abort, and with a reason. */
START_TEST(an_abort_does_not_wait_for_an_answer)
{
	const struct gen_sctp_sndrcvinfo info = {
		.flags = GEN_SCTP_ABORT,
		.assoc_id = pair.client_assoc,
	};

	begin_anew(false);
	ck_assert_int_eq(_i == 0 ? gen_sctp_abort(pair.client,
						  pair.client_assoc)
				 : gen_sctp_sendmsg(pair.client, &info, NULL,
						    "enough", 6),
			 0);
	rig_expect_change(pair.client, GEN_SCTP_COMM_LOST);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, (const uint16_t[]){ 0 }, 1);
	rig_expect_change(pair.server, GEN_SCTP_COMM_LOST);
}
END_TEST

/* The engine has none left that it would take an abort on. */
START_TEST(with_all_streams_being_reset_only_close_aborts)
{
	const struct gen_sctp_linger now = { .on = true, .seconds = 0 };
	gen_sctp_socket_t own;

	begin_anew(true);
	ck_assert_int_eq(gen_sctp_abort(pair.client, pair.client_assoc),
			 -EAGAIN);
	ck_assert_int_eq(gen_sctp_peeloff(pair.client, pair.client_assoc, &own),
			 0);
	rig_set(own, gen_sctp_opt_linger(now));
	rig_close(own);
	expect_reset(pair.server, pair.server_assoc, GEN_SCTP_RECONFIG_DONE,
		     GEN_SCTP_STREAMS_INCOMING, NULL, 0);
	rig_expect_change(pair.server, GEN_SCTP_COMM_LOST);
}
END_TEST

/* Of the association, and of the socket. */
START_TEST(an_end_waits_for_an_answer_where_it_has_to)
{
	begin_anew(_i % 2 == 1);
	if (_i / 2 == 0)
		ck_assert_int_eq(gen_sctp_eof(pair.client, pair.client_assoc),
				 0);
	else
		rig_close(pair.client);
	relay_set(relay, RELAY_TO_CLIENT, RELAY_PASS);
	rig_await_end(pair.server, pair.server_assoc);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

START_TEST(what_is_allowed_is_inherited_and_then_ones_own)
{
	const struct gen_sctp_enable_stream_reset wrong = { .set = 8 };
	gen_sctp_socket_t server = rig_listener(), peeled;
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct rig_pair p = { server, client, 0, 0 };
	struct gen_sctp_opt opt = gen_sctp_opt_enable_stream_reset(wrong);

	ck_assert_int_eq(gen_sctp_setopts(server, &opt, 1, NULL), -EINVAL);
	ck_assert_uint_eq(enabled(server, 0), 0);
	enable(server, 0, GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	ck_assert_uint_eq(enabled(server, 0), GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	rig_connect(&p, "127.0.0.1");
	ck_assert_uint_eq(enabled(server, p.server_assoc),
			  GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	ck_assert_uint_eq(enabled(client, p.client_assoc), 0);
	/* These two go together. */
	enable(server, p.server_assoc, GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ);
	ck_assert_uint_eq(enabled(server, p.server_assoc),
			  GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ |
				  GEN_SCTP_ENABLE_RESET_ASSOC_REQ);
	ck_assert_uint_eq(enabled(server, 0), GEN_SCTP_ENABLE_RESET_STREAM_REQ);
	ck_assert_int_eq(gen_sctp_peeloff(server, p.server_assoc, &peeled), 0);
	ck_assert_uint_eq(enabled(peeled, p.server_assoc),
			  GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ |
				  GEN_SCTP_ENABLE_RESET_ASSOC_REQ);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

static bool
supported(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_RECONFIG_SUPPORTED);

	opt.value.supported.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	return opt.value.supported.on;
}

START_TEST(without_the_extension_there_is_none)
{
	const struct gen_sctp_supported off = { .on = false };
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct rig_pair p = { server, client, 0, 0 };
	struct gen_sctp_opt opt = gen_sctp_opt_reconfig_supported(off);

	ck_assert(supported(server, 0));
	rig_set(server, opt);
	ck_assert(!supported(server, 0));
	rig_connect(&p, "127.0.0.1");
	ck_assert(supported(client, 0));
	ck_assert(!supported(client, p.client_assoc));
	ck_assert(!supported(server, p.server_assoc));
	enable(client, p.client_assoc, EVERYTHING);
	ck_assert_int_eq(gen_sctp_add_streams(client, p.client_assoc, 1, 1),
			 -EOPNOTSUPP);
	ck_assert_int_eq(gen_sctp_reset_streams(client, p.client_assoc,
						GEN_SCTP_STREAMS_OUTGOING, NULL,
						0),
			 -EOPNOTSUPP);
	/* It was settled when the association was set up. */
	opt.value.supported.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_setopts(client, &opt, 1, NULL), -EINVAL);
	opt.value.supported.assoc_id = p.client_assoc + 1000;
	ck_assert_int_eq(gen_sctp_setopts(client, &opt, 1, NULL), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

static Suite *
reconfig_suite(void)
{
	Suite *suite = suite_create("reconfig");
	TCase *tc = tcase_create("associations");

	tcase_add_checked_fixture(tc, open_pair, close_pair);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_outgoing_stream_begins_anew);
	tcase_add_test(tc, an_incoming_stream_begins_anew);
	tcase_add_test(tc, all_streams_begin_anew);
	tcase_add_test(tc, both_directions_begin_anew_at_once);
	tcase_add_test(tc, what_was_sent_before_comes_before);
	tcase_add_test(tc,
		       sending_on_a_stream_that_is_reset_waits_for_the_answer);
	tcase_add_test(tc, a_peer_that_does_not_allow_it_denies);
	tcase_add_test(tc, outgoing_streams_are_added);
	tcase_add_test(tc, incoming_streams_are_added);
	tcase_add_test(tc, adding_streams_can_be_denied);
	tcase_add_test(tc, streams_are_not_added_while_data_waits);
	tcase_add_test(tc, nor_because_the_peer_asks);
	tcase_add_test(tc, requests_that_cannot_be_are_refused);
	tcase_add_test(tc, incoming_streams_need_the_leave_of_this_side);
	tcase_add_test(tc, one_request_at_a_time);
	tcase_add_test(tc, an_ending_association_is_not_changed);
	tcase_add_test(tc, an_attempt_is_not_changed);
	tcase_add_test(tc, closing_with_a_request_open_is_harmless);
	tcase_add_loop_test(tc, an_abort_does_not_wait_for_an_answer, 0, 2);
	tcase_add_test(tc, with_all_streams_being_reset_only_close_aborts);
	tcase_add_loop_test(tc, an_end_waits_for_an_answer_where_it_has_to, 0,
			    4);
	suite_add_tcase(suite, tc);
	tc = tcase_create("peers");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_peer_may_reset_the_association);
	tcase_add_test(tc, resetting_the_association_can_be_denied);
	suite_add_tcase(suite, tc);
	tc = tcase_create("options");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, what_is_allowed_is_inherited_and_then_ones_own);
	tcase_add_test(tc, without_the_extension_there_is_none);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { reconfig_suite, NULL };

	return run_suites(suites, argc, argv);
}
