/*
 * The conn layer, whatever this build prefers: what differs from the other
 * layer, and what it does about peers that the engine could confuse.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "raw_peer.h"
#include "runner.h"

#define PEER_PORT 36412

static void
raw_open_to(struct raw_peer *r, const char *addr, uint16_t port,
	    gen_sctp_socket_t server)
{
	ck_assert(raw_open(r, addr, port, rig_udp_port(server),
			   gen_sctp_port(server)));
}

START_TEST(the_library_says_that_it_is_in_force)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	ck_assert_int_eq(gen_sctp_info(&info), 0);
	ck_assert_str_eq(info.ip_layer, "conn");
	ck_assert_str_eq(info.method, "none");
	ck_assert_str_eq(info.reason, "asked for");
	ck_assert(!info.multihoming);
}
END_TEST

START_TEST(a_second_address_is_refused)
{
	struct gen_sctp_addr peers[] = { rig_addr("127.0.0.1", 5000),
					 rig_addr("127.0.0.1", 5000) };
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(rig_addr("127.0.0.1", 0)),
		gen_sctp_opt_ip(rig_addr("127.0.0.2", 0)),
	};
	gen_sctp_socket_t s;
	size_t bad;

	ck_assert_int_eq(gen_sctp_open(0, opts, 2, &s, &bad), -EOPNOTSUPP);
	s = rig_open(0, NULL, 0);
	ck_assert_int_eq(gen_sctp_connectx_init(s, peers, 2, NULL, 0, NULL),
			 -EOPNOTSUPP);
	rig_close(s);
}
END_TEST

START_TEST(an_association_has_the_address_that_the_peer_wrote_to)
{
	const char *const client_addr[] = { "127.0.0.1", NULL };
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open_on(client_addr);
	struct gen_sctp_assoc_change up;
	struct gen_sctp_addr own, want;
	gen_sctp_assoc_id_t id;

	if (!rig_has_address("127.0.0.2"))
		return;
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.2",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &up), 0);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	want = rig_addr("127.0.0.2", gen_sctp_port(server));
	ck_assert_int_eq(gen_sctp_socknames(server, id, &own, 1), 1);
	ck_assert_mem_eq(&own, &want, sizeof(own));
	ck_assert_int_eq(gen_sctp_peernames(client, up.assoc_id, &own, 1), 1);
	ck_assert_mem_eq(&own, &want, sizeof(own));
	rig_send(server, id, 0, "hello", 5);
	rig_expect_text(client, "hello");
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(the_system_chooses_an_address_and_the_association_keeps_it)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_assoc_change up;
	struct gen_sctp_addr own, want;

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &up), 0);
	want = rig_addr("127.0.0.1", gen_sctp_port(client));
	ck_assert_int_eq(gen_sctp_socknames(client, up.assoc_id, &own, 1), 1);
	ck_assert_mem_eq(&own, &want, sizeof(own));
	rig_close(client);
	rig_close(server);
}
END_TEST

static gen_sctp_socket_t
open_at(const char *addr, int port)
{
	struct gen_sctp_opt ip = gen_sctp_opt_ip(rig_addr(addr, 0));

	return rig_open(port, &ip, 1);
}

START_TEST(sockets_on_two_addresses_have_the_same_port_and_the_same_peer)
{
	gen_sctp_socket_t server = rig_listener(), a, b;
	struct gen_sctp_assoc_change up;
	gen_sctp_assoc_id_t id;

	if (!rig_has_address("127.0.0.2"))
		return;
	a = open_at("127.0.0.1", PEER_PORT);
	b = open_at("127.0.0.2", PEER_PORT);
	rig_aim(a, server);
	rig_aim(b, server);
	ck_assert_int_eq(gen_sctp_connect(a, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &up), 0);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	ck_assert_int_eq(gen_sctp_connect(b, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &up), 0);
	id = rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_send(server, id, 0, "to b", 4);
	rig_expect_text(b, "to b");
	rig_expect_nothing(a);
	rig_close(a);
	rig_close(b);
	rig_close(server);
}
END_TEST

START_TEST(a_cookie_is_worth_nothing_from_another_udp_port)
{
	static struct raw_peer a, b;
	gen_sctp_socket_t server = rig_listener();
	uint64_t dropped;

	raw_open_to(&a, "127.0.0.1", PEER_PORT, server);
	raw_open_to(&b, "127.0.0.1", PEER_PORT, server);
	ck_assert(raw_get_cookie(&a));
	dropped = rig_counter("unknown_source");
	raw_echo_cookie(&a);
	raw_send_by(&a, b.fds[0]);
	rig_expect_nothing(server);
	ck_assert_uint_eq(rig_counter("unknown_source"), dropped + 1);
	raw_echo_cookie(&a);
	raw_send(&a);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	raw_close(&a);
	raw_close(&b);
	rig_close(server);
}
END_TEST

#define STRANGERS 20000

static void
knock(struct raw_peer *stranger)
{
	stranger->port++;
	raw_begin(stranger, 0);
	raw_init(stranger, RAW_INIT);
	raw_send(stranger);
	ck_assert(raw_receive(stranger, RAW_PATIENCE));
}

START_TEST(no_number_of_strangers_hinders_a_handshake_or_an_association)
{
	static struct raw_peer friend, newcomer, stranger;
	gen_sctp_socket_t server = rig_listener();
	int i;

	raw_open_to(&friend, "127.0.0.1", PEER_PORT, server);
	raw_open_to(&newcomer, "127.0.0.1", PEER_PORT, server);
	raw_open_to(&stranger, "127.0.0.1", 1, server);
	ck_assert(raw_connect(&friend));
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	ck_assert(raw_get_cookie(&newcomer));
	for (i = 0; i < STRANGERS; i++)
		knock(&stranger);
	ck_assert(raw_say(&friend, "still here"));
	rig_expect_text(server, "still here");
	raw_echo_cookie(&newcomer);
	raw_send(&newcomer);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	ck_assert(raw_say(&newcomer, "here too"));
	rig_expect_text(server, "here too");
	raw_close(&friend);
	raw_close(&newcomer);
	raw_close(&stranger);
	rig_close(server);
}
END_TEST

static Suite *
conn_suite(void)
{
	Suite *suite = suite_create("conn");
	TCase *tc = tcase_create("conn");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_library_says_that_it_is_in_force);
	tcase_add_test(tc, a_second_address_is_refused);
	tcase_add_test(tc,
		       an_association_has_the_address_that_the_peer_wrote_to);
	tcase_add_test(
		tc, the_system_chooses_an_address_and_the_association_keeps_it);
	tcase_add_test(
		tc,
		sockets_on_two_addresses_have_the_same_port_and_the_same_peer);
	tcase_add_test(tc, a_cookie_is_worth_nothing_from_another_udp_port);
	tcase_add_test(
		tc,
		no_number_of_strangers_hinders_a_handshake_or_an_association);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { conn_suite, NULL };

	setenv("GENSCTP_IP_LAYER", "conn", 1);
	return run_suites(suites, argc, argv);
}
