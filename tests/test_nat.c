/*
 * What a NAT remembers, in virtual time; what it is told.
 */
#include "nat_command.h"
#include "nat_table.h"

#include "runner.h"

static struct nat_table table;

#define IPV4(last, udp_port) \
	((struct gen_sctp_addr){ .family = GEN_SCTP_INET, \
				 .ip = { 192, 0, 2, last }, \
				 .port = udp_port })
#define HOST	IPV4(1, 1000)
#define REMOTE	IPV4(9, 9899)
#define SAME_IP IPV4(9, 5000)
#define OTHER	IPV4(8, 9899)

static void
begin(enum nat_type type, os_time timeout)
{
	struct nat_mapping *m;

	while ((m = table.mappings) != NULL) {
		table.mappings = m->next;
		nat_mapping_free(m);
	}
	table.type = type;
	table.timeout = timeout;
}

/* The mapping that a datagram takes, a new one if need be. */
static struct nat_mapping *
out(struct gen_sctp_addr host, struct gen_sctp_addr remote, os_time now)
{
	struct nat_mapping *m = nat_table_find(&table, &host, &remote);

	if (m == NULL)
		m = nat_table_add(&table, &host, &remote, now);
	ck_assert_ptr_nonnull(m);
	ck_assert(nat_mapping_leave(m, &remote, now));
	return m;
}

static bool
in(struct nat_mapping *m, struct gen_sctp_addr remote, os_time now)
{
	return nat_mapping_enter(&table, m, &remote, now);
}

static const struct {
	const char *name;
	enum nat_type type;
	bool one_mapping;    /* for all remotes */
	bool same_ip, other; /* may come in, having been sent nothing */
} types[] = {
	{ "full-cone", NAT_FULL_CONE, true, true, true },
	{ "address-restricted", NAT_ADDRESS_RESTRICTED, true, true, false },
	{ "port-restricted", NAT_PORT_RESTRICTED, true, false, false },
	{ "symmetric", NAT_SYMMETRIC, false, false, false },
};

START_TEST(types_differ_in_mapping_and_filter)
{
	enum nat_type type;
	struct nat_mapping *m;

	ck_assert(nat_type_parse(types[_i].name, &type));
	ck_assert_int_eq(type, types[_i].type);
	begin(type, OS_NEVER);
	m = out(HOST, REMOTE, 0);
	ck_assert_ptr_eq(out(HOST, REMOTE, 0), m);
	ck_assert(in(m, REMOTE, 0));
	ck_assert_int_eq(in(m, SAME_IP, 0), types[_i].same_ip);
	ck_assert_int_eq(in(m, OTHER, 0), types[_i].other);
	ck_assert_int_eq(out(HOST, OTHER, 0) == m, types[_i].one_mapping);
	ck_assert_int_eq(in(m, OTHER, 0), types[_i].one_mapping);
}
END_TEST

START_TEST(endpoints_have_mappings_of_their_own)
{
	begin(NAT_FULL_CONE, OS_NEVER);
	ck_assert_ptr_ne(out(HOST, REMOTE, 0), out(IPV4(1, 1001), REMOTE, 0));
	ck_assert_ptr_ne(out(HOST, REMOTE, 0), out(IPV4(2, 1000), REMOTE, 0));
}
END_TEST

START_TEST(a_mapping_without_traffic_is_forgotten)
{
	struct nat_mapping *m;

	begin(NAT_PORT_RESTRICTED, 100);
	m = out(HOST, REMOTE, 0);
	ck_assert_int_eq(nat_table_deadline(&table), 100);
	out(HOST, REMOTE, 50);
	ck_assert_ptr_null(nat_table_take_expired(&table, 149));
	ck_assert(in(m, REMOTE, 60));
	ck_assert_int_eq(nat_table_deadline(&table), 160);
	/* Who may not come in keeps nothing. */
	ck_assert(!in(m, OTHER, 150));
	ck_assert_ptr_eq(nat_table_take_expired(&table, 160), m);
	nat_mapping_free(m);
	ck_assert_ptr_null(table.mappings);
	ck_assert_int_eq(nat_table_deadline(&table), OS_NEVER);
}
END_TEST

