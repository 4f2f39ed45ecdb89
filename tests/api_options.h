/*
 * The parts of tests/api_options.
 */
#ifndef API_OPTIONS_H
#define API_OPTIONS_H

#include <errno.h>
#include <string.h>

#include "api_rig.h"
#include "runner.h"

/* The association. */
extern struct rig_pair pair;

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Tests that begin with an association; each with _i = 0 .. times - 1. */
#define ADD_TESTS(suite, tests, times) \
	add_tests(suite, #tests, tests, COUNT(tests), times)
void add_tests(Suite *suite, const char *name, const TTest *const *tests, int n,
	       int times);

int set(gen_sctp_socket_t s, struct gen_sctp_opt opt);
int get(gen_sctp_socket_t s, struct gen_sctp_opt *opt);
/* get that must work. */
struct gen_sctp_opt got(gen_sctp_socket_t s, struct gen_sctp_opt opt);
int64_t number_of(gen_sctp_socket_t s, enum gen_sctp_opt_name name);

/* udp_encaps with a remote port only. */
struct gen_sctp_opt remote_udp_port(int port);
gen_sctp_assoc_id_t connect_to(gen_sctp_socket_t s, gen_sctp_socket_t server);

struct gen_sctp_status status(gen_sctp_socket_t s, gen_sctp_assoc_id_t id);
struct gen_sctp_paddrinfo
path_info(gen_sctp_socket_t s, struct gen_sctp_addr addr);

suite_fn options_suite, options_assoc_suite, options_data_suite,
	options_ip_suite, options_path_suite, options_speed_suite;

#endif
