/*
 * The message record of the API.
 */
#ifndef GENSCTP_MAILBOX_MSG_H
#define GENSCTP_MAILBOX_MSG_H

#include "gensctp.h"

/* All zero but its size, which may be larger than we know of. */
void msg_clear(struct gen_sctp_msg *msg);

#endif
