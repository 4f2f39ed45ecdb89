/*
 * An association of a session, on a socket of its own.
 */
#ifndef GENSCTP_TOOLS_PEER_H
#define GENSCTP_TOOLS_PEER_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>

#include "os.h"

struct peer {
	gen_sctp_socket_t socket;
	gen_sctp_assoc_id_t assoc;
	gen_sctp_fd_t fd; /* readable: receive, or send `unsent` */
	os_time heard;	  /* when it last sent something */
	bool ending;	  /* eof was called */
	bool over;
	bool lost;	  /* over, and not gracefully */

	/* What peer_receive got: a message, or as much of it as came. */
	char *data;
	size_t size, len;

	/* One message that found no room: the data above, to be echoed. */
	bool unsent;
	struct gen_sctp_sndrcvinfo echo;
};

/* Takes the socket over; NULL when there is no memory or no descriptor. */
struct peer *peer_new(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);
/* Also closes the socket. NULL is fine. */
void peer_free(struct peer *p);

/* The next whole message or event without waiting: 1 with *msg, which is the
 * caller's to free, and its bytes in p->data; 0 when there is none; else an
 * error, after which it is over. A message that is very large comes in parts,
 * msg->eor tells. */
int peer_receive(struct peer *p, struct gen_sctp_msg *msg);

/* Sends the message just received back, now or when there is room: until then
 * nothing is received. */
int peer_echo(struct peer *p, const struct gen_sctp_msg *msg);
/* The descriptor was readable. */
int peer_send_unsent(struct peer *p);

/* Ends it gracefully, or at once. */
void peer_end(struct peer *p);
void peer_abort(struct peer *p);

#endif
