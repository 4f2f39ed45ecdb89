#include <check.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "os_errno.h"

Suite *os_udp_suite(void);

/* Only a failing test waits so long. */
#define PATIENCE (10000 * OS_MS)
#define BUFFER (1 << 20)
#define SIZE 65536

static const char *const loopbacks[] = { "127.0.0.1", "::1" };

static struct gen_sctp_addr
address(const char *text)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_UNSPEC };

	ck_assert_int_eq(gen_sctp_addr_parse(text, 0, &a), 0);
	return a;
}

static bool
can_bind(const char *text)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_UNSPEC };
	gen_sctp_fd_t fd;
	int rc;

	os_net_start();
	gen_sctp_addr_parse(text, 0, &a);
	rc = os_udp_open(&a, 0, &fd);
	if (rc == 0)
		os_udp_close(fd);
	else
		printf("# skipped: this host has no %s\n", text);
	os_net_stop();
	return rc == 0;
}

/* A socket on any address of the family; *to gets `ip` with its port. */
static gen_sctp_fd_t
open_any(const char *ip, struct gen_sctp_addr *to)
{
	struct gen_sctp_addr any = { .family = GEN_SCTP_UNSPEC }, local;
	gen_sctp_fd_t fd;

	*to = address(ip);
	any.family = to->family;
	ck_assert_int_eq(os_udp_open(&any, BUFFER, &fd), 0);
	ck_assert_int_eq(os_udp_local(fd, &local), 0);
	ck_assert_int_eq(local.family, to->family);
	ck_assert_uint_ne(local.port, 0);
	to->port = local.port;
	return fd;
}

static void
wait_readable(gen_sctp_fd_t fd)
{
	bool readable;

	ck_assert_int_eq(os_poll(&fd, &readable, 1, os_now() + PATIENCE), 1);
}

static void
receive_one(gen_sctp_fd_t fd, struct os_dgram *d)
{
	wait_readable(fd);
	ck_assert_int_eq(os_udp_recv(fd, d, 1), 1);
}

static void
send_one(gen_sctp_fd_t fd, const struct os_dgram *d)
{
	int error = 1;

	ck_assert_int_eq(os_udp_send(fd, d, 1, &error), 1);
	ck_assert_int_eq(error, 0);
}

static void
same_ip(const struct gen_sctp_addr *a, const struct gen_sctp_addr *b)
{
	ck_assert_int_eq(a->family, b->family);
	ck_assert_mem_eq(a->ip, b->ip, sizeof(a->ip));
	ck_assert_uint_eq(a->scope_id, b->scope_id);
}

/* ------------------------------------------------------ one datagram */

START_TEST(a_datagram_comes_with_all_about_it)
{
	struct gen_sctp_addr to, from;
	gen_sctp_fd_t receiver = open_any(loopbacks[_i], &to);
	gen_sctp_fd_t sender = open_any(loopbacks[_i], &from);
	char text[] = "hello", room[100];
	struct os_dgram out = { .data = text, .len = 5, .dst = to,
				.tos = 0xb9, .ttl = 7 };
	struct os_dgram in = { .data = room, .size = sizeof(room) };

	send_one(sender, &out);
	receive_one(receiver, &in);
	ck_assert_uint_eq(in.len, 5);
	ck_assert_mem_eq(room, text, 5);
	ck_assert_uint_eq(in.segment, 0);
	ck_assert_int_eq(in.tos, 0xb9);
	ck_assert_int_eq(in.ttl, 7);
	ck_assert(!in.truncated);
	same_ip(&in.src, &from);
	ck_assert_int_eq(in.src.port, from.port);
	same_ip(&in.dst, &to);
	ck_assert_int_eq(os_udp_recv(receiver, &in, 1), 0);
	os_udp_close(receiver);
	os_udp_close(sender);
}
END_TEST

