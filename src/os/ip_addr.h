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

/* IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2), ::ffff:192.0.2.1. */
static const uint8_t ip_addr_mapped[12] = { [10] = 0xff, [11] = 0xff };

static inline bool
ip_addr_is_mapped(const struct gen_sctp_addr *a)
{
	return a->family == GEN_SCTP_INET6 &&
	       memcmp(a->ip, ip_addr_mapped, sizeof(ip_addr_mapped)) == 0;
}

/* Into IPv6, out of it; others stay as they are. */
static inline void
ip_addr_map(struct gen_sctp_addr *a)
{
	if (a->family != GEN_SCTP_INET)
		return;
	a->family = GEN_SCTP_INET6;
	memmove(a->ip + sizeof(ip_addr_mapped), a->ip, 4);
	memcpy(a->ip, ip_addr_mapped, sizeof(ip_addr_mapped));
}

static inline void
ip_addr_unmap(struct gen_sctp_addr *a)
{
	if (!ip_addr_is_mapped(a))
		return;
	a->family = GEN_SCTP_INET;
	a->scope_id = 0;
	memmove(a->ip, a->ip + sizeof(ip_addr_mapped), 4);
	memset(a->ip + 4, 0, sizeof(ip_addr_mapped));
}

/* fe80::/10: addresses that are one only together with an interface. */
static inline bool
ip_addr_is_link_local(const struct gen_sctp_addr *a)
{
	return a->family == GEN_SCTP_INET6 && a->ip[0] == 0xfe &&
	       (a->ip[1] & 0xc0) == 0x80;
}

#endif
