#include "config.h"

#include "handle.h"

#include <errno.h>
#include <stdlib.h>

#include "closing.h"
#include "lead.h"
#include "link.h"
#include "stack.h"

/* ms; what an ending process waits for, where GENSCTP_EXIT_MS is not set. */
#define DEFAULT_EXIT_MS 2000

struct slot {
	uint32_t generation; /* of the latest endpoint; 0 = never used */
	struct endpoint *ep; /* NULL: free */
	uint32_t next_free;
};

static struct slot *slots;
static uint32_t slot_count;
static uint32_t first_free = UINT32_MAX;

int
api_enter(gen_sctp_socket_t s, struct endpoint **ep)
{
	uint32_t index = (uint32_t)s, generation = (uint32_t)(s >> 32);
	int error = stack_enter();

	if (error != 0)
		return error;
	if (index < slot_count && generation != 0 &&
	    generation <= slots[index].generation) {
		*ep = slots[index].ep;
		if (*ep != NULL && generation == slots[index].generation)
			return 0;
		error = -EBADF;
	} else {
		error = -EINVAL;
	}
	stack_leave();
	return error;
}

void
api_leave(void)
{
	stack_leave();
}

/* ------------------------------------------------------------------ exit */

static void
close_all(void)
{
	uint32_t i;

	for (i = 0; i < slot_count; i++)
		if (slots[i].ep != NULL) {
			closing_endpoint(slots[i].ep, closing_new_group());
			slots[i].ep = NULL;
		}
}

static bool
all_closed(void *arg)
{
	(void)arg;
	return closing_count(CLOSING_ALL) == 0;
}

/* Also the last words: a full UDP socket takes them a little later. */
static bool
all_sent(void *arg)
{
	(void)arg;
	return link_queued() == 0;
}

static int
exit_ms(void)
{
	const char *text = getenv("GENSCTP_EXIT_MS");
	int ms = text != NULL ? atoi(text) : DEFAULT_EXIT_MS;

	return ms >= 0 ? ms : 0;
}

/* A kernel goes on delivering after the process; here the process waits. */
static void
at_exit(void)
{
	os_time deadline;

	if (stack_enter() != 0)
		return;
	deadline = os_now() + exit_ms() * OS_MS;
	close_all();
	lead_wait(all_closed, NULL, deadline);
	closing_abort_all();
	lead_flush();
	lead_wait(all_sent, NULL, deadline);
	stack_leave();
}

/* ----------------------------------------------------------------- slots */

static int
grow(void)
{
	uint32_t room = slot_count == 0 ? 64 : 2 * slot_count;
	struct slot *grown = realloc(slots, room * sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	if (slot_count == 0)
		atexit(at_exit);
	slots = grown;
	while (slot_count < room) {
		slots[slot_count].generation = 0;
		slots[slot_count].ep = NULL;
		slots[slot_count].next_free = first_free;
		first_free = slot_count++;
	}
	return 0;
}

int
handle_new(struct endpoint *ep, gen_sctp_socket_t *s)
{
	struct slot *slot;
	uint32_t index;

	if (first_free == UINT32_MAX && grow() != 0)
		return -ENOMEM;
	index = first_free;
	slot = &slots[index];
	first_free = slot->next_free;
	slot->generation++;
	slot->ep = ep;
	*s = (uint64_t)slot->generation << 32 | index;
	return 0;
}

void
handle_free(gen_sctp_socket_t s)
{
	uint32_t index = (uint32_t)s;

	slots[index].ep = NULL;
	slots[index].next_free = first_free;
	first_free = index;
}
