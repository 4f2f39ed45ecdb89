/*
 * Sending: associations that a message sets up, what messages are sent with by
 * default, and how long they are tried.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define HOST  "127.0.0.1"
#define LARGE 100000

static uint8_t out[2 << 20], in[1 << 20];

/* ------------------------------------------------------------------- rig */

/* A client that has no association with the server yet. */
struct strangers {
	gen_sctp_socket_t server, client;
	struct gen_sctp_addr to; /* the server */
};

static void
strangers_open(struct strangers *p, enum gen_sctp_type type)
{
	const struct gen_sctp_opt opt = gen_sctp_opt_type(type);

	p->server = rig_listener();
	p->client = rig_open(0, &opt, 1);
	p->to = rig_addr(HOST, gen_sctp_port(p->server));
	rig_aim(p->client, p->server);
}

static void
strangers_close(struct strangers *p)
{
	rig_close(p->client);
	rig_close(p->server);
}

static struct gen_sctp_outgoing
text_to(const struct gen_sctp_addr *to, const char *text)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	m.to = to;
	m.to_count = 1;
	m.data = text;
	m.len = strlen(text);
	return m;
}

static gen_sctp_assoc_id_t
sendv(gen_sctp_socket_t s, const struct gen_sctp_outgoing *m)
{
	gen_sctp_assoc_id_t id = 0;

	ck_assert_int_eq(gen_sctp_sendv(s, m, &id), 0);
	ck_assert_uint_ne(id, 0);
	return id;
}

static void
expect_failed(gen_sctp_socket_t s, const void *data, size_t len,
	      uint32_t context)
{
	struct gen_sctp_sndrcvinfo info;

	rig_expect_failed_whole(s, data, len, &info);
	ck_assert_uint_eq(info.context, context);
}

/* -------------------------------------------------- implicit associations */

static const enum gen_sctp_type types[] = { GEN_SCTP_SEQPACKET,
					    GEN_SCTP_STREAM };
#define TYPES (sizeof(types) / sizeof(types[0]))

START_TEST(a_message_to_a_peer_sets_up_the_association)
{
	const struct gen_sctp_sndrcvinfo info = { .stream = 3, .ppid = 7 };
	struct gen_sctp_msg msg;
	gen_sctp_assoc_id_t id;
	struct strangers p;

	strangers_open(&p, types[_i]);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, "first", 5),
			 0);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 5);
	ck_assert_uint_eq(msg.info.stream, 3);
	ck_assert_uint_eq(msg.info.ppid, 7);
	id = rig_expect_change(p.client, GEN_SCTP_COMM_UP);

	/* The next goes to the same one. */
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, "second", 6),
			 0);
	rig_send(p.client, id, 0, "third", 5);
	rig_expect_text(p.server, "second");
	rig_expect_text(p.server, "third");
	rig_expect_nothing(p.server);
	rig_expect_nothing(p.client);
	strangers_close(&p);
}
END_TEST

START_TEST(the_id_is_known_before_the_association_is_up)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct relay *r = relay_open(rig_udp_port(server), 0);
	struct gen_sctp_addr to = rig_addr(HOST, gen_sctp_port(server));
	struct gen_sctp_outgoing m = text_to(&to, "one");
	gen_sctp_assoc_id_t id;

	rig_aim_at(client, relay_port_for_client(r));
	relay_set_both(r, RELAY_HOLD);
	id = sendv(client, &m);
	ck_assert_uint_eq(sendv(client, &m), id);
	rig_send(client, id, 0, "two", 3);
	ck_assert_int_eq(rig_status(client, id).state,
			 GEN_SCTP_STATE_COOKIE_WAIT);
	ck_assert_int_eq(
		gen_sctp_connect_init(client, HOST, to.port, NULL, 0, 0),
		-EALREADY);
	relay_set_both(r, RELAY_PASS);
	ck_assert_uint_eq(rig_expect_change(client, GEN_SCTP_COMM_UP), id);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_expect_text(server, "one");
	rig_expect_text(server, "one");
	rig_expect_text(server, "two");
	rig_close(client);
	rig_close(server);
	rig_relay_close(r);
}
END_TEST

