/*
 * Our addresses in the conn layer.
 *
 * To the engine a packet goes from an address to the same address
 * (usrsctp_conninput), so the address stands for ours: one for each that a
 * socket was ever bound to, and one for all the rest. They are numbers, since
 * the engine's HEARTBEATs show them to the peer.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_CONN_LOCALS_H
#define GENSCTP_ENGINE_CONN_LOCALS_H

#include "engine_sockaddr.h"

/* After the engine was started. */
void conn_locals_start(void);

/* For a socket to bind: the zero address is any. 0 or -ENOMEM. */
int conn_local(union engine_sockaddr *out, const struct gen_sctp_addr *addr,
	       uint16_t port);

/* What the engine calls packets to this address by. */
void *conn_engine_addr(const struct gen_sctp_addr *local);

#endif
