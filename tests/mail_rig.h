/*
 * What tests of active sockets share: associations on which nothing comes but
 * what a test sends, and mailboxes in which a message has to be.
 */
#ifndef MAIL_RIG_H
#define MAIL_RIG_H

#include "api_rig.h"

/* As rig_pair_open, with no events of addresses; all passive. */
void mail_pair_open(struct rig_pair *p);

/* The next message, of `s` if that is not 0; the caller frees it. Fails the test
 * if none comes. */
int mail_recv(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
	      struct gen_sctp_msg *msg);
/* The next must be this, of that socket. */
void mail_expect_text(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
		      const char *text);
void mail_expect_kind(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
		      enum gen_sctp_msg_kind kind);
gen_sctp_assoc_id_t
mail_expect_change(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
		   enum gen_sctp_assoc_change_state state);
void mail_expect_nothing(gen_sctp_mailbox_t m, gen_sctp_socket_t s);

/* Option active. */
void mail_set(gen_sctp_socket_t s, enum gen_sctp_active_mode mode);
void mail_add(gen_sctp_socket_t s, int n);
void mail_expect_mode(gen_sctp_socket_t s, enum gen_sctp_active_mode mode,
		      int n);

gen_sctp_mailbox_t mail_new(void);
void mail_give(gen_sctp_socket_t s, gen_sctp_mailbox_t m);

/* From the client, and acknowledged. */
void mail_send(const struct rig_pair *p, const char *text);

#endif
