#include "config.h"

#include <errno.h>
#include <string.h>

#include "connect.h"
#include "dormant.h"
#include "errors.h"
#include "options_impl.h"
#include "packet.h"
#include "stack.h"
#include "transfer.h"

/* EOF is not among them: see transfer_eof. */
static uint16_t
engine_flags(uint32_t flags)
{
	uint16_t out = 0;

	if (flags & GEN_SCTP_UNORDERED)
		out |= SCTP_UNORDERED;
	if (flags & GEN_SCTP_ADDR_OVER)
		out |= SCTP_ADDR_OVER;
	if (flags & GEN_SCTP_ABORT)
		out |= SCTP_ABORT;
	return out;
}

static void
set_prinfo(struct sctp_sendv_spa *spa, struct gen_sctp_prinfo prinfo)
{
	/* What is less important is given up before it gets there: front.h. */
	if (prinfo.policy == GEN_SCTP_PR_NONE ||
	    prinfo.policy == GEN_SCTP_PR_PRIO)
		return;
	spa->sendv_flags |= SCTP_SEND_PRINFO_VALID;
	spa->sendv_prinfo.pr_policy = prinfo.policy == GEN_SCTP_PR_TTL
					      ? SCTP_PR_SCTP_TTL
					      : SCTP_PR_SCTP_RTX;
	spa->sendv_prinfo.pr_value = prinfo.value;
}

static struct sctp_sendv_spa
engine_info(const struct assoc *a, const struct gen_sctp_outgoing *m,
	    sctp_assoc_t id)
{
	struct sctp_sendv_spa spa;

	memset(&spa, 0, sizeof(spa));
	spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
	spa.sendv_sndinfo.snd_sid = m->info.stream;
	spa.sendv_sndinfo.snd_flags = engine_flags(m->info.flags);
	if (a->kept.hurry)
		spa.sendv_sndinfo.snd_flags |= SCTP_SACK_IMMEDIATELY;
	write_be32((uint8_t *)&spa.sendv_sndinfo.snd_ppid, m->info.ppid);
	spa.sendv_sndinfo.snd_context = m->info.context;
	spa.sendv_sndinfo.snd_assoc_id = id;
	set_prinfo(&spa, send_defaults_prinfo(&a->send, m));
	return spa;
}

/* The comm_lost is there at once, and an upcall does not tell. */
static void
note_end(struct socket *so, uint16_t flags)
{
	if (flags & SCTP_ABORT)
		esock_note(so);
}

/* Where the message itself wants to go, or NULL. */
static int
find_destination(const struct assoc *a, const struct gen_sctp_outgoing *m,
		 union engine_sockaddr *peer, struct sockaddr **sa)
{
	struct gen_sctp_addr to;

	*sa = NULL;
	if (m->to_count == 0 || !(m->info.flags & GEN_SCTP_ADDR_OVER))
		return 0;
	to = connect_destination(&m->to[0]);
	*sa = &peer->sa;
	return stack_layer()->peer(peer, a->path, &a->tags, &to);
}

static int
send_message(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	union engine_sockaddr peer;
	struct sctp_sendv_spa spa;
	struct sockaddr *sa;
	struct socket *so;
	sctp_assoc_t id;
	int error = find_destination(a, m, &peer, &sa);

	if (error != 0)
		return error;
	so = assoc_socket(a, &id);
	spa = engine_info(a, m, id);
	if (usrsctp_sendv(so, m->data, m->len, sa, sa != NULL, &spa,
			  sizeof(spa), SCTP_SENDV_SPA, 0) < 0)
		return engine_error_of(ENGINE_SEND);
	note_end(so, spa.sendv_sndinfo.snd_flags);
	return 0;
}

static int
send_flagged_on(struct socket *so, struct sctp_sndinfo *info, const void *data,
		size_t len)
{
	if (usrsctp_sendv(so, data, len, NULL, 0, info, sizeof(*info),
			  SCTP_SENDV_SNDINFO, 0) < 0)
		return engine_error_of(ENGINE_SEND);
	note_end(so, info->snd_flags);
	return 0;
}

/* On any stream: the engine takes nothing, not even an end, on one that is being
 * reset. -EAGAIN: all of them are, or there is no room. */
static int
send_flagged(struct socket *so, sctp_assoc_t id, uint16_t flag,
	     const void *data, size_t len)
{
	const struct option_target t = { .so = so, .id = id };
	struct sctp_sndinfo info;
	struct sctp_status status;
	int error;

	memset(&info, 0, sizeof(info));
	info.snd_flags = flag;
	info.snd_assoc_id = id;
	error = send_flagged_on(so, &info, data, len);
	if (error != -EAGAIN || option_engine_status(&t, &status) != 0)
		return error;
	while (error == -EAGAIN && ++info.snd_sid < status.sstat_outstrms)
		error = send_flagged_on(so, &info, data, len);
	return error;
}

/* What an abort makes fail comes back as events, of which the engine throws
 * away those that do not fit into the receive buffer. And it takes an abort only
 * while no more is queued than the send buffer, which may have shrunk, holds. */
#define ROOM_TO_ABORT (1 << 30)

static int
swap_buffer(struct socket *so, int name, int value)
{
	int old = ENDPOINT_RECBUF;
	socklen_t len = sizeof(old);

	usrsctp_getsockopt(so, SOL_SOCKET, name, &old, &len);
	usrsctp_setsockopt(so, SOL_SOCKET, name, &value, sizeof(value));
	return old;
}

