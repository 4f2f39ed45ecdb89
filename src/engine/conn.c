#include "config.h"

#include "layer.h"

#include <errno.h>
#include <string.h>

#include "conn_cookie.h"
#include "conn_locals.h"
#include "conn_paths.h"
#include "ip_addr.h"
#include "leaf.h"
#include "link.h"
#include "os.h"

static int
domain(enum gen_sctp_family family)
{
	(void)family;
	return AF_CONN;
}

void
conn_start(void)
{
	usrsctp_enable_crc32c_offload();
	conn_locals_start();
	conn_paths_init((uint64_t)os_now() ^ (uint64_t)os_wall_clock() << 20 ^
			(uintptr_t)&conn_layer);
	leaf_lock();
	guard_set_one_path(link_guard());
	leaf_unlock();
}

/* ------------------------------------------------------------------ input */

enum { INIT = 1, INIT_ACK = 2, ABORT = 6, OPERATION_ERROR = 9,
       SHUTDOWN_COMPLETE = 14 };

static struct conn_ends
ends_of(const struct link_packet *p)
{
	return (struct conn_ends){ .local_port = packet_dst_port(p),
				   .peer_port = packet_src_port(p),
				   .local = p->dst,
				   .peer = p->src };
}

/* A socket may have been bound since a stranger was here last. */
static struct conn_path *
with_engine_addr(struct conn_path *path)
{
	if (path != NULL && path->holds == 0)
		path->engine_addr = conn_engine_addr(&path->ends.local);
	return path;
}

/* The system chose where the INIT left from; now we know. The guard has seen
 * that the INIT ACK has our tag. */
static void
learn_local(struct conn_path *path, const struct link_packet *p)
{
	if (path->ends.local.family == GEN_SCTP_UNSPEC &&
	    p->data[SCTP_COMMON_HEADER] == INIT_ACK)
		path->ends.local = p->dst;
}

/* NULL: the packet is not let in. */
static struct conn_path *
find_path(const struct link_packet *p, const struct conn_ends *ends,
	  enum guard_verdict *why)
{
	const uint8_t *echo = conn_cookie_echo(p);
	struct conn_path *path;
	uint16_t alias;

	*why = GUARD_SOURCE;
	if (echo != NULL && !conn_cookie_marked(p, echo, ends, &alias))
		return NULL;
	*why = GUARD_FULL;
	path = echo != NULL ? conn_path_claim(ends, alias, os_now()) :
			      conn_path_get(ends, os_now());
	return with_engine_addr(path);
}

static struct conn_path *
path_of(const struct link_packet *p, const struct conn_ends *ends)
{
	enum guard_verdict why;
	struct conn_path *path;

	leaf_lock();
	path = find_path(p, ends, &why);
	if (path != NULL)
		learn_local(path, p);
	else
		guard_note(link_guard(), why);
	leaf_unlock();
	return path;
}

static void
feed(const struct conn_path *path, uint8_t *data, size_t len, uint8_t tos)
{
	write_be16(data, path->alias);
	usrsctp_conninput(path->engine_addr, data, len, tos & 0x3);
}

static void
feed_init(const struct conn_path *path, const struct link_packet *p,
	  const struct conn_ends *ends)
{
	static uint8_t init[LINK_MAX_PACKET + CONN_COOKIE_MARK];
	size_t len;

	memcpy(init, p->data, p->len);
	len = conn_cookie_mark(init, p->len, ends);
	if (len > 0)
		feed(path, init, len, p->tos);
}

static void
input(const struct link_packet *p)
{
	const struct conn_ends ends = ends_of(p);
	const struct conn_path *path = path_of(p, &ends);

	if (path == NULL)
		return;
	if (p->data[SCTP_COMMON_HEADER] == INIT)
		feed_init(path, p, &ends);
	else
		feed(path, p->data, p->len, p->tos);
}

/* ----------------------------------------------------------------- output */

/* What the engine says to those it has no association with. */
static bool
said_to_strangers(const struct link_packet *p)
{
	if (p->len <= SCTP_COMMON_HEADER)
		return true;
	switch (p->data[SCTP_COMMON_HEADER]) {
	case INIT_ACK:
	case ABORT:
	case OPERATION_ERROR:
	case SHUTDOWN_COMPLETE:
		return true;
	default:
		return false;
	}
}

