/*
 * gensctp: SCTP over UDP from the command line.
 */
#include <gensctp.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "os_stdio.h"

static const struct cmd *const commands[] = {
	&cmd_listen,
	&cmd_connect,
	&cmd_status,
	&cmd_info,
	&cmd_nat,
	&cmd_perf,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: gensctp COMMAND [OPTION...] [OPERAND...]\n\n");
	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s  %s\n", commands[i]->name,
			commands[i]->summary);
	fprintf(out, "\ngensctp COMMAND --help tells more, man gensctp all.\n");
}

#define IMPAIR_HINT                                                   \
	"  Shares are 5%% or 0.05; times need a unit: us, ms, s, m; " \
	"rate and queue: k, M, G."

/* Packets of this process's endpoints. */
static enum status
run_captured(const struct cmd *cmd, struct options *options)
{
	enum status status = options_captured(
		options, STATUS_OK, gen_sctp_capture(options->capture));

	if (status != STATUS_OK)
		return status;
	status = cmd->run(options);
	return options_captured(options, status, gen_sctp_capture(NULL));
}

static enum status
run(const struct cmd *cmd, int argc, char **argv)
{
	struct options options;
	size_t bad = 0;

	if (!options_parse(&options, cmd, argc, argv))
		return STATUS_USAGE;
	if (options.help) {
		options_help(cmd);
		return STATUS_OK;
	}
	if (options.impair != NULL &&
	    gen_sctp_impair(NULL, options.impair, &bad) != 0)
		return options_usage_error(cmd, "--impair: not understood: %s\n"
					   IMPAIR_HINT, options.impair + bad);
	if (options.capture == NULL ||
	    (cmd->captures != NULL && cmd->captures(&options)))
		return cmd->run(&options);
	return run_captured(cmd, &options);
}

static int
show_version(void)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	gen_sctp_info(&info);
	printf("gensctp %s\n", info.version);
	return STATUS_OK;
}

int
main(int argc, char **argv)
{
	size_t i;

	os_stdio_setup();
	/* A line is one write, also where processes share a terminal. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	for (i = 0; argc > 1 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return (int)run(commands[i], argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return show_version();
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return STATUS_OK;
	}
	if (argc > 1)
		fprintf(stderr, "gensctp: unknown command: %s\n\n", argv[1]);
	usage(stderr);
	return STATUS_USAGE;
}
