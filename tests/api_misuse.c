/*
 * What is wrong with a call is told by name, and nothing else happens: every
 * public function with sockets, mailboxes and arguments that are none.
 * gen_sctp_table.py checks that no function is missing here; what depends on the
 * state of an association is tested where that is.
 */
#include "api_rig.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NEVER	     UINT64_C(0x7700000077)
#define LONG_TEXT    70000

/* What calls are given besides what is wrong, and where they put what they find.
 */
static struct gen_sctp_addr addr;
static struct gen_sctp_addrs list;
static struct gen_sctp_opt opt;
static struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
static struct gen_sctp_sndrcvinfo info = { .assoc_id = 1 };
static struct gen_sctp_stat stat = GEN_SCTP_STAT_INIT;
static struct gen_sctp_outgoing outgoing = GEN_SCTP_OUTGOING_INIT;
static struct gen_sctp_incoming incoming;
static struct gen_sctp_owner_rule rule = { .refuse = true };
static struct gen_sctp_active active;
static struct gen_sctp_path path;
static gen_sctp_assoc_id_t id;
static gen_sctp_socket_t other;
static gen_sctp_mailbox_t box;
static gen_sctp_fd_t fd;
static char bytes[10], long_text[LONG_TEXT + 1];

static void
prepare(void)
{
	addr = rig_addr("127.0.0.1", 5000);
	list = (struct gen_sctp_addrs){ .family = GEN_SCTP_INET,
					.port = 5000,
					.count = 1,
					.addrs = { addr } };
	opt = gen_sctp_opt_nodelay(true);
	outgoing.info.assoc_id = 1;
	outgoing.data = "x";
	outgoing.len = 1;
	incoming.buf = bytes;
	incoming.size = sizeof(bytes);
	incoming.msg = msg;
	memset(long_text, 'a', LONG_TEXT);
}

/* ---------------------------------------------------------------- sockets */

/* X(function, its arguments with the socket s) */
#define SOCKET_CALLS(X)                                                  \
	X(listen, s, 5)                                                  \
	X(accept, s, 0, &other, NULL)                                    \
	X(connect, s, "127.0.0.1", 5000, NULL, 0, 0, NULL)               \
	X(connect_init, s, "127.0.0.1", 5000, NULL, 0, 0)                \
	X(connectx_init, s, &addr, 1, NULL, 0, NULL)                     \
	X(connect_addrs, s, &list, NULL, 0, 0, NULL)                     \
	X(send, s, 1, 0, "x", 1)                                         \
	X(sendmsg, s, &info, NULL, "x", 1)                               \
	X(sendv, s, &outgoing, NULL)                                     \
	X(sendmmsg, s, &outgoing, 1, NULL)                               \
	X(recv, s, bytes, sizeof(bytes), &msg, 0)                        \
	X(recvmmsg, s, &incoming, 1, 0)                                  \
	X(eof, s, 1)                                                     \
	X(abort, s, 1)                                                   \
	X(shutdown, s, GEN_SCTP_SHUT_WR)                                 \
	X(set_deadline, s, GEN_SCTP_DEADLINE_IN, 0)                      \
	X(peeloff, s, 1, &other)                                         \
	X(reset_streams, s, 1, GEN_SCTP_STREAMS_OUTGOING, NULL, 0)       \
	X(add_streams, s, 1, 1, 1)                                       \
	X(controlling_process, s, gen_sctp_self())                       \
	X(owner, s, &box)                                                \
	X(register_owner, s, &rule, NULL)                                \
	X(unregister_owner, s, 1)                                        \
	X(owner_active, s, 1, &active)                                   \
	X(mailbox_recv, gen_sctp_self(), s != 0 ? s : NEVER, &msg, 0)    \
	X(setopts, s, &opt, 1, NULL)                                     \
	X(getopts, s, &opt, 1, NULL)                                     \
	X(subscribe, s, GEN_SCTP_DATA_IO_EVENT, true)                    \
	X(sockname, s, &addr)                                            \
	X(port, s)                                                       \
	X(peername, s, &addr)                                            \
	X(socknames, s, 0, &addr, 1)                                     \
	X(peernames, s, 0, &addr, 1)                                     \
	X(assocs, s, &id, 1)                                             \
	X(paths, s, 1, &path, 1)                                         \
	X(getstat, s, &stat)                                             \
	X(bindx, s, &addr, 1, GEN_SCTP_BINDX_ADD_ADDR)                   \
	X(fd, s, GEN_SCTP_POLL_IN, &fd)                                  \
	X(ready, s)

