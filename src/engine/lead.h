/*
 * The stack lock and the lead: who polls the UDP sockets and runs the engine.
 *
 * A thread that has to wait inside an API call leads: it polls with the lock
 * released, feeds what comes and runs due timers. One thread leads at a time;
 * the others sleep until their own condition holds or they are promoted. While
 * nobody leads the reactor thread does the work. It is in one of three states:
 *
 *   poll     it owns the sockets and sleeps until a datagram, a timer, a kick;
 *   watch    API threads are busy and feed the engine themselves: it looks
 *            every LEAD_WATCH_NS and takes over after a quiet interval;
 *   parked   a leader polls and nothing else happens: it sleeps until the
 *            leader leaves.
 *
 * Output of a call is sent when the call ends, but on watch, where it is held
 * for the next call, a full batch, the next wait or the reactor: then a burst
 * of small sends costs one system call per batch.
 *
 * lead.c knows nothing of SCTP: what it drives is behind struct lead_ops.
 */
#ifndef GENSCTP_ENGINE_LEAD_H
#define GENSCTP_ENGINE_LEAD_H

#include "os.h"

#define LEAD_WATCH_NS (100 * OS_US)

struct lead_ops {
	/* All with the stack lock held. */
	size_t (*fds)(const gen_sctp_fd_t **fds);
	uint64_t (*poll_begin)(void);
	void (*poll_end)(uint64_t token);
	bool (*work)(void);       /* a round of input and timers; true: more */
	void (*flush)(void);      /* send what is queued */
	bool (*batch_full)(void); /* what is queued should be sent now */
	bool (*has_output)(void);
	os_time (*deadline)(void); /* of the next timer; OS_NEVER */
	bool (*needed)(void);      /* false: the reactor may end */
	void (*stopped)(void);     /* it ends, with all output sent */
	void (*owner)(uintptr_t thread); /* who holds the lock; 0 = nobody */
};

/* Once, before anything else. */
void lead_init(const struct lead_ops *ops);

/* The stack lock. leave sends or holds output, wakes the waiters whose
 * condition became true and whoever polls past the next timer; on watch it also
 * does a round of work if none was done for LEAD_WATCH_NS. */
void lead_enter(void);
void lead_leave(void);

/* Lock held, until the sockets are open that it is for. Starts the reactor if
 * there is none; who polls already looks at the new sockets, too. */
int lead_start(void);

/* Lock held: a condition that somebody may wait for has changed. */
void lead_changed(void);

/* Lock held, released while waiting; the reactor runs. Waits until holds(arg)
 * is true: 0, or -ETIMEDOUT at the deadline (it is looked at once even then).
 * Conditions are called with the lock held, by any thread. */
int lead_wait(bool (*holds)(void *arg), void *arg, os_time deadline);
/* The same; where it would poll for input, it first looks again and again for
 * `spin` ns, without the lock. */
int lead_wait_busily(bool (*holds)(void *arg), void *arg, os_time deadline,
		     os_time spin);

/* Lock held: the caller answers "nothing there" and will wait outside (poll,
 * epoll): output is sent, the reactor goes back to poll at once, and calls so
 * far do not count as busy. */
void lead_yield(void);

/* Lock held: a thread that only sends has to feed what comes back (SACKs) from
 * time to time, since nobody else does while it is busy. Mostly does nothing. */
void lead_feed(void);

/* Lock held: what is held is sent now; the process may end next. */
void lead_flush(void);

/* Any thread, any lock but the leaf lock held or not: whoever polls looks
 * again (sockets changed, output of the engine's own thread). */
void lead_kick(void);

/* lead_kick, unless this thread holds the stack lock. */
void lead_kick_if_foreign(void);

/* Lock held: the reactor has ended. */
bool lead_stopped(void);

#endif
