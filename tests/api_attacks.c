/*
 * Attacks over UDP: off-path ones, and those of a peer. The association
 * attacked lives where it can, others go on, and the counter says why.
 */
#include "api_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "attacks.h"
#include "raw_record.h"
#include "runner.h"

#define PEER_PORT 6000
/* ms; for what a raw peer must not get. */
#define QUIET 100

static gen_sctp_socket_t server;
static struct rig_pair others;
static struct raw_peer peer, spoofer, stranger;
static const struct attack_scene scene = { &peer, &spoofer, &stranger };
static gen_sctp_assoc_id_t assoc; /* with the peer */

/* -------------------------------------------------------------- the scene */

static void
open_raw(struct raw_peer *r, const char *addr)
{
	ck_assert(raw_open(r, addr, PEER_PORT, rig_udp_port(server),
			   gen_sctp_port(server)));
}

/* A server with one association to another socket of ours, and who will attack
 * a second one. */
static void
set_up(void)
{
	rig_pair_open(&others);
	server = others.server;
	open_raw(&peer, "127.0.0.1");
	open_raw(&spoofer, "127.0.0.1");
	open_raw(&stranger, "127.0.0.2");
}

/* Raw peers answer no SHUTDOWN. */
static void
tear_down(void)
{
	raw_record_stop();
	rig_set(server,
		gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(server);
	rig_close(others.client);
	raw_close(&peer);
	raw_close(&spoofer);
	raw_close(&stranger);
}

static void
peer_connects(void)
{
	ck_assert(raw_connect(&peer));
	assoc = rig_expect_change(server, GEN_SCTP_COMM_UP);
}

/* The association is set up from our side. */
static void
peer_accepts(void)
{
	rig_aim_at(server, raw_udp_port(&peer));
	ck_assert_int_eq(gen_sctp_connect_init(server, "127.0.0.1", PEER_PORT,
					       NULL, 0, 0),
			 0);
	ck_assert(raw_accept(&peer));
	assoc = rig_expect_change(server, GEN_SCTP_COMM_UP);
}

/* Data goes both ways; first ours, before the peer says where it is. */
static void
peer_lives(void)
{
	rig_send(server, assoc, 0, "unasked", 7);
	ck_assert(raw_await_text(&peer, "unasked", RAW_PATIENCE));
	ck_assert(raw_say(&peer, "hello"));
	rig_expect_text(server, "hello");
	rig_send(server, assoc, 0, "again", 5);
	ck_assert(raw_await_text(&peer, "again", RAW_PATIENCE));
}

static void
others_live(void)
{
	rig_send(others.client, others.client_assoc, 0, "from them", 9);
	rig_expect_text(server, "from them");
	rig_send(server, others.server_assoc, 0, "to them", 7);
	rig_expect_text(others.client, "to them");
}

/* ---------------------------------------------------------- counters */

struct counter {
	const char *name;
	uint64_t before;
};

static struct counter
watch(const char *name)
{
	return (struct counter){ name, rig_counter(name) };
}

static bool
has_risen(void *arg)
{
	const struct counter *c = arg;

	return rig_counter(c->name) > c->before;
}

static void
expect_rise(struct counter c)
{
	ck_assert_msg(rig_until(has_risen, &c), "counter %s did not rise",
		      c.name);
}

/* ------------------------------------------------------------- one packet */

/* Another UDP port is another peer: the engine knows none there, and says so.
 * And it sends no HEARTBEAT where an association has one path. */
static bool
is_counted(const struct attack *a)
{
	if (!rig_has_multihoming() &&
	    strcmp(a->name, "heartbeat_ack_of_another_size") == 0)
		return false;
	return spoofer.fds[0] == peer.fds[0] ||
	       strcmp(a->counter, "wrong_tag") != 0;
}

static void
attack(const struct attack *a)
{
	struct counter c;

	peer_lives();
	c = watch(a->counter);
	raw_pretend(&spoofer, &peer);
	raw_pretend(&stranger, &peer);
	raw_record_start(a->name, &peer);
	a->send(&scene);
	raw_record_stop();
	if (is_counted(a))
		expect_rise(c);
	peer_lives();
	others_live();
}

START_TEST(association_that_a_peer_set_up_survives)
{
	peer_connects();
	attack(&attacks[_i]);
}
END_TEST

START_TEST(association_that_we_set_up_survives)
{
	peer_accepts();
	attack(&attacks[_i]);
}
END_TEST

/* The attacker spoofs the UDP port too. */
START_TEST(association_survives_what_seems_to_come_from_its_peer)
{
	int own = spoofer.fds[0];

	peer_connects();
	spoofer.fds[0] = peer.fds[0];
	attack(&attacks[_i]);
	spoofer.fds[0] = own;
}
END_TEST

/* Twice, and while nobody is associated. */
START_TEST(nobodys_packets_do_no_harm)
{
	attacks[_i].send(&scene);
	attacks[_i].send(&scene);
	others_live();
	peer_connects();
	peer_lives();
}
END_TEST

/* ---------------------------------------------------------------- restart */

static void
expect_restart(void)
{
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART), assoc);
	peer_lives();
	others_live();
}

