/*
 * Events: what is reported beside data, with every field.
 */
#include "mail_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define LARGE 200000
/* RFC 9260 3.3.10.12 */
#define USER_INITIATED_ABORT 12

static uint8_t out[LARGE];

/* ------------------------------------------------------------------- rig */

static void
switch_events(gen_sctp_socket_t s, uint32_t set, uint32_t on)
{
	const struct gen_sctp_event_subscribe events = { .set = set,
							 .on = on };

	rig_set(s, gen_sctp_opt_events(events));
}

/* The next event, a paddr_change too. */
static void
next_event(gen_sctp_socket_t s, struct gen_sctp_msg *msg)
{
	char buf[64];

	msg->size = sizeof(*msg);
	ck_assert_int_eq(gen_sctp_recv(s, buf, sizeof(buf), msg,
				       RIG_PATIENCE),
			 0);
	ck_assert_int_eq(msg->kind, GEN_SCTP_MSG_EVENT);
}

/* The next must be a send_failed of that message. */
static void
expect_failed(gen_sctp_socket_t s, const struct gen_sctp_sndrcvinfo *sent,
	      size_t len, unsigned int seed, bool on_the_wire)
{
	const struct gen_sctp_send_failed *failed;
	struct gen_sctp_msg msg;

	rig_expect_error(s, GEN_SCTP_SEND_FAILED, &msg);
	failed = &msg.event.u.send_failed;
	ck_assert_uint_eq(failed->assoc_id, sent->assoc_id);
	ck_assert_uint_eq(failed->info.assoc_id, sent->assoc_id);
	ck_assert_uint_eq(failed->info.stream, sent->stream);
	ck_assert_uint_eq(failed->info.ppid, sent->ppid);
	ck_assert_uint_eq(failed->info.context, sent->context);
	ck_assert_uint_eq(failed->info.flags, sent->flags);
	ck_assert_uint_eq(failed->len, len);
	ck_assert(rig_filled(failed->data, len, seed));
	ck_assert(failed->complete);
	ck_assert(failed->sent == on_the_wire);
	gen_sctp_msg_free(&msg);
	ck_assert_ptr_null(msg.owned);
}

static void
send_filled(gen_sctp_socket_t s, const struct gen_sctp_sndrcvinfo *info,
	    size_t len, unsigned int seed)
{
	rig_fill(out, len, seed);
	ck_assert_int_eq(gen_sctp_sendmsg(s, info, NULL, out, len), 0);
}

/* Sends a message larger than the server's window, of which the server gets and
 * acknowledges the first packet only. */
static struct relay *
open_with_a_part(struct rig_pair *p, const void *data, size_t len)
{
	struct relay *r;

	rig_pair_open_one_path(p);
	rig_set(p->server, gen_sctp_opt_recbuf(65536));
	r = rig_connect_relayed(p);
	relay_set(r, RELAY_TO_SERVER, RELAY_HOLD);
	rig_send(p->client, p->client_assoc, 2, data, len);
	relay_let(r, RELAY_TO_SERVER, 1);
	relay_await(r, RELAY_TO_CLIENT, CHUNK_SACK, 1);
	/* The acknowledgement brings the next one. */
	relay_await(r, RELAY_TO_SERVER, CHUNK_DATA, 2);
	return r;
}

/* The server has lost the association without the client's knowledge, and is
 * still there to say so. */
static void
close_client_first(struct rig_pair *p, struct relay *r)
{
	relay_set_both(r, RELAY_PASS);
	rig_close(p->client);
	rig_relay_close(r);
	rig_close(p->server);
}

/* ----------------------------------------------------------- assoc_change */

START_TEST(abort_is_comm_lost_on_both_sides)
{
	struct gen_sctp_event event;
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	ck_assert_uint_eq(event.u.assoc_change.assoc_id, p.client_assoc);
	rig_expect_event(p.server, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	ck_assert_uint_eq(event.u.assoc_change.error, USER_INITIATED_ABORT);
	ck_assert_uint_eq(event.u.assoc_change.assoc_id, p.server_assoc);
	rig_pair_close(&p);
}
END_TEST

START_TEST(eof_is_shutdown_and_shutdown_comp)
{
	struct gen_sctp_event event;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	char buf[64];

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_recv(p.server, buf, sizeof(buf), &msg);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_SHUTDOWN);
	ck_assert_uint_eq(msg.event.u.shutdown.assoc_id, p.server_assoc);
	ck_assert_uint_eq(msg.anc, 0);
	ck_assert_int_eq(msg.from.port, gen_sctp_port(p.client));
	ck_assert_uint_eq(rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP),
			  p.server_assoc);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_uint_eq(event.u.assoc_change.error, 0);
	ck_assert_uint_eq(event.u.assoc_change.assoc_id, p.client_assoc);
	rig_expect_nothing(p.client);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

