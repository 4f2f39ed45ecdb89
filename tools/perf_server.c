#include "perf.h"

#include <errno.h>
#include <stdlib.h>

#include "os_stdio.h"
#include "output.h"
#include "perf_counts.h"
#include "record.h"
#include "session.h"

struct server;

/* A socket with its thread. */
struct port {
	struct server *server;
	gen_sctp_socket_t socket;
	struct perf_inbox inbox;
	struct perf_counts counts;
	uint64_t associations, messages, bytes; /* of all */
};

struct server {
	os_event interrupt, ended;
	struct port *ports;
	size_t count;
	atomic_size_t running;
};

/* --------------------------------------------------------------- messages */

static void
put64(uint8_t *to, uint64_t value)
{
	int i;

	for (i = 7; i >= 0; i--, value >>= 8)
		to[i] = (uint8_t)value;
}

/* An association that ends meanwhile needs no answer. */
static void
answer(struct port *p, const struct perf_count *count, const void *data,
       size_t len)
{
	struct gen_sctp_sndrcvinfo info = {
		.ppid = p->inbox.msg.info.ppid,
		.assoc_id = count->assoc,
	};

	if (p->inbox.msg.info.stream < count->streams)
		info.stream = p->inbox.msg.info.stream;

	perf_inbox_send(&p->inbox, p->socket, &info, data, len);
}

static void
report(struct port *p, const struct perf_count *count)
{
	uint8_t bytes[PERF_REPORT_SIZE];

	put64(bytes, count->messages);
	put64(bytes + 8, count->bytes);
	answer(p, count, bytes, sizeof(bytes));
}

static void
take_message(struct port *p, size_t len)
{
	const struct gen_sctp_msg *msg = &p->inbox.msg;
	struct perf_count *count =
		perf_counts_of(&p->counts, msg->info.assoc_id);

	if (count == NULL)
		return;
	if (msg->info.ppid == PERF_ASK) {
		report(p, count);
		return;
	}
	count->messages += msg->eor;
	count->bytes += len;
	p->messages += msg->eor;
	p->bytes += len;
	if (msg->info.ppid == PERF_ECHO)
		answer(p, count, msg->data, len);
}

static void
take_association(struct port *p, const struct gen_sctp_assoc_change *change)
{
	struct perf_count *count;

	if (change->state != GEN_SCTP_COMM_UP) {
		perf_counts_remove(&p->counts, change->assoc_id);
		return;
	}
	p->associations++;
	count = perf_counts_of(&p->counts, change->assoc_id);
	if (count != NULL)
		count->streams = change->outbound_streams;
}

static void
serve(void *arg)
{
	struct port *p = arg;
	const struct gen_sctp_msg *msg = &p->inbox.msg;
	struct server *server = p->server; /* outlives the port */
	int n;

	while ((n = perf_inbox_next(&p->inbox, p->socket)) >= 0)
		if (msg->kind == GEN_SCTP_MSG_DATA)
			take_message(p, (size_t)n);
		else if (msg->kind == GEN_SCTP_MSG_EVENT &&
			 msg->event.type == GEN_SCTP_ASSOC_CHANGE)
			take_association(p, &msg->event.u.assoc_change);
	if (n != -EBADF)
		complain(n, NULL, "receive");
	if (atomic_fetch_sub(&server->running, 1) == 1)
		os_event_set(&server->ended);
}

/* ------------------------------------------------------------------ start */

/* The UDP port is that of the first socket. */
static enum status
open_socket(struct options *options, int port, gen_sctp_socket_t *s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);
	enum gen_sctp_family family =
		options->ipv6 ? GEN_SCTP_INET6 : GEN_SCTP_INET;
	enum status status =
		session_open(options, GEN_SCTP_SEQPACKET, family, port, s);
	int result;

	if (status != STATUS_OK)
		return status;
	result = gen_sctp_listen(*s, 5);
	if (result == 0)
		result = gen_sctp_getopts(*s, &opt, 1, NULL);
	if (result == 0)
		result = output_listening(options, *s);
	options->udp_port = opt.value.udp_encaps.local_port;
	if (result == 0)
		return STATUS_OK;
	return complain(result, NULL, "listen on SCTP port %d", port);
}

static enum status
start_port(struct server *server, struct options *options, int port,
	   struct perf_mode mode)
{
	struct port *p = &server->ports[server->count];
	enum status status = open_socket(options, port, &p->socket);
	int error;

	if (status != STATUS_OK)
		return status;
	p->server = server;
	error = perf_inbox_init(&p->inbox, mode, (size_t)options->recbuf);
	p->inbox.interrupt = server->interrupt.wait_fd;
	server->count++;
	if (error == 0)
		error = perf_inbox_add(&p->inbox, p->socket);
	if (error == 0) {
		atomic_fetch_add(&server->running, 1);
		error = os_thread_start("perf", serve, p);
		if (error != 0)
			atomic_fetch_sub(&server->running, 1);
	}
	return error == 0 ? STATUS_OK : complain(error, NULL, "start");
}

static enum status
start(struct server *server, const struct options *options, int port,
      struct perf_mode mode)
{
	struct options own = *options;
	enum status status = STATUS_OK;
	int i;

	own.udp_remote_port = -1;
	for (i = 0; i < options->threads && status == STATUS_OK; i++)
		status = start_port(server, &own, port + i, mode);
	return status;
}

/* -------------------------------------------------------------------- end */

static void
end(struct server *server)
{
	bool readable;
	size_t i;

	os_event_set(&server->interrupt);
	for (i = 0; i < server->count; i++) {
		gen_sctp_close(server->ports[i].socket);
		perf_inbox_end(&server->ports[i].inbox);
	}
	if (atomic_load(&server->running) > 0)
		os_poll(&server->ended.wait_fd, &readable, 1, OS_NEVER);
	for (i = 0; i < server->count; i++) {
		perf_inbox_fini(&server->ports[i].inbox);
		perf_counts_free(&server->ports[i].counts);
	}
}

static void
show(const struct server *server, const struct options *options)
{
	uint64_t associations = 0, messages = 0, bytes = 0;
	struct record r;
	size_t i;

	for (i = 0; i < server->count; i++) {
		associations += server->ports[i].associations;
		messages += server->ports[i].messages;
		bytes += server->ports[i].bytes;
	}
	record_begin(&r, stdout, options->json ? RECORD_JSON : RECORD_PAGE,
		     "served");
	record_number(&r, "associations", associations);
	record_number(&r, "messages", messages);
	record_number(&r, "bytes", bytes);
	record_end(&r);
	if (options->stats)
		output_counters(options);
}

enum status
perf_serve(const struct options *options, int port, struct perf_mode mode)
{
	static struct server server; /* outlives its threads */
	enum status status;
	bool readable;
	int error = os_net_start();

	if (error == 0)
		error = os_event_open(&server.interrupt);
	if (error == 0)
		error = os_event_open(&server.ended);
	if (error == 0)
		error = os_on_interrupt(&server.interrupt);
	server.ports = calloc((size_t)options->threads, sizeof(*server.ports));
	if (server.ports == NULL)
		error = -ENOMEM;
	if (error != 0)
		return complain(error, NULL, "start");
	status = start(&server, options, port, mode);
	if (status == STATUS_OK)
		os_poll(&server.interrupt.wait_fd, &readable, 1, OS_NEVER);
	end(&server);
	if (status == STATUS_OK)
		show(&server, options);
	free(server.ports);
	return status;
}
