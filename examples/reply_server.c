/*
 * Prints every message that it receives and answers it, as the sample server of
 * Perl's Net::SCTP does: on one socket for all its peers (one-to-many), or with
 * -1 on a socket for each of them, one after the other (one-to-one).
 *
 *     reply_server [-1] [ADDRESSES [UDP_PORT]]         (":5556", 9899)
 *
 * ADDRESSES are those it has: "192.0.2.1/192.0.2.2:5556" is several of one
 * host.
 */
#include <gensctp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
failed(const char *what, int result)
{
	fprintf(stderr, "%s: %s\n", what, gen_sctp_strerror(result));
	return 1;
}

static int
open_listener(const char *addresses, const char *udp_port, bool one_to_one,
	      gen_sctp_socket_t *s)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_opt opts[2];
	struct gen_sctp_addrs local;
	int result = gen_sctp_addrs_parse("sctp", addresses,
					  GEN_SCTP_ADDRS_LISTEN, 5000, &local);

	opts[0] = gen_sctp_opt_type(one_to_one ? GEN_SCTP_STREAM
					       : GEN_SCTP_SEQPACKET);
	opts[1] = gen_sctp_opt_udp_encaps(udp);
	if (result == 0)
		result = gen_sctp_open_addrs(&local, NULL, opts, 2, s, NULL);
	return result != 0 ? result : gen_sctp_listen(*s, 5);
}

/* Until the end of a one-to-one socket; for ever on another. */
static void
answer_all(gen_sctp_socket_t s)
{
	static const char answer[] = "I am the Server!!";
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char from[GEN_SCTP_ADDR_TEXT];
	char data[65536];
	int n;

	do {
		n = gen_sctp_recv(s, data, sizeof(data), &msg, -1);
		if (msg.kind == GEN_SCTP_MSG_DATA) {
			printf("%s\nReceiving Message: %.*s\nSize of: %d\n",
			       gen_sctp_addr_print(&msg.from, true, from,
						   sizeof(from)),
			       n, data, n);
			fflush(stdout);
			gen_sctp_send(s, msg.info.assoc_id, 0, answer,
				      strlen(answer));
		}
		gen_sctp_msg_free(&msg);
	} while (msg.kind != GEN_SCTP_MSG_EOF &&
		 (n >= 0 || n == GEN_SCTP_EEVENT));
}

static void
accept_all(gen_sctp_socket_t listener)
{
	gen_sctp_socket_t s;

	while (gen_sctp_accept(listener, -1, &s, NULL) == 0) {
		answer_all(s);
		gen_sctp_close(s);
	}
}

int
main(int argc, char **argv)
{
	bool one_to_one = argc > 1 && strcmp(argv[1], "-1") == 0;
	char **args = argv + (one_to_one ? 1 : 0);
	int n = argc - (one_to_one ? 1 : 0);
	const char *addresses = n > 1 ? args[1] : ":5556";
	struct gen_sctp_opt udp = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);
	gen_sctp_socket_t s;
	int result = open_listener(addresses, n > 2 ? args[2] : "9899",
				   one_to_one, &s);

	if (result != 0)
		return failed(addresses, result);
	gen_sctp_getopts(s, &udp, 1, NULL);
	printf("Listening on %s, UDP port %d\n", addresses,
	       udp.value.udp_encaps.local_port);
	fflush(stdout);
	if (one_to_one)
		accept_all(s);
	else
		answer_all(s);
	gen_sctp_close(s);
	return 0;
}
