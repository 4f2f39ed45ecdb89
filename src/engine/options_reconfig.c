/*
 * What a peer may do to the streams of an association (RFC 6525 s6.3.1).
 */
#include "config.h"

#include <errno.h>

#include "options_impl.h"

/* The engine asks for the latter where it should ask for the former. */
#define ASSOC \
	(GEN_SCTP_ENABLE_RESET_ASSOC_REQ | GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ)
#define ALL (GEN_SCTP_ENABLE_RESET_STREAM_REQ | ASSOC)

/* Our bits are the engine's. */
_Static_assert(GEN_SCTP_ENABLE_RESET_STREAM_REQ == SCTP_ENABLE_RESET_STREAM_REQ,
	       "");
_Static_assert(GEN_SCTP_ENABLE_RESET_ASSOC_REQ == SCTP_ENABLE_RESET_ASSOC_REQ,
	       "");
_Static_assert(GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ == SCTP_ENABLE_CHANGE_ASSOC_REQ,
	       "");

static uint32_t
together(uint32_t bits)
{
	return bits & ASSOC ? bits | ASSOC : bits;
}

int
option_enable_stream_reset_check(const struct endpoint *ep,
				 const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_enable_stream_reset *in =
		&opt->value.enable_stream_reset;

	if (in->set & ~(uint32_t)ALL)
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_enable_stream_reset_set(struct endpoint *ep,
			       const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_enable_stream_reset *in =
		&opt->value.enable_stream_reset;
	const uint32_t on = together(in->on & in->set);
	struct option_target t;
	uint32_t bits;
	int error = option_target(ep, in->assoc_id, &t);

	if (error == 0)
		error = option_value_get(&t, SCTP_ENABLE_STREAM_RESET, &bits);
	if (error != 0)
		return error;
	bits = (bits & ~together(in->set)) | on;
	return option_value_set(&t, SCTP_ENABLE_STREAM_RESET, bits);
}

int
option_enable_stream_reset_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_enable_stream_reset *out =
		&opt->value.enable_stream_reset;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	out->set = ALL;
	out->assoc_id = option_target_id(&t);
	return option_value_get(&t, SCTP_ENABLE_STREAM_RESET, &out->on);
}
