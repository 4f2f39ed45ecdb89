#include "config.h"

#include "seam.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "engine_sockaddr.h"
#include "os.h"

#if !defined(GENSCTP_SEAM_OVERRIDE) && !defined(GENSCTP_SEAM_WRAP)

/* A build with the conn layer only. */

const char *
seam_method(void)
{
	return "none";
}

int
seam_engage(const struct seam_ops *ops)
{
	(void)ops;
	return -ENOTSUP;
}

void
seam_disengage(void)
{
}

void
seam_input(const struct link_packet *p)
{
	(void)p;
}

#else

#if defined(GENSCTP_SEAM_OVERRIDE)
#define OURS(name) name
#elif defined(GENSCTP_SEAM_WRAP)
#define OURS(name) __wrap_##name
#define ENGINES(name) __real_##name
#endif

#define EXPORTED __attribute__((visibility("default")))

/* Set once before the engine starts, read everywhere. */
static _Atomic(const struct seam_ops *) engaged;
/* The packet that seam_input is feeding; under the stack lock. */
static const struct link_packet *feeding;

/* ------------------------------------- the engine's side of each function */

typedef void output_fn(int *result, struct mbuf *packet, void *route,
		       void *stcb, uint32_t vrf);
typedef void input_fn(struct mbuf **packet, int iphlen, int offset, int length,
		      struct sockaddr *src, struct sockaddr *dst, void *sh,
		      void *ch, uint8_t compute_crc, uint8_t ecn_bits,
		      uint32_t vrf, uint16_t port);
typedef uint32_t cksum_fn(struct mbuf *packet, uint32_t offset);
typedef void wakeup_fn(struct socket *so, void *sockbuf);
typedef int timer_start_fn(struct engine_timer *t, uint32_t ticks,
			   void (*expired)(void *), void *arg);
typedef int timer_stop_fn(struct engine_timer *t);
typedef int asconf_timer_fn(void *inp, void *stcb, void *net);

void *sctp_find_alternate_net(void *stcb, void *net, int mode);
void *sctp_build_readq_entry(void *stcb, void *net, uint32_t tsn, uint32_t ppid,
			     uint32_t context, uint16_t stream, uint32_t mid,
			     uint8_t flags, struct mbuf *data);

#define SEAM_TYPES(X)                                       \
	X(sctp_userspace_ip_output, output_fn)              \
	X(sctp_userspace_ip6_output, output_fn)             \
	X(sctp_common_input_processing, input_fn)           \
	X(sctp_calculate_cksum, cksum_fn)                   \
	X(sowakeup, wakeup_fn)                              \
	X(sctp_os_timer_start, timer_start_fn)              \
	X(sctp_os_timer_stop, timer_stop_fn)                \
	X(sctp_asconf_timer, asconf_timer_fn)

#define X(name, type) EXPORTED extern type OURS(name);
SEAM_TYPES(X)
#undef X

#if defined(GENSCTP_SEAM_WRAP)

#define X(name, type) extern type ENGINES(name);
SEAM_TYPES(X)
#undef X

static int
find_engine(void)
{
	return 0;
}

const char *
seam_method(void)
{
	return "wrap";
}

#else

