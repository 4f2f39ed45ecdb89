#include "nat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip_addr.h"

#define BUFFER	  (1 << 20) /* bytes in the kernel, a socket */
#define MAX_DGRAM 65536
#define AT_ONCE	  64 /* datagrams of a socket before others have a turn */

/* What stands for a remote inside. It lives as long as the NAT. */
struct face {
	struct face *next;
	struct gen_sctp_addr remote, local;
	gen_sctp_fd_t fd;
};

struct nat {
	struct nat_config config;
	size_t outside; /* the address in use */
	struct nat_table table;
	struct face *faces;
	size_t sockets, strangers; /* faces and mappings; those of strangers */
	struct impair *out, *in; /* tags are faces; dst is the endpoint inside */
	struct nat_counts counts;
	uint8_t data[MAX_DGRAM];
};

/* --------------------------------------------------------------- sockets */

static int
bind_socket(const struct gen_sctp_addr *ip, uint16_t port, gen_sctp_fd_t *fd,
	    struct gen_sctp_addr *local)
{
	struct gen_sctp_addr wanted = *ip;
	int result;

	wanted.port = port;
	result = os_udp_open(&wanted, BUFFER, fd);
	if (result != 0)
		return result;
	result = os_udp_local(*fd, local);
	if (result != 0)
		os_udp_close(*fd);
	return result;
}

static int
open_socket(struct nat *nat, const struct gen_sctp_addr *ip, uint16_t port,
	    gen_sctp_fd_t *fd, struct gen_sctp_addr *local)
{
	int result;

	if (nat->sockets == NAT_MAX_SOCKETS)
		return -ENOBUFS;
	result = bind_socket(ip, port, fd, local);
	nat->sockets += result == 0;
	return result;
}

static void
close_socket(struct nat *nat, gen_sctp_fd_t fd)
{
	os_udp_close(fd);
	nat->sockets--;
}

/* Where datagrams come and leave. */
struct port {
	enum nat_side side;
	gen_sctp_fd_t fd;
	struct gen_sctp_addr addr;
};

static struct port
inside_port(const struct face *f)
{
	return (struct port){ NAT_INSIDE, f->fd, f->local };
}

static struct port
outside_port(const struct nat_mapping *m)
{
	return (struct port){ NAT_OUTSIDE, m->fd, m->outside };
}

static void
capture(const struct nat *nat, const struct port *port,
	enum pcapng_direction direction, const struct os_dgram *d)
{
	if (nat->config.capture != NULL)
		pcapng_write(nat->config.capture, port->side, direction, d,
			     NULL);
}

/* For want of room in the kernel it is lost, as on any line. */
static void
send_one(const struct nat *nat, struct port port, const struct os_dgram *d,
	 const struct gen_sctp_addr *to, uint64_t *count)
{
	struct os_dgram out = { .data = d->data,
				.len = d->len,
				.dst = *to,
				.tos = d->tos };
	int error;

	if (os_udp_send(port.fd, &out, 1, &error) != 1)
		return;
	(*count)++;
	out.src = port.addr;
	capture(nat, &port, PCAPNG_OUT, &out);
}

/* The next datagram. */
static bool
receive(struct nat *nat, struct port port, struct os_dgram *d)
{
	*d = (struct os_dgram){ .data = nat->data, .size = sizeof(nat->data) };
	if (os_udp_recv(port.fd, d, 1) != 1)
		return false;
	d->dst = port.addr;
	capture(nat, &port, PCAPNG_IN, d);
	return true;
}

/* ----------------------------------------------------------------- faces */

static struct face *
find_face(const struct nat *nat, const struct gen_sctp_addr *remote)
{
	struct face *f;

	for (f = nat->faces; f != NULL; f = f->next)
		if (ip_addr_port_equal(&f->remote, remote))
			return f;
	return NULL;
}

static int
get_face(struct nat *nat, const struct gen_sctp_addr *remote, uint16_t port,
	 struct face **face)
{
	struct face *f = *face = find_face(nat, remote);
	int result;

	if (f != NULL)
		return 0;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return -ENOMEM;
	result = open_socket(nat, &nat->config.inside, port, &f->fd,
			     &f->local);
	if (result != 0) {
		free(f);
		return result;
	}
	f->remote = *remote;
	f->next = nat->faces;
	*face = nat->faces = f;
	return 0;
}

int
nat_face(struct nat *nat, const struct gen_sctp_addr *remote, uint16_t port,
	 struct gen_sctp_addr *face)
{
	struct face *f;
	int result = get_face(nat, remote, port, &f);

	if (result == 0)
		*face = f->local;
	return result;
}

/* -------------------------------------------------------------- mappings */

