/*
 * 100,000 mutated packets while associations carry data. Whoever does not know
 * a tag ends, redirects and corrupts nothing; whoever does hurts himself only.
 *
 * The seed is printed; the environment variable SEED repeats a run.
 */
#include "api_rig.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "raw_peer.h"
#include "runner.h"

#define PACKETS	  100000
#define PER_ROUND 100
#define CLIENTS	  4
#define MAX_TEXT  3000
#define SAMPLES	  64
#define ROOM	  4096
#define HEADER	  12

/* ---------------------------------------------------------------- chance */

static uint64_t chance_state;

static void
seed_chance(void)
{
	const char *given = getenv("SEED");

	chance_state = (uint64_t)rig_now() << 16 ^ (uint64_t)getpid();
	if (given != NULL)
		chance_state = strtoull(given, NULL, 0);
	printf("# SEED=%llu\n", (unsigned long long)chance_state);
	fflush(stdout);
}

/* splitmix64 */
static uint64_t
chance(void)
{
	uint64_t z = chance_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t
below(size_t n)
{
	return (size_t)(chance() % n);
}

/* -------------------------------------------------------------------- tap */

/* Between a client and the server: passes everything and keeps samples. What
 * is sent from its sockets comes from where the other side is. */
struct tap {
	struct raw_peer to_server, to_client;
};

struct sample {
	size_t len;
	uint8_t bytes[ROOM];
};

static struct tap taps[CLIENTS];
/* Of the samples and of where packets go. */
static pthread_mutex_t tap_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sample samples[SAMPLES];
static size_t sample_count;
static uint8_t tags[2 * CLIENTS][4]; /* as in the packets */
static size_t tag_count;
static atomic_bool tapping;

static bool
is_tag(const uint8_t *at)
{
	for (size_t i = 0; i < tag_count; i++)
		if (memcmp(tags[i], at, 4) == 0)
			return true;
	return false;
}

static void
keep(const uint8_t *bytes, size_t len)
{
	static const uint8_t none[4];
	struct sample *s;

	if (len > ROOM)
		return;
	pthread_mutex_lock(&tap_lock);
	if (tag_count < 2 * CLIENTS && memcmp(bytes + 4, none, 4) != 0 &&
	    !is_tag(bytes + 4))
		memcpy(tags[tag_count++], bytes + 4, 4);
	s = &samples[sample_count++ % SAMPLES];
	s->len = len;
	memcpy(s->bytes, bytes, len);
	pthread_mutex_unlock(&tap_lock);
}

/* What came in at one side leaves by the other one's socket. */
static void
pass(struct raw_peer *in, struct raw_peer *out)
{
	static uint8_t bytes[RAW_PACKET];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t n = recvfrom(in->fds[0], bytes, sizeof(bytes), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &from_len);

	if (n <= 0)
		return;
	pthread_mutex_lock(&tap_lock);
	in->to = from;
	pthread_mutex_unlock(&tap_lock);
	keep(bytes, (size_t)n);
	(void)!sendto(out->fds[0], bytes, (size_t)n, 0,
		      (struct sockaddr *)&out->to, sizeof(out->to));
}

static void
run_taps(void *arg)
{
	struct pollfd fds[2 * CLIENTS];

	(void)arg;
	for (int i = 0; i < CLIENTS; i++) {
		fds[2 * i] =
			(struct pollfd){ taps[i].to_client.fds[0], POLLIN, 0 };
		fds[2 * i + 1] =
			(struct pollfd){ taps[i].to_server.fds[0], POLLIN, 0 };
	}
	while (tapping) {
		poll(fds, 2 * CLIENTS, 10);
		for (int i = 0; i < CLIENTS; i++) {
			if (fds[2 * i].revents)
				pass(&taps[i].to_client, &taps[i].to_server);
			if (fds[2 * i + 1].revents)
				pass(&taps[i].to_server, &taps[i].to_client);
		}
	}
}

/* -------------------------------------------------------------- the scene */

static gen_sctp_socket_t server, clients[CLIENTS];
static gen_sctp_assoc_id_t at_server[CLIENTS], at_client[CLIENTS];
static struct rig_thread tap_thread;
static struct raw_peer stray; /* knows no tag, has another UDP port */
static struct raw_peer peer;  /* knows its own association's */

static void
connect_client(int i)
{
	struct gen_sctp_assoc_change ac;

	ck_assert_int_eq(gen_sctp_connect(clients[i], "127.0.0.1",
					  gen_sctp_port(server), NULL, 0,
					  RIG_PATIENCE, &ac),
			 0);
	at_client[i] = ac.assoc_id;
	at_server[i] = rig_expect_change(server, GEN_SCTP_COMM_UP);
}

static void
set_up(void)
{
	int port;

	server = rig_listener();
	port = rig_udp_port(server);
	tapping = true;
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = rig_open(0, NULL, 0);
		ck_assert(
			raw_open(&taps[i].to_server, "127.0.0.1", 0, port, 0));
		ck_assert(raw_open(&taps[i].to_client, "127.0.0.1", 0, 0, 0));
		rig_aim_at(clients[i], raw_udp_port(&taps[i].to_client));
	}
	ck_assert(raw_open(&stray, "127.0.0.1", 0, port, 0));
	ck_assert(raw_open(&peer, "127.0.0.1", 7000, port,
			   gen_sctp_port(server)));
	rig_start(&tap_thread, run_taps, NULL);
	for (int i = 0; i < CLIENTS; i++)
		connect_client(i);
}

