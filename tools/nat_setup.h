/*
 * From options to a NAT.
 */
#ifndef GENSCTP_TOOLS_NAT_SETUP_H
#define GENSCTP_TOOLS_NAT_SETUP_H

#include "nat.h"
#include "options.h"

/* Something that traffic goes to by a port of the NAT, 0: any free one. */
struct nat_target {
	const char *text; /* as it was given */
	struct gen_sctp_addr addr;
	uint16_t port;
};

struct nat_setup {
	struct nat_config config;
	struct impair_profile out, in;
	struct nat_target *remotes, *forwards;
	size_t remote_count, forward_count;
};

/* Complains where the options are wrong. Looks names up. nat_setup_free also
 * where it failed. */
enum status nat_setup(struct nat_setup *setup, const struct options *options);
void nat_setup_free(struct nat_setup *setup);

#endif
