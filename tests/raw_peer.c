#include "raw_peer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COMMON_HEADER 12
#define FIRST_TSN     1
#define INIT_FIXED    20

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --------------------------------------------------------------- sockets */

static bool
bind_path(struct raw_peer *r, const char *addr, uint16_t udp_port)
{
	struct sockaddr_in *at = &r->at[r->paths];
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	memset(at, 0, sizeof(*at));
	at->sin_family = AF_INET;
	at->sin_port = udp_port;
	inet_pton(AF_INET, addr, &at->sin_addr);
	if (bind(fd, (struct sockaddr *)at, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)at, &len) != 0) {
		close(fd);
		return false;
	}
	r->fds[r->paths++] = fd;
	return true;
}

static uint32_t
random_tag(void)
{
	static uint32_t last;

	if (last == 0)
		last = (uint32_t)now_ms() ^ (uint32_t)getpid() << 16;
	last = last * 1664525U + 1013904223U;
	return last | 1;
}

bool
raw_open(struct raw_peer *r, const char *addr, uint16_t port,
	 int their_udp_port, int their_port)
{
	memset(r, 0, sizeof(*r));
	r->to.sin_family = AF_INET;
	r->to.sin_port = htons((uint16_t)their_udp_port);
	inet_pton(AF_INET, "127.0.0.1", &r->to.sin_addr);
	r->port = port;
	r->their_port = (uint16_t)their_port;
	r->tag = random_tag();
	r->tsn = FIRST_TSN;
	return bind_path(r, addr, 0);
}

bool
raw_add_path(struct raw_peer *r, const char *addr)
{
	return bind_path(r, addr, r->at[0].sin_port);
}

void
raw_close(struct raw_peer *r)
{
	while (r->paths > 0)
		close(r->fds[--r->paths]);
}

int
raw_udp_port(const struct raw_peer *r)
{
	return ntohs(r->at[0].sin_port);
}

void
raw_pretend(struct raw_peer *r, const struct raw_peer *other)
{
	r->port = other->port;
	r->their_port = other->their_port;
	r->to = other->to;
}

/* -------------------------------------------------------------- receiving */

static bool
take_datagram(struct raw_peer *r, int fd)
{
	ssize_t n = recv(fd, r->in, sizeof(r->in), MSG_DONTWAIT);

	if (n < 0)
		return false;
	r->in_len = (size_t)n;
	r->in_fd = fd;
	return raw_checksum_ok(r);
}

bool
raw_receive(struct raw_peer *r, int ms)
{
	int64_t deadline = now_ms() + ms, left;
	struct pollfd fds[RAW_PATHS];

	do {
		left = deadline - now_ms();
		for (int i = 0; i < r->paths; i++)
			fds[i] = (struct pollfd){ r->fds[i], POLLIN, 0 };
		poll(fds, (nfds_t)r->paths, left > 0 ? (int)left : 0);
		for (int i = 0; i < r->paths; i++)
			if ((fds[i].revents & POLLIN) &&
			    take_datagram(r, r->fds[i]))
				return true;
	} while (left > 0);
	return false;
}

static uint32_t
get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* The answer leaves by the path that the packet came in on; what the test is
 * making stays as it is. */
static void
answer(struct raw_peer *r, bool heartbeat, const struct raw_chunk *c)
{
	struct raw_peer *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return;
	*copy = *r;
	raw_begin(copy, r->their_tag);
	if (heartbeat)
		raw_chunk(copy, RAW_HEARTBEAT_ACK, 0, c->at + 4, c->len - 4);
	else
		raw_sack(copy);
	raw_send_by(copy, r->in_fd);
	free(copy);
}

static void
answer_all(struct raw_peer *r)
{
	struct raw_chunk c;
	size_t offset = 0;
	bool data = false;

	while (raw_next(r, &offset, &c)) {
		if (c.type == RAW_HEARTBEAT && !r->silent)
			answer(r, true, &c);
		if (c.type != RAW_DATA || c.len < 16)
			continue;
		data = true;
		if (get32(c.at + 4) == r->seen_tsn + 1)
			r->seen_tsn++;
	}
	if (data && !r->silent)
		answer(r, false, NULL);
}

bool
raw_await(struct raw_peer *r, uint8_t type, struct raw_chunk *c, int ms)
{
	int64_t deadline = now_ms() + ms, left;

	for (left = ms; left >= 0; left = deadline - now_ms()) {
		if (!raw_receive(r, (int)left))
			return false;
		answer_all(r);
		if (raw_find(r, type, c))
			return true;
	}
	return false;
}

