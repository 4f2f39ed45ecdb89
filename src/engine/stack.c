#include "config.h"

#include "stack.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "conn_paths.h"
#include "endpoint.h"
#include "esock.h"
#include "leaf.h"
#include "link.h"
#include "local_addrs.h"
#include "seam.h"
#include "timers.h"

/* Datagrams fed before waiters and timers get their turn. */
#define RECEIVE_BUDGET 256
/* How often timers and sockets are looked at where nothing tells. */
#define COARSE_TICK (10 * OS_MS)
#define COARSEST_TICK (100 * OS_MS)
/* The same without any association: the engine tidies up. */
#define IDLE_TICK (1000 * OS_MS)
/* Sockets that are looked at in one of them. */
#define LOOK_BUDGET 512

static os_mutex start_lock = OS_MUTEX_INIT;
static bool tried; /* the engine runs, whatever came of it */
static atomic_bool started; /* with success */
static int start_error; /* final: the engine cannot be started twice */
static const struct stack_hooks *hooks;
static const struct ip_layer *layer;
static const char *layer_reason = "";
static atomic_bool forked;
static int exit_ms = 2000; /* GENSCTP_EXIT_MS */
static unsigned int holds;
static os_time last_tick, next_tick;
static os_time last_look; /* at sockets that nothing was noted of */

/* ------------------------------------------------------------ the lead */

static size_t
fds(const gen_sctp_fd_t **list)
{
	return local_addrs_fds(list);
}

/* At most a tenth of the time goes into ticks, or they become rarer. */
static os_time
pause_after(os_time cost)
{
	os_time pause = 10 * cost;

	if (pause < COARSE_TICK)
		return COARSE_TICK;
	return pause < COARSEST_TICK ? pause : COARSEST_TICK;
}

/* usrsctp counts milliseconds for itself, and then looks at every timer that
 * it has: none where timers.c has them. */
static void
tick(os_time now)
{
	os_time elapsed = (now - last_tick) / OS_MS;

	if (elapsed == 0 || now < next_tick)
		return;
	last_tick += elapsed * OS_MS;
	usrsctp_handle_timers((uint32_t)elapsed);
	if (!layer->timers)
		next_tick = now + pause_after(os_now() - now);
}

static bool
work(void)
{
	bool more = false;
	os_time now;

	tick(os_now());
	local_addrs_follow();
	link_receive(RECEIVE_BUDGET, &more);
	now = os_now();
	timers_run(now);
	esock_run_noted();
	link_output_due();
	if (!layer->wakeups && now - last_look >= COARSE_TICK) {
		last_look = now;
		esock_run_some(LOOK_BUDGET);
	}
	hooks->deliver();
	return more;
}

static os_time
next_look(void)
{
	if (layer->timers || esock_count() == 0)
		return OS_NEVER;
	return last_look + (conn_paths_held() > 0 ? COARSE_TICK : IDLE_TICK);
}

static os_time
deadline(void)
{
	os_time first;

	if (layer == NULL)
		return OS_NEVER;
	if (esock_any_noted() || hooks->undelivered())
		return 0;
	first = next_look();
	if (timers_next() < first)
		first = timers_next();
	return link_deadline() < first ? link_deadline() : first;
}

static bool
has_output(void)
{
	return link_queued() > 0;
}

/* What a bad line keeps has to leave, too; its sockets wait for that. */
static bool
needed(void)
{
	return holds > 0 || link_deadline() != OS_NEVER ||
	       (layer != NULL && layer->timers && timers_count() > 0);
}

static const struct lead_ops lead_ops = {
	.fds = fds,
	.poll_begin = link_poll_begin,
	.poll_end = link_poll_end,
	.work = work,
	.flush = link_flush,
	.batch_full = link_batch_full,
	.has_output = has_output,
	.deadline = deadline,
	.needed = needed,
	.stopped = local_addrs_stop_watch,
	.owner = link_owner,
};

void
stack_hold(void)
{
	holds++;
}

void
stack_release(void)
{
	holds--;
	lead_changed();
}

/* --------------------------------------------------------------- start */

static void
in_forked_child(void)
{
	atomic_store(&forked, true);
}

