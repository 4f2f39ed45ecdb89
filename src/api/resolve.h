/*
 * Names of hosts and services, outside the stack lock.
 */
#ifndef GENSCTP_API_RESOLVE_H
#define GENSCTP_API_RESOLVE_H

#include "os.h"

/* An address or a name, for a socket of that family, by the deadline. A name's
 * first address of the family counts; for IPv6, else its first IPv4 one.
 * GEN_SCTP_ENXDOMAIN, -ETIMEDOUT, -EAFNOSUPPORT (an IPv6 address for an IPv4
 * socket), -ENOMEM. */
int resolve(const char *host, int port, enum gen_sctp_family family,
	    os_time deadline, struct gen_sctp_addr *addr);

/* The port of a service by the deadline: 1..65535, GEN_SCTP_EPORT, -ETIMEDOUT,
 * -ENOMEM. */
int resolve_service(const char *service, os_time deadline);

#endif
