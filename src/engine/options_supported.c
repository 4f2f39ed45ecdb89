/*
 * Extensions that a socket offers to the peers of its associations to come.
 */
#include "config.h"

#include <errno.h>

#include "options_impl.h"

static int
engine_option(enum gen_sctp_opt_name name)
{
	switch (name) {
	case GEN_SCTP_OPT_PR_SUPPORTED:
		return SCTP_PR_SUPPORTED;
	case GEN_SCTP_OPT_RECONFIG_SUPPORTED:
		return SCTP_RECONFIG_SUPPORTED;
	case GEN_SCTP_OPT_AUTH_SUPPORTED:
		return SCTP_AUTH_SUPPORTED;
	default:
		return 0;
	}
}

int
option_supported_check(const struct endpoint *ep,
		       const struct gen_sctp_opt *opt)
{
	(void)ep;
	return opt->value.supported.assoc_id == 0 ? 0 : -EINVAL;
}

int
option_supported_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const bool on = opt->value.supported.on;
	const struct option_target t = {
		.so = ep->esock.so,
		.id = SCTP_FUTURE_ASSOC,
	};
	int error = 0;

	if (t.so == NULL)
		return -EINVAL;
	/* ASCONF needs AUTH (RFC 5061 s4.2.7). */
	if (opt->name == GEN_SCTP_OPT_AUTH_SUPPORTED && !on)
		error = option_value_set(&t, SCTP_ASCONF_SUPPORTED, 0);
	if (error != 0)
		return error;
	return option_value_set(&t, engine_option(opt->name), on);
}

int
option_supported_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_supported *out = &opt->value.supported;
	struct option_target t;
	uint32_t value;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	error = option_value_get(&t, engine_option(opt->name), &value);
	out->assoc_id = option_target_id(&t);
	out->on = value != 0;
	return error;
}