bool
stack_forked(void)
{
	return atomic_load(&forked);
}

static void
input(struct link_packet *p)
{
	hooks->before_input(p);
	layer->input(p);
	hooks->after_input();
}

static bool
restart(const struct guard_assoc *old)
{
	return hooks->restart(old);
}

static void
too_big(const struct gen_sctp_addr *dst, size_t packet_len)
{
	hooks->too_big(dst, packet_len);
}

static const struct link_ops link_ops = {
	.input = input,
	.restart = restart,
	.too_big = too_big,
	.kick = lead_kick,
};

/* Before any association exists; ENGINE defaults that bite are changed here
 * and nowhere else. */
static void
set_engine_defaults(void)
{
	/* Behaviour that ignores or weakens what the guard relies on. */
	usrsctp_sysctl_set_sctp_nat_friendly(0);
	usrsctp_sysctl_set_sctp_inits_include_nat_friendly(0);
	usrsctp_sysctl_set_sctp_pktdrop_enable(0);
	/* 512 chunks would stop small messages long before the buffer is full. */
	usrsctp_sysctl_set_sctp_max_chunks_on_queue(65536);
	/* s; 5 * RTO.max would abort a slow reader's tail. */
	usrsctp_sysctl_set_sctp_shutdown_guard_time_default(3600);
	usrsctp_sysctl_set_sctp_sendspace(ENDPOINT_SNDBUF);
	usrsctp_sysctl_set_sctp_recvspace(ENDPOINT_RECBUF);
	usrsctp_sysctl_set_sctp_nr_incoming_streams_default(
		ENDPOINT_MAX_INSTREAMS);
	usrsctp_sysctl_set_sctp_auto_asconf(0);
	/* Round robin loops for ever over a message for one path of several. */
	usrsctp_sysctl_set_sctp_default_ss_module(SCTP_SS_FIRST_COME);
}

/* usrsctp does not say that it runs, but it looks at that before anything else:
 * a threshold without a callback is refused then. */
static bool
somebody_elses_engine(void)
{
	errno = 0;
	(void)usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 1,
			     NULL);
	return errno != EPROTONOSUPPORT;
}

static void
start_engine(void)
{
	tried = true;
	usrsctp_tunable_set_sctp_hashtblsize(4096);
	usrsctp_tunable_set_sctp_pcbtblsize(1024);
	/* The port is a mark only: without it packets for UDP are refused. */
	usrsctp_init_nothreads(LINK_UDP_PORT, conn_output, NULL);
	set_engine_defaults();
	last_tick = os_now();
}

/* Starts the engine; why it is not with the replaced layer, or NULL. */
static const char *
start_replaced(void)
{
	const char *reason = NULL;

	if (strcmp(seam_method(), "none") == 0)
		reason = "no method in this build";
	else if (replaced_engage() != 0)
		reason = REPLACED_TOO_LATE;
	start_engine();
	if (reason != NULL)
		return reason;
	/* On Windows the engine finds no loopback interface itself. */
	local_addrs_refresh();
	return replaced_prove();
}

/* A program that was built for several paths now has one. */
static void
warn_of_conn(void)
{
	if (strcmp(seam_method(), "none") != 0)
		fprintf(stderr,
			"gensctp: %s; one path per association, see gensctp(3)\n",
			layer_reason);
}

static int
choose_layer(const char *wanted)
{
	layer = &conn_layer;
	layer_reason = "asked for";
	if (strcmp(wanted, "conn") == 0) {
		start_engine();
	} else {
		layer_reason = start_replaced();
		if (layer_reason == NULL) {
			layer = &replaced_layer;
			layer_reason = "proved at start";
			return 0;
		}
		if (strcmp(wanted, "replaced") == 0)
			return -ENOTSUP;
		warn_of_conn();
	}
	conn_start();
	return 0;
}

static const char *
wanted_layer(void)
{
	const char *wanted = getenv("GENSCTP_IP_LAYER");

	return wanted != NULL && wanted[0] != '\0' ? wanted :
						     GENSCTP_WITH_IP_LAYER;
}

