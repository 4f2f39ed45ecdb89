/*
 * Which events come.
 */
#include "config.h"

#include <errno.h>

#include "events.h"
#include "options_impl.h"
#include "transfer.h"

int
option_events_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return opt->value.events.set & ~events_known() ? -EINVAL : 0;
}

/* In the engine: those of the endpoint's future associations, and of each that
 * there is. */
static void
switch_all(const struct endpoint *ep, uint32_t set, uint32_t on)
{
	const struct assoc *a;
	struct socket *so;
	sctp_assoc_t id;

	if (ep->esock.so != NULL)
		events_switch(ep->esock.so, SCTP_FUTURE_ASSOC, set, on);
	for (a = ep->assocs; a != NULL; a = a->next) {
		so = assoc_socket(a, &id);
		if (so != NULL && a->phase != ASSOC_OVER)
			events_switch(so, id, set, on);
	}
}

int
option_events_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_event_subscribe *in = &opt->value.events;
	struct assoc *a, *next;

	if (in->set == 0)
		return 0;
	ep->opts.events = (ep->opts.events & ~in->set) | (in->on & in->set);
	switch_all(ep, in->set, in->on);
	for (a = ep->assocs; a != NULL; a = next) {
		next = a->next;
		transfer_events_changed(a);
	}
	return 0;
}

int
option_events_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.events.set = events_known();
	opt->value.events.on = ep->opts.events;
	return 0;
}
