#include "config.h"

#include "engine.h"

#include "path_mtu.h"
#include "recbuf.h"
#include "restart.h"
#include "stack.h"

static void
before_input(const struct link_packet *p)
{
	recbuf_before_input(p);
	path_mtu_before_input(p);
}

int
engine_start(void)
{
	static const struct stack_hooks hooks = {
		.before_input = before_input,
		.after_input = restart_after_input,
		.restart = restart_begin,
		.too_big = path_mtu_too_big,
		.deliver = outlet_run,
		.undelivered = outlet_pending,
	};

	return stack_start(&hooks);
}