START_TEST(without_tos_and_ttl_the_defaults_are_sent)
{
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd = open_any(loopbacks[_i], &to);
	char room[10] = "";
	struct os_dgram d = { .data = room, .size = 10, .len = 0, .dst = to };

	send_one(fd, &d);
	d.len = d.tos = 99;
	d.truncated = true;
	receive_one(fd, &d);
	ck_assert_uint_eq(d.len, 0);
	ck_assert_int_eq(d.tos, 0);
	ck_assert_int_ge(d.ttl, 32);
	ck_assert(!d.truncated);
	os_udp_close(fd);
}
END_TEST

START_TEST(the_sender_chooses_the_source_address)
{
	struct gen_sctp_addr to, from;
	gen_sctp_fd_t receiver = open_any("127.0.0.3", &to);
	gen_sctp_fd_t sender = open_any("127.0.0.2", &from);
	char room[10] = "x";
	struct os_dgram d = { .data = room, .size = sizeof(room), .len = 1,
			      .src = from, .dst = to };

	send_one(sender, &d);
	receive_one(receiver, &d);
	same_ip(&d.src, &from);
	ck_assert_int_eq(d.src.port, from.port);
	same_ip(&d.dst, &to);
	os_udp_close(receiver);
	os_udp_close(sender);
}
END_TEST

START_TEST(a_socket_bound_to_an_address_sends_from_it)
{
	struct gen_sctp_addr to, from = address("127.0.0.2");
	gen_sctp_fd_t receiver = open_any("127.0.0.1", &to), sender;
	char room[10] = "x";
	struct os_dgram d = { .data = room, .size = sizeof(room), .len = 1,
			      .src = from, .dst = to };

	ck_assert_int_eq(os_udp_open(&from, 0, &sender), 0);
	send_one(sender, &d);
	receive_one(receiver, &d);
	same_ip(&d.src, &from);
	d.src.family = GEN_SCTP_UNSPEC;
	d.dst = to;
	send_one(sender, &d);
	receive_one(receiver, &d);
	same_ip(&d.src, &from);
	os_udp_close(receiver);
	os_udp_close(sender);
}
END_TEST

START_TEST(a_datagram_too_long_is_cut_and_says_so)
{
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd = open_any(loopbacks[_i], &to);
	char text[] = "0123456789", room[4];
	struct os_dgram out = { .data = text, .len = 10, .dst = to };
	struct os_dgram in = { .data = room, .size = sizeof(room) };

	send_one(fd, &out);
	out.len = 4;
	send_one(fd, &out);
	receive_one(fd, &in);
	ck_assert(in.truncated);
	ck_assert_uint_eq(in.len, 4);
	ck_assert_mem_eq(room, "0123", 4);
	receive_one(fd, &in);
	ck_assert(!in.truncated);
	os_udp_close(fd);
}
END_TEST

/* ------------------------------------------------------------ batches */

/* Receives n datagrams, GRO's taken apart; each starts with its number and has
 * the length that `length` says. */
static void
expect_numbered(gen_sctp_fd_t fd, int n, size_t (*length)(int))
{
	static char room[8][SIZE];
	struct os_dgram in[8];
	size_t at, len;
	int got = 0, i, count, number;

	for (i = 0; i < 8; i++)
		in[i] = (struct os_dgram){ .data = room[i], .size = SIZE };
	while (got < n) {
		wait_readable(fd);
		count = os_udp_recv(fd, in, 8);
		ck_assert_int_ge(count, 0);
		for (i = 0; i < count; i++) {
			for (at = 0; at < in[i].len; at += len) {
				len = in[i].len - at;
				if (in[i].segment > 0 && len > in[i].segment)
					len = in[i].segment;
				memcpy(&number, room[i] + at, sizeof(number));
				ck_assert_int_eq(number, got);
				ck_assert_uint_eq(len, length(got));
				got++;
			}
		}
	}
	ck_assert_int_eq(os_udp_recv(fd, in, 8), 0);
}

static size_t
short_length(int number)
{
	return sizeof(number) + (size_t)number % 3;
}

enum { MANY = 2 * OS_UDP_BATCH + 10 };