START_TEST(peer_with_one_address_restarts)
{
	peer_connects();
	peer_lives();
	raw_reboot(&peer);
	ck_assert(raw_connect(&peer));
	expect_restart();
}
END_TEST

/* The answer never comes: that peer is no more. */
static void
reset_streams(const uint16_t *streams, size_t n)
{
	struct raw_chunk c;

	ck_assert_int_eq(gen_sctp_reset_streams(server, assoc,
						GEN_SCTP_STREAMS_OUTGOING,
						streams, n),
			 0);
	ck_assert(raw_await(&peer, RAW_RE_CONFIG, &c, RAW_PATIENCE));
}

START_TEST(peer_restarts_while_a_stream_is_being_reset)
{
	peer_connects();
	peer_lives();
	reset_streams((const uint16_t[]){ 0 }, 1);
	raw_reboot(&peer);
	ck_assert(raw_connect(&peer));
	expect_restart();
}
END_TEST

/* The engine does not let the old association end then. */
START_TEST(peer_does_not_restart_while_all_streams_are_being_reset)
{
	struct raw_chunk c;

	peer_connects();
	peer_lives();
	reset_streams(NULL, 0);
	raw_reboot(&peer);
	ck_assert(raw_get_cookie(&peer));
	raw_echo_cookie(&peer);
	raw_send(&peer);
	ck_assert(!raw_await(&peer, RAW_COOKIE_ACK, &c, QUIET));
	others_live();
}
END_TEST

START_TEST(peer_restarts_again_and_again)
{
	peer_connects();
	for (int i = 0; i < 10; i++) {
		raw_reboot(&peer);
		ck_assert(raw_connect(&peer));
		expect_restart();
	}
}
END_TEST

/* It is somebody else behind the same NAT (RFC 6951 has no rule for it), and has
 * an association of its own. */
START_TEST(peer_that_restarts_from_another_udp_port_is_another)
{
	gen_sctp_assoc_id_t second;

	peer_connects();
	spoofer.port = PEER_PORT;
	ck_assert(raw_connect(&spoofer));
	second = rig_expect_change(server, GEN_SCTP_COMM_UP);
	ck_assert_uint_ne(second, assoc);
	peer_lives();
	ck_assert(raw_say(&spoofer, "I too"));
	rig_expect_text(server, "I too");
	others_live();
}
END_TEST

static bool
peer_has_two_addresses(void)
{
	if (!rig_has_multihoming())
		return false;
	ck_assert(raw_add_path(&peer, "127.0.0.3"));
	peer_connects();
	return true;
}

/* Our SACKs would go there. */
static void
peer_speaks_from_its_second_address(void)
{
	raw_begin(&peer, peer.their_tag);
	raw_data(&peer, "from there");
	raw_send_by(&peer, peer.fds[1]);
	rig_expect_text(server, "from there");
}

