/*
 * Options of the whole socket: one value for the endpoint and all its
 * associations.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "autoclose.h"
#include "errors.h"
#include "options_impl.h"
#include "recbuf.h"

#define BUFFER_MIN 4096 /* bytes */

static bool
is_family(int family)
{
	return family == GEN_SCTP_INET || family == GEN_SCTP_INET6;
}

/* ------------------------------------------------------------- open only */

int
option_ip_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return is_family(opt->value.addr.family) ? 0 : -EINVAL;
}

int
option_family_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return is_family((int)opt->value.family) ? 0 : -EINVAL;
}

int
option_type_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return opt->value.type == GEN_SCTP_SEQPACKET ||
			       opt->value.type == GEN_SCTP_STREAM
		       ? 0
		       : -EINVAL;
}

int
option_ipv6_v6only_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.flag = ep->local->v6only;
	return 0;
}

/* --------------------------------------------------------- kept by us only */

int
option_active_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	return outlet_check_mode(ep != NULL ? &ep->outlet : NULL,
				 &opt->value.active);
}

int
option_active_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	return outlet_set_mode(&ep->outlet, &opt->value.active);
}

int
option_active_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.active = outlet_mode(&ep->outlet);
	return 0;
}

/* The engine must not know: close is a state machine of ours. */
int
option_linger_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	/* close counts in ms. */
	return opt->value.linger.seconds >= 0 &&
			       opt->value.linger.seconds <= INT_MAX / 1000
		       ? 0
		       : -EINVAL;
}

int
option_linger_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.linger = opt->value.linger;
	return 0;
}

int
option_linger_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.linger = ep->opts.linger;
	return 0;
}

int
option_send_timeout_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.send_timeout_ms = (int)opt->value.number;
	return 0;
}

int
option_send_timeout_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.number = ep->opts.send_timeout_ms;
	return 0;
}

int
option_max_associations_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.max_associations = (unsigned int)opt->value.number;
	return endpoint_follow_places(ep);
}

/* ------------------------------------------------------ of engine sockets */

static int
set_one(struct socket *so, int level, int option, int value)
{
	if (so == NULL ||
	    usrsctp_setsockopt(so, level, option, &value, sizeof(value)) == 0)
		return 0;
	return engine_error_of(ENGINE_OPTION);
}

static int
set_all(struct endpoint *ep, int level, int option, int value)
{
	int error = set_one(ep->esock.so, level, option, value);
	struct assoc *a;

	for (a = ep->assocs; a != NULL && error == 0; a = a->next)
		error = set_one(a->esock.so, level, option, value);
	return error;
}

static int
get_one(const struct endpoint *ep, int level, int option, int *value)
{
	struct socket *so = option_socket(ep);
	socklen_t len = sizeof(*value);

	if (so == NULL)
		return -EINVAL;
	*value = 0;
	if (usrsctp_getsockopt(so, level, option, value, &len) == 0)
		return 0;
	return engine_error_of(ENGINE_OPTION);
}

static int
get_number(struct endpoint *ep, int level, int option, struct gen_sctp_opt *opt)
{
	int value, error = get_one(ep, level, option, &value);

	if (error == 0)
		opt->value.number = value;
	return error;
}

/* As in a kernel, a small one becomes the smallest that works. */
static uint32_t
buffer_size(const struct gen_sctp_opt *opt)
{
	return opt->value.number < BUFFER_MIN ? BUFFER_MIN
					      : (uint32_t)opt->value.number;
}

int
option_sndbuf_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	option_raise_buffer(ep, buffer_size(opt));
	return set_all(ep, SOL_SOCKET, SO_SNDBUF, (int)buffer_size(opt));
}

int
option_sndbuf_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	return get_number(ep, SOL_SOCKET, SO_SNDBUF, opt);
}

int
option_recbuf_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	option_raise_buffer(ep, buffer_size(opt));
	recbuf_set(ep, buffer_size(opt));
	return 0;
}

/* Of a socket with one association, that association's. */
int
option_recbuf_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	const struct assoc *only =
		ep->type == GEN_SCTP_STREAM ? ep->assocs : NULL;

	if (option_socket(ep) == NULL)
		return -EINVAL;
	opt->value.number = only != NULL ? only->recbuf : ep->opts.recbuf;
	return 0;
}

int
option_nodelay_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	return set_all(ep, IPPROTO_SCTP, SCTP_NODELAY, opt->value.flag);
}

int
option_nodelay_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	int value, error = get_one(ep, IPPROTO_SCTP, SCTP_NODELAY, &value);

	if (error == 0)
		opt->value.flag = value != 0;
	return error;
}

/* In the INIT or INIT ACK of associations to come. */
int
option_adaptation_layer_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	struct socket *so = option_socket(ep);
	struct sctp_setadaptation adaptation = {
		.ssb_adaptation_ind = (uint32_t)opt->value.number,
	};

	if (so == NULL)
		return -EINVAL;
	return option_engine_set(so, SCTP_ADAPTATION_LAYER, &adaptation,
				 sizeof(adaptation));
}

int
option_adaptation_layer_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct socket *so = option_socket(ep);
	struct sctp_setadaptation adaptation;
	int error;

	if (so == NULL)
		return -EINVAL;
	error = option_engine_get(so, SCTP_ADAPTATION_LAYER, &adaptation,
				  sizeof(adaptation));
	if (error == 0)
		opt->value.number = adaptation.ssb_adaptation_ind;
	return error;
}

int
option_autoclose_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	struct assoc *a;

	ep->opts.autoclose = (uint32_t)opt->value.number;
	for (a = ep->assocs; a != NULL; a = a->next)
		autoclose_follow(a);
	return 0;
}
