#include "scenario_end.h"

#include <string.h>

#define MAX_OPTS (SCENARIO_MAX_ADDRS + 12)

struct list {
	struct gen_sctp_opt opts[MAX_OPTS];
	size_t n;
};

static void
add(struct list *list, struct gen_sctp_opt opt)
{
	list->opts[list->n++] = opt;
}

static void
add_timers(struct list *list, const struct scenario_node *node)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MIN |
		       GEN_SCTP_RTOINFO_MAX,
		.initial = (uint32_t)node->rto_min,
		.min = (uint32_t)node->rto_min,
		.max = (uint32_t)node->rto_max,
	};
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_MAX_INIT_TIMEO,
		.max_init_timeo = (uint16_t)node->rto_max,
	};
	struct gen_sctp_paddrparams path = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL |
		       GEN_SCTP_PADDRPARAMS_FLAGS,
		.hbinterval = (uint32_t)node->heartbeat,
		.flags = GEN_SCTP_HB_ENABLE,
	};

	if (node->rto_min > 0) {
		add(list, gen_sctp_opt_rtoinfo(rto));
		add(list, gen_sctp_opt_initmsg(init));
	}
	if (node->heartbeat > 0)
		add(list, gen_sctp_opt_peer_addr_params(path));
}

static void
add_retries(struct list *list, const struct scenario_node *node)
{
	struct gen_sctp_paddrparams path = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMAXRXT,
		.pathmaxrxt = (uint16_t)node->retries,
	};
	struct gen_sctp_assocparams assoc = {
		.set = GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT,
		.asocmaxrxt = (uint16_t)node->retries,
	};
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_MAX_ATTEMPTS,
		.max_attempts = (uint16_t)node->retries,
	};

	if (node->retries < 0)
		return;
	add(list, gen_sctp_opt_peer_addr_params(path));
	add(list, gen_sctp_opt_associnfo(assoc));
	add(list, gen_sctp_opt_initmsg(init));
}

static void
add_rest(struct list *list, size_t number)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = 0,
	};
	struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_ADAPTATION_LAYER_EVENT,
		.on = GEN_SCTP_ADAPTATION_LAYER_EVENT,
	};
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = SCENARIO_MAX_STREAMS,
	};

	add(list, gen_sctp_opt_udp_encaps(udp));
	add(list, gen_sctp_opt_events(events));
	add(list, gen_sctp_opt_initmsg(init));
	add(list, gen_sctp_opt_adaptation_layer((int64_t)number + 1));
	add(list, gen_sctp_opt_non_block_send(true));
	add(list, gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE));
}

static int
find_ports(struct end *e)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);
	int result = gen_sctp_getopts(e->socket, &opt, 1, NULL);

	if (result != 0)
		return result;
	e->udp_port = opt.value.udp_encaps.local_port;
	e->sctp_port = gen_sctp_port(e->socket);
	return e->sctp_port < 0 ? e->sctp_port : 0;
}

int
end_open(struct end *e, const struct scenario_node *node, size_t number)
{
	struct list list = { .n = 0 };
	size_t i;
	int result;

	memset(e, 0, sizeof(*e));
	e->node = node;
	for (i = 0; i < node->addr_count; i++)
		add(&list, gen_sctp_opt_ip(node->addrs[i]));
	add_timers(&list, node);
	add_retries(&list, node);
	add_rest(&list, number);
	result = gen_sctp_open((int)node->port, list.opts, list.n, &e->socket,
			       NULL);
	if (result != 0)
		return result;
	result = gen_sctp_listen(e->socket, 5);
	return result != 0 ? result : find_ports(e);
}

void
end_close(struct end *e)
{
	struct gen_sctp_linger linger = { .on = true, .seconds = 0 };
	struct gen_sctp_opt opt = gen_sctp_opt_linger(linger);

	if (e->socket == 0)
		return;
	gen_sctp_setopts(e->socket, &opt, 1, NULL);
	gen_sctp_close(e->socket);
	e->socket = 0;
}

int
end_connect(struct end *e, size_t to, int sctp_port,
	    const struct gen_sctp_addr *addrs, size_t count)
{
	struct gen_sctp_addr peer[SCENARIO_MAX_ADDRS];
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = addrs[0].port,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_udp_encaps(udp);
	size_t i;

	for (i = 0; i < count; i++) {
		peer[i] = addrs[i];
		peer[i].port = (uint16_t)sctp_port;
	}
	return gen_sctp_connectx_init(e->socket, peer, count, &opt, 1,
				      &e->peers[to]);
}

static size_t
peer_of(const struct end *e, gen_sctp_assoc_id_t id)
{
	size_t i;

	for (i = 0; i < SCENARIO_MAX_NODES; i++)
		if (e->peers[i] == id)
			return i;
	return SIZE_MAX;
}

static void
learn_peer(struct end *e, const struct gen_sctp_adaptation_event *event)
{
	size_t peer = (size_t)event->adaptation_ind - 1;

	if (peer >= SCENARIO_MAX_NODES)
		return;
	e->peers[peer] = event->assoc_id;
	e->up[peer] = true;
	e->over[peer] = false;
}

static void
note_change(struct end *e, size_t peer,
	    const struct gen_sctp_assoc_change *change)
{
	e->up[peer] = change->state == GEN_SCTP_COMM_UP ||
		      change->state == GEN_SCTP_RESTART;
	e->over[peer] = !e->up[peer];
}

void
end_note(struct end *e, const struct gen_sctp_event *event, size_t *peer)
{
	*peer = SIZE_MAX;
	switch (event->type) {
	case GEN_SCTP_ADAPTATION:
		learn_peer(e, &event->u.adaptation);
		*peer = peer_of(e, event->u.adaptation.assoc_id);
		break;
	case GEN_SCTP_PADDR_CHANGE:
		*peer = peer_of(e, event->u.paddr_change.assoc_id);
		break;
	case GEN_SCTP_SEND_FAILED:
		*peer = peer_of(e, event->u.send_failed.assoc_id);
		break;
	case GEN_SCTP_ASSOC_CHANGE:
		*peer = peer_of(e, event->u.assoc_change.assoc_id);
		if (*peer != SIZE_MAX)
			note_change(e, *peer, &event->u.assoc_change);
		break;
	default:
		break;
	}
}
