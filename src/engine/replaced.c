#include "config.h"

#include "layer.h"

#include <errno.h>
#include <string.h>

#include "esock.h"
#include "lead.h"
#include "link.h"
#include "seam.h"
#include "timers.h"

/* The engine's mbuf functions; the types are private to it. */
unsigned int m_length(struct mbuf *m, struct mbuf **last);
void m_copydata(const struct mbuf *m, int offset, int len, char *to);
void m_freem(struct mbuf *m);

#define UDP_HEADER 8
#define IPPROTO_UDP_NUMBER 17

/* Set while the start-up check looks at what comes out. */
static struct {
	bool on;
	uint8_t packet[512];
	size_t len;
	struct link_packet seen;
	int outputs, wakeups;
} proof;

/*
 * What the engine puts in front (RFC 791 3.1, RFC 8200 3, RFC 768):
 *
 *   IPv4   TOS @1, protocol @9, source @12, destination @16, 20 bytes
 *   IPv6   class in the second and third half byte, next header @6,
 *          source @8, destination @24, 40 bytes
 *   UDP    destination port @2
 */
static bool
parse_ipv4(const uint8_t *h, struct link_packet *p)
{
	if (h[9] != IPPROTO_UDP_NUMBER)
		return false;
	p->tos = h[1];
	p->src.family = p->dst.family = GEN_SCTP_INET;
	memcpy(p->src.ip, h + 12, 4);
	memcpy(p->dst.ip, h + 16, 4);
	p->dst.port = read_be16(h + 20 + 2);
	return true;
}

static bool
parse_ipv6(const uint8_t *h, struct link_packet *p)
{
	if (h[6] != IPPROTO_UDP_NUMBER)
		return false;
	p->tos = (uint8_t)(h[0] << 4 | h[1] >> 4);
	p->src.family = p->dst.family = GEN_SCTP_INET6;
	memcpy(p->src.ip, h + 8, 16);
	memcpy(p->dst.ip, h + 24, 16);
	p->dst.port = read_be16(h + 40 + 2);
	return true;
}

static bool
parse_headers(struct mbuf *packet, enum gen_sctp_family family, size_t headers,
	      struct link_packet *p)
{
	uint8_t h[40 + UDP_HEADER];

	memset(p, 0, sizeof(*p));
	m_copydata(packet, 0, (int)headers, (char *)h);
	return family == GEN_SCTP_INET6 ? parse_ipv6(h, p) : parse_ipv4(h, p);
}

static void
send_packet(struct mbuf *packet, size_t headers, size_t len,
	    const struct link_packet *from)
{
	struct link_packet *p = link_output_begin(len);

	if (p == NULL)
		return;
	m_copydata(packet, (int)headers, (int)len, (char *)p->data);
	p->src = from->src;
	p->dst = from->dst;
	p->tos = from->tos;
	link_output_end(p);
}

static void
keep_for_proof(struct mbuf *packet, size_t headers, size_t len,
	       const struct link_packet *from)
{
	proof.outputs++;
	proof.seen = *from;
	proof.len = len < sizeof(proof.packet) ? len : sizeof(proof.packet);
	m_copydata(packet, (int)headers, (int)proof.len, (char *)proof.packet);
}

static void
output(struct mbuf *packet, enum gen_sctp_family family)
{
	size_t headers = (family == GEN_SCTP_INET6 ? 40 : 20) + UDP_HEADER;
	size_t len = m_length(packet, NULL);
	struct link_packet p;

	if (len > headers && parse_headers(packet, family, headers, &p)) {
		if (proof.on)
			keep_for_proof(packet, headers, len - headers, &p);
		else
			send_packet(packet, headers, len - headers, &p);
	}
	m_freem(packet);
}

static void
wakeup(struct socket *so)
{
	if (proof.on)
		proof.wakeups++;
	else
		esock_note(so);
}

static bool
timer_start(struct engine_timer *t, uint32_t ms, void (*expired)(void *),
	    void *arg)
{
	os_time before = timers_next();
	bool pending = timers_start(t, ms, expired, arg);

	if (timers_next() < before)
		lead_kick_if_foreign();
	return pending;
}

static const struct seam_ops seam_ops = {
	.output = output,
	.wakeup = wakeup,
	.timer_start = timer_start,
	.timer_stop = timers_stop,
};

int
replaced_engage(void)
{
	return seam_engage(&seam_ops);
}

/* ------------------------------------------------------ start-up check */

#define PROOF_PORT 9
#define PROOF_UDP_PORT 10

static struct socket *
proof_connect(void)
{
	struct gen_sctp_addr loopback = { .family = GEN_SCTP_INET,
					  .ip = { 127, 0, 0, 1 } };
	struct sctp_udpencaps encaps;
	union engine_sockaddr from, to;
	struct socket *so;
	socklen_t len;

	so = usrsctp_socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL,
			    0, NULL);
	if (so == NULL)
		return NULL;
	usrsctp_set_non_blocking(so, 1);
	esock_force_wakeups(so);
	memset(&encaps, 0, sizeof(encaps));
	encaps.sue_address.ss_family = AF_INET;
	encaps.sue_port = engine_htons(PROOF_UDP_PORT);
	usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
			   &encaps, sizeof(encaps));
	/* The host may have other addresses on its loopback interface. */
	len = engine_sockaddr_set(&from, &loopback, 0);
	usrsctp_bind(so, &from.sa, len);
	len = engine_sockaddr_set(&to, &loopback, PROOF_PORT);
	if (usrsctp_connect(so, &to.sa, len) == 0)
		return so;
	usrsctp_close(so);
	return NULL;
}

