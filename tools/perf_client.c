#include "perf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os_stdio.h"
#include "output.h"
#include "session.h"

#define WINDOW 64 /* associations that are being set up at once */

/* ------------------------------------------------------------------ flows */

static enum status
open_socket(struct perf_worker *w, struct perf_flow *f)
{
	struct perf_run *run = w->run;

	return session_open(&run->own, GEN_SCTP_STREAM,
			    remote_family(&w->remote, run->options), 0,
			    &f->socket);
}

enum status
perf_flow_open(struct perf_worker *w, struct perf_flow *f)
{
	enum status status = open_socket(w, f);
	int result;

	if (status != STATUS_OK)
		return status;
	result = remote_connect_init(&w->remote, f->socket,
				     (int)w->run->options->timeout);
	return result == 0
		       ? STATUS_OK
		       : remote_complain(&w->remote, w->run->options, result);
}

static enum status
join(struct perf_worker *w, struct perf_flow *f,
     const struct gen_sctp_assoc_change *up)
{
	const int64_t streams = w->run->options->outstreams;
	int error = perf_inbox_add(&w->inbox, f->socket);

	f->assoc = up->assoc_id;
	f->streams = streams < up->outbound_streams ? (uint16_t)streams
						    : up->outbound_streams;
	return error == 0 ? STATUS_OK : complain(error, NULL, "start");
}

/* A connection that has begun: comm_up, or what became of it. */
static int
outcome(struct perf_worker *w, struct perf_flow *f, struct gen_sctp_msg *msg)
{
	const struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;
	char none[1];
	int n;

	for (;;) {
		gen_sctp_msg_free(msg);
		n = gen_sctp_recv(f->socket, none, sizeof(none), msg,
				  (int)w->run->options->timeout);
		if (n < 0 && n != GEN_SCTP_EEVENT)
			return n;
		if (msg->kind == GEN_SCTP_MSG_EOF)
			return -ECONNREFUSED;
		if (msg->kind == GEN_SCTP_MSG_EVENT &&
		    msg->event.type == GEN_SCTP_ASSOC_CHANGE)
			return change->state == GEN_SCTP_COMM_UP
				       ? 0
				       : -ECONNREFUSED;
	}
}

enum status
perf_flow_wait(struct perf_worker *w, struct perf_flow *f)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int result = outcome(w, f, &msg);
	enum status status;

	if (result == 0)
		status = join(w, f, &msg.event.u.assoc_change);
	else
		status = remote_complain(&w->remote, w->run->options, result);
	gen_sctp_msg_free(&msg);
	return status;
}

/* The first one of a thread: whether there is a server. */
static enum status
connect_first(struct perf_worker *w, struct perf_flow *f)
{
	const struct options *options = w->run->options;
	struct gen_sctp_assoc_change up;
	enum status status = open_socket(w, f);
	int result;

	if (status != STATUS_OK)
		return status;
	result = remote_connect(&w->remote, f->socket, (int)options->timeout,
				&up);
	return result == 0 ? join(w, f, &up)
			   : remote_complain(&w->remote, options, result);
}

/* ---------------------------------------------------------------- workers */

static void
take_port(struct perf_worker *w, size_t index)
{
	size_t i;

	w->remote = w->run->remote;
	w->remote.port += (int)index;
	w->remote.list.port = (uint16_t)w->remote.port;
	for (i = 0; i < w->remote.list.count; i++)
		w->remote.list.addrs[i].port = w->remote.list.port;
}

static int
prepare(struct perf_worker *w, struct perf_run *run, size_t index,
	struct perf_mode mode)
{
	const struct options *options = run->options;
	size_t size = (size_t)options->length;
	int error;

	w->run = run;
	w->count = (size_t)options->associations;
	take_port(w, index);
	error = perf_inbox_init(&w->inbox, mode,
				size > PERF_REPORT_SIZE ? size
							: PERF_REPORT_SIZE);
	w->flows = calloc(w->count, sizeof(*w->flows));
	w->data = malloc(size);
	if (w->flows == NULL || w->data == NULL)
		return -ENOMEM;
	memset(w->data, 'x', size);
	return error;
}

/* Further sockets share the UDP port of the first. */
static void
share_port(struct perf_run *run, gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	if (!run->options->own_ports && gen_sctp_getopts(s, &opt, 1, NULL) == 0)
		run->own.udp_port = opt.value.udp_encaps.local_port;
}

static enum status
set_up_rest(struct perf_worker *w)
{
	enum status status = STATUS_OK;
	size_t opened = 1, up = 1;

	while (status == STATUS_OK && up < w->count)
		if (opened < w->count && opened - up < WINDOW)
			status = perf_flow_open(w, &w->flows[opened++]);
		else
			status = perf_flow_wait(w, &w->flows[up++]);
	return status;
}

/* A test that renews its associations has another one that stays. */
static enum status
set_up(struct perf_worker *w)
{
	const bool renews = w->run->test->renews;
	struct perf_flow *first = renews ? &w->stays : &w->flows[0];
	enum status status = connect_first(w, first);

	if (status == STATUS_OK)
		share_port(w->run, first->socket);
	if (status == STATUS_OK && !renews)
		status = set_up_rest(w);
	return status;
}

