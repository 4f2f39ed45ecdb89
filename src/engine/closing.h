/*
 * Associations whose socket the user closed: they deliver what was sent, shut
 * down and are freed, in the background. What they still receive is thrown
 * away; no event of theirs is ever seen. usrsctp's own close would abort them
 * if anything was unread, and would not wait.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_CLOSING_H
#define GENSCTP_ENGINE_CLOSING_H

#include "assoc.h"

/* Those that one close left behind. */
#define CLOSING_ALL 0
uint64_t closing_new_group(void);

/* Takes over the association from its endpoint. */
void closing_start(struct assoc *a, bool abort, uint64_t group);

/* The user closed the endpoint: waiting calls end, associations go on in the
 * background, the rest is freed once nobody uses it. While an association is
 * set up that already has messages to deliver, its engine socket stays. */
void closing_endpoint(struct endpoint *ep, uint64_t group);
/* An association of a closed endpoint was set up, or failed. */
void closing_endpoint_rest(struct endpoint *ep);

/* How many there are of the group, or of all. */
size_t closing_count(uint64_t group);

/* Aborts them all: the process ends. */
void closing_abort_all(void);

#endif
