#include "udp.h"

#include <errno.h>
#include <stdlib.h>

#include "ip_addr.h"

/* Kernel buffers asked for, bytes: a burst of a whole receive window. */
#define KERNEL_BUFFER (4 << 20)
/* From this many sockets on asking which are readable costs less than trying
 * to receive from each. */
#define POLL_FROM 4

static struct udp_socket **sockets;
static size_t count;
static size_t room;	/* of all arrays here */
static size_t released; /* sockets without references */

/* Those with references, and their descriptors. */
static struct udp_socket **opened;
static gen_sctp_fd_t *fds;
static size_t opened_count;
static unsigned int version = 1, opened_version; /* of the set of those */

static struct udp_socket **ready;
static bool *readable;
static size_t turn; /* who is first in the next ready list */

static uint64_t poll_clock;
static unsigned int pollers;

#define ENLARGE(array, n) \
	((larger = realloc(array, (n) * sizeof(*(array)))) != NULL && \
	 ((array) = larger, true))

static bool
make_room(void)
{
	size_t n = room == 0 ? 8 : 2 * room;
	void *larger;

	if (count < room)
		return true;
	if (!ENLARGE(sockets, n) || !ENLARGE(opened, n) || !ENLARGE(fds, n) ||
	    !ENLARGE(ready, n) || !ENLARGE(readable, n))
		return false;
	room = n;
	return true;
}

/* ------------------------------------------------------ opening, closing */

bool
udp_covers(const struct udp_socket *s, const struct gen_sctp_addr *addr)
{
	if (s->local.family != addr->family)
		return false;
	return ip_addr_is_any(&s->local) || ip_addr_equal(&s->local, addr);
}

static struct udp_socket *
find(const struct gen_sctp_addr *local)
{
	size_t i;

	if (local->port == 0)
		return NULL;
	for (i = 0; i < count; i++)
		if (sockets[i]->local.port == local->port &&
		    udp_covers(sockets[i], local))
			return sockets[i];
	return NULL;
}

/* The wildcard address, where sockets of ours have the port on single
 * addresses: those stay. */
static int
open_beside_ours(const struct gen_sctp_addr *local, gen_sctp_fd_t *fd)
{
	gen_sctp_fd_t *ours;
	size_t n = 0, i;
	int error;

	if (local->port == 0 || !ip_addr_is_any(local))
		return -EADDRINUSE;
	ours = malloc((count + 1) * sizeof(*ours));
	if (ours == NULL)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		if (sockets[i]->local.family == local->family &&
		    sockets[i]->local.port == local->port)
			ours[n++] = sockets[i]->fd;
	error = -EADDRINUSE;
	if (n > 0)
		error = os_udp_open_beside(local, KERNEL_BUFFER, ours, n, fd);
	free(ours);
	return error;
}

static int
open_fd(const struct gen_sctp_addr *local, const struct udp_socket *any,
	gen_sctp_fd_t *fd)
{
	int error;

	if (any != NULL)
		return os_udp_open_beside(local, KERNEL_BUFFER, &any->fd, 1,
					  fd);
	error = os_udp_open(local, KERNEL_BUFFER, fd);
	return error == -EADDRINUSE ? open_beside_ours(local, fd) : error;
}

static int
open_socket(struct udp_socket *s, const struct gen_sctp_addr *local,
	    const struct udp_socket *any)
{
	int error = open_fd(local, any, &s->fd);

	if (error != 0)
		return error;
	error = os_udp_local(s->fd, &s->local);
	if (error != 0)
		os_udp_close(s->fd);
	return error;
}

/* `any`: for which it will send, or NULL. */
static int
add_socket(const struct gen_sctp_addr *local, const struct udp_socket *any,
	   struct udp_socket **out)
{
	struct udp_socket *s;
	int error;

	if (!make_room())
		return -ENOMEM;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return -ENOMEM;
	error = open_socket(s, local, any);
	if (error != 0) {
		free(s);
		return error;
	}
	sockets[count++] = s;
	*out = s;
	return 0;
}

