/*
 * Threads that call whatever comes to their mind on a few sockets with many
 * associations between them. Every message says who sent it and which one of
 * its stream it is: none may be missing, come twice, or come late, as long as
 * its association ends in peace. Calls wait a few ms or not at all, so that the
 * lead goes from thread to thread.
 *
 * GENSCTP_STRESS_SECONDS (2) and GENSCTP_STRESS_SEED (1) choose another run.
 */
#include "api_rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define THREADS 8
#define SERVERS 4
#define CLIENTS 16 /* each with an association to every server: 64 */
#define PEELED	8
#define SLOTS	(SERVERS + CLIENTS + PEELED)
#define STREAMS 4
#define LONGEST 3000
#define FLOWS	1024 /* hash chains */
#define LIVE	1000
#define WAIT	5 /* ms, less than that */

/* What one end of an association sends to the other. */
struct flow {
	struct flow *next;
	pthread_mutex_t lock;
	gen_sctp_assoc_id_t id; /* the sender's */
	uint32_t sent[STREAMS], got[STREAMS];
};

/* Where a socket is; the lock is held while something is taken out of it, or
 * put in its place. */
struct slot {
	pthread_mutex_t lock;
	gen_sctp_socket_t s; /* 0: none */
};

/* An end that is up, and who sends to it, once that is known. */
struct live {
	struct slot *at;
	gen_sctp_assoc_id_t id, sender;
};

struct message {
	gen_sctp_assoc_id_t sender;
	uint32_t stream, number, len;
	uint8_t bytes[LONGEST];
};
#define HEADER offsetof(struct message, bytes)

static struct slot slots[SLOTS];
static struct flow *flows[FLOWS];
static struct live live[LIVE];
static size_t live_count;
/* Of flows and live; taken after a slot's, before a flow's. */
static pthread_mutex_t book = PTHREAD_MUTEX_INITIALIZER;
static int64_t until;
static int server_udp_port;
static gen_sctp_mailbox_t owner; /* of all sockets */
static uint64_t delivered, completed, ended;

struct thread {
	struct rig_thread t;
	uint64_t random;
};

static unsigned int
below(struct thread *me, unsigned int n)
{
	me->random ^= me->random << 13;
	me->random ^= me->random >> 7;
	me->random ^= me->random << 17;
	return (unsigned int)(me->random >> 32) % n;
}

/* Half of the calls wait, so that somebody leads most of the time. */
static int
some_ms(struct thread *me)
{
	return below(me, 2) == 0 ? 0 : (int)below(me, WAIT);
}

static unsigned int
environment(const char *name, unsigned int otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? (unsigned int)strtoul(text, NULL, 10) : otherwise;
}

/* One of these, or success. */
static void
expect(int result, const char *call, const int *allowed)
{
	for (; result < 0 && *allowed != 0; allowed++)
		if (result == *allowed)
			return;
	ck_assert_msg(result >= 0, "%s: %d (%s)", call, result,
		      gen_sctp_strerror(result));
}
#define EXPECT(call, ...) expect((call), #call, (const int[]){ __VA_ARGS__, 0 })

/* ------------------------------------------------------------- the books */

static struct flow *
flow_of(gen_sctp_assoc_id_t id)
{
	struct flow **chain = &flows[id % FLOWS], *f;

	pthread_mutex_lock(&book);
	for (f = *chain; f != NULL && f->id != id; f = f->next)
		;
	if (f == NULL) {
		f = calloc(1, sizeof(*f));
		ck_assert_ptr_nonnull(f);
		f->id = id;
		pthread_mutex_init(&f->lock, NULL);
		f->next = *chain;
		*chain = f;
	}
	pthread_mutex_unlock(&book);
	return f;
}

static struct live *
find_live(gen_sctp_assoc_id_t id)
{
	for (size_t i = 0; i < live_count; i++)
		if (live[i].id == id)
			return &live[i];
	return NULL;
}

static void
is_up(struct slot *at, gen_sctp_assoc_id_t id)
{
	pthread_mutex_lock(&book);
	ck_assert_msg(find_live(id) == NULL, "%u came up twice", id);
	ck_assert_uint_lt(live_count, LIVE);
	live[live_count++] = (struct live){ at, id, 0 };
	pthread_mutex_unlock(&book);
}

/* Returns who sent to it, or 0. */
static gen_sctp_assoc_id_t
is_over(gen_sctp_assoc_id_t id)
{
	gen_sctp_assoc_id_t sender = 0;
	struct live *l;

	pthread_mutex_lock(&book);
	l = find_live(id);
	if (l != NULL) {
		sender = l->sender;
		*l = live[--live_count];
	}
	pthread_mutex_unlock(&book);
	return sender;
}

