/*
 * What is between the endpoints of a scenario: NATs, and how well lines carry.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_NET_H
#define GENSCTP_TOOLS_SCENARIO_NET_H

#include "nat.h"
#include "os.h"
#include "scenario.h"
#include "scenario_end.h"

struct net;

/* The network of a scenario whose endpoints (by node) are open; these live as
 * long as it does. On failure *failed is the node. */
int net_open(struct net **net, const struct scenario *sc,
	     const struct end *ends, const struct scenario_node **failed);
void net_close(struct net *net);

/* Where one endpoint finds another: addresses with UDP ports, at most
 * SCENARIO_MAX_ADDRS. Through NATs this makes what it takes: a face, and the
 * peer's mapping. Returns how many, or -EHOSTUNREACH, or an error of a socket.
 */
int
net_route(struct net *net, size_t from, size_t to, struct gen_sctp_addr *addrs);

/* What steps do; see gensctp(1). */
int net_forward(struct net *net, const struct scenario_step *step);
int net_rebind(struct net *net, const struct scenario_step *step);
int net_link(struct net *net, const struct scenario_step *step);
int net_dark(struct net *net, const struct scenario_step *step);

/* Where datagrams are waited for; at most `max` of them. */
size_t net_fds(const struct net *net, gen_sctp_fd_t *fds, size_t max);
/* When there is something to do even if none comes. */
os_time net_deadline(const struct net *net);
/* Carries what has come. */
void net_run(struct net *net, os_time now);

/* Of the NAT that is node `node`. */
const struct nat_counts *net_counts(const struct net *net, size_t node);

#endif
