/*
 * What a program wants to be sent.
 */
#ifndef GENSCTP_API_OUTGOING_H
#define GENSCTP_API_OUTGOING_H

#include "gensctp.h"

/* Is it one that can be sent, wherever it goes? 0, -EINVAL or -EMSGSIZE. */
int outgoing_check(const struct gen_sctp_outgoing *m);

#endif
