/*
 * Local addresses of POSIX systems.
 */
#include "os_internal.h"

#include <ifaddrs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#endif

#include "os_errno.h"
#include "os_posix.h"

/* ------------------------------------------------------ local addresses */

static uint32_t
interface_mtu(int fd, const char *name)
{
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	if (ioctl(fd, SIOCGIFMTU, &request) < 0 || request.ifr_mtu < 0)
		return 0;
	return (uint32_t)request.ifr_mtu;
}

static size_t
sockaddr_size(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET ? sizeof(struct sockaddr_in)
					: sizeof(struct sockaddr_in6);
}

/* False for what is not an IP address or not up. */
static bool
take_addr(const struct ifaddrs *i, int fd, struct os_interface_addr *out)
{
	memset(out, 0, sizeof(*out));
	if (i->ifa_addr == NULL || !(i->ifa_flags & IFF_UP) ||
	    (i->ifa_addr->sa_family != AF_INET &&
	     i->ifa_addr->sa_family != AF_INET6) ||
	    gen_sctp_addr_from_sockaddr(
		    i->ifa_addr, sockaddr_size(i->ifa_addr), &out->addr) < 0)
		return false;
	out->index = if_nametoindex(i->ifa_name);
	strncpy(out->name, i->ifa_name, sizeof(out->name) - 1);
	out->mtu = interface_mtu(fd, i->ifa_name);
	out->loopback = i->ifa_flags & IFF_LOOPBACK;
	return true;
}

int
os_local_addrs(int (*f)(const struct os_interface_addr *, void *), void *arg)
{
	struct os_interface_addr found;
	struct ifaddrs *list, *i;
	int fd, rc = 0;

	if (getifaddrs(&list) < 0)
		return -errno;
	fd = os_socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0) /* the ioctl takes any socket */
		fd = os_socket(AF_INET6, SOCK_DGRAM, 0);
	for (i = list; i != NULL && rc == 0; i = i->ifa_next)
		if (take_addr(i, fd, &found))
			rc = f(&found, arg);
	if (fd >= 0)
		close(fd);
	freeifaddrs(list);
	return rc;
}

/* ---------------------------------------------------------------- watch */

#ifdef __linux__
gen_sctp_fd_t
os_addr_watch_open(void)
{
	struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups =
			RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd = os_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd < 0)
		return OS_NO_FD;
	if (bind(fd, (struct sockaddr *)&groups, sizeof(groups)) < 0) {
		close(fd);
		return OS_NO_FD;
	}
	return fd;
}

/* ENOBUFS tells of lost messages: what is left is read, too. */
bool
os_addr_watch_drain(gen_sctp_fd_t fd)
{
	bool any = false;
	char message[1];
	ssize_t n;

	for (;;) {
		n = recv((int)fd, message, sizeof(message), MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != ENOBUFS)
			return any;
		any = true;
	}
}

void
os_addr_watch_close(gen_sctp_fd_t fd)
{
	if (fd != OS_NO_FD)
		close((int)fd);
}
#else
gen_sctp_fd_t
os_addr_watch_open(void)
{
	return OS_NO_FD;
}

bool
os_addr_watch_drain(gen_sctp_fd_t fd)
{
	(void)fd;
	return false;
}

void
os_addr_watch_close(gen_sctp_fd_t fd)
{
	(void)fd;
}
#endif