static void
close_now(gen_sctp_socket_t s)
{
	rig_set(s, gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 }));
	rig_close(s);
}

static void
tear_down(void)
{
	for (int i = 0; i < CLIENTS; i++)
		close_now(clients[i]);
	close_now(server);
	tapping = false;
	rig_join(&tap_thread);
	for (int i = 0; i < CLIENTS; i++) {
		raw_close(&taps[i].to_server);
		raw_close(&taps[i].to_client);
	}
	raw_close(&stray);
	raw_close(&peer);
}

/* --------------------------------------------------------------- mutation */

static void
take_sample(struct raw_peer *r)
{
	const struct sample *s;
	size_t n;

	pthread_mutex_lock(&tap_lock);
	n = sample_count < SAMPLES ? sample_count : SAMPLES;
	s = &samples[below(n)];
	r->len = s->len;
	memcpy(r->out, s->bytes, s->len);
	pthread_mutex_unlock(&tap_lock);
}

static void
flip_bits(struct raw_peer *r)
{
	if (r->len <= HEADER)
		return;
	for (size_t n = 1 + below(8); n > 0; n--)
		r->out[HEADER + below(r->len - HEADER)] ^=
			(uint8_t)(1 << below(8));
}

static void
truncate_it(struct raw_peer *r)
{
	r->len = below(r->len + 1);
}

static void
lengthen(struct raw_peer *r)
{
	size_t more = 1 + below(64);

	while (more-- > 0 && r->len < ROOM)
		r->out[r->len++] = (uint8_t)chance();
}

/* The chunks of another packet in front of, or behind, this one's. */
static void
splice(struct raw_peer *r)
{
	static uint8_t whole[2 * ROOM];
	static struct raw_peer other;
	size_t ours = r->len < HEADER ? 0 : r->len - HEADER, theirs;

	take_sample(&other);
	theirs = other.len < HEADER ? 0 : other.len - HEADER;
	if (ours == 0 || ours + theirs + HEADER > ROOM)
		return;
	memcpy(whole, other.out + HEADER, theirs);
	memcpy(whole + theirs, r->out + HEADER, ours);
	memcpy(r->out + HEADER, whole, ours + theirs);
	r->len = HEADER + ours + theirs;
}