START_TEST(an_initmsg_is_of_that_association_only)
{
	const struct gen_sctp_initmsg three = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 3,
	};
	struct gen_sctp_opt before = gen_sctp_opt_get(GEN_SCTP_OPT_INITMSG);
	struct gen_sctp_opt after = before;
	struct gen_sctp_outgoing m;
	struct gen_sctp_event up;
	struct strangers p;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	ck_assert_int_eq(gen_sctp_getopts(p.client, &before, 1, NULL), 0);
	m = text_to(&p.to, "x");
	m.initmsg = &three;
	sendv(p.client, &m);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &up);
	ck_assert_int_eq(up.u.assoc_change.state, GEN_SCTP_COMM_UP);
	ck_assert_uint_eq(up.u.assoc_change.outbound_streams, 3);
	ck_assert_int_eq(gen_sctp_getopts(p.client, &after, 1, NULL), 0);
	ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
	strangers_close(&p);
}
END_TEST

START_TEST(the_peer_may_have_several_addresses)
{
	static const char *const both[] = { HOST, "127.0.0.2", NULL };
	struct gen_sctp_addr to[2], names[3];
	struct gen_sctp_outgoing m;
	gen_sctp_socket_t server, client;
	gen_sctp_assoc_id_t id;

	if (!rig_has_multihoming() || !rig_has_address(both[1]))
		return;
	server = rig_open_on(both);
	client = rig_open(0, NULL, 0);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	rig_aim(client, server);
	to[0] = rig_addr(both[0], gen_sctp_port(server));
	to[1] = rig_addr(both[1], gen_sctp_port(server));
	m = text_to(to, "x");
	m.to_count = 2;
	id = sendv(client, &m);
	rig_expect_change(client, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(gen_sctp_peernames(client, id, names, 3), 2);
	/* Any of them names it. */
	m = text_to(&to[1], "y");
	ck_assert_uint_eq(sendv(client, &m), id);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(a_message_to_any_goes_to_this_host)
{
	const struct gen_sctp_sndrcvinfo info = { 0 };
	struct gen_sctp_addr any;
	struct strangers p;
	int i;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	any = rig_addr("any", p.to.port);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(
			gen_sctp_sendmsg(p.client, &info, &any, "x", 1), 0);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "x");
	rig_expect_text(p.server, "x");
	strangers_close(&p);
}
END_TEST

START_TEST(a_message_with_eof_is_all_the_association_is_for)
{
	const struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_EOF };
	struct gen_sctp_event event;
	struct strangers p;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, "all", 3), 0);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "all");
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	rig_expect_change(p.client, GEN_SCTP_COMM_UP);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	strangers_close(&p);
}
END_TEST

START_TEST(a_close_behind_it_does_not_lose_the_message)
{
	const struct gen_sctp_sndrcvinfo info = { 0 };
	struct strangers p;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	rig_fill(out, LARGE, 1);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, out, LARGE),
			 0);
	rig_close(p.client);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_data(p.server, out, LARGE);
	rig_close(p.server);
}
END_TEST

START_TEST(a_new_one_is_set_up_when_the_old_one_has_ended)
{
	const struct gen_sctp_sndrcvinfo info = { 0 };
	gen_sctp_assoc_id_t here, there;
	struct strangers p;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, "old", 3), 0);
	here = rig_expect_change(p.client, GEN_SCTP_COMM_UP);
	there = rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "old");
	ck_assert_int_eq(gen_sctp_abort(p.server, there), 0);
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	rig_await_end(p.client, here);
	/* Its last event was not taken yet. */
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &p.to, "new", 3), 0);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "new");
	strangers_close(&p);
}
END_TEST

