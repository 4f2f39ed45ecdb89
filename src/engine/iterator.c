#include "config.h"

#include "iterator.h"

#include "os.h"

struct sctp_inpcb;
struct sctp_tcb;

/* The engine's own; exported but in no public header. */
int sctp_initiate_iterator(
	int (*endpoint)(struct sctp_inpcb *, void *, uint32_t),
	void (*assoc)(struct sctp_inpcb *, struct sctp_tcb *, void *, uint32_t),
	int (*endpoint_end)(struct sctp_inpcb *, void *, uint32_t),
	uint32_t flags, uint32_t features, uint32_t state, void *arg,
	uint32_t number, void (*end)(void *, uint32_t),
	struct sctp_inpcb *start, uint8_t no_output);
void sctp_wakeup_iterator(void);

/* Of no endpoint. */
#define ALL_FLAGS UINT32_MAX
#define PAUSE	  (20 * OS_US)

static atomic_uint finished; /* how many marks it has come to */

static void
no_assoc(struct sctp_inpcb *inp, struct sctp_tcb *stcb, void *arg,
	 uint32_t number)
{
	(void)inp;
	(void)stcb;
	(void)arg;
	(void)number;
}

static void
mark_reached(void *arg, uint32_t number)
{
	(void)arg;
	atomic_store(&finished, number);
}

void
iterator_finish(void)
{
	const unsigned int mark = atomic_load(&finished) + 1;

	if (sctp_initiate_iterator(NULL, no_assoc, NULL, ALL_FLAGS, 0, 0, NULL,
				   mark, mark_reached, NULL, 1) != 0)
		return;
	while (atomic_load(&finished) != mark) {
		sctp_wakeup_iterator();
		os_sleep_ns(PAUSE);
	}
}
