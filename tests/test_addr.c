#include "os_internal.h"

#include <check.h>
#include <string.h>

#include "os_errno.h"

Suite *addr_suite(void);

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *text;
	uint8_t family; /* asked for */
	int port;
	const char *printed;
	const char *with_port;
} good[] = {
	{ "192.0.2.1", 0, 5000, "192.0.2.1", "192.0.2.1:5000" },
	{ "192.0.2.1", 6, 0, "192.0.2.1", "192.0.2.1:0" },
	{ "255.255.255.255", 0, 65535, "255.255.255.255",
	  "255.255.255.255:65535" },
	{ "2001:db8::1", 0, 5000, "2001:db8::1", "[2001:db8::1]:5000" },
	{ "2001:DB8:0:0:0:0:0:1", 4, 1, "2001:db8::1", "[2001:db8::1]:1" },
	{ "[::1]", 0, 7, "::1", "[::1]:7" },
	{ "::", 0, 0, "::", "[::]:0" },
	{ "::ffff:192.0.2.1", 0, 9, "::ffff:192.0.2.1",
	  "[::ffff:192.0.2.1]:9" },
	{ "fe80::1%4000000000", 0, 5, "fe80::1%4000000000",
	  "[fe80::1%4000000000]:5" },
	{ "[febf::1%4000000000]", 0, 5, "febf::1%4000000000",
	  "[febf::1%4000000000]:5" },
	{ "fe80::1%0", 0, 5, "fe80::1", "[fe80::1]:5" },
	{ "any", 0, 1, "0.0.0.0", "0.0.0.0:1" },
	{ "any", 4, 1, "0.0.0.0", "0.0.0.0:1" },
	{ "any", 6, 1, "::", "[::]:1" },
	{ "loopback", 0, 1, "127.0.0.1", "127.0.0.1:1" },
	{ "loopback", 6, 1, "::1", "[::1]:1" },
};

START_TEST(text_is_read_and_printed)
{
	struct gen_sctp_addr a = { .family = good[_i].family };
	char text[GEN_SCTP_ADDR_TEXT];

	ck_assert_int_eq(
		gen_sctp_addr_parse(good[_i].text, good[_i].port, &a), 0);
	ck_assert_int_eq(a.port, good[_i].port);
	ck_assert_str_eq(gen_sctp_addr_print(&a, false, text, sizeof(text)),
			 good[_i].printed);
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, sizeof(text)),
			 good[_i].with_port);
}
END_TEST

static const struct {
	const char *text;
	int port;
} bad[] = {
	{ NULL, 0 },
	{ "", 0 },
	{ "192.0.2.1", -1 },
	{ "192.0.2.1", 65536 },
	{ "192.0.2", 0 },
	{ "192.0.2.256", 0 },
	{ "192.0.2.1.", 0 },
	{ "192.0.2.1 ", 0 },
	{ " 192.0.2.1", 0 },
	{ "192.0.2.1:5000", 0 },
	{ "192.0.2.1%1", 0 },
	{ "[192.0.2.1]", 0 },
	{ "0x7f.0.0.1", 0 },
	{ "localhost", 0 },
	{ "Any", 0 },
	{ "loopback ", 0 },
	{ "[any]", 0 },
	{ ":", 0 },
	{ ":::", 0 },
	{ "1::2::3", 0 },
	{ "2001:db8::10000", 0 },
	{ "2001:db8:0:0:0:0:0:0:1", 0 },
	{ "[::1", 0 },
	{ "::1]", 0 },
	{ "[]", 0 },
	{ "[", 0 },
	{ "[[::1]]", 0 },
	{ "[::1]:5000", 0 },
	{ "::1%1", 0 }, /* no link-local address */
	{ "2001:db8::1%1", 0 },
	{ "fe80::1%", 0 },
	{ "fe80::1%no_such_interface", 0 },
	{ "fe80::1%4294967296", 0 },
	{ "fe80::1%99999999999999999999999", 0 },
	{ "fe80::1%-1", 0 },
	{ "[fe80::1]%1", 0 },
	{ "fe80::1%1111111111111111111111111111111111111111111111111111111111"
	  "1111111111111111111111111111111111111111111",
	  0 },
};

START_TEST(what_is_no_address_is_refused_and_changes_nothing)
{
	struct gen_sctp_addr a = { .family = 6, .port = 77 };

	ck_assert_int_eq(gen_sctp_addr_parse(bad[_i].text, bad[_i].port, &a),
			 -EINVAL);
	ck_assert_int_eq(a.family, 6);
	ck_assert_int_eq(a.port, 77);
}
END_TEST

START_TEST(words_need_a_family_that_exists)
{
	struct gen_sctp_addr a = { .family = 5 };

	ck_assert_int_eq(gen_sctp_addr_parse("any", 0, &a), -EINVAL);
	ck_assert_int_eq(gen_sctp_addr_parse("127.0.0.1", 0, NULL), -EINVAL);
}
END_TEST

