/*
 * Shared by the POSIX bodies of the datagram sockets.
 */
#ifndef GENSCTP_OS_POSIX_UDP_H
#define GENSCTP_OS_POSIX_UDP_H

#include "os_internal.h"

/* Where the system takes source address, TOS and TTL with a datagram exactly
 * as they are; the others have exceptions (os_posix_udp_io.c). */
#ifdef __linux__
#define OS_UDP_CONTROL_EXACT 1
#endif

/* Of the kernel's interface; older C libraries lack them. */
#ifdef __linux__
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif
#endif

/* Packet info, TOS, TTL and segment size. */
union os_control {
	struct cmsghdr align;
	unsigned char room[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
			   3 * CMSG_SPACE(sizeof(int))];
};

/* What control data a datagram is sent with. */
struct os_control_use {
	bool source;
	bool tos_ttl;
	bool gso;
};

/* Writes what d asks for into *room and makes it m's control data. */
void os_control_put(struct msghdr *m, union os_control *room,
		    const struct os_dgram *d, struct os_control_use use);
/* Reads dst, tos, ttl and segment. */
void os_control_get(struct msghdr *m, struct os_dgram *d);

/* UDP GSO does not work on some device after all. */
void os_udp_gso_off(void);

#endif
