#include "nat_serve.h"

#include <stdio.h>

#include "nat_control.h"
#include "os_stdio.h"
#include "record.h"

struct serving {
	const struct options *options;
	struct nat *nat;
	struct pcapng *capture; /* or NULL */
	os_event interrupt;
	os_time rebind_at, end_at;
	bool several_outside;
	bool ending;
};

/* ---------------------------------------------------------------- telling */

static struct record
begin(const struct serving *sv, const char *type)
{
	struct record r;

	record_begin(&r, sv->options->json ? stdout : stderr,
		     sv->options->json ? RECORD_JSON : RECORD_LINE, type);
	return r;
}

static void
tell_port(const struct serving *sv, const char *type, const char *name,
	  const struct gen_sctp_addr *addr, const struct gen_sctp_addr *at)
{
	struct record r = begin(sv, type);

	record_address(&r, name, addr);
	record_address(&r, "at", at);
	record_end(&r);
}

static void
tell_rebound(const struct serving *sv, bool address)
{
	struct record r = begin(sv, "rebound");

	record_text(&r, "what", address ? "address" : "port");
	record_end(&r);
}

static void
tell_mapping(const struct serving *sv, const struct nat_mapping *m)
{
	struct record r = begin(sv, "mapping");

	record_address(&r, "inside", &m->inside);
	if (m->remote.family != GEN_SCTP_UNSPEC)
		record_address(&r, "remote", &m->remote);
	record_address(&r, "outside", &m->outside);
	record_flag(&r, "forwarded", m->forwarded);
	record_end(&r);
}

static void
tell_line(const struct serving *sv, const char *type, enum nat_way way)
{
	const struct impair_counts *counts = nat_line_counts(sv->nat, way);
	struct record r = begin(sv, type);

#define X(name) record_number(&r, #name, counts->name);
	IMPAIR_COUNTS(X)
#undef X
	record_end(&r);
}

static void
tell_stats(const struct serving *sv)
{
	const struct nat_counts *counts = nat_counts(sv->nat);
	const struct nat_mapping *m;
	struct record r;

	for (m = nat_mappings(sv->nat); m != NULL; m = m->next)
		tell_mapping(sv, m);
	r = begin(sv, "counters");
#define X(name) record_number(&r, #name, counts->name);
	NAT_COUNTS(X)
#undef X
	record_end(&r);
	tell_line(sv, "line_out", NAT_OUT);
	tell_line(sv, "line_in", NAT_IN);
}

/* ----------------------------------------------------------------- opening */

/* Faces, or forwarded ports. */
static enum status
open_ports(const struct serving *sv, bool forward,
	   const struct nat_target *targets, size_t n)
{
	const struct nat_target *t;
	struct gen_sctp_addr at;
	int result;

	for (t = targets; t < targets + n; t++) {
		result = forward ? nat_forward(sv->nat, &t->addr, t->port, &at,
					       os_now())
				 : nat_face(sv->nat, &t->addr, t->port, &at);
		if (result != 0)
			return complain(result,
					"Give another port behind the =.",
					"%s%s, UDP port %d",
					forward ? "--forward " : "", t->text,
					t->port);
		tell_port(sv, forward ? "forward" : "face",
			  forward ? "inside" : "remote", &t->addr, &at);
	}
	return STATUS_OK;
}

static enum status
open_all(struct serving *sv, const struct nat_setup *setup)
{
	enum status status;
	struct nat_config config = setup->config;
	int result;

	config.capture = sv->capture;
	result = nat_open(&sv->nat, &config);
	if (result != 0)
		return complain(result, NULL, "set up");
	nat_impair(sv->nat, NAT_OUT, &setup->out, os_now());
	nat_impair(sv->nat, NAT_IN, &setup->in, os_now());
	result = os_event_open(&sv->interrupt);
	if (result == 0)
		result = os_on_interrupt(&sv->interrupt);
	if (result == 0)
		result = nat_control_start();
	if (result != 0)
		return complain(result, NULL, "set up");
	status = open_ports(sv, false, setup->remotes, setup->remote_count);
	return status != STATUS_OK ? status
				   : open_ports(sv, true, setup->forwards,
						setup->forward_count);
}

/* ----------------------------------------------------------------- running */