static int
acquire(struct udp_socket *s, const struct gen_sctp_addr *local,
	const struct udp_socket *any, struct udp_socket **out)
{
	int error;

	if (s == NULL) {
		error = add_socket(local, any, &s);
		if (error != 0)
			return error;
	} else if (s->refs == 0) {
		released--;
	}
	if (s->refs++ == 0)
		version++;
	*out = s;
	return 0;
}

int
udp_acquire(const struct gen_sctp_addr *local, struct udp_socket **out)
{
	return acquire(find(local), local, NULL, out);
}

static struct udp_socket *
find_on(const struct gen_sctp_addr *local)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (sockets[i]->local.port == local->port &&
		    ip_addr_equal(&sockets[i]->local, local))
			return sockets[i];
	return NULL;
}

int
udp_source(struct udp_socket *s, const struct gen_sctp_addr *source,
	   struct udp_socket **out)
{
	struct gen_sctp_addr local = *source;
	struct udp_socket *bound;
	int error;

	for (bound = s->sources; bound != NULL; bound = bound->next_source)
		if (ip_addr_equal(&bound->local, source)) {
			*out = bound;
			return 0;
		}
	local.port = s->local.port;
	error = acquire(find_on(&local), &local, s, out);
	if (error != 0)
		return error;
	(*out)->next_source = s->sources;
	s->sources = *out;
	return 1;
}

void
udp_release(struct udp_socket *s)
{
	if (--s->refs > 0)
		return;
	s->pollers = pollers;
	s->released_at = ++poll_clock;
	released++;
	version++;
}

static void
close_socket(struct udp_socket *s)
{
	struct udp_socket *source;

	for (source = s->sources; source != NULL; source = source->next_source)
		udp_release(source);
	os_udp_close(s->fd);
	free(s);
}

void
udp_close_released(bool (*in_use)(const struct udp_socket *))
{
	struct udp_socket *s;
	size_t i = 0;

	while (released > 0 && i < count) {
		s = sockets[i];
		if (s->refs > 0 || s->pollers > 0 ||
		    (in_use != NULL && in_use(s))) {
			i++;
			continue;
		}
		sockets[i] = sockets[--count];
		released--;
		close_socket(s);
		i = 0; /* it may have released others */
	}
}

bool
udp_closed_all(void)
{
	return released == 0;
}

/* --------------------------------------------------------------- polling */

static void
list_opened(void)
{
	size_t i;

	if (opened_version == version)
		return;
	opened_count = 0;
	for (i = 0; i < count; i++) {
		if (sockets[i]->refs == 0)
			continue;
		opened[opened_count] = sockets[i];
		fds[opened_count++] = sockets[i]->fd;
	}
	opened_version = version;
}

unsigned int
udp_fds_version(void)
{
	return version;
}

size_t
udp_fds(const gen_sctp_fd_t **list)
{
	list_opened();
	*list = fds;
	return opened_count;
}

uint64_t
udp_poll_begin(void)
{
	pollers++;
	return ++poll_clock;
}

void
udp_poll_end(uint64_t token)
{
	size_t i;

	pollers--;
	for (i = 0; released > 0 && i < count; i++)
		if (sockets[i]->refs == 0 && sockets[i]->released_at > token)
			sockets[i]->pollers--;
}

/* Asks the system, if that is worth it. */
static void
mark_readable(void)
{
	size_t i;

	if (opened_count >= POLL_FROM) {
		os_poll(fds, readable, opened_count, 0);
		return;
	}
	for (i = 0; i < opened_count; i++)
		readable[i] = true;
}

size_t
udp_find_ready(void)
{
	size_t n = 0, i, k;

	list_opened();
	mark_readable();
	for (i = 0; i < opened_count; i++) {
		k = (turn + i) % opened_count;
		if (readable[k])
			ready[n++] = opened[k];
	}
	turn++;
	return n;
}

struct udp_socket *
udp_ready(size_t i)
{
	return ready[i];
}
