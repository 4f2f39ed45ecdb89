/*
 * What listen and connect have in common: associations, standard input to
 * messages, messages and events to standard output and error, until the end.
 */
#ifndef GENSCTP_TOOLS_SESSION_H
#define GENSCTP_TOOLS_SESSION_H

#include <gensctp.h>
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
	os_time input_ended; /* when; OS_NEVER while it goes on */
	os_time abort_at;    /* patience with the peers; else OS_NEVER */
	enum status status;
};

/* The socket that the options ask for: type, port, local addresses, UDP ports,
 * streams, buffers. `family` counts where no local address is given.
 * Complains when it fails. */
enum status session_open(const struct options *options,
			 enum gen_sctp_type type, enum gen_sctp_family family,
			 int port, gen_sctp_socket_t *s);

/* Starts with one of the two. They close the sockets. */
enum status session_listen(const struct options *options, gen_sctp_socket_t s);
enum status session_connected(const struct options *options,
			      gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);

#endif
