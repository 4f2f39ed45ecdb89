#include "batch.h"

#include <errno.h>
#include <string.h>

#include "capture.h"
#include "ip_addr.h"
#include "state.h"
#include "udp.h"

/* Packets too large for the system, until they are reported; more than these
 * are not remembered. */
#define MAX_REFUSALS 8
static struct refusals {
	size_t n;
	struct gen_sctp_addr dst[MAX_REFUSALS];
	size_t len[MAX_REFUSALS];
} too_big;

static size_t
packets_in(const struct os_dgram *d)
{
	return d->segment == 0 ? 1 : (d->len + d->segment - 1) / d->segment;
}

static void
capture_sent(const struct os_dgram *d, const struct udp_socket *s)
{
	size_t segment = d->segment == 0 ? d->len : d->segment;
	struct link_packet p = {
		.src = d->src, .dst = d->dst, .tos = d->tos, .ttl = d->ttl
	};
	size_t at;

	if (p.src.family == 0)
		p.src = s->local;
	p.src.port = s->local.port;
	for (at = 0; at < d->len; at += segment) {
		p.data = (uint8_t *)d->data + at;
		p.len = d->len - at < segment ? d->len - at : segment;
		capture_packet(&p, PCAPNG_OUT, NULL);
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

/* The system may want a socket that is bound to the source. 0 or what
 * udp_source failed with. */
static int
settle_source(struct batch *b, size_t i)
{
	struct gen_sctp_addr source = b->dgrams[i].src;
	struct udp_socket *s = b->sockets[i];
	int result;

	if (os_udp_features()->source || source.family == 0 ||
	    !ip_addr_is_any(&s->local))
		return 0;
	if (ip_addr_is_link_local(&source) && source.scope_id == 0)
		source.scope_id = b->dgrams[i].dst.scope_id;
	result = udp_source(s, &source, &b->sockets[i]);
	/* Whoever polls has to look at a new one, too. */
	if (result > 0)
		link_state.ops->kick();
	return result < 0 ? result : 0;
}

/* Length of the run of datagrams with one socket. */
static size_t
run_length(struct batch *b, size_t first)
{
	size_t n = 1;

	while (first + n < b->n && settle_source(b, first + n) == 0 &&
	       b->sockets[first + n] == b->sockets[first])
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

void
batch_send(struct batch *b)
{
	size_t done = 0, run, sent;
	int error;

	while (done < b->n) {
		error = settle_source(b, done);
		if (error != 0) {
			note_refused(&b->dgrams[done++], error);
			continue;
		}
		run = run_length(b, done);
		sent = send_run(b->dgrams + done, run, b->sockets[done]);
		done += sent;
		if (sent < run)
			break;
	}
	keep_rest(b, done);
}

/* More may be refused on the way. */
void
batch_report_too_big(void)
{
	struct refusals report = too_big;
	size_t i;

	too_big.n = 0;
	for (i = 0; i < report.n; i++)
		link_state.ops->too_big(&report.dst[i], report.len[i]);
}

bool
batch_uses(const struct batch *b, const struct udp_socket *s)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->sockets[i] == s)
			return true;
	return false;
}
