#include "nat_control.h"

#include <stdio.h>
#include <string.h>

#include "os_stdio.h"

/* One command at a time is handed over, under the mutex. Static: the thread may
 * outlive main's frame, in a read that never returns. */
static struct {
	os_event given;
	os_mutex mutex;
	os_cond taken;
	bool full;
	struct nat_command command;
} control = { .mutex = OS_MUTEX_INIT, .taken = OS_COND_INIT };

static void
hand_over(const struct nat_command *command)
{
	os_mutex_lock(&control.mutex);
	while (control.full)
		os_cond_wait(&control.taken, &control.mutex);
	control.full = true;
	control.command = *command;
	os_event_set(&control.given);
	os_mutex_unlock(&control.mutex);
}

static void
take_line(const char *line)
{
	struct nat_command command = { .kind = NAT_COMMAND_QUIT };

	if (line[strspn(line, " \t\r")] == '\0')
		return;
	if (nat_command_parse(&command, line))
		hand_over(&command);
	else
		fprintf(stderr,
			"gensctp nat: not understood: %s\n"
			"  Commands are rebind [port|address], "
			"impair [out|in] PROFILE, stats, quit\n",
			line);
}

/* What is longer than a line may be is cut, so not understood. */
static void
read_lines(void *arg)
{
	char line[NAT_COMMAND_MAX + 1], c;
	size_t len = 0;

	(void)arg;
	while (os_stdin_read(&c, 1) == 1) {
		if (c != '\n') {
			if (len < NAT_COMMAND_MAX)
				line[len++] = c;
			continue;
		}
		line[len] = '\0';
		take_line(line);
		len = 0;
	}
}

int
nat_control_start(void)
{
	int error = os_event_open(&control.given);

	return error != 0 ? error : os_thread_start("stdin", read_lines, NULL);
}

gen_sctp_fd_t
nat_control_fd(void)
{
	return control.given.wait_fd;
}

bool
nat_control_take(struct nat_command *command)
{
	bool full;

	os_mutex_lock(&control.mutex);
	full = control.full;
	*command = control.command;
	control.full = false;
	os_event_clear(&control.given);
	os_cond_signal(&control.taken);
	os_mutex_unlock(&control.mutex);
	return full;
}
