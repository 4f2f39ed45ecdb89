#include "config.h"

#include "endpoint.h"

#include <errno.h>
#include <stdlib.h>

#include "assoc.h"
#include "closing.h"
#include "errors.h"
#include "events.h"
#include "lead.h"
#include "link.h"
#include "local_addrs.h"
#include "options.h"
#include "stack.h"
#include "transfer.h"

/* Those with an engine socket. */
static struct endpoint *endpoints;

/* ------------------------------------------------------------------ open */

static void
set_flag(struct socket *so, int option)
{
	const int on = 1;

	usrsctp_setsockopt(so, IPPROTO_SCTP, option, &on, sizeof(on));
}

static void
set_defaults(struct endpoint *ep)
{
	struct endpoint_options *o = &ep->opts;

	o->events = ENDPOINT_EVENTS;
	o->send_timeout_ms = -1;
	o->max_associations = ENDPOINT_MAX_ASSOCIATIONS;
	o->remote_udp_port = LINK_UDP_PORT;
	set_flag(ep->esock.so, SCTP_RECVRCVINFO);
	events_subscribe(ep->esock.so, o->events);
	option_apply_defaults(ep);
}

static void
link_endpoint(struct endpoint *ep)
{
	ep->prev = NULL;
	ep->next = endpoints;
	if (endpoints != NULL)
		endpoints->prev = ep;
	endpoints = ep;
}

static void
unlink_endpoint(struct endpoint *ep)
{
	if (ep->prev != NULL)
		ep->prev->next = ep->next;
	else
		endpoints = ep->next;
	if (ep->next != NULL)
		ep->next->prev = ep->prev;
}

static struct endpoint *
new_endpoint(enum gen_sctp_type type)
{
	struct endpoint *ep = calloc(1, sizeof(*ep));

	if (ep == NULL)
		return NULL;
	ep->type = type;
	ep->users = 1; /* the handle */
	return ep;
}

int
endpoint_open(enum gen_sctp_type type, const struct local_spec *spec,
	      int (*configure)(struct endpoint *ep, void *arg), void *arg,
	      struct endpoint **out, const char **hint)
{
	struct endpoint *ep;
	int error;

	*hint = NULL;
	local_addrs_refresh();
	ep = new_endpoint(type);
	if (ep == NULL)
		return -ENOMEM;
	error = lead_start();
	if (error == 0)
		error = local_new(spec, &ep->local, hint);
	if (error == 0)
		error = esock_open(&ep->esock,
				   stack_layer()->domain(spec->family),
				   assoc_run_setup);
	if (error != 0)
		goto fail;
	set_defaults(ep);
	error = configure(ep, arg);
	if (error == 0)
		error = local_bind_engine(ep->local, ep->esock.so);
	if (error == -EADDRINUSE)
		*hint = "the SCTP port is taken by another socket of this "
			"program";
	if (error != 0)
		goto fail;
	link_endpoint(ep);
	stack_hold();
	*out = ep;
	return 0;

fail:
	esock_close(&ep->esock);
	if (ep->local != NULL)
		local_unuse(ep->local);
	free(ep);
	return error;
}

struct endpoint *
endpoint_new_peeled(struct endpoint *parent)
{
	struct endpoint *ep = new_endpoint(GEN_SCTP_STREAM);

	if (ep == NULL)
		return NULL;
	ep->local = local_use(parent->local);
	ep->opts = parent->opts;
	stack_hold();
	return ep;
}

int
endpoint_listen(struct endpoint *ep, int backlog)
{
	if (ep->esock.so == NULL || (ep->type == GEN_SCTP_STREAM &&
				     (ep->assocs != NULL || ep->over)))
		return -EISCONN;
	if (usrsctp_listen(ep->esock.so, backlog) != 0)
		return engine_error();
	ep->listening = backlog > 0;
	return 0;
}

struct endpoint *
endpoint_find_engine(const struct local *local)
{
	struct endpoint *ep;

	for (ep = endpoints; ep != NULL; ep = ep->next)
		if (ep->local == local)
			return ep;
	return NULL;
}

struct endpoint *
endpoint_find_listener(uint16_t sctp_port, const struct gen_sctp_addr *local)
{
	struct endpoint *ep;

	for (ep = endpoints; ep != NULL; ep = ep->next)
		if (ep->local->sctp_port == sctp_port &&
		    local_has_address(ep->local, local))
			return ep;
	return NULL;
}

