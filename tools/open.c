/*
 * From options to a socket.
 */
#include <errno.h>
#include <stdio.h>

#include "session.h"

#define UDP_PORT 9899 /* RFC 6951 */

struct list {
	struct gen_sctp_opt opts[OPTIONS_MAX_ADDRS + 12];
	size_t n;
};

static void
add(struct list *list, struct gen_sctp_opt opt)
{
	list->opts[list->n++] = opt;
}

static void
add_addresses(struct list *list, const struct options *options,
	      enum gen_sctp_family family)
{
	size_t i;

	if (options->locals == 0 && family != GEN_SCTP_UNSPEC)
		add(list, gen_sctp_opt_family(family));
	for (i = 0; i < options->locals; i++)
		add(list, gen_sctp_opt_ip(options->local[i]));
	if (options->advertise)
		add(list, gen_sctp_opt_local_addr_policy(options->told));
}

static void
add_streams(struct list *list, const struct options *options)
{
	struct gen_sctp_initmsg initmsg = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS |
		       GEN_SCTP_INITMSG_MAX_INSTREAMS,
		.num_ostreams = (uint16_t)options->outstreams,
		.max_instreams = (uint16_t)options->instreams,
	};

	add(list, gen_sctp_opt_initmsg(initmsg));
}

static void
add_udp_ports(struct list *list, const struct options *options, int udp_port)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)udp_port,
	};

	if (options->udp_remote_port > 0) {
		udp.set |= GEN_SCTP_UDP_ENCAPS_REMOTE_PORT;
		udp.remote_port = (uint16_t)options->udp_remote_port;
	}
	add(list, gen_sctp_opt_udp_encaps(udp));
}

#define RTO_INITIAL 1000 /* ms, RFC 9260 s16 */

static void
add_rto(struct list *list, const struct options *options)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MAX |
		       GEN_SCTP_RTOINFO_MIN,
		.initial = RTO_INITIAL,
		.max = (uint32_t)options->rto_max,
		.min = (uint32_t)options->rto_min,
	};

	if (rto.initial > rto.max)
		rto.initial = rto.max;
	if (rto.initial < rto.min)
		rto.initial = rto.min;
	add(list, gen_sctp_opt_rtoinfo(rto));
}

static void
add_path_params(struct list *list, const struct options *options)
{
	struct gen_sctp_paddrparams params = { 0 };

	if (options->path_max_rxt > 0) {
		params.set |= GEN_SCTP_PADDRPARAMS_PATHMAXRXT;
		params.pathmaxrxt = (uint16_t)options->path_max_rxt;
	}
	if (options->heartbeat > 0) {
		params.set |= GEN_SCTP_PADDRPARAMS_HBINTERVAL;
		params.hbinterval = (uint32_t)options->heartbeat;
	}
	if (options->heartbeat == 0) {
		params.set |= GEN_SCTP_PADDRPARAMS_FLAGS;
		params.flags |= GEN_SCTP_HB_DISABLE;
	}
	if (options->mtu > 0) {
		params.set |= GEN_SCTP_PADDRPARAMS_FLAGS |
			      GEN_SCTP_PADDRPARAMS_PATHMTU;
		params.flags |= GEN_SCTP_PMTUD_DISABLE;
		params.pathmtu = (uint32_t)options->mtu;
	}
	add(list, gen_sctp_opt_peer_addr_params(params));
}

/* Off by default, and worth a line when they come. */
#define RARE_EVENTS                                                      \
	(GEN_SCTP_ADAPTATION_LAYER_EVENT | GEN_SCTP_AUTHENTICATION_EVENT | \
	 GEN_SCTP_STREAM_RESET_EVENT | GEN_SCTP_ASSOC_RESET_EVENT |        \
	 GEN_SCTP_STREAM_CHANGE_EVENT)

static void
add_rest(struct list *list, const struct options *options)
{
	struct gen_sctp_event_subscribe events = {
		.set = RARE_EVENTS,
		.on = RARE_EVENTS,
	};

	add(list, gen_sctp_opt_events(events));
	add(list, gen_sctp_opt_sndbuf(options->sndbuf));
	add(list, gen_sctp_opt_recbuf(options->recbuf));
	if (options->echo)
		add(list, gen_sctp_opt_non_block_send(true));
}

static int
open_with(const struct options *options, enum gen_sctp_type type,
	  enum gen_sctp_family family, int port, int udp_port,
	  gen_sctp_socket_t *s)
{
	struct list list = { .n = 0 };

	add(&list, gen_sctp_opt_type(type));
	add_addresses(&list, options, family);
	add_streams(&list, options);
	add_udp_ports(&list, options, udp_port);
	add_rto(&list, options);
	add_path_params(&list, options);
	add_rest(&list, options);
	return gen_sctp_open(port, list.opts, list.n, s, NULL);
}

static const char *
advice(int result)
{
	const char *hint = gen_sctp_open_hint();

	switch (result) {
	case -EADDRINUSE:
		return "The UDP port is taken: choose another one with "
		       "--udp-port, 0 for any free one.";
	case -EADDRNOTAVAIL:
		return "Local addresses must be this host's: "
		       "gensctp info shows them.";
	case -EOPNOTSUPP:
		return "Several addresses need the replaced IP layer: "
		       "gensctp info says why it is not in force.";
	default:
		return hint;
	}
}

enum status
session_open(const struct options *options, enum gen_sctp_type type,
	     enum gen_sctp_family family, int port, gen_sctp_socket_t *s)
{
	bool fallback = options->udp_port < 0;
	int udp_port = fallback ? UDP_PORT : (int)options->udp_port;
	int result = open_with(options, type, family, port, udp_port, s);

	if (result == -EADDRINUSE && fallback) {
		fprintf(stderr, "gensctp: UDP port %d is taken, using a free "
				"one: peers need --udp-remote-port\n",
			udp_port);
		udp_port = 0;
		result = open_with(options, type, family, port, 0, s);
	}
	if (result == 0)
		return STATUS_OK;
	return complain(result, advice(result), "open SCTP port %d, UDP port %d",
			port, udp_port);
}
