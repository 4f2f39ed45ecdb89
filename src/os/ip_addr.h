/*
 * What the addresses of gensctp.h are, and which are the same.
 */
#ifndef GENSCTP_OS_IP_ADDR_H
#define GENSCTP_OS_IP_ADDR_H

#include <stdbool.h>
#include <string.h>

#include "gensctp.h"

static inline size_t
ip_addr_size(const struct gen_sctp_addr *a)
{
	return a->family == GEN_SCTP_INET6 ? 16 : 4;
}

/* Whatever the ports. The zone of an IPv6 address counts where both have one.
 */
static inline bool
ip_addr_equal(const struct gen_sctp_addr *a, const struct gen_sctp_addr *b)
{
	if (a->family != b->family ||
	    memcmp(a->ip, b->ip, ip_addr_size(a)) != 0)
		return false;
	return a->scope_id == b->scope_id || a->scope_id == 0 ||
	       b->scope_id == 0;
}

static inline bool
ip_addr_port_equal(const struct gen_sctp_addr *a, const struct gen_sctp_addr *b)
{
	return a->port == b->port && ip_addr_equal(a, b);
}

static inline bool
ip_addr_is_any(const struct gen_sctp_addr *a)
{
	static const uint8_t zeros[16];

	return memcmp(a->ip, zeros, ip_addr_size(a)) == 0;
}

/* fe80::/10: addresses that are one only together with an interface. */
static inline bool
ip_addr_is_link_local(const struct gen_sctp_addr *a)
{
	return a->family == GEN_SCTP_INET6 && a->ip[0] == 0xfe &&
	       (a->ip[1] & 0xc0) == 0x80;
}

#endif
