/*
 * Datagram sockets of POSIX systems: making them, and what the kernel can do.
 */
#include "os_posix_udp.h"

#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <netinet/udp.h>
#endif

#include "os_errno.h"
#include "os_posix.h"

/* Smaller kernel buffers are not asked for. */
#define BUFFER_MIN 65536

/* ------------------------------------------------------------- features */

static struct os_udp_features features = {
	.tos = true,
#ifndef __FreeBSD__ /* not with an IPv4 datagram */
	.ttl = true,
#endif
#ifndef __APPLE__ /* reports differ on when XNU takes it */
	.source = true,
#endif
};

const struct os_udp_features *
os_udp_features(void)
{
	return &features;
}

void
os_udp_without_source(void)
{
	features.source = false;
}

void
os_udp_gso_off(void)
{
	features.gso = false;
}

#ifdef __linux__
/* ENOSYS in a sandbox; EBADF where they work. */
static bool
has_batch_calls(void)
{
	return recvmmsg(-1, NULL, 0, 0, NULL) < 0 && errno == EBADF &&
	       sendmmsg(-1, NULL, 0, 0) < 0 && errno == EBADF;
}

static bool
takes_option(int fd, int name, int value)
{
	return setsockopt(fd, IPPROTO_UDP, name, &value, sizeof(value)) == 0;
}

void
os_udp_probe(bool off)
{
	int fd = off ? -1 : os_socket(AF_INET, SOCK_DGRAM, 0);

	if (!off && fd < 0)
		fd = os_socket(AF_INET6, SOCK_DGRAM, 0);
	features.batch = !off && has_batch_calls();
	features.gso = fd >= 0 && takes_option(fd, UDP_SEGMENT, BUFFER_MIN / 64);
	features.gro = fd >= 0 && takes_option(fd, UDP_GRO, 1);
	if (fd >= 0)
		close(fd);
}
#else
void
os_udp_probe(bool off)
{
	(void)off; /* there is nothing to switch on */
}
#endif

/* -------------------------------------------------------------- sockets */

int
os_socket(int family, int type, int protocol)
{
#if defined(SOCK_NONBLOCK) && defined(SOCK_CLOEXEC)
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

	return fd < 0 ? -errno : fd;
#else
	int fd = socket(family, type, protocol), rc;

	if (fd < 0)
		return -errno;
	rc = os_set_nonblocking(fd);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
#endif
}

struct option {
	int level;
	int name;
	int value;
	bool needed;
};

static const struct option inet_options[] = {
#if defined(__APPLE__)
	{ IPPROTO_IP, IP_RECVPKTINFO, 1, true },
#elif defined(IP_PKTINFO)
	{ IPPROTO_IP, IP_PKTINFO, 1, true },
#else
	{ IPPROTO_IP, IP_RECVDSTADDR, 1, true },
#endif
	{ IPPROTO_IP, IP_RECVTOS, 1, false },
	{ IPPROTO_IP, IP_RECVTTL, 1, false },
#ifdef IP_PMTUDISC_DONT
	{ IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT, false },
#endif
};

static const struct option inet6_options[] = {
	{ IPPROTO_IPV6, IPV6_V6ONLY, 1, true },
	{ IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, true },
	{ IPPROTO_IPV6, IPV6_RECVTCLASS, 1, false },
	{ IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, false },
#ifdef IPV6_PMTUDISC_DONT
	{ IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT, false },
#endif
};

static int
set_options(int fd, const struct option *options, size_t n)
{
	const struct option *o;

	for (o = options; o < options + n; o++)
		if (setsockopt(fd, o->level, o->name, &o->value,
			       sizeof(o->value)) < 0 &&
		    o->needed)
			return -errno;
	return 0;
}

static int
buffer_option(enum os_udp_way way)
{
	return way == OS_UDP_IN ? SO_RCVBUF : SO_SNDBUF;
}

/* Linux takes any size and uses what it allows; the BSDs refuse too much. */
void
os_udp_set_buffer(gen_sctp_fd_t fd, enum os_udp_way way, int bytes)
{
	while (setsockopt((int)fd, SOL_SOCKET, buffer_option(way), &bytes,
			  sizeof(bytes)) < 0 &&
	       bytes / 2 >= BUFFER_MIN)
		bytes /= 2;
}

int
os_udp_buffer(gen_sctp_fd_t fd, enum os_udp_way way)
{
	int bytes = 0;
	socklen_t len = sizeof(bytes);

	getsockopt((int)fd, SOL_SOCKET, buffer_option(way), &bytes, &len);
	return bytes;
}

static int
prepare(int fd, int family, int buffer)
{
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
	int rc = family == GEN_SCTP_INET
			 ? set_options(fd, inet_options, COUNT(inet_options))
			 : set_options(fd, inet6_options,
				       COUNT(inet6_options));

	if (rc < 0)
		return rc;
	if (buffer > 0) {
		os_udp_set_buffer(fd, OS_UDP_IN, buffer);
		os_udp_set_buffer(fd, OS_UDP_OUT, buffer);
	}
#ifdef __linux__
	if (features.gro)
		takes_option(fd, UDP_GRO, 1);
#endif
	return 0;
}

static void
set_shared(gen_sctp_fd_t fd, int on)
{
	setsockopt((int)fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
}

static int
open_bound(const struct gen_sctp_addr *local, int buffer, bool shared,
	   gen_sctp_fd_t *out)
{
	union os_sockaddr u;
	int len = gen_sctp_addr_to_sockaddr(local, &u.sa, sizeof(u));
	int fd, rc;

	if (len < 0)
		return len;
	fd = os_socket(u.sa.sa_family, SOCK_DGRAM, 0);
	if (fd < 0)
		return fd;
	rc = prepare(fd, local->family, buffer);
	if (shared)
		set_shared(fd, 1);
	if (rc == 0 && bind(fd, &u.sa, (socklen_t)len) < 0)
		rc = -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	if (shared)
		set_shared(fd, 0);
	*out = fd;
	return 0;
}

int
os_udp_open_bare(int family, gen_sctp_fd_t *fd)
{
	int opened = os_socket(os_af(family), SOCK_DGRAM, 0);

	*fd = opened;
	return opened < 0 ? opened : 0;
}

int
os_udp_open(const struct gen_sctp_addr *local, int buffer, gen_sctp_fd_t *fd)
{
	return open_bound(local, buffer, false, fd);
}

/* Linux looks at the option of both sockets, and only while one is bound: set
 * for that moment alone, no other process can share the port. */
int
os_udp_open_beside(const struct gen_sctp_addr *local, int buffer,
		   const gen_sctp_fd_t *ours, size_t n, gen_sctp_fd_t *fd)
{
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		set_shared(ours[i], 1);
	rc = open_bound(local, buffer, true, fd);
	for (i = 0; i < n; i++)
		set_shared(ours[i], 0);
	return rc;
}

void
os_udp_close(gen_sctp_fd_t fd)
{
	close((int)fd);
}

int
os_udp_local(gen_sctp_fd_t fd, struct gen_sctp_addr *local)
{
	union os_sockaddr u;
	socklen_t len = sizeof(u);

	if (getsockname((int)fd, &u.sa, &len) < 0)
		return -errno;
	return gen_sctp_addr_from_sockaddr(&u.sa, (size_t)len, local);
}
