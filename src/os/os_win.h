/*
 * Shared by the Windows bodies.
 */
#ifndef GENSCTP_OS_WIN_H
#define GENSCTP_OS_WIN_H

#include "os_internal.h"

/* The C runtime's number, negative, of the error with the same name as a
 * Winsock one. */
int os_wsa_errno(int wsa_error);
/* Of this thread's last Winsock call. */
int os_last_wsa_errno(void);

/* A non-blocking datagram socket that child processes do not inherit and whose
 * port nobody else can share. Returns a negative errno value. */
int os_socket(int family, SOCKET *out);

#endif
