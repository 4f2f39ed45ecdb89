#include "relay.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api_rig.h"

#define PACKET_MAX 65536
#define HEADER 12 /* SCTP's common header */

struct packet {
	struct packet *next;
	size_t len;
	uint8_t data[];
};

/* What goes one way. */
struct direction {
	int fd; /* leaves here; the answers come in here */
	struct sockaddr_in to;
	bool known;
	enum relay_mode mode;
	unsigned int let; /* pass whatever the mode is */
	struct packet *held, **tail;
	uint8_t header[HEADER]; /* of the last with a verification tag */
	unsigned int seen[256];
	struct relay_marks marks;
};

struct relay {
	pthread_t thread;
	pthread_mutex_t lock;
	int wake[2]; /* closed: stop */
	struct direction ways[2];
	uint8_t data[PACKET_MAX]; /* of the thread */
};

/* --------------------------------------------------------------- sockets */

static struct sockaddr_in
loopback(int port)
{
	struct sockaddr_in sa;

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons((uint16_t)port);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sa;
}

static int
udp_open(void)
{
	struct sockaddr_in sa = loopback(0);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20, on = 1;

	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

static int
udp_port(int fd)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	return ntohs(sa.sin_port);
}

/* --------------------------------------------------------------- packets */

static void
send_packet(const struct direction *d, const void *data, size_t len)
{
	if (d->known)
		(void)!sendto(d->fd, data, len, 0,
			      (const struct sockaddr *)&d->to, sizeof(d->to));
}

static void
hold(struct direction *d, const uint8_t *data, size_t len)
{
	struct packet *p = malloc(sizeof(*p) + len);

	ck_assert_ptr_nonnull(p);
	p->next = NULL;
	p->len = len;
	memcpy(p->data, data, len);
	*d->tail = p;
	d->tail = &p->next;
}

/* Of those that are held, the first. */
static void
release(struct direction *d, unsigned int *count)
{
	struct packet *p;

	while (*count > 0 && (p = d->held) != NULL) {
		(*count)--;
		d->held = p->next;
		if (d->held == NULL)
			d->tail = &d->held;
		send_packet(d, p->data, p->len);
		free(p);
	}
}

static void
empty(struct direction *d)
{
	struct packet *p;

	while ((p = d->held) != NULL) {
		d->held = p->next;
		free(p);
	}
	d->tail = &d->held;
}

static void
note(struct direction *d, const uint8_t *data, size_t len)
{
	static const uint8_t no_tag[4];

	if (len <= HEADER)
		return;
	d->seen[data[HEADER]]++;
	if (memcmp(data + 4, no_tag, sizeof(no_tag)) != 0)
		memcpy(d->header, data, HEADER);
}

static void
read_marks(struct msghdr *m, struct relay_marks *out)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level != IPPROTO_IP)
			continue;
		else if (c->cmsg_type == IP_TTL || c->cmsg_type == IP_RECVTTL)
			out->ttl = *CMSG_DATA(c);
		else if (c->cmsg_type == IP_TOS || c->cmsg_type == IP_RECVTOS)
			out->tos = *CMSG_DATA(c);
}

static ssize_t
receive(int fd, uint8_t *data, struct sockaddr_in *from,
	struct relay_marks *marks)
{
	struct iovec part = { .iov_base = data, .iov_len = PACKET_MAX };
	_Alignas(struct cmsghdr) char control[256];
	struct msghdr m = { .msg_name = from,
			    .msg_namelen = sizeof(*from),
			    .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);

	if (n > 0)
		read_marks(&m, marks);
	return n;
}

/* Out of the socket that the packets of `back` leave by. */
static void
pass(struct direction *d, struct direction *back, uint8_t *data)
{
	struct sockaddr_in from;
	ssize_t n = receive(back->fd, data, &from, &d->marks);

	if (n <= 0)
		return;
	if (!back->known) {
		back->to = from;
		back->known = true;
	}
	note(d, data, (size_t)n);
	if (d->mode == RELAY_PASS)
		send_packet(d, data, (size_t)n);
	else if (d->mode == RELAY_HOLD || d->let > 0)
		hold(d, data, (size_t)n);
	release(d, &d->let);
}

/* False: it is to stop. */
static bool
await_packets(struct relay *r, struct pollfd fds[3])
{
	char byte;

	pthread_mutex_lock(&r->lock);
	fds[0].fd = r->ways[RELAY_TO_SERVER].fd;
	fds[1].fd = r->ways[RELAY_TO_CLIENT].fd;
	pthread_mutex_unlock(&r->lock);
	fds[2].fd = r->wake[0];
	return poll(fds, 3, -1) >= 0 &&
	       (fds[2].revents == 0 || read(r->wake[0], &byte, 1) > 0);
}

