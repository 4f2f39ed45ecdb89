/*
 * What messages are sent with by default. These are ours alone: the engine is
 * told with every message.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "options_impl.h"
#include "send_defaults.h"

#define SEND_PARAM_FIELDS \
	(GEN_SCTP_SEND_PARAM_STREAM | GEN_SCTP_SEND_PARAM_FLAGS | \
	 GEN_SCTP_SEND_PARAM_PPID | GEN_SCTP_SEND_PARAM_CONTEXT | \
	 GEN_SCTP_SEND_PARAM_TIMETOLIVE)

/* -------------------------------------------------------------- their use */

void
send_defaults_apply(const struct send_defaults *d,
		    struct gen_sctp_sndrcvinfo *info)
{
	info->flags = d->param.flags;
	info->ppid = d->param.ppid;
	info->context = d->param.context;
	info->timetolive = d->param.timetolive;
}

bool
prinfo_valid(const struct gen_sctp_prinfo *prinfo)
{
	switch (prinfo->policy) {
	case GEN_SCTP_PR_DEFAULT:
	case GEN_SCTP_PR_NONE:
	case GEN_SCTP_PR_RTX:
	case GEN_SCTP_PR_PRIO:
		return true;
	case GEN_SCTP_PR_TTL:
		return prinfo->value > 0;
	}
	return false;
}

static struct gen_sctp_prinfo
none_if_default(struct gen_sctp_prinfo prinfo)
{
	if (prinfo.policy == GEN_SCTP_PR_DEFAULT)
		prinfo.policy = GEN_SCTP_PR_NONE;
	return prinfo;
}

struct gen_sctp_prinfo
send_defaults_prinfo(const struct send_defaults *d,
		     const struct gen_sctp_outgoing *m)
{
	struct gen_sctp_prinfo ttl = {
		.policy = GEN_SCTP_PR_TTL,
		.value = m->info.timetolive,
	};

	if (m->prinfo.policy != GEN_SCTP_PR_DEFAULT)
		return m->prinfo;
	return ttl.value > 0 ? ttl : none_if_default(d->prinfo);
}

/* ------------------------------------------------------------ the options */

static struct send_defaults *
defaults_of(struct endpoint *ep, const struct option_target *t)
{
	return t->a != NULL ? &t->a->send : &ep->opts.send;
}

int
option_default_send_param_check(const struct endpoint *ep,
				const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_send_param *in = &opt->value.default_send_param;

	if ((in->set & ~(uint32_t)SEND_PARAM_FIELDS) ||
	    ((in->set & GEN_SCTP_SEND_PARAM_FLAGS) &&
	     (in->flags & ~(uint32_t)SEND_FLAGS)))
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_default_send_param_set(struct endpoint *ep,
			      const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_send_param *in = &opt->value.default_send_param;
	struct gen_sctp_send_param *to;
	struct option_target t;
	int error = option_target(ep, in->assoc_id, &t);

	if (error != 0)
		return error;
	to = &defaults_of(ep, &t)->param;
	if (in->set & GEN_SCTP_SEND_PARAM_STREAM)
		to->stream = in->stream;
	if (in->set & GEN_SCTP_SEND_PARAM_FLAGS)
		to->flags = in->flags;
	if (in->set & GEN_SCTP_SEND_PARAM_PPID)
		to->ppid = in->ppid;
	if (in->set & GEN_SCTP_SEND_PARAM_CONTEXT)
		to->context = in->context;
	if (in->set & GEN_SCTP_SEND_PARAM_TIMETOLIVE)
		to->timetolive = in->timetolive;
	return 0;
}

int
option_default_send_param_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_send_param *out = &opt->value.default_send_param;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	*out = defaults_of(ep, &t)->param;
	out->set = SEND_PARAM_FIELDS;
	out->assoc_id = option_target_id(&t);
	return 0;
}

int
option_default_prinfo_check(const struct endpoint *ep,
			    const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_default_prinfo *in = &opt->value.default_prinfo;

	if (!prinfo_valid(&in->prinfo))
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_default_prinfo_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_default_prinfo *in = &opt->value.default_prinfo;
	struct option_target t;
	int error = option_target(ep, in->assoc_id, &t);

	if (error == 0)
		defaults_of(ep, &t)->prinfo = in->prinfo;
	return error;
}

int
option_default_prinfo_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_default_prinfo *out = &opt->value.default_prinfo;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	out->prinfo = none_if_default(defaults_of(ep, &t)->prinfo);
	out->assoc_id = option_target_id(&t);
	return 0;
}
