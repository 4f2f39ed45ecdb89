/*
 * Options of an association, or of an endpoint for its future ones. The
 * engine leaves a field as it is where it is told 0, so 0 is refused here as a
 * value that somebody sets.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "options_impl.h"

/* The engine would quietly take the nearest (ms). */
#define COOKIE_LIFE_MIN 1000
/* The guard remembers offered tags no longer. */
#define COOKIE_LIFE_MAX 60000

#define INITMSG_FIELDS \
	(GEN_SCTP_INITMSG_NUM_OSTREAMS | GEN_SCTP_INITMSG_MAX_INSTREAMS | \
	 GEN_SCTP_INITMSG_MAX_ATTEMPTS | GEN_SCTP_INITMSG_MAX_INIT_TIMEO)
#define RTOINFO_FIELDS \
	(GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MAX | GEN_SCTP_RTOINFO_MIN)
#define ASSOCPARAMS_FIELDS \
	(GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT | GEN_SCTP_ASSOCPARAMS_COOKIE_LIFE)

/* --------------------------------------------------------------- initmsg */

int
option_initmsg_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_initmsg *in = &opt->value.initmsg;

	(void)ep;
	if ((in->set & ~(uint32_t)INITMSG_FIELDS) ||
	    ((in->set & GEN_SCTP_INITMSG_NUM_OSTREAMS) &&
	     in->num_ostreams == 0) ||
	    ((in->set & GEN_SCTP_INITMSG_MAX_INSTREAMS) &&
	     in->max_instreams == 0) ||
	    ((in->set & GEN_SCTP_INITMSG_MAX_ATTEMPTS) &&
	     in->max_attempts == 0) ||
	    ((in->set & GEN_SCTP_INITMSG_MAX_INIT_TIMEO) &&
	     in->max_init_timeo == 0))
		return -EINVAL;
	return 0;
}

int
option_initmsg_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_initmsg *in = &opt->value.initmsg;
	struct socket *so = option_socket(ep);
	struct sctp_initmsg to;

	if (so == NULL)
		return -EINVAL;
	memset(&to, 0, sizeof(to));
	if (in->set & GEN_SCTP_INITMSG_NUM_OSTREAMS)
		to.sinit_num_ostreams = in->num_ostreams;
	if (in->set & GEN_SCTP_INITMSG_MAX_INSTREAMS)
		to.sinit_max_instreams = in->max_instreams;
	if (in->set & GEN_SCTP_INITMSG_MAX_ATTEMPTS)
		to.sinit_max_attempts = in->max_attempts;
	if (in->set & GEN_SCTP_INITMSG_MAX_INIT_TIMEO)
		to.sinit_max_init_timeo = in->max_init_timeo;
	return option_engine_set(so, SCTP_INITMSG, &to, sizeof(to));
}

int
option_initmsg_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_initmsg *out = &opt->value.initmsg;
	struct socket *so = option_socket(ep);
	struct sctp_initmsg from;
	int error;

	if (so == NULL)
		return -EINVAL;
	error = option_engine_get(so, SCTP_INITMSG, &from, sizeof(from));
	if (error != 0)
		return error;
	out->set = INITMSG_FIELDS;
	out->num_ostreams = from.sinit_num_ostreams;
	out->max_instreams = from.sinit_max_instreams;
	out->max_attempts = from.sinit_max_attempts;
	out->max_init_timeo = from.sinit_max_init_timeo;
	return 0;
}

/* --------------------------------------------------------------- rtoinfo */

/* Against each other as far as they are given; against those that stay, the
 * engine checks. */
static bool
in_order(const struct gen_sctp_rtoinfo *in)
{
	uint32_t min = in->set & GEN_SCTP_RTOINFO_MIN ? in->min : 1;
	uint32_t max = in->set & GEN_SCTP_RTOINFO_MAX ? in->max : INT32_MAX;
	uint32_t initial =
		in->set & GEN_SCTP_RTOINFO_INITIAL ? in->initial : min;

	return 0 < min && min <= initial && initial <= max && max <= INT32_MAX;
}

int
option_rtoinfo_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_rtoinfo *in = &opt->value.rtoinfo;

	if ((in->set & ~(uint32_t)RTOINFO_FIELDS) || !in_order(in))
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_rtoinfo_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_rtoinfo *in = &opt->value.rtoinfo;
	struct option_target t;
	struct sctp_rtoinfo to;
	int error = option_target(ep, in->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.srto_assoc_id = t.id;
	if (in->set & GEN_SCTP_RTOINFO_INITIAL)
		to.srto_initial = in->initial;
	if (in->set & GEN_SCTP_RTOINFO_MAX)
		to.srto_max = in->max;
	if (in->set & GEN_SCTP_RTOINFO_MIN)
		to.srto_min = in->min;
	return option_engine_set(t.so, SCTP_RTOINFO, &to, sizeof(to));
}

int
option_rtoinfo_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_rtoinfo *out = &opt->value.rtoinfo;
	struct option_target t;
	struct sctp_rtoinfo from;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&from, 0, sizeof(from));
	from.srto_assoc_id = t.id;
	error = option_engine_get(t.so, SCTP_RTOINFO, &from, sizeof(from));
	if (error != 0)
		return error;
	out->set = RTOINFO_FIELDS;
	out->assoc_id = option_target_id(&t);
	out->initial = from.srto_initial;
	out->max = from.srto_max;
	out->min = from.srto_min;
	return 0;
}

/* ------------------------------------------------------------- associnfo */

int
option_associnfo_check(const struct endpoint *ep,
		       const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_assocparams *in = &opt->value.associnfo;

	if ((in->set & ~(uint32_t)ASSOCPARAMS_FIELDS) ||
	    ((in->set & GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT) &&
	     in->asocmaxrxt == 0) ||
	    ((in->set & GEN_SCTP_ASSOCPARAMS_COOKIE_LIFE) &&
	     (in->cookie_life < COOKIE_LIFE_MIN ||
	      in->cookie_life > COOKIE_LIFE_MAX)))
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_associnfo_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_assocparams *in = &opt->value.associnfo;
	struct option_target t;
	struct sctp_assocparams to;
	int error = option_target(ep, in->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.sasoc_assoc_id = t.id;
	if (in->set & GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT)
		to.sasoc_asocmaxrxt = in->asocmaxrxt;
	if (in->set & GEN_SCTP_ASSOCPARAMS_COOKIE_LIFE)
		to.sasoc_cookie_life = in->cookie_life;
	return option_engine_set(t.so, SCTP_ASSOCINFO, &to, sizeof(to));
}

int
option_associnfo_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_assocparams *out = &opt->value.associnfo;
	struct option_target t;
	struct sctp_assocparams from;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&from, 0, sizeof(from));
	from.sasoc_assoc_id = t.id;
	error = option_engine_get(t.so, SCTP_ASSOCINFO, &from, sizeof(from));
	if (error != 0)
		return error;
	out->set = ASSOCPARAMS_FIELDS;
	out->assoc_id = option_target_id(&t);
	out->asocmaxrxt = from.sasoc_asocmaxrxt;
	out->number_peer_destinations = from.sasoc_number_peer_destinations;
	out->peer_rwnd = from.sasoc_peer_rwnd;
	out->local_rwnd = from.sasoc_local_rwnd;
	out->cookie_life = from.sasoc_cookie_life;
	return 0;
}