START_TEST(peer_with_several_addresses_restarts)
{
	struct counter c;

	if (!peer_has_two_addresses())
		return;
	peer_speaks_from_its_second_address();
	c = watch("restart_abort");
	raw_reboot(&peer);
	ck_assert(raw_connect(&peer));
	expect_restart();
	expect_rise(c);
}
END_TEST

START_TEST(peer_with_several_addresses_restarts_again_and_again)
{
	if (!peer_has_two_addresses())
		return;
	for (int i = 0; i < 10; i++) {
		raw_reboot(&peer);
		ck_assert(raw_connect(&peer));
		expect_restart();
	}
}
END_TEST

START_TEST(peer_restarts_with_fewer_addresses)
{
	struct counter c;

	if (!peer_has_two_addresses())
		return;
	peer_speaks_from_its_second_address();
	c = watch("restart_abort");
	raw_reboot(&peer);
	peer.hides_paths = true;
	ck_assert(raw_connect(&peer));
	expect_restart();
	expect_rise(c);
}
END_TEST

static const uint8_t *const behind_a_cookie[] = {
	(const uint8_t[]){ RAW_SACK, 12 },
	(const uint8_t[]){ RAW_RE_CONFIG, 12 },
	(const uint8_t[]){ RAW_FORWARD_TSN, 4 },
	(const uint8_t[]){ RAW_SHUTDOWN, 4 },
	(const uint8_t[]){ RAW_SHUTDOWN_ACK, 0 },
	(const uint8_t[]){ RAW_ABORT, 0 },
	(const uint8_t[]){ RAW_COOKIE_ACK, 0 },
	(const uint8_t[]){ RAW_HEARTBEAT, 8 },
};

/* Data behind the cookie of a restart comes in, other chunks do not. */
START_TEST(chunks_behind_the_cookie_of_a_restart)
{
	static const uint8_t zeros[16];
	const uint8_t *chunk = behind_a_cookie[_i];
	struct raw_chunk c;

	peer_connects();
	peer_lives();
	raw_reboot(&peer);
	raw_record_start("restart", &peer);
	ck_assert(raw_get_cookie(&peer));
	raw_echo_cookie(&peer);
	raw_data(&peer, "early");
	raw_chunk(&peer, chunk[0], 0, zeros, chunk[1]);
	raw_send(&peer);
	ck_assert(raw_await(&peer, RAW_COOKIE_ACK, &c, RAW_PATIENCE));
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART), assoc);
	rig_expect_text(server, "early");
	peer_lives();
	others_live();
}
END_TEST

/* An INIT with the peer's ports is all that an off-path attacker has. */
START_TEST(inits_and_made_up_cookies_restart_nothing)
{
	peer_connects();
	raw_pretend(&spoofer, &peer);
	for (int i = 0; i < 20; i++) {
		raw_begin(&spoofer, 0);
		raw_init(&spoofer, RAW_INIT);
		raw_send(&spoofer);
		raw_begin(&spoofer, (uint32_t)i + 1);
		raw_chunk(&spoofer, RAW_COOKIE_ECHO, 0, peer.cookie,
			  peer.cookie_len);
		raw_send(&spoofer);
	}
	peer_lives();
	others_live();
}
END_TEST

/* It does get the tags of an association with its own address, though. */
START_TEST(cookie_of_one_address_is_no_cookie_of_another)
{
	struct counter c = watch("wrong_tag");

	if (!rig_has_multihoming())
		return;
	peer_connects();
	raw_pretend(&stranger, &peer);
	ck_assert(raw_get_cookie(&stranger));
	raw_echo_cookie(&stranger);
	raw_send_by(&stranger, spoofer.fds[0]);
	expect_rise(c);
	peer_lives();
	others_live();
}
END_TEST

/* ---------------------------------------------------------------- cookies */

START_TEST(cookie_echo_is_answered_again_while_the_peer_waits)
{
	struct raw_chunk c;

	ck_assert(raw_get_cookie(&peer));
	for (int i = 0; i < 3; i++) {
		raw_echo_cookie(&peer);
		raw_send(&peer);
		ck_assert(raw_await(&peer, RAW_COOKIE_ACK, &c, RAW_PATIENCE));
	}
	assoc = rig_expect_change(server, GEN_SCTP_COMM_UP);
	peer_lives();
	others_live();
}
END_TEST