/* What happens to the INIT is up to `r` once both messages are there. */
static void
expect_failure_of_first(gen_sctp_socket_t s, int port, struct relay *r,
			enum relay_mode mode)
{
	struct gen_sctp_addr to = rig_addr(HOST, port);
	struct gen_sctp_outgoing m = text_to(&to, "lost");
	gen_sctp_assoc_id_t id;

	relay_set_both(r, RELAY_HOLD);
	m.info.context = 9;
	id = sendv(s, &m);
	rig_fill(out, LARGE, 2);
	rig_send(s, id, 1, out, LARGE);
	relay_set_both(r, mode);
	expect_failed(s, "lost", 4, 9);
	expect_failed(s, out, LARGE, 0);
	ck_assert_uint_eq(rig_expect_change(s, GEN_SCTP_CANT_ASSOC), id);
	rig_expect_nothing(s);
}

START_TEST(if_the_peer_refuses_the_messages_come_back_before_cant_assoc)
{
	struct strangers p;
	struct relay *r;

	strangers_open(&p, types[_i]);
	r = relay_open(rig_udp_port(p.server), 0);
	rig_aim_at(p.client, relay_port_for_client(r));
	ck_assert_int_eq(gen_sctp_listen(p.server, 0), 0);
	expect_failure_of_first(p.client, p.to.port, r, RELAY_PASS);
	/* It can be tried again. */
	expect_failure_of_first(p.client, p.to.port, r, RELAY_PASS);
	strangers_close(&p);
	rig_relay_close(r);
}
END_TEST

START_TEST(if_nobody_answers_the_messages_come_back_before_cant_assoc)
{
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct relay *r = relay_open(9, 0);

	rig_aim_at(client, relay_port_for_client(r));
	rig_impatient(client, 20);
	expect_failure_of_first(client, 2000, r, RELAY_LOSE);
	rig_close(client);
	relay_close(r);
}
END_TEST

START_TEST(what_cannot_be_sent_sets_up_nothing)
{
	struct gen_sctp_outgoing m;
	struct strangers p;

	strangers_open(&p, types[_i]);
	m = text_to(&p.to, "x");
	m.info.stream = 5000;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EINVAL);
	m = text_to(&p.to, "x");
	m.reserved[3] = 1;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EINVAL);
	m = text_to(&p.to, "x");
	m.data = out;
	m.len = sizeof(out);
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EMSGSIZE);
	m.len = SIZE_MAX;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EMSGSIZE);
	m.len = (size_t)1 << 31;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EMSGSIZE);
	m = text_to(&p.to, "");
	m.info.flags = GEN_SCTP_EOF;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EPIPE);
	m = text_to(&p.to, "reason");
	m.info.flags = GEN_SCTP_ABORT;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EPIPE);
	rig_expect_nothing(p.client);
	rig_expect_nothing(p.server);

	m = text_to(&p.to, "y");
	sendv(p.client, &m);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "y");
	strangers_close(&p);
}
END_TEST

START_TEST(an_association_that_is_named_is_not_set_up)
{
	struct gen_sctp_outgoing m;
	struct strangers p;

	strangers_open(&p, GEN_SCTP_SEQPACKET);
	m = text_to(&p.to, "x");
	m.info.assoc_id = 12345;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EPIPE);
	rig_expect_nothing(p.server);
	strangers_close(&p);
}
END_TEST

