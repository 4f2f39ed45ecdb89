/*
 * Which of our addresses a peer is told: of a socket that is bound to any.
 */
#ifndef GENSCTP_LINK_POLICY_H
#define GENSCTP_LINK_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"

/* An address of this host. */
struct policy_local {
	struct gen_sctp_addr addr;
	uint32_t index; /* of its interface */
	bool bridge;	/* to containers or virtual machines of this host */
};
struct policy_host {
	struct policy_local *locals;
	size_t n;
};

/* By its interface's name. */
bool policy_is_bridge(const char *name);

/* NULL: the host does not have it now. */
const struct policy_local *
policy_find(const struct policy_host *h, const struct gen_sctp_addr *addr);

/* May a handshake with `peer`, in packets from `src`, list the address? */
bool policy_tells(const struct gen_sctp_local_addr_policy *policy,
		  const struct policy_host *h, const struct gen_sctp_addr *src,
		  const struct gen_sctp_addr *peer,
		  const struct gen_sctp_addr *addr);

/* `route`, where packets to a peer would leave from, or one that the policy
 * likes better. */
const struct gen_sctp_addr *
policy_source(const struct gen_sctp_local_addr_policy *policy,
	      const struct policy_host *h, const struct gen_sctp_addr *route);

#endif
