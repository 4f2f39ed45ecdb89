/*
 * The unit tests: one suite a module, over what the library hides.
 */
#include "runner.h"

#define SUITES(X) \
	X(addr) \
	X(budget) \
	X(capture) \
	X(conn) \
	X(crc32c) \
	X(guard) \
	X(impair) \
	X(lead) \
	X(link) \
	X(mailbox) \
	X(nat) \
	X(os) \
	X(os_udp) \
	X(output) \
	X(scenario)

#define X(module) suite_fn module##_suite;
SUITES(X)
#undef X

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = {
#define X(module) module##_suite,
		SUITES(X)
#undef X
		NULL
	};

	return run_suites(suites, argc, argv);
}
