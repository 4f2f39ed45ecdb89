/*
 * Paths that fail and come back: what was sent arrives all the same, and soon.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

#define DARK_MS	 3000
#define RTO_MAX	 500
#define LEN	 1000
#define MESSAGES 200

static uint8_t out[LEN];

static void
impair(const char *local, const char *profile)
{
	ck_assert_int_eq(gen_sctp_impair(local, profile, NULL), 0);
}

/* Packets as on other networks than loopback, losses found out soon; all else
 * as it is by default. */
static void
make_quick(gen_sctp_socket_t s)
{
	const struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMTU |
		       GEN_SCTP_PADDRPARAMS_FLAGS,
		.pathmtu = 1500,
		.flags = GEN_SCTP_PMTUD_DISABLE,
	};
	const struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MAX |
		       GEN_SCTP_RTOINFO_MIN,
		.initial = 100,
		.max = RTO_MAX,
		.min = 100,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(params));
	rig_set(s, gen_sctp_opt_rtoinfo(rto));
}

static void
open_quick(struct rig_pair *p)
{
	static const char *const one[] = { "127.0.0.1", NULL };

	p->server = rig_open_on(one);
	p->client = rig_open_on(one);
	make_quick(p->server);
	make_quick(p->client);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	rig_connect(p, "127.0.0.1");
}

static void
send_all(const struct rig_pair *p)
{
	for (unsigned int n = 0; n < MESSAGES; n++) {
		rig_fill(out, LEN, n);
		rig_send(p->client, p->client_assoc, 0, out, LEN);
	}
}

static void
expect_all(const struct rig_pair *p)
{
	for (unsigned int n = 0; n < MESSAGES; n++) {
		rig_fill(out, LEN, n);
		rig_expect_data(p->server, out, LEN);
	}
}

static bool
is_dormant(void *arg)
{
	const struct rig_pair *p = arg;

	return rig_status(p->client, p->client_assoc).primary.state ==
	       GEN_SCTP_PATH_INACTIVE;
}

#define HEARTBEAT_INTERVAL 30000 /* ms; the default */

/* More waits than is in flight: it must not wait for the heartbeat interval. */
START_TEST(a_dormant_association_goes_on_when_its_path_does)
{
	struct rig_pair p;
	int64_t light;

	open_quick(&p);
	light = rig_now() + DARK_MS;
	impair(NULL, "dark=0s-3s");
	send_all(&p);
	ck_assert(rig_until(is_dormant, &p));
	ck_assert_int_lt(rig_now(), light);
	expect_all(&p);
	printf("# after %d ms of light\n", (int)(rig_now() - light));
	ck_assert_int_lt(rig_now() - light, HEARTBEAT_INTERVAL / 2);
	impair(NULL, "");
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------- two paths */

/* IPv4 and IPv6: what an association sends over one cannot go over the other.
 * At 7 Mbit/s 10 MB take longer than both are dark; the second is once both
 * sides know that the first is back. */
#define PRIMARY	       "127.0.0.1"
#define SECOND	       "::1"
#define SLOW	       "rate=7M,queue=64k"
#define PRIMARY_IS     SLOW ",dark=500ms-5500ms"
#define SECOND_IS      SLOW
#define SECOND_IS_DARK SLOW ",dark=0s-5s"

#define STREAMS	     8
#define TRANSFER     5300
#define TRANSFER_MIN 10000000 /* bytes of them all */
#define LONGEST	     4000
#define PATH_EVENTS  4
#define PRIMARY_BACK 2 /* after so many of them */

static const struct {
	uint8_t family;
	enum gen_sctp_paddr_change_state state;
} path_events[PATH_EVENTS] = {
	{ GEN_SCTP_INET, GEN_SCTP_ADDR_UNREACHABLE },
	{ GEN_SCTP_INET, GEN_SCTP_ADDR_AVAILABLE },
	{ GEN_SCTP_INET6, GEN_SCTP_ADDR_UNREACHABLE },
	{ GEN_SCTP_INET6, GEN_SCTP_ADDR_AVAILABLE },
};

/* What one side has seen so far. */
struct side {
	gen_sctp_socket_t socket;
	size_t events;
	unsigned int next[STREAMS]; /* the message that is next there */
	size_t messages, bytes;
	int64_t last, longest_gap; /* between two messages, ms */
};

/* The fast profile of docs/multihoming.md. */
static void
make_fast(gen_sctp_socket_t s)
{
	const struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MAX |
		       GEN_SCTP_RTOINFO_MIN,
		.initial = 200,
		.max = 250,
		.min = 50,
	};
	const struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL |
		       GEN_SCTP_PADDRPARAMS_PATHMAXRXT |
		       GEN_SCTP_PADDRPARAMS_SACKDELAY |
		       GEN_SCTP_PADDRPARAMS_PATHMTU |
		       GEN_SCTP_PADDRPARAMS_FLAGS,
		.hbinterval = 300,
		.pathmaxrxt = 3,
		.sackdelay = 20,
		.pathmtu = 1500,
		.flags = GEN_SCTP_HB_ENABLE | GEN_SCTP_PMTUD_DISABLE,
	};

	rig_set(s, gen_sctp_opt_rtoinfo(rto));
	rig_set(s, gen_sctp_opt_peer_addr_params(params));
}

