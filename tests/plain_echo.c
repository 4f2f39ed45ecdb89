/*
 * A peer of the tests that is usrsctp alone, in its own UDP mode: it sends back
 * every message whole, however long, on the stream that it came on. The echo
 * server of libusrsctp-examples has room for 10,240 bytes and ten streams.
 *
 *   plain_echo UDP-PORT
 *
 * It says "ready" when it is. A message with payload protocol identifier 1 ends
 * the association, one with 2 aborts it.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

#define SCTP_PORT 7
#define STREAMS	  16
#define SPACE	  (2 * 1024 * 1024)

enum { PPID_ECHO, PPID_END, PPID_ABORT };

static void
set(struct socket *so, int level, int name, const void *value, size_t size)
{
	if (usrsctp_setsockopt(so, level, name, value, (socklen_t)size) != 0) {
		perror("usrsctp_setsockopt");
		exit(1);
	}
}

static struct socket *
listener(void)
{
	struct sctp_initmsg init = { .sinit_num_ostreams = STREAMS,
				     .sinit_max_instreams = STREAMS };
	struct sockaddr_in any;
	struct socket *so;
	int space = SPACE, on = 1;

	so = usrsctp_socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL,
			    0, NULL);
	if (so == NULL)
		exit(1);
	set(so, SOL_SOCKET, SO_SNDBUF, &space, sizeof(space));
	set(so, SOL_SOCKET, SO_RCVBUF, &space, sizeof(space));
	set(so, IPPROTO_SCTP, SCTP_INITMSG, &init, sizeof(init));
	set(so, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof(on));
	memset(&any, 0, sizeof(any));
	any.sin_family = AF_INET;
	any.sin_port = htons(SCTP_PORT);
	if (usrsctp_bind(so, (struct sockaddr *)&any, sizeof(any)) != 0 ||
	    usrsctp_listen(so, 1) != 0)
		exit(1);
	return so;
}

static void
answer(struct socket *so, const struct sctp_rcvinfo *in, const char *data,
       size_t len)
{
	struct sctp_sndinfo out;

	memset(&out, 0, sizeof(out));
	out.snd_assoc_id = in->rcv_assoc_id;
	out.snd_sid = in->rcv_sid;
	out.snd_ppid = in->rcv_ppid;
	out.snd_flags = in->rcv_flags & SCTP_UNORDERED;
	if (ntohl(in->rcv_ppid) == PPID_END)
		out.snd_flags = SCTP_EOF;
	if (ntohl(in->rcv_ppid) == PPID_ABORT)
		out.snd_flags = SCTP_ABORT;
	if (usrsctp_sendv(so, data, len, NULL, 0, &out, sizeof(out),
			  SCTP_SENDV_SNDINFO, 0) < 0)
		perror("usrsctp_sendv");
}

int
main(int argc, char **argv)
{
	static char message[SPACE];
	struct sctp_rcvinfo info;
	struct sockaddr_in from;
	struct socket *so;
	socklen_t from_len, info_len;
	unsigned int info_type;
	size_t have = 0;
	ssize_t n;
	int flags;

	if (argc != 2)
		return 2;
	usrsctp_init((uint16_t)atoi(argv[1]), NULL, NULL);
	usrsctp_sysctl_set_sctp_no_csum_on_loopback(0);
	so = listener();
	puts("ready");
	fflush(stdout);
	for (;;) {
		from_len = sizeof(from);
		info_len = sizeof(info);
		flags = 0;
		n = usrsctp_recvv(so, message + have, sizeof(message) - have,
				  (struct sockaddr *)&from, &from_len, &info,
				  &info_len, &info_type, &flags);
		if (n <= 0)
			return 1;
		have += (size_t)n;
		if (!(flags & MSG_EOR))
			continue;
		answer(so, &info, message, have);
		have = 0;
	}
}
