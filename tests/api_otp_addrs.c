/*
 * What OTP's own tests ask of gen_sctp with addresses of every kind: one and
 * several, of both families, of a link. In a network of its own where that can
 * be had (root on Linux); elsewhere with the addresses that the host has.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* unshare */
#endif
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

#include "runner.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define MOST	     4
#define NAMES	     32

/* --------------------------------------------------------------- network */

#ifdef __linux__
static void
setup(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		return;
	if (system("ip link set lo up && ip addr add 10.77.0.1/24 dev lo && "
		   "ip addr add 10.77.0.2/24 dev lo && "
		   "ip addr add fd77::1/64 dev lo nodad && "
		   "ip addr add fd77::2/64 dev lo nodad && "
		   "ip addr add fe80::77/64 dev lo nodad") != 0)
		printf("# this network has not all addresses\n");
}
#else
static void
setup(void)
{
}
#endif

/* ------------------------------------------------------------------- rig */

/* The server is bound to these addresses, the client connects to one. */
static const struct row {
	const char *server[MOST + 1];
	const char *host;
} rows[] = {
	/* implicit_inet6 and names_unihoming, t_simple_..._send_recv */
	{ { "127.0.0.1" }, "127.0.0.1" },
	{ { "10.77.0.1" }, "10.77.0.1" },
	{ { "::1" }, "::1" },
	{ { "fd77::1" }, "fd77::1" },
	{ { "fe80::77%lo" }, "fe80::77%lo" },
	/* open_multihoming_ipv4_socket, names_multihoming_ipv4 */
	{ { "10.77.0.1", "10.77.0.2" }, "10.77.0.1" },
	{ { "10.77.0.1", "10.77.0.2" }, "10.77.0.2" },
	/* open_multihoming_ipv6_socket, names_multihoming_ipv6 */
	{ { "fd77::1", "fd77::2" }, "fd77::1" },
	{ { "fd77::1", "fd77::2" }, "fd77::2" },
	/* open_multihoming_ipv4_and_ipv6_socket */
	{ { "10.77.0.1", "fd77::1", "10.77.0.2" }, "10.77.0.1" },
	{ { "fd77::1", "10.77.0.1" }, "fd77::1" },
	{ { "fd77::1", "fd77::2", "10.77.0.1" }, "fd77::2" },
	{ { "fd77::1", "fd77::2", "10.77.0.1" }, "10.77.0.1" },
};

static bool
can_run(const struct row *row)
{
	int i;

	for (i = 0; row->server[i] != NULL; i++)
		if (!rig_has_address(row->server[i]))
			return false;
	return i == 1 || rig_has_multihoming();
}

/* A client of the family of the address, IPv6 without IPv4. */
static gen_sctp_socket_t
client_for(const char *host)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		gen_sctp_opt_ipv6_v6only(true),
	};

	if (strchr(host, ':') == NULL)
		opts[0] = gen_sctp_opt_family(GEN_SCTP_INET);
	return rig_open(0, opts, strchr(host, ':') == NULL ? 1 : 2);
}

static bool
open_row(struct rig_pair *p, const struct row *row)
{
	if (!can_run(row))
		return false;
	p->server = rig_open_on(row->server);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	p->client = client_for(row->host);
	rig_connect(p, row->host);
	return true;
}

struct list {
	struct gen_sctp_addr addrs[NAMES];
	int count;
};

typedef int names_fn(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
		     struct gen_sctp_addr *addrs, size_t max);

static struct list
names_of(names_fn *names, gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct list l;

	l.count = names(s, id, l.addrs, NAMES);
	ck_assert_int_ge(l.count, 1);
	ck_assert_int_le(l.count, NAMES);
	return l;
}

static struct list
socknames(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	return names_of(gen_sctp_socknames, s, id);
}

static struct list
peernames(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	return names_of(gen_sctp_peernames, s, id);
}

static bool
has(const struct list *l, const struct gen_sctp_addr *addr)
{
	int i;

	for (i = 0; i < l->count; i++)
		if (l->addrs[i].family == addr->family &&
		    l->addrs[i].port == addr->port &&
		    memcmp(l->addrs[i].ip, addr->ip,
			   addr->family == GEN_SCTP_INET ? 4 : 16) == 0)
			return true;
	return false;
}

