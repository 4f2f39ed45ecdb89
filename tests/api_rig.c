#include "api_rig.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "relay.h"

#define COUNTERS 100

static void
check(int result, const char *what)
{
	ck_assert_msg(result >= 0, "%s: %d (%s) %s", what, result,
		      gen_sctp_strerror(result), gen_sctp_open_hint());
}

gen_sctp_socket_t
rig_open(int port, const struct gen_sctp_opt *opts, size_t n)
{
	struct gen_sctp_udp_encaps any = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	struct gen_sctp_opt list[20];
	gen_sctp_socket_t s;

	ck_assert_uint_lt(n, 20);
	if (n > 0)
		memcpy(list, opts, n * sizeof(*opts));
	list[n] = gen_sctp_opt_udp_encaps(any);
	check(gen_sctp_open(port, list, n + 1, &s, NULL), "open");
	return s;
}

struct gen_sctp_addr
rig_addr(const char *text, int port)
{
	struct gen_sctp_addr addr;

	memset(&addr, 0, sizeof(addr));
	check(gen_sctp_addr_parse(text, port, &addr), text);
	return addr;
}

gen_sctp_socket_t
rig_open_on(const char *const *addrs)
{
	struct gen_sctp_opt opts[10];
	size_t n;

	for (n = 0; addrs[n] != NULL; n++)
		opts[n] = gen_sctp_opt_ip(rig_addr(addrs[n], 0));
	return rig_open(0, opts, n);
}

gen_sctp_socket_t
rig_listener(void)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	check(gen_sctp_listen(s, 5), "listen");
	return s;
}

int
rig_udp_port(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	check(gen_sctp_getopts(s, &opt, 1, NULL), "getopts udp_encaps");
	return opt.value.udp_encaps.local_port;
}

void
rig_aim(gen_sctp_socket_t s, gen_sctp_socket_t to)
{
	rig_aim_at(s, rig_udp_port(to));
}

void
rig_aim_at(gen_sctp_socket_t s, int udp_port)
{
	struct gen_sctp_udp_encaps at = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
		.remote_port = (uint16_t)udp_port,
	};

	rig_set(s, gen_sctp_opt_udp_encaps(at));
}

void
rig_set(gen_sctp_socket_t s, struct gen_sctp_opt opt)
{
	int result = gen_sctp_setopts(s, &opt, 1, NULL);

	ck_assert_msg(result == 0, "setopts of %d: %d (%s)", (int)opt.name,
		      result, gen_sctp_strerror(result));
}

void
rig_impatient_assoc(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		    uint32_t ms)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_INITIAL | GEN_SCTP_RTOINFO_MAX |
		       GEN_SCTP_RTOINFO_MIN,
		.assoc_id = assoc,
		.initial = ms,
		.max = ms,
		.min = ms,
	};

	rig_set(s, gen_sctp_opt_rtoinfo(rto));
}

void
rig_impatient(gen_sctp_socket_t s, uint32_t ms)
{
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_MAX_ATTEMPTS |
		       GEN_SCTP_INITMSG_MAX_INIT_TIMEO,
		.max_attempts = 1,
		.max_init_timeo = (uint16_t)ms,
	};

	rig_impatient_assoc(s, 0, ms);
	rig_set(s, gen_sctp_opt_initmsg(init));
}

struct gen_sctp_status
rig_status(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);

	opt.value.status.assoc_id = assoc;
	check(gen_sctp_getopts(s, &opt, 1, NULL), "getopts status");
	return opt.value.status;
}

static void
connect_pair(struct rig_pair *p, const char *host)
{
	struct gen_sctp_assoc_change ac;

	check(gen_sctp_connect(p->client, host, gen_sctp_port(p->server), NULL,
			       0, RIG_PATIENCE, &ac),
	      "connect");
	ck_assert_int_eq(ac.state, GEN_SCTP_COMM_UP);
	p->client_assoc = ac.assoc_id;
	p->server_assoc = rig_expect_change(p->server, GEN_SCTP_COMM_UP);
}

void
rig_connect(struct rig_pair *p, const char *host)
{
	rig_aim(p->client, p->server);
	connect_pair(p, host);
}

void
rig_pair_open_one_path(struct rig_pair *p)
{
	static const char *const one[] = { "127.0.0.1", NULL };

	p->server = rig_open_on(one);
	p->client = rig_open_on(one);
	check(gen_sctp_listen(p->server, 5), "listen");
}

struct relay *
rig_connect_relayed(struct rig_pair *p)
{
	struct relay *r = relay_open(rig_udp_port(p->server), 0);

	rig_aim_at(p->client, relay_port_for_client(r));
	connect_pair(p, "127.0.0.1");
	return r;
}

struct relay *
rig_pair_open_relayed(struct rig_pair *p)
{
	rig_pair_open_one_path(p);
	return rig_connect_relayed(p);
}

void
rig_relay_close(struct relay *r)
{
	relay_set_both(r, RELAY_PASS);
	check(gen_sctp_drain(RIG_PATIENCE), "drain");
	relay_close(r);
}

