/*
 * SCTP in UDP (RFC 6951), section by section, between real UDP sockets: how
 * ports are learned and followed through NATs, what ICMP does, and the path MTU.
 * docs/rfc6951.md tells which section each test is of.
 */
#include "api_rig.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw_peer.h"
#include "relay.h"
#include "runner.h"

#define PEER_PORT 36412

static void
raw_open_to(struct raw_peer *r, const char *addr, gen_sctp_socket_t server)
{
	ck_assert(raw_open(r, addr, PEER_PORT, rig_udp_port(server),
			   gen_sctp_port(server)));
}

/* From its UDP socket, or from another one. */
static void
say_by(struct raw_peer *r, const char *text, int fd)
{
	raw_begin(r, r->their_tag);
	raw_data(r, text);
	raw_send_by(r, fd);
}

/* --------------------------------------------------- 5.4: ports followed */

/* Both ends send 200 messages, and the NAT takes another port after some. */
START_TEST(a_new_port_in_mid_transfer_loses_nothing)
{
	enum { MESSAGES = 200, SIZE = 5000 };
	static uint8_t data[SIZE];
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	rig_impatient_assoc(p.server, p.server_assoc, 200);
	rig_impatient_assoc(p.client, p.client_assoc, 200);
	for (unsigned int i = 0; i < MESSAGES; i++) {
		rig_fill(data, SIZE, i);
		rig_send(p.client, p.client_assoc, 0, data, SIZE);
		rig_send(p.server, p.server_assoc, 0, data, SIZE);
		if (i % 50 == 20)
			relay_rebind(r);
		if (i % 10 != 9)
			continue;
		for (unsigned int j = i - 9; j <= i; j++) {
			rig_fill(data, SIZE, j);
			rig_expect_data(p.server, data, SIZE);
			rig_expect_data(p.client, data, SIZE);
		}
	}
	rig_pair_close_relayed(&p, r);
}
END_TEST

static struct gen_sctp_paddrparams
heartbeats(gen_sctp_assoc_id_t assoc, uint32_t ms)
{
	return (struct gen_sctp_paddrparams){
		.set = GEN_SCTP_PADDRPARAMS_FLAGS |
		       GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.assoc_id = assoc,
		.flags = GEN_SCTP_HB_ENABLE,
		.hbinterval = ms,
	};
}

/* Nothing is sent but heartbeats, and those of the client tell the server where
 * it is now. */
START_TEST(heartbeats_of_the_inner_side_keep_the_server_informed)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);
	unsigned int before;

	rig_impatient_assoc(p.client, p.client_assoc, 50);
	rig_set(p.client, gen_sctp_opt_peer_addr_params(
				  heartbeats(p.client_assoc, 100)));
	relay_rebind(r);
	before = relay_count(r, RELAY_TO_SERVER, CHUNK_HEARTBEAT);
	relay_await(r, RELAY_TO_SERVER, CHUNK_HEARTBEAT, before + 3);
	rig_send(p.server, p.server_assoc, 0, "found", 5);
	rig_expect_text(p.client, "found");
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* What the server sends to the port that was is lost; the client's next packet
 * brings it back. */
