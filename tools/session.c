#include "session.h"

#include <errno.h>
#include <stdlib.h>

#include "os_stdio.h"
#include "output.h"
#include "sender.h"

#define PATIENCE (2000 * OS_MS) /* with peers, once interrupted */
#define TURN 64 /* messages of one association before the others' turn */

/* ------------------------------------------------------------------- end */

/* Everything ends, gracefully; with an error, if it is the first one. */
static void
end_all(struct session *ses, enum status status)
{
	size_t i;

	if (ses->status == STATUS_OK)
		ses->status = status;
	if (ses->ending)
		return;
	ses->ending = true;
	if (ses->listener != 0)
		gen_sctp_listen(ses->listener, 0);
	for (i = 0; i < ses->count; i++)
		if (!ses->peers[i]->ending)
			peer_end(ses->peers[i]);
}

static void
abort_all(struct session *ses)
{
	size_t i;

	for (i = 0; i < ses->count; i++)
		peer_abort(ses->peers[i]);
	ses->abort_at = OS_NEVER;
}

static void
interrupted(struct session *ses)
{
	os_event_clear(&ses->interrupt);
	if (++ses->interrupts > 1) {
		abort_all(ses);
		ses->status = STATUS_FAILED;
		return;
	}
	ses->abort_at = os_now() + PATIENCE;
	end_all(ses, STATUS_OK);
}

/* Nobody reads what comes: the peers had better know. */
static void
output_failed(struct session *ses, int error)
{
	if (ses->status == STATUS_OK)
		complain(error, NULL, "standard output");
	end_all(ses, STATUS_FAILED);
	abort_all(ses);
}

/* ----------------------------------------------------------------- peers */

/* Standard input goes to the oldest association. */
static void
choose_target(struct session *ses)
{
	struct peer *oldest = NULL;
	size_t i;

	for (i = 0; i < ses->count && oldest == NULL; i++)
		if (!ses->peers[i]->ending)
			oldest = ses->peers[i];
	if (oldest == ses->target)
		return;
	if (ses->target != NULL) /* what input there was, it got */
		ses->input_ended = OS_NEVER;
	ses->target = oldest;
	if (oldest != NULL)
		sender_direct(oldest->socket, oldest->assoc);
	else
		sender_direct(0, 0);
}

static int
add_peer(struct session *ses, gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	size_t room = ses->room > 0 ? ses->room * 2 : 8;
	struct peer **peers = ses->peers;

	if (ses->count == ses->room) {
		peers = realloc(peers, room * sizeof(struct peer *));
		if (peers == NULL)
			return -ENOMEM;
		ses->peers = peers;
		ses->room = room;
	}
	peers[ses->count] = peer_new(s, assoc);
	if (peers[ses->count] == NULL)
		return -ENOMEM;
	ses->count++;
	choose_target(ses);
	return 0;
}

static void
remove_peer(struct session *ses, size_t i)
{
	struct peer *p = ses->peers[i];

	ses->count--;
	for (; i < ses->count; i++)
		ses->peers[i] = ses->peers[i + 1];
	ses->ended++;
	if (p->lost && ses->status == STATUS_OK &&
	    (ses->listener == 0 || ses->options->once))
		ses->status = STATUS_LOST;
	choose_target(ses);
	peer_free(p);
	if (ses->options->once)
		end_all(ses, STATUS_OK);
}

/* --------------------------------------------------------------- receive */

static void
take_message(struct session *ses, struct peer *p,
	     const struct gen_sctp_msg *msg)
{
	int error = output_message(ses->options, msg, p->data, p->len);

	if (error != 0)
		output_failed(ses, error);
	if (msg->eor)
		ses->received++;
	error = ses->options->echo ? peer_echo(p, msg) : 0;
	if (error != 0 && error != -EPIPE)
		complain(error, NULL, "echo of %lu bytes on stream %u",
			 (unsigned long)p->len, msg->info.stream);
	if (!p->unsent)
		p->len = 0;
	if ((int64_t)ses->received == ses->options->count)
		end_all(ses, STATUS_OK);
}

static void
take_event(struct session *ses, const struct gen_sctp_msg *msg)
{
	int error = output_event(ses->options, msg);

	if (error != 0)
		output_failed(ses, error);
}

static void
serve_peer(struct session *ses, struct peer *p)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int turns = 0, n;

	if (p->unsent)
		peer_send_unsent(p);
	while (!p->unsent && turns++ < TURN) {
		n = peer_receive(p, &msg);
		if (n < 0)
			complain(n, NULL, "receive");
		if (n <= 0)
			break;
		if (msg.kind == GEN_SCTP_MSG_DATA)
			take_message(ses, p, &msg);
		else
			take_event(ses, &msg);
		gen_sctp_msg_free(&msg);
	}
	gen_sctp_msg_free(&msg);
}

