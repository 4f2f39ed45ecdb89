/*
 * An echo server with poll(2): a socket's descriptor stands beside any others
 * in a program's own loop. Ends at the end of standard input.
 *
 *     poll_echo [PORT [UDP_PORT]]                             (2006, 9899)
 */
#include <errno.h>
#include <gensctp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
failed(const char *what, int result)
{
	fprintf(stderr, "%s: %s\n", what, gen_sctp_strerror(result));
	return 1;
}

static int
open_server(int port, const char *udp_port, gen_sctp_socket_t *s)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_opt opt = gen_sctp_opt_udp_encaps(udp);
	int result = gen_sctp_open(port, &opt, 1, s, NULL);

	if (result == 0)
		result = gen_sctp_listen(*s, 5);
	return result;
}

static void
tell_ports(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	gen_sctp_getopts(s, &opt, 1, NULL);
	printf("Listening on port %d, UDP port %u\n", gen_sctp_port(s),
	       opt.value.udp_encaps.local_port);
	fflush(stdout);
}

static void
send_back(gen_sctp_socket_t s, const struct gen_sctp_msg *msg, const void *data)
{
	struct gen_sctp_sndrcvinfo info = {
		.stream = msg->info.stream,
		.ppid = msg->info.ppid,
		.assoc_id = msg->info.assoc_id,
	};
	int result = gen_sctp_sendmsg(s, &info, NULL, data, msg->len);

	if (result != 0)
		failed("send", result);
}

/* Takes all there is; -ETIMEDOUT when there is no more. */
static int
echo(gen_sctp_socket_t s)
{
	static char buf[65536];
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int n;

	do {
		n = gen_sctp_recv(s, buf, sizeof(buf), &msg, 0);
		if (msg.kind == GEN_SCTP_MSG_DATA)
			send_back(s, &msg, buf);
		gen_sctp_msg_free(&msg);
	} while (n >= 0 || n == GEN_SCTP_EEVENT);
	return n;
}

static bool
input_ended(void)
{
	char buf[256];

	return read(STDIN_FILENO, buf, sizeof(buf)) <= 0;
}

int
main(int argc, char **argv)
{
	const char *port = argc > 1 ? argv[1] : "2006";
	const char *udp_port = argc > 2 ? argv[2] : "9899";
	struct pollfd fds[2];
	gen_sctp_socket_t s;
	gen_sctp_fd_t fd;
	int result;

	result = open_server((int)strtol(port, NULL, 10), udp_port, &s);
	if (result != 0)
		return failed("server", result);
	result = gen_sctp_fd(s, GEN_SCTP_POLL_IN, &fd);
	if (result != 0)
		return failed("descriptor", result);
	tell_ports(s);

	fds[0] = (struct pollfd){ .fd = (int)fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		if (fds[1].revents != 0 && input_ended())
			break;
		if (fds[0].revents != 0) {
			result = echo(s);
			if (result != -ETIMEDOUT)
				return failed("recv", result);
		}
	}
	gen_sctp_close(s);
	return 0;
}
