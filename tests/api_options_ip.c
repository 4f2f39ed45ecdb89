/*
 * What IP headers say: of packets that leave, and of packets that came.
 */
#include "api_options.h"
#include "relay.h"

#define EF 0xb8   /* expedited forwarding (RFC 3246) */
#define AF11 0x28 /* assured forwarding (RFC 2597) */

static const bool ipv6[] = { false, true };

/* A message from the server, so that it is in the client's queue. */
static void
send_and_receive(gen_sctp_socket_t from, gen_sctp_assoc_id_t assoc,
		 gen_sctp_socket_t to, struct gen_sctp_msg *msg)
{
	char text[] = "text";

	rig_send(from, assoc, 0, text, sizeof(text));
	rig_recv(to, text, sizeof(text), msg);
	ck_assert_int_eq(msg->kind, GEN_SCTP_MSG_DATA);
	gen_sctp_msg_free(msg);
}

/* ------------------------------------------------------------------ sent */

struct expected {
	struct relay *r;
	enum relay_way way;
	int tos; /* without ECN */
	int ttl;
};

static bool
marked_so(void *arg)
{
	const struct expected *e = arg;
	struct relay_marks marks = relay_marks(e->r, e->way);

	return (marks.tos & 0xfc) == e->tos && marks.ttl == e->ttl;
}

static void
expect_marks(struct relay *r, enum relay_way way, int tos, int ttl)
{
	struct expected e = { r, way, tos, ttl };

	ck_assert(rig_until(marked_so, &e));
}

static void
set_marks(gen_sctp_socket_t s, int tos, int ttl)
{
	rig_set(s, gen_sctp_opt_tos(tos));
	rig_set(s, gen_sctp_opt_ttl(ttl));
}

START_TEST(packets_leave_with_tos_and_ttl)
{
	struct relay *r;

	rig_pair_close(&pair);
	r = rig_pair_open_relayed(&pair);
	set_marks(pair.client, EF | 3, 33); /* ECN is not for us */
	rig_send(pair.client, pair.client_assoc, 0, "x", 1);
	expect_marks(r, RELAY_TO_SERVER, EF, 33);
	expect_marks(r, RELAY_TO_CLIENT, 0, 64);
	set_marks(pair.server, AF11, 255);
	rig_send(pair.server, pair.server_assoc, 0, "x", 1);
	expect_marks(r, RELAY_TO_CLIENT, AF11, 255);
	set_marks(pair.client, 0, 0);
	rig_send(pair.client, pair.client_assoc, 0, "x", 1);
	expect_marks(r, RELAY_TO_SERVER, 0, 64);
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

START_TEST(the_first_packet_of_a_handshake_has_tos_and_ttl_already)
{
	struct gen_sctp_opt opts[] = { gen_sctp_opt_tos(EF),
				       gen_sctp_opt_ttl(44) };
	gen_sctp_socket_t s = rig_open(0, opts, 2);
	struct relay *r = relay_open(rig_udp_port(pair.server), 0);

	relay_set(r, RELAY_TO_SERVER, RELAY_LOSE);
	rig_aim_at(s, relay_port_for_client(r));
	ck_assert_int_eq(gen_sctp_connect_init(s, "127.0.0.1",
					       gen_sctp_port(pair.server),
					       NULL, 0, -1),
			 0);
	relay_await(r, RELAY_TO_SERVER, CHUNK_INIT, 1);
	expect_marks(r, RELAY_TO_SERVER, EF, 44);
	rig_close(s);
	relay_close(r);
}
END_TEST

START_TEST(a_peeled_off_socket_has_tos_and_ttl_of_its_own)
{
	gen_sctp_socket_t peeled;
	struct relay *r;

	rig_pair_close(&pair);
	r = rig_pair_open_relayed(&pair);
	set_marks(pair.client, EF, 33);
	ck_assert_int_eq(gen_sctp_peeloff(pair.client, pair.client_assoc,
					  &peeled),
			 0);
	set_marks(pair.client, AF11, 44);
	rig_send(peeled, 0, 0, "x", 1);
	expect_marks(r, RELAY_TO_SERVER, EF, 33);
	set_marks(peeled, 0x20, 55);
	rig_send(peeled, 0, 0, "x", 1);
	expect_marks(r, RELAY_TO_SERVER, 0x20, 55);
	rig_close(pair.client);
	rig_send(peeled, 0, 0, "x", 1);
	expect_marks(r, RELAY_TO_SERVER, 0x20, 55);
	pair.client = peeled;
	rig_pair_close_relayed(&pair, r);
	rig_pair_open(&pair);
}
END_TEST

START_TEST(priority_is_a_class_of_either_family)
{
	struct gen_sctp_opt family = gen_sctp_opt_family(GEN_SCTP_INET6);
	gen_sctp_socket_t s = rig_open(0, &family, 1);

	rig_set(s, gen_sctp_opt_priority(_i));
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_PRIORITY), _i);
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_TOS), 32 * _i);
	ck_assert_int_eq(number_of(s, GEN_SCTP_OPT_TCLASS), 32 * _i);
	rig_close(s);
}
END_TEST

