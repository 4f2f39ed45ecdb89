/*
 * Addresses of gensctp.h: text and socket addresses.
 */
#include "os_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os_errno.h"

/* "%" and an interface name or number */
#define ZONE_TEXT (IF_NAMESIZE + 2)
#define DIGITS "0123456789"

/* -------------------------------------------------------------- parsing */

/* An interface may be named "3": digits are always an index (RFC 4007 s11.2).
 */
static bool
zone_index(const char *zone, uint32_t *index)
{
	unsigned long long number;

	if (zone[0] == '\0')
		return false;
	if (zone[strspn(zone, DIGITS)] != '\0') {
		*index = if_nametoindex(zone);
		return *index != 0;
	}
	number = strtoull(zone, NULL, 10);
	*index = (uint32_t)number;
	return number <= UINT32_MAX;
}

/* "fe80::1%eth0"; the text is cut at the zone. */
static bool
parse_inet6(char *text, struct gen_sctp_addr *a)
{
	char *zone = strchr(text, '%');

	if (zone != NULL)
		*zone++ = '\0';
	a->family = GEN_SCTP_INET6;
	if (inet_pton(AF_INET6, text, a->ip) != 1)
		return false;
	return zone == NULL ||
	       (ip_addr_is_link_local(a) && zone_index(zone, &a->scope_id));
}

static bool
parse_inet(const char *text, struct gen_sctp_addr *a)
{
	a->family = GEN_SCTP_INET;
	return inet_pton(AF_INET, text, a->ip) == 1;
}

static bool
parse_number(const char *text, struct gen_sctp_addr *a)
{
	char copy[GEN_SCTP_ADDR_TEXT];
	size_t len = strlen(text);

	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len + 1);
	if (copy[0] != '[')
		return strchr(copy, ':') != NULL ? parse_inet6(copy, a)
						 : parse_inet(copy, a);
	if (copy[len - 1] != ']')
		return false;
	copy[len - 1] = '\0';
	return parse_inet6(copy + 1, a);
}

static bool
parse_word(const char *text, enum gen_sctp_family family,
	   struct gen_sctp_addr *a)
{
	bool loopback = strcmp(text, "loopback") == 0;

	if (!loopback && strcmp(text, "any") != 0)
		return false;
	if (family == GEN_SCTP_INET6)
		return parse_number(loopback ? "::1" : "::", a);
	if (family != GEN_SCTP_UNSPEC && family != GEN_SCTP_INET)
		return false;
	return parse_number(loopback ? "127.0.0.1" : "0.0.0.0", a);
}

GENSCTP_API int
gen_sctp_addr_parse(const char *text, int port, struct gen_sctp_addr *out)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_UNSPEC };

	if (text == NULL || out == NULL || port < 0 || port > UINT16_MAX)
		return -EINVAL;
	if (!parse_word(text, (enum gen_sctp_family)out->family, &a) &&
	    !parse_number(text, &a))
		return -EINVAL;
	a.port = (uint16_t)port;
	*out = a;
	return 0;
}

/* ------------------------------------------------------------- printing */

static void
print_zone(uint32_t index, char *text, size_t size)
{
#ifndef _WIN32 /* where zones are written as numbers */
	char name[IF_NAMESIZE];

	if (if_indextoname(index, name) != NULL &&
	    name[strspn(name, DIGITS)] != '\0') {
		snprintf(text, size, "%%%s", name);
		return;
	}
#endif
	snprintf(text, size, "%%%lu", (unsigned long)index);
}

static int
print_addr(const struct gen_sctp_addr *a, bool with_port, char *text,
	   size_t size)
{
	char ip[INET6_ADDRSTRLEN];
	char zone[ZONE_TEXT] = "";
	bool brackets = with_port && a->family == GEN_SCTP_INET6;
	int len;

	if (inet_ntop(os_af(a->family), a->ip, ip, sizeof(ip)) == NULL)
		return -1;
	if (a->scope_id != 0 && ip_addr_is_link_local(a))
		print_zone(a->scope_id, zone, sizeof(zone));
	len = snprintf(text, size, "%s%s%s%s", brackets ? "[" : "", ip, zone,
		       brackets ? "]" : "");
	if (!with_port || len < 0 || (size_t)len >= size)
		return len;
	return len + snprintf(text + len, size - (size_t)len, ":%u", a->port);
}

GENSCTP_API const char *
gen_sctp_addr_print(const struct gen_sctp_addr *addr, bool with_port,
		    char *text, size_t size)
{
	int len;

	if (text == NULL || size == 0)
		return "";
	len = addr != NULL ? print_addr(addr, with_port, text, size) : -1;
	if (len < 0 || (size_t)len >= size)
		text[0] = '\0';
	return text;
}

/* ----------------------------------------------------- socket addresses */

GENSCTP_API int
gen_sctp_addr_from_sockaddr(const struct sockaddr *sa, size_t len,
			    struct gen_sctp_addr *out)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_UNSPEC };
	union os_sockaddr u;

	if (sa == NULL || out == NULL ||
	    len < offsetof(struct sockaddr, sa_data))
		return -EINVAL;
	memset(&u, 0, sizeof(u));
	memcpy(&u, sa, len < sizeof(u) ? len : sizeof(u));
	switch (u.sa.sa_family) {
	case AF_INET:
		if (len < sizeof(u.in))
			return -EINVAL;
		a.family = GEN_SCTP_INET;
		memcpy(a.ip, &u.in.sin_addr, sizeof(u.in.sin_addr));
		a.port = ntohs(u.in.sin_port);
		break;
	case AF_INET6:
		if (len < sizeof(u.in6))
			return -EINVAL;
		a.family = GEN_SCTP_INET6;
		memcpy(a.ip, &u.in6.sin6_addr, sizeof(u.in6.sin6_addr));
		a.port = ntohs(u.in6.sin6_port);
		if (ip_addr_is_link_local(&a))
			a.scope_id = (uint32_t)u.in6.sin6_scope_id;
		break;
	default:
		return -EAFNOSUPPORT;
	}
	*out = a;
	return 0;
}

static size_t
fill_sockaddr(const struct gen_sctp_addr *a, union os_sockaddr *u)
{
	memset(u, 0, sizeof(*u));
	switch (a->family) {
	case GEN_SCTP_INET:
		u->in.sin_family = AF_INET;
		u->in.sin_port = htons(a->port);
		memcpy(&u->in.sin_addr, a->ip, sizeof(u->in.sin_addr));
		return sizeof(u->in);
	case GEN_SCTP_INET6:
		u->in6.sin6_family = AF_INET6;
		u->in6.sin6_port = htons(a->port);
		memcpy(&u->in6.sin6_addr, a->ip, sizeof(u->in6.sin6_addr));
		if (ip_addr_is_link_local(a))
			u->in6.sin6_scope_id = a->scope_id;
		return sizeof(u->in6);
	default:
		return 0;
	}
}

GENSCTP_API int
gen_sctp_addr_to_sockaddr(const struct gen_sctp_addr *addr,
			  struct sockaddr *sa, size_t size)
{
	union os_sockaddr u;
	size_t len;

	if (addr == NULL || sa == NULL)
		return -EINVAL;
	len = fill_sockaddr(addr, &u);
	if (len == 0)
		return -EAFNOSUPPORT;
	if (size < len)
		return -EINVAL;
#ifdef OS_BSD
	u.sa.sa_len = (uint8_t)len;
#endif
	memcpy(sa, &u, len);
	return (int)len;
}
