/*
 * gensctp perf: a client that sends and a server that counts and answers. What
 * is to become of a message is in its payload protocol identifier, so that the
 * server needs to know nothing else about the test.
 */
#ifndef GENSCTP_TOOLS_PERF_H
#define GENSCTP_TOOLS_PERF_H

#include <gensctp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "perf_inbox.h"
#include "perf_latency.h"
#include "remote.h"
#include "status.h"

enum {
	PERF_DATA = 1, /* count it */
	PERF_ECHO = 2, /* count it and send it back */
	PERF_ASK = 3,  /* send what was counted of this association: messages
			* and bytes, 64 bits each, most significant first */
};
/* Answers go out on the stream that the message came on, or on 0. */
#define PERF_REPORT_SIZE 16

/* ---------------------------------------------------------------- server */

enum status
perf_serve(const struct options *options, int port, struct perf_mode mode);

/* ---------------------------------------------------------------- client */

struct perf_worker;

struct perf_test {
	const char *name;
	bool echoes; /* a second thread receives what the first one sends */
	bool renews; /* sets up its associations itself, again and again */
	bool holds;  /* goes on until the time is over */
	enum status (*run)(struct perf_worker *w);
};
/* NULL: there is none of that name. */
const struct perf_test *perf_test_find(const char *name);

/* One association, on a socket of its own. */
struct perf_flow {
	gen_sctp_socket_t socket;
	gen_sctp_assoc_id_t assoc;
	uint16_t streams;
	uint16_t stream; /* of the next message */
};

struct perf_run {
	const struct options *options;
	struct options own; /* with the UDP port of the first socket */
	const struct perf_test *test;
	struct remote remote;
	atomic_bool over; /* the time is, or the user wants no more */
	os_time setup;	  /* how long it took */
	os_time start, end;
	struct perf_worker *workers;
	size_t count;
	atomic_size_t running;
	os_event ended; /* none is running any more */
};

/* A thread, with associations. */
struct perf_worker {
	struct perf_run *run;
	struct remote remote; /* the thread's own port of it */
	struct perf_flow *flows;
	size_t count;
	struct perf_flow stays; /* of a test that renews */
	struct perf_inbox inbox;
	struct perf_latency latency;
	char *data; /* a message */
	/* That were sent so far, or set up and ended. */
	_Atomic uint64_t messages, bytes, associations;
	/* As the server says at the end. */
	uint64_t arrived_messages, arrived_bytes;
	enum status status;
};

/* A thread of the run more, and less. */
void perf_run_enter(struct perf_run *run);
void perf_run_leave(struct perf_run *run);

/* Sets up a flow; the second half may come later. They complain when they
 * fail. */
enum status perf_flow_open(struct perf_worker *w, struct perf_flow *f);
enum status perf_flow_wait(struct perf_worker *w, struct perf_flow *f);

/* Runs the test and shows the result. */
enum status perf_run(const struct options *options, const struct remote *remote,
		     const struct perf_test *test, struct perf_mode mode);

/* ---------------------------------------------------------------- report */

void perf_report_progress(const struct perf_run *run, os_time now);
/* At the end. */
void perf_report(const struct perf_run *run);

#endif
