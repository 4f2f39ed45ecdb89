#include "perf_inbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

bool
perf_mode_parse(const char *text, struct perf_mode *mode)
{
	int64_t n;

	memset(mode, 0, sizeof(*mode));
	mode->poll = strcmp(text, "poll") == 0;
	if (mode->poll || strcmp(text, "passive") == 0)
		return true;
	if (strcmp(text, "true") == 0) {
		mode->active.mode = GEN_SCTP_ACTIVE_TRUE;
	} else if (strcmp(text, "once") == 0) {
		mode->active.mode = GEN_SCTP_ACTIVE_ONCE;
	} else if (value_number(text, &n) && n > 0 && n <= INT16_MAX) {
		mode->active.mode = GEN_SCTP_ACTIVE_N;
		mode->active.n = (int)n;
	} else {
		return false;
	}
	return true;
}

int
perf_inbox_init(struct perf_inbox *in, struct perf_mode mode, size_t size)
{
	memset(in, 0, sizeof(*in));
	in->mode = mode;
	in->interrupt = OS_NO_FD;
	in->msg.size = sizeof(in->msg);
	in->size = size;
	if (mode.active.mode != GEN_SCTP_ACTIVE_FALSE)
		return gen_sctp_mailbox_new(&in->mailbox);
	in->buf = malloc(size);
	return in->buf != NULL ? 0 : -ENOMEM;
}

void
perf_inbox_fini(struct perf_inbox *in)
{
	gen_sctp_msg_free(&in->msg);
	if (in->mailbox != 0)
		gen_sctp_mailbox_close(in->mailbox);
	free(in->buf);
}

void
perf_inbox_end(struct perf_inbox *in)
{
	if (in->mailbox != 0)
		gen_sctp_mailbox_close(in->mailbox);
}

static int
activate(struct perf_inbox *in, gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_active(in->mode.active.mode);

	opt.value.active.n = in->mode.active.n;
	return gen_sctp_setopts(s, &opt, 1, NULL);
}

int
perf_inbox_add(struct perf_inbox *in, gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_non_block_send(true);
	int error = 0;

	if (in->mode.poll)
		return gen_sctp_setopts(s, &opt, 1, NULL);
	if (in->mailbox != 0)
		error = gen_sctp_controlling_process(s, in->mailbox);
	if (in->mailbox != 0 && error == 0)
		error = activate(in, s);
	return error;
}

/* -------------------------------------------------------------- waiting */

static int
wait_for(const struct perf_inbox *in, gen_sctp_socket_t s, int conditions)
{
	gen_sctp_fd_t fds[2] = { OS_NO_FD, in->interrupt };
	bool readable[2] = { false, false };
	int error = gen_sctp_fd(s, conditions, &fds[0]);

	if (error == 0)
		error = os_poll(fds, readable, 2, OS_NEVER);
	return error >= 0 && readable[1] ? -EBADF : error;
}

static int
next_by_poll(struct perf_inbox *in, gen_sctp_socket_t s)
{
	int n;

	for (;;) {
		n = gen_sctp_recv(s, in->buf, in->size, &in->msg, 0);
		if (n != -ETIMEDOUT)
			return n;
		n = wait_for(in, s, GEN_SCTP_POLL_IN);
		if (n < 0)
			return n;
	}
}

/* Where active mode has ended it begins again. */
static int
next_by_mailbox(struct perf_inbox *in, gen_sctp_socket_t s)
{
	int n;

	for (;;) {
		n = gen_sctp_mailbox_recv(in->mailbox, s, &in->msg, -1);
		if (n == -EBADF)
			return n;
		if (in->msg.kind == GEN_SCTP_MSG_PASSIVE ||
		    in->mode.active.mode == GEN_SCTP_ACTIVE_ONCE)
			activate(in, in->msg.socket);
		if (in->msg.kind != GEN_SCTP_MSG_PASSIVE &&
		    in->msg.kind != GEN_SCTP_MSG_ERROR)
			return n;
		gen_sctp_msg_free(&in->msg);
	}
}

int
perf_inbox_next(struct perf_inbox *in, gen_sctp_socket_t s)
{
	int n;

	gen_sctp_msg_free(&in->msg);
	if (in->mailbox != 0)
		n = next_by_mailbox(in, s);
	else if (in->mode.poll)
		n = next_by_poll(in, s);
	else
		n = gen_sctp_recv(s, in->buf, in->size, &in->msg, -1);
	return n == GEN_SCTP_EEVENT ? 0 : n;
}

int
perf_inbox_send(struct perf_inbox *in, gen_sctp_socket_t s,
		const struct gen_sctp_sndrcvinfo *info, const void *data,
		size_t len)
{
	int error;

	for (;;) {
		error = gen_sctp_sendmsg(s, info, NULL, data, len);
		if (error != -EAGAIN)
			return error;
		error = wait_for(in, s, GEN_SCTP_POLL_OUT | GEN_SCTP_POLL_HUP);
		if (error < 0)
			return error;
	}
}