START_TEST(what_went_to_the_old_port_arrives_once_the_client_speaks)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	rig_impatient_assoc(p.server, p.server_assoc, 200);
	relay_rebind(r);
	rig_send(p.server, p.server_assoc, 0, "into the dark", 13);
	rig_expect_nothing(p.client);
	rig_send(p.client, p.client_assoc, 0, "here", 4);
	rig_expect_text(p.server, "here");
	rig_expect_text(p.client, "into the dark");
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* The INIT ACK tells where a peer is that was called at another port. */
START_TEST(a_port_is_learned_from_the_init_ack)
{
	static struct raw_peer called, answers;
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	gen_sctp_assoc_id_t id;
	struct raw_chunk c;

	raw_open_to(&called, "127.0.0.1", s);
	raw_open_to(&answers, "127.0.0.1", s);
	rig_aim_at(s, raw_udp_port(&called));
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1", PEER_PORT, NULL,
					       0, 0),
			 0);
	/* Further packets come to, and leave by, the other socket. */
	ck_assert(raw_receive(&called, RAW_PATIENCE));
	ck_assert(raw_find(&called, RAW_INIT, &c));
	called.their_port = (uint16_t)gen_sctp_port(s);
	memcpy(&called.their_tag, c.at + 4, sizeof(called.their_tag));
	called.their_tag = ntohl(called.their_tag);
	raw_begin(&called, called.their_tag);
	raw_init(&called, RAW_INIT_ACK);
	raw_param(&called, RAW_STATE_COOKIE, "a cookie", 8);
	raw_send_by(&called, answers.fds[0]);
	ck_assert(raw_await(&answers, RAW_COOKIE_ECHO, &c, RAW_PATIENCE));
	raw_begin(&called, called.their_tag);
	raw_chunk(&called, RAW_COOKIE_ACK, 0, RAW_NOTHING);
	raw_send_by(&called, answers.fds[0]);
	id = rig_expect_change(s, GEN_SCTP_COMM_UP);
	rig_send(s, id, 0, "there", 5);
	ck_assert(raw_await_text(&answers, "there", RAW_PATIENCE));
	ck_assert_int_eq(gen_sctp_abort(s, id), 0);
	raw_close(&called);
	raw_close(&answers);
	rig_close(s);
}
END_TEST

/* A tag proves a UDP port, not an address (that is ASCONF's, with AUTH): packets
 * from elsewhere change nothing, and the association lives on when the NAT has
 * its old address again. */
START_TEST(another_address_is_not_followed)
{
	static struct raw_peer peer, elsewhere;
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_assoc_id_t id;
	uint64_t dropped;

	if (!rig_has_address("127.0.0.2"))
		return;
	raw_open_to(&peer, "127.0.0.1", server);
	raw_open_to(&elsewhere, "127.0.0.2", server);
	ck_assert(raw_connect(&peer));
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	dropped = rig_counter("unknown_source");
	say_by(&peer, "moved", elsewhere.fds[0]);
	rig_expect_nothing(server);
	ck_assert_uint_eq(rig_counter("unknown_source"), dropped + 1);
	rig_send(server, id, 0, "as before", 9);
	ck_assert(raw_await_text(&peer, "as before", RAW_PATIENCE));
	/* Both numbers were used up by what was not taken. */
	peer.tsn--;
	peer.ssn--;
	ck_assert(raw_say(&peer, "back"));
	rig_expect_text(server, "back");
	ck_assert_int_eq(gen_sctp_abort(server, id), 0);
	raw_close(&peer);
	raw_close(&elsewhere);
	rig_close(server);
}
END_TEST

static void
give_up_soon(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_assocparams params = {
		.set = GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT,
		.assoc_id = assoc,
		.asocmaxrxt = 2,
	};

	rig_impatient_assoc(s, assoc, 50);
	rig_set(s, gen_sctp_opt_associnfo(params));
}

static void
expect_loss(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg;

	rig_expect_error(s, GEN_SCTP_SEND_FAILED, &msg);
	gen_sctp_msg_free(&msg);
	rig_expect_change(s, GEN_SCTP_COMM_LOST);
}

/* A NAT with another address, for good: both sides are told that it is over, and
 * connecting again works. */
