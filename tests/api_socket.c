/*
 * Sockets: open, and what it leaves when they are closed.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "runner.h"

START_TEST(a_port_is_chosen_when_none_is_given)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_addr addr;

	ck_assert_int_gt(gen_sctp_port(s), 0);
	ck_assert_int_eq(gen_sctp_sockname(s, &addr), 0);
	ck_assert_int_eq(addr.port, gen_sctp_port(s));
	ck_assert_int_eq(addr.family, GEN_SCTP_INET);
	ck_assert_int_gt(rig_udp_port(s), 0);
	rig_close(s);
}
END_TEST

START_TEST(the_sctp_port_asked_for_is_the_one_bound)
{
	gen_sctp_socket_t s = rig_open(2905, NULL, 0);

	ck_assert_int_eq(gen_sctp_port(s), 2905);
	rig_close(s);
}
END_TEST

START_TEST(a_udp_port_in_use_is_refused_with_a_hint)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), second;
	struct gen_sctp_udp_encaps same = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	struct gen_sctp_opt opt;
	int port = rig_udp_port(s);

	/* Inside the process UDP ports are shared: SCTP ports tell apart. */
	same.local_port = (uint16_t)port;
	opt = gen_sctp_opt_udp_encaps(same);
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &second, NULL), 0);
	ck_assert_int_eq(rig_udp_port(second), port);
	rig_close(second);
	/* The same SCTP port is not. */
	ck_assert_int_eq(gen_sctp_open(gen_sctp_port(s), &opt, 1, &second,
				       NULL),
			 -EADDRINUSE);
	ck_assert_str_ne(gen_sctp_open_hint(), "");
	ck_assert_uint_eq(second, 0);
	rig_close(s);
}
END_TEST

START_TEST(addresses_that_are_not_this_hosts_are_refused)
{
	struct gen_sctp_opt opt = gen_sctp_opt_ip(rig_addr("192.0.2.1", 0));
	gen_sctp_socket_t s;
	size_t bad;

	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &s, &bad), -EADDRNOTAVAIL);
	opt = gen_sctp_opt_ip(rig_addr("127.0.0.1", 0));
	ck_assert_int_eq(gen_sctp_open(0, (struct gen_sctp_opt[]){
						  gen_sctp_opt_family(
							  GEN_SCTP_INET),
						  gen_sctp_opt_ip(rig_addr(
							  "::1", 0)) },
				       2, &s, &bad),
			 -EAFNOSUPPORT);
}
END_TEST

START_TEST(a_thousand_sockets_one_after_the_other_leave_nothing)
{
	int i, threads, descriptors;

	rig_close(rig_open(0, NULL, 0));
	threads = rig_threads();
	descriptors = rig_descriptors();
	for (i = 0; i < 1000; i++)
		rig_close(rig_open(0, NULL, 0));
	ck_assert(rig_settles_at(threads, descriptors));
}
END_TEST

static Suite *
socket_suite(void)
{
	Suite *suite = suite_create("socket");
	TCase *tc = tcase_create("socket");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_port_is_chosen_when_none_is_given);
	tcase_add_test(tc, the_sctp_port_asked_for_is_the_one_bound);
	tcase_add_test(tc, a_udp_port_in_use_is_refused_with_a_hint);
	tcase_add_test(tc, addresses_that_are_not_this_hosts_are_refused);
	tcase_add_test(tc,
		       a_thousand_sockets_one_after_the_other_leave_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { socket_suite, NULL };

	return run_suites(suites, argc, argv);
}
