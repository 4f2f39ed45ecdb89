/*
 * gensctp: SCTP for programs on hosts whose kernel has none, over UDP
 * (RFC 6951), with the semantics of Erlang/OTP's gen_sctp.
 *
 * Conventions of this header
 *
 *   Results    0 (or a count) is success; a failure is a negative errno value
 *              (-ECONNREFUSED) or one of the GEN_SCTP_E... constants below.
 *              Compare by name: the numbers are the platform's.
 *   Bad input  NULL, handles that never were one, values out of range: -EINVAL.
 *              A closed socket is -EBADF. Nothing crashes.
 *   Units      times are milliseconds (-1 = for ever), sizes are bytes, ports
 *              and numbers are in host byte order.
 *   Threads    every function may be called from any thread at any time.
 *              Nothing is ever called back. Blocking calls survive signals
 *              and are no cancellation points.
 *   fork       in a forked child every call is -EINVAL, close does nothing.
 *
 * C99, C11 and C++17 programs can include this header.
 */
#ifndef GENSCTP_H
#define GENSCTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
/* Private: what the macros GEN_SCTP_..._INIT are in C++. */
extern "C++" {
template <typename record>
inline record
gensctp_sized()
{
	record r = record();

	r.size = sizeof(r);
	return r;
}
}
extern "C" {
#endif

#ifndef GENSCTP_API
#define GENSCTP_API
#endif

struct sockaddr;

/* ---------------------------------------------------------------- types */

/* A socket: a value, valid until gen_sctp_close; 0 is never one. */
typedef uint64_t gen_sctp_socket_t;

/* A mailbox: where the messages of active sockets wait for their owner. A value
 * as a socket is; 0 is never one. */
typedef uint64_t gen_sctp_mailbox_t;

/* An association, unique in the process and never reused while it runs;
 * 0 means the endpoint (all its future associations). */
typedef uint32_t gen_sctp_assoc_id_t;

/* What poll, epoll, select, kqueue and event loops take: an int, on Windows
 * a SOCKET. */
typedef intptr_t gen_sctp_fd_t;

/* Failures that have no errno name. */
enum {
	GEN_SCTP_EEVENT = -20001,    /* recv: an error event was received */
	GEN_SCTP_ENXDOMAIN = -20002, /* the host name is unknown */
	/* of address strings: */
	GEN_SCTP_ENETWORK = -20010,     /* not sctp, sctp4 or sctp6 */
	GEN_SCTP_ENOADDR = -20011,      /* an address is missing */
	GEN_SCTP_ENOPORT = -20012,      /* the port is missing */
	GEN_SCTP_EPORT = -20013,        /* no port number, no known service */
	GEN_SCTP_ENOTSUITABLE = -20014, /* of the wrong family; "any" among others */
};

enum gen_sctp_family {
	GEN_SCTP_UNSPEC = 0,
	GEN_SCTP_INET = 4,
	GEN_SCTP_INET6 = 6,
};

/* An IP address with a port. */
struct gen_sctp_addr {
	uint8_t family;    /* enum gen_sctp_family; 0 = none */
	uint8_t ip[16];    /* network order; IPv4 in the first four */
	uint16_t port;     /* 0..65535 */
	uint32_t scope_id; /* IPv6 link-local: interface index; else 0 */
};

/* Reads a printable address ("192.0.2.1", "2001:db8::1", "fe80::1%eth0",
 * "[::1]", "any", "loopback" in the family of *out if that is set, else IPv4).
 * -EINVAL: not an address (names are not resolved here). */
GENSCTP_API int gen_sctp_addr_parse(const char *text, int port,
				    struct gen_sctp_addr *out);

/* Room that any printed address fits in, with zone, port and final NUL. */
#define GEN_SCTP_ADDR_TEXT 80

/* Prints "192.0.2.1:5000" or "[2001:db8::1]:5000"; without the port (and the
 * brackets) when with_port is false. Returns text; "" for no address. */
GENSCTP_API const char *gen_sctp_addr_print(const struct gen_sctp_addr *addr,
					    bool with_port, char *text,
					    size_t size);

/*
 * Address strings: the addresses of a multi-homed socket or peer and their one
 * port, "192.0.2.1/[2001:db8::1]:5000". Addresses or host names are separated
 * by '/', IPv6 ones are in brackets; the last one has the port, a number or the
 * name of a service. ":5000" is any address of this host. White space around is
 * skipped. IPv4-mapped IPv6 text is IPv4. A zone is kept where an address needs
 * one (fe80::1%eth0). Of a host name the first IPv4 address is taken, else the
 * first IPv6 one. An address that is there already is not taken twice.
 *
 * The network says which family: "sctp4" and "sctp6" are one only, "sctp" both.
 */
#define GEN_SCTP_ADDRS_MAX 32

struct gen_sctp_addrs {
	enum gen_sctp_family family; /* of a socket for them: INET6 also for a
				      * mixture of both */
	bool v6only;   /* such a socket has no IPv4 (network "sctp6") */
	uint16_t port; /* 0 = none, or a free one */
	size_t count;  /* 0 = any */
	struct gen_sctp_addr addrs[GEN_SCTP_ADDRS_MAX]; /* each with the port */
};

enum gen_sctp_addrs_use {
	GEN_SCTP_ADDRS_LISTEN = 1, /* of this host; may be empty; the port may be
				    * 0 or empty: ":", "127.0.0.1:" */
	GEN_SCTP_ADDRS_DIAL,       /* of a peer; "any" is this host; port not 0 */
	GEN_SCTP_ADDRS_BIND,       /* for gen_sctp_bindx: without port */
};

/* Reads an address string; *out is changed on success only. Names are resolved
 * within timeout_ms; 0 = none is looked up (-ETIMEDOUT).
 * GEN_SCTP_ENETWORK, _ENOADDR, _ENOPORT, _EPORT, _ENOTSUITABLE, _ENXDOMAIN;
 * -ENODEV: no such zone; -E2BIG: more than GEN_SCTP_ADDRS_MAX; -EINVAL:
 * anything else that is no address. */
GENSCTP_API int gen_sctp_addrs_parse(const char *network, const char *text,
				     enum gen_sctp_addrs_use use,
				     int timeout_ms,
				     struct gen_sctp_addrs *out);

/* Room that any printed list fits in. */
#define GEN_SCTP_ADDRS_TEXT (GEN_SCTP_ADDRS_MAX * GEN_SCTP_ADDR_TEXT)

/* Prints an address string that is read as the same list, with the port, or
 * without it for GEN_SCTP_ADDRS_BIND. Returns text: "<nil>" for NULL, "" for
 * what does not fit or is none. */
GENSCTP_API const char *
gen_sctp_addrs_print(const struct gen_sctp_addrs *addrs, bool with_port,
		     char *text, size_t size);

/* To and from the platform's socket addresses (AF_INET, AF_INET6).
 * -EAFNOSUPPORT: another family; -EINVAL: too short. The second returns the
 * length written. */
GENSCTP_API int gen_sctp_addr_from_sockaddr(const struct sockaddr *sa,
					    size_t len,
					    struct gen_sctp_addr *out);
GENSCTP_API int gen_sctp_addr_to_sockaddr(const struct gen_sctp_addr *addr,
					  struct sockaddr *sa, size_t size);

/* -------------------------------------------------------------- records */

/* Flags of struct gen_sctp_sndrcvinfo (gen_sctp #sctp_sndrcvinfo.flags). */
enum {
	GEN_SCTP_UNORDERED = 0x1,
	GEN_SCTP_ADDR_OVER = 0x2, /* send to the address given, not the primary */
	GEN_SCTP_ABORT = 0x4,     /* abort; the data is the reason told the peer */
	GEN_SCTP_EOF = 0x8,       /* shut down once everything is delivered */
};

/* How a message is sent, how it was received (RFC 6458 5.3.2).
 * Sending uses stream, flags, ppid, context, timetolive and assoc_id. */
struct gen_sctp_sndrcvinfo {
	uint16_t stream;
	uint16_t ssn;        /* received only */
	uint32_t flags;
	uint32_t ppid;       /* payload protocol identifier */
	uint32_t context;    /* comes back with send_failed; stays local */
	uint32_t timetolive; /* ms; 0 = for ever (RFC 3758); without effect
			      * while the peer's window is closed */
	uint32_t tsn;        /* received only */
	uint32_t cumtsn;     /* received only */
	gen_sctp_assoc_id_t assoc_id;
};

/* How long a message is tried, where the peer knows partial reliability
 * (RFC 3758); elsewhere every message is reliable. What is given up comes back
 * as send_failed. */
enum gen_sctp_pr_policy {
	GEN_SCTP_PR_DEFAULT, /* as timetolive says; if that is 0, as the option
			      * default_prinfo */
	GEN_SCTP_PR_NONE,    /* until the association ends */
	GEN_SCTP_PR_TTL,     /* value: ms, not 0 (RFC 3758 s4) */
	GEN_SCTP_PR_RTX,     /* value: how often it is sent again (RFC 7496 s3.1) */
	GEN_SCTP_PR_PRIO,    /* value: lower is more important; until any of it
			      * is sent, it makes room in the send buffer for a
			      * more important one (RFC 7496 s3.2); see below */
};
/*
 * PRIO: the least important ones are given up, the oldest of them first, if that
 * makes room; otherwise none is, and the call waits as ever. Messages of other
 * policies are more important than all of PRIO. What the path and the peer's
 * window take, and beside it up to 64 KB, at most a quarter of the send buffer,
 * is out of reach. While messages wait behind that, those of other policies wait in turn
 * with them; should the peer shut down meanwhile, all of these fail. Failures
 * that recv does not take are told as far as the receive buffer has room. The
 * option HIGH_MSGQ_WATERMARK counts first: from there on there is no room.
 */
struct gen_sctp_prinfo {
	enum gen_sctp_pr_policy policy;
	uint32_t value;
};

/*
 * Option records. `set` says which fields the caller gives, one bit a field:
 * a record that is all zero changes nothing, fields not set stay as they are
 * on the socket. Reading an option fills every field and sets every bit.
 */

enum {
	GEN_SCTP_RTOINFO_INITIAL = 0x1,
	GEN_SCTP_RTOINFO_MAX = 0x2,
	GEN_SCTP_RTOINFO_MIN = 0x4,
};
struct gen_sctp_rtoinfo { /* RFC 6458 8.1.1; ms, 0 < min <= initial <= max
			   * < 2^31 */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	uint32_t initial;
	uint32_t max;
	uint32_t min;
};

enum {
	GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT = 0x1,
	GEN_SCTP_ASSOCPARAMS_COOKIE_LIFE = 0x2,
};
struct gen_sctp_assocparams { /* RFC 6458 8.1.2 */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	uint16_t asocmaxrxt;               /* retransmissions before it is lost;
					    * not 0 */
	uint16_t number_peer_destinations; /* read only */
	uint32_t peer_rwnd;                /* read only; bytes */
	uint32_t local_rwnd;               /* read only; bytes */
	uint32_t cookie_life;              /* ms, 1000..60000 */
};

enum {
	GEN_SCTP_INITMSG_NUM_OSTREAMS = 0x1,
	GEN_SCTP_INITMSG_MAX_INSTREAMS = 0x2,
	GEN_SCTP_INITMSG_MAX_ATTEMPTS = 0x4,
	GEN_SCTP_INITMSG_MAX_INIT_TIMEO = 0x8,
};
struct gen_sctp_initmsg { /* RFC 6458 8.1.3; of future associations */
	uint32_t set;
	uint16_t num_ostreams;   /* 1..65535 */
	uint16_t max_instreams;  /* 1..65535; default 2048 */
	uint16_t max_attempts;   /* INITs sent again before cant_assoc; not 0 */
	uint16_t max_init_timeo; /* ms; the longest wait between two INITs; not 0 */
};

enum {
	GEN_SCTP_SEND_PARAM_STREAM = 0x1,
	GEN_SCTP_SEND_PARAM_FLAGS = 0x2,
	GEN_SCTP_SEND_PARAM_PPID = 0x4,
	GEN_SCTP_SEND_PARAM_CONTEXT = 0x8,
	GEN_SCTP_SEND_PARAM_TIMETOLIVE = 0x10,
};
/* What gen_sctp_send sends with (gen_sctp sctp_default_send_param, a
 * #sctp_sndrcvinfo{}); all but the stream, which is kept and not looked at.
 * An endpoint's is for its future associations. */
struct gen_sctp_send_param { /* RFC 6458 8.1.13 */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	uint16_t stream;
	uint32_t flags; /* GEN_SCTP_UNORDERED, ... */
	uint32_t ppid;
	uint32_t context;
	uint32_t timetolive; /* ms; 0 = as default_prinfo says */
};

struct gen_sctp_prstatus { /* RFC 7496 4.3, 4.4; read only */
	gen_sctp_assoc_id_t assoc_id;   /* in; 0 only on a stream socket */
	uint16_t stream;                /* in; of PR_STREAM_STATUS */
	enum gen_sctp_pr_policy policy; /* in; DEFAULT: all, the only one that is
					 * counted for each stream */
	uint64_t abandoned_unsent;      /* messages given up before any of it, */
	uint64_t abandoned_sent;        /* after some of it was sent */
};

/* Whether an extension is offered to peers, which a socket decides for its
 * associations to come (id 0); of an association: whether both sides have it,
 * read only. */
struct gen_sctp_supported {
	gen_sctp_assoc_id_t assoc_id;
	bool on;
};

/* An endpoint's is for its future associations. */
struct gen_sctp_default_prinfo { /* RFC 6458 8.1.32 */
	gen_sctp_assoc_id_t assoc_id;
	struct gen_sctp_prinfo prinfo; /* _PR_DEFAULT is none, too */
};

struct gen_sctp_prim { /* RFC 6458 8.1.10 */
	gen_sctp_assoc_id_t assoc_id;
	struct gen_sctp_addr addr; /* one of the peer's */
};

struct gen_sctp_setpeerprim { /* RFC 6458 8.3.1; set only */
	gen_sctp_assoc_id_t assoc_id;
	struct gen_sctp_addr addr; /* of this association here; what the peer
				    * should send to */
};

enum {
	GEN_SCTP_HB_ENABLE = 0x1,
	GEN_SCTP_HB_DISABLE = 0x2,
	GEN_SCTP_HB_DEMAND = 0x4, /* one heartbeat now */
	GEN_SCTP_PMTUD_ENABLE = 0x8,
	GEN_SCTP_PMTUD_DISABLE = 0x10,
	GEN_SCTP_SACKDELAY_ENABLE = 0x20,
	GEN_SCTP_SACKDELAY_DISABLE = 0x40,
};
enum {
	GEN_SCTP_PADDRPARAMS_HBINTERVAL = 0x1,
	GEN_SCTP_PADDRPARAMS_PATHMAXRXT = 0x2,
	GEN_SCTP_PADDRPARAMS_PATHMTU = 0x4,
	GEN_SCTP_PADDRPARAMS_SACKDELAY = 0x8,
	GEN_SCTP_PADDRPARAMS_FLAGS = 0x10,
};
struct gen_sctp_paddrparams { /* RFC 6458 8.1.12 */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	struct gen_sctp_addr address; /* family 0: every address */
	uint32_t hbinterval;          /* ms, up to 2^31 - 1; an endpoint's is
				       * capped at 4 hours */
	uint16_t pathmaxrxt;          /* before the address is unreachable; not
				       * 0. While none is reachable and data waits
				       * heartbeats go every RTO, whatever these
				       * say (RFC 9260 s8.3) */
	uint32_t pathmtu;             /* bytes of an IP packet, 576..65000; for
				       * PMTUD_DISABLE; 0 read on an endpoint:
				       * no path known yet */
	uint32_t sackdelay;           /* ms, 1..500 */
	uint32_t flags;               /* GEN_SCTP_HB_..., PMTUD_..., SACKDELAY_... */
};

enum gen_sctp_path_state {
	GEN_SCTP_PATH_UNDEFINED,
	GEN_SCTP_PATH_ACTIVE,
	GEN_SCTP_PATH_INACTIVE,
	GEN_SCTP_PATH_UNCONFIRMED,
};
struct gen_sctp_paddrinfo { /* RFC 6458 8.2.2; read only */
	gen_sctp_assoc_id_t assoc_id; /* in: 0 = found by address */
	struct gen_sctp_addr address; /* in */
	enum gen_sctp_path_state state;
	uint32_t cwnd; /* bytes */
	uint32_t srtt; /* ms */
	uint32_t rto;  /* ms */
	uint32_t mtu;  /* bytes of an IP packet */
};

enum gen_sctp_assoc_state { /* names: gen_sctp_state_name */
	GEN_SCTP_STATE_EMPTY,
	GEN_SCTP_STATE_CLOSED,
	GEN_SCTP_STATE_COOKIE_WAIT,
	GEN_SCTP_STATE_COOKIE_ECHOED,
	GEN_SCTP_STATE_ESTABLISHED,
	GEN_SCTP_STATE_SHUTDOWN_PENDING,
	GEN_SCTP_STATE_SHUTDOWN_SENT,
	GEN_SCTP_STATE_SHUTDOWN_RECEIVED,
	GEN_SCTP_STATE_SHUTDOWN_ACK_SENT,
};
struct gen_sctp_status { /* RFC 6458 8.2.1; read only */
	gen_sctp_assoc_id_t assoc_id; /* in; 0 only on a stream socket */
	enum gen_sctp_assoc_state state;
	uint32_t rwnd;      /* bytes the peer can still take */
	uint16_t unackdata; /* chunks */
	uint16_t penddata;  /* chunks received that wait for others */
	uint16_t instrms;
	uint16_t outstrms;
	uint32_t fragmentation_point; /* bytes */
	struct gen_sctp_paddrinfo primary;
};

/* What recv reports beside data (gen_sctp sctp_events). */
enum {
	GEN_SCTP_DATA_IO_EVENT = 0x1, /* not an event: sndrcvinfo with data */
	GEN_SCTP_ASSOCIATION_EVENT = 0x2,
	GEN_SCTP_ADDRESS_EVENT = 0x4,
	GEN_SCTP_SEND_FAILURE_EVENT = 0x8,
	GEN_SCTP_PEER_ERROR_EVENT = 0x10,
	GEN_SCTP_SHUTDOWN_EVENT = 0x20,
	GEN_SCTP_PARTIAL_DELIVERY_EVENT = 0x40,
	/* Off by default: */
	GEN_SCTP_ADAPTATION_LAYER_EVENT = 0x80,
	GEN_SCTP_AUTHENTICATION_EVENT = 0x100,
	GEN_SCTP_SENDER_DRY_EVENT = 0x200,
	GEN_SCTP_STREAM_RESET_EVENT = 0x400,
	GEN_SCTP_ASSOC_RESET_EVENT = 0x800,
	GEN_SCTP_STREAM_CHANGE_EVENT = 0x1000,
};
struct gen_sctp_event_subscribe {
	uint32_t set; /* the switches that `on` gives */
	uint32_t on;  /* GEN_SCTP_..._EVENT */
};

enum {
	GEN_SCTP_UDP_ENCAPS_LOCAL_PORT = 0x1,
	GEN_SCTP_UDP_ENCAPS_REMOTE_PORT = 0x2,
};
struct gen_sctp_udp_encaps { /* RFC 6951; RFC 6458 has no local port */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	struct gen_sctp_addr address; /* family 0: every address of the peer */
	uint16_t local_port;          /* of open only; 0 = any free port.
				       * Default: 9899 when the SCTP port is given,
				       * else any free port */
	uint16_t remote_port;         /* where the first packets go; 1..65535,
				       * default 9899; learned from then on */
};

enum {
	GEN_SCTP_ASSOC_VALUE = 0x1,
	GEN_SCTP_ASSOC_VALUE_FREQ = 0x2,
};
struct gen_sctp_assoc_value { /* RFC 6458 8.1.19 */
	uint32_t set;
	gen_sctp_assoc_id_t assoc_id;
	uint32_t assoc_value; /* ms that a SACK may wait, 1..500, for a second
			       * packet (freq becomes 2 if it was 1); 0: none
			       * waits, freq is 1 */
	uint32_t freq;        /* packets that one SACK may be for; not 0; 1: none
			       * waits, and assoc_value is read as 0 */
};

/* How an association finds out how much the network takes. */
enum {
	GEN_SCTP_CC_STANDARD = 0, /* RFC 9260 s7 (default) */
	GEN_SCTP_CC_HSTCP = 1,    /* HighSpeed TCP's (RFC 3649) */
	GEN_SCTP_CC_HTCP = 2,     /* H-TCP's (draft-leith-tcp-htcp) */
	GEN_SCTP_CC_RTCC = 3,     /* the engine's own, by round-trip times */
};
struct gen_sctp_assoc_number {
	gen_sctp_assoc_id_t assoc_id; /* 0: for the associations to come */
	uint32_t number;
};

enum { /* of streams, as this side sees them */
	GEN_SCTP_STREAMS_INCOMING = 0x1,
	GEN_SCTP_STREAMS_OUTGOING = 0x2,
};

/* What a peer may ask for; all off by default. Changing the association is
 * resetting it and adding streams: for the engine one and the same, so the two
 * bits go together. */
enum {
	GEN_SCTP_ENABLE_RESET_STREAM_REQ = 0x1,
	GEN_SCTP_ENABLE_RESET_ASSOC_REQ = 0x2,
	GEN_SCTP_ENABLE_CHANGE_ASSOC_REQ = 0x4,
};
struct gen_sctp_enable_stream_reset { /* RFC 6525 6.3.1 */
	uint32_t set; /* the switches that `on` gives */
	gen_sctp_assoc_id_t assoc_id;
	uint32_t on; /* GEN_SCTP_ENABLE_... */
};

/*
 * Authentication of chunks (RFC 4895): both sides have the same secret keys,
 * each under a number, and each side says which chunks it wants authenticated.
 * Key 0, which is empty, is there from the start and active. A chunk that is to
 * be authenticated and is not, or with another key, is lost: then it is sent
 * again, until the association is.
 */

struct gen_sctp_authkey { /* RFC 6458 8.3.3; set only */
	gen_sctp_assoc_id_t assoc_id; /* 0: for the associations to come */
	uint16_t keynumber;
	uint16_t keylength; /* bytes; 0: the empty key */
	const uint8_t *key; /* read during the call only */
};

struct gen_sctp_authkeyid { /* RFC 6458 8.3.4, 8.3.5, 8.3.6 */
	gen_sctp_assoc_id_t assoc_id;
	uint16_t keynumber;
};

enum { /* RFC 4895 s3.3 */
	GEN_SCTP_AUTH_HMAC_ID_SHA1 = 1,
	GEN_SCTP_AUTH_HMAC_ID_SHA256 = 3, /* -EINVAL: usrsctp was built without */
};
struct gen_sctp_hmacalgo { /* RFC 6458 8.3.2; the one liked best first, SHA-1
			    * among them */
	uint32_t number_of_idents;
	uint16_t idents[4]; /* GEN_SCTP_AUTH_HMAC_ID_... */
};

struct gen_sctp_authchunks { /* RFC 6458 8.3.7, 8.3.8; get only */
	gen_sctp_assoc_id_t assoc_id; /* in */
	uint32_t number_of_chunks;
	uint32_t chunks[8]; /* type t: bit t % 32 of chunks[t / 32] */
};

static inline bool
gen_sctp_authchunks_has(const struct gen_sctp_authchunks *list, uint8_t type)
{
	return (list->chunks[type / 32] >> (type % 32) & 1) != 0;
}

/* Which of this host's addresses the peer of an association is told in its
 * set-up (RFC 9260 3.3.2.1), of a socket that is bound to any: one that is bound
 * to addresses tells those. The address that a packet leaves from needs no
 * telling, and packets leave from none but those that the peer knows. Without
 * effect in the conn layer, which tells no addresses. */
enum gen_sctp_local_addrs {
	/* The default: those that the peer may be able to reach. Loopback ones
	 * are for peers on loopback, link-local IPv4 ones for peers that have
	 * such, private ones (RFC 1918, RFC 6598, RFC 4193) for peers with
	 * private addresses, and those of bridges to containers and virtual
	 * machines (docker*, br-*, veth*, virbr*, cni*, podman*, lxcbr*,
	 * lxdbr*, vboxnet*, vmnet*) for peers behind the same bridge. */
	GEN_SCTP_LOCAL_ADDRS_REACHABLE,
	/* All that the engine finds fit, as kernels do: to a private peer all
	 * private ones, to a peer on this host loopback ones, too. */
	GEN_SCTP_LOCAL_ADDRS_ALL,
	/* None but that of the route to the peer, which is not listed: one path
	 * on this side, as behind a NAT (RFC 6951 5.7). */
	GEN_SCTP_LOCAL_ADDRS_ROUTE,
	/* These. Where the engine would not list one of them it is not told. */
	GEN_SCTP_LOCAL_ADDRS_LISTED,
};
struct gen_sctp_local_addr_policy { /* gensctp's own */
	enum gen_sctp_local_addrs which;
	uint32_t number; /* of LISTED: 1..7 */
	struct gen_sctp_addr addrs[7]; /* their ports are not looked at */
};

struct gen_sctp_linger {
	bool on;
	int seconds; /* 0: abort; > 0: close waits up to that long */
};

/* Who takes what a socket receives (gen_sctp {active, ...}): recv, or the
 * owner's mailbox. ONCE and N have flow control: what is not delivered stays in
 * the socket and closes the peers' windows. TRUE delivers at once, up to the
 * mailbox's limit. */
enum gen_sctp_active_mode {
	GEN_SCTP_ACTIVE_FALSE, /* passive: recv */
	GEN_SCTP_ACTIVE_TRUE,
	GEN_SCTP_ACTIVE_ONCE, /* one message or event, then passive */
	GEN_SCTP_ACTIVE_N,    /* so many of them, then GEN_SCTP_MSG_PASSIVE */
};
struct gen_sctp_active {
	enum gen_sctp_active_mode mode;
	int n; /* -32768..32767: set: added to the count of N, -EINVAL if that is
		* more than 32767 then; 0 or less in all: passive, and
		* GEN_SCTP_MSG_PASSIVE tells, even where it was passive before.
		* get: what is left. Every other mode sets the count to 0. */
};

/* -------------------------------------------------------------- options */

enum gen_sctp_type {
	GEN_SCTP_SEQPACKET = 1, /* one socket, many associations */
	GEN_SCTP_STREAM = 2,    /* one socket, one association */
};

/* What Erlang programs get data as. In C it is bytes: this is kept, and means
 * nothing. */
enum gen_sctp_mode {
	GEN_SCTP_MODE_BINARY = 1, /* default */
	GEN_SCTP_MODE_LIST = 2,
};

/* Numbers stay, for programs in other languages too; new ones come after the
 * last. */
enum gen_sctp_opt_name {
	/* open only */
	GEN_SCTP_OPT_IP = 1,     /* addr; several: multi-homing */
	GEN_SCTP_OPT_FAMILY = 2, /* family; default INET, or the addresses' */
	GEN_SCTP_OPT_TYPE = 3,   /* type; default SEQPACKET */
	GEN_SCTP_OPT_IPV6_V6ONLY = 4, /* flag; an IPv6 socket without IPv4;
				   * default false; can be read later */
	/* set and get */
	GEN_SCTP_OPT_ACTIVE = 5, /* active; default FALSE. -EPERM: it has no
				  * owner to deliver to */
	GEN_SCTP_OPT_SNDBUF = 6, /* number: bytes, 0..2^30; under 4096 is
				  * 4096 */
	GEN_SCTP_OPT_RECBUF = 7, /* number: as SNDBUF; a peer may get
				  * less, see gen_sctp_set_memory_limit */
	GEN_SCTP_OPT_LINGER = 8, /* linger */
	GEN_SCTP_OPT_REUSEADDR = 9, /* flag; kept, and means nothing: what was
				  * closed can be bound again at once */
	GEN_SCTP_OPT_NODELAY = 10, /* flag: true = Nagle's algorithm off */
	GEN_SCTP_OPT_NON_BLOCK_SEND = 11, /* flag: full is -EAGAIN */
	GEN_SCTP_OPT_SEND_TIMEOUT = 12, /* number: ms, -1 = for ever
				  * (default) */
	GEN_SCTP_OPT_INITMSG = 13,
	GEN_SCTP_OPT_RTOINFO = 14,
	GEN_SCTP_OPT_ASSOCINFO = 15,
	GEN_SCTP_OPT_EVENTS = 16,
	GEN_SCTP_OPT_PEER_ADDR_PARAMS = 17,
	GEN_SCTP_OPT_UDP_ENCAPS = 18,
	GEN_SCTP_OPT_ADAPTATION_LAYER = 19, /* number: the indication sent, 32
				  * bits */
	GEN_SCTP_OPT_MAX_ASSOCIATIONS = 20, /* number: that peers may set up */
	GEN_SCTP_OPT_PRIMARY_ADDR = 21,  /* get: the address in use */
	GEN_SCTP_OPT_TOS = 22,   /* number: 0..255, of IPv4 packets; see
				  * below */
	GEN_SCTP_OPT_TCLASS = 23, /* the same of IPv6 packets; only on IPv6
				  * sockets */
	GEN_SCTP_OPT_TTL = 24,   /* number: 0..255, or hop limit of IPv6
				  * packets; 0 = the system's */
	GEN_SCTP_OPT_PRIORITY = 25, /* number: 0..7; sets TOS and TCLASS; see
				  * below */
	GEN_SCTP_OPT_DONTROUTE = 26, /* flag: not through a gateway; see
				  * below */
	GEN_SCTP_OPT_RECVTOS = 27, /* flag: GEN_SCTP_ANC_TOS with data */
	GEN_SCTP_OPT_RECVTCLASS = 28, /* flag: _TCLASS; only on IPv6 sockets */
	GEN_SCTP_OPT_RECVTTL = 29, /* flag: _TTL */
	GEN_SCTP_OPT_AUTOCLOSE = 30, /* number: s; an association that no data
				  * has left or reached for so long is ended as
				  * by eof; 0 = never (default) */
	GEN_SCTP_OPT_I_WANT_MAPPED_V4_ADDR = 31, /* flag: IPv4 addresses come as
				  * IPv6 ones, ::ffff:192.0.2.1; only on IPv6
				  * sockets. Given ones are understood in both
				  * shapes */
	GEN_SCTP_OPT_MODE = 32,          /* mode */
	GEN_SCTP_OPT_BUFFER = 33,        /* number: bytes, 1..2^30; see below */
	GEN_SCTP_OPT_HIGH_MSGQ_WATERMARK = 34, /* number: bytes, 1..2^30; see
				  * below */
	GEN_SCTP_OPT_LOW_MSGQ_WATERMARK = 35,
	GEN_SCTP_OPT_DELAYED_ACK_TIME = 36,
	GEN_SCTP_OPT_DISABLE_FRAGMENTS = 37, /* flag: a message that does not
					  * fit into one packet is -EMSGSIZE */
	GEN_SCTP_OPT_MAXSEG = 38,        /* number: most bytes of a message in
					  * one
					  * chunk, 512..65532, a multiple of 4
					  * (others are rounded down); 0 = as the
					  * path takes them (default) */
	GEN_SCTP_OPT_DEFAULT_SEND_PARAM = 39,
	GEN_SCTP_OPT_DEFAULT_PRINFO = 40,
	GEN_SCTP_OPT_PARTIAL_DELIVERY_POINT = 41, /* number: bytes of a message,
					  * 4096..2^30, that are there before
					  * its parts are delivered; half of the
					  * receive buffer if that is less
					  * (default) */
	GEN_SCTP_OPT_KEEP_FOR_FAILURE = 42, /* flag: send_failed always has the
					  * whole message; see below */
	GEN_SCTP_OPT_PR_SUPPORTED = 43,  /* supported: partial reliability
					  * (RFC 3758); default true */
	GEN_SCTP_OPT_SET_PEER_PRIMARY_ADDR = 44, /* set: asks the peer (ASCONF);
				   * -EPERM: it does not know how,
				   * -EADDRNOTAVAIL: not an address of ours,
				   * -ENOTCONN: not up */
	GEN_SCTP_OPT_ENABLE_STREAM_RESET = 45,
	GEN_SCTP_OPT_RECONFIG_SUPPORTED = 46, /* default true (RFC 6525) */
	GEN_SCTP_OPT_AUTH_SUPPORTED = 47, /* default true (RFC 4895); without it
					  * there is no ASCONF (RFC 5061) */
	GEN_SCTP_OPT_AUTH_CHUNK = 48,    /* set only; number: a type of chunk
					  * that peers of associations to come
					  * have to authenticate; not INIT, INIT
					  * ACK, SHUTDOWN COMPLETE, AUTH */
	GEN_SCTP_OPT_AUTH_KEY = 49,      /* -EBUSY: that key is in use */
	GEN_SCTP_OPT_AUTH_ACTIVE_KEY = 50, /* to send with; -EINVAL: there is
				  * none */
	GEN_SCTP_OPT_AUTH_DEACTIVATE_KEY = 51, /* set only: what is queued goes
					  * out with it, then authentication
					  * says free_key; not the active one */
	GEN_SCTP_OPT_AUTH_DELETE_KEY = 52, /* set only; not the active one */
	GEN_SCTP_OPT_HMAC_IDENT = 53,    /* of associations to come */
	/* get only */
	GEN_SCTP_OPT_PR_ASSOC_STATUS = 54,
	GEN_SCTP_OPT_PR_STREAM_STATUS = 55,
	GEN_SCTP_OPT_STATUS = 56,
	GEN_SCTP_OPT_PEER_AUTH_CHUNKS = 57, /* that the peer wants
				  * authenticated */
	GEN_SCTP_OPT_LOCAL_AUTH_CHUNKS = 58, /* that this side does */
	GEN_SCTP_OPT_GET_PEER_ADDR_INFO = 59,
	/* which of this host's addresses peers are told; of associations to
	 * come */
	GEN_SCTP_OPT_LOCAL_ADDR_POLICY = 60,
	GEN_SCTP_OPT_BUSY_POLL = 61, /* number: us, 0..1000000; see below */
	GEN_SCTP_OPT_MAX_BURST = 62, /* assoc_number: most packets that leave at
				  * once, 0..65535; 0 = no limit; default 4
				  * (RFC 9260 s6.1 D, RFC 6458 8.1.24) */
	GEN_SCTP_OPT_CONGESTION_CONTROL = 63, /* assoc_number: GEN_SCTP_CC_...;
				  * one that
				  * is up begins anew with its window */
	GEN_SCTP_OPT_UDP_SNDBUF = 64, /* number: bytes, 4096..2^30; see below */
	GEN_SCTP_OPT_UDP_RECBUF = 65, /* the same */
};

/*
 * KEEP_FOR_FAILURE is of the associations to come: a copy of each of their
 * messages is kept until it is delivered, so that send_failed tells of it as it
 * was sent, context, flags and life time included. Copies count against the send
 * buffer. Where several streams are used it is known only when all messages were
 * delivered: a sender that never pauses waits for that once in every sndbuf.
 *
 * TOS and TCLASS leave the two low bits to SCTP for ECN (RFC 3168): they are not
 * looked at, and read as 0. PRIORITY p is the class selector p (RFC 2474), TOS
 * and TCLASS 32 * p. All of these, TTL and DONTROUTE hold for packets that leave
 * from now on: those of the socket's associations, also in set-up; a peeled-off
 * socket starts with its parent's values. -ENOPROTOOPT: the system sends UDP
 * with TOS and TTL of its own (Windows); for TTL also FreeBSD. DONTROUTE is
 * without effect on IPv6 packets where the system does not have it (Linux).
 *
 * BUFFER is the user-level buffer of gen_sctp: what a message for a mailbox is
 * read with at first, as far as 65,536; longer ones are whole, too. recv reads
 * into the caller's buffer, whatever this is. Default 65,536;
 * SNDBUF and RECBUF raise it to at least their own value.
 *
 * The watermarks are of the queue of each association: bytes that were sent and
 * are not acknowledged, with 16 for every chunk that they were cut into. From
 * HIGH on there is no room for a further message until the queue has drained to
 * LOW. HIGH brings LOW down to itself, LOW brings HIGH up. By default both are
 * 2^30, more than a send buffer holds.
 *
 * BUSY_POLL: a call that waits looks for packets without a pause for so long
 * before it sleeps, each time that it would; so do calls that wait for a mailbox
 * whose latest message is from this socket. That saves the wake-up, and costs a
 * processor; other threads go on meanwhile. 0 = off (default).
 *
 * UDP_SNDBUF, UDP_RECBUF: the kernel's buffers of the UDP sockets that the socket
 * is bound to, which sockets of one UDP port share. What is read is what the
 * system gave, which may be less than was asked for (Linux: sysctl
 * net.core.rmem_max, wmem_max), and counts as the system does (Linux: twice as
 * much). Default: 4 MiB, or as much of it as there is.
 */

/* One option: made by a constructor below, passed in arrays. */
struct gen_sctp_opt {
	uint32_t size; /* of this struct, for the library's later versions;
			* -EINVAL: it is not */
	enum gen_sctp_opt_name name;
	union {
		bool flag;
		int64_t number;
		struct gen_sctp_addr addr;
		enum gen_sctp_family family;
		enum gen_sctp_type type;
		struct gen_sctp_active active;
		struct gen_sctp_linger linger;
		struct gen_sctp_initmsg initmsg;
		struct gen_sctp_rtoinfo rtoinfo;
		struct gen_sctp_assocparams associnfo;
		struct gen_sctp_event_subscribe events;
		struct gen_sctp_paddrparams peer_addr_params;
		struct gen_sctp_udp_encaps udp_encaps;
		struct gen_sctp_prim primary_addr;
		struct gen_sctp_send_param default_send_param;
		struct gen_sctp_default_prinfo default_prinfo;
		struct gen_sctp_supported supported;
		struct gen_sctp_prstatus prstatus;
		struct gen_sctp_setpeerprim set_peer_primary_addr;
		struct gen_sctp_enable_stream_reset enable_stream_reset;
		struct gen_sctp_authkey auth_key;
		struct gen_sctp_authkeyid auth_keyid;
		struct gen_sctp_hmacalgo hmac_ident;
		struct gen_sctp_authchunks authchunks;
		struct gen_sctp_status status;
		struct gen_sctp_paddrinfo get_peer_addr_info;
		enum gen_sctp_mode mode;
		struct gen_sctp_assoc_value delayed_ack_time;
		struct gen_sctp_local_addr_policy local_addr_policy;
		struct gen_sctp_assoc_number assoc_number;
		uint64_t room[24];
	} value;
};

/* An option with nothing in it but its name: what getopts fills. */
static inline struct gen_sctp_opt
gen_sctp_opt_get(enum gen_sctp_opt_name name)
{
	struct gen_sctp_opt opt;
	size_t i;

	opt.size = (uint32_t)sizeof(opt);
	opt.name = name;
	for (i = 0; i < sizeof(opt.value.room) / sizeof(opt.value.room[0]); i++)
		opt.value.room[i] = 0;
	return opt;
}

#define GEN_SCTP_OPT_CONSTRUCTOR(function, NAME, type, member)    \
	static inline struct gen_sctp_opt function(type v)            \
	{                                                             \
		struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_##NAME); \
		opt.value.member = v;                                     \
		return opt;                                               \
	}

GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_ip, IP, struct gen_sctp_addr, addr)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_family, FAMILY, enum gen_sctp_family,
			 family)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_type, TYPE, enum gen_sctp_type, type)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_ipv6_v6only, IPV6_V6ONLY, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_sndbuf, SNDBUF, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_recbuf, RECBUF, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_linger, LINGER, struct gen_sctp_linger,
			 linger)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_reuseaddr, REUSEADDR, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_nodelay, NODELAY, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_non_block_send, NON_BLOCK_SEND, bool,
			 flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_send_timeout, SEND_TIMEOUT, int64_t,
			 number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_initmsg, INITMSG, struct gen_sctp_initmsg,
			 initmsg)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_rtoinfo, RTOINFO, struct gen_sctp_rtoinfo,
			 rtoinfo)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_associnfo, ASSOCINFO,
			 struct gen_sctp_assocparams, associnfo)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_events, EVENTS,
			 struct gen_sctp_event_subscribe, events)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_peer_addr_params, PEER_ADDR_PARAMS,
			 struct gen_sctp_paddrparams, peer_addr_params)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_udp_encaps, UDP_ENCAPS,
			 struct gen_sctp_udp_encaps, udp_encaps)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_adaptation_layer, ADAPTATION_LAYER,
			 int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_max_associations, MAX_ASSOCIATIONS,
			 int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_primary_addr, PRIMARY_ADDR,
			 struct gen_sctp_prim, primary_addr)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_default_send_param, DEFAULT_SEND_PARAM,
			 struct gen_sctp_send_param, default_send_param)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_default_prinfo, DEFAULT_PRINFO,
			 struct gen_sctp_default_prinfo, default_prinfo)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_partial_delivery_point,
			 PARTIAL_DELIVERY_POINT, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_keep_for_failure, KEEP_FOR_FAILURE, bool,
			 flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_pr_supported, PR_SUPPORTED,
			 struct gen_sctp_supported, supported)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_pr_assoc_status, PR_ASSOC_STATUS,
			 struct gen_sctp_prstatus, prstatus)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_pr_stream_status, PR_STREAM_STATUS,
			 struct gen_sctp_prstatus, prstatus)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_set_peer_primary_addr,
			 SET_PEER_PRIMARY_ADDR, struct gen_sctp_setpeerprim,
			 set_peer_primary_addr)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_enable_stream_reset, ENABLE_STREAM_RESET,
			 struct gen_sctp_enable_stream_reset,
			 enable_stream_reset)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_reconfig_supported, RECONFIG_SUPPORTED,
			 struct gen_sctp_supported, supported)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_supported, AUTH_SUPPORTED,
			 struct gen_sctp_supported, supported)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_chunk, AUTH_CHUNK, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_key, AUTH_KEY,
			 struct gen_sctp_authkey, auth_key)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_active_key, AUTH_ACTIVE_KEY,
			 struct gen_sctp_authkeyid, auth_keyid)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_deactivate_key, AUTH_DEACTIVATE_KEY,
			 struct gen_sctp_authkeyid, auth_keyid)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_auth_delete_key, AUTH_DELETE_KEY,
			 struct gen_sctp_authkeyid, auth_keyid)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_hmac_ident, HMAC_IDENT,
			 struct gen_sctp_hmacalgo, hmac_ident)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_peer_auth_chunks, PEER_AUTH_CHUNKS,
			 struct gen_sctp_authchunks, authchunks)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_local_auth_chunks, LOCAL_AUTH_CHUNKS,
			 struct gen_sctp_authchunks, authchunks)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_status, STATUS, struct gen_sctp_status,
			 status)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_get_peer_addr_info, GET_PEER_ADDR_INFO,
			 struct gen_sctp_paddrinfo, get_peer_addr_info)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_tos, TOS, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_tclass, TCLASS, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_ttl, TTL, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_priority, PRIORITY, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_dontroute, DONTROUTE, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_recvtos, RECVTOS, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_recvtclass, RECVTCLASS, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_recvttl, RECVTTL, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_autoclose, AUTOCLOSE, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_i_want_mapped_v4_addr,
			 I_WANT_MAPPED_V4_ADDR, bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_mode, MODE, enum gen_sctp_mode, mode)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_buffer, BUFFER, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_high_msgq_watermark, HIGH_MSGQ_WATERMARK,
			 int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_low_msgq_watermark, LOW_MSGQ_WATERMARK,
			 int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_delayed_ack_time, DELAYED_ACK_TIME,
			 struct gen_sctp_assoc_value, delayed_ack_time)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_disable_fragments, DISABLE_FRAGMENTS,
			 bool, flag)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_maxseg, MAXSEG, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_busy_poll, BUSY_POLL, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_max_burst, MAX_BURST,
			 struct gen_sctp_assoc_number, assoc_number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_congestion_control, CONGESTION_CONTROL,
			 struct gen_sctp_assoc_number, assoc_number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_udp_sndbuf, UDP_SNDBUF, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_udp_recbuf, UDP_RECBUF, int64_t, number)
