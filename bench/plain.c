/*
 * usrsctp as it comes, with its own UDP sockets, threads and timers, blocking
 * calls and buffers of 4 MiB: what gensctp is compared with. It does the tests
 * of gensctp perf, in the same way: see there.
 */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usrsctp.h>

#include "bench.h"

#define BUFFER	    (4 << 20)
#define MAX_MESSAGE (1 << 20)
#define WINDOW	    64 /* associations that are being set up at once */

enum { DATA = 1, ECHO = 2, ASK = 3 };

static struct bench bench;
static int64_t deadline;

struct worker {
	struct socket **sockets;
	char *data, *received;
	uint64_t messages, associations;
	struct perf_latency latency;
};
static struct worker *workers;

static bool
is(const char *test)
{
	return strcmp(bench.test, test) == 0;
}

/* ----------------------------------------------------------------- sockets */

static void
set(struct socket *so, int level, int name, const void *value, size_t size)
{
	bench_check(usrsctp_setsockopt(so, level, name, value,
				       (socklen_t)size) == 0,
		    "usrsctp_setsockopt");
}

static void
subscribe(struct socket *so)
{
	struct sctp_event event = { .se_assoc_id = SCTP_FUTURE_ASSOC,
				    .se_type = SCTP_ASSOC_CHANGE,
				    .se_on = 1 };

	set(so, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof(event));
}

/* Without IP, UDP and SCTP headers. */
static void
hold_mtu(struct socket *so)
{
	struct sctp_paddrparams params = {
		.spp_flags = SPP_PMTUD_DISABLE,
		.spp_pathmtu = (uint32_t)bench.mtu - 40,
	};

	if (bench.mtu > 0)
		set(so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &params,
		    sizeof(params));
}

static void
switch_heartbeats_off(struct socket *so)
{
	struct sctp_paddrparams params = { .spp_flags = SPP_HB_DISABLE };

	if (is("idle"))
		set(so, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &params,
		    sizeof(params));
}

