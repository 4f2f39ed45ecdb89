/*
 * connect, connect_init, connectx_init.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "assoc.h"
#include "connect.h"
#include "handle.h"
#include "lead.h"
#include "options.h"
#include "resolve.h"
#include "set_options.h"

struct wait {
	const struct endpoint *ep;
	struct assoc_wait outcome;
};

static bool
outcome_known(void *arg)
{
	const struct wait *wait = arg;

	return wait->outcome.done || wait->ep->closed;
}

/* Lock held; the association was just started. */
static int
wait_for_outcome(struct endpoint *ep, struct assoc *a, os_time deadline,
		 struct gen_sctp_assoc_change *ac)
{
	struct wait wait = { .ep = ep };
	int error;

	a->awaited = &wait.outcome;
	endpoint_use(ep);
	error = lead_wait(outcome_known, &wait, deadline);
	if (wait.outcome.done) {
		error = wait.outcome.result;
		if (error != -EBADF)
			*ac = wait.outcome.outcome;
	} else if (ep->closed) {
		error = -EBADF;
	} else {
		/* The attempt goes on; its outcome comes as an event. */
		a->awaited = NULL;
	}
	endpoint_unuse(ep);
	return error;
}

/* Takes the stack lock, sets the options and starts the association. The lock
 * is held on success. */
static int
start(gen_sctp_socket_t s, const struct gen_sctp_addr *addrs, size_t count,
      const struct gen_sctp_opt *opts, size_t n, struct endpoint **ep,
      struct assoc **a)
{
	int error = api_enter(s, ep);

	if (error != 0)
		return error;
	error = set_options(*ep, opts, n, NULL);
	if (error == 0)
		error = connect_start(*ep, addrs, count, a);
	if (error != 0)
		api_leave();
	return error;
}

/* The socket's family, for the resolver; also finds out early that it is
 * closed. */
static int
family_of(gen_sctp_socket_t s, enum gen_sctp_family *family)
{
	struct endpoint *ep;
	int error = api_enter(s, &ep);

	if (error != 0)
		return error;
	*family = ep->local->family;
	api_leave();
	return 0;
}

static int
find_host(gen_sctp_socket_t s, const char *host, int port,
	  const struct gen_sctp_opt *opts, size_t n, int timeout_ms,
	  os_time deadline, struct gen_sctp_addr *addr)
{
	enum gen_sctp_family family;
	int error;

	if (host == NULL || port < 1 || port > 65535 || timeout_ms < -1 ||
	    (opts == NULL && n > 0))
		return -EINVAL;
	error = family_of(s, &family);
	if (error != 0)
		return error;
	return resolve(host, port, family, deadline, addr);
}

int
gen_sctp_connect(gen_sctp_socket_t s, const char *host, int port,
		 const struct gen_sctp_opt *opts, size_t n, int timeout_ms,
		 struct gen_sctp_assoc_change *ac)
{
	os_time deadline = api_deadline(timeout_ms);
	struct gen_sctp_assoc_change unused;
	struct gen_sctp_addr addr;
	struct endpoint *ep;
	struct assoc *a;
	int error;

	error = find_host(s, host, port, opts, n, timeout_ms, deadline, &addr);
	if (error == 0)
		error = start(s, &addr, 1, opts, n, &ep, &a);
	if (error != 0)
		return error;
	error = wait_for_outcome(ep, a, deadline, ac != NULL ? ac : &unused);
	api_leave();
	return error;
}

int
gen_sctp_connect_init(gen_sctp_socket_t s, const char *host, int port,
		      const struct gen_sctp_opt *opts, size_t n,
		      int timeout_ms)
{
	struct gen_sctp_addr addr;
	struct endpoint *ep;
	struct assoc *a;
	int error;

	error = find_host(s, host, port, opts, n, timeout_ms,
			  api_deadline(timeout_ms), &addr);
	if (error == 0)
		error = start(s, &addr, 1, opts, n, &ep, &a);
	if (error == 0)
		api_leave();
	return error;
}

/* All the same SCTP port; 0 stands for the one that is given. */
static int
same_port(const struct gen_sctp_addr *addrs, size_t count,
	  struct gen_sctp_addr *out)
{
	uint16_t port = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (addrs[i].port != 0 && port != 0 && addrs[i].port != port)
			return -EINVAL;
		if (addrs[i].port != 0)
			port = addrs[i].port;
	}
	for (i = 0; i < count; i++) {
		out[i] = addrs[i];
		out[i].port = port;
	}
	return port != 0 ? 0 : -EINVAL;
}

int
gen_sctp_connectx_init(gen_sctp_socket_t s, const struct gen_sctp_addr *addrs,
		       size_t count, const struct gen_sctp_opt *opts,
		       size_t n, gen_sctp_assoc_id_t *id)
{
	struct gen_sctp_addr peers[CONNECT_MAX_ADDRS];
	struct endpoint *ep;
	struct assoc *a;
	int error;

	if (addrs == NULL || count == 0 || count > CONNECT_MAX_ADDRS ||
	    (opts == NULL && n > 0))
		return -EINVAL;
	error = same_port(addrs, count, peers);
	if (error == 0)
		error = start(s, peers, count, opts, n, &ep, &a);
	if (error != 0)
		return error;
	if (id != NULL)
		*id = a->id;
	api_leave();
	return 0;
}
