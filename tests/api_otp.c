/*
 * What OTP's own tests ask of gen_sctp, of passive sockets: each test says
 * which of theirs it answers. esock's and Net::SCTP's are at the end.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char text[] = "a message that goes one way and then the other";
static char in[1000];

/* ------------------------------------------------------------------- rig */

static struct gen_sctp_stat
stat_of(gen_sctp_socket_t s)
{
	struct gen_sctp_stat stat = GEN_SCTP_STAT_INIT;

	ck_assert_int_eq(gen_sctp_getstat(s, &stat), 0);
	return stat;
}

static struct gen_sctp_opt
got(gen_sctp_socket_t s, struct gen_sctp_opt opt)
{
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	return opt;
}

static int
open_port(int port)
{
	gen_sctp_socket_t s = rig_open(port, NULL, 0);
	int is = gen_sctp_port(s);

	rig_close(s);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	return is;
}

/* Data on that stream of that association, from that port of 127.0.0.1. */
static void
expect_data_from(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
		 unsigned int stream, int port)
{
	struct gen_sctp_addr from = rig_addr("127.0.0.1", port);
	struct gen_sctp_msg msg;
	int n = rig_recv(s, in, sizeof(in), &msg);

	ck_assert_int_eq(n, (int)strlen(text));
	ck_assert_int_eq(memcmp(in, text, strlen(text)), 0);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert(msg.eor);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO);
	ck_assert_uint_eq(msg.info.assoc_id, id);
	ck_assert_uint_eq(msg.info.stream, stream);
	ck_assert_int_eq(msg.from.port, from.port);
	ck_assert_int_eq(memcmp(msg.from.ip, from.ip, 4), 0);
}

static void
send_text(gen_sctp_socket_t s, gen_sctp_assoc_id_t id, int stream)
{
	rig_send(s, id, stream, text, strlen(text));
}

/* A call from another thread. */
struct call {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t id;
	int result;
};

static void
listen_10(void *arg)
{
	struct call *call = arg;

	call->result = gen_sctp_listen(call->s, 10);
}

static void
send_one(void *arg)
{
	struct call *call = arg;

	call->result = gen_sctp_send(call->s, call->id, 0, text, strlen(text));
}

static void
recv_all(void *arg)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct call *call = arg;

	do {
		call->result = gen_sctp_recv(call->s, in, sizeof(in), &msg, -1);
		gen_sctp_msg_free(&msg);
	} while (call->result >= 0);
}

static int
from_another_thread(void (*run)(void *), gen_sctp_socket_t s,
		    gen_sctp_assoc_id_t id)
{
	struct call call = { s, id, -1 };
	struct rig_thread t;

	rig_start(&t, run, &call);
	rig_join(&t);
	return call.result;
}

/* --------------------------------------------------- open, close, listen */

/* basic */
START_TEST(a_socket_opens_and_closes)
{
	gen_sctp_socket_t s = 0;

	ck_assert_int_eq(gen_sctp_open(0, NULL, 0, &s, NULL), 0);
	ck_assert_uint_ne(s, 0);
	ck_assert_int_eq(gen_sctp_close(s), 0);
}
END_TEST

/* basic_stream */
START_TEST(any_thread_makes_a_stream_socket_listen)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	gen_sctp_socket_t s = rig_open(0, &stream, 1);

	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	ck_assert_int_eq(from_another_thread(listen_10, s, 0), 0);
	rig_close(s);
}
END_TEST

/* api_open_close */
START_TEST(a_port_that_was_closed_opens_again)
{
	struct gen_sctp_opt any = gen_sctp_opt_ip(rig_addr("any", 0));
	int port = open_port(0);
	gen_sctp_socket_t s;

	ck_assert_int_gt(port, 0);
	ck_assert_int_eq(open_port(port), port);
	ck_assert_int_eq(open_port(port), port);
	s = rig_open(port, &any, 1);
	ck_assert_int_eq(gen_sctp_port(s), port);
	ck_assert_int_eq(gen_sctp_close(s), 0);
	ck_assert_int_eq(gen_sctp_close(s), 0);
}
END_TEST

