#include "plain_victim.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <usrsctp.h>

/* s; it does not outlive its test whatever happens to that. */
#define LIFE	 30
#define READY_MS 5000

/* ------------------------------------------------------------ the process */

static int news;

static void
tell(char event)
{
	(void)!write(news, &event, 1);
}

static void
subscribe(struct socket *so, uint16_t type)
{
	struct sctp_event event;

	memset(&event, 0, sizeof(event));
	event.se_assoc_id = SCTP_ALL_ASSOC;
	event.se_type = type;
	event.se_on = 1;
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof(event));
}

static struct socket *
listen_at(uint16_t port)
{
	static const uint16_t events[] = {
		SCTP_ASSOC_CHANGE,
		SCTP_PARTIAL_DELIVERY_EVENT,
		SCTP_STREAM_CHANGE_EVENT,
		SCTP_ASSOC_RESET_EVENT,
	};
	const int on = 1;
	struct sctp_assoc_value reset = {
		.assoc_id = SCTP_FUTURE_ASSOC,
		.assoc_value = SCTP_ENABLE_CHANGE_ASSOC_REQ |
			       SCTP_ENABLE_RESET_ASSOC_REQ,
	};
	struct sockaddr_in sa;
	struct socket *so = usrsctp_socket(AF_INET, SOCK_SEQPACKET,
					   IPPROTO_SCTP, NULL, NULL, 0, NULL);

	if (so == NULL)
		return NULL;
	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons(port);
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof(on));
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof(on));
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, &reset,
			   sizeof(reset));
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		subscribe(so, events[i]);
	if (usrsctp_bind(so, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    usrsctp_listen(so, 5) != 0)
		return NULL;
	return so;
}

static void
send_to(struct socket *so, sctp_assoc_t assoc, const void *data, size_t len)
{
	struct sctp_sndinfo info;

	memset(&info, 0, sizeof(info));
	info.snd_assoc_id = assoc;
	usrsctp_sendv(so, data, len, NULL, 0, &info, sizeof(info),
		      SCTP_SENDV_SNDINFO, 0);
}

static void
take_notification(const void *data)
{
	const union sctp_notification *n = data;

	if (n->sn_header.sn_type == SCTP_PARTIAL_DELIVERY_EVENT)
		tell(VICTIM_PDAPI);
	if (n->sn_header.sn_type == SCTP_ASSOC_CHANGE &&
	    n->sn_assoc_change.sac_state == SCTP_RESTART)
		tell(VICTIM_RESTART);
}

static bool
is(const char *data, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(data, text, len) == 0;
}

static void
take_message(struct socket *so, sctp_assoc_t assoc, const char *data,
	     size_t len)
{
	static const char farewell[4000];

	if (is(data, len, "close")) {
		send_to(so, assoc, farewell, sizeof(farewell));
		usrsctp_close(so);
		for (;;)
			pause();
	}
	if (is(data, len, "later"))
		usleep(VICTIM_PAUSE * 1000);
	send_to(so, assoc, data, len);
}

static void
serve(struct socket *so)
{
	struct sctp_rcvinfo info;
	union {
		char bytes[65536];
		union sctp_notification n;
	} buffer;

	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from), info_len = sizeof(info);
		unsigned int type = 0;
		int flags = 0;
		ssize_t n = usrsctp_recvv(so, buffer.bytes, sizeof(buffer),
					  (struct sockaddr *)&from, &from_len,
					  &info, &info_len, &type, &flags);

		if (n <= 0)
			continue;
		if (flags & MSG_NOTIFICATION)
			take_notification(&buffer);
		else
			take_message(so, info.rcv_assoc_id, buffer.bytes,
				     (size_t)n);
	}
}

static _Noreturn void
be_victim(int udp_port)
{
	struct socket *so;

	alarm(LIFE);
	usrsctp_init((uint16_t)udp_port, NULL, NULL);
	/* as between hosts */
	usrsctp_sysctl_set_sctp_no_csum_on_loopback(0);
	so = listen_at(VICTIM_SCTP_PORT);
	if (so == NULL)
		_exit(99);
	tell(VICTIM_READY);
	serve(so);
	_exit(0);
}

/* ------------------------------------------------------ the test's side */

static int
free_udp_port(void)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), port = 0;

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	if (bind(fd, (struct sockaddr *)&sa, len) == 0 &&
	    getsockname(fd, (struct sockaddr *)&sa, &len) == 0)
		port = ntohs(sa.sin_port);
	close(fd);
	return port;
}

bool
victim_start(struct victim *v)
{
	int ends[2];

	v->udp_port = free_udp_port();
	if (pipe(ends) != 0)
		return false;
	v->pid = fork();
	if (v->pid < 0)
		return false;
	if (v->pid == 0) {
		close(ends[0]);
		news = ends[1];
		be_victim(v->udp_port);
	}
	close(ends[1]);
	v->news = ends[0];
	if (victim_tells(v, VICTIM_READY, READY_MS))
		return true;
	victim_end(v);
	return false;
}

bool
victim_died(struct victim *v, int *status)
{
	if (v->pid == 0 || waitpid(v->pid, status, WNOHANG) != v->pid)
		return false;
	v->pid = 0;
	return true;
}

bool
victim_tells(struct victim *v, char event, int ms)
{
	struct pollfd fd = { v->news, POLLIN, 0 };
	char c;

	while (poll(&fd, 1, ms) == 1 && read(v->news, &c, 1) == 1)
		if (c == event)
			return true;
	return false;
}

void
victim_end(struct victim *v)
{
	int status;

	if (v->pid != 0) {
		kill(v->pid, SIGKILL);
		waitpid(v->pid, &status, 0);
	}
	v->pid = 0;
	close(v->news);
}
