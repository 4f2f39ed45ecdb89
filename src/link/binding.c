#include "binding.h"

#include <errno.h>
#include <stdlib.h>

#include "ip_addr.h"
#include "leaf.h"
#include "link.h"
#include "output.h"

/* A free port on one address may be taken on the next. */
#define FREE_PORT_ATTEMPTS 16

struct link_binding {
	struct link_binding *next; /* with the same hash */
	uint16_t sctp_port;
	uint16_t udp_port;
	int buffers[2]; /* bytes, by enum os_udp_way; 0: never set */
	/* Under the leaf lock. */
	struct link_marks marks;
	bool hide_ipv4;
	struct gen_sctp_local_addr_policy policy;
	size_t n;
	struct {
		struct gen_sctp_addr addr;
		struct udp_socket *socket;
	} uses[];
};

/* By SCTP port. Changed with the stack lock and the leaf lock held. */
#define BUCKETS 256
static struct link_binding *buckets[BUCKETS];

static struct link_binding **
bucket(uint16_t sctp_port)
{
	return &buckets[sctp_port % BUCKETS];
}

static void
insert(struct link_binding *b)
{
	struct link_binding **head = bucket(b->sctp_port);

	b->next = *head;
	*head = b;
}

static void
take_out(struct link_binding *b)
{
	struct link_binding **at = bucket(b->sctp_port);

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
}

/* ---------------------------------------------------------------- binding */

static void
release(struct link_binding *b, size_t n)
{
	while (n > 0)
		udp_release(b->uses[--n].socket);
}

/* All sockets on that port, or on the free one that the first gets, or none. */
static int
acquire(struct link_binding *b, uint16_t udp_port)
{
	size_t i;
	int error;

	b->udp_port = udp_port;
	for (i = 0; i < b->n; i++) {
		b->uses[i].addr.port = b->udp_port;
		error = udp_acquire(&b->uses[i].addr, &b->uses[i].socket);
		if (error != 0) {
			release(b, i);
			udp_close_released(output_uses);
			return error;
		}
		b->udp_port = b->uses[i].socket->local.port;
	}
	return 0;
}

static int
acquire_any_port(struct link_binding *b)
{
	int attempt, error = 0;

	for (attempt = 0; attempt < FREE_PORT_ATTEMPTS; attempt++) {
		error = acquire(b, 0);
		if (error != -EADDRINUSE)
			break;
	}
	return error;
}

static struct link_binding *
new_binding(const struct gen_sctp_addr *addrs, size_t n,
	    enum gen_sctp_family family)
{
	struct gen_sctp_addr any = { .family = (uint8_t)family };
	struct link_binding *b;
	size_t i;

	if (n == 0) {
		addrs = &any;
		n = 1;
	}
	b = calloc(1, sizeof(*b) + n * sizeof(b->uses[0]));
	if (b == NULL)
		return NULL;
	b->n = n;
	for (i = 0; i < n; i++)
		b->uses[i].addr = addrs[i];
	return b;
}

int
link_bind(uint16_t sctp_port, const struct gen_sctp_addr *addrs, size_t n,
	  enum gen_sctp_family family, uint16_t *udp_port,
	  struct link_binding **out)
{
	struct link_binding *b = new_binding(addrs, n, family);
	int error;

	if (b == NULL)
		return -ENOMEM;
	b->sctp_port = sctp_port;
	error = *udp_port == 0 ? acquire_any_port(b) : acquire(b, *udp_port);
	if (error != 0) {
		free(b);
		return error;
	}
	leaf_lock();
	insert(b);
	leaf_unlock();
	*udp_port = b->udp_port;
	*out = b;
	return 0;
}

void
link_binding_set_sctp_port(struct link_binding *b, uint16_t sctp_port)
{
	leaf_lock();
	take_out(b);
	b->sctp_port = sctp_port;
	insert(b);
	leaf_unlock();
}

void
link_binding_mark(struct link_binding *b, const struct link_marks *marks)
{
	leaf_lock();
	b->marks = *marks;
	leaf_unlock();
}

void
link_binding_hide_ipv4(struct link_binding *b)
{
	leaf_lock();
	b->hide_ipv4 = true;
	leaf_unlock();
}

void
link_binding_set_policy(struct link_binding *b,
			const struct gen_sctp_local_addr_policy *policy)
{
	leaf_lock();
	b->policy = *policy;
	leaf_unlock();
}

void
link_binding_set_buffer(struct link_binding *b, enum os_udp_way way, int bytes)
{
	size_t i;

	b->buffers[way] = bytes;
	for (i = 0; i < b->n && bytes > 0; i++)
		os_udp_set_buffer(b->uses[i].socket->fd, way, bytes);
}

int
link_binding_buffer(const struct link_binding *b, enum os_udp_way way)
{
	int bytes, least = os_udp_buffer(b->uses[0].socket->fd, way);
	size_t i;

	for (i = 1; i < b->n; i++) {
		bytes = os_udp_buffer(b->uses[i].socket->fd, way);
		if (bytes < least)
			least = bytes;
	}
	return least;
}

void
link_binding_mark_as(struct link_binding *b, const struct link_binding *other)
{
	leaf_lock();
	b->marks = other->marks;
	leaf_unlock();
	link_binding_set_buffer(b, OS_UDP_IN, other->buffers[OS_UDP_IN]);
	link_binding_set_buffer(b, OS_UDP_OUT, other->buffers[OS_UDP_OUT]);
}

uint16_t
link_binding_udp_port(const struct link_binding *b)
{
	return b->udp_port;
}

void
link_unbind(struct link_binding *b)
{
	leaf_lock();
	take_out(b);
	leaf_unlock();
	release(b, b->n);
	free(b);
	udp_close_released(output_uses);
}

/* --------------------------------------------------------------- choosing */

static struct binding_use
use_of(const struct link_binding *b, struct udp_socket *s)
{
	const bool any = ip_addr_is_any(&b->uses[0].addr);

	return (struct binding_use){ .socket = s,
				     .marks = b->marks,
				     .hide_ipv4 = b->hide_ipv4,
				     .policy = any ? &b->policy : NULL };
}

/* NULL: none covers the address; *fallback: one of the right family. */
static struct udp_socket *
covering(const struct link_binding *b, const struct gen_sctp_addr *src,
	 struct binding_use *fallback)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (ip_addr_equal(&b->uses[i].addr, src) ||
		    (b->uses[i].addr.family == src->family &&
		     ip_addr_is_any(&b->uses[i].addr)))
			return b->uses[i].socket;
		if (b->uses[i].addr.family == src->family)
			*fallback = use_of(b, b->uses[i].socket);
	}
	return NULL;
}

struct binding_use
binding_use(uint16_t sctp_port, const struct gen_sctp_addr *src)
{
	struct binding_use fallback = { .socket = NULL };
	struct udp_socket *s;
	struct link_binding *b;

	for (b = *bucket(sctp_port); b != NULL; b = b->next) {
		s = b->sctp_port == sctp_port ? covering(b, src, &fallback)
					      : NULL;
		if (s != NULL)
			return use_of(b, s);
	}
	return fallback;
}