START_TEST(without_gateways_loopback_is_reached)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	rig_set(pair.client, gen_sctp_opt_dontroute(true));
	send_and_receive(pair.client, pair.client_assoc, pair.server, &msg);
	ck_assert(got(pair.client, gen_sctp_opt_get(GEN_SCTP_OPT_DONTROUTE))
			  .value.flag);
}
END_TEST

/* -------------------------------------------------------------- received */

static void
open_pair_of(bool six)
{
	struct gen_sctp_opt family = gen_sctp_opt_family(
		six ? GEN_SCTP_INET6 : GEN_SCTP_INET);

	rig_pair_close(&pair);
	pair.server = rig_open(0, &family, 1);
	pair.client = rig_open(0, &family, 1);
	ck_assert_int_eq(gen_sctp_listen(pair.server, 5), 0);
	rig_connect(&pair, six ? "::1" : "127.0.0.1");
}

static void
report_all(gen_sctp_socket_t s, bool six, bool on)
{
	rig_set(s, gen_sctp_opt_recvtos(on));
	rig_set(s, gen_sctp_opt_recvttl(on));
	if (six)
		rig_set(s, gen_sctp_opt_recvtclass(on));
}

START_TEST(tos_and_ttl_of_packets_come_with_the_data)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	bool six = ipv6[_i];

	if (six && !rig_has_address("::1"))
		return;
	open_pair_of(six);
	report_all(pair.server, six, true);
	rig_set(pair.client, six ? gen_sctp_opt_tclass(EF)
				 : gen_sctp_opt_tos(EF));
	rig_set(pair.client, gen_sctp_opt_ttl(99));
	send_and_receive(pair.client, pair.client_assoc, pair.server, &msg);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO |
					   GEN_SCTP_ANC_TTL |
					   (six ? GEN_SCTP_ANC_TCLASS
						: GEN_SCTP_ANC_TOS));
	ck_assert_uint_eq((six ? msg.tclass : msg.tos) & 0xfc, EF);
	ck_assert_uint_eq(msg.ttl, 99);
	report_all(pair.server, six, false);
	send_and_receive(pair.client, pair.client_assoc, pair.server, &msg);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO);
}
END_TEST

START_TEST(an_ipv6_socket_tells_tos_of_ipv4_packets)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct gen_sctp_opt family = gen_sctp_opt_family(GEN_SCTP_INET6);

	if (!rig_has_address("::1"))
		return;
	rig_pair_close(&pair);
	pair.server = rig_open(0, &family, 1);
	pair.client = rig_open(0, NULL, 0);
	ck_assert_int_eq(gen_sctp_listen(pair.server, 5), 0);
	rig_connect(&pair, "127.0.0.1");
	report_all(pair.server, true, true);
	rig_set(pair.client, gen_sctp_opt_tos(AF11));
	send_and_receive(pair.client, pair.client_assoc, pair.server, &msg);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO | GEN_SCTP_ANC_TOS |
					   GEN_SCTP_ANC_TTL);
	ck_assert_uint_eq(msg.tos & 0xfc, AF11);
}
END_TEST

START_TEST(what_is_told_can_be_told_after_the_end)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char text[] = "text";

	rig_set(pair.server, gen_sctp_opt_recvttl(true));
	rig_set(pair.client, gen_sctp_opt_ttl(77));
	rig_send(pair.client, pair.client_assoc, 0, text, sizeof(text));
	ck_assert_int_eq(gen_sctp_eof(pair.client, pair.client_assoc), 0);
	rig_await_end(pair.client, pair.client_assoc);
	rig_recv(pair.server, text, sizeof(text), &msg);
	ck_assert(msg.anc & GEN_SCTP_ANC_TTL);
	ck_assert_uint_eq(msg.ttl, 77);
	gen_sctp_msg_free(&msg);
}
END_TEST