static void
free_mapping(struct nat *nat, struct nat_mapping *m)
{
	close_socket(nat, m->fd);
	nat_mapping_free(m);
}

static int
add_mapping(struct nat *nat, const struct gen_sctp_addr *inside,
	    const struct gen_sctp_addr *remote, uint16_t port, os_time now,
	    struct nat_mapping **m)
{
	struct gen_sctp_addr local;
	gen_sctp_fd_t fd;
	int result = open_socket(nat, &nat->config.outside[nat->outside], port,
				 &fd, &local);

	if (result != 0)
		return result;
	*m = nat_table_add(&nat->table, inside, remote, now);
	if (*m == NULL) {
		close_socket(nat, fd);
		return -ENOMEM;
	}
	(*m)->fd = fd;
	(*m)->outside = local;
	nat->counts.mappings++;
	return 0;
}

static int
get_mapping(struct nat *nat, const struct gen_sctp_addr *inside,
	    const struct gen_sctp_addr *remote, os_time now,
	    struct nat_mapping **m)
{
	*m = nat_table_find(&nat->table, inside, remote);
	return *m != NULL ? 0 : add_mapping(nat, inside, remote, 0, now, m);
}

int
nat_outside(struct nat *nat, const struct gen_sctp_addr *inside,
	    const struct gen_sctp_addr *remote, struct gen_sctp_addr *outside,
	    os_time now)
{
	struct nat_mapping *m;
	int result = get_mapping(nat, inside, remote, now, &m);

	if (result == 0)
		*outside = m->outside;
	return result;
}

int
nat_forward(struct nat *nat, const struct gen_sctp_addr *inside, uint16_t port,
	    struct gen_sctp_addr *outside, os_time now)
{
	struct nat_mapping *m;
	int result = add_mapping(nat, inside, NULL, port, now, &m);

	if (result != 0)
		return result;
	m->forwarded = true;
	*outside = m->outside;
	return 0;
}

static struct nat_mapping *
next_forwarded(struct nat_mapping *m)
{
	while (m != NULL && !m->forwarded)
		m = m->next;
	return m;
}

/* Forwarded mappings go to another outside address, with their ports: all of
 * them or, on failure, none. */
static int
move_forwarded(struct nat *nat, const struct gen_sctp_addr *outside)
{
	struct nat_mapping *m = next_forwarded(nat->table.mappings);
	struct gen_sctp_addr local[NAT_MAX_SOCKETS];
	gen_sctp_fd_t fd[NAT_MAX_SOCKETS];
	size_t i, n = 0;
	int result = 0;

	for (; m != NULL && result == 0; m = next_forwarded(m->next)) {
		result = bind_socket(outside, m->outside.port, &fd[n],
				     &local[n]);
		n += result == 0;
	}
	m = next_forwarded(nat->table.mappings);
	for (i = 0; i < n; i++, m = next_forwarded(m->next)) {
		os_udp_close(result == 0 ? m->fd : fd[i]);
		if (result != 0)
			continue;
		m->fd = fd[i];
		m->outside = local[i];
	}
	return result;
}

int
nat_rebind(struct nat *nat, bool address)
{
	struct nat_mapping *m;
	size_t next = (nat->outside + 1) % nat->config.outside_count;
	int result = 0;

	if (address && next != nat->outside)
		result = move_forwarded(nat, &nat->config.outside[next]);
	if (result != 0)
		return result;
	if (address)
		nat->outside = next;
	while ((m = nat_table_take(&nat->table)) != NULL)
		free_mapping(nat, m);
	nat->counts.rebound++;
	return 0;
}

/* ------------------------------------------------------------- datagrams */

/* An outside port of ours. */
static bool
is_mapping(const struct nat *nat, const struct gen_sctp_addr *addr)
{
	const struct nat_mapping *m;

	for (m = nat->table.mappings; m != NULL; m = m->next)
		if (ip_addr_port_equal(&m->outside, addr))
			return true;
	return false;
}

/* From an endpoint inside, d->dst, to the remote of the face. */
static void
leave(struct nat *nat, const struct face *f, const struct os_dgram *d,
      os_time now)
{
	struct nat_mapping *m;

	if (!nat->config.hairpin && is_mapping(nat, &f->remote))
		nat->counts.hairpins_refused++;
	else if (get_mapping(nat, &d->dst, &f->remote, now, &m) == 0 &&
		 nat_mapping_leave(m, &f->remote, now))
		send_one(nat, outside_port(m), d, &f->remote, &nat->counts.out);
	else
		nat->counts.refused++;
}

/* Of a remote that sends in; one that nobody inside asked for is a stranger. */
static struct face *
face_of_sender(struct nat *nat, const struct gen_sctp_addr *remote)
{
	struct face *f = find_face(nat, remote);

	if (f != NULL)
		return f;
	if (nat->strangers < NAT_MAX_STRANGERS &&
	    get_face(nat, remote, 0, &f) == 0)
		nat->strangers++;
	else
		nat->counts.refused++;
	return f;
}

