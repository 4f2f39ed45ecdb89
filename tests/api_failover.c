/*
 * Paths that fail and come back: what was sent arrives all the same, and soon.
 */
#include "api_rig.h"

#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define DARK_MS	 3000
#define RTO_MAX	 500
#define LEN	 1000
#define MESSAGES 200

static uint8_t out[LEN], in[LEN];

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
	ck_assert_int_lt(rig_now() - light, 6 * RTO_MAX);
	impair(NULL, "");
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
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { failover_suite, NULL };

	return run_suites(suites, argc, argv);
}
