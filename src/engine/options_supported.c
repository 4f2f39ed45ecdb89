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
	const struct sctp_assoc_value to = {
		.assoc_id = SCTP_FUTURE_ASSOC,
		.assoc_value = opt->value.supported.on,
	};

	if (ep->esock.so == NULL)
		return -EINVAL;
	return option_engine_set(ep->esock.so, engine_option(opt->name), &to,
				 sizeof(to));
}

int
option_supported_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_supported *out = &opt->value.supported;
	struct sctp_assoc_value from = { .assoc_value = 0 };
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	from.assoc_id = t.id;
	error = option_engine_get(t.so, engine_option(opt->name), &from,
				  sizeof(from));
	out->assoc_id = option_target_id(&t);
	out->on = from.assoc_value != 0;
	return error;
}