/* ----------------------------------------------------------------- close */

static void
finish(struct endpoint *ep)
{
	if (ep->esock.so != NULL)
		unlink_endpoint(ep);
	esock_close(&ep->esock);
	local_unuse(ep->local);
	ep->local = NULL;
	stack_release();
	endpoint_unuse(ep);
}

/* What it was given before it is up has to be delivered. */
static bool
keep_setting_up(struct assoc *a, bool abort)
{
	if (abort || a->phase != ASSOC_SETUP || !a->sent_early)
		return false;
	if (a->awaited != NULL) {
		a->awaited->result = -EBADF;
		a->awaited->done = true;
		a->awaited = NULL;
	}
	a->eof_wanted = true;
	return true;
}

static void
close_assocs(struct endpoint *ep, bool abort)
{
	struct assoc *a, *next;

	for (a = ep->assocs; a != NULL; a = next) {
		next = a->next;
		if (!keep_setting_up(a, abort))
			closing_start(a, abort, ep->closing_group);
	}
}

void
endpoint_close(struct endpoint *ep, uint64_t closing_group)
{
	ep->closed = true;
	ep->closing_group = closing_group;
	lead_changed();
	if (ep->has_event)
		os_event_close(&ep->event);
	ep->has_event = false;
	close_assocs(ep, ep->opts.linger.on && ep->opts.linger.seconds == 0);
	if (ep->assocs == NULL)
		finish(ep);
	else if (ep->listening)
		usrsctp_listen(ep->esock.so, 0);
}

void
endpoint_close_rest(struct endpoint *ep)
{
	close_assocs(ep, false);
	if (ep->assocs == NULL)
		finish(ep);
}

size_t
endpoint_count_pending(uint64_t closing_group)
{
	const struct endpoint *ep;
	size_t n = 0;

	for (ep = endpoints; ep != NULL; ep = ep->next)
		n += ep->closed && (closing_group == 0 ||
				    ep->closing_group == closing_group);
	return n;
}

void
endpoint_abort_pending(void)
{
	struct endpoint *ep, *next;

	for (ep = endpoints; ep != NULL; ep = next) {
		next = ep->next;
		if (!ep->closed)
			continue;
		close_assocs(ep, true);
		finish(ep);
	}
}

void
endpoint_use(struct endpoint *ep)
{
	ep->users++;
}

void
endpoint_unuse(struct endpoint *ep)
{
	if (--ep->users == 0)
		free(ep);
}

/* -------------------------------------------------------------- readiness */

static bool
has_room(const struct endpoint *ep)
{
	const struct assoc *a;

	for (a = ep->assocs; a != NULL; a = a->next)
		if (transfer_has_room(a))
			return true;
	return false;
}

/* Those of the mask that hold; what is not asked for costs nothing. */
static int
conditions(const struct endpoint *ep, int mask)
{
	int ready = 0;

	if (ep->ready_first != NULL || ep->over)
		ready |= GEN_SCTP_POLL_IN;
	if ((mask & GEN_SCTP_POLL_OUT) && has_room(ep))
		ready |= GEN_SCTP_POLL_OUT;
	if (ep->over)
		ready |= GEN_SCTP_POLL_HUP;
	return ready & mask;
}

int
endpoint_ready(const struct endpoint *ep)
{
	return conditions(ep, GEN_SCTP_POLL_IN | GEN_SCTP_POLL_OUT |
				      GEN_SCTP_POLL_HUP);
}

static void
set_event(struct endpoint *ep)
{
	bool set = conditions(ep, ep->event_mask) != 0;

	if (set == ep->event_set)
		return;
	ep->event_set = set;
	if (set)
		os_event_set(&ep->event);
	else
		os_event_clear(&ep->event);
}

int
endpoint_fd(struct endpoint *ep, int mask, gen_sctp_fd_t *fd)
{
	int error;

	if (!ep->has_event) {
		error = os_event_open(&ep->event);
		if (error != 0)
			return error;
		ep->has_event = true;
		ep->event_set = false;
	}
	ep->event_mask = mask;
	set_event(ep);
	*fd = ep->event.wait_fd;
	return 0;
}

void
endpoint_changed(struct endpoint *ep)
{
	lead_changed();
	if (ep->has_event)
		set_event(ep);
}
