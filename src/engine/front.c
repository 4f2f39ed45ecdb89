#include "config.h"

#include "front.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assoc.h"
#include "options_impl.h"
#include "receive_event.h"

/* Bytes that the engine has ready to be sent next, or a quarter of the send
 * buffer: more is better off here. */
#define ENGINE_SHARE 65536

struct waiting {
	struct waiting *next, **at;
	struct ranked ranked;
	struct gen_sctp_outgoing m; /* its data and `to` are here: */
	struct gen_sctp_addr to;
	os_time expires; /* of policy TTL */
	uint8_t data[];
};

static struct waiting *
waiting_of(struct ranked *m)
{
	return (struct waiting *)((char *)m - offsetof(struct waiting, ranked));
}

/* --------------------------------------------------------------- the queue */

void
front_init(struct front *f)
{
	memset(f, 0, sizeof(*f));
	f->tail = &f->first;
}

static void
append(struct front *f, struct waiting *w)
{
	w->next = NULL;
	w->at = f->tail;
	*f->tail = w;
	f->tail = &w->next;
	f->count++;
	f->bytes += w->m.len;
}

static struct waiting *
take(struct front *f, struct waiting *w)
{
	*w->at = w->next;
	if (w->next != NULL)
		w->next->at = w->at;
	else
		f->tail = w->at;
	f->count--;
	f->bytes -= w->m.len;
	if (w->ranked.rank != NULL)
		ranks_take(&f->ranks, &w->ranked);
	return w;
}

void
front_free(struct front *f)
{
	while (f->first != NULL)
		free(take(f, f->first));
	free(f->given_up_of);
	f->given_up_of = NULL;
	f->streams = 0;
}

/* ----------------------------------------------------------------- counting */

uint64_t
front_given_up(const struct front *f, enum gen_sctp_pr_policy policy)
{
	uint64_t n = 0;
	size_t i;

	if (policy != GEN_SCTP_PR_DEFAULT)
		return f->given_up[policy];
	for (i = 0; i <= GEN_SCTP_PR_PRIO; i++)
		n += f->given_up[i];
	return n;
}

uint64_t
front_given_up_of(const struct front *f, uint16_t stream)
{
	return stream < f->streams ? f->given_up_of[stream] : 0;
}

