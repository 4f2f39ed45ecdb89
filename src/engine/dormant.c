#include "config.h"

#include "dormant.h"

#include <stdlib.h>

#include "options_path.h"

/* Before there is an RTO; ms. */
#define LOOK_AGAIN 1000

static void
demand_heartbeat(const struct option_target *t, const struct option_peer *peer)
{
	struct sctp_paddrparams to;

	path_begin(t, peer, &to);
	to.spp_flags = SPP_HB_DEMAND;
	option_engine_set(t->so, SCTP_PEER_ADDR_PARAMS, &to, sizeof(to));
}

static bool
is_active(const struct option_target *t, const struct option_peer *peer)
{
	struct gen_sctp_paddrinfo info;

	return option_peer_info(t, peer, &info) == 0 &&
	       info.state == GEN_SCTP_PATH_ACTIVE;
}

static void
wake_if_dormant(const struct option_target *t)
{
	struct option_peer *peers;
	size_t i, n;

	if (option_peers(t, &peers, &n) != 0)
		return;
	for (i = 0; i < n && !is_active(t, &peers[i]); i++)
		;
	if (i == n)
		for (i = 0; i < n; i++)
			demand_heartbeat(t, &peers[i]);
	free(peers);
}

static void
look(void *arg)
{
	struct assoc *a = arg;
	struct option_target t = { .a = a };
	struct sctp_status status;
	uint32_t rto;

	a->watched = false;
	if (a->phase != ASSOC_UP || assoc_queued(a) == 0)
		return;
	t.so = assoc_socket(a, &t.id);
	if (option_engine_status(&t, &status) != 0)
		return;
	if (status.sstat_primary.spinfo_state != SCTP_ACTIVE)
		wake_if_dormant(&t);
	rto = status.sstat_primary.spinfo_rto;
	a->watched = true;
	timers_start(&a->watch, rto > 0 ? rto : LOOK_AGAIN, look, a);
}

void
dormant_watch(struct assoc *a)
{
	if (!a->watched)
		look(a);
}
