/*
 * One association inside the process, with a message; says on standard output
 * what it runs on. How the library comes into it is a matter of how this is
 * built:
 *
 *   roundtrip                      linked
 *   -DLOADED: roundtrip LIBRARY [ENGINE]
 *                                  loaded for itself, after ENGINE for all
 *   -DOTHER_USER                   usrsctp runs already
 *
 * The exit status is 0, or 3 when there is no socket.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gensctp.h"
#ifdef LOADED
#include <dlfcn.h>
#endif
#ifdef OTHER_USER
#include <usrsctp.h>
#endif

#define CALLS(X) \
	X(gen_sctp_close) \
	X(gen_sctp_connect) \
	X(gen_sctp_drain) \
	X(gen_sctp_getopts) \
	X(gen_sctp_info) \
	X(gen_sctp_listen) \
	X(gen_sctp_msg_free) \
	X(gen_sctp_open) \
	X(gen_sctp_open_hint) \
	X(gen_sctp_port) \
	X(gen_sctp_recv) \
	X(gen_sctp_send) \
	X(gen_sctp_strerror)

#define PATIENCE 20000

#define X(f) static __typeof__(f) *f##_;
CALLS(X)
#undef X

static void
check(int result, const char *what)
{
	if (result >= 0)
		return;
	printf("%s: %s\n", what, gen_sctp_strerror_(result));
	exit(1);
}

#ifdef LOADED
static void *
load(const char *path, int flags)
{
	void *library = dlopen(path, RTLD_NOW | flags);

	if (library != NULL)
		return library;
	printf("%s\n", dlerror());
	exit(1);
}

static void
find_calls(int argc, char **argv)
{
	void *library;

	if (argc < 2)
		exit(2);
	if (argc > 2)
		load(argv[2], RTLD_GLOBAL);
	library = load(argv[1], RTLD_LOCAL);
#define X(f) f##_ = (__typeof__(f) *)(uintptr_t)dlsym(library, #f);
	CALLS(X)
#undef X
}
#else
static void
find_calls(int argc, char **argv)
{
	(void)argc;
	(void)argv;
#define X(f) f##_ = f;
	CALLS(X)
#undef X
}
#endif

static gen_sctp_socket_t
open_socket(void)
{
	struct gen_sctp_udp_encaps any = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_udp_encaps(any);
	gen_sctp_socket_t s;
	int result = gen_sctp_open_(0, &opt, 1, &s, NULL);

	if (result == 0)
		return s;
	printf("open: %s\nhint: %s\n", gen_sctp_strerror_(result),
	       gen_sctp_open_hint_());
	exit(3);
}

static uint16_t
udp_port(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	check(gen_sctp_getopts_(s, &opt, 1, NULL), "getopts");
	return opt.value.udp_encaps.local_port;
}

static void
print_info(void)
{
	struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

	check(gen_sctp_info_(&info), "info");
	printf("layer: %s\nmethod: %s\nreason: %s\noffloads:%s%s%s\n",
	       info.ip_layer, info.method, info.reason,
	       info.sendmmsg ? " sendmmsg" : "", info.gso ? " gso" : "",
	       info.gro ? " gro" : "");
}

/* The next message with data. */
static void
expect(gen_sctp_socket_t s, const char *text)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char data[100];

	do {
		gen_sctp_msg_free_(&msg);
		check(gen_sctp_recv_(s, data, sizeof(data), &msg, PATIENCE),
		      "recv");
	} while (msg.kind != GEN_SCTP_MSG_DATA);
	if (msg.len != strlen(text) || memcmp(data, text, msg.len) != 0) {
		printf("recv: other data\n");
		exit(1);
	}
	gen_sctp_msg_free_(&msg);
}

static void
exchange(void)
{
	struct gen_sctp_udp_encaps at = {
		.set = GEN_SCTP_UDP_ENCAPS_REMOTE_PORT,
	};
	struct gen_sctp_assoc_change ac;
	gen_sctp_socket_t server = open_socket(), client = open_socket();
	struct gen_sctp_opt opt;

	check(gen_sctp_listen_(server, 5), "listen");
	at.remote_port = udp_port(server);
	opt = gen_sctp_opt_udp_encaps(at);
	check(gen_sctp_connect_(client, "127.0.0.1", gen_sctp_port_(server),
				&opt, 1, PATIENCE, &ac),
	      "connect");
	check(gen_sctp_send_(client, ac.assoc_id, 0, "hello", 5), "send");
	expect(server, "hello");
	check(gen_sctp_close_(client), "close");
	check(gen_sctp_close_(server), "close");
	check(gen_sctp_drain_(PATIENCE), "drain");
}

int
main(int argc, char **argv)
{
#ifdef OTHER_USER
	usrsctp_init(0, NULL, NULL);
#endif
	find_calls(argc, argv);
	exchange();
	print_info();
	return 0;
}