static bool
both_paths_are_active(void *arg)
{
	const struct rig_pair *p = arg;
	struct gen_sctp_path paths[2];

	return gen_sctp_paths(p->client, p->client_assoc, paths, 2) == 2 &&
	       paths[0].info.state == GEN_SCTP_PATH_ACTIVE &&
	       paths[1].info.state == GEN_SCTP_PATH_ACTIVE;
}

static void
open_two_paths(struct rig_pair *p)
{
	static const char *const both[] = { PRIMARY, SECOND, NULL };

	p->server = rig_open_on(both);
	p->client = rig_open_on(both);
	make_fast(p->server);
	make_fast(p->client);
	ck_assert_int_eq(gen_sctp_listen(p->server, 5), 0);
	rig_connect(p, PRIMARY);
	ck_assert(rig_until(both_paths_are_active, p));
}

static size_t
length_of(unsigned int n)
{
	return 1 + n * 37 % LONGEST;
}

static void
transfer(void *arg)
{
	static uint8_t bytes[LONGEST];
	const struct rig_pair *p = arg;

	for (unsigned int n = 0; n < TRANSFER; n++) {
		rig_fill(bytes, length_of(n), n);
		rig_send(p->client, p->client_assoc, (int)(n % STREAMS), bytes,
			 length_of(n));
	}
}

static void
take_path_event(struct side *side, const struct gen_sctp_paddr_change *change)
{
	if (change->state == GEN_SCTP_ADDR_CONFIRMED)
		return;
	ck_assert_uint_lt(side->events, PATH_EVENTS);
	ck_assert_str_eq(
		gen_sctp_paddr_change_name(change->state),
		gen_sctp_paddr_change_name(path_events[side->events].state));
	ck_assert_int_eq(change->addr.family, path_events[side->events].family);
	side->events++;
}

/* Streams overtake each other; each is in order. */
static void
take_data(struct side *side, const struct gen_sctp_msg *msg, const void *data,
	  size_t len)
{
	unsigned int n =
		side->next[msg->info.stream] * STREAMS + msg->info.stream;
	int64_t now = rig_now();

	ck_assert(msg->eor);
	ck_assert_uint_eq(len, length_of(n));
	ck_assert(rig_filled(data, len, n));
	side->next[msg->info.stream]++;
	side->messages++;
	side->bytes += len;
	if (side->last > 0 && now - side->last > side->longest_gap)
		side->longest_gap = now - side->last;
	side->last = now;
}

/* False: there is nothing, and it is not to wait. */
static bool
take(struct side *side, int timeout)
{
	static uint8_t bytes[LONGEST];
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int n = gen_sctp_recv(side->socket, bytes, sizeof(bytes), &msg,
			      timeout);

	if (timeout == 0 && n == -ETIMEDOUT)
		return false;
	ck_assert_int_ge(n, 0);
	if (msg.kind == GEN_SCTP_MSG_DATA)
		take_data(side, &msg, bytes, (size_t)n);
	else if (msg.event.type == GEN_SCTP_PADDR_CHANGE)
		take_path_event(side, &msg.event.u.paddr_change);
	gen_sctp_msg_free(&msg);
	return true;
}

static void
take_all(struct side *server, struct side *client)
{
	bool second_next = true;

	while (server->messages < TRANSFER || server->events < PATH_EVENTS) {
		take(server, RIG_PATIENCE);
		while (take(client, 0))
			;
		if (second_next && server->events == PRIMARY_BACK &&
		    client->events == PRIMARY_BACK) {
			impair(SECOND, SECOND_IS_DARK);
			second_next = false;
		}
	}
}

/* The primary also when it was back: before, it had half a second. */
static void
expect_both_used(const struct rig_pair *p)
{
	struct gen_sctp_path paths[2];

	ck_assert_int_eq(gen_sctp_paths(p->client, p->client_assoc, paths, 2),
			 2);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_gt(paths[i].bytes_out, TRANSFER_MIN / 10);
		ck_assert_int_eq(paths[i].primary,
				 paths[i].info.address.family == GEN_SCTP_INET);
	}
}

START_TEST(a_transfer_goes_on_while_either_path_is_dark)
{
	struct rig_thread sender;
	struct rig_pair p;
	struct side server = { 0 }, client = { 0 };

	if (!rig_has_multihoming() || !rig_has_address(SECOND))
		return;
	open_two_paths(&p);
	server.socket = p.server;
	client.socket = p.client;
	impair(PRIMARY, PRIMARY_IS);
	impair(SECOND, SECOND_IS);
	rig_start(&sender, transfer, &p);
	take_all(&server, &client);
	rig_join(&sender);
	while (client.events < PATH_EVENTS)
		take(&client, RIG_PATIENCE);
	ck_assert_uint_ge(server.bytes, TRANSFER_MIN);
	printf("# longest pause: %d ms\n", (int)server.longest_gap);
	expect_both_used(&p);
	impair(PRIMARY, "");
	impair(SECOND, "");
	rig_pair_close(&p);
}
END_TEST

static Suite *
failover_suite(void)
{
	Suite *suite = suite_create("failover");
	TCase *tc = tcase_create("failover");

	tcase_set_timeout(tc, 90);
	tcase_add_test(tc, a_dormant_association_goes_on_when_its_path_does);
	tcase_add_test(tc, a_transfer_goes_on_while_either_path_is_dark);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { failover_suite, NULL };

	return run_suites(suites, argc, argv);
}
