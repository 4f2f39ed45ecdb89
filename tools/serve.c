#include "serve.h"

#include <errno.h>
#include <stdlib.h>

#include "output.h"
#include "sender.h"

#define PATIENCE (2000 * OS_MS) /* with peers, once interrupted */
#define TURN 64 /* messages of one association before the others' turn */

/* ------------------------------------------------------------------- end */

void
session_end(struct session *ses, enum status status)
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

void
session_abort(struct session *ses)
{
	size_t i;

	for (i = 0; i < ses->count; i++)
		peer_abort(ses->peers[i]);
	ses->abort_at = OS_NEVER;
}

void
serve_interrupt(struct session *ses)
{
	os_event_clear(&ses->interrupt);
	if (++ses->interrupts > 1) {
		session_abort(ses);
		ses->status = STATUS_FAILED;
		return;
	}
	ses->abort_at = os_now() + PATIENCE;
	session_end(ses, STATUS_OK);
}

/* Nobody reads what comes: the peers had better know. */
void
serve_output_failure(struct session *ses, int error)
{
	if (!ses->output_failed)
		complain(error, NULL, "standard output");
	ses->output_failed = true;
	/* First: a SHUTDOWN might be answered before the ABORT. */
	session_abort(ses);
	session_end(ses, STATUS_FAILED);
}

/* Late ones are not made up for. */
void
serve_status(struct session *ses)
{
	int error = 0;
	size_t i;

	for (i = 0; i < ses->count && error == 0; i++)
		error = output_paths(ses->options, ses->peers[i]->socket,
				     ses->peers[i]->assoc);
	ses->status_at = os_now() + ses->options->status * OS_MS;
	if (error != 0)
		serve_output_failure(ses, error);
}

/* ----------------------------------------------------------------- peers */

void
session_choose_target(struct session *ses)
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

int
session_add_peer(struct session *ses, gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
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
	session_choose_target(ses);
	return 0;
}

void
session_remove_peer(struct session *ses, size_t i)
{
	struct peer *p = ses->peers[i];

	ses->count--;
	for (; i < ses->count; i++)
		ses->peers[i] = ses->peers[i + 1];
	ses->ended++;
	if (p->lost && ses->status == STATUS_OK &&
	    (ses->listener == 0 || ses->options->once))
		ses->status = STATUS_LOST;
	session_choose_target(ses);
	peer_free(p);
	if (ses->options->once)
		session_end(ses, STATUS_OK);
}

/* --------------------------------------------------------------- receive */

static void
take_message(struct session *ses, struct peer *p,
	     const struct gen_sctp_msg *msg)
{
	int error = output_message(ses->options, msg, p->data, p->len);

	if (error != 0)
		serve_output_failure(ses, error);
	if (msg->eor)
		ses->received++;
	error = ses->options->echo ? peer_echo(p, msg) : 0;
	if (error != 0 && error != -EPIPE)
		complain(error, NULL, "echo of %lu bytes on stream %u",
			 (unsigned long)p->len, msg->info.stream);
	if (!p->unsent)
		p->len = 0;
	if ((int64_t)ses->received == ses->options->count)
		session_end(ses, STATUS_OK);
}

static void
take_event(struct session *ses, const struct gen_sctp_msg *msg)
{
	int error = output_event(ses->options, msg);

	if (error != 0)
		serve_output_failure(ses, error);
}

void
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
		error = session_add_peer(ses, s, assoc);
		if (error != 0)
			gen_sctp_close(s);
	}
	if (error != 0)
		complain(error, NULL, "association %u", assoc);
	if (ses->options->once)
		gen_sctp_listen(ses->listener, 0);
}

void
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
		session_end(ses, complain(n, NULL, "receive"));
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
	session_end(ses, status);
}

void
serve_input_end(struct session *ses)
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
