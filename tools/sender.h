/*
 * The thread that reads standard input and sends it: a process has one. It
 * waits for room in the association by itself, so that receiving goes on.
 */
#ifndef GENSCTP_TOOLS_SENDER_H
#define GENSCTP_TOOLS_SENDER_H

#include <gensctp.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "os.h"

/* Called by one other thread. */

int sender_start(const struct options *options);

/* Where messages go from now on; socket 0: they wait. */
void sender_direct(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);

/* Readable once the input has ended or could not be sent. */
gen_sctp_fd_t sender_ended_fd(void);

struct sender_result {
	int error;     /* 0, or of reading or sending */
	uint64_t sent; /* messages */
	uint64_t line; /* of the input: the last one read */
	size_t len;    /* of the message that failed, bytes; 0 = reading did */
	uint16_t stream;
};
/* What came of it; after the descriptor was readable. */
struct sender_result sender_result(void);

#endif
