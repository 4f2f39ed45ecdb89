/*
 * Outlets: where what associations have received goes, to recv (passive) or,
 * while the mode is active, to a mailbox. What is not delivered stays in the
 * engine and closes the peer's window.
 *
 * Delivery goes in rounds, so that no socket keeps the others waiting.
 *
 * Everything here with the stack lock held.
 */
#ifndef GENSCTP_ENGINE_OUTLET_H
#define GENSCTP_ENGINE_OUTLET_H

#include <stdbool.h>

#include "gensctp.h"

struct assoc;
struct endpoint;
struct mailbox;
struct mailbox_source;

struct outlet {
	struct endpoint *ep;
	struct mailbox_source *source;
	enum gen_sctp_active_mode mode;
	int count; /* of mode N: messages still to be delivered */
	bool eof_told;
	struct assoc *ready_first, *ready_last; /* something to receive */
	bool scheduled; /* for the next round */
	struct outlet *prev, *next;
};

/* -ENOMEM. */
int outlet_init(struct outlet *o, struct endpoint *ep);
/* What the mailbox has stays there. A second time is fine. */
void outlet_close(struct outlet *o);

bool outlet_is_active(const struct outlet *o);

/* Can the mode be set? -EINVAL: the value; -EPERM: it has no owner.
 * o is NULL while the socket is opened. */
int outlet_check_mode(const struct outlet *o,
		      const struct gen_sctp_active *active);
/* Sets one that was checked. -ENOMEM. */
int outlet_set_mode(struct outlet *o, const struct gen_sctp_active *active);
struct gen_sctp_active outlet_mode(const struct outlet *o);
/* As the parent's (peeloff): what is left of its count. */
void outlet_inherit(struct outlet *o, const struct outlet *parent);

/* Its messages, those to come and those not taken yet, go to that mailbox;
 * NULL: nobody's, and passive. */
void outlet_give(struct outlet *o, struct mailbox *box);

/* Something is ready, or its socket's last association has ended. */
void outlet_changed(struct outlet *o);

/* One round of delivery. */
void outlet_run(void);
/* There is something for another. */
bool outlet_pending(void);

#endif
