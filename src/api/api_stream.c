/*
 * Stream sockets: how they come to their association without connecting, and
 * how one of its directions ends.
 */
#include "config.h"

#include <errno.h>

#include "assoc.h"
#include "closing.h"
#include "deadline.h"
#include "handle.h"
#include "lead.h"
#include "options.h"
#include "transfer.h"

/* A socket of its own for an association of `from`. */
static int
move_out(struct endpoint *from, struct assoc *a, gen_sctp_socket_t *s)
{
	struct endpoint *own = endpoint_new_peeled(from);
	int error;

	if (own == NULL)
		return -ENOMEM;
	error = handle_new(own, s);
	if (error != 0) {
		closing_endpoint(own, closing_new_group());
		return error;
	}
	assoc_move(a, own);
	option_inherit(own, from);
	outlet_inherit(&own->outlet, &from->outlet);
	return 0;
}

static int
peel_off(struct endpoint *ep, gen_sctp_assoc_id_t id, gen_sctp_socket_t *s)
{
	struct assoc *a;

	if (ep->type == GEN_SCTP_STREAM)
		return -EOPNOTSUPP;
	a = assoc_find(ep, id);
	if (a == NULL)
		return -EINVAL;
	if (a->phase == ASSOC_SETUP)
		return -ENOTCONN;
	return move_out(ep, a, s);
}

int
gen_sctp_peeloff(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		 gen_sctp_socket_t *peeled)
{
	struct endpoint *ep;
	int error;

	if (peeled == NULL)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = peel_off(ep, assoc, peeled);
	api_leave();
	return error;
}

/* ---------------------------------------------------------------- accept */

static int
can_accept(const struct endpoint *ep)
{
	if (ep->closed)
		return -EBADF;
	if (ep->type != GEN_SCTP_STREAM)
		return -EOPNOTSUPP;
	/* Stopped, it still gives away those that came before. */
	if (!ep->listener || (ep->backlog == 0 && ep->oldest == NULL))
		return -EINVAL;
	return ep->oldest != NULL ? 0 : -EAGAIN;
}

static bool
accept_ends(void *arg)
{
	return can_accept(arg) != -EAGAIN;
}

/* Lock held; released while it waits. */
static int
accept_one(struct endpoint *ep, os_time deadline, gen_sctp_socket_t *accepted,
	   struct gen_sctp_addr *from)
{
	int error;

	error = can_accept(ep);
	if (error == 0 && deadline_passed(ep, ENDPOINT_IN))
		return -ETIMEDOUT;
	while (error == -EAGAIN) {
		error = deadline_wait(ep, ENDPOINT_IN, accept_ends, ep,
				      deadline);
		if (error != 0) {
			lead_yield();
			return error;
		}
		error = can_accept(ep);
	}
	if (error != 0)
		return error;
	if (from != NULL && ep->oldest->peer_count > 0) {
		*from = ep->oldest->peers[0];
		endpoint_show(ep, from, 1);
	}
	return move_out(ep, ep->oldest, accepted);
}

int
gen_sctp_accept(gen_sctp_socket_t s, int timeout_ms,
		gen_sctp_socket_t *accepted, struct gen_sctp_addr *from)
{
	os_time deadline = api_deadline(timeout_ms);
	struct endpoint *ep;
	int error;

	if (accepted == NULL || timeout_ms < -1)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	endpoint_use(ep);
	error = accept_one(ep, deadline, accepted, from);
	if (!ep->closed)
		endpoint_changed(ep);
	endpoint_unuse(ep);
	api_leave();
	return error;
}

/* -------------------------------------------------------------- shutdown */

static void
shut_reading(struct endpoint *ep)
{
	struct assoc *a = assoc_only(ep);

	ep->read_shut = true;
	assoc_unready(a);
	transfer_settle(a);
}

static int
shut(struct endpoint *ep, int how)
{
	struct assoc *a = assoc_only(ep);
	int error = 0;

	if (ep->type != GEN_SCTP_STREAM)
		return -EOPNOTSUPP;
	if (a == NULL)
		return -ENOTCONN;
	if (how != GEN_SCTP_SHUT_RD && !a->eof_wanted)
		error = transfer_eof(a);
	if (how != GEN_SCTP_SHUT_WR)
		shut_reading(ep);
	endpoint_changed(ep);
	return error;
}

int
gen_sctp_shutdown(gen_sctp_socket_t s, int how)
{
	struct endpoint *ep;
	int error;

	if (how < GEN_SCTP_SHUT_RD || how > GEN_SCTP_SHUT_RDWR)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = shut(ep, how);
	api_leave();
	return error;
}
