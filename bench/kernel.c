/*
 * What the kernel gives: TCP, and SCTP where there is one, with the writes that
 * gensctp perf does; round trips of UDP; and UDP datagrams by the batch (GSO,
 * GRO), as fast as they go, which is the limit of what can be in them.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

#define BUFFER	 (4 << 20)
#define READ	 65536
#define DATAGRAM 1452 /* what a path MTU of 1500 leaves, in IPv4 */
#define BATCH	 (44 * DATAGRAM)

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static struct bench bench;

static bool
is(const char *text, const char *name)
{
	return strcmp(text, name) == 0;
}

/* ----------------------------------------------------------------- sockets */

static int
open_socket(void)
{
	const bool udp = is(bench.protocol, "udp") || is(bench.protocol, "gso");
	const bool sctp = is(bench.protocol, "sctp");
	const int size = BUFFER, on = 1;
	int fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM,
			sctp ? IPPROTO_SCTP : 0);

	if (fd < 0 && sctp)
		bench_skip("kernel SCTP");
	bench_check(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!is(bench.protocol, "tcp")) { /* TCP's grow by themselves */
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	}
	return fd;
}

/* Of round trips: what is small goes out at once. */
static void
send_at_once(int fd)
{
	const int on = 1;

	if (is(bench.protocol, "tcp") && is(bench.test, "pingpong"))
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static struct sockaddr_in
loopback(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)bench.port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return sin;
}

static void
send_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = send(fd, data, len, MSG_NOSIGNAL);
		bench_check(n > 0, "send");
	}
}

/* False at the end. */
static bool
receive_all(int fd, char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = recv(fd, data, len, 0);
		if (n <= 0)
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ server */

static void
echo(int fd, char *buf)
{
	send_at_once(fd);
	while (receive_all(fd, buf, (size_t)bench.size))
		send_all(fd, buf, (size_t)bench.size);
}

/* Says so when everything is there. */
static void
swallow(int fd, char *buf)
{
	while (recv(fd, buf, READ, 0) > 0)
		;
	send_all(fd, "", 1);
}

static void *
serve_one(void *arg)
{
	const int fd = (int)(intptr_t)arg;
	char *buf = malloc(BUFFER);

	bench_check(buf != NULL, "malloc");
	if (is(bench.test, "pingpong"))
		echo(fd, buf);
	else
		swallow(fd, buf);
	free(buf);
	close(fd);
	return NULL;
}

static void
serve(int fd)
{
	pthread_t thread;
	int accepted;

	bench_check(listen(fd, 128) == 0, "listen");
	bench_ready();
	for (;;) {
		accepted = accept(fd, NULL, NULL);
		bench_check(accepted >= 0, "accept");
		bench_check(pthread_create(&thread, NULL, serve_one,
					   (void *)(intptr_t)accepted) == 0,
			    "pthread_create");
		pthread_detach(thread);
	}
}

static void
serve_echoes(int fd)
{
	static char buf[READ];
	struct sockaddr_in from;
	socklen_t size;
	ssize_t n;

	bench_ready();
	for (;;) {
		size = sizeof(from);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from,
			     &size);
		if (n >= 0)
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from,
			       size);
	}
}

/* A short datagram asks how many bytes there were before it. */
static void
serve_batches(int fd)
{
	static char buf[READ];
	struct sockaddr_in from;
	const int on = 1;
	uint64_t bytes = 0;
	socklen_t size;
	ssize_t n;

	bench_check(setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) == 0,
		    "UDP_GRO");
	bench_ready();
	for (;;) {
		size = sizeof(from);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from,
			     &size);
		if (n >= DATAGRAM)
			bytes += (uint64_t)n;
		else if (n >= 0)
			sendto(fd, &bytes, sizeof(bytes), 0,
			       (struct sockaddr *)&from, size);
	}
}

static void
run_server(void)
{
	struct sockaddr_in sin = loopback();
	int fd = open_socket();

	bench_check(bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0,
		    "bind");
	if (is(bench.protocol, "udp"))
		serve_echoes(fd);
	else if (is(bench.protocol, "gso"))
		serve_batches(fd);
	else
		serve(fd);
}

/* ------------------------------------------------------------------ client */

static struct perf_latency latency;

static void
throughput(const int *fds, char *data, int64_t deadline,
	   struct bench_result *result)
{
	long i;

	while (bench_now() < deadline)
		for (i = 0; i < bench.associations; i++, result->messages++)
			send_all(fds[i], data, (size_t)bench.size);
	for (i = 0; i < bench.associations; i++)
		shutdown(fds[i], SHUT_WR);
	for (i = 0; i < bench.associations; i++)
		bench_check(receive_all(fds[i], data, 1), "recv");
	result->bytes = result->messages * (uint64_t)bench.size;
}

static void
pingpong(const int *fds, char *data, int64_t deadline,
	 struct bench_result *result)
{
	int64_t start;

	send_at_once(fds[0]);
	while ((start = bench_now()) < deadline) {
		send_all(fds[0], data, (size_t)bench.size);
		bench_check(receive_all(fds[0], data, (size_t)bench.size),
			    "recv");
		perf_latency_note(&latency, bench_now() - start);
		result->messages++;
	}
	result->latency = &latency;
}

/* Until it is answered: what asks may be lost, too. */
static uint64_t
ask(int fd)
{
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	uint64_t bytes;

	do
		send(fd, "", 1, 0);
	while (poll(&answer, 1, 20) == 0);
	bench_check(recv(fd, &bytes, sizeof(bytes), 0) == sizeof(bytes),
		    "recv");
	return bytes;
}

static void
batches(const int *fds, char *data, int64_t deadline,
	struct bench_result *result)
{
	const int segment = DATAGRAM;

	bench_check(setsockopt(fds[0], IPPROTO_UDP, UDP_SEGMENT, &segment,
			       sizeof(segment)) == 0,
		    "UDP_SEGMENT");
	while (bench_now() < deadline)
		send(fds[0], data, BATCH, 0);
	result->bytes = ask(fds[0]);
	result->messages = result->bytes / DATAGRAM;
}

static void
run_client(void)
{
	struct bench_result result = { 0 };
	struct sockaddr_in sin = loopback();
	int *fds = calloc((size_t)bench.associations, sizeof(*fds));
	char *data = calloc(1, BUFFER);
	int64_t start;
	long i;

	bench_check(fds != NULL && data != NULL, "malloc");
	for (i = 0; i < bench.associations; i++) {
		fds[i] = open_socket();
		bench_check(connect(fds[i], (struct sockaddr *)&sin,
				    sizeof(sin)) == 0,
			    "connect");
	}
	start = bench_now();
	(is(bench.protocol, "gso")    ? batches
	 : is(bench.test, "pingpong") ? pingpong
				      : throughput)(
		fds, data, start + bench.time * 1000000, &result);
	result.time = bench_now() - start;
	bench_show(&result);
}

int
main(int argc, char **argv)
{
	bench_parse(&bench, argc, argv);
	if (bench.listen)
		run_server();
	else
		run_client();
	return 0;
}
