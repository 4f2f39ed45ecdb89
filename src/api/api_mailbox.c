/*
 * Mailboxes.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>

#include "close.h"
#include "deadline.h"
#include "handle.h"
#include "lead.h"
#include "msg.h"
#include "owners.h"
#include "self.h"
#include "stack.h"
#include "start.h"

/* Takes the stack lock and finds the mailbox, as api_enter. */
static int
enter(gen_sctp_mailbox_t handle, struct mailbox **m)
{
	int error = stack_enter();

	if (error != 0)
		return error;
	error = self_find_mailbox(handle, m);
	if (error != 0)
		stack_leave();
	return error;
}

/* ----------------------------------------------------------------- life */

/* Mailboxes can be there before any socket is. */
static int
start(void)
{
	int error = api_start();

	return error != 0 ? error : stack_enter();
}

gen_sctp_mailbox_t
gen_sctp_self(void)
{
	gen_sctp_mailbox_t self = 0;
	struct mailbox *m;

	if (start() != 0)
		return 0;
	if (self_mailbox(&m) == 0)
		self = m->handle;
	stack_leave();
	return self;
}

int
gen_sctp_mailbox_new(gen_sctp_mailbox_t *out)
{
	struct mailbox *m;
	int error;

	if (out == NULL)
		return -EINVAL;
	error = start();
	if (error != 0)
		return error;
	error = self_new_mailbox(&m);
	if (error == 0)
		*out = m->handle;
	stack_leave();
	return error;
}

static void
close_sockets(struct mailbox *m)
{
	struct mailbox_source *src;
	struct endpoint *ep;

	/* More may be delivered while a close waits. */
	for (mailbox_clear(m); (src = m->sources) != NULL; mailbox_clear(m)) {
		handle_find(src->socket, &ep);
		if (src->rule != 0)
			owners_remove(ep, owners_find(ep, src->rule));
		else
			close_socket(src->socket, ep);
	}
}

int
gen_sctp_mailbox_close(gen_sctp_mailbox_t handle)
{
	struct mailbox *m;
	int error = enter(handle, &m);

	if (error == -EBADF || stack_forked())
		return 0;
	if (error != 0)
		return error;
	mailbox_use(m);
	self_end_mailbox(m);
	close_sockets(m);
	mailbox_unuse(m);
	stack_leave();
	return 0;
}

int
gen_sctp_use_mailbox(gen_sctp_mailbox_t handle)
{
	struct mailbox *m;
	int error;

	if (stack_forked())
		return -EINVAL;
	if (handle != 0) {
		error = enter(handle, &m);
		if (error != 0)
			return error;
		stack_leave();
	}
	self_use(handle);
	return 0;
}

int
gen_sctp_mailbox_set_limit(gen_sctp_mailbox_t handle, size_t bytes)
{
	struct mailbox *m;
	int error;

	if (bytes == 0)
		return -EINVAL;
	error = enter(handle, &m);
	if (error != 0)
		return error;
	m->limit = bytes;
	stack_leave();
	return 0;
}

int
gen_sctp_mailbox_fd(gen_sctp_mailbox_t handle, gen_sctp_fd_t *fd)
{
	struct mailbox *m;
	int error;

	if (fd == NULL)
		return -EINVAL;
	error = enter(handle, &m);
	if (error != 0)
		return error;
	error = mailbox_fd(m, fd);
	lead_yield();
	stack_leave();
	return error;
}

/* ------------------------------------------------------------------ recv */

struct wait {
	const struct mailbox *m;
	gen_sctp_socket_t s; /* 0: any */
};

static struct mailbox_message *
first_of_source(const struct mailbox *m, const struct outlet *o)
{
	return o->source->box == m ? o->source->first : NULL;
}

static struct mailbox_message *
first_of_open(const struct mailbox *m, const struct endpoint *ep)
{
	struct mailbox_message *first = first_of_source(m, &ep->outlet);
	const struct owner_rule *rule;

	for (rule = ep->rules; rule != NULL; rule = rule->next)
		first = mailbox_earlier(first,
					first_of_source(m, &rule->outlet));
	return first;
}

/* The next message; NULL: -EAGAIN, or -EBADF if none can come. */
static struct mailbox_message *
next_message(const struct wait *wait, int *error)
{
	const struct mailbox *m = wait->m;
	struct endpoint *ep;

	*error = m->closed ? -EBADF : -EAGAIN;
	if (wait->s == 0)
		return m->first;
	if (handle_find(wait->s, &ep) == 0)
		return first_of_open(m, ep);
	*error = -EBADF;
	return mailbox_first_of(m, wait->s);
}

static bool
has_message(void *arg)
{
	int error;

	return next_message(arg, &error) != NULL || error == -EBADF;
}

static int
result_of(const struct gen_sctp_msg *msg)
{
	if (msg->kind == GEN_SCTP_MSG_ERROR_EVENT ||
	    msg->kind == GEN_SCTP_MSG_ERROR)
		return GEN_SCTP_EEVENT;
	return msg->len < INT_MAX ? (int)msg->len : INT_MAX;
}

/* There may be no socket that the reactor would be there for. */
static int
wait_for_message(struct wait *wait, os_time deadline)
{
	int error = deadline != 0 && lead_stopped() ? lead_start() : 0;

	return error == 0 ? lead_wait_busily(has_message, wait, deadline,
					     wait->m->spin) :
			    error;
}

/* Lock held; released while it waits. */
static int
receive(struct mailbox *m, gen_sctp_socket_t s, struct gen_sctp_msg *msg,
	os_time deadline)
{
	struct wait wait = { .m = m, .s = s };
	struct mailbox_message *e;
	int error;

	for (;;) {
		e = next_message(&wait, &error);
		if (e != NULL) {
			mailbox_take(e, msg);
			return result_of(msg);
		}
		if (error == -EBADF)
			return error;
		error = wait_for_message(&wait, deadline);
		if (error != 0) {
			lead_yield();
			return error;
		}
	}
}

int
gen_sctp_mailbox_recv(gen_sctp_mailbox_t handle, gen_sctp_socket_t s,
		      struct gen_sctp_msg *msg, int timeout_ms)
{
	os_time deadline = api_deadline(timeout_ms);
	struct endpoint *ep;
	struct mailbox *m;
	int result;

	if (msg == NULL || msg->size < sizeof(*msg) || timeout_ms < -1)
		return -EINVAL;
	msg_clear(msg);
	result = enter(handle, &m);
	if (result != 0)
		return result;
	if (s != 0 && handle_find(s, &ep) == -EINVAL) {
		stack_leave();
		return -EINVAL;
	}
	mailbox_use(m);
	result = receive(m, s, msg, deadline);
	/* Its user waits in poll next, and not for us. */
	if (m->has_event && m->first == NULL)
		lead_yield();
	mailbox_unuse(m);
	stack_leave();
	return result;
}
