/*
 * Messages to and from the engine. Nothing here waits: -EAGAIN says that there
 * is no room, or nothing to receive, now. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_TRANSFER_H
#define GENSCTP_ENGINE_TRANSFER_H

#include "assoc.h"

/* 0; -EAGAIN; otherwise as gen_sctp_sendv. */
int transfer_send(struct assoc *a, const struct gen_sctp_outgoing *m);

/* Shutdown, now or once it is up; abort. */
int transfer_eof(struct assoc *a);
/* After a wake-up: what found no room goes to the engine, EOF last. */
void transfer_go_on(struct assoc *a);
int transfer_abort(struct assoc *a);

/* SCTP_EOF or SCTP_ABORT to an association of the engine, whoever knows it. */
int transfer_flag(struct socket *so, sctp_assoc_t id, uint16_t flag);

/* The next message, part of one, or event of the outlet, as gen_sctp_recv.
 * -EAGAIN: nothing is there. */
int transfer_receive(struct outlet *o, void *buf, size_t size,
		     struct gen_sctp_msg *msg);

/* The next whole message, whose bytes belong to *msg, or event, for a mailbox
 * that takes `room` bytes. -ENOBUFS: there is more; what was begun is what
 * transfer_receive goes on with. -ENOMEM: none was taken. */
int transfer_receive_whole(struct outlet *o, size_t room,
			   struct gen_sctp_msg *msg);

/* Takes events that nobody wants from the head of its queue, so that "ready"
 * means that recv has something. False: nothing is left there; if that was its
 * last event, the association is freed. */
bool transfer_settle(struct assoc *a);

/* Other events are wanted than before: those that are not any more, and wait,
 * are gone. May free the association. */
void transfer_events_changed(struct assoc *a);

/* Throws away what is there. True: its last event was among it, or the engine
 * has let go of it. */
bool transfer_discard(struct assoc *a);

#endif
