#include "relay.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "os.h"

#define PACKET_MAX 65536
#define HEADER 12 /* SCTP's common header */

struct packet {
	struct packet *next;
	size_t len;
	uint8_t data[];
};

/* What goes one way. */
struct direction {
	gen_sctp_fd_t fd; /* leaves here; the answers come in here */
	struct gen_sctp_addr to;
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
	os_event wake;
	bool stop;
	struct direction ways[2];
	uint8_t data[PACKET_MAX]; /* of the thread */
};

/* --------------------------------------------------------------- sockets */

static struct gen_sctp_addr
loopback(int port)
{
	return (struct gen_sctp_addr){ .family = GEN_SCTP_INET,
				       .port = (uint16_t)port,
				       .ip = { 127, 0, 0, 1 } };
}

static gen_sctp_fd_t
udp_open(void)
{
	const struct gen_sctp_addr any_port = loopback(0);
	gen_sctp_fd_t fd = OS_NO_FD;

	ck_assert_int_eq(os_udp_open(&any_port, 4 << 20, &fd), 0);
	return fd;
}

static int
udp_port(gen_sctp_fd_t fd)
{
	struct gen_sctp_addr local;

	ck_assert_int_eq(os_udp_local(fd, &local), 0);
	return local.port;
}

/* --------------------------------------------------------------- packets */

static void
send_packet(const struct direction *d, void *data, size_t len)
{
	const struct os_dgram dgram = { .data = data, .len = len, .dst = d->to };
	int error;

	if (d->known)
		os_udp_send(d->fd, &dgram, 1, &error);
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
pass_packet(struct direction *d, uint8_t *data, size_t len)
{
	note(d, data, len);
	if (d->mode == RELAY_PASS)
		send_packet(d, data, len);
	else if (d->mode == RELAY_HOLD || d->let > 0)
		hold(d, data, len);
	release(d, &d->let);
}

/* Out of the socket that the packets of `back` leave by. */
static void
pass(struct direction *d, struct direction *back, uint8_t *data)
{
	struct os_dgram in = { .data = data, .size = PACKET_MAX };
	size_t at = 0, len;

	if (os_udp_recv(back->fd, &in, 1) <= 0)
		return;
	d->marks = (struct relay_marks){ .tos = in.tos, .ttl = in.ttl };
	if (!back->known) {
		back->to = in.src;
		back->known = true;
	}
	for (; at < in.len; at += len) {
		len = in.len - at;
		if (in.segment > 0 && len > in.segment)
			len = in.segment;
		pass_packet(d, data + at, len);
	}
}

/* False: it is to stop. A socket that was exchanged while it was polled is
 * looked at again. */
static bool
await_packets(struct relay *r, bool readable[3])
{
	gen_sctp_fd_t fds[3] = { r->wake.wait_fd };
	bool stop;

	pthread_mutex_lock(&r->lock);
	fds[1] = r->ways[RELAY_TO_SERVER].fd;
	fds[2] = r->ways[RELAY_TO_CLIENT].fd;
	pthread_mutex_unlock(&r->lock);
	if (os_poll(fds, readable, 3, OS_NEVER) > 0 && readable[0])
		os_event_clear(&r->wake);
	pthread_mutex_lock(&r->lock);
	stop = r->stop;
	pthread_mutex_unlock(&r->lock);
	return !stop;
}

static void *
run(void *arg)
{
	struct relay *r = arg;
	struct direction *to_server = &r->ways[RELAY_TO_SERVER];
	struct direction *to_client = &r->ways[RELAY_TO_CLIENT];
	bool readable[3] = { false };

	while (await_packets(r, readable)) {
		pthread_mutex_lock(&r->lock);
		if (readable[2])
			pass(to_server, to_client, r->data);
		if (readable[1])
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
	ck_assert_int_eq(os_event_open(&r->wake), 0);
	ck_assert_int_eq(pthread_create(&r->thread, NULL, run, r), 0);
	return r;
}

void
relay_close(struct relay *r)
{
	int way;

	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_mutex_unlock(&r->lock);
	os_event_set(&r->wake);
	pthread_join(r->thread, NULL);
	os_event_close(&r->wake);
	for (way = 0; way < 2; way++) {
		empty(&r->ways[way]);
		os_udp_close(r->ways[way].fd);
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
	gen_sctp_fd_t fd = udp_open();

	pthread_mutex_lock(&r->lock);
	os_udp_close(d->fd);
	d->fd = fd;
	pthread_mutex_unlock(&r->lock);
	os_event_set(&r->wake);
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
