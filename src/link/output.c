#include "output.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "binding.h"
#include "impaired.h"
#include "ip_addr.h"
#include "leaf.h"
#include "state.h"

/* A batch is full, to be sent, from either of these on. */
#define FULL_BYTES 64000
#define FULL_PACKETS 60
/* Segments of one datagram at most (Linux: UDP_MAX_SEGMENTS). */
#define MAX_SEGMENTS 64
#define INIT_ACK     2 /* RFC 9260 3.2 */

static struct batch batches[2];
static struct batch *filling = &batches[0]; /* under the leaf lock */
static struct batch *sending = &batches[1]; /* under the stack lock */
static struct link_packet pending; /* from begin to end, under the leaf lock */

/* --------------------------------------------------------------- sending */

static void
flush(void)
{
	struct batch *b;

	batch_send(sending);
	if (sending->n > 0)
		return;
	leaf_lock();
	b = filling;
	filling = sending;
	sending = b;
	leaf_unlock();
	batch_send(sending);
}

void
link_flush(void)
{
	flush();
	batch_report_too_big();
	udp_close_released(output_uses);
}

/* --------------------------------------------------------------- queueing */

static bool
has_room(size_t len)
{
	return filling->n < BATCH_DATAGRAMS &&
	       filling->used + len <= BATCH_BYTES;
}

struct link_packet *
link_output_begin(size_t len)
{
	leaf_lock();
	if (len <= LINK_MAX_PACKET && !has_room(len) && link_is_owner()) {
		/* In the middle of the engine: reports wait for link_flush. */
		leaf_unlock();
		flush();
		leaf_lock();
	}
	if (len < SCTP_COMMON_HEADER || len > LINK_MAX_PACKET ||
	    !has_room(len)) {
		link_state.counters.output_lost++;
		leaf_unlock();
		return NULL;
	}
	memset(&pending, 0, sizeof(pending));
	pending.data = filling->bytes + filling->used;
	pending.len = len;
	return &pending;
}

void
link_output_cancel(struct link_packet *p)
{
	(void)p;
	leaf_unlock();
}

/* The socket to leave by, or NULL; the packet becomes one of its binding. */
static struct udp_socket *
choose_socket(struct link_packet *p)
{
	struct binding_use use = binding_use(packet_src_port(p), &p->src);
	struct udp_socket *s = use.socket;

	/* An answer to nobody: only the thread that feeds has one to give. */
	if (s == NULL && link_is_owner())
		s = link_state.feeding;
	packet_mark(p, &use.marks);
	p->policy = use.policy;
	if (use.hide_ipv4)
		guard_hide_ipv4(p);
	return s != NULL && s->local.family == p->dst.family ? s : NULL;
}

static bool
same_place(const struct os_dgram *a, const struct os_dgram *b)
{
	return a->dst.port == b->dst.port && a->tos == b->tos &&
	       a->ttl == b->ttl && a->dontroute == b->dontroute &&
	       ip_addr_equal(&a->dst, &b->dst) &&
	       ip_addr_equal(&a->src, &b->src);
}

/* Makes the packet one more segment of the last datagram, if it can be one. */
static bool
coalesce(const struct os_dgram *d, const struct udp_socket *s)
{
	struct os_dgram *last;
	size_t segment;

	if (filling->n == 0 || !os_udp_features()->gso)
		return false;
	last = &filling->dgrams[filling->n - 1];
	segment = last->segment == 0 ? last->len : last->segment;
	if (filling->sockets[filling->n - 1] != s || !same_place(last, d) ||
	    d->len > segment || last->len % segment != 0 ||
	    last->len / segment >= MAX_SEGMENTS ||
	    last->len + d->len > LINK_MAX_PACKET)
		return false;
	last->segment = segment;
	last->len += d->len;
	return true;
}

/* Its data is at the end of what is filled. */
static void
queue(const struct os_dgram *d, struct udp_socket *s)
{
	if (!coalesce(d, s)) {
		filling->dgrams[filling->n] = *d;
		filling->sockets[filling->n++] = s;
	}
	filling->used += d->len;
	filling->queued += d->len;
	filling->packets++;
}

