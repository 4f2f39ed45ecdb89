/*
 * getstat.
 */
#include "config.h"

#include <errno.h>

#include "assoc.h"
#include "handle.h"

static uint64_t
pending(const struct endpoint *ep)
{
	const struct assoc *a;
	uint64_t bytes = 0;

	for (a = ep->assocs; a != NULL; a = a->next)
		bytes += assoc_queued(a);
	return bytes;
}

int
gen_sctp_getstat(gen_sctp_socket_t s, struct gen_sctp_stat *stat)
{
	struct endpoint *ep;
	int error;

	if (stat == NULL || stat->size < sizeof(*stat))
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	stat->recv_oct = ep->in.bytes;
	stat->recv_cnt = ep->in.messages;
	stat->recv_max = ep->in.largest;
	stat->recv_avg = traffic_average(&ep->in);
	stat->recv_dvi = traffic_deviation(&ep->in);
	stat->send_oct = ep->out.bytes;
	stat->send_cnt = ep->out.messages;
	stat->send_max = ep->out.largest;
	stat->send_avg = traffic_average(&ep->out);
	stat->send_pend = pending(ep);
	api_leave();
	return 0;
}
