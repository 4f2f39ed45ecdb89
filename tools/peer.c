#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_MIN 65536
#define BUFFER_MAX (1 << 24) /* then messages come in parts */

struct peer *
peer_new(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->socket = s;
	p->assoc = assoc;
	p->heard = os_now();
	p->size = BUFFER_MIN;
	p->data = malloc(p->size);
	if (p->data == NULL ||
	    gen_sctp_fd(s, GEN_SCTP_POLL_IN, &p->fd) != 0) {
		free(p->data);
		free(p);
		return NULL;
	}
	return p;
}

void
peer_free(struct peer *p)
{
	if (p == NULL)
		return;
	gen_sctp_close(p->socket);
	free(p->data);
	free(p);
}

/* --------------------------------------------------------------- receive */

static void
grow(struct peer *p)
{
	char *data;

	if (p->len < p->size || p->size >= BUFFER_MAX)
		return;
	data = realloc(p->data, p->size * 2);
	if (data == NULL)
		return;
	p->data = data;
	p->size *= 2;
}

static void
note_end(struct peer *p, const struct gen_sctp_msg *msg)
{
	const struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;

	if (msg->kind == GEN_SCTP_MSG_EOF)
		p->over = true;
	if (msg->event.type == GEN_SCTP_PDAPI)
		p->len = 0;
	if (msg->kind != GEN_SCTP_MSG_EVENT ||
	    msg->event.type != GEN_SCTP_ASSOC_CHANGE)
		return;
	if (change->state == GEN_SCTP_SHUTDOWN_COMP)
		p->over = true;
	if (change->state == GEN_SCTP_COMM_LOST ||
	    change->state == GEN_SCTP_CANT_ASSOC)
		p->over = p->lost = true;
}

int
peer_receive(struct peer *p, struct gen_sctp_msg *msg)
{
	int n;

	while (!p->over) {
		n = gen_sctp_recv(p->socket, p->data + p->len,
				  p->size - p->len, msg, 0);
		if (n == -ETIMEDOUT)
			return 0;
		if (n < 0 && n != GEN_SCTP_EEVENT) {
			p->over = p->lost = true;
			return n;
		}
		p->heard = os_now();
		if (msg->kind != GEN_SCTP_MSG_DATA) {
			note_end(p, msg);
			return msg->kind == GEN_SCTP_MSG_EOF ? 0 : 1;
		}
		p->len += (size_t)n;
		grow(p);
		if (msg->eor || p->len == p->size)
			return 1;
		gen_sctp_msg_free(msg);
	}
	return 0;
}

/* ------------------------------------------------------------------ echo */

static int
watch(struct peer *p, int conditions)
{
	return gen_sctp_fd(p->socket, conditions, &p->fd);
}

int
peer_send_unsent(struct peer *p)
{
	int error = gen_sctp_sendmsg(p->socket, &p->echo, NULL, p->data,
				     p->len);

	if (error == -EAGAIN)
		return 0;
	p->unsent = false;
	p->len = 0;
	watch(p, GEN_SCTP_POLL_IN);
	return error;
}

int
peer_echo(struct peer *p, const struct gen_sctp_msg *msg)
{
	int error;

	memset(&p->echo, 0, sizeof(p->echo));
	p->echo.stream = msg->info.stream;
	p->echo.ppid = msg->info.ppid;
	p->echo.flags = msg->info.flags & GEN_SCTP_UNORDERED;
	p->echo.assoc_id = p->assoc;
	error = gen_sctp_sendmsg(p->socket, &p->echo, NULL, p->data, p->len);
	p->unsent = error == -EAGAIN;
	if (p->unsent)
		return watch(p, GEN_SCTP_POLL_OUT | GEN_SCTP_POLL_HUP);
	return error;
}

/* ------------------------------------------------------------------- end */

void
peer_end(struct peer *p)
{
	p->ending = true;
	gen_sctp_eof(p->socket, p->assoc);
}

void
peer_abort(struct peer *p)
{
	p->ending = true;
	gen_sctp_abort(p->socket, p->assoc);
}
