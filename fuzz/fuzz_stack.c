/*
 * The whole stack, link, guard, engine and API, with a peer that the input
 * plays. It begins when the association is up, and ends with everything closed.
 *
 * Input: one byte, whose bits say: 0, the peer has a second address; 1, it was
 * us who connected; 2, there is no association at first; 3, AUTH and ASCONF;
 * 4, our receive buffer is small. Then records. A first byte below 128 is a
 * packet:
 *
 *   bits 0-1  from: the peer, its second address, a stranger (10.0.0.9), the
 *             peer's address with another UDP port
 *   bits 2-3  verification tag: the right one, 0, the peer's own, a wrong one
 *   bit 4     with a wrong checksum
 *
 * and two bytes, the length of the chunks that follow. Numbers in SACK and
 * SHUTDOWN count from our first TSN; a COOKIE ECHO of 8 bytes gets the latest
 * cookie. Other first bytes are what time and the program do (see acts).
 * tests/raw_record.c writes such sequences.
 *
 * Beside what the sanitizers see: as long as every packet had tag 0 or a wrong
 * one, the association must live and be where it was.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gensctp.h"
#include "packet.h"
#include "virtual_os.h"

#define MY_PORT 5000
#define PEER_PORT 6000
#define UDP 9899
#define PEER_TAG 0x22222222
#define WRONG_TAG 0x0badf00d
#define RWND 0x00100000
#define CHUNK_HEADER 4
#define INIT_FIXED 20
#define PARAM_COOKIE 7
#define MAX_RECORDS 64
#define MAX_WAITS 100

enum {
	DATA,
	INIT,
	INIT_ACK,
	SACK,
	ABORT = 6,
	SHUTDOWN = 7,
	COOKIE_ECHO = 10,
	COOKIE_ACK
};

enum {
	SECOND_ADDRESS = 1,
	ACTIVE = 2,
	NOBODY = 4,
	WITH_AUTH = 8,
	SMALL_BUFFER = 16
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ADDR(last, udp_port) { GEN_SCTP_INET, { 10, 0, 0, last }, udp_port, 0 }
static const struct gen_sctp_addr us = ADDR(1, UDP);
static const struct gen_sctp_addr places[] = {
	ADDR(2, UDP), ADDR(3, UDP), ADDR(9, UDP), ADDR(2, 4444),
};

static struct {
	gen_sctp_socket_t idle; /* open all the time */
	gen_sctp_socket_t s, peeled;
	gen_sctp_assoc_id_t assoc; /* 0: not up */
	bool up; /* it was, and nothing ended it */
	bool harmless; /* nobody knew the tag, nobody acted */
	bool reading;
	uint32_t their_tag, their_tsn; /* of the association */
	uint32_t offered, offered_tsn; /* in the latest INIT ACK */
	uint8_t cookie[1024];
	size_t cookie_len;
	bool told; /* what they sent had the text "ping" */
	struct gen_sctp_addr told_at;
	uint8_t packet[65536];
	size_t len;
} f;

#define require(holds) ((holds) ? (void)0 : abort())

/* ------------------------------------------------------- what they send */

static void
keep_cookie(const uint8_t *init_ack, size_t len)
{
	size_t at = INIT_FIXED, n;

	for (; at + 4 <= len; at += (n + 3) & ~(size_t)3) {
		n = read_be16(init_ack + at + 2);
		if (n < 4 || at + n > len)
			return;
		if (read_be16(init_ack + at) != PARAM_COOKIE ||
		    n - 4 > sizeof(f.cookie))
			continue;
		f.cookie_len = n - 4;
		memcpy(f.cookie, init_ack + at + 4, n - 4);
	}
}

static void
see_chunk(const uint8_t *c, size_t len, const struct gen_sctp_addr *dst)
{
	if ((c[0] == INIT || c[0] == INIT_ACK) && len < INIT_FIXED)
		return;
	switch (c[0]) {
	case DATA:
		if (len == 20 && memcmp(c + 16, "ping", 4) == 0) {
			f.told = true;
			f.told_at = *dst;
		}
		break;
	case INIT:
		f.their_tag = read_be32(c + 4);
		f.their_tsn = read_be32(c + 16) - 1;
		break;
	case INIT_ACK:
		f.offered = read_be32(c + 4);
		f.offered_tsn = read_be32(c + 16) - 1;
		keep_cookie(c, len);
		break;
	case COOKIE_ACK:
		if (f.offered == 0)
			break;
		f.their_tag = f.offered;
		f.their_tsn = f.offered_tsn;
		break;
	default:
		break;
	}
}

