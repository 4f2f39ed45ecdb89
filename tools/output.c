#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "record.h"

/* Of what was just written. */
static int
result_of_stdout(void)
{
	if (!ferror(stdout))
		return 0;
	return errno != 0 ? -errno : -EIO;
}

int
output_flush(void)
{
	fflush(stdout);
	return result_of_stdout();
}

static void
begin(struct record *r, const struct options *options, const char *type)
{
	record_begin(r, options->json ? stdout : stderr,
		     options->json ? RECORD_JSON : RECORD_LINE, type);
}

/* -------------------------------------------------------------- messages */

static void
message_record(const struct options *options, const struct gen_sctp_msg *msg,
	       const void *data, size_t len)
{
	struct record r;

	begin(&r, options, "message");
	record_number(&r, "assoc_id", msg->info.assoc_id);
	record_address(&r, "from", &msg->from);
	record_number(&r, "stream", msg->info.stream);
	record_number(&r, "ssn", msg->info.ssn);
	record_number(&r, "ppid", msg->info.ppid);
	record_number(&r, "tsn", msg->info.tsn);
	record_flag(&r, "unordered", msg->info.flags & GEN_SCTP_UNORDERED);
	record_flag(&r, "eor", msg->eor);
	record_number(&r, "length", len);
	record_bytes(&r, "data", data, len, options->binary);
	record_end(&r);
}

int
output_message(const struct options *options, const struct gen_sctp_msg *msg,
	       const void *data, size_t len)
{
	if (options->json) {
		message_record(options, msg, data, len);
	} else {
		if (options->streams_in_lines)
			printf("%u:", msg->info.stream);
		fwrite(data, 1, len, stdout);
		if (!options->binary && msg->eor)
			putchar('\n');
	}
	return result_of_stdout();
}

/* ---------------------------------------------------------------- events */

static void
features(struct record *r, uint32_t mask)
{
	uint32_t bit;

	record_list(r, "features");
	for (bit = 1; bit != 0; bit <<= 1)
		if (mask & bit)
			record_item(r, gen_sctp_feature_name(bit));
	record_list_end(r);
}

static void
assoc_change(struct record *r, const struct gen_sctp_assoc_change *c)
{
	record_text(r, "state", gen_sctp_assoc_change_name(c->state));
	record_cause(r, c->error);
	record_number(r, "assoc_id", c->assoc_id);
	record_number(r, "outbound_streams", c->outbound_streams);
	record_number(r, "inbound_streams", c->inbound_streams);
	if (c->features != 0)
		features(r, c->features);
	if (c->len > 0)
		record_bytes(r, "data", c->data, c->len, true);
}

static void
paddr_change(struct record *r, const struct gen_sctp_paddr_change *c)
{
	record_text(r, "state", gen_sctp_paddr_change_name(c->state));
	record_address(r, "addr", &c->addr);
	record_cause(r, c->error);
	record_number(r, "assoc_id", c->assoc_id);
}

static void
remote_error(struct record *r, const struct gen_sctp_remote_error *e)
{
	record_cause(r, e->error);
	record_number(r, "assoc_id", e->assoc_id);
	record_bytes(r, "data", e->data, e->len, true);
}

static void
send_failed(struct record *r, const struct gen_sctp_send_failed *f,
	    bool binary)
{
	record_cause(r, f->error);
	record_number(r, "assoc_id", f->assoc_id);
	record_number(r, "stream", f->info.stream);
	record_number(r, "ppid", f->info.ppid);
	record_number(r, "context", f->info.context);
	record_flag(r, "sent", f->sent);
	record_flag(r, "complete", f->complete);
	record_bytes(r, "data", f->data, f->len, binary);
}

static void
pdapi(struct record *r, const struct gen_sctp_pdapi_event *e)
{
	record_text(r, "indication", "partial_delivery_aborted");
	record_number(r, "stream", e->stream);
	record_number(r, "assoc_id", e->assoc_id);
}

static void
stream_reset(struct record *r, const struct gen_sctp_stream_reset_event *e)
{
	size_t i;

	record_text(r, "result", gen_sctp_reconfig_result_name(e->result));
	record_flag(r, "incoming", e->direction & GEN_SCTP_STREAMS_INCOMING);
	record_flag(r, "outgoing", e->direction & GEN_SCTP_STREAMS_OUTGOING);
	record_number(r, "assoc_id", e->assoc_id);
	if (e->streams == NULL) {
		record_text(r, "streams", "all");
		return;
	}
	record_list(r, "streams");
	for (i = 0; i < e->count; i++)
		record_number_item(r, e->streams[i]);
	record_list_end(r);
}

static void
assoc_reset(struct record *r, const struct gen_sctp_assoc_reset_event *e)
{
	record_text(r, "result", gen_sctp_reconfig_result_name(e->result));
	record_number(r, "local_tsn", e->local_tsn);
	record_number(r, "remote_tsn", e->remote_tsn);
	record_number(r, "assoc_id", e->assoc_id);
}

static void
stream_change(struct record *r, const struct gen_sctp_stream_change_event *e)
{
	record_text(r, "result", gen_sctp_reconfig_result_name(e->result));
	record_number(r, "outbound_streams", e->outbound_streams);
	record_number(r, "inbound_streams", e->inbound_streams);
	record_number(r, "assoc_id", e->assoc_id);
}

static void
authentication(struct record *r, const struct gen_sctp_authentication_event *e)
{
	record_text(r, "indication",
		    gen_sctp_auth_indication_name(e->indication));
	record_number(r, "keynumber", e->keynumber);
	record_number(r, "assoc_id", e->assoc_id);
}

