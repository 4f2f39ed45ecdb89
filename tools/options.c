#include "options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "ip_addr.h"
#include "values.h"

enum kind {
	KIND_SWITCH,
	KIND_NUMBER,
	KIND_SIZE,
	KIND_DURATION,
	KIND_TEXT,
	KIND_ADDRESS, /* one or more; may come again */
	KIND_TOLD,
	KIND_FORWARD, /* may come again */
};

struct option {
	const char *name;
	char letter;	   /* '-' = none */
	const char *value; /* what it is called in the help */
	enum kind kind;
	size_t offset; /* in struct options; of those that come again none */
	int64_t min, max;
	const char *initial; /* as a user would give it; NULL = nothing */
	unsigned int commands;
	const char *help;
};

#define BOTH (CMD_LISTEN | CMD_CONNECT)
#define FLOWS (BOTH | CMD_PERF)
/* Have SCTP, or its packets. */
#define STACK (FLOWS | CMD_INFO | CMD_NAT | CMD_SCENARIO)
#define ALL (STACK | CMD_STATUS)
#define MAX_MS (INT64_C(24) * 3600 * 1000)
#define SWITCH(field) NULL, KIND_SWITCH, offsetof(struct options, field), 0, 0
#define FIELD(kind, field) KIND_##kind, offsetof(struct options, field)

