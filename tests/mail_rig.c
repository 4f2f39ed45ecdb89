#include "mail_rig.h"

#include <errno.h>
#include <string.h>

void
mail_pair_open(struct rig_pair *p)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};

	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_set(p->server, gen_sctp_opt_events(quiet));
	rig_set(p->client, gen_sctp_opt_events(quiet));
	rig_connect(p, "127.0.0.1");
}

int
mail_recv(gen_sctp_mailbox_t m, gen_sctp_socket_t s, struct gen_sctp_msg *msg)
{
	int result;

	msg->size = sizeof(*msg);
	result = gen_sctp_mailbox_recv(m, s, msg, RIG_PATIENCE);
	ck_assert_msg(result >= 0 || result == GEN_SCTP_EEVENT,
		      "mailbox_recv: %d (%s)", result,
		      gen_sctp_strerror(result));
	if (s != 0)
		ck_assert_uint_eq(msg->socket, s);
	return result;
}

void
mail_expect_text(gen_sctp_mailbox_t m, gen_sctp_socket_t s, const char *text)
{
	struct gen_sctp_msg msg;
	int n = mail_recv(m, s, &msg);

	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert(msg.eor);
	ck_assert_int_eq(n, (int)strlen(text));
	ck_assert_uint_eq(msg.len, strlen(text));
	ck_assert_msg(memcmp(msg.data, text, msg.len) == 0,
		      "%.*s instead of %s", n, (const char *)msg.data, text);
	gen_sctp_msg_free(&msg);
}

void
mail_expect_kind(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
		 enum gen_sctp_msg_kind kind)
{
	struct gen_sctp_msg msg;

	mail_recv(m, s, &msg);
	ck_assert_int_eq(msg.kind, kind);
	gen_sctp_msg_free(&msg);
}

gen_sctp_assoc_id_t
mail_expect_change(gen_sctp_mailbox_t m, gen_sctp_socket_t s,
		   enum gen_sctp_assoc_change_state state)
{
	struct gen_sctp_msg msg;

	ck_assert_int_eq(mail_recv(m, s, &msg), 0);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_str_eq(
		gen_sctp_assoc_change_name(msg.event.u.assoc_change.state),
		gen_sctp_assoc_change_name(state));
	gen_sctp_msg_free(&msg);
	return msg.event.u.assoc_change.assoc_id;
}

void
mail_expect_nothing(gen_sctp_mailbox_t m, gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	ck_assert_int_eq(gen_sctp_mailbox_recv(m, s, &msg, RIG_QUIET),
			 -ETIMEDOUT);
}

void
mail_set(gen_sctp_socket_t s, enum gen_sctp_active_mode mode)
{
	rig_set(s, gen_sctp_opt_active(mode));
}

void
mail_add(gen_sctp_socket_t s, int n)
{
	rig_set(s, gen_sctp_opt_active_n(n));
}

void
mail_expect_mode(gen_sctp_socket_t s, enum gen_sctp_active_mode mode, int n)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);

	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_int_eq(opt.value.active.mode, mode);
	ck_assert_int_eq(opt.value.active.n, n);
}

gen_sctp_mailbox_t
mail_new(void)
{
	gen_sctp_mailbox_t m = 0;

	ck_assert_int_eq(gen_sctp_mailbox_new(&m), 0);
	ck_assert_uint_ne(m, 0);
	return m;
}

void
mail_give(gen_sctp_socket_t s, gen_sctp_mailbox_t m)
{
	ck_assert_int_eq(gen_sctp_controlling_process(s, m), 0);
}

void
mail_send(const struct rig_pair *p, const char *text)
{
	rig_send(p->client, p->client_assoc, 0, text, strlen(text));
	rig_await_acknowledged(p->client, p->client_assoc);
}
