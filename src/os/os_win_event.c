/*
 * Winsock, events and polling of Windows. Only sockets can be polled beside
 * sockets: an event is a pair of connected datagram sockets on the loopback
 * address.
 */
#include "os_win.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "os_errno.h"

/* Descriptors that are polled without allocating. */
#define POLL_FEW 64

int
os_net_start(void)
{
	WSADATA data;
	int rc = WSAStartup(MAKEWORD(2, 2), &data);

	return rc == 0 ? 0 : os_wsa_errno(rc);
}

void
os_net_stop(void)
{
	WSACleanup();
}

/* --------------------------------------------------------------- events */

static int
open_loopback(SOCKET *s, struct sockaddr_in *at)
{
	int rc = os_socket(AF_INET, s), len = sizeof(*at);

	if (rc < 0)
		return rc;
	memset(at, 0, sizeof(*at));
	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(*s, (struct sockaddr *)at, len) == 0 &&
	    getsockname(*s, (struct sockaddr *)at, &len) == 0)
		return 0;
	rc = os_last_wsa_errno();
	closesocket(*s);
	return rc;
}

/* From here on a socket takes datagrams of `peer` only. */
static int
connect_to(SOCKET s, const struct sockaddr_in *peer)
{
	struct sockaddr_in found;
	int len = sizeof(found);

	if (connect(s, (const struct sockaddr *)peer, sizeof(*peer)) != 0 ||
	    getpeername(s, (struct sockaddr *)&found, &len) != 0)
		return os_last_wsa_errno();
	if (found.sin_port != peer->sin_port ||
	    found.sin_addr.s_addr != peer->sin_addr.s_addr)
		return -ECONNABORTED;
	return 0;
}

int
os_event_open(os_event *e)
{
	struct sockaddr_in wait_at, wake_at;
	SOCKET wait, wake;
	int rc = open_loopback(&wait, &wait_at);

	if (rc < 0)
		return rc;
	rc = open_loopback(&wake, &wake_at);
	if (rc < 0) {
		closesocket(wait);
		return rc;
	}
	rc = connect_to(wait, &wake_at);
	if (rc == 0)
		rc = connect_to(wake, &wait_at);
	e->wait_fd = (gen_sctp_fd_t)wait;
	e->wake_fd = (gen_sctp_fd_t)wake;
	if (rc == 0)
		os_event_clear(e); /* what came before the connection */
	else
		os_event_close(e);
	return rc;
}

void
os_event_close(os_event *e)
{
	closesocket((SOCKET)e->wait_fd);
	closesocket((SOCKET)e->wake_fd);
}

/* WSAEWOULDBLOCK: it is set. */
void
os_event_set(os_event *e)
{
	send((SOCKET)e->wake_fd, "", 1, 0);
}

void
os_event_clear(os_event *e)
{
	char byte;

	while (recv((SOCKET)e->wait_fd, &byte, 1, 0) >= 0)
		;
}

/* -------------------------------------------------------------- polling */

/* In whole milliseconds, rounded up. */
static INT
milliseconds_to(os_time deadline)
{
	os_time now = os_now(), ms;

	if (deadline == OS_NEVER)
		return -1;
	if (deadline <= now)
		return 0;
	ms = (deadline - now + OS_MS - 1) / OS_MS;
	return ms > INT_MAX ? INT_MAX : (INT)ms;
}

/* WSAPoll refuses an empty list. */
static int
poll_once(WSAPOLLFD *p, size_t n, os_time deadline)
{
	INT ms = milliseconds_to(deadline);
	int rc;

	if (n == 0) {
		Sleep((DWORD)ms);
		return 0;
	}
	rc = WSAPoll(p, (ULONG)n, ms);
	return rc == SOCKET_ERROR ? os_last_wsa_errno() : rc;
}

static int
poll_until(WSAPOLLFD *p, size_t n, os_time deadline)
{
	int rc;

	do
		rc = poll_once(p, n, deadline);
	while ((rc == 0 || rc == -EINTR) && os_now() < deadline);
	return rc == -EINTR ? 0 : rc;
}

/* OS_NO_FD is left out: WSAPoll's word for it differs by version. */
static size_t
fill(WSAPOLLFD *p, const gen_sctp_fd_t *fds, size_t n)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++)
		if (fds[i] != OS_NO_FD)
			p[used++] = (WSAPOLLFD){ .fd = (SOCKET)fds[i],
						 .events = POLLRDNORM };
	return used;
}

static int
take_results(const WSAPOLLFD *p, const gen_sctp_fd_t *fds, bool *readable,
	     size_t n, int rc)
{
	size_t i;

	for (i = 0; i < n; i++) {
		readable[i] = false;
		if (fds[i] == OS_NO_FD)
			continue;
		if (rc > 0 && p->revents & POLLNVAL)
			rc = -EBADF;
		readable[i] = rc > 0 && p->revents != 0;
		p++;
	}
	return rc;
}

int
os_poll(const gen_sctp_fd_t *fds, bool *readable, size_t n, os_time deadline)
{
	WSAPOLLFD few[POLL_FEW], *p = few;
	int rc;

	if (n > POLL_FEW && (p = malloc(n * sizeof(*p))) == NULL)
		return -ENOMEM;
	rc = poll_until(p, fill(p, fds, n), deadline);
	rc = take_results(p, fds, readable, n, rc);
	if (p != few)
		free(p);
	return rc;
}