/* The manual's reuseaddr: here with and without it. */
START_TEST(a_port_is_free_while_its_old_association_still_delivers)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	struct gen_sctp_opt opts[3];
	struct rig_pair p, q;
	struct relay *r;
	int port;

	rig_pair_open_one_path(&p);
	r = rig_connect_relayed(&p);
	port = gen_sctp_port(p.server);
	udp.local_port = (uint16_t)rig_udp_port(p.server);
	opts[0] = gen_sctp_opt_ip(rig_addr("127.0.0.1", 0));
	opts[1] = gen_sctp_opt_udp_encaps(udp);
	opts[2] = gen_sctp_opt_reuseaddr(_i == 1);
	relay_set_both(r, RELAY_HOLD);
	rig_send(p.server, p.server_assoc, 0, "late", 4);
	rig_close(p.server);

	ck_assert_int_eq(gen_sctp_open(port, opts, 3, &q.server, NULL), 0);
	ck_assert_int_eq(gen_sctp_listen(q.server, 5), 0);
	q.client = rig_open(0, opts, 1);
	rig_connect(&q, "127.0.0.1");
	relay_set_both(r, RELAY_PASS);
	rig_expect_text(p.client, "late");
	rig_pair_close(&q);
	rig_close(p.client);
	rig_relay_close(r);
}
END_TEST

/* api_open_close */
static const struct {
	int port;
	enum gen_sctp_opt_name name;
	int64_t number;
} no_arguments[] = {
	{ -1, GEN_SCTP_OPT_SNDBUF, 65536 },
	{ 65536, GEN_SCTP_OPT_SNDBUF, 65536 },
	{ 0, 0, 0 },
	{ 0, (enum gen_sctp_opt_name)999, 0 },
	{ 0, GEN_SCTP_OPT_MODE, 999 },
	{ 0, GEN_SCTP_OPT_TYPE, 999 },
	{ 0, GEN_SCTP_OPT_FAMILY, 999 },
	{ 0, GEN_SCTP_OPT_ACTIVE, 999 },
};

START_TEST(what_open_cannot_take_is_refused)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(no_arguments[_i].name);
	gen_sctp_socket_t s = 0;
	int result;

	opt.value.number = no_arguments[_i].number;
	result = gen_sctp_open(no_arguments[_i].port, &opt, 1, &s, NULL);
	ck_assert_msg(result == -EINVAL || result == -ENOPROTOOPT, "%d",
		      result);
	ck_assert_uint_eq(s, 0);
	ck_assert_int_eq(gen_sctp_close(0), -EINVAL);
}
END_TEST

/* api_listen */
START_TEST(who_was_refused_connects_once_the_peer_listens)
{
	gen_sctp_socket_t a, b = rig_open(0, NULL, 0);
	struct gen_sctp_assoc_change ac;

	a = rig_open(0, NULL, 0);
	rig_close(a);
	ck_assert_int_eq(gen_sctp_listen(a, 5), -EBADF);
	ck_assert_int_eq(gen_sctp_listen(0, 5), -EINVAL);
	a = rig_open(0, NULL, 0);
	rig_aim(a, b);
	ck_assert_int_eq(gen_sctp_connect(a, "localhost", gen_sctp_port(b),
					  NULL, 0, -1, &ac),
			 -ECONNREFUSED);
	ck_assert_int_eq(ac.state, GEN_SCTP_CANT_ASSOC);
	ck_assert_int_eq(gen_sctp_listen(b, 5), 0);
	ck_assert_int_eq(gen_sctp_connect(a, "localhost", gen_sctp_port(b),
					  NULL, 0, -1, &ac),
			 0);
	ck_assert_int_eq(ac.state, GEN_SCTP_COMM_UP);
	ck_assert_uint_eq(ac.error, 0);
	rig_close(a);
	rig_close(b);
}
END_TEST

/* --------------------------------------------------------------- connect */

/* api_connect_init */
START_TEST(what_connect_init_is_given_is_checked)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(
		gen_sctp_connect_init(s, "127.0.0.1", 65536, NULL, 0, -1),
		-EINVAL);
	ck_assert_int_eq(
		gen_sctp_connect_init(s, "127.0.0.1", 12345, NULL, 1, -1),
		-EINVAL);
	rig_close(s);
	ck_assert_int_eq(
		gen_sctp_connect_init(s, "127.0.0.1", 12345, NULL, 0, -1),
		-EBADF);
}
END_TEST

