/*
 * What the host sees of the library: addresses that come and go, an idle
 * process, the size of what is sent.
 */
#ifndef __linux__
#include <stdio.h>

int
main(void)
{
	puts("1..0 # SKIP it looks at Linux");
	return 0;
}

#else
#include "api_rig.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "network.h"
#include "runner.h"

static void
pause_for(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
			      .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* ------------------------------------------------- addresses come and go */

static int
try_open_on(const char *text)
{
	struct gen_sctp_opt opt = gen_sctp_opt_ip(rig_addr(text, 0));
	gen_sctp_socket_t s;
	int result = gen_sctp_open(0, &opt, 1, &s, NULL);

	if (result == 0)
		rig_close(s);
	return result;
}

static void
connect_over(const char *text)
{
	const char *addrs[] = { text, NULL };
	struct rig_pair p;

	p.server = rig_open_on(addrs);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open(0, NULL, 0);
	rig_connect(&p, text);
	rig_send(p.client, p.client_assoc, 0, "hello", 5);
	rig_expect_text(p.server, "hello");
	rig_pair_close(&p);
	/* While one is bound to it the engine has it. */
	ck_assert_int_eq(gen_sctp_drain(RIG_PATIENCE), 0);
}

static bool
has_name(gen_sctp_socket_t s, const char *text)
{
	struct gen_sctp_addr wanted = rig_addr(text, gen_sctp_port(s));
	struct gen_sctp_addr names[64];
	int i, n = gen_sctp_socknames(s, 0, names, 64);

	ck_assert_int_ge(n, 0);
	for (i = 0; i < n && i < 64; i++)
		if (memcmp(names[i].ip, wanted.ip, sizeof(wanted.ip)) == 0)
			return true;
	return false;
}

struct naming {
	gen_sctp_socket_t s;
	const char *text;
	bool wanted;
};

static bool
is_named(void *arg)
{
	const struct naming *n = arg;

	return has_name(n->s, n->text) == n->wanted;
}

static void
await_name(gen_sctp_socket_t s, const char *text, bool wanted)
{
	struct naming n = { s, text, wanted };

	ck_assert_msg(rig_until(is_named, &n), "%s is %s", text,
		      wanted ? "not there" : "still there");
}

START_TEST(addresses_follow_the_host_s)
{
	gen_sctp_socket_t any;
	int round;

	if (!network_enter_empty())
		return;
	for (round = 0; round < 3; round++) {
		any = rig_listener();
		ck_assert_int_eq(try_open_on("10.77.0.1"), -EADDRNOTAVAIL);
		ck_assert_str_ne(gen_sctp_open_hint(), "");
		await_name(any, "10.77.0.1", false);
		network_run("ip address add 10.77.0.1/32 dev lo");
		await_name(any, "10.77.0.1", true);
		connect_over("10.77.0.1");
		network_run("ip address del 10.77.0.1/32 dev lo");
		await_name(any, "10.77.0.1", false);
		ck_assert_int_eq(try_open_on("10.77.0.1"), -EADDRNOTAVAIL);
		connect_over("127.0.0.1");
		rig_close(any);
	}
}
END_TEST

/* Nobody watches while no socket is open. */
START_TEST(addresses_that_changed_between_two_sockets_are_known)
{
	int round;

	if (!network_enter_empty())
		return;
	rig_close(rig_open(0, NULL, 0));
	for (round = 0; round < 100; round++) {
		ck_assert_int_eq(try_open_on("10.77.0.2"), -EADDRNOTAVAIL);
		if (round % 20 != 0)
			continue;
		network_run("ip address add 10.77.0.2/32 dev lo");
		connect_over("10.77.0.2");
		network_run("ip address del 10.77.0.2/32 dev lo");
	}
}
END_TEST

struct peers {
	gen_sctp_socket_t s;
	gen_sctp_assoc_id_t assoc;
	const struct gen_sctp_addr *only;
};

static bool
is_only_peer(void *arg)
{
	const struct peers *peers = arg;
	struct gen_sctp_addr names[4];

	return gen_sctp_peernames(peers->s, peers->assoc, names, 4) == 1 &&
	       memcmp(names[0].ip, peers->only->ip, sizeof(names[0].ip)) == 0;
}

static void
await_peers(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
	    const struct gen_sctp_addr *only)
{
	struct peers peers = { s, assoc, only };

	ck_assert_msg(rig_until(is_only_peer, &peers),
		      "the peer has other addresses");
}

/* A server that moves: the peer follows, and the host may take the old address
 * away. */
START_TEST(an_association_moves_from_address_to_address)
{
	struct gen_sctp_addr from, to;
	static const char *const first[] = { "10.77.0.1", NULL };
	static const char *const other[] = { "10.77.0.100", NULL };
	struct rig_pair p;
	char add[80], del[80];
	int i;

	if (!network_enter_empty() || !rig_has_multihoming())
		return;
	network_run("ip address add 10.77.0.1/32 dev lo");
	network_run("ip address add 10.77.0.100/32 dev lo");
	p.server = rig_open_on(first);
	ck_assert_int_eq(gen_sctp_listen(p.server, 5), 0);
	p.client = rig_open_on(other);
	rig_connect(&p, "10.77.0.1");
	for (i = 1; i < 5; i++) {
		snprintf(add, sizeof(add),
			 "ip address add 10.77.0.%d/32 dev lo", i + 1);
		snprintf(del, sizeof(del),
			 "ip address del 10.77.0.%d/32 dev lo", i);
		from = rig_addr("10.77.0.0", 0);
		from.ip[3] = (uint8_t)i;
		to = from;
		to.ip[3]++;
		ck_assert_int_eq(gen_sctp_bindx(p.server, &to, 1,
						GEN_SCTP_BINDX_ADD_ADDR),
				 -EADDRNOTAVAIL);
		network_run(add);
		ck_assert_int_eq(gen_sctp_bindx(p.server, &to, 1,
						GEN_SCTP_BINDX_ADD_ADDR),
				 0);
		ck_assert_int_eq(gen_sctp_bindx(p.server, &from, 1,
						GEN_SCTP_BINDX_REM_ADDR),
				 0);
		await_peers(p.client, p.client_assoc, &to);
		network_run(del);
		rig_send(p.client, p.client_assoc, 0, "hello", 5);
		rig_expect_text(p.server, "hello");
		rig_send(p.server, p.server_assoc, 0, "hello", 5);
		rig_expect_text(p.client, "hello");
	}
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------------------------- idleness */

/* Of every thread of the process but this one. */
static long
switches_of_others(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	char path[300], line[100];
	long n, total = 0;
	FILE *file;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || atoi(entry->d_name) == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%s/status",
			 entry->d_name);
		file = fopen(path, "r");
		while (file != NULL && fgets(line, sizeof(line), file) != NULL)
			if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) ==
			    1)
				total += n;
		if (file != NULL)
			fclose(file);
	}
	closedir(dir);
	return total;
}

