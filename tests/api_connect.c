/*
 * Setting up associations: connect, connect_init, connectx_init.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define HOST "127.0.0.1"

/* ------------------------------------------------------------------- rig */

/* A client whose connects go through a relay to a listening server; nothing
 * passes until the relay is told. */
struct blocked {
	gen_sctp_socket_t server, client;
	struct relay *relay;
	int port; /* the server's SCTP port */
};

static void
blocked_open(struct blocked *b, enum relay_mode mode)
{
	b->server = rig_listener();
	b->client = rig_open(0, NULL, 0);
	b->relay = relay_open(rig_udp_port(b->server), 0);
	b->port = gen_sctp_port(b->server);
	relay_set_both(b->relay, mode);
	rig_aim_at(b->client, relay_port_for_client(b->relay));
}

static void
blocked_close(struct blocked *b)
{
	rig_close(b->client);
	rig_close(b->server);
	rig_relay_close(b->relay);
}

/* A connect in a thread of its own. */
struct connector {
	struct rig_thread thread;
	gen_sctp_socket_t s;
	int port;
	int result;
	struct gen_sctp_assoc_change ac;
};

static void
run_connector(void *arg)
{
	struct connector *c = arg;

	c->result = gen_sctp_connect(c->s, HOST, c->port, NULL, 0,
				     RIG_PATIENCE, &c->ac);
}

static void
connector_start(struct connector *c, gen_sctp_socket_t s, int port)
{
	memset(c, 0, sizeof(*c));
	c->s = s;
	c->port = port;
	rig_start(&c->thread, run_connector, c);
}

static int
try_connect(gen_sctp_socket_t s, int port)
{
	return gen_sctp_connect(s, HOST, port, NULL, 0, RIG_PATIENCE, NULL);
}

static struct gen_sctp_initmsg
streams(uint16_t out, uint16_t in)
{
	struct gen_sctp_initmsg initmsg = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS |
		       GEN_SCTP_INITMSG_MAX_INSTREAMS,
		.num_ostreams = out,
		.max_instreams = in,
	};

	return initmsg;
}

static struct gen_sctp_initmsg
get_initmsg(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_INITMSG);

	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	return opt.value.initmsg;
}

/* --------------------------------------------------------------- success */

START_TEST(connect_returns_the_comm_up_which_recv_does_not)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt = gen_sctp_opt_initmsg(streams(5, 7));
	struct gen_sctp_assoc_change ac;
	struct gen_sctp_event event;

	rig_set(server, gen_sctp_opt_initmsg(streams(4, 3)));
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, HOST, gen_sctp_port(server),
					  &opt, 1, RIG_PATIENCE, &ac),
			 0);
	ck_assert_int_eq(ac.state, GEN_SCTP_COMM_UP);
	ck_assert_uint_eq(ac.error, 0);
	ck_assert_uint_ne(ac.assoc_id, 0);
	/* What the peer takes and offers: RFC 9260 5.1.1. */
	ck_assert_uint_eq(ac.outbound_streams, 3);
	ck_assert_uint_eq(ac.inbound_streams, 4);
	rig_expect_event(server, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_UP);
	ck_assert_uint_eq(event.u.assoc_change.outbound_streams, 4);
	ck_assert_uint_eq(event.u.assoc_change.inbound_streams, 3);
	ck_assert_uint_ne(event.u.assoc_change.assoc_id, 0);
	ck_assert_uint_ne(event.u.assoc_change.assoc_id, ac.assoc_id);
	rig_expect_nothing(client);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(the_record_is_optional)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);

	rig_aim(client, server);
	ck_assert_int_eq(try_connect(client, gen_sctp_port(server)), 0);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(connect_init_returns_at_once_and_the_outcome_is_an_event)
{
	struct blocked b;
	gen_sctp_assoc_id_t id;

	blocked_open(&b, RELAY_HOLD);
	ck_assert_int_eq(gen_sctp_connect_init(b.client, HOST, b.port, NULL, 0,
					       RIG_PATIENCE),
			 0);
	rig_expect_nothing(b.client);
	relay_set_both(b.relay, RELAY_PASS);
	id = rig_expect_change(b.client, GEN_SCTP_COMM_UP);
	rig_send(b.client, id, 0, "hello", 5);
	rig_expect_change(b.server, GEN_SCTP_COMM_UP);
	rig_expect_text(b.server, "hello");
	blocked_close(&b);
}
END_TEST