/* The engine leaves out the padding of an ERROR about a chunk without. */
static void
see_packet(const uint8_t *data, size_t len, const struct gen_sctp_addr *dst)
{
	size_t at = SCTP_COMMON_HEADER, n;

	require(len > SCTP_COMMON_HEADER);
	for (; at + CHUNK_HEADER <= len; at += (n + 3) & ~(size_t)3) {
		n = read_be16(data + at + 2);
		if (n < CHUNK_HEADER || at + n > len)
			return;
		see_chunk(data + at, n, dst);
	}
}

/* ------------------------------------------------------------ our program */

static void
take(const struct gen_sctp_msg *msg)
{
	const struct gen_sctp_assoc_change *change = &msg->event.u.assoc_change;

	if (msg->kind != GEN_SCTP_MSG_EVENT ||
	    msg->event.type != GEN_SCTP_ASSOC_CHANGE)
		return;
	f.up = change->state == GEN_SCTP_COMM_UP ||
	       change->state == GEN_SCTP_RESTART;
	f.assoc = change->assoc_id;
}

/* Returns the length of the last message. */
static size_t
receive_all(gen_sctp_socket_t s, uint8_t *buf, size_t size)
{
	size_t last = 0;
	int result;

	for (int i = 0; i < 1000; i++) {
		struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;

		result = gen_sctp_recv(s, buf, size, &msg, 0);
		if (result < 0 && result != GEN_SCTP_EEVENT)
			break;
		take(&msg);
		if (msg.kind == GEN_SCTP_MSG_DATA)
			last = msg.len;
		gen_sctp_msg_free(&msg);
		if (msg.kind == GEN_SCTP_MSG_EOF)
			break;
	}
	return last;
}

/* A receive that finds nothing does all the work that there is. */
static size_t
run(uint8_t *buf, size_t size)
{
	size_t last = 0;

	receive_all(f.idle, buf, size);
	if (f.s != 0 && f.reading)
		last = receive_all(f.s, buf, size);
	if (f.peeled != 0 && f.reading)
		receive_all(f.peeled, buf, size);
	receive_all(f.idle, buf, size);
	return last;
}

static void
run_only(void)
{
	uint8_t buf[300];

	run(buf, sizeof(buf));
}

static void
pass_time(int ms)
{
	virtual_now += ms * OS_MS;
	run_only();
}

/* Closes with linger {true, 0}: at once. */
static void
drop(gen_sctp_socket_t *s)
{
	const struct gen_sctp_opt opt =
		gen_sctp_opt_linger((struct gen_sctp_linger){ true, 0 });

	if (*s == 0)
		return;
	gen_sctp_setopts(*s, &opt, 1, NULL);
	require(gen_sctp_close(*s) == 0);
	*s = 0;
}

static void
open_socket(gen_sctp_socket_t *s, int port)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(us),
		gen_sctp_opt_udp_encaps((struct gen_sctp_udp_encaps){
			.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT |
			       GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
			.local_port = UDP,
			.remote_port = UDP }),
	};

	opts[0].value.addr.port = 0;
	require(gen_sctp_open(port, opts, 2, s, NULL) == 0);
}

static void
reconnect(void)
{
	if (f.s == 0)
		open_socket(&f.s, MY_PORT);
	gen_sctp_connect_init(f.s, "10.0.0.2", PEER_PORT, NULL, 0, 0);
}

static void
use_second(void)
{
	struct gen_sctp_prim prim = { f.assoc, places[1] };
	struct gen_sctp_opt opt;

	prim.addr.port = PEER_PORT;
	opt = gen_sctp_opt_primary_addr(prim);
	gen_sctp_setopts(f.s, &opt, 1, NULL);
}

static void
look(void)
{
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_get(GEN_SCTP_OPT_STATUS),
		gen_sctp_opt_get(GEN_SCTP_OPT_PRIMARY_ADDR),
		gen_sctp_opt_get(GEN_SCTP_OPT_PEER_ADDR_PARAMS),
	};

	opts[0].value.status.assoc_id = f.assoc;
	opts[1].value.primary_addr.assoc_id = f.assoc;
	opts[2].value.peer_addr_params.assoc_id = f.assoc;
	gen_sctp_getopts(f.s, opts, 3, NULL);
}

static void
subscribe_to_all(void)
{
	const struct gen_sctp_opt opt = gen_sctp_opt_events(
		(struct gen_sctp_event_subscribe){ 0x1fff, 0x1fff });

	gen_sctp_setopts(f.s, &opt, 1, NULL);
}

static void
a_moment(void)
{
	pass_time(1);
}

static void
some_time(void)
{
	pass_time(250);
}

static void
a_timeout(void)
{
	pass_time(1500);
}

static void
a_long_time(void)
{
	pass_time(70000);
}

