#include "config.h"

#include "start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "stack.h"
#include "view.h"
#include "view_server.h"

static int start_error;
static const char *start_reason;

/* 0: not wanted. */
static bool
read_port(uint16_t *port)
{
	const char *text = getenv("GENSCTP_STATUS");
	size_t digits;
	long number;

	*port = 0;
	if (text == NULL || text[0] == '\0')
		return true;
	digits = strspn(text, "0123456789");
	number = digits < 6 ? strtol(text, NULL, 10) : 0;
	*port = (uint16_t)number;
	return text[digits] == '\0' && number > 0 && number <= UINT16_MAX;
}

static void
serve_view(uint16_t port)
{
	int error = view_serve(port, view_sockets);

	if (error != 0)
		fprintf(stderr,
			"gensctp: GENSCTP_STATUS: UDP port %u of 127.0.0.1: "
			"%s; this process shows no status\n",
			port, gen_sctp_strerror(error));
}

static void
start(void)
{
	uint16_t port;

	if (!read_port(&port)) {
		start_reason = "GENSCTP_STATUS is not a UDP port, such as 9900";
		start_error = -EINVAL;
		return;
	}
	start_error = engine_start();
	start_reason = stack_layer_reason();
	if (start_error == 0 && port != 0)
		serve_view(port);
}

int
api_start(void)
{
	static os_once once = OS_ONCE_INIT;

	if (stack_forked())
		return -EINVAL;
	os_call_once(&once, start);
	return start_error;
}

const char *
api_start_reason(void)
{
	return stack_forked() ? "a forked child has no sockets" : start_reason;
}
