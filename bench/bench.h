/*
 * What the programs that gensctp is compared with have in common: the command
 * line, the clock, the result, which has the names that gensctp perf uses.
 */
#ifndef GENSCTP_BENCH_H
#define GENSCTP_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perf_latency.h"

struct bench {
	const char *protocol, *test;
	bool listen;
	long port;	  /* of TCP, UDP, SCTP: the first one */
	long udp, remote; /* UDP ports that carry SCTP */
	long size, time;  /* bytes, ms */
	long associations, threads, mtu;
};

/* WORD=VALUE..., `listen`; ends the process when one is wrong. */
void bench_parse(struct bench *b, int argc, char **argv);

/* Ends the process if it did not work, as `errno` says. */
void bench_check(bool worked, const char *what);

/* This does not exist here: ends the process with status 77. */
void bench_skip(const char *what);

/* Monotonic, ns. */
int64_t bench_now(void);

/* The server is ready. */
void bench_ready(void);

struct bench_result {
	int64_t setup, time; /* ns */
	uint64_t messages, bytes, associations;
	const struct perf_latency *latency; /* NULL: none */
};
void bench_show(const struct bench_result *r);

/* Runs f(0..n-1) in a thread each, and waits for all. */
void bench_threads(long n, void *(*f)(void *));

#endif