#define DEFINE(name, ...)                            \
	static int call_##name(gen_sctp_socket_t s)  \
	{                                            \
		return gen_sctp_##name(__VA_ARGS__); \
	}
SOCKET_CALLS(DEFINE)
#define ROW(name, ...) { #name, call_##name },
static const struct {
	const char *name;
	int (*call)(gen_sctp_socket_t s);
} socket_calls[] = { SOCKET_CALLS(ROW) };

static void
expect_of_all_calls(gen_sctp_socket_t s, int error)
{
	int result;

	for (size_t i = 0; i < COUNT(socket_calls); i++) {
		result = socket_calls[i].call(s);
		ck_assert_msg(result == error, "%s: %d instead of %d",
			      socket_calls[i].name, result, error);
	}
}

START_TEST(a_closed_socket_is_ebadf)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), next;

	rig_close(s);
	ck_assert_int_eq(gen_sctp_close(s), 0);
	expect_of_all_calls(s, -EBADF);
	/* Also when another one has its place. */
	next = rig_open(0, NULL, 0);
	expect_of_all_calls(s, -EBADF);
	ck_assert_int_eq(gen_sctp_close(s), 0);
	ck_assert_int_gt(gen_sctp_port(next), 0);
	rig_close(next);
}
END_TEST

START_TEST(what_never_was_a_socket_is_einval)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	const gen_sctp_socket_t none[] = {
		0, NEVER, UINT64_MAX, s + 1, s + (UINT64_C(1) << 32),
		gen_sctp_self() == s ? NEVER : UINT32_MAX,
	};

	for (size_t i = 0; i < COUNT(none); i++) {
		expect_of_all_calls(none[i], -EINVAL);
		ck_assert_int_eq(gen_sctp_close(none[i]), -EINVAL);
	}
	rig_close(s);
}
END_TEST

START_TEST(before_any_open_nothing_is_a_socket)
{
	expect_of_all_calls(1, -EINVAL);
	ck_assert_int_eq(gen_sctp_close(1), -EINVAL);
	ck_assert_int_eq(gen_sctp_drain(0), 0);
}
END_TEST

/* -------------------------------------------------------------- mailboxes */

static void
expect_of_mailbox_calls(gen_sctp_socket_t s, gen_sctp_mailbox_t m, int error)
{
	struct gen_sctp_owner_rule to = { .owner = m };

	ck_assert_int_eq(gen_sctp_mailbox_recv(m, 0, &msg, 0), error);
	ck_assert_int_eq(gen_sctp_mailbox_fd(m, &fd), error);
	ck_assert_int_eq(gen_sctp_mailbox_set_limit(m, 1), error);
	ck_assert_int_eq(gen_sctp_controlling_process(s, m), error);
	ck_assert_int_eq(gen_sctp_register_owner(s, &to, NULL), error);
	ck_assert_int_eq(gen_sctp_mailbox_close(m),
			 error == -EBADF ? 0 : error);
	if (m != 0) /* that is the thread's own */
		ck_assert_int_eq(gen_sctp_use_mailbox(m), error);
}

START_TEST(what_is_no_mailbox_is_refused)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	gen_sctp_mailbox_t m;

	expect_of_mailbox_calls(s, 0, -EINVAL);
	expect_of_mailbox_calls(s, NEVER, -EINVAL);
	expect_of_mailbox_calls(s, s, -EINVAL);
	expect_of_mailbox_calls(s, UINT64_MAX, -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_new(&m), 0);
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	expect_of_mailbox_calls(s, m, -EBADF);
	rig_close(s);
}
END_TEST