/* Retransmissions are exhausted. */
START_TEST(a_peer_that_is_gone_is_comm_lost)
{
	struct gen_sctp_assocparams few = {
		.set = GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT,
		.asocmaxrxt = 2,
	};
	struct gen_sctp_sndrcvinfo info = { .context = 5 };
	struct gen_sctp_event event;
	struct rig_pair p;
	struct relay *r;

	r = rig_pair_open_relayed(&p);
	few.assoc_id = info.assoc_id = p.client_assoc;
	rig_set(p.client, gen_sctp_opt_associnfo(few));
	rig_impatient_assoc(p.client, p.client_assoc, 50);
	relay_set_both(r, RELAY_LOSE);
	send_filled(p.client, &info, 100, 1);
	expect_failed(p.client, &info, 100, 1, true);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	ck_assert_uint_eq(event.u.assoc_change.assoc_id, p.client_assoc);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ----------------------------------------------------------- paddr_change */

START_TEST(an_address_is_confirmed_once)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	next_event(p.server, &msg);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PADDR_CHANGE);
	ck_assert_int_eq(msg.event.u.paddr_change.state,
			 GEN_SCTP_ADDR_CONFIRMED);
	ck_assert_uint_eq(msg.event.u.paddr_change.error, 0);
	ck_assert_uint_eq(msg.event.u.paddr_change.assoc_id, p.server_assoc);
	ck_assert_int_eq(msg.event.u.paddr_change.addr.family,
			 GEN_SCTP_INET);
	ck_assert_int_eq(msg.event.u.paddr_change.addr.port,
			 gen_sctp_port(p.client));
	ck_assert_int_eq(msg.event.u.paddr_change.addr.ip[0], 127);
	rig_pair_close(&p);
}
END_TEST

static void
expect_path(gen_sctp_socket_t s, enum gen_sctp_paddr_change_state state)
{
	struct gen_sctp_msg msg;

	next_event(s, &msg);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PADDR_CHANGE);
	ck_assert_str_eq(gen_sctp_paddr_change_name(
				 msg.event.u.paddr_change.state),
			 gen_sctp_paddr_change_name(state));
}

START_TEST(a_path_that_fails_and_comes_back_is_reported)
{
	struct gen_sctp_paddrparams once = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMAXRXT |
		       GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.pathmaxrxt = 1,
		.hbinterval = 50,
	};
	struct rig_pair p;
	struct relay *r;

	r = rig_pair_open_relayed(&p);
	once.assoc_id = p.client_assoc;
	rig_impatient_assoc(p.client, p.client_assoc, 50);
	rig_set(p.client, gen_sctp_opt_peer_addr_params(once));
	relay_set_both(r, RELAY_LOSE);
	rig_send(p.client, p.client_assoc, 0, "patient", 7);
	expect_path(p.client, GEN_SCTP_ADDR_UNREACHABLE);
	relay_set_both(r, RELAY_PASS);
	expect_path(p.client, GEN_SCTP_ADDR_AVAILABLE);
	rig_expect_text(p.server, "patient");
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ------------------------------------------------------------ send_failed */