/* api_connect_init, api_connectx_init,
 * t_simple_local_sockaddr_in_connectx_init: by name and by address. */
static gen_sctp_assoc_id_t
attempt(gen_sctp_socket_t s, int port, bool by_name)
{
	struct gen_sctp_addr addr = rig_addr("127.0.0.1", port);
	gen_sctp_assoc_id_t id = 0;

	if (by_name) {
		ck_assert_int_eq(gen_sctp_connect_init(s, "localhost", port,
						       NULL, 0, -1),
				 0);
		return 0;
	}
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0, &id), 0);
	ck_assert_uint_ne(id, 0);
	return id;
}

static void
expect_outcome(gen_sctp_socket_t s, gen_sctp_assoc_id_t id, int port,
	       enum gen_sctp_assoc_change_state state)
{
	struct gen_sctp_addr from = rig_addr("127.0.0.1", port);
	struct gen_sctp_msg msg;

	ck_assert_int_eq(rig_recv(s, in, sizeof(in), &msg), 0);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg.event.u.assoc_change.state, state);
	if (id != 0)
		ck_assert_uint_eq(msg.event.u.assoc_change.assoc_id, id);
	ck_assert_int_eq(msg.from.port, from.port);
	ck_assert_int_eq(memcmp(msg.from.ip, from.ip, 4), 0);
	gen_sctp_msg_free(&msg);
}

START_TEST(the_outcome_of_an_attempt_comes_from_its_peer)
{
	gen_sctp_socket_t a = rig_open(0, NULL, 0), b = rig_open(0, NULL, 0);
	int port = gen_sctp_port(b);
	gen_sctp_assoc_id_t id;

	rig_aim(a, b);
	id = attempt(a, port, _i == 0);
	expect_outcome(a, id, port, GEN_SCTP_CANT_ASSOC);
	ck_assert_int_eq(gen_sctp_listen(b, 5), 0);
	id = attempt(a, port, _i == 0);
	expect_outcome(a, id, port, GEN_SCTP_COMM_UP);
	rig_close(a);
	rig_close(b);
}
END_TEST

/* ------------------------------------------------------------- transfers */

/* What was counted differs in everything. */
static void
expect_progress(const struct gen_sctp_stat *was, const struct gen_sctp_stat *is)
{
	ck_assert_uint_gt(is->recv_oct, was->recv_oct);
	ck_assert_uint_gt(is->recv_cnt, was->recv_cnt);
	ck_assert_uint_gt(is->recv_max, was->recv_max);
	ck_assert_uint_gt(is->recv_avg, was->recv_avg);
	ck_assert_uint_gt(is->send_oct, was->send_oct);
	ck_assert_uint_gt(is->send_cnt, was->send_cnt);
	ck_assert_uint_gt(is->send_max, was->send_max);
	ck_assert_uint_gt(is->send_avg, was->send_avg);
}

/* xfer_min */
START_TEST(messages_go_both_ways_and_both_hear_of_the_end)
{
	struct gen_sctp_opt many = gen_sctp_opt_type(GEN_SCTP_SEQPACKET);
	struct gen_sctp_assoc_change up;
	struct gen_sctp_stat was, is;
	struct gen_sctp_event event;
	struct rig_pair p;

	p.server = rig_open(0, &many, 1);
	p.client = rig_open(0, NULL, 0);
	was = stat_of(p.server);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	rig_aim(p.client, p.server);
	ck_assert_int_eq(gen_sctp_connect(p.client, "127.0.0.1",
					  gen_sctp_port(p.server), NULL, 0, -1,
					  &up),
			 0);
	p.client_assoc = up.assoc_id;
	rig_expect_event(p.server, GEN_SCTP_ASSOC_CHANGE, &event);
	p.server_assoc = event.u.assoc_change.assoc_id;
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	ck_assert_uint_eq(event.u.assoc_change.inbound_streams,
			  up.outbound_streams);
	ck_assert_uint_eq(event.u.assoc_change.outbound_streams,
			  up.inbound_streams);

	send_text(p.client, p.client_assoc, 0);
	expect_data_from(p.server, p.server_assoc, 0, gen_sctp_port(p.client));
	send_text(p.server, p.server_assoc, 0);
	expect_data_from(p.client, p.client_assoc, 0, gen_sctp_port(p.server));

	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	ck_assert_uint_eq(event.u.shutdown.assoc_id, p.server_assoc);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	ck_assert_uint_eq(rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP),
			  p.server_assoc);
	is = stat_of(p.server);
	expect_progress(&was, &is);
	rig_expect_nothing(p.client);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

