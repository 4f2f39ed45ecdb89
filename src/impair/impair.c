#include "config.h"

#include "impair.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_QUEUE (256 * 1024) /* bytes */
/* One that is reordered is late by up to that much. */
#define LATEST	   (10 * OS_MS)
#define FIRST_ROOM 64
#define IPV4_AND_UDP (20 + 8) /* headers, bytes */
#define IPV6_AND_UDP (40 + 8)
#define SECOND	   (1000 * OS_MS)

struct impair {
	struct impair_profile p;
	struct impair_counts counts;
	uint64_t random;
	bool losing;	   /* in a burst */
	os_time start;	   /* of the dark times */
	os_time line_free; /* when the rate lets the next one begin */
	os_time latest;	   /* due of all that keep the order */
	uint64_t order;
	/* A heap by due time, then order. */
	struct impair_packet **heap;
	size_t n, room;
};

void
impair_profile_init(struct impair_profile *p)
{
	memset(p, 0, sizeof(*p));
	p->queue = DEFAULT_QUEUE;
	p->seed = 1;
}

struct impair *
impair_new(const struct impair_profile *p, os_time start)
{
	struct impair *im = calloc(1, sizeof(*im));

	if (im == NULL)
		return NULL;
	impair_change(im, p, start);
	return im;
}

void
impair_free(struct impair *im)
{
	if (im == NULL)
		return;
	while (im->n > 0)
		free(im->heap[--im->n]);
	free(im->heap);
	free(im);
}

void
impair_change(struct impair *im, const struct impair_profile *p, os_time start)
{
	im->p = *p;
	im->start = start;
	im->random = p->seed;
	im->losing = false;
}

/* ---------------------------------------------------------------- chance */

