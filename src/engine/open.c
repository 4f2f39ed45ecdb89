#include "config.h"

#include "open.h"

#include <errno.h>

#include "events.h"
#include "lead.h"
#include "link.h"
#include "local_addrs.h"
#include "options.h"
#include "stack.h"

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
	o->partial_delivery_point = ENDPOINT_RECBUF / 2;
	o->remote_udp_port = LINK_UDP_PORT;
	o->recbuf = ENDPOINT_RECBUF;
	ep->announced = ENDPOINT_RECBUF;
	o->mode = GEN_SCTP_MODE_BINARY;
	o->buffer = ENDPOINT_BUFFER;
	o->high_watermark = o->low_watermark = ENDPOINT_NO_WATERMARK;
	set_flag(ep->esock.so, SCTP_RECVRCVINFO);
	events_switch(ep->esock.so, SCTP_FUTURE_ASSOC, events_known(),
		      o->events);
	option_apply_defaults(ep);
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
	ep = endpoint_new(type);
	if (ep == NULL)
		return -ENOMEM;
	error = lead_stopped() ? lead_start() : 0;
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
	endpoint_link(ep);
	stack_hold();
	*out = ep;
	return 0;

fail:
	esock_close(&ep->esock);
	if (ep->local != NULL)
		local_unuse(ep->local);
	endpoint_unuse(ep);
	return error;
}
