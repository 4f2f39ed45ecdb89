/*
 * The ways in which a program can wait for messages, and for room to send them,
 * behind one interface: blocking calls, poll, or a mailbox.
 */
#ifndef GENSCTP_TOOLS_PERF_INBOX_H
#define GENSCTP_TOOLS_PERF_INBOX_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>

#include "os.h"

struct perf_mode {
	bool poll;
	struct gen_sctp_active active; /* FALSE: recv */
};

/* "passive", "poll", "true", "once", or a count. */
bool perf_mode_parse(const char *text, struct perf_mode *mode);

struct perf_inbox {
	struct perf_mode mode;
	gen_sctp_mailbox_t mailbox; /* 0 unless active */
	gen_sctp_fd_t interrupt;    /* ends waits of poll; OS_NO_FD: nothing */
	char *buf;		    /* for recv */
	size_t size;
	struct gen_sctp_msg msg; /* the latest */
};

/* `size` is the largest message that recv takes at once. -ENOMEM. */
int perf_inbox_init(struct perf_inbox *in, struct perf_mode mode, size_t size);
void perf_inbox_fini(struct perf_inbox *in);

/* From now on what the socket receives comes this way. */
int perf_inbox_add(struct perf_inbox *in, gen_sctp_socket_t s);

/* Waits for the next message or event of the socket: in->msg, valid until the
 * next call. Returns its bytes, at in->msg.data; else an error, after which
 * nothing comes. */
int perf_inbox_next(struct perf_inbox *in, gen_sctp_socket_t s);

/* Ends waiting: -EBADF. By any thread, once the sockets are closed and the
 * interrupt is set. */
void perf_inbox_end(struct perf_inbox *in);

/* Sends, and waits for room as the mode says. */
int perf_inbox_send(struct perf_inbox *in, gen_sctp_socket_t s,
		    const struct gen_sctp_sndrcvinfo *info, const void *data,
		    size_t len);

#endif
