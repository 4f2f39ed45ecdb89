/*
 * Mailboxes: what active sockets have received and nobody has taken yet.
 * A message belongs to a source, of which a socket has one; while the source
 * belongs to a mailbox, the message also has its place in the order of all
 * that came to that mailbox. A source without a mailbox keeps its messages for
 * the next one.
 *
 * Everything here with the stack lock held.
 */
#ifndef GENSCTP_MAILBOX_MAILBOX_H
#define GENSCTP_MAILBOX_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "gensctp.h"
#include "os.h"

#define MAILBOX_LIMIT ((size_t)64 << 20) /* bytes; default */

struct mailbox;

struct mailbox_message {
	struct gen_sctp_msg msg;
	size_t bytes; /* of memory */
	struct mailbox_source *source;
	uint64_t number; /* in the mailbox's order */
	struct mailbox_message *source_next;
	struct mailbox_message *prev, *next; /* of the mailbox */
};

struct mailbox_source {
	struct mailbox *box; /* NULL: nobody's */
	gen_sctp_socket_t socket;
	uint32_t rule; /* of it; 0: the socket's own */
	bool closed; /* the socket is; freed with its last message */
	size_t held; /* bytes of messages that are not whole yet */
	struct mailbox_message *first, **tail;
	struct mailbox_source *prev, *next; /* of the mailbox */
};

struct mailbox {
	gen_sctp_mailbox_t handle;
	unsigned int users; /* the handle, and calls that wait on it */
	bool closed;
	size_t bytes, limit;
	os_time spin; /* ns, of who waits: as the latest message's socket has it */
	uint64_t last_number;
	struct mailbox_message *first, *last;
	struct mailbox_source *sources;
	bool has_event;
	os_event event; /* set while there is a message */
};

/* With one user. NULL: no memory. */
struct mailbox *mailbox_new(void);
void mailbox_use(struct mailbox *m);
void mailbox_unuse(struct mailbox *m);

/* Throws away its messages; its sources, but for closed ones, keep it. */
void mailbox_clear(struct mailbox *m);
/* No more of it but for its users; it has no sources any more. */
void mailbox_close(struct mailbox *m);

/* Memory that it may still take up, a message's own record not counted. */
size_t mailbox_room(const struct mailbox *m);

/* A descriptor that is readable while there is a message. */
int mailbox_fd(struct mailbox *m, gen_sctp_fd_t *fd);

/* NULL: no memory. */
struct mailbox_source *mailbox_source_new(void);
/* The socket is closed: the source is freed once it has no message, at once if
 * it is nobody's. */
void mailbox_source_close(struct mailbox_source *src);
/* Gives it, with its messages in their order behind those that are there, to a
 * mailbox; NULL: to nobody. */
void mailbox_source_give(struct mailbox_source *src, struct mailbox *m);
/* The messages of `from` go to the end of those of `to`. */
void mailbox_source_join(struct mailbox_source *to,
			 struct mailbox_source *from);
/* So many bytes more, or fewer, wait in messages that are not whole yet. */
void mailbox_source_hold(struct mailbox_source *src, ptrdiff_t bytes);
/* The first message of a socket that is closed. */
struct mailbox_message *mailbox_first_of(const struct mailbox *m,
					 gen_sctp_socket_t socket);
/* The one that came first; either may be NULL. */
struct mailbox_message *mailbox_earlier(struct mailbox_message *a,
					struct mailbox_message *b);

/* An empty message. NULL: no memory. */
struct mailbox_message *mailbox_message_new(void);
void mailbox_message_free(struct mailbox_message *e);
void mailbox_put(struct mailbox_source *src, struct mailbox_message *e);
/* Takes the first of its source, and frees it; *msg keeps its own size. */
void mailbox_take(struct mailbox_message *e, struct gen_sctp_msg *msg);

#endif
