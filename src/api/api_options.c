/*
 * setopts, subscribe, getopts.
 */
#include "config.h"

#include <errno.h>

#include "handle.h"
#include "options.h"
#include "set_options.h"

static int
note_bad(size_t *bad, size_t i, int error)
{
	if (bad != NULL)
		*bad = i;
	return error;
}

int
set_options(struct endpoint *ep, const struct gen_sctp_opt *opts, size_t n,
	    size_t *bad)
{
	int error;
	size_t i;

	for (i = 0; i < n; i++) {
		error = option_check(ep, &opts[i]);
		if (error != 0)
			return note_bad(bad, i, error);
	}
	for (i = 0; i < n; i++) {
		error = option_set(ep, &opts[i]);
		if (error != 0)
			return note_bad(bad, i, error);
	}
	return 0;
}

int
gen_sctp_setopts(gen_sctp_socket_t s, const struct gen_sctp_opt *opts,
		 size_t n, size_t *bad)
{
	struct endpoint *ep;
	int error;

	if (opts == NULL && n > 0)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = set_options(ep, opts, n, bad);
	api_leave();
	return error;
}

int
gen_sctp_subscribe(gen_sctp_socket_t s, uint32_t events, bool on)
{
	const struct gen_sctp_event_subscribe change = {
		.set = events,
		.on = on ? events : 0,
	};
	const struct gen_sctp_opt opt = gen_sctp_opt_events(change);

	return gen_sctp_setopts(s, &opt, 1, NULL);
}

int
gen_sctp_getopts(gen_sctp_socket_t s, struct gen_sctp_opt *opts, size_t n,
		 size_t *bad)
{
	struct endpoint *ep;
	int error;
	size_t i;

	if (opts == NULL && n > 0)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	for (i = 0; i < n && error == 0; i++) {
		error = option_get(ep, &opts[i]);
		if (error != 0)
			note_bad(bad, i, error);
	}
	api_leave();
	return error;
}
