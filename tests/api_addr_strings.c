/*
 * Address strings: what is read, what is refused, sockets on them.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define LISTEN	     GEN_SCTP_ADDRS_LISTEN
#define DIAL	     GEN_SCTP_ADDRS_DIAL
#define BIND	     GEN_SCTP_ADDRS_BIND

/* --------------------------------------------------------------- reading */

/* `printed` NULL: as `text`. */
static const struct good {
	const char *network;
	enum gen_sctp_addrs_use use;
	const char *text;
	const char *printed;
	enum gen_sctp_family family;
	size_t count;
} good[] = {
	/* one address */
	{ "sctp", LISTEN, "127.0.0.1:0", NULL, GEN_SCTP_INET, 1 },
	{ "sctp4", LISTEN, "127.0.0.1:65535", NULL, GEN_SCTP_INET, 1 },
	{ "sctp", LISTEN, "[::1]:0", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp6", LISTEN, "[::1]:65535", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp", DIAL, "[::1]:5000", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp", DIAL, "192.0.2.1:00080", "192.0.2.1:80", GEN_SCTP_INET, 1 },
	{ "sctp", DIAL, " \t192.0.2.1:80\n", "192.0.2.1:80", GEN_SCTP_INET, 1 },
	{ "sctp", DIAL, "[192.0.2.1]:80", "192.0.2.1:80", GEN_SCTP_INET, 1 },
	{ "sctp", DIAL, "loopback:80", "127.0.0.1:80", GEN_SCTP_INET, 1 },
	{ "sctp6", DIAL, "loopback:80", "[::1]:80", GEN_SCTP_INET6, 1 },
	/* zones: kept where they tell something */
	{ "sctp", LISTEN, "[::1%en0]:1", "[::1]:1", GEN_SCTP_INET6, 1 },
	{ "sctp6", LISTEN, "[::1%911]:2", "[::1]:2", GEN_SCTP_INET6, 1 },
	{ "sctp6", LISTEN, "[::1%lo]:0", "[::1]:0", GEN_SCTP_INET6, 1 },
	{ "sctp6", LISTEN, "[::1%nazone]:0", "[::1]:0", GEN_SCTP_INET6, 1 },
	{ "sctp6", DIAL, "[fe80::1%4000000000]:2", NULL, GEN_SCTP_INET6, 1 },
	/* any */
	{ "sctp", LISTEN, "", ":0", GEN_SCTP_INET6, 0 },
	{ "sctp4", LISTEN, "", ":0", GEN_SCTP_INET, 0 },
	{ "sctp6", LISTEN, "", ":0", GEN_SCTP_INET6, 0 },
	{ "sctp", LISTEN, " ", ":0", GEN_SCTP_INET6, 0 },
	{ "sctp", LISTEN, ":", ":0", GEN_SCTP_INET6, 0 },
	{ "sctp4", LISTEN, ":", ":0", GEN_SCTP_INET, 0 },
	{ "sctp6", LISTEN, ":", ":0", GEN_SCTP_INET6, 0 },
	{ "sctp", LISTEN, ":12345", NULL, GEN_SCTP_INET6, 0 },
	{ "sctp", DIAL, ":8000", NULL, GEN_SCTP_INET, 0 },
	{ "sctp6", DIAL, ":8000", NULL, GEN_SCTP_INET6, 0 },
	{ "sctp", LISTEN, "0.0.0.0:0", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp4", LISTEN, "0.0.0.0:0", NULL, GEN_SCTP_INET, 1 },
	{ "sctp", LISTEN, "[::ffff:0.0.0.0]:0", "0.0.0.0:0", GEN_SCTP_INET6,
	  1 },
	{ "sctp4", LISTEN, "[::ffff:0.0.0.0]:0", "0.0.0.0:0", GEN_SCTP_INET,
	  1 },
	{ "sctp", LISTEN, "[::]:0", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp6", LISTEN, "[::]:0", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp", DIAL, "0.0.0.0:80", NULL, GEN_SCTP_INET, 1 },
	{ "sctp", DIAL, "[::]:80", NULL, GEN_SCTP_INET6, 1 },
	{ "sctp4", DIAL, "[::]:80", "0.0.0.0:80", GEN_SCTP_INET, 1 },
	/* an empty port */
	{ "sctp4", LISTEN, "127.0.0.1:", "127.0.0.1:0", GEN_SCTP_INET, 1 },
	{ "sctp", LISTEN, "127.0.0.1:", "127.0.0.1:0", GEN_SCTP_INET, 1 },
	{ "sctp6", LISTEN, "[::1]:", "[::1]:0", GEN_SCTP_INET6, 1 },
	{ "sctp", LISTEN, "[::1]:", "[::1]:0", GEN_SCTP_INET6, 1 },
	/* IPv4 written as IPv6 */
	{ "sctp", LISTEN, "[::ffff:127.0.0.1]:0", "127.0.0.1:0", GEN_SCTP_INET,
	  1 },
	{ "sctp4", LISTEN, "[::ffff:127.0.0.1]:0", "127.0.0.1:0", GEN_SCTP_INET,
	  1 },
	/* several */
	{ "sctp4", LISTEN, "127.0.0.1/127.0.0.2/127.0.0.3:0", NULL,
	  GEN_SCTP_INET, 3 },
	{ "sctp4", LISTEN,
	  "[::ffff:127.0.0.1]/[::ffff:127.0.0.2]/[::ffff:127.0.0.3]:0",
	  "127.0.0.1/127.0.0.2/127.0.0.3:0", GEN_SCTP_INET, 3 },
	{ "sctp4", LISTEN, "[::ffff:127.0.0.1]/127.0.0.2/[::ffff:127.0.0.3]:0",
	  "127.0.0.1/127.0.0.2/127.0.0.3:0", GEN_SCTP_INET, 3 },
	{ "sctp", LISTEN, "[::1]/127.0.0.1/[::ffff:127.0.0.3]:0",
	  "[::1]/127.0.0.1/127.0.0.3:0", GEN_SCTP_INET6, 3 },
	{ "sctp", DIAL, "192.0.2.1/[2001:db8::1]:5000", NULL, GEN_SCTP_INET6,
	  2 },
	{ "sctp", DIAL, "192.0.2.1/2001:db8::1/192.0.2.2:5000",
	  "192.0.2.1/[2001:db8::1]/192.0.2.2:5000", GEN_SCTP_INET6, 3 },
	{ "sctp", DIAL, "192.0.2.1/192.0.2.1/[::ffff:192.0.2.1]:80",
	  "192.0.2.1:80", GEN_SCTP_INET, 1 },
	/* for bindx */
	{ "sctp", BIND, "127.0.0.1", NULL, GEN_SCTP_INET, 1 },
	{ "sctp", BIND, "127.0.0.1/[::1]", NULL, GEN_SCTP_INET6, 2 },
	{ "sctp6", BIND, "::1", "[::1]", GEN_SCTP_INET6, 1 },
	{ "sctp4", BIND, "[::ffff:127.0.0.1]/127.0.0.2", "127.0.0.1/127.0.0.2",
	  GEN_SCTP_INET, 2 },
};

static void
expect_equal(const struct gen_sctp_addrs *a, const struct gen_sctp_addrs *b)
{
	size_t i;

	ck_assert_int_eq(a->family, b->family);
	ck_assert_int_eq(a->v6only, b->v6only);
	ck_assert_int_eq(a->port, b->port);
	ck_assert_uint_eq(a->count, b->count);
	for (i = 0; i < a->count; i++) {
		ck_assert_int_eq(a->addrs[i].family, b->addrs[i].family);
		ck_assert_mem_eq(a->addrs[i].ip, b->addrs[i].ip, 16);
		ck_assert_int_eq(a->addrs[i].port, b->addrs[i].port);
		ck_assert_uint_eq(a->addrs[i].scope_id, b->addrs[i].scope_id);
	}
}

START_TEST(what_is_printed_is_read_as_the_same)
{
	const struct good *row = &good[_i];
	const char *printed = row->printed ? row->printed : row->text;
	struct gen_sctp_addrs a, again;
	char text[GEN_SCTP_ADDRS_TEXT];
	bool with_port = row->use != BIND;
	size_t i;

	ck_assert_msg(gen_sctp_addrs_parse(row->network, row->text, row->use, 0,
					   &a) == 0,
		      "'%s' is not read", row->text);
	ck_assert_int_eq(a.family, row->family);
	ck_assert_int_eq(a.v6only, strcmp(row->network, "sctp6") == 0);
	ck_assert_uint_eq(a.count, row->count);
	for (i = 0; i < a.count; i++)
		ck_assert_int_eq(a.addrs[i].port, a.port);
	gen_sctp_addrs_print(&a, with_port, text, sizeof(text));
	ck_assert_str_eq(text, printed);
	ck_assert_int_eq(
		gen_sctp_addrs_parse(row->network, text, row->use, 0, &again),
		0);
	expect_equal(&a, &again);
}
END_TEST

static const struct bad {
	const char *network;
	enum gen_sctp_addrs_use use;
	const char *text;
	int error;
} bad[] = {
	{ "", LISTEN, "127.0.0.1:0", GEN_SCTP_ENETWORK },
	{ "http", LISTEN, "127.0.0.1:0", GEN_SCTP_ENETWORK },
	{ "SCTP", LISTEN, "127.0.0.1:0", GEN_SCTP_ENETWORK },
	{ "sctp46", LISTEN, "127.0.0.1:0", GEN_SCTP_ENETWORK },
	{ "http", DIAL, "", GEN_SCTP_ENETWORK },
	{ "sctp", DIAL, "", GEN_SCTP_ENOADDR },
	{ "sctp", DIAL, " \t", GEN_SCTP_ENOADDR },
	{ "sctp", BIND, "", GEN_SCTP_ENOADDR },
	{ "sctp", BIND, "127.0.0.1/", GEN_SCTP_ENOADDR },
	{ "sctp", BIND, "[]", GEN_SCTP_ENOADDR },
	{ "sctp", LISTEN, "/127.0.0.1:0", GEN_SCTP_ENOADDR },
	{ "sctp", LISTEN, "127.0.0.1//127.0.0.2:0", GEN_SCTP_ENOADDR },
	{ "sctp", LISTEN, "127.0.0.1/:80", GEN_SCTP_ENOADDR },
	{ "sctp", LISTEN, "/", GEN_SCTP_ENOADDR },
	{ "sctp", LISTEN, "[]:80", GEN_SCTP_ENOADDR },
	/* ports */
	{ "sctp", LISTEN, "127.0.0.1", GEN_SCTP_ENOPORT },
	{ "sctp", LISTEN, "[::1]", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, "127.0.0.1", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, "127.0.0.1:", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, "127.0.0.1:0", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, ":", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, ":0", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, "127.0.0.1:65536", GEN_SCTP_EPORT },
	{ "sctp", DIAL, "127.0.0.1:99999999999999999999999", GEN_SCTP_EPORT },
	{ "sctp", DIAL, "127.0.0.1:+80", GEN_SCTP_EPORT },
	{ "sctp", DIAL, "127.0.0.1: 80", GEN_SCTP_EPORT },
	{ "sctp", DIAL, "127.0.0.1:80/127.0.0.2:80", -EINVAL },
	{ "sctp", BIND, "127.0.0.1:80", -EINVAL },
	{ "sctp", BIND, "[::1]:80", -EINVAL },
	/* families */
	{ "sctp6", DIAL, "127.0.0.1:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp6", DIAL, "[::ffff:127.0.0.1]:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp6", LISTEN, "127.0.0.1:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp6", LISTEN, "0.0.0.0:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp6", LISTEN, "[::1]/127.0.0.1:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp4", LISTEN, "[2001:db8::1]:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp4", DIAL, "127.0.0.1/[::1]:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp6", BIND, "127.0.0.1", GEN_SCTP_ENOTSUITABLE },
	{ "sctp", LISTEN, "0.0.0.0/127.0.0.1:80", GEN_SCTP_ENOTSUITABLE },
	{ "sctp", DIAL, "127.0.0.1/[::]:80", GEN_SCTP_ENOTSUITABLE },
	/* no addresses */
	{ "sctp", DIAL, "::1:80", -EINVAL },
	{ "sctp", DIAL, "[::1:80", -EINVAL },
	{ "sctp", DIAL, "::1]:80", -EINVAL },
	{ "sctp", DIAL, "[::1]80", GEN_SCTP_ENOPORT },
	{ "sctp", DIAL, "[::1]x:80", -EINVAL },
	{ "sctp", DIAL, "[[::1]]:80", -EINVAL },
	{ "sctp", DIAL, "[::1]:80:90", -EINVAL },
	{ "sctp", DIAL, "[1::2::3]:80", -EINVAL },
	{ "sctp", DIAL, "[::1%]:80", -EINVAL },
	{ "sctp", DIAL, "127.0.0.1%lo:80", -EINVAL },
	{ "sctp", DIAL, "127.0.0.1 :80", -EINVAL },
	{ "sctp", DIAL, "127.0.0.1 / 127.0.0.2:80", -EINVAL },
	{ "sctp", DIAL, "a b:80", -EINVAL },
	{ "sctp", DIAL, "[fe80::1%no_such_zone]:80", -ENODEV },
	{ "sctp", DIAL, "[fe80::1%4294967296]:80", -ENODEV },
	/* names take time */
	{ "sctp", DIAL, "localhost:80", -ETIMEDOUT },
	{ "sctp", DIAL, "127.0.0.1:http", -ETIMEDOUT },
	/* arguments */
	{ NULL, DIAL, "127.0.0.1:80", -EINVAL },
	{ "sctp", DIAL, NULL, -EINVAL },
	{ "sctp", (enum gen_sctp_addrs_use)0, "127.0.0.1:80", -EINVAL },
	{ "sctp", (enum gen_sctp_addrs_use)4, "127.0.0.1:80", -EINVAL },
};

START_TEST(what_is_no_address_string_is_refused_by_name)
{
	const struct bad *row = &bad[_i];
	struct gen_sctp_addrs a = { .port = 77 };
	int error =
		gen_sctp_addrs_parse(row->network, row->text, row->use, 0, &a);

	ck_assert_msg(error == row->error, "'%s': %s, not %s", row->text,
		      gen_sctp_strerror(error), gen_sctp_strerror(row->error));
	ck_assert_int_eq(a.port, 77);
}
END_TEST

START_TEST(arguments_are_checked)
{
	struct gen_sctp_addrs a;

	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", ":80", DIAL, -2, &a),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", ":80", DIAL, 0, NULL),
			 -EINVAL);
}
END_TEST

