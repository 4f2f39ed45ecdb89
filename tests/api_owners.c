/*
 * Owners of single associations: rules, their order, and how they end.
 */
#include "mail_rig.h"

#include <errno.h>
#include <string.h>

#include "runner.h"

#define TRUE_ACTIVE { .mode = GEN_SCTP_ACTIVE_TRUE }

/* ------------------------------------------------------------------- rig */

/* For a peer's SCTP port; 0: any. */
static struct gen_sctp_owner_rule
rule_for_port(int port, gen_sctp_mailbox_t owner)
{
	return (struct gen_sctp_owner_rule){
		.peer.addr.port = (uint16_t)port,
		.owner = owner,
		.active = TRUE_ACTIVE,
	};
}

static struct gen_sctp_owner_rule
rule_for_assoc(gen_sctp_assoc_id_t assoc, gen_sctp_mailbox_t owner)
{
	struct gen_sctp_owner_rule rule = rule_for_port(0, owner);

	rule.assoc_id = assoc;
	return rule;
}

static uint32_t
add(gen_sctp_socket_t s, struct gen_sctp_owner_rule rule)
{
	uint32_t id = 0;

	ck_assert_int_eq(gen_sctp_register_owner(s, &rule, &id), 0);
	ck_assert_uint_ne(id, 0);
	return id;
}

static uint32_t
refuse_all(gen_sctp_socket_t s)
{
	return add(s, (struct gen_sctp_owner_rule){ .refuse = true });
}

static void
set_active(gen_sctp_socket_t s, uint32_t rule, enum gen_sctp_active_mode mode,
	   int n)
{
	const struct gen_sctp_active active = { mode, n };

	ck_assert_int_eq(gen_sctp_owner_active(s, rule, &active), 0);
}

static const struct gen_sctp_event_subscribe quiet = {
	.set = GEN_SCTP_ADDRESS_EVENT,
};

static gen_sctp_socket_t
open_quiet(void)
{
	struct gen_sctp_opt opt = gen_sctp_opt_events(quiet);

	return rig_open(0, &opt, 1);
}

