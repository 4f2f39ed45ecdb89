/*
 * A fake engine under the lead: sockets that are events, boxes that their
 * datagrams and the timers fill, an output queue, and counters of what the lead
 * asked for.
 */
#ifndef LEAD_RIG_H
#define LEAD_RIG_H

#include <check.h>

#include "lead.h"

#define FAKE_BOXES 8
/* Whatever has to happen happens within that, on any machine. */
#define FAKE_PATIENCE (20000 * OS_MS)
/* A deadline that no test waits for. */
#define FAKE_LATER (os_now() + 10 * FAKE_PATIENCE)

/* Atomic is what threads look at that do not hold the stack lock. */
struct fake {
	atomic_int boxes[FAKE_BOXES];
	os_time due[FAKE_BOXES]; /* of the timer for a box; OS_NEVER */
	bool needed;            /* something needs the reactor */
	os_time spin;           /* of all that wait */
	atomic_int returned;    /* waits that have ended */

	atomic_int queued, sent; /* output */
	atomic_bool full;        /* as a batch */
	atomic_bool refused;     /* the system has no room */
	atomic_bool flood;       /* there is always more to receive */

	atomic_int polls, works, flushes, stops;
	atomic_int reactor_polls;
	atomic_uintptr_t leader; /* the latest */
	void (*on_reactor_poll)(void);
	atomic_int wrong; /* rules that the lead has broken */
};

/* Checked fixtures: the reactor runs, and has ended. */
extern struct fake fake;
void fake_setup(void);
void fake_teardown(void);

/* Threads; fake_join waits for all. */
void fake_thread(void (*f)(void *arg), void *arg);
void fake_join(void);

/* A thread that waits until there are `count` things in a box. */
struct fake_wait {
	int box, count;
	os_time deadline;
	uintptr_t thread;
	atomic_int looks; /* of its own at the condition */
	atomic_bool ended;
	int result, order; /* once it has ended; the first one is 1 */
};
/* Returns once it leads or sleeps. */
void fake_wait_start(struct fake_wait *w, int box);

/* The network; any thread. */
void fake_datagram(int socket);

/* Lock held. A datagram to a socket goes into the box of its number. */
void fake_put(int box);
void fake_output(void);
void fake_open(int socket);
/* The socket ends once nobody polls it and no output is queued. */
void fake_close(int socket);

/* lead_wait; -ETIMEDOUT when the wake-up is lost. */
int fake_wait(bool (*holds)(void *arg), void *arg);
/* For it. */
bool fake_has_one(void *box);
bool fake_all_closed(void *unused);
bool fake_all_sent(void *unused);
bool fake_never(void *unused);

/* Lock not held. */
void fake_need(bool needed);
bool fake_stopped(void);
/* Returns with the reactor on watch: then output is held. */
void fake_be_busy(void);
/* Threads that call on and on until fake_rest, always or never with output. */
void fake_callers(int n, bool with_output);
void fake_rest(void);

/* A test case with the fixtures; and one where who waits does not sleep. */
TCase *fake_case(const char *name);
TCase *fake_busy_case(const char *name);
TCase *lead_output_cases(void);
TCase *lead_load_cases(void);

/* What the lead brings about by itself. */
#define fake_eventually(expr)                                 \
	do {                                                  \
		os_time end_ = os_now() + FAKE_PATIENCE;      \
		while (!(expr) && os_now() < end_)            \
			os_sleep_ns(OS_MS);                   \
		ck_assert_msg(expr, "never true: %s", #expr); \
	} while (0)

#endif
