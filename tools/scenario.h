/*
 * A scenario as a file says it: endpoints, the NATs in front of them, what
 * happens when, and what is to come of it. gensctp(1) has the grammar.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_H
#define GENSCTP_TOOLS_SCENARIO_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nat_table.h"

#define SCENARIO_MAX_NODES   16
#define SCENARIO_MAX_ADDRS   4
#define SCENARIO_MAX_STEPS   64
#define SCENARIO_MAX_EXPECTS 16
#define SCENARIO_MAX_EITHER  4
#define SCENARIO_MAX_STREAMS 16

/* Something with a name. An endpoint is an SCTP socket; a NAT has an inside
 * and one or more outside addresses. */
struct scenario_node {
	const char *name;
	bool is_nat;
	struct gen_sctp_addr addrs[SCENARIO_MAX_ADDRS]; /* of a NAT: outside */
	size_t addr_count;

	/* Of an endpoint; -1: the library's default. */
	const struct scenario_node *behind;  /* a NAT, or NULL */
	int64_t port;			     /* SCTP */
	int64_t rto_min, rto_max, heartbeat; /* ms */
	int64_t retries; /* of a path and of the association */

	/* Of a NAT. */
	enum nat_type type;
	struct gen_sctp_addr inside;
	int64_t timeout; /* ms a mapping lives without traffic */
	bool hairpin;
};

enum scenario_action {
	SCENARIO_CONNECT, /* who: nodes[0], with whom: nodes[1] */
	SCENARIO_MEET,	  /* both at once */
	SCENARIO_SEND,
	SCENARIO_CLOSE,
	SCENARIO_ABORT,
	SCENARIO_FORWARD, /* NAT, endpoint */
	SCENARIO_REBIND,  /* NAT */
	SCENARIO_LINK,	  /* any node */
	SCENARIO_DARK,
};

struct scenario_step {
	enum scenario_action action;
	int line;   /* in the file */
	int64_t at; /* ms from the start */
	const struct scenario_node *nodes[2];
	int64_t count, size, every, streams; /* of messages; bytes, ms */
	bool address;			     /* rebind: another address, too */
	const char *profile;
	int64_t time; /* ms */
};

/* What is to come true: all that one endpoint sent to another has arrived, or
 * one of them got an event. */
struct scenario_outcome {
	const char *event; /* NULL: all has arrived */
	const struct scenario_node *nodes[2];
};

struct scenario_expect {
	int line;
	int64_t by; /* ms from the start */
	struct scenario_outcome either[SCENARIO_MAX_EITHER];
	size_t count;
};

struct scenario {
	char *text; /* what the names are in */
	const char *title;
	int64_t limit; /* ms */
	struct scenario_node nodes[SCENARIO_MAX_NODES];
	size_t node_count;
	struct scenario_step steps[SCENARIO_MAX_STEPS]; /* by time */
	size_t step_count;
	struct scenario_expect expects[SCENARIO_MAX_EXPECTS];
	size_t expect_count;
};

struct scenario_error {
	int line;
	char text[200];
};

/* Reads a scenario of `len` bytes. False: *error says what is wrong and where;
 * nothing is to be freed. */
bool scenario_parse(struct scenario *sc, const char *text, size_t len,
		    struct scenario_error *error);
void scenario_free(struct scenario *sc);

const char *scenario_action_name(enum scenario_action action);

#endif
