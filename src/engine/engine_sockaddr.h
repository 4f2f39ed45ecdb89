/*
 * Socket addresses as the engine takes them. The only header that brings in
 * usrsctp.h: files that talk to the engine include this one.
 */
#ifndef GENSCTP_ENGINE_SOCKADDR_H
#define GENSCTP_ENGINE_SOCKADDR_H

#include <stddef.h>
#include <stdint.h>

#include <usrsctp.h>

#include "gensctp.h"

/* Zero-padded: the engine reads as much as the largest member has. */
union engine_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
	struct sockaddr_conn conn;
	struct sockaddr_storage storage;
};

uint16_t engine_htons(uint16_t v);

/* An IP address with that SCTP port. Returns its length. */
socklen_t engine_sockaddr_set(union engine_sockaddr *out,
			      const struct gen_sctp_addr *addr, uint16_t port);

/* An AF_CONN address; NULL is any. */
void engine_sockaddr_set_conn(union engine_sockaddr *out, void *addr,
			      uint16_t port);

/* An IP address as the engine gives it; family 0 for anything else. IPv4
 * addresses mapped into IPv6 come out as IPv4. */
struct gen_sctp_addr engine_sockaddr_get(const struct sockaddr *sa);

/* The bytes of the address in the engine's lists (getpaddrs). */
size_t engine_sockaddr_size(const struct sockaddr *sa);

#endif