static const uint8_t types[] = {
	RAW_DATA,  RAW_INIT,	    RAW_INIT_ACK,
	RAW_SACK,  RAW_HEARTBEAT,   RAW_HEARTBEAT_ACK,
	RAW_ABORT, RAW_SHUTDOWN,    RAW_SHUTDOWN_ACK,
	RAW_ERROR, RAW_COOKIE_ECHO, RAW_COOKIE_ACK,
	RAW_ECNE,  RAW_CWR,	    RAW_SHUTDOWN_COMPLETE,
	RAW_AUTH,  RAW_ASCONF_ACK,  RAW_RE_CONFIG,
	RAW_PAD,   RAW_FORWARD_TSN, RAW_ASCONF,
};

static void
retype(struct raw_peer *r)
{
	if (r->len <= HEADER + 1)
		return;
	r->out[HEADER] = types[below(sizeof(types))];
	r->out[HEADER + 1] = (uint8_t)below(4);
}

static void
bend_length(struct raw_peer *r)
{
	if (r->len <= HEADER + 3)
		return;
	r->out[HEADER + 3] = (uint8_t)(r->out[HEADER + 3] + below(9) - 4);
}

static void
mutate(struct raw_peer *r)
{
	static void (*const ways[])(struct raw_peer * r) = {
		flip_bits, truncate_it, lengthen, splice, retype, bend_length,
	};

	for (size_t n = 1 + below(3); n > 0; n--)
		ways[below(sizeof(ways) / sizeof(ways[0]))](r);
}

/* Often 0: an INIT has that one. What an attacker does not know is not further
 * inside either (an INIT has a tag, and the answer to it). */
static void
random_tags(struct raw_peer *r)
{
	uint32_t tag = below(4) == 0 ? 0 : (uint32_t)chance();

	if (r->len < 8)
		return;
	memcpy(r->out + 4, &tag, sizeof(tag));
	tag = (uint32_t)chance();
	pthread_mutex_lock(&tap_lock);
	for (size_t i = HEADER; i + 4 <= r->len; i++)
		if (is_tag(r->out + i))
			memcpy(r->out + i, &tag, sizeof(tag));
	pthread_mutex_unlock(&tap_lock);
}

/* ---------------------------------------------------------------- attacks */

static void
send_from(struct raw_peer *r, int fd, bool good_sum)
{
	if (r->len < HEADER)
		(void)!sendto(fd, r->out, r->len, 0, (struct sockaddr *)&r->to,
			      sizeof(r->to));
	else if (good_sum)
		raw_send_by(r, fd);
	else
		raw_send_spoilt(r, fd);
}

/* To the server or a client, from where its peer is or from elsewhere. */
static void
attack_without_a_tag(void)
{
	struct tap *tap = &taps[below(CLIENTS)];
	struct raw_peer *way = below(3) > 0 ? &tap->to_server : &tap->to_client;
	bool good_sum = below(4) > 0;
	int fd = below(2) ? way->fds[0] : stray.fds[0];

	take_sample(&stray);
	mutate(&stray);
	if (good_sum)
		random_tags(&stray);
	pthread_mutex_lock(&tap_lock);
	stray.to = way->to;
	pthread_mutex_unlock(&tap_lock);
	send_from(&stray, fd, good_sum);
}

#define NOISE 64

static const uint8_t *
noise(void)
{
	static uint8_t bytes[NOISE];

	for (size_t i = 0; i < NOISE; i++)
		bytes[i] = (uint8_t)chance();
	return bytes;
}

static void
make_packet(struct raw_peer *r)
{
	raw_begin(r, r->their_tag);
	switch (below(6)) {
	case 0:
		raw_data(r, "harmless");
		return;
	case 1:
		raw_sack(r);
		return;
	case 2:
		raw_asconf(r);
		return;
	case 3:
		raw_begin(r, 0);
		raw_init(r, RAW_INIT);
		raw_abilities(r);
		return;
	case 4:
		raw_echo_cookie(r);
		return;
	default:
		raw_chunk(r, types[below(sizeof(types))], 0, noise(),
			  below(NOISE));
	}
}

