/*
 * Messages in front of the engine: from the first one of policy PRIO on that
 * comes while the engine has enough to do. Until it gets them they can be given
 * up for something more important (RFC 7496 3.2), which the engine itself does
 * only in sends that block. Nothing is here before the association is up, or
 * where the peer does not know partial reliability. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_FRONT_H
#define GENSCTP_ENGINE_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"
#include "ranks.h"

struct assoc;
struct waiting;

/* Of an association. */
struct front {
	struct waiting *first,
		**tail;	     /* in the order in which they were sent */
	struct ranks ranks;  /* those of policy PRIO */
	size_t count, bytes; /* messages; theirs */
	size_t told; /* bytes of failures since recv had taken all events */
	uint64_t given_up[GEN_SCTP_PR_PRIO + 1]; /* by policy */
	uint64_t *given_up_of;			 /* by stream: */
	size_t streams;
};

/* How a message gets into the engine; -EAGAIN: no room. */
typedef int front_send(struct assoc *a, const struct gen_sctp_outgoing *m);

void front_init(struct front *f);
void front_free(struct front *f);

static inline bool
front_is_empty(const struct front *f)
{
	return f->first == NULL;
}

/* It has to wait here: others do, or it is of policy PRIO and the engine has
 * enough to do. The policy is not _DEFAULT. */
bool front_holds(struct assoc *a, const struct gen_sctp_outgoing *m);
/* Copies the message, and gives up what is less important if that makes room.
 * -EPIPE: it is ending; -EINVAL: no such stream; -EMSGSIZE: larger than the
 * send buffer; -EAGAIN: no room; -ENOMEM. Then nothing was given up. */
int front_add(struct assoc *a, const struct gen_sctp_outgoing *m);
/* There is room for something, without giving up anything. */
bool front_has_room(const struct assoc *a);
/* Hands on what the engine takes. */
void front_feed(struct assoc *a, front_send *send);
/* The association is over: each is a send_failed. */
void front_fail(struct assoc *a);

/* Messages that were given up here, of a policy or, _DEFAULT, of all; of a
 * stream. */
uint64_t front_given_up(const struct front *f, enum gen_sctp_pr_policy policy);
uint64_t front_given_up_of(const struct front *f, uint16_t stream);

#endif