/* ---------------------------------------------------------------- listen */

static void
accept_peer(struct session *ses, gen_sctp_assoc_id_t assoc)
{
	gen_sctp_socket_t s;
	int error;

	if (ses->ending || (ses->options->once && ses->count > 0)) {
		gen_sctp_abort(ses->listener, assoc);
		return;
	}
	error = gen_sctp_peeloff(ses->listener, assoc, &s);
	if (error == -EINVAL)
		return; /* it has ended already, its event comes */
	if (error == 0) {
		error = add_peer(ses, s, assoc);
		if (error != 0)
			gen_sctp_close(s);
	}
	if (error != 0)
		complain(error, NULL, "association %u", assoc);
	if (ses->options->once)
		gen_sctp_listen(ses->listener, 0);
}

static void
serve_listener(struct session *ses)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	const struct gen_sctp_assoc_change *change = &msg.event.u.assoc_change;
	char unexpected[256];
	int n;

	for (;;) {
		n = gen_sctp_recv(ses->listener, unexpected, sizeof(unexpected),
				  &msg, 0);
		if (n < 0 && n != GEN_SCTP_EEVENT)
			break;
		if (msg.kind == GEN_SCTP_MSG_EVENT)
			take_event(ses, &msg);
		if (msg.kind == GEN_SCTP_MSG_EVENT &&
		    msg.event.type == GEN_SCTP_ASSOC_CHANGE &&
		    (change->state == GEN_SCTP_COMM_UP ||
		     change->state == GEN_SCTP_RESTART))
			accept_peer(ses, change->assoc_id);
		gen_sctp_msg_free(&msg);
	}
	if (n != -ETIMEDOUT)
		end_all(ses, complain(n, NULL, "receive"));
}

/* ----------------------------------------------------------------- input */

static void
complain_of_input(struct session *ses, const struct sender_result *result)
{
	enum status status;

	if (result->len == 0)
		status = complain(result->error,
				  ses->options->streams_in_lines ?
					  "Lines are STREAM:TEXT." : NULL,
				  "standard input, line %llu",
				  (unsigned long long)result->line);
	else if (result->error == -EMSGSIZE)
		status = complain(result->error,
				  "It must fit in the send buffer: --sndbuf",
				  "send of %lu bytes", (unsigned long)result->len);
	else
		status = complain(result->error,
				  "The assoc_change event tells how many "
				  "streams there are; --outstreams asks for "
				  "more.", "send on stream %u", result->stream);
	end_all(ses, status);
}

static void
input_ended(struct session *ses)
{
	struct sender_result result = sender_result();

	ses->input_read = false;
	if (result.error != 0)
		complain_of_input(ses, &result);
	/* listen without input, as from /dev/null, only receives. */
	else if (ses->options->count < 0 &&
		 (ses->listener == 0 || result.sent > 0))
		ses->input_ended = os_now();
}

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

/* ------------------------------------------------------------------ loop */

/* What a turn of the loop waits for. */
struct watch {
	gen_sctp_fd_t *fds;
	bool *readable;
	size_t first_peer; /* those before are ours */
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
	os_time quiet = quiet_at(ses);

	return quiet < ses->abort_at ? quiet : ses->abort_at;
}

static void
check_deadlines(struct session *ses)
{
	os_time now = os_now();

	if (now >= ses->abort_at)
		abort_all(ses);
	if (now >= quiet_at(ses)) {
		peer_end(ses->target);
		choose_target(ses);
	}
}

/* The last peer first: they may go away. */
static void
serve(struct session *ses, const struct watch *w)
{
	size_t i;

	if (w->readable[WATCH_INTERRUPT])
		interrupted(ses);
	if (ses->input_read && w->readable[WATCH_INPUT])
		input_ended(ses);
	for (i = w->n - WATCH_OWN; i-- > 0;) {
		if (w->readable[WATCH_OWN + i])
			serve_peer(ses, ses->peers[i]);
		if (ses->peers[i]->over)
			remove_peer(ses, i);
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
		output_failed(ses, n);
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
	if (output_flush() != 0 && ses->status == STATUS_OK)
		ses->status = complain(-EPIPE, NULL, "standard output");
	if (ses->options->stats)
		output_counters(ses->options);
	return ses->status;
}

static int
start(struct session *ses)
{
	int error = os_event_open(&ses->interrupt);

	ses->input_ended = ses->abort_at = OS_NEVER;
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
		error = add_peer(&ses, s, assoc);
	if (error != 0)
		return complain(error, NULL, "start");
	return run(&ses);
}
