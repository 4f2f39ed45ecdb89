/*
 * Addresses that are bound and unbound while associations are up.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "raw_peer.h"
#include "runner.h"

#define ADD GEN_SCTP_BINDX_ADD_ADDR
#define REM GEN_SCTP_BINDX_REM_ADDR

/* ------------------------------------------------------------------- rig */

static int
bindx(gen_sctp_socket_t s, const char *text, int flag)
{
	struct gen_sctp_addrs list;

	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", text, GEN_SCTP_ADDRS_BIND,
					      0, &list),
			 0);
	return gen_sctp_bindx(s, list.addrs, list.count, flag);
}

static gen_sctp_socket_t
open_on(const char *text)
{
	struct gen_sctp_addrs list;
	gen_sctp_socket_t s;

	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", text,
					      GEN_SCTP_ADDRS_LISTEN, 0, &list),
			 0);
	ck_assert_int_eq(gen_sctp_open_addrs(&list, NULL, NULL, 0, &s, NULL),
			 0);
	return s;
}

/* The server on 127.0.0.2, the client on 127.0.0.3. */
static void
open_pair(struct rig_pair *p)
{
	p->server = open_on("127.0.0.2:0");
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	p->client = open_on("127.0.0.3:0");
	rig_connect(p, "127.0.0.2");
}

static bool
can_run(void)
{
	return rig_has_multihoming() && rig_has_address("127.0.0.2");
}

/* The next event of an address that is in this state; others are skipped. */
static void
expect_paddr(gen_sctp_socket_t s, enum gen_sctp_paddr_change_state state,
	     const char *text)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	const struct gen_sctp_paddr_change *change;
	char printed[GEN_SCTP_ADDR_TEXT];
	char buf[100];
	bool found = false;

	while (!found) {
		int n = gen_sctp_recv(s, buf, sizeof(buf), &msg, RIG_PATIENCE);

		ck_assert_msg(n >= 0, "no %s of %s: %s",
			      gen_sctp_paddr_change_name(state), text,
			      gen_sctp_strerror(n));
		ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EVENT);
		ck_assert_int_eq(msg.event.type, GEN_SCTP_PADDR_CHANGE);
		change = &msg.event.u.paddr_change;
		gen_sctp_addr_print(&change->addr, false, printed,
				    sizeof(printed));
		found = change->state == state && strcmp(printed, text) == 0;
		gen_sctp_msg_free(&msg);
	}
}

static bool
has_name(gen_sctp_socket_t s, const char *text)
{
	struct gen_sctp_addr wanted = rig_addr(text, gen_sctp_port(s));
	struct gen_sctp_addr names[GEN_SCTP_ADDRS_MAX];
	int i, n = gen_sctp_socknames(s, 0, names, GEN_SCTP_ADDRS_MAX);

	ck_assert_int_ge(n, 0);
	for (i = 0; i < n; i++)
		if (memcmp(names[i].ip, wanted.ip, sizeof(wanted.ip)) == 0)
			return true;
	return false;
}

static void
say_hello(gen_sctp_socket_t from, gen_sctp_assoc_id_t assoc,
	  gen_sctp_socket_t to)
{
	rig_send(from, assoc, 0, "hello", 5);
	rig_expect_text(to, "hello");
}

static void
exchange(const struct rig_pair *p)
{
	say_hello(p->client, p->client_assoc, p->server);
	say_hello(p->server, p->server_assoc, p->client);
}

/* ------------------------------------------------------- addresses change */

