/*
 * Prints every SCTP message and event it receives, as the server at the end of
 * the gen_sctp manual does.
 *
 *     sctp_server [ADDRESS [PORT [UDP_PORT]]]      (any, 2006, 9899)
 */
#include <gensctp.h>
#include <stdio.h>
#include <stdlib.h>

static int
failed(const char *what, int result)
{
	fprintf(stderr, "%s: %s\n", what, gen_sctp_strerror(result));
	return 1;
}

static void
print_event(const struct gen_sctp_event *event)
{
	const struct gen_sctp_assoc_change *change = &event->u.assoc_change;

	printf("%s", gen_sctp_event_name(event->type));
	if (event->type == GEN_SCTP_ASSOC_CHANGE)
		printf(" %s, error %s, association %u",
		       gen_sctp_assoc_change_name(change->state),
		       gen_sctp_error_string(change->error), change->assoc_id);
	printf("\n");
}

static void
print_received(const struct gen_sctp_msg *msg, const char *data)
{
	char from[GEN_SCTP_ADDR_TEXT];

	gen_sctp_addr_print(&msg->from, true, from, sizeof(from));
	if (msg->kind == GEN_SCTP_MSG_ERROR_EVENT)
		printf("SCTP RECV ERROR: %s: ", from);
	else
		printf("Received: %s: ", from);

	if (msg->kind == GEN_SCTP_MSG_DATA)
		printf("stream %u \"%.*s\"%s\n", msg->info.stream,
		       (int)msg->len, data, msg->eor ? "" : "...");
	else
		print_event(&msg->event);
	fflush(stdout);
}

static int
serve(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[65536];
	int n;

	for (;;) {
		n = gen_sctp_recv(s, buf, sizeof(buf), &msg, -1);
		if (n < 0 && n != GEN_SCTP_EEVENT)
			return n;
		print_received(&msg, buf);
		gen_sctp_msg_free(&msg);
	}
}

static int
udp_port_of(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	gen_sctp_getopts(s, &opt, 1, NULL);
	return opt.value.udp_encaps.local_port;
}

int
main(int argc, char **argv)
{
	const char *address = argc > 1 ? argv[1] : "any";
	const char *port = argc > 2 ? argv[2] : "2006";
	const char *udp_port = argc > 3 ? argv[3] : "9899";
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_addr ip = { 0 };
	struct gen_sctp_opt opts[3];
	gen_sctp_socket_t s;
	int result;

	result = gen_sctp_addr_parse(address, 0, &ip);
	if (result != 0)
		return failed(address, result);

	opts[0] = gen_sctp_opt_recbuf(65536);
	opts[1] = gen_sctp_opt_ip(ip);
	opts[2] = gen_sctp_opt_udp_encaps(udp);
	result = gen_sctp_open((int)strtol(port, NULL, 10), opts, 3, &s, NULL);
	if (result != 0) {
		fprintf(stderr, "%s\n", gen_sctp_open_hint());
		return failed("open", result);
	}
	result = gen_sctp_listen(s, 5);
	if (result != 0)
		return failed("listen", result);
	printf("Listening on %s port %d, UDP port %d\n", address,
	       gen_sctp_port(s), udp_port_of(s));
	fflush(stdout);

	return failed("recv", serve(s));
}
