#include "config.h"

#include "reconfig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "options_impl.h"
#include "packet.h"
#include "recbuf.h"

/* The engine's limit for a request to the peer. */
#define MAX_INCOMING 200
/* Private to the engine: what of an association waits to be sent or
 * acknowledged, and to be received. */
#define ENGINE_GET_SNDBUF_USE 0x1101
struct engine_sockstat {
	sctp_assoc_t assoc_id;
	uint32_t sndbuf, recvbuf; /* bytes */
};

/* ------------------------------------------------------------- the target */

/* An association that is up and not ending. */
static int
find_open(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	  struct option_target *out)
{
	struct sctp_status status;
	int error = option_target(ep, id, out);

	if (error != 0)
		return error;
	if (out->a == NULL)
		return -EINVAL;
	if (out->a->phase == ASSOC_SETUP)
		return -ENOTCONN;
	error = option_engine_status(out, &status);
	if (error != 0)
		return error;
	if (out->a->eof_wanted || status.sstat_state != SCTP_ESTABLISHED)
		return -EPIPE;
	return 0;
}

/* For incoming streams the peer asks in its turn. What this side then denies
 * nobody is told of. */
static int
may_be_asked(const struct option_target *t, uint32_t for_what)
{
	uint32_t allowed;
	int error = option_value_get(t, SCTP_ENABLE_STREAM_RESET, &allowed);

	if (error != 0)
		return error;
	return (allowed & for_what) != 0 ? 0 : -EPERM;
}

/* New outgoing streams, asked for by either side, make the engine forget what
 * is queued. */
static bool
is_idle(const struct option_target *t)
{
	struct engine_sockstat use = { .assoc_id = t->id };

	return front_is_empty(&t->a->front) &&
	       option_engine_get(t->so, ENGINE_GET_SNDBUF_USE, &use,
				 sizeof(use)) == 0 &&
	       use.sndbuf == 0;
}

/* ------------------------------------------------------------------ reset */

static int
engine_flags(int direction)
{
	int flags = 0;

	if (direction & GEN_SCTP_STREAMS_INCOMING)
		flags |= SCTP_STREAM_RESET_INCOMING;
	if (direction & GEN_SCTP_STREAMS_OUTGOING)
		flags |= SCTP_STREAM_RESET_OUTGOING;
	return flags;
}

static int
send_reset(const struct option_target *t, int direction,
	   const uint16_t *streams, size_t n)
{
	size_t size = sizeof(struct sctp_reset_streams) + n * sizeof(*streams);
	struct sctp_reset_streams *to = calloc(1, size);
	int error;

	if (to == NULL)
		return -ENOMEM;
	to->srs_assoc_id = t->id;
	to->srs_flags = (uint16_t)engine_flags(direction);
	to->srs_number_streams = (uint16_t)n;
	if (n > 0)
		memcpy(to->srs_stream_list, streams, n * sizeof(*streams));
	error = option_engine_set(t->so, SCTP_RESET_STREAMS, to, size);
	free(to);
	return error;
}

int
reconfig_reset(const struct endpoint *ep, gen_sctp_assoc_id_t id, int direction,
	       const uint16_t *streams, size_t n)
{
	struct option_target t;
	int error = find_open(ep, id, &t);

	if (error != 0)
		return error;
	if ((direction & GEN_SCTP_STREAMS_INCOMING) && n > MAX_INCOMING)
		return -EINVAL;
	/* The engine waits only for what it has. */
	if ((direction & GEN_SCTP_STREAMS_OUTGOING) &&
	    !front_is_empty(&t.a->front))
		return -EBUSY;
	if (direction & GEN_SCTP_STREAMS_INCOMING)
		error = may_be_asked(&t, SCTP_ENABLE_RESET_STREAM_REQ);
	return error == 0 ? send_reset(&t, direction, streams, n) : error;
}

/* -------------------------------------------------------------------- add */

int
reconfig_add(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	     uint16_t incoming, uint16_t outgoing)
{
	struct sctp_add_streams to;
	struct option_target t;
	int error = find_open(ep, id, &t);

	if (error != 0)
		return error;
	if (outgoing > 0 && !is_idle(&t))
		return -EBUSY;
	if (incoming > 0)
		error = may_be_asked(&t, SCTP_ENABLE_CHANGE_ASSOC_REQ);
	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.sas_assoc_id = t.id;
	to.sas_instrms = incoming;
	to.sas_outstrms = outgoing;
	return option_engine_set(t.so, SCTP_ADD_STREAMS, &to, sizeof(to));
}

/* -------------------------------------------------------------- the peer */

/* Whose packet is with the engine now. */
static const struct assoc *changing;

void
reconfig_before_input(struct link_packet *p)
{
	struct option_target t;

	if (!p->reconfig)
		return;
	t.a = assoc_of_packet(p);
	if (t.a == NULL || t.a->phase != ASSOC_UP)
		return;
	changing = t.a;
	recbuf_make_room(t.a);
	t.so = assoc_socket(t.a, &t.id);
	if (!is_idle(&t))
		guard_deny_streams(p);
}

void
reconfig_after_input(void)
{
	if (changing == NULL)
		return;
	recbuf_apply(changing);
	/* Senders wait while a stream is reset, and the engine does not tell
	 * that it was. */
	esock_note(changing->esock.so);
	changing = NULL;
}
