/*
 * How messages are cut up: disable_fragments, maxseg; and when the parts of one
 * are delivered: partial_delivery_point.
 */
#include "config.h"

#include <errno.h>

#include "options_impl.h"
#include "stack.h"
#include "transfer.h"

/* Below, what the engine takes off again could be more than there is. */
#define MAXSEG_MIN 512
#define MAXSEG_MAX 65532

/* ----------------------------------------------------- disable_fragments */

/* The engine is not asked to refuse: it would let through what is a little
 * longer than a chunk. */
bool
option_would_fragment(const struct assoc *a, size_t len)
{
	struct sctp_assoc_value most = { .assoc_value = 0 };
	struct socket *so;

	if (!a->ep->opts.disable_fragments)
		return false;
	so = assoc_socket(a, &most.assoc_id);
	return option_engine_get(so, SCTP_MAXSEG, &most, sizeof(most)) == 0 &&
	       len > most.assoc_value;
}

/* ---------------------------------------------------------------- maxseg */

int
option_maxseg_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	int64_t number = opt->value.number;

	(void)ep;
	return number == 0 || (number >= MAXSEG_MIN && number <= MAXSEG_MAX)
		       ? 0
		       : -EINVAL;
}

/* With one path the engine adds an IPv4 header that it never takes off. */
static uint32_t
to_engine(uint32_t maxseg)
{
	return maxseg == 0 || stack_layer()->multihoming ? maxseg : maxseg - 20;
}

static int
write_maxseg(struct socket *so, sctp_assoc_t id, uint32_t maxseg)
{
	const struct sctp_assoc_value to = {
		.assoc_id = id,
		.assoc_value = to_engine(maxseg),
	};

	return option_engine_set(so, SCTP_MAXSEG, &to, sizeof(to));
}

int
option_maxseg_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const uint32_t maxseg = (uint32_t)opt->value.number & ~UINT32_C(3);
	struct socket *so = ep->esock.so;
	struct assoc *a;
	sctp_assoc_t id;
	int error = 0;

	if (so != NULL)
		error = write_maxseg(so, SCTP_FUTURE_ASSOC, maxseg);
	for (a = ep->assocs; a != NULL && error == 0; a = a->next) {
		so = assoc_socket(a, &id);
		if (a->phase != ASSOC_OVER)
			error = write_maxseg(so, id, maxseg);
	}
	if (error == 0)
		ep->opts.maxseg = maxseg;
	return error;
}

/* ------------------------------------------------ partial_delivery_point */

/* The engine takes no more than the receive buffer, and acts on half of it. */
static int
write_point(struct socket *so, uint32_t point)
{
	uint32_t recbuf = 0;
	socklen_t len = sizeof(recbuf);

	if (so == NULL)
		return 0;
	usrsctp_getsockopt(so, SOL_SOCKET, SO_RCVBUF, &recbuf, &len);
	if (point > recbuf)
		point = recbuf;
	return option_engine_set(so, SCTP_PARTIAL_DELIVERY_POINT, &point,
				 sizeof(point));
}

int
option_partial_delivery_point_set(struct endpoint *ep,
				  const struct gen_sctp_opt *opt)
{
	const uint32_t point = (uint32_t)opt->value.number;
	int error = write_point(ep->esock.so, point);
	struct assoc *a;

	for (a = ep->assocs; a != NULL && error == 0; a = a->next)
		error = write_point(a->esock.so, point);
	if (error == 0)
		ep->opts.partial_delivery_point = point;
	return error;
}