START_TEST(old_cookie_echo_keeps_both_addresses)
{
	struct counter c;

	if (!peer_has_two_addresses())
		return;
	peer_speaks_from_its_second_address();
	c = watch("old_cookie");
	raw_record_start("old_cookie", &peer);
	raw_echo_cookie(&peer);
	raw_send_by(&peer, peer.fds[1]);
	expect_rise(c);
	peer_lives();
	peer_speaks_from_its_second_address();
	others_live();
}
END_TEST

/* --------------------------------------------------------------- UDP port */

/* NAT rebinding: a packet with the right tag moves the path (RFC 6951 5.4). */
START_TEST(right_tag_moves_the_udp_port)
{
	struct raw_chunk c;

	peer_connects();
	raw_begin(&peer, peer.their_tag);
	raw_data(&peer, "moved");
	raw_send_by(&peer, spoofer.fds[0]);
	rig_expect_text(server, "moved");
	rig_send(server, assoc, 0, "there", 5);
	ck_assert(raw_await(&spoofer, RAW_DATA, &c, RAW_PATIENCE));
	ck_assert(raw_say(&peer, "back"));
	rig_expect_text(server, "back");
	peer_lives();
}
END_TEST

/* ------------------------------------------------------------ other harm */

static void
peer_aborts_with_cause(uint8_t cause)
{
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_ABORT, 0, RAW_BYTES(0, cause, 0, 4));
	raw_send(&peer);
}

/* The causes that plain usrsctp answers with another handshake, or with an
 * ASCONF where both have AUTH. */
START_TEST(abort_with_a_nat_cause_is_an_abort)
{
	peer.auth = _i == 1;
	peer_connects();
	raw_record_start(_i == 1 ? "abort_nat_auth" : "abort_nat", &peer);
	peer_aborts_with_cause(_i == 1 ? 0xb1 : 0xb0);
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_COMM_LOST), assoc);
	others_live();
}
END_TEST

START_TEST(abort_with_a_nat_cause_ends_a_connect)
{
	rig_aim_at(server, raw_udp_port(&peer));
	ck_assert_int_eq(gen_sctp_connect_init(server, "127.0.0.1", PEER_PORT,
					       NULL, 0, 0),
			 0);
	ck_assert(raw_receive(&peer, RAW_PATIENCE));
	memcpy(&peer.their_tag, peer.in + 16, 4);
	peer.their_tag = ntohl(peer.their_tag);
	peer_aborts_with_cause(0xb0);
	rig_expect_change(server, GEN_SCTP_CANT_ASSOC);
	others_live();
}
END_TEST

START_TEST(nat_support_does_not_keep_a_peer_from_restarting)
{
	peer.nat = true;
	peer_connects();
	peer_lives();
	raw_reboot(&peer);
	raw_record_start("restart_nat", &peer);
	ck_assert(raw_connect(&peer));
	expect_restart();
}
END_TEST

/* In any order: they are of two associations. */
static void
expect_both(const char *a, const char *b)
{
	struct gen_sctp_msg msg;
	char buf[64];
	int n = rig_recv(server, buf, sizeof(buf), &msg);

	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	gen_sctp_msg_free(&msg);
	rig_expect_text(server,
			(size_t)n == strlen(a) && memcmp(buf, a, strlen(a)) == 0
				? b
				: a);
}

/* Both messages have the same stream and number, and nobody has read. */
START_TEST(forward_tsn_leaves_other_associations_alone)
{
	struct raw_peer *other = &spoofer;
	gen_sctp_assoc_id_t second;

	peer_connects();
	other->port = PEER_PORT + 1;
	ck_assert(raw_connect(other));
	second = rig_expect_change(server, GEN_SCTP_COMM_UP);
	ck_assert(raw_say(other, "unread"));
	raw_record_start("forward_tsn", &peer);
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_FORWARD_TSN, 0,
		  RAW_BYTES(RAW_BE32(peer.tsn), 0, 0, 0,
			    (uint8_t)(other->ssn - 1)));
	raw_send(&peer);
	peer.tsn++;
	peer.ssn++;
	raw_record_stop();
	ck_assert(raw_say(&peer, "later"));
	expect_both("unread", "later");
	rig_expect_nothing(server);
	rig_send(server, second, 0, "x", 1);
	peer_lives();
	others_live();
}
END_TEST