static void
forget_slot(const struct slot *at)
{
	pthread_mutex_lock(&book);
	for (size_t i = 0; i < live_count;)
		if (live[i].at == at)
			live[i] = live[--live_count];
		else
			i++;
	pthread_mutex_unlock(&book);
}

static void
move_live(gen_sctp_assoc_id_t id, struct slot *to)
{
	struct live *l;

	pthread_mutex_lock(&book);
	l = find_live(id);
	if (l != NULL)
		l->at = to;
	pthread_mutex_unlock(&book);
}

static void
learn_sender(gen_sctp_assoc_id_t id, gen_sctp_assoc_id_t sender)
{
	struct live *l;

	pthread_mutex_lock(&book);
	l = find_live(id);
	ck_assert_msg(l != NULL, "data of %u, which is not up", id);
	ck_assert(l->sender == 0 || l->sender == sender);
	l->sender = sender;
	pthread_mutex_unlock(&book);
}

/* It is still there: a stream socket does not look at ids, and the next one in
 * that slot must not be taken for its own. */
static bool
still_at(const struct live *l)
{
	const struct live *now;
	bool still;

	pthread_mutex_lock(&book);
	now = find_live(l->id);
	still = now != NULL && now->at == l->at;
	pthread_mutex_unlock(&book);
	return still;
}

/* One and its socket; both may end meanwhile. */
static bool
some_live(struct thread *me, struct live *l, gen_sctp_socket_t *s)
{
	bool any;

	pthread_mutex_lock(&book);
	any = live_count > 0;
	if (any)
		*l = live[below(me, (unsigned int)live_count)];
	pthread_mutex_unlock(&book);
	if (!any)
		return false;
	pthread_mutex_lock(&l->at->lock);
	any = still_at(l);
	*s = l->at->s;
	pthread_mutex_unlock(&l->at->lock);
	return any;
}

/* --------------------------------------------------------------- receive */

static void
got_message(const struct gen_sctp_msg *msg, const struct message *m)
{
	struct flow *f = flow_of(m->sender);

	ck_assert(msg->eor);
	ck_assert_uint_eq(msg->len, HEADER + m->len);
	ck_assert_uint_eq(msg->info.stream, m->stream);
	ck_assert(rig_filled(m->bytes, m->len, m->number));
	learn_sender(msg->info.assoc_id, m->sender);
	pthread_mutex_lock(&f->lock);
	ck_assert_msg(f->got[m->stream] == m->number,
		      "%u, stream %u: message %u instead of %u", m->sender,
		      m->stream, m->number, f->got[m->stream]);
	f->got[m->stream]++;
	pthread_mutex_unlock(&f->lock);
	__atomic_fetch_add(&delivered, 1, __ATOMIC_RELAXED);
}

static void
got_all_of(gen_sctp_assoc_id_t sender)
{
	struct flow *f = flow_of(sender);

	pthread_mutex_lock(&f->lock);
	for (int i = 0; i < STREAMS; i++)
		ck_assert_msg(f->got[i] == f->sent[i],
			      "%u, stream %d: %u messages of %u", sender, i,
			      f->got[i], f->sent[i]);
	pthread_mutex_unlock(&f->lock);
	__atomic_fetch_add(&completed, 1, __ATOMIC_RELAXED);
}

static void
got_change(struct slot *at, const struct gen_sctp_assoc_change *change)
{
	gen_sctp_assoc_id_t sender;

	switch (change->state) {
	case GEN_SCTP_COMM_UP:
		is_up(at, change->assoc_id);
		break;
	case GEN_SCTP_RESTART:
		ck_abort_msg("%u restarted", change->assoc_id);
		break;
	default:
		sender = is_over(change->assoc_id);
		if (change->state == GEN_SCTP_SHUTDOWN_COMP && sender != 0)
			got_all_of(sender);
		__atomic_fetch_add(&ended, 1, __ATOMIC_RELAXED);
	}
}

/* Slot locked; closes a stream socket at its end. */
static void
got(struct slot *at, const struct gen_sctp_msg *msg)
{
	struct message m;

	if (msg->kind == GEN_SCTP_MSG_DATA) {
		ck_assert_uint_le(msg->len, sizeof(m));
		memcpy(&m, msg->data, msg->len);
		got_message(msg, &m);
	} else if (msg->kind == GEN_SCTP_MSG_EVENT &&
		   msg->event.type == GEN_SCTP_ASSOC_CHANGE) {
		got_change(at, &msg->event.u.assoc_change);
	} else if (msg->kind == GEN_SCTP_MSG_EOF) {
		rig_close(at->s);
		at->s = 0;
	}
}

