/*
 * What an endpoint is bound to: SCTP port, addresses, UDP sockets. Counted:
 * endpoints that are peeled off and background closes share it.
 *
 * Stack lock held.
 */
#ifndef GENSCTP_ENGINE_LOCAL_H
#define GENSCTP_ENGINE_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"

struct link_binding;
struct socket;

/* What open asks for. */
struct local_spec {
	enum gen_sctp_family family;
	bool v6only;
	uint16_t sctp_port; /* 0 = any free */
	uint16_t udp_port;  /* 0 = any free */
	const struct gen_sctp_addr *addrs;
	size_t count; /* 0 = any */
};

/* Once bound it stays as it is. */
struct local {
	unsigned int refs;
	uint64_t endpoint; /* the same in those that an endpoint had by and by */
	enum gen_sctp_family family;
	bool v6only; /* no IPv4 */
	uint16_t sctp_port;
	uint16_t udp_port;
	size_t count; /* addresses; 0 = any */
	struct gen_sctp_addr *addrs;
	/* "Any" of an IPv6 endpoint is both families: two. */
	struct link_binding *bindings[2];
};

/* Binds UDP sockets. *hint is set to a sentence for some errors. */
int
local_new(const struct local_spec *spec, struct local **out, const char **hint);
/* The same endpoint on other addresses, with the same ports. */
int local_rebound(const struct local *l, const struct gen_sctp_addr *addrs,
		  size_t count, struct local **out);
struct local *local_use(struct local *l);
void local_unuse(struct local *l);

/* Binds an engine socket to it, which chooses the SCTP port if that is 0. */
int local_bind_engine(struct local *l, struct socket *so);

bool local_has_address(const struct local *l, const struct gen_sctp_addr *addr);
/* They have an SCTP port and an address of it in common. */
bool local_overlap(const struct local *a, const struct local *b);

#endif
