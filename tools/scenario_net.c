#include "scenario_net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "nat.h"

#define PROFILE_TEXT 400

struct net {
	const struct scenario *sc;
	const struct end *ends;
	struct nat *nats[SCENARIO_MAX_NODES];	  /* by node; else NULL */
	const char *profiles[SCENARIO_MAX_NODES]; /* of lines, by node */
};

static size_t
number_of(const struct net *net, const struct scenario_node *node)
{
	return (size_t)(node - net->sc->nodes);
}

static struct nat *
nat_of(const struct net *net, const struct scenario_node *node)
{
	return net->nats[number_of(net, node)];
}

/* ----------------------------------------------------------------- lines */

/* An endpoint's line carries what it sends. */
static int
impair_end(const struct scenario_node *node, const char *profile)
{
	char local[GEN_SCTP_ADDR_TEXT];
	size_t i;
	int result = 0;

	for (i = 0; i < node->addr_count && result == 0; i++) {
		gen_sctp_addr_print(&node->addrs[i], false, local,
				    sizeof(local));
		result = gen_sctp_impair(local, profile, NULL);
	}
	return result;
}

static int
impair_node(struct net *net, const struct scenario_node *node,
	    const char *profile)
{
	struct impair_profile p;
	const char *bad;
	int result;

	if (!node->is_nat)
		return impair_end(node, profile);
	impair_profile_init(&p);
	result = impair_parse(profile, &p, &bad);
	if (result == 0)
		nat_impair(nat_of(net, node), NAT_BOTH, &p, os_now());
	return result;
}

int
net_link(struct net *net, const struct scenario_step *step)
{
	net->profiles[number_of(net, step->nodes[0])] = step->profile;
	return impair_node(net, step->nodes[0], step->profile);
}

int
net_dark(struct net *net, const struct scenario_step *step)
{
	const char *profile = net->profiles[number_of(net, step->nodes[0])];
	char text[PROFILE_TEXT];

	snprintf(text, sizeof(text), "%s%sdark=0s-%lldms",
		 profile != NULL ? profile : "", profile != NULL ? "," : "",
		 (long long)step->time);
	return impair_node(net, step->nodes[0], text);
}

/* ---------------------------------------------------------------- routes */

/* An endpoint's own address and UDP port. */
static struct gen_sctp_addr
own_address(const struct net *net, size_t node)
{
	struct gen_sctp_addr addr = net->sc->nodes[node].addrs[0];

	addr.port = net->ends[node].udp_port;
	return addr;
}

/* Where an endpoint is found from outside: a directory there says so, which it
 * has asked. */
static int
find_outside(struct net *net, size_t node, struct gen_sctp_addr *addr)
{
	static const struct gen_sctp_addr directory = { .family = GEN_SCTP_INET,
							.ip = { 127, 0, 0, 1 },
							.port = 9 };
	struct gen_sctp_addr inside = own_address(net, node);
	const struct scenario_node *nat = net->sc->nodes[node].behind;

	return nat_outside(nat_of(net, nat), &inside, &directory, addr,
			   os_now());
}

static int
own_addresses(const struct net *net, size_t node, struct gen_sctp_addr *addrs)
{
	size_t i, n = net->sc->nodes[node].addr_count;

	for (i = 0; i < n; i++) {
		addrs[i] = net->sc->nodes[node].addrs[i];
		addrs[i].port = net->ends[node].udp_port;
	}
	return (int)n;
}

/* From behind a NAT each is reached by a face, of which each has its own port:
 * so only one. */
int
net_route(struct net *net, size_t from, size_t to, struct gen_sctp_addr *addrs)
{
	const struct scenario_node *behind = net->sc->nodes[from].behind;
	int n = 1, result = 0;

	if (net->sc->nodes[to].behind != NULL)
		result = find_outside(net, to, addrs);
	else
		n = own_addresses(net, to, addrs);
	if (result == 0 && behind != NULL) {
		n = 1;
		result = nat_face(nat_of(net, behind), &addrs[0], 0, &addrs[0]);
	}
	return result != 0 ? result : n;
}

int
net_forward(struct net *net, const struct scenario_step *step)
{
	struct gen_sctp_addr inside =
		own_address(net, number_of(net, step->nodes[1]));
	struct gen_sctp_addr outside;

	return nat_forward(nat_of(net, step->nodes[0]), &inside, 0, &outside,
			   os_now());
}

int
net_rebind(struct net *net, const struct scenario_step *step)
{
	return nat_rebind(nat_of(net, step->nodes[0]), step->address);
}

/* ---------------------------------------------------------------- running */

size_t
net_fds(const struct net *net, gen_sctp_fd_t *fds, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < net->sc->node_count; i++)
		if (net->nats[i] != NULL)
			n += nat_fds(net->nats[i], fds + n, max - n);
	return n;
}

os_time
net_deadline(const struct net *net)
{
	os_time at = OS_NEVER;
	size_t i;

	for (i = 0; i < net->sc->node_count; i++)
		if (net->nats[i] != NULL && nat_deadline(net->nats[i]) < at)
			at = nat_deadline(net->nats[i]);
	return at;
}

void
net_run(struct net *net, os_time now)
{
	size_t i;

	for (i = 0; i < net->sc->node_count; i++)
		if (net->nats[i] != NULL)
			nat_run(net->nats[i], now);
}

const struct nat_counts *
net_counts(const struct net *net, size_t node)
{
	return nat_counts(net->nats[node]);
}

static int
open_nat(const struct scenario_node *node, struct nat **nat)
{
	struct nat_config config = {
		.type = node->type,
		.inside = node->inside,
		.outside_count = node->addr_count,
		.timeout = node->timeout < 0 ? OS_NEVER : node->timeout * OS_MS,
		.hairpin = node->hairpin,
	};
	size_t i;

	for (i = 0; i < node->addr_count; i++)
		config.outside[i] = node->addrs[i];
	return nat_open(nat, &config);
}

int
net_open(struct net **out, const struct scenario *sc, const struct end *ends,
	 const struct scenario_node **failed)
{
	struct net *net = *out = calloc(1, sizeof(*net));
	size_t i;
	int result = 0;

	*failed = NULL;
	if (net == NULL)
		return -ENOMEM;
	net->sc = sc;
	net->ends = ends;
	for (i = 0; i < sc->node_count && result == 0; i++)
		if (sc->nodes[i].is_nat) {
			*failed = &sc->nodes[i];
			result = open_nat(*failed, &net->nats[i]);
		}
	return result;
}

void
net_close(struct net *net)
{
	size_t i;

	if (net == NULL)
		return;
	for (i = 0; i < SCENARIO_MAX_NODES; i++)
		nat_close(net->nats[i]);
	free(net);
}
