/*
 * recv.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "handle.h"
#include "lead.h"
#include "msg.h"
#include "transfer.h"

static bool
has_something(void *arg)
{
	const struct endpoint *ep = arg;

	return ep->closed || outlet_is_active(&ep->outlet) ||
	       endpoint_readable(ep);
}

/* Lock held; released while it waits. */
static int
receive(struct endpoint *ep, void *buf, size_t size, struct gen_sctp_msg *msg,
	os_time deadline)
{
	int result;

	if (ep->listener)
		return -ENOTCONN;
	if (deadline_passed(ep, ENDPOINT_IN))
		return -ETIMEDOUT;
	for (;;) {
		if (ep->closed)
			return -EBADF;
		if (outlet_is_active(&ep->outlet))
			return -EINVAL;
		result = transfer_receive(&ep->outlet, buf, size, msg);
		if (result != -EAGAIN)
			return result;
		if (ep->over || ep->read_shut) {
			msg->kind = GEN_SCTP_MSG_EOF;
			return 0;
		}
		result = deadline_wait(ep, ENDPOINT_IN, has_something, ep,
				       deadline);
		if (result != 0) {
			lead_yield();
			return result;
		}
	}
}

int
gen_sctp_recv(gen_sctp_socket_t s, void *buf, size_t size,
	      struct gen_sctp_msg *msg, int timeout_ms)
{
	os_time deadline = api_deadline(timeout_ms);
	struct endpoint *ep;
	int result;

	if (buf == NULL || size == 0 || msg == NULL ||
	    msg->size < sizeof(*msg) || timeout_ms < -1)
		return -EINVAL;
	msg_clear(msg);
	msg->socket = s;
	result = api_enter(s, &ep);
	if (result != 0)
		return result;
	if (ep->receiving) {
		api_leave();
		return -EALREADY;
	}
	ep->receiving = true;
	endpoint_use(ep);
	result = receive(ep, buf, size < INT_MAX ? size : INT_MAX, msg,
			 deadline);
	/* Its user waits in poll next, and not for us. */
	if (!ep->closed && ep->has_event && ep->outlet.ready_first == NULL)
		lead_yield();
	ep->receiving = false;
	endpoint_unuse(ep);
	api_leave();
	return result;
}
