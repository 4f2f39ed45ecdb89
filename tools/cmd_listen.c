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

static enum status
run(struct options *options)
{
	enum gen_sctp_family family = options->ipv6 ? GEN_SCTP_INET6 :
						      GEN_SCTP_INET;
	gen_sctp_socket_t s;
	enum status status;
	int port, result;

	if (!options_take_listen(options, &cmd_listen, &port))
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
