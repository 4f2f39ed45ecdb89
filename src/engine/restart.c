#include "config.h"

#include "restart.h"

#include <errno.h>

#include "stack.h"
#include "transfer.h"

/* Made to listen for the cookie that follows: a restart does not ask whether
 * new associations are welcome (RFC 9260 5.2.4). */
static struct endpoint *listens_for_restart;

/* The old association ends in the engine without a word; if the cookie that
 * follows is good, a new one takes over its id (setup.c). */
bool
restart_begin(const struct guard_assoc *old)
{
	struct assoc *a = assoc_find_tags(old);
	struct endpoint *parent;

	if (a == NULL || a->esock.so == NULL)
		return false;
	parent = endpoint_find_engine(a->local);
	if (parent == NULL)
		return false;
	/* If the engine does not let it end now, the peer has to try again. */
	if (transfer_flag(a->esock.so, a->engine_id, SCTP_ABORT) == -EAGAIN)
		return false;
	if (!parent->welcoming && usrsctp_listen(parent->esock.so, 1) == 0)
		listens_for_restart = parent;
	assoc_supersede(a);
	return true;
}

void
restart_after_input(void)
{
	if (listens_for_restart != NULL)
		usrsctp_listen(listens_for_restart->esock.so, 0);
	listens_for_restart = NULL;
}
