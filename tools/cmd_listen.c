/*
 * gensctp listen
 */
#include <gensctp.h>

#include "commands.h"
#include "output.h"
#include "session.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp listen 5000               print what comes to SCTP port 5000\n"
	"  gensctp listen --echo 7           send every message back\n"
	"  gensctp listen --once 5000 >file  receive a file, sent in --block\n";

/* [ADDRESS...] PORT */
static bool
take_operands(struct options *options, int *port)
{
	int i, last = options->operand_count - 1;

	if (last < 0) {
		options_usage_error(&cmd_listen, "which SCTP port?");
		return false;
	}
	if (!options_parse_port(options->operands[last], port)) {
		options_usage_error(&cmd_listen, "%s: not an SCTP port",
				    options->operands[last]);
		return false;
	}
	for (i = 0; i < last; i++)
		if (!options_add_local(options, options->operands[i])) {
			options_usage_error(&cmd_listen,
					    "%s: not an IP address, or too "
					    "many", options->operands[i]);
			return false;
		}
	return true;
}

static enum status
run(struct options *options)
{
	enum gen_sctp_family family = options->ipv6 ? GEN_SCTP_INET6 :
						      GEN_SCTP_INET;
	gen_sctp_socket_t s;
	enum status status;
	int port, result;

	if (!take_operands(options, &port))
		return STATUS_USAGE;
	status = session_open(options, GEN_SCTP_SEQPACKET, family, port, &s);
	if (status != STATUS_OK)
		return status;
	result = gen_sctp_listen(s, 5);
	if (result == 0)
		result = output_listening(options, s);
	if (result != 0)
		return complain(result, NULL, "listen on SCTP port %d", port);
	return session_listen(options, s);
}

const struct cmd cmd_listen = {
	.name = "listen",
	.bit = CMD_LISTEN,
	.operands = "[ADDRESS...] PORT",
	.summary = "wait for associations on an SCTP port; print messages, "
		   "send lines",
	.examples = examples,
	.run = run,
};