START_TEST(peers_follow_the_addresses_of_a_server)
{
	struct rig_pair p;

	if (!can_run())
		return;
	open_pair(&p);
	ck_assert_int_eq(bindx(p.server, "127.0.0.4", ADD), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_ADDED, "127.0.0.4");
	expect_paddr(p.client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.4");
	ck_assert(has_name(p.server, "127.0.0.2"));
	ck_assert(has_name(p.server, "127.0.0.4"));
	exchange(&p);
	ck_assert_int_eq(bindx(p.server, "127.0.0.2", REM), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_REMOVED, "127.0.0.2");
	ck_assert(!has_name(p.server, "127.0.0.2"));
	exchange(&p);
	rig_pair_close(&p);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

START_TEST(peers_follow_the_addresses_of_a_client)
{
	struct rig_pair p;

	if (!can_run())
		return;
	open_pair(&p);
	ck_assert_int_eq(bindx(p.client, "127.0.0.4/127.0.0.5", ADD), 0);
	expect_paddr(p.server, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.5");
	exchange(&p);
	ck_assert_int_eq(bindx(p.client, "127.0.0.3/127.0.0.4", REM), 0);
	expect_paddr(p.server, GEN_SCTP_ADDR_REMOVED, "127.0.0.4");
	exchange(&p);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_address_can_come_back)
{
	struct rig_pair p;
	int i;

	if (!can_run())
		return;
	open_pair(&p);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(bindx(p.server, "127.0.0.4", ADD), 0);
		expect_paddr(p.client, GEN_SCTP_ADDR_ADDED, "127.0.0.4");
		ck_assert_int_eq(bindx(p.server, "127.0.0.4", REM), 0);
		expect_paddr(p.client, GEN_SCTP_ADDR_REMOVED, "127.0.0.4");
		exchange(&p);
	}
	rig_pair_close(&p);
}
END_TEST

#define CLIENTS 5

START_TEST(all_associations_are_told)
{
	struct rig_pair p[CLIENTS];
	int i;

	if (!can_run())
		return;
	open_pair(&p[0]);
	for (i = 1; i < CLIENTS; i++) {
		p[i].server = p[0].server;
		p[i].client = open_on("127.0.0.3:0");
		rig_connect(&p[i], "127.0.0.2");
	}
	ck_assert_int_eq(bindx(p[0].server, "127.0.0.4", ADD), 0);
	for (i = 0; i < CLIENTS; i++)
		expect_paddr(p[i].client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.4");
	ck_assert_int_eq(bindx(p[0].server, "127.0.0.2", REM), 0);
	for (i = 0; i < CLIENTS; i++) {
		expect_paddr(p[i].client, GEN_SCTP_ADDR_REMOVED, "127.0.0.2");
		exchange(&p[i]);
	}
	for (i = 0; i < CLIENTS; i++)
		rig_close(p[i].client);
	rig_close(p[0].server);
}
END_TEST

START_TEST(new_peers_find_a_server_at_its_new_address)
{
	struct rig_pair p;

	if (!can_run())
		return;
	p.server = open_on("127.0.0.2:0");
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	ck_assert_int_eq(bindx(p.server, "127.0.0.4", ADD), 0);
	ck_assert_int_eq(bindx(p.server, "127.0.0.2", REM), 0);
	p.client = open_on("127.0.0.3:0");
	rig_connect(&p, "127.0.0.4");
	exchange(&p);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_association_that_is_being_set_up_gets_it_too)
{
	struct rig_pair p;

	if (!can_run())
		return;
	p.server = open_on("127.0.0.2:0");
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = open_on("127.0.0.3:0");
	rig_aim(p.client, p.server);
	ck_assert_int_eq(gen_sctp_connect_init(p.client, "127.0.0.2",
					       gen_sctp_port(p.server), NULL, 0,
					       0),
			 0);
	ck_assert_int_eq(bindx(p.client, "127.0.0.4", ADD), 0);
	p.client_assoc = rig_expect_change(p.client, GEN_SCTP_COMM_UP);
	p.server_assoc = rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	expect_paddr(p.server, GEN_SCTP_ADDR_ADDED, "127.0.0.4");
	exchange(&p);
	rig_pair_close(&p);
}
END_TEST

/* Each of a peeled-off socket and its parent has addresses of its own. */
START_TEST(a_peeled_off_socket_changes_alone)
{
	struct rig_pair p, other;
	gen_sctp_socket_t peeled;

	if (!can_run())
		return;
	open_pair(&p);
	other.server = p.server;
	other.client = open_on("127.0.0.6:0");
	rig_connect(&other, "127.0.0.2");
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);

	ck_assert_int_eq(bindx(peeled, "127.0.0.4", ADD), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.4");
	ck_assert(has_name(peeled, "127.0.0.4"));
	ck_assert(!has_name(p.server, "127.0.0.4"));

	ck_assert_int_eq(bindx(p.server, "127.0.0.5", ADD), 0);
	expect_paddr(other.client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.5");
	ck_assert(has_name(p.server, "127.0.0.5"));
	ck_assert(!has_name(peeled, "127.0.0.5"));

	ck_assert_int_eq(bindx(p.server, "127.0.0.2", REM), 0);
	expect_paddr(other.client, GEN_SCTP_ADDR_REMOVED, "127.0.0.2");
	say_hello(p.client, p.client_assoc, peeled);
	say_hello(peeled, p.server_assoc, p.client);
	exchange(&other);
	rig_close(peeled);
	rig_close(other.client);
	rig_pair_close(&p);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

START_TEST(a_peeled_off_socket_outlives_its_parent)
{
	struct rig_pair p;
	gen_sctp_socket_t peeled;

	if (!can_run())
		return;
	open_pair(&p);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	rig_close(p.server);
	ck_assert_int_eq(bindx(peeled, "127.0.0.4", ADD), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.4");
	ck_assert_int_eq(bindx(peeled, "127.0.0.2", REM), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_REMOVED, "127.0.0.2");
	say_hello(p.client, p.client_assoc, peeled);
	rig_close(peeled);
	rig_close(p.client);
}
END_TEST

/* The heartbeat that comes before the peer's ASCONF ACK cannot be answered from
 * the first address of a family; the engine repeats it after the interval. */
static void
with_heartbeats(gen_sctp_socket_t s)
{
	struct gen_sctp_paddrparams often = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.hbinterval = 100,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(often));
	rig_impatient(s, 100);
}

START_TEST(both_families_can_be_bound)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		gen_sctp_opt_ip(rig_addr("127.0.0.2", 0)),
	};
	struct rig_pair p;

	if (!can_run() || !rig_has_address("::1"))
		return;
	p.server = rig_open(0, opts, 2);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	opts[1] = gen_sctp_opt_ip(rig_addr("127.0.0.3", 0));
	p.client = rig_open(0, opts, 2);
	with_heartbeats(p.server);
	with_heartbeats(p.client);
	rig_connect(&p, "127.0.0.2");
	ck_assert_int_eq(bindx(p.client, "::1", ADD), 0);
	expect_paddr(p.server, GEN_SCTP_ADDR_ADDED, "::1");
	ck_assert_int_eq(bindx(p.server, "::1", ADD), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_CONFIRMED, "::1");
	ck_assert_int_eq(bindx(p.server, "127.0.0.2", REM), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_REMOVED, "127.0.0.2");
	exchange(&p);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_closed_socket_s_last_change_harms_nobody)
{
	struct rig_pair p;
	int i;

	if (!can_run())
		return;
	for (i = 0; i < 50; i++) {
		open_pair(&p);
		ck_assert_int_eq(bindx(p.server, "127.0.0.4", ADD), 0);
		if (i % 2 == 0)
			ck_assert_int_eq(bindx(p.server, "127.0.0.2", REM), 0);
		if (i % 3 == 0)
			rig_set(p.server,
				gen_sctp_opt_linger(
					(struct gen_sctp_linger){ true, 0 }));
		rig_close(p.server);
		rig_close(p.client);
	}
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

/* -------------------------------------------------------------- while data */

#define MESSAGES 2000

static void
send_messages(void *arg)
{
	const struct rig_pair *p = arg;
	uint8_t data[1000];
	unsigned int i;

	for (i = 0; i < MESSAGES; i++) {
		rig_fill(data, sizeof(data), i);
		rig_send(p->client, p->client_assoc, 0, data, sizeof(data));
	}
}

static void
change_addresses(void *arg)
{
	const struct rig_pair *p = arg;
	int i;

	for (i = 0; i < 30; i++) {
		ck_assert_int_eq(bindx(p->server, "127.0.0.4", ADD), 0);
		ck_assert_int_eq(bindx(p->client, "127.0.0.5", ADD), 0);
		expect_paddr(p->client, GEN_SCTP_ADDR_ADDED, "127.0.0.4");
		ck_assert_int_eq(bindx(p->server, "127.0.0.4", REM), 0);
		ck_assert_int_eq(bindx(p->client, "127.0.0.5", REM), 0);
		expect_paddr(p->client, GEN_SCTP_ADDR_REMOVED, "127.0.0.4");
	}
}

START_TEST(data_flows_on_while_addresses_change)
{
	struct rig_thread sender, changer;
	static struct rig_pair p;
	uint8_t data[1000];
	unsigned int i;

	if (!can_run())
		return;
	open_pair(&p);
	rig_start(&sender, send_messages, &p);
	rig_start(&changer, change_addresses, &p);
	for (i = 0; i < MESSAGES; i++) {
		rig_fill(data, sizeof(data), i);
		rig_expect_data(p.server, data, sizeof(data));
	}
	rig_join(&sender);
	rig_join(&changer);
	rig_pair_close(&p);
}
END_TEST

/* ---------------------------------------------------------------- errors */

static const struct {
	const char *text;
	int flag;
	int error;
} refused[] = {
	{ "127.0.0.2", ADD, -EINVAL }, /* is bound */
	{ "127.0.0.4/127.0.0.2", ADD, -EINVAL },
	{ "127.0.0.4", REM, -EINVAL }, /* is not */
	{ "127.0.0.2/127.0.0.4", REM, -EINVAL },
	{ "127.0.0.2/127.0.0.5", REM, -EINVAL }, /* all */
	{ "0.0.0.0", ADD, -EINVAL },
	{ "0.0.0.0", REM, -EINVAL },
	{ "::1", ADD, -EAFNOSUPPORT },
	{ "::1", REM, -EAFNOSUPPORT },
	{ "192.0.2.1", ADD, -EADDRNOTAVAIL },
	{ "127.0.0.4/192.0.2.1", ADD, -EADDRNOTAVAIL },
	{ "127.0.0.4", 0, -EINVAL },
	{ "127.0.0.4", 3, -EINVAL },
};
#define REFUSED ((int)(sizeof(refused) / sizeof(refused[0])))

START_TEST(what_cannot_be_bound_changes_nothing)
{
	struct gen_sctp_addr names[4];
	gen_sctp_socket_t s;

	if (!can_run())
		return;
	s = open_on("127.0.0.2/127.0.0.5:0");
	ck_assert_int_eq(bindx(s, refused[_i].text, refused[_i].flag),
			 refused[_i].error);
	ck_assert_int_eq(gen_sctp_socknames(s, 0, names, 4), 2);
	ck_assert(has_name(s, "127.0.0.2"));
	ck_assert(has_name(s, "127.0.0.5"));
	rig_close(s);
}
END_TEST

START_TEST(arguments_are_checked)
{
	struct gen_sctp_addr addr = rig_addr("127.0.0.4", 0);
	struct gen_sctp_addr twice[2] = { addr, addr };
	gen_sctp_socket_t s;

	if (!can_run())
		return;
	s = open_on("127.0.0.2:0");
	ck_assert_int_eq(gen_sctp_bindx(s, NULL, 1, ADD), -EINVAL);
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 0, ADD), -EINVAL);
	ck_assert_int_eq(gen_sctp_bindx(s, twice, 2, ADD), -EINVAL);
	addr.port = (uint16_t)(gen_sctp_port(s) ^ 1);
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 1, ADD), -EINVAL);
	addr.port ^= 1;
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 1, ADD), 0);
	addr.family = 9;
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 1, ADD), -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_bindx(0, &addr, 1, ADD), -EINVAL);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_bindx(s, &addr, 1, ADD), -EBADF);
}
END_TEST