/* splitmix64: any seed will do. */
static uint64_t
random_bits(struct impair *im)
{
	uint64_t z = im->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 <= x < 1 */
static double
random_share(struct impair *im)
{
	return (double)(random_bits(im) >> 11) / (double)(UINT64_C(1) << 53);
}

static bool
happens(struct impair *im, double share)
{
	return share > 0 && random_share(im) < share;
}

/* Two states: in one all is lost. It is left after `burst` datagrams on the
 * average, and entered so that `loss` is the share of all. */
static bool
is_lost(struct impair *im)
{
	const struct impair_profile *p = &im->p;

	if (p->burst <= 1 || p->loss >= 1)
		return happens(im, p->loss);
	if (im->losing)
		im->losing = !happens(im, 1 / p->burst);
	else
		im->losing = happens(im, p->loss / (p->burst * (1 - p->loss)));
	return im->losing;
}

static bool
is_dark(const struct impair *im, os_time now)
{
	size_t i;

	for (i = 0; i < im->p.dark_count; i++)
		if (now >= im->start + im->p.dark[i].from &&
		    now < im->start + im->p.dark[i].to)
			return true;
	return false;
}

static bool
is_too_big(const struct impair *im, const struct os_dgram *dgram)
{
	const size_t headers = dgram->dst.family == GEN_SCTP_INET6
				       ? IPV6_AND_UDP : IPV4_AND_UDP;

	return im->p.mtu > 0 && dgram->len + headers > im->p.mtu;
}

/* ------------------------------------------------------------------ heap */

static bool
sooner(const struct impair_packet *a, const struct impair_packet *b)
{
	return a->due < b->due || (a->due == b->due && a->order < b->order);
}

static void
swap(struct impair *im, size_t i, size_t k)
{
	struct impair_packet *packet = im->heap[i];

	im->heap[i] = im->heap[k];
	im->heap[k] = packet;
}

static void
rise(struct impair *im, size_t i)
{
	for (; i > 0 && sooner(im->heap[i], im->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(im, i, (i - 1) / 2);
}

static void
sink(struct impair *im, size_t i)
{
	size_t child;

	while ((child = 2 * i + 1) < im->n) {
		if (child + 1 < im->n &&
		    sooner(im->heap[child + 1], im->heap[child]))
			child++;
		if (!sooner(im->heap[child], im->heap[i]))
			break;
		swap(im, i, child);
		i = child;
	}
}

static bool
grow(struct impair *im)
{
	size_t room = im->room == 0 ? FIRST_ROOM : 2 * im->room;
	struct impair_packet **heap;

	if (im->n < im->room)
		return true;
	heap = realloc(im->heap, room * sizeof(*heap));
	if (heap == NULL)
		return false;
	im->heap = heap;
	im->room = room;
	return true;
}

/* ------------------------------------------------------------ on the line */

/* When it is through the narrowest place; OS_NEVER: the queue is full. */
static os_time
through_rate(struct impair *im, size_t len, os_time now)
{
	const struct impair_profile *p = &im->p;
	os_time begin = im->line_free > now ? im->line_free : now;

	if (p->rate == 0)
		return now;
	if ((double)(begin - now) / (double)SECOND * (double)p->rate / 8 >
	    (double)p->queue)
		return OS_NEVER;
	im->line_free = begin + (os_time)((double)len * 8 / (double)p->rate *
					  (double)SECOND);
	return im->line_free;
}

static os_time
arrival(struct impair *im, os_time begin)
{
	const struct impair_profile *p = &im->p;
	os_time due = begin + p->delay;

	if (p->jitter > 0)
		due += (os_time)(random_share(im) * (double)p->jitter);
	if (due < im->latest)
		due = im->latest;
	if (happens(im, p->reorder)) {
		im->counts.reordered++;
		return due + 1 + (os_time)(random_share(im) * (double)LATEST);
	}
	im->latest = due;
	return due;
}

static void
add(struct impair *im, const struct os_dgram *dgram, void *tag, os_time due)
{
	struct impair_packet *packet;
	uint64_t bit;

	packet = grow(im) ? malloc(sizeof(*packet) + dgram->len) : NULL;
	if (packet == NULL) {
		im->counts.lost++;
		return;
	}
	packet->due = due;
	packet->order = im->order++;
	packet->tag = tag;
	packet->dgram = *dgram;
	packet->dgram.data = packet + 1;
	memcpy(packet->dgram.data, dgram->data, dgram->len);
	if (dgram->len > 0 && happens(im, im->p.corrupt)) {
		bit = random_bits(im) % (dgram->len * 8);
		((uint8_t *)packet->dgram.data)[bit / 8] ^=
			(uint8_t)(1U << bit % 8);
		im->counts.corrupted++;
	}
	im->heap[im->n++] = packet;
	rise(im, im->n - 1);
}

void
impair_put(struct impair *im, const struct os_dgram *dgram, void *tag,
	   os_time now)
{
	os_time begin;

	if (is_dark(im, now)) {
		im->counts.dark++;
		return;
	}
	if (is_too_big(im, dgram)) {
		im->counts.too_big++;
		return;
	}
	if (is_lost(im)) {
		im->counts.lost++;
		return;
	}
	begin = through_rate(im, dgram->len, now);
	if (begin == OS_NEVER) {
		im->counts.overflowed++;
		return;
	}
	add(im, dgram, tag, arrival(im, begin));
	if (happens(im, im->p.duplicate)) {
		im->counts.duplicated++;
		add(im, dgram, tag, arrival(im, begin));
	}
}

struct impair_packet *
impair_take(struct impair *im, os_time now)
{
	struct impair_packet *packet;

	if (im->n == 0 || im->heap[0]->due > now)
		return NULL;
	packet = im->heap[0];
	im->heap[0] = im->heap[--im->n];
	sink(im, 0);
	im->counts.passed++;
	return packet;
}

os_time
impair_deadline(const struct impair *im)
{
	return im->n > 0 ? im->heap[0]->due : OS_NEVER;
}

bool
impair_has(const struct impair *im, const void *tag)
{
	size_t i;

	for (i = 0; i < im->n; i++)
		if (im->heap[i]->tag == tag)
			return true;
	return false;
}

const struct impair_counts *
impair_counts(const struct impair *im)
{
	return &im->counts;
}