START_TEST(a_lost_address_ends_the_association_and_the_next_one_works)
{
	struct rig_pair p;
	struct relay *r = rig_pair_open_relayed(&p);

	give_up_soon(p.server, p.server_assoc);
	give_up_soon(p.client, p.client_assoc);
	relay_set_both(r, RELAY_LOSE);
	rig_send(p.server, p.server_assoc, 0, "anybody?", 8);
	rig_send(p.client, p.client_assoc, 0, "anybody?", 8);
	expect_loss(p.server);
	expect_loss(p.client);
	rig_relay_close(r);
	r = rig_connect_relayed(&p);
	rig_send(p.server, p.server_assoc, 0, "again", 5);
	rig_expect_text(p.client, "again");
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* ------------------------------------------------- restart behind a NAT */

START_TEST(a_peer_restarts_at_the_port_that_it_moved_to)
{
	static struct raw_peer before, after;
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_assoc_id_t id;

	raw_open_to(&before, "127.0.0.1", server);
	raw_open_to(&after, "127.0.0.1", server);
	ck_assert(raw_connect(&before));
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	say_by(&before, "moved", after.fds[0]);
	rig_expect_text(server, "moved");
	ck_assert(raw_connect(&after));
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART), id);
	ck_assert(raw_say(&after, "restarted"));
	rig_expect_text(server, "restarted");
	rig_send(server, id, 0, "welcome", 7);
	ck_assert(raw_await_text(&after, "welcome", RAW_PATIENCE));
	ck_assert_int_eq(gen_sctp_abort(server, id), 0);
	raw_close(&before);
	raw_close(&after);
	rig_close(server);
}
END_TEST

/* -------------------------------- several peers behind one NAT's address */

/* Peers of 127.0.0.1 with one SCTP port, and what the server calls them. */
#define PEERS 3
static struct raw_peer peers[PEERS];
static gen_sctp_assoc_id_t ids[PEERS];

static void
peer_comes(gen_sctp_socket_t server, int i)
{
	ck_assert(raw_connect(&peers[i]));
	ids[i] = rig_expect_change(server, GEN_SCTP_COMM_UP);
}

static gen_sctp_socket_t
peers_come(void)
{
	gen_sctp_socket_t server = rig_listener();

	for (int i = 0; i < PEERS; i++) {
		raw_open_to(&peers[i], "127.0.0.1", server);
		peer_comes(server, i);
	}
	return server;
}

static void
peers_go(gen_sctp_socket_t server)
{
	rig_set(server,
		gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(server);
	for (int i = 0; i < PEERS; i++)
		raw_close(&peers[i]);
}

/* Data of this one, both ways, with its address. */
static void
lives(gen_sctp_socket_t server, int i)
{
	struct gen_sctp_addr want = rig_addr("127.0.0.1", PEER_PORT);
	char text[32], buf[32];
	struct gen_sctp_msg msg;
	int len = snprintf(text, sizeof(text), "peer %d", i);

	ck_assert(raw_say(&peers[i], text));
	ck_assert_int_eq(rig_recv(server, buf, sizeof(buf), &msg), len);
	ck_assert_mem_eq(buf, text, (size_t)len);
	ck_assert_uint_eq(msg.info.assoc_id, ids[i]);
	ck_assert_mem_eq(&msg.from, &want, sizeof(want));
	gen_sctp_msg_free(&msg);
	rig_send(server, ids[i], 0, text, (size_t)len);
	ck_assert(raw_await_text(&peers[i], text, RAW_PATIENCE));
}

static void
all_live(gen_sctp_socket_t server)
{
	for (int i = 0; i < PEERS; i++)
		lives(server, i);
}

START_TEST(peers_that_differ_in_the_udp_port_only_are_several)
{
	struct gen_sctp_addr addr, want = rig_addr("127.0.0.1", PEER_PORT);
	gen_sctp_socket_t server = peers_come();
	int i;

	for (i = 0; i < PEERS; i++) {
		ck_assert_int_eq(gen_sctp_peernames(server, ids[i], &addr, 1),
				 1);
		ck_assert_mem_eq(&addr, &want, sizeof(addr));
	}
	all_live(server);
	all_live(server);
	peers_go(server);
}
END_TEST

/* This one is lost; the others stay, and it comes again. */
static void
expect_lost_and_again(gen_sctp_socket_t server, int i)
{
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_COMM_LOST),
			  ids[i]);
	raw_reboot(&peers[i]);
	peer_comes(server, i);
	all_live(server);
	peers_go(server);
}

