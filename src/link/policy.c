#include "policy.h"

#include <string.h>

#include "ip_addr.h"

bool
policy_is_bridge(const char *name)
{
	static const char *const names[] = {
		"docker", "br-",   "veth",  "virbr",   "cni",
		"podman", "lxcbr", "lxdbr", "vboxnet", "vmnet",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

const struct policy_local *
policy_find(const struct policy_host *h, const struct gen_sctp_addr *addr)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (ip_addr_equal(&h->locals[i].addr, addr))
			return &h->locals[i];
	return NULL;
}

/* ------------------------------------------------------ who can reach it */

enum reach { REACH_HOST, REACH_LINK, REACH_PRIVATE, REACH_GLOBAL };

/* RFC 1122 3.2.1.3, RFC 3927, RFC 1918, RFC 6598 (behind a carrier's NAT). */
static enum reach
reach_ipv4(const uint8_t *ip)
{
	if (ip[0] == 127)
		return REACH_HOST;
	if (ip[0] == 169 && ip[1] == 254)
		return REACH_LINK;
	if (ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
	    (ip[0] == 192 && ip[1] == 168) ||
	    (ip[0] == 100 && (ip[1] & 0xc0) == 64))
		return REACH_PRIVATE;
	return REACH_GLOBAL;
}

/* RFC 4291 2.5.3, 2.5.6, RFC 4193. */
static enum reach
reach_of(const struct gen_sctp_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (addr->family == GEN_SCTP_INET)
		return reach_ipv4(addr->ip);
	if (memcmp(addr->ip, one, sizeof(one)) == 0)
		return REACH_HOST;
	if (ip_addr_is_link_local(addr))
		return REACH_LINK;
	return (addr->ip[0] & 0xfe) == 0xfc ? REACH_PRIVATE : REACH_GLOBAL;
}

/* A bridge leads to those behind it, only. */
static bool
behind_other_bridge(const struct policy_host *h,
		    const struct gen_sctp_addr *src,
		    const struct gen_sctp_addr *addr)
{
	const struct policy_local *at = policy_find(h, addr);
	const struct policy_local *from = policy_find(h, src);

	return at != NULL && at->bridge &&
	       (from == NULL || from->index != at->index);
}

/* ---------------------------------------------------------------- answers */

static bool
listed(const struct gen_sctp_local_addr_policy *policy,
       const struct gen_sctp_addr *addr)
{
	uint32_t i;

	for (i = 0; i < policy->number; i++)
		if (ip_addr_equal(&policy->addrs[i], addr))
			return true;
	return false;
}

bool
policy_tells(const struct gen_sctp_local_addr_policy *policy,
	     const struct policy_host *h, const struct gen_sctp_addr *src,
	     const struct gen_sctp_addr *peer, const struct gen_sctp_addr *addr)
{
	switch (policy->which) {
	case GEN_SCTP_LOCAL_ADDRS_ALL:
		return true;
	case GEN_SCTP_LOCAL_ADDRS_ROUTE:
		return false;
	case GEN_SCTP_LOCAL_ADDRS_LISTED:
		return listed(policy, addr);
	default:
		return reach_of(addr) >= reach_of(peer) &&
		       !behind_other_bridge(h, src, addr);
	}
}

const struct gen_sctp_addr *
policy_source(const struct gen_sctp_local_addr_policy *policy,
	      const struct policy_host *h, const struct gen_sctp_addr *route)
{
	uint32_t i;

	if (policy->which != GEN_SCTP_LOCAL_ADDRS_LISTED ||
	    listed(policy, route))
		return route;
	for (i = 0; i < policy->number; i++)
		if (policy->addrs[i].family == route->family &&
		    policy_find(h, &policy->addrs[i]) != NULL)
			return &policy->addrs[i];
	return route;
}