START_TEST(a_socket_on_any_address_has_all_of_them)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	int error = rig_has_multihoming() ? -EINVAL : -EOPNOTSUPP;

	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), error);
	ck_assert_int_eq(bindx(s, "127.0.0.1", REM), error);
	rig_close(s);
}
END_TEST

START_TEST(an_address_of_another_socket_is_in_use)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(rig_addr("127.0.0.4", 0)),
	};
	gen_sctp_socket_t s, other;

	if (!can_run())
		return;
	s = open_on("127.0.0.2:0");
	other = rig_open(gen_sctp_port(s), opts, 1);
	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), -EADDRINUSE);
	rig_close(other);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), 0);
	rig_close(s);
}
END_TEST

/* ---------------------------------------------------------- peer's primary */

static struct gen_sctp_opt
peer_primary(gen_sctp_assoc_id_t assoc, const char *text)
{
	struct gen_sctp_setpeerprim record = {
		.assoc_id = assoc,
		.addr = rig_addr(text, 0),
	};

	return gen_sctp_opt_set_peer_primary_addr(record);
}

static int
set_peer_primary(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		 const char *text)
{
	struct gen_sctp_opt opt = peer_primary(assoc, text);

	return gen_sctp_setopts(s, &opt, 1, NULL);
}

static void
expect_primary(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, const char *text)
{
	struct gen_sctp_opt opt = gen_sctp_opt_primary_addr(
		(struct gen_sctp_prim){ .assoc_id = assoc });
	char printed[GEN_SCTP_ADDR_TEXT];

	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_str_eq(gen_sctp_addr_print(&opt.value.primary_addr.addr,
					     false, printed, sizeof(printed)),
			 text);
}

