/*
 * Sends a message to reply_server and prints the answer, as the sample client
 * of Perl's Net::SCTP does.
 *
 *     reply_client ADDRESSES [UDP_PORT]                (9899)
 *
 * ADDRESSES are the peer's: "192.0.2.1/192.0.2.2:5556" is several of one host.
 */
#include <gensctp.h>
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
connect_to(const char *addresses, const char *udp_port, gen_sctp_socket_t *s)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_opt opts[2];
	struct gen_sctp_addrs peer;
	int result = gen_sctp_addrs_parse("sctp", addresses,
					  GEN_SCTP_ADDRS_DIAL, 5000, &peer);

	opts[0] = gen_sctp_opt_type(GEN_SCTP_STREAM);
	opts[1] = gen_sctp_opt_udp_encaps(udp);
	if (result == 0)
		result = gen_sctp_open_addrs(NULL, &peer, opts, 2, s, NULL);
	return result != 0 ? result
			   : gen_sctp_connect_addrs(*s, &peer, NULL, 0, 10000,
						    NULL);
}

/* What is not data is an event: an address that was confirmed. */
static int
receive(gen_sctp_socket_t s, char *data, size_t size)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int n;

	do {
		n = gen_sctp_recv(s, data, size, &msg, 10000);
		gen_sctp_msg_free(&msg);
	} while (n >= 0 && msg.kind == GEN_SCTP_MSG_EVENT);
	return n;
}

int
main(int argc, char **argv)
{
	static const char message[] = "I am the Client!!";
	char answer[65536];
	gen_sctp_socket_t s;
	int result;

	if (argc < 2) {
		fprintf(stderr, "usage: reply_client ADDRESSES [UDP_PORT]\n");
		return 2;
	}
	result = connect_to(argv[1], argc > 2 ? argv[2] : "9899", &s);
	if (result != 0)
		return failed(argv[1], result);
	/* A one-to-one socket has one association: its id is not needed. */
	result = gen_sctp_send(s, 0, 0, message, strlen(message));
	if (result != 0)
		return failed("send", result);
	result = receive(s, answer, sizeof(answer));
	if (result < 0)
		return failed("recv", result);
	printf("Received message: %.*s\nSize of: %d\n", result, answer, result);
	gen_sctp_close(s);
	return 0;
}