START_TEST(connectx_init_tells_the_id_that_the_event_has)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_addr addr = rig_addr(HOST, gen_sctp_port(server));
	gen_sctp_assoc_id_t id = 0;

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connectx_init(client, &addr, 1, NULL, 0,
						&id),
			 0);
	ck_assert_uint_ne(id, 0);
	ck_assert_uint_eq(rig_expect_change(client, GEN_SCTP_COMM_UP), id);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(connectx_init_takes_several_addresses_of_one_port)
{
	static const char *const both[] = { "127.0.0.1", "127.0.0.2", NULL };
	struct gen_sctp_addr addrs[2], peers[4];
	gen_sctp_socket_t server, client;
	gen_sctp_assoc_id_t id;

	if (!rig_has_multihoming() || !rig_has_address(both[1]))
		return;
	server = rig_open_on(both);
	client = rig_open_on(both);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	rig_aim(client, server);
	addrs[0] = rig_addr(both[0], 0);
	addrs[1] = rig_addr(both[1], gen_sctp_port(server));
	ck_assert_int_eq(gen_sctp_connectx_init(client, addrs, 2, NULL, 0,
						&id),
			 0);
	ck_assert_uint_eq(rig_expect_change(client, GEN_SCTP_COMM_UP), id);
	ck_assert_int_eq(gen_sctp_peernames(client, id, peers, 4), 2);
	/* Either address is that peer. */
	ck_assert_int_eq(gen_sctp_connect(client, both[1],
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, NULL),
			 -EISCONN);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(connectx_init_refuses_ports_that_differ)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_addr addrs[2] = { rig_addr("127.0.0.1", 5000),
					  rig_addr("127.0.0.2", 5001) };

	ck_assert_int_eq(gen_sctp_connectx_init(s, addrs, 2, NULL, 0, NULL),
			 -EINVAL);
	rig_close(s);
}
END_TEST

START_TEST(a_second_address_needs_a_layer_with_several_paths)
{
	struct gen_sctp_addr addrs[2] = { rig_addr("127.0.0.1", 5000),
					  rig_addr("127.0.0.2", 5000) };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(gen_sctp_connectx_init(s, addrs, 2, NULL, 0, NULL),
			 rig_has_multihoming() ? 0 : -EOPNOTSUPP);
	rig_close(s);
}
END_TEST

START_TEST(the_any_address_is_this_host)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "0.0.0.0",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, NULL),
			 0);
	rig_close(client);
	rig_close(server);
}
END_TEST

/* --------------------------------------------------------------- failure */

