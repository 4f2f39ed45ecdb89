/*
 * gensctp status
 */
#include <errno.h>
#include <gensctp.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "os_stdio.h"
#include "output.h"
#include "view_query.h"
#include "view_show.h"

#define LOOKUP_MS 5000
#define CLEAR	  "\033[H\033[2J" /* ECMA-48: cursor home, erase all */

static const char examples[] =
	"Examples:\n"
	"  GENSCTP_STATUS=9900 gensctp listen 5000   or any other program\n"
	"  gensctp status 9900                       what it has now\n"
	"  gensctp status --interval 1s 9900         a live view\n";

/* [HOST:]PORT; HOST is this one. */
static bool
take_operand(const struct options *options, struct gen_sctp_addr *to)
{
	const char *text = options->operands[0];
	char with_host[300];
	struct gen_sctp_addrs addrs;
	int error;

	if (options->operand_count != 1) {
		options_usage_error(&cmd_status, "give the PORT that is in the "
						 "program's GENSCTP_STATUS");
		return false;
	}
	snprintf(with_host, sizeof(with_host), "%s%s",
		 strchr(text, ':') == NULL ? "127.0.0.1:" : "", text);
	error = gen_sctp_addrs_parse("sctp", with_host, GEN_SCTP_ADDRS_DIAL,
				     LOOKUP_MS, &addrs);
	if (error != 0)
		options_usage_error(&cmd_status, "%s: not [HOST:]PORT: %s",
				    text, gen_sctp_strerror(error));
	*to = addrs.addrs[0];
	return error == 0;
}

static bool
check_options(const struct options *options)
{
	if (options->count >= 0 && options->interval < 0)
		options_usage_error(&cmd_status, "--count needs --interval");
	return options->count < 0 || options->interval >= 0;
}

static enum status
complain_of_query(const struct options *options, const struct view_query *q,
		  int error)
{
	const char *of = options->operands[0];

	if (error == -EPROTONOSUPPORT)
		return complain(error,
				"Use the gensctp of the release that the "
				"program has.",
				"status of %s in version %u, here it is %u", of,
				q->version, VIEW_VERSION);
	return complain(
		error,
		error != -ETIMEDOUT
			? NULL
			: "Programs answer that were started with this port in "
			  "GENSCTP_STATUS.",
		"status of %s", of);
}

static enum status
show(const struct options *options, struct view_query *q, bool live)
{
	int error = view_query_all(q, options->timeout * OS_MS);

	if (error != 0)
		return complain_of_query(options, q, error);
	if (live)
		fputs(CLEAR, stdout);
	view_show(q->records, q->count, options->json);
	error = output_flush();
	return error == 0 ? STATUS_OK
			  : complain(error, NULL, "standard output");
}

/* Until an interrupt, the count, or a failure. */
static enum status
repeat(const struct options *options, struct view_query *q)
{
	const bool live = !options->json && os_stdout_is_terminal();
	static os_event interrupt;
	enum status status;
	os_time next = os_now();
	int64_t left = options->count;
	bool interrupted;
	int n = os_event_open(&interrupt);

	if (n == 0)
		n = os_on_interrupt(&interrupt);
	if (n != 0)
		return complain(n, NULL, "start");
	do {
		status = show(options, q, live);
		next += options->interval * OS_MS;
	} while (status == STATUS_OK && --left != 0 &&
		 os_poll(&interrupt.wait_fd, &interrupted, 1, next) == 0);
	return status;
}

static enum status
run(struct options *options)
{
	struct gen_sctp_addr to;
	struct view_query q;
	enum status status;
	int error;

	if (!check_options(options) || !take_operand(options, &to))
		return STATUS_USAGE;
	error = os_net_start();
	if (error == 0)
		error = view_query_open(&q, &to);
	if (error != 0)
		return complain(error, NULL, "start");
	status = options->interval < 0 ? show(options, &q, false)
				       : repeat(options, &q);
	view_query_close(&q);
	os_net_stop();
	return status;
}

const struct cmd cmd_status = {
	.name = "status",
	.bit = CMD_STATUS,
	.operands = "[HOST:]PORT",
	.summary = "show the sockets, associations and paths of a running "
		   "program",
	.examples = examples,
	.run = run,
};
