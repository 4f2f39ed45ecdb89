/*
 * open_addrs.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addr_list.h"

/* Family, v6only, addresses: they stand before the caller's options. */
#define MAX_OWN (2 + GEN_SCTP_ADDRS_MAX)

/* The socket for a local list and that of a peer. */
struct choice {
	enum gen_sctp_family family;
	bool v6only;
};

static int
choose(const struct gen_sctp_addrs *local, const struct gen_sctp_addrs *remote,
       struct choice *out)
{
	out->family = local->family;
	out->v6only = local->v6only;
	if (remote == NULL)
		return 0;
	if (addr_list_is_any(local))
		out->family = remote->family;
	else if (!addr_list_is_any(remote) && remote->family != local->family)
		return GEN_SCTP_ENOTSUITABLE;
	out->v6only = local->v6only || remote->v6only;
	return out->v6only && out->family == GEN_SCTP_INET
		       ? GEN_SCTP_ENOTSUITABLE
		       : 0;
}

static size_t
own_options(const struct gen_sctp_addrs *local, const struct choice *is,
	    struct gen_sctp_opt *out)
{
	size_t i, n = 0;

	out[n++] = gen_sctp_opt_family(is->family);
	out[n++] = gen_sctp_opt_ipv6_v6only(is->v6only);
	if (!addr_list_is_any(local))
		for (i = 0; i < local->count; i++)
			out[n++] = gen_sctp_opt_ip(local->addrs[i]);
	return n;
}

/* One that fails is the caller's, or none of them. */
static int
open_as(const struct choice *is, const struct gen_sctp_addrs *local,
	const struct gen_sctp_opt *opts, size_t n, gen_sctp_socket_t *s,
	size_t *bad)
{
	struct gen_sctp_opt *all;
	size_t own, failed;
	int error;

	all = malloc((MAX_OWN + n) * sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	own = own_options(local, is, all);
	if (n > 0)
		memcpy(&all[own], opts, n * sizeof(*all));
	error = gen_sctp_open(local->port, all, own + n, s, &failed);
	free(all);
	if (bad != NULL)
		*bad = error != 0 && failed >= own ? failed - own : n;
	return error;
}

int
gen_sctp_open_addrs(const struct gen_sctp_addrs *local,
		    const struct gen_sctp_addrs *remote,
		    const struct gen_sctp_opt *opts, size_t n,
		    gen_sctp_socket_t *s, size_t *bad)
{
	static const struct gen_sctp_addrs any = { .family = GEN_SCTP_INET };
	struct choice is;
	int error;

	if (bad != NULL)
		*bad = n;
	if (local == NULL)
		local = &any;
	if (s == NULL || (opts == NULL && n > 0) ||
	    n > SIZE_MAX / sizeof(*opts) - MAX_OWN ||
	    local->count > GEN_SCTP_ADDRS_MAX)
		return -EINVAL;
	error = choose(local, remote, &is);
	if (error != 0)
		return error;
	error = open_as(&is, local, opts, n, s, bad);
	if (error != -EAFNOSUPPORT || !addr_list_is_any(local) || is.v6only)
		return error;
	/* A host without IPv6; what else was wrong is so again. */
	is.family = GEN_SCTP_INET;
	return open_as(&is, local, opts, n, s, bad);
}
