#include "config.h"

#include "handle.h"

#include <errno.h>

#include "closing.h"
#include "lead.h"
#include "link.h"
#include "mailbox.h"
#include "self.h"
#include "slots.h"
#include "stack.h"

static struct slots sockets;

int
handle_find(gen_sctp_socket_t s, struct endpoint **ep)
{
	void *found;
	int error = slots_find(&sockets, s, &found);

	if (error == 0)
		*ep = found;
	return error;
}

int
api_enter(gen_sctp_socket_t s, struct endpoint **ep)
{
	int error = stack_enter();

	if (error != 0)
		return error;
	error = handle_find(s, ep);
	if (error != 0)
		stack_leave();
	return error;
}

void
api_leave(void)
{
	stack_leave();
}

/* ------------------------------------------------------------------ exit */

static void
close_all(void)
{
	struct endpoint *ep;
	uint32_t i;

	for (i = 0; i < sockets.count; i++) {
		ep = slots_at(&sockets, i);
		if (ep == NULL)
			continue;
		slots_remove(&sockets, ep->outlet.source->socket);
		closing_endpoint(ep, closing_new_group());
	}
}

static bool
all_closed(void *arg)
{
	(void)arg;
	return closing_count(CLOSING_ALL) == 0;
}

/* Also the last words: a full UDP socket takes them a little later. */
static bool
all_sent(void *arg)
{
	(void)arg;
	return link_queued() == 0 && link_deadline() == OS_NEVER;
}

/* A kernel goes on delivering after the process; here the process waits. */
static void
at_exit(void)
{
	os_time deadline;

	if (stack_enter() != 0)
		return;
	deadline = os_now() + stack_exit_patience();
	close_all();
	lead_wait(all_closed, NULL, deadline);
	closing_abort_all();
	lead_flush();
	lead_wait(all_sent, NULL, deadline);
	stack_leave();
}

/* --------------------------------------------------------------- handles */

static int
new_handle(struct endpoint *ep, struct mailbox *owner)
{
	const bool first = sockets.count == 0;
	int error = slots_put(&sockets, ep, &ep->outlet.source->socket);

	if (error != 0)
		return error;
	if (first)
		os_at_exit(at_exit);
	outlet_give(&ep->outlet, owner);
	return 0;
}

int
handle_new(struct endpoint *ep, gen_sctp_socket_t *s)
{
	struct mailbox *self;
	int error = self_mailbox(&self);

	if (error == 0)
		error = new_handle(ep, self);
	if (error == 0)
		*s = ep->outlet.source->socket;
	return error;
}

void
handle_free(gen_sctp_socket_t s)
{
	slots_remove(&sockets, s);
}

gen_sctp_socket_t
handle_next(uint32_t *i)
{
	const struct endpoint *ep;

	for (; *i < sockets.count; (*i)++) {
		ep = slots_at(&sockets, *i);
		if (ep != NULL)
			return ep->outlet.source->socket;
	}
	return 0;
}