/* In the order of the help and the manual page. */
static const struct option table[] = {
	{ "local", 'l', "ADDRESS[/...]", KIND_ADDRESS, 0, 0, 0, NULL, FLOWS,
	  "local addresses; may come again (default: all)" },
	{ "advertise", 'A', "WHICH", KIND_TOLD, 0, 0, 0, NULL, BOTH,
	  "addresses that a peer is told: see the manual" },
	{ "local-port", '-', "PORT", FIELD(NUMBER, local_port), 0, 65535, "0",
	  CMD_CONNECT, "local SCTP port; 0 is any free one" },
	{ "udp-port", 'U', "PORT", FIELD(NUMBER, udp_port), 0, 65535, NULL,
	  CMD_LISTEN, "UDP port (default: 9899, else any free one)" },
	{ "udp-port", 'U', "PORT", FIELD(NUMBER, udp_port), 0, 65535, "0",
	  CMD_CONNECT, "local UDP port; 0 is any free one" },
	{ "udp-port", 'U', "PORT", FIELD(NUMBER, udp_port), 0, 65535, NULL,
	  CMD_PERF, "UDP port (default: any free one; --listen: 9899)" },
	{ "udp-remote-port", 'R', "PORT", FIELD(NUMBER, udp_remote_port), 1,
	  65535, "9899", CMD_CONNECT | CMD_PERF, "the peer's UDP port" },
	{ "ipv6", '6', SWITCH(ipv6), NULL, FLOWS,
	  "IPv6 where no address tells" },
	{ "instreams", 'I', "N", FIELD(NUMBER, instreams), 1, 65535, "2048",
	  FLOWS, "streams the peer may send on" },
	{ "outstreams", 'O', "N", FIELD(NUMBER, outstreams), 1, 65535, "10",
	  BOTH, "streams to ask for" },
	{ "sndbuf", '-', "SIZE", FIELD(SIZE, sndbuf), 4096, 1 << 30, "1M", BOTH,
	  "send buffer, and largest message" },
	{ "recbuf", '-', "SIZE", FIELD(SIZE, recbuf), 4096, 1 << 30, "1M", BOTH,
	  "receive buffer" },
	{ "sndbuf", '-', "SIZE", FIELD(SIZE, sndbuf), 4096, 1 << 30, "4M",
	  CMD_PERF, "send buffer, and largest message" },
	{ "recbuf", '-', "SIZE", FIELD(SIZE, recbuf), 4096, 1 << 30, "4M",
	  CMD_PERF, "receive buffer" },
	{ "rto-min", '-', "TIME", FIELD(DURATION, rto_min), 10, 60000, "1s",
	  FLOWS, "resend data no sooner" },
	{ "rto-max", '-', "TIME", FIELD(DURATION, rto_max), 10, 60000, "60s",
	  FLOWS, "nor later than this" },
	{ "path-max-rxt", '-', "N", FIELD(NUMBER, path_max_rxt), 1, 65535, NULL,
	  FLOWS, "a path fails after more time-outs (default: 5)" },
	{ "heartbeat", '-', "TIME", FIELD(DURATION, heartbeat), 0, MAX_MS, NULL,
	  FLOWS, "between those of a path; 0: none (default: 30s)" },
	{ "timeout", 't', "TIME", FIELD(DURATION, timeout), 1, MAX_MS, "10s",
	  CMD_CONNECT | CMD_PERF, "for the association to come up" },

	{ "stream", 's', "N", FIELD(NUMBER, stream), 0, 65535, "0", BOTH,
	  "stream to send on" },
	{ "streams-in-lines", 'S', SWITCH(streams_in_lines), NULL, BOTH,
	  "lines are STREAM:TEXT, read and written" },
	{ "ppid", 'p', "N", FIELD(NUMBER, ppid), 0, UINT32_MAX, "0", BOTH,
	  "payload protocol identifier" },
	{ "unordered", 'u', SWITCH(unordered), NULL, BOTH, "send unordered" },
	{ "block", 'b', "SIZE", FIELD(SIZE, block), 1, INPUT_MAX, NULL, BOTH,
	  "send blocks, not lines; implies --binary" },
	{ "binary", 'B', SWITCH(binary), NULL, BOTH,
	  "write messages without a line end" },
	{ "echo", 'e', SWITCH(echo), NULL, CMD_LISTEN,
	  "send messages back; no standard input" },

	{ "count", 'c', "N", FIELD(NUMBER, count), 1, INT64_MAX, NULL, BOTH,
	  "end after N messages received" },
	{ "once", '1', SWITCH(once), NULL, CMD_LISTEN,
	  "take one association and end with it" },
	{ "wait", 'w', "TIME", FIELD(DURATION, wait), 0, MAX_MS, "500ms", BOTH,
	  "stay so long after the input" },

	{ "json", 'j', SWITCH(json), NULL, ALL,
	  "JSON objects on stdout, one a line" },
	{ "quiet", 'q', SWITCH(quiet), NULL, BOTH, "show no events" },
	{ "stats", '-', SWITCH(stats), NULL, FLOWS, "at the end, show counters" },
	{ "status", '-', "TIME", FIELD(DURATION, status), 100, MAX_MS, NULL,
	  BOTH, "every TIME, show the paths of each association" },
	{ "capture", 'C', "FILE", FIELD(TEXT, capture), 0, 0, NULL, STACK,
	  "write all packets to a pcapng file" },
	{ "impair", '-', "PROFILE", FIELD(TEXT, impair), 0, 0, NULL, FLOWS,
	  "make what is sent worse: loss=5%,delay=20ms" },
	{ "listen", 'L', SWITCH(server), NULL, CMD_PERF,
	  "be the server, on [ADDRESS...] PORT" },
	{ "test", 'T', "TEST", FIELD(TEXT, test), 0, 0, "throughput", CMD_PERF,
	  "what; the manual has all" },
	{ "mode", 'M', "MODE", FIELD(TEXT, mode), 0, 0, "passive", CMD_PERF,
	  "or poll, true, once, a count" },
	{ "size", 's', "SIZE", FIELD(SIZE, length), 1, INPUT_MAX, "1k", CMD_PERF,
	  "of a message" },
	{ "time", 'd', "TIME", FIELD(DURATION, time), 1, MAX_MS, NULL, CMD_PERF,
	  "to send for (default: 10s, or as --count says)" },
	{ "count", 'c', "N", FIELD(NUMBER, count), 1, INT64_MAX, NULL, CMD_PERF,
	  "messages of each association, then end" },
	{ "associations", 'a', "N", FIELD(NUMBER, associations), 1, 1000000, "1",
	  CMD_PERF, "of each thread, in turn" },
	{ "streams", 'S', "N", FIELD(NUMBER, outstreams), 1, 65535, "1",
	  CMD_PERF, "of each association, in turn" },
	{ "threads", 'P', "N", FIELD(NUMBER, threads), 1, 1000, "1", CMD_PERF,
	  "each with the next SCTP port" },
	{ "own-ports", '-', SWITCH(own_ports), NULL, CMD_PERF,
	  "a UDP port for each association" },
	{ "mtu", '-', "N", FIELD(NUMBER, mtu), 576, 65000, NULL, CMD_PERF,
	  "bytes of an IP packet (default: the path's)" },
	{ "progress", '-', SWITCH(progress), NULL, CMD_PERF,
	  "each second, also if stderr is no terminal" },
	{ "type", 'T', "TYPE", FIELD(TEXT, type), 0, 0, "port-restricted",
	  CMD_NAT, "of NAT" },
	{ "inside", 'i', "ADDRESS", FIELD(TEXT, inside), 0, 0, "127.0.0.1",
	  CMD_NAT, "where hosts reach remotes" },
	{ "outside", 'o', "ADDRESS", KIND_ADDRESS, 0, 0, 0, NULL, CMD_NAT,
	  "what remotes see; again for more (127.0.0.1)" },
	{ "forward", 'f', "HOST:PORT", KIND_FORWARD, 0, 0, 0, NULL, CMD_NAT,
	  "let all in to it; HOST:PORT=OUTSIDE-PORT" },
	{ "hairpin", 'H', SWITCH(hairpin), NULL, CMD_NAT,
	  "hosts reach each other by outside addresses" },
	{ "timeout", 't', "TIME", FIELD(DURATION, expiry), 1, MAX_MS, NULL,
	  CMD_NAT, "forget mappings without traffic (never)" },
	{ "rebind", 'r', "TIME", FIELD(DURATION, rebind), 1, MAX_MS, NULL,
	  CMD_NAT, "every TIME, other outside ports" },
	{ "rebind-address", 'a', SWITCH(rebind_address), NULL, CMD_NAT,
	  "and the next outside address" },
	{ "end", 'e', "TIME", FIELD(DURATION, end), 1, MAX_MS, NULL, CMD_NAT,
	  "end after TIME (never)" },
	{ "impair-out", '-', "PROFILE", FIELD(TEXT, impair_out), 0, 0, NULL,
	  CMD_NAT, "make what leaves worse: loss=5%,delay=20ms" },
	{ "impair-in", '-', "PROFILE", FIELD(TEXT, impair_in), 0, 0, NULL,
	  CMD_NAT, "make what comes in worse" },
	{ "scenario", '-', "FILE", FIELD(TEXT, scenario), 0, 0, NULL,
	  CMD_NAT | CMD_SCENARIO,
	  "run what the file says; man gensctp tells how" },
	{ "interval", 'n', "TIME", FIELD(DURATION, interval), 100, MAX_MS, NULL,
	  CMD_STATUS, "show it again every TIME" },
	{ "count", 'c', "N", FIELD(NUMBER, count), 1, INT64_MAX, NULL,
	  CMD_STATUS, "end after N times" },
	{ "timeout", 't', "TIME", FIELD(DURATION, timeout), 1, MAX_MS, "1s",
	  CMD_STATUS, "for an answer" },
	{ "help", 'h', SWITCH(help), NULL, ALL, "show this" },
};

