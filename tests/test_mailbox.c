/*
 * Mailboxes alone: orders, limits, owners, and which memory is whose.
 */
#include "mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "runner.h"

static struct mailbox_source *
source_of(struct mailbox *m, gen_sctp_socket_t s)
{
	struct mailbox_source *src = mailbox_source_new();

	ck_assert_ptr_nonnull(src);
	src->socket = s;
	mailbox_source_give(src, m);
	return src;
}

/* A message that is known by its number. */
static void
put(struct mailbox_source *src, int number)
{
	struct mailbox_message *e = mailbox_message_new();

	ck_assert_ptr_nonnull(e);
	e->msg.kind = GEN_SCTP_MSG_DATA;
	e->msg.owned = malloc(100);
	e->msg.data = e->msg.owned;
	e->msg.len = 100;
	e->msg.error = number;
	mailbox_put(src, e);
}

/* The number of a message that is taken. */
static int
take(struct mailbox_message *e)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	ck_assert_ptr_nonnull(e);
	mailbox_take(e, &msg);
	ck_assert_uint_eq(msg.size, sizeof(msg));
	gen_sctp_msg_free(&msg);
	return msg.error;
}

static void
drop(struct mailbox *m)
{
	mailbox_clear(m);
	mailbox_close(m);
	mailbox_unuse(m);
}

START_TEST(it_keeps_the_order_of_all_and_of_each)
{
	struct mailbox *m = mailbox_new();
	struct mailbox_source *a = source_of(m, 1), *b = source_of(m, 2);

	put(a, 1);
	put(b, 2);
	put(a, 3);
	put(b, 4);
	ck_assert_int_eq(take(b->first), 2);
	ck_assert_int_eq(take(m->first), 1);
	ck_assert_int_eq(take(b->first), 4);
	ck_assert_int_eq(take(m->first), 3);
	ck_assert_ptr_null(m->first);
	ck_assert_ptr_null(m->last);
	ck_assert_uint_eq(m->bytes, 0);
	mailbox_source_close(a);
	mailbox_source_close(b);
	ck_assert_ptr_null(m->sources);
	drop(m);
}
END_TEST

START_TEST(a_message_counts_with_its_record)
{
	struct mailbox *m = mailbox_new();
	struct mailbox_source *src = source_of(m, 1);
	const size_t one = sizeof(struct mailbox_message) + 100;

	m->limit = 3 * one;
	ck_assert_uint_eq(mailbox_room(m), 2 * one + 100);
	put(src, 1);
	put(src, 2);
	ck_assert_uint_eq(mailbox_room(m), 100);
	mailbox_source_hold(src, 60);
	ck_assert_uint_eq(mailbox_room(m), 40);
	mailbox_source_hold(src, 60);
	ck_assert_uint_eq(mailbox_room(m), 0);
	mailbox_source_hold(src, -120);
	ck_assert_uint_eq(mailbox_room(m), 100);
	mailbox_source_close(src);
	drop(m);
}
END_TEST

START_TEST(a_source_moves_with_all_that_is_its)
{
	struct mailbox *from = mailbox_new(), *to = mailbox_new();
	struct mailbox_source *stays = source_of(from, 1);
	struct mailbox_source *moves = source_of(from, 2);
	struct mailbox_source *there = source_of(to, 3);
	size_t bytes;

	put(moves, 1);
	put(stays, 2);
	put(moves, 3);
	put(there, 4);
	mailbox_source_hold(moves, 1000);
	bytes = from->bytes + to->bytes;
	mailbox_source_give(moves, to);
	ck_assert_uint_eq(from->bytes + to->bytes, bytes);
	ck_assert_int_eq(take(from->first), 2);
	ck_assert_ptr_null(from->first);
	ck_assert_uint_eq(from->bytes, 0);
	ck_assert_int_eq(take(to->first), 4);
	ck_assert_int_eq(take(to->first), 1);
	ck_assert_int_eq(take(to->first), 3);
	mailbox_source_close(stays);
	mailbox_source_close(moves);
	mailbox_source_close(there);
	drop(from);
	drop(to);
}
END_TEST

