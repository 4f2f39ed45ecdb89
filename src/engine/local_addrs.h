/*
 * The engine's list of local addresses. usrsctp reads the host's once, at
 * start; this module makes its list follow: addresses that come and go, and
 * those that a socket is bound to and that no interface lists (127.0.0.2).
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_LOCAL_ADDRS_H
#define GENSCTP_ENGINE_LOCAL_ADDRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os.h"

/* Brings the engine's list up to date, before a socket is bound or connects:
 * reads the host's if that says that it changed, or cannot say. */
void local_addrs_refresh(void);
/* As refresh, where the host tells, and not all the time. */
void local_addrs_follow(void);

/* While a socket is bound to the address, the engine knows it. Calls nest. */
int local_addrs_hold(const struct gen_sctp_addr *addr);
void local_addrs_release(const struct gen_sctp_addr *addr);

/* The MTU of the interface that has the address, IP bytes; 0 = unknown. */
uint32_t local_addrs_mtu(const struct gen_sctp_addr *addr);

/* What the lead polls: the link's sockets and the address watch. */
size_t local_addrs_fds(const gen_sctp_fd_t **fds);

/* With the last socket: nothing is watched any more. */
void local_addrs_stop_watch(void);

#endif
