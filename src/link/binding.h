/*
 * Bindings: which UDP sockets an SCTP port uses. link.h has the rest.
 */
#ifndef GENSCTP_LINK_BINDING_H
#define GENSCTP_LINK_BINDING_H

#include "udp.h"

/* The socket that packets from an SCTP port and local address leave by: of a
 * binding with that port the one that covers the address, or else one of its
 * family. NULL: no binding. Leaf lock held. */
struct udp_socket *binding_socket(uint16_t sctp_port,
				  const struct gen_sctp_addr *src);

#endif
