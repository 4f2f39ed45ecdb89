#include "link.h"

#include <errno.h>
#include <stdatomic.h>

#include "capture.h"
#include "crc32c.h"
#include "leaf.h"
#include "output.h"
#include "state.h"
#include "udp.h"

/* Associations that the guard remembers at most. */
#define MAX_ASSOCS (1 << 17)

struct link_state link_state = { .send = os_udp_send,
				 .route = os_route_source };

static _Atomic uintptr_t owner;

int
link_start(const struct link_ops *ops, bool offloads)
{
	struct guard *guard = guard_new(MAX_ASSOCS);

	if (guard == NULL)
		return -ENOMEM;
	crc32c_init();
	os_udp_probe(!offloads);
	link_state.ops = ops;
	leaf_lock();
	link_state.guard = guard;
	leaf_unlock();
	return 0;
}

struct guard *
link_guard(void)
{
	return link_state.guard;
}

/* A thread only asks whether it is the owner itself, and that it wrote itself:
 * no order with other memory is needed. */

void
link_owner(uintptr_t thread)
{
	atomic_store_explicit(&owner, thread, memory_order_relaxed);
}

bool
link_is_owner(void)
{
	return atomic_load_explicit(&owner, memory_order_relaxed) ==
	       os_thread_self();
}

const struct link_counters *
link_counters(void)
{
	static struct link_counters copy;

	leaf_lock();
	copy = link_state.counters;
	leaf_unlock();
	return &copy;
}

/* ---------------------------------------------------------------- polling */

unsigned int
link_fds_version(void)
{
	return udp_fds_version();
}

size_t
link_fds(const gen_sctp_fd_t **fds)
{
	return udp_fds(fds);
}

uint64_t
link_poll_begin(void)
{
	capture_flush();
	return udp_poll_begin();
}

void
link_poll_end(uint64_t token)
{
	udp_poll_end(token);
	udp_close_released(output_uses);
}

bool
link_closed_all(void)
{
	return udp_closed_all();
}
