/*
 * gensctp nat
 */
#include <gensctp.h>

#include "commands.h"
#include "scenario_run.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp nat --scenario rebind.txt\n";

static enum status
run(struct options *options)
{
	if (options->operand_count > 0)
		return options_usage_error(&cmd_nat, "%s: nothing expected",
					   options->operands[0]);
	if (options->scenario == NULL)
		return options_usage_error(&cmd_nat, "give --scenario FILE");
	return scenario_run_file(options->scenario, options->json);
}

const struct cmd cmd_nat = {
	.name = "nat",
	.bit = CMD_NAT,
	.operands = "",
	.summary = "run a scenario of endpoints and NATs",
	.examples = examples,
	.run = run,
};