/* A socket of its own for the peer, so that it can be closed. */
static gen_sctp_socket_t
peer_has_its_own_server(void)
{
	gen_sctp_socket_t s = rig_listener();

	peer.to.sin_port = htons((uint16_t)rig_udp_port(s));
	peer.their_port = (uint16_t)gen_sctp_port(s);
	ck_assert(raw_connect(&peer));
	assoc = rig_expect_change(s, GEN_SCTP_COMM_UP);
	return s;
}

static void
ask_for_streams(void)
{
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_RE_CONFIG, 0, RAW_NOTHING);
	raw_param(&peer, RAW_ADD_OUT, RAW_BYTES(RAW_BE32(1), 0, 5, 0, 0));
	raw_send(&peer);
}

START_TEST(reconfig_after_close_with_data_in_flight_is_harmless)
{
	static const uint8_t data[4000];
	struct raw_chunk c;
	gen_sctp_socket_t s = peer_has_its_own_server();

	peer.silent = true;
	rig_send(s, assoc, 0, data, sizeof(data));
	ck_assert(raw_await(&peer, RAW_DATA, &c, RAW_PATIENCE));
	rig_close(s);
	raw_record_start("reconfig_after_close", &peer);
	ask_for_streams();
	others_live();
	/* the data arrives, and then the shutdown */
	peer.silent = false;
	raw_begin(&peer, peer.their_tag);
	raw_sack(&peer);
	raw_send(&peer);
	ck_assert(raw_await(&peer, RAW_SHUTDOWN, &c, RAW_PATIENCE));
	ask_for_streams();
	others_live();
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_SHUTDOWN_ACK, 0, RAW_NOTHING);
	raw_send(&peer);
	ck_assert(raw_await(&peer, RAW_SHUTDOWN_COMPLETE, &c, RAW_PATIENCE));
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}
END_TEST

/* Two associations between the same ports and addresses are too many for the
 * engine, which finds one by its addresses. */
START_TEST(second_association_between_the_same_ports_is_refused)
{
	gen_sctp_socket_t s = peer_has_its_own_server(), other;

	rig_aim_at(s, raw_udp_port(&peer));
	if (_i == 0) {
		ck_assert_int_eq(gen_sctp_peeloff(s, assoc, &other), 0);
	} else {
		int port = gen_sctp_port(s);

		rig_send(s, assoc, 0, "unread", 6);
		other = s;
		rig_close(s);
		s = rig_open(port, NULL, 0);
		rig_aim_at(s, raw_udp_port(&peer));
	}
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1", PEER_PORT, NULL,
					       0, 0),
			 -EADDRNOTAVAIL);
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_ABORT, 0, RAW_NOTHING);
	raw_send(&peer);
	if (_i == 0)
		rig_expect_change(other, GEN_SCTP_COMM_LOST);
	else
		ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1", PEER_PORT, NULL,
					       0, 0),
			 0);
	rig_close(s);
	rig_close(other);
}
END_TEST

/* The server has answered a SHUTDOWN; [ASCONF, COOKIE ECHO] from elsewhere. */
START_TEST(foreign_cookie_echo_in_shutdown_is_dropped)
{
	struct counter c;
	struct raw_chunk ack;

	peer_connects();
	peer_lives();
	raw_record_start("foreign_cookie_echo_in_shutdown", &peer);
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_SHUTDOWN, 0, RAW_BYTES(RAW_BE32(peer.seen_tsn)));
	raw_send(&peer);
	ck_assert(raw_await(&peer, RAW_SHUTDOWN_ACK, &ack, RAW_PATIENCE));
	c = watch("bad_chunk");
	raw_begin(&peer, peer.their_tag);
	raw_asconf(&peer);
	raw_chunk(&peer, RAW_COOKIE_ECHO, 0, peer.cookie, peer.cookie_len);
	raw_send_by(&peer, stranger.fds[0]);
	expect_rise(c);
	raw_begin(&peer, peer.their_tag);
	raw_chunk(&peer, RAW_SHUTDOWN_COMPLETE, 0, RAW_NOTHING);
	raw_send(&peer);
}
END_TEST

