/*
 * Events and polling of POSIX systems: eventfd on Linux, a pipe elsewhere.
 */
#include "os_internal.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

#include "os_errno.h"
#include "os_posix.h"

/* Descriptors that are polled without allocating. */
#define POLL_FEW 64

/* --------------------------------------------------------------- events */

int
os_set_nonblocking(int fd)
{
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

#ifdef __linux__
int
os_event_open(os_event *e)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	e->wait_fd = e->wake_fd = fd;
	return 0;
}
#else
int
os_event_open(os_event *e)
{
	int fds[2], rc;

	if (pipe(fds) < 0)
		return -errno;
	rc = os_set_nonblocking(fds[0]);
	if (rc == 0)
		rc = os_set_nonblocking(fds[1]);
	if (rc < 0) {
		close(fds[0]);
		close(fds[1]);
		return rc;
	}
	e->wait_fd = fds[0];
	e->wake_fd = fds[1];
	return 0;
}
#endif

void
os_event_close(os_event *e)
{
	close((int)e->wait_fd);
	if (e->wake_fd != e->wait_fd)
		close((int)e->wake_fd);
}

/* What an eventfd takes; a pipe takes any bytes. EAGAIN: it is set. */
void
os_event_set(os_event *e)
{
	static const uint64_t one = 1;

	while (write((int)e->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/* An eventfd is at 0 after one read and then has EAGAIN, as an empty pipe. */
void
os_event_clear(os_event *e)
{
	uint64_t buf[64];
	ssize_t n;

	do
		n = read((int)e->wait_fd, buf, sizeof(buf));
	while (n == (ssize_t)sizeof(buf) || (n < 0 && errno == EINTR));
}

/* -------------------------------------------------------------- polling */

#ifdef __APPLE__
/* In whole milliseconds, rounded up. */
static int
poll_once(struct pollfd *p, size_t n, os_time deadline)
{
	os_time now = os_now(), ms = -1;

	if (deadline != OS_NEVER)
		ms = deadline <= now ? 0 : (deadline - now + OS_MS - 1) / OS_MS;
	return poll(p, (nfds_t)n, ms > INT_MAX ? INT_MAX : (int)ms);
}
#else
static int
poll_once(struct pollfd *p, size_t n, os_time deadline)
{
	struct timespec left;

	if (deadline == OS_NEVER)
		return ppoll(p, (nfds_t)n, NULL, NULL);
	left = os_timespec(deadline <= 0 ? 0 : deadline - os_now());
	return ppoll(p, (nfds_t)n, &left, NULL);
}
#endif

static int
poll_until(struct pollfd *p, size_t n, os_time deadline)
{
	int rc;

	do {
		rc = poll_once(p, n, deadline);
		if (rc < 0 && errno != EINTR)
			return -errno;
	} while (rc <= 0 && os_now() < deadline);
	return rc < 0 ? 0 : rc;
}

/* An error on a socket is readable: receiving takes it off. */
static int
take_results(const struct pollfd *p, bool *readable, size_t n, int rc)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (rc > 0 && p[i].revents & POLLNVAL)
			rc = -EBADF;
		readable[i] = rc > 0 && p[i].revents != 0;
	}
	return rc;
}

int
os_poll(const gen_sctp_fd_t *fds, bool *readable, size_t n, os_time deadline)
{
	struct pollfd few[POLL_FEW], *p = few;
	size_t i;
	int rc;

	if (n > POLL_FEW && (p = malloc(n * sizeof(*p))) == NULL)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		p[i] = (struct pollfd){ .fd = (int)fds[i], .events = POLLIN };
	rc = take_results(p, readable, n, poll_until(p, n, deadline));
	if (p != few)
		free(p);
	return rc;
}