GEN_SCTP_OPT_CONSTRUCTOR(gen_sctp_opt_local_addr_policy, LOCAL_ADDR_POLICY,
			 struct gen_sctp_local_addr_policy, local_addr_policy)

#undef GEN_SCTP_OPT_CONSTRUCTOR

/* {active, false}, {active, true}, {active, once} */
static inline struct gen_sctp_opt
gen_sctp_opt_active(enum gen_sctp_active_mode mode)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_ACTIVE);

	opt.value.active.mode = mode;
	return opt;
}

/* {active, N} */
static inline struct gen_sctp_opt
gen_sctp_opt_active_n(int n)
{
	struct gen_sctp_opt opt = gen_sctp_opt_active(GEN_SCTP_ACTIVE_N);

	opt.value.active.n = n;
	return opt;
}

/* --------------------------------------------------------------- events */

enum gen_sctp_event_type {
	GEN_SCTP_ASSOC_CHANGE = 1,
	GEN_SCTP_PADDR_CHANGE,
	GEN_SCTP_REMOTE_ERROR,
	GEN_SCTP_SEND_FAILED,
	GEN_SCTP_SHUTDOWN,
	GEN_SCTP_ADAPTATION,
	GEN_SCTP_PDAPI,
	GEN_SCTP_AUTHENTICATION,
	GEN_SCTP_SENDER_DRY,
	GEN_SCTP_STREAM_RESET,
	GEN_SCTP_ASSOC_RESET,
	GEN_SCTP_STREAM_CHANGE,
};

