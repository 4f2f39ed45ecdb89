/*
 * IPv4 addresses in IPv6 clothes (RFC 4291 2.5.5.2): those of peers are shown
 * so if i_want_mapped_v4_addr is on; given ones are always understood.
 */
#include "config.h"

#include "ip_addr.h"
#include "options_impl.h"

/* The address that the caller gives; NULL: none. */
static struct gen_sctp_addr *
address_of(struct gen_sctp_opt *opt)
{
	switch (opt->name) {
	case GEN_SCTP_OPT_PRIMARY_ADDR:
		return &opt->value.primary_addr.addr;
	case GEN_SCTP_OPT_PEER_ADDR_PARAMS:
		return &opt->value.peer_addr_params.address;
	case GEN_SCTP_OPT_UDP_ENCAPS:
		return &opt->value.udp_encaps.address;
	case GEN_SCTP_OPT_GET_PEER_ADDR_INFO:
		return &opt->value.get_peer_addr_info.address;
	default:
		return NULL;
	}
}

struct gen_sctp_opt
option_unmap(const struct gen_sctp_opt *opt)
{
	struct gen_sctp_opt plain = *opt;
	struct gen_sctp_addr *addr = address_of(&plain);

	if (addr != NULL)
		ip_addr_unmap(addr);
	return plain;
}

void
option_show(const struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_addr *addr = address_of(opt);

	if (opt->name == GEN_SCTP_OPT_STATUS)
		addr = &opt->value.status.primary.address;
	if (addr != NULL)
		endpoint_show(ep, addr, 1);
}