START_TEST(a_peer_that_does_not_listen_refuses)
{
	gen_sctp_socket_t server = rig_open(0, NULL, 0);
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_assoc_change ac;

	rig_aim(client, server);
	memset(&ac, 0, sizeof(ac));
	ck_assert_int_eq(gen_sctp_connect(client, HOST, gen_sctp_port(server),
					  NULL, 0, RIG_PATIENCE, &ac),
			 -ECONNREFUSED);
	ck_assert_int_eq(ac.state, GEN_SCTP_CANT_ASSOC);
	ck_assert_uint_ne(ac.assoc_id, 0);
	rig_expect_nothing(client);
	rig_expect_nothing(server);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(a_port_without_a_socket_refuses)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	int nobodys = gen_sctp_port(server) == 5000 ? 5001 : 5000;

	rig_aim(client, server);
	ck_assert_int_eq(try_connect(client, nobodys), -ECONNREFUSED);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(listen_can_be_switched_off_and_on)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	int port = gen_sctp_port(server);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_listen(server, 0), 0);
	ck_assert_int_eq(try_connect(client, port), -ECONNREFUSED);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	ck_assert_int_eq(try_connect(client, port), 0);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(connect_init_reports_a_refusal_as_an_event)
{
	gen_sctp_socket_t server = rig_open(0, NULL, 0);
	gen_sctp_socket_t client = rig_open(0, NULL, 0);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect_init(client, HOST,
					       gen_sctp_port(server), NULL, 0,
					       RIG_PATIENCE),
			 0);
	rig_expect_change(client, GEN_SCTP_CANT_ASSOC);
	rig_expect_nothing(client);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(a_peer_that_never_answers_is_unreachable)
{
	struct gen_sctp_assoc_change ac;
	struct blocked b;

	blocked_open(&b, RELAY_LOSE);
	rig_impatient(b.client, 50);
	memset(&ac, 0, sizeof(ac));
	ck_assert_int_eq(gen_sctp_connect(b.client, HOST, b.port, NULL, 0,
					  RIG_PATIENCE, &ac),
			 -EHOSTUNREACH);
	ck_assert_int_eq(ac.state, GEN_SCTP_CANT_ASSOC);
	ck_assert_uint_ne(ac.assoc_id, 0);
	/* One attempt and one more. */
	ck_assert_uint_eq(relay_count(b.relay, RELAY_TO_SERVER, CHUNK_INIT),
			  2);
	rig_expect_nothing(b.client);
	blocked_close(&b);
}
END_TEST

START_TEST(a_udp_port_that_nobody_has_is_unreachable)
{
	gen_sctp_socket_t gone = rig_open(0, NULL, 0);
	gen_sctp_socket_t client = rig_open(0, NULL, 0);

	rig_aim(client, gone);
	rig_close(gone);
	rig_impatient(client, 50);
	ck_assert_int_eq(try_connect(client, 5000), -EHOSTUNREACH);
	rig_close(client);
}
END_TEST

START_TEST(after_a_failure_the_socket_connects_again)
{
	struct blocked b;

	blocked_open(&b, RELAY_LOSE);
	rig_impatient(b.client, 50);
	ck_assert_int_eq(try_connect(b.client, b.port), -EHOSTUNREACH);
	relay_set_both(b.relay, RELAY_PASS);
	ck_assert_int_eq(try_connect(b.client, b.port), 0);
	blocked_close(&b);
}
END_TEST

/* -------------------------------------------------------------- time-out */

START_TEST(the_attempt_outlives_the_callers_time_out)
{
	struct gen_sctp_assoc_change ac, untouched;
	gen_sctp_assoc_id_t id;
	struct blocked b;
	int64_t before;

	blocked_open(&b, RELAY_HOLD);
	memset(&ac, 0x5a, sizeof(ac));
	untouched = ac;
	before = rig_now();
	ck_assert_int_eq(gen_sctp_connect(b.client, HOST, b.port, NULL, 0, 50,
					  &ac),
			 -ETIMEDOUT);
	ck_assert_int_ge(rig_now() - before, 49);
	ck_assert_int_eq(memcmp(&ac, &untouched, sizeof(ac)), 0);
	rig_expect_nothing(b.client);
	relay_set_both(b.relay, RELAY_PASS);
	id = rig_expect_change(b.client, GEN_SCTP_COMM_UP);
	rig_send(b.client, id, 0, "late", 4);
	rig_expect_change(b.server, GEN_SCTP_COMM_UP);
	rig_expect_text(b.server, "late");
	blocked_close(&b);
}
END_TEST

START_TEST(an_attempt_that_fails_after_the_time_out_says_so_in_an_event)
{
	struct blocked b;

	blocked_open(&b, RELAY_LOSE);
	rig_impatient(b.client, 200);
	ck_assert_int_eq(gen_sctp_connect(b.client, HOST, b.port, NULL, 0, 10,
					  NULL),
			 -ETIMEDOUT);
	rig_expect_change(b.client, GEN_SCTP_CANT_ASSOC);
	rig_expect_nothing(b.client);
	blocked_close(&b);
}
END_TEST

