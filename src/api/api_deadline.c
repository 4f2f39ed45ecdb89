/*
 * set_deadline, and how calls wait for it.
 */
#include "config.h"

#include <errno.h>

#include "deadline.h"
#include "handle.h"
#include "lead.h"

os_time
api_deadline(int timeout_ms)
{
	if (timeout_ms <= 0)
		return timeout_ms < 0 ? OS_NEVER : 0;
	return os_now() + timeout_ms * OS_MS;
}

bool
deadline_passed(const struct endpoint *ep, enum endpoint_way way)
{
	os_time deadline = ep->deadlines[way];

	return deadline != OS_NEVER && deadline <= os_now();
}

struct wait {
	const struct endpoint *ep;
	enum endpoint_way way;
	os_time seen; /* the socket's deadline */
	bool (*holds)(void *arg);
	void *arg;
};

static bool
ends(void *arg)
{
	const struct wait *w = arg;

	return w->ep->deadlines[w->way] != w->seen || w->holds(w->arg);
}

int
deadline_wait(struct endpoint *ep, enum endpoint_way way,
	      bool (*holds)(void *arg), void *arg, os_time deadline)
{
	struct wait w = { .ep = ep, .way = way, .holds = holds, .arg = arg };
	int error;

	do {
		w.seen = ep->deadlines[way];
		error = lead_wait_busily(ends, &w,
					 w.seen < deadline ? w.seen : deadline,
					 endpoint_spin(ep));
	} while (error == 0 && !holds(arg) && !deadline_passed(ep, way));
	return error == 0 && !holds(arg) ? -ETIMEDOUT : error;
}

int
gen_sctp_set_deadline(gen_sctp_socket_t s, int ways, int64_t ms)
{
	const int64_t longest = OS_NEVER / OS_MS / 2;
	os_time deadline = OS_NEVER;
	struct endpoint *ep;
	int error;

	if (ways == 0 ||
	    (ways & ~(GEN_SCTP_DEADLINE_IN | GEN_SCTP_DEADLINE_OUT)))
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	if (ms < longest)
		deadline = os_now() + (ms > 0 ? ms : 0) * OS_MS;
	if (ways & GEN_SCTP_DEADLINE_IN)
		ep->deadlines[ENDPOINT_IN] = deadline;
	if (ways & GEN_SCTP_DEADLINE_OUT)
		ep->deadlines[ENDPOINT_OUT] = deadline;
	lead_changed();
	api_leave();
	return 0;
}
