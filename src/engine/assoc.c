#include "config.h"

#include "assoc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "ip_addr.h"
#include "leaf.h"
#include "lead.h"
#include "link.h"
#include "mailbox.h"
#include "packet.h"
#include "stack.h"

#define ID_BUCKETS 4096 /* a power of two */
/* Private to the engine: both verification tags of an association. */
#define ENGINE_GET_NONCE_VALUES 0x1105

static struct assoc *by_id[ID_BUCKETS];
static gen_sctp_assoc_id_t last_id;
/* By our verification tag; those that have none are in no chain. */
static struct assoc *by_tag[ID_BUCKETS];
/* By the SCTP port that it has here. */
static struct assoc *by_port[ID_BUCKETS];
static struct assoc *superseded; /* that are not freed yet */

/* ------------------------------------------------------------------ ids */

static struct assoc **
id_bucket(gen_sctp_assoc_id_t id)
{
	return &by_id[id & (ID_BUCKETS - 1)];
}

static struct assoc *
find_id(gen_sctp_assoc_id_t id)
{
	struct assoc *a;

	for (a = *id_bucket(id); a != NULL; a = a->id_next)
		if (a->id == id && !a->superseded)
			return a;
	return NULL;
}

static gen_sctp_assoc_id_t
new_id(void)
{
	do
		last_id++;
	while (last_id == 0 || find_id(last_id) != NULL);
	return last_id;
}

static void
link_id(struct assoc *a, gen_sctp_assoc_id_t id)
{
	a->id = id;
	a->id_next = *id_bucket(id);
	*id_bucket(id) = a;
}

static void
unlink_id(struct assoc *a)
{
	struct assoc **p;

	for (p = id_bucket(a->id); *p != a; p = &(*p)->id_next)
		;
	*p = a->id_next;
}

void
assoc_take_id(struct assoc *a, const struct assoc *old)
{
	unlink_id(a);
	link_id(a, old->id);
	a->send = old->send;
	a->kept.on = old->kept.on;
}

struct assoc *
assoc_only(const struct endpoint *ep)
{
	return ep->listener ? NULL : ep->assocs;
}

struct assoc *
assoc_find(const struct endpoint *ep, gen_sctp_assoc_id_t id)
{
	struct assoc *a;

	if (ep->type == GEN_SCTP_STREAM)
		return assoc_only(ep);
	a = find_id(id);
	return a != NULL && a->ep == ep ? a : NULL;
}

/* ----------------------------------------------------------------- ports */

static struct assoc **
port_bucket(const struct local *local)
{
	return &by_port[local->sctp_port & (ID_BUCKETS - 1)];
}

static void
link_port(struct assoc *a)
{
	struct assoc **bucket = port_bucket(a->local);

	a->port_next = *bucket;
	*bucket = a;
}

static void
unlink_port(const struct assoc *a)
{
	struct assoc **p;

	for (p = port_bucket(a->local); *p != a; p = &(*p)->port_next)
		;
	*p = a->port_next;
}

/* --------------------------------------------------------- life and lists */

static void
link_to_endpoint(struct assoc *a, struct endpoint *ep)
{
	a->ep = ep;
	a->outlet = &ep->outlet;
	a->prev = NULL;
	a->next = ep->assocs;
	if (ep->assocs != NULL)
		ep->assocs->prev = a;
	else
		ep->oldest = a;
	ep->assocs = a;
}

void
assoc_count_from_peer(struct assoc *a, bool from_peer)
{
	if (a->from_peer == from_peer)
		return;
	a->from_peer = from_peer;
	a->ep->from_peers += from_peer ? 1U : -1U;
	endpoint_follow_places(a->ep);
}

void
assoc_count_attempt(struct assoc *a, bool attempt)
{
	if (a->attempt == attempt)
		return;
	a->attempt = attempt;
	a->ep->attempts += attempt ? 1U : -1U;
}

void
assoc_detach(struct assoc *a)
{
	struct endpoint *ep = a->ep;

	assoc_unready(a);
	if (ep->had_room == a)
		ep->had_room = NULL;
	assoc_hold(a, 0);
	if (a->prev != NULL)
		a->prev->next = a->next;
	else
		ep->assocs = a->next;
	if (a->next != NULL)
		a->next->prev = a->prev;
	else
		ep->oldest = a->prev;
	assoc_count_from_peer(a, false);
	assoc_count_attempt(a, false);
	a->ep = NULL;
}

