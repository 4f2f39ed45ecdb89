#include "config.h"

#include "owners.h"

#include <errno.h>
#include <stdlib.h>

#include "mailbox.h"

static bool
has_peer_in(const struct assoc *a, const struct gen_sctp_subnet *net)
{
	size_t i;

	for (i = 0; i < a->peer_count; i++)
		if (gen_sctp_subnet_contains(net, &a->peers[i]))
			return true;
	return false;
}

static bool
meets(const struct assoc *a, const struct gen_sctp_owner_rule *match)
{
	if (match->assoc_id != 0)
		return match->assoc_id == a->id;
	return has_peer_in(a, &match->peer);
}

static struct owner_rule *
rule_of(const struct assoc *a)
{
	struct owner_rule *rule;

	for (rule = a->ep->rules; rule != NULL; rule = rule->next)
		if (meets(a, &rule->match))
			return rule;
	return NULL;
}

bool
owners_refuse(const struct assoc *a)
{
	const struct owner_rule *rule = rule_of(a);

	return rule != NULL && rule->match.refuse;
}

void
owners_claim(struct assoc *a)
{
	struct owner_rule *rule = rule_of(a);

	if (rule != NULL && !rule->match.refuse)
		assoc_use_outlet(a, &rule->outlet);
}

struct owner_rule *
owners_find(const struct endpoint *ep, uint32_t id)
{
	struct owner_rule *rule;

	for (rule = ep->rules; rule != NULL; rule = rule->next)
		if (rule->id == id)
			return rule;
	return NULL;
}

static void
append(struct endpoint *ep, struct owner_rule *rule)
{
	struct owner_rule **p = &ep->rules;

	while (*p != NULL)
		p = &(*p)->next;
	*p = rule;
}

/* Those that are up follow what is said about them now. */
static void
claim_all(struct endpoint *ep)
{
	struct assoc *a;

	for (a = ep->assocs; a != NULL; a = a->next)
		if (a->outlet == &ep->outlet)
			owners_claim(a);
}

int
owners_add(struct endpoint *ep, const struct gen_sctp_owner_rule *match,
	   struct mailbox *box, uint32_t *id)
{
	struct owner_rule *rule = calloc(1, sizeof(*rule));
	int error = rule != NULL ? outlet_init(&rule->outlet, ep) : -ENOMEM;

	if (error != 0)
		goto fail;
	rule->match = *match;
	rule->id = ++ep->last_rule;
	rule->outlet.source->socket = ep->outlet.source->socket;
	rule->outlet.source->rule = rule->id;
	outlet_give(&rule->outlet, box);
	error = outlet_set_mode(&rule->outlet, &match->active);
	if (error != 0)
		goto fail_outlet;
	append(ep, rule);
	claim_all(ep);
	*id = rule->id;
	return 0;

fail_outlet:
	outlet_close(&rule->outlet);
fail:
	free(rule);
	return error;
}

static void
give_back(struct endpoint *ep, const struct owner_rule *rule)
{
	struct assoc *a;

	for (a = ep->assocs; a != NULL; a = a->next)
		if (a->outlet == &rule->outlet)
			assoc_use_outlet(a, &ep->outlet);
}

void
owners_remove(struct endpoint *ep, struct owner_rule *rule)
{
	struct owner_rule **p;

	for (p = &ep->rules; *p != rule; p = &(*p)->next)
		;
	*p = rule->next;
	give_back(ep, rule);
	outlet_close(&rule->outlet);
	free(rule);
}

static bool
is_over(const struct endpoint *ep, const struct owner_rule *rule)
{
	const struct assoc *a;

	if (rule->match.assoc_id == 0 ||
	    assoc_find(ep, rule->match.assoc_id) != NULL)
		return false;
	/* One whose peer restarts is not found. */
	for (a = ep->assocs; a != NULL; a = a->next)
		if (a->outlet == &rule->outlet)
			return false;
	return true;
}

void
owners_tidy(struct endpoint *ep)
{
	struct owner_rule *rule, *next;

	for (rule = ep->rules; rule != NULL; rule = next) {
		next = rule->next;
		if (is_over(ep, rule))
			owners_remove(ep, rule);
	}
}

void
owners_close(struct endpoint *ep)
{
	while (ep->rules != NULL)
		owners_remove(ep, ep->rules);
}
