/*
 * The asking end of gensctp status: all that a program shows of its sockets.
 */
#ifndef GENSCTP_TOOLS_VIEW_QUERY_H
#define GENSCTP_TOOLS_VIEW_QUERY_H

#include "os.h"
#include "view_wire.h"

struct view_query {
	struct gen_sctp_addr to;
	gen_sctp_fd_t fd;
	uint32_t number;      /* of the latest request */
	unsigned int version; /* of the program, where it is another one */
	struct view_record *records; /* in their order */
	size_t count, room;
};

/* Of the program that answers on this UDP port. */
int view_query_open(struct view_query *q, const struct gen_sctp_addr *to);
void view_query_close(struct view_query *q);

/* Fetches all records anew. Each answer may take `patience`: -ETIMEDOUT.
 * -EPROTONOSUPPORT: another version; -EBADMSG: an answer makes no sense. */
int view_query_all(struct view_query *q, os_time patience);

#endif
