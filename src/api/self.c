#include "config.h"

#include "self.h"

#include <errno.h>
#include <stdlib.h>

#include "handle.h"
#include "lead.h"
#include "owners.h"
#include "slots.h"
#include "stack.h"

/* Tells handles of mailboxes from those of sockets. */
#define MARK UINT64_C(0x80000000)

static struct slots mailboxes;

/* What a thread leaves behind. */
struct thread {
	struct os_thread_end end;
	gen_sctp_mailbox_t own;
};

static OS_THREAD_LOCAL struct thread *thread;
static OS_THREAD_LOCAL gen_sctp_mailbox_t chosen;

/* --------------------------------------------------------------- handles */

int
self_find_mailbox(gen_sctp_mailbox_t handle, struct mailbox **m)
{
	void *found;
	int error = slots_find(&mailboxes, handle ^ MARK, &found);

	if (error == 0)
		*m = found;
	return error;
}

int
self_new_mailbox(struct mailbox **m)
{
	struct mailbox *new = mailbox_new();
	int error;

	if (new == NULL)
		return -ENOMEM;
	error = slots_put(&mailboxes, new, &new->handle);
	if (error != 0) {
		mailbox_unuse(new);
		return error;
	}
	new->handle ^= MARK;
	*m = new;
	return 0;
}

void
self_end_mailbox(struct mailbox *m)
{
	slots_remove(&mailboxes, m->handle ^ MARK);
	mailbox_close(m);
	mailbox_unuse(m);
	lead_changed();
}

/* --------------------------------------------------------------- threads */

static void
leave(struct endpoint *ep, struct mailbox_source *src)
{
	if (src->rule == 0) {
		outlet_give(&ep->outlet, NULL);
		return;
	}
	mailbox_source_join(ep->outlet.source, src);
	owners_remove(ep, owners_find(ep, src->rule));
}

/* What waits for its sockets stays with them. */
static void
leave_sockets(struct mailbox *m)
{
	struct mailbox_source *src, *next;
	struct endpoint *ep;

	for (src = m->sources; src != NULL; src = next) {
		next = src->next;
		if (handle_find(src->socket, &ep) == 0)
			leave(ep, src);
	}
	mailbox_clear(m);
}

static void
thread_ended(struct os_thread_end *e)
{
	struct thread *t = (struct thread *)e;
	struct mailbox *m;

	if (stack_enter() == 0) {
		if (self_find_mailbox(t->own, &m) == 0) {
			leave_sockets(m);
			self_end_mailbox(m);
		}
		stack_leave();
	}
	thread = NULL;
	free(t);
}

static struct thread *
this_thread(void)
{
	struct thread *t;

	if (thread != NULL)
		return thread;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->end.f = thread_ended;
	if (os_at_thread_end(&t->end) != 0) {
		free(t);
		return NULL;
	}
	thread = t;
	return t;
}

static int
own_mailbox(struct mailbox **m)
{
	struct thread *t = this_thread();
	int error;

	if (t == NULL)
		return -ENOMEM;
	if (self_find_mailbox(t->own, m) == 0)
		return 0;
	error = self_new_mailbox(m);
	if (error == 0)
		t->own = (*m)->handle;
	return error;
}

int
self_mailbox(struct mailbox **m)
{
	if (chosen != 0 && self_find_mailbox(chosen, m) == 0)
		return 0;
	return own_mailbox(m);
}

void
self_use(gen_sctp_mailbox_t handle)
{
	chosen = handle;
}
