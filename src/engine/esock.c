#include "config.h"

#include "esock.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine_sockaddr.h"
#include "errors.h"
#include "leaf.h"
#include "lead.h"
#include "stack.h"

#define BUCKETS 4096 /* a power of two */

static struct esock *buckets[BUCKETS];
static size_t count;

/* Sockets noted; under the leaf lock. */
static struct socket **noted;
static size_t noted_count, noted_room;
static bool noted_overflow; /* no memory: look at all */

static struct esock **
bucket(const struct socket *so)
{
	uintptr_t h = (uintptr_t)so >> 4;

	return &buckets[(h ^ h >> 12) & (BUCKETS - 1)];
}

static struct esock *
find(const struct socket *so)
{
	struct esock *e;

	for (e = *bucket(so); e != NULL; e = e->next)
		if (e->so == so)
			return e;
	return NULL;
}

static void
ignore_upcall(struct socket *so, void *arg, int flags)
{
	(void)so;
	(void)arg;
	(void)flags;
}

/* After a packet for a socket that can be read or written. */
static void
note_upcall(struct socket *so, void *arg, int flags)
{
	(void)arg;
	(void)flags;
	esock_note(so);
}

void
esock_force_wakeups(struct socket *so)
{
	usrsctp_set_upcall(so, ignore_upcall, NULL);
}

void
esock_adopt(struct esock *e, struct socket *so,
	    void (*wakeup)(struct esock *))
{
	struct esock **b = bucket(so);

	usrsctp_set_non_blocking(so, 1);
	if (stack_layer()->wakeups)
		esock_force_wakeups(so);
	else
		usrsctp_set_upcall(so, note_upcall, NULL);
	e->so = so;
	e->wakeup = wakeup;
	e->next = *b;
	*b = e;
	count++;
}

int
esock_open(struct esock *e, int domain, void (*wakeup)(struct esock *))
{
	struct socket *so;

	so = usrsctp_socket(domain, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL,
			    0, NULL);
	if (so == NULL)
		return engine_error();
	esock_adopt(e, so, wakeup);
	return 0;
}

void
esock_close(struct esock *e)
{
	struct esock **p;

	if (e->so == NULL)
		return;
	for (p = bucket(e->so); *p != e; p = &(*p)->next)
		;
	*p = e->next;
	count--;
	usrsctp_close(e->so);
	e->so = NULL;
}

void
esock_abort_on_close(struct socket *so)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	usrsctp_setsockopt(so, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

size_t
esock_count(void)
{
	return count;
}

static bool
reserve(void)
{
	struct socket **grown;
	size_t more = noted_room == 0 ? 64 : 2 * noted_room;

	if (noted_count < noted_room)
		return true;
	grown = realloc(noted, more * sizeof(*grown));
	if (grown == NULL)
		return false;
	noted = grown;
	noted_room = more;
	return true;
}

void
esock_note(struct socket *so)
{
	leaf_lock();
	if (noted_count > 0 && noted[noted_count - 1] == so) {
		/* Many wake-ups of one packet: once is enough. */
	} else if (reserve()) {
		noted[noted_count++] = so;
	} else {
		noted_overflow = true;
	}
	leaf_unlock();
	lead_kick_if_foreign();
}

static struct socket *
take_noted(void)
{
	struct socket *so;

	leaf_lock();
	so = noted_count > 0 ? noted[--noted_count] : NULL;
	leaf_unlock();
	return so;
}

static bool
take_overflow(void)
{
	bool overflow;

	leaf_lock();
	overflow = noted_overflow;
	noted_overflow = false;
	leaf_unlock();
	return overflow;
}

bool
esock_run_noted(void)
{
	struct socket *so;
	struct esock *e;
	bool any = false;

	if (take_overflow()) {
		esock_run_all();
		any = true;
	}
	while ((so = take_noted()) != NULL) {
		any = true;
		e = find(so);
		if (e != NULL)
			e->wakeup(e);
	}
	return any;
}

bool
esock_any_noted(void)
{
	bool any;

	leaf_lock();
	any = noted_count > 0 || noted_overflow;
	leaf_unlock();
	return any;
}

/* A wake-up may close any socket, also the next one. */
static struct esock *
not_run(struct esock *e, unsigned int round)
{
	while (e != NULL && e->round == round)
		e = e->next;
	return e;
}

static size_t
run_bucket(size_t i)
{
	static unsigned int round;
	struct esock *e;
	size_t n = 0;

	round++;
	while ((e = not_run(buckets[i], round)) != NULL) {
		e->round = round;
		e->wakeup(e);
		n++;
	}
	return n;
}

void
esock_run_some(size_t n)
{
	static size_t turn;
	size_t i, run = 0;

	for (i = 0; i < BUCKETS && run < n; i++)
		run += run_bucket(turn++ & (BUCKETS - 1));
}

void
esock_run_all(void)
{
	esock_run_some(SIZE_MAX);
}