static int
abort_up(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	struct socket *so = a->esock.so;
	const int recbuf = swap_buffer(so, SO_RCVBUF, ROOM_TO_ABORT);
	const int sndbuf = swap_buffer(so, SO_SNDBUF, ROOM_TO_ABORT);
	int error = send_message(a, m);

	if (error == -EAGAIN)
		error = send_flagged(so, a->engine_id, SCTP_ABORT, m->data,
				     m->len);
	swap_buffer(so, SO_SNDBUF, sndbuf);
	swap_buffer(so, SO_RCVBUF, recbuf);
	return error;
}

static int
send_kept(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	struct gen_sctp_outgoing numbered = *m;
	int error = kept_add(a, m, &numbered.info.context);

	if (error != 0)
		return error;
	error = send_message(a, &numbered);
	if (error != 0)
		kept_take_back(a, numbered.info.context);
	return error;
}

static int
send_now(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	return a->kept.on ? send_kept(a, m) : send_message(a, m);
}

/* The engine will look at it later: the call tells. */
static int
check_destination(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	struct option_target t = { .a = a };
	struct gen_sctp_paddrinfo info;
	struct option_peer peer;
	struct sockaddr *sa;
	int error = find_destination(a, m, &peer.sa, &sa);

	if (error != 0 || !(m->info.flags & GEN_SCTP_ADDR_OVER))
		return error;
	t.so = assoc_socket(a, &t.id);
	return sa != NULL ? option_peer_info(&t, &peer, &info) : -EINVAL;
}

static int
send_in_turn(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	struct gen_sctp_outgoing resolved;
	const struct gen_sctp_prinfo prinfo = send_defaults_prinfo(&a->send, m);
	int error;

	if (prinfo.policy != GEN_SCTP_PR_PRIO && front_is_empty(&a->front))
		return send_now(a, m);
	resolved = *m;
	resolved.prinfo = prinfo;
	if (!front_holds(a, &resolved))
		return send_now(a, &resolved);
	error = check_destination(a, &resolved);
	if (error == 0)
		error = front_add(a, &resolved);
	if (error == 0)
		front_feed(a, send_now);
	return error;
}

/* As send_message; -EAGAIN also from the high watermark on. */
static int
queue_message(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	int error;

	if (option_would_fragment(a, m->len))
		return -EMSGSIZE;
	a->above_low = assoc_over_watermark(a);
	if (a->above_low)
		return -EAGAIN;
	error = send_in_turn(a, m);
	a->above_low = assoc_over_watermark(a);
	return error;
}

int
transfer_send(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	int error = 0;

	if (a->phase == ASSOC_OVER)
		return -EPIPE;
	if (m->info.flags & GEN_SCTP_ABORT)
		return a->phase == ASSOC_SETUP ? assoc_abort(a)
					       : abort_up(a, m);
	if (a->eof_wanted)
		return -EPIPE;
	if (m->len > 0)
		error = queue_message(a, m);
	a->full = error == -EAGAIN;
	a->full_at = a->wakeups;
	if (error != 0)
		return error;
	if (m->len > 0)
		traffic_count(&a->ep->out, m->len);
	dormant_watch(a);
	a->sent_early |= a->phase == ASSOC_SETUP;
	if (m->info.flags & GEN_SCTP_EOF)
		return transfer_eof(a);
	return 0;
}

/* The engine aborts only what is up. One in set-up gets a socket of its own,
 * which is closed. */
static int
drop_attempt(struct socket *so, sctp_assoc_t id)
{
	struct socket *own = usrsctp_peeloff(so, id);

	if (own == NULL)
		return engine_error_of(ENGINE_SEND);
	esock_abort_on_close(own);
	usrsctp_close(own);
	return 0;
}

int
transfer_flag(struct socket *so, sctp_assoc_t id, uint16_t flag)
{
	const int error = send_flagged(so, id, flag, "", 0);

	return flag == SCTP_ABORT && error == -EINVAL ? drop_attempt(so, id)
						      : error;
}

static int
send_flag(struct assoc *a, uint16_t flag)
{
	struct socket *so;
	sctp_assoc_t id;

	if (a->phase == ASSOC_OVER)
		return -EPIPE;
	so = assoc_socket(a, &id);
	return transfer_flag(so, id, flag);
}

void
transfer_go_on(struct assoc *a)
{
	front_feed(a, send_now);
	if (a->eof_wanted && !a->eof_sent && a->phase == ASSOC_UP)
		transfer_eof(a);
}

int
transfer_eof(struct assoc *a)
{
	int error;

	/* From now on every send is refused, whatever the engine thinks. */
	a->eof_wanted = true;
	/* In COOKIE-ECHOED the engine would never send the SHUTDOWN. */
	if (a->phase == ASSOC_SETUP || !front_is_empty(&a->front))
		return 0;
	error = send_flag(a, SCTP_EOF);
	/* No room even for that: with the next wake-up. */
	if (error == -EAGAIN)
		return 0;
	a->eof_sent = true;
	return error;
}

int
transfer_abort(struct assoc *a)
{
	const struct gen_sctp_outgoing m = {
		.info.flags = GEN_SCTP_ABORT,
		.data = "",
	};

	return a->phase == ASSOC_UP ? abort_up(a, &m)
				    : send_flag(a, SCTP_ABORT);
}
