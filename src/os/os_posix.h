/*
 * Shared by the POSIX bodies.
 */
#ifndef GENSCTP_OS_POSIX_H
#define GENSCTP_OS_POSIX_H

#include <stdint.h>
#include <time.h>

/* Negative times are 0. */
struct timespec os_timespec(int64_t ns);

/* socket(), non-blocking and close-on-exec, also where that takes several
 * calls. Returns a negative errno value. */
int os_socket(int family, int type, int protocol);
int os_set_nonblocking(int fd);

#endif
