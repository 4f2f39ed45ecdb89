/*
 * Socket options: values (api_options.c), what they do to associations
 * (api_options_assoc.c), to data (api_options_data.c), to IP
 * headers (api_options_ip.c), to paths (api_options_path.c) and to speed
 * (api_options_speed.c).
 */
#include "api_options.h"

struct rig_pair pair;

static void
open_pair(void)
{
	rig_pair_open(&pair);
}

static void
close_pair(void)
{
	rig_pair_close(&pair);
	gen_sctp_drain(RIG_PATIENCE);
}

void
add_tests(Suite *suite, const char *name, const TTest *const *tests, int n,
	  int times)
{
	TCase *tc = tcase_create(name);
	int i;

	tcase_add_checked_fixture(tc, open_pair, close_pair);
	tcase_set_timeout(tc, 60);
	for (i = 0; i < n; i++)
		tcase_add_loop_test(tc, tests[i], 0, times);
	suite_add_tcase(suite, tc);
}

int
set(gen_sctp_socket_t s, struct gen_sctp_opt opt)
{
	return gen_sctp_setopts(s, &opt, 1, NULL);
}

int
get(gen_sctp_socket_t s, struct gen_sctp_opt *opt)
{
	return gen_sctp_getopts(s, opt, 1, NULL);
}

struct gen_sctp_opt
got(gen_sctp_socket_t s, struct gen_sctp_opt opt)
{
	ck_assert_int_eq(get(s, &opt), 0);
	return opt;
}

int64_t
number_of(gen_sctp_socket_t s, enum gen_sctp_opt_name name)
{
	return got(s, gen_sctp_opt_get(name)).value.number;
}

struct gen_sctp_opt
remote_udp_port(int port)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = (uint16_t)port,
	};

	return gen_sctp_opt_udp_encaps(udp);
}

gen_sctp_assoc_id_t
connect_to(gen_sctp_socket_t s, gen_sctp_socket_t server)
{
	struct rig_pair p = { .client = s, .server = server };

	rig_connect(&p, "127.0.0.1");
	return p.client_assoc;
}

struct gen_sctp_status
status(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);

	opt.value.status.assoc_id = id;
	return got(s, opt).value.status;
}

struct gen_sctp_paddrinfo
path_info(gen_sctp_socket_t s, struct gen_sctp_addr addr)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_GET_PEER_ADDR_INFO);

	opt.value.get_peer_addr_info.address = addr;
	return got(s, opt).value.get_peer_addr_info;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = {
		options_suite,
		options_assoc_suite,
		options_data_suite,
		options_ip_suite,
		options_path_suite,
		options_speed_suite,
		NULL,
	};

	return run_suites(suites, argc, argv);
}
