/*
 * Control data of datagrams (RFC 3542 for IPv6; IPv4's differs by system).
 */
#include "os_posix_udp.h"

#include <string.h>
#ifdef __linux__
#include <netinet/udp.h>
#endif

/* -------------------------------------------------------------- writing */

static void
put(struct msghdr *m, int level, int type, const void *data, size_t len)
{
	unsigned char *end = (unsigned char *)m->msg_control +
			     (size_t)m->msg_controllen;
	struct cmsghdr *c = (struct cmsghdr *)(void *)end;

	memset(c, 0, CMSG_SPACE(len));
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = (socklen_t)CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	m->msg_controllen += (socklen_t)CMSG_SPACE(len);
}

static void
put_int(struct msghdr *m, int level, int type, int value)
{
	put(m, level, type, &value, sizeof(value));
}

static void
put_source_inet(struct msghdr *m, const struct gen_sctp_addr *src)
{
#ifdef IP_PKTINFO
	struct in_pktinfo info;

	memset(&info, 0, sizeof(info)); /* an interface would win */
	memcpy(&info.ipi_spec_dst, src->ip, sizeof(info.ipi_spec_dst));
	put(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
#else
	put(m, IPPROTO_IP, IP_SENDSRCADDR, src->ip, sizeof(struct in_addr));
#endif
}

static void
put_source(struct msghdr *m, const struct gen_sctp_addr *src)
{
	struct in6_pktinfo info;

	if (src->family == GEN_SCTP_INET) {
		put_source_inet(m, src);
		return;
	}
	memset(&info, 0, sizeof(info));
	memcpy(&info.ipi6_addr, src->ip, sizeof(info.ipi6_addr));
	if (ip_addr_is_link_local(src))
		info.ipi6_ifindex = src->scope_id;
	put(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
}

/* FreeBSD takes the TOS as a byte and no TTL with an IPv4 datagram. */
static void
put_tos_ttl_inet(struct msghdr *m, const struct os_dgram *d)
{
#ifdef __FreeBSD__
	if (d->tos != 0)
		put(m, IPPROTO_IP, IP_TOS, &d->tos, sizeof(d->tos));
#else
	if (d->tos != 0)
		put_int(m, IPPROTO_IP, IP_TOS, d->tos);
	if (d->ttl != 0)
		put_int(m, IPPROTO_IP, IP_TTL, d->ttl);
#endif
}

static void
put_tos_ttl_inet6(struct msghdr *m, const struct os_dgram *d)
{
	if (d->tos != 0)
		put_int(m, IPPROTO_IPV6, IPV6_TCLASS, d->tos);
	if (d->ttl != 0)
		put_int(m, IPPROTO_IPV6, IPV6_HOPLIMIT, d->ttl);
}

static void
put_segment(struct msghdr *m, size_t segment)
{
#ifdef __linux__
	uint16_t size = (uint16_t)segment;

	put(m, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size));
#else
	(void)m;
	(void)segment;
#endif
}

void
os_control_put(struct msghdr *m, union os_control *room,
	       const struct os_dgram *d, struct os_control_use use)
{
	m->msg_control = room;
	m->msg_controllen = 0;
	if (use.source && d->src.family == d->dst.family)
		put_source(m, &d->src);
	if (use.tos_ttl && d->dst.family == GEN_SCTP_INET)
		put_tos_ttl_inet(m, d);
	else if (use.tos_ttl)
		put_tos_ttl_inet6(m, d);
	if (use.gso)
		put_segment(m, d->segment);
	if (m->msg_controllen == 0)
		m->msg_control = NULL;
}

/* -------------------------------------------------------------- reading */

/* Systems differ in whether a small number is a byte or an int. */
static int
small_number(const struct cmsghdr *c)
{
	int number;

	if (c->cmsg_len < CMSG_LEN(sizeof(number)))
		return *CMSG_DATA(c);
	memcpy(&number, CMSG_DATA(c), sizeof(number));
	return number;
}

static void
get_inet(const struct cmsghdr *c, struct os_dgram *d)
{
	switch (c->cmsg_type) {
#ifdef IP_PKTINFO
	case IP_PKTINFO: {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(c), sizeof(info));
		d->dst.family = GEN_SCTP_INET;
		memcpy(d->dst.ip, &info.ipi_addr, sizeof(info.ipi_addr));
		break;
	}
#else
	case IP_RECVDSTADDR:
		d->dst.family = GEN_SCTP_INET;
		memcpy(d->dst.ip, CMSG_DATA(c), sizeof(struct in_addr));
		break;
#endif
#ifdef __linux__
	case IP_TOS:
#else
	case IP_RECVTOS:
#endif
		d->tos = (uint8_t)small_number(c);
		break;
#ifdef __linux__
	case IP_TTL:
#else
	case IP_RECVTTL:
#endif
		d->ttl = (uint8_t)small_number(c);
		break;
	}
}

static void
get_inet6(const struct cmsghdr *c, struct os_dgram *d)
{
	struct in6_pktinfo info;

	switch (c->cmsg_type) {
	case IPV6_PKTINFO:
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		d->dst.family = GEN_SCTP_INET6;
		memcpy(d->dst.ip, &info.ipi6_addr, sizeof(info.ipi6_addr));
		if (ip_addr_is_link_local(&d->dst))
			d->dst.scope_id = (uint32_t)info.ipi6_ifindex;
		break;
	case IPV6_TCLASS:
		d->tos = (uint8_t)small_number(c);
		break;
	case IPV6_HOPLIMIT:
		d->ttl = (uint8_t)small_number(c);
		break;
	}
}

static void
get_segment(const struct cmsghdr *c, struct os_dgram *d)
{
#ifdef __linux__
	int segment = small_number(c);

	if (c->cmsg_type == UDP_GRO && segment > 0 && (size_t)segment < d->len)
		d->segment = (size_t)segment;
#else
	(void)c;
	(void)d;
#endif
}

void
os_control_get(struct msghdr *m, struct os_dgram *d)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP)
			get_inet(c, d);
		else if (c->cmsg_level == IPPROTO_IPV6)
			get_inet6(c, d);
		else if (c->cmsg_level == IPPROTO_UDP)
			get_segment(c, d);
	}
}