START_TEST(what_was_not_acknowledged_at_abort_comes_back_in_order)
{
	struct gen_sctp_sndrcvinfo info = {
		.stream = 1,
		.ppid = 0x11223344,
	};
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);
	unsigned int i;

	rig_set(p.client, gen_sctp_opt_nodelay(true));
	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	for (i = 0; i < 3; i++) {
		info.context = 100 + i;
		send_filled(p.client, &info, 10 + i, i);
	}
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	for (i = 0; i < 3; i++) {
		info.context = 100 + i;
		expect_failed(p.client, &info, 10 + i, i, true);
	}
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* Nagle: behind the first one, which is on its way. */
START_TEST(what_was_never_sent_says_so)
{
	struct gen_sctp_sndrcvinfo info = { .stream = 2 };
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	send_filled(p.client, &info, 30, 1);
	send_filled(p.client, &info, 40, 2);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	expect_failed(p.client, &info, 30, 1, true);
	expect_failed(p.client, &info, 40, 2, false);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(unordered_messages_come_back_as_such)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_UNORDERED };
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	send_filled(p.client, &info, 30, 1);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	expect_failed(p.client, &info, 30, 1, true);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_fragmented_message_is_one_event)
{
	struct gen_sctp_sndrcvinfo info = { .stream = 3, .context = 9 };
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	send_filled(p.client, &info, LARGE, 1);
	info.context = 10;
	send_filled(p.client, &info, 50, 2);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	info.context = 9;
	expect_failed(p.client, &info, LARGE, 1, true);
	info.context = 10;
	expect_failed(p.client, &info, 50, 2, false);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.client);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* More than the receive buffer would hold. */
START_TEST(every_message_of_an_abort_comes_back)
{
	struct gen_sctp_sndrcvinfo info = { 0 };
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);
	const unsigned int count = 30000;
	unsigned int i;

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	for (i = 0; i < count; i++) {
		info.context = i;
		send_filled(p.client, &info, 20, i);
	}
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	for (i = 0; i < count; i++) {
		struct gen_sctp_msg msg;

		rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
		ck_assert_uint_eq(msg.event.u.send_failed.info.context, i);
		ck_assert_uint_eq(msg.event.u.send_failed.len, 20);
		gen_sctp_msg_free(&msg);
	}
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* Two large messages alike in every field but their bytes. */
START_TEST(fragmented_messages_are_told_apart)
{
	struct gen_sctp_sndrcvinfo info = { .stream = 0 };
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.client_assoc;
	send_filled(p.client, &info, LARGE, 1);
	send_filled(p.client, &info, LARGE, 2);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	expect_failed(p.client, &info, LARGE, 1, true);
	expect_failed(p.client, &info, LARGE, 2, false);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* A message of which the peer has the first part, not the rest. */
START_TEST(a_message_that_arrived_in_part_says_it_is_not_complete)
{
	const struct gen_sctp_send_failed *failed;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r;
	size_t len;

	rig_fill(out, LARGE, 1);
	r = open_with_a_part(&p, out, LARGE);
	relay_set_both(r, RELAY_LOSE);
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
	failed = &msg.event.u.send_failed;
	len = failed->len;
	ck_assert_uint_gt(len, 0);
	ck_assert_uint_lt(len, LARGE);
	ck_assert_int_eq(memcmp(failed->data, out + LARGE - len, len), 0);
	ck_assert(!failed->complete);
	ck_assert(failed->sent);
	gen_sctp_msg_free(&msg);
	rig_expect_change(p.client, GEN_SCTP_COMM_LOST);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(messages_of_an_attempt_that_fails_come_back)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), nobody;
	struct gen_sctp_sndrcvinfo info = { .context = 3 };
	struct gen_sctp_addr addr = rig_addr("127.0.0.1", 5000);

	nobody = rig_open(0, NULL, 0);
	rig_aim(s, nobody);
	rig_close(nobody);
	rig_impatient(s, 50);
	ck_assert_int_eq(gen_sctp_connectx_init(s, &addr, 1, NULL, 0,
						&info.assoc_id),
			 0);
	send_filled(s, &info, 77, 1);
	send_filled(s, &info, LARGE, 2);
	expect_failed(s, &info, 77, 1, false);
	expect_failed(s, &info, LARGE, 2, false);
	ck_assert_uint_eq(rig_expect_change(s, GEN_SCTP_CANT_ASSOC),
			  info.assoc_id);
	rig_expect_nothing(s);
	rig_close(s);
}
END_TEST

/* ----------------------------------------------------------- remote_error */

/* RFC 9260 3.3.10.1: invalid stream identifier 7. */
static const uint8_t error_chunk[] = {
	CHUNK_ERROR, 0, 0, 12,
	0, 1, 0, 8, 0, 7, 0, 0,
};

