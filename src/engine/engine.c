#include "config.h"

#include "engine.h"

#include "bindx.h"
#include "path_mtu.h"
#include "peer_port.h"
#include "recbuf.h"
#include "reconfig.h"
#include "restart.h"
#include "stack.h"

static void
before_input(struct link_packet *p)
{
	recbuf_before_input(p);
	path_mtu_before_input(p);
	peer_port_before_input(p);
	bindx_before_input(p);
	reconfig_before_input(p);
}

static void
after_input(void)
{
	restart_after_input();
	peer_port_after_input();
	bindx_after_input();
	reconfig_after_input();
}

int
engine_start(void)
{
	static const struct stack_hooks hooks = {
		.before_input = before_input,
		.after_input = after_input,
		.restart = restart_begin,
		.too_big = path_mtu_too_big,
		.deliver = outlet_run,
		.undelivered = outlet_pending,
	};

	return stack_start(&hooks);
}
