/*
 * What a session does about that which happens: its associations come and go,
 * messages and events arrive, standard input ends, the user interrupts.
 */
#ifndef GENSCTP_TOOLS_SERVE_H
#define GENSCTP_TOOLS_SERVE_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "os.h"
#include "peer.h"
#include "status.h"

struct session {
	const struct options *options;
	gen_sctp_socket_t listener; /* 0: connect's */
	struct peer **peers;	    /* oldest first */
	size_t count, room;	    /* of peers */
	struct peer *target;	    /* of standard input */

	os_event interrupt;
	unsigned int interrupts;
	uint64_t received; /* messages */
	uint64_t ended;	   /* associations */
	bool input_read;   /* there is a sender, not ended yet */
	bool ending;
	bool output_failed;
	os_time input_ended; /* when; OS_NEVER while it goes on */
	os_time abort_at;    /* patience with the peers; else OS_NEVER */
	os_time status_at;   /* when paths are shown next; OS_NEVER */
	enum status status;
};

void serve_peer(struct session *ses, struct peer *p);
void serve_listener(struct session *ses);
void serve_input_end(struct session *ses);
void serve_interrupt(struct session *ses);
void serve_status(struct session *ses);
void serve_output_failure(struct session *ses, int error);

/* Takes the socket over, unless it fails. */
int session_add_peer(struct session *ses, gen_sctp_socket_t s,
		     gen_sctp_assoc_id_t assoc);
/* It is over. */
void session_remove_peer(struct session *ses, size_t i);
/* Standard input goes to the oldest association. */
void session_choose_target(struct session *ses);

/* Everything ends, gracefully, with that status unless there is one already;
 * or at once. */
void session_end(struct session *ses, enum status status);
void session_abort(struct session *ses);

#endif
