/*
 * gensctp connect
 */
#include <gensctp.h>

#include "commands.h"
#include "output.h"
#include "remote.h"
#include "session.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp connect localhost 5000         lines to and from a peer\n"
	"  gensctp connect -p 46 -s 1 mme 36412 <setup.txt\n"
	"  gensctp connect 192.0.2.1/198.51.100.1 5000   both addresses\n";

static int
establish(const struct options *options, const struct remote *to,
	  gen_sctp_socket_t s, struct gen_sctp_msg *msg)
{
	int result = remote_connect(to, s, (int)options->timeout,
				    &msg->event.u.assoc_change);

	msg->kind = GEN_SCTP_MSG_EVENT;
	msg->event.type = GEN_SCTP_ASSOC_CHANGE;
	if (result == 0)
		gen_sctp_peername(s, &msg->from);
	return result;
}

static enum status
run(struct options *options)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct remote to = { 0 };
	gen_sctp_assoc_id_t assoc;
	gen_sctp_socket_t s;
	enum status status;
	int result;

	if (!options_check_advertise(options, &cmd_connect) ||
	    !remote_take(&to, options, &cmd_connect))
		return STATUS_USAGE;
	status = session_open(options, GEN_SCTP_STREAM,
			      remote_family(&to, options),
			      (int)options->local_port, &s);
	if (status != STATUS_OK)
		return status;
	result = establish(options, &to, s, &msg);
	if (result != 0) {
		gen_sctp_close(s);
		return remote_complain(&to, options, result);
	}
	result = output_event(options, &msg);
	if (result != 0)
		return complain(result, NULL, "standard output");
	assoc = msg.event.u.assoc_change.assoc_id;
	gen_sctp_msg_free(&msg);
	return session_connected(options, s, assoc);
}

const struct cmd cmd_connect = {
	.name = "connect",
	.bit = CMD_CONNECT,
	.operands = "HOST[/ADDRESS...] PORT",
	.summary = "set up an association; send lines, print messages",
	.examples = examples,
	.run = run,
};