static bool
offloads_wanted(void)
{
	const char *offloads = getenv("GENSCTP_OFFLOADS");

	return offloads == NULL || strcmp(offloads, "off") != 0;
}

static bool
read_udp_sockets(void)
{
	const char *text = getenv("GENSCTP_UDP_SOCKETS");

	if (text == NULL || text[0] == '\0' || strcmp(text, "auto") == 0)
		return true;
	if (strcmp(text, "per-address") != 0)
		return false;
	os_udp_without_source();
	return true;
}

static bool
read_memory_limit(void)
{
	const char *text = getenv("GENSCTP_MEMORY_MAX");
	uint64_t bytes;

	if (text == NULL || text[0] == '\0')
		return true;
	if (!budget_parse(text, &bytes))
		return false;
	budget_set_limit(bytes);
	return true;
}

static bool
read_exit_ms(void)
{
	const char *text = getenv("GENSCTP_EXIT_MS");
	size_t digits;

	if (text == NULL || text[0] == '\0')
		return true;
	digits = strspn(text, "0123456789");
	if (text[digits] != '\0' || digits > 9)
		return false;
	exit_ms = atoi(text);
	return true;
}

os_time
stack_exit_patience(void)
{
	return exit_ms * OS_MS;
}

static bool
read_impairment(struct impair_profile *p)
{
	const char *text = getenv("GENSCTP_IMPAIR"), *bad;

	impair_profile_init(p);
	return text == NULL || impair_parse(text, p, &bad) == 0;
}

static void
begin_impairment(const struct impair_profile *p)
{
	if (getenv("GENSCTP_IMPAIR") != NULL)
		link_impair(NULL, p);
}

static int
start_once(void)
{
	const char *wanted = wanted_layer();
	struct impair_profile impairment;
	int error;

	if (strcmp(wanted, "auto") != 0 && strcmp(wanted, "replaced") != 0 &&
	    strcmp(wanted, "conn") != 0) {
		layer_reason = "GENSCTP_IP_LAYER is not auto, replaced or conn";
		return -EINVAL;
	}
	if (!read_udp_sockets()) {
		layer_reason = "GENSCTP_UDP_SOCKETS is not auto or per-address";
		return -EINVAL;
	}
	if (!read_memory_limit()) {
		layer_reason = "GENSCTP_MEMORY_MAX is not a number of bytes, "
			       "such as 512M or 4G";
		return -EINVAL;
	}
	if (!read_exit_ms()) {
		layer_reason = "GENSCTP_EXIT_MS is not a number of "
			       "milliseconds, such as 2000";
		return -EINVAL;
	}
	if (!read_impairment(&impairment)) {
		layer_reason = "GENSCTP_IMPAIR is not a profile, such as "
			       "loss=5%,delay=20ms";
		return -EINVAL;
	}
	error = os_net_start();
	if (error != 0)
		return error;
	if (somebody_elses_engine()) {
		layer_reason = "another part of this process runs usrsctp, "
			       "of which there can be one";
		return -EBUSY;
	}
	os_at_fork_child(in_forked_child);
	lead_init(&lead_ops);
	error = link_start(&link_ops, offloads_wanted());
	if (error != 0)
		return error;
	lead_enter();
	error = choose_layer(wanted);
	begin_impairment(&impairment);
	lead_leave();
	return error;
}

int
stack_start(const struct stack_hooks *stack_hooks)
{
	int error;

	if (stack_forked())
		return -EINVAL;
	os_mutex_lock(&start_lock);
	if (!tried) {
		hooks = stack_hooks;
		start_error = start_once();
		atomic_store(&started, start_error == 0);
	}
	error = start_error;
	os_mutex_unlock(&start_lock);
	return error;
}

int
stack_enter(void)
{
	if (!atomic_load(&started) || stack_forked())
		return -EINVAL;
	lead_enter();
	/* Timers that the call starts count from the engine's last tick. */
	if (!layer->timers)
		tick(os_now());
	return 0;
}

void
stack_leave(void)
{
	hooks->deliver();
	lead_leave();
}

const struct ip_layer *
stack_layer(void)
{
	return layer;
}

const char *
stack_layer_reason(void)
{
	return layer_reason;
}