void
rig_pair_close_relayed(struct rig_pair *p, struct relay *r)
{
	relay_set_both(r, RELAY_PASS);
	/* The client is still there to answer. */
	rig_close(p->server);
	check(gen_sctp_drain(RIG_PATIENCE), "drain");
	rig_close(p->client);
	rig_relay_close(r);
}

void
rig_pair_open(struct rig_pair *p)
{
	p->server = rig_listener();
	p->client = rig_open(0, NULL, 0);
	rig_connect(p, "127.0.0.1");
}

void
rig_pair_close(struct rig_pair *p)
{
	rig_close(p->client);
	rig_close(p->server);
}

void
rig_close(gen_sctp_socket_t s)
{
	check(gen_sctp_close(s), "close");
}

void
rig_send(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, int stream,
	 const void *data, size_t len)
{
	check(gen_sctp_send(s, assoc, stream, data, len), "send");
}

static uint8_t
byte_at(size_t i, unsigned int seed)
{
	return (uint8_t)((i * 31 + i / 251 + seed * 17) & 0xff);
}

void
rig_fill(void *data, size_t len, unsigned int seed)
{
	uint8_t *to = data;
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = byte_at(i, seed);
}

bool
rig_filled(const void *data, size_t len, unsigned int seed)
{
	const uint8_t *from = data;
	size_t i;

	for (i = 0; i < len; i++)
		if (from[i] != byte_at(i, seed))
			return false;
	return true;
}

/* --------------------------------------------------------------- receiving */

static bool
is_path_event(const struct gen_sctp_msg *msg)
{
	return msg->kind == GEN_SCTP_MSG_EVENT &&
	       msg->event.type == GEN_SCTP_PADDR_CHANGE;
}

int
rig_recv(gen_sctp_socket_t s, void *buf, size_t size, struct gen_sctp_msg *msg)
{
	int result;

	msg->size = sizeof(*msg);
	do
		result = gen_sctp_recv(s, buf, size, msg, RIG_PATIENCE);
	while (result == 0 && is_path_event(msg));
	ck_assert_msg(result >= 0 || result == GEN_SCTP_EEVENT, "recv: %d (%s)",
		      result, gen_sctp_strerror(result));
	return result;
}

void
rig_expect_event(gen_sctp_socket_t s, enum gen_sctp_event_type type,
		 struct gen_sctp_event *event)
{
	struct gen_sctp_msg msg;
	char buf[64];

	rig_recv(s, buf, sizeof(buf), &msg);
	ck_assert_msg(msg.kind == GEN_SCTP_MSG_EVENT ||
			      msg.kind == GEN_SCTP_MSG_ERROR_EVENT,
		      "kind %d instead of an event", (int)msg.kind);
	ck_assert_str_eq(gen_sctp_event_name(msg.event.type),
			 gen_sctp_event_name(type));
	*event = msg.event;
	gen_sctp_msg_free(&msg);
}

gen_sctp_assoc_id_t
rig_expect_change(gen_sctp_socket_t s, enum gen_sctp_assoc_change_state state)
{
	struct gen_sctp_event event;

	rig_expect_event(s, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_str_eq(gen_sctp_assoc_change_name(event.u.assoc_change.state),
			 gen_sctp_assoc_change_name(state));
	ck_assert_uint_ne(event.u.assoc_change.assoc_id, 0);
	return event.u.assoc_change.assoc_id;
}

void
rig_expect_data(gen_sctp_socket_t s, const void *data, size_t len)
{
	static uint8_t buf[1 << 20];
	struct gen_sctp_msg msg;
	int n;

	n = rig_recv(s, buf, sizeof(buf), &msg);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert(msg.eor);
	ck_assert_int_eq(n, (int)len);
	ck_assert_int_eq(memcmp(buf, data, len), 0);
	gen_sctp_msg_free(&msg);
}

void
rig_expect_text(gen_sctp_socket_t s, const char *text)
{
	rig_expect_data(s, text, strlen(text));
}

void
rig_expect_error(gen_sctp_socket_t s, enum gen_sctp_event_type type,
		 struct gen_sctp_msg *msg)
{
	char buf[64];

	ck_assert_int_eq(rig_recv(s, buf, sizeof(buf), msg), GEN_SCTP_EEVENT);
	ck_assert_int_eq(msg->kind, GEN_SCTP_MSG_ERROR_EVENT);
	ck_assert_str_eq(gen_sctp_event_name(msg->event.type),
			 gen_sctp_event_name(type));
}

void
rig_expect_failed_whole(gen_sctp_socket_t s, const void *data, size_t len,
			struct gen_sctp_sndrcvinfo *info)
{
	const struct gen_sctp_send_failed *failed;
	struct gen_sctp_msg msg;

	rig_expect_error(s, GEN_SCTP_SEND_FAILED, &msg);
	failed = &msg.event.u.send_failed;
	ck_assert(failed->complete);
	ck_assert_uint_eq(failed->len, len);
	ck_assert_int_eq(memcmp(failed->data, data, len), 0);
	ck_assert_uint_eq(failed->info.assoc_id, failed->assoc_id);
	*info = failed->info;
	gen_sctp_msg_free(&msg);
}

void
rig_expect_eof(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg;
	char buf[64];

	ck_assert_int_eq(rig_recv(s, buf, sizeof(buf), &msg), 0);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_EOF);
}

