#include "scenario_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "record.h"

static long long
ms_between(os_time from, os_time to)
{
	return (long long)((to - from) / OS_MS);
}

static const char *
name_of(const struct report *r, size_t node)
{
	return r->sc->nodes[node].name;
}

static void
object(struct record *record, const char *type)
{
	record_begin(record, stdout, RECORD_JSON, type);
}

/* ------------------------------------------------------- while it goes on */

void
report_begin(struct report *r, const struct scenario *sc, bool json,
	     os_time start)
{
	r->sc = sc;
	r->json = json;
	r->start = start;
	if (json)
		return;
	if (sc->title[0] != '\0')
		printf("%s\n\n", sc->title);
	printf("%8s  %-10s what\n", "ms", "who");
}

/* The beginning of a line or an object, to which fields may be added. */
static void
row(const struct report *r, struct record *record, const char *type,
    const char *who, const char *what, const char *with, os_time now)
{
	if (!r->json) {
		printf("%8lld  %-10s %s%s%s", ms_between(r->start, now), who,
		       what, with != NULL ? " " : "", with != NULL ? with : "");
		*record =
			(struct record){ .out = stdout, .style = RECORD_LINE };
		return;
	}
	object(record, type);
	record_number(record, "at_ms", (uint64_t)ms_between(r->start, now));
	record_text(record, "who", who);
	record_text(record, "what", what);
	if (with != NULL)
		record_text(record, "with", with);
}

static void
row_end(struct record *record)
{
	record_end(record);
	fflush(stdout);
}

static void
details(struct record *record, const struct scenario_step *step)
{
	switch (step->action) {
	case SCENARIO_SEND:
		record_number(record, "messages", (uint64_t)step->count);
		record_number(record, "bytes", (uint64_t)step->size);
		break;
	case SCENARIO_REBIND:
		record_text(record, "to", step->address ? "address" : "port");
		break;
	case SCENARIO_LINK:
		record_text(record, "profile", step->profile);
		break;
	case SCENARIO_DARK:
		record_number(record, "time_ms", (uint64_t)step->time);
		break;
	default:
		break;
	}
}

void
report_step(const struct report *r, const struct scenario_step *step,
	    int result, os_time now)
{
	const struct scenario_node *with = step->nodes[1];
	struct record record;

	row(r, &record, "action", step->nodes[0]->name,
	    scenario_action_name(step->action),
	    with != NULL ? with->name : NULL, now);
	details(&record, step);
	if (result < 0)
		record_text(&record, "error", gen_sctp_strerror(result));
	row_end(&record);
}

void
report_event(const struct report *r, size_t node, size_t peer,
	     const char *event, os_time now)
{
	struct record record;

	row(r, &record, "event", name_of(r, node), event,
	    peer != SIZE_MAX ? name_of(r, peer) : NULL, now);
	row_end(&record);
}

void
report_arrived(const struct report *r, const struct flow *f, os_time now)
{
	struct record record;

	row(r, &record, "arrived", name_of(r, f->to), "has all from",
	    name_of(r, f->from), now);
	row_end(&record);
}

/* ------------------------------------------------------------- at the end */

void
report_nat(const struct report *r, size_t node, const struct nat_counts *counts)
{
	struct record record = { .out = stdout, .style = RECORD_LINE };

	if (r->json) {
		object(&record, "nat");
		record_text(&record, "name", name_of(r, node));
	} else {
		printf("%s:", name_of(r, node));
	}
#define X(name) record_number(&record, #name, counts->name);
	NAT_COUNTS(X)
#undef X
	record_end(&record);
}

static void
flow_object(const struct report *r, const struct flow *f)
{
	struct record record;

	object(&record, "flow");
	record_text(&record, "from", name_of(r, f->from));
	record_text(&record, "to", name_of(r, f->to));
	record_number(&record, "messages", f->wanted);
	record_number(&record, "sent", f->sent);
	record_number(&record, "arrived", f->arrived);
	record_number(&record, "wrong", f->wrong);
	record_number(&record, "failed", f->failed);
	record_number(&record, "time_ms",
		      (uint64_t)ms_between(f->first, f->latest));
	record_number(&record, "pause_ms", (uint64_t)(f->pause / OS_MS));
	record_end(&record);
}

void
report_flow(const struct report *r, const struct flow *f)
{
	if (r->json) {
		flow_object(r, f);
		return;
	}
	printf("%s to %s: %" PRIu64 " of %" PRIu64 " messages arrived",
	       name_of(r, f->from), name_of(r, f->to), f->arrived, f->wanted);
	if (f->wrong > 0)
		printf(", %" PRIu64 " wrong", f->wrong);
	if (f->failed > 0)
		printf(", %" PRIu64 " came back", f->failed);
	if (f->arrived > 1)
		printf(", in %lld ms, the longest pause %lld ms",
		       ms_between(f->first, f->latest),
		       (long long)(f->pause / OS_MS));
	putchar('\n');
}

static void
outcome_text(const struct scenario_outcome *outcome, char *text, size_t size)
{
	if (outcome->event == NULL)
		snprintf(text, size, "all from %s to %s",
			 outcome->nodes[0]->name, outcome->nodes[1]->name);
	else
		snprintf(text, size, "%s at %s", outcome->event,
			 outcome->nodes[0]->name);
}

void
report_expect(const struct report *r, const struct scenario_expect *expect,
	      const struct scenario_outcome *met)
{
	struct record record;
	char text[160] = "";

	if (met != NULL)
		outcome_text(met, text, sizeof(text));
	if (!r->json) {
		printf("line %d, expect: %s\n", expect->line,
		       met != NULL ? text : "NOT MET");
		return;
	}
	object(&record, "expect");
	record_number(&record, "line", (uint64_t)expect->line);
	record_flag(&record, "met", met != NULL);
	if (met != NULL)
		record_text(&record, "outcome", text);
	record_end(&record);
}

void
report_end(const struct report *r, bool ok, os_time now)
{
	struct record record;

	if (!r->json) {
		printf("%s after %lld ms\n", ok ? "as expected" : "FAILED",
		       ms_between(r->start, now));
		return;
	}
	object(&record, "scenario");
	record_text(&record, "title", r->sc->title);
	record_flag(&record, "ok", ok);
	record_number(&record, "time_ms", (uint64_t)ms_between(r->start, now));
	record_end(&record);
}