/* False: nothing is there, or there is no socket any more. */
static bool
take_one(struct slot *at, int timeout_ms)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct message m;
	int result = gen_sctp_recv(at->s, &m, sizeof(m), &msg, timeout_ms);

	EXPECT(result, GEN_SCTP_EEVENT, -ETIMEDOUT);
	got(at, &msg);
	gen_sctp_msg_free(&msg);
	return result != -ETIMEDOUT && at->s != 0;
}

static bool
take_from_mailbox(struct slot *at, int timeout_ms)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	int result = gen_sctp_mailbox_recv(owner, at->s, &msg, timeout_ms);

	EXPECT(result, GEN_SCTP_EEVENT, -ETIMEDOUT);
	got(at, &msg);
	gen_sctp_msg_free(&msg);
	return result != -ETIMEDOUT && at->s != 0;
}

static bool
take_some(struct slot *at, int most, int timeout_ms)
{
	int n = 0;

	pthread_mutex_lock(&at->lock);
	while (n < most && at->s != 0 && take_one(at, timeout_ms))
		n++;
	pthread_mutex_unlock(&at->lock);
	return n > 0;
}

static void
receive(struct thread *me)
{
	take_some(&slots[below(me, SLOTS)], 50, some_ms(me));
}

/* For a while messages come by themselves; what came is taken before others
 * receive again. */
static void
receive_active(struct thread *me)
{
	const struct gen_sctp_opt modes[] = {
		gen_sctp_opt_active(GEN_SCTP_ACTIVE_TRUE),
		gen_sctp_opt_active(GEN_SCTP_ACTIVE_ONCE),
		gen_sctp_opt_active_n(10),
	};
	struct slot *at = &slots[below(me, SLOTS)];

	pthread_mutex_lock(&at->lock);
	if (at->s != 0) {
		rig_set(at->s, modes[below(me, 3)]);
		for (int n = 0, ms = some_ms(me);
		     n < 50 && at->s != 0 && take_from_mailbox(at, ms);)
			n++;
	}
	if (at->s != 0) {
		rig_set(at->s, gen_sctp_opt_active(GEN_SCTP_ACTIVE_FALSE));
		while (take_from_mailbox(at, 0))
			;
	}
	pthread_mutex_unlock(&at->lock);
}

/* ----------------------------------------------------- what threads think of
 */

static void
send_some(struct thread *me)
{
	struct message m;
	gen_sctp_socket_t s;
	struct flow *f;
	struct live l;
	int result = 0;

	if (!some_live(me, &l, &s))
		return;
	f = flow_of(l.id);
	m.sender = l.id;
	m.stream = below(me, STREAMS);
	for (unsigned int n = below(me, 20); result == 0 && n > 0; n--) {
		m.len = below(me, LONGEST);
		pthread_mutex_lock(&f->lock);
		m.number = f->sent[m.stream];
		rig_fill(m.bytes, m.len, m.number);
		result = gen_sctp_send(s, l.id, (int)m.stream, &m,
				       HEADER + m.len);
		if (result == 0)
			f->sent[m.stream]++;
		pthread_mutex_unlock(&f->lock);
		EXPECT(result, -EAGAIN, -EPIPE, -EBADF, -ETIMEDOUT);
	}
}

/* The outcome comes as an event, or if it is soon, from the call. The peer may
 * abort before this end is up. */
static void
connect_one(struct thread *me)
{
	struct slot *at = &slots[SERVERS + below(me, CLIENTS)];
	const int port = gen_sctp_port(slots[below(me, SERVERS)].s);
	struct gen_sctp_assoc_change up;
	int result;

	pthread_mutex_lock(&at->lock);
	result = gen_sctp_connect(at->s, "127.0.0.1", port, NULL, 0,
				  some_ms(me), &up);
	EXPECT(result, -ETIMEDOUT, -EISCONN, -EALREADY, -EADDRNOTAVAIL,
	       -ECONNREFUSED);
	if (result == 0)
		is_up(at, up.assoc_id);
	pthread_mutex_unlock(&at->lock);
}