START_TEST(an_error_chunk_of_the_peer_is_a_remote_error)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_inject(r, RELAY_TO_SERVER, error_chunk, sizeof(error_chunk));
	rig_expect_error(p.server, GEN_SCTP_REMOTE_ERROR, &msg);
	ck_assert_uint_eq(msg.event.u.remote_error.error, 1);
	ck_assert_uint_eq(msg.event.u.remote_error.assoc_id, p.server_assoc);
	ck_assert_uint_eq(msg.event.u.remote_error.len, 8);
	ck_assert_int_eq(memcmp(msg.event.u.remote_error.data,
				error_chunk + 4, 8),
			 0);
	ck_assert_int_eq(msg.from.port, gen_sctp_port(p.client));
	gen_sctp_msg_free(&msg);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ------------------------------------------------------ adaptation, pdapi */

START_TEST(the_adaptation_indication_of_the_peer_is_an_event)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_event event;
	struct gen_sctp_assoc_change ac;
	gen_sctp_assoc_id_t id;

	rig_set(client, gen_sctp_opt_adaptation_layer(0x01020304));
	rig_set(server, gen_sctp_opt_adaptation_layer(0xfffefdfc));
	switch_events(server, GEN_SCTP_ADAPTATION_LAYER_EVENT,
		      GEN_SCTP_ADAPTATION_LAYER_EVENT);
	switch_events(client, GEN_SCTP_ADAPTATION_LAYER_EVENT,
		      GEN_SCTP_ADAPTATION_LAYER_EVENT);
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_expect_event(server, GEN_SCTP_ADAPTATION, &event);
	ck_assert_uint_eq(event.u.adaptation.adaptation_ind, 0x01020304);
	ck_assert_uint_eq(event.u.adaptation.assoc_id, id);
	rig_expect_event(client, GEN_SCTP_ADAPTATION, &event);
	ck_assert_uint_eq(event.u.adaptation.adaptation_ind, 0xfffefdfc);
	ck_assert_uint_eq(event.u.adaptation.assoc_id, ac.assoc_id);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(without_being_asked_for_adaptation_is_no_event)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct rig_pair p = { server, client, 0, 0 };

	rig_set(client, gen_sctp_opt_adaptation_layer(7));
	rig_connect(&p, "127.0.0.1");
	rig_expect_nothing(server);
	rig_expect_nothing(client);
	rig_pair_close(&p);
}
END_TEST

/* RFC 9260 3.3.10.12: user initiated abort. */
static const uint8_t abort_chunk[] = {
	CHUNK_ABORT, 0, 0, 8,
	0, 12, 0, 4,
};

/* A message that is being delivered in parts when the peer aborts. */
START_TEST(a_message_cut_short_is_one_pdapi_event)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = open_with_a_part(&p, out, LARGE);
	char buf[1000];
	int n;

	ck_assert_int_eq(rig_recv(p.server, buf, 100, &msg), 100);
	ck_assert(!msg.eor);
	relay_inject(r, RELAY_TO_SERVER, abort_chunk, sizeof(abort_chunk));
	while ((n = rig_recv(p.server, buf, sizeof(buf), &msg)) > 0)
		ck_assert(!msg.eor);
	ck_assert_int_eq(n, GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_ERROR_EVENT);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PDAPI);
	ck_assert_uint_eq(msg.event.u.pdapi.indication,
			  GEN_SCTP_PARTIAL_DELIVERY_ABORTED);
	ck_assert_uint_eq(msg.event.u.pdapi.stream, 2);
	ck_assert_uint_eq(msg.event.u.pdapi.assoc_id, p.server_assoc);
	gen_sctp_msg_free(&msg);
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.server);
	close_client_first(&p, r);
}
END_TEST

/* Whether or not anybody read of it before, or wants to hear of it. */
START_TEST(a_message_cut_short_never_has_an_end)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = open_with_a_part(&p, out, LARGE);
	char buf[1000];
	int n;

	if (_i == 1)
		switch_events(p.server, GEN_SCTP_PARTIAL_DELIVERY_EVENT, 0);
	relay_inject(r, RELAY_TO_SERVER, abort_chunk, sizeof(abort_chunk));
	rig_await_end(p.server, p.server_assoc);
	while ((n = rig_recv(p.server, buf, sizeof(buf), &msg)) > 0)
		ck_assert(!msg.eor);
	if (_i == 0) {
		ck_assert_int_eq(n, GEN_SCTP_EEVENT);
		ck_assert_int_eq(msg.event.type, GEN_SCTP_PDAPI);
		n = rig_recv(p.server, buf, sizeof(buf), &msg);
	}
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_ASSOC_CHANGE);
	ck_assert_int_eq(msg.event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	gen_sctp_msg_free(&msg);
	close_client_first(&p, r);
}
END_TEST