START_TEST(a_peer_can_be_asked_to_use_another_address)
{
	struct rig_pair p;

	if (!can_run())
		return;
	p.server = open_on("127.0.0.2/127.0.0.4:0");
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = open_on("127.0.0.3:0");
	rig_connect(&p, "127.0.0.2");
	expect_paddr(p.client, GEN_SCTP_ADDR_CONFIRMED, "127.0.0.4");
	expect_primary(p.client, p.client_assoc, "127.0.0.2");
	ck_assert_int_eq(
		set_peer_primary(p.server, p.server_assoc, "127.0.0.4"), 0);
	expect_paddr(p.client, GEN_SCTP_ADDR_MADE_PRIM, "127.0.0.4");
	expect_primary(p.client, p.client_assoc, "127.0.0.4");
	exchange(&p);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_peer_is_asked_for_addresses_of_ours_only)
{
	struct gen_sctp_opt opt;
	struct rig_pair p;

	if (!can_run())
		return;
	open_pair(&p);
	ck_assert_int_eq(
		set_peer_primary(p.server, p.server_assoc, "127.0.0.4"),
		-EADDRNOTAVAIL);
	ck_assert_int_eq(set_peer_primary(p.server, p.server_assoc, "0.0.0.0"),
			 -EADDRNOTAVAIL);
	ck_assert_int_eq(set_peer_primary(p.server, 0, "127.0.0.2"), -EINVAL);
	ck_assert_int_eq(
		set_peer_primary(p.server, p.client_assoc, "127.0.0.2"),
		-EINVAL);
	opt = peer_primary(p.server_assoc, "127.0.0.2");
	ck_assert_int_eq(gen_sctp_getopts(p.server, &opt, 1, NULL),
			 -ENOPROTOOPT);
	rig_pair_close(&p);
}
END_TEST