/* xfer_stream_min */
START_TEST(a_stream_socket_talks_with_one_of_many_associations)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	struct gen_sctp_paddrinfo which;
	struct gen_sctp_event event;
	struct gen_sctp_opt info;
	struct rig_pair p;

	p.server = rig_listener();
	p.client = rig_open(0, &stream, 1);
	rig_connect(&p, "127.0.0.1");
	memset(&which, 0, sizeof(which));
	which.address = rig_addr("127.0.0.1", gen_sctp_port(p.server));
	info = got(p.client, gen_sctp_opt_get_peer_addr_info(which));
	ck_assert_uint_eq(info.value.get_peer_addr_info.assoc_id,
			  p.client_assoc);
	ck_assert_int_eq(info.value.get_peer_addr_info.state,
			 GEN_SCTP_PATH_ACTIVE);

	send_text(p.client, p.client_assoc, 0);
	expect_data_from(p.server, p.server_assoc, 0, gen_sctp_port(p.client));
	ck_assert_int_eq(
		from_another_thread(send_one, p.server, p.server_assoc), 0);
	expect_data_from(p.client, p.client_assoc, 0, gen_sctp_port(p.server));
	rig_close(p.client);
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN, &event);
	ck_assert_uint_eq(event.u.shutdown.assoc_id, p.server_assoc);
	rig_expect_event(p.server, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	rig_close(p.server);
}
END_TEST

/* def_sndrcvinfo */
static struct gen_sctp_opt
default_ppid(uint32_t ppid, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_send_param param = {
		.set = GEN_SCTP_SEND_PARAM_PPID,
		.assoc_id = id,
		.ppid = ppid,
	};

	return gen_sctp_opt_default_send_param(param);
}

static void
expect_default_ppid(gen_sctp_socket_t s, gen_sctp_assoc_id_t id, uint32_t ppid)
{
	struct gen_sctp_opt opt = got(s, default_ppid(0, id));

	ck_assert_uint_eq(opt.value.default_send_param.ppid, ppid);
	ck_assert_uint_eq(opt.value.default_send_param.context, 0);
	ck_assert_uint_eq(opt.value.default_send_param.timetolive, 0);
	ck_assert_uint_eq(opt.value.default_send_param.assoc_id, id);
}

static void
expect_ppid(gen_sctp_socket_t s, gen_sctp_assoc_id_t id, unsigned int stream,
	    uint32_t ppid)
{
	struct gen_sctp_msg msg;

	ck_assert_int_eq(rig_recv(s, in, sizeof(in), &msg), (int)strlen(text));
	ck_assert_uint_eq(msg.info.stream, stream);
	ck_assert_uint_eq(msg.info.ppid, ppid);
	ck_assert_uint_eq(msg.info.context, 0);
	ck_assert_uint_eq(msg.info.assoc_id, id);
}

