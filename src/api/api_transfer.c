/*
 * send, sendmsg, eof, abort, recv.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "assoc.h"
#include "deadline.h"
#include "handle.h"
#include "lead.h"
#include "transfer.h"

#define SEND_FLAGS                                                   \
	(GEN_SCTP_UNORDERED | GEN_SCTP_ADDR_OVER | GEN_SCTP_ABORT |  \
	 GEN_SCTP_EOF)

/* ------------------------------------------------------------------ send */

struct message {
	const struct gen_sctp_sndrcvinfo *info;
	const struct gen_sctp_addr *to;
	const void *data;
	size_t len;
};

/* A sender waits until the engine touches its association again. */
struct room_wait {
	const struct endpoint *ep;
	gen_sctp_assoc_id_t id;
	unsigned int wakeups;
};

static bool
may_have_room(void *arg)
{
	const struct room_wait *wait = arg;
	const struct assoc *a;

	if (wait->ep->closed)
		return true;
	a = assoc_find(wait->ep, wait->id);
	return a == NULL || a->phase == ASSOC_OVER ||
	       a->wakeups != wait->wakeups;
}

static int
wait_for_room(struct endpoint *ep, const struct assoc *a, os_time deadline)
{
	struct room_wait wait = { .ep = ep, .id = a->id,
				  .wakeups = a->wakeups };
	int error;

	if (ep->opts.non_block_send) {
		lead_yield();
		return -EAGAIN;
	}
	error = deadline_wait(ep, ENDPOINT_OUT, may_have_room, &wait, deadline);
	return ep->closed ? -EBADF : error;
}

/* Lock held; released while it waits. */
static int
send_message(struct endpoint *ep, const struct message *m)
{
	os_time deadline = api_deadline(ep->opts.send_timeout_ms);
	struct assoc *a;
	int error;

	if (ep->listener)
		return -ENOTCONN;
	if (deadline_passed(ep, ENDPOINT_OUT))
		return -ETIMEDOUT;
	for (;;) {
		a = assoc_find(ep, m->info->assoc_id);
		if (a == NULL)
			return -EPIPE;
		error = transfer_send(a, m->info, m->to, m->data, m->len);
		if (error != -EAGAIN)
			return error;
		error = wait_for_room(ep, a, deadline);
		if (error != 0)
			return error;
	}
}

int
gen_sctp_sendmsg(gen_sctp_socket_t s, const struct gen_sctp_sndrcvinfo *info,
		 const struct gen_sctp_addr *to, const void *data, size_t len)
{
	struct message m = { info, to, data, len };
	struct endpoint *ep;
	int error;

	if (info == NULL || (info->flags & ~(uint32_t)SEND_FLAGS) != 0 ||
	    (data == NULL && len > 0) || len > INT_MAX)
		return -EINVAL;
	if (len == 0 && !(info->flags & (GEN_SCTP_EOF | GEN_SCTP_ABORT)))
		return -EINVAL;
	if (to != NULL && to->family != GEN_SCTP_INET &&
	    to->family != GEN_SCTP_INET6)
		return -EINVAL;
	if (data == NULL)
		m.data = "";
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	endpoint_use(ep);
	error = send_message(ep, &m);
	if (!ep->closed)
		endpoint_changed(ep);
	endpoint_unuse(ep);
	lead_feed();
	api_leave();
	return error;
}

int
gen_sctp_send(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, int stream,
	      const void *data, size_t len)
{
	struct gen_sctp_sndrcvinfo info;

	if (stream < 0 || stream > UINT16_MAX)
		return -EINVAL;
	memset(&info, 0, sizeof(info));
	info.stream = (uint16_t)stream;
	info.assoc_id = assoc;
	return gen_sctp_sendmsg(s, &info, NULL, data, len);
}

static int
end_association(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
		int (*end)(struct assoc *a))
{
	struct endpoint *ep;
	struct assoc *a;
	int error;

	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	a = assoc_find(ep, id);
	error = a != NULL ? end(a) : -EPIPE;
	endpoint_changed(ep);
	api_leave();
	return error;
}

int
gen_sctp_eof(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	return end_association(s, assoc, transfer_eof);
}

int
gen_sctp_abort(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	return end_association(s, assoc, assoc_abort);
}

/* ------------------------------------------------------------------ recv */

static bool
has_something(void *arg)
{
	const struct endpoint *ep = arg;

	return ep->closed || endpoint_readable(ep);
}

static void
clear(struct gen_sctp_msg *msg)
{
	size_t size = msg->size;

	memset(msg, 0, size);
	msg->size = size;
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
		result = transfer_receive(ep, buf, size, msg);
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
	clear(msg);
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
	if (!ep->closed && ep->has_event && ep->ready_first == NULL)
		lead_yield();
	ep->receiving = false;
	endpoint_unuse(ep);
	api_leave();
	return result;
}

void
gen_sctp_msg_free(struct gen_sctp_msg *msg)
{
	if (msg == NULL)
		return;
	free(msg->owned);
	msg->owned = NULL;
}
