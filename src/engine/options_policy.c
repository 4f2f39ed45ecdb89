/*
 * Which local addresses peers are told.
 */
#include "config.h"

#include <errno.h>

#include "ip_addr.h"
#include "link.h"
#include "options_impl.h"

#define MAX_LISTED \
	(sizeof(((struct gen_sctp_local_addr_policy *)NULL)->addrs) / \
	 sizeof(struct gen_sctp_addr))

static bool
is_address(const struct gen_sctp_addr *addr)
{
	return (addr->family == GEN_SCTP_INET ||
		addr->family == GEN_SCTP_INET6) &&
	       !ip_addr_is_any(addr);
}

int
option_local_addr_policy_check(const struct endpoint *ep,
			       const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_local_addr_policy *policy =
		&opt->value.local_addr_policy;
	uint32_t i;

	(void)ep;
	if (policy->which != GEN_SCTP_LOCAL_ADDRS_LISTED)
		return policy->which >= GEN_SCTP_LOCAL_ADDRS_REACHABLE &&
				       policy->which <
					       GEN_SCTP_LOCAL_ADDRS_LISTED
			       ? 0
			       : -EINVAL;
	if (policy->number == 0 || policy->number > MAX_LISTED)
		return -EINVAL;
	for (i = 0; i < policy->number; i++)
		if (!is_address(&policy->addrs[i]))
			return -EINVAL;
	return 0;
}

int
option_local_addr_policy_set(struct endpoint *ep,
			     const struct gen_sctp_opt *opt)
{
	struct gen_sctp_local_addr_policy *policy = &ep->opts.local_addr_policy;
	size_t i;

	*policy = opt->value.local_addr_policy;
	if (policy->which != GEN_SCTP_LOCAL_ADDRS_LISTED)
		policy->number = 0;
	for (i = 0; i < policy->number; i++)
		ip_addr_unmap(&policy->addrs[i]);
	/* A peeled-off socket has no associations to come. */
	for (i = 0; i < 2 && ep->esock.so != NULL; i++)
		if (ep->local->bindings[i] != NULL)
			link_binding_set_policy(ep->local->bindings[i], policy);
	return 0;
}

int
option_local_addr_policy_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.local_addr_policy = ep->opts.local_addr_policy;
	return 0;
}
