/*
 * Datagrams in and out of Windows sockets, one at a time.
 */
#include "os_win_udp.h"

#include <stdatomic.h>
#include <string.h>

#include "os_errno.h"

/* The WSA_CMSG_ macros of mingw mix signs. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* Packet info, TOS and TTL. */
union control {
	WSACMSGHDR align;
	char room[WSA_CMSG_SPACE(sizeof(IN6_PKTINFO)) +
		  2 * WSA_CMSG_SPACE(sizeof(INT))];
};

/* One datagram with what belongs to it. */
struct message {
	WSAMSG head;
	WSABUF data;
	union os_sockaddr peer;
	union control control;
};

static _Atomic(LPFN_WSASENDMSG) send_message;
static _Atomic(LPFN_WSARECVMSG) receive_message;

static int
load_call(SOCKET s, GUID id, void *function, DWORD size)
{
	DWORD bytes;

	return WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id),
			function, size, &bytes, NULL, NULL) == 0
		       ? 0
		       : os_last_wsa_errno();
}

int
os_udp_load_calls(SOCKET s)
{
	static const GUID send_id = WSAID_WSASENDMSG;
	static const GUID receive_id = WSAID_WSARECVMSG;
	LPFN_WSASENDMSG send_call;
	LPFN_WSARECVMSG receive_call;
	int rc;

	if (atomic_load(&send_message) != NULL &&
	    atomic_load(&receive_message) != NULL)
		return 0;
	rc = load_call(s, send_id, &send_call, sizeof(send_call));
	if (rc == 0)
		rc = load_call(s, receive_id, &receive_call,
			       sizeof(receive_call));
	if (rc < 0)
		return rc;
	atomic_store(&send_message, send_call);
	atomic_store(&receive_message, receive_call);
	return 0;
}

static void
prepare(struct message *m, void *data, size_t len)
{
	memset(&m->head, 0, sizeof(m->head));
	m->data.buf = data;
	m->data.len = (ULONG)len;
	m->head.lpBuffers = &m->data;
	m->head.dwBufferCount = 1;
	m->head.name = &m->peer.sa;
}

/* ------------------------------------------------------------ receiving */

static uint8_t
small_number(WSACMSGHDR *c)
{
	INT number;

	memcpy(&number, WSA_CMSG_DATA(c), sizeof(number));
	return (uint8_t)number;
}

static void
get_inet(WSACMSGHDR *c, struct os_dgram *d)
{
	IN_PKTINFO info;

	switch (c->cmsg_type) {
	case IP_PKTINFO:
		memcpy(&info, WSA_CMSG_DATA(c), sizeof(info));
		d->dst.family = GEN_SCTP_INET;
		memcpy(d->dst.ip, &info.ipi_addr, sizeof(info.ipi_addr));
		break;
	case IP_TOS:
	case IP_RECVTOS:
		d->tos = small_number(c);
		break;
	case IP_TTL:
	case IP_RECVTTL:
		d->ttl = small_number(c);
		break;
	}
}

static void
get_inet6(WSACMSGHDR *c, struct os_dgram *d)
{
	IN6_PKTINFO info;

	switch (c->cmsg_type) {
	case IPV6_PKTINFO:
		memcpy(&info, WSA_CMSG_DATA(c), sizeof(info));
		d->dst.family = GEN_SCTP_INET6;
		memcpy(d->dst.ip, &info.ipi6_addr, sizeof(info.ipi6_addr));
		if (ip_addr_is_link_local(&d->dst))
			d->dst.scope_id = (uint32_t)info.ipi6_ifindex;
		break;
	case IPV6_TCLASS:
	case IPV6_RECVTCLASS:
		d->tos = small_number(c);
		break;
	case IPV6_HOPLIMIT:
		d->ttl = small_number(c);
		break;
	}
}

static void
take_message(struct message *m, size_t len, struct os_dgram *d)
{
	WSACMSGHDR *c;

	d->len = len;
	d->segment = 0;
	d->tos = d->ttl = 0;
	d->truncated = m->head.dwFlags & MSG_TRUNC;
	d->src.family = GEN_SCTP_UNSPEC;
	memset(&d->dst, 0, sizeof(d->dst));
	gen_sctp_addr_from_sockaddr(m->head.name, (size_t)m->head.namelen,
				    &d->src);
	for (c = WSA_CMSG_FIRSTHDR(&m->head); c != NULL;
	     c = WSA_CMSG_NXTHDR(&m->head, c)) {
		if (c->cmsg_level == IPPROTO_IP)
			get_inet(c, d);
		else if (c->cmsg_level == IPPROTO_IPV6)
			get_inet6(c, d);
	}
}

