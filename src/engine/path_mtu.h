/*
 * Path MTU. usrsctp assumes 1500 bytes (1280 for IPv6) everywhere; the real
 * one is set before an association exists, since its fragmentation point never
 * grows afterwards. Sizes are bytes of an IP packet.
 */
#ifndef GENSCTP_ENGINE_PATH_MTU_H
#define GENSCTP_ENGINE_PATH_MTU_H

#include "assoc.h"

/* For future associations of the endpoint with that peer. */
void path_mtu_for_peer(struct endpoint *ep, const struct gen_sctp_addr *peer);

/* The path to dst does not take packets as large as before any more. */
void path_mtu_lower(const struct assoc *a, const struct gen_sctp_addr *dst);

/* The link's calls, see link.h. */
struct link_packet;
void path_mtu_before_input(const struct link_packet *p);
void path_mtu_too_big(const struct gen_sctp_addr *dst, size_t packet_len);

/* The engine's spp_pathmtu counts what fits inside IP, UDP and the SCTP common
 * header. */
uint32_t path_mtu_to_engine(uint32_t ip_mtu, enum gen_sctp_family family);
uint32_t path_mtu_from_engine(uint32_t inside, enum gen_sctp_family family);

#endif
