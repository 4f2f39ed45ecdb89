/*
 * What the bodies in src/os share: the system's socket headers, with the
 * feature macros that must stand before them, and helpers behind os.h. Include
 * it first.
 */
#ifndef GENSCTP_OS_INTERNAL_H
#define GENSCTP_OS_INTERNAL_H

#ifdef _WIN32
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0600
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
/* after winsock2.h: */
#include <iphlpapi.h>
typedef SOCKET os_native_socket;
#else
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifdef __APPLE__
/* IPV6_PKTINFO as in RFC 3542 */
#define __APPLE_USE_RFC_3542
#endif
#include <sys/types.h>
/* after types.h: */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
typedef int os_native_socket;
#endif

#include "ip_addr.h"
#include "os.h"

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || \
	defined(__OpenBSD__) || defined(__DragonFly__)
#define OS_BSD 1
#endif

/* A UDP socket that is not bound and has no options, to be connected and asked:
 * close it with os_udp_close. */
int os_udp_open_bare(int family, gen_sctp_fd_t *fd);

union os_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* AF_INET, AF_INET6; AF_UNSPEC for anything else. */
static inline int
os_af(int family)
{
	return family == GEN_SCTP_INET	  ? AF_INET
	       : family == GEN_SCTP_INET6 ? AF_INET6
					  : AF_UNSPEC;
}

#endif
