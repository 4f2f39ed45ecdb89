/*
 * What Erlang keeps beside the socket: mode, the user-level buffer,
 * watermarks.
 */
#include "config.h"

#include <errno.h>

#include "options_impl.h"

/* Senders that wait look again. */
static void
room_changed(struct endpoint *ep)
{
	struct assoc *a;

	for (a = ep->assocs; a != NULL; a = a->next)
		a->wakeups++;
	endpoint_changed(ep);
}

int
option_mode_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return opt->value.mode == GEN_SCTP_MODE_BINARY ||
			       opt->value.mode == GEN_SCTP_MODE_LIST
		       ? 0
		       : -EINVAL;
}

int
option_mode_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.mode = opt->value.mode;
	return 0;
}

int
option_mode_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.mode = ep->opts.mode;
	return 0;
}

void
option_raise_buffer(struct endpoint *ep, uint32_t bytes)
{
	if (bytes > ep->opts.buffer)
		ep->opts.buffer = bytes;
}

/* --------------------------------------------------------- watermarks */

int
option_high_msgq_watermark_set(struct endpoint *ep,
			       const struct gen_sctp_opt *opt)
{
	struct endpoint_options *o = &ep->opts;

	o->high_watermark = (uint32_t)opt->value.number;
	if (o->low_watermark > o->high_watermark)
		o->low_watermark = o->high_watermark;
	room_changed(ep);
	return 0;
}

int
option_low_msgq_watermark_set(struct endpoint *ep,
			      const struct gen_sctp_opt *opt)
{
	struct endpoint_options *o = &ep->opts;

	o->low_watermark = (uint32_t)opt->value.number;
	if (o->high_watermark < o->low_watermark)
		o->high_watermark = o->low_watermark;
	room_changed(ep);
	return 0;
}