START_TEST(a_forwarded_mapping_is_open_and_stays)
{
	const struct gen_sctp_addr host = HOST;
	struct nat_mapping *m, *own;

	begin(NAT_SYMMETRIC, 100);
	own = out(HOST, OTHER, 0);
	m = nat_table_add(&table, &host, NULL, 0);
	m->forwarded = true;
	ck_assert(in(m, REMOTE, 0));
	ck_assert_ptr_eq(out(HOST, REMOTE, 0), m);
	ck_assert_ptr_eq(out(HOST, OTHER, 0), m);
	ck_assert_ptr_eq(nat_table_take_expired(&table, 1000), own);
	nat_mapping_free(own);
	ck_assert_ptr_null(nat_table_take_expired(&table, 1000));
	ck_assert_ptr_null(nat_table_take(&table));
}
END_TEST

START_TEST(a_mapping_knows_as_many_remotes_as_there_are)
{
	struct nat_mapping *m = NULL;
	uint16_t port;

	begin(NAT_PORT_RESTRICTED, OS_NEVER);
	for (port = 1; port <= 100; port++)
		m = out(HOST, IPV4(9, port), 0);
	for (port = 1; port <= 100; port++)
		ck_assert(in(m, IPV4(9, port), 0));
	ck_assert(!in(m, IPV4(9, 101), 0));
	begin(NAT_PORT_RESTRICTED, OS_NEVER);
}
END_TEST

static const struct {
	const char *line;
	bool ok;
	enum nat_command_kind kind;
	bool address;
	enum nat_way way;
} lines[] = {
	{ "rebind", true, NAT_COMMAND_REBIND, false, 0 },
	{ " rebind\tport\r", true, NAT_COMMAND_REBIND, false, 0 },
	{ "rebind address", true, NAT_COMMAND_REBIND, true, 0 },
	{ "impair loss=5%", true, NAT_COMMAND_IMPAIR, false, NAT_BOTH },
	{ "impair out loss=5%", true, NAT_COMMAND_IMPAIR, false, NAT_OUT },
	{ "impair in loss=5%", true, NAT_COMMAND_IMPAIR, false, NAT_IN },
	{ "stats", true, NAT_COMMAND_STATS, false, 0 },
	{ "quit", true, NAT_COMMAND_QUIT, false, 0 },
	{ "", false, 0, false, 0 },
	{ "dance", false, 0, false, 0 },
	{ "quit now", false, 0, false, 0 },
	{ "rebind it", false, 0, false, 0 },
	{ "rebind port address", false, 0, false, 0 },
	{ "impair", false, 0, false, 0 },
	{ "impair up loss=5%", false, 0, false, 0 },
	{ "impair out loss=5", false, 0, false, 0 },
	{ "impair out loss=5% delay=1ms", false, 0, false, 0 },
};

START_TEST(a_line_is_a_command_or_none)
{
	struct nat_command command = { .address = false };

	ck_assert_int_eq(nat_command_parse(&command, lines[_i].line),
			 lines[_i].ok);
	if (!lines[_i].ok)
		return;
	ck_assert_int_eq(command.kind, lines[_i].kind);
	ck_assert_int_eq(command.address, lines[_i].address);
	ck_assert_int_eq(command.way, lines[_i].way);
	if (command.kind == NAT_COMMAND_IMPAIR)
		ck_assert_double_eq_tol(command.profile.loss, 0.05, 1e-9);
}
END_TEST

Suite *
nat_suite(void)
{
	Suite *suite = suite_create("nat");
	TCase *tc = tcase_create("table");

	tcase_add_loop_test(tc, types_differ_in_mapping_and_filter, 0,
			    (int)(sizeof(types) / sizeof(types[0])));
	tcase_add_test(tc, endpoints_have_mappings_of_their_own);
	tcase_add_test(tc, a_mapping_without_traffic_is_forgotten);
	tcase_add_test(tc, a_forwarded_mapping_is_open_and_stays);
	tcase_add_test(tc, a_mapping_knows_as_many_remotes_as_there_are);
	suite_add_tcase(suite, tc);
	tc = tcase_create("commands");
	tcase_add_loop_test(tc, a_line_is_a_command_or_none, 0,
			    (int)(sizeof(lines) / sizeof(lines[0])));
	suite_add_tcase(suite, tc);
	return suite;
}