/* Looked up on first use: a call may come before any of ours. */
#define X(name, type)                                                 \
	static type *engines_##name(void)                             \
	{                                                             \
		static _Atomic(type *) cached;                        \
		type *f = atomic_load_explicit(&cached,               \
					       memory_order_relaxed); \
		if (f == NULL) {                                      \
			f = (type *)os_next_symbol(#name);            \
			atomic_store(&cached, f);                     \
		}                                                     \
		return f;                                             \
	}
SEAM_TYPES(X)
#undef X
#define ENGINES(name) engines_##name()

static int
find_engine(void)
{
#define X(name, type)              \
	if (ENGINES(name) == NULL) \
		return -ENOTSUP;
	SEAM_TYPES(X)
#undef X
	return 0;
}

const char *
seam_method(void)
{
	return "override";
}

#endif

/* ------------------------------------------------ what the engine calls */

void
OURS(sctp_userspace_ip_output)(int *result, struct mbuf *packet, void *route,
			       void *stcb, uint32_t vrf)
{
	const struct seam_ops *ops = atomic_load(&engaged);

	if (ops == NULL) {
		ENGINES(sctp_userspace_ip_output)(result, packet, route, stcb,
						  vrf);
		return;
	}
	*result = 0;
	ops->output(packet, GEN_SCTP_INET);
}

void
OURS(sctp_userspace_ip6_output)(int *result, struct mbuf *packet, void *route,
				void *stcb, uint32_t vrf)
{
	const struct seam_ops *ops = atomic_load(&engaged);

	if (ops == NULL) {
		ENGINES(sctp_userspace_ip6_output)(result, packet, route, stcb,
						   vrf);
		return;
	}
	*result = 0;
	ops->output(packet, GEN_SCTP_INET6);
}

/* usrsctp_conninput builds the mbufs and comes here with made-up addresses;
 * the real ones take their place. */
void
OURS(sctp_common_input_processing)(struct mbuf **packet, int iphlen,
				   int offset, int length,
				   struct sockaddr *src, struct sockaddr *dst,
				   void *sh, void *ch, uint8_t compute_crc,
				   uint8_t ecn_bits, uint32_t vrf,
				   uint16_t port)
{
	union engine_sockaddr from, to;

	if (atomic_load(&engaged) != NULL && feeding != NULL) {
		engine_sockaddr_set(&from, &feeding->src,
				    packet_src_port(feeding));
		engine_sockaddr_set(&to, &feeding->dst,
				    packet_dst_port(feeding));
		src = &from.sa;
		dst = &to.sa;
		compute_crc = 0;
		port = engine_htons(feeding->src.port);
	}
	ENGINES(sctp_common_input_processing)(packet, iphlen, offset, length,
					      src, dst, sh, ch, compute_crc,
					      ecn_bits, vrf, port);
}

/* The link makes and checks the sums. */
uint32_t
OURS(sctp_calculate_cksum)(struct mbuf *packet, uint32_t offset)
{
	if (atomic_load(&engaged) == NULL)
		return ENGINES(sctp_calculate_cksum)(packet, offset);
	return 0;
}

/* Called with the socket buffer's lock, which the engine's own releases. */
void
OURS(sowakeup)(struct socket *so, void *sockbuf)
{
	const struct seam_ops *ops = atomic_load(&engaged);

	ENGINES(sowakeup)(so, sockbuf);
	if (ops != NULL)
		ops->wakeup(so);
}

#ifdef GENSCTP_SEAM_WRAP

/* They call sowakeup where the wrapping of its name does not reach. */
#define WAKES(name)                                                      \
	extern void ENGINES(name)(struct socket *so);                    \
	EXPORTED void OURS(name)(struct socket *so);                     \
	void OURS(name)(struct socket *so)                               \
	{                                                                \
		const struct seam_ops *ops = atomic_load(&engaged);      \
                                                                         \
		ENGINES(name)(so);                                       \
		if (ops != NULL)                                         \
			ops->wakeup(so);                                 \
	}
WAKES(soisconnected)
WAKES(soisdisconnecting)
WAKES(socantrcvmore)
WAKES(socantsendmore)

extern struct socket *ENGINES(sonewconn)(struct socket *head, int connected);
EXPORTED struct socket *OURS(sonewconn)(struct socket *head, int connected);

struct socket *
OURS(sonewconn)(struct socket *head, int connected)
{
	const struct seam_ops *ops = atomic_load(&engaged);
	struct socket *so = ENGINES(sonewconn)(head, connected);

	if (ops != NULL)
		ops->wakeup(head);
	return so;
}

#endif

int
OURS(sctp_os_timer_start)(struct engine_timer *t, uint32_t ticks,
			  void (*expired)(void *), void *arg)
{
	const struct seam_ops *ops = atomic_load(&engaged);

	if (ops == NULL)
		return ENGINES(sctp_os_timer_start)(t, ticks, expired, arg);
	return ops->timer_start(t, ticks, expired, arg);
}

int
OURS(sctp_os_timer_stop)(struct engine_timer *t)
{
	const struct seam_ops *ops = atomic_load(&engaged);

	if (ops == NULL)
		return ENGINES(sctp_os_timer_stop)(t);
	return ops->timer_stop(t);
}

/* An ASCONF is to be sent again. Where there is no other path the engine gives
 * up a reference to this one that it needs: it gets one more, which is what the
 * making of a read queue entry leaves behind. */
int
OURS(sctp_asconf_timer)(void *inp, void *stcb, void *net)
{
	void *entry = NULL;
	int over;

	if (atomic_load(&engaged) != NULL && net != NULL &&
	    sctp_find_alternate_net(stcb, net, 0) == net)
		entry = sctp_build_readq_entry(stcb, net, 0, 0, 0, 0, 0, 0,
					       NULL);
	over = ENGINES(sctp_asconf_timer)(inp, stcb, net);
	free(entry);
	return over;
}

/* ------------------------------------------------------------ our side */

int
seam_engage(const struct seam_ops *ops)
{
	int error = find_engine();

	if (error == 0)
		atomic_store(&engaged, ops);
	return error;
}

void
seam_disengage(void)
{
	atomic_store(&engaged, NULL);
}

void
seam_input(const struct link_packet *p)
{
	feeding = p;
	usrsctp_conninput(NULL, p->data, p->len, p->tos & 0x3);
	feeding = NULL;
}

#endif
