/*
 * Reading from the engine's sockets: data and notifications, which only a flag
 * tells apart. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_ENGINE_READ_H
#define GENSCTP_ENGINE_ENGINE_READ_H

#include <stdbool.h>

#include "engine_sockaddr.h"

/* The result of one usrsctp_recvv. */
struct engine_part {
	ssize_t len; /* > 0; else nothing, errno tells why; 0 = the end */
	bool notification;
	bool end; /* of the message or notification */
	struct gen_sctp_addr from;
	struct sctp_rcvinfo info; /* of data */
	bool has_info;
};

struct engine_part engine_read(struct socket *so, void *buf, size_t size);

/* What comes next is a notification. */
bool engine_has_notification(struct socket *so);

/* A whole notification; valid until the next read. */
struct notification {
	const uint8_t *data;
	size_t len;
	struct gen_sctp_addr from;
};

/* Completes the one whose first part was read into `buf`. False: no memory; it
 * is gone. */
bool engine_read_rest(struct socket *so, const struct engine_part *part,
		      const void *buf, struct notification *out);

/* Reads what comes next if it is a notification. */
bool engine_read_notification(struct socket *so, struct notification *out);

#endif