/* -------------------------------------------------------------- arguments */

/* The call is -EINVAL. */
#define BAD(call) ck_assert_int_eq(gen_sctp_##call, -EINVAL)

START_TEST(arguments_of_open_and_connect)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_addrs bad = list;
	struct gen_sctp_addr no_port = rig_addr("127.0.0.1", 0);
	size_t at;

	BAD(open(0, NULL, 0, NULL, NULL));
	BAD(open(-1, NULL, 0, &other, NULL));
	BAD(open(65536, NULL, 0, &other, NULL));
	BAD(open(0, NULL, 1, &other, &at));
	ck_assert_uint_eq(at, 1);
	BAD(open(0, &opt, SIZE_MAX, &other, NULL));
	BAD(open_addrs(NULL, NULL, NULL, 0, NULL, NULL));
	BAD(open_addrs(NULL, NULL, NULL, 1, &other, NULL));
	BAD(open_addrs(NULL, NULL, &opt, SIZE_MAX, &other, NULL));
	bad.count = GEN_SCTP_ADDRS_MAX + 1;
	BAD(open_addrs(&bad, NULL, NULL, 0, &other, NULL));
	BAD(connect_addrs(s, &bad, NULL, 0, 0, NULL));
	bad = list;
	bad.family = (enum gen_sctp_family)99;
	BAD(open_addrs(&bad, NULL, NULL, 0, &other, NULL));
	BAD(connect_addrs(s, NULL, NULL, 0, 0, NULL));
	bad = list;
	bad.port = 0;
	BAD(connect_addrs(s, &bad, NULL, 0, 0, NULL));
	BAD(connect_addrs(s, &list, NULL, 0, -2, NULL));
	BAD(connect_addrs(s, &list, NULL, 1, 0, NULL));
	BAD(listen(s, -1));
	BAD(accept(s, 0, NULL, NULL));
	BAD(accept(s, -2, &other, NULL));
	BAD(connect(s, NULL, 1, NULL, 0, 0, NULL));
	BAD(connect(s, "127.0.0.1", 0, NULL, 0, 0, NULL));
	BAD(connect(s, "127.0.0.1", 65536, NULL, 0, 0, NULL));
	BAD(connect(s, "127.0.0.1", 1, NULL, 0, -2, NULL));
	BAD(connect(s, "127.0.0.1", 1, NULL, 1, 0, NULL));
	BAD(connect_init(s, NULL, 1, NULL, 0, 0));
	BAD(connect_init(s, "127.0.0.1", -1, NULL, 0, 0));
	BAD(connect_init(s, "127.0.0.1", 1, NULL, 0, -2));
	BAD(connect_init(s, "127.0.0.1", 1, NULL, 1, 0));
	ck_assert_int_eq(gen_sctp_connect(s, "::1", 1, NULL, 0, 0, NULL),
			 -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_connect(s, long_text, 1, NULL, 0,
					  RIG_PATIENCE, NULL),
			 GEN_SCTP_ENXDOMAIN);
	ck_assert_int_eq(gen_sctp_connect(s, "", 1, NULL, 0, RIG_PATIENCE,
					  NULL),
			 GEN_SCTP_ENXDOMAIN);
	BAD(connectx_init(s, NULL, 1, NULL, 0, NULL));
	BAD(connectx_init(s, &addr, 0, NULL, 0, NULL));
	BAD(connectx_init(s, &addr, 256, NULL, 0, NULL));
	BAD(connectx_init(s, &no_port, 1, NULL, 0, NULL));
	BAD(connectx_init(s, &addr, 1, NULL, 1, NULL));
	BAD(peeloff(s, 1, NULL));
	BAD(peeloff(s, 1, &other));
	/* Nothing of that is an association. */
	ck_assert_int_eq(gen_sctp_assocs(s, NULL, 0), 0);
	rig_close(s);
}
END_TEST

