/*
 * connect, connect_addrs, connect_init, connectx_init.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "addr_list.h"
#include "assoc.h"
#include "connect.h"
#include "deadline.h"
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
	error = lead_wait_busily(outcome_known, &wait, deadline,
				 endpoint_spin(ep));
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

static int
connect_and_wait(gen_sctp_socket_t s, const struct gen_sctp_addr *addrs,
		 size_t count, const struct gen_sctp_opt *opts, size_t n,
		 os_time deadline, struct gen_sctp_assoc_change *ac)
{
	struct gen_sctp_assoc_change unused;
	struct endpoint *ep;
	struct assoc *a;
	int error = start(s, addrs, count, opts, n, &ep, &a);

	if (error != 0)
		return error;
	error = wait_for_outcome(ep, a, deadline, ac != NULL ? ac : &unused);
	api_leave();
	return error;
}

int
gen_sctp_connect(gen_sctp_socket_t s, const char *host, int port,
		 const struct gen_sctp_opt *opts, size_t n, int timeout_ms,
		 struct gen_sctp_assoc_change *ac)
{
	os_time deadline = api_deadline(timeout_ms);
	struct gen_sctp_addr addr;
	int error;

	error = find_host(s, host, port, opts, n, timeout_ms, deadline, &addr);
	if (error != 0)
		return error;
	return connect_and_wait(s, &addr, 1, opts, n, deadline, ac);
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

/* "Any", in the family of what the socket is bound to. */
static int
any_of_socket(gen_sctp_socket_t s, uint16_t port, struct gen_sctp_addr *out)
{
	struct endpoint *ep;
	int error = api_enter(s, &ep);

	if (error != 0)
		return error;
	memset(out, 0, sizeof(*out));
	out->family = ep->local->count > 0 ? ep->local->addrs[0].family :
					     (uint8_t)ep->local->family;
	out->port = port;
	api_leave();
	return 0;
}

static int
check_list(const struct gen_sctp_addrs *remote, const struct gen_sctp_opt *opts,
	   size_t n, int timeout_ms)
{
	if (remote == NULL || remote->count > GEN_SCTP_ADDRS_MAX ||
	    remote->port == 0 || timeout_ms < -1 || (opts == NULL && n > 0))
		return -EINVAL;
	return 0;
}

int
gen_sctp_connect_addrs(gen_sctp_socket_t s, const struct gen_sctp_addrs *remote,
		       const struct gen_sctp_opt *opts, size_t n,
		       int timeout_ms, struct gen_sctp_assoc_change *ac)
{
	os_time deadline = api_deadline(timeout_ms);
	const struct gen_sctp_addr *addrs;
	struct gen_sctp_addr any;
	size_t count;
	int error = check_list(remote, opts, n, timeout_ms);

	if (error != 0)
		return error;
	addrs = remote->addrs;
	count = remote->count;
	if (addr_list_is_any(remote)) {
		error = any_of_socket(s, remote->port, &any);
		addrs = &any;
		count = 1;
	}
	if (error != 0)
		return error;
	return connect_and_wait(s, addrs, count, opts, n, deadline, ac);
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