#define OPTIONS (sizeof(table) / sizeof(table[0]))

/* ---------------------------------------------------------------- values */

static void *
field_of(struct options *options, const struct option *o)
{
	return (char *)options + o->offset;
}

bool
options_parse_port(const char *text, int *port)
{
	int64_t number;

	if (!value_number(text, &number) || number > 65535)
		return false;
	*port = (int)number;
	return true;
}

static bool
add_locals(struct options *options, const char *text)
{
	return value_addresses(text,
			       options->ipv6 ? GEN_SCTP_INET6 : GEN_SCTP_UNSPEC,
			       options->local, OPTIONS_MAX_ADDRS,
			       &options->locals);
}

static bool
parse_list_told(struct gen_sctp_local_addr_policy *told, const char *text)
{
	const size_t max = sizeof(told->addrs) / sizeof(told->addrs[0]);
	size_t n = 0, i;

	if (!value_addresses(text, GEN_SCTP_UNSPEC, told->addrs, max, &n))
		return false;
	for (i = 0; i < n; i++)
		if (ip_addr_is_any(&told->addrs[i]))
			return false;
	told->which = GEN_SCTP_LOCAL_ADDRS_LISTED;
	told->number = (uint32_t)n;
	return true;
}

static bool
parse_told(struct gen_sctp_local_addr_policy *told, const char *text)
{
	static const char *const names[] = {
		[GEN_SCTP_LOCAL_ADDRS_REACHABLE] = "reachable",
		[GEN_SCTP_LOCAL_ADDRS_ALL] = "all",
		[GEN_SCTP_LOCAL_ADDRS_ROUTE] = "route",
	};
	int i;

	for (i = GEN_SCTP_LOCAL_ADDRS_REACHABLE;
	     i <= GEN_SCTP_LOCAL_ADDRS_ROUTE; i++)
		if (strcmp(text, names[i]) == 0) {
			told->which = (enum gen_sctp_local_addrs)i;
			return true;
		}
	return parse_list_told(told, text);
}

