/*
 * gensctp nat
 */
#include <gensctp.h>

#include "commands.h"
#include "nat_serve.h"
#include "scenario_run.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp nat 192.0.2.1:9899=9900   and gensctp connect -R 9900 "
	"localhost 5000\n"
	"  gensctp nat --type symmetric --rebind 10s 192.0.2.1:9899\n"
	"  gensctp nat --capture both.pcapng 192.0.2.1:9899=9900\n"
	"  gensctp nat --scenario rebind.txt\n";

static enum status
run(struct options *options)
{
	struct nat_setup setup;
	enum status status;

	if (options->scenario != NULL && options->operand_count > 0)
		return options_usage_error(&cmd_nat, "%s: nothing expected",
					   options->operands[0]);
	if (options->scenario != NULL && options->not_of_scenario != NULL)
		return options_usage_error(
			&cmd_nat, "--%s: not with --scenario, whose file tells",
			options->not_of_scenario);
	if (options->scenario != NULL)
		return scenario_run_file(options->scenario, options->json);
	status = nat_setup(&setup, options);
	if (status == STATUS_OK)
		status = nat_serve(&setup, options);
	nat_setup_free(&setup);
	return status;
}

/* A NAT has no SCTP of its own. */
static bool
captures(const struct options *options)
{
	return options->scenario == NULL;
}

const struct cmd cmd_nat = {
	.name = "nat",
	.bit = CMD_NAT,
	.operands = "[REMOTE:PORT[=PORT]...]",
	.summary = "a NAT between UDP sockets; or run a scenario of endpoints "
		   "and NATs",
	.examples = examples,
	.run = run,
	.captures = captures,
};
