/*
 * Bindings: which UDP sockets an SCTP port uses. link.h has the rest.
 */
#ifndef GENSCTP_LINK_BINDING_H
#define GENSCTP_LINK_BINDING_H

#include "packet.h"
#include "udp.h"

/* How a packet leaves. */
struct binding_use {
	struct udp_socket *socket; /* NULL: no binding */
	struct link_marks marks;
	bool hide_ipv4;
	/* NULL: bound to addresses. */
	const struct gen_sctp_local_addr_policy *policy;
};

/* For packets from an SCTP port and local address: of a binding with that port
 * the socket that covers the address, or else one of its family. Leaf lock
 * held. */
struct binding_use binding_use(uint16_t sctp_port,
			       const struct gen_sctp_addr *src);

#endif
