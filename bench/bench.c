#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SKIPPED 77

static bool
take_number(struct bench *b, const char *word, const char *value)
{
	const struct {
		const char *word;
		long *number;
	} numbers[] = {
		{ "port", &b->port },
		{ "udp", &b->udp },
		{ "remote", &b->remote },
		{ "size", &b->size },
		{ "time", &b->time },
		{ "associations", &b->associations },
		{ "threads", &b->threads },
		{ "mtu", &b->mtu },
	};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].word, word) == 0) {
			*numbers[i].number = atol(value);
			return true;
		}
	return false;
}

static bool
take(struct bench *b, char *word)
{
	char *value = strchr(word, '=');

	if (strcmp(word, "listen") == 0) {
		b->listen = true;
		return true;
	}
	if (value == NULL)
		return false;
	*value++ = '\0';
	if (strcmp(word, "protocol") == 0)
		b->protocol = value;
	else if (strcmp(word, "test") == 0)
		b->test = value;
	else
		return take_number(b, word, value);
	return true;
}

void
bench_parse(struct bench *b, int argc, char **argv)
{
	int i;

	*b = (struct bench){ .protocol = "",
			     .test = "throughput",
			     .size = 1024,
			     .time = 1000,
			     .associations = 1,
			     .threads = 1 };
	for (i = 1; i < argc; i++)
		if (!take(b, argv[i])) {
			fprintf(stderr, "%s: what is %s?\n", argv[0], argv[i]);
			exit(2);
		}
}

void
bench_check(bool worked, const char *what)
{
	if (worked)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

void
bench_skip(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(SKIPPED);
}

int64_t
bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void
bench_ready(void)
{
	puts("ready");
	fflush(stdout);
}

/* ----------------------------------------------------------------- result */

static double
per_second(uint64_t n, int64_t time)
{
	return time > 0 ? (double)n * 1e9 / (double)time : 0;
}

static void
show_latency(const struct perf_latency *l)
{
	const struct {
		const char *name;
		unsigned int permille;
	} marks[] = { { "p50_ns", 500 },
		      { "p90_ns", 900 },
		      { "p99_ns", 990 },
		      { "p999_ns", 999 } };
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		printf(",\"%s\":%" PRId64, marks[i].name,
		       perf_latency_permille(l, marks[i].permille));
}

void
bench_show(const struct bench_result *r)
{
	printf("{\"type\":\"perf\",\"setup_ms\":%" PRId64
	       ",\"time_ms\":%" PRId64,
	       r->setup / 1000000, r->time / 1000000);
	printf(",\"messages\":%" PRIu64 ",\"bytes\":%" PRIu64, r->messages,
	       r->bytes);
	printf(",\"messages_per_second\":%.0f,\"bytes_per_second\":%.0f",
	       per_second(r->messages, r->time), per_second(r->bytes, r->time));
	printf(",\"ended\":%" PRIu64 ",\"per_second\":%.0f", r->associations,
	       per_second(r->associations, r->time));
	if (r->latency != NULL && r->latency->count > 0)
		show_latency(r->latency);
	puts("}");
}

void
bench_threads(long n, void *(*f)(void *))
{
	pthread_t *threads = calloc((size_t)n, sizeof(*threads));
	long i;

	bench_check(threads != NULL, "threads");
	for (i = 0; i < n; i++)
		bench_check(pthread_create(&threads[i], NULL, f,
					   (void *)(intptr_t)i) == 0,
			    "pthread_create");
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
