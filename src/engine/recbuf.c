#include "config.h"

#include "recbuf.h"

#include <string.h>

#include "budget.h"
#include "packet.h"

#define INIT	    1
#define COOKIE_ECHO 10

/* Bytes; of usrsctp, an engine socket and a struct assoc included. */
#define ASSOC_COST     5000
#define PEER_COST      640 /* an address */
#define INSTREAM_COST  40
#define OUTSTREAM_COST 64

static void
set(struct socket *so, uint32_t bytes)
{
	const int value = (int)bytes;

	usrsctp_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value));
}

static void
announce(struct endpoint *ep, uint32_t bytes)
{
	if (ep->esock.so == NULL || ep->announced == bytes)
		return;
	ep->announced = bytes;
	set(ep->esock.so, bytes);
}

void
recbuf_for_connect(struct endpoint *ep)
{
	announce(ep, ep->opts.recbuf);
}

/* The INIT ACK is to tell what the peer will have, and an association begins
 * with it. */
void
recbuf_before_input(const struct link_packet *p)
{
	struct endpoint *ep;

	if (p->len <= SCTP_COMMON_HEADER ||
	    (p->data[SCTP_COMMON_HEADER] != INIT &&
	     p->data[SCTP_COMMON_HEADER] != COOKIE_ECHO))
		return;
	ep = endpoint_find_listener(packet_dst_port(p), &p->dst);
	if (ep != NULL)
		announce(ep, budget_recbuf(ep->opts.recbuf));
}

/* The engine keeps what the endpoint asks for, also where the peer takes fewer.
 */
static uint16_t
outstreams(const struct endpoint *ep)
{
	struct sctp_initmsg initmsg;
	socklen_t len = sizeof(initmsg);

	memset(&initmsg, 0, sizeof(initmsg));
	usrsctp_getsockopt(ep->esock.so, IPPROTO_SCTP, SCTP_INITMSG, &initmsg,
			   &len);
	return initmsg.sinit_num_ostreams;
}

bool
recbuf_grant(struct assoc *a, uint16_t instreams)
{
	uint32_t recbuf = budget_recbuf(a->ep->opts.recbuf);
	uint64_t bytes = recbuf + ASSOC_COST + PEER_COST * a->peer_count +
			 (uint64_t)INSTREAM_COST * instreams +
			 (uint64_t)OUTSTREAM_COST * outstreams(a->ep);

	if (!budget_take(bytes))
		return false;
	a->recbuf = recbuf;
	a->granted = bytes;
	return true;
}

void
recbuf_apply(const struct assoc *a)
{
	set(a->esock.so, a->recbuf);
}

/* A full buffer may hold more than it should. */
#define ROOM 65536

void
recbuf_make_room(const struct assoc *a)
{
	set(a->esock.so, a->recbuf + ROOM);
}

static void
resize(struct assoc *a, uint32_t bytes)
{
	if (a->granted != 0) {
		budget_resize(a->recbuf, bytes);
		a->granted += (uint64_t)bytes - a->recbuf;
	}
	a->recbuf = bytes;
	if (a->esock.so != NULL)
		recbuf_apply(a);
}

void
recbuf_set(struct endpoint *ep, uint32_t bytes)
{
	struct assoc *a;

	ep->opts.recbuf = bytes;
	announce(ep, bytes);
	for (a = ep->assocs; a != NULL; a = a->next)
		resize(a, bytes);
}
