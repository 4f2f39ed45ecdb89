/*
 * Stream reconfiguration (RFC 6525): requests of the user, and what those of
 * the peer need. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_RECONFIG_H
#define GENSCTP_ENGINE_RECONFIG_H

#include "assoc.h"

/* As gen_sctp_reset_streams, gen_sctp_add_streams. */
int reconfig_reset(const struct endpoint *ep, gen_sctp_assoc_id_t id,
		   int direction, const uint16_t *streams, size_t n);
int reconfig_add(const struct endpoint *ep, gen_sctp_assoc_id_t id,
		 uint16_t incoming, uint16_t outgoing);

/* The link's calls, see link.h. */
struct link_packet;
void reconfig_before_input(struct link_packet *p);
void reconfig_after_input(void);

#endif
