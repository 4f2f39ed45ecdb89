/*
 * How many messages were given up (RFC 7496 s4).
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "options.h"
#include "options_impl.h"

/* Private to the engine: of every policy together. */
#define ENGINE_PR_ALL 0x000f

static int
read_status(struct socket *so, int option, struct sctp_prstatus *status)
{
	status->sprstat_abandoned_unsent = status->sprstat_abandoned_sent = 0;
	return option_engine_get(so, option, status, sizeof(*status));
}

uint64_t
option_given_up(const struct assoc *a)
{
	struct sctp_prstatus status = { .sprstat_policy = ENGINE_PR_ALL };
	struct socket *so = assoc_socket(a, &status.sprstat_assoc_id);

	if (read_status(so, SCTP_PR_ASSOC_STATUS, &status) != 0)
		return 0;
	return status.sprstat_abandoned_unsent + status.sprstat_abandoned_sent;
}

static uint16_t
engine_policy(enum gen_sctp_pr_policy policy)
{
	switch (policy) {
	case GEN_SCTP_PR_TTL:
		return SCTP_PR_SCTP_TTL;
	case GEN_SCTP_PR_RTX:
		return SCTP_PR_SCTP_RTX;
	case GEN_SCTP_PR_PRIO:
		return SCTP_PR_SCTP_BUF;
	case GEN_SCTP_PR_DEFAULT:
		return ENGINE_PR_ALL;
	default:
		return SCTP_PR_SCTP_NONE; /* which the engine refuses */
	}
}

static uint64_t
in_front(const struct assoc *a, int option, const struct gen_sctp_prstatus *s)
{
	return option == SCTP_PR_STREAM_STATUS ?
		       front_given_up_of(&a->front, s->stream) :
		       front_given_up(&a->front, s->policy);
}

static int
get(struct endpoint *ep, int option, struct gen_sctp_prstatus *out)
{
	struct sctp_prstatus from;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error == 0 && t.a == NULL)
		error = -EINVAL;
	if (error != 0)
		return error;
	memset(&from, 0, sizeof(from));
	from.sprstat_assoc_id = t.id;
	from.sprstat_sid = out->stream;
	from.sprstat_policy = engine_policy(out->policy);
	error = read_status(t.so, option, &from);
	if (error != 0)
		return error;
	out->assoc_id = option_target_id(&t);
	out->abandoned_unsent = from.sprstat_abandoned_unsent +
				in_front(t.a, option, out);
	out->abandoned_sent = from.sprstat_abandoned_sent;
	return 0;
}

int
option_pr_assoc_status_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	return get(ep, SCTP_PR_ASSOC_STATUS, &opt->value.prstatus);
}

int
option_pr_stream_status_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	return get(ep, SCTP_PR_STREAM_STATUS, &opt->value.prstatus);
}
