/*
 * What peers can take up: the limit of memory for the associations that they
 * set up, what each is granted of it, and how it comes back.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "raw_peer.h"
#include "relay.h"
#include "runner.h"

#define LIMIT (16 << 20)
#define WHOLE (1 << 20) /* recbuf's default */
#define LEAST (64 << 10)
/* Three quarters of LIMIT, a 64th of it. */
#define FIRST (192 << 10)
/* More than LIMIT has room for. */
#define MANY (LIMIT / LEAST)

static void
limit(uint64_t bytes)
{
	ck_assert_int_eq(gen_sctp_set_memory_limit(bytes), 0);
}

static uint64_t
used(void)
{
	return rig_counter("memory_used");
}

static void
expect_nothing_used(void)
{
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_uint_eq(used(), 0);
}

/* As the peer sees it. */
static uint32_t
window(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	return rig_status(s, assoc).rwnd;
}

static void
abort_on_close(gen_sctp_socket_t s)
{
	struct gen_sctp_linger now = { .on = true, .seconds = 0 };

	rig_set(s, gen_sctp_opt_linger(now));
}

/* --------------------------------------------------------- many of a peer */

/* What the server made of it is known. */
struct verdict {
	gen_sctp_socket_t server;
	uint64_t refused; /* before */
};

static bool
is_known(void *arg)
{
	const struct verdict *v = arg;

	return gen_sctp_ready(v->server) & GEN_SCTP_POLL_IN ||
	       rig_counter("memory_refused") > v->refused;
}

/* Its ABORT comes behind the COOKIE ACK. */
static void
expect_refusal(gen_sctp_socket_t client, gen_sctp_socket_t server, int result)
{
	rig_expect_nothing(server);
	if (result == 0)
		rig_expect_change(client, GEN_SCTP_COMM_LOST);
	else
		ck_assert_int_eq(result, -ECONNREFUSED);
}

/* 0: it is refused, and the client told. */
static uint32_t
connect_one(gen_sctp_socket_t client, gen_sctp_socket_t server)
{
	struct verdict v = { server, rig_counter("memory_refused") };
	struct gen_sctp_assoc_change ac;
	int result;

	rig_aim(client, server);
	result = gen_sctp_connect(client, "127.0.0.1", gen_sctp_port(server),
				  NULL, 0, RIG_PATIENCE, &ac);
	ck_assert(rig_until(is_known, &v));
	if (rig_counter("memory_refused") > v.refused) {
		expect_refusal(client, server, result);
		return 0;
	}
	ck_assert_int_eq(result, 0);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	return window(client, ac.assoc_id);
}

struct crowd {
	gen_sctp_socket_t server, clients[MANY];
	uint32_t granted[MANY];
	int count; /* of those taken; one more client was refused */
};

static void
crowd_open(struct crowd *c)
{
	c->server = rig_listener();
	for (c->count = 0; c->count < MANY; c->count++) {
		c->clients[c->count] = rig_open(0, NULL, 0);
		c->granted[c->count] =
			connect_one(c->clients[c->count], c->server);
		if (c->granted[c->count] == 0)
			return;
	}
	ck_abort_msg("%d associations in %d bytes", MANY, LIMIT);
}

static void
crowd_close(struct crowd *c)
{
	int i;

	for (i = 0; i <= c->count; i++)
		rig_close(c->clients[i]);
	rig_close(c->server);
}

static struct crowd crowd;

START_TEST(the_first_get_much_later_ones_less_and_then_none_is_taken)
{
	uint64_t sum = 0;
	int i;

	limit(LIMIT);
	crowd_open(&crowd);
	ck_assert_uint_eq(crowd.granted[0], FIRST);
	ck_assert_uint_eq(crowd.granted[crowd.count - 1], LEAST);
	for (i = 0; i < crowd.count; i++) {
		sum += crowd.granted[i];
		ck_assert(i == 0 || crowd.granted[i] <= crowd.granted[i - 1]);
	}
	/* With 5 kB for the rest, and not twice that. */
	ck_assert_uint_ge(used(), sum + 5000 * (unsigned int)crowd.count);
	ck_assert_uint_le(used(), sum + 10000 * (unsigned int)crowd.count);
	ck_assert_uint_le(used(), LIMIT);
	ck_assert_uint_gt(used() + LEAST + 10000, LIMIT);
	crowd_close(&crowd);
	expect_nothing_used();
}
END_TEST

