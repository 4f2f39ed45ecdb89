#include "config.h"

#include "kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assoc.h"
#include "options.h"
#include "stack.h"

struct kept {
	struct kept *next;
	uint32_t number;
	struct gen_sctp_sndrcvinfo info;
	size_t len;
	uint8_t data[];
};

static void
forget_all(struct kept_list *list)
{
	struct kept *k;

	while ((k = list->first) != NULL) {
		list->first = k->next;
		free(k);
	}
	list->tail = list->next_found = &list->first;
	list->data = list->count = 0;
	list->several_streams = false;
}

void
kept_init(struct kept_list *list, bool on)
{
	memset(list, 0, sizeof(*list));
	list->on = on;
	forget_all(list);
}

void
kept_free(struct kept_list *list)
{
	forget_all(list);
}

/* ------------------------------------------------------------------ sending */

static size_t
cost(const struct kept_list *list)
{
	return list->count * sizeof(struct kept) + list->data;
}

/* Messages were given up, and the events that tell may not have been read: they
 * are in the queue with all that was received. */
static bool
failures_wait(struct assoc *a)
{
	const uint64_t gone = option_given_up(a);

	if (gone != a->kept.given_up && a->esock.so != NULL &&
	    (usrsctp_get_events(a->esock.so) & SCTP_EVENT_READ))
		return true;
	a->kept.given_up = gone;
	return false;
}

static void
forget_first(struct kept_list *list)
{
	struct kept *k = list->first;

	list->first = k->next;
	list->next_found = &list->first;
	list->count--;
	list->data -= k->len;
	free(k);
}

/* Those of one stream are delivered in the order in which they were sent: what
 * is queued, with the headers that the engine counts, is the last of them. When
 * the association has ended nothing is queued, and the rest may have failed. */
static void
forget_delivered(struct assoc *a)
{
	struct kept_list *list = &a->kept;
	size_t queued;

	if (!assoc_alive(a) || failures_wait(a))
		return;
	queued = assoc_queued_in_engine(a);
	if (queued == 0)
		forget_all(list);
	else if (!list->several_streams)
		while (list->data - list->first->len >= queued)
			forget_first(list);
}

static bool
fits(const struct kept_list *list, size_t len, size_t most)
{
	return list->count == 0 ||
	       cost(list) + len + sizeof(struct kept) <= most;
}

static bool
has_room(struct assoc *a, size_t len)
{
	struct kept_list *list = &a->kept;
	const size_t most = assoc_sndbuf(a);

	if (!fits(list, len, most))
		forget_delivered(a);
	list->hurry = cost(list) + len > most / 2;
	return fits(list, len, most);
}

int
kept_add(struct assoc *a, const struct gen_sctp_outgoing *m, uint32_t *number)
{
	struct kept_list *list = &a->kept;
	struct kept *k;

	if (!has_room(a, m->len))
		return assoc_alive(a) ? -EAGAIN : -EPIPE;
	k = malloc(sizeof(*k) + m->len);
	if (k == NULL)
		return -ENOMEM;
	k->next = NULL;
	k->number = *number = ++list->last_number;
	k->info = m->info;
	k->len = m->len;
	memcpy(k->data, m->data, m->len);
	*list->tail = k;
	list->tail = &k->next;
	list->count++;
	list->data += k->len;
	list->several_streams |= m->info.stream != list->first->info.stream;
	return 0;
}

/* ------------------------------------------------------------------ failing */

static struct kept *
take_between(struct kept_list *list, struct kept **from, const struct kept *end,
	     uint32_t number)
{
	struct kept *k;

	while ((k = *from) != end && k->number != number)
		from = &k->next;
	if (k == end)
		return NULL;
	*from = k->next;
	if (k->next == NULL)
		list->tail = from;
	list->next_found = from;
	list->count--;
	list->data -= k->len;
	return k;
}

/* They fail in the order in which they were sent, more or less. */
static struct kept *
take(struct kept_list *list, uint32_t number)
{
	const struct kept *tried = *list->next_found;
	struct kept *k = take_between(list, list->next_found, NULL, number);

	return k != NULL ? k : take_between(list, &list->first, tried, number);
}

void
kept_take_back(struct assoc *a, uint32_t number)
{
	free(take(&a->kept, number));
}

bool
kept_complete(struct assoc *a, struct gen_sctp_send_failed *event, void **owned)
{
	struct kept *k = take(&a->kept, event->info.context);

	free(*owned);
	*owned = k;
	if (k == NULL)
		return false;
	event->info = k->info;
	event->info.assoc_id = a->id;
	event->complete = true;
	event->data = k->data;
	event->len = k->len;
	return true;
}
