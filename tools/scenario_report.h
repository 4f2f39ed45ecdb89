/*
 * What happens in a scenario, as it happens, and what came of it: a table for
 * people, or JSON objects.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_REPORT_H
#define GENSCTP_TOOLS_SCENARIO_REPORT_H

#include "nat.h"
#include "scenario.h"
#include "scenario_flow.h"

struct report {
	const struct scenario *sc;
	bool json;
	os_time start;
};

void report_begin(struct report *r, const struct scenario *sc, bool json,
		  os_time start);

/* A step that is taken; `result`: a negative errno value if it could not be. */
void report_step(const struct report *r, const struct scenario_step *step,
		 int result, os_time now);

/* An event at a node, about node `peer` or, SIZE_MAX, one that is not known. */
void report_event(const struct report *r, size_t node, size_t peer,
		  const char *event, os_time now);

/* All that was sent so far has arrived. */
void report_arrived(const struct report *r, const struct flow *f, os_time now);

/* At the end: each NAT, each flow, each expectation (`met`: NULL, or the
 * outcome that came true), and the scenario. */
void report_nat(const struct report *r, size_t node,
		const struct nat_counts *counts);
void report_flow(const struct report *r, const struct flow *f);
void report_expect(const struct report *r, const struct scenario_expect *expect,
		   const struct scenario_outcome *met);
void report_end(const struct report *r, bool ok, os_time now);

#endif
