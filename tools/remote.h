/*
 * Whom a command connects to: HOST PORT, or the addresses and names of one host
 * and PORT.
 */
#ifndef GENSCTP_TOOLS_REMOTE_H
#define GENSCTP_TOOLS_REMOTE_H

#include <gensctp.h>
#include <stdbool.h>

#include "options.h"
#include "status.h"

struct remote {
	const char *host;
	int port;
	struct gen_sctp_addrs list; /* empty: HOST alone */
};

/* Reads the operands. Complains and returns false when they are wrong. */
bool remote_take(struct remote *to, const struct options *options,
		 const struct cmd *cmd);

/* Of a socket for it. */
enum gen_sctp_family
remote_family(const struct remote *to, const struct options *options);

/* As gen_sctp_connect and gen_sctp_connect_init. */
int remote_connect(const struct remote *to, gen_sctp_socket_t s, int timeout_ms,
		   struct gen_sctp_assoc_change *up);
int remote_connect_init(const struct remote *to, gen_sctp_socket_t s,
			int timeout_ms);

/* Says that it failed and what to try. */
enum status remote_complain(const struct remote *to,
			    const struct options *options, int result);

#endif
