/*
 * gensctp info
 */
#include <errno.h>
#include <gensctp.h>
#include <stdio.h>

#include "commands.h"
#include "record.h"

#define UDP_PORT 9899 /* RFC 6951 */
#define MAX_ADDRS 256 /* shown */

static const char examples[] =
	"Examples:\n"
	"  gensctp info\n"
	"  gensctp info --json\n"
	"  GENSCTP_IP_LAYER=conn gensctp info\n";

/* Those that a socket which is bound to none in particular has. */
static int
find_addresses(enum gen_sctp_family family, struct gen_sctp_addr *addrs)
{
	struct gen_sctp_opt opt = gen_sctp_opt_family(family);
	gen_sctp_socket_t s;
	int n = gen_sctp_open(0, &opt, 1, &s, NULL);

	if (n != 0)
		return n;
	n = gen_sctp_socknames(s, 0, addrs, MAX_ADDRS);
	gen_sctp_close(s);
	return n < MAX_ADDRS ? n : MAX_ADDRS;
}

static void
list_addresses(struct record *r)
{
	struct gen_sctp_addr addrs[MAX_ADDRS];
	char printed[GEN_SCTP_ADDR_TEXT];
	int i, n = find_addresses(GEN_SCTP_INET6, addrs);

	if (n < 0) /* no IPv6 here */
		n = find_addresses(GEN_SCTP_INET, addrs);
	record_list(r, "local_addresses");
	for (i = 0; i < n; i++)
		record_item(r, gen_sctp_addr_print(&addrs[i], false, printed,
						   sizeof(printed)));
	record_list_end(r);
}

static const char *
udp_port_state(void)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = UDP_PORT,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_udp_encaps(udp);
	gen_sctp_socket_t s;
	int result = gen_sctp_open(0, &opt, 1, &s, NULL);

	if (result == 0)
		gen_sctp_close(s);
	return result == 0	     ? "free" :
	       result == -EADDRINUSE ? "taken" :
				       gen_sctp_strerror(result);
}

static void
show(const struct options *options, const struct gen_sctp_info *info)
{
	struct record r;

	record_begin(&r, stdout, options->json ? RECORD_JSON : RECORD_PAGE,
		     "info");
	record_text(&r, "gensctp", info->version);
	record_text(&r, "engine", info->engine);
	record_text(&r, "ip_layer", info->ip_layer);
	record_text(&r, "method", info->method);
	record_text(&r, "reason", info->reason);
	record_flag(&r, "multihoming", info->multihoming);
	record_text(&r, "udp_sockets", info->udp_sockets);
	record_text(&r, "crc32c", info->crc32c);
	record_flag(&r, "sendmmsg", info->sendmmsg);
	record_flag(&r, "udp_gso", info->gso);
	record_flag(&r, "udp_gro", info->gro);
	record_text(&r, "udp_port_9899", udp_port_state());
	list_addresses(&r);
	record_end(&r);
}

static enum status
run(struct options *options)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;
	int result;

	if (options->operand_count > 0)
		return options_usage_error(&cmd_info, "%s: nothing expected",
					   options->operands[0]);
	result = gen_sctp_info(&info);
	if (result != 0)
		return complain(result, "GENSCTP_IP_LAYER may ask for a layer "
				"that does not hold here, or GENSCTP_UDP_SOCKETS, "
				"_MEMORY_MAX, _EXIT_MS, _IMPAIR or _STATUS is not "
				"understood.",
				"start the stack");
	show(options, &info);
	return STATUS_OK;
}

const struct cmd cmd_info = {
	.name = "info",
	.bit = CMD_INFO,
	.operands = "",
	.summary = "show versions, the IP layer in force and why, offloads, "
		   "addresses",
	.examples = examples,
	.run = run,
};