/* Before there is something to count. */
static int
count_stream(struct front *f, uint16_t stream)
{
	const size_t count = (size_t)stream + 1;
	uint64_t *all;

	if (count <= f->streams)
		return 0;
	all = realloc(f->given_up_of, count * sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	memset(all + f->streams, 0, (count - f->streams) * sizeof(*all));
	f->given_up_of = all;
	f->streams = count;
	return 0;
}

/* --------------------------------------------------------------- the engine */

/* False: the engine does not have it any more. */
static bool
read_status(const struct assoc *a, struct sctp_status *status)
{
	struct option_target t = { 0 };

	t.so = assoc_socket(a, &t.id);
	return option_engine_status(&t, status) == 0;
}

/* It has sent what it can, or nearly: cwnd bounds what is on its way while the
 * peer's window is open. */
static bool
engine_is_hungry(const struct assoc *a)
{
	size_t enough = assoc_sndbuf(a) / 4;
	struct sctp_status status;

	if (!read_status(a, &status))
		return false;
	if (enough > ENGINE_SHARE)
		enough = ENGINE_SHARE;
	if (status.sstat_rwnd > 0)
		enough += status.sstat_primary.spinfo_cwnd;
	return assoc_queued_in_engine(a) < enough;
}

/* Elsewhere every message is reliable. */
static bool
peer_knows(const struct assoc *a)
{
	struct option_target t = { 0 };
	uint32_t on;

	t.so = assoc_socket(a, &t.id);
	return option_value_get(&t, SCTP_PR_SUPPORTED, &on) == 0 && on != 0;
}

/* As the engine, which looks only when it gets the message. */
static int
check(const struct assoc *a, const struct gen_sctp_outgoing *m)
{
	struct sctp_status status;

	if (!read_status(a, &status) || status.sstat_state != SCTP_ESTABLISHED)
		return -EPIPE;
	if (m->len > assoc_sndbuf(a))
		return -EMSGSIZE;
	return m->info.stream < status.sstat_outstrms ? 0 : -EINVAL;
}

bool
front_holds(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	if (!front_is_empty(&a->front))
		return true;
	if (m->prinfo.policy != GEN_SCTP_PR_PRIO || a->phase != ASSOC_UP)
		return false;
	return !engine_is_hungry(a) && peer_knows(a);
}

/* ------------------------------------------------------------------ failing */

static void
tell(struct assoc *a, struct waiting *w)
{
	struct gen_sctp_event event = { .type = GEN_SCTP_SEND_FAILED };
	struct gen_sctp_send_failed *to = &event.u.send_failed;
	struct gen_sctp_addr from = { 0 };

	/* In the background nobody is told. */
	if (a->ep == NULL) {
		free(w);
		return;
	}
	if (a->peer_count > 0)
		from = a->peers[0];
	to->complete = true;
	to->info = w->m.info;
	to->info.assoc_id = to->assoc_id = a->id;
	to->data = w->data;
	to->len = w->m.len;
	receive_keep(a, &event, &from, w);
}

void
front_fail(struct assoc *a)
{
	while (!front_is_empty(&a->front))
		tell(a, take(&a->front, a->front.first));
}

/* As the engine, which throws away the events for which its receive buffer has
 * no room; but one is always told. */
static bool
has_room_to_tell(struct assoc *a, size_t len)
{
	struct front *f = &a->front;

	if (a->events == NULL)
		f->told = 0;
	if (f->told > 0 && f->told + len > a->recbuf)
		return false;
	f->told += len;
	return true;
}

static void
give_up(struct assoc *a, struct waiting *w)
{
	struct front *f = &a->front;

	f->given_up[w->m.prinfo.policy]++;
	f->given_up_of[w->m.info.stream]++;
	take(f, w);
	if (has_room_to_tell(a, w->m.len + sizeof(*w)))
		tell(a, w);
	else
		free(w);
}

/* ------------------------------------------------------------------- adding */

/* Those of more value are less important; any other policy is more important
 * than PRIO. */
static int64_t
importance(const struct gen_sctp_outgoing *m)
{
	return m->prinfo.policy == GEN_SCTP_PR_PRIO ? (int64_t)m->prinfo.value
						    : -1;
}

static struct waiting *
copy(const struct gen_sctp_outgoing *m)
{
	struct waiting *w = malloc(sizeof(*w) + m->len);

	if (w == NULL)
		return NULL;
	w->m = *m;
	w->m.data = memcpy(w->data, m->data, m->len);
	if (m->to_count > 0) {
		w->to = m->to[0];
		w->m.to = &w->to;
		w->m.to_count = 1;
	}
	if (m->prinfo.policy == GEN_SCTP_PR_TTL)
		w->expires = os_now() + m->prinfo.value * OS_MS;
	w->ranked.rank = NULL;
	w->ranked.cost = sizeof(*w) + m->len;
	return w;
}

/* Makes sure that it can be given up, too. */
static int
add_copy(struct front *f, const struct gen_sctp_outgoing *m)
{
	struct waiting *w;
	int error = count_stream(f, m->info.stream);

	if (error != 0)
		return error;
	w = copy(m);
	if (w != NULL && m->prinfo.policy == GEN_SCTP_PR_PRIO)
		error = ranks_add(&f->ranks, &w->ranked, m->prinfo.value);
	if (w == NULL || error != 0) {
		free(w);
		return -ENOMEM;
	}
	append(f, w);
	return 0;
}

static size_t
used(const struct assoc *a)
{
	return assoc_queued_in_engine(a) + a->front.bytes +
	       a->front.count * sizeof(struct waiting);
}

bool
front_has_room(const struct assoc *a)
{
	return used(a) + sizeof(struct waiting) < assoc_sndbuf(a);
}

int
front_add(struct assoc *a, const struct gen_sctp_outgoing *m)
{
	const size_t most = assoc_sndbuf(a);
	const size_t size = used(a) + sizeof(struct waiting) + m->len;
	size_t freed = 0;
	struct waiting *least;
	int error = check(a, m);

	if (error != 0)
		return error;
	if (size > most + ranks_above(&a->front.ranks, importance(m)))
		return -EAGAIN;
	error = add_copy(&a->front, m);
	while (error == 0 && size > most + freed) {
		least = waiting_of(ranks_least(&a->front.ranks));
		freed += least->ranked.cost;
		give_up(a, least);
	}
	return error;
}

/* ------------------------------------------------------------------ feeding */

/* The engine counts from when it gets it. */
static int
send_in_time(struct assoc *a, const struct waiting *w, front_send *send)
{
	const os_time left = w->expires - os_now();
	struct gen_sctp_outgoing m = w->m;

	if (m.prinfo.policy != GEN_SCTP_PR_TTL)
		return send(a, &m);
	if (left <= 0)
		return -ETIMEDOUT;
	m.prinfo.value = (uint32_t)((left + OS_MS - 1) / OS_MS);
	return send(a, &m);
}

/* False: it is still here; -EPIPE: until its last event it may be ending. */
static bool
hand_on(struct assoc *a, struct waiting *w, front_send *send)
{
	const int error = send_in_time(a, w, send);

	if (error == -EAGAIN || error == -EPIPE || error == -ENOMEM)
		return false;
	if (error == 0)
		free(take(&a->front, w));
	else if (error == -ETIMEDOUT)
		give_up(a, w);
	else
		tell(a, take(&a->front, w));
	return true;
}

void
front_feed(struct assoc *a, front_send *send)
{
	while (!front_is_empty(&a->front) && engine_is_hungry(a) &&
	       hand_on(a, a->front.first, send))
		;
}