START_TEST(what_was_not_asked_for_does_not_come)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

	rig_set(pair.server, gen_sctp_opt_recvtos(true));
	send_and_receive(pair.client, pair.client_assoc, pair.server, &msg);
	ck_assert_uint_eq(msg.anc, GEN_SCTP_ANC_SNDRCVINFO | GEN_SCTP_ANC_TOS);
}
END_TEST

/* --------------------------------------------------------- IPv4 as IPv6 */

/* ::ffff:127.0.0.1 */
static bool
is_mapped(const struct gen_sctp_addr *addr)
{
	return addr->family == GEN_SCTP_INET6 && addr->ip[10] == 0xff &&
	       addr->ip[11] == 0xff && addr->ip[12] == 127;
}

static void
open_mapped_pair(void)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		gen_sctp_opt_i_want_mapped_v4_addr(true),
	};

	rig_pair_close(&pair);
	pair.server = rig_listener();
	pair.client = rig_open(0, opts, 2);
	rig_connect(&pair, "127.0.0.1");
}

START_TEST(addresses_come_mapped_if_one_wants_it)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct gen_sctp_addr addr;

	open_mapped_pair();
	send_and_receive(pair.server, pair.server_assoc, pair.client, &msg);
	ck_assert(is_mapped(&msg.from));
	ck_assert_int_ge(gen_sctp_peernames(pair.client, pair.client_assoc,
					    &addr, 1),
			 1);
	ck_assert(is_mapped(&addr));
	opt.value.status.assoc_id = pair.client_assoc;
	opt = got(pair.client, opt);
	ck_assert(is_mapped(&opt.value.status.primary.address));
	rig_set(pair.client, gen_sctp_opt_i_want_mapped_v4_addr(false));
	opt = got(pair.client, opt);
	ck_assert_int_eq(opt.value.status.primary.address.family,
			 GEN_SCTP_INET);
}
END_TEST

START_TEST(mapped_addresses_can_be_given)
{
	struct gen_sctp_sndrcvinfo info = { .flags = GEN_SCTP_ADDR_OVER };
	struct gen_sctp_paddrinfo info_of_path;
	struct gen_sctp_opt opt;
	struct gen_sctp_addr addr;

	open_mapped_pair();
	ck_assert_int_ge(gen_sctp_peernames(pair.client, pair.client_assoc,
					    &addr, 1),
			 1);
	ck_assert(is_mapped(&addr));
	info_of_path = path_info(pair.client, addr);
	ck_assert(is_mapped(&info_of_path.address));
	opt = gen_sctp_opt_get(GEN_SCTP_OPT_PEER_ADDR_PARAMS);
	opt.value.peer_addr_params.address = addr;
	opt = got(pair.client, opt);
	ck_assert(is_mapped(&opt.value.peer_addr_params.address));
	ck_assert_int_eq(set(pair.client, opt), 0);
	info.assoc_id = pair.client_assoc;
	ck_assert_int_eq(gen_sctp_sendmsg(pair.client, &info, &addr, "x", 1),
			 0);
	rig_expect_data(pair.server, "x", 1);
	ck_assert_int_eq(gen_sctp_connectx_init(pair.client, &addr, 1, NULL, 0,
						NULL),
			 -EISCONN);
}
END_TEST

START_TEST(a_socket_can_be_bound_to_a_mapped_address)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(rig_addr("::1", 0)),
		gen_sctp_opt_i_want_mapped_v4_addr(true),
	};
	struct gen_sctp_addr *ip = &opts[0].value.addr;
	struct gen_sctp_addr name;

	memset(ip->ip, 0, sizeof(ip->ip));
	ip->ip[10] = ip->ip[11] = 0xff;
	ip->ip[12] = 127;
	ip->ip[15] = 1;
	rig_pair_close(&pair);
	pair.server = rig_open(0, opts, 2);
	ck_assert_int_eq(gen_sctp_sockname(pair.server, &name), 0);
	ck_assert(is_mapped(&name));
	ck_assert_int_eq(gen_sctp_listen(pair.server, 5), 0);
	pair.client = rig_open(0, NULL, 0);
	rig_connect(&pair, "127.0.0.1");
}
END_TEST

/* -------------------------------------------------------------- IPv6 only */

