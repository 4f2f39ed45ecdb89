#include "session.h"

#include <errno.h>
#include <stdlib.h>

#include "os_stdio.h"
#include "output.h"
#include "sender.h"
#include "serve.h"

/* When the target of standard input is to be ended: after its end, once the
 * peer has been quiet. */
static os_time
quiet_at(const struct session *ses)
{
	const struct peer *p = ses->target;
	os_time since = ses->input_ended;

	if (p == NULL || since == OS_NEVER)
		return OS_NEVER;
	if (p->heard > since)
		since = p->heard;
	return since + ses->options->wait * OS_MS;
}

/* What a turn of the loop waits for. */
struct watch {
	gen_sctp_fd_t *fds;
	bool *readable;
	size_t n;
};
enum { WATCH_INTERRUPT, WATCH_INPUT, WATCH_LISTENER, WATCH_OWN };

static int
prepare(const struct session *ses, struct watch *w)
{
	size_t room = WATCH_OWN + ses->count, i;
	gen_sctp_fd_t fd;

	w->fds = calloc(room, sizeof(*w->fds));
	w->readable = calloc(room, sizeof(*w->readable));
	if (w->fds == NULL || w->readable == NULL)
		return -ENOMEM;
	/* In place of what is not there stands the first again. */
	for (i = 0; i < WATCH_OWN; i++)
		w->fds[i] = ses->interrupt.wait_fd;
	if (ses->input_read)
		w->fds[WATCH_INPUT] = sender_ended_fd();
	if (ses->listener != 0 &&
	    gen_sctp_fd(ses->listener, GEN_SCTP_POLL_IN, &fd) == 0)
		w->fds[WATCH_LISTENER] = fd;
	for (i = 0; i < ses->count; i++)
		w->fds[WATCH_OWN + i] = ses->peers[i]->fd;
	w->n = room;
	return 0;
}

static os_time
next_deadline(const struct session *ses)
{
	os_time next = quiet_at(ses);

	if (ses->abort_at < next)
		next = ses->abort_at;
	return ses->status_at < next ? ses->status_at : next;
}

static void
check_deadlines(struct session *ses)
{
	os_time now = os_now();

	if (now >= ses->abort_at) {
		ses->status = STATUS_LOST;
		session_abort(ses);
	}
	if (now >= quiet_at(ses)) {
		peer_end(ses->target);
		session_choose_target(ses);
	}
	if (now >= ses->status_at)
		serve_status(ses);
}

/* The last peer first: they may go away. */
static void
serve(struct session *ses, const struct watch *w)
{
	size_t i;

	if (w->readable[WATCH_INTERRUPT])
		serve_interrupt(ses);
	if (ses->input_read && w->readable[WATCH_INPUT])
		serve_input_end(ses);
	for (i = w->n - WATCH_OWN; i-- > 0;) {
		if (w->readable[WATCH_OWN + i])
			serve_peer(ses, ses->peers[i]);
		if (ses->peers[i]->over)
			session_remove_peer(ses, i);
	}
	if (ses->listener != 0 && w->readable[WATCH_LISTENER])
		serve_listener(ses);
	check_deadlines(ses);
}

static int
turn(struct session *ses)
{
	struct watch w = { 0 };
	int n = output_flush();

	if (n != 0)
		serve_output_failure(ses, n);
	n = prepare(ses, &w);
	if (n == 0)
		n = os_poll(w.fds, w.readable, w.n, next_deadline(ses));
	if (n >= 0)
		serve(ses, &w);
	free(w.fds);
	free(w.readable);
	return n;
}

static bool
finished(const struct session *ses)
{
	if (ses->interrupts > 1)
		return true;
	return ses->count == 0 && (ses->listener == 0 || ses->ending);
}

static enum status
run(struct session *ses)
{
	int n = 0;

	while (n >= 0 && !finished(ses))
		n = turn(ses);
	if (n < 0)
		ses->status = complain(n, NULL, "wait");
	while (ses->count > 0)
		peer_free(ses->peers[--ses->count]);
	free(ses->peers);
	if (ses->listener != 0)
		gen_sctp_close(ses->listener);
	n = output_flush();
	if (n != 0 && !ses->output_failed)
		ses->status = complain(n, NULL, "standard output");
	if (ses->options->stats)
		output_counters(ses->options);
	return ses->status;
}

static int
start(struct session *ses)
{
	int error = os_event_open(&ses->interrupt);

	ses->input_ended = ses->abort_at = OS_NEVER;
	ses->status_at = ses->options->status < 0 ?
				 OS_NEVER :
				 os_now() + ses->options->status * OS_MS;
	if (error == 0)
		error = os_on_interrupt(&ses->interrupt);
	if (error == 0 && !ses->options->echo) {
		error = sender_start(ses->options);
		ses->input_read = error == 0;
	}
	return error;
}

enum status
session_listen(const struct options *options, gen_sctp_socket_t s)
{
	static struct session ses;
	int error;

	ses.options = options;
	ses.listener = s;
	error = start(&ses);
	if (error != 0)
		return complain(error, NULL, "start");
	return run(&ses);
}

enum status
session_connected(const struct options *options, gen_sctp_socket_t s,
		  gen_sctp_assoc_id_t assoc)
{
	static struct session ses;
	int error;

	ses.options = options;
	error = start(&ses);
	if (error == 0)
		error = session_add_peer(&ses, s, assoc);
	if (error != 0)
		return complain(error, NULL, "start");
	return run(&ses);
}
