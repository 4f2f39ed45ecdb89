/*
 * Endpoints: what a socket of the API names. An endpoint has one engine socket
 * that listens and connects, and its associations, each on an engine socket of
 * its own (assoc.h). A peeled-off endpoint has its one association only.
 *
 * Everything here with the stack lock held.
 */
#ifndef GENSCTP_ENGINE_ENDPOINT_H
#define GENSCTP_ENGINE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esock.h"
#include "gensctp.h"
#include "local.h"
#include "os.h"
#include "outlet.h"
#include "packet.h"
#include "send_defaults.h"
#include "traffic.h"

struct assoc;
struct owner_rule;

/* Defaults of an endpoint. */
#define ENDPOINT_SNDBUF (1 << 20)      /* bytes */
#define ENDPOINT_RECBUF (1 << 20)      /* bytes */
#define ENDPOINT_BUFFER 65536	       /* bytes */
#define ENDPOINT_NO_WATERMARK (1 << 30) /* bytes; the largest sndbuf */
#define ENDPOINT_MAX_INSTREAMS 2048    /* what a peer's INIT can buy */
#define ENDPOINT_MAX_ASSOCIATIONS 10000
#define ENDPOINT_EVENTS                                                    \
	(GEN_SCTP_DATA_IO_EVENT | GEN_SCTP_ASSOCIATION_EVENT |             \
	 GEN_SCTP_ADDRESS_EVENT | GEN_SCTP_SEND_FAILURE_EVENT |            \
	 GEN_SCTP_PEER_ERROR_EVENT | GEN_SCTP_SHUTDOWN_EVENT |             \
	 GEN_SCTP_PARTIAL_DELIVERY_EVENT)

struct endpoint_options {
	uint32_t events; /* GEN_SCTP_..._EVENT */
	struct gen_sctp_linger linger;
	bool reuseaddr;
	bool non_block_send;
	int send_timeout_ms; /* -1 = for ever */
	unsigned int max_associations; /* set up by peers */
	uint32_t recbuf; /* bytes; an association may have less, see recbuf.h */
	uint16_t remote_udp_port;
	struct send_defaults send;
	bool keep_for_failure;
	bool fixed_mtu; /* by the user: do not follow the interface */
	enum gen_sctp_mode mode;
	uint32_t buffer;
	uint32_t high_watermark, low_watermark;
	bool disable_fragments;
	uint32_t autoclose; /* s; 0 = never */
	uint32_t partial_delivery_point; /* bytes; at most half of the buffer */
	uint32_t maxseg; /* 0 = as the path takes them */
	struct link_marks marks;
	uint32_t priority;
	bool recvtos, recvtclass, recvttl;
	bool i_want_mapped_v4_addr;
	struct gen_sctp_local_addr_policy local_addr_policy;
	uint32_t busy_poll; /* us */
};

enum endpoint_way { ENDPOINT_IN, ENDPOINT_OUT };

struct endpoint {
	struct esock esock; /* so NULL on a peeled-off one */
	enum gen_sctp_type type;
	struct local *local;
	struct endpoint_options opts;
	int backlog;       /* of listen; 0: no association is welcome */
	bool welcoming;    /* the engine lets peers in: there is room */
	bool listener;     /* stream: its associations wait for accept */
	bool over;         /* stream: its association has ended */
	bool read_shut;    /* stream: what comes is thrown away */
	bool closed;       /* by the user: waiting calls return -EBADF */
	bool receiving;    /* a thread is in recv */
	uint64_t closing_group; /* see closing.h */
	unsigned int users; /* API calls that wait on it */
	os_time deadlines[2]; /* of those, by enum endpoint_way; OS_NEVER */
	uint32_t mtu;      /* IP bytes, of the engine socket's default */
	uint32_t announced; /* bytes, of the engine socket's receive buffer */

	struct traffic in, out;
	struct assoc *assocs, *oldest;
	unsigned int from_peers; /* how many of them peers set up */
	unsigned int attempts;   /* and how many are set up from here now */
	struct assoc *had_room; /* to send, when last looked at; or NULL */
	struct outlet outlet;    /* of what they receive */
	struct owner_rule *rules; /* see owners.h */
	uint32_t last_rule;

	bool has_event;
	os_event event;
	int event_mask; /* GEN_SCTP_POLL_... */
	bool event_set;

	struct endpoint *port_next; /* with an engine socket: its hash chain */
	struct endpoint *closing_next; /* see closing.c */
};

/* A new one, with no socket yet. NULL: no memory. */
struct endpoint *endpoint_new(enum gen_sctp_type type);
/* It is bound: now it is found. */
void endpoint_link(struct endpoint *ep);

/* An endpoint of type stream for one association of `parent`. */
struct endpoint *endpoint_new_peeled(struct endpoint *parent);

/* Backlog 0 stops. */
int endpoint_listen(struct endpoint *ep, int backlog);
/* May peers set up one more association? When the answer changes the engine has
 * to be told: from then on it refuses, or lets in. */
bool endpoint_has_place(const struct endpoint *ep);
int endpoint_follow_places(struct endpoint *ep);

/* Its sockets go; it is freed once nobody uses it. */
void endpoint_end(struct endpoint *ep);

/* Addresses, as the socket's user wants to see them. */
void endpoint_show(const struct endpoint *ep, struct gen_sctp_addr *addrs,
		   size_t n);

/* Around waits in API calls. _unuse may free the endpoint. */
void endpoint_use(struct endpoint *ep);
void endpoint_unuse(struct endpoint *ep);

/* For lead_wait_busily. */
static inline os_time
endpoint_spin(const struct endpoint *ep)
{
	return ep->opts.busy_poll * OS_US;
}

/* recv, or accept on a listener, has something. */
bool endpoint_readable(const struct endpoint *ep);
/* The conditions that hold (GEN_SCTP_POLL_...). */
int endpoint_ready(struct endpoint *ep);
/* A descriptor for those in mask. */
int endpoint_fd(struct endpoint *ep, int mask, gen_sctp_fd_t *fd);
/* Something changed: the descriptor follows, waiters look again. */
void endpoint_changed(struct endpoint *ep);

/* The one with an engine socket that is bound so. */
struct endpoint *endpoint_find_engine(const struct local *local);

/* Another one with that SCTP port and this address. */
struct endpoint *endpoint_find_other(const struct local *local,
				     const struct gen_sctp_addr *addr);

/* The one whose engine socket listens on that SCTP port for that address. */
struct endpoint *endpoint_find_listener(uint16_t sctp_port,
					const struct gen_sctp_addr *local);

#endif
