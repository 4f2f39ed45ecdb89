/*
 * gensctp perf
 */
#include <gensctp.h>

#include "commands.h"
#include "perf.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp perf --listen 5000\n"
	"  gensctp perf localhost 5000             throughput of 1k messages\n"
	"  gensctp perf -T pingpong -s 64 localhost 5000\n"
	"  gensctp perf --impair loss=1%,delay=20ms localhost 5000\n";

#define DEFAULT_TIME 10000 /* ms */

static enum status
run_server(struct options *options, struct perf_mode mode)
{
	int port;

	if (!options_take_listen(options, &cmd_perf, &port))
		return STATUS_USAGE;
	if (port + options->threads > 65536)
		return options_usage_error(&cmd_perf,
					   "%d: not so many SCTP "
					   "ports from there",
					   port);
	return perf_serve(options, port, mode);
}

static enum status
run_client(struct options *options, struct perf_mode mode)
{
	const struct perf_test *test = perf_test_find(options->test);
	struct remote remote = { 0 };

	if (test == NULL)
		return options_usage_error(&cmd_perf,
					   "--test %s: not "
					   "throughput, pingpong, echo, "
					   "associations or idle",
					   options->test);
	if (options->length > options->sndbuf)
		return options_usage_error(&cmd_perf,
					   "--size is above --sndbuf");
	if (test->echoes && options->associations > 1)
		return options_usage_error(&cmd_perf,
					   "--test echo is of one "
					   "association in each thread");
	if (test->echoes && mode.poll)
		return options_usage_error(&cmd_perf,
					   "--test echo sends in a "
					   "thread of its own, not with poll");
	if (!remote_take(&remote, options, &cmd_perf))
		return STATUS_USAGE;
	if (remote.port + options->threads > 65536)
		return options_usage_error(&cmd_perf,
					   "%d: not so many SCTP "
					   "ports from there",
					   remote.port);
	if (options->time < 0 && options->count < 0)
		options->time = DEFAULT_TIME;
	return perf_run(options, &remote, test, mode);
}

static enum status
run(struct options *options)
{
	struct perf_mode mode;

	if (!perf_mode_parse(options->mode, &mode))
		return options_usage_error(&cmd_perf,
					   "--mode %s: not passive, "
					   "poll, true, once or a count up to "
					   "32767",
					   options->mode);
	return options->server ? run_server(options, mode)
			       : run_client(options, mode);
}

const struct cmd cmd_perf = {
	.name = "perf",
	.bit = CMD_PERF,
	.operands = "HOST[/ADDRESS...] PORT",
	.summary = "measure: throughput, round trips, associations; server and "
		   "client",
	.examples = examples,
	.run = run,
};
