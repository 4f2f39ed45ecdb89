#include "remote.h"

#include <errno.h>
#include <string.h>

#include "ip_addr.h"

static int
parse_list(const struct options *options, struct remote *to)
{
	int error;
	size_t i;

	if (strchr(to->host, '/') == NULL)
		return 0;
	error = gen_sctp_addrs_parse("sctp", to->host, GEN_SCTP_ADDRS_BIND,
				     (int)options->timeout, &to->list);
	to->list.port = (uint16_t)to->port;
	for (i = 0; i < to->list.count; i++)
		to->list.addrs[i].port = to->list.port;
	return error;
}

/* Something like 192.0.2.1:5000 or [::1]:5000; addresses of IPv6 have more
 * colons than one. */
static bool
has_port(const char *host)
{
	const char *colon = strrchr(host, ':');

	return colon != NULL &&
	       (colon == strchr(host, ':') || colon[-1] == ']');
}

static bool
is_multicast(const struct gen_sctp_addr *addr)
{
	if (addr->family == GEN_SCTP_INET6)
		return addr->ip[0] == 0xff;
	return addr->ip[0] >= 224 && addr->ip[0] < 240;
}

static bool
is_broadcast(const struct gen_sctp_addr *addr)
{
	return addr->family == GEN_SCTP_INET &&
	       memcmp(addr->ip, "\xff\xff\xff\xff", 4) == 0;
}

/* Why it cannot be an address of a peer; NULL: it can. */
static const char *
fault_of_address(const struct gen_sctp_addr *addr)
{
	if (is_multicast(addr))
		return "a multicast address cannot be an SCTP peer";
	if (is_broadcast(addr))
		return "a broadcast address cannot be an SCTP peer";
	if (ip_addr_is_link_local(addr) && addr->scope_id == 0)
		return "a link-local address needs a zone, such as "
		       "fe80::1%eth0";
	return NULL;
}

static const char *
fault_of_host(const struct remote *to)
{
	struct gen_sctp_addr addr = { .family = GEN_SCTP_UNSPEC };
	const char *fault = NULL;
	size_t i;

	if (gen_sctp_addr_parse(to->host, 0, &addr) == 0)
		return fault_of_address(&addr);
	for (i = 0; i < to->list.count && fault == NULL; i++)
		fault = fault_of_address(&to->list.addrs[i]);
	return fault;
}

static bool
take_host(struct remote *to, const struct options *options,
	  const struct cmd *cmd)
{
	const char *fault;
	int error;

	if (to->host[0] == '\0' || has_port(to->host)) {
		options_usage_error(cmd,
				    "%s: not a HOST; the PORT is "
				    "a word of its own",
				    to->host);
		return false;
	}
	error = parse_list(options, to);
	if (error != 0) {
		options_usage_error(cmd,
				    "%s: not a list of "
				    "addresses: %s",
				    to->host, gen_sctp_strerror(error));
		return false;
	}
	fault = fault_of_host(to);
	if (fault != NULL)
		options_usage_error(cmd, "%s: %s", to->host, fault);
	return fault == NULL;
}

bool
remote_take(struct remote *to, const struct options *options,
	    const struct cmd *cmd)
{
	if (options->operand_count != 2) {
		options_usage_error(cmd, "give HOST and PORT");
		return false;
	}
	to->host = options->operands[0];
	if (!options_parse_port(options->operands[1], &to->port) ||
	    to->port == 0) {
		options_usage_error(cmd, "%s: not an SCTP port",
				    options->operands[1]);
		return false;
	}
	return take_host(to, options, cmd);
}

enum gen_sctp_family
remote_family(const struct remote *to, const struct options *options)
{
	struct gen_sctp_addr addr = { .family = GEN_SCTP_UNSPEC };

	if (to->list.count > 0)
		addr.family = (uint8_t)to->list.family;
	else if (gen_sctp_addr_parse(to->host, 0, &addr) != 0)
		addr.family = GEN_SCTP_INET;
	return options->ipv6 ? GEN_SCTP_INET6
			     : (enum gen_sctp_family)addr.family;
}

int
remote_connect(const struct remote *to, gen_sctp_socket_t s, int timeout_ms,
	       struct gen_sctp_assoc_change *up)
{
	if (to->list.count > 0)
		return gen_sctp_connect_addrs(s, &to->list, NULL, 0, timeout_ms,
					      up);
	return gen_sctp_connect(s, to->host, to->port, NULL, 0, timeout_ms, up);
}

int
remote_connect_init(const struct remote *to, gen_sctp_socket_t s,
		    int timeout_ms)
{
	if (to->list.count > 0)
		return gen_sctp_connectx_init(s, to->list.addrs, to->list.count,
					      NULL, 0, NULL);
	return gen_sctp_connect_init(s, to->host, to->port, NULL, 0,
				     timeout_ms);
}

static const char *
advice(int result)
{
	switch (result) {
	case -ECONNREFUSED:
		return "A host answers, but nothing listens on that SCTP port: "
		       "start gensctp listen there.";
	case -EHOSTUNREACH:
	case -ETIMEDOUT:
		return "Does it speak SCTP over UDP, on these ports "
		       "(--udp-remote-port)? Do firewalls let UDP through?";
	case GEN_SCTP_ENXDOMAIN:
		return "Give an IP address, or --ipv6 for a host that has "
		       "IPv6 only.";
	case -EAFNOSUPPORT:
		return "Local and remote addresses must be of the same "
		       "family.";
	case -EOPNOTSUPP:
		return "Several addresses need the replaced IP layer: "
		       "gensctp info says why it is not in force.";
	default:
		return NULL;
	}
}

enum status
remote_complain(const struct remote *to, const struct options *options,
		int result)
{
	return complain(result, advice(result),
			"connect to %s, SCTP port %d, UDP port %d", to->host,
			to->port, (int)options->udp_remote_port);
}
