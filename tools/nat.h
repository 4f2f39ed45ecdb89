/*
 * A NAT between UDP sockets. It has an address inside and some outside, all of
 * this host. An endpoint inside reaches a remote by sending to a face of it: a
 * UDP port of the NAT on its inside address. The remote sees it at an outside
 * port, its mapping (nat_table.h), and what it sends there comes to the
 * endpoint from the remote's face, which is made when there is none.
 *
 * One thread at a time; nothing waits: the caller polls nat_fds.
 */
#ifndef GENSCTP_TOOLS_NAT_H
#define GENSCTP_TOOLS_NAT_H

#include "impair.h"
#include "nat_table.h"
#include "os.h"
#include "pcapng.h"

#define NAT_MAX_OUTSIDE	 4
/* Faces and mappings; what strangers bring about leaves half of it free. */
#define NAT_MAX_SOCKETS	 512
#define NAT_MAX_STRANGERS (NAT_MAX_SOCKETS / 2)

struct nat_config {
	enum nat_type type;
	struct gen_sctp_addr inside; /* ports are not looked at */
	struct gen_sctp_addr outside[NAT_MAX_OUTSIDE];
	size_t outside_count; /* in use is the first, until a rebinding */
	os_time timeout;      /* of a mapping without traffic; OS_NEVER */
	bool hairpin;
	/* Gets all that comes and leaves, each side under its number; or NULL.
	 * It outlives the NAT. */
	struct pcapng *capture;
};

enum nat_side { NAT_INSIDE, NAT_OUTSIDE };

#define NAT_COUNTS(X) \
	X(out) \
	X(in)		    /* datagrams that were sent on */ \
	X(filtered)	    /* came from remotes that may not come in */ \
	X(hairpins_refused) /* inside to outside port, no hairpin */ \
	X(refused)	    /* no room, or no socket */ \
	X(mappings) X(expired) X(rebound)
struct nat_counts {
#define X(name) uint64_t name;
	NAT_COUNTS(X)
#undef X
};

struct nat;

/* -ENOMEM, -EADDRNOTAVAIL and other errors of sockets. */
int nat_open(struct nat **nat, const struct nat_config *config);
void nat_close(struct nat *nat);

/* Where endpoints inside reach the remote: on this port, if it has no face yet;
 * 0 is any free one. -ENOBUFS: there are too many. */
int nat_face(struct nat *nat, const struct gen_sctp_addr *remote,
	     uint16_t port, struct gen_sctp_addr *face);

/* Where others find an endpoint that is inside, as it would learn by asking a
 * remote of that address: its mapping is made if need be. */
int nat_outside(struct nat *nat, const struct gen_sctp_addr *inside,
		const struct gen_sctp_addr *remote,
		struct gen_sctp_addr *outside, os_time now);

/* A mapping that is open to everybody and stays, on this outside port; 0 is any
 * free one. */
int nat_forward(struct nat *nat, const struct gen_sctp_addr *inside,
		uint16_t port, struct gen_sctp_addr *outside, os_time now);

/* All mappings are lost: the next datagrams out make new ones, on other ports
 * or, `address`, on the next outside address. Forwarded ones stay, but for the
 * address. On failure, where one of their ports is taken there, nothing is
 * changed. */
int nat_rebind(struct nat *nat, bool address);

/* How well datagrams come through from now on, that way or (or'ed) both ways. */
enum nat_way {
	NAT_OUT = 1,
	NAT_IN = 2,
	NAT_BOTH = NAT_OUT | NAT_IN,
};
void nat_impair(struct nat *nat, enum nat_way way,
		const struct impair_profile *p, os_time now);

size_t nat_fds(const struct nat *nat, gen_sctp_fd_t *fds, size_t max);
os_time nat_deadline(const struct nat *nat);
/* Takes what has come and sends on what is due. */
void nat_run(struct nat *nat, os_time now);

const struct nat_counts *nat_counts(const struct nat *nat);
const struct impair_counts *nat_line_counts(const struct nat *nat,
					    enum nat_way way);
/* The first one, or NULL; good until the next call that changes something. */
const struct nat_mapping *nat_mappings(const struct nat *nat);

#endif
