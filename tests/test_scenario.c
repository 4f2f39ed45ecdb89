/*
 * Scenarios: what the text means, and what is said of one that means nothing.
 */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "scenario_flow.h"

static struct scenario sc;
static struct scenario_error error;

#define ENDS \
	"endpoint a 127.0.1.1\n" \
	"endpoint b 127.0.1.2\n"
#define HOME "nat home symmetric 127.0.1.1 127.0.2.1\n"

static bool
parse(const char *text)
{
	return scenario_parse(&sc, text, strlen(text), &error);
}

START_TEST(a_scenario_is_what_its_text_says)
{
	const struct scenario_node *home = &sc.nodes[0], *client = &sc.nodes[2];
	const struct scenario_step *send = &sc.steps[1];

	ck_assert(parse("# a comment\n"
			"title Two words\n"
			"limit 10s\n"
			"\n"
			"nat home symmetric 127.0.1.1 127.0.2.1 127.0.2.2 "
			"timeout 300ms hairpin\n"
			"endpoint server 127.0.3.1 ::1 port 5000\n"
			"endpoint client 127.0.1.2 behind home rto 50ms 1s "
			"heartbeat 200ms retries 5 # and more\n"
			"at 2s rebind home address\n"
			"connect client server\n"
			"at 100ms send client server 20 of 2k every 5ms "
			"streams 3\n"
			"expect all client server or comm_lost client by 4s\n"
			"expect addr_unreachable server"));
	ck_assert_str_eq(sc.title, "Two words");
	ck_assert_int_eq(sc.limit, 10000);
	ck_assert_uint_eq(sc.node_count, 3);

	ck_assert(home->is_nat && home->hairpin);
	ck_assert_int_eq(home->type, NAT_SYMMETRIC);
	ck_assert_uint_eq(home->addr_count, 2);
	ck_assert_int_eq(home->timeout, 300);
	ck_assert_uint_eq(sc.nodes[1].addr_count, 2);
	ck_assert_int_eq(sc.nodes[1].port, 5000);
	ck_assert_int_eq(sc.nodes[1].heartbeat, -1);
	ck_assert_ptr_eq(client->behind, home);
	ck_assert_int_eq(client->rto_min, 50);
	ck_assert_int_eq(client->rto_max, 1000);
	ck_assert_int_eq(client->heartbeat, 200);
	ck_assert_int_eq(client->retries, 5);

	/* By time, not by line. */
	ck_assert_uint_eq(sc.step_count, 3);
	ck_assert_int_eq(sc.steps[0].action, SCENARIO_CONNECT);
	ck_assert_int_eq(send->action, SCENARIO_SEND);
	ck_assert_int_eq(send->at, 100);
	ck_assert_int_eq(send->count, 20);
	ck_assert_int_eq(send->size, 2048);
	ck_assert_int_eq(send->every, 5);
	ck_assert_int_eq(send->streams, 3);
	ck_assert_int_eq(sc.steps[2].action, SCENARIO_REBIND);
	ck_assert(sc.steps[2].address);

	ck_assert_uint_eq(sc.expect_count, 2);
	ck_assert_int_eq(sc.expects[0].by, 4000);
	ck_assert_uint_eq(sc.expects[0].count, 2);
	ck_assert_ptr_null(sc.expects[0].either[0].event);
	ck_assert_str_eq(sc.expects[0].either[1].event, "comm_lost");
	ck_assert_int_eq(sc.expects[1].by, 10000);
	scenario_free(&sc);
}
END_TEST

static const struct {
	const char *text;
	int line;
	const char *says;
} wrong[] = {
	{ "", 1, "nothing happens" },
	{ ENDS "conect a b\n", 3, "conect: no such statement or action" },
	{ ENDS "connect a\n", 3, "is missing: connect ENDPOINT ENDPOINT" },
	{ ENDS "connect a c\n", 3, "c: no endpoint or NAT of that name" },
	{ ENDS "connect a a\n", 3, "with itself?" },
	{ ENDS "connect a b c\n", 3, "c is not understood: connect" },
	{ ENDS "at 5 connect a b\n", 3, "5: at is a number" },
	{ ENDS "at 40s connect a b\n", 3, "after the limit, 30000 ms" },
	{ ENDS "at 1s\n", 3, "an action is missing" },
	{ ENDS "endpoint a 127.0.1.3\n", 3, "one of that name already" },
	{ "endpoint a\n", 1, "an address is missing" },
	{ "endpoint a localhost\n", 1, "localhost: not an IP address" },
	{ "endpoint a 127.0.1.1 rto 1s 500ms\n", 1,
	  "500ms: largest rto is a number from 1000 to 60000 ms" },
	{ "endpoint a 127.0.1.1 colour red\n", 1, "colour is not understood" },
	{ "endpoint a 127.0.1.1 behind b\n", 1, "b: no endpoint or NAT" },
	{ ENDS "endpoint c 127.0.1.1 behind a\n", 3, "a is not a NAT" },
	{ HOME "endpoint c 127.0.1.2 127.0.1.3 behind home\n", 2,
	  "behind a NAT has one address" },
	{ HOME "endpoint c ::1 behind home\n", 2, "another family" },
	{ "nat n conical 127.0.1.1 127.0.2.1\n", 1, "conical: a NAT is" },
	{ "nat n symmetric 127.0.1.1\n", 1, "an address is missing" },
	{ HOME "rebind home address\n", 2, "home has one outside address" },
	{ HOME ENDS "forward home a\n", 4, "a is not behind home" },
	{ HOME ENDS "connect a home\n", 4, "home is not an endpoint" },
	{ ENDS "rebind a\n", 3, "a is not a NAT" },
	{ ENDS "link a loss=lots\n", 3, "loss=lots: not a profile" },
	{ ENDS "dark a\n", 3, "how long is missing: dark NAME TIME" },
	{ ENDS "send a b 0\n", 3, "0: messages is a number from 1" },
	{ ENDS "send a b 5 of 4\n", 3, "4: bytes of a message is a number" },
	{ ENDS "send a b 5 slowly\n", 3, "slowly is not understood" },
	{ ENDS "expect everything\n", 3, "everything is not \"all\"" },
	{ ENDS "expect all a\n", 3, "is missing: expect all" },
	{ ENDS "expect comm_lost a or\n", 3, "what to expect is missing" },
	{ ENDS "expect comm_up a or comm_up a or comm_up a or comm_up a or "
	       "comm_up a\n",
	  3, "more than 4 outcomes" },
	{ "limit 11m\n", 1, "11m: limit is a number from 1 to 600000 ms" },
	{ "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a",
	  1, "more than 32 words" },
};

