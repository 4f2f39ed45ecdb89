/*
 * Sockets by their handles, and how every API function gets in and out of the
 * stack.
 */
#ifndef GENSCTP_API_HANDLE_H
#define GENSCTP_API_HANDLE_H

#include "endpoint.h"

/* Messages of one call: others want the lock, too. */
#define API_BATCH 1024

/* Takes the stack lock and finds the endpoint. -EINVAL: never was a handle;
 * -EBADF: closed. Without success the lock is not held. */
int api_enter(gen_sctp_socket_t s, struct endpoint **ep);
void api_leave(void);

/* Stack lock held. The caller's mailbox becomes the owner. -ENOMEM. */
int handle_find(gen_sctp_socket_t s, struct endpoint **ep);
int handle_new(struct endpoint *ep, gen_sctp_socket_t *s);
void handle_free(gen_sctp_socket_t s);
/* The first socket at place *i or behind, whose place *i then is; 0: none. */
gen_sctp_socket_t handle_next(uint32_t *i);

#endif