static void
event_fields(struct record *r, const struct gen_sctp_event *event, bool binary)
{
	switch (event->type) {
	case GEN_SCTP_ASSOC_CHANGE:
		assoc_change(r, &event->u.assoc_change);
		break;
	case GEN_SCTP_PADDR_CHANGE:
		paddr_change(r, &event->u.paddr_change);
		break;
	case GEN_SCTP_REMOTE_ERROR:
		remote_error(r, &event->u.remote_error);
		break;
	case GEN_SCTP_SEND_FAILED:
		send_failed(r, &event->u.send_failed, binary);
		break;
	case GEN_SCTP_SHUTDOWN:
		record_number(r, "assoc_id", event->u.shutdown.assoc_id);
		break;
	case GEN_SCTP_ADAPTATION:
		record_number(r, "adaptation_ind",
			      event->u.adaptation.adaptation_ind);
		record_number(r, "assoc_id", event->u.adaptation.assoc_id);
		break;
	case GEN_SCTP_PDAPI:
		pdapi(r, &event->u.pdapi);
		break;
	case GEN_SCTP_AUTHENTICATION:
		authentication(r, &event->u.authentication);
		break;
	case GEN_SCTP_SENDER_DRY:
		record_number(r, "assoc_id", event->u.sender_dry.assoc_id);
		break;
	case GEN_SCTP_STREAM_RESET:
		stream_reset(r, &event->u.stream_reset);
		break;
	case GEN_SCTP_ASSOC_RESET:
		assoc_reset(r, &event->u.assoc_reset);
		break;
	case GEN_SCTP_STREAM_CHANGE:
		stream_change(r, &event->u.stream_change);
		break;
	}
}

int
output_event(const struct options *options, const struct gen_sctp_msg *msg)
{
	struct record r;

	if (options->quiet)
		return 0;
	begin(&r, options, gen_sctp_event_name(msg->event.type));
	record_address(&r, "from", &msg->from);
	event_fields(&r, &msg->event, options->binary);
	record_end(&r);
	return result_of_stdout();
}

/* ------------------------------------------------------------ the socket */

struct bound {
	struct gen_sctp_addr addrs[OPTIONS_MAX_ADDRS];
	int count;
	int sctp_port, udp_port;
};

static void
look_up(struct bound *b, gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);
	int n = gen_sctp_socknames(s, 0, b->addrs, OPTIONS_MAX_ADDRS);

	b->count = n < OPTIONS_MAX_ADDRS ? n : OPTIONS_MAX_ADDRS;
	b->sctp_port = gen_sctp_port(s);
	gen_sctp_getopts(s, &opt, 1, NULL);
	b->udp_port = opt.value.udp_encaps.local_port;
}

static void
bound_record(const struct bound *b)
{
	char printed[GEN_SCTP_ADDR_TEXT];
	struct record r;
	int i;

	record_begin(&r, stdout, RECORD_JSON, "listening");
	record_list(&r, "addresses");
	for (i = 0; i < b->count; i++)
		record_item(&r, gen_sctp_addr_print(&b->addrs[i], false,
						    printed, sizeof(printed)));
	record_list_end(&r);
	record_number(&r, "sctp_port", (uint64_t)b->sctp_port);
	record_number(&r, "udp_port", (uint64_t)b->udp_port);
	record_end(&r);
}

static void
bound_line(const struct bound *b)
{
	char printed[GEN_SCTP_ADDR_TEXT];
	int i;

	fprintf(stderr, "gensctp: listening on");
	for (i = 0; i < b->count; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "",
			gen_sctp_addr_print(&b->addrs[i], false, printed,
					    sizeof(printed)));
	fprintf(stderr, ", SCTP port %d, UDP port %d\n", b->sctp_port,
		b->udp_port);
	fflush(stderr);
}

int
output_listening(const struct options *options, gen_sctp_socket_t s)
{
	struct bound b = { 0 };

	if (options->quiet)
		return 0;
	look_up(&b, s);
	if (options->json)
		bound_record(&b);
	else
		bound_line(&b);
	return output_flush();
}

/* ----------------------------------------------------------------- paths */

static void
path_record(const struct options *options, const struct gen_sctp_path *path)
{
	struct record r;

	begin(&r, options, "path");
	record_path(&r, path);
	record_end(&r);
}

int
output_paths(const struct options *options, gen_sctp_socket_t s,
	     gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_path paths[OPTIONS_MAX_ADDRS];
	int i, n = gen_sctp_paths(s, assoc, paths, OPTIONS_MAX_ADDRS);

	for (i = 0; i < n && i < OPTIONS_MAX_ADDRS; i++)
		path_record(options, &paths[i]);
	return result_of_stdout();
}

/* -------------------------------------------------------------- counters */

void
output_counters(const struct options *options)
{
	struct gen_sctp_counter *counters;
	struct record r;
	int i, n = gen_sctp_counters(NULL, 0);

	counters = n > 0 ? calloc((size_t)n, sizeof(*counters)) : NULL;
	if (counters == NULL)
		return;
	n = gen_sctp_counters(counters, (size_t)n);
	record_begin(&r, options->json ? stdout : stderr,
		     options->json ? RECORD_JSON : RECORD_PAGE, "counters");
	for (i = 0; i < n; i++)
		record_number(&r, counters[i].name, counters[i].value);
	record_end(&r);
	free(counters);
}