START_TEST(a_list_has_an_end)
{
	char text[GEN_SCTP_ADDRS_TEXT] = "192.0.2.0", one[20];
	struct gen_sctp_addrs a;
	int i;

	for (i = 1; i < GEN_SCTP_ADDRS_MAX; i++) {
		snprintf(one, sizeof(one), "/192.0.2.%d", i);
		strcat(text, one);
	}
	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", text, BIND, 0, &a), 0);
	ck_assert_uint_eq(a.count, GEN_SCTP_ADDRS_MAX);
	strcat(text, "/192.0.2.200");
	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", text, BIND, 0, &a),
			 -E2BIG);
}
END_TEST

START_TEST(what_cannot_be_printed_is_empty)
{
	struct gen_sctp_addrs a;
	char text[GEN_SCTP_ADDRS_TEXT];

	ck_assert_str_eq(gen_sctp_addrs_print(NULL, true, text, sizeof(text)),
			 "<nil>");
	ck_assert_str_eq(gen_sctp_addrs_print(NULL, true, text, 5), "");
	ck_assert_int_eq(
		gen_sctp_addrs_parse("sctp", "127.0.0.1/[::1]:80", DIAL, 0, &a),
		0);
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, 18), "");
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, 19),
			 "127.0.0.1/[::1]:80");
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, NULL, 19), "");
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, 0), "");
	a.addrs[1].family = 9;
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, sizeof(text)),
			 "");
	a.count = GEN_SCTP_ADDRS_MAX + 1;
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, sizeof(text)),
			 "");
}
END_TEST

