/*
 * What a message is sent with that does not say so itself: of an association,
 * or of an endpoint for its future ones.
 */
#ifndef GENSCTP_ENGINE_SEND_DEFAULTS_H
#define GENSCTP_ENGINE_SEND_DEFAULTS_H

#include <stdbool.h>

#include "gensctp.h"

struct send_defaults {
	struct gen_sctp_send_param param;
	struct gen_sctp_prinfo prinfo;
};

/* Flags that a message can be sent with. */
#define SEND_FLAGS \
	(GEN_SCTP_UNORDERED | GEN_SCTP_ADDR_OVER | GEN_SCTP_ABORT | \
	 GEN_SCTP_EOF)

/* As gen_sctp_send: all but stream and association. */
void send_defaults_apply(const struct send_defaults *d,
			 struct gen_sctp_sndrcvinfo *info);

/* A policy that there is, with a value that it can have. */
bool prinfo_valid(const struct gen_sctp_prinfo *prinfo);

/* What the message says, or the default; never _PR_DEFAULT. */
struct gen_sctp_prinfo send_defaults_prinfo(const struct send_defaults *d,
					    const struct gen_sctp_outgoing *m);

#endif
