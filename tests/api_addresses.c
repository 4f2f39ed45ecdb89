/*
 * Sockets bound to one address or several, and what of it is seen on the wire.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "tshark.h"

#define MOST 3

/* Which addresses each side is bound to, none: any; where the client connects
 * to; who sees which of the other's. */
static const struct row {
	const char *server[MOST + 1], *client[MOST + 1];
	const char *host;
} rows[] = {
	{ { "127.0.0.2" }, { "127.0.0.3" }, "127.0.0.2" },
	{ { "127.0.0.3" }, { "127.0.0.2" }, "127.0.0.3" },
	{ { "127.0.0.2" }, { "127.0.0.2" }, "127.0.0.2" },
	{ { "::1" }, { "::1" }, "::1" },
	{ { "127.0.0.2", "127.0.0.3" }, { "127.0.0.4" }, "127.0.0.3" },
	{ { "127.0.0.2" }, { "127.0.0.3", "127.0.0.4" }, "127.0.0.2" },
	{ { "127.0.0.2", "127.0.0.3" },
	  { "127.0.0.4", "127.0.0.5", "127.0.0.6" },
	  "127.0.0.2" },
	{ { "127.0.0.2", "::1" }, { "127.0.0.3", "::1" }, "127.0.0.2" },
	{ { "127.0.0.2", "::1" }, { "::1", "127.0.0.3" }, "::1" },
	{ { "127.0.0.2", "127.0.0.3", "::1" }, { "127.0.0.4" }, "127.0.0.3" },
};
#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static size_t
count(const char *const *addrs)
{
	size_t n = 0;

	while (addrs[n] != NULL)
		n++;
	return n;
}

static bool
can_run(const struct row *row)
{
	size_t i;

	for (i = 0; i < count(row->server); i++)
		if (!rig_has_address(row->server[i]))
			return false;
	for (i = 0; i < count(row->client); i++)
		if (!rig_has_address(row->client[i]))
			return false;
	if (count(row->server) == 1 && count(row->client) == 1)
		return true;
	return rig_has_multihoming();
}

static bool
is_ipv4(const char *text)
{
	return strchr(text, ':') == NULL;
}

/* Peers are told those that they can reach. */
static size_t
reachable(const char *const *addrs, const char *const *from,
	  const char *found[MOST])
{
	size_t i, j, n = 0;

	for (i = 0; i < count(addrs); i++)
		for (j = 0; j < count(from); j++)
			if (is_ipv4(addrs[i]) == is_ipv4(from[j])) {
				found[n++] = addrs[i];
				break;
			}
	return n;
}

static bool
listed(const struct gen_sctp_addr *addrs, int n, const char *text, int port)
{
	struct gen_sctp_addr wanted = rig_addr(text, port);
	int i;

	for (i = 0; i < n; i++)
		if (addrs[i].family == wanted.family && addrs[i].port == port &&
		    memcmp(addrs[i].ip, wanted.ip, sizeof(wanted.ip)) == 0)
			return true;
	return false;
}

static void
expect_names(const struct gen_sctp_addr *got, int n, const char *const *wanted,
	     size_t wanted_count, int port)
{
	size_t i;

	ck_assert_int_eq(n, (int)wanted_count);
	for (i = 0; i < wanted_count; i++)
		ck_assert_msg(listed(got, n, wanted[i], port), "no %s:%d",
			      wanted[i], port);
}

static void
expect_all_names(const struct rig_pair *p, const struct row *row)
{
	struct gen_sctp_addr got[10];
	const char *seen[MOST];
	size_t seen_count;
	int server_port = gen_sctp_port(p->server);
	int client_port = gen_sctp_port(p->client);

	expect_names(got, gen_sctp_socknames(p->server, 0, got, 10),
		     row->server, count(row->server), server_port);
	expect_names(got, gen_sctp_socknames(p->client, 0, got, 10),
		     row->client, count(row->client), client_port);
	seen_count = reachable(row->server, row->client, seen);
	expect_names(got,
		     gen_sctp_peernames(p->client, p->client_assoc, got, 10),
		     seen, seen_count, server_port);
	seen_count = reachable(row->client, row->server, seen);
	expect_names(got,
		     gen_sctp_peernames(p->server, p->server_assoc, got, 10),
		     seen, seen_count, client_port);
}