/* ----------------------------------------------------------------- names */

/* printed NULL: GEN_SCTP_ENOTSUITABLE. */
static const struct {
	const char *network, *text, *printed;
} services[] = {
	{ "sctp", "127.0.0.1:http", "127.0.0.1:80" },
	{ "sctp4", "127.0.0.1:http", "127.0.0.1:80" },
	{ "sctp", "[::ffff:127.0.0.1]:http", "127.0.0.1:80" },
	{ "sctp4", "[::ffff:127.0.0.1]:http", "127.0.0.1:80" },
	{ "sctp", "[2001:db8::1]:http", "[2001:db8::1]:80" },
	{ "sctp6", "[2001:db8::1]:http", "[2001:db8::1]:80" },
	{ "sctp4", "[2001:db8::1]:http", NULL },
	{ "sctp6", "127.0.0.1:http", NULL },
	{ "sctp6", "[::ffff:127.0.0.1]:http", NULL },
};

START_TEST(services_have_ports)
{
	char text[GEN_SCTP_ADDRS_TEXT];
	struct gen_sctp_addrs a;
	int error =
		gen_sctp_addrs_parse(services[_i].network, services[_i].text,
				     DIAL, RIG_PATIENCE, &a);

	if (services[_i].printed == NULL) {
		ck_assert_int_eq(error, GEN_SCTP_ENOTSUITABLE);
		return;
	}
	ck_assert_int_eq(error, 0);
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, sizeof(text)),
			 services[_i].printed);
}
END_TEST