/* Of what is sent on the association. */
static void
expect_messages_refused(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	const size_t too_long = (size_t)INT_MAX + 1;
	struct gen_sctp_sndrcvinfo bad = { .assoc_id = assoc };
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	BAD(send(s, assoc, 0, NULL, 1));
	BAD(send(s, assoc, 0, "x", 0));
	BAD(send(s, assoc, -1, "x", 1));
	BAD(send(s, assoc, 65536, "x", 1));
	BAD(send(s, assoc, 65535, "x", 1));
	ck_assert_int_eq(gen_sctp_send(s, assoc, 0, "x", too_long), -EMSGSIZE);
	BAD(sendmsg(s, NULL, NULL, "x", 1));
	BAD(sendmsg(s, &bad, NULL, NULL, 1));
	BAD(sendmsg(s, &bad, NULL, "x", 0));
	bad.flags = 0x10;
	BAD(sendmsg(s, &bad, NULL, "x", 1));
	bad.flags = 0;
	ck_assert_int_eq(gen_sctp_sendmsg(s, &bad, NULL, "x", SIZE_MAX),
			 -EMSGSIZE);
	bad.flags = GEN_SCTP_ABORT;
	ck_assert_int_eq(gen_sctp_sendmsg(s, &bad, NULL, long_text, 1449),
			 -EMSGSIZE);
	BAD(sendv(s, NULL, NULL));
	m.info.assoc_id = assoc;
	m.data = "x";
	m.len = 1;
	m.to_count = 1;
	BAD(sendv(s, &m, NULL));
	m.to = &(struct gen_sctp_addr){ .family = 99 };
	BAD(sendv(s, &m, NULL));
	m.to_count = 256;
	BAD(sendv(s, &m, NULL));
	m.to = NULL;
	m.to_count = 0;
	m.prinfo.policy = (enum gen_sctp_pr_policy)99;
	BAD(sendv(s, &m, NULL));
	m.prinfo.policy = GEN_SCTP_PR_TTL;
	BAD(sendv(s, &m, NULL));
	m.prinfo.policy = GEN_SCTP_PR_DEFAULT;
	m.reserved[3] = 1;
	BAD(sendv(s, &m, NULL));
	BAD(sendmmsg(s, &m, 1, NULL));
	BAD(sendmmsg(s, NULL, 1, NULL));
	m.reserved[3] = 0;
	m.size--;
	BAD(sendv(s, &m, NULL));
	BAD(sendmmsg(s, &m, 1, NULL));
}

START_TEST(arguments_of_send)
{
	struct rig_pair p;

	rig_pair_open(&p);
	expect_messages_refused(p.client, p.client_assoc);
	/* The association is as it was, and nothing was sent. */
	rig_send(p.client, p.client_assoc, 0, "the first", 9);
	rig_expect_text(p.server, "the first");
	rig_pair_close(&p);
}
END_TEST

START_TEST(arguments_of_recv)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg old = { .size = sizeof(old) - 1 };
	struct gen_sctp_incoming in = incoming;

	BAD(recv(s, NULL, 1, &msg, 0));
	BAD(recv(s, bytes, 0, &msg, 0));
	BAD(recv(s, bytes, 1, NULL, 0));
	BAD(recv(s, bytes, 1, &msg, -2));
	BAD(recv(s, bytes, 1, &old, 0));
	BAD(recvmmsg(s, NULL, 1, 0));
	BAD(recvmmsg(s, &in, 0, 0));
	BAD(recvmmsg(s, &in, 1, -2));
	in.buf = NULL;
	BAD(recvmmsg(s, &in, 1, 0));
	in = incoming;
	in.size = 0;
	BAD(recvmmsg(s, &in, 1, 0));
	in = incoming;
	in.msg.size = 3;
	BAD(recvmmsg(s, &in, 1, 0));
	BAD(mailbox_recv(self, 0, NULL, 0));
	BAD(mailbox_recv(self, 0, &msg, -2));
	BAD(mailbox_recv(self, 0, &old, 0));
	/* As large as there is memory is fine. */
	ck_assert_int_eq(gen_sctp_recv(s, bytes, SIZE_MAX, &msg, 0),
			 -ETIMEDOUT);
	gen_sctp_msg_free(NULL);
	rig_close(s);
}
END_TEST

