/*
 * An honest server over plain usrsctp, with usrsctp's own UDP socket and
 * threads, in a process of its own. It sends back what it gets; some texts are
 * orders:
 *
 *   "later"   is sent back after VICTIM_PAUSE ms, and nothing is read meanwhile
 *   "close"   sends some data and closes the socket
 */
#ifndef PLAIN_VICTIM_H
#define PLAIN_VICTIM_H

#include <stdbool.h>
#include <sys/types.h>

#define VICTIM_SCTP_PORT 5000
#define VICTIM_PAUSE 300

struct victim {
	pid_t pid;
	int udp_port;
	int news; /* a character for each event: VICTIM_... */
};

#define VICTIM_READY 'r'
#define VICTIM_PDAPI 'p'
#define VICTIM_RESTART 'R'

/* False: it could not be started. */
bool victim_start(struct victim *v);
/* It is dead by itself: *status as of waitpid. */
bool victim_died(struct victim *v, int *status);
/* Waits so many ms for that event. */
bool victim_tells(struct victim *v, char event, int ms);
void victim_end(struct victim *v);

#endif