START_TEST(a_time_out_of_zero_is_an_attempt)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, HOST, gen_sctp_port(server),
					  NULL, 0, 0, NULL),
			 -ETIMEDOUT);
	rig_expect_change(client, GEN_SCTP_COMM_UP);
	rig_close(client);
	rig_close(server);
}
END_TEST

/* --------------------------------------------------------- several at once */

START_TEST(a_second_connect_to_a_peer_is_eisconn)
{
	struct rig_pair p;
	struct gen_sctp_addr addr;

	rig_pair_open(&p);
	ck_assert_int_eq(try_connect(p.client, gen_sctp_port(p.server)),
			 -EISCONN);
	ck_assert_int_eq(gen_sctp_connect_init(p.client, HOST,
					       gen_sctp_port(p.server), NULL,
					       0, 0),
			 -EISCONN);
	addr = rig_addr(HOST, gen_sctp_port(p.server));
	ck_assert_int_eq(gen_sctp_connectx_init(p.client, &addr, 1, NULL, 0,
						NULL),
			 -EISCONN);
	/* From the side that was called, too. */
	ck_assert_int_eq(try_connect(p.server, gen_sctp_port(p.client)),
			 -EISCONN);
	rig_send(p.client, p.client_assoc, 0, "alive", 5);
	rig_expect_text(p.server, "alive");
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_connect_while_one_is_under_way_is_ealready)
{
	struct connector c;
	struct blocked b;

	blocked_open(&b, RELAY_HOLD);
	connector_start(&c, b.client, b.port);
	relay_await(b.relay, RELAY_TO_SERVER, CHUNK_INIT, 1);
	ck_assert_int_eq(try_connect(b.client, b.port), -EALREADY);
	ck_assert_int_eq(gen_sctp_connect_init(b.client, HOST, b.port, NULL, 0,
					       0),
			 -EALREADY);
	relay_set_both(b.relay, RELAY_PASS);
	rig_join(&c.thread);
	ck_assert_int_eq(c.result, 0);
	blocked_close(&b);
}
END_TEST

START_TEST(what_others_send_stays_queued_in_order_while_connect_waits)
{
	gen_sctp_socket_t other = rig_listener();
	gen_sctp_assoc_id_t here, there;
	struct gen_sctp_event event;
	struct connector c;
	struct blocked b;

	blocked_open(&b, RELAY_HOLD);
	rig_aim(b.client, other);
	ck_assert_int_eq(try_connect(b.client, gen_sctp_port(other)), 0);
	there = rig_expect_change(other, GEN_SCTP_COMM_UP);
	rig_aim_at(b.client, relay_port_for_client(b.relay));
	connector_start(&c, b.client, b.port);
	relay_await(b.relay, RELAY_TO_SERVER, CHUNK_INIT, 1);

	rig_send(other, there, 0, "first", 5);
	rig_send(other, there, 1, "second", 6);
	ck_assert_int_eq(gen_sctp_eof(other, there), 0);
	rig_expect_change(other, GEN_SCTP_SHUTDOWN_COMP);

	relay_set_both(b.relay, RELAY_PASS);
	rig_join(&c.thread);
	ck_assert_int_eq(c.result, 0);
	ck_assert_int_eq(c.ac.state, GEN_SCTP_COMM_UP);

	rig_expect_text(b.client, "first");
	rig_expect_text(b.client, "second");
	rig_expect_event(b.client, GEN_SCTP_SHUTDOWN, &event);
	here = rig_expect_change(b.client, GEN_SCTP_SHUTDOWN_COMP);
	ck_assert_uint_eq(event.u.shutdown.assoc_id, here);
	ck_assert_uint_ne(c.ac.assoc_id, here);
	rig_expect_nothing(b.client);
	rig_close(other);
	blocked_close(&b);
}
END_TEST

