/*
 * Datagrams in and out of POSIX sockets.
 */
#include "os_posix_udp.h"

#include <string.h>

#include "os_errno.h"

/* The largest payload; what is longer cannot be one GSO send. */
#define MAX_PAYLOAD 65507

#ifdef __linux__
typedef struct mmsghdr message;
#else
typedef struct message {
	struct msghdr msg_hdr;
	unsigned msg_len;
} message;
#endif

struct batch {
	message messages[OS_UDP_BATCH];
	struct iovec iov[OS_UDP_BATCH];
	union os_sockaddr peer[OS_UDP_BATCH];
	union os_control control[OS_UDP_BATCH];
};

/* What ICMP leaves on a socket for the next call, whichever that is. */
static bool
is_from_icmp(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH ||
	       error == ENETUNREACH || error == EHOSTDOWN ||
	       error == ENOPROTOOPT || error == ECONNRESET ||
	       error == EPROTO || error == EACCES || error == EMSGSIZE;
}

static struct msghdr *
prepare(struct batch *b, int i, void *data, size_t len)
{
	struct msghdr *m = &b->messages[i].msg_hdr;

	memset(&b->messages[i], 0, sizeof(b->messages[i]));
	b->iov[i] = (struct iovec){ .iov_base = data, .iov_len = len };
	m->msg_iov = &b->iov[i];
	m->msg_iovlen = 1;
	m->msg_name = &b->peer[i];
	return m;
}

/* ------------------------------------------------------------ receiving */

static int
receive_each(int fd, message *messages, int n)
{
	ssize_t len;
	int i;

	for (i = 0; i < n; i++) {
		len = recvmsg(fd, &messages[i].msg_hdr, MSG_DONTWAIT);
		if (len < 0)
			return i > 0 ? i : -1;
		messages[i].msg_len = (unsigned)len;
	}
	return n;
}

static int
receive_batch(int fd, message *messages, int n)
{
#ifdef __linux__
	if (os_udp_features()->batch)
		return recvmmsg(fd, messages, (unsigned)n, MSG_DONTWAIT, NULL);
#endif
	return receive_each(fd, messages, n);
}

/* Datagrams behind an error are waiting, but errors come no faster than this:
 * a caller that polls is called again. */
static int
receive_past_errors(int fd, message *messages, int n)
{
	int left, rc;

	for (left = OS_UDP_BATCH; left > 0; left--) {
		rc = receive_batch(fd, messages, n);
		if (rc >= 0)
			return rc;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return 0;
		if (errno != EINTR && !is_from_icmp(errno))
			return -errno;
	}
	return 0;
}

static void
take_message(message *received, struct os_dgram *d)
{
	struct msghdr *m = &received->msg_hdr;

	d->len = received->msg_len;
	d->segment = 0;
	d->tos = d->ttl = 0;
	d->truncated = m->msg_flags & MSG_TRUNC;
	d->src.family = GEN_SCTP_UNSPEC;
	memset(&d->dst, 0, sizeof(d->dst));
	gen_sctp_addr_from_sockaddr(m->msg_name, (size_t)m->msg_namelen,
				    &d->src);
	os_control_get(m, d);
}

int
os_udp_recv(gen_sctp_fd_t fd, struct os_dgram *dgrams, int n)
{
	struct batch b;
	struct msghdr *m;
	int i;

	if (n > OS_UDP_BATCH)
		n = OS_UDP_BATCH;
	for (i = 0; i < n; i++) {
		m = prepare(&b, i, dgrams[i].data, dgrams[i].size);
		m->msg_namelen = sizeof(b.peer[i]);
		m->msg_control = &b.control[i];
		m->msg_controllen = sizeof(b.control[i]);
	}
	n = receive_past_errors((int)fd, b.messages, n);
	for (i = 0; i < n; i++)
		take_message(&b.messages[i], &dgrams[i]);
	return n;
}

/* -------------------------------------------------------------- sending */

/* Where sending stands: at a datagram, or at a segment of one that the system
 * does not take whole. */
struct position {
	int index;
	size_t offset;
};

struct sender {
	int fd;
	const struct os_dgram *dgrams;
	int n;
	struct position at;
	struct os_control_use use; /* for the datagram at `at` */
	struct os_control_use usual;
	bool retried;
	struct position after[OS_UDP_BATCH]; /* each message of the batch */
	struct batch batch;
};

/* Those that are bound to an address refuse another source, or even the same
 * one (XNU). */
static bool
may_choose_source(gen_sctp_fd_t fd)
{
#ifdef OS_UDP_CONTROL_EXACT
	(void)fd;
	return os_udp_features()->source;
#else
	struct gen_sctp_addr local;

	return os_udp_features()->source && os_udp_local(fd, &local) == 0 &&
	       ip_addr_is_any(&local);
#endif
}

