/*
 * Standard streams and interrupts of POSIX systems.
 */
#include "os_internal.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "os_errno.h"
#include "os_stdio.h"

/* A stream that is closed would be the next descriptor that is opened. */
static void
fill_closed_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
			return;
}

void
os_stdio_setup(void)
{
	fill_closed_streams();
	signal(SIGPIPE, SIG_IGN);
}

bool
os_stdout_is_terminal(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

int
os_stdin_read(void *buf, size_t size)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, buf, size < INT_MAX ? size : INT_MAX);
	while (n < 0 && errno == EINTR);
	/* A terminal has nothing for commands in its background. */
	if (n < 0 && errno == EIO)
		return 0;
	return n < 0 ? -errno : (int)n;
}

bool
os_stderr_is_terminal(void)
{
	return isatty(STDERR_FILENO) != 0;
}

/* ------------------------------------------------------------ interrupts */

/* When SIGALRM ends a process that cannot end by itself: its output is stuck in
 * a pipe that nobody reads. */
#define LAST_RESORT_S 6

static os_event *interrupted;

/* os_event_set is one write, which a signal handler may call. */
static void
on_signal(int number)
{
	int saved = errno;

	(void)number;
	os_event_set(interrupted);
	alarm(LAST_RESORT_S);
	errno = saved;
}

/* A signal that is ignored stays so: a shell's background commands are not
 * meant by Ctrl-C. */
static int
catch_signal(int number)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) != 0)
		return -errno;
	if (action.sa_handler == SIG_IGN)
		return 0;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART;
	sigfillset(&action.sa_mask);
	return sigaction(number, &action, NULL) != 0 ? -errno : 0;
}

int
os_on_interrupt(os_event *e)
{
	int error;

	interrupted = e;
	error = catch_signal(SIGINT);
	return error != 0 ? error : catch_signal(SIGTERM);
}
