/*
 * Addresses bound to and unbound from an endpoint that is open: the peers of
 * its associations are told by ASCONF (RFC 5061). Stack lock held.
 */
#ifndef GENSCTP_ENGINE_BINDX_H
#define GENSCTP_ENGINE_BINDX_H

#include "endpoint.h"

/* All of them or none; see gen_sctp_bindx. */
int
endpoint_bind(struct endpoint *ep, const struct gen_sctp_addr *addrs, size_t n);
int endpoint_unbind(struct endpoint *ep, const struct gen_sctp_addr *addrs,
		    size_t n);

/* The link's calls, see link.h. What an association cannot do at once it does
 * when its peer has acknowledged the rest. */
struct link_packet;
void bindx_before_input(const struct link_packet *p);
void bindx_after_input(void);

#endif
