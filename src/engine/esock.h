/*
 * The engine's sockets, and which of them something happened on. Every one is
 * non-blocking and known here until it is closed, so that a late wake-up of the
 * engine never reaches a socket that is gone.
 *
 * Stack lock held, but for esock_note.
 */
#ifndef GENSCTP_ENGINE_ESOCK_H
#define GENSCTP_ENGINE_ESOCK_H

#include <stdbool.h>
#include <stddef.h>

struct socket;

struct esock {
	struct socket *so; /* NULL: closed */
	/* Something may have changed: readable, writable, over. */
	void (*wakeup)(struct esock *e);
	unsigned int round; /* of all, in which it was woken last */
	struct esock *next; /* in its hash chain */
};

/* A new SEQPACKET socket, or one that was peeled off. Negative errno. */
int esock_open(struct esock *e, int domain, void (*wakeup)(struct esock *));
void esock_adopt(struct esock *e, struct socket *so,
		 void (*wakeup)(struct esock *));
/* Nothing happens on a closed one. */
void esock_close(struct esock *e);
/* Closing a socket that was peeled off will abort its association. */
void esock_abort_on_close(struct socket *so);

/* Makes the engine call sowakeup for whatever happens on the socket. */
void esock_force_wakeups(struct socket *so);

/* The engine says that something happened on the socket. Any thread, the
 * engine's locks held. */
void esock_note(struct socket *so);

/* Calls wakeup for the sockets noted since (true if any was), for all, for at
 * least n of them in turn. */
bool esock_run_noted(void);
void esock_run_all(void);
void esock_run_some(size_t n);

/* Some wait for esock_run_noted. */
bool esock_any_noted(void);

size_t esock_count(void);

#endif
