/*
 * Mailboxes by their handles, and the calling thread's. Stack lock held.
 */
#ifndef GENSCTP_API_SELF_H
#define GENSCTP_API_SELF_H

#include "mailbox.h"

/* With a handle. -ENOMEM. */
int self_new_mailbox(struct mailbox **m);
/* Ends it and its handle; it has no sources any more. */
void self_end_mailbox(struct mailbox *m);
/* -EINVAL: never was one; -EBADF: closed. */
int self_find_mailbox(gen_sctp_mailbox_t handle, struct mailbox **m);

/* The one it chose, or its own, which is made and ends with the thread.
 * -ENOMEM. */
int self_mailbox(struct mailbox **m);
/* Chooses; 0: its own. */
void self_use(gen_sctp_mailbox_t handle);

#endif