static int
common(const struct list *a, const struct list *b)
{
	int i, n = 0;

	for (i = 0; i < a->count; i++)
		n += has(b, &a->addrs[i]) ? 1 : 0;
	return n;
}

static const char *
print_list(const struct list *l, char *text, size_t size)
{
	char one[GEN_SCTP_ADDR_TEXT];
	int i;

	text[0] = '\0';
	for (i = 0; i < l->count; i++) {
		gen_sctp_addr_print(&l->addrs[i], true, one, sizeof(one));
		snprintf(text + strlen(text), size - strlen(text), " %s", one);
	}
	return text;
}

static void
expect_same(const struct list *a, const struct list *b)
{
	char one[NAMES * GEN_SCTP_ADDR_TEXT], other[sizeof(one)];

	ck_assert_msg(a->count == b->count && common(a, b) == a->count,
		      "%s and %s", print_list(a, one, sizeof(one)),
		      print_list(b, other, sizeof(other)));
}

static void
expect_no_peer_of_the_endpoint(gen_sctp_socket_t s)
{
	struct gen_sctp_addr addr;
	int result = gen_sctp_peernames(s, 0, &addr, 1);

	ck_assert_msg(result == -EINVAL || result == -ENOTCONN, "%d", result);
}

/* ----------------------------------------------------------------- tests */

START_TEST(a_socket_is_reached_at_each_of_its_addresses)
{
	struct list names;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	char in[10];

	if (!open_row(&p, &rows[_i]))
		return;
	rig_send(p.client, p.client_assoc, 1, "hello", 5);
	rig_expect_text(p.server, "hello");
	rig_send(p.server, p.server_assoc, 1, "you", 3);
	ck_assert_int_eq(rig_recv(p.client, in, sizeof(in), &msg), 3);
	names = peernames(p.client, p.client_assoc);
	ck_assert(has(&names, &msg.from));
	rig_pair_close(&p);
}
END_TEST

/* names_... */
START_TEST(both_sides_agree_on_their_names)
{
	struct list server, client, endpoint, peeled_names, whole;
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	if (!open_row(&p, &rows[_i]))
		return;
	server = socknames(p.server, p.server_assoc);
	endpoint = socknames(p.server, 0);
	ck_assert_int_ge(common(&endpoint, &server), 1);
	client = socknames(p.client, p.client_assoc);
	endpoint = socknames(p.client, 0);
	ck_assert_int_ge(common(&endpoint, &client), 1);
	expect_no_peer_of_the_endpoint(p.server);
	expect_no_peer_of_the_endpoint(p.client);
	whole = peernames(p.client, p.client_assoc);
	expect_same(&server, &whole);
	whole = peernames(p.server, p.server_assoc);
	expect_same(&client, &whole);

	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	peeled_names = socknames(peeled, 0);
	whole = socknames(peeled, p.server_assoc);
	ck_assert_int_eq(common(&peeled_names, &whole), peeled_names.count);
	expect_same(&whole, &server);
	whole = peernames(peeled, p.server_assoc);
	expect_same(&whole, &client);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

/* implicit_inet6: the family of a socket is that of its address. */
START_TEST(an_address_of_ipv6_makes_a_socket_of_ipv6)
{
	const char *const addrs[] = { "::1", NULL };
	struct gen_sctp_addr name;
	gen_sctp_socket_t s;

	if (!rig_has_address("::1"))
		return;
	s = rig_open_on(addrs);
	ck_assert_int_eq(gen_sctp_sockname(s, &name), 0);
	ck_assert_int_eq(name.family, GEN_SCTP_INET6);
	ck_assert_int_eq(name.port, gen_sctp_port(s));
	ck_assert_int_eq(name.ip[15], 1);
	rig_close(s);
}
END_TEST

static Suite *
otp_addrs_suite(void)
{
	Suite *suite = suite_create("otp_addrs");
	TCase *tc = tcase_create("addresses");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, a_socket_is_reached_at_each_of_its_addresses, 0,
			    COUNT(rows));
	tcase_add_loop_test(tc, both_sides_agree_on_their_names, 0,
			    COUNT(rows));
	tcase_add_test(tc, an_address_of_ipv6_makes_a_socket_of_ipv6);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { otp_addrs_suite, NULL };

	return run_suites(suites, argc, argv);
}
