/*
 * A program of many sockets for the tests of gensctp status: so many clients
 * with an association each to one listening socket of the same process.
 *
 *   plain_many CLIENTS
 *
 * It says "ready" when they are up, and ends with its standard input.
 */
#include <gensctp.h>
#include <stdio.h>
#include <stdlib.h>

static void
must(const char *what, int result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, gen_sctp_strerror(result));
	exit(1);
}

static gen_sctp_socket_t
open_with(int port, struct gen_sctp_udp_encaps udp)
{
	const struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip((struct gen_sctp_addr){
			.family = GEN_SCTP_INET, .ip = { 127, 0, 0, 1 } }),
		gen_sctp_opt_udp_encaps(udp),
	};
	gen_sctp_socket_t s = 0;

	must("open", gen_sctp_open(port, opts, 2, &s, NULL));
	return s;
}

int
main(int argc, char **argv)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT
	};
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);
	struct gen_sctp_assoc_change up;
	gen_sctp_socket_t s = open_with(5000, udp);
	int left;

	if (argc != 2)
		return 2;
	must("listen", gen_sctp_listen(s, 5));
	must("getopts", gen_sctp_getopts(s, &opt, 1, NULL));
	udp.set |= GEN_SCTP_UDP_ENCAPS_REMOTE_PORT;
	udp.remote_port = opt.value.udp_encaps.local_port;
	for (left = atoi(argv[1]); left > 0; left--)
		must("connect", gen_sctp_connect(open_with(0, udp), "127.0.0.1",
						 5000, NULL, 0, 10000, &up));
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
