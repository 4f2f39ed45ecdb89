/*
 * Associations. Each has an id that is unique in the process and, from the
 * moment it is up, an engine socket of its own: so it has its own receive
 * window, its own room to send, and nothing of another association is ever in
 * its queue. What it received stays in the engine until recv takes it; only
 * events that came before it had its socket are kept here.
 *
 * Everything here with the stack lock held.
 */
#ifndef GENSCTP_ENGINE_ASSOC_H
#define GENSCTP_ENGINE_ASSOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assembly.h"
#include "endpoint.h"
#include "engine_sockaddr.h"
#include "front.h"
#include "guard.h"
#include "timers.h"
#include "kept.h"

enum assoc_phase {
	ASSOC_SETUP, /* on its endpoint's engine socket */
	ASSOC_UP,    /* on its own; may be ending, the engine knows */
	ASSOC_OVER,  /* its last event was made */
};

/* An event that waits for recv. */
struct assoc_event {
	struct assoc_event *next;
	struct gen_sctp_event event;
	struct gen_sctp_addr from;
	void *owned; /* its bytes; malloc */
};

/* A connect that waits for the outcome of its attempt. */
struct assoc_wait {
	bool done;
	int result; /* 0: up; else as gen_sctp_connect */
	struct gen_sctp_assoc_change outcome;
};

struct assoc {
	gen_sctp_assoc_id_t id;
	struct endpoint *ep; /* NULL: it ends in the background */
	struct outlet *outlet; /* its endpoint's, or that of a rule of it */
	struct local *local; /* of its own while it is on the way from one of its
			      * endpoint's to another (bindx.h) */
	bool rebinding;
	enum assoc_phase phase;
	struct esock esock;
	sctp_assoc_t engine_id;
	bool from_peer;   /* and counted so by its endpoint */
	bool attempt;     /* the same */
	uint32_t recbuf;  /* bytes */
	uint64_t granted; /* bytes of budget.h, recbuf's included; or 0 */
	bool eof_wanted;  /* nothing more is sent; EOF as soon as it can be */
	bool eof_sent;
	bool sent_early;  /* messages were sent before it was up */
	struct send_defaults send;
	struct kept_list kept;
	struct front front;
	bool full;        /* a send found no room, at this wake-up: */
	unsigned int full_at;
	bool above_low;   /* its queue passed the high watermark since */
	uint64_t closing_group; /* see closing.h */
	struct assoc_wait *awaited; /* gets the outcome, which recv then does not */
	unsigned int wakeups; /* of the engine; a sender waits for the next one */
	bool was_up;
	bool superseded;  /* it ends because its peer restarted */
	bool succeeded;   /* the successor is up and has the id */
	bool restart;     /* its comm_up is reported as restart */
	bool stale_events; /* some may wait that are not wanted any more */
	bool in_message;  /* the last part received was not the end */
	uint16_t in_message_stream;
	struct assembly assembly; /* the begin of one for a mailbox */
	size_t held;              /* of it: counted there */
	struct guard_assoc tags;
	os_time up_at;
	struct engine_timer idle;   /* see autoclose.h */
	struct engine_timer watch;  /* see dormant.h; runs: */
	bool watched;
	struct guard_latest latest; /* if somebody wants to know */
	size_t peer_count;
	struct gen_sctp_addr *peers; /* at set-up; ports are SCTP's */
	struct conn_path *path;      /* held; NULL: nothing to hold */
	struct assoc_event *events, **events_tail;

	struct assoc *prev, *next;       /* of the endpoint, or closing */
	struct assoc *ready_next;
	bool ready;                      /* in the endpoint's ready list */
	struct assoc *id_next, *tag_next, *port_next; /* in its hash chains */
	struct assoc *superseded_next;
};

/* Whose engine socket it is. */
static inline struct assoc *
assoc_of(struct esock *e)
{
	return (struct assoc *)((char *)e - offsetof(struct assoc, esock));
}

/* A new one in set-up. NULL: no memory. */
struct assoc *assoc_new(struct endpoint *ep, sctp_assoc_t engine_id);
/* Frees it with its engine socket. */
void assoc_free(struct assoc *a);

/* It continues `old` under the same id (restart). */
void assoc_take_id(struct assoc *a, const struct assoc *old);

