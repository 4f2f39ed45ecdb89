/*
 * Commands for a NAT that runs, a line of standard input each. A thread reads
 * them: a process has one.
 */
#ifndef GENSCTP_TOOLS_NAT_CONTROL_H
#define GENSCTP_TOOLS_NAT_CONTROL_H

#include "nat_command.h"

/* Called by one thread. */

int nat_control_start(void);
/* Readable while there is a command. */
gen_sctp_fd_t nat_control_fd(void);
/* The next command, or false. */
bool nat_control_take(struct nat_command *command);

#endif