/* Each of them ends, by an abort of ours, and comes again. */
START_TEST(one_of_several_ends_and_comes_again)
{
	gen_sctp_socket_t server = peers_come();
	struct raw_chunk c;

	ck_assert_int_eq(gen_sctp_abort(server, ids[_i]), 0);
	ck_assert(raw_await(&peers[_i], RAW_ABORT, &c, RAW_PATIENCE));
	expect_lost_and_again(server, _i);
}
END_TEST

START_TEST(one_of_several_aborts)
{
	gen_sctp_socket_t server = peers_come();

	raw_begin(&peers[_i], peers[_i].their_tag);
	raw_chunk(&peers[_i], RAW_ABORT, 0, RAW_NOTHING);
	raw_send(&peers[_i]);
	expect_lost_and_again(server, _i);
}
END_TEST

/* It does not know the association any more, and says so with the tag that came
 * (RFC 9260 8.4). */
START_TEST(one_of_several_has_forgotten)
{
	gen_sctp_socket_t server = peers_come();

	raw_begin(&peers[_i], peers[_i].tag);
	raw_chunk(&peers[_i], RAW_ABORT, 1, RAW_NOTHING);
	raw_send(&peers[_i]);
	expect_lost_and_again(server, _i);
}
END_TEST

START_TEST(one_of_several_restarts)
{
	gen_sctp_socket_t server = peers_come();

	all_live(server);
	for (int times = 0; times < 3; times++) {
		raw_reboot(&peers[_i]);
		ck_assert(raw_connect(&peers[_i]));
		ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART),
				  ids[_i]);
		all_live(server);
	}
	peers_go(server);
}
END_TEST

START_TEST(one_of_several_moves_to_another_port)
{
	gen_sctp_socket_t server = peers_come();
	static struct raw_peer moved;

	raw_open_to(&moved, "127.0.0.1", server);
	close(peers[_i].fds[0]);
	peers[_i].fds[0] = moved.fds[0];
	all_live(server);
	raw_reboot(&peers[_i]);
	ck_assert(raw_connect(&peers[_i]));
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART),
			  ids[_i]);
	all_live(server);
	peers_go(server);
}
END_TEST

/* All have their cookies before the first one is up. */
START_TEST(several_peers_come_at_once)
{
	gen_sctp_socket_t server = rig_listener();
	int i;

	for (i = 0; i < PEERS; i++) {
		raw_open_to(&peers[i], "127.0.0.1", server);
		ck_assert(raw_get_cookie(&peers[i]));
	}
	for (i = PEERS; i-- > 0;) {
		raw_echo_cookie(&peers[i]);
		raw_send(&peers[i]);
		ids[i] = rig_expect_change(server, GEN_SCTP_COMM_UP);
	}
	all_live(server);
	peers_go(server);
}
END_TEST

/* An INIT sent twice is answered twice, and only one of the cookies is used. */
START_TEST(a_second_cookie_makes_no_second_association)
{
	gen_sctp_socket_t server = peers_come();
	struct raw_peer *last = &peers[PEERS - 1];
	static struct raw_peer first;

	ck_assert_int_eq(gen_sctp_abort(server, ids[PEERS - 1]), 0);
	rig_expect_change(server, GEN_SCTP_COMM_LOST);
	raw_drain(last);
	raw_reboot(last);
	ck_assert(raw_get_cookie(last));
	first = *last;
	ck_assert(raw_get_cookie(last));
	raw_echo_cookie(last);
	raw_send(last);
	ids[PEERS - 1] = rig_expect_change(server, GEN_SCTP_COMM_UP);
	raw_echo_cookie(&first);
	raw_send(&first);
	rig_expect_nothing(server);
	all_live(server);
	peers_go(server);
}
END_TEST