START_TEST(a_peeled_off_socket_sets_up_nothing)
{
	const struct gen_sctp_sndrcvinfo info = { 0 };
	gen_sctp_socket_t peeled;
	struct gen_sctp_addr to;
	struct rig_pair p;

	rig_pair_open(&p);
	to = rig_addr(HOST, gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_peeloff(p.client, p.client_assoc, &peeled),
			 0);
	/* The peer's association is elsewhere. */
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, &to, "x", 1),
			 -EADDRNOTAVAIL);
	ck_assert_int_eq(gen_sctp_sendmsg(peeled, &info, &to, "x", 1), 0);
	rig_expect_text(p.server, "x");
	ck_assert_int_eq(gen_sctp_abort(p.server, p.server_assoc), 0);
	rig_expect_change(peeled, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(gen_sctp_sendmsg(peeled, &info, &to, "x", 1), -EPIPE);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* ---------------------------------------------------------------- defaults */

static void
set_default(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, uint32_t ppid)
{
	const struct gen_sctp_send_param param = {
		.set = GEN_SCTP_SEND_PARAM_PPID,
		.assoc_id = assoc,
		.ppid = ppid,
	};

	rig_set(s, gen_sctp_opt_default_send_param(param));
}

static struct gen_sctp_send_param
get_default(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_DEFAULT_SEND_PARAM);

	opt.value.default_send_param.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	return opt.value.default_send_param;
}