/* Leaf lock held. */
static void
queue_those_through(os_time now)
{
	struct impair_packet *packet;
	uint8_t *end;

	while (has_room(LINK_MAX_PACKET) &&
	       (packet = impaired_take(now)) != NULL) {
		end = filling->bytes + filling->used;
		memcpy(end, packet->dgram.data, packet->dgram.len);
		packet->dgram.data = end;
		queue(&packet->dgram, packet->tag);
		free(packet);
	}
}

void
link_output_due(void)
{
	if (!impaired_any())
		return;
	leaf_lock();
	queue_those_through(os_now());
	leaf_unlock();
}

os_time
link_deadline(void)
{
	os_time deadline;

	if (!impaired_any())
		return OS_NEVER;
	leaf_lock();
	deadline = impaired_deadline();
	leaf_unlock();
	return deadline;
}

static void
enqueue(const struct link_packet *p, struct udp_socket *s, os_time now)
{
	struct os_dgram d = { .data = p->data,
			      .len = p->len,
			      .src = p->src,
			      .dst = p->dst,
			      .tos = p->tos,
			      .ttl = p->ttl,
			      .dontroute = p->dontroute };

	/* The system fills in what the socket is bound to by itself. */
	if (ip_addr_is_any(&p->src) || ip_addr_equal(&p->src, &s->local))
		memset(&d.src, 0, sizeof(d.src));
	if (impaired_put(&p->src, &d, s, now))
		queue_those_through(now);
	else
		queue(&d, s);
}

/* The engine answers an INIT from any address of ours: from the one that it
 * came to it is found on the way that the peer, or its NAT, has open. */
static void
answer_from_where_asked(struct link_packet *p)
{
	if (p->data[SCTP_COMMON_HEADER] == INIT_ACK && link_is_owner() &&
	    link_state.feeding != NULL &&
	    link_state.fed_to.family == p->dst.family)
		p->src = link_state.fed_to;
}

/* Without the lock, in which time the batch is another one: the packet begins
 * once more. False: there was no room for it. */
static bool
look_up_route(struct link_packet *p)
{
	struct link_packet was = *p;
	uint8_t *data = malloc(p->len);

	if (data == NULL)
		return true;
	memcpy(data, p->data, p->len);
	leaf_unlock();
	was.routed = true;
	if (link_state.route(&was.dst, &was.route) != 0 ||
	    ip_addr_is_any(&was.route))
		was.route.family = GEN_SCTP_UNSPEC;
	p = link_output_begin(was.len);
	if (p != NULL) {
		was.data = memcpy(p->data, data, was.len);
		*p = was;
	}
	free(data);
	return p != NULL;
}

/* The guard may have chosen another source. */
static struct udp_socket *
socket_of_source(const struct link_packet *p, struct udp_socket *chosen)
{
	struct udp_socket *s;

	if (chosen == NULL || p->policy != NULL ||
	    ip_addr_equal(&chosen->local, &p->src))
		return chosen;
	s = binding_use(packet_src_port(p), &p->src).socket;
	return s != NULL ? s : chosen;
}

void
link_output_end(struct link_packet *p)
{
	const os_time now = os_now();
	struct udp_socket *s;

	if (p->src.family == 0)
		p->src.family = p->dst.family;
	answer_from_where_asked(p);
	if (guard_wants_route(link_state.guard, p) && !look_up_route(p))
		return;
	s = choose_socket(p);
	if (guard_out(link_state.guard, p, now) != GUARD_PASS) {
		leaf_unlock();
		return;
	}
	s = socket_of_source(p, s);
	if (s == NULL) {
		link_state.counters.output_lost++;
		leaf_unlock();
		return;
	}
	packet_set_checksum(p);
	enqueue(p, s, now);
	leaf_unlock();
	if (!link_is_owner())
		link_state.ops->kick();
}

size_t
link_queued(void)
{
	size_t queued;

	leaf_lock();
	queued = sending->queued + filling->queued;
	leaf_unlock();
	return queued;
}

bool
link_batch_full(void)
{
	bool full;

	leaf_lock();
	full = filling->queued >= FULL_BYTES ||
	       filling->packets >= FULL_PACKETS;
	leaf_unlock();
	return full;
}

bool
output_uses(const struct udp_socket *s)
{
	bool uses;

	leaf_lock();
	uses = batch_uses(sending, s) || batch_uses(filling, s) ||
	       impaired_uses(s);
	leaf_unlock();
	return uses;
}