START_TEST(names_are_looked_up)
{
	char text[GEN_SCTP_ADDRS_TEXT];
	struct gen_sctp_addrs a;

	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", "localhost/127.0.0.2:80",
					      DIAL, RIG_PATIENCE, &a),
			 0);
	ck_assert_str_eq(gen_sctp_addrs_print(&a, true, text, sizeof(text)),
			 "127.0.0.1/127.0.0.2:80");
	ck_assert_int_eq(gen_sctp_addrs_parse("sctp", "127.0.0.1:no_service",
					      DIAL, RIG_PATIENCE, &a),
			 GEN_SCTP_EPORT);
}
END_TEST

/* --------------------------------------------------------------- sockets */

static struct gen_sctp_addrs
parse(const char *network, enum gen_sctp_addrs_use use, const char *text)
{
	struct gen_sctp_addrs a;

	ck_assert_msg(gen_sctp_addrs_parse(network, text, use, 0, &a) == 0,
		      "'%s' is not read", text);
	return a;
}

static bool
host_has(const struct gen_sctp_addrs *a)
{
	char text[GEN_SCTP_ADDR_TEXT];
	size_t i;

	if (a->count > 1 && !rig_has_multihoming())
		return false;
	if (a->v6only && !rig_has_address("::1"))
		return false;
	for (i = 0; i < a->count; i++)
		if (!rig_has_address(gen_sctp_addr_print(&a->addrs[i], false,
							 text, sizeof(text))))
			return false;
	return true;
}

