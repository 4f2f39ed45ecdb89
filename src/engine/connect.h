/*
 * Setting up an association from this side. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_CONNECT_H
#define GENSCTP_ENGINE_CONNECT_H

#include "assoc.h"

/* Addresses of one peer. */
#define CONNECT_MAX_ADDRS 255

/* Starts it to a peer's addresses (all with the same SCTP port). The INIT is on
 * its way when it returns. Errors as gen_sctp_connect. */
int connect_start(struct endpoint *ep, const struct gen_sctp_addr *addrs,
		  size_t n, struct assoc **out);

/* Takes back an attempt that was just started: nobody hears of it. */
void connect_withdraw(struct assoc *a);

/* Dialling "any" means this host. */
struct gen_sctp_addr connect_destination(const struct gen_sctp_addr *addr);

/* The attempt failed: -ECONNREFUSED or -EHOSTUNREACH, told apart by what the
 * guard saw. */
int connect_failure(const struct assoc *a);

#endif