START_TEST(what_is_wrong_is_told_with_its_line)
{
	ck_assert(!parse(wrong[_i].text));
	ck_assert_msg(strstr(error.text, wrong[_i].says) != NULL,
		      "'%s' is not in '%s'", wrong[_i].says, error.text);
	ck_assert_int_eq(error.line, wrong[_i].line);
}
END_TEST

START_TEST(more_than_there_is_room_for_is_refused)
{
	static const struct {
		const char *begin, *more, *says;
	} many[] = {
		{ "", "endpoint %d 127.0.1.1\n", "more than 16 endpoints" },
		{ ENDS, "connect a b # %d\n", "more than 64 actions" },
		{ ENDS, "expect comm_up a # %d\n", "more than 16 expect" },
	};
	char text[4096];
	size_t len;
	int i;

	len = (size_t)snprintf(text, sizeof(text), "%s", many[_i].begin);
	for (i = 0; i < 70; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					many[_i].more, i);
	ck_assert(!parse(text));
	ck_assert_ptr_nonnull(strstr(error.text, many[_i].says));
}
END_TEST

START_TEST(a_file_that_is_no_text_is_refused)
{
	ck_assert(!scenario_parse(&sc, "title\0x", 7, &error));
	ck_assert_str_eq(error.text, "not a text");
}
END_TEST

/* ----------------------------------------------------------------- flows */

static struct flow flow;
static uint8_t message[100];

static void
arrive(uint64_t number, uint16_t stream, os_time now)
{
	flow_write(&flow, number, stream, message, sizeof(message));
	flow_check(&flow, stream, message, sizeof(message), now);
}

START_TEST(messages_in_order_are_counted_and_timed)
{
	memset(&flow, 0, sizeof(flow));
	flow.from = 3;
	arrive(0, 0, 10);
	arrive(1, 1, 40);
	arrive(3, 1, 45); /* before 2, which is of another stream */
	arrive(2, 0, 50);
	ck_assert_uint_eq(flow_sender(message, sizeof(message)), 3);
	ck_assert_uint_eq(flow.arrived, 4);
	ck_assert_uint_eq(flow.wrong, 0);
	ck_assert_int_eq(flow.pause, 30);
	ck_assert_int_eq(flow.latest - flow.first, 40);
}
END_TEST

START_TEST(anything_that_is_not_as_sent_is_wrong)
{
	memset(&flow, 0, sizeof(flow));
	arrive(1, 0, 0);
	arrive(1, 0, 0); /* again */
	arrive(0, 0, 0); /* late */
	ck_assert_uint_eq(flow.wrong, 2);
	flow_write(&flow, 2, 0, message, sizeof(message));
	flow_check(&flow, 1, message, sizeof(message), 0);     /* elsewhere */
	flow_check(&flow, 0, message, sizeof(message) - 1, 0); /* short */
	flow_check(&flow, SCENARIO_MAX_STREAMS, message, sizeof(message), 0);
	message[99] ^= 1;
	flow_check(&flow, 0, message, sizeof(message), 0);
	ck_assert_uint_eq(flow.wrong, 6);
	ck_assert_uint_eq(flow.arrived, 1);
	ck_assert_uint_eq(flow_sender(message, FLOW_HEADER - 1), SIZE_MAX);
}
END_TEST

Suite *
scenario_suite(void)
{
	Suite *s = suite_create("scenario");
	TCase *tc = tcase_create("scenario");

	tcase_add_test(tc, a_scenario_is_what_its_text_says);
	tcase_add_loop_test(tc, what_is_wrong_is_told_with_its_line, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_loop_test(tc, more_than_there_is_room_for_is_refused, 0, 3);
	tcase_add_test(tc, a_file_that_is_no_text_is_refused);
	tcase_add_test(tc, messages_in_order_are_counted_and_timed);
	tcase_add_test(tc, anything_that_is_not_as_sent_is_wrong);
	suite_add_tcase(s, tc);
	return s;
}