/* What a mailbox had of it is gone, or, where the socket is passive again, what
 * recv begins with. */
START_TEST(a_message_cut_short_never_comes_to_a_mailbox)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r = open_with_a_part(&p, out, LARGE);
	char buf[1000];
	int n = 0;

	switch_events(p.server, GEN_SCTP_ADDRESS_EVENT, 0);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_expect_nothing(self, 0);
	if (_i == 1)
		mail_set(p.server, GEN_SCTP_ACTIVE_FALSE);
	relay_inject(r, RELAY_TO_SERVER, abort_chunk, sizeof(abort_chunk));
	if (_i == 0) {
		ck_assert_int_eq(mail_recv(self, p.server, &msg),
				 GEN_SCTP_EEVENT);
	} else {
		while (rig_recv(p.server, buf, sizeof(buf), &msg) > 0) {
			ck_assert(!msg.eor);
			n++;
		}
		ck_assert_int_gt(n, 0);
		mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	}
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PDAPI);
	gen_sctp_msg_free(&msg);
	mail_expect_change(self, p.server, GEN_SCTP_COMM_LOST);
	close_client_first(&p, r);
}
END_TEST

/* ----------------------------------------------------------- switched off */

#define ALL_BUT_DATA                                                     \
	(GEN_SCTP_ASSOCIATION_EVENT | GEN_SCTP_ADDRESS_EVENT |           \
	 GEN_SCTP_SEND_FAILURE_EVENT | GEN_SCTP_PEER_ERROR_EVENT |       \
	 GEN_SCTP_SHUTDOWN_EVENT | GEN_SCTP_PARTIAL_DELIVERY_EVENT |     \
	 GEN_SCTP_ADAPTATION_LAYER_EVENT)

