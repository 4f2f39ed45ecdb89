/*
 * Input: datagrams from all sockets, taken apart (GRO), checked, and fed to the
 * engine one packet after the other.
 */
#include <stdio.h>
#include <string.h>

#include "binding.h"
#include "capture.h"
#include "leaf.h"
#include "output.h"
#include "state.h"
#include "udp.h"

#define CHUNK_HEADER 4
enum { INIT = 1, INIT_ACK = 2, COOKIE_ECHO = 10 };

/* Datagrams per system call. With GRO each may be 64 kB, and all together
 * should stay in the processor's cache until they are read. */
#define BATCH 16
#define ROOM 65536

static uint8_t rooms[BATCH][ROOM];
static struct os_dgram dgrams[BATCH];

/* A packet as it came, when the guard may change it before it is captured. */
static uint8_t original[ROOM];

struct verdict {
	enum guard_verdict guard;
	bool restart;
	struct guard_assoc old;
};

static void
note(enum guard_verdict reason)
{
	leaf_lock();
	guard_note(link_state.guard, reason);
	leaf_unlock();
}

/* Only handshakes are worth the search. Leaf lock held. */
static void
prepare_handshake(struct link_packet *p)
{
	uint8_t type = p->data[SCTP_COMMON_HEADER];
	struct binding_use use;

	if (type != INIT && type != INIT_ACK && type != COOKIE_ECHO)
		return;
	use = binding_use(packet_dst_port(p), &p->dst);
	p->policy = use.policy;
	if (use.hide_ipv4)
		guard_hide_ipv4(p);
}

static struct verdict
judge(struct link_packet *p, os_time now)
{
	struct verdict v = { .guard = GUARD_PASS };

	if (p->len < SCTP_COMMON_HEADER + CHUNK_HEADER) {
		v.guard = GUARD_SHORT;
		note(v.guard);
	} else if (!packet_checksum_ok(p)) {
		v.guard = GUARD_CHECKSUM;
		note(v.guard);
	} else {
		leaf_lock();
		prepare_handshake(p);
		v.guard = guard_in(link_state.guard, p, now, &v.restart,
				   &v.old);
		leaf_unlock();
	}
	return v;
}

static struct verdict
judge_and_capture(struct link_packet *p, os_time now)
{
	struct link_packet copy = *p;
	struct verdict v;
	char comment[64];

	copy.data = memcpy(original, p->data, p->len);
	v = judge(p, now);
	snprintf(comment, sizeof(comment), "dropped: %s",
		 guard_verdict_name(v.guard));
	capture_packet(&copy, PCAPNG_IN,
		       v.guard == GUARD_PASS ? NULL : comment);
	return v;
}

static bool
end_restarted(const struct guard_assoc *old)
{
	bool ended = link_state.ops->restart(old);

	leaf_lock();
	if (ended)
		guard_restart_done(link_state.guard, old);
	else
		guard_restart_failed(link_state.guard, old);
	leaf_unlock();
	return ended;
}

/* Whether the packet came to the engine. */
static bool
feed(struct link_packet *p, struct udp_socket *s, os_time now)
{
	struct verdict v;

	link_state.counters.packets_in++;
	v = capture_running() ? judge_and_capture(p, now) : judge(p, now);
	if (v.guard != GUARD_PASS)
		return false;
	link_state.feeding = s;
	link_state.fed_to = p->dst;
	if (!v.restart || end_restarted(&v.old))
		link_state.ops->input(p);
	link_state.feeding = NULL;
	return true;
}

/* What has become of the budget, and what it bought. */
struct progress {
	int budget; /* packets still to be looked at */
	int fed;
};

static void
feed_datagram(const struct os_dgram *d, struct udp_socket *s, os_time now,
	      struct progress *progress)
{
	size_t segment = d->segment == 0 ? d->len : d->segment;
	struct link_packet p;
	size_t at = 0;

	link_state.counters.datagrams_in++;
	link_state.counters.bytes_in += d->len;
	if (d->truncated) {
		link_state.counters.truncated_in++;
		progress->budget--;
		return;
	}
	do {
		/* The guard may have changed any part of the last one. */
		p = (struct link_packet){ .data = (uint8_t *)d->data + at,
					  .len = d->len - at,
					  .src = d->src,
					  .dst = d->dst,
					  .tos = d->tos,
					  .ttl = d->ttl };
		if (p.len > segment)
			p.len = segment;
		p.dst.port = s->local.port;
		progress->fed += feed(&p, s, now);
		progress->budget--;
		at += segment;
	} while (at < d->len);
}

/* One batch from a socket. False: there is no more for now. */
static bool
receive_batch(struct udp_socket *s, struct progress *progress)
{
	int max = progress->budget < BATCH ? progress->budget : BATCH;
	os_time now;
	int n, i;

	for (i = 0; i < max; i++) {
		dgrams[i].data = rooms[i];
		dgrams[i].size = ROOM;
	}
	n = os_udp_recv(s->fd, dgrams, max);
	now = os_now();
	for (i = 0; i < n; i++)
		feed_datagram(&dgrams[i], s, now, progress);
	return n == max;
}

/* Every socket that has something gets a turn. False: none has any more. */
static bool
receive_round(size_t n, struct progress *progress)
{
	bool more = false;
	size_t i;

	for (i = 0; i < n && progress->budget > 0; i++) {
		struct udp_socket *s = udp_ready(i);

		/* The engine may have closed it meanwhile. */
		if (s->refs > 0 && receive_batch(s, progress))
			more = true;
	}
	return more || i < n;
}

int
link_receive(int budget, bool *more)
{
	struct progress progress = { .budget = budget };
	uint64_t token = udp_poll_begin();
	size_t n = udp_find_ready();
	bool left = n > 0;

	while (left && progress.budget > 0)
		left = receive_round(n, &progress);
	udp_poll_end(token);
	udp_close_released(output_uses);
	if (more != NULL)
		*more = left;
	return progress.fed;
}
