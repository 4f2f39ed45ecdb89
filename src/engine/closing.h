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

/* Takes over the association from its endpoint. */
void closing_start(struct assoc *a, bool abort);

/* How many there are, of that binding (NULL: of all). */
size_t closing_count(const struct local *local);

/* Aborts them all: the process ends. */
void closing_abort_all(void);

#endif
