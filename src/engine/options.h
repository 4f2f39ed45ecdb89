/*
 * Options of the API on the engine: the one place that knows the engine's
 * option numbers and records. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_OPTIONS_H
#define GENSCTP_ENGINE_OPTIONS_H

#include "assoc.h"

/* Can it be set, is the value in range, does the association exist? `ep` is
 * NULL while open checks its list (then no association is known, and the
 * options of open only are fine). 0, -EINVAL, -ENOPROTOOPT. */
int option_check(const struct endpoint *ep, const struct gen_sctp_opt *opt);

/* Applies one that was checked; fields that are not set stay as they are.
 * Those of open only are open's business and are not set here. */
int option_set(struct endpoint *ep, const struct gen_sctp_opt *opt);

/* Fills in the value. -EINVAL: no such association or address;
 * -ENOPROTOOPT: cannot be read. */
int option_get(struct endpoint *ep, struct gen_sctp_opt *opt);

/* Puts what ep->opts says, and the engine does not know yet, on the engine
 * socket of a new endpoint. */
void option_apply_defaults(struct endpoint *ep);

/* The association is up, on its own engine socket. Paths that are not confirmed
 * have heartbeats whatever the endpoint's default is: without, they would never
 * be (RFC 9260 s5.4). */
int option_assoc_up(struct assoc *a);

/* The UDP port that the engine gives to addresses of peers it does not know
 * yet. */
int option_port_of_new_peers(const struct endpoint *ep, uint16_t port);

/* A message of that length to it is -EMSGSIZE, because it would be cut up. */
bool option_would_fragment(const struct assoc *a, size_t len);

/* Tells the link what the endpoint's packets leave with: it was made, or an
 * association was moved there. */
void option_mark(struct endpoint *ep);

/* What the association's latest packet with data came with: to be known later,
 * and into a message that holds data. */
void option_note_latest(struct assoc *a);
void option_tell_latest(struct assoc *a, struct gen_sctp_msg *msg);

/* Messages of an association that were given up (RFC 3758). */
uint64_t option_given_up(const struct assoc *a);

/* The association of `peeled` was moved there from `parent`: options that the
 * engine does not take along. */
void option_inherit(struct endpoint *peeled, struct endpoint *parent);

/* Of all associations to come. -EINVAL. */
int option_set_initial_cwnd(uint32_t packets);

#endif
