/*
 * The one usrsctp stack of the process: started by the first socket, kept until
 * the process ends (it cannot be started twice). What is ours, the reactor
 * thread and the UDP sockets, ends with the last socket.
 */
#ifndef GENSCTP_ENGINE_STACK_H
#define GENSCTP_ENGINE_STACK_H

#include "guard.h"
#include "layer.h"
#include "lead.h"

/* What the objects on the stack have to know of packets; see link.h. */
struct stack_hooks {
	void (*before_input)(struct link_packet *p);
	void (*after_input)(void);
	bool (*restart)(const struct guard_assoc *old);
	void (*too_big)(const struct gen_sctp_addr *dst, size_t packet_len);
	void (*deliver)(void); /* a round of what mailboxes wait for */
	bool (*undelivered)(void); /* there is more */
};

/* Starts what is not running. Called without the stack lock, any number of
 * times. -EBUSY: something else in this process runs usrsctp.
 * -ENOTSUP: the IP layer asked for by GENSCTP_IP_LAYER does not hold.
 * -EINVAL: that variable has another value than auto, replaced or conn,
 * GENSCTP_MEMORY_MAX is no size, GENSCTP_EXIT_MS no number, GENSCTP_IMPAIR no
 * profile; also in a forked child. */
int stack_start(const struct stack_hooks *hooks);

/* The stack lock. -EINVAL: never started, or a forked child. */
int stack_enter(void);
void stack_leave(void);

/* The IP layer in force, and why it is that one, or why stack_start failed.
 * After stack_start. */
const struct ip_layer *stack_layer(void);
const char *stack_layer_reason(void);

/* Sockets and background closes that keep the reactor running. Lock held. */
void stack_hold(void);
void stack_release(void);

/* How long an ending process goes on delivering. */
os_time stack_exit_patience(void);

/* The process is a forked child: nothing works any more. */
bool stack_forked(void);

#endif