/* --------------------------------------------- a peer that knows no ASCONF */

#define RAW_PORT 7

START_TEST(a_peer_without_asconf_keeps_the_addresses_it_knows)
{
	static struct raw_peer raw;
	gen_sctp_assoc_id_t assoc;
	gen_sctp_socket_t s;

	if (!can_run())
		return;
	s = open_on("127.0.0.1:0");
	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	ck_assert(raw_open(&raw, "127.0.0.1", RAW_PORT, rig_udp_port(s),
			   gen_sctp_port(s)));
	ck_assert(raw_connect(&raw));
	assoc = rig_expect_change(s, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(set_peer_primary(s, assoc, "127.0.0.1"), -EPERM);
	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), 0);
	rig_send(s, assoc, 0, "hello", 5);
	ck_assert(raw_await_text(&raw, "hello", RAW_PATIENCE));
	ck_assert(raw_say(&raw, "hello"));
	rig_expect_text(s, "hello");
	rig_set(s, gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(s);
	raw_close(&raw);
}
END_TEST

START_TEST(a_peer_that_restarts_meanwhile_stays_the_same_association)
{
	static struct raw_peer raw;
	gen_sctp_assoc_id_t assoc;
	gen_sctp_socket_t s;

	if (!can_run())
		return;
	s = open_on("127.0.0.1:0");
	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	ck_assert(raw_open(&raw, "127.0.0.1", RAW_PORT, rig_udp_port(s),
			   gen_sctp_port(s)));
	ck_assert(raw_connect(&raw));
	assoc = rig_expect_change(s, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), 0);
	raw_reboot(&raw);
	ck_assert(raw_connect(&raw));
	ck_assert_uint_eq(rig_expect_change(s, GEN_SCTP_RESTART), assoc);
	rig_send(s, assoc, 0, "hello", 5);
	ck_assert(raw_await_text(&raw, "hello", RAW_PATIENCE));
	rig_set(s, gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(s);
	raw_close(&raw);
}
END_TEST

