/*
 * The seam: where functions of ours stand in for functions of usrsctp
 * (seam.def). Until seam_engage every one passes straight through to the
 * engine's own, so that another user of usrsctp in the process is not touched.
 */
#ifndef GENSCTP_ENGINE_SEAM_H
#define GENSCTP_ENGINE_SEAM_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

struct mbuf;
struct socket;

/* The engine's struct sctp_callout; its link field holds the heap index. */
struct engine_timer {
	uintptr_t heap_index;
	void *unused;
	uint32_t due_tick;
	void *arg;
	void (*expired)(void *arg);
	int flags;
};

struct seam_ops {
	/* A packet of the engine, IP and UDP headers in front. */
	void (*output)(struct mbuf *packet, enum gen_sctp_family family);
	/* Something happened on the socket. May come on any thread. */
	void (*wakeup)(struct socket *so);
	/* As sctp_os_timer_start and _stop: true if it was pending. */
	bool (*timer_start)(struct engine_timer *t, uint32_t ms,
			    void (*expired)(void *), void *arg);
	bool (*timer_stop)(struct engine_timer *t);
};

/* "override", "wrap", or "none" where the build has no replaced layer. */
const char *seam_method(void);

/* From now on the replaced functions are ours. -ENOTSUP: the next definition
 * of one of them cannot be found. */
int seam_engage(const struct seam_ops *ops);
void seam_disengage(void);

/* Hands a packet to the engine as if its IP layer had received it. Stack lock
 * held. */
void seam_input(const struct link_packet *p);

#endif
