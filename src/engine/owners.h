/*
 * Owners of single associations: rules of an endpoint, tried in their order for
 * each association that comes up. The first that it meets refuses it, or has
 * its messages delivered to a mailbox of the rule's instead of the endpoint's.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_OWNERS_H
#define GENSCTP_ENGINE_OWNERS_H

#include "assoc.h"

struct owner_rule {
	struct gen_sctp_owner_rule match;
	uint32_t id;
	struct outlet outlet;
	struct owner_rule *next;
};

/* At the end of the endpoint's rules; associations that are nobody's follow it
 * at once. `box` is NULL for one that refuses. -ENOMEM. */
int owners_add(struct endpoint *ep, const struct gen_sctp_owner_rule *match,
	       struct mailbox *box, uint32_t *id);
/* Its associations are the endpoint's again, with what was not delivered. What
 * was stays where it is. */
void owners_remove(struct endpoint *ep, struct owner_rule *rule);
/* Those for one association that is over, or peeled off, are removed. */
void owners_tidy(struct endpoint *ep);
/* NULL: there is none. */
struct owner_rule *owners_find(const struct endpoint *ep, uint32_t id);

/* A peer sets it up: is it refused? */
bool owners_refuse(const struct assoc *a);
/* It has come up: from now on it follows its rule. */
void owners_claim(struct assoc *a);

/* The endpoint is closed: no more rules. */
void owners_close(struct endpoint *ep);

#endif