/* 1: a datagram is in *d. */
static int
receive_one(SOCKET s, struct os_dgram *d)
{
	struct message m;
	DWORD len = 0;
	int rc;

	prepare(&m, d->data, d->size);
	m.head.namelen = sizeof(m.peer);
	m.head.Control.buf = m.control.room;
	m.head.Control.len = sizeof(m.control);
	rc = atomic_load(&receive_message)(s, &m.head, &len, NULL, NULL);
	if (rc != 0 && WSAGetLastError() != WSAEMSGSIZE)
		return os_last_wsa_errno();
	if (rc != 0) { /* what fits is there */
		len = (DWORD)d->size;
		m.head.dwFlags |= MSG_TRUNC;
	}
	take_message(&m, len, d);
	return 1;
}

/* What ICMP leaves on a socket that does not know SIO_UDP_CONNRESET. */
static bool
is_from_icmp(int error)
{
	return error == -ECONNRESET || error == -ENETRESET ||
	       error == -EHOSTUNREACH || error == -ENETUNREACH ||
	       error == -ECONNREFUSED;
}

int
os_udp_recv(gen_sctp_fd_t fd, struct os_dgram *dgrams, int n)
{
	int i = 0, errors = OS_UDP_BATCH, rc;

	while (i < n && errors > 0) {
		rc = receive_one((SOCKET)fd, &dgrams[i]);
		if (rc > 0)
			i++;
		else if (is_from_icmp(rc))
			errors--;
		else
			return i > 0 || rc == -EAGAIN ? i : rc;
	}
	return i;
}

/* -------------------------------------------------------------- sending */

static void
put(WSAMSG *head, int level, int type, const void *info, size_t len)
{
	WSACMSGHDR *c = (WSACMSGHDR *)(void *)head->Control.buf;

	memset(c, 0, WSA_CMSG_SPACE(len));
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = WSA_CMSG_LEN(len);
	memcpy(WSA_CMSG_DATA(c), info, len);
	head->Control.len = (ULONG)WSA_CMSG_SPACE(len);
}

static void
put_source(struct message *m, const struct gen_sctp_addr *src)
{
	IN_PKTINFO info = { .ipi_ifindex = 0 };
	IN6_PKTINFO info6 = { .ipi6_ifindex = 0 };

	m->head.Control.buf = m->control.room;
	if (src->family == GEN_SCTP_INET) {
		memcpy(&info.ipi_addr, src->ip, sizeof(info.ipi_addr));
		put(&m->head, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
		return;
	}
	memcpy(&info6.ipi6_addr, src->ip, sizeof(info6.ipi6_addr));
	if (ip_addr_is_link_local(src))
		info6.ipi6_ifindex = src->scope_id;
	put(&m->head, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
}

/* One that is bound to an address sends from that. */
static bool
may_choose_source(gen_sctp_fd_t fd)
{
	struct gen_sctp_addr local;

	return os_udp_features()->source && os_udp_local(fd, &local) == 0 &&
	       ip_addr_is_any(&local);
}

static int
send_once(SOCKET s, struct message *m, DWORD flags)
{
	DWORD sent;

	if (atomic_load(&send_message)(s, &m->head, flags, &sent, NULL, NULL) == 0)
		return 0;
	return os_last_wsa_errno();
}

/* The error may be an earlier datagram's: tried once more it is this one's. */
static int
send_data(SOCKET s, const struct os_dgram *d, bool source, size_t offset,
	  size_t len)
{
	const DWORD flags = d->dontroute ? MSG_DONTROUTE : 0;
	struct message m;
	int namelen, rc;

	prepare(&m, (char *)d->data + offset, len);
	namelen = gen_sctp_addr_to_sockaddr(&d->dst, &m.peer.sa,
					    sizeof(m.peer));
	if (namelen < 0)
		return namelen;
	m.head.namelen = namelen;
	if (source && d->src.family == d->dst.family)
		put_source(&m, &d->src);
	rc = send_once(s, &m, flags);
	if (is_from_icmp(rc))
		rc = send_once(s, &m, flags);
	return rc == -ENOBUFS ? -EAGAIN : rc;
}

static int
send_one(SOCKET s, const struct os_dgram *d, bool source)
{
	size_t offset = 0, len;
	int rc;

	do {
		len = d->len - offset;
		if (d->segment > 0 && len > d->segment)
			len = d->segment;
		rc = send_data(s, d, source, offset, len);
		offset += len;
	} while (rc == 0 && offset < d->len);
	return rc;
}

int
os_udp_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n, int *error)
{
	bool source = may_choose_source(fd);
	int i;

	*error = 0;
	for (i = 0; i < n; i++) {
		*error = send_one((SOCKET)fd, &dgrams[i], source);
		if (*error < 0)
			break;
	}
	return i;
}
