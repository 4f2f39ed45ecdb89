#include <check.h>
#include <errno.h>

#include "wire.h"

Suite *output_suite(void);

/* ------------------------------------------------------------- the batch */

/* Sizes of packets in a row, and of the datagrams that they leave as. */
static const struct {
	size_t packets[8];
	struct {
		size_t len, segment;
	} dgrams[8];
} runs[] = {
	{ { 500 }, { { 500, 0 } } },
	{ { 500, 500, 500 }, { { 1500, 500 } } },
	{ { 500, 500, 300 }, { { 1300, 500 } } },
	{ { 500, 300, 300 }, { { 800, 500 }, { 300, 0 } } },
	{ { 300, 500, 500 }, { { 300, 0 }, { 1000, 500 } } },
	{ { 40000, 20000 }, { { 60000, 40000 } } },
	{ { 40000, 40000 }, { { 40000, 0 }, { 40000, 0 } } },
};
#define RUNS (int)(sizeof(runs) / sizeof(runs[0]))

START_TEST(packets_of_one_size_leave_as_one_datagram)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet p;
	int i;

	if (!wire_has_gso())
		return;
	for (i = 0; runs[_i].packets[i] > 0; i++)
		wire_output_to_peer(runs[_i].packets[i]);
	link_flush();
	for (i = 0; runs[_i].dgrams[i].len > 0; i++) {
		ck_assert_uint_eq(wire_sender.len[i], runs[_i].dgrams[i].len);
		ck_assert_uint_eq(wire_sender.segment[i],
				  runs[_i].dgrams[i].segment);
	}
	ck_assert_int_eq(wire_sender.n, i);
	for (i = 0; runs[_i].packets[i] > 0; i++)
		ck_assert_uint_eq(wire_peer_receive(&p), runs[_i].packets[i]);
	ck_assert_uint_eq(link_counters()->packets_out, (size_t)i);
	link_unbind(b);
}
END_TEST

START_TEST(packets_to_different_places_leave_apart)
{
	struct gen_sctp_addr src = wire_ipv4(1, 0), second = wire_ipv4(2, 0);
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(OTHER_SCTP_PORT, &other);
	struct gen_sctp_addr elsewhere = wire_peer_addr;
	struct link_packet *p;

	elsewhere.port ^= 1;
	wire_output(SCTP_PORT, &src, &wire_peer_addr, 100);
	wire_output(SCTP_PORT, &src, &elsewhere, 100);
	wire_output(OTHER_SCTP_PORT, &src, &elsewhere, 100);
	wire_output(OTHER_SCTP_PORT, &second, &elsewhere, 100);
	p = link_output_begin(100);
	wire_make_init(p->data, 100, OTHER_SCTP_PORT);
	p->src = second;
	p->dst = elsewhere;
	p->tos = 0x02;
	link_output_end(p);
	wire_sender.error = -ENETUNREACH; /* count only */
	link_flush();
	ck_assert_uint_eq(link_counters()->output_refused, 5);
	link_unbind(a);
	link_unbind(b);
}
END_TEST

static struct link_packet
output_and_receive(void)
{
	struct link_packet p;

	wire_output_to_peer(100);
	link_flush();
	wire_peer_receive(&p);
	return p;
}

START_TEST(packets_have_the_marks_of_their_binding)
{
	const struct link_marks marks = { .tos = 0xb8, .tclass = 0x28,
					  .ttl = 9 };
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(OTHER_SCTP_PORT, &other);
	struct link_packet p;

	link_binding_mark(b, &marks);
	ck_assert_int_eq(output_and_receive().tos, 0);
	link_binding_mark(a, &marks);
	p = output_and_receive();
	ck_assert_int_eq(p.tos, 0xb8);
	ck_assert_int_eq(p.ttl, 9);
	link_unbind(a);
	link_unbind(b);
}
END_TEST

START_TEST(without_offloads_each_packet_is_a_datagram)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet p;
	int i;

	for (i = 0; i < 5; i++)
		wire_output_to_peer(500);
	link_flush();
	ck_assert_int_eq(wire_sender.n, 5);
	for (i = 0; i < 5; i++)
		ck_assert_uint_eq(wire_peer_receive(&p), 500);
	link_unbind(b);
}
END_TEST