static void
attack_as_a_peer(void)
{
	make_packet(&peer);
	mutate(&peer);
	send_from(&peer, peer.fds[0], below(8) > 0);
}

static void
attack(void)
{
	for (int i = 0; i < PER_ROUND; i++)
		if (below(5) == 0)
			attack_as_a_peer();
		else
			attack_without_a_tag();
}

/* ------------------------------------------------------------------- data */

static uint8_t text[MAX_TEXT], buf[65536];

static int
client_of(gen_sctp_assoc_id_t assoc)
{
	for (int i = 0; i < CLIENTS; i++)
		if (at_server[i] == assoc)
			return i;
	return -1;
}

static gen_sctp_assoc_id_t
assoc_of(const struct gen_sctp_msg *msg)
{
	if (msg->kind == GEN_SCTP_MSG_DATA)
		return msg->info.assoc_id;
	ck_assert_int_ne(msg->kind, GEN_SCTP_MSG_NONE);
	return msg->event.type == GEN_SCTP_ASSOC_CHANGE
		       ? msg->event.u.assoc_change.assoc_id
		       : 0;
}

static void
expect_at_server(size_t len, unsigned int round)
{
	struct gen_sctp_msg msg;
	int left = CLIENTS;

	while (left > 0) {
		int n = rig_recv(server, buf, sizeof(buf), &msg);
		int i = client_of(assoc_of(&msg));

		if (i >= 0) {
			ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
			ck_assert_uint_eq((size_t)n, len);
			ck_assert(rig_filled(buf, len,
					     round * CLIENTS + (unsigned)i));
			left--;
		}
		gen_sctp_msg_free(&msg);
	}
}

static void
exchange(unsigned int round)
{
	size_t len = 1 + below(MAX_TEXT);

	for (int i = 0; i < CLIENTS; i++) {
		rig_fill(text, len, round * CLIENTS + (unsigned)i);
		rig_send(clients[i], at_client[i], 0, text, len);
	}
	expect_at_server(len, round);
	for (int i = 0; i < CLIENTS; i++)
		rig_send(server, at_server[i], 0, text, len);
	for (int i = 0; i < CLIENTS; i++)
		rig_expect_data(clients[i], text, len);
}

/* The packets of associations go where they went. */
static void
nothing_went_astray(void)
{
	struct raw_chunk c;

	while (raw_receive(&stray, 0)) {
		ck_assert(!raw_find(&stray, RAW_DATA, &c));
		ck_assert(!raw_find(&stray, RAW_SACK, &c));
		ck_assert(!raw_find(&stray, RAW_HEARTBEAT, &c));
	}
}

/* It may have been hurt, or hang up on us. */
static void
peer_returns(void)
{
	raw_drain(&peer);
	raw_reboot(&peer);
	raw_connect(&peer);
}

START_TEST(mutated_packets_harm_nobody_else)
{
	uint64_t seen = rig_counter("packets_in");

	seed_chance();
	for (unsigned int round = 0; round < PACKETS / PER_ROUND; round++) {
		if (round % 10 == 0)
			peer_returns();
		exchange(round);
		attack();
		exchange(round);
		nothing_went_astray();
	}
	seen = rig_counter("packets_in") - seen;
	printf("# %llu packets came in\n", (unsigned long long)seen);
	ck_assert_uint_gt(seen, PACKETS);
}
END_TEST

static Suite *
mutation_suite(void)
{
	Suite *suite = suite_create("mutations");
	TCase *tc = tcase_create("mutations");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, mutated_packets_harm_nobody_else);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { mutation_suite, NULL };

	return run_suites(suites, argc, argv);
}
