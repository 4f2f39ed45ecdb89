/*
 * What listen and connect have in common: associations, standard input to
 * messages, messages and events to standard output and error, until the end.
 */
#ifndef GENSCTP_TOOLS_SESSION_H
#define GENSCTP_TOOLS_SESSION_H

#include <gensctp.h>

#include "options.h"
#include "status.h"

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