static struct socket *
open_socket(int type)
{
	struct socket *so = usrsctp_socket(AF_INET, type, IPPROTO_SCTP, NULL,
					   NULL, 0, NULL);
	const int size = BUFFER, on = 1;

	bench_check(so != NULL, "usrsctp_socket");
	set(so, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	set(so, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	set(so, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof(on));
	subscribe(so);
	hold_mtu(so);
	switch_heartbeats_off(so);
	return so;
}

static struct sockaddr_in
loopback(long port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return sin;
}

static void
send_one(struct socket *so, sctp_assoc_t assoc, uint32_t ppid, const void *data,
	 size_t len)
{
	struct sctp_sndinfo info = { .snd_ppid = htonl(ppid),
				     .snd_assoc_id = assoc };

	bench_check(usrsctp_sendv(so, data, len, NULL, 0, &info, sizeof(info),
				  SCTP_SENDV_SNDINFO, 0) == (ssize_t)len,
		    "usrsctp_sendv");
}

/* Bytes of a message, or of a part of one; 0 at the end, -1 for an event, whose
 * state *state is. */
static ssize_t
receive(struct socket *so, char *buf, struct sctp_rcvinfo *info, int *state)
{
	socklen_t from_size = 0, info_size = sizeof(*info);
	unsigned int type;
	int flags = 0;
	ssize_t n = usrsctp_recvv(so, buf, MAX_MESSAGE, NULL, &from_size, info,
				  &info_size, &type, &flags);

	bench_check(n >= 0 || errno == ECONNRESET, "usrsctp_recvv");
	if (n <= 0 || !(flags & MSG_NOTIFICATION))
		return n < 0 ? 0 : n;
	*state = ((const struct sctp_assoc_change *)(void *)buf)->sac_state;
	return -1;
}

/* ------------------------------------------------------------------ server */

static void
answer(struct socket *so)
{
	char *buf = malloc(MAX_MESSAGE);
	struct sctp_rcvinfo info;
	int state;
	ssize_t n;

	bench_check(buf != NULL, "malloc");
	while ((n = receive(so, buf, &info, &state)) != 0)
		if (n > 0 && ntohl(info.rcv_ppid) != DATA)
			send_one(so, info.rcv_assoc_id, ntohl(info.rcv_ppid),
				 buf, (size_t)n);
	free(buf);
}

static void *
serve_one(void *arg)
{
	struct socket *so = arg;

	answer(so);
	usrsctp_close(so);
	return NULL;
}

/* A thread for each association: one socket for all of them is slower by ten
 * times here, but for those that send nothing. */
static void
serve_each(struct socket *so)
{
	struct socket *accepted;
	pthread_t thread;

	for (;;) {
		accepted = usrsctp_accept(so, NULL, NULL);
		bench_check(accepted != NULL &&
				    pthread_create(&thread, NULL, serve_one,
						   accepted) == 0,
			    "usrsctp_accept");
		pthread_detach(thread);
	}
}

static void *
serve(void *arg)
{
	const bool one = is("associations") || is("idle");
	struct socket *so = open_socket(one ? SOCK_SEQPACKET : SOCK_STREAM);
	struct sockaddr_in sin = loopback(bench.port + (intptr_t)arg);

	bench_check(usrsctp_bind(so, (struct sockaddr *)&sin, sizeof(sin)) ==
				    0 &&
			    usrsctp_listen(so, 128) == 0,
		    "listen");
	if (arg == NULL)
		bench_ready();
	if (!one)
		serve_each(so);
	for (;;)
		answer(so);
	return NULL;
}

/* ------------------------------------------------------------------ set-up */

static struct socket *
begin_connect(long index)
{
	struct socket *so = open_socket(SOCK_STREAM);
	struct sockaddr_in own = loopback(0);
	struct sockaddr_in sin = loopback(bench.port + index);
	struct sctp_udpencaps encaps = {
		.sue_address.ss_family = AF_INET,
		.sue_port = htons((uint16_t)bench.remote),
	};

	set(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps,
	    sizeof(encaps));
	usrsctp_set_non_blocking(so, 1);
	bench_check(usrsctp_bind(so, (struct sockaddr *)&own, sizeof(own)) == 0,
		    "usrsctp_bind");
	bench_check(usrsctp_connect(so, (struct sockaddr *)&sin, sizeof(sin)) ==
				    0 ||
			    errno == EINPROGRESS,
		    "usrsctp_connect");
	usrsctp_set_non_blocking(so, 0);
	return so;
}

static void
wait_for(struct worker *w, struct socket *so, int wanted)
{
	struct sctp_rcvinfo info;
	int state = 0;
	ssize_t n;

	do
		n = receive(so, w->received, &info, &state);
	while (n > 0 || (n < 0 && state != wanted));
	bench_check(n < 0 || wanted == SCTP_SHUTDOWN_COMP, "association");
}

static void
set_up(struct worker *w, long index)
{
	long opened = 0, up = 0;

	w->sockets = calloc((size_t)bench.associations, sizeof(*w->sockets));
	w->data = malloc((size_t)bench.size);
	w->received = malloc(MAX_MESSAGE);
	bench_check(w->sockets != NULL && w->data != NULL &&
			    w->received != NULL,
		    "malloc");
	memset(w->data, 'x', (size_t)bench.size);
	if (is("associations"))
		return;
	while (up < bench.associations)
		if (opened < bench.associations && opened - up < WINDOW)
			w->sockets[opened++] = begin_connect(index);
		else
			wait_for(w, w->sockets[up++], SCTP_COMM_UP);
}

/* ------------------------------------------------------------------- tests */

static void
receive_bytes(struct worker *w, struct socket *so, long wanted)
{
	struct sctp_rcvinfo info;
	int state;
	ssize_t n;

	while (wanted > 0) {
		n = receive(so, w->received, &info, &state);
		bench_check(n != 0, "association");
		if (n > 0)
			wanted -= n;
	}
}

static void
throughput(struct worker *w, long index)
{
	long i;

	(void)index;
	while (bench_now() < deadline)
		for (i = 0; i < bench.associations; i++, w->messages++)
			send_one(w->sockets[i], 0, DATA, w->data,
				 (size_t)bench.size);
	for (i = 0; i < bench.associations; i++)
		send_one(w->sockets[i], 0, ASK, "", 1);
	for (i = 0; i < bench.associations; i++)
		receive_bytes(w, w->sockets[i], 1);
}

static void
pingpong(struct worker *w, long index)
{
	int64_t start;

	(void)index;
	while ((start = bench_now()) < deadline) {
		send_one(w->sockets[0], 0, ECHO, w->data, (size_t)bench.size);
		receive_bytes(w, w->sockets[0], bench.size);
		perf_latency_note(&w->latency, bench_now() - start);
		w->messages++;
	}
}

static void
associations(struct worker *w, long index)
{
	long i;

	while (bench_now() < deadline) {
		for (i = 0; i < bench.associations; i++)
			w->sockets[i] = begin_connect(index);
		for (i = 0; i < bench.associations; i++)
			wait_for(w, w->sockets[i], SCTP_COMM_UP);
		for (i = 0; i < bench.associations; i++)
			usrsctp_shutdown(w->sockets[i], SHUT_WR);
		for (i = 0; i < bench.associations; i++) {
			wait_for(w, w->sockets[i], SCTP_SHUTDOWN_COMP);
			usrsctp_close(w->sockets[i]);
		}
		w->associations += (uint64_t)bench.associations;
	}
}

static void
idle(struct worker *w, long index)
{
	(void)w;
	(void)index;
	usleep((useconds_t)bench.time * 1000);
}

static const struct {
	const char *name;
	void (*run)(struct worker *w, long index);
} tests[] = {
	{ "throughput", throughput },
	{ "pingpong", pingpong },
	{ "associations", associations },
	{ "idle", idle },
};

static void *
work(void *arg)
{
	const long index = (long)(intptr_t)arg;
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (is(tests[i].name))
			tests[i].run(&workers[index], index);
	return NULL;
}

static void
run(void)
{
	struct bench_result result = { 0 };
	int64_t start = bench_now();
	long i;

	workers = calloc((size_t)bench.threads, sizeof(*workers));
	bench_check(workers != NULL, "malloc");
	for (i = 0; i < bench.threads; i++)
		set_up(&workers[i], i);
	result.setup = bench_now() - start;
	start = bench_now();
	deadline = start + bench.time * 1000000;
	bench_threads(bench.threads, work);
	result.time = bench_now() - start;
	for (i = 0; i < bench.threads; i++) {
		result.messages += workers[i].messages;
		result.associations += workers[i].associations;
	}
	result.bytes = result.messages * (uint64_t)bench.size;
	result.latency = &workers[0].latency;
	bench_show(&result);
}

int
main(int argc, char **argv)
{
	bench_parse(&bench, argc, argv);
	usrsctp_init((uint16_t)bench.udp, NULL, NULL);
	if (bench.listen)
		bench_threads(bench.threads, serve);
	else
		run();
	fflush(stdout);
	_exit(0);
}
