/*
 * The kernel's buffers of a socket's UDP sockets: udp_sndbuf, udp_recbuf.
 */
#include "config.h"

#include <limits.h>

#include "link.h"
#include "options_impl.h"

static enum os_udp_way
way(const struct gen_sctp_opt *opt)
{
	return opt->name == GEN_SCTP_OPT_UDP_SNDBUF ? OS_UDP_OUT : OS_UDP_IN;
}

int
option_udp_buffer_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (ep->local->bindings[i] != NULL)
			link_binding_set_buffer(ep->local->bindings[i],
						way(opt),
						(int)opt->value.number);
	return 0;
}

/* The smallest. */
int
option_udp_buffer_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	int bytes, least = INT_MAX;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (ep->local->bindings[i] == NULL)
			continue;
		bytes = link_binding_buffer(ep->local->bindings[i], way(opt));
		if (bytes < least)
			least = bytes;
	}
	opt->value.number = least;
	return 0;
}
