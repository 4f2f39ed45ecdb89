/*
 * When data is acknowledged: delayed_ack_time, and the sackdelay of
 * peer_addr_params, which is the same for all paths of an association.
 */
#include "config.h"

#include <errno.h>

#include "options_sack.h"

#define FIELDS (GEN_SCTP_ASSOC_VALUE | GEN_SCTP_ASSOC_VALUE_FREQ)
/* The delay ends the wait long before. */
#define FREQ_MAX 65535

int
sack_read(const struct option_target *t, struct sctp_sack_info *out)
{
	out->sack_assoc_id = t->id;
	return option_engine_get(t->so, SCTP_DELAYED_SACK, out, sizeof(*out));
}

int
sack_write(const struct option_target *t, const struct sctp_sack_info *in)
{
	struct sctp_sack_info to = *in;

	to.sack_assoc_id = t->id;
	return option_engine_set(t->so, SCTP_DELAYED_SACK, &to, sizeof(to));
}

static bool
values_are_fine(const struct gen_sctp_assoc_value *in)
{
	bool freq = in->set & GEN_SCTP_ASSOC_VALUE_FREQ;

	if (freq && (in->freq == 0 || in->freq > FREQ_MAX))
		return false;
	if (!(in->set & GEN_SCTP_ASSOC_VALUE))
		return true;
	if (in->assoc_value == 0 && freq && in->freq != SACK_EVERY)
		return false;
	return in->assoc_value <= SACK_DELAY_MAX;
}

int
option_delayed_ack_time_check(const struct endpoint *ep,
			      const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_assoc_value *in = &opt->value.delayed_ack_time;

	if ((in->set & ~(uint32_t)FIELDS) || !values_are_fine(in))
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_delayed_ack_time_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_assoc_value *in = &opt->value.delayed_ack_time;
	struct option_target t;
	struct sctp_sack_info sack;
	int error = option_target(ep, in->assoc_id, &t);

	if (error == 0)
		error = sack_read(&t, &sack);
	if (error != 0 || in->set == 0)
		return error;
	if (in->set & GEN_SCTP_ASSOC_VALUE) {
		if (in->assoc_value == 0)
			sack.sack_freq = SACK_EVERY;
		else if (sack.sack_freq == SACK_EVERY)
			sack.sack_freq = SACK_EVERY_SECOND;
		if (in->assoc_value != 0)
			sack.sack_delay = in->assoc_value;
	}
	if (in->set & GEN_SCTP_ASSOC_VALUE_FREQ)
		sack.sack_freq = in->freq;
	return sack_write(&t, &sack);
}

int
option_delayed_ack_time_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_assoc_value *out = &opt->value.delayed_ack_time;
	struct option_target t;
	struct sctp_sack_info sack;
	int error = option_target(ep, out->assoc_id, &t);

	if (error == 0)
		error = sack_read(&t, &sack);
	if (error != 0)
		return error;
	out->set = FIELDS;
	out->assoc_id = option_target_id(&t);
	out->freq = sack.sack_freq;
	out->assoc_value = sack.sack_freq == SACK_EVERY ? 0 : sack.sack_delay;
	return 0;
}