START_TEST(many_datagrams_keep_their_order)
{
	static char data[MANY][8];
	struct os_dgram out[MANY];
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd;
	int i, error;

	os_udp_probe(_i == 1);
	fd = open_any("127.0.0.1", &to);
	for (i = 0; i < MANY; i++) {
		memcpy(data[i], &i, sizeof(i));
		out[i] = (struct os_dgram){ .data = data[i], .dst = to,
					    .len = short_length(i) };
	}
	ck_assert_int_eq(os_udp_send(fd, out, MANY, &error), MANY);
	ck_assert_int_eq(error, 0);
	expect_numbered(fd, MANY, short_length);
	os_udp_close(fd);
}
END_TEST

#define SEGMENT 1000
enum { SEGMENTS = 30 };

static size_t
segment_length(int number)
{
	return number % SEGMENTS == SEGMENTS - 1 ? 300 : SEGMENT;
}

static const struct {
	const char *loopback;
	bool off;
} ways[] = {
	{ "127.0.0.1", false },
	{ "127.0.0.1", true },
	{ "::1", false },
	{ "::1", true },
};

/* With and without offloads. */
START_TEST(segments_come_out_as_they_went_in)
{
	static char data[2][SEGMENTS * SEGMENT];
	struct os_dgram out[2];
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd;
	int i, error;

	os_udp_probe(ways[_i].off);
	fd = open_any(ways[_i].loopback, &to);
	for (i = 0; i < 2 * SEGMENTS; i++)
		memcpy(data[i / SEGMENTS] + i % SEGMENTS * SEGMENT, &i,
		       sizeof(i));
	for (i = 0; i < 2; i++)
		out[i] = (struct os_dgram){
			.data = data[i],
			.len = (SEGMENTS - 1) * SEGMENT + 300,
			.segment = SEGMENT,
			.src = address(ways[_i].loopback),
			.dst = to,
			.tos = 0x88,
		};
	ck_assert_int_eq(os_udp_send(fd, out, 2, &error), 2);
	ck_assert_int_eq(error, 0);
	expect_numbered(fd, 2 * SEGMENTS, segment_length);
	os_udp_close(fd);
}
END_TEST

static size_t
hundred(int number)
{
	(void)number;
	return 100;
}

/* More than one GSO send may have: they go one by one. */
START_TEST(any_number_of_segments_is_sent)
{
	enum { N = 200 };
	static char data[N * 100];
	struct gen_sctp_addr to;
	struct os_dgram out = { .data = data, .len = sizeof(data),
				.segment = 100 };
	gen_sctp_fd_t fd;
	int i;

	os_udp_probe(false);
	fd = open_any("127.0.0.1", &to);
	out.dst = to;
	for (i = 0; i < N; i++)
		memcpy(data + i * 100, &i, sizeof(i));
	send_one(fd, &out);
	expect_numbered(fd, N, hundred);
	os_udp_close(fd);
}
END_TEST

START_TEST(offloads_can_be_off)
{
	os_udp_probe(true);
	ck_assert(!os_udp_features()->batch);
	ck_assert(!os_udp_features()->gso);
	ck_assert(!os_udp_features()->gro);
}
END_TEST

/* ------------------------------------------------------------- errors */

START_TEST(a_port_in_use_cannot_be_opened)
{
	struct gen_sctp_addr any = { .family = GEN_SCTP_INET }, one;
	gen_sctp_fd_t fd = open_any("127.0.0.1", &one), other;

	any.port = one.port;
	ck_assert_int_eq(os_udp_open(&any, 0, &other), -EADDRINUSE);
	ck_assert_int_eq(os_udp_open(&one, 0, &other), -EADDRINUSE);
	os_udp_close(fd);
	ck_assert_int_eq(os_udp_open(&one, 0, &fd), 0);
	ck_assert_int_eq(os_udp_open(&any, 0, &other), -EADDRINUSE);
	os_udp_close(fd);
}
END_TEST