static void
send_zeros(size_t len)
{
	static const uint8_t zeros[20000];
	const struct gen_sctp_opt nonblocking =
		gen_sctp_opt_non_block_send(true);

	gen_sctp_setopts(f.s, &nonblocking, 1, NULL);
	gen_sctp_send(f.s, f.assoc, 0, zeros, len);
}

static void
send_little(void)
{
	send_zeros(100);
}

static void
send_much(void)
{
	send_zeros(20000);
}

static void
shut_down(void)
{
	gen_sctp_eof(f.s, f.assoc);
}

static void
end(void)
{
	gen_sctp_abort(f.s, f.assoc);
}

static void
close_socket(void)
{
	gen_sctp_close(f.s);
	f.s = 0;
}

static void
read_or_not(void)
{
	f.reading = !f.reading;
}

static void
peel_off(void)
{
	if (f.peeled == 0)
		gen_sctp_peeloff(f.s, f.assoc, &f.peeled);
}

static void
drop_socket(void)
{
	drop(&f.s);
}

/* By the lowest bits of a record of one byte. */
static void (*const acts[])(void) = {
	a_moment,     some_time,   a_timeout,   a_long_time,
	send_little,  send_much,   shut_down,   end,
	close_socket, read_or_not, peel_off,    drop_socket,
	reconnect,    use_second,  look,        subscribe_to_all,
};

static void
act(unsigned int which)
{
	f.harmless = false;
	acts[which % (sizeof(acts) / sizeof(*acts))]();
	run_only();
}

/* ------------------------------------------------------------ the peer's */

static void
begin(uint32_t vtag)
{
	write_be16(f.packet, PEER_PORT);
	write_be16(f.packet + 2, MY_PORT);
	write_be32(f.packet + 4, vtag);
	f.len = SCTP_COMMON_HEADER;
}

static void
add(const void *bytes, size_t len)
{
	if (len > sizeof(f.packet) - 2048 - f.len)
		len = sizeof(f.packet) - 2048 - f.len;
	if (len > 0)
		memcpy(f.packet + f.len, bytes, len);
	f.len += len;
}

static void
add_chunk(uint8_t type, const void *body, size_t len)
{
	static const uint8_t zeros[4];
	uint8_t header[4] = { type, type == DATA ? 3 : 0 };

	write_be16(header + 2, (uint16_t)(len + 4));
	add(header, 4);
	add(body, len);
	add(zeros, -f.len & 3);
}

static void
deliver(const struct gen_sctp_addr *src, bool spoilt)
{
	struct link_packet p = { .data = f.packet, .len = f.len };

	packet_set_checksum(&p);
	if (spoilt)
		f.packet[8] ^= 1;
	virtual_arrives(f.packet, f.len, src, &us);
}

static const uint8_t abilities[] = {
	0xc0, 0, 0, 4,                         /* FORWARD-TSN */
	0x80, 8, 0, 6, 0x82, 0xc0, 0, 0,       /* RE-CONFIG, FORWARD-TSN */
};
static const uint8_t auth_abilities[] = {
	0xc0, 0, 0, 4, 0x80, 2, 0, 36, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
	31, 32, 0x80, 3, 0, 6, 0xc1, 0x80, 0, 0, 0x80, 4, 0, 6, 0, 1, 0, 0,
	0x80, 8, 0, 9, 0x82, 0xc0, 0x0f, 0xc1, 0x80, 0, 0, 0,
};
static const uint8_t second_address[] = { 0, 5, 0, 8, 10, 0, 0, 3 };
static const uint8_t a_cookie[] = { 0, 7, 0, 8, 'c', 'o', 'o', 'k' };

static void
send_init(uint8_t type, unsigned int how)
{
	uint8_t body[256];
	size_t n = 16;

	memset(body, 0, n);
	write_be32(body, PEER_TAG);
	write_be32(body + 4, RWND);
	body[9] = body[11] = 10;
	body[15] = 1; /* TSN */
	if (type == INIT_ACK) {
		memcpy(body + n, a_cookie, sizeof(a_cookie));
		n += sizeof(a_cookie);
	}
	if (how & SECOND_ADDRESS) {
		memcpy(body + n, second_address, sizeof(second_address));
		n += sizeof(second_address);
	}
	if (how & WITH_AUTH) {
		memcpy(body + n, auth_abilities, sizeof(auth_abilities));
		n += sizeof(auth_abilities);
	} else {
		memcpy(body + n, abilities, sizeof(abilities));
		n += sizeof(abilities);
	}
	begin(type == INIT ? 0 : f.their_tag);
	add_chunk(type, body, n);
	deliver(&places[0], false);
	run_only();
}

static void
we_connect(unsigned int how)
{
	require(gen_sctp_connect_init(f.s, "10.0.0.2", PEER_PORT, NULL, 0, 0) ==
		0);
	run_only();
	send_init(INIT_ACK, how);
	begin(f.their_tag);
	add_chunk(COOKIE_ACK, NULL, 0);
	deliver(&places[0], false);
	run_only();
}

