/*
 * Events of associations and paths.
 */
#include "config.h"

#include <string.h>

#include "events_impl.h"
#include "layer.h"
#include "stack.h"

/* Errors come as chunks with their header. */
#define CHUNK_HEADER 4

/* ---------------------------------------------------------- assoc_change */

static uint32_t
features(const uint8_t *info, size_t len)
{
	static const uint32_t bits[] = {
		[SCTP_ASSOC_SUPPORTS_PR] = GEN_SCTP_SUPPORTS_PR,
		[SCTP_ASSOC_SUPPORTS_AUTH] = GEN_SCTP_SUPPORTS_AUTH,
		[SCTP_ASSOC_SUPPORTS_ASCONF] = GEN_SCTP_SUPPORTS_ASCONF,
		[SCTP_ASSOC_SUPPORTS_MULTIBUF] = GEN_SCTP_SUPPORTS_MULTIBUF,
		[SCTP_ASSOC_SUPPORTS_RE_CONFIG] = GEN_SCTP_SUPPORTS_RE_CONFIG,
		[SCTP_ASSOC_SUPPORTS_INTERLEAVING] =
			GEN_SCTP_SUPPORTS_INTERLEAVING,
	};
	uint32_t mask = 0;
	size_t i;

	for (i = 0; i < len; i++)
		if (info[i] < sizeof(bits) / sizeof(bits[0]))
			mask |= bits[info[i]];
	return mask;
}

bool
event_assoc_change(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	static const enum gen_sctp_assoc_change_state states[] = {
		[SCTP_COMM_UP] = GEN_SCTP_COMM_UP,
		[SCTP_COMM_LOST] = GEN_SCTP_COMM_LOST,
		[SCTP_RESTART] = GEN_SCTP_RESTART,
		[SCTP_SHUTDOWN_COMP] = GEN_SCTP_SHUTDOWN_COMP,
		[SCTP_CANT_STR_ASSOC] = GEN_SCTP_CANT_ASSOC,
	};
	const size_t info = offsetof(struct sctp_assoc_change, sac_info);
	struct gen_sctp_assoc_change *to = &event->u.assoc_change;
	struct sctp_assoc_change in;

	memcpy(&in, n->data, sizeof(in));
	if (in.sac_state < SCTP_COMM_UP || in.sac_state > SCTP_CANT_STR_ASSOC)
		return false;
	to->state = states[in.sac_state];
	to->error = in.sac_error;
	to->outbound_streams = in.sac_outbound_streams;
	to->inbound_streams = in.sac_inbound_streams;
	to->assoc_id = a->id;
	if (!event_is_last(event))
		to->features = features(n->data + info, n->len - info);
	else /* Without memory it has none: it must not be missed. */
		event_take_bytes(n, info + CHUNK_HEADER, &to->data, &to->len,
				 owned);
	return true;
}

void
event_change(const struct assoc *a, enum gen_sctp_assoc_change_state state,
	     struct gen_sctp_event *event, struct gen_sctp_addr *from)
{
	memset(event, 0, sizeof(*event));
	event->type = GEN_SCTP_ASSOC_CHANGE;
	event->u.assoc_change.state = state;
	event->u.assoc_change.assoc_id = a->id;
	memset(from, 0, sizeof(*from));
	if (a->peer_count > 0)
		*from = a->peers[0];
}

/* ---------------------------------------------------------------- others */

bool
event_paddr_change(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	static const enum gen_sctp_paddr_change_state states[] = {
		[SCTP_ADDR_AVAILABLE] = GEN_SCTP_ADDR_AVAILABLE,
		[SCTP_ADDR_UNREACHABLE] = GEN_SCTP_ADDR_UNREACHABLE,
		[SCTP_ADDR_REMOVED] = GEN_SCTP_ADDR_REMOVED,
		[SCTP_ADDR_ADDED] = GEN_SCTP_ADDR_ADDED,
		[SCTP_ADDR_MADE_PRIM] = GEN_SCTP_ADDR_MADE_PRIM,
		[SCTP_ADDR_CONFIRMED] = GEN_SCTP_ADDR_CONFIRMED,
	};
	struct gen_sctp_paddr_change *to = &event->u.paddr_change;
	struct sctp_paddr_change in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	if (in.spc_state < SCTP_ADDR_AVAILABLE ||
	    in.spc_state > SCTP_ADDR_CONFIRMED)
		return false;
	to->addr = stack_layer()->addr((struct sockaddr *)&in.spc_aaddr);
	assoc_translate(a, &to->addr);
	to->state = states[in.spc_state];
	to->error = in.spc_error;
	to->assoc_id = a->id;
	return true;
}

bool
event_remote_error(const struct notification *n, const struct assoc *a,
		   struct gen_sctp_event *event, void **owned)
{
	const size_t causes =
		offsetof(struct sctp_remote_error, sre_data) + CHUNK_HEADER;
	struct gen_sctp_remote_error *to = &event->u.remote_error;
	struct sctp_remote_error in;

	memcpy(&in, n->data, sizeof(in));
	to->error = in.sre_error;
	to->assoc_id = a->id;
	return event_take_bytes(n, causes, &to->data, &to->len, owned);
}

bool
event_shutdown(const struct notification *n, const struct assoc *a,
	       struct gen_sctp_event *event, void **owned)
{
	(void)n;
	(void)owned;
	event->u.shutdown.assoc_id = a->id;
	return true;
}

bool
event_adaptation(const struct notification *n, const struct assoc *a,
		 struct gen_sctp_event *event, void **owned)
{
	struct sctp_adaptation_event in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	event->u.adaptation.adaptation_ind = in.sai_adaptation_ind;
	event->u.adaptation.assoc_id = a->id;
	return true;
}

bool
event_authentication(const struct notification *n, const struct assoc *a,
		     struct gen_sctp_event *event, void **owned)
{
	static const enum gen_sctp_auth_indication indications[] = {
		[SCTP_AUTH_NEW_KEY] = GEN_SCTP_AUTH_NEW_KEY,
		[SCTP_AUTH_NO_AUTH] = GEN_SCTP_AUTH_NO_AUTH,
		[SCTP_AUTH_FREE_KEY] = GEN_SCTP_AUTH_FREE_KEY,
	};
	struct gen_sctp_authentication_event *to = &event->u.authentication;
	struct sctp_authkey_event in;

	(void)owned;
	memcpy(&in, n->data, sizeof(in));
	if (in.auth_indication < SCTP_AUTH_NEW_KEY ||
	    in.auth_indication > SCTP_AUTH_FREE_KEY)
		return false;
	to->indication = indications[in.auth_indication];
	to->keynumber = in.auth_keynumber;
	to->assoc_id = a->id;
	return true;
}
