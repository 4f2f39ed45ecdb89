/*
 * Asks for 5 streams, so that a message on stream 0 is sent and one on stream 5
 * fails, then aborts the association, which the server sees: the client at the
 * end of the gen_sctp manual.
 *
 *     sctp_client [HOST [PORT [UDP_PORT [PAUSE_MS]]]]
 *                                          (localhost, 2006, 9899, 10000)
 */
#include <gensctp.h>
#include <stdio.h>
#include <stdlib.h>

static const char *
outcome(int result)
{
	return result == 0 ? "ok" : gen_sctp_strerror(result);
}

/* Receives until nothing has come for so long. */
static void
rest(gen_sctp_socket_t s, int pause_ms)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[1024];
	int n;

	do {
		n = gen_sctp_recv(s, buf, sizeof(buf), &msg, pause_ms);
		gen_sctp_msg_free(&msg);
	} while (n >= 0 || n == GEN_SCTP_EEVENT);
}

static void
talk(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, int pause_ms)
{
	printf("%s\n", outcome(gen_sctp_send(s, assoc, 0, "Test 0", 6)));
	rest(s, pause_ms);
	printf("%s\n", outcome(gen_sctp_send(s, assoc, 5, "Test 5", 6)));
	rest(s, pause_ms);
	printf("%s\n", outcome(gen_sctp_abort(s, assoc)));
	rest(s, pause_ms / 10);
}

int
main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "localhost";
	const char *port = argc > 2 ? argv[2] : "2006";
	const char *udp_port = argc > 3 ? argv[3] : "9899";
	const char *pause_ms = argc > 4 ? argv[4] : "10000";
	struct gen_sctp_initmsg initmsg = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 5,
	};
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_opt opts[2];
	struct gen_sctp_assoc_change assoc;
	gen_sctp_socket_t s;
	int result;

	result = gen_sctp_open(0, NULL, 0, &s, NULL);
	if (result != 0) {
		fprintf(stderr, "open: %s\n", gen_sctp_strerror(result));
		return 1;
	}
	opts[0] = gen_sctp_opt_initmsg(initmsg);
	opts[1] = gen_sctp_opt_udp_encaps(udp);
	result = gen_sctp_connect(s, host, (int)strtol(port, NULL, 10), opts, 2,
				  -1, &assoc);
	if (result != 0) {
		fprintf(stderr, "%s: %s\n", host, gen_sctp_strerror(result));
		return 1;
	}
	printf("Connection Successful, Assoc=%u, %u streams out, %u in\n",
	       assoc.assoc_id, assoc.outbound_streams, assoc.inbound_streams);

	talk(s, assoc.assoc_id, (int)strtol(pause_ms, NULL, 10));
	gen_sctp_close(s);
	return 0;
}