START_TEST(send_uses_the_default_send_param_but_for_the_stream)
{
	struct gen_sctp_send_param param = {
		.set = GEN_SCTP_SEND_PARAM_STREAM | GEN_SCTP_SEND_PARAM_FLAGS |
		       GEN_SCTP_SEND_PARAM_PPID,
		.stream = 5,
		.flags = GEN_SCTP_UNORDERED,
		.ppid = 46,
	};
	struct gen_sctp_sndrcvinfo info = { .stream = 1 };
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	param.assoc_id = p.client_assoc;
	rig_set(p.client, gen_sctp_opt_default_send_param(param));
	rig_send(p.client, p.client_assoc, 2, "x", 1);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 1);
	ck_assert_uint_eq(msg.info.stream, 2);
	ck_assert_uint_eq(msg.info.flags, GEN_SCTP_UNORDERED);
	ck_assert_uint_eq(msg.info.ppid, 46);

	/* send/3 does not. */
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "y", 1), 0);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 1);
	ck_assert_uint_eq(msg.info.flags, 0);
	ck_assert_uint_eq(msg.info.ppid, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_default_is_of_one_association_or_of_those_to_come)
{
	struct gen_sctp_msg msg;
	gen_sctp_socket_t peeled;
	struct rig_pair p, q;

	p.server = rig_listener();
	p.client = q.client = rig_open(0, NULL, 0);
	set_default(p.client, 0, 1);
	rig_connect(&p, HOST);
	set_default(p.client, 0, 2);
	q.server = rig_listener();
	rig_connect(&q, HOST);
	ck_assert_uint_eq(get_default(p.client, p.client_assoc).ppid, 1);
	ck_assert_uint_eq(get_default(p.client, q.client_assoc).ppid, 2);
	set_default(p.client, p.client_assoc, 3);
	ck_assert_uint_eq(get_default(p.client, q.client_assoc).ppid, 2);
	ck_assert_uint_eq(get_default(p.client, 0).ppid, 2);
	ck_assert_uint_eq(get_default(p.client, 0).assoc_id, 0);
	ck_assert_uint_eq(get_default(p.client, q.client_assoc).assoc_id,
			  q.client_assoc);

	ck_assert_int_eq(gen_sctp_peeloff(p.client, p.client_assoc, &peeled),
			 0);
	rig_send(peeled, 0, 0, "x", 1);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 1);
	ck_assert_uint_eq(msg.info.ppid, 3);
	rig_close(peeled);
	rig_close(q.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(fields_that_are_not_set_stay)
{
	const struct gen_sctp_send_param all = {
		.set = GEN_SCTP_SEND_PARAM_STREAM | GEN_SCTP_SEND_PARAM_FLAGS |
		       GEN_SCTP_SEND_PARAM_PPID | GEN_SCTP_SEND_PARAM_CONTEXT |
		       GEN_SCTP_SEND_PARAM_TIMETOLIVE,
		.stream = 1,
		.flags = GEN_SCTP_UNORDERED,
		.ppid = 2,
		.context = 3,
		.timetolive = 4,
	};
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_send_param got = get_default(s, 0);

	ck_assert_uint_eq(got.set, all.set);
	ck_assert_uint_eq(got.stream | got.flags | got.ppid | got.context |
				  got.timetolive,
			  0);
	rig_set(s, gen_sctp_opt_default_send_param(all));
	set_default(s, 0, 20);
	got = get_default(s, 0);
	ck_assert_uint_eq(got.stream, 1);
	ck_assert_uint_eq(got.flags, GEN_SCTP_UNORDERED);
	ck_assert_uint_eq(got.ppid, 20);
	ck_assert_uint_eq(got.context, 3);
	ck_assert_uint_eq(got.timetolive, 4);
	rig_close(s);
}
END_TEST

START_TEST(defaults_that_cannot_be_are_refused)
{
	const struct gen_sctp_send_param flags = {
		.set = GEN_SCTP_SEND_PARAM_FLAGS,
		.flags = 0x100,
	};
	const struct gen_sctp_send_param field = { .set = 0x100 };
	const struct gen_sctp_send_param nobody = { .assoc_id = 12345 };
	const struct gen_sctp_default_prinfo ttl = {
		.prinfo = { GEN_SCTP_PR_TTL, 0 },
	};
	const struct gen_sctp_default_prinfo policy = {
		.prinfo = { (enum gen_sctp_pr_policy)99, 1 },
	};
	const struct gen_sctp_opt bad[] = {
		gen_sctp_opt_default_send_param(flags),
		gen_sctp_opt_default_send_param(field),
		gen_sctp_opt_default_send_param(nobody),
		gen_sctp_opt_default_prinfo(ttl),
		gen_sctp_opt_default_prinfo(policy),
	};
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(gen_sctp_setopts(s, &bad[i], 1, NULL),
				 -EINVAL);
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------ partial reliability */

/* The client's packets are lost, and it retransmits soon. */
static struct relay *
open_lossy(struct rig_pair *p)
{
	struct relay *r;

	rig_pair_open_one_path(p);
	rig_impatient_assoc(p->client, 0, 50);
	r = rig_connect_relayed(p);
	relay_set_both(r, RELAY_LOSE);
	return r;
}

/* After losses: what was given up is skipped, what was not arrives. */
static void
expect_only(struct rig_pair *p, struct relay *r, const char *text)
{
	rig_send(p->client, p->client_assoc, 0, text, strlen(text));
	relay_set_both(r, RELAY_PASS);
	rig_expect_text(p->server, text);
	rig_expect_nothing(p->server);
	rig_expect_nothing(p->client);
	rig_pair_close_relayed(p, r);
}

static const struct gen_sctp_prinfo policies[] = {
	{ GEN_SCTP_PR_TTL, 20 },
	{ GEN_SCTP_PR_RTX, 0 },
	{ GEN_SCTP_PR_RTX, 2 },
};
#define POLICIES (sizeof(policies) / sizeof(policies[0]))

START_TEST(a_message_is_given_up_as_its_policy_says)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;
	struct rig_pair p;
	struct relay *r = open_lossy(&p);

	m.info.assoc_id = p.client_assoc;
	m.info.context = 5;
	m.prinfo = policies[_i];
	m.data = "given up";
	m.len = 8;
	ck_assert_uint_eq(sendv(p.client, &m), p.client_assoc);
	expect_failed(p.client, "given up", 8, 5);
	if (policies[_i].policy == GEN_SCTP_PR_RTX)
		ck_assert_uint_ge(relay_count(r, RELAY_TO_SERVER, CHUNK_DATA),
				  policies[_i].value + 1);
	expect_only(&p, r, "kept");
}
END_TEST

START_TEST(the_default_policy_is_for_messages_without_one)
{
	struct gen_sctp_default_prinfo rtx = { .prinfo = policies[1] };
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;
	struct gen_sctp_opt got = gen_sctp_opt_get(GEN_SCTP_OPT_DEFAULT_PRINFO);
	struct rig_pair p;
	struct relay *r = open_lossy(&p);

	rtx.assoc_id = p.client_assoc;
	rig_set(p.client, gen_sctp_opt_default_prinfo(rtx));
	got.value.default_prinfo.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_getopts(p.client, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.default_prinfo.prinfo.policy,
			 GEN_SCTP_PR_RTX);

	rig_send(p.client, p.client_assoc, 0, "by send", 7);
	expect_failed(p.client, "by send", 7, 0);
	m.info.assoc_id = p.client_assoc;
	m.data = "by sendv";
	m.len = 8;
	sendv(p.client, &m);
	expect_failed(p.client, "by sendv", 8, 0);

	rtx.prinfo.policy = GEN_SCTP_PR_NONE;
	rig_set(p.client, gen_sctp_opt_default_prinfo(rtx));
	expect_only(&p, r, "kept");
}
END_TEST

/* ---------------------------------------------------------------- refusals */

START_TEST(a_received_record_can_be_sent_back)
{
	struct gen_sctp_sndrcvinfo info = {
		.stream = 3,
		.flags = GEN_SCTP_UNORDERED,
		.ppid = 99,
		.context = 1,
	};
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, "ping", 4), 0);
	ck_assert_int_eq(rig_recv(p.server, in, sizeof(in), &msg), 4);
	ck_assert_uint_ne(msg.info.tsn, 0);
	ck_assert_int_eq(gen_sctp_sendmsg(p.server, &msg.info, NULL, in, 4), 0);
	ck_assert_int_eq(rig_recv(p.client, in, sizeof(in), &msg), 4);
	ck_assert_uint_eq(msg.info.stream, 3);
	ck_assert_uint_eq(msg.info.flags, GEN_SCTP_UNORDERED);
	ck_assert_uint_eq(msg.info.ppid, 99);
	rig_pair_close(&p);
}
END_TEST