static const struct {
	const char *network, *text;
} listened[] = {
	{ "sctp4", "127.0.0.1:0" },
	{ "sctp4", "[::ffff:127.0.0.1]:0" },
	{ "sctp4", ":0" },
	{ "sctp4", "0.0.0.0:0" },
	{ "sctp4", "[::ffff:0.0.0.0]:0" },
	{ "sctp4", "127.0.0.1/127.0.0.2/127.0.0.3:0" },
	{ "sctp4", "[::ffff:127.0.0.1]/127.0.0.2/[::ffff:127.0.0.3]:0" },
	{ "sctp6", "[::1]:0" },
	{ "sctp6", ":0" },
	{ "sctp6", "[::1%lo]:0" },
	{ "sctp6", "[::1%nazone]:0" },
	{ "sctp6", "[::]:0" },
	{ "sctp", "0.0.0.0:0" },
	{ "sctp", ":0" },
	{ "sctp", "[::ffff:0.0.0.0]:0" },
	{ "sctp", "[::]:0" },
	{ "sctp", "127.0.0.1:0" },
	{ "sctp", "[::ffff:127.0.0.1]:0" },
	{ "sctp", "[::1]:0" },
	{ "sctp", "[::1]/127.0.0.1/[::ffff:127.0.0.3]:0" },
	{ "sctp", "" },
	{ "sctp", ":" },
	{ "sctp4", "127.0.0.1:" },
	{ "sctp", "127.0.0.1:" },
	{ "sctp6", "[::1]:" },
	{ "sctp", "[::1]:" },
};

static gen_sctp_socket_t
open_on(const struct gen_sctp_addrs *local, const struct gen_sctp_addrs *remote)
{
	gen_sctp_socket_t s;
	int error = gen_sctp_open_addrs(local, remote, NULL, 0, &s, NULL);

	ck_assert_msg(error == 0, "open: %s; %s", gen_sctp_strerror(error),
		      gen_sctp_open_hint());
	return s;
}