static enum status
set_up_all(struct perf_run *run)
{
	enum status status = STATUS_OK;
	os_time start = os_now();
	size_t i;

	for (i = 0; i < run->count && status == STATUS_OK; i++)
		status = set_up(&run->workers[i]);
	run->setup = os_now() - start;
	return status;
}

/* -------------------------------------------------------------------- run */

void
perf_run_enter(struct perf_run *run)
{
	atomic_fetch_add(&run->running, 1);
}

void
perf_run_leave(struct perf_run *run)
{
	if (atomic_fetch_sub(&run->running, 1) == 1)
		os_event_set(&run->ended);
}

static void
work(void *arg)
{
	struct perf_worker *w = arg;

	w->status = w->run->test->run(w);
	perf_run_leave(w->run);
}

static enum status
start(struct perf_run *run)
{
	int error = 0;
	size_t i;

	run->start = os_now();
	for (i = 0; i < run->count && error == 0; i++) {
		perf_run_enter(run);
		error = os_thread_start("perf", work, &run->workers[i]);
		if (error != 0)
			perf_run_leave(run);
	}
	return error == 0 ? STATUS_OK : complain(error, NULL, "start");
}

static bool
is_going_on(struct perf_run *run)
{
	if (atomic_load(&run->running) > 0)
		return true;
	return run->test->holds && !atomic_load(&run->over);
}

static os_time
earlier(os_time a, os_time b)
{
	return a < b ? a : b;
}

#define SECOND (1000 * OS_MS)

/* Until all threads have ended. */
static void
watch(struct perf_run *run, os_event *interrupt)
{
	gen_sctp_fd_t fds[] = { interrupt->wait_fd, run->ended.wait_fd };
	bool readable[] = { false, false };
	const bool shows = run->options->progress || os_stderr_is_terminal();
	os_time tick = shows ? run->start + SECOND : OS_NEVER;
	os_time until = run->options->time < 0
				? OS_NEVER
				: run->start + run->options->time * OS_MS;

	while (is_going_on(run)) {
		os_poll(fds, readable, run->test->holds ? 1 : 2,
			earlier(tick, until));
		if (readable[0])
			os_event_clear(interrupt);
		if (readable[0] || os_now() >= until) {
			atomic_store(&run->over, true);
			until = OS_NEVER;
		}
		if (os_now() >= tick) {
			perf_report_progress(run, os_now());
			tick += SECOND;
		}
	}
	run->end = os_now();
}

static enum status
run_test(struct perf_run *run, os_event *interrupt)
{
	enum status status = set_up_all(run);
	size_t i;

	if (status == STATUS_OK)
		status = start(run);
	if (status != STATUS_OK)
		atomic_store(&run->over, true);
	watch(run, interrupt);
	for (i = 0; i < run->count && status == STATUS_OK; i++)
		status = run->workers[i].status;
	if (status == STATUS_OK)
		perf_report(run);
	if (run->options->stats)
		output_counters(run->options);
	return status;
}

/* --------------------------------------------------------------- one call */

static int
prepare_all(struct perf_run *run, os_event *interrupt, struct perf_mode mode)
{
	int error = os_net_start();
	size_t i;

	run->workers = calloc(run->count, sizeof(*run->workers));
	if (run->workers == NULL)
		return -ENOMEM;
	for (i = 0; i < run->count && error == 0; i++)
		error = prepare(&run->workers[i], run, i, mode);
	if (error == 0)
		error = os_event_open(&run->ended);
	if (error == 0)
		error = os_event_open(interrupt);
	return error != 0 ? error : os_on_interrupt(interrupt);
}

static void
end_worker(struct perf_worker *w)
{
	size_t i;

	if (w->stays.socket != 0)
		gen_sctp_close(w->stays.socket);
	for (i = 0; w->flows != NULL && i < w->count; i++)
		if (w->flows[i].socket != 0)
			gen_sctp_close(w->flows[i].socket);
	perf_inbox_fini(&w->inbox);
	free(w->flows);
	free(w->data);
}

static void
end(struct perf_run *run)
{
	size_t i;

	for (i = 0; run->workers != NULL && i < run->count; i++)
		end_worker(&run->workers[i]);
	free(run->workers);
}

enum status
perf_run(const struct options *options, const struct remote *remote,
	 const struct perf_test *test, struct perf_mode mode)
{
	static struct perf_run run; /* outlives its threads */
	static os_event interrupt;
	enum status status;
	int error;

	run.options = options;
	run.own = *options;
	if (options->udp_port < 0)
		run.own.udp_port = 0;
	run.test = test;
	run.remote = *remote;
	run.count = (size_t)options->threads;
	error = prepare_all(&run, &interrupt, mode);
	status = error == 0 ? run_test(&run, &interrupt)
			    : complain(error, NULL, "start");
	end(&run);
	return status;
}