static const struct gen_sctp_addr no_address, one_address = {
	.family = GEN_SCTP_INET,
	.ip = { 127, 0, 0, 1 },
	.port = 9,
};
static const struct gen_sctp_initmsg no_streams = {
	.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
};

#define OUTGOING(...) \
	{ \
		.size = sizeof(struct gen_sctp_outgoing), __VA_ARGS__ \
	}

static const struct gen_sctp_outgoing wrong[] = {
	{ .size = 8, .data = "x", .len = 1 },
	OUTGOING(.data = "", .len = 0),
	OUTGOING(.data = NULL, .len = 1),
	OUTGOING(.data = "x", .len = 1, .info.flags = 0x100),
	OUTGOING(.data = "x", .len = 1, .info.flags = GEN_SCTP_ADDR_OVER),
	OUTGOING(.data = "x", .len = 1, .info.stream = 5000),
	OUTGOING(.data = "x", .len = 1, .to = &no_address, .to_count = 1),
	OUTGOING(.data = "x", .len = 1, .to = &one_address, .to_count = 0),
	OUTGOING(.data = "x", .len = 1, .to = NULL, .to_count = 1),
	OUTGOING(.data = "x", .len = 1, .to = &one_address, .to_count = 256),
	OUTGOING(.data = "x", .len = 1, .initmsg = &no_streams),
	OUTGOING(.data = "x", .len = 1, .prinfo = { GEN_SCTP_PR_TTL, 0 }),
	OUTGOING(.data = "x", .len = 1,
		 .prinfo = { (enum gen_sctp_pr_policy)99, 1 }),
	OUTGOING(.data = "x", .len = 1, .prinfo = { GEN_SCTP_PR_RTX, 1 },
		 .info.timetolive = 1),
};
#define WRONG (sizeof(wrong) / sizeof(wrong[0]))