START_TEST(all_comes_back_however_often)
{
	int i, count = 0;

	limit(LIMIT);
	for (i = 0; i < 5; i++) {
		crowd_open(&crowd);
		ck_assert(count == 0 || crowd.count == count);
		count = crowd.count;
		crowd_close(&crowd);
		expect_nothing_used();
	}
}
END_TEST

START_TEST(one_that_ends_makes_room_for_another)
{
	gen_sctp_socket_t late = rig_open(0, NULL, 0);

	limit(LIMIT);
	crowd_open(&crowd);
	ck_assert_uint_eq(connect_one(late, crowd.server), 0);
	abort_on_close(crowd.clients[0]);
	rig_close(crowd.clients[0]);
	rig_expect_change(crowd.server, GEN_SCTP_COMM_LOST);
	crowd.clients[0] = late;
	ck_assert_uint_ge(connect_one(late, crowd.server), LEAST);
	crowd_close(&crowd);
	expect_nothing_used();
}
END_TEST

START_TEST(the_limit_is_for_all_sockets_together)
{
	struct gen_sctp_opt small = gen_sctp_opt_recbuf(20000);
	gen_sctp_socket_t second, late = rig_open(0, NULL, 0);

	limit(LIMIT);
	crowd_open(&crowd);
	second = rig_listener();
	ck_assert_uint_eq(connect_one(late, second), 0);
	/* It may be enough for a small one. */
	rig_set(second, small);
	ck_assert_uint_eq(connect_one(late, second), 20000);
	rig_close(late);
	rig_close(second);
	crowd_close(&crowd);
	expect_nothing_used();
}
END_TEST

/* ---------------------------------------------------------------- windows */

START_TEST(by_default_a_peer_is_granted_the_whole_buffer)
{
	struct gen_sctp_opt large = gen_sctp_opt_recbuf(8 << 20);
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_uint_eq(window(p.client, p.client_assoc), WHOLE);
	ck_assert_uint_eq(window(p.server, p.server_assoc), WHOLE);
	rig_pair_close(&p);
	p.server = rig_listener();
	rig_set(p.server, large);
	p.client = rig_open(0, NULL, 0);
	ck_assert_uint_eq(connect_one(p.client, p.server), 8 << 20);
	rig_pair_close(&p);
	expect_nothing_used();
}
END_TEST

/* A socket that told a peer less still announces all of it where it connects,
 * and that does not count. */
START_TEST(a_connect_of_ours_is_not_limited)
{
	gen_sctp_socket_t other = rig_listener();
	struct gen_sctp_assoc_change ac;
	uint64_t before;
	struct rig_pair p;

	limit(1 << 20);
	rig_pair_open(&p);
	ck_assert_uint_eq(window(p.client, p.client_assoc), LEAST);
	before = used();
	rig_aim(p.server, other);
	ck_assert_int_eq(gen_sctp_connect(p.server, "127.0.0.1",
					  gen_sctp_port(other), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	ck_assert_uint_eq(
		window(other, rig_expect_change(other, GEN_SCTP_COMM_UP)),
		WHOLE);
	ck_assert_uint_lt(used() - before, LEAST + 10000);
	rig_close(other);
	rig_pair_close(&p);
	expect_nothing_used();
}
END_TEST

static bool
is_bounded(void *arg)
{
	const struct rig_pair *p = arg;

	return window(p->client, p->client_assoc) <= LEAST;
}

/* The INIT ACK promised more than is left when the cookie is back. */
START_TEST(what_is_granted_counts_not_what_was_promised)
{
	struct gen_sctp_addr to;
	struct relay *r;
	struct rig_pair p;

	rig_pair_open_one_path(&p);
	r = relay_open(rig_udp_port(p.server), 0);
	rig_aim_at(p.client, relay_port_for_client(r));
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	relay_let(r, RELAY_TO_SERVER, 1);
	to = rig_addr("127.0.0.1", gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_connectx_init(p.client, &to, 1, NULL, 0,
						&p.client_assoc),
			 0);
	relay_await(r, RELAY_TO_SERVER, CHUNK_COOKIE_ECHO, 1);
	limit(1 << 20);
	relay_set(r, RELAY_TO_SERVER, RELAY_PASS);
	p.server_assoc = rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_change(p.client, GEN_SCTP_COMM_UP);
	ck_assert_uint_eq(window(p.client, p.client_assoc), WHOLE);
	ck_assert_uint_lt(used(), LEAST + 10000);
	rig_send(p.client, p.client_assoc, 0, "first", 5);
	rig_expect_text(p.server, "first");
	ck_assert(rig_until(is_bounded, &p));
	rig_pair_close_relayed(&p, r);
	expect_nothing_used();
}
END_TEST

/* ------------------------------------------------------------ the account */

/* The socket that has the association: the listening one, one peeled off. */
START_TEST(what_the_user_sets_counts_and_is_not_limited)
{
	gen_sctp_socket_t s, late = rig_open(0, NULL, 0);
	struct gen_sctp_opt got = gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF);
	struct rig_pair p;
	uint64_t before;

	limit(1 << 20);
	rig_pair_open(&p);
	before = used();
	s = p.server;
	if (_i == 1)
		ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &s),
				 0);
	rig_set(s, gen_sctp_opt_recbuf(4 << 20));
	ck_assert_uint_eq(used(), before + (4 << 20) - LEAST);
	ck_assert_int_eq(gen_sctp_getopts(s, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.number, 4 << 20);
	ck_assert_uint_eq(connect_one(late, p.server), 0);
	rig_set(s, gen_sctp_opt_recbuf(5000));
	ck_assert_uint_eq(used(), before + 5000 - LEAST);
	ck_assert_uint_gt(connect_one(late, p.server), 0);
	if (_i == 1)
		rig_close(s);
	rig_close(late);
	rig_pair_close(&p);
	expect_nothing_used();
}
END_TEST

