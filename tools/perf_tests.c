#include "perf.h"

#include <errno.h>
#include <string.h>

/* Counters have one writer: no locked addition. */
static void
add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_store_explicit(
		counter,
		atomic_load_explicit(counter, memory_order_relaxed) + n,
		memory_order_relaxed);
}

static bool
is_over(const struct perf_worker *w, uint64_t rounds)
{
	int64_t count = w->run->options->count;

	if (count >= 0 && rounds >= (uint64_t)count)
		return true;
	return atomic_load_explicit(&w->run->over, memory_order_relaxed);
}

/* ------------------------------------------------------------------- send */

static enum status
send_one(struct perf_worker *w, struct perf_flow *f, uint32_t ppid,
	 const void *data, size_t len)
{
	struct gen_sctp_sndrcvinfo info = {
		.stream = f->stream,
		.ppid = ppid,
		.assoc_id = f->assoc,
	};
	int error = perf_inbox_send(&w->inbox, f->socket, &info, data, len);

	f->stream = (uint16_t)(f->stream + 1 < f->streams ? f->stream + 1 : 0);
	return error == 0 ? STATUS_OK
			  : complain(error, NULL, "send of %lu bytes",
				     (unsigned long)len);
}

static enum status
send_message(struct perf_worker *w, struct perf_flow *f, uint32_t ppid)
{
	size_t len = (size_t)w->run->options->length;
	enum status status = send_one(w, f, ppid, w->data, len);

	if (status == STATUS_OK) {
		add(&w->messages, 1);
		add(&w->bytes, len);
	}
	return status;
}

/* On every stream: what is before it there has arrived when it is answered. */
static enum status
ask(struct perf_worker *w, struct perf_flow *f)
{
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < f->streams && status == STATUS_OK; i++)
		status = send_one(w, f, PERF_ASK, "", 1);
	return status;
}

/* Does something with each association in turn, until the test is over, and
 * asks what has arrived. */
static enum status
repeat(struct perf_worker *w, uint32_t ppid,
       enum status (*act)(struct perf_worker *w, struct perf_flow *f,
			  uint32_t ppid))
{
	enum status status = STATUS_OK;
	uint64_t rounds = 0;
	size_t i;

	for (; status == STATUS_OK && !is_over(w, rounds); rounds++)
		for (i = 0; i < w->count && status == STATUS_OK; i++)
			status = act(w, &w->flows[i], ppid);
	for (i = 0; i < w->count && status == STATUS_OK; i++)
		status = ask(w, &w->flows[i]);
	return status;
}

/* ---------------------------------------------------------------- receive */

static bool
is_over_event(const struct gen_sctp_msg *msg)
{
	const struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;

	if (msg->kind == GEN_SCTP_MSG_EOF)
		return true;
	return msg->kind == GEN_SCTP_MSG_EVENT &&
	       msg->event.type == GEN_SCTP_ASSOC_CHANGE &&
	       change->state != GEN_SCTP_COMM_UP;
}

/* The next message of a flow: its bytes in *len. */
static enum status
receive(struct perf_worker *w, const struct perf_flow *f, size_t *len)
{
	int n;

	do {
		n = perf_inbox_next(&w->inbox, f->socket);
		if (n < 0)
			return complain(n, NULL, "receive");
		if (is_over_event(&w->inbox.msg))
			return complain(-ECONNRESET, NULL, "receive");
	} while (w->inbox.msg.kind != GEN_SCTP_MSG_DATA);
	*len = (size_t)n;
	return STATUS_OK;
}

static uint64_t
get64(const uint8_t *from)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | from[i];
	return value;
}