static void
they_connect(unsigned int how)
{
	send_init(INIT, how);
	require(f.cookie_len > 0);
	begin(f.offered);
	add_chunk(COOKIE_ECHO, f.cookie, f.cookie_len);
	deliver(&places[0], false);
	run_only();
}

/* ---------------------------------------------------------------- records */

static uint32_t
tag(unsigned int how, const uint8_t *chunks, size_t len)
{
	switch (how >> 2 & 3) {
	case 0:
		return len > 0 && chunks[0] == COOKIE_ECHO && f.offered != 0
			       ? f.offered
			       : f.their_tag;
	case 1:
		return 0;
	case 2:
		return PEER_TAG;
	default:
		return WRONG_TAG;
	}
}

/* What the file cannot know. */
static size_t
fill_in(const uint8_t *chunks, size_t len)
{
	uint8_t *first = f.packet + SCTP_COMMON_HEADER;

	if (len >= 8 && chunks[0] == COOKIE_ECHO &&
	    read_be16(chunks + 2) == 8) {
		add_chunk(COOKIE_ECHO, f.cookie, f.cookie_len);
		return 8;
	}
	if (len >= 8 && (chunks[0] == SACK || chunks[0] == SHUTDOWN)) {
		add(chunks, 8);
		write_be32(first + 4, read_be32(chunks + 4) + f.their_tsn);
		return 8;
	}
	return 0;
}

static void
play_packet(unsigned int how, const uint8_t *chunks, size_t len)
{
	uint32_t vtag = tag(how, chunks, len);
	size_t done;

	if (vtag == f.their_tag || vtag == PEER_TAG || vtag == f.offered)
		f.harmless = f.harmless && (how & 16);
	begin(vtag);
	done = fill_in(chunks, len);
	add(chunks + done, len - done);
	deliver(&places[how & 3], how & 16);
	run_only();
}

static void
play(const uint8_t *data, size_t size)
{
	for (int i = 0; i < MAX_RECORDS && size > 0; i++) {
		unsigned int how = *data;
		size_t len = 0;

		data++;
		size--;
		if (how & 128) {
			act(how);
			continue;
		}
		if (size < 2)
			return;
		len = read_be16(data);
		if (len > size - 2)
			len = size - 2;
		play_packet(how, data + 2, len);
		data += 2 + len;
		size -= 2 + len;
	}
}

/* ------------------------------------------------------- begin and end */

/* Data still goes both ways, to where it went. */
static void
lives(void)
{
	static const uint8_t pong[] = { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
					'p', 'o', 'n', 'g' };
	uint8_t buf[300];

	require(f.up);
	f.told = false;
	require(gen_sctp_send(f.s, f.assoc, 0, "ping", 4) == 0);
	run_only();
	require(f.told && f.told_at.port == UDP && f.told_at.ip[3] == 2);
	begin(f.their_tag);
	add_chunk(DATA, pong, sizeof(pong));
	deliver(&places[0], false);
	require(run(buf, sizeof(buf)) == 4);
	require(memcmp(buf, "pong", 4) == 0);
}

static void
set_up(unsigned int how)
{
	const struct gen_sctp_opt recbuf = gen_sctp_opt_recbuf(4096);

	memset(&f.assoc, 0, sizeof(f) - offsetof(__typeof__(f), assoc));
	virtual_reset();
	f.reading = true;
	f.harmless = true;
	open_socket(&f.s, MY_PORT);
	if (how & SMALL_BUFFER)
		require(gen_sctp_setopts(f.s, &recbuf, 1, NULL) == 0);
	require(gen_sctp_listen(f.s, 5) == 0);
	if (how & NOBODY) {
		f.harmless = false;
		return;
	}
	if (how & ACTIVE)
		we_connect(how);
	else
		they_connect(how);
	require(f.up);
}

/* Everything is over after a while, and the engine has forgotten it. */
static void
tear_down(void)
{
	drop(&f.s);
	drop(&f.peeled);
	for (int i = 0; i < MAX_WAITS && gen_sctp_drain(0) != 0; i++)
		pass_time(100000);
	require(gen_sctp_drain(0) == 0);
	for (int i = 0; i < 10; i++)
		pass_time(1000);
	pass_time(700000);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("GENSCTP_IP_LAYER", "replaced", 1);
	setenv("GENSCTP_OFFLOADS", "off", 1);
	setenv("GENSCTP_EXIT_MS", "0", 1);
	virtual_leaves = see_packet;
	open_socket(&f.idle, 1);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	set_up(data[0]);
	play(data + 1, size - 1);
	if (f.harmless)
		lives();
	tear_down();
	return 0;
}