START_TEST(each_association_has_its_default_send_param)
{
	struct gen_sctp_opt opt = default_ppid(17, 0);
	struct gen_sctp_sndrcvinfo info = { .ppid = 20 };
	struct rig_pair p;

	p.server = rig_open(0, &opt, 1);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open(0, NULL, 0);
	expect_default_ppid(p.server, 0, 17);
	expect_default_ppid(p.client, 0, 0);
	rig_connect(&p, "127.0.0.1");
	expect_default_ppid(p.server, p.server_assoc, 17);
	expect_default_ppid(p.client, p.client_assoc, 0);
	send_text(p.server, p.server_assoc, 1);
	expect_ppid(p.client, p.client_assoc, 1, 17);

	rig_set(p.server, default_ppid(18, 0));
	rig_set(p.server, default_ppid(19, p.server_assoc));
	expect_default_ppid(p.server, 0, 18);
	expect_default_ppid(p.server, p.server_assoc, 19);
	send_text(p.server, p.server_assoc, 0);
	expect_ppid(p.client, p.client_assoc, 0, 19);
	send_text(p.client, p.client_assoc, 1);
	expect_ppid(p.server, p.server_assoc, 1, 0);
	/* send/3 has parameters of its own. */
	info.assoc_id = p.client_assoc;
	ck_assert_int_eq(
		gen_sctp_sendmsg(p.client, &info, NULL, text, strlen(text)), 0);
	expect_ppid(p.server, p.server_assoc, 0, 20);
	rig_pair_close(&p);
}
END_TEST

/* buffers */
START_TEST(a_message_may_be_larger_than_the_receive_buffer)
{
	static char sent[8192];
	struct rig_pair p;
	int64_t recbuf;

	rig_pair_open(&p);
	rig_set(p.server, gen_sctp_opt_recbuf(4096));
	recbuf = got(p.server, gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF))
			 .value.number;
	ck_assert_int_ge(recbuf, 4096);
	ck_assert_int_le(recbuf + 4096, (int64_t)sizeof(sent));
	rig_set(p.client, gen_sctp_opt_sndbuf(recbuf + 4096));
	rig_fill(sent, sizeof(sent), 7);
	rig_send(p.client, p.client_assoc, 1, sent, (size_t)recbuf + 4096);
	rig_expect_data(p.server, sent, (size_t)recbuf + 4096);
	rig_pair_close(&p);
}
END_TEST

/* non_block_send */
START_TEST(who_does_not_wait_for_room_is_told_that_there_is_none)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_non_block_send(true),
		gen_sctp_opt_sndbuf(65536),
	};
	static char much[14 * 1024];
	struct rig_pair p;
	int sent = 0, result;

	p.server = rig_listener();
	rig_set(p.server, gen_sctp_opt_recbuf(16384));
	ck_assert(!got(p.server, gen_sctp_opt_get(GEN_SCTP_OPT_NON_BLOCK_SEND))
			   .value.flag);
	p.client = rig_open(0, opts, 2);
	rig_connect(&p, "127.0.0.1");
	rig_fill(much, sizeof(much), 3);
	while ((result = gen_sctp_send(p.client, p.client_assoc, 0, much,
				       sizeof(much))) == 0)
		sent++;
	ck_assert_int_eq(result, -EAGAIN);
	ck_assert_int_gt(sent, 0);
	while (sent-- > 0)
		rig_expect_data(p.server, much, sizeof(much));
	rig_await_acknowledged(p.client, p.client_assoc);
	rig_send(p.client, p.client_assoc, 0, much, sizeof(much));
	rig_expect_data(p.server, much, sizeof(much));
	rig_set(p.client, gen_sctp_opt_non_block_send(false));
	ck_assert(!got(p.client, gen_sctp_opt_get(GEN_SCTP_OPT_NON_BLOCK_SEND))
			   .value.flag);
	rig_pair_close(&p);
}
END_TEST

/* recv_close */
START_TEST(close_ends_a_recv_that_waits_in_another_thread)
{
	struct rig_thread t;
	struct rig_pair p;
	struct call call;

	rig_pair_open(&p);
	call = (struct call){ p.server, 0, -1 };
	rig_start(&t, recv_all, &call);
	rig_await_receiver(p.server);
	ck_assert_int_eq(gen_sctp_close(p.server), 0);
	rig_join(&t);
	ck_assert_int_eq(call.result, -EBADF);
	rig_close(p.client);
}
END_TEST

/* --------------------------------------------------------------- options */

