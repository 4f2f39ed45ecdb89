/*
 * A line that is worse than the one there is: datagrams are lost, delayed,
 * repeated, reordered, damaged, held up by a rate, swallowed for a while or when
 * they are large. It knows no clock and no chance but what it is given: with the
 * same seed and the same times the same happens.
 *
 * No locks: whoever has one sees to it that one thread uses it at a time.
 */
#ifndef GENSCTP_IMPAIR_IMPAIR_H
#define GENSCTP_IMPAIR_IMPAIR_H

#include "os.h"

#define IMPAIR_MAX_DARK 8

struct impair_profile {
	double loss;  /* share of datagrams, 0..1 */
	double burst; /* mean length of a loss, in datagrams; up to 1: each is
		       * lost or not whatever became of the last one */
	double corrupt, duplicate, reorder; /* shares, 0..1 */
	os_time delay;
	os_time jitter; /* up to so much more, evenly spread; the order stays */
	uint64_t rate;	/* bits a second of UDP payload; 0: no limit */
	uint64_t queue; /* bytes that wait for the rate; more is lost */
	uint64_t mtu;	/* bytes of an IP packet; larger ones are swallowed,
			 * and nobody is told; 0: no limit */
	uint64_t seed;
	/* When nothing passes, from the start on. */
	struct {
		os_time from, to;
	} dark[IMPAIR_MAX_DARK];
	size_t dark_count;
};

/* Nothing happens to what passes. */
void impair_profile_init(struct impair_profile *p);

/* Reads "loss=5%,burst=3,delay=20ms,jitter=5ms,reorder=1%,duplicate=0.1%,
 * corrupt=0.1%,rate=10M,queue=64k,mtu=1400,dark=2s-7s,seed=3": any of them, in
 * any order, over what *p has; dark adds. Shares are percent or fractions, times
 * need a unit (us, ms, s, m), rates and sizes take k, M, G (of 1000 and of
 * 1024). -EINVAL: *bad is where what is wrong begins. */
int impair_parse(const char *text, struct impair_profile *p, const char **bad);

#define IMPAIR_COUNTS(X) \
	X(passed) \
	X(lost) X(dark) X(too_big) /* for the mtu */ \
		X(overflowed) /* the rate's queue was full */ \
		X(corrupted) X(duplicated) X(reordered)
struct impair_counts {
#define X(name) uint64_t name;
	IMPAIR_COUNTS(X)
#undef X
};

struct impair;

/* A datagram under way; free() it. */
struct impair_packet {
	os_time due;
	uint64_t order;
	void *tag;	       /* as given */
	struct os_dgram dgram; /* its data follows */
};

/* `start` is when the profile's dark times begin to count. NULL: no memory. */
struct impair *impair_new(const struct impair_profile *p, os_time start);
void impair_free(struct impair *im);

/* Another profile from now on; what is under way stays as it is. */
void
impair_change(struct impair *im, const struct impair_profile *p, os_time start);

/* One datagram enters (of several segments: the caller takes them apart). It is
 * copied; for want of memory it is lost. */
void impair_put(struct impair *im, const struct os_dgram *dgram, void *tag,
		os_time now);

/* The next one that is through, or NULL; and when there will be one. */
struct impair_packet *impair_take(struct impair *im, os_time now);
os_time impair_deadline(const struct impair *im);

/* One with this tag is under way. */
bool impair_has(const struct impair *im, const void *tag);

const struct impair_counts *impair_counts(const struct impair *im);

#endif
