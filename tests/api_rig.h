/*
 * What tests of the public API share: sockets on free UDP ports of loopback,
 * associations between them, and waiting for what has to come.
 */
#ifndef API_RIG_H
#define API_RIG_H

#include <check.h>
#include <pthread.h>

#include "gensctp.h"

/* ms; for what must happen: long enough for a loaded machine. */
#define RIG_PATIENCE 20000
/* ms; for what must not happen. */
#define RIG_QUIET 100

/* Opens with these options and a free UDP port; fails the test if it cannot.
 * SCTP port 0 is a free one. */
gen_sctp_socket_t rig_open(int port, const struct gen_sctp_opt *opts, size_t n);
/* On these addresses ("127.0.0.2"), ended by NULL. */
gen_sctp_socket_t rig_open_on(const char *const *addrs);
gen_sctp_socket_t rig_listener(void);

int rig_udp_port(gen_sctp_socket_t s);
struct gen_sctp_addr rig_addr(const char *text, int port);

/* Makes connects of the socket go to the UDP port of `to`. */
void rig_aim(gen_sctp_socket_t s, gen_sctp_socket_t to);
void rig_aim_at(gen_sctp_socket_t s, int udp_port);

/* Sets one option; fails the test if it cannot. */
void rig_set(gen_sctp_socket_t s, struct gen_sctp_opt opt);
/* Attempts that find nobody fail after a few times `ms`. */
void rig_impatient(gen_sctp_socket_t s, uint32_t ms);
/* Retransmission after `ms`, always. */
void rig_impatient_assoc(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
			 uint32_t ms);
struct gen_sctp_status rig_status(gen_sctp_socket_t s,
				  gen_sctp_assoc_id_t assoc);

/* A client with an association to the server at `host`; its comm_up is taken on
 * both sides. */
struct rig_pair {
	gen_sctp_socket_t server, client;
	gen_sctp_assoc_id_t server_assoc, client_assoc;
};
void rig_connect(struct rig_pair *p, const char *host);
/* Opens both and connects over 127.0.0.1. */
void rig_pair_open(struct rig_pair *p);
void rig_pair_close(struct rig_pair *p);
/* As rig_pair_open, with a relay between them, which passes everything. */
struct relay;
struct relay *rig_pair_open_relayed(struct rig_pair *p);
/* The same in two steps: with one address each, so that there is one path. */
void rig_pair_open_one_path(struct rig_pair *p);
struct relay *rig_connect_relayed(struct rig_pair *p);
/* Waits until what the sockets sent before they were closed has passed. */
void rig_relay_close(struct relay *r);
void rig_pair_close_relayed(struct rig_pair *p, struct relay *r);

void rig_send(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc, int stream,
	      const void *data, size_t len);
/* Bytes that tell their place, and messages from each other. */
void rig_fill(void *data, size_t len, unsigned int seed);
bool rig_filled(const void *data, size_t len, unsigned int seed);

/* The next message that is not a paddr_change; fails the test if none comes.
 * The caller frees it. */
int rig_recv(gen_sctp_socket_t s, void *buf, size_t size,
	     struct gen_sctp_msg *msg);
/* The next must be this event, this state of an association, this data. */
void rig_expect_event(gen_sctp_socket_t s, enum gen_sctp_event_type type,
		      struct gen_sctp_event *event);
gen_sctp_assoc_id_t rig_expect_change(gen_sctp_socket_t s,
				      enum gen_sctp_assoc_change_state state);
/* Of a stream socket. */
void rig_expect_eof(gen_sctp_socket_t s);
void rig_expect_data(gen_sctp_socket_t s, const void *data, size_t len);
void rig_expect_text(gen_sctp_socket_t s, const char *text);
void rig_expect_nothing(gen_sctp_socket_t s);
/* The next error event, which the caller frees. */
void rig_expect_error(gen_sctp_socket_t s, enum gen_sctp_event_type type,
		      struct gen_sctp_msg *msg);

/* A send_failed with all of the message, which is freed. */
void rig_expect_failed_whole(gen_sctp_socket_t s, const void *data, size_t len,
			     struct gen_sctp_sndrcvinfo *info);

void rig_close(gen_sctp_socket_t s);

/* ms, of a clock that only goes forward. */
int64_t rig_now(void);
/* Waits until it holds; false: it does not come. */
bool rig_until(bool (*holds)(void *arg), void *arg);
/* These wait for something and fail the test if it does not come. The
 * conditions (GEN_SCTP_POLL_...) hold; another thread is in the socket's recv. */
void rig_await_ready(gen_sctp_socket_t s, int conditions);
void rig_await_receiver(gen_sctp_socket_t s);
/* All that was sent is acknowledged, so it is in the peer's queue. */
void rig_await_acknowledged(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);
/* The association has ended, though its last events may still wait. */
void rig_await_end(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc);

/* Threads that call the library. A failing check in one ends the test. */
struct rig_thread {
	pthread_t id;
	void (*run)(void *arg);
	void *arg;
};
void rig_start(struct rig_thread *t, void (*run)(void *arg), void *arg);
void rig_join(struct rig_thread *t);

/* Has the host 127.0.0.2, or ::1? Says so when a test has to be skipped. */
bool rig_has_address(const char *text);
/* Several paths per association: only in the replaced layer. */
bool rig_has_multihoming(void);

/* Packets of several paths are taken in the order they came in: not with one
 * UDP socket per address. */
bool rig_keeps_order(void);

uint64_t rig_counter(const char *name);

/* Threads and open descriptors of this process; -1 where that is not known. */
int rig_threads(void);
int rig_descriptors(void);
/* Waits until there are no more of both than that; false: it does not come. */
bool rig_settles_at(int threads, int descriptors);

#endif
