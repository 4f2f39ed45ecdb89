#include "wire.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "state.h"

/* ------------------------------------------------------- what is observed */

struct wire_seen wire_seen;
struct wire_sender wire_sender;

static int
refusal(const struct os_dgram *d)
{
	if (wire_sender.error != 0 && d->len > wire_sender.error_len)
		return wire_sender.error;
	return wire_sender.limit > 0 && wire_sender.n >= wire_sender.limit
		       ? -EAGAIN
		       : 0;
}

static int
record_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n, int *error)
{
	int i;

	for (i = 0; i < n; i++) {
		*error = refusal(&dgrams[i]);
		if (*error != 0)
			return i;
		if (os_udp_send(fd, &dgrams[i], 1, error) != 1)
			return i;
		wire_sender.len[wire_sender.n] = dgrams[i].len;
		wire_sender.segment[wire_sender.n++] = dgrams[i].segment;
	}
	return n;
}

static void
input(struct link_packet *p)
{
	ck_assert_int_lt(wire_seen.packets, 1024);
	wire_seen.lens[wire_seen.packets++] = p->len;
	wire_seen.last = *p;
	if (wire_seen.answer > 0)
		wire_output(packet_dst_port(p), &p->dst, &p->src,
			    wire_seen.answer);
}

static bool
restart(const struct guard_assoc *old)
{
	(void)old;
	return true;
}

static void
too_big(const struct gen_sctp_addr *dst, size_t len)
{
	wire_seen.too_bigs++;
	wire_seen.too_big_dst = *dst;
	wire_seen.too_big_len = len;
}

static void
kick(void)
{
	wire_seen.kicks++;
}

const struct link_ops wire_ops = {
	.input = input,
	.restart = restart,
	.too_big = too_big,
	.kick = kick,
};

/* ------------------------------------------------------------- the set-up */

gen_sctp_fd_t wire_peer;
struct gen_sctp_addr wire_peer_addr;

struct gen_sctp_addr
wire_ipv4(uint8_t last, uint16_t port)
{
	return (struct gen_sctp_addr){ .family = GEN_SCTP_INET,
				       .ip = { 127, 0, 0, last },
				       .port = port };
}

void
wire_open_peer(struct gen_sctp_addr local)
{
	ck_assert_int_eq(os_udp_open(&local, 1 << 20, &wire_peer), 0);
	ck_assert_int_eq(os_udp_local(wire_peer, &wire_peer_addr), 0);
}

static void
start(bool offloads)
{
	memset(&wire_seen, 0, sizeof(wire_seen));
	memset(&wire_sender, 0, sizeof(wire_sender));
	memset(&link_state.counters, 0, sizeof(link_state.counters));
	ck_assert_int_eq(os_net_start(), 0);
	ck_assert_int_eq(link_start(&wire_ops, offloads), 0);
	link_state.send = record_send;
	link_owner(os_thread_self());
	wire_open_peer(wire_ipv4(1, 0));
}

void
wire_set_up(void)
{
	start(true);
}

void
wire_set_up_without_offloads(void)
{
	start(false);
}

void
wire_tear_down(void)
{
	link_state.send = os_udp_send;
	link_state.route = os_route_source;
	link_flush();
	guard_free(link_guard());
	os_udp_close(wire_peer);
	os_net_stop();
}

bool
wire_has_second_loopback(void)
{
	struct gen_sctp_addr second = wire_ipv4(2, 0);
	gen_sctp_fd_t fd;

	if (os_udp_open(&second, 0, &fd) != 0) {
		fprintf(stderr, "SKIP: 127.0.0.2 is not an address here\n");
		return false;
	}
	os_udp_close(fd);
	return true;
}

bool
wire_has_gso(void)
{
	if (!os_udp_features()->gso)
		fprintf(stderr, "SKIP: no UDP GSO on this system\n");
	return os_udp_features()->gso;
}

struct link_binding *
wire_bind_one(uint16_t sctp_port, struct gen_sctp_addr addr, uint16_t *udp_port)
{
	struct link_binding *b = NULL;

	ck_assert_int_eq(
		link_bind(sctp_port, &addr, 1, GEN_SCTP_INET, udp_port, &b), 0);
	ck_assert_uint_ne(*udp_port, 0);
	ck_assert_uint_eq(link_binding_udp_port(b), *udp_port);
	return b;
}