enum gen_sctp_assoc_change_state {
	GEN_SCTP_COMM_UP = 1,
	GEN_SCTP_COMM_LOST,
	GEN_SCTP_RESTART,
	GEN_SCTP_SHUTDOWN_COMP,
	GEN_SCTP_CANT_ASSOC,
};
/* Extensions that both sides of an association have. */
enum {
	GEN_SCTP_SUPPORTS_PR = 0x1,           /* partial reliability: RFC 3758 */
	GEN_SCTP_SUPPORTS_AUTH = 0x2,         /* RFC 4895 */
	GEN_SCTP_SUPPORTS_ASCONF = 0x4,       /* RFC 5061 */
	GEN_SCTP_SUPPORTS_MULTIBUF = 0x8,
	GEN_SCTP_SUPPORTS_RE_CONFIG = 0x10,   /* RFC 6525 */
	GEN_SCTP_SUPPORTS_INTERLEAVING = 0x20 /* RFC 8260 */
};
struct gen_sctp_assoc_change { /* RFC 6458 6.1.1 */
	enum gen_sctp_assoc_change_state state;
	uint16_t error; /* cause code, see gen_sctp_error_string; 0 = none */
	uint16_t outbound_streams;
	uint16_t inbound_streams;
	gen_sctp_assoc_id_t assoc_id;
	uint32_t features;   /* comm_up, restart: GEN_SCTP_SUPPORTS_... */
	const uint8_t *data; /* comm_lost, cant_assoc: the causes in the peer's
			      * ABORT, the first 508 bytes; NULL otherwise, and
			      * from connect */
	size_t len;
	uint64_t reserved[2];
};

