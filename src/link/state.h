/*
 * What the parts of the link share.
 */
#ifndef GENSCTP_LINK_STATE_H
#define GENSCTP_LINK_STATE_H

#include "link.h"

struct udp_socket;

struct link_state {
	const struct link_ops *ops;
	struct guard *guard; /* under the leaf lock */
	/* output_lost: under the leaf lock; the others: the stack lock. */
	struct link_counters counters;
	/* The socket that the packet now in ops->input came in on, or NULL. */
	struct udp_socket *feeding;
	struct gen_sctp_addr fed_to; /* the address of ours that it came to */
	/* os_udp_send; tests put a worse one here. */
	int (*send)(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n,
		    int *error);
	/* os_route_source; likewise. */
	int (*route)(const struct gen_sctp_addr *to,
		     struct gen_sctp_addr *from);
};
extern struct link_state link_state;

/* The calling thread holds the stack lock. */
bool link_is_owner(void);

#endif
