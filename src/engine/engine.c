#include "config.h"

#include "engine.h"

#include "assoc.h"
#include "stack.h"

int
engine_start(void)
{
	static const struct stack_hooks hooks = {
		.before_input = assoc_before_input,
		.after_input = assoc_after_input,
		.restart = assoc_restart,
		.too_big = assoc_path_too_big,
	};

	return stack_start(&hooks);
}
