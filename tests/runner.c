#include "runner.h"

#include <stdlib.h>

int
run_suites(suite_fn *const *suites, int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (; *suites != NULL; suites++)
		srunner_add_suite(runner, (*suites)());
	srunner_set_tap(runner, "-");
	srunner_run(runner, argc > 1 ? argv[1] : NULL, NULL, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