void
rig_expect_nothing(gen_sctp_socket_t s)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[64];
	int result;

	do
		result = gen_sctp_recv(s, buf, sizeof(buf), &msg, RIG_QUIET);
	while (result == 0 && is_path_event(&msg));
	ck_assert_int_eq(result, -ETIMEDOUT);
}

/* --------------------------------------------------------- time and threads */

int64_t
rig_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
rig_until(bool (*holds)(void *arg), void *arg)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int64_t deadline = rig_now() + RIG_PATIENCE;

	while (!holds(arg)) {
		if (rig_now() > deadline)
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

struct ready {
	gen_sctp_socket_t s;
	int conditions;
};

static bool
is_ready(void *arg)
{
	const struct ready *r = arg;

	return (gen_sctp_ready(r->s) & r->conditions) == r->conditions;
}

void
rig_await_ready(gen_sctp_socket_t s, int conditions)
{
	struct ready ready = { s, conditions };

	ck_assert_msg(rig_until(is_ready, &ready), "ready is %#x",
		      (unsigned int)gen_sctp_ready(s));
}

static bool
has_receiver(void *arg)
{
	const gen_sctp_socket_t *s = arg;
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[1];

	return gen_sctp_recv(*s, buf, sizeof(buf), &msg, 0) == -EALREADY;
}

void
rig_await_receiver(gen_sctp_socket_t s)
{
	ck_assert(rig_until(has_receiver, &s));
}

struct end {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t assoc;
};

static bool
is_acknowledged(void *arg)
{
	const struct end *e = arg;

	return rig_status(e->s, e->assoc).unackdata == 0;
}

void
rig_await_acknowledged(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct end end = { s, assoc };

	ck_assert(rig_until(is_acknowledged, &end));
}

static bool
has_ended(void *arg)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);
	const struct end *e = arg;

	opt.value.status.assoc_id = e->assoc;
	return gen_sctp_getopts(e->s, &opt, 1, NULL) == -EINVAL;
}

void
rig_await_end(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct end end = { s, assoc };

	ck_assert(rig_until(has_ended, &end));
}

static void *
run_thread(void *arg)
{
	const struct rig_thread *t = arg;

	t->run(t->arg);
	return NULL;
}

void
rig_start(struct rig_thread *t, void (*run)(void *arg), void *arg)
{
	t->run = run;
	t->arg = arg;
	ck_assert_int_eq(pthread_create(&t->id, NULL, run_thread, t), 0);
}

void
rig_join(struct rig_thread *t)
{
	ck_assert_int_eq(pthread_join(t->id, NULL), 0);
}

/* ------------------------------------------------------------ surroundings */

bool
rig_has_address(const char *text)
{
	struct gen_sctp_opt opt = gen_sctp_opt_ip(rig_addr(text, 0));
	gen_sctp_socket_t s;

	if (gen_sctp_open(0, &opt, 1, &s, NULL) != 0) {
		printf("# SKIP: this host has no address %s\n", text);
		return false;
	}
	gen_sctp_close(s);
	return true;
}

bool
rig_has_multihoming(void)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	check(gen_sctp_info(&info), "info");
	if (!info.multihoming)
		printf("# SKIP: one path per association in the %s layer\n",
		       info.ip_layer);
	return info.multihoming;
}

bool
rig_keeps_order(void)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	check(gen_sctp_info(&info), "info");
	if (strcmp(info.udp_sockets, "any") == 0)
		return true;
	printf("# SKIP: with one UDP socket per address paths overtake each "
	       "other\n");
	return false;
}

uint64_t
rig_counter(const char *name)
{
	struct gen_sctp_counter counters[COUNTERS];
	int i, n = gen_sctp_counters(counters, COUNTERS);

	ck_assert_int_gt(n, 0);
	for (i = 0; i < n; i++)
		if (strcmp(counters[i].name, name) == 0)
			return counters[i].value;
	ck_abort_msg("no counter %s", name);
	return 0;
}

static int
count_entries(const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int n = 0;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

int
rig_threads(void)
{
	return count_entries("/proc/self/task");
}

int
rig_descriptors(void)
{
	return count_entries("/proc/self/fd");
}

struct level {
	int threads, descriptors;
};

static bool
is_at(void *arg)
{
	const struct level *level = arg;

	return rig_threads() <= level->threads &&
	       rig_descriptors() <= level->descriptors;
}

bool
rig_settles_at(int threads, int descriptors)
{
	struct level level = { threads, descriptors };

	return rig_until(is_at, &level);
}
