#include "config.h"

#include <errno.h>
#include <string.h>

#include "errors.h"
#include "packet.h"
#include "stack.h"
#include "transfer.h"

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
	if (flags & GEN_SCTP_EOF)
		out |= SCTP_EOF;
	return out;
}

static struct sctp_sendv_spa
engine_info(const struct gen_sctp_sndrcvinfo *info, sctp_assoc_t id)
{
	struct sctp_sendv_spa spa;

	memset(&spa, 0, sizeof(spa));
	spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
	spa.sendv_sndinfo.snd_sid = info->stream;
	spa.sendv_sndinfo.snd_flags = engine_flags(info->flags);
	write_be32((uint8_t *)&spa.sendv_sndinfo.snd_ppid, info->ppid);
	spa.sendv_sndinfo.snd_context = info->context;
	spa.sendv_sndinfo.snd_assoc_id = id;
	if (info->timetolive > 0) {
		spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
		spa.sendv_prinfo.pr_policy = SCTP_PR_SCTP_TTL;
		spa.sendv_prinfo.pr_value = info->timetolive;
	}
	return spa;
}

/* The comm_lost is there at once, and an upcall does not tell. */
static void
note_end(struct socket *so, uint16_t flags)
{
	if (flags & SCTP_ABORT)
		esock_note(so);
}

int
transfer_send(struct assoc *a, const struct gen_sctp_sndrcvinfo *info,
	      const struct gen_sctp_addr *to, const void *data, size_t len)
{
	union engine_sockaddr peer;
	struct sctp_sendv_spa spa;
	struct sockaddr *peer_sa = NULL;
	struct socket *so;
	sctp_assoc_t id;
	int error;

	if (a->phase == ASSOC_OVER || a->eof_wanted)
		return -EPIPE;
	so = assoc_socket(a, &id);
	spa = engine_info(info, id);
	if (to != NULL) {
		error = stack_layer()->peer(&peer, a->path, to);
		if (error != 0)
			return error;
		peer_sa = &peer.sa;
	}
	if (usrsctp_sendv(so, data, len, peer_sa, peer_sa != NULL, &spa,
			  sizeof(spa), SCTP_SENDV_SPA, 0) < 0)
		return engine_error_of(ENGINE_SEND);
	note_end(so, spa.sendv_sndinfo.snd_flags);
	return 0;
}

static int
send_flag(struct assoc *a, uint16_t flag)
{
	struct sctp_sndinfo info;
	struct socket *so;
	sctp_assoc_t id;

	if (a->phase == ASSOC_OVER)
		return -EPIPE;
	so = assoc_socket(a, &id);
	memset(&info, 0, sizeof(info));
	info.snd_flags = flag;
	info.snd_assoc_id = id;
	if (usrsctp_sendv(so, "", 0, NULL, 0, &info, sizeof(info),
			  SCTP_SENDV_SNDINFO, 0) < 0)
		return engine_error_of(ENGINE_SEND);
	note_end(so, flag);
	return 0;
}

int
transfer_eof(struct assoc *a)
{
	/* In COOKIE-ECHOED the engine would never send the SHUTDOWN. */
	if (a->phase == ASSOC_SETUP) {
		a->eof_wanted = true;
		return 0;
	}
	/* From now on every send is refused, whatever the engine thinks. */
	a->eof_wanted = true;
	return send_flag(a, SCTP_EOF);
}

int
transfer_abort(struct assoc *a)
{
	return send_flag(a, SCTP_ABORT);
}

bool
transfer_has_room(const struct assoc *a)
{
	return a->phase == ASSOC_UP && a->esock.so != NULL &&
	       (usrsctp_get_events(a->esock.so) & SCTP_EVENT_WRITE) != 0;
}
