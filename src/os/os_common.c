/*
 * What is the same on every system.
 */
#include "os_internal.h"

#include <stdatomic.h>
#include <string.h>

#include "os_errno.h"

/* The system's own thread ids come back once a thread has ended. */
uintptr_t
os_thread_self(void)
{
	static atomic_uintptr_t last;
	static OS_THREAD_LOCAL uintptr_t self;

	if (self == 0)
		self = atomic_fetch_add(&last, 1) + 1;
	return self;
}

/* ---------------------------------------------------------------- route */

struct mtu_search {
	const struct gen_sctp_addr *local;
	uint32_t mtu;
};

static int
take_mtu(const struct os_interface_addr *i, void *arg)
{
	struct mtu_search *search = arg;

	if (!ip_addr_equal(&i->addr, search->local))
		return 0;
	search->mtu = i->mtu;
	return 1;
}

static uint32_t
interface_mtu(gen_sctp_fd_t connected)
{
	struct gen_sctp_addr local;
	struct mtu_search search = { &local, 0 };

	if (os_udp_local(connected, &local) == 0)
		os_local_addrs(take_mtu, &search);
	return search.mtu;
}

/* Linux and Windows 10 know the route's, which can be less than the
 * interface's. */
static uint32_t
route_mtu(gen_sctp_fd_t connected, int family)
{
#if defined(IP_MTU) && defined(IPV6_MTU)
	int level = family == GEN_SCTP_INET ? IPPROTO_IP : IPPROTO_IPV6;
	int name = family == GEN_SCTP_INET ? IP_MTU : IPV6_MTU;
	uint32_t mtu = 0;
	socklen_t len = sizeof(mtu);

	if (getsockopt((os_native_socket)connected, level, name, (void *)&mtu,
		       &len) == 0 &&
	    mtu > 0)
		return mtu;
#else
	(void)family;
#endif
	return interface_mtu(connected);
}

/* Connecting sends nothing, but takes no port 0. */
static bool
connect_to(gen_sctp_fd_t fd, struct gen_sctp_addr to)
{
	union os_sockaddr peer;
	int len;

	if (to.port == 0)
		to.port = 9;
	len = gen_sctp_addr_to_sockaddr(&to, &peer.sa, sizeof(peer));
	return len > 0 && connect((os_native_socket)fd, &peer.sa,
				  (socklen_t)len) == 0;
}

uint32_t
os_route_mtu(const struct gen_sctp_addr *to)
{
	gen_sctp_fd_t fd;
	uint32_t mtu = 0;

	if (os_udp_open_bare(to->family, &fd) < 0)
		return 0;
	if (connect_to(fd, *to))
		mtu = route_mtu(fd, to->family);
	os_udp_close(fd);
	return mtu > UINT16_MAX ? UINT16_MAX : mtu; /* of a packet */
}

static int
name_of(gen_sctp_fd_t fd, struct gen_sctp_addr *out)
{
	union os_sockaddr name;
	socklen_t len = sizeof(name);
	int error;

	if (getsockname((os_native_socket)fd, &name.sa, &len) != 0)
		return -EADDRNOTAVAIL;
	error = gen_sctp_addr_from_sockaddr(&name.sa, (size_t)len, out);
	out->port = 0;
	return error < 0 ? error : 0;
}

int
os_route_source(const struct gen_sctp_addr *to, struct gen_sctp_addr *from)
{
	gen_sctp_fd_t fd;
	int error = os_udp_open_bare(to->family, &fd);

	if (error < 0)
		return error;
	error = connect_to(fd, *to) ? name_of(fd, from) : -EHOSTUNREACH;
	os_udp_close(fd);
	return error;
}

/* ------------------------------------------------------------- resolver */

static int
resolver_error(int error)
{
	switch (error) {
	case EAI_MEMORY:
		return -ENOMEM;
	case EAI_AGAIN:
#ifdef EAI_SYSTEM
	case EAI_SYSTEM:
#endif
		return -EAGAIN;
	default:
		return GEN_SCTP_ENXDOMAIN;
	}
}

static int
take_addrs(const struct addrinfo *list, uint16_t port,
	   struct gen_sctp_addr *addrs, int max)
{
	int n = 0;

	for (; list != NULL && n < max; list = list->ai_next) {
		if (gen_sctp_addr_from_sockaddr(list->ai_addr,
						(size_t)list->ai_addrlen,
						&addrs[n]) < 0)
			continue;
		addrs[n++].port = port;
	}
	return n > 0 ? n : GEN_SCTP_ENXDOMAIN;
}

int
os_resolve(const char *host, enum gen_sctp_family family, uint16_t port,
	   struct gen_sctp_addr *addrs, int max)
{
	struct addrinfo hints = { .ai_family = os_af((int)family),
				  .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list;
	int rc;

	if (host[0] == '\0') /* Windows would answer with its own addresses */
		return GEN_SCTP_ENXDOMAIN;
	rc = getaddrinfo(host, NULL, &hints, &list);
	if (rc != 0)
		return resolver_error(rc);
	rc = take_addrs(list, port, addrs, max);
	freeaddrinfo(list);
	return rc;
}

static int
service_port(const char *service, int type)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = type };
	struct gen_sctp_addr addr;
	struct addrinfo *list;
	int rc = getaddrinfo(NULL, service, &hints, &list);

	if (rc != 0)
		return resolver_error(rc);
	rc = gen_sctp_addr_from_sockaddr(list->ai_addr,
					 (size_t)list->ai_addrlen, &addr);
	freeaddrinfo(list);
	return rc == 0 && addr.port != 0 ? addr.port : GEN_SCTP_EPORT;
}

int
os_service_port(const char *service)
{
	int port = service_port(service, SOCK_STREAM);

	if (port == GEN_SCTP_ENXDOMAIN)
		port = service_port(service, SOCK_DGRAM);
	return port == GEN_SCTP_ENXDOMAIN ? GEN_SCTP_EPORT : port;
}