static void
enter(struct nat *nat, struct nat_mapping *m, struct os_dgram *d, os_time now)
{
	struct face *f;

	if (!nat_mapping_enter(&nat->table, m, &d->src, now)) {
		nat->counts.filtered++;
		return;
	}
	f = face_of_sender(nat, &d->src);
	if (f == NULL)
		return;
	d->dst = m->inside;
	impair_put(nat->in, d, f, now);
}

static void
receive_inside(struct nat *nat, struct face *f, os_time now)
{
	struct os_dgram d;
	int i;

	for (i = 0; i < AT_ONCE && receive(nat, inside_port(f), &d); i++) {
		d.dst = d.src;
		impair_put(nat->out, &d, f, now);
	}
}

static void
receive_outside(struct nat *nat, struct nat_mapping *m, os_time now)
{
	struct os_dgram d;
	int i;

	for (i = 0; i < AT_ONCE && receive(nat, outside_port(m), &d); i++)
		enter(nat, m, &d, now);
}

static void
send_due(struct nat *nat, os_time now)
{
	struct impair_packet *p;

	while ((p = impair_take(nat->out, now)) != NULL) {
		leave(nat, p->tag, &p->dgram, now);
		free(p);
	}
	while ((p = impair_take(nat->in, now)) != NULL) {
		send_one(nat, inside_port(p->tag), &p->dgram, &p->dgram.dst,
			 &nat->counts.in);
		free(p);
	}
}

void
nat_run(struct nat *nat, os_time now)
{
	struct nat_mapping *m;
	struct face *f;

	while ((m = nat_table_take_expired(&nat->table, now)) != NULL) {
		nat->counts.expired++;
		free_mapping(nat, m);
	}
	for (f = nat->faces; f != NULL; f = f->next)
		receive_inside(nat, f, now);
	for (m = nat->table.mappings; m != NULL; m = m->next)
		receive_outside(nat, m, now);
	send_due(nat, now);
}

/* --------------------------------------------------------------- the rest */

size_t
nat_fds(const struct nat *nat, gen_sctp_fd_t *fds, size_t max)
{
	const struct nat_mapping *m;
	const struct face *f;
	size_t n = 0;

	for (f = nat->faces; f != NULL && n < max; f = f->next)
		fds[n++] = f->fd;
	for (m = nat->table.mappings; m != NULL && n < max; m = m->next)
		fds[n++] = m->fd;
	return n;
}

os_time
nat_deadline(const struct nat *nat)
{
	os_time at = nat_table_deadline(&nat->table);

	if (impair_deadline(nat->out) < at)
		at = impair_deadline(nat->out);
	return impair_deadline(nat->in) < at ? impair_deadline(nat->in) : at;
}

void
nat_impair(struct nat *nat, enum nat_way way, const struct impair_profile *p,
	   os_time now)
{
	struct impair_profile other = *p;

	other.seed++; /* the ways have nothing to do with each other */
	if (way & NAT_OUT)
		impair_change(nat->out, p, now);
	if (way & NAT_IN)
		impair_change(nat->in, &other, now);
}

const struct impair_counts *
nat_line_counts(const struct nat *nat, enum nat_way way)
{
	return impair_counts(way == NAT_OUT ? nat->out : nat->in);
}

const struct nat_mapping *
nat_mappings(const struct nat *nat)
{
	return nat->table.mappings;
}

const struct nat_counts *
nat_counts(const struct nat *nat)
{
	return &nat->counts;
}

int
nat_open(struct nat **out, const struct nat_config *config)
{
	struct nat *nat = calloc(1, sizeof(*nat));
	struct impair_profile good;

	if (nat == NULL)
		return -ENOMEM;
	nat->config = *config;
	nat->table.type = config->type;
	nat->table.timeout = config->timeout;
	impair_profile_init(&good);
	nat->out = impair_new(&good, 0);
	nat->in = impair_new(&good, 0);
	if (nat->out == NULL || nat->in == NULL) {
		nat_close(nat);
		return -ENOMEM;
	}
	*out = nat;
	return 0;
}

void
nat_close(struct nat *nat)
{
	struct face *f;
	struct nat_mapping *m;

	if (nat == NULL)
		return;
	while ((f = nat->faces) != NULL) {
		nat->faces = f->next;
		close_socket(nat, f->fd);
		free(f);
	}
	while ((m = nat->table.mappings) != NULL) {
		nat->table.mappings = m->next;
		free_mapping(nat, m);
	}
	impair_free(nat->out);
	impair_free(nat->in);
	free(nat);
}