START_TEST(sockets_listen_on_address_strings)
{
	struct gen_sctp_addrs a =
		parse(listened[_i].network, LISTEN, listened[_i].text);
	gen_sctp_socket_t s;

	if (!host_has(&a))
		return;
	s = open_on(&a, NULL);
	ck_assert_int_eq(gen_sctp_listen(s, 5), 0);
	rig_close(s);
}
END_TEST

/* Whom the client dials at the server's port. */
static const struct {
	const char *server_network, *server;
	const char *client_network, *client; /* NULL: any */
	const char *host;
} dialled[] = {
	{ "sctp4", "127.0.0.1:0", "sctp4", NULL, "127.0.0.1" },
	{ "sctp4", "127.0.0.1:0", "sctp", NULL, "127.0.0.1" },
	{ "sctp", ":0", "sctp", NULL, "127.0.0.1" },
	{ "sctp", ":0", "sctp", NULL, "[::1]" },
	{ "sctp", ":0", "sctp", NULL, "" },
	{ "sctp", ":0", "sctp4", NULL, "" },
	{ "sctp", ":0", "sctp4", NULL, "[::]" },
	{ "sctp", ":0", "sctp6", NULL, "" },
	{ "sctp", ":0", "sctp6", NULL, "[::]" },
	{ "sctp", ":0", "sctp", "127.0.0.1:0", "[::]" },
	{ "sctp", ":0", "sctp", "[::1]:0", "0.0.0.0" },
	{ "sctp6", ":0", "sctp6", "[::1]:0", "[::1]" },
	{ "sctp", "127.0.0.2/127.0.0.3:0", "sctp", "127.0.0.4/127.0.0.5:0",
	  "127.0.0.2/127.0.0.3" },
};

static struct gen_sctp_addrs
peer(const char *network, const char *host, int port)
{
	char text[100];

	snprintf(text, sizeof(text), "%s:%d", host, port);
	return parse(network, DIAL, text);
}

static bool
can_dial(const struct gen_sctp_addrs *server,
	 const struct gen_sctp_addrs *client)
{
	return host_has(server) && (client == NULL || host_has(client)) &&
	       rig_has_address("::1");
}

START_TEST(sockets_connect_to_address_strings)
{
	struct gen_sctp_addrs server, client, remote, *local = NULL;
	struct gen_sctp_assoc_change up;
	struct rig_pair p;

	server = parse(dialled[_i].server_network, LISTEN, dialled[_i].server);
	if (dialled[_i].client != NULL) {
		client = parse(dialled[_i].client_network, LISTEN,
			       dialled[_i].client);
		local = &client;
	}
	if (!can_dial(&server, local))
		return;
	p.server = open_on(&server, NULL);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	remote = peer(dialled[_i].client_network, dialled[_i].host,
		      gen_sctp_port(p.server));
	p.client = open_on(local, &remote);
	rig_aim(p.client, p.server);
	ck_assert_int_eq(gen_sctp_connect_addrs(p.client, &remote, NULL, 0,
						RIG_PATIENCE, &up),
			 0);
	rig_send(p.client, up.assoc_id, 0, "hello", 5);
	rig_expect_change(p.server, GEN_SCTP_COMM_UP);
	rig_expect_text(p.server, "hello");
	rig_pair_close(&p);
}
END_TEST

static const struct {
	const char *local_network, *local, *remote_network, *remote;
} mismatched[] = {
	{ "sctp", "127.0.0.1:0", "sctp", "[::1]:80" },
	{ "sctp", "[::1]:0", "sctp", "127.0.0.1:80" },
	{ "sctp", "[::1]:0", "sctp", "[::ffff:127.0.0.1]:80" },
	{ "sctp6", ":0", "sctp4", "127.0.0.1:80" },
	{ "sctp", "127.0.0.1:0", "sctp6", ":80" },
};

START_TEST(both_ends_are_of_one_family)
{
	struct gen_sctp_addrs local = parse(mismatched[_i].local_network,
					    LISTEN, mismatched[_i].local);
	struct gen_sctp_addrs remote = parse(mismatched[_i].remote_network,
					     DIAL, mismatched[_i].remote);
	gen_sctp_socket_t s;

	ck_assert_int_eq(
		gen_sctp_open_addrs(&local, &remote, NULL, 0, &s, NULL),
		GEN_SCTP_ENOTSUITABLE);
}
END_TEST

