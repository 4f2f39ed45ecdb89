/*
 * When calls that wait end: at the end of their own time-out, or at the
 * deadline of their socket. Stack lock held, but for api_deadline.
 */
#ifndef GENSCTP_API_DEADLINE_H
#define GENSCTP_API_DEADLINE_H

#include "endpoint.h"

/* Of a call with a time-out: negative is for ever, and 0 needs no clock. */
os_time api_deadline(int timeout_ms);

/* The socket's deadline is over: calls end before they do anything. */
bool deadline_passed(const struct endpoint *ep, enum endpoint_way way);

/* As lead_wait, but ends at the socket's deadline too, also when that is set
 * meanwhile. The condition has to hold once the endpoint is closed. */
int deadline_wait(struct endpoint *ep, enum endpoint_way way,
		  bool (*holds)(void *arg), void *arg, os_time deadline);

#endif
