/*
 * recv, recvmmsg.
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

/* Takes the lock; one thread at a time may receive. */
static int
begin(gen_sctp_socket_t s, struct endpoint **ep)
{
	int error = api_enter(s, ep);

	if (error != 0)
		return error;
	if ((*ep)->receiving) {
		api_leave();
		return -EALREADY;
	}
	(*ep)->receiving = true;
	endpoint_use(*ep);
	return 0;
}

static void
finish(struct endpoint *ep)
{
	/* Its user waits in poll next, and not for us. */
	if (!ep->closed && ep->has_event && ep->outlet.ready_first == NULL)
		lead_yield();
	ep->receiving = false;
	endpoint_unuse(ep);
	api_leave();
}

static bool
usable(const void *buf, size_t size, const struct gen_sctp_msg *msg)
{
	return buf != NULL && size > 0 && msg != NULL &&
	       msg->size >= sizeof(*msg);
}

int
gen_sctp_recv(gen_sctp_socket_t s, void *buf, size_t size,
	      struct gen_sctp_msg *msg, int timeout_ms)
{
	os_time deadline = api_deadline(timeout_ms);
	struct endpoint *ep;
	int result;

	if (!usable(buf, size, msg) || timeout_ms < -1)
		return -EINVAL;
	msg_clear(msg);
	msg->socket = s;
	result = begin(s, &ep);
	if (result != 0)
		return result;
	result = receive(ep, buf, size < INT_MAX ? size : INT_MAX, msg,
			 deadline);
	finish(ep);
	return result;
}

/* ------------------------------------------------------------------- many */

static bool
all_usable(const struct gen_sctp_incoming *in, size_t n)
{
	size_t i;

	if (in == NULL)
		return false;
	for (i = 0; i < n; i++)
		if (!usable(in[i].buf, in[i].size, &in[i].msg))
			return false;
	return n > 0;
}

/* The first of them may wait. */
static bool
receive_next(struct endpoint *ep, struct gen_sctp_incoming *in, bool first,
	     os_time deadline)
{
	const size_t size = in->size < INT_MAX ? in->size : INT_MAX;

	in->result =
		first ? receive(ep, in->buf, size, &in->msg, deadline)
		      : transfer_receive(&ep->outlet, in->buf, size, &in->msg);
	return in->result >= 0 || in->result == GEN_SCTP_EEVENT;
}

int
gen_sctp_recvmmsg(gen_sctp_socket_t s, struct gen_sctp_incoming *msgs, size_t n,
		  int timeout_ms)
{
	os_time deadline = api_deadline(timeout_ms);
	struct endpoint *ep;
	size_t i;
	int error;

	if (n > API_BATCH)
		n = API_BATCH;
	if (!all_usable(msgs, n) || timeout_ms < -1)
		return -EINVAL;
	error = begin(s, &ep);
	if (error != 0)
		return error;
	for (i = 0; i < n; i++) {
		msg_clear(&msgs[i].msg);
		msgs[i].msg.socket = s;
		if (!receive_next(ep, &msgs[i], i == 0, deadline))
			break;
	}
	finish(ep);
	return i > 0 ? (int)i : msgs[0].result;
}
