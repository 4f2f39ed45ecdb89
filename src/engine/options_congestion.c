/*
 * How much is sent at a time: max_burst, congestion_control; and the initial
 * window, of which the engine has one.
 */
#include "config.h"

#include <errno.h>

#include "options_impl.h"

/* Not in the engine's header, as its values are. */
#ifndef SCTP_PLUGGABLE_CC
#define SCTP_PLUGGABLE_CC 0x1202
#endif

#define MAX_BURST_MAX	 65535
#define INITIAL_CWND_MAX 4096

static int
check(const struct endpoint *ep, const struct gen_sctp_opt *opt,
      uint32_t highest)
{
	const struct gen_sctp_assoc_number *in = &opt->value.assoc_number;

	return in->number <= highest ? option_check_target(ep, in->assoc_id)
				     : -EINVAL;
}

int
option_max_burst_check(const struct endpoint *ep,
		       const struct gen_sctp_opt *opt)
{
	return check(ep, opt, MAX_BURST_MAX);
}

/* Ours have the engine's numbers. */
int
option_congestion_control_check(const struct endpoint *ep,
				const struct gen_sctp_opt *opt)
{
	_Static_assert(GEN_SCTP_CC_STANDARD == SCTP_CC_RFC2581, "");
	_Static_assert(GEN_SCTP_CC_HSTCP == SCTP_CC_HSTCP, "");
	_Static_assert(GEN_SCTP_CC_HTCP == SCTP_CC_HTCP, "");
	_Static_assert(GEN_SCTP_CC_RTCC == SCTP_CC_RTCC, "");
	return check(ep, opt, GEN_SCTP_CC_RTCC);
}

static int
engine_option(const struct gen_sctp_opt *opt)
{
	return opt->name == GEN_SCTP_OPT_MAX_BURST ? SCTP_MAX_BURST
						   : SCTP_PLUGGABLE_CC;
}

int
option_congestion_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_assoc_number *in = &opt->value.assoc_number;
	struct option_target t;
	int error = option_target(ep, in->assoc_id, &t);

	return error != 0
		       ? error
		       : option_value_set(&t, engine_option(opt), in->number);
}

int
option_congestion_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_assoc_number *out = &opt->value.assoc_number;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	out->assoc_id = option_target_id(&t);
	return option_value_get(&t, engine_option(opt), &out->number);
}

int
option_set_initial_cwnd(uint32_t packets)
{
	if (packets > INITIAL_CWND_MAX)
		return -EINVAL;
	return usrsctp_sysctl_set_sctp_initial_cwnd(packets) == 0 ? 0 : -EINVAL;
}