static void
address(struct link_packet *p, const struct conn_path *path)
{
	p->src = path->ends.local;
	p->dst = path->ends.peer;
	write_be16(p->data + 2, path->ends.peer_port);
}

int
conn_output(void *addr, void *packet, size_t len, uint8_t tos, uint8_t set_df)
{
	struct link_packet *p = link_output_begin(len);
	struct conn_path *path;

	(void)addr;
	(void)set_df;
	if (p == NULL)
		return 0;
	memcpy(p->data, packet, len);
	p->tos = tos;
	path = conn_path_of_alias(packet_dst_port(p));
	if (path == NULL) {
		link_output_cancel(p);
		return 0;
	}
	if (path->holds == 0 && !said_to_strangers(p))
		conn_path_spoken(path, os_now());
	address(p, path);
	link_output_end(p);
	return 0;
}

/* ------------------------------------------------------------------ peers */

static int
dial(union engine_sockaddr *out, const struct gen_sctp_addr *local,
     const struct gen_sctp_addr *to, uint16_t udp_port)
{
	struct conn_ends ends = { .local_port = local->port,
				  .peer_port = to->port,
				  .local = *local,
				  .peer = *to };
	struct conn_path *path;

	ends.peer.port = udp_port;
	leaf_lock();
	path = with_engine_addr(conn_path_get(&ends, os_now()));
	leaf_unlock();
	if (path == NULL)
		return -ENOMEM;
	engine_sockaddr_set_conn(out, path->engine_addr, path->alias);
	return 0;
}

static int
connect_peer(struct socket *so, struct sockaddr *addrs, int n, sctp_assoc_t *id)
{
	(void)n; /* 1 */
	if (usrsctp_connect(so, addrs, sizeof(struct sockaddr_conn)) != 0 &&
	    errno != EINPROGRESS)
		return -1;
	*id = usrsctp_getassocid(so, addrs);
	return 0;
}

static struct conn_path *
path_at(const struct sockaddr *sa)
{
	struct sockaddr_conn conn;

	if (sa->sa_family != AF_CONN)
		return NULL;
	memcpy(&conn, sa, sizeof(conn));
	return conn_path_of_alias(read_be16((uint8_t *)&conn.sconn_port));
}

static struct conn_path *
hold(const struct sockaddr *peer)
{
	struct conn_path *path = path_at(peer);

	if (path == NULL)
		return NULL;
	leaf_lock();
	conn_path_hold(path);
	leaf_unlock();
	return path;
}

static void
release(struct conn_path *path)
{
	if (path == NULL)
		return;
	leaf_lock();
	conn_path_release(path, os_now());
	leaf_unlock();
}

static int
peer_address(union engine_sockaddr *out, const struct conn_path *path,
	     const struct guard_assoc *id, const struct gen_sctp_addr *addr)
{
	(void)id;
	if (path == NULL || addr->port != path->ends.peer_port ||
	    !ip_addr_equal(addr, &path->ends.peer))
		return -EINVAL;
	engine_sockaddr_set_conn(out, path->engine_addr, path->alias);
	return 0;
}

static struct gen_sctp_addr
own_address(const struct conn_path *path)
{
	struct gen_sctp_addr none;

	memset(&none, 0, sizeof(none));
	return path != NULL ? path->ends.local : none;
}

static struct gen_sctp_addr
engine_to_address(const struct sockaddr *sa)
{
	const struct conn_path *path = path_at(sa);
	struct gen_sctp_addr addr;

	memset(&addr, 0, sizeof(addr));
	if (path != NULL) {
		addr = path->ends.peer;
		addr.port = path->ends.peer_port;
	}
	return addr;
}

const struct ip_layer conn_layer = {
	.name = "conn",
	.input = input,
	.domain = domain,
	.local = conn_local,
	.dial = dial,
	.connect = connect_peer,
	.hold = hold,
	.release = release,
	.peer = peer_address,
	.own = own_address,
	.addr = engine_to_address,
};
