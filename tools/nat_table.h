/*
 * What a NAT remembers: which outside port stands for which endpoint inside,
 * and who may come in by it (RFC 4787). It knows no clock and no socket but
 * what it is given.
 */
#ifndef GENSCTP_TOOLS_NAT_TABLE_H
#define GENSCTP_TOOLS_NAT_TABLE_H

#include "os.h"

/* All but the last have endpoint-independent mappings (RFC 4787 4.1) and differ
 * in their filter (5). */
#define NAT_TYPES(X) \
	X(FULL_CONE, "full-cone")		    /* everybody comes in */ \
	X(ADDRESS_RESTRICTED, "address-restricted") /* addresses sent to */ \
	X(PORT_RESTRICTED, "port-restricted")	    /* ports sent to */ \
	X(SYMMETRIC, "symmetric") /* a mapping a remote, and only that */
enum nat_type {
#define X(NAME, name) NAT_##NAME,
	NAT_TYPES(X)
#undef X
};

/* False: there is no such type. */
bool nat_type_parse(const char *name, enum nat_type *type);

struct nat_mapping {
	struct nat_mapping *next;
	struct gen_sctp_addr inside; /* an endpoint's address and port */
	struct gen_sctp_addr remote; /* of a symmetric NAT; else no family */
	struct gen_sctp_addr outside;
	bool forwarded; /* open to everybody, and never forgotten */
	os_time used;
	gen_sctp_fd_t fd; /* the owner's, bound to `outside`; or OS_NO_FD */
	struct gen_sctp_addr *sent_to; /* remotes */
	size_t sent_to_count, sent_to_room;
};

struct nat_table {
	enum nat_type type;
	os_time timeout; /* of a mapping without traffic; OS_NEVER */
	struct nat_mapping *mappings;
};

/* The mapping that a datagram from inside to the remote takes, or NULL. */
struct nat_mapping *
nat_table_find(const struct nat_table *t, const struct gen_sctp_addr *inside,
	       const struct gen_sctp_addr *remote);

/* A new one; NULL: no memory. The caller sets `outside` and `fd`. */
struct nat_mapping *
nat_table_add(struct nat_table *t, const struct gen_sctp_addr *inside,
	      const struct gen_sctp_addr *remote, os_time now);

/* A datagram leaves by it: its remote may come in. False: no memory. */
bool nat_mapping_leave(struct nat_mapping *m,
		       const struct gen_sctp_addr *remote, os_time now);

/* A datagram comes in by it. False: it must not. */
bool nat_mapping_enter(const struct nat_table *t, struct nat_mapping *m,
		       const struct gen_sctp_addr *remote, os_time now);

/* Takes out one that is older than the time-out, or NULL; and when there will
 * be one. */
struct nat_mapping *nat_table_take_expired(struct nat_table *t, os_time now);
os_time nat_table_deadline(const struct nat_table *t);

/* Takes out one that is not forwarded, or NULL. */
struct nat_mapping *nat_table_take(struct nat_table *t);

void nat_mapping_free(struct nat_mapping *m);

#endif
