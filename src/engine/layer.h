/*
 * The engine's IP layer: how packets get from and to the link, and how the
 * engine names addresses. Two of them: replaced.c stands in for usrsctp's own
 * IP layer (several paths, IPv4 and IPv6), conn.c uses usrsctp's AF_CONN
 * interface (one path per association) where nothing can be replaced.
 */
#ifndef GENSCTP_ENGINE_LAYER_H
#define GENSCTP_ENGINE_LAYER_H

#include <stdbool.h>

#include "engine_sockaddr.h"
#include "guard.h"
#include "packet.h"

struct conn_path;

struct ip_layer {
	const char *name; /* "replaced", "conn" */
	bool multihoming;
	bool wakeups; /* the engine tells which sockets to look at */
	bool timers;  /* the engine's timers are in timers.c */
	/* A packet from the network, for the engine. */
	void (*input)(const struct link_packet *p);
	/* The domain of a socket for addresses of this family. */
	int (*domain)(enum gen_sctp_family family);
	/* The engine's address for one of this host, to bind. 0 or -ENOMEM. */
	int (*local)(union engine_sockaddr *out,
		     const struct gen_sctp_addr *addr, uint16_t port);
	/* The engine's address for a peer to connect to from `local` (family 0:
	 * from any; its port is our SCTP port). The UDP port is that of the first
	 * packets. 0 or -ENOMEM. */
	int (*dial)(union engine_sockaddr *out,
		    const struct gen_sctp_addr *local,
		    const struct gen_sctp_addr *to, uint16_t udp_port);
	/* As usrsctp_connectx, to n of these, one after the other. */
	int (*connect)(struct socket *so, struct sockaddr *addrs, int n,
		       sctp_assoc_t *id);
	/* What the layer keeps for an association as long as it is held, found by
	 * an address of the peer that the engine gave; NULL: nothing. */
	struct conn_path *(*hold)(const struct sockaddr *peer);
	void (*release)(struct conn_path *path);
	/* The engine's address for one that the association's peer has, if the
	 * layer can tell: -EINVAL, it does not have that one. */
	int (*peer)(union engine_sockaddr *out, const struct conn_path *path,
		    const struct guard_assoc *id,
		    const struct gen_sctp_addr *addr);
	/* Our address in the association; family 0: the engine knows better. */
	struct gen_sctp_addr (*own)(const struct conn_path *path);
	/* What an address of a peer is that the engine gave; family 0: none. */
	struct gen_sctp_addr (*addr)(const struct sockaddr *sa);
};

/* Why the seam mostly fails, as far as one can tell. */
#define REPLACED_TOO_LATE                                         \
	"usrsctp is linked or loaded before gensctp and cannot have " \
	"its IP layer replaced"

/* Engages the seam; before the engine is started. */
int replaced_engage(void);
/* After: proves with packets that every replaced function is ours and that
 * the engine's layouts are as expected; a reason, or NULL. On failure the
 * engine runs without any of it. */
const char *replaced_prove(void);
extern const struct ip_layer replaced_layer;

/* After the engine was started. */
void conn_start(void);
/* usrsctp_init's output function for AF_CONN addresses. */
int conn_output(void *addr, void *packet, size_t len, uint8_t tos,
		uint8_t set_df);
extern const struct ip_layer conn_layer;

#endif
