/*
 * Shared by the Windows bodies of the datagram sockets.
 */
#ifndef GENSCTP_OS_WIN_UDP_H
#define GENSCTP_OS_WIN_UDP_H

#include "os_win.h"
/* after winsock2.h: */
#include <mswsock.h>

/* WSASendMsg and WSARecvMsg are fetched from the system, when the first socket
 * is opened. */
int os_udp_load_calls(SOCKET s);

#endif