/* The server has no association with it: RFC 9260 8.4, whoever else is there. */
START_TEST(a_neighbour_that_is_not_known_is_told_so)
{
	gen_sctp_socket_t server = peers_come();
	static struct raw_peer unknown;
	struct raw_chunk c;

	raw_open_to(&unknown, "127.0.0.1", server);
	raw_begin(&unknown, 0x12345678);
	raw_data(&unknown, "do you remember?");
	raw_send(&unknown);
	ck_assert(raw_await(&unknown, RAW_ABORT, &c, RAW_PATIENCE));
	ck_assert_uint_eq(c.flags & 1, 1);
	all_live(server);
	raw_close(&unknown);
	peers_go(server);
}
END_TEST

/* ---- with several addresses, in the layer that knows them */

static bool
second_addresses_come(void)
{
	if (!rig_has_multihoming() || !rig_has_address("127.0.0.3"))
		return false;
	for (int i = 0; i < PEERS; i++)
		ck_assert(raw_add_path(&peers[i], "127.0.0.3"));
	return true;
}

static gen_sctp_socket_t
peers_come_by_two_paths(void)
{
	gen_sctp_socket_t server = rig_listener();

	for (int i = 0; i < PEERS; i++)
		raw_open_to(&peers[i], "127.0.0.1", server);
	if (!second_addresses_come()) {
		peers_go(server);
		return 0;
	}
	for (int i = 0; i < PEERS; i++)
		peer_comes(server, i);
	return server;
}

/* HEARTBEATs are answered while the peer waits for one. */
static void
await_confirmed(gen_sctp_socket_t server, int i, struct gen_sctp_addr addr)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_GET_PEER_ADDR_INFO);
	struct raw_chunk c;

	do {
		raw_await(&peers[i], RAW_HEARTBEAT, &c, RIG_QUIET);
		opt.value.get_peer_addr_info.assoc_id = ids[i];
		opt.value.get_peer_addr_info.address = addr;
		ck_assert_int_eq(gen_sctp_getopts(server, &opt, 1, NULL), 0);
	} while (opt.value.get_peer_addr_info.state != GEN_SCTP_PATH_ACTIVE);
}

START_TEST(further_paths_of_several_peers_are_told_apart)
{
	gen_sctp_socket_t server = peers_come_by_two_paths();
	struct gen_sctp_prim primary = {
		.addr = rig_addr("127.0.0.3", PEER_PORT),
	};

	if (server == 0)
		return;
	for (int i = 0; i < PEERS; i++) {
		await_confirmed(server, i, primary.addr);
		primary.assoc_id = ids[i];
		rig_set(server, gen_sctp_opt_primary_addr(primary));
		rig_send(server, ids[i], 0, "second", 6);
		ck_assert(raw_await_text(&peers[i], "second", RAW_PATIENCE));
		ck_assert_int_eq(peers[i].in_fd, peers[i].fds[1]);
		say_by(&peers[i], "by the second", peers[i].fds[1]);
		rig_expect_text(server, "by the second");
	}
	all_live(server);
	peers_go(server);
}
END_TEST

START_TEST(one_of_several_with_two_addresses_restarts)
{
	gen_sctp_socket_t server = peers_come_by_two_paths();

	if (server == 0)
		return;
	raw_reboot(&peers[_i]);
	ck_assert(raw_connect(&peers[_i]));
	ck_assert_uint_eq(rig_expect_change(server, GEN_SCTP_RESTART),
			  ids[_i]);
	all_live(server);
	peers_go(server);
}
END_TEST

/* Behind two NATs, and each tells the same private address: a mistake (5.7), but
 * a common one. */