struct assoc *
assoc_new(struct endpoint *ep, sctp_assoc_t engine_id)
{
	struct assoc *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->engine_id = engine_id;
	a->recbuf = ep->opts.recbuf;
	a->events_tail = &a->events;
	a->local = local_use(ep->local);
	a->send = ep->opts.send;
	kept_init(&a->kept, ep->opts.keep_for_failure);
	front_init(&a->front);
	link_id(a, new_id());
	link_port(a);
	link_to_endpoint(a, ep);
	return a;
}

void
assoc_drop_events(struct assoc *a)
{
	struct assoc_event *e;

	while ((e = a->events) != NULL) {
		a->events = e->next;
		free(e->owned);
		free(e);
	}
	a->events_tail = &a->events;
}

static void
unlink_superseded(const struct assoc *a)
{
	struct assoc **p;

	for (p = &superseded; *p != a; p = &(*p)->superseded_next)
		;
	*p = a->superseded_next;
}

void
assoc_free(struct assoc *a)
{
	if (a->awaited != NULL) {
		a->awaited->result = -EBADF;
		a->awaited->done = true;
	}
	if (a->ep != NULL)
		assoc_detach(a);
	unlink_id(a);
	unlink_port(a);
	if (a->superseded)
		unlink_superseded(a);
	timers_stop(&a->idle);
	timers_stop(&a->watch);
	esock_close(&a->esock);
	assoc_ended(a);
	budget_return(a->granted);
	stack_layer()->release(a->path);
	assoc_drop_events(a);
	assembly_drop(&a->assembly);
	kept_free(&a->kept);
	front_free(&a->front);
	free(a->peers);
	local_unuse(a->local);
	free(a);
	lead_changed();
}

void
assoc_make_ready(struct assoc *a)
{
	struct outlet *o;

	if (a->ep == NULL || a->ready)
		return;
	o = a->outlet;
	a->ready = true;
	a->ready_next = NULL;
	if (o->ready_last != NULL)
		o->ready_last->ready_next = a;
	else
		o->ready_first = a;
	o->ready_last = a;
	outlet_changed(o);
	endpoint_changed(a->ep);
}

void
assoc_unready(struct assoc *a)
{
	struct assoc *before = NULL, *i;
	struct outlet *o = a->outlet;

	if (!a->ready)
		return;
	for (i = o->ready_first; i != a; i = i->ready_next)
		before = i;
	if (before != NULL)
		before->ready_next = a->ready_next;
	else
		o->ready_first = a->ready_next;
	if (o->ready_last == a)
		o->ready_last = before;
	a->ready = false;
	outlet_changed(o);
	endpoint_changed(a->ep);
}

void
assoc_use_outlet(struct assoc *a, struct outlet *o)
{
	bool ready = a->ready;

	assoc_unready(a);
	assoc_hold(a, 0);
	a->outlet = o;
	assoc_hold(a, a->assembly.len);
	if (ready)
		assoc_make_ready(a);
}

void
assoc_hold(struct assoc *a, size_t bytes)
{
	struct mailbox_source *src = a->outlet->source;

	if (src != NULL)
		mailbox_source_hold(src, (ptrdiff_t)(bytes - a->held));
	a->held = bytes;
}

void
assoc_drop_begun(struct assoc *a)
{
	assoc_hold(a, 0);
	assembly_drop(&a->assembly);
}

void
assoc_add_event(struct assoc *a, const struct gen_sctp_event *event,
		const struct gen_sctp_addr *from, void *owned)
{
	struct assoc_event *e = malloc(sizeof(*e));

	if (e == NULL) {
		free(owned);
		return;
	}
	e->next = NULL;
	e->event = *event;
	e->from = *from;
	e->owned = owned;
	*a->events_tail = e;
	a->events_tail = &e->next;
	assoc_make_ready(a);
}

