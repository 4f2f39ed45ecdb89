/*
 * A scenario from a file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "scenario_run.h"

#define MAX_FILE (1 << 20) /* bytes */

/* Returns how many, or a negative errno value. */
static long
read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "rb");
	size_t len;
	int result;

	if (file == NULL)
		return -errno;
	errno = 0;
	len = fread(text, 1, size, file);
	result = ferror(file)  ? (errno != 0 ? -errno : -EIO)
		 : len == size ? -EFBIG
			       : 0;
	fclose(file);
	return result != 0 ? result : (long)len;
}

static enum status
run_text(const char *path, const char *text, size_t len, bool json)
{
	struct scenario *sc = malloc(sizeof(*sc));
	struct scenario_error error;
	enum status status;

	if (sc == NULL)
		return complain(-ENOMEM, NULL, "read %s", path);
	if (scenario_parse(sc, text, len, &error)) {
		status = scenario_run(sc, json);
		scenario_free(sc);
	} else {
		fprintf(stderr, "gensctp: %s:%d: %s\n", path, error.line,
			error.text);
		status = STATUS_USAGE;
	}
	free(sc);
	return status;
}

enum status
scenario_run_file(const char *path, bool json)
{
	char *text = malloc(MAX_FILE);
	enum status status;
	long len;

	if (text == NULL)
		return complain(-ENOMEM, NULL, "read %s", path);
	len = read_file(path, text, MAX_FILE);
	if (len < 0)
		status = complain((int)len, NULL, "read %s", path);
	else
		status = run_text(path, text, (size_t)len, json);
	free(text);
	return status;
}