static void *
run(void *arg)
{
	struct relay *r = arg;
	struct direction *to_server = &r->ways[RELAY_TO_SERVER];
	struct direction *to_client = &r->ways[RELAY_TO_CLIENT];
	struct pollfd fds[3] = {
		{ .events = POLLIN },
		{ .events = POLLIN },
		{ .events = POLLIN },
	};

	while (await_packets(r, fds)) {
		pthread_mutex_lock(&r->lock);
		if (fds[1].revents != 0)
			pass(to_server, to_client, r->data);
		if (fds[0].revents != 0)
			pass(to_client, to_server, r->data);
		pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

/* ------------------------------------------------------------------ life */

static void
aim(struct direction *d, int port)
{
	d->fd = udp_open();
	d->tail = &d->held;
	d->known = port != 0;
	d->to = loopback(port);
}

struct relay *
relay_open(int server_udp_port, int client_udp_port)
{
	struct relay *r = calloc(1, sizeof(*r));

	ck_assert_ptr_nonnull(r);
	aim(&r->ways[RELAY_TO_SERVER], server_udp_port);
	aim(&r->ways[RELAY_TO_CLIENT], client_udp_port);
	pthread_mutex_init(&r->lock, NULL);
	ck_assert_int_eq(pipe(r->wake), 0);
	ck_assert_int_eq(pthread_create(&r->thread, NULL, run, r), 0);
	return r;
}

void
relay_close(struct relay *r)
{
	int way;

	close(r->wake[1]);
	pthread_join(r->thread, NULL);
	close(r->wake[0]);
	for (way = 0; way < 2; way++) {
		empty(&r->ways[way]);
		close(r->ways[way].fd);
	}
	pthread_mutex_destroy(&r->lock);
	free(r);
}

int
relay_port_for_client(const struct relay *r)
{
	return udp_port(r->ways[RELAY_TO_CLIENT].fd);
}

int
relay_port_for_server(const struct relay *r)
{
	return udp_port(r->ways[RELAY_TO_SERVER].fd);
}

/* --------------------------------------------------------------- control */

void
relay_set(struct relay *r, enum relay_way way, enum relay_mode mode)
{
	struct direction *d = &r->ways[way];
	unsigned int all = UINT_MAX;

	pthread_mutex_lock(&r->lock);
	d->mode = mode;
	d->let = 0;
	if (mode == RELAY_PASS)
		release(d, &all);
	else if (mode == RELAY_LOSE)
		empty(d);
	pthread_mutex_unlock(&r->lock);
}

void
relay_rebind(struct relay *r)
{
	struct direction *d = &r->ways[RELAY_TO_SERVER];
	int fd = udp_open();

	pthread_mutex_lock(&r->lock);
	close(d->fd);
	d->fd = fd;
	pthread_mutex_unlock(&r->lock);
	ck_assert_int_eq(write(r->wake[1], "", 1), 1);
}

void
relay_let(struct relay *r, enum relay_way way, unsigned int count)
{
	struct direction *d = &r->ways[way];

	pthread_mutex_lock(&r->lock);
	d->let += count;
	release(d, &d->let);
	pthread_mutex_unlock(&r->lock);
}

void
relay_set_both(struct relay *r, enum relay_mode mode)
{
	relay_set(r, RELAY_TO_SERVER, mode);
	relay_set(r, RELAY_TO_CLIENT, mode);
}

unsigned int
relay_count(struct relay *r, enum relay_way way, int chunk_type)
{
	unsigned int n;

	pthread_mutex_lock(&r->lock);
	n = r->ways[way].seen[chunk_type];
	pthread_mutex_unlock(&r->lock);
	return n;
}

struct relay_marks
relay_marks(struct relay *r, enum relay_way way)
{
	struct relay_marks marks;

	pthread_mutex_lock(&r->lock);
	marks = r->ways[way].marks;
	pthread_mutex_unlock(&r->lock);
	return marks;
}

struct awaited {
	struct relay *r;
	enum relay_way way;
	int chunk_type;
	unsigned int count;
};

static bool
has_come(void *arg)
{
	const struct awaited *a = arg;

	return relay_count(a->r, a->way, a->chunk_type) >= a->count;
}

void
relay_await(struct relay *r, enum relay_way way, int chunk_type,
	    unsigned int count)
{
	struct awaited awaited = { r, way, chunk_type, count };

	ck_assert_msg(rig_until(has_come, &awaited),
		      "%u of %u packets with chunk %d",
		      relay_count(r, way, chunk_type), count, chunk_type);
}

/* RFC 9260 appendix A, bit by bit. */
static uint32_t
crc32c(const uint8_t *data, size_t len)
{
	uint32_t crc = UINT32_MAX;
	int bit;

	while (len-- > 0) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0);
	}
	return ~crc;
}

void
relay_inject(struct relay *r, enum relay_way way, const uint8_t *chunk,
	     size_t len)
{
	struct direction *d = &r->ways[way];
	uint8_t packet[HEADER + 1024];
	uint32_t crc;
	int i;

	ck_assert_uint_le(len, 1024);
	pthread_mutex_lock(&r->lock);
	memcpy(packet, d->header, HEADER);
	memset(packet + 8, 0, 4);
	memcpy(packet + HEADER, chunk, len);
	crc = crc32c(packet, HEADER + len);
	for (i = 0; i < 4; i++)
		packet[8 + i] = (uint8_t)(crc >> 8 * i);
	send_packet(d, packet, HEADER + len);
	pthread_mutex_unlock(&r->lock);
}
