/*
 * Commands for a NAT as text.
 */
#ifndef GENSCTP_TOOLS_NAT_COMMAND_H
#define GENSCTP_TOOLS_NAT_COMMAND_H

#include "nat.h"

#define NAT_COMMAND_MAX 512 /* bytes of a line, with its NUL */

enum nat_command_kind {
	NAT_COMMAND_REBIND,
	NAT_COMMAND_IMPAIR,
	NAT_COMMAND_STATS,
	NAT_COMMAND_QUIT,
};

struct nat_command {
	enum nat_command_kind kind;
	bool address;	  /* of a rebinding */
	enum nat_way way; /* of an impairment */
	struct impair_profile profile;
};

/* Reads "rebind [port|address]", "impair [out|in] PROFILE", "stats", "quit".
 * False: it is none of these. */
bool nat_command_parse(struct nat_command *command, const char *line);

#endif
