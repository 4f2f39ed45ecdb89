/*
 * open, listen, peeloff, close, drain.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "assoc.h"
#include "close.h"
#include "closing.h"
#include "deadline.h"
#include "handle.h"
#include "ip_addr.h"
#include "lead.h"
#include "link.h"
#include "open.h"
#include "options.h"
#include "stack.h"
#include "start.h"

/* How long a close waits for its UDP port to be free again. */
#define PORT_FREE_TIMEOUT OS_MS * 1000

static OS_THREAD_LOCAL const char *open_hint = "";

/* The options of an open: those of its own make the spec, the rest is set. */
struct open_args {
	const struct gen_sctp_opt *opts;
	size_t n;
	size_t failed;
	enum gen_sctp_type type;
	struct local_spec spec;
	struct gen_sctp_addr *addrs;
	bool family_given;
};

static struct gen_sctp_addr
plain(const struct gen_sctp_addr *addr)
{
	struct gen_sctp_addr out = *addr;

	ip_addr_unmap(&out);
	return out;
}

static bool
has_address(const struct open_args *args, const struct gen_sctp_addr *addr)
{
	const struct gen_sctp_addr wanted = plain(addr);
	size_t i;

	for (i = 0; i < args->spec.count; i++)
		if (ip_addr_equal(&args->addrs[i], &wanted))
			return true;
	return false;
}

static void
note_address(struct open_args *args, const struct gen_sctp_addr *addr)
{
	args->addrs[args->spec.count++] = plain(addr);
	if (addr->family == GEN_SCTP_INET6 && !args->family_given)
		args->spec.family = GEN_SCTP_INET6;
}

static void
note_option(struct open_args *args, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_udp_encaps *udp = &opt->value.udp_encaps;

	switch (opt->name) {
	case GEN_SCTP_OPT_IP:
		note_address(args, &opt->value.addr);
		break;
	case GEN_SCTP_OPT_FAMILY:
		args->spec.family = opt->value.family;
		args->family_given = true;
		break;
	case GEN_SCTP_OPT_TYPE:
		args->type = opt->value.type;
		break;
	case GEN_SCTP_OPT_IPV6_V6ONLY:
		args->spec.v6only = opt->value.flag;
		break;
	case GEN_SCTP_OPT_UDP_ENCAPS:
		if (udp->set & GEN_SCTP_UDP_ENCAPS_LOCAL_PORT)
			args->spec.udp_port = udp->local_port;
		break;
	default:
		break;
	}
}

static int
check_addresses(struct open_args *args)
{
	struct local_spec *spec = &args->spec;
	size_t i;

	if (spec->v6only && spec->family == GEN_SCTP_INET)
		return -EINVAL;
	for (i = 0; i < spec->count; i++) {
		if (args->addrs[i].family == GEN_SCTP_INET6 ?
			    spec->family == GEN_SCTP_INET :
			    spec->v6only)
			return -EAFNOSUPPORT;
		if (ip_addr_is_any(&args->addrs[i]) && spec->count > 1)
			return -EINVAL;
	}
	if (spec->count == 1 && ip_addr_is_any(&args->addrs[0]))
		spec->count = 0;
	if (spec->count > 1 && !stack_layer()->multihoming) {
		open_hint = "several addresses need the replaced IP layer; "
			    "the conn layer in force has one path per "
			    "association: give one address, or none for any";
		return -EOPNOTSUPP;
	}
	return 0;
}

static int
read_options(struct open_args *args, int port)
{
	size_t i;
	int error;

	args->type = GEN_SCTP_SEQPACKET;
	args->spec.family = GEN_SCTP_INET;
	args->spec.sctp_port = (uint16_t)port;
	args->spec.udp_port = port != 0 ? LINK_UDP_PORT : 0;
	args->spec.addrs = args->addrs;
	for (i = 0; i < args->n; i++) {
		args->failed = i;
		error = option_check(NULL, &args->opts[i]);
		if (error == 0 && args->opts[i].name == GEN_SCTP_OPT_IP &&
		    has_address(args, &args->opts[i].value.addr))
			error = -EINVAL;
		if (error != 0)
			return error;
		note_option(args, &args->opts[i]);
	}
	args->failed = args->n;
	return check_addresses(args);
}