static void
expect_no_wake_up(void)
{
	long before;
	int attempt;

	/* Delayed SACKs, first heartbeats and path confirmations end. */
	for (attempt = 0; attempt < 10; attempt++) {
		before = switches_of_others();
		pause_for(1000);
		if (switches_of_others() == before)
			return;
	}
	ck_abort_msg("the process wakes up: %ld times a second",
		     switches_of_others() - before);
}

/* The thread sanitizer has a thread that wakes up by itself. */
static bool
can_count(void)
{
	const char *sanitizers = getenv("sanitizers");

	return switches_of_others() >= 0 &&
	       (sanitizers == NULL || strstr(sanitizers, "thread") == NULL);
}

static bool
can_be_idle(void)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	ck_assert_int_eq(gen_sctp_info(&info), 0);
	if (strcmp(info.ip_layer, "replaced") != 0) {
		printf("# SKIP: the %s layer ticks\n", info.ip_layer);
		return false;
	}
	if (!can_count()) {
		printf("# SKIP: wake-ups cannot be counted here\n");
		return false;
	}
	return true;
}

static void
without_heartbeats(gen_sctp_socket_t s)
{
	struct gen_sctp_paddrparams off = {
		.set = GEN_SCTP_PADDRPARAMS_FLAGS,
		.flags = GEN_SCTP_HB_DISABLE,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(off));
}

START_TEST(open_sockets_do_not_wake_the_process)
{
	gen_sctp_socket_t s, server;

	if (!can_be_idle())
		return;
	server = rig_listener();
	s = rig_open(0, NULL, 0);
	expect_no_wake_up();
	rig_close(s);
	rig_close(server);
}
END_TEST

START_TEST(an_idle_association_does_not_wake_the_process)
{
	struct rig_pair p;

	if (!can_be_idle())
		return;
	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	without_heartbeats(p.server);
	without_heartbeats(p.client);
	rig_connect(&p, "127.0.0.1");
	rig_send(p.client, p.client_assoc, 0, "hello", 5);
	rig_expect_text(p.server, "hello");
	expect_no_wake_up();
	/* It was asleep, not dead. */
	rig_send(p.server, p.server_assoc, 0, "hello", 5);
	rig_expect_text(p.client, "hello");
	rig_pair_close(&p);
}
END_TEST

/* ------------------------------------------- datagrams that the host sees */

/* Who captures on the loopback sees a batch that the kernel has not yet cut. */
static int
sniff(void)
{
	struct sockaddr_ll lo = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = (int)if_nametoindex("lo") };
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	const int room = 64 << 20;

	/* All of the host's loopback comes here. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&lo, sizeof(lo)), 0);
	return fd;
}

#define IP_HEADER 20
#define PATH_MTU  1500

/* The longest IP packet to the UDP port; 0: none. */
static size_t
longest(int fd, int udp_port)
{
	static uint8_t packet[70000];
	size_t max = 0;
	ssize_t n;

	while ((n = recv(fd, packet, sizeof(packet), 0)) > 0)
		if (packet[9] == IPPROTO_UDP && packet[0] == 0x45 &&
		    packet[IP_HEADER + 2] << 8 == (udp_port & 0xff00) &&
		    packet[IP_HEADER + 3] == (udp_port & 0xff) &&
		    (size_t)n > max)
			max = (size_t)n;
	return max;
}