START_TEST(a_socket_with_one_association_tells_what_that_has)
{
	struct gen_sctp_opt got = gen_sctp_opt_get(GEN_SCTP_OPT_RECBUF);
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	limit(1 << 20);
	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_getopts(p.server, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.number, WHOLE);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	ck_assert_int_eq(gen_sctp_getopts(peeled, &got, 1, NULL), 0);
	ck_assert_int_eq(got.value.number, LEAST);
	rig_close(peeled);
	rig_pair_close(&p);
	expect_nothing_used();
}
END_TEST

START_TEST(what_is_not_read_yet_is_still_taken)
{
	struct rig_pair p;

	rig_pair_open(&p);
	rig_send(p.client, p.client_assoc, 0, "unread", 6);
	rig_close(p.client);
	rig_await_end(p.server, p.server_assoc);
	ck_assert_uint_gt(used(), WHOLE);
	rig_expect_text(p.server, "unread");
	rig_expect_event(p.server, GEN_SCTP_SHUTDOWN,
			 &(struct gen_sctp_event){ 0 });
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_uint_eq(used(), 0);
	rig_close(p.server);
}
END_TEST

START_TEST(what_still_has_to_be_delivered_is_still_taken)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(p.server, p.server_assoc, 0, "late", 4);
	rig_close(p.server);
	ck_assert_uint_gt(used(), WHOLE);
	relay_set_both(r, RELAY_PASS);
	rig_expect_text(p.client, "late");
	expect_nothing_used();
	rig_close(p.client);
	relay_close(r);
}
END_TEST

/* The engine keeps outbound streams that the peer does not take too. */
START_TEST(streams_count)
{
	struct gen_sctp_initmsg many = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 1000,
	};
	struct gen_sctp_opt own = gen_sctp_opt_initmsg(many);
	gen_sctp_socket_t hub = rig_listener(), many_out, few_out;
	uint64_t in, out;

	many_out = rig_open(0, &own, 1);
	few_out = rig_open(0, NULL, 0);
	connect_one(many_out, hub);
	in = used();
	ck_assert_uint_gt(in, WHOLE + 5000 + 40 * 1000);
	rig_set(hub, own);
	connect_one(few_out, hub);
	out = used() - in;
	ck_assert_uint_gt(out, WHOLE + 5000 + 64 * 1000);
	rig_close(many_out);
	rig_close(few_out);
	rig_close(hub);
	expect_nothing_used();
}
END_TEST

/* --------------------------------------------------------------- restarts */

#define PEER_PORT 6000

static gen_sctp_socket_t server;
static struct raw_peer peer;

static gen_sctp_assoc_id_t
raw_peer_connects(void)
{
	server = rig_listener();
	abort_on_close(server);
	ck_assert(raw_open(&peer, "127.0.0.1", PEER_PORT, rig_udp_port(server),
			   gen_sctp_port(server)));
	ck_assert(raw_add_path(&peer, "127.0.0.2"));
	ck_assert(raw_connect(&peer));
	return rig_expect_change(server, GEN_SCTP_COMM_UP);
}

/* As one with fewer addresses, which makes a new association of it. */
static void
raw_peer_restarts(void)
{
	raw_reboot(&peer);
	peer.hides_paths = true;
	ck_assert(raw_connect(&peer));
}

static void
raw_peer_ends(void)
{
	rig_close(server);
	raw_close(&peer);
	expect_nothing_used();
}

