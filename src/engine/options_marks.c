/*
 * What the IP headers of a socket's packets say: tos, tclass, ttl, priority,
 * dontroute; and what those of its peers' packets said: recvtos, recvtclass,
 * recvttl. The UDP sockets are shared, so that the link has to know it of every
 * packet: it goes by the binding, and by the association once that is peeled
 * off, as the two sockets can differ then.
 */
#include "config.h"

#include <errno.h>

#include "leaf.h"
#include "link.h"
#include "options_impl.h"

/* Of the two low bits the engine makes ECN (RFC 3168). */
#define DSCP 0xfc

/* A system that sends what it likes must not be asked for anything else. */
static int
check_number(const struct gen_sctp_opt *opt, bool can)
{
	return can || opt->value.number == 0 ? 0 : -ENOPROTOOPT;
}

int
option_tos_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return check_number(opt, os_udp_features()->tos);
}

int
option_ttl_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	(void)ep;
	return check_number(opt, os_udp_features()->ttl);
}

/* ------------------------------------------------------------------ sent */

static void
mark_assoc(const struct assoc *a)
{
	leaf_lock();
	guard_mark(link_guard(), &a->tags, &a->ep->opts.marks);
	leaf_unlock();
}

void
option_mark(struct endpoint *ep)
{
	size_t i;

	if (ep->esock.so == NULL) {
		if (ep->assocs != NULL)
			mark_assoc(ep->assocs);
		return;
	}
	for (i = 0; i < 2; i++)
		if (ep->local->bindings[i] != NULL)
			link_binding_mark(ep->local->bindings[i],
					  &ep->opts.marks);
}

int
option_tos_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.marks.tos = (uint8_t)opt->value.number & DSCP;
	option_mark(ep);
	return 0;
}

int
option_tos_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.number = ep->opts.marks.tos;
	return 0;
}

int
option_tclass_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.marks.tclass = (uint8_t)opt->value.number & DSCP;
	option_mark(ep);
	return 0;
}

int
option_tclass_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.number = ep->opts.marks.tclass;
	return 0;
}

/* The class selector of that precedence (RFC 2474 s4.2.2.1). */
int
option_priority_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.priority = (uint32_t)opt->value.number;
	ep->opts.marks.tos = (uint8_t)(ep->opts.priority << 5);
	ep->opts.marks.tclass = ep->opts.marks.tos;
	option_mark(ep);
	return 0;
}

int
option_ttl_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.marks.ttl = (uint8_t)opt->value.number;
	option_mark(ep);
	return 0;
}

int
option_ttl_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	opt->value.number = ep->opts.marks.ttl;
	return 0;
}

int
option_dontroute_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	ep->opts.marks.dontroute = opt->value.flag;
	option_mark(ep);
	return 0;
}

/* -------------------------------------------------------------- received */

void
option_note_latest(struct assoc *a)
{
	const struct endpoint_options *o = &a->ep->opts;

	if (!o->recvtos && !o->recvtclass && !o->recvttl)
		return;
	leaf_lock();
	guard_latest(link_guard(), &a->tags, &a->latest);
	leaf_unlock();
}

void
option_tell_latest(struct assoc *a, struct gen_sctp_msg *msg)
{
	const struct endpoint_options *o = &a->ep->opts;

	option_note_latest(a);
	if (o->recvtos && a->latest.family == GEN_SCTP_INET) {
		msg->anc |= GEN_SCTP_ANC_TOS;
		msg->tos = a->latest.tos;
	}
	if (o->recvtclass && a->latest.family == GEN_SCTP_INET6) {
		msg->anc |= GEN_SCTP_ANC_TCLASS;
		msg->tclass = a->latest.tos;
	}
	if (o->recvttl && a->latest.ttl != 0) {
		msg->anc |= GEN_SCTP_ANC_TTL;
		msg->ttl = a->latest.ttl;
	}
}