START_TEST(packets_leave_in_their_order_whatever_socket_they_take)
{
	struct gen_sctp_addr src = wire_ipv4(1, 0);
	uint16_t port = 0, other = 0;
	struct link_binding *a = wire_bind_any(SCTP_PORT, &port);
	struct link_binding *b = wire_bind_any(OTHER_SCTP_PORT, &other);
	struct link_packet p;
	size_t i;

	for (i = 0; i < 100; i++)
		wire_output(i % 7 < 4 ? SCTP_PORT : OTHER_SCTP_PORT, &src,
			    &wire_peer_addr, INIT_LEN + 4 + 4 * (i / 10));
	ck_assert(link_batch_full());
	link_flush();
	ck_assert_uint_eq(link_queued(), 0);
	for (i = 0; i < 100; i++) {
		ck_assert_uint_eq(wire_peer_receive(&p),
				  INIT_LEN + 4 + 4 * (i / 10));
		ck_assert_uint_eq(p.src.port, i % 7 < 4 ? port : other);
	}
	link_unbind(a);
	link_unbind(b);
}
END_TEST

START_TEST(a_batch_is_full_at_60_packets_or_64000_bytes)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	int i;

	for (i = 0; i < 59; i++)
		wire_output_to_peer(100);
	ck_assert_uint_eq(link_queued(), 5900);
	ck_assert(!link_batch_full());
	wire_output_to_peer(100);
	ck_assert(link_batch_full());
	link_flush();
	wire_output_to_peer(32000);
	ck_assert(!link_batch_full());
	wire_output_to_peer(32000);
	ck_assert(link_batch_full());
	link_unbind(b);
}
END_TEST

START_TEST(the_owner_of_the_stack_lock_never_runs_out_of_room)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	int i;

	wire_sender.error =
		-EHOSTUNREACH; /* the wire_peer could not take them all */
	for (i = 0; i < 100; i++)
		wire_output_to_peer(40000);
	link_flush();
	ck_assert_uint_eq(link_counters()->output_lost, 0);
	ck_assert_uint_eq(link_counters()->output_refused, 100);
	link_unbind(b);
}
END_TEST

START_TEST(a_cancelled_packet_is_not_sent)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet *p = link_output_begin(100);

	link_output_cancel(p);
	ck_assert_uint_eq(link_queued(), 0);
	wire_output_to_peer(200);
	ck_assert_uint_eq(link_queued(), 200);
	link_flush();
	ck_assert_uint_eq(link_counters()->packets_out, 1);
	link_unbind(b);
}
END_TEST

START_TEST(a_packet_larger_than_a_datagram_is_lost_and_counted)
{
	ck_assert_ptr_null(link_output_begin(LINK_MAX_PACKET + 1));
	ck_assert_uint_eq(link_counters()->output_lost, 1);
}
END_TEST

/* ------------------------------------------------------ refusals of a send */

START_TEST(a_packet_too_big_for_the_path_is_reported)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet p;

	wire_sender.error = -EMSGSIZE;
	wire_sender.error_len = 1000;
	wire_output_to_peer(500);
	wire_output_to_peer(600);
	wire_output_to_peer(1200);
	link_flush();
	ck_assert_int_eq(wire_seen.too_bigs, 1);
	ck_assert_uint_eq(wire_seen.too_big_len, 1200);
	ck_assert_uint_eq(wire_seen.too_big_dst.port, wire_peer_addr.port);
	ck_assert_uint_eq(link_counters()->output_refused, 1);
	ck_assert_uint_eq(wire_peer_receive(&p), 500);
	ck_assert_uint_eq(wire_peer_receive(&p), 600);
	link_unbind(b);
}
END_TEST

START_TEST(what_the_system_has_no_room_for_waits_in_order)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet p;
	size_t i;

	wire_sender.limit = 2;
	for (i = 0; i < 5; i++)
		wire_output_to_peer(100 +
				    4 * i); /* growing: not to be joined */
	link_flush();
	ck_assert_int_eq(wire_sender.n, 2);
	ck_assert_uint_eq(link_queued(), 108 + 112 + 116);
	wire_output_to_peer(120);
	link_flush();
	ck_assert_uint_eq(link_queued(), 108 + 112 + 116 + 120);
	wire_sender.limit = 0;
	link_flush();
	ck_assert_uint_eq(link_queued(), 0);
	for (i = 0; i < 6; i++)
		ck_assert_uint_eq(wire_peer_receive(&p), 100 + 4 * i);
	ck_assert_uint_eq(link_counters()->output_lost, 0);
	link_unbind(b);
}
END_TEST