START_TEST(what_cannot_be_is_einval)
{
	struct gen_sctp_outgoing m = wrong[_i];
	struct rig_pair p;

	rig_pair_open(&p);
	m.info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendv(p.client, &m, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_sendv(p.client, NULL, NULL), -EINVAL);
	rig_send(p.client, p.client_assoc, 0, "next", 4);
	rig_expect_text(p.server, "next");
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_reason_of_an_abort_has_to_fit)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ABORT };
	struct rig_pair p;

	rig_pair_open(&p);
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, out, 1449),
			 -EMSGSIZE);
	ck_assert_int_eq(gen_sctp_sendmsg(p.client, &info, NULL, out, 1448), 0);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	rig_pair_close(&p);
}
END_TEST

START_TEST(no_socket_is_ebadf_or_einval)
{
	const struct gen_sctp_sndrcvinfo info = { 0 };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_outgoing m = text_to(&one_address, "x");

	rig_close(s);
	ck_assert_int_eq(gen_sctp_send(s, 1, 0, "x", 1), -EBADF);
	ck_assert_int_eq(gen_sctp_sendmsg(s, &info, NULL, "x", 1), -EBADF);
	ck_assert_int_eq(gen_sctp_sendv(s, &m, NULL), -EBADF);
	ck_assert_int_eq(gen_sctp_eof(s, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_abort(s, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_send(0, 1, 0, "x", 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_sendmsg(0, &info, NULL, "x", 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_sendv(0, &m, NULL), -EINVAL);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static void
add_implicit(Suite *suite)
{
	TCase *tc = tcase_create("implicit associations");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_message_to_a_peer_sets_up_the_association, 0,
			    TYPES);
	tcase_add_test(tc, the_id_is_known_before_the_association_is_up);
	tcase_add_test(tc, an_initmsg_is_of_that_association_only);
	tcase_add_test(tc, the_peer_may_have_several_addresses);
	tcase_add_test(tc, a_message_to_any_goes_to_this_host);
	tcase_add_test(tc, a_message_with_eof_is_all_the_association_is_for);
	tcase_add_test(tc, a_close_behind_it_does_not_lose_the_message);
	tcase_add_test(tc, a_new_one_is_set_up_when_the_old_one_has_ended);
	tcase_add_loop_test(
		tc,
		if_the_peer_refuses_the_messages_come_back_before_cant_assoc, 0,
		TYPES);
	tcase_add_test(
		tc, if_nobody_answers_the_messages_come_back_before_cant_assoc);
	tcase_add_loop_test(tc, what_cannot_be_sent_sets_up_nothing, 0, TYPES);
	tcase_add_test(tc, an_association_that_is_named_is_not_set_up);
	tcase_add_test(tc, a_peeled_off_socket_sets_up_nothing);
	suite_add_tcase(suite, tc);
}

static void
add_defaults(Suite *suite)
{
	TCase *tc = tcase_create("defaults");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, send_uses_the_default_send_param_but_for_the_stream);
	tcase_add_test(tc, a_default_is_of_one_association_or_of_those_to_come);
	tcase_add_test(tc, fields_that_are_not_set_stay);
	tcase_add_test(tc, defaults_that_cannot_be_are_refused);
	suite_add_tcase(suite, tc);
}

static void
add_partial_reliability(Suite *suite)
{
	TCase *tc = tcase_create("partial reliability");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_message_is_given_up_as_its_policy_says, 0,
			    POLICIES);
	tcase_add_test(tc, the_default_policy_is_for_messages_without_one);
	suite_add_tcase(suite, tc);
}

static void
add_refusals(Suite *suite)
{
	TCase *tc = tcase_create("refusals");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_received_record_can_be_sent_back);
	tcase_add_loop_test(tc, what_cannot_be_is_einval, 0, WRONG);
	tcase_add_test(tc, the_reason_of_an_abort_has_to_fit);
	tcase_add_test(tc, no_socket_is_ebadf_or_einval);
	suite_add_tcase(suite, tc);
}

static Suite *
send_suite(void)
{
	Suite *suite = suite_create("send");

	add_implicit(suite);
	add_defaults(suite);
	add_partial_reliability(suite);
	add_refusals(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { send_suite, NULL };

	return run_suites(suites, argc, argv);
}
