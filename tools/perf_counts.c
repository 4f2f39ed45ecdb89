#include "perf_counts.h"

#include <stdlib.h>

/* What points to it, or to the NULL behind the last of its bucket. */
static struct perf_count **
place_of(struct perf_counts *counts, gen_sctp_assoc_id_t assoc)
{
	struct perf_count **at = &counts->buckets[assoc % PERF_COUNTS_BUCKETS];

	while (*at != NULL && (*at)->assoc != assoc)
		at = &(*at)->next;
	return at;
}

struct perf_count *
perf_counts_of(struct perf_counts *counts, gen_sctp_assoc_id_t assoc)
{
	struct perf_count **at;

	if (counts->latest != NULL && counts->latest->assoc == assoc)
		return counts->latest;
	at = place_of(counts, assoc);
	if (*at == NULL) {
		*at = calloc(1, sizeof(**at));
		if (*at == NULL)
			return NULL;
		(*at)->assoc = assoc;
	}
	return counts->latest = *at;
}

void
perf_counts_remove(struct perf_counts *counts, gen_sctp_assoc_id_t assoc)
{
	struct perf_count **at = place_of(counts, assoc), *count = *at;

	if (count == NULL)
		return;
	if (counts->latest == count)
		counts->latest = NULL;
	*at = count->next;
	free(count);
}

void
perf_counts_free(struct perf_counts *counts)
{
	struct perf_count *count;
	size_t i;

	counts->latest = NULL;
	for (i = 0; i < PERF_COUNTS_BUCKETS; i++)
		while ((count = counts->buckets[i]) != NULL) {
			counts->buckets[i] = count->next;
			free(count);
		}
}