/* Several threads connect on one socket, each to a server of its own. */
#define THREADS 8

START_TEST(threads_connect_at_once_on_one_socket)
{
	struct gen_sctp_udp_encaps shared = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	gen_sctp_socket_t servers[THREADS], client = rig_open(0, NULL, 0);
	struct connector c[THREADS];
	struct gen_sctp_opt opt;
	size_t i, j;

	servers[0] = rig_listener();
	shared.local_port = (uint16_t)rig_udp_port(servers[0]);
	opt = gen_sctp_opt_udp_encaps(shared);
	for (i = 1; i < THREADS; i++) {
		ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &servers[i], NULL),
				 0);
		ck_assert_int_eq(gen_sctp_listen(servers[i], 5), 0);
	}
	rig_aim(client, servers[0]);
	/* The last one does not listen. */
	ck_assert_int_eq(gen_sctp_listen(servers[THREADS - 1], 0), 0);
	for (i = 0; i < THREADS; i++)
		connector_start(&c[i], client, gen_sctp_port(servers[i]));
	for (i = 0; i < THREADS; i++)
		rig_join(&c[i].thread);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(c[i].result,
				 i < THREADS - 1 ? 0 : -ECONNREFUSED);
		for (j = 0; j < i; j++)
			ck_assert_uint_ne(c[i].ac.assoc_id, c[j].ac.assoc_id);
	}
	for (i = 0; i < THREADS - 1; i++) {
		rig_expect_change(servers[i], GEN_SCTP_COMM_UP);
		rig_send(client, c[i].ac.assoc_id, 0, &"01234567"[i], 1);
		rig_expect_data(servers[i], &"01234567"[i], 1);
	}
	rig_expect_nothing(client);
	rig_close(client);
	for (i = 0; i < THREADS; i++)
		rig_close(servers[i]);
}
END_TEST

/* RFC 9260 5.2.1: both INITs are on their way before either arrives. */
START_TEST(both_sides_connect_to_each_other)
{
	gen_sctp_socket_t a = rig_open(0, NULL, 0), b = rig_open(0, NULL, 0);
	struct relay *r = relay_open(rig_udp_port(b), rig_udp_port(a));
	struct connector ca, cb;

	relay_set_both(r, RELAY_HOLD);
	rig_aim_at(a, relay_port_for_client(r));
	rig_aim_at(b, relay_port_for_server(r));
	connector_start(&ca, a, gen_sctp_port(b));
	connector_start(&cb, b, gen_sctp_port(a));
	relay_await(r, RELAY_TO_SERVER, CHUNK_INIT, 1);
	relay_await(r, RELAY_TO_CLIENT, CHUNK_INIT, 1);
	relay_set_both(r, RELAY_PASS);
	rig_join(&ca.thread);
	rig_join(&cb.thread);
	ck_assert_int_eq(ca.result, 0);
	ck_assert_int_eq(cb.result, 0);
	/* One association, which both know. */
	rig_send(a, ca.ac.assoc_id, 0, "from a", 6);
	rig_expect_text(b, "from a");
	rig_send(b, cb.ac.assoc_id, 0, "from b", 6);
	rig_expect_text(a, "from b");
	rig_expect_nothing(a);
	rig_expect_nothing(b);
	rig_close(a);
	rig_close(b);
	rig_relay_close(r);
}
END_TEST

START_TEST(close_releases_a_connect_that_waits)
{
	struct connector c;
	struct blocked b;

	blocked_open(&b, RELAY_LOSE);
	connector_start(&c, b.client, b.port);
	relay_await(b.relay, RELAY_TO_SERVER, CHUNK_INIT, 1);
	rig_close(b.client);
	rig_join(&c.thread);
	ck_assert_int_eq(c.result, -EBADF);
	rig_close(b.server);
	rig_relay_close(b.relay);
}
END_TEST

/* ----------------------------------------------------------------- names */

/* "127.1" is no address to gensctp, but the resolver knows it: as a name that
 * has an IPv4 address alone. "localhost" mostly has both. */
