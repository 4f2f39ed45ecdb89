#include "scenario_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "scenario_end.h"
#include "scenario_flow.h"
#include "scenario_net.h"
#include "scenario_report.h"

#define MAX_FDS	  256
#define MAX_FLOWS (SCENARIO_MAX_STEPS)
#define MAX_BYTES 65536	      /* of a message */
#define NO_ROOM	  (5 * OS_MS) /* before a full socket is tried again */
#define AT_ONCE	  64	      /* messages sent before others have a turn */

/* A step that sends, and how far it is. */
struct sending {
	const struct scenario_step *step;
	struct flow *flow;
	int64_t left;
	os_time due;
};

struct run {
	const struct scenario *sc;
	struct report report;
	struct net *net;
	gen_sctp_mailbox_t mailbox;
	os_time start, now;
	struct end ends[SCENARIO_MAX_NODES]; /* by node */
	struct flow flows[MAX_FLOWS];
	size_t flow_count;
	struct sending sendings[SCENARIO_MAX_STEPS];
	size_t sending_count;
	size_t next_step;
	const struct scenario_outcome *met[SCENARIO_MAX_EXPECTS];
};

static size_t
number_of(const struct run *run, const struct scenario_node *node)
{
	return (size_t)(node - run->sc->nodes);
}

static os_time
time_of(const struct run *run, int64_t ms)
{
	return run->start + ms * OS_MS;
}

/* ----------------------------------------------------------------- flows */

static struct flow *
find_flow(struct run *run, size_t from, size_t to)
{
	size_t i;

	for (i = 0; i < run->flow_count; i++)
		if (run->flows[i].from == from && run->flows[i].to == to)
			return &run->flows[i];
	return NULL;
}

/* Room for a flow a step there is. */
static struct flow *
get_flow(struct run *run, size_t from, size_t to)
{
	struct flow *f = find_flow(run, from, to);

	if (f != NULL)
		return f;
	f = &run->flows[run->flow_count++];
	f->from = from;
	f->to = to;
	return f;
}

/* A step will still add to it. */
static bool
flow_grows(const struct run *run, const struct flow *f)
{
	const struct scenario_step *step;
	size_t i;

	for (i = run->next_step; i < run->sc->step_count; i++) {
		step = &run->sc->steps[i];
		if (step->action == SCENARIO_SEND &&
		    number_of(run, step->nodes[0]) == f->from &&
		    number_of(run, step->nodes[1]) == f->to)
			return true;
	}
	return false;
}

static bool
has_all_arrived(const struct run *run, const struct flow *f)
{
	return f->arrived == f->wanted && f->wrong == 0 && !flow_grows(run, f);
}

/* One message of a step. False: there is no room, or no association. */
static bool
send_one(struct run *run, struct sending *s)
{
	static uint8_t message[MAX_BYTES];
	struct flow *f = s->flow;
	struct end *e = &run->ends[f->from];
	uint16_t stream = (uint16_t)(f->sent % (uint64_t)s->step->streams);

	if (!e->up[f->to])
		return false;
	flow_write(f, f->sent, stream, message, (size_t)s->step->size);
	if (gen_sctp_send(e->socket, e->peers[f->to], stream, message,
			  (size_t)s->step->size) != 0)
		return false;
	f->sent++;
	s->left--;
	return true;
}

static void
go_on_sending(struct run *run, struct sending *s)
{
	int i;

	for (i = 0; i < AT_ONCE && s->left > 0 && s->due <= run->now; i++) {
		if (!send_one(run, s)) {
			s->due = run->now + NO_ROOM;
			return;
		}
		s->due += s->step->every * OS_MS;
	}
}

/* ----------------------------------------------------------------- steps */

static int
connect_ends(struct run *run, size_t from, size_t to)
{
	struct gen_sctp_addr addrs[SCENARIO_MAX_ADDRS];
	int n = net_route(run->net, from, to, addrs);

	if (n < 0)
		return n;
	return end_connect(&run->ends[from], to, run->ends[to].sctp_port, addrs,
			   (size_t)n);
}

static int
meet(struct run *run, size_t a, size_t b)
{
	int result = connect_ends(run, a, b);

	return result != 0 ? result : connect_ends(run, b, a);
}

static int
begin_sending(struct run *run, const struct scenario_step *step, size_t from,
	      size_t to)
{
	struct sending *s = &run->sendings[run->sending_count++];

	s->step = step;
	s->flow = get_flow(run, from, to);
	s->flow->wanted += (uint64_t)step->count;
	s->left = step->count;
	s->due = run->now;
	return 0;
}

