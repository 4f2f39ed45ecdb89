/*
 * What a server has received of each association.
 */
#ifndef GENSCTP_TOOLS_PERF_COUNTS_H
#define GENSCTP_TOOLS_PERF_COUNTS_H

#include <gensctp.h>
#include <stdint.h>

struct perf_count {
	gen_sctp_assoc_id_t assoc;
	uint64_t messages, bytes;
	uint16_t streams; /* to it */
	struct perf_count *next;
};

#define PERF_COUNTS_BUCKETS 4096

/* All zero: none. */
struct perf_counts {
	struct perf_count *buckets[PERF_COUNTS_BUCKETS];
	struct perf_count *latest; /* most often it is asked for again */
};

/* That of the association, from 0 on if it is new; NULL: no memory. */
struct perf_count *
perf_counts_of(struct perf_counts *counts, gen_sctp_assoc_id_t assoc);
/* It is over. */
void perf_counts_remove(struct perf_counts *counts, gen_sctp_assoc_id_t assoc);
void perf_counts_free(struct perf_counts *counts);

#endif
