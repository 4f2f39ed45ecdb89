/*
 * The engine's record of delayed SACKs.
 */
#ifndef GENSCTP_ENGINE_OPTIONS_SACK_H
#define GENSCTP_ENGINE_OPTIONS_SACK_H

#include "options_impl.h"

#define SACK_DELAY_MAX 500 /* ms (RFC 9260 s6.2) */

/* A SACK for every packet, or for every second (RFC 9260 s6.2). */
#define SACK_EVERY	  1
#define SACK_EVERY_SECOND 2

int sack_read(const struct option_target *t, struct sctp_sack_info *out);
int sack_write(const struct option_target *t, const struct sctp_sack_info *in);

#endif