static const struct {
	enum gen_sctp_family family;
	const char *name;
} names[] = {
	{ GEN_SCTP_INET, "127.1" },
	{ GEN_SCTP_INET, "localhost" },
	{ GEN_SCTP_INET6, "127.1" },
	{ GEN_SCTP_INET6, "localhost" },
};

START_TEST(a_name_is_resolved_for_the_socket_s_family)
{
	struct gen_sctp_opt both = gen_sctp_opt_family(GEN_SCTP_INET6);
	struct gen_sctp_opt opt = gen_sctp_opt_family(names[_i].family);
	struct gen_sctp_assoc_change ac;
	gen_sctp_socket_t server, client;

	if (!rig_has_address("::1"))
		return;
	server = rig_open(0, &both, 1);
	client = rig_open(0, &opt, 1);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, names[_i].name,
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	ck_assert_int_eq(ac.state, GEN_SCTP_COMM_UP);
	rig_close(client);
	rig_close(server);
}
END_TEST

/* No resolver has to be asked for these. */
static const char *const unknown_names[] = {
	"a..b",
	"999.1.1.1.",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

START_TEST(an_unknown_name_is_nxdomain)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_assoc_change ac;

	ck_assert_int_eq(gen_sctp_connect(s, unknown_names[_i], 5000, NULL, 0,
					  RIG_PATIENCE, &ac),
			 GEN_SCTP_ENXDOMAIN);
	ck_assert_int_eq(gen_sctp_connect_init(s, unknown_names[_i], 5000,
					       NULL, 0, RIG_PATIENCE),
			 GEN_SCTP_ENXDOMAIN);
	rig_close(s);
}
END_TEST

/* --------------------------------------------------------------- options */

START_TEST(options_given_to_connect_stay)
{
	gen_sctp_socket_t server = rig_listener();
	gen_sctp_socket_t client = rig_open(0, NULL, 0);
	struct gen_sctp_initmsg given = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 5,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_initmsg(given);
	struct gen_sctp_initmsg before, after;
	struct gen_sctp_assoc_change ac;

	rig_aim(client, server);
	before = get_initmsg(client);
	ck_assert_uint_ne(before.num_ostreams, 5);
	ck_assert_int_eq(gen_sctp_connect(client, HOST, gen_sctp_port(server),
					  &opt, 1, RIG_PATIENCE, &ac),
			 0);
	ck_assert_uint_eq(ac.outbound_streams, 5);
	after = get_initmsg(client);
	ck_assert_uint_eq(after.num_ostreams, 5);
	ck_assert_uint_eq(after.max_instreams, before.max_instreams);
	ck_assert_uint_eq(after.max_attempts, before.max_attempts);
	ck_assert_uint_eq(after.max_init_timeo, before.max_init_timeo);
	rig_close(client);
	rig_close(server);
}
END_TEST

START_TEST(with_a_wrong_option_nothing_is_started)
{
	struct gen_sctp_opt opts[2] = { gen_sctp_opt_initmsg(streams(5, 5)),
					gen_sctp_opt_sndbuf(-1) };
	struct gen_sctp_initmsg before;
	struct blocked b;

	blocked_open(&b, RELAY_PASS);
	before = get_initmsg(b.client);
	ck_assert_int_eq(gen_sctp_connect(b.client, HOST, b.port, opts, 2,
					  RIG_PATIENCE, NULL),
			 -EINVAL);
	ck_assert_uint_eq(get_initmsg(b.client).num_ostreams,
			  before.num_ostreams);
	ck_assert_int_eq(gen_sctp_connect_init(b.client, HOST, b.port, opts, 2,
					       0),
			 -EINVAL);
	rig_expect_nothing(b.server);
	ck_assert_uint_eq(relay_count(b.relay, RELAY_TO_SERVER, CHUNK_INIT),
			  0);
	blocked_close(&b);
}
END_TEST

/* --------------------------------------------------------- stream sockets */