/* The engine alone gives up a reference to the path each time. */
START_TEST(an_asconf_without_answer_is_sent_again)
{
	static struct raw_peer raw;
	struct raw_chunk asconf;
	gen_sctp_assoc_id_t assoc;
	gen_sctp_socket_t s;
	int i;

	if (!can_run())
		return;
	s = open_on("127.0.0.1:0");
	with_heartbeats(s);
	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	ck_assert(raw_open(&raw, "127.0.0.1", RAW_PORT, rig_udp_port(s),
			   gen_sctp_port(s)));
	raw.auth = true;
	ck_assert(raw_connect(&raw));
	assoc = rig_expect_change(s, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(bindx(s, "127.0.0.4", ADD), 0);
	for (i = 0; i < 4; i++)
		ck_assert(raw_await(&raw, RAW_ASCONF, &asconf, RAW_PATIENCE));
	ck_assert(raw_say(&raw, "hello"));
	rig_expect_text(s, "hello");
	rig_send(s, assoc, 0, "hello", 5);
	ck_assert(raw_await_text(&raw, "hello", RAW_PATIENCE));
	rig_set(s, gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(s);
	raw_close(&raw);
}
END_TEST

/* ----------------------------------------------------- UDP ports of peers */

/* Its further addresses are at the UDP port that it set up the association
 * from, not where our own attempts go. */
START_TEST(a_peer_s_further_addresses_have_its_udp_port)
{
	static struct raw_peer raw;
	struct raw_chunk heartbeat;
	gen_sctp_socket_t s;

	if (!can_run())
		return;
	s = open_on("127.0.0.1:0");
	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	ck_assert(raw_open(&raw, "127.0.0.2", RAW_PORT, rig_udp_port(s),
			   gen_sctp_port(s)));
	ck_assert(raw_add_path(&raw, "127.0.0.3"));
	ck_assert(raw_connect(&raw));
	do
		ck_assert(raw_await(&raw, RAW_HEARTBEAT, &heartbeat,
				    RAW_PATIENCE));
	while (raw.in_fd != raw.fds[1]);
	rig_set(s, gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(s);
	raw_close(&raw);
}
END_TEST

static Suite *
bindx_suite(void)
{
	Suite *suite = suite_create("bindx");
	TCase *tc = tcase_create("bindx");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, peers_follow_the_addresses_of_a_server);
	tcase_add_test(tc, peers_follow_the_addresses_of_a_client);
	tcase_add_test(tc, an_address_can_come_back);
	tcase_add_test(tc, all_associations_are_told);
	tcase_add_test(tc, new_peers_find_a_server_at_its_new_address);
	tcase_add_test(tc, an_association_that_is_being_set_up_gets_it_too);
	tcase_add_test(tc, a_peeled_off_socket_changes_alone);
	tcase_add_test(tc, a_peeled_off_socket_outlives_its_parent);
	tcase_add_test(tc, both_families_can_be_bound);
	tcase_add_test(tc, a_closed_socket_s_last_change_harms_nobody);
	tcase_add_test(tc, data_flows_on_while_addresses_change);
	tcase_add_loop_test(tc, what_cannot_be_bound_changes_nothing, 0,
			    REFUSED);
	tcase_add_test(tc, arguments_are_checked);
	tcase_add_test(tc, a_socket_on_any_address_has_all_of_them);
	tcase_add_test(tc, an_address_of_another_socket_is_in_use);
	tcase_add_test(tc, a_peer_can_be_asked_to_use_another_address);
	tcase_add_test(tc, a_peer_is_asked_for_addresses_of_ours_only);
	tcase_add_test(tc, a_peer_without_asconf_keeps_the_addresses_it_knows);
	tcase_add_test(
		tc, a_peer_that_restarts_meanwhile_stays_the_same_association);
	tcase_add_test(tc, an_asconf_without_answer_is_sent_again);
	tcase_add_test(tc, a_peer_s_further_addresses_have_its_udp_port);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { bindx_suite, NULL };

	return run_suites(suites, argc, argv);
}