/* An ABORT that answers the INIT in proof.packet (RFC 9260 3.3.7). */
static void
proof_abort(void)
{
	uint8_t abort_packet[16] = { 0 };
	struct link_packet p = { .data = abort_packet,
				 .len = sizeof(abort_packet),
				 .src = proof.seen.dst,
				 .dst = proof.seen.src };

	memcpy(abort_packet, proof.packet + 2, 2);
	memcpy(abort_packet + 2, proof.packet, 2);
	memcpy(abort_packet + 4, proof.packet + 16, 4);
	abort_packet[12] = 6; /* ABORT */
	abort_packet[15] = 4;
	seam_input(&p);
}

static const char *
prove_with(struct socket *so)
{
	union engine_sockaddr from;
	uint8_t notification[512];
	socklen_t from_len = sizeof(from), info_len = 0;
	unsigned int info_type = 0;
	int flags = 0, i;

	if (proof.outputs == 0)
		return REPLACED_TOO_LATE;
	if (proof.outputs != 1 || proof.packet[12] != 1)
		return "the engine's output is not what we know";
	if (proof.seen.dst.port != PROOF_UDP_PORT ||
	    proof.seen.dst.ip[0] != 127 || proof.seen.src.ip[0] != 127)
		return "packets of the engine have another layout";
	if (read_be32(proof.packet + 8) != 0)
		return "the engine's checksum function is not ours";
	if (timers_count() == 0)
		return "the engine's timers do not come to us";
	/* T1-init, maybe behind one for changed addresses: the INIT is sent
	 * again. */
	for (i = 0; i < 10 && proof.outputs < 2 && timers_count() > 0; i++)
		timers_run(timers_next());
	if (proof.outputs < 2)
		return "the engine's timers have another layout";
	proof_abort();
	if (proof.wakeups == 0)
		return "the engine's wake-ups do not come to us";
	if (usrsctp_recvv(so, notification, sizeof(notification), &from.sa,
			  &from_len, NULL, &info_len, &info_type,
			  &flags) <= 0)
		return "packets given to the engine are not taken";
	return NULL;
}

/* None may stay in our heap if the engine goes on without us. */
static void
proof_finish_timers(void)
{
	int i;

	for (i = 0; i < 100 && timers_count() > 0; i++)
		timers_run(timers_next());
}

const char *
replaced_prove(void)
{
	const char *reason = "the engine does not connect";
	struct sctp_event event;
	struct socket *so;

	proof.on = true;
	so = proof_connect();
	if (so != NULL) {
		memset(&event, 0, sizeof(event));
		event.se_type = SCTP_ASSOC_CHANGE;
		event.se_on = 1;
		event.se_assoc_id = SCTP_ALL_ASSOC;
		usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_EVENT, &event,
				   sizeof(event));
		reason = prove_with(so);
		usrsctp_close(so);
		proof_finish_timers();
	}
	proof.on = false;
	if (reason != NULL)
		seam_disengage();
	return reason;
}

/* ------------------------------------------------------------ addresses */

static int
domain(enum gen_sctp_family family)
{
	return family == GEN_SCTP_INET6 ? AF_INET6 : AF_INET;
}

static int
local_address(union engine_sockaddr *out, const struct gen_sctp_addr *addr,
	      uint16_t port)
{
	engine_sockaddr_set(out, addr, port);
	return 0;
}

static int
dial(union engine_sockaddr *out, const struct gen_sctp_addr *local,
     const struct gen_sctp_addr *to, uint16_t udp_port)
{
	(void)local;    /* what the socket is bound to */
	(void)udp_port; /* SCTP_REMOTE_UDP_ENCAPS_PORT of the socket */
	engine_sockaddr_set(out, to, to->port);
	return 0;
}

static int
connect_peer(struct socket *so, struct sockaddr *addrs, int n, sctp_assoc_t *id)
{
	return usrsctp_connectx(so, addrs, n, id);
}

static struct conn_path *
hold(const struct sockaddr *peer)
{
	(void)peer;
	return NULL;
}

static void
release(struct conn_path *path)
{
	(void)path;
}

static int
peer_address(union engine_sockaddr *out, const struct conn_path *path,
	     const struct guard_assoc *id, const struct gen_sctp_addr *addr)
{
	(void)path;
	if (id->alias != 0 && addr->port != id->peer_port)
		return -EINVAL;
	engine_sockaddr_set(out, addr, id->alias != 0 ? id->alias : addr->port);
	return 0;
}

static struct gen_sctp_addr
own_address(const struct conn_path *path)
{
	struct gen_sctp_addr none;

	(void)path;
	memset(&none, 0, sizeof(none));
	return none;
}

static void
input(const struct link_packet *p)
{
	if (p->alias != 0)
		write_be16(p->data, p->alias);
	seam_input(p);
}

const struct ip_layer replaced_layer = {
	.name = "replaced",
	.multihoming = true,
	.wakeups = true,
	.timers = true,
	.input = input,
	.domain = domain,
	.local = local_address,
	.dial = dial,
	.connect = connect_peer,
	.hold = hold,
	.release = release,
	.peer = peer_address,
	.own = own_address,
	.addr = engine_sockaddr_get,
};