static bool
has_text(const struct raw_peer *r, const char *text)
{
	struct raw_chunk c;
	size_t offset = 0, len = strlen(text);

	while (raw_next(r, &offset, &c))
		if (c.type == RAW_DATA && c.len == 16 + len &&
		    memcmp(c.at + 16, text, len) == 0)
			return true;
	return false;
}

bool
raw_await_text(struct raw_peer *r, const char *text, int ms)
{
	int64_t deadline = now_ms() + ms;
	struct raw_chunk c;

	while (raw_await(r, RAW_DATA, &c, (int)(deadline - now_ms())))
		if (has_text(r, text))
			return true;
	return false;
}

void
raw_drain(struct raw_peer *r)
{
	while (raw_receive(r, 0))
		;
}

/* ------------------------------------------------------------ association */

static void
learn(struct raw_peer *r, const struct raw_chunk *init)
{
	r->their_tag = get32(init->at + 4);
	r->their_tsn = r->seen_tsn = get32(init->at + 16) - 1;
}

static bool
keep_cookie(struct raw_peer *r, const struct raw_chunk *init_ack)
{
	size_t at = INIT_FIXED, len;

	while (at + 4 <= init_ack->len) {
		const uint8_t *param = init_ack->at + at;

		len = (size_t)(param[2] << 8 | param[3]);
		if (len < 4 || at + len > init_ack->len)
			return false;
		if (param[0] == 0 && param[1] == RAW_STATE_COOKIE &&
		    len - 4 <= sizeof(r->cookie)) {
			r->cookie_len = len - 4;
			memcpy(r->cookie, param + 4, len - 4);
			return true;
		}
		at += (len + 3) & ~(size_t)3;
	}
	return false;
}

bool
raw_get_cookie(struct raw_peer *r)
{
	struct raw_chunk c;

	raw_begin(r, 0);
	raw_init(r, RAW_INIT);
	raw_abilities(r);
	raw_send(r);
	if (!raw_await(r, RAW_INIT_ACK, &c, RAW_PATIENCE) || c.len < INIT_FIXED)
		return false;
	learn(r, &c);
	return keep_cookie(r, &c);
}

void
raw_echo_cookie(struct raw_peer *r)
{
	raw_begin(r, r->their_tag);
	raw_chunk(r, RAW_COOKIE_ECHO, 0, r->cookie, r->cookie_len);
}

bool
raw_connect(struct raw_peer *r)
{
	struct raw_chunk c;

	if (!raw_get_cookie(r))
		return false;
	raw_echo_cookie(r);
	raw_send(r);
	return raw_await(r, RAW_COOKIE_ACK, &c, RAW_PATIENCE);
}

bool
raw_accept(struct raw_peer *r)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	struct raw_chunk c;
	struct pollfd fd = { r->fds[0], POLLIN, 0 };

	if (poll(&fd, 1, RAW_PATIENCE) != 1 ||
	    recvfrom(r->fds[0], r->in, 0, MSG_PEEK, (struct sockaddr *)&from,
		     &len) < 0 ||
	    !raw_receive(r, 0) || !raw_find(r, RAW_INIT, &c) ||
	    c.len < INIT_FIXED)
		return false;
	r->accepted = true;
	r->to = from;
	r->their_port = (uint16_t)(r->in[0] << 8 | r->in[1]);
	learn(r, &c);
	r->cookie_len = 8;
	memcpy(r->cookie, "a cookie", r->cookie_len);
	raw_begin(r, r->their_tag);
	raw_init(r, RAW_INIT_ACK);
	raw_param(r, RAW_STATE_COOKIE, r->cookie, r->cookie_len);
	raw_abilities(r);
	raw_send(r);
	if (!raw_await(r, RAW_COOKIE_ECHO, &c, RAW_PATIENCE))
		return false;
	raw_begin(r, r->their_tag);
	raw_chunk(r, RAW_COOKIE_ACK, 0, RAW_NOTHING);
	raw_send(r);
	return true;
}

void
raw_reboot(struct raw_peer *r)
{
	r->tag = random_tag();
	r->tsn = FIRST_TSN;
	r->ssn = 0;
}

bool
raw_say(struct raw_peer *r, const char *text)
{
	struct raw_chunk c;
	uint32_t tsn = r->tsn;

	raw_begin(r, r->their_tag);
	raw_data(r, text);
	raw_send(r);
	while (raw_await(r, RAW_SACK, &c, RAW_PATIENCE))
		if ((int32_t)(get32(c.at + 4) - tsn) >= 0)
			return true;
	return false;
}