START_TEST(an_ipv6_only_socket_has_no_ipv4)
{
	struct gen_sctp_addrs any = parse("sctp6", LISTEN, ":0");
	struct gen_sctp_addrs v4 = parse("sctp", DIAL, "127.0.0.1:80");
	struct gen_sctp_opt v6only = gen_sctp_opt_get(GEN_SCTP_OPT_IPV6_V6ONLY);
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_family(GEN_SCTP_INET6),
		gen_sctp_opt_ipv6_v6only(true),
		gen_sctp_opt_ip(rig_addr("127.0.0.1", 0)),
	};
	gen_sctp_socket_t s;

	if (!rig_has_address("::1"))
		return;
	s = open_on(&any, NULL);
	ck_assert_int_eq(gen_sctp_getopts(s, &v6only, 1, NULL), 0);
	ck_assert(v6only.value.flag);
	ck_assert_int_eq(gen_sctp_connect_addrs(s, &v4, NULL, 0, 0, NULL),
			 -EAFNOSUPPORT);
	rig_close(s);
	ck_assert_int_eq(gen_sctp_open(0, opts, 3, &s, NULL), -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_open(0, &opts[1], 1, &s, NULL), -EINVAL);
}
END_TEST

START_TEST(calls_check_their_arguments)
{
	struct gen_sctp_addrs any = { .family = GEN_SCTP_INET };
	struct gen_sctp_opt wrong = gen_sctp_opt_sndbuf(-1);
	gen_sctp_socket_t s = 0;
	size_t bad_index = 77;

	ck_assert_int_eq(gen_sctp_open_addrs(&any, NULL, NULL, 0, NULL, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_open_addrs(&any, NULL, NULL, 1, &s, NULL),
			 -EINVAL);
	ck_assert_int_eq(
		gen_sctp_open_addrs(&any, NULL, &wrong, 1, &s, &bad_index),
		-EINVAL);
	ck_assert_uint_eq(bad_index, 0);
	s = open_on(NULL, NULL);
	ck_assert_int_eq(gen_sctp_connect_addrs(s, NULL, NULL, 0, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect_addrs(s, &any, NULL, 0, 0, NULL),
			 -EINVAL);
	any.port = 80;
	ck_assert_int_eq(gen_sctp_connect_addrs(s, &any, NULL, 0, -2, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect_addrs(s, &any, NULL, 1, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_connect_addrs(0, &any, NULL, 0, 0, NULL),
			 -EINVAL);
	any.count = GEN_SCTP_ADDRS_MAX + 1;
	ck_assert_int_eq(gen_sctp_connect_addrs(s, &any, NULL, 0, 0, NULL),
			 -EINVAL);
	ck_assert_int_eq(gen_sctp_open_addrs(&any, NULL, NULL, 0, &s, NULL),
			 -EINVAL);
	rig_close(s);
}
END_TEST

static Suite *
addr_strings_suite(void)
{
	Suite *suite = suite_create("address strings");
	TCase *text = tcase_create("text");
	TCase *sockets = tcase_create("sockets");

	tcase_add_loop_test(text, what_is_printed_is_read_as_the_same, 0,
			    COUNT(good));
	tcase_add_loop_test(text, what_is_no_address_string_is_refused_by_name,
			    0, COUNT(bad));
	tcase_add_test(text, arguments_are_checked);
	tcase_add_test(text, a_list_has_an_end);
	tcase_add_test(text, what_cannot_be_printed_is_empty);
	tcase_add_loop_test(text, services_have_ports, 0, COUNT(services));
	tcase_add_test(text, names_are_looked_up);
	suite_add_tcase(suite, text);

	tcase_set_timeout(sockets, 30);
	tcase_add_loop_test(sockets, sockets_listen_on_address_strings, 0,
			    COUNT(listened));
	tcase_add_loop_test(sockets, sockets_connect_to_address_strings, 0,
			    COUNT(dialled));
	tcase_add_loop_test(sockets, both_ends_are_of_one_family, 0,
			    COUNT(mismatched));
	tcase_add_test(sockets, an_ipv6_only_socket_has_no_ipv4);
	tcase_add_test(sockets, calls_check_their_arguments);
	suite_add_tcase(suite, sockets);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { addr_strings_suite, NULL };

	return run_suites(suites, argc, argv);
}