/* Where it fails everything goes on as it was. */
static void
rebind(const struct serving *sv, bool address)
{
	int result = nat_rebind(sv->nat, address);

	if (result != 0)
		complain(result,
			 "A forwarded port has to be free on the next "
			 "--outside.",
			 "rebind address");
	else
		tell_rebound(sv, address);
}

static void
obey(struct serving *sv, const struct nat_command *command)
{
	switch (command->kind) {
	case NAT_COMMAND_REBIND:
		if (command->address && !sv->several_outside)
			fprintf(stderr, "gensctp nat: rebind address needs "
					"several --outside\n");
		else
			rebind(sv, command->address);
		break;
	case NAT_COMMAND_IMPAIR:
		nat_impair(sv->nat, command->way, &command->profile, os_now());
		break;
	case NAT_COMMAND_STATS:
		tell_stats(sv);
		break;
	case NAT_COMMAND_QUIT:
		sv->ending = true;
		break;
	}
}

/* Late ones are not made up for. */
static void
schedule(struct serving *sv, os_time now)
{
	if (sv->options->rebind >= 0)
		sv->rebind_at = now + sv->options->rebind * OS_MS;
}

static int
wait(struct serving *sv, bool *interrupted, bool *commanded)
{
	enum { INTERRUPT, COMMAND, OWN };
	gen_sctp_fd_t fds[OWN + NAT_MAX_SOCKETS];
	bool readable[OWN + NAT_MAX_SOCKETS];
	os_time deadline = nat_deadline(sv->nat);
	size_t n = nat_fds(sv->nat, fds + OWN, NAT_MAX_SOCKETS);
	int result;

	fds[INTERRUPT] = sv->interrupt.wait_fd;
	fds[COMMAND] = nat_control_fd();
	if (sv->rebind_at < deadline)
		deadline = sv->rebind_at;
	if (sv->end_at < deadline)
		deadline = sv->end_at;
	result = os_poll(fds, readable, OWN + n, deadline);
	*interrupted = result > 0 && readable[INTERRUPT];
	*commanded = result > 0 && readable[COMMAND];
	return result;
}

static int
turn(struct serving *sv)
{
	struct nat_command command;
	bool interrupted, commanded;
	int result;

	result = wait(sv, &interrupted, &commanded);
	if (result < 0)
		return result;
	nat_run(sv->nat, os_now());
	if (commanded && nat_control_take(&command))
		obey(sv, &command);
	if (os_now() >= sv->rebind_at) {
		rebind(sv, sv->options->rebind_address);
		schedule(sv, os_now());
	}
	sv->ending |= interrupted || os_now() >= sv->end_at;
	fflush(stdout);
	if (sv->capture != NULL)
		pcapng_flush(sv->capture);
	return ferror(stdout) ? -1 : 0;
}

static enum status
run(struct serving *sv)
{
	int result = 0;

	schedule(sv, os_now());
	if (sv->options->end >= 0)
		sv->end_at = os_now() + sv->options->end * OS_MS;
	fflush(stdout);
	while (!sv->ending && result == 0)
		result = turn(sv);
	tell_stats(sv);
	return result == 0 ? STATUS_OK : STATUS_FAILED;
}

static enum status
serve(const struct nat_setup *setup, const struct options *options,
      struct pcapng *capture)
{
	struct serving sv = { .options = options,
			      .capture = capture,
			      .rebind_at = OS_NEVER,
			      .end_at = OS_NEVER,
			      .several_outside =
				      setup->config.outside_count > 1 };
	enum status status;
	int result = os_net_start();

	if (result != 0)
		return complain(result, NULL, "start");
	status = open_all(&sv, setup);
	if (status == STATUS_OK)
		status = run(&sv);
	nat_close(sv.nat);
	os_net_stop();
	return status;
}

enum status
nat_serve(const struct nat_setup *setup, const struct options *options)
{
	static const char *const sides[] = { [NAT_INSIDE] = "inside",
					     [NAT_OUTSIDE] = "outside" };
	struct pcapng *capture = NULL;
	enum status status = STATUS_OK;

	if (options->capture != NULL)
		status = options_captured(options, status,
					  pcapng_open(&capture,
						      options->capture, sides,
						      2));
	if (status == STATUS_OK)
		status = serve(setup, options, capture);
	return options_captured(options, status, pcapng_close(capture));
}
