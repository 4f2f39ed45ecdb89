/*
 * Programs beside the test: peers that know nothing of gensctp.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct peer {
	pid_t pid;
	int in;    /* its standard input, -1 once that has ended */
	FILE *out; /* a file of what it prints, NULL when nobody reads it */
};

/* A program of libusrsctp-examples, or NULL and the reason why its tests are
 * skipped. */
const char *peer_packaged(const char *name);
/* A program that was built beside the running one. */
const char *peer_built(const char *name);

/* A UDP port that nobody has; usrsctp does not say when it cannot bind. */
int peer_free_udp_port(void);
/* The port in decimal; good until the eighth call from here. */
const char *peer_port_text(int port);

/* argv ends with NULL. `quiet`: what it prints goes to /dev/null. It is killed
 * at the end of the test, with the test's process group. */
void peer_start(struct peer *p, bool quiet, const char *const *argv);
void peer_say(struct peer *p, const char *text);
/* Ends its standard input. */
void peer_hush(struct peer *p);
/* Waits until a line that it prints begins so; the caller frees it. */
char *peer_await_line(struct peer *p, const char *beginning);
/* All that it has printed so far; the caller frees it. */
unsigned char *peer_printed(struct peer *p, size_t *len);
/* Waits until it ends by itself, with this status. */
void peer_await_exit(struct peer *p, int status);
/* Kills it if it still runs. */
void peer_close(struct peer *p);

#endif
