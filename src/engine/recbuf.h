/*
 * Receive buffers: the one that an endpoint's engine socket announces in INIT
 * and INIT ACK, and that of each association's own. Of those that peers set up
 * budget.h keeps account.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_RECBUF_H
#define GENSCTP_ENGINE_RECBUF_H

#include "assoc.h"

/* Before an INIT of ours leaves. */
void recbuf_for_connect(struct endpoint *ep);
/* The link's call, see link.h: before an INIT or a cookie comes in. */
struct link_packet;
void recbuf_before_input(const struct link_packet *p);

/* Takes its share of memory for one that a peer set up, with that many inbound
 * streams; assoc_free returns it. False: there is not enough left. */
bool recbuf_grant(struct assoc *a, uint16_t instreams);
/* On its own engine socket. */
void recbuf_apply(const struct assoc *a);
/* The same with room for an event, which the engine would throw away when the
 * buffer is full; until recbuf_apply. */
void recbuf_make_room(const struct assoc *a);

/* The user's word: it is not limited, but counts. */
void recbuf_set(struct endpoint *ep, uint32_t bytes);

#endif