START_TEST(a_source_of_nobody_keeps_what_it_has)
{
	struct mailbox *m = mailbox_new();
	struct mailbox_source *src = source_of(m, 1);

	put(src, 1);
	mailbox_source_give(src, NULL);
	put(src, 2);
	drop(m);
	m = mailbox_new();
	mailbox_source_give(src, m);
	ck_assert_int_eq(take(m->first), 1);
	ck_assert_int_eq(take(m->first), 2);
	put(src, 3);
	mailbox_source_give(src, NULL);
	mailbox_source_close(src); /* with the message */
	drop(m);
}
END_TEST

START_TEST(a_closed_source_ends_with_its_last_message)
{
	struct mailbox *m = mailbox_new();
	struct mailbox_source *src = source_of(m, 7);

	put(src, 1);
	put(src, 2);
	mailbox_source_hold(src, 50);
	mailbox_source_close(src);
	ck_assert_ptr_eq(mailbox_first_of(m, 7), src->first);
	ck_assert_ptr_null(mailbox_first_of(m, 8));
	ck_assert_int_eq(take(m->first), 1);
	ck_assert_int_eq(take(m->first), 2);
	ck_assert_ptr_null(mailbox_first_of(m, 7));
	ck_assert_ptr_null(m->sources);
	ck_assert_uint_eq(m->bytes, 0);
	drop(m);
}
END_TEST

START_TEST(clearing_it_frees_closed_sources_and_keeps_the_others)
{
	struct mailbox *m = mailbox_new();
	struct mailbox_source *open = source_of(m, 1), *closed = source_of(m, 2);

	put(open, 1);
	put(closed, 2);
	mailbox_source_close(closed);
	mailbox_clear(m);
	ck_assert_ptr_eq(m->sources, open);
	ck_assert_ptr_null(open->next);
	ck_assert_ptr_null(m->first);
	put(open, 3);
	ck_assert_int_eq(take(open->first), 3);
	mailbox_source_close(open);
	drop(m);
}
END_TEST

static bool
is_readable(struct mailbox *m)
{
	gen_sctp_fd_t fd;
	bool readable;

	ck_assert_int_eq(mailbox_fd(m, &fd), 0);
	os_poll(&fd, &readable, 1, 0);
	return readable;
}

START_TEST(its_event_says_whether_there_is_a_message)
{
	struct mailbox *m = mailbox_new(), *other = mailbox_new();
	struct mailbox_source *src = source_of(m, 1);

	put(src, 1);
	ck_assert(is_readable(m));
	put(src, 2);
	take(m->first);
	ck_assert(is_readable(m));
	take(m->first);
	ck_assert(!is_readable(m));
	put(src, 3);
	ck_assert(is_readable(m));
	mailbox_source_give(src, other);
	ck_assert(!is_readable(m));
	ck_assert(is_readable(other));
	mailbox_clear(other);
	ck_assert(!is_readable(other));
	mailbox_source_close(src);
	drop(m);
	drop(other);
}
END_TEST

Suite *
mailbox_suite(void)
{
	Suite *suite = suite_create("mailbox");
	TCase *tc = tcase_create("mailbox");

	tcase_add_test(tc, it_keeps_the_order_of_all_and_of_each);
	tcase_add_test(tc, a_message_counts_with_its_record);
	tcase_add_test(tc, a_source_moves_with_all_that_is_its);
	tcase_add_test(tc, a_source_of_nobody_keeps_what_it_has);
	tcase_add_test(tc, a_closed_source_ends_with_its_last_message);
	tcase_add_test(tc,
		       clearing_it_frees_closed_sources_and_keeps_the_others);
	tcase_add_test(tc, its_event_says_whether_there_is_a_message);
	suite_add_tcase(suite, tc);
	return suite;
}
