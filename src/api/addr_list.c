/*
 * Address strings: "192.0.2.1/[2001:db8::1]:5000".
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr_list.h"
#include "deadline.h"
#include "ip_addr.h"
#include "resolve.h"

#define DIGITS "0123456789"
#define NAME_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "-._"

struct parser {
	enum gen_sctp_family only; /* UNSPEC: both */
	enum gen_sctp_addrs_use use;
	bool look_up; /* names */
	os_time deadline;
	struct gen_sctp_addrs list;
};

bool
addr_list_is_any(const struct gen_sctp_addrs *list)
{
	return list->count == 0 ||
	       (list->count == 1 && ip_addr_is_any(&list->addrs[0]));
}

/* -------------------------------------------------------------- one part */

static bool
is_name(const char *text)
{
	return text[0] != '\0' && text[strspn(text, NAME_CHARACTERS)] == '\0';
}

/* A zone that the address does not need is not looked at. */
static int
read_number(const char *host, struct gen_sctp_addr *addr)
{
	char copy[GEN_SCTP_ADDR_TEXT];
	const char *zone = strchr(host, '%');
	size_t len = zone != NULL ? (size_t)(zone - host) : 0;

	if (gen_sctp_addr_parse(host, 0, addr) == 0)
		return 0;
	if (zone == NULL || zone[1] == '\0' || len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, host, len);
	copy[len] = '\0';
	if (gen_sctp_addr_parse(copy, 0, addr) != 0 ||
	    addr->family != GEN_SCTP_INET6)
		return -EINVAL;
	return ip_addr_is_link_local(addr) ? -ENODEV : 0;
}

static int
read_name(const struct parser *p, const char *host, struct gen_sctp_addr *addr)
{
	int error = GEN_SCTP_ENXDOMAIN;

	if (!p->look_up)
		return -ETIMEDOUT;
	if (p->only != GEN_SCTP_INET6)
		error = resolve(host, 0, GEN_SCTP_INET, p->deadline, addr);
	if (error == GEN_SCTP_ENXDOMAIN && p->only != GEN_SCTP_INET)
		error = resolve(host, 0, GEN_SCTP_INET6, p->deadline, addr);
	return error;
}

/* What is IPv4 in truth; and "any" is of every family. */
static void
normalise(const struct parser *p, struct gen_sctp_addr *addr)
{
	ip_addr_unmap(addr);
	if (p->only == GEN_SCTP_INET && ip_addr_is_any(addr))
		addr->family = GEN_SCTP_INET;
}

static int
add(struct parser *p, const struct gen_sctp_addr *addr)
{
	struct gen_sctp_addrs *list = &p->list;
	size_t i;

	if (p->only != GEN_SCTP_UNSPEC && addr->family != p->only)
		return GEN_SCTP_ENOTSUITABLE;
	for (i = 0; i < list->count; i++)
		if (ip_addr_equal(&list->addrs[i], addr))
			return 0;
	if (list->count == GEN_SCTP_ADDRS_MAX)
		return -E2BIG;
	list->addrs[list->count++] = *addr;
	return 0;
}

/* Cuts the text at brackets around it. False: brackets that do not match. */
static bool
strip_brackets(char **host)
{
	size_t len = strlen(*host);

	if ((*host)[0] == '[' && (*host)[len - 1] == ']') {
		(*host)[len - 1] = '\0';
		(*host)++;
	}
	return strpbrk(*host, "[]") == NULL;
}

static int
read_host(struct parser *p, char *host)
{
	struct gen_sctp_addr addr;
	int error;

	if (!strip_brackets(&host))
		return -EINVAL;
	if (host[0] == '\0')
		return GEN_SCTP_ENOADDR;
	memset(&addr, 0, sizeof(addr));
	addr.family = (uint8_t)p->only;
	error = read_number(host, &addr);
	if (error == -EINVAL && is_name(host))
		error = read_name(p, host, &addr);
	if (error != 0)
		return error;
	normalise(p, &addr);
	return add(p, &addr);
}

/* ------------------------------------------------------------- last part */

/* "host:port" becomes "host"; IPv6 must be in brackets. */
static int
cut_port(char *part, char **port)
{
	char *end = part[0] == '[' ? strchr(part, ']') : part;
	char *colon = end != NULL ? strchr(end, ':') : NULL;

	if (end == NULL)
		return -EINVAL;
	if (colon == NULL)
		return GEN_SCTP_ENOPORT;
	if (strchr(colon + 1, ':') != NULL || (end != part && colon != end + 1))
		return -EINVAL;
	*colon = '\0';
	*port = colon + 1;
	return 0;
}

static int
read_service(const struct parser *p, const char *text)
{
	if (!is_name(text))
		return GEN_SCTP_EPORT;
	return p->look_up ? resolve_service(text, p->deadline) : -ETIMEDOUT;
}

static int
read_port(struct parser *p, const char *text)
{
	unsigned long number = strtoul(text, NULL, 10);
	int port = number <= UINT16_MAX ? (int)number : GEN_SCTP_EPORT;

	if (text[strspn(text, DIGITS)] != '\0')
		port = read_service(p, text);
	if (port < 0)
		return port;
	if (port == 0 && p->use == GEN_SCTP_ADDRS_DIAL)
		return GEN_SCTP_ENOPORT;
	p->list.port = (uint16_t)port;
	return 0;
}

