/*
 * Standard streams and interrupts of a command: what its loop needs beside
 * os.h. The library itself never uses it.
 */
#ifndef GENSCTP_OS_STDIO_H
#define GENSCTP_OS_STDIO_H

#include <stdbool.h>
#include <stddef.h>

#include "os.h"

/* Standard input and output pass bytes as they are; writing where nobody reads
 * any more is an error of the write, not the end of the process. */
void os_stdio_setup(void);

/* Standard output is a terminal, which obeys ECMA-48 control sequences from now
 * on. */
bool os_stdout_is_terminal(void);

/* Reads what standard input has, waiting for the first byte. Returns how many
 * bytes, 0 at its end. Without stdio: a thread that waits here holds no lock
 * that exit wants. */
int os_stdin_read(void *buf, size_t size);

/* Somebody watches standard error. */
bool os_stderr_is_terminal(void);

/* From now on SIGINT and SIGTERM (Ctrl-C, Ctrl-Break, a closed console) set
 * *e; the process is to end within some seconds then, or is ended. Once per
 * process. */
int os_on_interrupt(os_event *e);

#endif
