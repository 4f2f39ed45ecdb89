#include "status.h"

#include <errno.h>
#include <gensctp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static const struct {
	int result;
	enum status status;
} statuses[] = {
	{ -ECONNREFUSED, STATUS_REFUSED },
	{ -EHOSTUNREACH, STATUS_UNREACHABLE },
	{ -ENETUNREACH, STATUS_UNREACHABLE },
	{ -ETIMEDOUT, STATUS_TIMEOUT },
	{ -ECONNRESET, STATUS_LOST },
	{ -EADDRINUSE, STATUS_LOCAL },
	{ -EADDRNOTAVAIL, STATUS_LOCAL },
	{ -EACCES, STATUS_LOCAL },
	{ GEN_SCTP_ENXDOMAIN, STATUS_UNKNOWN_HOST },
};

static enum status
status_of(int result)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].result == result)
			return statuses[i].status;
	return STATUS_FAILED;
}

enum status
complain(int result, const char *advice, const char *what, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "gensctp: ");
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, ": %s\n", gen_sctp_strerror(result));
	if (advice != NULL && advice[0] != '\0')
		fprintf(stderr, "  %s\n", advice);
	fflush(stderr);
	return status_of(result);
}