/* Until it is answered on every stream; the last answer has everything. */
static enum status
receive_reports(struct perf_worker *w, const struct perf_flow *f)
{
	uint64_t messages = 0, bytes = 0;
	enum status status = STATUS_OK;
	unsigned int left = f->streams;
	size_t len;

	while (left > 0) {
		status = receive(w, f, &len);
		if (status != STATUS_OK)
			return status;
		if (w->inbox.msg.info.ppid != PERF_ASK ||
		    len != PERF_REPORT_SIZE)
			continue;
		messages = get64(w->inbox.msg.data);
		bytes = get64(w->inbox.msg.data + 8);
		left--;
	}
	w->arrived_messages += messages;
	w->arrived_bytes += bytes;
	return STATUS_OK;
}

static enum status
receive_all(struct perf_worker *w)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; i < w->count && status == STATUS_OK; i++)
		status = receive_reports(w, &w->flows[i]);
	return status;
}

/* ------------------------------------------------------------------ tests */

static enum status
throughput(struct perf_worker *w)
{
	enum status status = repeat(w, PERF_DATA, send_message);

	return status == STATUS_OK ? receive_all(w) : status;
}

static void
send_echoes(void *arg)
{
	struct perf_worker *w = arg;

	repeat(w, PERF_ECHO, send_message);
	perf_run_leave(w->run);
}

/* Sends in a thread of its own, receives in this one. */
static enum status
echo(struct perf_worker *w)
{
	int error;

	perf_run_enter(w->run);
	error = os_thread_start("perf send", send_echoes, w);
	if (error == 0)
		return receive_all(w);
	perf_run_leave(w->run);
	return complain(error, NULL, "start");
}

static enum status
round_trip(struct perf_worker *w, struct perf_flow *f, uint32_t ppid)
{
	os_time start = os_now();
	size_t len, back = 0, wanted = (size_t)w->run->options->length;
	enum status status = send_message(w, f, ppid);

	while (status == STATUS_OK && back < wanted) {
		status = receive(w, f, &len);
		back += len;
	}
	if (status == STATUS_OK)
		perf_latency_note(&w->latency, os_now() - start);
	return status;
}

static enum status
pingpong(struct perf_worker *w)
{
	enum status status = repeat(w, PERF_ECHO, round_trip);

	return status == STATUS_OK ? receive_all(w) : status;
}

/* Gracefully; waits until the association is over. */
static enum status
end_flow(struct perf_worker *w, struct perf_flow *f)
{
	int n = gen_sctp_eof(f->socket, f->assoc);

	do
		n = n < 0 ? n : perf_inbox_next(&w->inbox, f->socket);
	while (n >= 0 && !is_over_event(&w->inbox.msg));
	gen_sctp_close(f->socket);
	f->socket = 0;
	return n < 0 ? complain(n, NULL, "end of an association") : STATUS_OK;
}

/* All at once, up and down. */
static enum status
set_up_and_end(struct perf_worker *w)
{
	os_time start = os_now();
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; i < w->count && status == STATUS_OK; i++)
		status = perf_flow_open(w, &w->flows[i]);
	for (i = 0; i < w->count && status == STATUS_OK; i++)
		status = perf_flow_wait(w, &w->flows[i]);
	for (i = 0; i < w->count && status == STATUS_OK; i++)
		status = end_flow(w, &w->flows[i]);
	if (status == STATUS_OK)
		perf_latency_note(&w->latency, os_now() - start);
	return status;
}

static enum status
associations(struct perf_worker *w)
{
	enum status status = STATUS_OK;
	uint64_t rounds = 0;

	for (; status == STATUS_OK && !is_over(w, rounds); rounds++) {
		status = set_up_and_end(w);
		if (status == STATUS_OK)
			add(&w->associations, w->count);
	}
	return status;
}

static enum status
idle(struct perf_worker *w)
{
	(void)w;
	return STATUS_OK;
}

static const struct perf_test tests[] = {
	{ .name = "throughput", .run = throughput },
	{ .name = "pingpong", .run = pingpong },
	{ .name = "echo", .run = echo, .echoes = true },
	{ .name = "associations", .run = associations, .renews = true },
	{ .name = "idle", .run = idle, .holds = true },
};

const struct perf_test *
perf_test_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (strcmp(tests[i].name, name) == 0)
			return &tests[i];
	return NULL;
}
