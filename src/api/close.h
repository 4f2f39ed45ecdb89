/*
 * Closing a socket. Stack lock held.
 */
#ifndef GENSCTP_API_CLOSE_H
#define GENSCTP_API_CLOSE_H

#include "endpoint.h"

/* Gives the handle back, closes, and waits as linger says; the lock is released
 * meanwhile. */
void close_socket(gen_sctp_socket_t s, struct endpoint *ep);

#endif
