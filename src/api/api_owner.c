/*
 * Who owns sockets, and single associations of them.
 */
#include "config.h"

#include <errno.h>

#include "handle.h"
#include "owners.h"
#include "reserved.h"
#include "self.h"

/* Whose it is gives it away; what is nobody's, anyone. */
static int
check_owner(const struct endpoint *ep)
{
	const struct mailbox *owner = ep->outlet.source->box;
	struct mailbox *self;
	int error;

	if (owner == NULL)
		return 0;
	error = self_mailbox(&self);
	if (error != 0)
		return error;
	return owner == self ? 0 : -EPERM;
}

static int
give(struct endpoint *ep, gen_sctp_mailbox_t to)
{
	struct mailbox *m;
	int error = self_find_mailbox(to, &m);

	if (error != 0 || m == ep->outlet.source->box)
		return error;
	error = check_owner(ep);
	if (error == 0)
		outlet_give(&ep->outlet, m);
	return error;
}

int
gen_sctp_controlling_process(gen_sctp_socket_t s, gen_sctp_mailbox_t m)
{
	struct endpoint *ep;
	int error = api_enter(s, &ep);

	if (error != 0)
		return error;
	error = give(ep, m);
	api_leave();
	return error;
}

int
gen_sctp_owner(gen_sctp_socket_t s, gen_sctp_mailbox_t *m)
{
	const struct mailbox *box;
	struct endpoint *ep;
	int error;

	if (m == NULL)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	box = ep->outlet.source->box;
	*m = box != NULL ? box->handle : 0;
	api_leave();
	return 0;
}

/* ------------------------------------------------- of single associations */

static bool
is_subnet(const struct gen_sctp_subnet *net)
{
	switch (net->addr.family) {
	case GEN_SCTP_INET:
		return net->bits <= 32;
	case GEN_SCTP_INET6:
	case GEN_SCTP_UNSPEC:
		return net->bits <= 128;
	default:
		return false;
	}
}

static int
check_rule(const struct endpoint *ep, const struct gen_sctp_owner_rule *rule,
	   struct mailbox **box)
{
	int error;

	*box = NULL;
	if (rule->assoc_id != 0 && assoc_find(ep, rule->assoc_id) == NULL)
		return -EINVAL;
	if (rule->refuse)
		return 0;
	if (ep->type == GEN_SCTP_STREAM)
		return -EOPNOTSUPP;
	error = self_find_mailbox(rule->owner, box);
	if (error != 0)
		return error;
	return outlet_check_mode(NULL, &rule->active);
}

static int
add_rule(struct endpoint *ep, const struct gen_sctp_owner_rule *rule,
	 uint32_t *id)
{
	struct mailbox *box;
	int error = check_owner(ep);

	owners_tidy(ep);
	if (error == 0)
		error = check_rule(ep, rule, &box);
	if (error == 0)
		error = owners_add(ep, rule, box, id);
	return error;
}

int
gen_sctp_register_owner(gen_sctp_socket_t s,
			const struct gen_sctp_owner_rule *rule, uint32_t *id)
{
	struct endpoint *ep;
	uint32_t unused;
	int error;

	if (rule == NULL || !is_subnet(&rule->peer) ||
	    !reserved_is_zero(rule->reserved))
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = add_rule(ep, rule, id != NULL ? id : &unused);
	api_leave();
	return error;
}

/* Takes the stack lock and finds the rule. */
static int
enter_rule(gen_sctp_socket_t s, uint32_t id, struct endpoint **ep,
	   struct owner_rule **rule)
{
	int error = api_enter(s, ep);

	if (error != 0)
		return error;
	owners_tidy(*ep);
	*rule = owners_find(*ep, id);
	if (*rule != NULL)
		return 0;
	api_leave();
	return -EINVAL;
}

int
gen_sctp_unregister_owner(gen_sctp_socket_t s, uint32_t id)
{
	struct owner_rule *rule;
	struct endpoint *ep;
	int error = enter_rule(s, id, &ep, &rule);

	if (error != 0)
		return error;
	error = check_owner(ep);
	if (error == 0)
		owners_remove(ep, rule);
	api_leave();
	return error;
}

int
gen_sctp_owner_active(gen_sctp_socket_t s, uint32_t id,
		      const struct gen_sctp_active *active)
{
	struct owner_rule *rule;
	struct endpoint *ep;
	int error;

	if (active == NULL)
		return -EINVAL;
	error = enter_rule(s, id, &ep, &rule);
	if (error != 0)
		return error;
	error = rule->match.refuse ?
			-EINVAL :
			outlet_check_mode(&rule->outlet, active);
	if (error == 0)
		error = outlet_set_mode(&rule->outlet, active);
	api_leave();
	return error;
}
