#include "guard_impl.h"

/* The engine's list of two becomes one of one, with padding (RFC 9260
 * 3.3.2.1.6). */
static void
hide_type(uint8_t *param)
{
	write_be16(param + 2, 6);
	write_be16(param + 4, PARAM_IPV6);
	write_be16(param + 6, 0);
}

static void
hide(const struct guard_item *param)
{
	if (param->type == PARAM_IPV4)
		write_be16(param->at, PARAM_PAD);
	else if (param->type == PARAM_ADDRESS_TYPES && param->len == 8)
		hide_type(param->at);
}

void
guard_hide_ipv4(struct link_packet *p)
{
	size_t offset = SCTP_COMMON_HEADER;
	struct guard_items params;
	struct guard_item param;
	struct guard_chunk c;

	if (!guard_next_chunk(p, &offset, &c) || c.len < INIT_FIXED ||
	    (c.type != CHUNK_INIT && c.type != CHUNK_INIT_ACK))
		return;
	params = guard_items_of(&c, INIT_FIXED);
	while (guard_next_item(&params, &param) == GUARD_ITEM)
		hide(&param);
}