static int
take_step(struct run *run, const struct scenario_step *step)
{
	size_t a = number_of(run, step->nodes[0]);
	size_t b = step->nodes[1] != NULL ? number_of(run, step->nodes[1]) : 0;
	struct end *e = &run->ends[a];

	switch (step->action) {
	case SCENARIO_CONNECT:
		return connect_ends(run, a, b);
	case SCENARIO_MEET:
		return meet(run, a, b);
	case SCENARIO_SEND:
		return begin_sending(run, step, a, b);
	case SCENARIO_CLOSE:
		return gen_sctp_eof(e->socket, e->peers[b]);
	case SCENARIO_ABORT:
		return gen_sctp_abort(e->socket, e->peers[b]);
	case SCENARIO_FORWARD:
		return net_forward(run->net, step);
	case SCENARIO_REBIND:
		return net_rebind(run->net, step);
	case SCENARIO_LINK:
		return net_link(run->net, step);
	case SCENARIO_DARK:
		return net_dark(run->net, step);
	}
	return -EINVAL;
}

static void
take_due_steps(struct run *run)
{
	const struct scenario_step *step;
	int result;

	while (run->next_step < run->sc->step_count) {
		step = &run->sc->steps[run->next_step];
		if (time_of(run, step->at) > run->now)
			return;
		run->next_step++;
		result = take_step(run, step);
		report_step(&run->report, step, result, run->now);
	}
}

/* ---------------------------------------------------------- expectations */

/* Outcomes that come true now: `event` at node `at`, or NULL: all from `from`
 * has arrived at `at`. */
static void
meet_expectations(struct run *run, const char *event, size_t from, size_t at)
{
	const struct scenario_expect *expect;
	const struct scenario_outcome *o;
	size_t i, k;

	for (i = 0; i < run->sc->expect_count; i++) {
		expect = &run->sc->expects[i];
		for (k = 0; k < expect->count && run->met[i] == NULL &&
			    run->now <= time_of(run, expect->by);
		     k++) {
			o = &expect->either[k];
			if (event == NULL
				    ? o->event == NULL &&
					      number_of(run, o->nodes[0]) ==
						      from &&
					      number_of(run, o->nodes[1]) == at
				    : o->event != NULL &&
					      strcmp(o->event, event) == 0 &&
					      number_of(run, o->nodes[0]) == at)
				run->met[i] = o;
		}
	}
}

/* More of it can arrive. What one that ended got before comes before the event
 * that says so. */
static bool
is_alive(const struct run *run, size_t from, size_t to)
{
	return !run->ends[to].over[from] &&
	       (!run->ends[from].over[to] || run->ends[to].up[from]);
}

static bool
is_possible(const struct run *run, const struct scenario_expect *expect)
{
	const struct scenario_outcome *o;
	size_t i;

	for (i = 0; i < expect->count; i++) {
		o = &expect->either[i];
		if (o->event != NULL ||
		    is_alive(run, number_of(run, o->nodes[0]),
			     number_of(run, o->nodes[1])))
			return true;
	}
	return false;
}

static bool
is_settled(const struct run *run, size_t i)
{
	const struct scenario_expect *expect = &run->sc->expects[i];

	return run->met[i] != NULL || run->now > time_of(run, expect->by) ||
	       !is_possible(run, expect);
}

/* Of everything that was sent, each message has arrived, or cannot. */
static bool
flow_is_over(const struct run *run, const struct flow *f)
{
	return f->arrived + f->wrong >= f->wanted ||
	       !is_alive(run, f->from, f->to);
}

static bool
is_over(const struct run *run)
{
	size_t i;

	if (run->now >= time_of(run, run->sc->limit))
		return true;
	if (run->next_step < run->sc->step_count)
		return false;
	for (i = 0; i < run->sc->expect_count; i++)
		if (!is_settled(run, i))
			return false;
	for (i = 0; i < run->flow_count && run->sc->expect_count == 0; i++)
		if (!flow_is_over(run, &run->flows[i]))
			return false;
	return run->sc->expect_count > 0 || run->flow_count > 0;
}

/* -------------------------------------------------------------- messages */

static const char *
event_name(const struct gen_sctp_event *event)
{
	switch (event->type) {
	case GEN_SCTP_ASSOC_CHANGE:
		return gen_sctp_assoc_change_name(event->u.assoc_change.state);
	case GEN_SCTP_PADDR_CHANGE:
		return gen_sctp_paddr_change_name(event->u.paddr_change.state);
	case GEN_SCTP_ADAPTATION: /* these two are not shown */
	case GEN_SCTP_SEND_FAILED:
		return NULL;
	default:
		return gen_sctp_event_name(event->type);
	}
}

static void
take_event(struct run *run, size_t node, const struct gen_sctp_event *event)
{
	const char *name = event_name(event);
	struct flow *f;
	size_t peer;

	end_note(&run->ends[node], event, &peer);
	f = find_flow(run, node, peer);
	if (event->type == GEN_SCTP_SEND_FAILED && f != NULL)
		f->failed++;
	if (name == NULL)
		return;
	report_event(&run->report, node, peer, name, run->now);
	meet_expectations(run, name, SIZE_MAX, node);
}

static void
take_data(struct run *run, size_t node, const struct gen_sctp_msg *msg)
{
	size_t from = flow_sender(msg->data, msg->len);
	struct flow *f = find_flow(run, from, node);

	if (f == NULL)
		return;
	flow_check(f, msg->info.stream, msg->data, msg->len, run->now);
	if (!has_all_arrived(run, f))
		return;
	report_arrived(&run->report, f, run->now);
	meet_expectations(run, NULL, from, node);
}

