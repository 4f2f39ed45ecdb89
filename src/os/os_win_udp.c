/*
 * Datagram sockets of Windows: making them.
 */
#include "os_win_udp.h"

#include "os_errno.h"

/* Smaller kernel buffers are not asked for. */
#define BUFFER_MIN 65536
/* Not in mingw's headers. */
#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET _WSAIOW(IOC_VENDOR, 15)
#endif

static struct os_udp_features features = { .source = true };

/* There are no batches, and no offloads yet. Wine's sockets send from where the
 * system likes. */
void
os_udp_probe(bool off)
{
	HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

	(void)off;
	if (ntdll != NULL && GetProcAddress(ntdll, "wine_get_version") != NULL)
		features.source = false;
}

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

/* -------------------------------------------------------------- sockets */

struct option {
	int level;
	int name;
	bool needed;
};

/* TOS and TTL: Windows 10. It fragments unless told otherwise. */
static const struct option inet_options[] = {
	{ IPPROTO_IP, IP_PKTINFO, true },
	{ IPPROTO_IP, IP_RECVTOS, false },
	{ IPPROTO_IP, IP_RECVTTL, false },
	{ 0, 0, false },
};

static const struct option inet6_options[] = {
	{ IPPROTO_IPV6, IPV6_V6ONLY, true },
	{ IPPROTO_IPV6, IPV6_PKTINFO, true },
	{ IPPROTO_IPV6, IPV6_RECVTCLASS, false },
	{ IPPROTO_IPV6, IPV6_HOPLIMIT, false },
	{ 0, 0, false },
};

static int
set_number(SOCKET s, int level, int name, int value)
{
	return setsockopt(s, level, name, (const char *)&value,
			  sizeof(value)) == 0
		       ? 0
		       : os_last_wsa_errno();
}

static int
set_options(SOCKET s, const struct option *o)
{
	int rc;

	for (; o->name != 0; o++) {
		rc = set_number(s, o->level, o->name, 1);
		if (rc < 0 && o->needed)
			return rc;
	}
	return 0;
}

/* Otherwise ICMP errors of one peer make receiving fail for all. */
static void
ignore_icmp(SOCKET s)
{
	BOOL report = FALSE;
	DWORD bytes;

	WSAIoctl(s, SIO_UDP_CONNRESET, &report, sizeof(report), NULL, 0, &bytes,
		 NULL, NULL);
	WSAIoctl(s, SIO_UDP_NETRESET, &report, sizeof(report), NULL, 0, &bytes,
		 NULL, NULL);
}

static int
buffer_option(enum os_udp_way way)
{
	return way == OS_UDP_IN ? SO_RCVBUF : SO_SNDBUF;
}

void
os_udp_set_buffer(gen_sctp_fd_t fd, enum os_udp_way way, int bytes)
{
	while (set_number((SOCKET)fd, SOL_SOCKET, buffer_option(way), bytes) <
		       0 &&
	       bytes / 2 >= BUFFER_MIN)
		bytes /= 2;
}

int
os_udp_buffer(gen_sctp_fd_t fd, enum os_udp_way way)
{
	int bytes = 0, len = sizeof(bytes);

	getsockopt((SOCKET)fd, SOL_SOCKET, buffer_option(way), (char *)&bytes,
		   &len);
	return bytes;
}

int
os_socket(int family, SOCKET *out)
{
	u_long on = 1;
	SOCKET s = socket(family, SOCK_DGRAM, IPPROTO_UDP);
	int rc;

	if (s == INVALID_SOCKET)
		return os_last_wsa_errno();
	SetHandleInformation((HANDLE)s, HANDLE_FLAG_INHERIT, 0);
	rc = set_number(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
	if (rc == 0 && ioctlsocket(s, (long)FIONBIO, &on) != 0)
		rc = os_last_wsa_errno();
	if (rc < 0) {
		closesocket(s);
		return rc;
	}
	*out = s;
	return 0;
}

static int
prepare(SOCKET s, int family, int buffer)
{
	int rc = os_udp_load_calls(s);

	if (rc == 0)
		rc = set_options(s, family == GEN_SCTP_INET ? inet_options
							    : inet6_options);
	if (rc < 0)
		return rc;
	ignore_icmp(s);
	if (buffer > 0) {
		os_udp_set_buffer((gen_sctp_fd_t)s, OS_UDP_IN, buffer);
		os_udp_set_buffer((gen_sctp_fd_t)s, OS_UDP_OUT, buffer);
	}
	return 0;
}

/* Shared within this process for the moment that another one is bound: Windows
 * lets one on a single address come beside one on any that is not exclusive,
 * Wine wants both to say so. */
static void
set_shared(SOCKET s, bool on)
{
	if (on)
		set_number(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0);
	set_number(s, SOL_SOCKET, SO_REUSEADDR, on);
	if (!on)
		set_number(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
}

static int
open_bound(const struct gen_sctp_addr *local, int buffer, bool shared,
	   gen_sctp_fd_t *out)
{
	union os_sockaddr u;
	SOCKET s;
	int len = gen_sctp_addr_to_sockaddr(local, &u.sa, sizeof(u));
	int rc = len < 0 ? len : os_socket(u.sa.sa_family, &s);

	if (rc < 0)
		return rc;
	rc = prepare(s, local->family, buffer);
	if (shared)
		set_shared(s, true);
	else if (!features.source) /* others of ours will come beside it */
		set_number(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0);
	if (rc == 0 && bind(s, &u.sa, len) != 0)
		rc = os_last_wsa_errno();
	if (rc < 0) {
		closesocket(s);
		return rc;
	}
	if (shared)
		set_shared(s, false);
	*out = (gen_sctp_fd_t)s;
	return 0;
}

int
os_udp_open_bare(int family, gen_sctp_fd_t *fd)
{
	SOCKET s;
	int rc = os_socket(os_af(family), &s);

	if (rc == 0)
		*fd = (gen_sctp_fd_t)s;
	return rc;
}

int
os_udp_open(const struct gen_sctp_addr *local, int buffer, gen_sctp_fd_t *fd)
{
	return open_bound(local, buffer, false, fd);
}

int
os_udp_open_beside(const struct gen_sctp_addr *local, int buffer,
		   const gen_sctp_fd_t *ours, size_t n, gen_sctp_fd_t *fd)
{
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		set_shared((SOCKET)ours[i], true);
	rc = open_bound(local, buffer, true, fd);
	for (i = 0; i < n; i++)
		set_shared((SOCKET)ours[i], false);
	return rc;
}

void
os_udp_close(gen_sctp_fd_t fd)
{
	closesocket((SOCKET)fd);
}

int
os_udp_local(gen_sctp_fd_t fd, struct gen_sctp_addr *local)
{
	union os_sockaddr u;
	int len = sizeof(u);

	if (getsockname((SOCKET)fd, &u.sa, &len) != 0)
		return os_last_wsa_errno();
	return gen_sctp_addr_from_sockaddr(&u.sa, (size_t)len, local);
}
