/*
 * The command line: one table of options (options.c) drives parsing, --help
 * and, by a test, the manual page.
 */
#ifndef GENSCTP_TOOLS_OPTIONS_H
#define GENSCTP_TOOLS_OPTIONS_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

#define OPTIONS_MAX_ADDRS    32
#define OPTIONS_MAX_FORWARDS 32

struct options {
	bool help, json, quiet, stats;
	bool binary, echo, ipv6, once, streams_in_lines, unordered;
	/* Numbers are -1 where nothing was given and there is no default. */
	int64_t local_port, udp_port, udp_remote_port;
	int64_t instreams, outstreams, sndbuf, recbuf; /* bytes */
	int64_t stream, ppid, block, count;
	int64_t timeout, wait, status, interval; /* ms */
	int64_t rto_min, rto_max, heartbeat; /* ms */
	int64_t path_max_rxt;
	const char *capture, *impair, *scenario;
	struct gen_sctp_addr local[OPTIONS_MAX_ADDRS];
	size_t locals;
	bool advertise; /* was given */
	struct gen_sctp_local_addr_policy told;

	/* Of a NAT, whose outside addresses are `local`. */
	bool hairpin, rebind_address;
	int64_t expiry, rebind, end; /* ms */
	const char *type, *inside, *impair_out, *impair_in;
	const char *forward[OPTIONS_MAX_FORWARDS];
	size_t forwards;
	const char *not_of_scenario; /* the first such option that was given */

	/* Of measurements. */
	bool server, progress, own_ports;
	int64_t length; /* bytes */
	int64_t time;	/* ms */
	int64_t associations, threads, mtu;
	const char *test, *mode;

	/* What is left: HOST and PORT, ADDRESS... and PORT. */
	char **operands;
	int operand_count;
};

/* A subcommand. */
struct cmd {
	const char *name;
	unsigned int bit; /* in the table of options */
	const char *operands;
	const char *summary;
	const char *examples; /* whole lines */
	enum status (*run)(struct options *options);
	/* It sees to --capture itself; NULL: the library does. */
	bool (*captures)(const struct options *options);
};
enum {
	CMD_LISTEN = 0x1,
	CMD_CONNECT = 0x2,
	CMD_INFO = 0x4,
	CMD_NAT = 0x8,
	CMD_SCENARIO = 0x10, /* not only of a NAT, but of its scenarios, too */
	CMD_PERF = 0x20,
	CMD_STATUS = 0x40,
};

/* Parses the arguments behind the subcommand's name, with its defaults.
 * Complains and returns false when they are wrong. */
bool options_parse(struct options *options, const struct cmd *cmd, int argc,
		   char **argv);

/* What --help prints. */
void options_help(const struct cmd *cmd);

/* Says what is wrong with the command line, as printf, and where to look.
 * Returns STATUS_USAGE. */
enum status options_usage_error(const struct cmd *cmd, const char *what, ...)
#if defined(__GNUC__)
	__attribute__((format(printf, 2, 3)))
#endif
	;

/* The status of a command whose --capture has come to this result. */
enum status options_captured(const struct options *options, enum status status,
			     int result);

/* "5000" and service ports alike: 0..65535. */
bool options_parse_port(const char *text, int *port);

/* Reads the operands [ADDRESS...] PORT. Complains and returns false when they
 * are wrong. */
bool options_take_listen(struct options *options, const struct cmd *cmd,
			 int *port);

/* What peers are told can be chosen of sockets that are bound to all addresses
 * only. Complains and returns false where it is not so. */
bool options_check_advertise(const struct options *options,
			     const struct cmd *cmd);

#endif
