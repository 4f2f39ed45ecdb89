/*
 * What the first call of a process starts: the engine, and the answers to
 * gensctp status where GENSCTP_STATUS wants them.
 */
#ifndef GENSCTP_API_START_H
#define GENSCTP_API_START_H

/* As stack_start; -EINVAL also: GENSCTP_STATUS is no UDP port. Where the port
 * cannot be had a line on stderr tells: the program is not to fail for it. */
int api_start(void);
/* Why it failed. */
const char *api_start_reason(void);

#endif