static void
exchange(const struct rig_pair *p)
{
	rig_send(p->client, p->client_assoc, 0, "to server", 9);
	rig_expect_text(p->server, "to server");
	rig_send(p->server, p->server_assoc, 0, "to client", 9);
	rig_expect_text(p->client, "to client");
}

/* A message to each of the peer's addresses, so that all are on the wire. */
static void
send_everywhere(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
		gen_sctp_socket_t peer)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ADDR_OVER,
					    .assoc_id = id };
	struct gen_sctp_addr addrs[MOST];
	int i, n = gen_sctp_peernames(s, id, addrs, MOST);

	for (i = 0; i < n; i++) {
		ck_assert_int_eq(
			gen_sctp_sendmsg(s, &info, &addrs[i], "all", 3), 0);
		rig_expect_text(peer, "all");
	}
}

/* One blank behind each; both lists are short. */
static void
expect_only(const char *values, const struct row *row, const char *what)
{
	char text[200], *value;
	size_t i;
	bool ours;

	snprintf(text, sizeof(text), "%s", values);
	for (value = strtok(text, " "); value != NULL;
	     value = strtok(NULL, " ")) {
		ours = false;
		for (i = 0; i < count(row->server); i++)
			ours |= strcmp(value, row->server[i]) == 0;
		for (i = 0; i < count(row->client); i++)
			ours |= strcmp(value, row->client[i]) == 0;
		ck_assert_msg(ours, "%s is a %s", value, what);
	}
}

static void
expect_value(const char *values, const char *text)
{
	char wanted[60], all[200];

	snprintf(wanted, sizeof(wanted), " %s ", text);
	snprintf(all, sizeof(all), " %s", values);
	ck_assert_msg(strstr(all, wanted) != NULL, "%s is not in '%s'", text,
		      values);
}

#define SOURCES	     "ip.src -e ipv6.src"
#define DESTINATIONS "ip.dst -e ipv6.dst"

static void
expect_on_the_wire(const char *path, int udp_port, const struct row *row)
{
	const char *seen[MOST], *values;
	size_t i, n;

	tshark_expect_clean(path, udp_port);
	values = tshark_values(path, udp_port, "sctp", DESTINATIONS);
	n = reachable(row->server, row->client, seen);
	for (i = 0; i < n; i++)
		expect_value(values, seen[i]);
	n = reachable(row->client, row->server, seen);
	for (i = 0; i < n; i++)
		expect_value(values, seen[i]);
	expect_only(values, row, "destination");

	values = tshark_values(path, udp_port, "sctp", SOURCES);
	expect_value(values, row->host);
	if (count(row->client) == 1)
		expect_value(values, row->client[0]);
	expect_only(values, row, "source");
}

START_TEST(bound_addresses_associate_and_are_on_the_wire)
{
	const struct row *row = &rows[_i];
	struct rig_pair p;
	char path[60];
	int udp_port;

	if (!can_run(row))
		return;
	snprintf(path, sizeof(path), "api_addresses%d.pcapng", _i);
	ck_assert_int_eq(gen_sctp_capture(path), 0);
	p.server = rig_open_on(row->server);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open_on(row->client);
	rig_connect(&p, row->host);
	exchange(&p);
	expect_all_names(&p, row);
	send_everywhere(p.client, p.client_assoc, p.server);
	send_everywhere(p.server, p.server_assoc, p.client);
	udp_port = rig_udp_port(p.server);
	rig_pair_close(&p);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_int_eq(gen_sctp_capture(NULL), 0);
	if (tshark_there())
		expect_on_the_wire(path, udp_port, row);
	remove(path);
}
END_TEST