START_TEST(arguments_of_what_else_a_socket_does)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_owner_rule bad = { .refuse = true };
	struct gen_sctp_stat small = { .size = 3 };
	size_t at;

	BAD(shutdown(s, 0));
	BAD(shutdown(s, 4));
	BAD(set_deadline(s, 0, 0));
	BAD(set_deadline(s, 4, 0));
	BAD(reset_streams(s, 1, 0, NULL, 0));
	BAD(reset_streams(s, 1, GEN_SCTP_STREAMS_OUTGOING, NULL, 1));
	BAD(add_streams(s, 1, 0, 0));
	BAD(owner(s, NULL));
	BAD(register_owner(s, NULL, NULL));
	bad.peer.addr.family = 99;
	BAD(register_owner(s, &bad, NULL));
	bad.peer.addr.family = GEN_SCTP_INET;
	bad.peer.bits = 33;
	BAD(register_owner(s, &bad, NULL));
	bad.peer.addr.family = GEN_SCTP_INET6;
	bad.peer.bits = 129;
	BAD(register_owner(s, &bad, NULL));
	BAD(unregister_owner(s, 0));
	BAD(unregister_owner(s, 1));
	BAD(owner_active(s, 1, NULL));
	BAD(owner_active(s, 1, &active));
	BAD(setopts(s, NULL, 1, NULL));
	BAD(getopts(s, NULL, 1, NULL));
	opt.size--;
	BAD(setopts(s, &opt, 1, &at));
	BAD(getopts(s, &opt, 1, &at));
	ck_assert_uint_eq(at, 0);
	BAD(subscribe(s, 0x2000, true));
	BAD(sockname(s, NULL));
	BAD(peername(s, NULL));
	BAD(socknames(s, 0, NULL, 1));
	BAD(socknames(s, 1, &addr, 1));
	BAD(peernames(s, 0, NULL, 1));
	BAD(peernames(s, 1, &addr, 1));
	BAD(assocs(s, NULL, 1));
	BAD(paths(s, 1, NULL, 1));
	BAD(paths(s, 1, &path, 1));
	BAD(getstat(s, NULL));
	BAD(getstat(s, &small));
	BAD(bindx(s, NULL, 1, GEN_SCTP_BINDX_ADD_ADDR));
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 0, GEN_SCTP_BINDX_ADD_ADDR),
			 rig_has_multihoming() ? -EINVAL : -EOPNOTSUPP);
	BAD(bindx(s, &addr, 1, 0));
	BAD(bindx(s, &addr, 1, 3));
	BAD(bindx(s, &addr, SIZE_MAX, GEN_SCTP_BINDX_ADD_ADDR));
	BAD(fd(s, GEN_SCTP_POLL_IN, NULL));
	BAD(fd(s, 0, &fd));
	BAD(fd(s, 8, &fd));
	rig_close(s);
}
END_TEST

START_TEST(arguments_of_mailboxes_and_the_library)
{
	struct gen_sctp_info small = { .size = 3 };
	size_t at;

	BAD(mailbox_new(NULL));
	BAD(mailbox_fd(gen_sctp_self(), NULL));
	BAD(mailbox_set_limit(gen_sctp_self(), 0));
	BAD(drain(-2));
	BAD(info(NULL));
	BAD(info(&small));
	BAD(counters(NULL, 1));
	BAD(set_memory_limit(0));
	BAD(set_initial_cwnd(4097));
	BAD(set_initial_cwnd(UINT32_MAX));
	BAD(impair(NULL, NULL, NULL));
	BAD(impair(NULL, "loss=5%,loss", &at));
	ck_assert_uint_eq(at, 8);
	BAD(impair(NULL, long_text, &at));
	BAD(impair("nowhere", "", NULL));
	BAD(impair(long_text, "", NULL));
	ck_assert_int_eq(gen_sctp_capture("/nonexistent/x.pcapng"), -ENOENT);
	ck_assert_int_eq(gen_sctp_capture(long_text), -ENAMETOOLONG);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	ck_assert_str_eq(gen_sctp_open_hint(), "");
}
END_TEST

