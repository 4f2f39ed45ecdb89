/*
 * The UDP port of addresses that a peer lists when it sets up an association,
 * or adds later: at first the one that its packet came from (RFC 6951 5.4).
 * The engine would take the endpoint's, which is for peers that we connect to.
 *
 * The link's calls, see link.h. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_PEER_PORT_H
#define GENSCTP_ENGINE_PEER_PORT_H

struct link_packet;

void peer_port_before_input(const struct link_packet *p);
void peer_port_after_input(void);

#endif