/* Without a host only if it is the only part. */
static int
read_last(struct parser *p, char *part, bool only)
{
	char *port;
	int error;

	if (p->use == GEN_SCTP_ADDRS_BIND)
		return read_host(p, part);
	error = cut_port(part, &port);
	if (error == 0)
		error = read_port(p, port);
	if (error == 0 && !(only && part[0] == '\0'))
		error = read_host(p, part);
	return error;
}

/* ------------------------------------------------------------ all of them */

static int
read_parts(struct parser *p, char *text)
{
	char *part = text, *slash;
	int error = 0;

	while (error == 0 && (slash = strchr(part, '/')) != NULL) {
		*slash = '\0';
		error = read_host(p, part);
		part = slash + 1;
	}
	return error == 0 ? read_last(p, part, part == text) : error;
}

static bool
has_family(const struct gen_sctp_addrs *list, enum gen_sctp_family family)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->addrs[i].family == family)
			return true;
	return false;
}

static enum gen_sctp_family
family_for(const struct parser *p)
{
	if (p->only != GEN_SCTP_UNSPEC)
		return p->only;
	if (has_family(&p->list, GEN_SCTP_INET6) ||
	    (p->use == GEN_SCTP_ADDRS_LISTEN && addr_list_is_any(&p->list)))
		return GEN_SCTP_INET6;
	return GEN_SCTP_INET;
}

static int
complete(struct parser *p)
{
	struct gen_sctp_addrs *list = &p->list;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (list->count > 1 && ip_addr_is_any(&list->addrs[i]))
			return GEN_SCTP_ENOTSUITABLE;
		list->addrs[i].port = list->port;
	}
	list->family = family_for(p);
	list->v6only = p->only == GEN_SCTP_INET6;
	return 0;
}

static int
read_network(const char *network, enum gen_sctp_family *only)
{
	if (strcmp(network, "sctp") == 0)
		*only = GEN_SCTP_UNSPEC;
	else if (strcmp(network, "sctp4") == 0)
		*only = GEN_SCTP_INET;
	else if (strcmp(network, "sctp6") == 0)
		*only = GEN_SCTP_INET6;
	else
		return GEN_SCTP_ENETWORK;
	return 0;
}

/* A copy without the white space around it. */
static char *
trimmed(const char *text)
{
	size_t len;
	char *copy;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	copy = malloc(len + 1);
	if (copy != NULL) {
		memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

static int
read_text(struct parser *p, const char *text)
{
	char *copy = trimmed(text);
	int error;

	if (copy == NULL)
		return -ENOMEM;
	if (copy[0] != '\0')
		error = read_parts(p, copy);
	else
		error = p->use == GEN_SCTP_ADDRS_LISTEN ? 0 : GEN_SCTP_ENOADDR;
	free(copy);
	return error == 0 ? complete(p) : error;
}

int
gen_sctp_addrs_parse(const char *network, const char *text,
		     enum gen_sctp_addrs_use use, int timeout_ms,
		     struct gen_sctp_addrs *out)
{
	struct parser p;
	int error;

	if (network == NULL || text == NULL || out == NULL || timeout_ms < -1 ||
	    use < GEN_SCTP_ADDRS_LISTEN || use > GEN_SCTP_ADDRS_BIND)
		return -EINVAL;
	memset(&p, 0, sizeof(p));
	p.use = use;
	p.look_up = timeout_ms != 0;
	p.deadline = api_deadline(timeout_ms);
	error = read_network(network, &p.only);
	if (error == 0)
		error = read_text(&p, text);
	if (error == 0)
		*out = p.list;
	return error;
}

/* ------------------------------------------------------------- printing */

static const char *
print_ip(const struct gen_sctp_addr *addr, char *text, size_t size)
{
	char ip[GEN_SCTP_ADDR_TEXT];
	const bool v6 = addr->family == GEN_SCTP_INET6;

	gen_sctp_addr_print(addr, false, ip, sizeof(ip));
	if (ip[0] == '\0')
		return NULL;
	snprintf(text, size, "%s%s%s", v6 ? "[" : "", ip, v6 ? "]" : "");
	return text;
}

/* False: it does not fit. */
static bool
append(char *text, size_t size, const char *more)
{
	size_t len = strlen(text), more_len = strlen(more);

	if (len + more_len >= size)
		return false;
	memcpy(text + len, more, more_len + 1);
	return true;
}

static bool
print_list(const struct gen_sctp_addrs *list, bool with_port, char *text,
	   size_t size)
{
	char piece[GEN_SCTP_ADDR_TEXT + 2];
	size_t i;

	if (list->count > GEN_SCTP_ADDRS_MAX)
		return false;
	for (i = 0; i < list->count; i++)
		if ((i > 0 && !append(text, size, "/")) ||
		    !print_ip(&list->addrs[i], piece, sizeof(piece)) ||
		    !append(text, size, piece))
			return false;
	snprintf(piece, sizeof(piece), ":%u", list->port);
	return !with_port || append(text, size, piece);
}

const char *
gen_sctp_addrs_print(const struct gen_sctp_addrs *addrs, bool with_port,
		     char *text, size_t size)
{
	if (text == NULL || size == 0)
		return "";
	text[0] = '\0';
	if (addrs == NULL ? !append(text, size, "<nil>")
			  : !print_list(addrs, with_port, text, size))
		text[0] = '\0';
	return text;
}
