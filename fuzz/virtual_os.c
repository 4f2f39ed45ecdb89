#include "virtual_os.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

/* 2020-09-13; what the engine's cookies are dated with. */
#define EPOCH 1600000000
#define UDP_PORT 9899
#define FIRST_FD 1000

/* Like the clock of a host that has run for a while. */
os_time virtual_now = 3600 * 1000 * OS_MS;
void (*virtual_leaves)(const uint8_t *data, size_t len,
		       const struct gen_sctp_addr *dst);

static uint64_t random_state;
static struct {
	const void *data;
	size_t len;
	struct gen_sctp_addr src, dst;
} waiting;

static const struct os_interface_addr interfaces[] = {
	{ .addr = { .family = GEN_SCTP_INET, .ip = { 10, 0, 0, 1 } },
	  .index = 2,
	  .name = "eth0",
	  .mtu = 1500 },
	{ .addr = { .family = GEN_SCTP_INET, .ip = { 127, 0, 0, 1 } },
	  .index = 1,
	  .name = "lo",
	  .mtu = 65536,
	  .loopback = true },
};

/* The linker's names for what is called instead. */
os_time __wrap_os_now(void);
int __wrap_gettimeofday(struct timeval *t, void *zone);
void __wrap_read_random(void *buf, size_t size);
int __wrap_sctp_handle_auth(void *stcb, void *auth, void *m, uint32_t offset);
int __wrap_getifaddrs(struct ifaddrs **list);
void __wrap_freeifaddrs(struct ifaddrs *list);
int __wrap_os_thread_start(const char *name, void (*f)(void *), void *arg);
int __wrap_sctp_userspace_thread_create(void *thread, void *f);
int __wrap_os_poll(const gen_sctp_fd_t *fds, bool *readable, size_t n,
		   os_time deadline);
int __wrap_os_local_addrs(int (*f)(const struct os_interface_addr *, void *),
			  void *arg);
gen_sctp_fd_t __wrap_os_addr_watch_open(void);
uint32_t __wrap_os_route_mtu(const struct gen_sctp_addr *to);
int __wrap_os_udp_open(const struct gen_sctp_addr *local, int buffer,
		       gen_sctp_fd_t *fd);
int __wrap_os_udp_local(gen_sctp_fd_t fd, struct gen_sctp_addr *local);
void __wrap_os_udp_close(gen_sctp_fd_t fd);
int __wrap_os_udp_recv(gen_sctp_fd_t fd, struct os_dgram *dgrams, int n);
int __wrap_os_udp_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n,
		       int *error);

void
virtual_reset(void)
{
	random_state = 0;
}

void
virtual_arrives(const void *data, size_t len, const struct gen_sctp_addr *src,
		const struct gen_sctp_addr *dst)
{
	waiting.data = data;
	waiting.len = len;
	waiting.src = *src;
	waiting.dst = *dst;
}

/* ------------------------------------------------------- time and chance */

os_time
__wrap_os_now(void)
{
	return virtual_now;
}

int
__wrap_gettimeofday(struct timeval *t, void *zone)
{
	(void)zone;
	t->tv_sec = EPOCH + virtual_now / (1000 * OS_MS);
	t->tv_usec = virtual_now / OS_US % 1000000;
	return 0;
}

void
__wrap_read_random(void *buf, size_t size)
{
	uint8_t *bytes = buf;

	while (size-- > 0) {
		random_state = random_state * UINT64_C(6364136223846793005) +
			       UINT64_C(1442695040888963407);
		*bytes++ = (uint8_t)(random_state >> 56);
	}
}

/* Who fuzzes has every key. */
int
__wrap_sctp_handle_auth(void *stcb, void *auth, void *m, uint32_t offset)
{
	(void)stcb;
	(void)auth;
	(void)m;
	(void)offset;
	return 0;
}

int
__wrap_os_thread_start(const char *name, void (*f)(void *), void *arg)
{
	(void)name;
	(void)f;
	(void)arg;
	return 0;
}

/* The engine goes on without its own. */
int
__wrap_sctp_userspace_thread_create(void *thread, void *f)
{
	(void)thread;
	(void)f;
	return EAGAIN;
}

/* ------------------------------------------------------------- addresses */

/* What the engine's start-up check connects to; it is told of the others. */
int
__wrap_getifaddrs(struct ifaddrs **list)
{
	static char name[] = "lo";
	static struct sockaddr_in loopback = { .sin_family = AF_INET };
	static struct ifaddrs lo = { .ifa_name = name,
				     .ifa_addr = (struct sockaddr *)&loopback };

	loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*list = &lo;
	return 0;
}

void
__wrap_freeifaddrs(struct ifaddrs *list)
{
	(void)list;
}

int
__wrap_os_local_addrs(int (*f)(const struct os_interface_addr *, void *),
		      void *arg)
{
	int result = 0;

	for (size_t i = 0; i < sizeof(interfaces) / sizeof(*interfaces); i++) {
		result = f(&interfaces[i], arg);
		if (result != 0)
			break;
	}
	return result;
}

gen_sctp_fd_t
__wrap_os_addr_watch_open(void)
{
	return OS_NO_FD;
}

uint32_t
__wrap_os_route_mtu(const struct gen_sctp_addr *to)
{
	(void)to;
	return 1500;
}

/* --------------------------------------------------------------- sockets */

int
__wrap_os_udp_open(const struct gen_sctp_addr *local, int buffer,
		   gen_sctp_fd_t *fd)
{
	static gen_sctp_fd_t next = FIRST_FD;

	(void)local;
	(void)buffer;
	*fd = next++;
	return 0;
}

int
__wrap_os_udp_local(gen_sctp_fd_t fd, struct gen_sctp_addr *local)
{
	(void)fd;
	*local = interfaces[0].addr;
	local->port = UDP_PORT;
	return 0;
}

void
__wrap_os_udp_close(gen_sctp_fd_t fd)
{
	(void)fd;
}

int
__wrap_os_poll(const gen_sctp_fd_t *fds, bool *readable, size_t n,
	       os_time deadline)
{
	(void)deadline;
	for (size_t i = 0; i < n; i++)
		readable[i] = waiting.data != NULL && fds[i] >= FIRST_FD;
	return waiting.data != NULL;
}

int
__wrap_os_udp_recv(gen_sctp_fd_t fd, struct os_dgram *dgrams, int n)
{
	(void)fd;
	if (waiting.data == NULL || n < 1 || waiting.len > dgrams[0].size)
		return 0;
	memcpy(dgrams[0].data, waiting.data, waiting.len);
	dgrams[0].len = waiting.len;
	dgrams[0].segment = 0;
	dgrams[0].src = waiting.src;
	dgrams[0].dst = waiting.dst;
	dgrams[0].tos = 0;
	dgrams[0].ttl = 64;
	dgrams[0].truncated = false;
	waiting.data = NULL;
	return 1;
}

int
__wrap_os_udp_send(gen_sctp_fd_t fd, const struct os_dgram *dgrams, int n,
		   int *error)
{
	(void)fd;
	*error = 0;
	for (int i = 0; i < n; i++)
		virtual_leaves(dgrams[i].data, dgrams[i].len, &dgrams[i].dst);
	return n;
}