START_TEST(peers_that_list_the_same_private_address_are_two)
{
	static const uint8_t private_addr[] = { 127, 0, 0, 9 };
	static const char *const at[] = { "127.0.0.1", "127.0.0.2" };
	static const char *const one[] = { "127.0.0.1", NULL };
	static struct raw_peer two[2];
	gen_sctp_socket_t server = rig_open_on(one);
	gen_sctp_assoc_id_t id[2];
	struct raw_chunk c;

	if (!rig_has_address("127.0.0.2"))
		return;
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	for (int i = 0; i < 2; i++) {
		raw_open_to(&two[i], at[i], server);
		two[i].lists = private_addr;
		ck_assert(raw_connect(&two[i]));
		id[i] = rig_expect_change(server, GEN_SCTP_COMM_UP);
	}
	for (int i = 0; i < 2; i++) {
		rig_send(server, id[i], 0, at[i], 9);
		ck_assert(raw_await_text(&two[i], at[i], RAW_PATIENCE));
		ck_assert(raw_say(&two[i], at[i]));
		rig_expect_text(server, at[i]);
	}
	ck_assert_int_eq(gen_sctp_abort(server, id[0]), 0);
	ck_assert(raw_await(&two[0], RAW_ABORT, &c, RAW_PATIENCE));
	ck_assert_int_eq(gen_sctp_abort(server, id[1]), 0);
	ck_assert(raw_await(&two[1], RAW_ABORT, &c, RAW_PATIENCE));
	for (int i = 0; i < 2; i++)
		raw_close(&two[i]);
	rig_close(server);
}
END_TEST

/* Options that name an address, and messages sent to one of them. */
START_TEST(an_address_of_one_of_several_is_known_by_its_own_port)
{
	gen_sctp_socket_t server = peers_come();
	const struct gen_sctp_addr addr = rig_addr("127.0.0.1", PEER_PORT);
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_GET_PEER_ADDR_INFO);
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ADDR_OVER };

	for (int i = 0; i < PEERS; i++) {
		opt.value.get_peer_addr_info.assoc_id = ids[i];
		opt.value.get_peer_addr_info.address = addr;
		ck_assert_int_eq(gen_sctp_getopts(server, &opt, 1, NULL), 0);
		ck_assert_mem_eq(&opt.value.get_peer_addr_info.address, &addr,
				 sizeof(addr));
		ck_assert_int_eq(opt.value.get_peer_addr_info.state,
				 GEN_SCTP_PATH_ACTIVE);
		info.assoc_id = ids[i];
		ck_assert_int_eq(gen_sctp_sendmsg(server, &info, &addr, "over",
						  4),
				 0);
		ck_assert(raw_await_text(&peers[i], "over", RAW_PATIENCE));
	}
	peers_go(server);
}
END_TEST

/* ------------------------------------------------------------- 5.5: ICMP */

/* The peer's UDP socket is gone for a while: the system's "port unreachable"
 * proves no tag, so it ends nothing, and what was sent arrives. */
START_TEST(port_unreachable_ends_no_association)
{
	static struct raw_peer peer;
	gen_sctp_socket_t server = rig_listener(), other;
	struct rig_pair p = { .server = server };
	struct sockaddr_in at;
	gen_sctp_assoc_id_t id;
	int fd;

	raw_open_to(&peer, "127.0.0.1", server);
	ck_assert(raw_connect(&peer));
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_impatient_assoc(server, id, 100);
	at = peer.at[0];
	close(peer.fds[0]);
	rig_send(server, id, 0, "wait for it", 11);
	/* Whatever ICMP left on the socket is in nobody's way. */
	p.client = other = rig_open(0, NULL, 0);
	rig_aim(other, server);
	rig_connect(&p, "127.0.0.1");
	rig_send(other, p.client_assoc, 0, "meanwhile", 9);
	rig_expect_text(server, "meanwhile");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	peer.fds[0] = fd;
	ck_assert(raw_await_text(&peer, "wait for it", RAW_PATIENCE));
	ck_assert_int_eq(gen_sctp_abort(server, id), 0);
	raw_close(&peer);
	rig_close(other);
	rig_close(server);
}
END_TEST

/* --------------------------------------------------------- 5.6: path MTU */

#define IP_AND_UDP (20 + 8)

static const uint32_t mtus[] = { 576, 1280, 1400, 1500, 4096 };
#define MTUS (int)(sizeof(mtus) / sizeof(mtus[0]))

