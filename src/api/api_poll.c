/*
 * fd, ready: sockets in poll, epoll and event loops.
 */
#include "config.h"

#include <errno.h>

#include "handle.h"
#include "lead.h"

#define CONDITIONS \
	(GEN_SCTP_POLL_IN | GEN_SCTP_POLL_OUT | GEN_SCTP_POLL_HUP)

int
gen_sctp_fd(gen_sctp_socket_t s, int mask, gen_sctp_fd_t *fd)
{
	struct endpoint *ep;
	int error;

	if (fd == NULL || mask == 0 || (mask & ~CONDITIONS) != 0)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = endpoint_fd(ep, mask, fd);
	lead_yield();
	api_leave();
	return error;
}

int
gen_sctp_ready(gen_sctp_socket_t s)
{
	struct endpoint *ep;
	int result = api_enter(s, &ep);

	if (result != 0)
		return result;
	result = endpoint_ready(ep);
	api_leave();
	return result;
}