START_TEST(a_restart_takes_its_own_share_and_the_old_one_comes_back)
{
	gen_sctp_assoc_id_t assoc;
	uint64_t before;

	if (!rig_has_multihoming())
		return;
	assoc = raw_peer_connects();
	before = used();
	raw_peer_restarts();
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART), assoc);
	ck_assert(raw_say(&peer, "again"));
	rig_expect_text(server, "again");
	ck_assert_uint_le(used(), before);
	raw_peer_ends();
}
END_TEST

START_TEST(a_restart_that_there_is_no_room_for_ends_the_association)
{
	gen_sctp_assoc_id_t assoc;

	if (!rig_has_multihoming())
		return;
	assoc = raw_peer_connects();
	limit(used() + 1);
	raw_peer_restarts();
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_COMM_LOST), assoc);
	rig_expect_nothing(server);
	ck_assert_uint_eq(used(), 0);
	ck_assert_uint_eq(rig_counter("memory_refused"), 1);
	raw_peer_ends();
}
END_TEST

/* -------------------------------------------------------------- the limit */

START_TEST(the_limit_can_be_changed_at_any_time)
{
	ck_assert_int_eq(gen_sctp_set_memory_limit(0), -EINVAL);
	ck_assert_uint_eq(rig_counter("memory_limit"),
			  sizeof(void *) > 4 ? UINT64_C(1) << 32
					     : UINT64_C(1) << 30);
	limit(UINT64_MAX);
	ck_assert_uint_eq(rig_counter("memory_limit"), UINT64_MAX);
	limit(12345);
	ck_assert_uint_eq(rig_counter("memory_limit"), 12345);
}
END_TEST

static const struct {
	const char *text;
	uint64_t bytes; /* 0: open fails */
} variables[] = {
	{ "70000", 70000 }, { "512M", 512 << 20 }, { "8G", UINT64_C(8) << 30 },
	{ "0", 0 },	    { "-1", 0 },	   { "much", 0 },
	{ "4 GiB", 0 },
};

START_TEST(the_environment_sets_the_limit_or_open_says_why_not)
{
	gen_sctp_socket_t s;

	setenv("GENSCTP_MEMORY_MAX", variables[_i].text, 1);
	if (variables[_i].bytes != 0) {
		ck_assert_uint_eq(rig_counter("memory_limit"),
				  variables[_i].bytes);
		limit(5);
		ck_assert_uint_eq(rig_counter("memory_limit"), 5);
		return;
	}
	ck_assert_int_eq(gen_sctp_open(0, NULL, 0, &s, NULL), -EINVAL);
	ck_assert_ptr_nonnull(
		strstr(gen_sctp_open_hint(), "GENSCTP_MEMORY_MAX"));
}
END_TEST

static void
add_grants(Suite *suite)
{
	TCase *tc = tcase_create("grants");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, the_first_get_much_later_ones_less_and_then_none_is_taken);
	tcase_add_test(tc, all_comes_back_however_often);
	tcase_add_test(tc, one_that_ends_makes_room_for_another);
	tcase_add_test(tc, the_limit_is_for_all_sockets_together);
	tcase_add_test(tc, by_default_a_peer_is_granted_the_whole_buffer);
	tcase_add_test(tc, a_connect_of_ours_is_not_limited);
	tcase_add_test(tc, what_is_granted_counts_not_what_was_promised);
	suite_add_tcase(suite, tc);
}

static void
add_account(Suite *suite)
{
	TCase *tc = tcase_create("account");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_the_user_sets_counts_and_is_not_limited, 0,
			    2);
	tcase_add_test(tc, a_socket_with_one_association_tells_what_that_has);
	tcase_add_test(tc, what_is_not_read_yet_is_still_taken);
	tcase_add_test(tc, what_still_has_to_be_delivered_is_still_taken);
	tcase_add_test(tc, streams_count);
	tcase_add_test(
		tc, a_restart_takes_its_own_share_and_the_old_one_comes_back);
	tcase_add_test(
		tc, a_restart_that_there_is_no_room_for_ends_the_association);
	tcase_add_test(tc, the_limit_can_be_changed_at_any_time);
	tcase_add_loop_test(tc,
			    the_environment_sets_the_limit_or_open_says_why_not,
			    0, (int)(sizeof(variables) / sizeof(variables[0])));
	suite_add_tcase(suite, tc);
}

static Suite *
memory_suite(void)
{
	Suite *suite = suite_create("memory");

	add_grants(suite);
	add_account(suite);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { memory_suite, NULL };

	return run_suites(suites, argc, argv);
}