static bool
wants_gso(const struct os_dgram *d, struct os_control_use use)
{
	return use.gso && d->segment > 0 && d->len > d->segment &&
	       d->len <= MAX_PAYLOAD && os_udp_features()->gso;
}

/* Makes message i of what is at `p` and returns the position behind it. */
static struct position
put_message(struct sender *s, int i, struct position p,
	    struct os_control_use use)
{
	const struct os_dgram *d = &s->dgrams[p.index];
	size_t len = d->len - p.offset;
	struct msghdr *m;
	int namelen;

	use.gso = p.offset == 0 && wants_gso(d, use);
	if (!use.gso && d->segment > 0 && len > d->segment)
		len = d->segment;
	m = prepare(&s->batch, i, (char *)d->data + p.offset, len);
	namelen = gen_sctp_addr_to_sockaddr(&d->dst, m->msg_name,
					    sizeof(s->batch.peer[i]));
	m->msg_namelen = namelen > 0 ? (socklen_t)namelen : 0;
	os_control_put(m, &s->batch.control[i], d, use);
	p.offset += len;
	if (p.offset >= d->len)
		p = (struct position){ p.index + 1, 0 };
	return p;
}

/* Datagrams that may be sent with the same flags. */
static int
fill_batch(struct sender *s)
{
	const struct os_dgram *first = &s->dgrams[s->at.index];
	struct position p = s->at;
	int i;

	for (i = 0; i < OS_UDP_BATCH && p.index < s->n &&
		    s->dgrams[p.index].dontroute == first->dontroute;
	     i++) {
		p = put_message(s, i, p,
				p.index == s->at.index ? s->use : s->usual);
		s->after[i] = p;
	}
	return i;
}

static int
send_each(int fd, message *messages, int n, int flags)
{
	int i;

	for (i = 0; i < n; i++)
		if (sendmsg(fd, &messages[i].msg_hdr, flags) < 0)
			return i > 0 ? i : -errno;
	return n;
}

static int
send_batch(int fd, message *messages, int n, int flags)
{
#ifdef __linux__
	if (os_udp_features()->batch && n > 1) {
		n = sendmmsg(fd, messages, (unsigned)n, flags);
		return n < 0 ? -errno : n;
	}
#endif
	return send_each(fd, messages, n, flags);
}

static void
advance(struct sender *s, struct position to)
{
	if (to.index != s->at.index)
		s->use = s->usual;
	s->at = to;
	s->retried = false;
}

/* EIO: the device cannot finish the checksums; EINVAL, EMSGSIZE: a segment is
 * larger than the path MTU, where single datagrams would be fragmented. */
static bool
falls_back_from_gso(struct sender *s, int error)
{
	if (!wants_gso(&s->dgrams[s->at.index], s->use) || s->at.offset != 0 ||
	    (error != EIO && error != EINVAL && error != EMSGSIZE))
		return false;
	if (error == EIO)
		os_udp_gso_off();
	s->use.gso = false;
	return true;
}

/* Older XNU and the BSDs take no TOS or TTL with some datagrams. */
static bool
falls_back_from_tos_ttl(struct sender *s, int error)
{
#ifdef OS_UDP_CONTROL_EXACT
	(void)s;
	(void)error;
	return false;
#else
	if (!s->use.tos_ttl || error != EINVAL)
		return false;
	s->use.tos_ttl = false;
	return true;
#endif
}

/* The error may be an earlier datagram's: tried once more it is this one's. */
static bool
try_again(struct sender *s, int error)
{
	if (error == EINTR || falls_back_from_gso(s, error) ||
	    falls_back_from_tos_ttl(s, error))
		return true;
	if (s->retried || !is_from_icmp(error))
		return false;
	s->retried = true;
	return true;
}

static int
send_flags(const struct os_dgram *d)
{
	return MSG_DONTWAIT | (d->dontroute ? MSG_DONTROUTE : 0);
}

int
os_udp_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n, int *error)
{
	struct sender s;
	int rc;

	s.fd = (int)fd;
	s.dgrams = dgrams;
	s.n = n;
	s.usual = (struct os_control_use){ .source = may_choose_source(fd),
					   .tos_ttl = true,
					   .gso = true };
	s.use = s.usual;
	s.at = (struct position){ 0, 0 };
	s.retried = false;
	*error = 0;
	while (s.at.index < n) {
		rc = send_batch(s.fd, s.batch.messages, fill_batch(&s),
				send_flags(&dgrams[s.at.index]));
		if (rc > 0) {
			advance(&s, s.after[rc - 1]);
		} else if (!try_again(&s, -rc)) {
			*error = rc == -EWOULDBLOCK || rc == -ENOBUFS ? -EAGAIN
								      : rc;
			break;
		}
	}
	return s.at.index;
}
