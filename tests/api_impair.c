/*
 * A bad network inside the process: what was sent arrives all the same.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define MESSAGES 500
#define LONGEST	 4000
#define STREAMS	 8

static uint8_t out[LONGEST], in[LONGEST];

static void
impair(const char *local, const char *profile)
{
	ck_assert_int_eq(gen_sctp_impair(local, profile, NULL), 0);
}

static size_t
length_of(unsigned int n)
{
	return 1 + n * 37 % LONGEST;
}

static void
send_all(void *arg)
{
	const struct rig_pair *p = arg;

	for (unsigned int n = 0; n < MESSAGES; n++) {
		rig_fill(out, length_of(n), n);
		rig_send(p->client, p->client_assoc, (int)(n % STREAMS), out,
			 length_of(n));
	}
}

/* Each stream in order; streams overtake each other. */
static void
receive_all(gen_sctp_socket_t s)
{
	unsigned int next[STREAMS];
	struct gen_sctp_msg msg;
	unsigned int n;

	for (n = 0; n < STREAMS; n++)
		next[n] = n;
	for (unsigned int i = 0; i < MESSAGES; i++) {
		int len = rig_recv(s, in, sizeof(in), &msg);

		n = next[msg.info.stream];
		next[msg.info.stream] += STREAMS;
		ck_assert(msg.eor);
		ck_assert_uint_eq((size_t)len, length_of(n));
		ck_assert(rig_filled(in, length_of(n), n));
		gen_sctp_msg_free(&msg);
	}
}

/* Packets as on other networks than loopback. */
static void
make_ordinary(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	const struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMTU |
		       GEN_SCTP_PADDRPARAMS_FLAGS,
		.assoc_id = assoc,
		.pathmtu = 1500,
		.flags = GEN_SCTP_PMTUD_DISABLE,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(params));
}

/* Losses are found out soon. */
static void
open_quick(struct rig_pair *p)
{
	rig_pair_open(p);
	make_ordinary(p->client, p->client_assoc);
	make_ordinary(p->server, p->server_assoc);
	rig_impatient_assoc(p->client, p->client_assoc, 100);
	rig_impatient_assoc(p->server, p->server_assoc, 100);
}

static const struct {
	const char *profile;
	const char *counter; /* that tells that it happened */
} lines[] = {
	{ "loss=1%", "impair_lost" },
	{ "loss=5%,burst=3", "impair_lost" },
	{ "loss=20%", "impair_lost" },
	{ "reorder=20%", "impair_reordered" },
	{ "duplicate=20%", "impair_duplicated" },
	{ "corrupt=5%", "impair_corrupted" },
	{ "delay=5ms,jitter=5ms", "impair_passed" },
	{ "rate=50M,queue=64k,delay=1ms", "impair_passed" },
	{ "loss=2%,reorder=5%,duplicate=5%,corrupt=1%,delay=2ms,jitter=2ms",
	  "impair_duplicated" },
};

START_TEST(every_byte_arrives_over_a_bad_line)
{
	struct rig_thread sender;
	struct rig_pair p;

	open_quick(&p);
	impair(NULL, lines[_i].profile);
	rig_start(&sender, send_all, &p);
	receive_all(p.server);
	rig_join(&sender);
	ck_assert_uint_gt(rig_counter(lines[_i].counter), 0);
	impair(NULL, "");
	rig_pair_close(&p);
}
END_TEST

/* The last packets, too: the socket waits for them. */
START_TEST(what_is_under_way_when_sockets_are_closed_is_sent)
{
	struct rig_pair p;

	rig_pair_open(&p);
	impair(NULL, "delay=30ms");
	rig_send(p.client, p.client_assoc, 0, "late", 4);
	rig_close(p.client);
	rig_expect_text(p.server, "late");
	rig_close(p.server);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_uint_gt(rig_counter("impair_passed"), 0);
}
END_TEST

static bool
something_passed(void *arg)
{
	(void)arg;
	return rig_counter("impair_passed") > 0;
}

