#include "guard_impl.h"

/* The TSN follows the header of DATA and I-DATA. */
#define TSN 4

/* A peer that resets the association moves TSNs on by far more than can be in
 * flight (RFC 6525 s5.2.4). */
#define TSN_WINDOW (UINT32_C(1) << 30)

void
guard_count_in(struct guard_path *path, const struct link_packet *p)
{
	path->traffic.packets_in++;
	path->traffic.bytes_in += p->len;
}

static bool
was_sent(struct guard_entry *e, uint32_t tsn)
{
	if (e->sent_data && e->last_tsn - tsn < TSN_WINDOW)
		return true;
	e->sent_data = true;
	e->last_tsn = tsn;
	return false;
}

void
guard_count_out(struct guard_path *path, const struct link_packet *p,
		const struct guard_scan *s)
{
	size_t offset = SCTP_COMMON_HEADER;
	struct guard_chunk c;

	path->traffic.packets_out++;
	path->traffic.bytes_out += p->len;
	if (!(s->seen & SEEN_DATA))
		return;
	while (guard_next_chunk(p, &offset, &c))
		if ((c.type == CHUNK_DATA || c.type == CHUNK_I_DATA) &&
		    c.len >= TSN + 4 &&
		    was_sent(path->entry, read_be32(c.at + TSN)))
			path->traffic.retransmissions++;
}

bool
guard_traffic(struct guard *g, const struct guard_assoc *a,
	      const struct gen_sctp_addr *addr, struct guard_traffic *out)
{
	const struct guard_entry *e = guard_find_alive(g, a);
	const struct guard_path *path = e ? guard_path_of(e, addr) : NULL;

	if (path == NULL)
		return false;
	*out = path->traffic;
	out->udp_port = path->addr.port;
	return true;
}