/* All of a message of 20 packets; returns the longest one. */
static size_t
longest_packet(struct raw_peer *r, size_t len)
{
	size_t longest = 0, got = 0, offset;
	struct raw_chunk c;

	while (got < len && raw_await(r, RAW_DATA, &c, RAW_PATIENCE)) {
		offset = 0;
		while (raw_next(r, &offset, &c))
			if (c.type == RAW_DATA)
				got += c.len - 16;
		if (r->in_len > longest)
			longest = r->in_len;
	}
	return longest;
}

/* An IP packet, UDP's header in it, is as long as the path MTU says, or what is
 * missing to a multiple of 4. */
START_TEST(the_udp_header_counts_in_the_path_mtu)
{
	static uint8_t data[65536];
	static struct raw_peer peer;
	gen_sctp_socket_t server = rig_listener();
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_FLAGS |
		       GEN_SCTP_PADDRPARAMS_PATHMTU,
		.flags = GEN_SCTP_PMTUD_DISABLE,
		.pathmtu = mtus[_i],
	};
	size_t len = 20 * mtus[_i] < sizeof(data) ? 20 * mtus[_i] :
						    sizeof(data);
	gen_sctp_assoc_id_t id;
	size_t longest;

	rig_set(server, gen_sctp_opt_peer_addr_params(params));
	raw_open_to(&peer, "127.0.0.1", server);
	ck_assert(raw_connect(&peer));
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_send(server, id, 0, data, len);
	longest = longest_packet(&peer, len);
	ck_assert_uint_le(longest + IP_AND_UDP, mtus[_i]);
	ck_assert_uint_gt(longest + IP_AND_UDP, mtus[_i] - 24);
	ck_assert_int_eq(gen_sctp_abort(server, id), 0);
	raw_close(&peer);
	rig_close(server);
}
END_TEST

static Suite *
rfc6951_suite(void)
{
	Suite *suite = suite_create("rfc6951");
	TCase *tc = tcase_create("rfc6951");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_new_port_in_mid_transfer_loses_nothing);
	tcase_add_test(tc,
		       heartbeats_of_the_inner_side_keep_the_server_informed);
	tcase_add_test(
		tc, what_went_to_the_old_port_arrives_once_the_client_speaks);
	tcase_add_test(tc, a_port_is_learned_from_the_init_ack);
	tcase_add_test(tc, another_address_is_not_followed);
	tcase_add_test(
		tc,
		a_lost_address_ends_the_association_and_the_next_one_works);
	tcase_add_test(tc, a_peer_restarts_at_the_port_that_it_moved_to);
	tcase_add_test(tc, peers_that_differ_in_the_udp_port_only_are_several);
	tcase_add_loop_test(tc, one_of_several_ends_and_comes_again, 0, PEERS);
	tcase_add_loop_test(tc, one_of_several_aborts, 0, PEERS);
	tcase_add_loop_test(tc, one_of_several_has_forgotten, 0, PEERS);
	tcase_add_loop_test(tc, one_of_several_restarts, 0, PEERS);
	tcase_add_loop_test(tc, one_of_several_moves_to_another_port, 0, PEERS);
	tcase_add_test(tc, several_peers_come_at_once);
	tcase_add_test(tc, a_second_cookie_makes_no_second_association);
	tcase_add_test(tc, a_neighbour_that_is_not_known_is_told_so);
	tcase_add_test(tc, further_paths_of_several_peers_are_told_apart);
	tcase_add_loop_test(tc, one_of_several_with_two_addresses_restarts, 0,
			    PEERS);
	tcase_add_test(tc, peers_that_list_the_same_private_address_are_two);
	tcase_add_test(tc,
		       an_address_of_one_of_several_is_known_by_its_own_port);
	tcase_add_test(tc, port_unreachable_ends_no_association);
	tcase_add_loop_test(tc, the_udp_header_counts_in_the_path_mtu, 0, MTUS);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { rfc6951_suite, NULL };

	return run_suites(suites, argc, argv);
}