/* api_opts */
START_TEST(buffers_and_linger_are_what_was_set)
{
	struct gen_sctp_linger two_seconds = { .on = true, .seconds = 2 };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt;

	rig_set(s, gen_sctp_opt_linger(two_seconds));
	rig_set(s, gen_sctp_opt_sndbuf(32768));
	rig_set(s, gen_sctp_opt_recbuf(65536));
	opt = got(s, gen_sctp_opt_get(GEN_SCTP_OPT_LINGER));
	ck_assert(opt.value.linger.on);
	ck_assert_int_eq(opt.value.linger.seconds, 2);
	opt = got(s, gen_sctp_opt_get(GEN_SCTP_OPT_SNDBUF));
	ck_assert_int_ge(opt.value.number, 32768);
	opt = got(s, gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF));
	ck_assert_int_ge(opt.value.number, 65536);
	rig_close(s);
}
END_TEST

/* default_options; the defaults of open in the manual */
START_TEST(a_socket_opens_with_the_defaults_of_gen_sctp)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_get(GEN_SCTP_OPT_MODE),
		gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE),
		gen_sctp_opt_get(GEN_SCTP_OPT_BUFFER),
		gen_sctp_opt_get(GEN_SCTP_OPT_SNDBUF),
		gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF),
		gen_sctp_opt_get(GEN_SCTP_OPT_EVENTS),
		gen_sctp_opt_get(GEN_SCTP_OPT_AUTOCLOSE),
		gen_sctp_opt_get(GEN_SCTP_OPT_NODELAY),
		gen_sctp_opt_get(GEN_SCTP_OPT_LINGER),
		gen_sctp_opt_get(GEN_SCTP_OPT_REUSEADDR),
		gen_sctp_opt_get(GEN_SCTP_OPT_DONTROUTE),
	};

	ck_assert_int_eq(gen_sctp_getopts(s, opts, COUNT(opts), NULL), 0);
	ck_assert_int_eq(opts[0].value.mode, GEN_SCTP_MODE_BINARY);
	ck_assert_int_eq(opts[1].value.active.mode, GEN_SCTP_ACTIVE_FALSE);
	ck_assert_int_ge(opts[2].value.number, 65536);
	ck_assert_int_ge(opts[3].value.number, 65536);
	ck_assert_int_ge(opts[4].value.number, 65536);
	ck_assert_uint_eq(
		opts[5].value.events.on,
		GEN_SCTP_DATA_IO_EVENT | GEN_SCTP_ASSOCIATION_EVENT |
			GEN_SCTP_ADDRESS_EVENT | GEN_SCTP_SEND_FAILURE_EVENT |
			GEN_SCTP_PEER_ERROR_EVENT | GEN_SCTP_SHUTDOWN_EVENT |
			GEN_SCTP_PARTIAL_DELIVERY_EVENT);
	ck_assert_int_eq(opts[6].value.number, 0);
	ck_assert(!opts[7].value.flag);
	ck_assert(!opts[8].value.linger.on);
	ck_assert(!opts[9].value.flag);
	ck_assert(!opts[10].value.flag);
	rig_close(s);
}
END_TEST

/* getstat_recv_sctp */
START_TEST(nothing_is_counted_before_there_is_something)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_stat none = GEN_SCTP_STAT_INIT, stat = stat_of(s);

	ck_assert_int_eq(memcmp(&stat, &none, sizeof(none)), 0);
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------ of other systems */

/* esock: an endpoint that is there already */
START_TEST(an_endpoint_is_created_once)
{
	struct gen_sctp_opt ip = gen_sctp_opt_ip(rig_addr("127.0.0.1", 0));
	gen_sctp_socket_t first = rig_open(0, &ip, 1), second = 0;
	struct gen_sctp_udp_encaps encaps = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)rig_udp_port(first),
	};
	struct gen_sctp_opt opts[] = { ip, gen_sctp_opt_udp_encaps(encaps) };

	ck_assert_int_eq(
		gen_sctp_open(gen_sctp_port(first), opts, 2, &second, NULL),
		-EADDRINUSE);
	ck_assert_uint_eq(second, 0);
	ck_assert_str_ne(gen_sctp_open_hint(), "");
	rig_close(first);
}
END_TEST