START_TEST(a_socket_of_both_families_is_reached_over_both)
{
	struct gen_sctp_opt opt = gen_sctp_opt_family(GEN_SCTP_INET6);
	struct rig_pair p4, p6;
	struct gen_sctp_addr peer;

	if (!rig_has_address("::1"))
		return;
	p4.server = p6.server = rig_open(0, &opt, 1);
	ck_assert_int_eq(gen_sctp_listen(p4.server, 5), 0);
	p4.client = rig_open(0, NULL, 0);
	p6.client = rig_open(0, &opt, 1);
	rig_connect(&p4, "127.0.0.1");
	rig_connect(&p6, "::1");
	exchange(&p4);
	exchange(&p6);
	ck_assert_int_ge(
		gen_sctp_peernames(p4.server, p4.server_assoc, &peer, 1), 1);
	ck_assert_int_eq(peer.family, GEN_SCTP_INET);
	rig_close(p4.client);
	rig_pair_close(&p6);
}
END_TEST

START_TEST(one_socket_connects_over_both_families)
{
	struct gen_sctp_opt opt = gen_sctp_opt_family(GEN_SCTP_INET6);
	struct rig_pair p4, p6;

	if (!rig_has_address("::1"))
		return;
	p4.client = p6.client = rig_open(0, &opt, 1);
	p4.server = rig_listener();
	p6.server = rig_open(0, &opt, 1);
	ck_assert_int_eq(gen_sctp_listen(p6.server, 5), 0);
	rig_connect(&p4, "127.0.0.1");
	rig_connect(&p6, "::1");
	exchange(&p4);
	exchange(&p6);
	rig_close(p4.server);
	rig_pair_close(&p6);
}
END_TEST

START_TEST(a_second_address_needs_the_replaced_layer)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(rig_addr("127.0.0.1", 0)),
		gen_sctp_opt_ip(rig_addr("127.0.0.2", 0)),
	};
	struct gen_sctp_addr peers[] = { rig_addr("127.0.0.1", 5000),
					 rig_addr("127.0.0.2", 5000) };
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;
	gen_sctp_socket_t s;
	size_t bad = 77;

	ck_assert_int_eq(gen_sctp_info(&info), 0);
	if (info.multihoming || !rig_has_address("127.0.0.2"))
		return;
	ck_assert_int_eq(gen_sctp_open(0, opts, 2, &s, &bad), -EOPNOTSUPP);
	ck_assert_ptr_nonnull(strstr(gen_sctp_open_hint(), "address"));
	ck_assert_ptr_nonnull(strstr(gen_sctp_open_hint(), info.ip_layer));
	s = rig_open(0, opts, 1);
	ck_assert_str_eq(gen_sctp_open_hint(), "");
	ck_assert_int_eq(gen_sctp_connectx_init(s, peers, 2, NULL, 0, NULL),
			 -EOPNOTSUPP);
	ck_assert_int_eq(gen_sctp_connectx_init(s, peers, 1, NULL, 0, NULL), 0);
	rig_close(s);
}
END_TEST

/* The hosts's own are told; the rest of 127/8 is only what one binds. */
START_TEST(a_socket_on_any_address_has_the_host_s)
{
	struct gen_sctp_addr got[64];
	struct rig_pair p;
	int n, port;

	rig_pair_open(&p);
	port = gen_sctp_port(p.server);
	n = gen_sctp_socknames(p.server, 0, got, 64);
	ck_assert_int_ge(n, 1);
	ck_assert_int_le(n, 64);
	ck_assert(listed(got, n, "127.0.0.1", port));
	ck_assert(!listed(got, n, "127.0.0.2", port));
	n = gen_sctp_peernames(p.client, p.client_assoc, got, 64);
	ck_assert(listed(got, n, "127.0.0.1", port));
	rig_pair_close(&p);
}
END_TEST

static Suite *
addresses_suite(void)
{
	Suite *suite = suite_create("addresses");
	TCase *tc = tcase_create("addresses");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, bound_addresses_associate_and_are_on_the_wire,
			    0, ROWS);
	tcase_add_test(tc, a_socket_of_both_families_is_reached_over_both);
	tcase_add_test(tc, one_socket_connects_over_both_families);
	tcase_add_test(tc, a_second_address_needs_the_replaced_layer);
	tcase_add_test(tc, a_socket_on_any_address_has_the_host_s);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { addresses_suite, NULL };

	return run_suites(suites, argc, argv);
}
