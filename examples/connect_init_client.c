/*
 * Sets up two associations at once with connect_init, prints how each of them
 * went and what comes over them, and ends when nothing has come for 5 s: the
 * last program of the gen_sctp manual. The socket is active: messages come to
 * the thread's mailbox.
 *
 *     connect_init_client PEER1 PORT1 PEER2 PORT2 [UDP_PORT1 UDP_PORT2]
 */
#include <gensctp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct peer {
	struct gen_sctp_addr addr;
	gen_sctp_assoc_id_t assoc; /* 0 until the outcome is known */
};

static bool
same_address(const struct gen_sctp_addr *a, const struct gen_sctp_addr *b)
{
	return a->family == b->family && a->port == b->port &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

static int
initiate(gen_sctp_socket_t s, struct peer *peer, const char *host,
	 const char *port, const char *udp_port)
{
	struct gen_sctp_initmsg initmsg = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 5,
	};
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = (uint16_t)strtoul(udp_port, NULL, 10),
	};
	struct gen_sctp_opt opts[3];
	int n = (int)strtol(port, NULL, 10);
	int result = gen_sctp_addr_parse(host, n, &peer->addr);

	opts[0] = gen_sctp_opt_initmsg(initmsg);
	opts[1] = gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE);
	opts[2] = gen_sctp_opt_udp_encaps(udp);
	if (result == 0)
		result = gen_sctp_connect_init(s, host, n, opts, 3, -1);
	if (result != 0)
		fprintf(stderr, "%s: %s\n", host, gen_sctp_strerror(result));
	return result;
}

static void
take(struct peer *peer, int number, const struct gen_sctp_msg *msg)
{
	const struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;

	if (msg->kind == GEN_SCTP_MSG_DATA) {
		printf("Association %d: received %.*s\n", number, (int)msg->len,
		       (const char *)msg->data);
	} else if (msg->event.type == GEN_SCTP_ASSOC_CHANGE &&
		   peer->assoc == 0) {
		peer->assoc = change->assoc_id;
		printf("Association %d connect result: %s. AssocId: %u\n",
		       number, gen_sctp_assoc_change_name(change->state),
		       change->assoc_id);
	} else {
		printf("Association %d: received %s\n", number,
		       gen_sctp_event_name(msg->event.type));
	}
}

static void
client_loop(gen_sctp_socket_t s, struct peer *peers)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int i, n;

	for (;;) {
		n = gen_sctp_mailbox_recv(gen_sctp_self(), s, &msg, 5000);
		if (n < 0 && n != GEN_SCTP_EEVENT)
			return;
		for (i = 0; i < 2; i++)
			if (same_address(&msg.from, &peers[i].addr))
				take(&peers[i], i + 1, &msg);
		fflush(stdout);
		gen_sctp_msg_free(&msg);
	}
}

int
main(int argc, char **argv)
{
	const char *udp_port1 = argc > 6 ? argv[5] : "9899";
	const char *udp_port2 = argc > 6 ? argv[6] : "9899";
	struct peer peers[2] = { 0 };
	gen_sctp_socket_t s;
	int result;

	if (argc < 5) {
		fprintf(stderr, "usage: connect_init_client PEER1 PORT1 "
				"PEER2 PORT2 [UDP_PORT1 UDP_PORT2]\n");
		return 2;
	}
	result = gen_sctp_open(0, NULL, 0, &s, NULL);
	if (result != 0) {
		fprintf(stderr, "open: %s\n", gen_sctp_strerror(result));
		return 1;
	}
	if (initiate(s, &peers[0], argv[1], argv[2], udp_port1) != 0 ||
	    initiate(s, &peers[1], argv[3], argv[4], udp_port2) != 0)
		return 1;
	printf("Connections initiated\n");

	client_loop(s, peers);
	gen_sctp_close(s);
	return 0;
}
