/*
 * The one usrsctp stack of the process: started by the first socket, kept until
 * the process ends (it cannot be started twice). What is ours, the reactor
 * thread and the UDP sockets, ends with the last socket.
 */
#ifndef GENSCTP_ENGINE_STACK_H
#define GENSCTP_ENGINE_STACK_H

#include "layer.h"
#include "lead.h"

/* Starts what is not running. Called without the stack lock, any number of
 * times. -EBUSY: something else in this process runs usrsctp.
 * -ENOTSUP: the IP layer asked for by GENSCTP_IP_LAYER does not hold.
 * -EINVAL: that variable has another value than auto, replaced or conn;
 * also in a forked child. */
int stack_start(void);

/* The stack lock. -EINVAL: never started, or a forked child. */
int stack_enter(void);
void stack_leave(void);

/* The IP layer in force, and why it is that one. After stack_start. */
const struct ip_layer *stack_layer(void);
const char *stack_layer_reason(void);

/* Sockets and background closes that keep the reactor running. Lock held. */
void stack_hold(void);
void stack_release(void);

/* Wakes whoever polls, if this thread does not hold the stack lock. Any lock
 * may be held but the leaf lock. */
void stack_kick_if_foreign(void);

/* The process is a forked child: nothing works any more. */
bool stack_forked(void);

#endif