START_TEST(a_port_of_one_family_is_free_in_the_other)
{
	struct gen_sctp_addr any = { .family = GEN_SCTP_INET }, six;
	gen_sctp_fd_t fd = open_any("::1", &six), other;

	any.port = six.port;
	ck_assert_int_eq(os_udp_open(&any, 0, &other), 0);
	os_udp_close(fd);
	os_udp_close(other);
}
END_TEST

START_TEST(a_socket_beside_ours_gets_the_other_addresses_packets)
{
	struct gen_sctp_addr any = { .family = GEN_SCTP_INET };
	struct gen_sctp_addr one = address("127.0.0.1"), two;
	gen_sctp_fd_t ours, rest, other;
	char room[10] = "x";
	struct os_dgram d = { .data = room, .size = sizeof(room), .len = 1 };

	ck_assert_int_eq(os_udp_open(&one, 0, &ours), 0);
	ck_assert_int_eq(os_udp_local(ours, &one), 0);
	any.port = one.port;
	ck_assert_int_eq(os_udp_open(&any, 0, &rest), -EADDRINUSE);
	ck_assert_int_eq(os_udp_open_beside(&any, 0, &ours, 1, &rest), 0);
	ck_assert_int_eq(os_udp_open(&any, 0, &other), -EADDRINUSE);
	ck_assert_int_eq(os_udp_open(&one, 0, &other), -EADDRINUSE);
	d.dst = one;
	send_one(rest, &d);
	receive_one(ours, &d);
	ck_assert_int_eq(os_udp_recv(rest, &d, 1), 0);
	two = address("127.0.0.2");
	two.port = one.port;
	d.dst = two;
	d.src.family = GEN_SCTP_UNSPEC;
	send_one(rest, &d);
	receive_one(rest, &d);
	same_ip(&d.dst, &two);
	ck_assert_int_eq(os_udp_recv(ours, &d, 1), 0);
	os_udp_close(ours);
	os_udp_close(rest);
}
END_TEST

START_TEST(one_address_beside_ours_on_any_gets_its_packets)
{
	struct gen_sctp_addr any = { .family = GEN_SCTP_INET };
	struct gen_sctp_addr one = address("127.0.0.1"), from;
	gen_sctp_fd_t rest, bound, other;
	char room[10] = "x";
	struct os_dgram d = { .data = room, .size = sizeof(room), .len = 1 };

	ck_assert_int_eq(os_udp_open(&any, 0, &rest), 0);
	ck_assert_int_eq(os_udp_local(rest, &any), 0);
	one.port = any.port;
	ck_assert_int_eq(os_udp_open(&one, 0, &other), -EADDRINUSE);
	ck_assert_int_eq(os_udp_open_beside(&one, 0, &rest, 1, &bound), 0);
	ck_assert_int_eq(os_udp_open(&one, 0, &other), -EADDRINUSE);
	other = open_any("127.0.0.1", &from);
	d.dst = one;
	send_one(other, &d);
	receive_one(bound, &d);
	ck_assert_int_eq(os_udp_recv(rest, &d, 1), 0);
	d.dst = from;
	d.src.family = GEN_SCTP_UNSPEC;
	send_one(bound, &d);
	receive_one(other, &d);
	same_ip(&d.src, &one);
	ck_assert_uint_eq(d.src.port, one.port);
	os_udp_close(rest);
	os_udp_close(bound);
	os_udp_close(other);
}
END_TEST

START_TEST(foreign_and_missing_addresses_cannot_be_opened)
{
	struct gen_sctp_addr foreign = address("192.0.2.1");
	struct gen_sctp_addr none = { .family = GEN_SCTP_UNSPEC };
	gen_sctp_fd_t fd;

	ck_assert_int_eq(os_udp_open(&foreign, 0, &fd), -EADDRNOTAVAIL);
	ck_assert_int_eq(os_udp_open(&none, 0, &fd), -EAFNOSUPPORT);
}
END_TEST

