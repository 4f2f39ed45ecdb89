#include "config.h"

#include "local_addrs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine_sockaddr.h"
#include "ip_addr.h"
#include "leaf.h"
#include "link.h"

/* The engine's own; both are exported but in no public header. */
struct sctp_ifa *sctp_add_addr_to_vrf(uint32_t vrf, void *ifn,
				      uint32_t ifn_index, uint32_t ifn_type,
				      const char *if_name, void *ifa,
				      struct sockaddr *addr,
				      uint32_t ifa_flags, int dynamic_add);
void sctp_del_addr_from_vrf(uint32_t vrf, struct sockaddr *addr,
			    uint32_t ifn_index, const char *if_name);

#define VRF 0
/* The engine takes addresses of interfaces whose names begin so for loopback
 * ones, which no other host is reached from. */
#define LOOPBACK_NAME "lo"
/* An interface of its own for those that are not (RFC 1122 3.2.1.3), as service
 * addresses on lo often are: this is added to its index. */
#define APART 0x40000000
#define APART_NAME "apart"
/* The host is asked at most that often. */
#define LOOK_INTERVAL OS_MS

struct known {
	struct os_interface_addr at;
	bool on_host;       /* an interface has it */
	unsigned int holds; /* sockets bound to it */
	bool seen;          /* in the scan under way */
};

static struct known *known;
static size_t known_count, known_room;
static gen_sctp_fd_t watch = OS_NO_FD;
static os_time last_look;
static bool stale = true; /* the host may have others now */

static gen_sctp_fd_t *polled;
static size_t polled_room;

static struct known *
find(const struct gen_sctp_addr *addr)
{
	size_t i;

	for (i = 0; i < known_count; i++)
		if (ip_addr_equal(&known[i].at.addr, addr))
			return &known[i];
	return NULL;
}

static bool
is_loopback(const struct gen_sctp_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (addr->family == GEN_SCTP_INET)
		return addr->ip[0] == 127;
	return memcmp(addr->ip, one, sizeof(one)) == 0;
}

static void
tell_engine(const struct os_interface_addr *at, bool add)
{
	bool on_lo = at->loopback || strncmp(at->name, LOOPBACK_NAME, 2) == 0;
	const char *name = at->name;
	uint32_t index = at->index;
	union engine_sockaddr sa;

	engine_sockaddr_set(&sa, &at->addr, 0);
	if (on_lo && is_loopback(&at->addr)) {
		name = LOOPBACK_NAME;
	} else if (on_lo) {
		/* The engine may have found it at its start. */
		if (add)
			sctp_del_addr_from_vrf(VRF, &sa.sa, index, name);
		name = APART_NAME;
		index += APART;
	}
	if (add)
		sctp_add_addr_to_vrf(VRF, NULL, index, 0, name, NULL, &sa.sa,
				     0, 0);
	else
		sctp_del_addr_from_vrf(VRF, &sa.sa, index, name);
}

static struct known *
add(const struct os_interface_addr *at)
{
	struct known *grown;
	size_t room = known_room == 0 ? 16 : 2 * known_room;

	if (known_count == known_room) {
		grown = realloc(known, room * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		known = grown;
		known_room = room;
	}
	memset(&known[known_count], 0, sizeof(*known));
	known[known_count].at = *at;
	tell_engine(at, true);
	return &known[known_count++];
}

static void
drop_unused(void)
{
	size_t i = 0;

	while (i < known_count) {
		if (known[i].on_host || known[i].holds > 0) {
			i++;
			continue;
		}
		tell_engine(&known[i].at, false);
		known[i] = known[--known_count];
	}
}

static int
scan_one(const struct os_interface_addr *at, void *arg)
{
	struct known *k = find(&at->addr);

	(void)arg;
	if (k == NULL)
		k = add(at);
	if (k != NULL) {
		k->seen = true;
		k->at.mtu = at->mtu;
	}
	return 0;
}

/* The guard wants to know what the host has now. */
static void
tell_guard(void)
{
	struct policy_local *locals = calloc(known_count + 1, sizeof(*locals));
	size_t i, n = 0;

	if (locals == NULL)
		return;
	for (i = 0; i < known_count; i++)
		if (known[i].on_host)
			locals[n++] = (struct policy_local){
				.addr = known[i].at.addr,
				.index = known[i].at.index,
				.bridge = policy_is_bridge(known[i].at.name),
			};
	leaf_lock();
	guard_set_host(link_guard(), locals, n);
	leaf_unlock();
	free(locals);
}

static void
scan(void)
{
	size_t i;

	if (watch == OS_NO_FD)
		watch = os_addr_watch_open();
	for (i = 0; i < known_count; i++)
		known[i].seen = false;
	if (os_local_addrs(scan_one, NULL) < 0)
		return;
	stale = false;
	for (i = 0; i < known_count; i++)
		known[i].on_host = known[i].seen;
	drop_unused();
	tell_guard();
}

void
local_addrs_refresh(void)
{
	if (watch == OS_NO_FD || os_addr_watch_drain(watch))
		stale = true;
	if (stale)
		scan();
}

void
local_addrs_follow(void)
{
	os_time now = os_now();

	if (watch == OS_NO_FD || now - last_look < LOOK_INTERVAL)
		return;
	last_look = now;
	local_addrs_refresh();
}

void
local_addrs_stop_watch(void)
{
	if (watch != OS_NO_FD)
		os_addr_watch_close(watch);
	watch = OS_NO_FD;
}

static int
find_loopback(const struct os_interface_addr *at, void *arg)
{
	struct os_interface_addr *out = arg;

	if (!at->loopback)
		return 0;
	*out = *at;
	return 1;
}

int
local_addrs_hold(const struct gen_sctp_addr *addr)
{
	struct os_interface_addr at;
	struct known *k = find(addr);

	if (k == NULL) {
		/* The host lets us bind it, but lists it nowhere: 127/8. To
		 * another process with addresses of that kind the engine
		 * tells it only if it is no loopback interface's. */
		if (os_local_addrs(find_loopback, &at) != 1)
			return -EADDRNOTAVAIL;
		at.addr = *addr;
		at.addr.port = 0;
		at.index += APART;
		at.loopback = false;
		memcpy(at.name, APART_NAME, sizeof(APART_NAME));
		k = add(&at);
	}
	if (k == NULL)
		return -ENOMEM;
	k->holds++;
	return 0;
}

void
local_addrs_release(const struct gen_sctp_addr *addr)
{
	struct known *k = find(addr);

	if (k == NULL)
		return;
	k->holds--;
	drop_unused();
}

uint32_t
local_addrs_mtu(const struct gen_sctp_addr *addr)
{
	const struct known *k = find(addr);

	if (k == NULL && addr->family == GEN_SCTP_INET && addr->ip[0] == 127)
		return 65536;
	return k != NULL ? k->at.mtu : 0;
}

size_t
local_addrs_fds(const gen_sctp_fd_t **fds)
{
	const gen_sctp_fd_t *sockets;
	size_t n = link_fds(&sockets);
	gen_sctp_fd_t *grown;

	*fds = sockets;
	if (watch == OS_NO_FD)
		return n;
	if (n + 1 > polled_room) {
		grown = realloc(polled, (n + 1) * sizeof(*grown));
		if (grown == NULL)
			return n;
		polled = grown;
		polled_room = n + 1;
	}
	if (n > 0)
		memcpy(polled, sockets, n * sizeof(*sockets));
	polled[n] = watch;
	*fds = polled;
	return n + 1;
}
