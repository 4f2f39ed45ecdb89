/*
 * Standard streams and interrupts of Windows.
 */
#include "os_win.h"

#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <stdio.h>

#include "os_errno.h"
#include "os_stdio.h"

void
os_stdio_setup(void)
{
	_setmode(_fileno(stdin), _O_BINARY);
	_setmode(_fileno(stdout), _O_BINARY);
}

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x4
#endif

/* A console before Windows 10 does not obey. */
bool
os_stdout_is_terminal(void)
{
	HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
	DWORD mode;

	return GetConsoleMode(console, &mode) &&
	       SetConsoleMode(console,
			      mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

int
os_stdin_read(void *buf, size_t size)
{
	int n = _read(_fileno(stdin), buf,
		      (unsigned int)(size < INT_MAX ? size : INT_MAX));

	return n < 0 ? -errno : n;
}

bool
os_stderr_is_terminal(void)
{
	return _isatty(_fileno(stderr)) != 0;
}

/* ------------------------------------------------------------ interrupts */

static os_event *interrupted;

/* Runs in a thread of its own; the process ends when it returns FALSE. */
static BOOL WINAPI
on_control(DWORD type)
{
	(void)type;
	os_event_set(interrupted);
	return TRUE;
}

int
os_on_interrupt(os_event *e)
{
	interrupted = e;
	return SetConsoleCtrlHandler(on_control, TRUE) ? 0 : -EINVAL;
}
