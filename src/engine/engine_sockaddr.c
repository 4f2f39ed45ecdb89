#include "config.h"

#include "engine_sockaddr.h"

#include <string.h>

#include "ip_addr.h"
#include "packet.h"

uint16_t
engine_htons(uint16_t v)
{
	uint16_t out;

	write_be16((uint8_t *)&out, v);
	return out;
}

static uint16_t
port_of(const uint16_t *be)
{
	return read_be16((const uint8_t *)be);
}

socklen_t
engine_sockaddr_set(union engine_sockaddr *out,
		    const struct gen_sctp_addr *addr, uint16_t port)
{
	socklen_t len;

	memset(out, 0, sizeof(*out));
	if (addr->family == GEN_SCTP_INET6) {
		len = sizeof(out->sin6);
		out->sin6.sin6_family = AF_INET6;
		out->sin6.sin6_port = engine_htons(port);
		memcpy(&out->sin6.sin6_addr, addr->ip, 16);
		out->sin6.sin6_scope_id = addr->scope_id;
	} else {
		len = sizeof(out->sin);
		out->sin.sin_family = AF_INET;
		out->sin.sin_port = engine_htons(port);
		memcpy(&out->sin.sin_addr, addr->ip, 4);
	}
#ifdef HAVE_STRUCT_SOCKADDR_SA_LEN
	out->sa.sa_len = (uint8_t)len;
#endif
	return len;
}

void
engine_sockaddr_set_conn(union engine_sockaddr *out, void *addr, uint16_t port)
{
	memset(out, 0, sizeof(*out));
	out->conn.sconn_family = AF_CONN;
	out->conn.sconn_port = engine_htons(port);
	out->conn.sconn_addr = addr;
#ifdef HAVE_STRUCT_SOCKADDR_SA_LEN
	out->sa.sa_len = sizeof(out->conn);
#endif
}

struct gen_sctp_addr
engine_sockaddr_get(const struct sockaddr *sa)
{
	struct gen_sctp_addr addr;
	union engine_sockaddr in;

	memset(&addr, 0, sizeof(addr));
	memset(&in, 0, sizeof(in));
	memcpy(&in, sa, engine_sockaddr_size(sa));
	if (in.sa.sa_family == AF_INET) {
		addr.family = GEN_SCTP_INET;
		addr.port = port_of(&in.sin.sin_port);
		memcpy(addr.ip, &in.sin.sin_addr, 4);
	} else if (in.sa.sa_family == AF_INET6) {
		addr.family = GEN_SCTP_INET6;
		addr.port = port_of(&in.sin6.sin6_port);
		memcpy(addr.ip, &in.sin6.sin6_addr, 16);
		addr.scope_id = in.sin6.sin6_scope_id;
		ip_addr_unmap(&addr);
	}
	return addr;
}

size_t
engine_sockaddr_size(const struct sockaddr *sa)
{
	switch (sa->sa_family) {
	case AF_INET:
		return sizeof(struct sockaddr_in);
	case AF_INET6:
		return sizeof(struct sockaddr_in6);
	case AF_CONN:
		return sizeof(struct sockaddr_conn);
	default:
		return sizeof(sa->sa_family);
	}
}