START_TEST(beyond_the_room_packets_are_lost_and_counted)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	uint64_t lost;
	int i;

	wire_sender.error = -EAGAIN;
	for (i = 0; i < 100; i++)
		wire_output_to_peer(40000);
	lost = link_counters()->output_lost;
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(link_queued(), (100 - lost) * 40000);
	link_flush();
	ck_assert_uint_eq(link_queued(), (100 - lost) * 40000);
	wire_sender.error = -EHOSTUNREACH;
	link_flush();
	ck_assert_uint_eq(link_queued(), 0);
	link_unbind(b);
}
END_TEST

/* ---------------------------------------------------------------- threads */

static os_mutex done_lock = OS_MUTEX_INIT;
static os_cond done_cond = OS_COND_INIT;
static bool done;

static void
output_from_thread(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 10; i++)
		wire_output_to_peer(100);
	os_mutex_lock(&done_lock);
	done = true;
	os_cond_signal(&done_cond);
	os_mutex_unlock(&done_lock);
}

START_TEST(output_of_a_thread_without_the_stack_lock_kicks)
{
	uint16_t port = 0;
	struct link_binding *b = wire_bind_any(SCTP_PORT, &port);
	struct link_packet p;
	int i;

	wire_output_to_peer(100);
	ck_assert_int_eq(wire_seen.kicks, 0);
	done = false;
	ck_assert_int_eq(os_thread_start("output", output_from_thread, NULL),
			 0);
	for (i = 0; i < 100; i++)
		link_flush();
	os_mutex_lock(&done_lock);
	while (!done)
		os_cond_wait(&done_cond, &done_lock);
	os_mutex_unlock(&done_lock);
	link_flush();
	ck_assert_int_eq(wire_seen.kicks, 10);
	for (i = 0; i < 11; i++)
		ck_assert_uint_eq(wire_peer_receive(&p), 100);
	link_unbind(b);
}
END_TEST

static TCase *
batch_case(void)
{
	TCase *tc = tcase_create("batch");

	tcase_add_checked_fixture(tc, wire_set_up, wire_tear_down);
	tcase_add_loop_test(tc, packets_of_one_size_leave_as_one_datagram, 0,
			    RUNS);
	tcase_add_test(tc, packets_to_different_places_leave_apart);
	tcase_add_test(tc, packets_have_the_marks_of_their_binding);
	tcase_add_test(tc,
		       packets_leave_in_their_order_whatever_socket_they_take);
	tcase_add_test(tc, a_batch_is_full_at_60_packets_or_64000_bytes);
	tcase_add_test(tc, the_owner_of_the_stack_lock_never_runs_out_of_room);
	tcase_add_test(tc, a_cancelled_packet_is_not_sent);
	tcase_add_test(tc, a_packet_larger_than_a_datagram_is_lost_and_counted);
	tcase_add_test(tc, output_of_a_thread_without_the_stack_lock_kicks);
	return tc;
}

static TCase *
refusals_case(void)
{
	TCase *tc = tcase_create("refusals");

	tcase_add_checked_fixture(tc, wire_set_up, wire_tear_down);
	tcase_add_test(tc, a_packet_too_big_for_the_path_is_reported);
	tcase_add_test(tc, what_the_system_has_no_room_for_waits_in_order);
	tcase_add_test(tc, beyond_the_room_packets_are_lost_and_counted);
	return tc;
}

static TCase *
offloads_case(void)
{
	TCase *tc = tcase_create("without offloads");

	tcase_add_checked_fixture(tc, wire_set_up_without_offloads,
				  wire_tear_down);
	tcase_add_test(tc, without_offloads_each_packet_is_a_datagram);
	return tc;
}

Suite *
output_suite(void)
{
	Suite *s = suite_create("output");

	suite_add_tcase(s, batch_case());
	suite_add_tcase(s, refusals_case());
	suite_add_tcase(s, offloads_case());
	return s;
}