static void
expect_no_ipv4(const struct gen_sctp_addr *addrs, int n)
{
	int i;

	ck_assert_int_gt(n, 0);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(addrs[i].family, GEN_SCTP_INET6);
}

static void
expect_paths_of_ipv6(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_addr addrs[100];

	expect_no_ipv4(addrs, gen_sctp_peernames(s, id, addrs, 100));
}

/* The other one, which connects or is connected to, has both families. */
START_TEST(an_association_of_a_socket_for_ipv6_alone_has_no_ipv4)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		gen_sctp_opt_ipv6_v6only(true),
	};
	struct gen_sctp_addr addrs[100];
	gen_sctp_socket_t *alone = _i == 0 ? &pair.client : &pair.server;
	gen_sctp_assoc_id_t *id = _i == 0 ? &pair.client_assoc
					  : &pair.server_assoc;

	if (!rig_has_address("::1"))
		return;
	rig_pair_close(&pair);
	pair.server = rig_open(0, opts, _i == 1 ? 2 : 1);
	pair.client = rig_open(0, opts, _i == 0 ? 2 : 1);
	ck_assert_int_eq(gen_sctp_listen(pair.server, 5), 0);
	rig_connect(&pair, "::1");
	expect_paths_of_ipv6(pair.client, pair.client_assoc);
	expect_paths_of_ipv6(pair.server, pair.server_assoc);
	expect_no_ipv4(addrs, gen_sctp_socknames(*alone, *id, addrs, 100));
	expect_no_ipv4(addrs, gen_sctp_socknames(*alone, 0, addrs, 100));
	ck_assert_int_eq(gen_sctp_connect_init(*alone, "127.0.0.1", 5000, NULL,
					       0, -1),
			 -EAFNOSUPPORT);
}
END_TEST

static struct gen_sctp_opt
of_ipv6(int i)
{
	const struct gen_sctp_opt opts[] = {
		gen_sctp_opt_tclass(0),
		gen_sctp_opt_recvtclass(true),
		gen_sctp_opt_i_want_mapped_v4_addr(true),
	};

	return opts[i];
}

START_TEST(an_ipv4_socket_has_no_options_of_ipv6)
{
	struct gen_sctp_opt opts[] = { gen_sctp_opt_nodelay(true),
				       of_ipv6(_i) };
	struct gen_sctp_opt name = gen_sctp_opt_get(opts[1].name);
	gen_sctp_socket_t s;
	size_t bad;

	ck_assert_int_eq(gen_sctp_open(0, opts, 2, &s, &bad), -ENOPROTOOPT);
	ck_assert_uint_eq(bad, 1);
	s = rig_open(0, NULL, 0);
	ck_assert_int_eq(set(s, opts[1]), -ENOPROTOOPT);
	ck_assert_int_eq(get(s, &name), -ENOPROTOOPT);
	rig_close(s);
	opts[0] = gen_sctp_opt_family(GEN_SCTP_INET6);
	s = rig_open(0, opts, 2);
	got(s, name);
	rig_close(s);
}
END_TEST

Suite *
options_ip_suite(void)
{
	const TTest *const once[] = {
		packets_leave_with_tos_and_ttl,
		the_first_packet_of_a_handshake_has_tos_and_ttl_already,
		a_peeled_off_socket_has_tos_and_ttl_of_its_own,
		without_gateways_loopback_is_reached,
		an_ipv6_socket_tells_tos_of_ipv4_packets,
		what_is_told_can_be_told_after_the_end,
		what_was_not_asked_for_does_not_come,
		addresses_come_mapped_if_one_wants_it,
		mapped_addresses_can_be_given,
		a_socket_can_be_bound_to_a_mapped_address,
	};
	const TTest *const of_either[] = {
		tos_and_ttl_of_packets_come_with_the_data,
		an_association_of_a_socket_for_ipv6_alone_has_no_ipv4,
	};
	const TTest *const of_ipv6_options[] = {
		an_ipv4_socket_has_no_options_of_ipv6,
	};
	const TTest *const of_priority[] = {
		priority_is_a_class_of_either_family,
	};
	Suite *suite = suite_create("options_ip");

	ADD_TESTS(suite, once, 1);
	ADD_TESTS(suite, of_either, 2);
	ADD_TESTS(suite, of_ipv6_options, 3);
	ADD_TESTS(suite, of_priority, 8);
	return suite;
}
