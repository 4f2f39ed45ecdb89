/*
 * What differs between systems, behind one interface: clock, locks, threads,
 * events, datagram sockets, local addresses. The bodies are in os_posix*.c,
 * os_win*.c and, where systems agree, os_common.c and os_addr.c; nothing else in
 * the tree includes a platform header or asks which platform this is.
 *
 * Functions that can fail return a negative errno value (on Windows: the C
 * runtime's number of the same name, never a WSAE... one).
 */
#ifndef GENSCTP_OS_H
#define GENSCTP_OS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"
#ifdef _WIN32
#include "os_types_win.h"
#else
#include "os_types_posix.h"
#endif
/* os_types_*.h define: os_mutex, os_cond, os_once with OS_MUTEX_INIT,
 * OS_COND_INIT, OS_ONCE_INIT (static initialisers), and OS_THREAD_LOCAL. */

/* ---------------------------------------------------------------- clock */

/* Monotonic, ns. */
typedef int64_t os_time;
#define OS_NEVER INT64_MAX
#define OS_MS INT64_C(1000000)
#define OS_US INT64_C(1000)

os_time os_now(void);
/* Wall clock, ns since 1970: for capture files only. */
int64_t os_wall_clock(void);

/* ---------------------------------------------------- locks and threads */

void os_mutex_lock(os_mutex *m);
bool os_mutex_trylock(os_mutex *m);
void os_mutex_unlock(os_mutex *m);

/* A condition is always waited for with the same mutex; it may be signalled
 * without it. Both waits may return early. */
void os_cond_wait(os_cond *c, os_mutex *m);
/* False when the deadline has passed. OS_NEVER waits for ever. */
bool os_cond_wait_until(os_cond *c, os_mutex *m, os_time deadline);
void os_cond_signal(os_cond *c);
void os_cond_broadcast(os_cond *c);

void os_call_once(os_once *once, void (*f)(void));

/* Runs f(arg) in a thread of its own that nobody joins; it blocks all signals,
 * is named `name` where that can be seen and, where the system has such a
 * thing, sleeps with fine timer slack. */
int os_thread_start(const char *name, void (*f)(void *), void *arg);
/* Equal only for calls of the same thread, never 0. */
uintptr_t os_thread_self(void);
void os_sleep_ns(int64_t ns);

/* Calls e->f(e) in the calling thread when it ends; *e lives until then. One a
 * thread. A thread that ends with the process may not get there. */
struct os_thread_end {
	void (*f)(struct os_thread_end *e);
};
int os_at_thread_end(struct os_thread_end *e);

/* Calling thread: no cancellation between disable and restore (no-ops where
 * threads cannot be cancelled). */
int os_cancel_disable(void);
void os_cancel_restore(int state);

/* As atexit, also out of a DLL while the process still has all its threads. */
int os_at_exit(void (*f)(void));

/* Calls f in the child of every later fork; nothing where there is no fork. */
void os_at_fork_child(void (*f)(void));

/* The next definition of `name` after ours in the dynamic linker's order, or
 * NULL. ELF only; NULL elsewhere. */
void *os_next_symbol(const char *name);

/* ARMv8: the processor has CRC32 instructions, as far as the system tells. */
bool os_cpu_has_crc32(void);

/* The sockets library of the process, where it must be started (Windows):
 * before any event, poll, address or socket. Calls nest. */
int os_net_start(void);
void os_net_stop(void);

/* --------------------------------------------------------------- events */

/* Something a thread can wait for beside sockets: set and cleared by any
 * thread, level-triggered. */
typedef struct os_event {
	gen_sctp_fd_t wait_fd; /* readable while set; for poll only */
	gen_sctp_fd_t wake_fd;
} os_event;
#define OS_NO_FD ((gen_sctp_fd_t)-1)

int os_event_open(os_event *e);
void os_event_close(os_event *e);
void os_event_set(os_event *e);
void os_event_clear(os_event *e);

/* Waits until one of the descriptors is readable or the deadline is over.
 * readable[i] tells which; OS_NO_FD never is. Returns how many, 0 at the
 * deadline; EINTR is waited through. -EBADF: one is not open; -ENOMEM. */
int os_poll(const gen_sctp_fd_t *fds, bool *readable, size_t n,
	    os_time deadline);

/* ------------------------------------------------------------ addresses */

struct os_interface_addr {
	struct gen_sctp_addr addr; /* port 0 */
	uint32_t index;            /* of the interface */
	char name[64];
	uint32_t mtu; /* bytes; 0 = unknown */
	bool loopback;
};
/* Calls f for each address of an interface that is up, until it returns other
 * than 0, which is then the result. */
int os_local_addrs(int (*f)(const struct os_interface_addr *, void *),
		   void *arg);

/* A descriptor that becomes readable when local addresses may have changed;
 * OS_NO_FD where the system has none. os_addr_watch_drain empties it; true: it
 * had something. */
