#include "config.h"

#include "peer_port.h"

#include "endpoint.h"
#include "options.h"
#include "packet.h"
#include "stack.h"

#define COOKIE_ECHO 10

/* Has the port of the packet being fed for its own. */
static struct endpoint *lent;

void
peer_port_before_input(const struct link_packet *p)
{
	struct endpoint *ep;

	if (!stack_layer()->multihoming || p->len <= SCTP_COMMON_HEADER ||
	    p->data[SCTP_COMMON_HEADER] != COOKIE_ECHO)
		return;
	ep = endpoint_find_listener(packet_dst_port(p), &p->dst);
	if (ep == NULL || p->src.port == ep->opts.remote_udp_port)
		return;
	if (option_port_of_new_peers(ep, p->src.port) == 0)
		lent = ep;
}

void
peer_port_after_input(void)
{
	if (lent != NULL)
		option_port_of_new_peers(lent, lent->opts.remote_udp_port);
	lent = NULL;
}
