#include "config.h"

#include "endpoint.h"

#include <errno.h>
#include <stdlib.h>

#include "errors.h"
#include "ip_addr.h"
#include "stack.h"

#define PORT_BUCKETS 1024 /* a power of two */

/* Those with an engine socket, by SCTP port. */
static struct endpoint *by_port[PORT_BUCKETS];

static struct endpoint **
port_bucket(uint16_t sctp_port)
{
	return &by_port[sctp_port & (PORT_BUCKETS - 1)];
}

void
endpoint_link(struct endpoint *ep)
{
	struct endpoint **bucket = port_bucket(ep->local->sctp_port);

	ep->port_next = *bucket;
	*bucket = ep;
}

static void
unlink_endpoint(const struct endpoint *ep)
{
	struct endpoint **p;

	for (p = port_bucket(ep->local->sctp_port); *p != ep;
	     p = &(*p)->port_next)
		;
	*p = ep->port_next;
}

struct endpoint *
endpoint_new(enum gen_sctp_type type)
{
	struct endpoint *ep = calloc(1, sizeof(*ep));

	if (ep == NULL)
		return NULL;
	ep->type = type;
	ep->users = 1; /* the handle */
	ep->deadlines[ENDPOINT_IN] = ep->deadlines[ENDPOINT_OUT] = OS_NEVER;
	if (outlet_init(&ep->outlet, ep) == 0)
		return ep;
	free(ep);
	return NULL;
}

struct endpoint *
endpoint_new_peeled(struct endpoint *parent)
{
	struct endpoint *ep = endpoint_new(GEN_SCTP_STREAM);

	if (ep == NULL)
		return NULL;
	ep->local = local_use(parent->local);
	ep->opts = parent->opts;
	stack_hold();
	return ep;
}

/* A stream socket that is, was or will be connected. */
static bool
is_connection(const struct endpoint *ep)
{
	return ep->type == GEN_SCTP_STREAM && !ep->listener &&
	       (ep->esock.so == NULL || ep->assocs != NULL || ep->over);
}

int
endpoint_listen(struct endpoint *ep, int backlog)
{
	int error;

	if (is_connection(ep))
		return -EISCONN;
	ep->backlog = backlog;
	error = endpoint_follow_places(ep);
	if (error == 0 && ep->type == GEN_SCTP_STREAM && backlog > 0)
		ep->listener = true;
	return error;
}

bool
endpoint_has_place(const struct endpoint *ep)
{
	if (ep->closed || ep->backlog == 0)
		return false;
	if (ep->type == GEN_SCTP_STREAM &&
	    ep->from_peers >= (unsigned int)ep->backlog)
		return false;
	return ep->from_peers < ep->opts.max_associations;
}

int
endpoint_follow_places(struct endpoint *ep)
{
	bool welcoming = endpoint_has_place(ep);

	if (ep->esock.so == NULL || welcoming == ep->welcoming)
		return 0;
	if (usrsctp_listen(ep->esock.so, welcoming) != 0)
		return engine_error();
	ep->welcoming = welcoming;
	return 0;
}

struct endpoint *
endpoint_find_engine(const struct local *local)
{
	struct endpoint *ep = *port_bucket(local->sctp_port);

	while (ep != NULL && ep->local->endpoint != local->endpoint)
		ep = ep->port_next;
	return ep;
}

struct endpoint *
endpoint_find_listener(uint16_t sctp_port, const struct gen_sctp_addr *local)
{
	struct endpoint *ep = *port_bucket(sctp_port);

	while (ep != NULL && (ep->local->sctp_port != sctp_port ||
			      !local_has_address(ep->local, local)))
		ep = ep->port_next;
	return ep;
}

struct endpoint *
endpoint_find_other(const struct local *local, const struct gen_sctp_addr *addr)
{
	struct endpoint *ep = *port_bucket(local->sctp_port);

	while (ep != NULL && (ep->local->endpoint == local->endpoint ||
			      ep->local->sctp_port != local->sctp_port ||
			      !local_has_address(ep->local, addr)))
		ep = ep->port_next;
	return ep;
}

void
endpoint_end(struct endpoint *ep)
{
	if (ep->esock.so != NULL)
		unlink_endpoint(ep);
	esock_close(&ep->esock);
	local_unuse(ep->local);
	ep->local = NULL;
	stack_release();
	endpoint_unuse(ep);
}

void
endpoint_show(const struct endpoint *ep, struct gen_sctp_addr *addrs, size_t n)
{
	size_t i;

	for (i = 0; i < n && ep->opts.i_want_mapped_v4_addr; i++)
		ip_addr_map(&addrs[i]);
}

void
endpoint_use(struct endpoint *ep)
{
	ep->users++;
}

void
endpoint_unuse(struct endpoint *ep)
{
	if (--ep->users > 0)
		return;
	outlet_close(&ep->outlet);
	free(ep);
}