static void
end_one(struct thread *me)
{
	gen_sctp_socket_t s;
	struct live l;

	if (below(me, 8) != 0 || !some_live(me, &l, &s))
		return;
	if (below(me, 3) == 0)
		EXPECT(gen_sctp_abort(s, l.id), -EPIPE, -EBADF);
	else
		EXPECT(gen_sctp_eof(s, l.id), -EPIPE, -EBADF);
}

static gen_sctp_socket_t
open_socket(int udp_port)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
		.local_port = (uint16_t)udp_port,
	};
	const struct gen_sctp_enable_stream_reset anew = {
		.set = GEN_SCTP_ENABLE_RESET_STREAM_REQ,
		.on = GEN_SCTP_ENABLE_RESET_STREAM_REQ,
	};
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_ip(rig_addr("127.0.0.1", 0)),
		gen_sctp_opt_udp_encaps(udp),
		gen_sctp_opt_send_timeout(WAIT),
		gen_sctp_opt_enable_stream_reset(anew),
	};
	gen_sctp_socket_t s = 0;

	ck_assert_int_eq(gen_sctp_open(0, opts, 4, &s, NULL), 0);
	if (server_udp_port != 0)
		rig_aim_at(s, server_udp_port);
	return s;
}

/* What it sent is delivered all the same. */
static void
close_one(struct thread *me)
{
	struct slot *at = &slots[SERVERS + below(me, CLIENTS)];

	if (below(me, 50) != 0)
		return;
	pthread_mutex_lock(&at->lock);
	forget_slot(at);
	ck_assert_int_eq(gen_sctp_close(at->s), 0);
	at->s = open_socket(0);
	pthread_mutex_unlock(&at->lock);
}

/* Locked; without waiting, since the caller has locked another one. */
static struct slot *
free_slot(void)
{
	for (int i = SERVERS + CLIENTS; i < SLOTS; i++) {
		struct slot *at = &slots[i];

		if (pthread_mutex_trylock(&at->lock) != 0)
			continue;
		if (at->s == 0)
			return at;
		pthread_mutex_unlock(&at->lock);
	}
	return NULL;
}

static void
peel_one(struct thread *me)
{
	gen_sctp_socket_t s;
	struct slot *to;
	struct live l;

	if (!some_live(me, &l, &s) || l.at >= &slots[SERVERS + CLIENTS])
		return;
	pthread_mutex_lock(&l.at->lock);
	to = free_slot();
	if (to != NULL) {
		if (gen_sctp_peeloff(s, l.id, &to->s) == 0)
			move_live(l.id, to);
		pthread_mutex_unlock(&to->lock);
	}
	pthread_mutex_unlock(&l.at->lock);
}

static void
ask(struct thread *me)
{
	struct gen_sctp_opt status = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);
	struct gen_sctp_stat stat = GEN_SCTP_STAT_INIT;
	struct gen_sctp_counter counters[100];
	struct gen_sctp_addr addrs[8];
	gen_sctp_socket_t s;
	struct live l;
	gen_sctp_fd_t fd;

	if (!some_live(me, &l, &s))
		return;
	status.value.status.assoc_id = l.id;
	EXPECT(gen_sctp_getopts(s, &status, 1, NULL), -EINVAL, -EBADF);
	EXPECT(gen_sctp_peernames(s, l.id, addrs, 8), -EINVAL, -ENOTCONN,
	       -EBADF);
	EXPECT(gen_sctp_socknames(s, l.id, addrs, 8), -EINVAL, -EBADF);
	EXPECT(gen_sctp_getstat(s, &stat), -EBADF);
	EXPECT(gen_sctp_ready(s), -EBADF);
	EXPECT(gen_sctp_fd(s, GEN_SCTP_POLL_IN | GEN_SCTP_POLL_OUT, &fd),
	       -EBADF);
	ck_assert_int_gt(gen_sctp_counters(counters, 100), 0);
	EXPECT(gen_sctp_drain(some_ms(me)), -ETIMEDOUT);
}

static void
change(struct thread *me)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_MIN,
		.min = 100 + below(me, 100),
	};
	struct gen_sctp_opt opts[3];
	gen_sctp_socket_t s;
	struct live l;

	if (!some_live(me, &l, &s))
		return;
	rto.assoc_id = l.id;
	opts[0] = gen_sctp_opt_rtoinfo(rto);
	opts[1] = gen_sctp_opt_nodelay(below(me, 2) == 0);
	opts[2] = gen_sctp_opt_non_block_send(below(me, 2) == 0);
	EXPECT(gen_sctp_setopts(s, opts, 3, NULL), -EINVAL, -EBADF);
	EXPECT(gen_sctp_set_deadline(s, GEN_SCTP_DEADLINE_OUT,
				     below(me, 2) == 0 ? 0
						       : GEN_SCTP_NO_DEADLINE),
	       -EBADF);
}