bool
options_check_advertise(const struct options *options, const struct cmd *cmd)
{
	const bool bound = options->locals > 1 ||
			   (options->locals == 1 &&
			    !ip_addr_is_any(&options->local[0]));

	if (options->advertise && bound)
		options_usage_error(cmd, "--advertise: a socket with local "
				    "addresses of its own tells those");
	return !options->advertise || !bound;
}

bool
options_take_listen(struct options *options, const struct cmd *cmd, int *port)
{
	int i, last = options->operand_count - 1;

	if (last < 0) {
		options_usage_error(cmd, "which SCTP port?");
		return false;
	}
	if (!options_parse_port(options->operands[last], port)) {
		options_usage_error(cmd, "%s: not an SCTP port",
				    options->operands[last]);
		return false;
	}
	for (i = 0; i < last; i++)
		if (!add_locals(options, options->operands[i])) {
			options_usage_error(cmd,
					    "%s: not an IP address, or too "
					    "many", options->operands[i]);
			return false;
		}
	return options_check_advertise(options, cmd);
}

static bool
parse_number(const struct option *o, const char *text, int64_t *number)
{
	bool ok = o->kind == KIND_SIZE	     ? value_size(text, number) :
		  o->kind == KIND_DURATION ? value_duration(text, number) :
					     value_number(text, number);

	return ok && *number >= o->min && *number <= o->max;
}

static bool
set(struct options *options, const struct option *o, const char *text)
{
	switch (o->kind) {
	case KIND_SWITCH:
		*(bool *)field_of(options, o) = true;
		return true;
	case KIND_TEXT:
		*(const char **)field_of(options, o) = text;
		return true;
	case KIND_ADDRESS:
		return add_locals(options, text);
	case KIND_TOLD:
		options->advertise = true;
		return parse_told(&options->told, text);
	case KIND_FORWARD:
		if (options->forwards == OPTIONS_MAX_FORWARDS)
			return false;
		options->forward[options->forwards++] = text;
		return true;
	default:
		return parse_number(o, text, field_of(options, o));
	}
}

static bool
is_numeric(const struct option *o)
{
	return o->kind == KIND_NUMBER || o->kind == KIND_SIZE ||
	       o->kind == KIND_DURATION;
}

static void
set_defaults(struct options *options, const struct cmd *cmd)
{
	const struct option *o;

	memset(options, 0, sizeof(*options));
	for (o = table; o < table + OPTIONS; o++) {
		if (is_numeric(o) && o->initial == NULL)
			*(int64_t *)field_of(options, o) = -1;
		if (o->initial != NULL && (o->commands & cmd->bit))
			set(options, o, o->initial);
	}
}

/* --------------------------------------------------------------- parsing */

struct parser {
	const struct cmd *cmd;
	struct options *options;
	char **argv; /* NULL at its end */
};