/* Not even where ICMP's answer stays on the socket. */
START_TEST(a_peer_that_is_not_there_loses_no_datagram_of_others)
{
	struct gen_sctp_addr to, gone;
	gen_sctp_fd_t receiver = open_any(loopbacks[_i], &to);
	gen_sctp_fd_t sender = open_any(loopbacks[_i], &gone);
	char room[10] = "x";
	struct os_dgram d = { .data = room, .size = sizeof(room), .len = 1 };
	int i;

	os_udp_close(sender);
	sender = open_any(loopbacks[_i], &d.src);
	for (i = 0; i < 20; i++) {
		d.dst = gone;
		send_one(sender, &d);
		ck_assert_int_eq(os_udp_recv(sender, &d, 1), 0);
		d.dst = to;
		send_one(sender, &d);
		receive_one(receiver, &d);
	}
	os_udp_close(sender);
	os_udp_close(receiver);
}
END_TEST

START_TEST(what_cannot_be_sent_is_told_with_its_place)
{
	static char data[SIZE];
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd = open_any("127.0.0.1", &to);
	struct os_dgram d[3] = {
		{ .data = data, .len = 1, .dst = to },
		{ .data = data, .len = 65508, .dst = to },
		{ .data = data, .len = 1, .dst = to },
	};
	int error;

	ck_assert_int_eq(os_udp_send(fd, d, 3, &error), 1);
	ck_assert_int_eq(error, -EMSGSIZE);
	d[1].len = 1;
	d[2].dst.family = GEN_SCTP_UNSPEC;
	ck_assert_int_eq(os_udp_send(fd, d, 3, &error), 2);
	ck_assert_int_lt(error, 0);
	os_udp_close(fd);
	ck_assert_int_eq(os_udp_send(fd, d, 3, &error), 0);
	ck_assert_int_eq(error, -EBADF);
	d[0].size = sizeof(data);
	ck_assert_int_eq(os_udp_recv(fd, d, 1), -EBADF);
}
END_TEST

static void
start_net(void)
{
	ck_assert_int_eq(os_net_start(), 0);
	os_udp_probe(false);
}

static TCase *
new_case(Suite *s, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, start_net, os_net_stop);
	suite_add_tcase(s, tc);
	return tc;
}

Suite *
os_udp_suite(void)
{
	Suite *s = suite_create("os_udp");
	TCase *tc = new_case(s, "datagrams");
	int families = can_bind("::1") ? 2 : 1;
	bool has_second = can_bind("127.0.0.2");

	tcase_add_loop_test(tc, a_datagram_comes_with_all_about_it, 0,
			    families);
	tcase_add_loop_test(tc, without_tos_and_ttl_the_defaults_are_sent, 0,
			    families);
	tcase_add_loop_test(tc, a_datagram_too_long_is_cut_and_says_so, 0,
			    families);
	if (has_second) {
		tcase_add_test(tc, the_sender_chooses_the_source_address);
		tcase_add_test(tc, a_socket_bound_to_an_address_sends_from_it);
	}

	tc = new_case(s, "batches");
	tcase_add_loop_test(tc, many_datagrams_keep_their_order, 0, 2);
	tcase_add_loop_test(tc, segments_come_out_as_they_went_in, 0,
			    2 * families);
	tcase_add_test(tc, any_number_of_segments_is_sent);
	tcase_add_test(tc, offloads_can_be_off);

	tc = new_case(s, "errors");
	tcase_add_test(tc, a_port_in_use_cannot_be_opened);
	if (families == 2)
		tcase_add_test(tc, a_port_of_one_family_is_free_in_the_other);
	if (has_second)
		tcase_add_test(
			tc,
			a_socket_beside_ours_gets_the_other_addresses_packets);
	tcase_add_test(tc, one_address_beside_ours_on_any_gets_its_packets);
	tcase_add_test(tc, foreign_and_missing_addresses_cannot_be_opened);
	tcase_add_loop_test(
		tc, a_peer_that_is_not_there_loses_no_datagram_of_others, 0,
		families);
	tcase_add_test(tc, what_cannot_be_sent_is_told_with_its_place);
	return s;
}