static int
is_loopback(const struct os_interface_addr *i, void *found)
{
	if (!i->loopback)
		return 0;
	*(struct os_interface_addr *)found = *i;
	return 1;
}

START_TEST(zones_are_names_of_interfaces)
{
	struct gen_sctp_addr a = { .family = 0 }, again = { .family = 0 };
	struct os_interface_addr loopback;
	char text[GEN_SCTP_ADDR_TEXT];

	ck_assert_int_eq(os_net_start(), 0);
	ck_assert_int_eq(os_local_addrs(is_loopback, &loopback), 1);
	ck_assert_int_eq(gen_sctp_addr_parse("fe80::1%1", 0, &a), 0);
	a.scope_id = loopback.index;
	gen_sctp_addr_print(&a, false, text, sizeof(text));
	ck_assert_int_eq(gen_sctp_addr_parse(text, 0, &again), 0);
	ck_assert_mem_eq(again.ip, a.ip, sizeof(a.ip));
	ck_assert_uint_eq(again.scope_id, loopback.index);
	os_net_stop();
}
END_TEST

START_TEST(what_cannot_be_printed_is_empty)
{
	struct gen_sctp_addr a = { .family = 0 };
	char text[GEN_SCTP_ADDR_TEXT] = "left", small[15] = "left";

	ck_assert_str_eq(gen_sctp_addr_print(NULL, true, text, sizeof(text)),
			 "");
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, sizeof(text)), "");
	a.family = 7;
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, sizeof(text)), "");
	ck_assert_int_eq(gen_sctp_addr_parse("255.255.255.255", 0, &a), 0);
	ck_assert_str_eq(gen_sctp_addr_print(&a, false, small, sizeof(small)),
			 "");
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, 17), "");
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, 18),
			 "255.255.255.255:0");
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, NULL, 18), "");
	ck_assert_str_eq(gen_sctp_addr_print(&a, true, text, 0), "");
}
END_TEST

START_TEST(socket_addresses_come_back)
{
	struct gen_sctp_addr a = { .family = good[_i].family }, again;
	struct sockaddr_storage room;
	struct sockaddr *sa = (struct sockaddr *)&room;
	int len;

	ck_assert_int_eq(
		gen_sctp_addr_parse(good[_i].text, good[_i].port, &a), 0);
	len = gen_sctp_addr_to_sockaddr(&a, sa, sizeof(room));
	ck_assert_int_gt(len, 0);
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(&a, sa, (size_t)len), len);
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(&a, sa, (size_t)len - 1),
			 -EINVAL);
	ck_assert_int_eq(
		gen_sctp_addr_from_sockaddr(sa, (size_t)len - 1, &again),
		-EINVAL);
	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(sa, (size_t)len, &again),
			 0);
	ck_assert_int_eq(again.family, a.family);
	ck_assert_mem_eq(again.ip, a.ip, sizeof(a.ip));
	ck_assert_int_eq(again.port, a.port);
	ck_assert_uint_eq(again.scope_id, a.scope_id);
}
END_TEST

START_TEST(other_socket_addresses_are_refused)
{
	struct gen_sctp_addr a = { .family = 9 };
	struct sockaddr_storage room = { .ss_family = AF_UNIX };
	struct sockaddr *sa = (struct sockaddr *)&room;

	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(sa, sizeof(room), &a),
			 -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(&a, sa, sizeof(room)),
			 -EAFNOSUPPORT);
	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(sa, 1, &a), -EINVAL);
	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(NULL, 16, &a), -EINVAL);
	ck_assert_int_eq(gen_sctp_addr_from_sockaddr(sa, 16, NULL), -EINVAL);
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(NULL, sa, 16), -EINVAL);
	ck_assert_int_eq(gen_sctp_addr_to_sockaddr(&a, NULL, 16), -EINVAL);
}
END_TEST

Suite *
addr_suite(void)
{
	Suite *s = suite_create("addr");
	TCase *text = tcase_create("text");
	TCase *sockets = tcase_create("socket addresses");

	tcase_add_loop_test(text, text_is_read_and_printed, 0, COUNT(good));
	tcase_add_loop_test(
		text, what_is_no_address_is_refused_and_changes_nothing, 0,
		COUNT(bad));
	tcase_add_test(text, words_need_a_family_that_exists);
	tcase_add_test(text, zones_are_names_of_interfaces);
	tcase_add_test(text, what_cannot_be_printed_is_empty);
	suite_add_tcase(s, text);

	tcase_add_loop_test(sockets, socket_addresses_come_back, 0,
			    COUNT(good));
	tcase_add_test(sockets, other_socket_addresses_are_refused);
	suite_add_tcase(s, sockets);
	return s;
}
