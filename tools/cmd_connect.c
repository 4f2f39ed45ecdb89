/*
 * gensctp connect
 */
#include <errno.h>
#include <gensctp.h>
#include <string.h>

#include "commands.h"
#include "os.h"
#include "output.h"
#include "session.h"

static const char examples[] =
	"Examples:\n"
	"  gensctp connect localhost 5000         lines to and from a peer\n"
	"  gensctp connect -p 46 -s 1 mme 36412 <setup.txt\n"
	"  gensctp connect 192.0.2.1/198.51.100.1 5000   both addresses\n";

/* HOST, or the addresses of one host. */
struct remote {
	const char *host;
	int port;
	struct gen_sctp_addr addrs[OPTIONS_MAX_ADDRS];
	size_t count;
};

/* ADDRESS/ADDRESS... */
static bool
parse_addresses(struct remote *to)
{
	char text[GEN_SCTP_ADDR_TEXT];
	const char *at = to->host;
	size_t len;

	for (to->count = 0; to->count < OPTIONS_MAX_ADDRS; to->count++) {
		len = strcspn(at, "/");
		if (len >= sizeof(text))
			return false;
		memcpy(text, at, len);
		text[len] = '\0';
		if (gen_sctp_addr_parse(text, to->port,
					&to->addrs[to->count]) != 0)
			return false;
		at += len;
		if (*at++ == '\0') {
			to->count++;
			return true;
		}
	}
	return false;
}

static bool
take_operands(struct options *options, struct remote *to)
{
	if (options->operand_count != 2) {
		options_usage_error(&cmd_connect, "give HOST and PORT");
		return false;
	}
	to->host = options->operands[0];
	if (!options_parse_port(options->operands[1], &to->port) ||
	    to->port == 0) {
		options_usage_error(&cmd_connect, "%s: not an SCTP port",
				    options->operands[1]);
		return false;
	}
	if (!parse_addresses(to) && strchr(to->host, '/') != NULL) {
		options_usage_error(&cmd_connect, "%s: not a list of IP "
				    "addresses, or too many", to->host);
		return false;
	}
	return true;
}

static enum gen_sctp_family
family_of(const struct options *options, const struct remote *to)
{
	size_t i;

	for (i = 0; i < to->count; i++)
		if (to->addrs[i].family == GEN_SCTP_INET6)
			return GEN_SCTP_INET6;
	return options->ipv6 ? GEN_SCTP_INET6 : GEN_SCTP_INET;
}

/* -------------------------------------------------------------- connecting */

/* Waits for the outcome of connectx_init. Its event does not tell a refusal
 * from silence. */
static int
wait_for_outcome(gen_sctp_socket_t s, int timeout_ms, struct gen_sctp_msg *msg)
{
	os_time deadline = os_now() + timeout_ms * OS_MS, left;
	char buf[256];
	int n;

	for (;;) {
		left = deadline - os_now();
		n = gen_sctp_recv(s, buf, sizeof(buf), msg,
				  left > 0 ? (int)(left / OS_MS) : 0);
		if (n < 0 && n != GEN_SCTP_EEVENT)
			return n;
		if (msg->event.type == GEN_SCTP_ASSOC_CHANGE)
			return msg->event.u.assoc_change.state ==
			       GEN_SCTP_COMM_UP ? 0 : -EHOSTUNREACH;
		gen_sctp_msg_free(msg);
	}
}

static int
establish(const struct options *options, const struct remote *to,
	  gen_sctp_socket_t s, struct gen_sctp_msg *msg)
{
	struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;
	int result;

	if (to->count > 1) {
		result = gen_sctp_connectx_init(s, to->addrs, to->count, NULL,
						0, NULL);
		return result != 0 ? result :
		       wait_for_outcome(s, (int)options->timeout, msg);
	}
	result = gen_sctp_connect(s, to->host, to->port, NULL, 0,
				  (int)options->timeout, change);
	msg->kind = GEN_SCTP_MSG_EVENT;
	msg->event.type = GEN_SCTP_ASSOC_CHANGE;
	if (result == 0)
		gen_sctp_peername(s, &msg->from);
	return result;
}

static const char *
advice(int result)
{
	switch (result) {
	case -ECONNREFUSED:
		return "A host answers, but nothing listens on that SCTP port: "
		       "start gensctp listen there.";
	case -EHOSTUNREACH:
	case -ETIMEDOUT:
		return "Does it speak SCTP over UDP, on these ports "
		       "(--udp-remote-port)? Do firewalls let UDP through?";
	case GEN_SCTP_ENXDOMAIN:
		return "Give an IP address, or --ipv6 for a host that has "
		       "IPv6 only.";
	case -EAFNOSUPPORT:
		return "Local and remote addresses must be of the same "
		       "family.";
	case -EOPNOTSUPP:
		return "Several addresses need the replaced IP layer: "
		       "gensctp info says why it is not in force.";
	default:
		return NULL;
	}
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

	if (!take_operands(options, &to))
		return STATUS_USAGE;
	status = session_open(options, GEN_SCTP_STREAM,
			      family_of(options, &to),
			      (int)options->local_port, &s);
	if (status != STATUS_OK)
		return status;
	result = establish(options, &to, s, &msg);
	if (result != 0) {
		gen_sctp_close(s);
		return complain(result, advice(result),
				"connect to %s, SCTP port %d, UDP port %d",
				to.host, to.port,
				(int)options->udp_remote_port);
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