static void
use_path_mtu(gen_sctp_socket_t s)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_FLAGS |
		       GEN_SCTP_PADDRPARAMS_PATHMTU,
		.flags = GEN_SCTP_PMTUD_DISABLE,
		.pathmtu = PATH_MTU,
	};

	rig_set(s, gen_sctp_opt_peer_addr_params(params));
}

/* A message's longest packet. What others send meanwhile can push ours out of
 * the capture, which is then tried again. */
static size_t
longest_of_message(const struct rig_pair *p, int fd)
{
	static uint8_t data[100000];
	size_t max = 0;
	int i;

	for (i = 0; i < 100 && max <= PATH_MTU / 2; i++) {
		longest(fd, 0);
		rig_send(p->client, p->client_assoc, 0, data, sizeof(data));
		rig_expect_data(p->server, data, sizeof(data));
		max = longest(fd, rig_udp_port(p->server));
	}
	return max;
}

START_TEST(an_idle_mailbox_does_not_wake_the_process)
{
	const struct gen_sctp_event_subscribe quiet = {
		.set = GEN_SCTP_ADDRESS_EVENT,
	};
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	struct rig_pair p;

	if (!can_be_idle())
		return;
	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	rig_set(p.server, gen_sctp_opt_events(quiet));
	without_heartbeats(p.server);
	without_heartbeats(p.client);
	rig_connect(&p, "127.0.0.1");
	rig_set(p.server, gen_sctp_opt_active(GEN_SCTP_ACTIVE_ONCE));
	rig_send(p.client, p.client_assoc, 0, "one", 3);
	rig_send(p.client, p.client_assoc, 0, "two", 3);
	/* Taken or not, and with one that is not delivered. */
	expect_no_wake_up();
	ck_assert_int_eq(gen_sctp_mailbox_recv(gen_sctp_self(), 0, &msg, 0), 3);
	gen_sctp_msg_free(&msg);
	expect_no_wake_up();
	rig_pair_close(&p);
}
END_TEST

START_TEST(without_offloads_the_host_sees_each_packet)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;
	struct rig_pair p;
	size_t max;
	int fd;

	/* Where nobody else's packets fill the buffer. */
	if (!network_enter_empty())
		return;
	fd = sniff();
	setenv("GENSCTP_OFFLOADS", _i == 0 ? "off" : "on", 1);
	ck_assert_int_eq(gen_sctp_info(&info), 0);
	ck_assert(_i == 1 || (!info.gso && !info.gro));
	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	use_path_mtu(p.client);
	rig_connect(&p, "127.0.0.1");
	max = longest_of_message(&p, fd);
	ck_assert_uint_gt(max, PATH_MTU / 2);
	if (info.gso)
		ck_assert_uint_gt(max, PATH_MTU);
	else
		ck_assert_uint_le(max, PATH_MTU);
	rig_pair_close(&p);
	close(fd);
}
END_TEST

/* --------------------------------------------------------------- gateways */

struct counted {
	const char *name;
	uint64_t before;
};

static bool
has_risen(void *arg)
{
	const struct counted *c = arg;

	return rig_counter(c->name) > c->before;
}

/* An INIT of the socket to a host behind a gateway. */
static void
expect_fate(gen_sctp_socket_t s, const char *counter)
{
	struct counted c = { counter, rig_counter(counter) };

	ck_assert_int_eq(gen_sctp_connect_init(s, "192.0.2.1", 5000, NULL, 0,
					       -1),
			 0);
	ck_assert(rig_until(has_risen, &c));
}

START_TEST(dontroute_sends_nothing_through_a_gateway)
{
	gen_sctp_socket_t s;

	if (!network_enter_empty())
		return;
	network_run("ip address add 198.51.100.1/32 dev lo");
	network_run("ip route add 198.51.100.2 dev lo scope link");
	network_run("ip route add 192.0.2.0/24 via 198.51.100.2 dev lo");
	s = rig_open(0, NULL, 0);
	rig_set(s, gen_sctp_opt_dontroute(true));
	expect_fate(s, "output_refused");
	rig_close(s);
	s = rig_open(0, NULL, 0);
	expect_fate(s, "packets_out");
	rig_close(s);
}
END_TEST

static Suite *
host_suite(void)
{
	Suite *suite = suite_create("host");
	TCase *tc = tcase_create("host");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, addresses_follow_the_host_s);
	tcase_add_test(tc,
		       addresses_that_changed_between_two_sockets_are_known);
	tcase_add_test(tc, an_association_moves_from_address_to_address);
	tcase_add_test(tc, open_sockets_do_not_wake_the_process);
	tcase_add_test(tc, an_idle_association_does_not_wake_the_process);
	tcase_add_test(tc, an_idle_mailbox_does_not_wake_the_process);
	tcase_add_loop_test(tc, without_offloads_the_host_sees_each_packet, 0,
			    2);
	tcase_add_test(tc, dontroute_sends_nothing_through_a_gateway);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { host_suite, NULL };

	return run_suites(suites, argc, argv);
}
#endif