START_TEST(a_stream_socket_connects_once)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	gen_sctp_socket_t s = rig_open(0, &stream, 1);
	gen_sctp_socket_t one = rig_listener(), two = rig_listener();

	rig_aim(s, one);
	ck_assert_int_eq(try_connect(s, gen_sctp_port(one)), 0);
	ck_assert_int_eq(try_connect(s, gen_sctp_port(two)), -EISCONN);
	rig_send(s, 0, 0, "id does not matter", 18);
	rig_expect_change(one, GEN_SCTP_COMM_UP);
	rig_expect_text(one, "id does not matter");
	rig_close(s);
	rig_close(one);
	rig_close(two);
}
END_TEST

START_TEST(a_stream_socket_that_was_refused_tries_again)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	gen_sctp_socket_t s = rig_open(0, &stream, 1);
	gen_sctp_socket_t server = rig_open(0, NULL, 0);

	rig_aim(s, server);
	ck_assert_int_eq(try_connect(s, gen_sctp_port(server)),
			 -ECONNREFUSED);
	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	ck_assert_int_eq(try_connect(s, gen_sctp_port(server)), 0);
	rig_close(s);
	rig_close(server);
}
END_TEST

static Suite *
connect_suite(void)
{
	Suite *suite = suite_create("connect");
	TCase *tc = tcase_create("connect");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, connect_returns_the_comm_up_which_recv_does_not);
	tcase_add_test(tc, the_record_is_optional);
	tcase_add_test(
		tc, connect_init_returns_at_once_and_the_outcome_is_an_event);
	tcase_add_test(tc, connectx_init_tells_the_id_that_the_event_has);
	tcase_add_test(tc, connectx_init_takes_several_addresses_of_one_port);
	tcase_add_test(tc, connectx_init_refuses_ports_that_differ);
	tcase_add_test(tc, a_second_address_needs_a_layer_with_several_paths);
	tcase_add_test(tc, the_any_address_is_this_host);
	tcase_add_test(tc, a_peer_that_does_not_listen_refuses);
	tcase_add_test(tc, a_port_without_a_socket_refuses);
	tcase_add_test(tc, listen_can_be_switched_off_and_on);
	tcase_add_test(tc, connect_init_reports_a_refusal_as_an_event);
	tcase_add_test(tc, a_peer_that_never_answers_is_unreachable);
	tcase_add_test(tc, a_udp_port_that_nobody_has_is_unreachable);
	tcase_add_test(tc, after_a_failure_the_socket_connects_again);
	tcase_add_test(tc, the_attempt_outlives_the_callers_time_out);
	tcase_add_test(
		tc,
		an_attempt_that_fails_after_the_time_out_says_so_in_an_event);
	tcase_add_test(tc, a_time_out_of_zero_is_an_attempt);
	tcase_add_test(tc, a_second_connect_to_a_peer_is_eisconn);
	tcase_add_test(tc, a_connect_while_one_is_under_way_is_ealready);
	tcase_add_test(
		tc,
		what_others_send_stays_queued_in_order_while_connect_waits);
	tcase_add_test(tc, threads_connect_at_once_on_one_socket);
	tcase_add_test(tc, both_sides_connect_to_each_other);
	tcase_add_test(tc, close_releases_a_connect_that_waits);
	tcase_add_loop_test(tc, a_name_is_resolved_for_the_socket_s_family, 0,
			    sizeof(names) / sizeof(names[0]));
	tcase_add_loop_test(tc, an_unknown_name_is_nxdomain, 0,
			    sizeof(unknown_names) / sizeof(unknown_names[0]));
	tcase_add_test(tc, options_given_to_connect_stay);
	tcase_add_test(tc, with_a_wrong_option_nothing_is_started);
	tcase_add_test(tc, a_stream_socket_connects_once);
	tcase_add_test(tc, a_stream_socket_that_was_refused_tries_again);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { connect_suite, NULL };

	return run_suites(suites, argc, argv);
}
