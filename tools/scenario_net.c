#include "scenario_net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PROFILE_TEXT 400

struct net {
	const struct scenario *sc;
	const struct end *ends;
	const char *profiles[SCENARIO_MAX_NODES]; /* of lines, by node */
};

static size_t
number_of(const struct net *net, const struct scenario_node *node)
{
	return (size_t)(node - net->sc->nodes);
}

/* ----------------------------------------------------------------- lines */

/* An endpoint's line carries what it sends. */
static int
impair_end(const struct scenario_node *node, const char *profile)
{
	char local[GEN_SCTP_ADDR_TEXT];
	size_t i;
	int result = 0;

	for (i = 0; i < node->addr_count && result == 0; i++)
		result = gen_sctp_impair(gen_sctp_addr_print(&node->addrs[i],
							     false, local,
							     sizeof(local)),
					 profile, NULL);
	return result;
}

int
net_link(struct net *net, const struct scenario_step *step)
{
	net->profiles[number_of(net, step->nodes[0])] = step->profile;
	return impair_end(step->nodes[0], step->profile);
}

int
net_dark(struct net *net, const struct scenario_step *step)
{
	const char *profile = net->profiles[number_of(net, step->nodes[0])];
	char text[PROFILE_TEXT];

	snprintf(text, sizeof(text), "%s%sdark=0s-%lldms",
		 profile != NULL ? profile : "", profile != NULL ? "," : "",
		 (long long)step->time);
	return impair_end(step->nodes[0], text);
}

/* ---------------------------------------------------------------- routes */

int
net_route(struct net *net, size_t from, size_t to, struct gen_sctp_addr *addrs)
{
	const struct scenario_node *node = &net->sc->nodes[to];
	size_t i;

	(void)from;
	for (i = 0; i < node->addr_count; i++) {
		addrs[i] = node->addrs[i];
		addrs[i].port = net->ends[to].udp_port;
	}
	return (int)node->addr_count;
}

int
net_forward(struct net *net, const struct scenario_step *step)
{
	(void)net;
	(void)step;
	return -EOPNOTSUPP;
}

int
net_rebind(struct net *net, const struct scenario_step *step)
{
	(void)net;
	(void)step;
	return -EOPNOTSUPP;
}

/* ---------------------------------------------------------------- running */

size_t
net_fds(const struct net *net, gen_sctp_fd_t *fds, size_t max)
{
	(void)net;
	(void)fds;
	(void)max;
	return 0;
}

os_time
net_deadline(const struct net *net)
{
	(void)net;
	return OS_NEVER;
}

void
net_run(struct net *net, os_time now)
{
	(void)net;
	(void)now;
}

int
net_open(struct net **out, const struct scenario *sc, const struct end *ends,
	 const struct scenario_node **failed)
{
	struct net *net = calloc(1, sizeof(*net));

	*failed = NULL;
	if (net == NULL)
		return -ENOMEM;
	net->sc = sc;
	net->ends = ends;
	*out = net;
	return 0;
}

void
net_close(struct net *net)
{
	free(net);
}
