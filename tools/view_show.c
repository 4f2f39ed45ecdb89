#include "view_show.h"

#include <inttypes.h>
#include <stdio.h>

#include "record.h"

static struct record
begin(bool json, const char *type)
{
	struct record r;

	record_begin(&r, stdout, json ? RECORD_JSON : RECORD_ITEM, type);
	return r;
}

static void
show_process(const struct view_process *p, bool json)
{
	struct record r = begin(json, "process");

	record_text(&r, "version", p->version);
	record_text(&r, "ip_layer", p->ip_layer);
	record_number(&r, "closing", p->closing);
	record_end(&r);
}

/* --------------------------------------------------------------- sockets */

static void
active(struct record *r, const struct gen_sctp_active *active)
{
	static const char *const modes[] = { "false", "true", "once" };
	char left[16];

	if (active->mode < GEN_SCTP_ACTIVE_N) {
		record_text(r, "active", modes[active->mode]);
		return;
	}
	snprintf(left, sizeof(left), "%d", active->n);
	record_text(r, "active", left);
}

/* Its addresses are behind it. */
static void
addresses(struct record *r, const struct view_record *at,
	  const struct view_record *end)
{
	char printed[GEN_SCTP_ADDR_TEXT];

	record_list(r, "addresses");
	for (; at < end && at->kind == VIEW_ADDRESS; at++)
		record_item(r, gen_sctp_addr_print(&at->u.address, false,
						   printed, sizeof(printed)));
	record_list_end(r);
}

static void
show_socket(const struct view_record *at, const struct view_record *end,
	    bool json)
{
	const struct view_socket *s = &at->u.socket;
	struct record r = begin(json, "socket");

	record_number(&r, "handle", s->handle);
	record_text(&r, "kind",
		    s->type == GEN_SCTP_STREAM ? "stream" : "seqpacket");
	record_flag(&r, "listening", s->listening);
	active(&r, &s->active);
	record_number(&r, "sctp_port", s->sctp_port);
	record_number(&r, "udp_port", s->udp_port);
	addresses(&r, at + 1, end);
	record_end(&r);
}

/* ---------------------------------------------------------- associations */

static void
show_assoc(const struct view_assoc *a, gen_sctp_socket_t s, bool json)
{
	struct record r = begin(json, json ? "association" : "  association");

	if (json)
		record_number(&r, "socket", s);
	record_number(&r, "assoc_id", a->id);
	record_text(&r, "state", gen_sctp_state_name(a->state));
	record_number(&r, "outbound_streams", a->outbound_streams);
	record_number(&r, "inbound_streams", a->inbound_streams);
	record_number(&r, "pending", a->pending);
	record_number(&r, "window", a->window);
	record_end(&r);
}

static void
head_of_paths(void)
{
	printf("    %-23s %5s %-11s %-7s %8s %7s %6s %5s %11s %11s %7s\n",
	       "addr", "udp", "state", "primary", "cwnd", "srtt ms", "rto ms",
	       "mtu", "bytes out", "bytes in", "retrans");
}

static void
line_of_path(const struct gen_sctp_path *p)
{
	char addr[GEN_SCTP_ADDR_TEXT];

	gen_sctp_addr_print(&p->info.address, true, addr, sizeof(addr));
	printf("    %-23s %5u %-11s %-7s %8" PRIu32 " %7" PRIu32 " %6" PRIu32
	       " %5" PRIu32 " %11" PRIu64 " %11" PRIu64 " %7" PRIu64 "\n",
	       addr, p->udp_port, gen_sctp_path_state_name(p->info.state),
	       p->primary ? "yes" : "no", p->info.cwnd, p->info.srtt,
	       p->info.rto, p->info.mtu, p->bytes_out, p->bytes_in,
	       p->retransmissions);
}

static void
show_path(const struct view_record *at, bool json)
{
	struct record r;

	if (json) {
		r = begin(json, "path");
		record_path(&r, &at->u.path);
		record_end(&r);
		return;
	}
	if (at[-1].kind == VIEW_ASSOC)
		head_of_paths();
	line_of_path(&at->u.path);
}

void
view_show(const struct view_record *records, size_t count, bool json)
{
	const struct view_record *at, *end = records + count;
	gen_sctp_socket_t s = 0;

	for (at = records; at < end; at++) {
		if (at->kind == VIEW_PROCESS)
			show_process(&at->u.process, json);
		if (at->kind == VIEW_SOCKET) {
			s = at->u.socket.handle;
			show_socket(at, end, json);
		}
		if (at->kind == VIEW_ASSOC)
			show_assoc(&at->u.assoc, s, json);
		if (at->kind == VIEW_PATH && at > records)
			show_path(at, json);
	}
}
