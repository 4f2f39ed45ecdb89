/*
 * A socket's associations, and their paths.
 */
#include "config.h"

#include <errno.h>

#include "assoc.h"
#include "handle.h"
#include "path_list.h"

static bool
counts(const struct assoc *a)
{
	return a->phase != ASSOC_OVER && !a->superseded && assoc_alive(a);
}

/* Those of a listener are the sockets' that are accepted. */
static int
list_ids(const struct endpoint *ep, gen_sctp_assoc_id_t *ids, size_t max)
{
	const struct assoc *a = ep->listener ? NULL : ep->oldest;
	size_t n = 0;

	for (; a != NULL; a = a->prev) {
		if (!counts(a))
			continue;
		if (n < max)
			ids[n] = a->id;
		n++;
	}
	return (int)n;
}

int
gen_sctp_assocs(gen_sctp_socket_t s, gen_sctp_assoc_id_t *ids, size_t max)
{
	struct endpoint *ep;
	int result;

	if (ids == NULL && max > 0)
		return -EINVAL;
	result = api_enter(s, &ep);
	if (result != 0)
		return result;
	result = list_ids(ep, ids, max);
	api_leave();
	return result;
}

int
gen_sctp_paths(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
	       struct gen_sctp_path *paths, size_t max)
{
	struct endpoint *ep;
	int result;

	if (paths == NULL && max > 0)
		return -EINVAL;
	result = api_enter(s, &ep);
	if (result != 0)
		return result;
	result = path_list(ep, assoc, paths, max);
	api_leave();
	return result;
}
