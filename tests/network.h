/*
 * A network of the test's own: a namespace of Linux, made as root.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>

/* One with a loopback interface only, for this thread and those that it starts.
 * False: said why the test is skipped. */
bool network_enter_empty(void);

/* A shell command that has to do it. */
void network_run(const char *command);

#endif