/* A client of the server, connected; the server's side is not looked at. */
static struct rig_pair
client_of(gen_sctp_socket_t server)
{
	struct rig_pair p = { .server = server, .client = open_quiet() };
	struct gen_sctp_assoc_change ac;

	rig_aim(p.client, server);
	ck_assert_int_eq(gen_sctp_connect(p.client, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	p.client_assoc = ac.assoc_id;
	return p;
}

/* A client of the server that is refused. */
static void
expect_refused(gen_sctp_socket_t server)
{
	gen_sctp_socket_t client = open_quiet();
	struct gen_sctp_assoc_change ac;

	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect(client, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 -ECONNREFUSED);
	rig_close(client);
}

static gen_sctp_socket_t
quiet_listener(void)
{
	gen_sctp_socket_t s = open_quiet();

	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	return s;
}

/* ----------------------------------------------------------------- rules */

START_TEST(a_rule_takes_the_messages_of_its_associations)
{
	gen_sctp_socket_t server = quiet_listener(), client = open_quiet();
	gen_sctp_mailbox_t m = mail_new();
	struct gen_sctp_msg msg;
	struct rig_pair p, q;
	uint32_t rule;

	rule = add(server, rule_for_port(gen_sctp_port(client), m));
	p = (struct rig_pair){ .server = server, .client = client };
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connect_init(client, "127.0.0.1",
					       gen_sctp_port(server), NULL, 0,
					       -1),
			 0);
	p.client_assoc = rig_expect_change(client, GEN_SCTP_COMM_UP);
	q = client_of(server);
	mail_expect_change(m, server, GEN_SCTP_COMM_UP);
	rig_expect_change(server, GEN_SCTP_COMM_UP);
	mail_send(&p, "for the rule");
	mail_send(&q, "for recv");
	ck_assert_int_eq(mail_recv(m, server, &msg), 12);
	ck_assert_uint_eq(msg.rule, rule);
	gen_sctp_msg_free(&msg);
	rig_expect_text(server, "for recv");
	mail_expect_nothing(m, 0);
	rig_expect_nothing(server);
	rig_close(q.client);
	rig_pair_close(&p);
}
END_TEST

START_TEST(the_first_rule_that_is_met_counts)
{
	gen_sctp_mailbox_t first = mail_new(), second = mail_new();
	gen_sctp_socket_t server = quiet_listener();
	struct rig_pair p;

	add(server, rule_for_port(1, second)); /* nobody's port */
	add(server, rule_for_port(0, first));
	add(server, rule_for_port(0, second));
	p = client_of(server);
	mail_send(&p, "to the first");
	mail_expect_change(first, server, GEN_SCTP_COMM_UP);
	mail_expect_text(first, server, "to the first");
	mail_expect_nothing(second, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(an_association_that_is_up_can_be_given_to_a_mailbox_and_back)
{
	gen_sctp_mailbox_t m = mail_new();
	struct rig_pair p;
	uint32_t rule;

	mail_pair_open(&p);
	mail_send(&p, "waited");
	rule = add(p.server, rule_for_assoc(p.server_assoc, m));
	mail_send(&p, "came");
	mail_expect_text(m, p.server, "waited");
	mail_expect_text(m, p.server, "came");
	set_active(p.server, rule, GEN_SCTP_ACTIVE_FALSE, 0);
	mail_send(&p, "not delivered");
	rig_expect_nothing(p.server);
	ck_assert_int_eq(gen_sctp_unregister_owner(p.server, rule), 0);
	rig_expect_text(p.server, "not delivered");
	ck_assert_int_eq(gen_sctp_unregister_owner(p.server, rule), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_rule_can_be_there_before_an_attempt_ends)
{
	gen_sctp_mailbox_t m = mail_new();
	gen_sctp_socket_t server = rig_open(0, NULL, 0), client = open_quiet();
	struct gen_sctp_addr addr = rig_addr("127.0.0.1",
					     gen_sctp_port(server));
	gen_sctp_assoc_id_t id;

	if (_i == 0)
		ck_assert_int_eq(gen_sctp_listen(server, 1), 0);
	rig_aim(client, server);
	ck_assert_int_eq(gen_sctp_connectx_init(client, &addr, 1, NULL, 0,
						&id),
			 0);
	add(client, rule_for_assoc(id, m));
	ck_assert_uint_eq(mail_expect_change(m, client,
					     _i == 0 ? GEN_SCTP_COMM_UP :
						       GEN_SCTP_CANT_ASSOC),
			  id);
	rig_expect_nothing(client);
	rig_close(client);
	rig_close(server);
}
END_TEST

/* esock's listen_accept: it takes the one whose port it knows. */
START_TEST(who_is_refused_is_aborted_and_nobody_is_told)
{
	gen_sctp_mailbox_t m = mail_new();
	gen_sctp_socket_t server = quiet_listener(), known = open_quiet();
	struct rig_pair p = { .server = server, .client = known };
	struct gen_sctp_assoc_change ac;

	add(server, rule_for_port(gen_sctp_port(known), m));
	refuse_all(server);
	rig_aim(known, server);
	ck_assert_int_eq(gen_sctp_connect(known, "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	p.client_assoc = ac.assoc_id;
	expect_refused(server);
	mail_send(&p, "Hello Robert");
	mail_expect_change(m, server, GEN_SCTP_COMM_UP);
	mail_expect_text(m, server, "Hello Robert");
	mail_expect_nothing(m, 0);
	rig_expect_nothing(server);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_listener_of_streams_can_refuse_too)
{
	struct gen_sctp_opt stream = gen_sctp_opt_type(GEN_SCTP_STREAM);
	gen_sctp_socket_t server = rig_open(0, &stream, 1), accepted;
	struct gen_sctp_owner_rule rule = rule_for_port(0, gen_sctp_self());

	ck_assert_int_eq(gen_sctp_listen(server, 5), 0);
	ck_assert_int_eq(gen_sctp_register_owner(server, &rule, NULL),
			 -EOPNOTSUPP);
	refuse_all(server);
	expect_refused(server);
	ck_assert_int_eq(gen_sctp_accept(server, 0, &accepted, NULL),
			 -ETIMEDOUT);
	rig_close(server);
}
END_TEST

/* ----------------------------------------------------------------- modes */

START_TEST(a_rule_has_a_mode_of_its_own)
{
	gen_sctp_mailbox_t m = mail_new();
	struct gen_sctp_owner_rule match;
	struct rig_pair p;
	uint32_t rule;

	mail_pair_open(&p);
	match = rule_for_assoc(p.server_assoc, m);
	match.active.mode = GEN_SCTP_ACTIVE_ONCE;
	rule = add(p.server, match);
	mail_send(&p, "one");
	mail_send(&p, "two");
	mail_send(&p, "three");
	mail_expect_text(m, 0, "one");
	mail_expect_nothing(m, 0);
	set_active(p.server, rule, GEN_SCTP_ACTIVE_N, 1);
	mail_expect_text(m, 0, "two");
	mail_expect_kind(m, p.server, GEN_SCTP_MSG_PASSIVE);
	mail_expect_nothing(m, 0);
	set_active(p.server, rule, GEN_SCTP_ACTIVE_TRUE, 0);
	mail_expect_text(m, 0, "three");
	mail_expect_mode(p.server, GEN_SCTP_ACTIVE_FALSE, 0);
	rig_pair_close(&p);
}
END_TEST

START_TEST(controlling_process_gives_the_sockets_own_only)
{
	gen_sctp_mailbox_t m = mail_new(), other = mail_new();
	struct rig_pair p, q;

	mail_pair_open(&p);
	add(p.server, rule_for_assoc(p.server_assoc, m));
	q = client_of(p.server);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "the rule's");
	mail_send(&q, "the socket's");
	mail_give(p.server, other);
	mail_expect_text(other, p.server, "the socket's");
	mail_expect_text(m, p.server, "the rule's");
	rig_close(q.client);
	rig_pair_close(&p);
}
END_TEST

START_TEST(one_mailbox_for_both_keeps_the_order)
{
	gen_sctp_mailbox_t self = gen_sctp_self();
	struct rig_pair p, q;

	mail_pair_open(&p);
	add(p.server, rule_for_assoc(p.server_assoc, self));
	q = client_of(p.server);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	mail_set(p.server, GEN_SCTP_ACTIVE_TRUE);
	mail_send(&p, "one");
	mail_send(&q, "two");
	mail_send(&p, "three");
	mail_send(&q, "four");
	mail_expect_text(self, p.server, "one");
	mail_expect_text(self, p.server, "two");
	rig_close(p.server);
	mail_expect_text(self, p.server, "three");
	mail_expect_text(self, p.server, "four");
	rig_close(q.client);
	rig_close(p.client);
}
END_TEST

/* ------------------------------------------------------------------ ends */

START_TEST(a_peeled_association_is_the_new_sockets)
{
	gen_sctp_mailbox_t m = mail_new();
	gen_sctp_socket_t peeled;
	struct rig_pair p;

	mail_pair_open(&p);
	add(p.server, rule_for_assoc(p.server_assoc, m));
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	mail_send(&p, "peeled");
	rig_expect_text(peeled, "peeled");
	mail_expect_nothing(m, 0);
	rig_close(peeled);
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_rule_ends_with_its_mailbox)
{
	gen_sctp_mailbox_t m = mail_new();
	struct rig_pair p;
	uint32_t rule;

	mail_pair_open(&p);
	rule = add(p.server, rule_for_assoc(p.server_assoc, m));
	mail_send(&p, "thrown away");
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	ck_assert_int_eq(gen_sctp_unregister_owner(p.server, rule), -EINVAL);
	mail_send(&p, "for recv");
	rig_expect_text(p.server, "for recv");
	rig_pair_close(&p);
}
END_TEST

START_TEST(a_rule_of_one_association_ends_with_it)
{
	gen_sctp_mailbox_t m = mail_new();
	struct gen_sctp_active once = { GEN_SCTP_ACTIVE_ONCE, 0 };
	struct rig_pair p;
	uint32_t rule;

	mail_pair_open(&p);
	rule = add(p.server, rule_for_assoc(p.server_assoc, m));
	ck_assert_int_eq(gen_sctp_abort(p.client, p.client_assoc), 0);
	mail_expect_change(m, p.server, GEN_SCTP_COMM_LOST);
	ck_assert_int_eq(gen_sctp_owner_active(p.server, rule, &once), -EINVAL);
	ck_assert_int_eq(gen_sctp_unregister_owner(p.server, rule), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

static void
end_as_owner(void *arg)
{
	struct rig_pair *p = arg;

	/* Only its owner may: that is the test's thread. */
	struct gen_sctp_owner_rule rule =
		rule_for_assoc(p->server_assoc, gen_sctp_self());

	ck_assert_int_eq(gen_sctp_register_owner(p->server, &rule, NULL),
			 -EPERM);
	ck_assert_int_eq(gen_sctp_peeloff(p->server, p->server_assoc,
					  &p->server),
			 0);
	ck_assert_int_eq(gen_sctp_register_owner(p->server, &rule, NULL),
			 -EOPNOTSUPP);
}

START_TEST(rules_are_the_owners_to_make)
{
	gen_sctp_socket_t listener;
	struct rig_thread t;
	struct rig_pair p;

	mail_pair_open(&p);
	listener = p.server;
	rig_start(&t, end_as_owner, &p);
	rig_join(&t);
	rig_close(listener);
	rig_pair_close(&p);
}
END_TEST

struct borrower {
	struct rig_pair *p;
	gen_sctp_mailbox_t self, owner;
};

/* A thread whose own mailbox a rule delivers to ends. */
static void
deliver_to_self_and_end(void *arg)
{
	struct borrower *b = arg;

	b->self = gen_sctp_self();
	ck_assert_int_eq(gen_sctp_use_mailbox(b->owner), 0);
	add(b->p->server, rule_for_assoc(b->p->server_assoc, b->self));
	mail_send(b->p, "left behind");
}

START_TEST(what_a_thread_leaves_behind_is_the_sockets)
{
	gen_sctp_mailbox_t owner = mail_new();
	struct borrower b = { .owner = owner };
	struct rig_thread t;
	struct rig_pair p;

	mail_pair_open(&p);
	mail_give(p.server, owner);
	b.p = &p;
	rig_start(&t, deliver_to_self_and_end, &b);
	rig_join(&t);
	mail_expect_text(owner, p.server, "left behind");
	mail_send(&p, "for recv");
	rig_expect_text(p.server, "for recv");
	rig_pair_close(&p);
}
END_TEST

START_TEST(closing_the_socket_ends_its_rules)
{
	gen_sctp_mailbox_t m = mail_new();
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p;
	uint32_t rule;

	mail_pair_open(&p);
	rule = add(p.server, rule_for_assoc(p.server_assoc, m));
	mail_send(&p, "delivered");
	rig_close(p.server);
	ck_assert_int_eq(gen_sctp_unregister_owner(p.server, rule), -EBADF);
	mail_expect_text(m, p.server, "delivered");
	ck_assert_int_eq(gen_sctp_mailbox_recv(m, p.server, &msg, 0), -EBADF);
	ck_assert_int_eq(gen_sctp_mailbox_close(m), 0);
	rig_close(p.client);
}
END_TEST

START_TEST(rules_that_are_none)
{
	const struct gen_sctp_active on = TRUE_ACTIVE, bad = { .mode = 9 };
	gen_sctp_mailbox_t closed = mail_new(), m = mail_new();
	struct gen_sctp_owner_rule rule;
	struct rig_pair p;
	uint32_t id;

	mail_pair_open(&p);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, NULL, NULL),
			 -EINVAL);
	rule = rule_for_assoc(p.server_assoc + 1000, m);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EINVAL);
	rule = rule_for_port(0, 0);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EINVAL);
	rule = rule_for_port(0, m);
	rule.peer.bits = 129;
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EINVAL);
	rule = rule_for_port(0, m);
	rule.reserved[3] = 1;
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EINVAL);
	rule = rule_for_port(0, m);
	rule.active = bad;
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_mailbox_close(closed), 0);
	rule = rule_for_port(0, closed);
	ck_assert_int_eq(gen_sctp_register_owner(p.server, &rule, NULL),
			 -EBADF);
	ck_assert_int_eq(gen_sctp_owner_active(p.server, 1, &on), -EINVAL);
	id = refuse_all(p.server);
	ck_assert_int_eq(gen_sctp_owner_active(p.server, id, &on), -EINVAL);
	ck_assert_int_eq(gen_sctp_owner_active(p.server, id, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_unregister_owner(m, id), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

/* --------------------------------------------------------------- networks */

static const struct membership {
	const char *net, *addr;
	bool in;
} memberships[] = {
	{ "192.168.0.68/30", "192.168.0.71", true },
	{ "192.168.0.68/30", "192.168.0.72", false },
	{ "192.168.0.68/30", "192.168.0.67", false },
	{ "255.255.255.254/32", "255.255.255.254", true },
	{ "255.255.255.254/32", "0.0.0.0", false },
	{ "255.255.255.254/32", "255.255.255.255", false },
	{ "10.0.0.0/0", "192.0.2.1", true },
	{ "10.1.2.3/9", "10.127.0.0", true },
	{ "10.1.2.3/9", "10.128.0.0", false },
	{ "192.0.2.1", "192.0.2.1", true },
	{ "192.0.2.1", "192.0.2.2", false },
	{ "2001:db8::/0", "::1", true },
	{ "2001:db8::/32", "2001:db8:1::1", true },
	{ "2001:db8::/32", "2001:db9::1", false },
	{ "2001:db8::5:0:0/96", "2001:db8::5:ffff:1", true },
	{ "2001:db8::5:0:0/96", "2001:db8::6:0:1", false },
	{ "2001:db8::1/128", "2001:db8::1", true },
	{ "2001:db8::1/128", "2001:db8::2", false },
	{ "0.0.0.0/0", "::1", false },
	{ "::/0", "192.0.2.1", false },
};
#define MEMBERSHIPS (int)(sizeof(memberships) / sizeof(memberships[0]))

START_TEST(addresses_are_in_networks)
{
	const struct membership *m = &memberships[_i];
	struct gen_sctp_addr addr = rig_addr(m->addr, 7);
	struct gen_sctp_subnet net;

	ck_assert_int_eq(gen_sctp_subnet_parse(m->net, 0, &net), 0);
	ck_assert_msg(gen_sctp_subnet_contains(&net, &addr) == m->in,
		      "%s in %s", m->addr, m->net);
	/* The port counts too. */
	net.addr.port = 7;
	ck_assert(gen_sctp_subnet_contains(&net, &addr) == m->in);
	net.addr.port = 8;
	ck_assert(!gen_sctp_subnet_contains(&net, &addr));
}
END_TEST

START_TEST(everything_is_in_the_network_that_is_all_zero)
{
	const struct gen_sctp_subnet all = { .bits = 0 };
	struct gen_sctp_addr four = rig_addr("192.0.2.1", 7);
	struct gen_sctp_addr six = rig_addr("2001:db8::1", 0);

	ck_assert(gen_sctp_subnet_contains(&all, &four));
	ck_assert(gen_sctp_subnet_contains(&all, &six));
	ck_assert(!gen_sctp_subnet_contains(&all, NULL));
	ck_assert(!gen_sctp_subnet_contains(NULL, &six));
}
END_TEST

static const char *const no_networks[] = {
	"",	       "/",	       "192.0.2.0/",   "192.0.2.0/33",
	"192.0.2.0/-1", "192.0.2.0/+1", "192.0.2.0/ 1", "192.0.2.0/1x",
	"192.0.2.0/1/2", "/24",	       "host/24",      "2001:db8::/129",
	"192.0.2.0/99999999999999999999",
};
#define NO_NETWORKS (int)(sizeof(no_networks) / sizeof(no_networks[0]))

START_TEST(texts_that_are_no_networks)
{
	struct gen_sctp_subnet net;

	ck_assert_int_eq(gen_sctp_subnet_parse(no_networks[_i], 0, &net),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_subnet_parse(NULL, 0, &net), -EINVAL);
	ck_assert_int_eq(gen_sctp_subnet_parse("::/1", 0, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_subnet_parse("::/1", 65536, &net), -EINVAL);
}
END_TEST

/* ------------------------------------------------------------------ suite */

static Suite *
owners_suite(void)
{
	Suite *suite = suite_create("owners");
	TCase *tc = tcase_create("owners");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_rule_takes_the_messages_of_its_associations);
	tcase_add_test(tc, the_first_rule_that_is_met_counts);
	tcase_add_test(
		tc,
		an_association_that_is_up_can_be_given_to_a_mailbox_and_back);
	tcase_add_loop_test(tc, a_rule_can_be_there_before_an_attempt_ends, 0,
			    2);
	tcase_add_test(tc, who_is_refused_is_aborted_and_nobody_is_told);
	tcase_add_test(tc, a_listener_of_streams_can_refuse_too);
	tcase_add_test(tc, a_rule_has_a_mode_of_its_own);
	tcase_add_test(tc, controlling_process_gives_the_sockets_own_only);
	tcase_add_test(tc, one_mailbox_for_both_keeps_the_order);
	tcase_add_test(tc, a_peeled_association_is_the_new_sockets);
	tcase_add_test(tc, a_rule_ends_with_its_mailbox);
	tcase_add_test(tc, a_rule_of_one_association_ends_with_it);
	tcase_add_test(tc, rules_are_the_owners_to_make);
	tcase_add_test(tc, what_a_thread_leaves_behind_is_the_sockets);
	tcase_add_test(tc, closing_the_socket_ends_its_rules);
	tcase_add_test(tc, rules_that_are_none);
	tcase_add_loop_test(tc, addresses_are_in_networks, 0, MEMBERSHIPS);
	tcase_add_test(tc, everything_is_in_the_network_that_is_all_zero);
	tcase_add_loop_test(tc, texts_that_are_no_networks, 0, NO_NETWORKS);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { owners_suite, NULL };

	return run_suites(suites, argc, argv);
}