static bool
of_open_only(const struct gen_sctp_opt *opt)
{
	return opt->name == GEN_SCTP_OPT_IP ||
	       opt->name == GEN_SCTP_OPT_FAMILY ||
	       opt->name == GEN_SCTP_OPT_TYPE ||
	       opt->name == GEN_SCTP_OPT_IPV6_V6ONLY;
}

static int
configure(struct endpoint *ep, void *arg)
{
	struct open_args *args = arg;
	int error;
	size_t i;

	for (i = 0; i < args->n; i++) {
		if (of_open_only(&args->opts[i]))
			continue;
		error = option_set(ep, &args->opts[i]);
		if (error != 0) {
			args->failed = i;
			return error;
		}
	}
	return 0;
}

static int
open_endpoint(struct open_args *args, int port, gen_sctp_socket_t *s)
{
	struct endpoint *ep;
	int error = read_options(args, port);

	if (error == 0)
		error = endpoint_open(args->type, &args->spec, configure, args,
				      &ep, &open_hint);
	if (error != 0)
		return error;
	error = handle_new(ep, s);
	if (error != 0)
		closing_endpoint(ep, closing_new_group());
	return error;
}

int
gen_sctp_open(int port, const struct gen_sctp_opt *opts, size_t n,
	      gen_sctp_socket_t *s, size_t *bad)
{
	struct open_args args = { .opts = opts, .n = n, .failed = n };
	int error;

	open_hint = "";
	if (bad != NULL)
		*bad = n;
	if (s == NULL || (opts == NULL && n > 0) || port < 0 || port > 65535 ||
	    n > SIZE_MAX / sizeof(*args.addrs) - 1)
		return -EINVAL;
	*s = 0;
	error = api_start();
	if (error != 0) {
		open_hint = api_start_reason();
		return error;
	}
	args.addrs = calloc(n + 1, sizeof(*args.addrs));
	if (args.addrs == NULL)
		return -ENOMEM;
	error = stack_enter();
	if (error == 0) {
		error = open_endpoint(&args, port, s);
		stack_leave();
	}
	free(args.addrs);
	if (bad != NULL)
		*bad = args.failed;
	return error;
}

const char *
gen_sctp_open_hint(void)
{
	return open_hint != NULL ? open_hint : "";
}

int
gen_sctp_listen(gen_sctp_socket_t s, int backlog)
{
	struct endpoint *ep;
	int error;

	if (backlog < 0)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = endpoint_listen(ep, backlog);
	api_leave();
	return error;
}

/* ----------------------------------------------------------------- close */

static bool
delivered(void *arg)
{
	return closing_count(*(const uint64_t *)arg) == 0;
}

static bool
port_is_free(void *arg)
{
	(void)arg;
	return link_closed_all();
}

void
close_socket(gen_sctp_socket_t s, struct endpoint *ep)
{
	struct gen_sctp_linger linger = ep->opts.linger;
	uint64_t group = closing_new_group();

	handle_free(s);
	closing_endpoint(ep, group);
	if (linger.on && linger.seconds > 0)
		lead_wait(delivered, &group,
			  os_now() + linger.seconds * 1000 * OS_MS);
	if (!link_closed_all())
		lead_wait(port_is_free, NULL, os_now() + PORT_FREE_TIMEOUT);
	lead_flush();
}

int
gen_sctp_close(gen_sctp_socket_t s)
{
	struct endpoint *ep;
	int error = api_enter(s, &ep);

	if (error == -EBADF || stack_forked())
		return 0;
	if (error != 0)
		return error;
	close_socket(s, ep);
	api_leave();
	return 0;
}

int
gen_sctp_drain(int timeout_ms)
{
	uint64_t all = CLOSING_ALL;
	os_time deadline = api_deadline(timeout_ms);
	int error;

	if (timeout_ms < -1)
		return -EINVAL;
	error = stack_enter();
	if (error != 0)
		return stack_forked() ? error : 0;
	error = lead_wait(delivered, &all, deadline);
	lead_flush();
	stack_leave();
	return error;
}