/* Longer than close waits; nobody else is there to send it then. */
START_TEST(what_is_late_after_the_last_close_is_sent_too)
{
	gen_sctp_socket_t s;

	impair(NULL, "delay=1500ms");
	s = rig_open(0, NULL, 0);
	rig_aim_at(s, rig_udp_port(s));
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1", 5000, NULL, 0,
					       RIG_PATIENCE),
			 0);
	rig_close(s);
	ck_assert_uint_eq(rig_counter("impair_passed"), 0);
	ck_assert(rig_until(something_passed, NULL));
}
END_TEST

START_TEST(in_the_dark_nothing_leaves_and_later_all_does)
{
	int64_t began;
	struct rig_pair p;

	open_quick(&p);
	began = rig_now();
	impair(NULL, "dark=0s-300ms");
	rig_send(p.client, p.client_assoc, 0, "through", 7);
	rig_expect_text(p.server, "through");
	ck_assert_int_ge(rig_now() - began, 300);
	ck_assert_uint_gt(rig_counter("impair_dark"), 0);
	impair(NULL, "");
	rig_pair_close(&p);
}
END_TEST

/* What client and server send differs in its source. */
START_TEST(one_address_can_be_bad_alone)
{
	static const char *const here[] = { "127.0.0.1", NULL };
	static const char *const there[] = { "127.0.0.2", NULL };
	struct rig_pair p;

	if (!rig_has_address("127.0.0.2"))
		return;
	p.server = rig_open_on(there);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open_on(here);
	rig_connect(&p, "127.0.0.2");
	impair("127.0.0.2", "loss=100%");
	rig_send(p.client, p.client_assoc, 0, "one way", 7);
	rig_expect_text(p.server, "one way");
	rig_send(p.server, p.server_assoc, 0, "the other", 9);
	rig_expect_nothing(p.client);
	impair("127.0.0.2", "");
	rig_expect_text(p.client, "the other");
	rig_pair_close(&p);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	size_t bad = 99;

	ck_assert_int_eq(gen_sctp_impair(NULL, NULL, &bad), -EINVAL);
	ck_assert_int_eq(gen_sctp_impair("nowhere", "", NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_impair(NULL, "loss=1%,gloss=2%", &bad),
			 -EINVAL);
	ck_assert_uint_eq(bad, 8);
}
END_TEST

START_TEST(the_environment_makes_it_bad_from_the_start)
{
	struct rig_pair p;

	setenv("GENSCTP_IMPAIR", "duplicate=100%", 1);
	rig_pair_open(&p);
	ck_assert_uint_gt(rig_counter("impair_duplicated"), 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_environment_that_is_no_profile_is_an_error_of_open)
{
	gen_sctp_socket_t s;

	setenv("GENSCTP_IMPAIR", "lossy", 1);
	ck_assert_int_eq(gen_sctp_open(0, NULL, 0, &s, NULL), -EINVAL);
	ck_assert_ptr_nonnull(strstr(gen_sctp_open_hint(), "GENSCTP_IMPAIR"));
}
END_TEST

static Suite *
impair_suite(void)
{
	Suite *suite = suite_create("impair");
	TCase *tc = tcase_create("impair");

	tcase_set_timeout(tc, 90);
	tcase_add_loop_test(tc, every_byte_arrives_over_a_bad_line, 0,
			    sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(tc, what_is_under_way_when_sockets_are_closed_is_sent);
	tcase_add_test(tc, what_is_late_after_the_last_close_is_sent_too);
	tcase_add_test(tc, in_the_dark_nothing_leaves_and_later_all_does);
	tcase_add_test(tc, one_address_can_be_bad_alone);
	tcase_add_test(tc, bad_arguments_are_refused);
	tcase_add_test(tc, the_environment_makes_it_bad_from_the_start);
	tcase_add_test(tc,
		       an_environment_that_is_no_profile_is_an_error_of_open);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { impair_suite, NULL };

	return run_suites(suites, argc, argv);
}