void
assoc_move(struct assoc *a, struct endpoint *to)
{
	bool ready = a->ready;

	assoc_detach(a);
	link_to_endpoint(a, to);
	assoc_hold(a, a->assembly.len);
	if (ready)
		assoc_make_ready(a);
}

/* ------------------------------------------------------- what it knows */

static struct assoc **
tag_bucket(uint32_t my_tag)
{
	return &by_tag[my_tag & (ID_BUCKETS - 1)];
}

static void
set_my_tag(struct assoc *a, uint32_t my_tag)
{
	struct assoc **p = tag_bucket(a->tags.my_tag);

	if (a->tags.my_tag != 0) {
		while (*p != a)
			p = &(*p)->tag_next;
		*p = a->tag_next;
	}
	a->tags.my_tag = my_tag;
	if (my_tag == 0)
		return;
	p = tag_bucket(my_tag);
	a->tag_next = *p;
	*p = a;
}

struct socket *
assoc_socket(const struct assoc *a, sctp_assoc_t *engine_id)
{
	*engine_id = a->engine_id;
	return a->esock.so != NULL ? a->esock.so : a->ep->esock.so;
}

static void
learn_tags(struct assoc *a, struct socket *so)
{
	struct sctp_get_nonce_values tags;
	socklen_t len = sizeof(tags);
	sctp_assoc_t id = a->engine_id;

	memset(&tags, 0, sizeof(tags));
	tags.gn_assoc_id = id;
	if (usrsctp_getsockopt(so, IPPROTO_SCTP, ENGINE_GET_NONCE_VALUES,
			       &tags, &len) != 0)
		return;
	set_my_tag(a, tags.gn_local_tag);
	a->tags.peer_tag = tags.gn_peers_tag;
}

static void
learn_peers(struct assoc *a, struct socket *so)
{
	struct sockaddr *list, *sa;
	struct gen_sctp_addr *peers;
	int i, n;

	n = usrsctp_getpaddrs(so, a->engine_id, &list);
	if (n <= 0)
		return;
	peers = calloc((size_t)n, sizeof(*peers));
	if (peers != NULL) {
		sa = list;
		for (i = 0; i < n; i++) {
			peers[i] = stack_layer()->addr(sa);
			sa = (struct sockaddr *)((char *)sa +
						 engine_sockaddr_size(sa));
		}
		free(a->peers);
		a->peers = peers;
		a->peer_count = (size_t)n;
	}
	if (a->path == NULL)
		a->path = stack_layer()->hold(list);
	usrsctp_freepaddrs(list);
}

/* What the engine says is the port of its peer may be an alias. */
static void
learn_alias(struct assoc *a)
{
	size_t i;

	if (a->peer_count == 0)
		return;
	if (a->tags.alias == 0 || a->peers[0].port != a->tags.alias) {
		a->tags.local_port = a->local->sctp_port;
		a->tags.peer_port = a->peers[0].port;
		leaf_lock();
		guard_learn_alias(link_guard(), &a->tags, &a->peers[0]);
		leaf_unlock();
	}
	for (i = 0; i < a->peer_count; i++)
		assoc_translate(a, &a->peers[i]);
}

/* Private to the engine, as is its number. */
#define ENGINE_GET_SNDBUF_USE 0x1101
struct engine_queues {
	sctp_assoc_t assoc_id;
	uint32_t out, in;
};

size_t
assoc_queued_in_engine(const struct assoc *a)
{
	struct engine_queues queues;
	socklen_t len = sizeof(queues);
	struct socket *so;

	memset(&queues, 0, sizeof(queues));
	so = assoc_socket(a, &queues.assoc_id);
	if (usrsctp_getsockopt(so, IPPROTO_SCTP, ENGINE_GET_SNDBUF_USE,
			       &queues, &len) != 0)
		return 0;
	return queues.out;
}

size_t
assoc_queued(const struct assoc *a)
{
	return assoc_queued_in_engine(a) + a->front.bytes;
}

size_t
assoc_sndbuf(const struct assoc *a)
{
	socklen_t len = sizeof(int);
	sctp_assoc_t id;
	int value = 0;

	usrsctp_getsockopt(assoc_socket(a, &id), SOL_SOCKET, SO_SNDBUF, &value,
			   &len);
	return (size_t)value;
}

