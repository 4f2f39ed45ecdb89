/*
 * send, sendmsg, sendv, sendmmsg, eof, abort.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "assoc.h"
#include "connect.h"
#include "deadline.h"
#include "handle.h"
#include "lead.h"
#include "options.h"
#include "outgoing.h"
#include "transfer.h"

/* ------------------------------------------------------------ room to send */

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
	struct room_wait wait = { .ep = ep,
				  .id = a->id,
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
send_to(struct endpoint *ep, struct assoc *a, const struct gen_sctp_outgoing *m,
	os_time deadline)
{
	const gen_sctp_assoc_id_t id = a->id;
	int error;

	for (;;) {
		error = transfer_send(a, m);
		if (error != -EAGAIN)
			return error;
		error = wait_for_room(ep, a, deadline);
		if (error != 0)
			return error;
		a = assoc_find(ep, id);
		if (a == NULL)
			return -EPIPE;
	}
}

/* ------------------------------------------------------------ associations */

/* One of this endpoint that has any of the addresses. */
static struct assoc *
find_peer(const struct endpoint *ep, const struct gen_sctp_outgoing *m)
{
	struct gen_sctp_addr addr;
	struct assoc *a;
	size_t i;

	for (i = 0; i < m->to_count; i++) {
		addr = connect_destination(&m->to[i]);
		a = assoc_find_peer(ep, &addr);
		if (a != NULL && assoc_alive(a))
			return a;
	}
	return NULL;
}

/* The endpoint's initmsg is the message's while it is started. */
static int
start_with_initmsg(struct endpoint *ep, const struct gen_sctp_outgoing *m,
		   struct assoc **a)
{
	const struct gen_sctp_opt given = gen_sctp_opt_initmsg(*m->initmsg);
	struct gen_sctp_opt before = gen_sctp_opt_get(GEN_SCTP_OPT_INITMSG);
	int error = option_get(ep, &before);

	if (error == 0)
		error = option_set(ep, &given);
	if (error != 0)
		return error;
	error = connect_start(ep, m->to, m->to_count, a);
	option_set(ep, &before);
	return error;
}

/* An association with the peer, for the message's sake. */
static int
send_first(struct endpoint *ep, const struct gen_sctp_outgoing *m,
	   gen_sctp_assoc_id_t *id)
{
	struct assoc *a;
	int error;

	if (m->len == 0 || (m->info.flags & GEN_SCTP_ABORT))
		return -EPIPE;
	error = m->initmsg != NULL ? start_with_initmsg(ep, m, &a)
				   : connect_start(ep, m->to, m->to_count, &a);
	if (error != 0)
		return error;
	*id = a->id;
	error = transfer_send(a, m);
	if (error != 0)
		connect_withdraw(a);
	return error;
}

/* A peeled-off socket, and one of type stream whose association is over, cannot
 * have another one. */
static bool
may_set_up(const struct endpoint *ep, const struct gen_sctp_outgoing *m)
{
	if (m->to_count == 0 || ep->esock.so == NULL || ep->over)
		return false;
	return ep->type == GEN_SCTP_STREAM || m->info.assoc_id == 0;
}

/* ------------------------------------------------------------------- calls */

/* Lock held; released while it waits. The association's defaults for what
 * send/4 does not say. */
static int
send_message(struct endpoint *ep, struct gen_sctp_outgoing *m,
	     const bool defaults, os_time deadline, gen_sctp_assoc_id_t *id)
{
	struct assoc *a;

	if (m->data == NULL)
		m->data = "";
	if (ep->listener)
		return -ENOTCONN;
	if (deadline_passed(ep, ENDPOINT_OUT))
		return -ETIMEDOUT;
	a = assoc_find(ep, m->info.assoc_id);
	if (a == NULL && may_set_up(ep, m)) {
		a = find_peer(ep, m);
		if (a == NULL)
			return send_first(ep, m, id);
	}
	if (a == NULL)
		return -EPIPE;
	*id = a->id;
	if (defaults)
		send_defaults_apply(&a->send, &m->info);
	return send_to(ep, a, m, deadline);
}

/* Takes the lock; *deadline is of all that is sent until the end. */
static int
begin(gen_sctp_socket_t s, struct endpoint **ep, os_time *deadline)
{
	int error = api_enter(s, ep);

	if (error != 0)
		return error;
	endpoint_use(*ep);
	*deadline = api_deadline((*ep)->opts.send_timeout_ms);
	return 0;
}

static void
finish(struct endpoint *ep)
{
	if (!ep->closed)
		endpoint_changed(ep);
	endpoint_unuse(ep);
	lead_feed();
	api_leave();
}

static int
send_checked(gen_sctp_socket_t s, struct gen_sctp_outgoing *m, bool defaults,
	     gen_sctp_assoc_id_t *assoc)
{
	gen_sctp_assoc_id_t id = 0;
	struct endpoint *ep;
	os_time deadline;
	int error = outgoing_check(m);

	if (error == 0)
		error = begin(s, &ep, &deadline);
	if (error != 0)
		return error;
	error = send_message(ep, m, defaults, deadline, &id);
	finish(ep);
	if (error == 0 && assoc != NULL)
		*assoc = id;
	return error;
}

int
gen_sctp_sendv(gen_sctp_socket_t s, const struct gen_sctp_outgoing *m,
	       gen_sctp_assoc_id_t *assoc)
{
	struct gen_sctp_outgoing out;

	if (m == NULL || m->size < sizeof(*m))
		return -EINVAL;
	out = *m;
	return send_checked(s, &out, false, assoc);
}

/* Lock held; released while it waits. */
static int
send_one(struct endpoint *ep, const struct gen_sctp_outgoing *m,
	 os_time deadline, gen_sctp_assoc_id_t *id)
{
	struct gen_sctp_outgoing out;
	int error;

	if (m->size != sizeof(*m))
		return -EINVAL;
	out = *m;
	error = outgoing_check(&out);
	return error != 0 ? error : send_message(ep, &out, false, deadline, id);
}

int
gen_sctp_sendmmsg(gen_sctp_socket_t s, const struct gen_sctp_outgoing *msgs,
		  size_t n, gen_sctp_assoc_id_t *assocs)
{
	gen_sctp_assoc_id_t id;
	struct endpoint *ep;
	os_time deadline;
	size_t i;
	int error;

	if (msgs == NULL && n > 0)
		return -EINVAL;
	error = begin(s, &ep, &deadline);
	if (error != 0)
		return error;
	for (i = 0; i < n && i < API_BATCH; i++) {
		error = send_one(ep, &msgs[i], deadline, &id);
		if (error != 0)
			break;
		if (assocs != NULL)
			assocs[i] = id;
		lead_feed();
	}
	finish(ep);
	return i > 0 ? (int)i : error;
}

int
gen_sctp_sendmsg(gen_sctp_socket_t s, const struct gen_sctp_sndrcvinfo *info,
		 const struct gen_sctp_addr *to, const void *data, size_t len)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	if (info == NULL)
		return -EINVAL;
	m.info = *info;
	if (info->timetolive == 0)
		m.prinfo.policy = GEN_SCTP_PR_NONE;
	m.to = to;
	m.to_count = to != NULL;
	m.data = data;
	m.len = len;
	return send_checked(s, &m, false, NULL);
}

int
gen_sctp_send(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, int stream,
	      const void *data, size_t len)
{
	struct gen_sctp_outgoing m = GEN_SCTP_OUTGOING_INIT;

	if (stream < 0 || stream > UINT16_MAX || len == 0)
		return -EINVAL;
	m.info.stream = (uint16_t)stream;
	m.info.assoc_id = assoc;
	m.data = data;
	m.len = len;
	return send_checked(s, &m, true, NULL);
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