struct link_binding *
wire_bind_any(uint16_t sctp_port, uint16_t *udp_port)
{
	struct link_binding *b = NULL;

	ck_assert_int_eq(
		link_bind(sctp_port, NULL, 0, GEN_SCTP_INET, udp_port, &b), 0);
	return b;
}

size_t
wire_socket_count(void)
{
	const gen_sctp_fd_t *fds;

	return link_fds(&fds);
}

/* ---------------------------------------------------------------- packets */

void
wire_make_init(uint8_t *data, size_t len, uint16_t src_port)
{
	struct link_packet p = { .data = data, .len = len };

	ck_assert_uint_ge(len, INIT_LEN);
	memset(data, 0, len);
	write_be16(data, src_port);
	write_be16(data + 2, PEER_SCTP_PORT);
	data[12] = 1;
	write_be16(data + 14, (uint16_t)(len - 12));
	write_be32(data + 16, 0x11223344); /* initiate tag */
	write_be32(data + 20, 65536);	   /* a_rwnd */
	write_be16(data + 24, 10);	   /* streams */
	write_be16(data + 26, 10);
	write_be32(data + 28, 1); /* TSN */
	if (len > INIT_LEN) {
		write_be16(data + 32, 0x8005);
		write_be16(data + 34, (uint16_t)(len - INIT_LEN));
	}
	packet_set_checksum(&p);
}

void
wire_output(uint16_t port, const struct gen_sctp_addr *src,
	    const struct gen_sctp_addr *dst, size_t len)
{
	struct link_packet *p = link_output_begin(len);

	if (p == NULL)
		return;
	wire_make_init(p->data, len, port);
	memset(p->data + 8, 0, 4); /* the link makes the checksum */
	p->src = *src;
	p->dst = *dst;
	link_output_end(p);
}

void
wire_output_to_peer(size_t len)
{
	struct gen_sctp_addr src = wire_ipv4(1, 0);

	wire_output(SCTP_PORT, &src, &wire_peer_addr, len);
}

static bool
readable(gen_sctp_fd_t fd)
{
	bool is;

	return os_poll(&fd, &is, 1, os_now() + 2000 * OS_MS) == 1;
}

static uint8_t peer_room[65536 + 64];
static struct os_dgram at_peer;
static size_t at_peer_used;

size_t
wire_peer_receive(struct link_packet *p)
{
	size_t len, segment;
	uint8_t *data;

	if (at_peer_used >= at_peer.len) {
		at_peer = (struct os_dgram){ .data = peer_room,
					     .size = sizeof(peer_room) };
		at_peer_used = 0;
		ck_assert(readable(wire_peer));
		ck_assert_int_eq(os_udp_recv(wire_peer, &at_peer, 1), 1);
	}
	data = peer_room + at_peer_used;
	segment = at_peer.segment > 0 ? at_peer.segment : at_peer.len;
	len = at_peer.len - at_peer_used;
	if (len > segment)
		len = segment;
	at_peer_used += len;
	*p = (struct link_packet){ .data = data,
				   .len = len,
				   .src = at_peer.src,
				   .dst = at_peer.dst,
				   .tos = at_peer.tos,
				   .ttl = at_peer.ttl };
	ck_assert(packet_checksum_ok(p));
	return len;
}

void
wire_peer_send_bytes(const struct gen_sctp_addr *to, void *data, size_t len)
{
	struct os_dgram d = { .data = data, .len = len, .dst = *to };
	int error = 0;

	ck_assert_int_eq(os_udp_send(wire_peer, &d, 1, &error), 1);
}

void
wire_peer_send(const struct gen_sctp_addr *to, size_t len)
{
	uint8_t data[2000];

	wire_make_init(data, len, PEER_SCTP_PORT);
	write_be16(data + 2, SCTP_PORT);
	packet_set_checksum(&(struct link_packet){ .data = data, .len = len });
	wire_peer_send_bytes(to, data, len);
}

void
wire_receive_until(int packets)
{
	os_time deadline = os_now() + 2000 * OS_MS;
	bool is[16];
	const gen_sctp_fd_t *fds;
	size_t n;

	while (wire_seen.packets < packets && os_now() < deadline) {
		link_receive(256, NULL);
		if (wire_seen.packets >= packets)
			break;
		n = link_fds(&fds);
		ck_assert_uint_le(n, 16);
		os_poll(fds, is, n, os_now() + 20 * OS_MS);
	}
	ck_assert_int_eq(wire_seen.packets, packets);
}