void
assoc_learn(struct assoc *a)
{
	sctp_assoc_t id;
	struct socket *so = assoc_socket(a, &id);

	learn_peers(a, so);
	learn_alias(a);
	learn_tags(a, so);
}

void
assoc_ended(struct assoc *a)
{
	if (a->tags.my_tag == 0)
		return;
	leaf_lock();
	guard_forget(link_guard(), &a->tags);
	leaf_unlock();
	set_my_tag(a, 0);
}

static bool
has_peer(const struct assoc *a, const struct gen_sctp_addr *peer)
{
	size_t i;

	for (i = 0; i < a->peer_count; i++)
		if (ip_addr_port_equal(&a->peers[i], peer))
			return true;
	return false;
}

struct assoc *
assoc_find_peer(const struct endpoint *ep, const struct gen_sctp_addr *peer)
{
	struct assoc *a;

	for (a = ep->assocs; a != NULL; a = a->next)
		if (a->phase != ASSOC_OVER && !a->superseded &&
		    has_peer(a, peer))
			return a;
	return NULL;
}

bool
assoc_elsewhere(const struct endpoint *ep, const struct gen_sctp_addr *peer)
{
	const struct assoc *a = *port_bucket(ep->local);

	for (; a != NULL; a = a->port_next)
		if (a->ep != ep && a->phase != ASSOC_OVER &&
		    local_overlap(a->local, ep->local) && has_peer(a, peer) &&
		    assoc_alive(a))
			return true;
	return false;
}

/* -------------------------------------------------------------- restart */

struct assoc *
assoc_find_tag(uint32_t my_tag)
{
	struct assoc *a = *tag_bucket(my_tag);

	while (a != NULL && a->tags.my_tag != my_tag)
		a = a->tag_next;
	return a;
}

struct assoc *
assoc_find_tags(const struct guard_assoc *tags)
{
	struct assoc *a;

	for (a = *tag_bucket(tags->my_tag); a != NULL; a = a->tag_next)
		if (a->tags.my_tag == tags->my_tag &&
		    a->tags.peer_tag == tags->peer_tag && !a->superseded)
			return a;
	return NULL;
}

struct assoc *
assoc_of_packet(const struct link_packet *p)
{
	const uint32_t tag = packet_vtag(p);
	struct assoc *a;

	for (a = *tag_bucket(tag); a != NULL; a = a->tag_next)
		if (a->tags.my_tag == tag &&
		    a->tags.local_port == packet_dst_port(p) &&
		    a->tags.peer_port == packet_src_port(p))
			return a;
	return NULL;
}

void
assoc_supersede(struct assoc *a)
{
	set_my_tag(a, 0);
	if (a->ep == NULL)
		return;
	a->superseded = true;
	a->superseded_next = superseded;
	superseded = a;
}

static bool
shares_peer(const struct assoc *a, const struct assoc *b)
{
	size_t i;

	for (i = 0; i < b->peer_count; i++)
		if (has_peer(a, &b->peers[i]))
			return true;
	return false;
}

struct assoc *
assoc_find_superseded(const struct assoc *a)
{
	struct assoc *old;

	for (old = superseded; old != NULL; old = old->superseded_next)
		if (!old->succeeded && old->tags.alias == a->tags.alias &&
		    old->local->endpoint == a->local->endpoint &&
		    shares_peer(old, a))
			return old;
	return NULL;
}

bool
assoc_alive(const struct assoc *a)
{
	struct sctp_status status;
	socklen_t len = sizeof(status);
	sctp_assoc_t id;
	struct socket *so = assoc_socket(a, &id);

	memset(&status, 0, sizeof(status));
	status.sstat_assoc_id = id;
	return usrsctp_getsockopt(so, IPPROTO_SCTP, SCTP_STATUS, &status,
				  &len) == 0;
}

void
assoc_each(void (*f)(struct assoc *a, const void *arg), const void *arg)
{
	struct assoc *a;
	size_t i;

	for (i = 0; i < ID_BUCKETS; i++)
		for (a = by_id[i]; a != NULL; a = a->id_next)
			f(a, arg);
}
