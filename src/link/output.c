#include "output.h"

#include <errno.h>
#include <string.h>

#include "binding.h"
#include "capture.h"
#include "ip_addr.h"
#include "leaf.h"
#include "state.h"

/* A batch is full, to be sent, from either of these on. */
#define FULL_BYTES 64000
#define FULL_PACKETS 60
/* What fits in: a few such batches, at least as many of the largest packets. */
#define ROOM_BYTES (8 * 65536)
#define ROOM_DATAGRAMS 256
/* Segments of one datagram at most (Linux: UDP_MAX_SEGMENTS). */
#define MAX_SEGMENTS 64
/* More refusals between two reports are not remembered. */
#define MAX_REFUSALS 8

struct batch {
	size_t used; /* of bytes */
	size_t queued; /* bytes still to be sent */
	size_t packets;
	size_t n;
	struct os_dgram dgrams[ROOM_DATAGRAMS];
	struct udp_socket *sockets[ROOM_DATAGRAMS];
	uint8_t bytes[ROOM_BYTES];
};

static struct batch batches[2];
static struct batch *filling = &batches[0]; /* under the leaf lock */
static struct batch *sending = &batches[1]; /* under the stack lock */
static struct link_packet pending; /* from begin to end, under the leaf lock */

/* What the system found too large, until it can be reported. */
struct refusals {
	size_t n;
	struct gen_sctp_addr dst[MAX_REFUSALS];
	size_t len[MAX_REFUSALS];
};
static struct refusals too_big;

/* --------------------------------------------------------------- sending */

static size_t
packets_in(const struct os_dgram *d)
{
	return d->segment == 0 ? 1 : (d->len + d->segment - 1) / d->segment;
}

static void
capture_sent(const struct os_dgram *d, const struct udp_socket *s)
{
	size_t segment = d->segment == 0 ? d->len : d->segment;
	struct link_packet p = { .src = d->src,
				 .dst = d->dst,
				 .tos = d->tos,
				 .ttl = d->ttl };
	size_t at;

	if (p.src.family == 0)
		p.src = s->local;
	p.src.port = s->local.port;
	for (at = 0; at < d->len; at += segment) {
		p.data = (uint8_t *)d->data + at;
		p.len = d->len - at < segment ? d->len - at : segment;
		capture_packet(&p, CAPTURE_OUT, NULL);
	}
}

static void
note_sent(const struct os_dgram *d, const struct udp_socket *s)
{
	link_state.counters.datagrams_out++;
	link_state.counters.packets_out += packets_in(d);
	link_state.counters.bytes_out += d->len;
	if (capture_running())
		capture_sent(d, s);
}

static void
note_refused(const struct os_dgram *d, int error)
{
	link_state.counters.output_refused += packets_in(d);
	if (error != -EMSGSIZE || too_big.n == MAX_REFUSALS)
		return;
	too_big.dst[too_big.n] = d->dst;
	too_big.len[too_big.n++] = d->segment == 0 ? d->len : d->segment;
}

/* Sends datagrams of one socket. Returns how many are done with: less than n
 * when the system's buffer is full. */
static size_t
send_run(const struct os_dgram *dgrams, size_t n, const struct udp_socket *s)
{
	size_t done = 0;
	int sent, error, i;

	while (done < n) {
		error = 0;
		sent = link_state.send(s->fd, dgrams + done, (int)(n - done),
				       &error);
		for (i = 0; i < sent; i++)
			note_sent(&dgrams[done++], s);
		if (error == -EAGAIN)
			break;
		if (error != 0)
			note_refused(&dgrams[done++], error);
	}
	return done;
}

/* Length of the run of datagrams with one socket. */
static size_t
run_length(const struct batch *b, size_t first)
{
	size_t n = 1;

	while (first + n < b->n && b->sockets[first + n] == b->sockets[first])
		n++;
	return n;
}

/* The first `done` datagrams are done with. */
static void
keep_rest(struct batch *b, size_t done)
{
	size_t i;

	b->n -= done;
	memmove(b->dgrams, b->dgrams + done, b->n * sizeof(b->dgrams[0]));
	memmove(b->sockets, b->sockets + done, b->n * sizeof(b->sockets[0]));
	b->used = b->queued = b->packets = 0;
	for (i = 0; i < b->n; i++) {
		b->queued += b->dgrams[i].len;
		b->packets += packets_in(&b->dgrams[i]);
	}
}

static void
send_batch(struct batch *b)
{
	size_t done = 0, run, sent;

	while (done < b->n) {
		run = run_length(b, done);
		sent = send_run(b->dgrams + done, run, b->sockets[done]);
		done += sent;
		if (sent < run)
			break;
	}
	keep_rest(b, done);
}

static void
flush(void)
{
	struct batch *b;

	send_batch(sending);
	if (sending->n > 0)
		return;
	leaf_lock();
	b = filling;
	filling = sending;
	sending = b;
	leaf_unlock();
	send_batch(sending);
}

/* The engine may output in answer, so that more may be refused. */
static void
report_too_big(void)
{
	struct refusals report = too_big;
	size_t i;

	too_big.n = 0;
	for (i = 0; i < report.n; i++)
		link_state.ops->too_big(&report.dst[i], report.len[i]);
}

void
link_flush(void)
{
	flush();
	report_too_big();
	udp_close_released(output_uses);
}

/* --------------------------------------------------------------- queueing */

static bool
has_room(size_t len)
{
	return filling->n < ROOM_DATAGRAMS && filling->used + len <= ROOM_BYTES;
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

static struct udp_socket *
choose_socket(const struct link_packet *p)
{
	struct udp_socket *s = binding_socket(packet_src_port(p), &p->src);

	/* An answer to nobody: only the thread that feeds has one to give. */
	if (s == NULL && link_is_owner())
		s = link_state.feeding;
	return s != NULL && s->local.family == p->dst.family ? s : NULL;
}

static bool
same_place(const struct os_dgram *a, const struct os_dgram *b)
{
	return a->dst.port == b->dst.port && a->tos == b->tos &&
	       a->ttl == b->ttl && ip_addr_equal(&a->dst, &b->dst) &&
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

static void
enqueue(const struct link_packet *p, struct udp_socket *s)
{
	struct os_dgram d = { .data = p->data,
			      .len = p->len,
			      .src = p->src,
			      .dst = p->dst,
			      .tos = p->tos,
			      .ttl = p->ttl };

	/* The system fills in what the socket is bound to by itself. */
	if (ip_addr_is_any(&p->src) || ip_addr_equal(&p->src, &s->local))
		memset(&d.src, 0, sizeof(d.src));
	if (!coalesce(&d, s)) {
		filling->dgrams[filling->n] = d;
		filling->sockets[filling->n++] = s;
	}
	filling->used += p->len;
	filling->queued += p->len;
	filling->packets++;
}

void
link_output_end(struct link_packet *p)
{
	struct udp_socket *s;

	if (p->src.family == 0)
		p->src.family = p->dst.family;
	if (guard_out(link_state.guard, p, os_now()) != GUARD_PASS) {
		leaf_unlock();
		return;
	}
	s = choose_socket(p);
	if (s == NULL) {
		link_state.counters.output_lost++;
		leaf_unlock();
		return;
	}
	packet_set_checksum(p);
	enqueue(p, s);
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

static bool
batch_uses(const struct batch *b, const struct udp_socket *s)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->sockets[i] == s)
			return true;
	return false;
}

bool
output_uses(const struct udp_socket *s)
{
	bool uses;

	leaf_lock();
	uses = batch_uses(sending, s) || batch_uses(filling, s);
	leaf_unlock();
	return uses;
}
