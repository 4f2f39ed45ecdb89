#include "config.h"

#include "mailbox.h"

#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------- mailbox */

struct mailbox *
mailbox_new(void)
{
	struct mailbox *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->users = 1;
	m->limit = MAILBOX_LIMIT;
	return m;
}

void
mailbox_use(struct mailbox *m)
{
	m->users++;
}

void
mailbox_unuse(struct mailbox *m)
{
	if (--m->users == 0)
		free(m);
}

void
mailbox_close(struct mailbox *m)
{
	m->closed = true;
	if (m->has_event)
		os_event_close(&m->event);
	m->has_event = false;
}

size_t
mailbox_room(const struct mailbox *m)
{
	const size_t used = m->bytes + sizeof(struct mailbox_message);

	return m->limit > used ? m->limit - used : 0;
}

int
mailbox_fd(struct mailbox *m, gen_sctp_fd_t *fd)
{
	int error;

	if (!m->has_event) {
		error = os_event_open(&m->event);
		if (error != 0)
			return error;
		m->has_event = true;
		if (m->first != NULL)
			os_event_set(&m->event);
	}
	*fd = m->event.wait_fd;
	return 0;
}

/* ---------------------------------------------------- the mailbox's order */

static void
link_message(struct mailbox *m, struct mailbox_message *e)
{
	e->next = NULL;
	e->prev = m->last;
	if (m->last != NULL)
		m->last->next = e;
	else
		m->first = e;
	if (m->last == NULL && m->has_event)
		os_event_set(&m->event);
	m->last = e;
	m->bytes += e->bytes;
	e->number = ++m->last_number;
}

static void
unlink_message(struct mailbox *m, struct mailbox_message *e)
{
	if (e->prev != NULL)
		e->prev->next = e->next;
	else
		m->first = e->next;
	if (e->next != NULL)
		e->next->prev = e->prev;
	else
		m->last = e->prev;
	if (m->first == NULL && m->has_event)
		os_event_clear(&m->event);
	m->bytes -= e->bytes;
}

/* --------------------------------------------------------------- sources */

struct mailbox_source *
mailbox_source_new(void)
{
	struct mailbox_source *src = calloc(1, sizeof(*src));

	if (src != NULL)
		src->tail = &src->first;
	return src;
}

static void
link_source(struct mailbox_source *src, struct mailbox *m)
{
	struct mailbox_message *e;

	src->box = m;
	src->prev = NULL;
	src->next = m->sources;
	if (m->sources != NULL)
		m->sources->prev = src;
	m->sources = src;
	m->bytes += src->held;
	for (e = src->first; e != NULL; e = e->source_next)
		link_message(m, e);
}

static void
unlink_source(struct mailbox_source *src)
{
	struct mailbox *m = src->box;
	struct mailbox_message *e;

	for (e = src->first; e != NULL; e = e->source_next)
		unlink_message(m, e);
	m->bytes -= src->held;
	if (src->prev != NULL)
		src->prev->next = src->next;
	else
		m->sources = src->next;
	if (src->next != NULL)
		src->next->prev = src->prev;
	src->box = NULL;
}

void
mailbox_source_give(struct mailbox_source *src, struct mailbox *m)
{
	if (src->box != NULL)
		unlink_source(src);
	if (m != NULL)
		link_source(src, m);
}

void
mailbox_source_hold(struct mailbox_source *src, ptrdiff_t bytes)
{
	src->held += (size_t)bytes;
	if (src->box != NULL)
		src->box->bytes += (size_t)bytes;
}

static struct mailbox_message *
pop(struct mailbox_source *src)
{
	struct mailbox_message *e = src->first;

	src->first = e->source_next;
	if (src->first == NULL)
		src->tail = &src->first;
	if (src->box != NULL)
		unlink_message(src->box, e);
	return e;
}

void
mailbox_source_join(struct mailbox_source *to, struct mailbox_source *from)
{
	while (from->first != NULL)
		mailbox_put(to, pop(from));
}

static void
free_if_over(struct mailbox_source *src)
{
	if (!src->closed || src->first != NULL)
		return;
	if (src->box != NULL)
		unlink_source(src);
	free(src);
}

static void
clear_source(struct mailbox_source *src)
{
	while (src->first != NULL)
		mailbox_message_free(pop(src));
	free_if_over(src);
}

void
mailbox_source_close(struct mailbox_source *src)
{
	src->closed = true;
	mailbox_source_hold(src, -(ptrdiff_t)src->held);
	if (src->box == NULL)
		clear_source(src);
	else
		free_if_over(src);
}

struct mailbox_message *
mailbox_earlier(struct mailbox_message *a, struct mailbox_message *b)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	return a->number < b->number ? a : b;
}

struct mailbox_message *
mailbox_first_of(const struct mailbox *m, gen_sctp_socket_t socket)
{
	struct mailbox_message *first = NULL;
	struct mailbox_source *src;

	for (src = m->sources; src != NULL; src = src->next)
		if (src->socket == socket)
			first = mailbox_earlier(first, src->first);
	return first;
}

void
mailbox_clear(struct mailbox *m)
{
	struct mailbox_source *src, *next;

	for (src = m->sources; src != NULL; src = next) {
		next = src->next;
		clear_source(src);
	}
}

/* -------------------------------------------------------------- messages */

struct mailbox_message *
mailbox_message_new(void)
{
	struct mailbox_message *e = calloc(1, sizeof(*e));

	if (e != NULL)
		e->msg.size = sizeof(e->msg);
	return e;
}

void
mailbox_message_free(struct mailbox_message *e)
{
	if (e == NULL)
		return;
	gen_sctp_msg_free(&e->msg);
	free(e);
}

/* Bytes that the message owns beside its record. */
static size_t
owned_bytes(const struct gen_sctp_msg *msg)
{
	switch (msg->event.type) {
	case GEN_SCTP_ASSOC_CHANGE:
		return msg->event.u.assoc_change.len;
	case GEN_SCTP_REMOTE_ERROR:
		return msg->event.u.remote_error.len;
	case GEN_SCTP_SEND_FAILED:
		return msg->event.u.send_failed.len;
	case GEN_SCTP_STREAM_RESET:
		return msg->event.u.stream_reset.count * sizeof(uint16_t);
	default:
		return msg->len;
	}
}

void
mailbox_put(struct mailbox_source *src, struct mailbox_message *e)
{
	e->bytes = sizeof(*e) + owned_bytes(&e->msg);
	e->source = src;
	e->source_next = NULL;
	*src->tail = e;
	src->tail = &e->source_next;
	if (src->box != NULL)
		link_message(src->box, e);
}

void
mailbox_take(struct mailbox_message *e, struct gen_sctp_msg *msg)
{
	struct mailbox_source *src = e->source;
	size_t size = msg->size;

	pop(src);
	*msg = e->msg;
	msg->size = size;
	msg->socket = src->socket;
	msg->rule = src->rule;
	free(e);
	free_if_over(src);
}
