/*
 * Sockets: open, close, listen, and everything given to them that is wrong.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "runner.h"

#define CLOSED closed_socket()
#define NEVER UINT64_C(0x7700000077)

static gen_sctp_socket_t
closed_socket(void)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	rig_close(s);
	return s;
}

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

START_TEST(a_second_close_is_fine_and_other_calls_say_ebadf)
{
	gen_sctp_socket_t s = CLOSED, peeled;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct gen_sctp_assoc_change ac;
	struct gen_sctp_addr addr;
	gen_sctp_fd_t fd;
	char buf[10];

	ck_assert_int_eq(gen_sctp_close(s), 0);
	ck_assert_int_eq(gen_sctp_listen(s, 5), -EBADF);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", 5000, NULL, 0, 0, &ac),
			 -EBADF);
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1", 5000, NULL, 0, 0),
			 -EBADF);
	addr = rig_addr("127.0.0.1", 5000);
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0, NULL),
			 -EBADF);
	ck_assert_int_eq(gen_sctp_send(s, 1, 0, "x", 1), -EBADF);
	ck_assert_int_eq(gen_sctp_recv(s, buf, sizeof(buf), &msg, 0), -EBADF);
	ck_assert_int_eq(gen_sctp_eof(s, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_abort(s, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_peeloff(s, 1, &peeled), -EBADF);
	ck_assert_int_eq(gen_sctp_setopts(s, NULL, 0, NULL), -EBADF);
	ck_assert_int_eq(gen_sctp_getopts(s, NULL, 0, NULL), -EBADF);
	ck_assert_int_eq(gen_sctp_sockname(s, &addr), -EBADF);
	ck_assert_int_eq(gen_sctp_port(s), -EBADF);
	ck_assert_int_eq(gen_sctp_peername(s, &addr), -EBADF);
	ck_assert_int_eq(gen_sctp_socknames(s, 0, &addr, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_peernames(s, 0, &addr, 1), -EBADF);
	ck_assert_int_eq(gen_sctp_fd(s, GEN_SCTP_POLL_IN, &fd), -EBADF);
	ck_assert_int_eq(gen_sctp_ready(s), -EBADF);
}
END_TEST

START_TEST(what_never_was_a_socket_is_einval)
{
	rig_close(rig_open(0, NULL, 0));
	ck_assert_int_eq(gen_sctp_close(NEVER), -EINVAL);
	ck_assert_int_eq(gen_sctp_close(0), -EINVAL);
	ck_assert_int_eq(gen_sctp_listen(NEVER, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_port(0), -EINVAL);
}
END_TEST

START_TEST(calls_before_any_open_are_einval)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[10];

	ck_assert_int_eq(gen_sctp_close(1), -EINVAL);
	ck_assert_int_eq(gen_sctp_recv(1, buf, sizeof(buf), &msg, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_drain(0), 0);
}
END_TEST

START_TEST(null_and_ranges_are_einval)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), t;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct gen_sctp_addr addr = rig_addr("127.0.0.1", 0);
	struct gen_sctp_info info = { 0 };
	size_t bad;
	char buf[10];

	ck_assert_int_eq(gen_sctp_open(0, NULL, 0, NULL, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_open(-1, NULL, 0, &t, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_open(65536, NULL, 0, &t, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_open(0, NULL, 1, &t, &bad), -EINVAL);
	ck_assert_int_eq(gen_sctp_listen(s, -1), -EINVAL);
	ck_assert_int_eq(gen_sctp_connect(s, NULL, 1, NULL, 0, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect(s, "::1", 1, NULL, 0, 0, NULL),
			 -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", 0, NULL, 0, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", 65536, NULL, 0, 0,
					  NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", 1, NULL, 0, -2, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect(s, "127.0.0.1", 1, NULL, 1, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connectx_init(s, NULL, 1, NULL, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 0, NULL, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0, NULL),
			 -EINVAL); /* no port */
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 256, NULL, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_send(s, 1, 0, NULL, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_send(s, 1, 0, "x", 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_send(s, 1, -1, "x", 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_send(s, 1, 65536, "x", 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_sendmsg(s, NULL, NULL, "x", 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_recv(s, NULL, 1, &msg, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_recv(s, buf, 0, &msg, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_recv(s, buf, 1, NULL, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_recv(s, buf, 1, &msg, -2), -EINVAL);
	msg.size = 3;
	ck_assert_int_eq(gen_sctp_recv(s, buf, 1, &msg, 0), -EINVAL);
	ck_assert_int_eq(gen_sctp_peeloff(s, 1, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_setopts(s, NULL, 1, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_getopts(s, NULL, 1, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_sockname(s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_peername(s, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_socknames(s, 0, NULL, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_peernames(s, 0, NULL, 1), -EINVAL);
	ck_assert_int_eq(gen_sctp_fd(s, GEN_SCTP_POLL_IN, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_fd(s, 0, &(gen_sctp_fd_t){ 0 }), -EINVAL);
	ck_assert_int_eq(gen_sctp_drain(-2), -EINVAL);
	ck_assert_int_eq(gen_sctp_info(NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_info(&info), -EINVAL);
	ck_assert_int_eq(gen_sctp_counters(NULL, 1), -EINVAL);
	gen_sctp_msg_free(NULL);
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
	tcase_add_test(tc, a_second_close_is_fine_and_other_calls_say_ebadf);
	tcase_add_test(tc, what_never_was_a_socket_is_einval);
	tcase_add_test(tc, calls_before_any_open_are_einval);
	tcase_add_test(tc, null_and_ranges_are_einval);
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