/* -------------------------------------------------------------- addresses */

START_TEST(arguments_of_addresses)
{
	const struct gen_sctp_addr before = addr;
	struct gen_sctp_addr bad = { .family = 99 };
	struct gen_sctp_subnet net, wide = { .addr = before, .bits = 33 };
	struct gen_sctp_addrs out;
	struct {
		uint64_t bytes[16];
	} sa = { { 0 } };
	struct sockaddr *to = (struct sockaddr *)(void *)&sa;
	char text[GEN_SCTP_ADDRS_TEXT];

	BAD(addr_parse(NULL, 1, &addr));
	BAD(addr_parse("127.0.0.1", 1, NULL));
	BAD(addr_parse("127.0.0.1", -1, &addr));
	BAD(addr_parse("127.0.0.1", 65536, &addr));
	BAD(addr_parse("", 1, &addr));
	BAD(addr_parse(long_text, 1, &addr));
	BAD(addr_parse("any", 1, &bad));
	ck_assert_mem_eq(&addr, &before, sizeof(addr));
	ck_assert_str_eq(gen_sctp_addr_print(NULL, true, text, sizeof(text)),
			 "");
	ck_assert_str_eq(gen_sctp_addr_print(&bad, true, text, sizeof(text)),
			 "");
	ck_assert_str_eq(gen_sctp_addr_print(&addr, true, text, 5), "");
	ck_assert_str_eq(gen_sctp_addr_print(&addr, true, NULL, 5), "");
	ck_assert_str_eq(gen_sctp_addr_print(&addr, true, text, 0), "");

	BAD(addrs_parse(NULL, ":1", GEN_SCTP_ADDRS_DIAL, 0, &out));
	BAD(addrs_parse("sctp", NULL, GEN_SCTP_ADDRS_DIAL, 0, &out));
	BAD(addrs_parse("sctp", ":1", GEN_SCTP_ADDRS_DIAL, 0, NULL));
	BAD(addrs_parse("sctp", ":1", GEN_SCTP_ADDRS_DIAL, -2, &out));
	BAD(addrs_parse("sctp", ":1", (enum gen_sctp_addrs_use)9, 0, &out));
	ck_assert_int_eq(gen_sctp_addrs_parse(long_text, ":1",
					      GEN_SCTP_ADDRS_DIAL, 0, &out),
			 GEN_SCTP_ENETWORK);
	ck_assert_str_eq(gen_sctp_addrs_print(NULL, true, text, sizeof(text)),
			 "<nil>");
	ck_assert_str_eq(gen_sctp_addrs_print(NULL, true, text, 3), "");
	ck_assert_str_eq(gen_sctp_addrs_print(&list, true, NULL, 3), "");
	out = list;
	out.count = SIZE_MAX;
	ck_assert_str_eq(gen_sctp_addrs_print(&out, true, text, sizeof(text)),
			 "");

	BAD(addr_from_sockaddr(NULL, 16, &addr));
	BAD(addr_from_sockaddr(to, 0, &addr));
	BAD(addr_from_sockaddr(to, sizeof(sa), NULL));
	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(to, sizeof(sa), &addr),
			 -EAFNOSUPPORT);
	BAD(addr_to_sockaddr(NULL, to, sizeof(sa)));
	BAD(addr_to_sockaddr(&addr, NULL, sizeof(sa)));
	BAD(addr_to_sockaddr(&addr, to, 3));
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(&bad, to, sizeof(sa)),
			 -EAFNOSUPPORT);

	BAD(subnet_parse(NULL, 0, &net));
	BAD(subnet_parse("192.0.2.0/24", 0, NULL));
	BAD(subnet_parse("192.0.2.0/24", 65536, &net));
	BAD(subnet_parse("192.0.2.0/33", 0, &net));
	BAD(subnet_parse(long_text, 0, &net));
	ck_assert(!gen_sctp_subnet_contains(NULL, &addr));
	ck_assert(!gen_sctp_subnet_contains(&wide, NULL));
	ck_assert(!gen_sctp_subnet_contains(&wide, &addr));
}
END_TEST

