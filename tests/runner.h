/*
 * Runs Check suites for a test program, with one TAP line a test for
 * automake's harness.
 */
#ifndef GENSCTP_TESTS_RUNNER_H
#define GENSCTP_TESTS_RUNNER_H

#include <check.h>

typedef Suite *suite_fn(void);

/* Runs the suites of a list that ends with NULL; with an argument only the
 * suite of that name. Returns the exit status for main. */
int run_suites(suite_fn *const *suites, int argc, char **argv);

#endif
