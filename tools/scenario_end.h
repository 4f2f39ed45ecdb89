/*
 * An endpoint of a scenario: an SCTP socket on its addresses, with a free UDP
 * port, active. It tells peers which node it is by its adaptation indication
 * (RFC 5061 4.2.6), since through NATs addresses do not tell.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_END_H
#define GENSCTP_TOOLS_SCENARIO_END_H

#include "scenario.h"

struct end {
	const struct scenario_node *node;
	gen_sctp_socket_t socket; /* 0: not open */
	int sctp_port;
	uint16_t udp_port;
	/* By node; 0: none, or not known yet. */
	gen_sctp_assoc_id_t peers[SCENARIO_MAX_NODES];
	bool up[SCENARIO_MAX_NODES];
	bool over[SCENARIO_MAX_NODES]; /* lost, ended, or never came up */
};

/* Opens it; `number` is the node's. Returns 0 or an error of gen_sctp_open. */
int end_open(struct end *e, const struct scenario_node *node, size_t number);

/* Aborts its associations. */
void end_close(struct end *e);

/* Begins to set up an association with node `to` at these addresses, whose
 * ports are UDP's, all the same. */
int end_connect(struct end *e, size_t to, int sctp_port,
		const struct gen_sctp_addr *addrs, size_t count);

/* Takes note of an event; *peer is the node that it is about, or SIZE_MAX. */
void end_note(struct end *e, const struct gen_sctp_event *event, size_t *peer);

#endif