gen_sctp_fd_t os_addr_watch_open(void);
bool os_addr_watch_drain(gen_sctp_fd_t fd);
void os_addr_watch_close(gen_sctp_fd_t fd);

/* The MTU of the route to an address, bytes of an IP packet; 0 = unknown. */
uint32_t os_route_mtu(const struct gen_sctp_addr *to);

/* Where packets to an address leave from, by the system's routes; port 0.
 * Negative errno: there is no route. */
int os_route_source(const struct gen_sctp_addr *to,
		    struct gen_sctp_addr *from);

/* Resolves a name to at most max addresses with that port, in the system's
 * order. `family` 0: both. Blocks as long as the resolver does.
 * Returns how many, or GEN_SCTP_ENXDOMAIN, -EAGAIN, -ENOMEM. */
int os_resolve(const char *host, enum gen_sctp_family family, uint16_t port,
	       struct gen_sctp_addr *addrs, int max);

/* The port of a service ("http"), 1..65535, or GEN_SCTP_EPORT, -EAGAIN, -ENOMEM.
 * May block as os_resolve. */
int os_service_port(const char *service);

/* ---------------------------------------------------- datagram sockets */

/* One datagram, or several of equal size that go to the same place. */
struct os_dgram {
	void *data;
	size_t size; /* in for recv: room in data */
	size_t len;  /* bytes */
	size_t segment; /* > 0: data is datagrams of this size, the last one may
			 * be shorter (UDP GSO out, GRO in) */
	struct gen_sctp_addr src; /* out: the address to send from, family 0 =
				   * the system's choice (its port is ignored) */
	struct gen_sctp_addr dst; /* in: port is not filled */
	uint8_t tos; /* TOS or traffic class; out: 0 = the system's default */
	uint8_t ttl; /* TTL or hop limit; out: 0 = the system's default.
		      * Out, both are lost where the system takes none with a
		      * datagram (struct os_udp_features) */
	bool dontroute; /* out: not through a gateway; where the system has that
			 * (for IPv6, Linux has not) */
	bool truncated; /* in: longer than size */
};

struct os_udp_features {
	bool batch; /* recvmmsg/sendmmsg */
	atomic_bool gso; /* goes off when a device turns out not to do it */
	bool tos, ttl; /* go out with a datagram */
	bool source;   /* so does the address to send from, of a socket on "any" */
	bool gro; /* then give os_udp_recv room for 65,535 bytes each */
};

/* A non-blocking UDP socket bound to `local` (family must be set, the zero
 * address is "any", port 0 is a free one), close-on-exec, IPv6 ones for IPv6
 * only, with packet info, TOS and TTL reception, kernel buffers as large as
 * allowed up to `buffer` bytes, and path MTU discovery off (the kernel
 * fragments). */
int os_udp_open(const struct gen_sctp_addr *local, int buffer,
		gen_sctp_fd_t *fd);
/* As os_udp_open for the zero address, where n sockets of this process, `ours`,
 * have the port on single addresses, or for one of these, where one of `ours`
 * has it on the zero address: those on single addresses get the packets to
 * them, the other one gets the rest. -EADDRINUSE when another process has the
 * port on some address (as far as the system tells). */
int os_udp_open_beside(const struct gen_sctp_addr *local, int buffer,
		       const gen_sctp_fd_t *ours, size_t n, gen_sctp_fd_t *fd);
void os_udp_close(gen_sctp_fd_t fd);
/* The address it is bound to, with the port it got. */
int os_udp_local(gen_sctp_fd_t fd, struct gen_sctp_addr *local);

/* The kernel's buffer of a socket: as large as allowed up to `bytes`; and what it
 * is now, as the system counts (Linux: twice). */
enum os_udp_way { OS_UDP_IN, OS_UDP_OUT };
void os_udp_set_buffer(gen_sctp_fd_t fd, enum os_udp_way way, int bytes);
int os_udp_buffer(gen_sctp_fd_t fd, enum os_udp_way way);

/* What this kernel does, probed before the first socket is opened; no batches
 * and offloads if `off` and before that. */
void os_udp_probe(bool off);
const struct os_udp_features *os_udp_features(void);
/* From now on no datagram chooses its source, as on systems that cannot. */
void os_udp_without_source(void);

/* Receives up to n (<= OS_UDP_BATCH) datagrams without waiting. Returns how
 * many; 0 when there is none. Errors that ICMP left on the socket are skipped;
 * a negative result is the socket's own (-EBADF, -ENOBUFS). */
#define OS_UDP_BATCH 64
int os_udp_recv(gen_sctp_fd_t fd, struct os_dgram *dgrams, int n);

/* Sends n datagrams in order without waiting. Returns how many the system took:
 * less than n with *error set (else 0) when one was refused (dgrams[result]; of
 * one with segments the first may have left):
 * -EAGAIN: socket buffer full; -EMSGSIZE; -EHOSTUNREACH, ... */
int os_udp_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n,
		int *error);

#endif