/* esock: connect_1 */
START_TEST(the_id_of_another_sockets_association_is_epipe)
{
	struct rig_pair p, q;

	rig_pair_open(&p);
	rig_pair_open(&q);
	ck_assert_int_eq(gen_sctp_send(q.server, p.server_assoc, 0, text, 5),
			 -EPIPE);
	send_text(p.server, p.server_assoc, 0);
	expect_data_from(p.client, p.client_assoc, 0, gen_sctp_port(p.server));
	rig_expect_nothing(p.client);
	rig_pair_close(&p);
	rig_pair_close(&q);
}
END_TEST

/* Net::SCTP's sample server, one-to-many and one-to-one: who wrote is answered
 * where he is. */
static gen_sctp_socket_t
accepted_if_stream(gen_sctp_socket_t listener, bool stream)
{
	gen_sctp_socket_t s = listener;

	if (stream)
		ck_assert_int_eq(
			gen_sctp_accept(listener, RIG_PATIENCE, &s, NULL), 0);
	rig_expect_change(s, GEN_SCTP_COMM_UP);
	return s;
}

START_TEST(a_server_answers_who_wrote)
{
	bool stream = _i == 1;
	struct gen_sctp_opt type = gen_sctp_opt_type(
		stream ? GEN_SCTP_STREAM : GEN_SCTP_SEQPACKET);
	gen_sctp_socket_t listener = rig_open(0, &type, 1);
	gen_sctp_socket_t client = rig_open(0, &type, 1), s;
	struct gen_sctp_assoc_change up;
	struct gen_sctp_msg msg;

	ck_assert_int_eq(gen_sctp_listen(listener, 5), 0);
	rig_aim(client, listener);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.1",
					  gen_sctp_port(listener), NULL, 0,
					  RIG_PATIENCE, &up),
			 0);
	send_text(client, up.assoc_id, 0);
	s = accepted_if_stream(listener, stream);
	ck_assert_int_eq(rig_recv(s, in, sizeof(in), &msg), (int)strlen(text));
	ck_assert_int_eq(msg.from.port, gen_sctp_port(client));
	send_text(s, msg.info.assoc_id, 0);
	rig_expect_text(client, text);
	rig_close(client);
	if (stream)
		rig_close(s);
	rig_close(listener);
}
END_TEST

/* ----------------------------------------------------------------- suite */

static Suite *
otp_suite(void)
{
	Suite *suite = suite_create("otp");
	TCase *tc = tcase_create("passive");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_socket_opens_and_closes);
	tcase_add_test(tc, any_thread_makes_a_stream_socket_listen);
	tcase_add_test(tc, a_port_that_was_closed_opens_again);
	tcase_add_loop_test(
		tc, a_port_is_free_while_its_old_association_still_delivers, 0,
		2);
	tcase_add_loop_test(tc, what_open_cannot_take_is_refused, 0,
			    COUNT(no_arguments));
	tcase_add_test(tc, who_was_refused_connects_once_the_peer_listens);
	tcase_add_test(tc, what_connect_init_is_given_is_checked);
	tcase_add_loop_test(tc, the_outcome_of_an_attempt_comes_from_its_peer,
			    0, 2);
	tcase_add_test(tc, messages_go_both_ways_and_both_hear_of_the_end);
	tcase_add_test(tc, a_stream_socket_talks_with_one_of_many_associations);
	tcase_add_test(tc, each_association_has_its_default_send_param);
	tcase_add_test(tc, a_message_may_be_larger_than_the_receive_buffer);
	tcase_add_test(tc,
		       who_does_not_wait_for_room_is_told_that_there_is_none);
	tcase_add_test(tc, close_ends_a_recv_that_waits_in_another_thread);
	tcase_add_test(tc, buffers_and_linger_are_what_was_set);
	tcase_add_test(tc, a_socket_opens_with_the_defaults_of_gen_sctp);
	tcase_add_test(tc, nothing_is_counted_before_there_is_something);
	suite_add_tcase(suite, tc);
	tc = tcase_create("other systems");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_endpoint_is_created_once);
	tcase_add_test(tc, the_id_of_another_sockets_association_is_epipe);
	tcase_add_loop_test(tc, a_server_answers_who_wrote, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { otp_suite, NULL };

	return run_suites(suites, argc, argv);
}
