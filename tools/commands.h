/*
 * The subcommands, a file each.
 */
#ifndef GENSCTP_TOOLS_COMMANDS_H
#define GENSCTP_TOOLS_COMMANDS_H

#include "options.h"

extern const struct cmd cmd_listen;
extern const struct cmd cmd_connect;
extern const struct cmd cmd_info;
extern const struct cmd cmd_nat;
extern const struct cmd cmd_perf;
extern const struct cmd cmd_status;

#endif