/* ------------------------------------------------------------------ names */

START_TEST(numbers_without_a_name)
{
	const int numbers[] = { -1, 99, INT_MAX, INT_MIN };

	for (size_t i = 0; i < COUNT(numbers); i++) {
		const int n = numbers[i];

		ck_assert_str_eq(gen_sctp_error_string((uint32_t)n),
				 "unknown_error");
		ck_assert_str_eq(gen_sctp_assoc_change_name(
					 (enum gen_sctp_assoc_change_state)n),
				 "undefined");
		ck_assert_str_eq(gen_sctp_paddr_change_name(
					 (enum gen_sctp_paddr_change_state)n),
				 "undefined");
		ck_assert_str_eq(
			gen_sctp_state_name((enum gen_sctp_assoc_state)n),
			"undefined");
		ck_assert_str_eq(
			gen_sctp_path_state_name((enum gen_sctp_path_state)n),
			"undefined");
		ck_assert_str_eq(
			gen_sctp_event_name((enum gen_sctp_event_type)n),
			"undefined");
		ck_assert_str_eq(gen_sctp_feature_name((uint32_t)n),
				 "undefined");
		ck_assert_str_eq(gen_sctp_auth_indication_name(
					 (enum gen_sctp_auth_indication)n),
				 "undefined");
		ck_assert_str_eq(gen_sctp_reconfig_result_name(
					 (enum gen_sctp_reconfig_result)n),
				 "undefined");
		ck_assert_str_ne(gen_sctp_strerror(n), "");
	}
}
END_TEST

/* ---------------------------------------------------------------- options */

/* Any value is fine for it. */
static bool
is_flag(enum gen_sctp_opt_name name)
{
	static const enum gen_sctp_opt_name flags[] = {
		GEN_SCTP_OPT_IPV6_V6ONLY,
		GEN_SCTP_OPT_REUSEADDR,
		GEN_SCTP_OPT_NODELAY,
		GEN_SCTP_OPT_NON_BLOCK_SEND,
		GEN_SCTP_OPT_DONTROUTE,
		GEN_SCTP_OPT_RECVTOS,
		GEN_SCTP_OPT_RECVTCLASS,
		GEN_SCTP_OPT_RECVTTL,
		GEN_SCTP_OPT_I_WANT_MAPPED_V4_ADDR,
		GEN_SCTP_OPT_DISABLE_FRAGMENTS,
		GEN_SCTP_OPT_KEEP_FOR_FAILURE,
	};

	for (size_t i = 0; i < COUNT(flags); i++)
		if (flags[i] == name)
			return true;
	return false;
}

/* More than there are: the others are refused, too. */
#define OPTIONS 128

/* In every byte of the value; but a bool of a record stays one, and a pointer
 * cannot be looked at. */
static struct gen_sctp_opt
nonsense(enum gen_sctp_opt_name name)
{
	struct gen_sctp_opt bad = gen_sctp_opt_get(name);

	memset(&bad.value, 0xfe, sizeof(bad.value));
	if (name == GEN_SCTP_OPT_AUTH_KEY)
		bad.value.auth_key.key = NULL;
	if (name == GEN_SCTP_OPT_LINGER)
		bad.value.linger.on = true;
	if (name == GEN_SCTP_OPT_PR_SUPPORTED ||
	    name == GEN_SCTP_OPT_RECONFIG_SUPPORTED ||
	    name == GEN_SCTP_OPT_AUTH_SUPPORTED)
		bad.value.supported.on = true;
	return bad;
}

