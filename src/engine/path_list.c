#include "config.h"

#include "path_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip_addr.h"
#include "leaf.h"
#include "link.h"
#include "options_impl.h"

static void
add_traffic(const struct assoc *a, const struct gen_sctp_addr *addr,
	    struct gen_sctp_path *path)
{
	struct guard_traffic t = { 0 };

	leaf_lock();
	guard_traffic(link_guard(), &a->tags, addr, &t);
	leaf_unlock();
	path->udp_port = t.udp_port;
	path->packets_in = t.packets_in;
	path->bytes_in = t.bytes_in;
	path->packets_out = t.packets_out;
	path->bytes_out = t.bytes_out;
	path->retransmissions = t.retransmissions;
}

static int
describe(const struct option_target *t, const struct option_peer *peer,
	 const struct gen_sctp_addr *primary, struct gen_sctp_path *path)
{
	memset(path, 0, sizeof(*path));
	path->primary = ip_addr_equal(&peer->addr, primary);
	add_traffic(t->a, &peer->addr, path);
	return option_peer_info(t, peer, &path->info);
}

static int
describe_all(const struct option_target *t, const struct option_peer *peers,
	     size_t n, struct gen_sctp_path *paths)
{
	struct gen_sctp_paddrinfo primary;
	struct sctp_status status;
	int error = option_engine_status(t, &status);
	size_t i;

	option_path_info(t, &status.sstat_primary, &primary);
	for (i = 0; i < n && error == 0; i++)
		error = describe(t, &peers[i], &primary.address, &paths[i]);
	return error;
}

int
path_list(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	  struct gen_sctp_path *paths, size_t max)
{
	struct option_peer *peers;
	struct option_target t;
	size_t n;
	int error = option_target(ep, id, &t);

	if (error == 0 && t.a == NULL)
		error = -EINVAL;
	if (error == 0)
		error = option_peers(&t, &peers, &n);
	if (error != 0)
		return error;
	error = describe_all(&t, peers, n < max ? n : max, paths);
	free(peers);
	return error != 0 ? error : (int)n;
}