/* INITs to the server that leave it without an association. */
START_TEST(flood_of_inits_buys_nothing)
{
	struct raw_chunk c;

	for (int i = 0; i < 5000; i++) {
		spoofer.port = (uint16_t)(7000 + i);
		raw_begin(&spoofer, 0);
		raw_init(&spoofer, RAW_INIT);
		raw_abilities(&spoofer);
		raw_send(&spoofer);
	}
	peer_connects();
	peer_lives();
	others_live();
	raw_drain(&spoofer);
	ck_assert(!raw_await(&spoofer, RAW_INIT_ACK, &c, QUIET));
}
END_TEST

/* ------------------------------------------------------------------ suite */

#define ADD(tc, test) tcase_add_test(tc, test)

static int
off_path_attacks(void)
{
	int n = 0;

	while (n < attack_count && attacks[n].off_path)
		n++;
	return n;
}

static TCase *
scene_case(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return tc;
}

static Suite *
attack_suite(void)
{
	Suite *suite = suite_create("attacks");
	TCase *tc = scene_case(suite, "packets");

	tcase_add_loop_test(tc, association_that_a_peer_set_up_survives, 0,
			    attack_count);
	tcase_add_loop_test(tc, association_that_we_set_up_survives, 0,
			    attack_count);
	tcase_add_loop_test(
		tc, association_survives_what_seems_to_come_from_its_peer, 0,
		off_path_attacks());
	tcase_add_loop_test(tc, nobodys_packets_do_no_harm, 0,
			    off_path_attacks());
	return suite;
}

static Suite *
story_suite(void)
{
	Suite *suite = suite_create("stories");
	TCase *tc = scene_case(suite, "restart");

	ADD(tc, peer_with_one_address_restarts);
	ADD(tc, peer_restarts_while_a_stream_is_being_reset);
	ADD(tc, peer_does_not_restart_while_all_streams_are_being_reset);
	ADD(tc, peer_restarts_again_and_again);
	ADD(tc, peer_that_restarts_from_another_udp_port_is_another);
	ADD(tc, peer_with_several_addresses_restarts);
	ADD(tc, peer_with_several_addresses_restarts_again_and_again);
	ADD(tc, peer_restarts_with_fewer_addresses);
	tcase_add_loop_test(tc, chunks_behind_the_cookie_of_a_restart, 0,
			    sizeof(behind_a_cookie) /
				    sizeof(behind_a_cookie[0]));
	ADD(tc, inits_and_made_up_cookies_restart_nothing);
	ADD(tc, cookie_of_one_address_is_no_cookie_of_another);
	tc = scene_case(suite, "other harm");
	ADD(tc, cookie_echo_is_answered_again_while_the_peer_waits);
	ADD(tc, old_cookie_echo_keeps_both_addresses);
	ADD(tc, right_tag_moves_the_udp_port);
	tcase_add_loop_test(tc, abort_with_a_nat_cause_is_an_abort, 0, 2);
	ADD(tc, abort_with_a_nat_cause_ends_a_connect);
	ADD(tc, nat_support_does_not_keep_a_peer_from_restarting);
	ADD(tc, forward_tsn_leaves_other_associations_alone);
	ADD(tc, reconfig_after_close_with_data_in_flight_is_harmless);
	tcase_add_loop_test(
		tc, second_association_between_the_same_ports_is_refused, 0, 2);
	ADD(tc, foreign_cookie_echo_in_shutdown_is_dropped);
	ADD(tc, flood_of_inits_buys_nothing);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { attack_suite, story_suite, NULL };

	return run_suites(suites, argc, argv);
}
