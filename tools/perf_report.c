#include <stdlib.h>

#include "perf.h"
#include "record.h"

struct sums {
	uint64_t messages, bytes, associations;
};

static uint64_t
per_second(uint64_t n, os_time time)
{
	return time > 0 ? (uint64_t)((double)n * 1e9 / (double)time) : 0;
}

static struct sums
sum(const struct perf_run *run)
{
	struct sums sums = { 0 };
	const struct perf_worker *w;

	for (w = run->workers; w < run->workers + run->count; w++) {
		sums.messages += atomic_load(&w->messages);
		sums.bytes += atomic_load(&w->bytes);
		sums.associations += atomic_load(&w->associations);
	}
	return sums;
}

static void
amounts(struct record *r, const struct perf_run *run, const struct sums *sums,
	os_time time)
{
	record_number(r, "time_ms", (uint64_t)(time / OS_MS));
	if (run->test->renews) {
		record_number(r, "ended", sums->associations);
		record_number(r, "per_second",
			      per_second(sums->associations, time));
	} else if (!run->test->holds) {
		record_number(r, "messages", sums->messages);
		record_number(r, "bytes", sums->bytes);
		record_number(r, "messages_per_second",
			      per_second(sums->messages, time));
		record_number(r, "bytes_per_second",
			      per_second(sums->bytes, time));
	}
}

void
perf_report_progress(const struct perf_run *run, os_time now)
{
	struct sums sums = sum(run);
	struct record r;

	record_begin(&r, stderr, RECORD_LINE, "progress");
	amounts(&r, run, &sums, now - run->start);
	record_end(&r);
}

static void
latency(struct record *r, const struct perf_latency *l)
{
	record_number(r, "min_ns", (uint64_t)l->min);
	record_number(r, "p50_ns", (uint64_t)perf_latency_permille(l, 500));
	record_number(r, "p90_ns", (uint64_t)perf_latency_permille(l, 900));
	record_number(r, "p99_ns", (uint64_t)perf_latency_permille(l, 990));
	record_number(r, "p999_ns", (uint64_t)perf_latency_permille(l, 999));
	record_number(r, "max_ns", (uint64_t)l->max);
}

static void
latencies(struct record *r, const struct perf_run *run)
{
	struct perf_latency *all = calloc(1, sizeof(*all));
	size_t i;

	for (i = 0; all != NULL && i < run->count; i++)
		perf_latency_add(all, &run->workers[i].latency);
	if (all != NULL && all->count > 0)
		latency(r, all);
	free(all);
}

/* As the server says. */
static void
arrived(struct record *r, const struct perf_run *run)
{
	uint64_t messages = 0, bytes = 0;
	size_t i;

	for (i = 0; i < run->count; i++) {
		messages += run->workers[i].arrived_messages;
		bytes += run->workers[i].arrived_bytes;
	}
	record_number(r, "arrived_messages", messages);
	record_number(r, "arrived_bytes", bytes);
}

void
perf_report(const struct perf_run *run)
{
	const struct options *o = run->options;
	struct sums sums = sum(run);
	struct record r;

	record_begin(&r, stdout, o->json ? RECORD_JSON : RECORD_PAGE, "perf");
	record_text(&r, "test", run->test->name);
	record_text(&r, "mode", o->mode);
	record_number(&r, "threads", (uint64_t)o->threads);
	record_number(&r, "associations",
		      (uint64_t)(o->threads * o->associations));
	record_number(&r, "streams", (uint64_t)o->outstreams);
	record_number(&r, "size", (uint64_t)o->length);
	record_number(&r, "setup_ms", (uint64_t)(run->setup / OS_MS));
	amounts(&r, run, &sums, run->end - run->start);
	if (!run->test->renews && !run->test->holds)
		arrived(&r, run);
	latencies(&r, run);
	record_end(&r);
}