static void
expect_refused(int result, enum gen_sctp_opt_name name)
{
	ck_assert_msg(result == -EINVAL || result == -ENOPROTOOPT ||
			      result == -EOPNOTSUPP,
		      "option %d: %d", name, result);
}

START_TEST(options_with_nonsense_for_a_value)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), none;
	int name;

	for (name = 0; name < OPTIONS; name++) {
		const struct gen_sctp_opt bad =
			nonsense((enum gen_sctp_opt_name)name);
		struct gen_sctp_opt in = bad;

		if (is_flag(bad.name))
			continue;
		expect_refused(gen_sctp_setopts(s, &bad, 1, NULL), bad.name);
		expect_refused(gen_sctp_open(0, &bad, 1, &none, NULL),
			       bad.name);
		ck_assert_uint_eq(none, 0);
		/* Reading may be fine: of most only the name counts. */
		gen_sctp_getopts(s, &in, 1, NULL);
	}
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------------------- fork */

static int
calls_in_forked_child(const struct rig_pair *p)
{
	struct gen_sctp_info in = GEN_SCTP_INFO_INIT;
	int i;

	for (i = 0; i < (int)COUNT(socket_calls); i++)
		if (socket_calls[i].call(p->client) != -EINVAL)
			return 1 + i;
	if (gen_sctp_open(0, NULL, 0, &other, NULL) != -EINVAL ||
	    gen_sctp_drain(0) != -EINVAL || gen_sctp_info(&in) != -EINVAL ||
	    gen_sctp_counters(NULL, 0) != -EINVAL ||
	    gen_sctp_capture(NULL) != -EINVAL ||
	    gen_sctp_mailbox_new(&box) != -EINVAL || gen_sctp_self() != 0 ||
	    gen_sctp_set_memory_limit(1) != -EINVAL ||
	    gen_sctp_set_initial_cwnd(3) != -EINVAL ||
	    gen_sctp_impair(NULL, "", NULL) != -EINVAL)
		return 100;
	/* close does nothing. */
	return gen_sctp_close(p->client) == 0 ? 0 : 101;
}

/* With its handlers, but for those of the address sanitizer: its search for
 * leaks waits for a lock that another thread of the parent may have held. */
static void
end_forked_child(int status)
{
#ifdef __SANITIZE_ADDRESS__
	_exit(status);
#else
	exit(status);
#endif
}

/* And its exit disturbs nobody. */
START_TEST(in_a_forked_child_every_call_is_einval)
{
	struct rig_pair p;
	int status;
	pid_t pid;

	rig_pair_open(&p);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		end_forked_child(calls_in_forked_child(&p));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	rig_send(p.client, p.client_assoc, 0, "alive", 5);
	rig_expect_text(p.server, "alive");
	rig_pair_close(&p);
}
END_TEST

static Suite *
misuse_suite(void)
{
	Suite *suite = suite_create("misuse");
	TCase *tc = tcase_create("misuse");

	tcase_add_checked_fixture(tc, prepare, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_closed_socket_is_ebadf);
	tcase_add_test(tc, what_never_was_a_socket_is_einval);
	tcase_add_test(tc, before_any_open_nothing_is_a_socket);
	tcase_add_test(tc, what_is_no_mailbox_is_refused);
	tcase_add_test(tc, arguments_of_open_and_connect);
	tcase_add_test(tc, arguments_of_send);
	tcase_add_test(tc, arguments_of_recv);
	tcase_add_test(tc, arguments_of_what_else_a_socket_does);
	tcase_add_test(tc, arguments_of_mailboxes_and_the_library);
	tcase_add_test(tc, arguments_of_addresses);
	tcase_add_test(tc, numbers_without_a_name);
	tcase_add_test(tc, options_with_nonsense_for_a_value);
	tcase_add_test(tc, in_a_forked_child_every_call_is_einval);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { misuse_suite, NULL };

	return run_suites(suites, argc, argv);
}