/* It takes one of the places that its endpoint has for peers, or does not. */
void assoc_count_from_peer(struct assoc *a, bool from_peer);

/* It is being set up from here, or not any more. */
void assoc_count_attempt(struct assoc *a, bool attempt);

/* Takes it out of its endpoint, which forgets it. */
void assoc_detach(struct assoc *a);

/* A stream endpoint's own one; those of a listener are not yet anybody's. */
struct assoc *assoc_only(const struct endpoint *ep);
/* By id, of that endpoint; a stream endpoint has one, whatever the id. */
struct assoc *assoc_find(const struct endpoint *ep, gen_sctp_assoc_id_t id);
/* An address of its peer that the engine gave gets the port that the peer has,
 * where the engine has an alias for it (see guard.h). NULL: nothing to do. */
static inline void
assoc_translate(const struct assoc *a, struct gen_sctp_addr *peer)
{
	if (a != NULL && a->tags.alias != 0 && peer->family != GEN_SCTP_UNSPEC)
		peer->port = a->tags.peer_port;
}

/* That has this address of a peer (port included). */
struct assoc *assoc_find_peer(const struct endpoint *ep,
			      const struct gen_sctp_addr *peer);

/* Another socket's association, peeled off or closed and not over, is between
 * the same ports and addresses: a second one would confuse engine and guard. */
bool assoc_elsewhere(const struct endpoint *ep,
		     const struct gen_sctp_addr *peer);

/* The engine still has it: it may be over, with its last event unread. */
bool assoc_alive(const struct assoc *a);

/* The one, of any endpoint, with this tag of ours; with these two. */
struct assoc *assoc_find_tag(uint32_t my_tag);
struct assoc *assoc_find_tags(const struct guard_assoc *tags);
/* That a packet of its peer is for. */
struct link_packet;
struct assoc *assoc_of_packet(const struct link_packet *p);
/* Its peer has restarted, and the guard knows: its id, if its socket is still
 * open, is for the successor to take. */
void assoc_supersede(struct assoc *a);
/* The one, of any endpoint, that this one restarts; see restart.h. */
struct assoc *assoc_find_superseded(const struct assoc *a);

/* The engine socket that knows it, and by which id. */
struct socket *assoc_socket(const struct assoc *a, sctp_assoc_t *engine_id);

/* Puts it at the end of its endpoint's ready list. */
void assoc_make_ready(struct assoc *a);
void assoc_unready(struct assoc *a);

/* What it receives goes elsewhere, with what it has received. */
void assoc_use_outlet(struct assoc *a, struct outlet *o);

/* So many bytes of a message for its outlet's mailbox are put together. */
void assoc_hold(struct assoc *a, size_t bytes);
/* The rest of it will not come, or nobody wants it. */
void assoc_drop_begun(struct assoc *a);

void assoc_add_event(struct assoc *a, const struct gen_sctp_event *event,
		     const struct gen_sctp_addr *from, void *owned);

/* Those that wait are gone. */
void assoc_drop_events(struct assoc *a);

/* Moves it to another endpoint with what waits for recv (peeloff). */
void assoc_move(struct assoc *a, struct endpoint *to);

/* Bytes that were sent and are not acknowledged. */
size_t assoc_queued(const struct assoc *a);
/* Those of them that are not in front. */
size_t assoc_queued_in_engine(const struct assoc *a);
/* How many of them there may be. */
size_t assoc_sndbuf(const struct assoc *a);

/* Joins the tags and the peer's addresses, as far as the engine knows them. */
void assoc_learn(struct assoc *a);

/* The engine has freed it: the guard forgets it too. */
void assoc_ended(struct assoc *a);

/* Its queue is over the watermark that counts now: no room for a message. */
bool assoc_over_watermark(const struct assoc *a);

/* Would a send find room? */
bool assoc_has_room(const struct assoc *a);

void assoc_each(void (*f)(struct assoc *a, const void *arg), const void *arg);

/* Aborts it; an attempt ends with a cant_assoc, and may be freed. */
int assoc_abort(struct assoc *a);

/* Wake-up of an endpoint's engine socket: takes the events of associations in
 * set-up and gives those that are up their own socket. */
void assoc_run_setup(struct esock *endpoint_esock);

#endif