static const struct option *
find(const struct cmd *cmd, const char *name, size_t len)
{
	const struct option *o;

	for (o = table; o < table + OPTIONS; o++)
		if ((o->commands & cmd->bit) && strlen(o->name) == len &&
		    memcmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

static const struct option *
find_letter(const struct cmd *cmd, char letter)
{
	const struct option *o;

	for (o = table; o < table + OPTIONS; o++)
		if ((o->commands & cmd->bit) && o->letter == letter)
			return o;
	return NULL;
}

static const char *
wanted(const struct option *o)
{
	switch (o->kind) {
	case KIND_SIZE:
		return "a size in bytes such as 4096, 64k or 1M";
	case KIND_DURATION:
		return "a time with its unit such as 500ms, 10s or 2min";
	case KIND_ADDRESS:
		return "IP addresses such as 192.0.2.1/198.51.100.1";
	case KIND_TOLD:
		return "reachable, all, route or up to 7 addresses such as "
		       "192.0.2.1/198.51.100.1";
	case KIND_FORWARD:
		return "one of the first 32";
	default:
		return "a number";
	}
}

static bool
value_error(const struct parser *p, const struct option *o, const char *text)
{
	if (o->kind == KIND_NUMBER && o->max < INT64_MAX)
		options_usage_error(p->cmd, "--%s %s: not a number from %lld "
				    "to %lld", o->name, text,
				    (long long)o->min, (long long)o->max);
	else
		options_usage_error(p->cmd, "--%s %s: not %s, or out of range",
				    o->name, text, wanted(o));
	return false;
}

/* As it was given. */
static bool
give(struct parser *p, const struct option *o, const char *text)
{
	if (!(o->commands & CMD_SCENARIO) &&
	    p->options->not_of_scenario == NULL)
		p->options->not_of_scenario = o->name;
	return set(p->options, o, text);
}

/* `text` is the value given with the option, NULL if it is the next word. */
static bool
take(struct parser *p, const struct option *o, const char *text)
{
	if (o->kind == KIND_SWITCH)
		return give(p, o, NULL);
	if (text == NULL && *p->argv != NULL)
		text = *p->argv++;
	if (text == NULL || text[0] == '\0') {
		options_usage_error(p->cmd, "--%s needs a value: %s", o->name,
				    o->value);
		return false;
	}
	return give(p, o, text) || value_error(p, o, text);
}

/* --name, --name VALUE, --name=VALUE */
static bool
take_long(struct parser *p, const char *word)
{
	const char *value = strchr(word, '=');
	size_t len = value != NULL ? (size_t)(value - word) : strlen(word);
	const struct option *o = find(p->cmd, word, len);

	if (o == NULL) {
		options_usage_error(p->cmd, "unknown option --%s", word);
		return false;
	}
	if (o->kind == KIND_SWITCH && value != NULL) {
		options_usage_error(p->cmd, "--%s takes no value", o->name);
		return false;
	}
	return take(p, o, value != NULL ? value + 1 : NULL);
}

/* -abc, -nVALUE, -n VALUE */
static bool
take_letters(struct parser *p, const char *word)
{
	const struct option *o;

	for (; *word != '\0'; word++) {
		o = find_letter(p->cmd, *word);
		if (o == NULL) {
			options_usage_error(p->cmd, "unknown option -%c",
					    *word);
			return false;
		}
		if (o->kind != KIND_SWITCH)
			return take(p, o, word[1] != '\0' ? word + 1 : NULL);
		give(p, o, NULL);
	}
	return true;
}

bool
options_parse(struct options *options, const struct cmd *cmd, int argc,
	      char **argv)
{
	struct parser p = { cmd, options, argv };
	bool ok = true;
	char *word;

	set_defaults(options, cmd);
	options->operands = argv;
	while (ok && p.argv < argv + argc) {
		word = *p.argv++;
		if (strcmp(word, "--") == 0) {
			while (*p.argv != NULL)
				argv[options->operand_count++] = *p.argv++;
		} else if (word[0] == '-' && word[1] == '-') {
			ok = take_long(&p, word + 2);
		} else if (word[0] == '-' && word[1] != '\0') {
			ok = take_letters(&p, word + 1);
		} else {
			/* Over a word that was read already. */
			argv[options->operand_count++] = word;
		}
	}
	if (options->block > 0)
		options->binary = true;
	if (ok && options->block > 0 && options->streams_in_lines) {
		options_usage_error(cmd, "--block has no lines for "
				    "--streams-in-lines");
		return false;
	}
	if (ok && options->rto_min > options->rto_max) {
		options_usage_error(cmd, "--rto-min is above --rto-max");
		return false;
	}
	return ok;
}

/* ------------------------------------------------------------------ help */

enum status
options_usage_error(const struct cmd *cmd, const char *what, ...)
{
	va_list args;

	fprintf(stderr, "gensctp %s: ", cmd->name);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, "\n  See gensctp %s --help\n", cmd->name);
	return STATUS_USAGE;
}

enum status
options_captured(const struct options *options, enum status status, int result)
{
	return result == 0 || status != STATUS_OK
		       ? status
		       : complain(result, NULL, "capture to %s",
				  options->capture);
}

static void
help_line(const struct option *o)
{
	char name[40];

	snprintf(name, sizeof(name), "--%s%s%s", o->name,
		 o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
	if (o->letter != '-')
		printf("  -%c, %-24s %s", o->letter, name, o->help);
	else
		printf("      %-24s %s", name, o->help);
	if (o->initial != NULL)
		printf(" (default: %s)", o->initial);
	printf("\n");
}

void
options_help(const struct cmd *cmd)
{
	const struct option *o;

	printf("usage: gensctp %s [OPTION...]%s%s\n\n%s\n\n", cmd->name,
	       cmd->operands[0] != '\0' ? " " : "", cmd->operands,
	       cmd->summary);
	for (o = table; o < table + OPTIONS; o++)
		if (o->commands & cmd->bit)
			help_line(o);
	printf("\n%s", cmd->examples);
}