static void
take_message(struct run *run, const struct gen_sctp_msg *msg)
{
	size_t i;

	for (i = 0; i < run->sc->node_count; i++)
		if (run->ends[i].socket == msg->socket)
			break;
	if (i == run->sc->node_count)
		return;
	if (msg->kind == GEN_SCTP_MSG_DATA)
		take_data(run, i, msg);
	else if (msg->kind == GEN_SCTP_MSG_EVENT ||
		 msg->kind == GEN_SCTP_MSG_ERROR_EVENT)
		take_event(run, i, &msg->event);
}

static void
take_messages(struct run *run)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int result;

	for (;;) {
		result = gen_sctp_mailbox_recv(run->mailbox, 0, &msg, 0);
		if (result < 0 && result != GEN_SCTP_EEVENT)
			return;
		take_message(run, &msg);
		gen_sctp_msg_free(&msg);
	}
}

/* ------------------------------------------------------------------ loop */

static os_time
sooner(os_time a, os_time b)
{
	return a < b ? a : b;
}

static os_time
deadline(const struct run *run)
{
	os_time at = time_of(run, run->sc->limit);
	size_t i;

	if (run->next_step < run->sc->step_count)
		at = sooner(at,
			    time_of(run, run->sc->steps[run->next_step].at));
	for (i = 0; i < run->sending_count; i++)
		if (run->sendings[i].left > 0)
			at = sooner(at, run->sendings[i].due);
	for (i = 0; i < run->sc->expect_count; i++)
		if (!is_settled(run, i))
			at = sooner(at, time_of(run, run->sc->expects[i].by) +
						OS_MS);
	return sooner(at, net_deadline(run->net));
}

static int
wait_for_something(struct run *run, gen_sctp_fd_t mailbox_fd)
{
	gen_sctp_fd_t fds[MAX_FDS] = { mailbox_fd };
	bool readable[MAX_FDS];
	size_t n = 1 + net_fds(run->net, fds + 1, MAX_FDS - 1);
	int result = os_poll(fds, readable, n, deadline(run));

	run->now = os_now();
	return result;
}

static int
loop(struct run *run)
{
	gen_sctp_fd_t fd;
	int result = gen_sctp_mailbox_fd(run->mailbox, &fd);
	size_t i;

	while (result >= 0 && !is_over(run)) {
		take_due_steps(run);
		for (i = 0; i < run->sending_count; i++)
			go_on_sending(run, &run->sendings[i]);
		result = wait_for_something(run, fd);
		net_run(run->net, run->now);
		take_messages(run);
	}
	return result < 0 ? result : 0;
}

/* ------------------------------------------------------- begin and end */

static enum status
open_ends(struct run *run)
{
	const struct scenario_node *node;
	size_t i;
	int result;

	for (i = 0; i < run->sc->node_count; i++) {
		node = &run->sc->nodes[i];
		if (node->is_nat)
			continue;
		result = end_open(&run->ends[i], node, i);
		if (result != 0)
			return complain(result, gen_sctp_open_hint(),
					"open endpoint %s", node->name);
	}
	return STATUS_OK;
}

static enum status
report_all(struct run *run)
{
	bool ok = true;
	size_t i;

	if (!run->report.json)
		putchar('\n');
	for (i = 0; i < run->sc->node_count; i++)
		if (run->sc->nodes[i].is_nat)
			report_nat(&run->report, i, net_counts(run->net, i));
	for (i = 0; i < run->flow_count; i++)
		report_flow(&run->report, &run->flows[i]);
	for (i = 0; i < run->sc->expect_count; i++) {
		report_expect(&run->report, &run->sc->expects[i], run->met[i]);
		ok = ok && run->met[i] != NULL;
	}
	report_end(&run->report, ok, run->now);
	return ok ? STATUS_OK : STATUS_FAILED;
}

static enum status
run_it(struct run *run)
{
	const struct scenario_node *failed = NULL;
	enum status status = open_ends(run);
	int result;

	if (status != STATUS_OK)
		return status;
	result = net_open(&run->net, run->sc, run->ends, &failed);
	if (result != 0)
		return complain(result, NULL, "open NAT %s",
				failed != NULL ? failed->name : "");
	run->start = run->now = os_now();
	report_begin(&run->report, run->sc, run->report.json, run->start);
	result = loop(run);
	if (result != 0)
		return complain(result, NULL, "wait");
	return report_all(run);
}

enum status
scenario_run(const struct scenario *sc, bool json)
{
	struct run *run = calloc(1, sizeof(*run));
	enum status status;
	size_t i;
	int result;

	if (run == NULL)
		return complain(-ENOMEM, NULL, "run");
	result = os_net_start();
	if (result != 0) {
		free(run);
		return complain(result, NULL, "start");
	}
	run->sc = sc;
	run->report.json = json;
	run->mailbox = gen_sctp_self();
	status = run_it(run);
	for (i = 0; i < sc->node_count; i++)
		end_close(&run->ends[i]);
	net_close(run->net);
	os_net_stop();
	free(run);
	return status;
}