enum gen_sctp_paddr_change_state {
	GEN_SCTP_ADDR_AVAILABLE = 1,
	GEN_SCTP_ADDR_UNREACHABLE,
	GEN_SCTP_ADDR_REMOVED,
	GEN_SCTP_ADDR_ADDED,
	GEN_SCTP_ADDR_MADE_PRIM,
	GEN_SCTP_ADDR_CONFIRMED,
};
struct gen_sctp_paddr_change { /* RFC 6458 6.1.2 */
	struct gen_sctp_addr addr; /* of addr_made_prim: with port 0 */
	enum gen_sctp_paddr_change_state state;
	uint32_t error;
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_remote_error { /* RFC 6458 6.1.3: the peer's ERROR chunk */
	uint16_t error; /* the first cause code */
	gen_sctp_assoc_id_t assoc_id;
	const uint8_t *data; /* the causes as received */
	size_t len;
};

struct gen_sctp_send_failed { /* RFC 6458 6.1.11; one event a message */
	bool sent;     /* some of it was on the wire: it may have arrived all
			* the same */
	bool complete; /* data is the whole message, not just the parts that are
			* not known to have arrived; always with the option
			* keep_for_failure */
	uint32_t error;
	struct gen_sctp_sndrcvinfo info; /* as it was sent; without
					  * keep_for_failure timetolive may be 0 */
	gen_sctp_assoc_id_t assoc_id;
	const uint8_t *data;
	size_t len;
};

struct gen_sctp_shutdown_event { /* RFC 6458 6.1.5: the peer sends no more */
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_adaptation_event { /* RFC 6458 6.1.6 */
	uint32_t adaptation_ind;
	gen_sctp_assoc_id_t assoc_id;
};

enum { GEN_SCTP_PARTIAL_DELIVERY_ABORTED = 1 };
struct gen_sctp_pdapi_event { /* RFC 6458 6.1.7: the rest will not come */
	uint32_t indication; /* GEN_SCTP_PARTIAL_DELIVERY_ABORTED */
	uint16_t stream;
	gen_sctp_assoc_id_t assoc_id;
};

enum gen_sctp_auth_indication {
	GEN_SCTP_AUTH_NEW_KEY = 1, /* the peer's packets have this key now */
	GEN_SCTP_AUTH_NO_AUTH,     /* the peer does not authenticate */
	GEN_SCTP_AUTH_FREE_KEY,    /* a deactivated key is not used any more */
};
struct gen_sctp_authentication_event { /* RFC 6458 6.1.8 */
	enum gen_sctp_auth_indication indication;
	uint16_t keynumber;
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_sender_dry_event { /* RFC 6458 6.1.9: all that was sent is
				    * acknowledged; also at once when that is
				    * so as the event is switched on */
	gen_sctp_assoc_id_t assoc_id;
};

/* How a request to reset or add streams went: GEN_SCTP_RECONFIG_DONE for those
 * of either side, the others for our own. */
enum gen_sctp_reconfig_result {
	GEN_SCTP_RECONFIG_DONE,
	GEN_SCTP_RECONFIG_DENIED, /* by the peer */
	GEN_SCTP_RECONFIG_FAILED,
};

struct gen_sctp_stream_reset_event { /* RFC 6525 6.1.1 */
	enum gen_sctp_reconfig_result result;
	int direction; /* GEN_SCTP_STREAMS_INCOMING, _OUTGOING, or both */
	const uint16_t *streams; /* NULL: all */
	size_t count;
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_assoc_reset_event { /* RFC 6525 6.1.2 */
	enum gen_sctp_reconfig_result result;
	uint32_t local_tsn;  /* of the next chunk that is sent, */
	uint32_t remote_tsn; /* that is received */
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_stream_change_event { /* RFC 6525 6.1.3 */
	enum gen_sctp_reconfig_result result;
	uint16_t inbound_streams;  /* there are now */
	uint16_t outbound_streams;
	gen_sctp_assoc_id_t assoc_id;
};

struct gen_sctp_event {
	enum gen_sctp_event_type type;
	union {
		struct gen_sctp_assoc_change assoc_change;
		struct gen_sctp_paddr_change paddr_change;
		struct gen_sctp_remote_error remote_error;
		struct gen_sctp_send_failed send_failed;
		struct gen_sctp_shutdown_event shutdown;
		struct gen_sctp_adaptation_event adaptation;
		struct gen_sctp_pdapi_event pdapi;
		struct gen_sctp_authentication_event authentication;
		struct gen_sctp_sender_dry_event sender_dry;
		struct gen_sctp_stream_reset_event stream_reset;
		struct gen_sctp_assoc_reset_event assoc_reset;
		struct gen_sctp_stream_change_event stream_change;
		uint64_t room[16];
	} u;
};

enum gen_sctp_msg_kind {
	GEN_SCTP_MSG_NONE,
	GEN_SCTP_MSG_DATA,
	GEN_SCTP_MSG_EVENT,
	GEN_SCTP_MSG_ERROR_EVENT, /* send_failed, remote_error, pdapi */
	GEN_SCTP_MSG_EOF,         /* stream socket: nothing more will come */
	/* In mailboxes only: */
	GEN_SCTP_MSG_PASSIVE,     /* the count of {active, N} is used up, or an
				   * error made the socket passive */
	GEN_SCTP_MSG_ERROR,       /* `error`; -ENOBUFS: the limit of the mailbox
				   * is reached; nothing is lost */
};

/* Which ancillary data a message has (gen_sctp's AncData). */
enum {
	GEN_SCTP_ANC_SNDRCVINFO = 0x1,
	/* Of the association's latest packet with data, which may be a later one
	 * than the message came in: */
	GEN_SCTP_ANC_TOS = 0x2,    /* it was an IPv4 packet */
	GEN_SCTP_ANC_TCLASS = 0x4, /* it was an IPv6 packet */
	GEN_SCTP_ANC_TTL = 0x8,
};

/* What recv and mailboxes deliver. Start with GEN_SCTP_MSG_INIT; give it back
 * with gen_sctp_msg_free before it is used again or goes out of scope. */
struct gen_sctp_msg {
	size_t size; /* of this struct: GEN_SCTP_MSG_INIT */
	enum gen_sctp_msg_kind kind;
	bool eor;    /* data: the message ends here */
	uint32_t anc; /* GEN_SCTP_ANC_... that are present */
	struct gen_sctp_addr from;
	struct gen_sctp_sndrcvinfo info;
	size_t len; /* bytes of data */
	struct gen_sctp_event event;
	void *owned; /* private: bytes of an event, or from a mailbox */
	uint8_t tos;    /* with ECN */
	uint8_t tclass; /* the same */
	uint8_t ttl;    /* or hop limit */
	uint8_t reserved_bytes;
	int error; /* of GEN_SCTP_MSG_ERROR: negative errno */
	const uint8_t *data; /* recv: the caller's buffer; from a mailbox: the
			      * message's own bytes */
	gen_sctp_socket_t socket; /* that received it */
	uint32_t rule; /* of gen_sctp_register_owner; 0: the socket's own owner */
	uint32_t reserved_word;
	uint64_t reserved[4];
};
#ifdef __cplusplus
#define GEN_SCTP_MSG_INIT gensctp_sized<struct gen_sctp_msg>()
#else
#define GEN_SCTP_MSG_INIT { .size = sizeof(struct gen_sctp_msg) }
#endif

/* Frees what belongs to the message; NULL and freed ones are fine. */
GENSCTP_API void gen_sctp_msg_free(struct gen_sctp_msg *msg);

/* ------------------------------------------------------------ functions */

/* Creates a socket and binds it (gen_sctp:open/2). Addresses are those of all
 * GEN_SCTP_OPT_IP options, default all of the host's; port 0 = a free one.
 * A passive socket that does not listen. Its UDP socket is bound before open
 * returns (see struct gen_sctp_udp_encaps for the UDP port).
 * -EADDRINUSE: the SCTP port is taken in this process, or the UDP port on this
 *  host; gen_sctp_open_hint tells which and what to do.
 * -EADDRNOTAVAIL: an address is not this host's. -EINVAL: an option's value;
 *  *bad (may be NULL) is its index then, or n. -EAFNOSUPPORT: address of
 *  another family than the socket's. -EOPNOTSUPP: a second address where the
 *  IP layer in force has one path only. -EMFILE, -ENOMEM. */
GENSCTP_API int gen_sctp_open(int port, const struct gen_sctp_opt *opts,
			      size_t n, gen_sctp_socket_t *s, size_t *bad);

/* As open, on the addresses and the port of an address string; NULL is any
 * address and port 0. `remote`, which may be NULL, is whom the socket is to
 * connect to: their families must agree unless one is "any"
 * (GEN_SCTP_ENOTSUITABLE). On a host without IPv6 "any" of "sctp" is IPv4.
 * Options of addresses and family do not belong into opts. */
GENSCTP_API int gen_sctp_open_addrs(const struct gen_sctp_addrs *local,
				    const struct gen_sctp_addrs *remote,
				    const struct gen_sctp_opt *opts, size_t n,
				    gen_sctp_socket_t *s, size_t *bad);

/* One sentence on the calling thread's last failed open; "" if there is none. */
GENSCTP_API const char *gen_sctp_open_hint(void);

/* Closes the socket and all its associations (gen_sctp:close/1). What was sent
 * is still delivered, in the background; with linger {true, N} the call waits
 * for that, N seconds at most; {true, 0} aborts. A recv that waits in another
 * thread returns -EBADF. A second close is 0. */
GENSCTP_API int gen_sctp_close(gen_sctp_socket_t s);

/* Lets peers set up associations; 0 stops that, what is up stays up
 * (gen_sctp:listen/2, where true is 5). A stream socket becomes a listener: up
 * to `backlog` associations wait for gen_sctp_accept, further peers are refused;
 * send and recv on it are -ENOTCONN. A seqpacket socket takes as many as
 * GEN_SCTP_OPT_MAX_ASSOCIATIONS says, whatever the backlog.
 * -EISCONN: a stream socket that is, or was, connected. */
GENSCTP_API int gen_sctp_listen(gen_sctp_socket_t s, int backlog);

/* Takes the association that has waited longest on a listening stream socket
 * out of it (RFC 6458 4.1.4; not in gen_sctp): *accepted is a stream socket with
 * the listener's options and subscriptions, *from (may be NULL) the peer's
 * address. What the association received meanwhile is there, its comm_up first.
 * Several threads may wait.
 * -ETIMEDOUT: none came in timeout_ms (-1 = for ever, 0 = do not wait).
 * -EINVAL: the socket does not listen; -EOPNOTSUPP: type seqpacket.
 * -EBADF: closed, also while it waits. -ENOMEM. */
GENSCTP_API int gen_sctp_accept(gen_sctp_socket_t s, int timeout_ms,
				gen_sctp_socket_t *accepted,
				struct gen_sctp_addr *from);

/* Sets up an association and waits for the outcome (gen_sctp:connect/5).
 * `host` is an address or a name, resolved within the time-out to its first
 * address of the socket's family (for an IPv6 socket, an IPv4 one if there is no
 * other); options are set first and stay. 0: *ac is the comm_up, which is not delivered again.
 * -ECONNREFUSED: the peer refused; -EHOSTUNREACH: no answer to any INIT: *ac is
 *  the cant_assoc. -ETIMEDOUT: timeout_ms is over; the attempt goes on and its
 *  outcome comes as an event; *ac untouched.
 * -EISCONN, -EALREADY: there is an association with that peer, or an attempt.
 * -EADDRNOTAVAIL: one of another socket is, that was peeled off, or closed and
 *  is not over yet.
 * GEN_SCTP_ENXDOMAIN: unknown name. -EAFNOSUPPORT, -EINVAL. */
GENSCTP_API int gen_sctp_connect(gen_sctp_socket_t s, const char *host,
				 int port, const struct gen_sctp_opt *opts,
				 size_t n, int timeout_ms,
				 struct gen_sctp_assoc_change *ac);

/* As connect, but returns at once: the outcome comes as an assoc_change event
 * (gen_sctp:connect_init/5). The time-out is for the name alone. */
GENSCTP_API int gen_sctp_connect_init(gen_sctp_socket_t s, const char *host,
				      int port, const struct gen_sctp_opt *opts,
				      size_t n, int timeout_ms);

/* As connect_init to a peer with several addresses, 1..255, all with the same
 * SCTP port or 0, at least one not 0 (gen_sctp:connectx_init/3). *id, which may
 * be NULL, is the association's. -EOPNOTSUPP: more than one address where the
 * IP layer in force has one path only. */
GENSCTP_API int gen_sctp_connectx_init(gen_sctp_socket_t s,
				       const struct gen_sctp_addr *addrs,
				       size_t count,
				       const struct gen_sctp_opt *opts,
				       size_t n, gen_sctp_assoc_id_t *id);

/* As connect, to the addresses of an address string; "any" is the loopback
 * address of the family that the socket is bound to. */
GENSCTP_API int gen_sctp_connect_addrs(gen_sctp_socket_t s,
				       const struct gen_sctp_addrs *remote,
				       const struct gen_sctp_opt *opts,
				       size_t n, int timeout_ms,
				       struct gen_sctp_assoc_change *ac);

/* Sends a message on a stream (gen_sctp:send/4), with flags, ppid, context and
 * life time of the option default_send_param. Waits while there is no room, see
 * GEN_SCTP_OPT_NON_BLOCK_SEND and _SEND_TIMEOUT. len 1..sndbuf.
 * -EPIPE: no such association (any more). -EINVAL: no such stream, len 0.
 * -EMSGSIZE: larger than sndbuf. -EAGAIN, -ETIMEDOUT: no room.
 * On a stream socket the id is not looked at. */
GENSCTP_API int gen_sctp_send(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
			      int stream, const void *data, size_t len);

/* Sends with every parameter (gen_sctp:send/3); the socket's defaults do not
 * count. A record that recv gave can be sent back as it is. With GEN_SCTP_EOF
 * or _ABORT len may be 0; the reason of an abort is up to 1448 bytes.
 * `to`, or NULL, is an address of the peer: with GEN_SCTP_ADDR_OVER the message
 * goes there; with assoc_id 0, or on a stream socket that is not connected, it
 * also says which peer, and if there is no association with that one it is set
 * up (RFC 6458 3.2): the message waits for that, the call does not. The outcome
 * comes as an assoc_change; if it is cant_assoc, send_failed before it.
 * Errors as send; -EPIPE also for an abort, or eof without data, of an
 * association that is none; those of connect_init where one is set up. */
GENSCTP_API int gen_sctp_sendmsg(gen_sctp_socket_t s,
				 const struct gen_sctp_sndrcvinfo *info,
				 const struct gen_sctp_addr *to,
				 const void *data, size_t len);

/* A message with all that can be said about it. Start with
 * GEN_SCTP_OUTGOING_INIT. */
struct gen_sctp_outgoing {
	size_t size; /* of this struct: GEN_SCTP_OUTGOING_INIT */
	struct gen_sctp_sndrcvinfo info;
	struct gen_sctp_prinfo prinfo; /* with a policy of its own, timetolive
					* has to be 0 */
	const struct gen_sctp_addr *to; /* of one peer; NULL: none */
	size_t to_count;                /* up to 255, as connectx_init */
	/* Of the association, if this message sets one up; NULL: the socket's */
	const struct gen_sctp_initmsg *initmsg;
	const void *data;
	size_t len;
	uint64_t reserved[4]; /* 0 */
};
#ifdef __cplusplus
#define GEN_SCTP_OUTGOING_INIT gensctp_sized<struct gen_sctp_outgoing>()
#else
#define GEN_SCTP_OUTGOING_INIT { .size = sizeof(struct gen_sctp_outgoing) }
#endif

/* As sendmsg, with partial reliability, several addresses and an initmsg
 * (RFC 6458 9.12 sctp_sendv; gen_sctp:send/3 with #sctp_initmsg{} as ancillary
 * data). *assoc, which may be NULL, is the association it went to: a new one's
 * id is known before that is up. */
GENSCTP_API int gen_sctp_sendv(gen_sctp_socket_t s,
			       const struct gen_sctp_outgoing *m,
			       gen_sctp_assoc_id_t *assoc);

/* Sends many messages with one call, in their order, each as sendv does
 * (Linux's sendmmsg). Returns how many were taken, at most 1024; what stopped it is what a call with the rest returns.
 * assocs, which may be NULL, has room for n: assocs[i] is where message i of
 * those went. send_timeout is for all of them together.
 * Errors of the first message as sendv; -EINVAL also where n is not 0 and there
 * are no records. */
GENSCTP_API int gen_sctp_sendmmsg(gen_sctp_socket_t s,
				  const struct gen_sctp_outgoing *msgs,
				  size_t n, gen_sctp_assoc_id_t *assocs);

/* Receives the next message or event of any association (gen_sctp:recv/2).
 * Returns the bytes put into buf, 0 for an event (msg->kind tells).
 * A message longer than `size`, or than half the receive buffer, comes in parts:
 * msg->eor is false until its last one, the next call goes on with it; nothing
 * is lost.
 * GEN_SCTP_EEVENT: an error event; msg->event, from and info say what happened.
 * -ETIMEDOUT: nothing came in timeout_ms (0 = do not wait).
 * -EALREADY: another thread is in recv on this socket.
 * -EINVAL: the socket is active, also when it becomes so while it waits.
 * -EBADF: closed, also while it waits. */
GENSCTP_API int gen_sctp_recv(gen_sctp_socket_t s, void *buf, size_t size,
			      struct gen_sctp_msg *msg, int timeout_ms);

/* A place for a message: what gen_sctp_recv takes and returns. */
struct gen_sctp_incoming {
	void *buf;
	size_t size; /* of buf */
	int result;  /* bytes put into buf, 0, or GEN_SCTP_EEVENT */
	uint32_t reserved_word;
	struct gen_sctp_msg msg; /* GEN_SCTP_MSG_INIT at first */
	uint64_t reserved[2];
};

/* Receives many messages and events with one call, in their order, each as recv
 * does: waits for the first, and takes what is there behind it without waiting
 * (Linux's recvmmsg). A message longer than its buffer goes on in the next one's.
 * Returns how many were received, at most 1024; the others are not to be looked
 * at. msg of each of those is freed with gen_sctp_msg_free before it is used
 * again; error events are received as others are: `result` tells.
 * -ETIMEDOUT, -EALREADY, -EINVAL, -EBADF: as recv, and nothing was received. */
GENSCTP_API int gen_sctp_recvmmsg(gen_sctp_socket_t s,
				  struct gen_sctp_incoming *msgs, size_t n,
				  int timeout_ms);

/* Ends an association once all data is delivered (gen_sctp:eof/2), or at once,
 * with what is queued lost (gen_sctp:abort/2). The assoc_change event tells
 * when it is over. -EPIPE: no such association. -EAGAIN: abort, while all of its
 * outgoing streams are being reset; peeled off and closed with linger {true, 0} it
 * ends even then. */
GENSCTP_API int gen_sctp_eof(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);
GENSCTP_API int gen_sctp_abort(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);

/* Ends a direction of a stream socket's association (RFC 6458 4.1.7). SHUT_WR:
 * as gen_sctp_eof; what the peer still has on its way is received. SHUT_RD:
 * nothing more is received, recv says GEN_SCTP_MSG_EOF, what comes is thrown away;
 * the peer is not told. -ENOTCONN: no association (any more), a listener;
 * -EOPNOTSUPP: type seqpacket. */
enum {
	GEN_SCTP_SHUT_RD = 1,
	GEN_SCTP_SHUT_WR = 2,
	GEN_SCTP_SHUT_RDWR = 3,
};
GENSCTP_API int gen_sctp_shutdown(gen_sctp_socket_t s, int how);

/* From `ms` milliseconds from now on, calls on the socket end with -ETIMEDOUT:
 * recv and accept (GEN_SCTP_DEADLINE_IN), send and its kin (_OUT), whatever
 * their own time-outs; also those that wait at that moment. 0 or less: at once.
 * GEN_SCTP_NO_DEADLINE: no more; ordinary time-outs only (the default).
 * Nothing is lost: what was not received waits. */
enum {
	GEN_SCTP_DEADLINE_IN = 0x1,
	GEN_SCTP_DEADLINE_OUT = 0x2,
};
#define GEN_SCTP_NO_DEADLINE INT64_MAX
GENSCTP_API int gen_sctp_set_deadline(gen_sctp_socket_t s, int ways,
				      int64_t ms);

/* Moves an association, with what it has received, to a new stream socket
 * (gen_sctp:peeloff/2), which inherits the options, the active mode too with
 * what is left of its count. Its id stays. The caller owns the new socket;
 * messages that are in a mailbox already stay there.
 * -EINVAL: no such association; -ENOTCONN: not up yet;
 * -EOPNOTSUPP: a stream socket. */
GENSCTP_API int gen_sctp_peeloff(gen_sctp_socket_t s,
				 gen_sctp_assoc_id_t assoc,
				 gen_sctp_socket_t *peeled);

/* ------------------------------------------------------ reconfiguration */

/* Stream reconfiguration (RFC 6525). These ask the peer and return at once; how
 * it went comes as an event that is off by default. The peer must allow it:
 * GEN_SCTP_OPT_ENABLE_STREAM_RESET. To reset the whole association is for peers
 * to ask (assoc_reset).
 * For incoming streams the peer asks in its turn: this side must allow it, too.
 * -EPERM: incoming streams, and this side does not allow it.
 * -EALREADY: a request of this side is not answered yet.
 * -EOPNOTSUPP: the peer has no stream reconfiguration.
 * -EINVAL: no such association. -ENOTCONN: not up yet. -EPIPE: it is ending. */

/* Messages on these streams count from 0 again (stream_reset); `direction` is
 * one of GEN_SCTP_STREAMS_... or both, n = 0 means all streams. Messages sent
 * before are delivered first; until it is done, sending on them waits. An
 * outgoing reset that comes while a request is open waits for its answer.
 * -EBUSY: outgoing ones, and messages wait to be sent that can be given up for
 *  more important ones (GEN_SCTP_PR_PRIO).
 * -EINVAL: no such stream; incoming ones and n > 200. */
GENSCTP_API int gen_sctp_reset_streams(gen_sctp_socket_t s,
				       gen_sctp_assoc_id_t assoc,
				       int direction, const uint16_t *streams,
				       size_t n);

/* More streams (stream_change): incoming ones up to this side's max_instreams,
 * outgoing ones up to the peer's. -EINVAL: too many, or none at all.
 * -EBUSY: outgoing ones, and messages wait to be sent or acknowledged. */
GENSCTP_API int gen_sctp_add_streams(gen_sctp_socket_t s,
				     gen_sctp_assoc_id_t assoc,
				     uint16_t incoming, uint16_t outgoing);

/* ------------------------------------------------------------ mailboxes */

/*
 * A socket has an owner, which is a mailbox: that of the thread that opened it
 * or peeled it off, until gen_sctp_controlling_process gives it away. While the
 * socket is active (GEN_SCTP_OPT_ACTIVE) its messages go there, each one whole.
 * A mailbox can have many sockets, and be received from by any thread, several
 * at once too: each message goes to one of them.
 *
 * A thread's own mailbox ends with the thread. Its sockets stay open, passive
 * and without an owner: anyone may take them with gen_sctp_controlling_process,
 * and gets what waited for the thread. (In Erlang they would be closed.)
 */

/* The calling thread's mailbox (self()): its own, made on first use, or the one
 * it chose. 0: no memory, a forked child, or the stack cannot start. */
GENSCTP_API gen_sctp_mailbox_t gen_sctp_self(void);

/* One that is no thread's own: until it is closed. -ENOMEM. */
GENSCTP_API int gen_sctp_mailbox_new(gen_sctp_mailbox_t *m);

/* Closes the mailbox, the sockets that it owns as gen_sctp_close does, and
 * throws away what waits in it. A recv that waits on it returns -EBADF. A
 * second close is 0. */
GENSCTP_API int gen_sctp_mailbox_close(gen_sctp_mailbox_t m);

/* Makes it the calling thread's until it is closed; 0: its own again. */
GENSCTP_API int gen_sctp_use_mailbox(gen_sctp_mailbox_t m);

/* Receives the next message of any socket, or of socket `s`, 0 being any, and
 * leaves those of others in their order (receive ... after). Returns the bytes
 * of data, at msg->data, or 0: msg->kind and msg->socket tell.
 * GEN_SCTP_EEVENT: an error event (GEN_SCTP_MSG_ERROR_EVENT), or the socket's
 *  own error (GEN_SCTP_MSG_ERROR).
 * -ETIMEDOUT: nothing came in timeout_ms (0 = do not wait).
 * -EBADF: the mailbox is closed, or `s` is and has no message left here. */
GENSCTP_API int gen_sctp_mailbox_recv(gen_sctp_mailbox_t m,
				      gen_sctp_socket_t s,
				      struct gen_sctp_msg *msg,
				      int timeout_ms);

/* A descriptor as gen_sctp_fd's: readable while a message waits. */
GENSCTP_API int gen_sctp_mailbox_fd(gen_sctp_mailbox_t m, gen_sctp_fd_t *fd);

/* How much memory waiting messages may take up, bytes, at least 1; default
 * 64 MiB. A socket that has more becomes passive, after GEN_SCTP_MSG_ERROR with
 * -ENOBUFS and GEN_SCTP_MSG_PASSIVE: the rest waits in it. So does one with a
 * message larger than that: recv gives it in parts. */
GENSCTP_API int gen_sctp_mailbox_set_limit(gen_sctp_mailbox_t m, size_t bytes);

/* Gives the socket to another owner, with the messages that wait for it, all of
 * them and in their order (gen_sctp:controlling_process/2, which leaves error
 * and passive messages behind). The active mode stays.
 * -EPERM: the caller (gen_sctp_self) is not the owner. */
GENSCTP_API int gen_sctp_controlling_process(gen_sctp_socket_t s,
					     gen_sctp_mailbox_t m);

/* Who owns it; 0: nobody, its owner has ended. */
GENSCTP_API int gen_sctp_owner(gen_sctp_socket_t s, gen_sctp_mailbox_t *m);

/* Networks: addresses that begin as addr does, in as many bits; port 0 is any
 * port, family 0 any address, 0 bits any of the family. All zero: everything. */
struct gen_sctp_subnet {
	struct gen_sctp_addr addr;
	uint8_t bits; /* 0..32 or 0..128 */
};

/* Reads "192.0.2.0/24", "2001:db8::/32" or a single address, in the forms of
 * gen_sctp_addr_parse. -EINVAL. */
GENSCTP_API int gen_sctp_subnet_parse(const char *text, int port,
				      struct gen_sctp_subnet *out);
GENSCTP_API bool gen_sctp_subnet_contains(const struct gen_sctp_subnet *net,
					  const struct gen_sctp_addr *addr);

/*
 * An owner for some of a socket's associations (esock's register_owner). Rules
 * are tried in the order in which they were registered, when an association
 * comes up; the first that is met counts. Its messages, the comm_up among them,
 * then go to the rule's mailbox, with the rule's own active mode, and are none
 * of the socket's. Associations that are there already follow a rule from the
 * moment it is registered, unless they follow another one. A rule for one
 * association ends with it, once its last event was delivered, or when it is
 * peeled off.
 */
struct gen_sctp_owner_rule {
	gen_sctp_assoc_id_t assoc_id; /* this association; 0: see `peer` */
	struct gen_sctp_subnet peer;  /* an address of the peer's is in it */
	bool refuse; /* peers' associations are aborted, and nobody is told */
	gen_sctp_mailbox_t owner; /* unless refuse */
	struct gen_sctp_active active;
	uint64_t reserved[4]; /* 0 */
};

/* *id, never 0, is the rule's; it may be NULL. Rules end with their mailbox, as
 * by unregister. -EPERM: the caller does not own the socket. -EINVAL: no such
 * association, network, mailbox or mode. -EOPNOTSUPP: a stream socket, but for
 * rules that refuse. -ENOMEM. */
GENSCTP_API int
gen_sctp_register_owner(gen_sctp_socket_t s,
			const struct gen_sctp_owner_rule *rule, uint32_t *id);

/* Its associations are the socket's again, with what was not delivered yet.
 * -EINVAL: no such rule. */
GENSCTP_API int gen_sctp_unregister_owner(gen_sctp_socket_t s, uint32_t id);

/* As GEN_SCTP_OPT_ACTIVE, of a rule: after {active, once}, say. */
GENSCTP_API int gen_sctp_owner_active(gen_sctp_socket_t s, uint32_t id,
				      const struct gen_sctp_active *active);

/* -------------------------------------------------------------- options */

/* Sets options in the order of the list, after all values were checked; only
 * fields that are set change (inet:setopts/2). *bad, which may be NULL, is the
 * index of the one that failed. -EINVAL: a value; -ENOPROTOOPT: cannot be set
 * (here, or on a socket that is open). */
GENSCTP_API int gen_sctp_setopts(gen_sctp_socket_t s,
				 const struct gen_sctp_opt *opts, size_t n,
				 size_t *bad);

/* Fills the values of the options named (inet:getopts/2); assoc ids and
 * addresses in them are input. All are answered, or *bad is the first that
 * cannot be. */
GENSCTP_API int gen_sctp_getopts(gen_sctp_socket_t s, struct gen_sctp_opt *opts,
				 size_t n, size_t *bad);

/* Switches events (GEN_SCTP_..._EVENT) on or off, for all associations of the
 * socket: GEN_SCTP_OPT_EVENTS in one word (RFC 6458 6.2.2). Sockets peeled off
 * inherit them. -EINVAL: a bit that is no event. */
GENSCTP_API int gen_sctp_subscribe(gen_sctp_socket_t s, uint32_t events,
				   bool on);

/* Addresses (inet:sockname/1, port/1, peername/1, socknames/2, peernames/2).
 * port returns the SCTP port. The lists return how many there are and fill at
 * most `max`; association 0 is the endpoint or a stream socket's only one. An
 * association's local ones are of the families that its peer has.
 * -ENOTCONN: no peer; -EINVAL: no such association. */
GENSCTP_API int gen_sctp_sockname(gen_sctp_socket_t s,
				  struct gen_sctp_addr *addr);
GENSCTP_API int gen_sctp_port(gen_sctp_socket_t s);
GENSCTP_API int gen_sctp_peername(gen_sctp_socket_t s,
				  struct gen_sctp_addr *addr);
GENSCTP_API int gen_sctp_socknames(gen_sctp_socket_t s,
				   gen_sctp_assoc_id_t assoc,
				   struct gen_sctp_addr *addrs, size_t max);
GENSCTP_API int gen_sctp_peernames(gen_sctp_socket_t s,
				   gen_sctp_assoc_id_t assoc,
				   struct gen_sctp_addr *addrs, size_t max);

/* The ids of a socket's associations, also of those that are being set up or
 * are ending, oldest first (RFC 6458 8.2.6; esock:get_assocs/1). Returns how many
 * there are, fills at most `max`. */
GENSCTP_API int gen_sctp_assocs(gen_sctp_socket_t s, gen_sctp_assoc_id_t *ids,
				size_t max);

/* The paths of an association: one for each address of the peer. Bytes are of
 * SCTP packets, without UDP and IP headers, since the association has the path;
 * what came before it was up may be missing. */
struct gen_sctp_path {
	struct gen_sctp_paddrinfo info;
	bool primary;      /* new data goes here while it is active */
	uint16_t udp_port; /* of the peer, where packets go; a NAT may change
			    * it; 0 = not known */
	uint64_t packets_in, bytes_in;
	uint64_t packets_out, bytes_out;
	uint64_t retransmissions; /* DATA chunks sent here that had been sent
				   * before, wherever to */
	uint64_t reserved[4];
};
/* Returns how many there are, fills at most `max`, in the order of
 * gen_sctp_peernames; association 0 is a stream socket's only one.
 * -EINVAL: no such association. */
GENSCTP_API int gen_sctp_paths(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
			       struct gen_sctp_path *paths, size_t max);

/* What a socket has carried since it was opened (inet:getstat/1). Bytes of
 * messages, and messages; one that was received in parts counts once a part.
 * Events do not count. */
struct gen_sctp_stat {
	size_t size; /* GEN_SCTP_STAT_INIT */
	uint64_t recv_oct, recv_cnt, recv_max, recv_avg;
	uint64_t recv_dvi; /* average deviation from the average */
	uint64_t send_oct, send_cnt, send_max, send_avg;
	uint64_t send_pend; /* bytes that peers have not acknowledged yet */
};
#ifdef __cplusplus
#define GEN_SCTP_STAT_INIT gensctp_sized<struct gen_sctp_stat>()
#else
#define GEN_SCTP_STAT_INIT { .size = sizeof(struct gen_sctp_stat) }
#endif
GENSCTP_API int gen_sctp_getstat(gen_sctp_socket_t s,
				 struct gen_sctp_stat *stat);

enum {
	GEN_SCTP_BINDX_ADD_ADDR = 1,
	GEN_SCTP_BINDX_REM_ADDR = 2,
};

/* Binds addresses to a socket that is bound to some, or unbinds them, all or
 * none, at any time (RFC 6458 9.1). Peers of its associations that can change
 * addresses are told (ASCONF, RFC 5061) and get paddr_change events: addr_added,
 * later addr_confirmed, and addr_removed. An association uses a new address once
 * its peer has acknowledged it, and lets go of one while it has another. If its
 * peer does not know ASCONF it keeps the addresses that it has. Sockets that
 * were peeled off have addresses of their own. The ports are 0 or the socket's.
 * -EINVAL: the socket is on any address; one that is bound already, or is not;
 *  the last one. -EADDRNOTAVAIL: not this host's. -EADDRINUSE: another socket
 *  has it with this SCTP port, or another program the UDP port there.
 * -EAFNOSUPPORT: of another family than the socket's. -EOPNOTSUPP: the IP layer
 *  in force has one path only. -ENOMEM, -EMFILE. */
GENSCTP_API int gen_sctp_bindx(gen_sctp_socket_t s,
			       const struct gen_sctp_addr *addrs, size_t n,
			       int flag);

/* Conditions of a socket. */
enum {
	GEN_SCTP_POLL_IN = 0x1,  /* recv, or a listener's accept, has something */
	GEN_SCTP_POLL_OUT = 0x2, /* an association is up and takes a message */
	GEN_SCTP_POLL_HUP = 0x4, /* stream socket: its association is over */
};

/* A descriptor for poll and its kin: readable while one of the conditions in
 * `mask` holds (so always wait for readability). It belongs to the socket and
 * ends with it; it is only to be waited on. A later call changes the mask. */
GENSCTP_API int gen_sctp_fd(gen_sctp_socket_t s, int mask, gen_sctp_fd_t *fd);

/* The conditions that hold now (GEN_SCTP_POLL_...), whatever the mask is. */
GENSCTP_API int gen_sctp_ready(gen_sctp_socket_t s);

/* Waits until what closed sockets still had to deliver is delivered, or
 * -ETIMEDOUT. At exit the library does so itself for GENSCTP_EXIT_MS (2000), which
 * is read when the first socket is opened: -EINVAL there if it is no number. */
GENSCTP_API int gen_sctp_drain(int timeout_ms);

/* The text of an SCTP cause code (gen_sctp:error_string/1): "ok" for 0,
 * "unknown_error" for one that is none. */
GENSCTP_API const char *gen_sctp_error_string(uint32_t cause);

/* Names as gen_sctp writes them: "comm_up", "addr_confirmed", "established",
 * "sctp_assoc_change", "active". "undefined" for no such value. */
GENSCTP_API const char *
gen_sctp_assoc_change_name(enum gen_sctp_assoc_change_state state);
GENSCTP_API const char *
gen_sctp_paddr_change_name(enum gen_sctp_paddr_change_state state);
GENSCTP_API const char *
gen_sctp_state_name(enum gen_sctp_assoc_state state);
GENSCTP_API const char *
gen_sctp_path_state_name(enum gen_sctp_path_state state);
GENSCTP_API const char *
gen_sctp_event_name(enum gen_sctp_event_type type);
/* Of one bit: "pr", "auth", "asconf", "multibuf", "re_config",
 * "interleaving". */
GENSCTP_API const char *gen_sctp_feature_name(uint32_t feature);
/* "new_key", "no_auth", "free_key"; "done", "denied", "failed". */
GENSCTP_API const char *
gen_sctp_auth_indication_name(enum gen_sctp_auth_indication indication);
GENSCTP_API const char *
gen_sctp_reconfig_result_name(enum gen_sctp_reconfig_result result);

/* A sentence for a result of any function above: strerror's, or our own for
 * GEN_SCTP_E... Positive and negative values mean the same. */
GENSCTP_API const char *gen_sctp_strerror(int result);

/* --------------------------------------------------- the library itself */

/* What runs in this process. Strings are static. */
struct gen_sctp_info {
	size_t size;            /* GEN_SCTP_INFO_INIT */
	const char *version;    /* of gensctp: "0.1.0" */
	const char *engine;     /* "usrsctp 0.9.5.0" */
	const char *ip_layer;   /* "replaced", "conn" */
	const char *method;     /* replaced: "override", "wrap", "rename"; else "none" */
	const char *reason;     /* why that layer */
	const char *crc32c;     /* "sse4.2", "armv8", "software" */
	bool sendmmsg, gso, gro;/* in force */
	bool multihoming;       /* several paths per association */
	/* "any": a UDP socket of any address sends from the address that a packet
	 * asks for; "per-address": one more for each address that is sent from,
	 * where the system does not do that, or GENSCTP_UDP_SOCKETS says so. */
	const char *udp_sockets;
};
#ifdef __cplusplus
#define GEN_SCTP_INFO_INIT gensctp_sized<struct gen_sctp_info>()
#else
#define GEN_SCTP_INFO_INIT { .size = sizeof(struct gen_sctp_info) }
#endif
/* Starts the stack if need be, to tell what is in force. */
GENSCTP_API int gen_sctp_info(struct gen_sctp_info *info);

/* Bounds the memory granted to associations that peers set up, of all sockets
 * together: `bytes` (default 4 GiB, 1 GiB where pointers have 32 bits;
 * UINT64_MAX: no bound; 0 is -EINVAL). The environment variable
 * GENSCTP_MEMORY_MAX ("512M", "4G") is another way; this call wins.
 *
 * Each takes its receive buffer, about 5 kB, 640 bytes for each address of the
 * peer, 40 for each inbound and 64 for each outbound stream. The buffer is as
 * GEN_SCTP_OPT_RECBUF says, but at most a 64th of what is free above a quarter
 * of the limit, or 64 KiB where that is less. The peer is told so in its
 * window; see docs/security.md for peers that do not keep to it. Where there is
 * no room for an association it is aborted. What was taken comes back when the
 * association is freed: over and read, or done in the background.
 *
 * Associations that this process sets up are not counted. GEN_SCTP_OPT_RECBUF
 * set on a socket with associations is not limited, but counted.
 *
 * Any thread, any time: a lower limit takes nothing back. The counters
 * memory_limit, memory_used (bytes, now) and memory_refused (associations) tell
 * how it stands. */
GENSCTP_API int gen_sctp_set_memory_limit(uint64_t bytes);

/* How many packets an association, of any socket, may send on a path before the
 * first acknowledgement, but no more than GEN_SCTP_OPT_MAX_BURST: 0..4096; 0: as
 * RFC 9260 s7.2.1 says, as GEN_SCTP_CC_HTCP always has it; default 3. For
 * associations to come. -EINVAL. */
GENSCTP_API int gen_sctp_set_initial_cwnd(uint32_t packets);

/* Counters of the whole process: packets, bytes, what the packet guard dropped,
 * by reason, and memory (gen_sctp_set_memory_limit). Returns how many there
 * are, fills at most `max`. */
struct gen_sctp_counter {
	const char *name; /* static */
	uint64_t value;
};
GENSCTP_API int gen_sctp_counters(struct gen_sctp_counter *counters,
				  size_t max);

/* Writes every encapsulated packet of the process, as SCTP sees it, to a
 * pcapng file that Wireshark opens; NULL stops. -EALREADY: one is running;
 * else the error of the file. */
GENSCTP_API int gen_sctp_capture(const char *path);

/* Makes this process's output worse than the network is, for tests of programs:
 * datagrams are lost, late, repeated, damaged, as the profile says; with the same
 * seed and the same times the same happens. `local`, one of our addresses as
 * text, is the path that it is about; NULL: every address that has none of its
 * own. A profile is "loss=5%,burst=3,delay=20ms,jitter=5ms,reorder=1%,
 * duplicate=1%,corrupt=0.1%,rate=10M,queue=64k,mtu=1400,dark=2s-7s,seed=3", any
 * of them: shares in percent or as fractions; burst is the mean length of a loss
 * in datagrams; rate in bits a second, queue is the bytes that wait for it; IP
 * packets of more bytes than mtu are swallowed, and nobody is told; dark times
 * count from this call. "" ends it. The environment variable
 * GENSCTP_IMPAIR is a profile for every address, from the start on.
 * -EINVAL: the address, or the profile: *bad (may be NULL) is where in it.
 * -ENOBUFS: more than 15 addresses so far; -ENOMEM. */
GENSCTP_API int gen_sctp_impair(const char *local, const char *profile,
				size_t *bad);

#ifdef __cplusplus
}
#endif
#endif
