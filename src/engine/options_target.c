/*
 * Whom an option is about: endpoints, associations and addresses of peers.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "ip_addr.h"
#include "options_impl.h"
#include "path_mtu.h"
#include "stack.h"

int
option_engine_set(struct socket *so, int option, const void *value, size_t len)
{
	if (usrsctp_setsockopt(so, IPPROTO_SCTP, option, value,
			       (socklen_t)len) == 0)
		return 0;
	return engine_error_of(ENGINE_OPTION);
}

int
option_engine_get(struct socket *so, int option, void *value, size_t len)
{
	socklen_t room = (socklen_t)len;

	if (usrsctp_getsockopt(so, IPPROTO_SCTP, option, value, &room) == 0)
		return 0;
	return engine_error_of(ENGINE_OPTION);
}

int
option_engine_status(const struct option_target *t, struct sctp_status *out)
{
	memset(out, 0, sizeof(*out));
	out->sstat_assoc_id = t->id;
	return option_engine_get(t->so, SCTP_STATUS, out, sizeof(*out));
}

int
option_value_set(const struct option_target *t, int option, uint32_t value)
{
	const struct sctp_assoc_value to = {
		.assoc_id = t->id,
		.assoc_value = value,
	};

	return option_engine_set(t->so, option, &to, sizeof(to));
}

int
option_value_get(const struct option_target *t, int option, uint32_t *value)
{
	struct sctp_assoc_value from = { .assoc_id = t->id };
	int error = option_engine_get(t->so, option, &from, sizeof(from));

	*value = from.assoc_value;
	return error;
}

struct socket *
option_socket(const struct endpoint *ep)
{
	if (ep->esock.so != NULL)
		return ep->esock.so;
	return ep->assocs != NULL ? ep->assocs->esock.so : NULL;
}

/* -------------------------------------------------------------- targets */

/* False: it has ended. Its engine socket, while there is one, would answer
 * with defaults that mean nothing. */
static bool
target_assoc(struct assoc *a, struct option_target *out)
{
	struct sctp_status status;

	if (a == NULL || a->phase == ASSOC_OVER)
		return false;
	out->a = a;
	out->so = assoc_socket(a, &out->id);
	return option_engine_status(out, &status) == 0;
}

static int
target_endpoint(const struct endpoint *ep, struct option_target *out)
{
	out->a = NULL;
	out->so = ep->esock.so;
	out->id = SCTP_FUTURE_ASSOC;
	return out->so != NULL ? 0 : -EINVAL;
}

int
option_target(const struct endpoint *ep, gen_sctp_assoc_id_t id,
	      struct option_target *out)
{
	if (ep->type == GEN_SCTP_STREAM)
		return target_assoc(assoc_only(ep), out) ?
			       0 :
			       target_endpoint(ep, out);
	if (id == 0)
		return target_endpoint(ep, out);
	return target_assoc(assoc_find(ep, id), out) ? 0 : -EINVAL;
}

int
option_check_target(const struct endpoint *ep, gen_sctp_assoc_id_t id)
{
	struct option_target t;

	if (ep != NULL)
		return option_target(ep, id, &t);
	return id == 0 ? 0 : -EINVAL;
}

int
option_target_at(const struct endpoint *ep, gen_sctp_assoc_id_t id,
		 const struct gen_sctp_addr *address, struct option_target *out)
{
	struct assoc *a;
	int error;

	if (option_every_address(address))
		return option_target(ep, id, out);
	if (ep->type != GEN_SCTP_STREAM && id == 0) {
		a = assoc_find_peer(ep, address);
		return target_assoc(a, out) ? 0 : -EINVAL;
	}
	error = option_target(ep, id, out);
	if (error == 0 && out->a == NULL)
		return -EINVAL;
	return error;
}

gen_sctp_assoc_id_t
option_target_id(const struct option_target *t)
{
	return t->a != NULL ? t->a->id : 0;
}

/* --------------------------------------------------- addresses of peers */

bool
option_every_address(const struct gen_sctp_addr *address)
{
	return address->family == GEN_SCTP_UNSPEC || ip_addr_is_any(address);
}

void
option_peer_any(const struct endpoint *ep, struct option_peer *out)
{
	memset(out, 0, sizeof(*out));
	out->addr.family = (uint8_t)ep->local->family;
	if (stack_layer()->domain(ep->local->family) == AF_CONN)
		engine_sockaddr_set_conn(&out->sa, NULL, 0);
	else
		engine_sockaddr_set(&out->sa, &out->addr, 0);
}

int
option_peers(const struct option_target *t, struct option_peer **out,
	     size_t *count)
{
	struct sockaddr *list, *sa;
	struct option_peer *peers;
	int i, n;

	n = usrsctp_getpaddrs(t->so, t->id, &list);
	if (n < 0)
		return engine_error_of(ENGINE_OPTION);
	peers = calloc((size_t)n + 1, sizeof(*peers));
	sa = list;
	for (i = 0; i < n && peers != NULL; i++) {
		size_t len = engine_sockaddr_size(sa);

		memcpy(&peers[i].sa, sa, len);
		peers[i].addr = stack_layer()->addr(sa);
		assoc_translate(t->a, &peers[i].addr);
		sa = (struct sockaddr *)((char *)sa + len);
	}
	usrsctp_freepaddrs(list);
	*out = peers;
	*count = (size_t)n;
	return peers != NULL ? 0 : -ENOMEM;
}

int
option_find_peer(const struct option_target *t,
		 const struct gen_sctp_addr *address, struct option_peer *out)
{
	struct option_peer *peers;
	size_t i, n;
	int error;

	error = option_peers(t, &peers, &n);
	if (error != 0)
		return error;
	error = -EINVAL;
	for (i = 0; i < n && error != 0; i++)
		if (ip_addr_port_equal(&peers[i].addr, address)) {
			*out = peers[i];
			error = 0;
		}
	free(peers);
	return error;
}

int
option_peer_info(const struct option_target *t, const struct option_peer *peer,
		 struct gen_sctp_paddrinfo *out)
{
	struct sctp_paddrinfo in;
	int error;

	memset(&in, 0, sizeof(in));
	in.spinfo_assoc_id = t->id;
	memcpy(&in.spinfo_address, &peer->sa, sizeof(peer->sa));
	error = option_engine_get(t->so, SCTP_GET_PEER_ADDR_INFO, &in,
				  sizeof(in));
	if (error == 0)
		option_path_info(t, &in, out);
	return error;
}

static enum gen_sctp_path_state
path_state(int32_t engine)
{
	switch (engine) {
	case SCTP_ACTIVE:
		return GEN_SCTP_PATH_ACTIVE;
	case SCTP_INACTIVE:
		return GEN_SCTP_PATH_INACTIVE;
	case SCTP_UNCONFIRMED:
		return GEN_SCTP_PATH_UNCONFIRMED;
	default:
		return GEN_SCTP_PATH_UNDEFINED;
	}
}

void
option_path_info(const struct option_target *t, const struct sctp_paddrinfo *in,
		 struct gen_sctp_paddrinfo *out)
{
	memset(out, 0, sizeof(*out));
	out->assoc_id = option_target_id(t);
	out->address = stack_layer()->addr(
		(const struct sockaddr *)&in->spinfo_address);
	assoc_translate(t->a, &out->address);
	out->state = path_state(in->spinfo_state);
	out->cwnd = in->spinfo_cwnd;
	out->srtt = in->spinfo_srtt;
	out->rto = in->spinfo_rto;
	out->mtu = path_mtu_from_engine(
		in->spinfo_mtu, (enum gen_sctp_family)out->address.family);
}
