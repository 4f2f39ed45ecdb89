/*
 * Runs a scenario in this process.
 */
#ifndef GENSCTP_TOOLS_SCENARIO_RUN_H
#define GENSCTP_TOOLS_SCENARIO_RUN_H

#include "scenario.h"
#include "status.h"

/* STATUS_OK: every expectation was met; STATUS_FAILED: one was not; else what
 * could not be had, which it complains about. */
enum status scenario_run(const struct scenario *sc, bool json);

/* Reads the file, complains where it is wrong, runs it. */
enum status scenario_run_file(const char *path, bool json);

#endif
