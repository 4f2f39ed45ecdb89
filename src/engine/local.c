#include "config.h"

#include "local.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "ip_addr.h"
#include "lead.h"
#include "link.h"
#include "local_addrs.h"
#include "packet.h"
#include "stack.h"

/* Tries to find a UDP port that is free in both families. */
#define PORT_TRIES 20

/* Whoever polls has to look at other sockets than before. */
static void
kick_if_changed(unsigned int version)
{
	if (link_fds_version() != version)
		lead_kick();
}

struct local *
local_use(struct local *l)
{
	l->refs++;
	return l;
}

static void
unbind_udp(struct local *l)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (l->bindings[i] != NULL)
			link_unbind(l->bindings[i]);
	l->bindings[0] = l->bindings[1] = NULL;
}

void
local_unuse(struct local *l)
{
	const unsigned int version = link_fds_version();
	size_t i;

	if (--l->refs > 0)
		return;
	unbind_udp(l);
	for (i = 0; i < l->count; i++)
		local_addrs_release(&l->addrs[i]);
	free(l->addrs);
	free(l);
	kick_if_changed(version);
}

/* "Any" address of an IPv6 socket is both families, as in a kernel. */
static int
bind_both_families(struct local *l, const struct local_spec *spec)
{
	uint16_t port = spec->udp_port;
	int error;

	error = link_bind(spec->sctp_port, NULL, 0, GEN_SCTP_INET6, &port,
			  &l->bindings[0]);
	if (error == 0)
		error = link_bind(spec->sctp_port, NULL, 0, GEN_SCTP_INET,
				  &port, &l->bindings[1]);
	l->udp_port = port;
	if (error != 0)
		unbind_udp(l);
	return error;
}

static int
bind_udp(struct local *l, const struct local_spec *spec)
{
	int error, tries = 0;

	if (spec->count == 0 && spec->family == GEN_SCTP_INET6 &&
	    !spec->v6only) {
		do
			error = bind_both_families(l, spec);
		while (error == -EADDRINUSE && spec->udp_port == 0 &&
		       ++tries < PORT_TRIES);
		return error;
	}
	l->udp_port = spec->udp_port;
	return link_bind(spec->sctp_port, spec->addrs, spec->count,
			 spec->family, &l->udp_port, &l->bindings[0]);
}

static int
hold_addresses(struct local *l, const struct local_spec *spec)
{
	int error;

	if (spec->count == 0)
		return 0;
	l->addrs = calloc(spec->count, sizeof(*l->addrs));
	if (l->addrs == NULL)
		return -ENOMEM;
	while (l->count < spec->count) {
		l->addrs[l->count] = spec->addrs[l->count];
		error = local_addrs_hold(&l->addrs[l->count]);
		if (error != 0)
			return error;
		l->count++;
	}
	return 0;
}

static int
make(const struct local_spec *spec, uint64_t endpoint, struct local **out)
{
	const unsigned int version = link_fds_version();
	struct local *l = calloc(1, sizeof(*l));
	int error;

	if (l == NULL)
		return -ENOMEM;
	l->refs = 1;
	l->endpoint = endpoint;
	l->family = spec->family;
	l->v6only = spec->v6only;
	l->sctp_port = spec->sctp_port;
	error = bind_udp(l, spec);
	if (error == 0 && l->v6only)
		link_binding_hide_ipv4(l->bindings[0]);
	if (error == 0)
		error = hold_addresses(l, spec);
	if (error != 0) {
		local_unuse(l);
		return error;
	}
	kick_if_changed(version);
	*out = l;
	return 0;
}

int
local_new(const struct local_spec *spec, struct local **out, const char **hint)
{
	static uint64_t last;
	int error = make(spec, ++last, out);

	if (error == -EADDRINUSE)
		*hint = "the UDP port is taken by another program: choose "
			"another one, or 0 for any, with the option udp_encaps";
	if (error == -EADDRNOTAVAIL)
		*hint = "an address is not one of this host's";
	return error;
}

int
local_rebound(const struct local *l, const struct gen_sctp_addr *addrs,
	      size_t count, struct local **out)
{
	const struct local_spec spec = {
		.family = l->family,
		.v6only = l->v6only,
		.sctp_port = l->sctp_port,
		.udp_port = l->udp_port,
		.addrs = addrs,
		.count = count,
	};
	int error = make(&spec, l->endpoint, out);

	if (error == 0)
		link_binding_mark_as((*out)->bindings[0], l->bindings[0]);
	return error;
}

/* ---------------------------------------------------- in the engine */

static struct gen_sctp_addr
bind_address(const struct local *l, size_t i)
{
	struct gen_sctp_addr any;

	if (i < l->count)
		return l->addrs[i];
	memset(&any, 0, sizeof(any));
	any.family = (uint8_t)l->family;
	return any;
}

static uint16_t
bound_port(struct socket *so)
{
	struct sockaddr *list;
	uint16_t port = 0;

	if (usrsctp_getladdrs(so, 0, &list) > 0) {
		/* The port is at the same place in every family. */
		port = read_be16((const uint8_t *)list +
				 offsetof(struct sockaddr_in, sin_port));
		usrsctp_freeladdrs(list);
	}
	return port;
}

static void
set_sctp_port(struct local *l, uint16_t port)
{
	size_t i;

	l->sctp_port = port;
	for (i = 0; i < 2; i++)
		if (l->bindings[i] != NULL)
			link_binding_set_sctp_port(l->bindings[i], port);
}

int
local_bind_engine(struct local *l, struct socket *so)
{
	uint16_t port = l->sctp_port;
	struct gen_sctp_addr addr;
	union engine_sockaddr sa;
	socklen_t len;
	size_t i;

	for (i = 0; i < l->count || i == 0; i++) {
		addr = bind_address(l, i);
		if (stack_layer()->local(&sa, &addr, port) != 0)
			return -ENOMEM;
		len = (socklen_t)engine_sockaddr_size(&sa.sa);
		if (i == 0 && usrsctp_bind(so, &sa.sa, len) != 0)
			return engine_error();
		if (i > 0 &&
		    usrsctp_bindx(so, &sa.sa, 1, SCTP_BINDX_ADD_ADDR) != 0)
			return engine_error();
		if (port == 0)
			port = bound_port(so);
	}
	set_sctp_port(l, port);
	return 0;
}

/* ------------------------------------------------------------- addresses */

bool
local_has_address(const struct local *l, const struct gen_sctp_addr *addr)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (ip_addr_equal(&l->addrs[i], addr))
			return true;
	return l->count == 0;
}

bool
local_overlap(const struct local *a, const struct local *b)
{
	size_t i;

	if (a->sctp_port != b->sctp_port)
		return false;
	for (i = 0; i < a->count; i++)
		if (local_has_address(b, &a->addrs[i]))
			return true;
	return a->count == 0;
}