/* The server gets none, so its comm_up is not awaited. */
static struct relay *
open_without_events(struct rig_pair *p)
{
	struct gen_sctp_assoc_change ac;
	struct relay *r;

	rig_pair_open_one_path(p);
	switch_events(p->server, ALL_BUT_DATA, 0);
	r = relay_open(rig_udp_port(p->server), 0);
	rig_aim_at(p->client, relay_port_for_client(r));
	ck_assert_int_eq(gen_sctp_connect(p->client, "127.0.0.1",
					  gen_sctp_port(p->server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	p->client_assoc = ac.assoc_id;
	return r;
}

/* No event of it comes, and at no time does the socket look readable. */
START_TEST(events_switched_off_are_not_there)
{
	struct gen_sctp_sndrcvinfo info = { 0 };
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p;
	struct relay *r;
	char buf[64];
	int i;

	r = open_without_events(&p);
	ck_assert_int_eq(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN, 0);
	relay_inject(r, RELAY_TO_SERVER, error_chunk, sizeof(error_chunk));
	rig_send(p.client, p.client_assoc, 0, "data", 4);
	rig_await_ready(p.server, GEN_SCTP_POLL_IN);
	/* Data is the first thing there. */
	ck_assert_int_eq(gen_sctp_recv(p.server, buf, sizeof(buf), &msg, 0),
			 4);
	p.server_assoc = msg.info.assoc_id;
	ck_assert_int_eq(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN, 0);

	relay_set_both(r, RELAY_LOSE);
	info.assoc_id = p.server_assoc;
	send_filled(p.server, &info, 100, 1);
	ck_assert_int_eq(gen_sctp_abort(p.server, p.server_assoc), 0);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN,
				 0);
		ck_assert_int_eq(gen_sctp_recv(p.server, buf, sizeof(buf),
					       &msg, 1),
				 -ETIMEDOUT);
	}
	ck_assert_int_eq(gen_sctp_send(p.server, p.server_assoc, 0, "x", 1),
			 -EPIPE);
	close_client_first(&p, r);
}
END_TEST

START_TEST(each_event_has_its_own_switch)
{
	struct gen_sctp_msg msg;
	struct rig_pair p;

	rig_pair_open(&p);
	switch_events(p.server, GEN_SCTP_SHUTDOWN_EVENT, 0);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	/* No shutdown in front of it; paddr_change is still on. */
	next_event(p.server, &msg);
	ck_assert_int_eq(msg.event.type, GEN_SCTP_PADDR_CHANGE);
	rig_expect_change(p.server, GEN_SCTP_SHUTDOWN_COMP);
	rig_pair_close(&p);
}
END_TEST

/* What was there before it was switched off is gone, too. */
START_TEST(switching_off_takes_back_what_waits)
{
	struct rig_pair p;

	rig_pair_open(&p);
	ck_assert_int_eq(gen_sctp_eof(p.client, p.client_assoc), 0);
	rig_expect_change(p.client, GEN_SCTP_SHUTDOWN_COMP);
	rig_await_ready(p.server, GEN_SCTP_POLL_IN);
	switch_events(p.server, ALL_BUT_DATA, 0);
	ck_assert_int_eq(gen_sctp_ready(p.server) & GEN_SCTP_POLL_IN, 0);
	rig_expect_nothing(p.server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_event_that_is_not_freed_is_kept_by_the_caller)
{
	struct gen_sctp_msg first, second;
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	relay_inject(r, RELAY_TO_SERVER, error_chunk, sizeof(error_chunk));
	relay_inject(r, RELAY_TO_SERVER, error_chunk, sizeof(error_chunk));
	rig_expect_error(p.server, GEN_SCTP_REMOTE_ERROR, &first);
	rig_expect_error(p.server, GEN_SCTP_REMOTE_ERROR, &second);
	rig_pair_close_relayed(&p, r);
	ck_assert_ptr_ne(first.event.u.remote_error.data,
			 second.event.u.remote_error.data);
	ck_assert_int_eq(memcmp(first.event.u.remote_error.data,
				error_chunk + 4, 8),
			 0);
	gen_sctp_msg_free(&first);
	gen_sctp_msg_free(&second);
	gen_sctp_msg_free(&second);
}
END_TEST

static Suite *
events_suite(void)
{
	Suite *suite = suite_create("events");
	TCase *tc = tcase_create("events");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, abort_is_comm_lost_on_both_sides);
	tcase_add_test(tc, eof_is_shutdown_and_shutdown_comp);
	tcase_add_test(tc, a_peer_that_is_gone_is_comm_lost);
	tcase_add_test(tc, an_address_is_confirmed_once);
	tcase_add_test(tc, a_path_that_fails_and_comes_back_is_reported);
	tcase_add_test(
		tc, what_was_not_acknowledged_at_abort_comes_back_in_order);
	tcase_add_test(tc, what_was_never_sent_says_so);
	tcase_add_test(tc, unordered_messages_come_back_as_such);
	tcase_add_test(tc, a_fragmented_message_is_one_event);
	tcase_add_test(tc, every_message_of_an_abort_comes_back);
	tcase_add_test(tc, fragmented_messages_are_told_apart);
	tcase_add_test(
		tc, a_message_that_arrived_in_part_says_it_is_not_complete);
	tcase_add_test(tc, messages_of_an_attempt_that_fails_come_back);
	tcase_add_test(tc, an_error_chunk_of_the_peer_is_a_remote_error);
	tcase_add_test(tc, the_adaptation_indication_of_the_peer_is_an_event);
	tcase_add_test(tc, without_being_asked_for_adaptation_is_no_event);
	tcase_add_test(tc, a_message_cut_short_is_one_pdapi_event);
	tcase_add_loop_test(tc, a_message_cut_short_never_has_an_end, 0, 2);
	tcase_add_loop_test(tc, a_message_cut_short_never_comes_to_a_mailbox,
			    0, 2);
	tcase_add_test(tc, events_switched_off_are_not_there);
	tcase_add_test(tc, each_event_has_its_own_switch);
	tcase_add_test(tc, switching_off_takes_back_what_waits);
	tcase_add_test(tc, an_event_that_is_not_freed_is_kept_by_the_caller);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { events_suite, NULL };

	return run_suites(suites, argc, argv);
}