/* Streams begin anew, and their messages go on in their order. */
static void
begin_anew(struct thread *me)
{
	uint16_t stream = (uint16_t)below(me, STREAMS);
	gen_sctp_socket_t s;
	struct live l;

	if (some_live(me, &l, &s))
		EXPECT(gen_sctp_reset_streams(s, l.id, (int)below(me, 3) + 1,
					      &stream, 1),
		       -EALREADY, -EINVAL, -ENOTCONN, -EPIPE, -EBADF);
}

static void
run(void *arg)
{
	static void (*const thoughts[])(struct thread * me) = {
		receive_active, receive,     receive,	receive,     send_some,
		send_some,	send_some,   ask,	change,	     peel_one,
		end_one,	connect_one, close_one, connect_one,
		begin_anew,
	};
	struct thread *me = arg;

	ck_assert_int_eq(gen_sctp_use_mailbox(owner), 0);
	while (rig_now() < until)
		thoughts[below(me, sizeof(thoughts) / sizeof(*thoughts))](me);
}

/* --------------------------------------------------------- begin and end */

static void
open_all(void)
{
	ck_assert_int_eq(gen_sctp_mailbox_new(&owner), 0);
	ck_assert_int_eq(gen_sctp_use_mailbox(owner), 0);
	for (int i = 0; i < SLOTS; i++)
		pthread_mutex_init(&slots[i].lock, NULL);
	for (int i = 0; i < SERVERS; i++) {
		slots[i].s = open_socket(server_udp_port);
		server_udp_port = rig_udp_port(slots[i].s);
		ck_assert_int_eq(gen_sctp_listen(slots[i].s, 5), 0);
	}
	for (int i = 0; i < CLIENTS; i++) {
		gen_sctp_socket_t s = open_socket(0);

		slots[SERVERS + i].s = s;
		for (int k = 0; k < SERVERS; k++)
			ck_assert_int_eq(
				gen_sctp_connect_init(s, "127.0.0.1",
						      gen_sctp_port(slots[k].s),
						      NULL, 0, 0),
				0);
	}
}

static bool
all_over(void *arg)
{
	bool any;

	(void)arg;
	do {
		any = false;
		for (int i = 0; i < SLOTS; i++)
			any |= take_some(&slots[i], 1000, 0);
	} while (any);
	for (size_t i = 0; i < live_count; i++)
		EXPECT(gen_sctp_eof(live[i].at->s, live[i].id), -EPIPE);
	return live_count == 0;
}

static void
close_all(void)
{
	struct flow *f;

	ck_assert(rig_until(all_over, NULL));
	for (int i = 0; i < SLOTS; i++)
		ck_assert_int_eq(gen_sctp_close(slots[i].s),
				 slots[i].s == 0 ? -EINVAL : 0);
	ck_assert_int_eq(gen_sctp_mailbox_close(owner), 0);
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
	for (int i = 0; i < FLOWS; i++)
		while ((f = flows[i]) != NULL) {
			flows[i] = f->next;
			free(f);
		}
}

START_TEST(nothing_is_lost_whatever_threads_do)
{
	static struct thread threads[THREADS];
	unsigned int seed = environment("GENSCTP_STRESS_SEED", 1);
	unsigned int seconds = environment("GENSCTP_STRESS_SECONDS", 2);

	open_all();
	until = rig_now() + seconds * 1000;
	for (unsigned int i = 0; i < THREADS; i++) {
		threads[i].random =
			(seed * 1000ULL + i + 1) * 0x9e3779b97f4a7c15ULL;
		rig_start(&threads[i].t, run, &threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		rig_join(&threads[i].t);
	close_all();
	printf("# %u s, seed %u: %llu messages, %llu ends of associations, "
	       "%llu of them complete\n",
	       seconds, seed, (unsigned long long)delivered,
	       (unsigned long long)ended, (unsigned long long)completed);
	ck_assert_uint_gt(delivered, 0);
	ck_assert_uint_gt(completed, 0);
}
END_TEST

static Suite *
stress_suite(void)
{
	Suite *suite = suite_create("stress");
	TCase *tc = tcase_create("stress");

	tcase_set_timeout(tc, environment("GENSCTP_STRESS_SECONDS", 2) + 120);
	tcase_add_test(tc, nothing_is_lost_whatever_threads_do);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { stress_suite, NULL };

	return run_suites(suites, argc, argv);
}
