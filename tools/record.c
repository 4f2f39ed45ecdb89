#include "record.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"

#define NAME_WIDTH 18 /* of RECORD_PAGE */

void
record_begin(struct record *r, FILE *out, enum record_style style,
	     const char *type)
{
	r->out = out;
	r->style = style;
	r->fields = 0;
	if (style == RECORD_LINE)
		fprintf(out, "gensctp: %s:", type);
	else if (style == RECORD_ITEM)
		fprintf(out, "%s:", type);
	else if (style == RECORD_JSON)
		fprintf(out, "{\"type\":\"%s\"", type);
}

void
record_end(struct record *r)
{
	if (r->style == RECORD_JSON)
		fputs("}\n", r->out);
	else if (r->style != RECORD_PAGE)
		putc('\n', r->out);
	if (r->out == stderr)
		fflush(stderr);
}

/* Names are written as in JSON; for people with spaces. */
static void
name_for_people(struct record *r, const char *name)
{
	int width = 0;

	for (; *name != '\0'; name++, width++)
		putc(*name == '_' ? ' ' : *name, r->out);
	if (r->style != RECORD_PAGE)
		putc(' ', r->out);
	else
		fprintf(r->out, "%*s", width < NAME_WIDTH ? NAME_WIDTH - width : 1,
			"");
}

static void
begin_field(struct record *r, const char *name)
{
	if (r->style == RECORD_JSON) {
		fprintf(r->out, ",\"%s\":", name);
		return;
	}
	if (r->style != RECORD_PAGE)
		fputs(r->fields > 0 ? ", " : " ", r->out);
	r->fields++;
	name_for_people(r, name);
}

static void
end_field(struct record *r)
{
	if (r->style == RECORD_PAGE)
		putc('\n', r->out);
}

static void
text(struct record *r, const char *value)
{
	if (r->style == RECORD_JSON)
		json_string(r->out, value, strlen(value));
	else
		fputs(value, r->out);
}

void
record_text(struct record *r, const char *name, const char *value)
{
	begin_field(r, name);
	text(r, value);
	end_field(r);
}

void
record_number(struct record *r, const char *name, uint64_t value)
{
	begin_field(r, name);
	fprintf(r->out, "%" PRIu64, value);
	end_field(r);
}

void
record_flag(struct record *r, const char *name, bool value)
{
	begin_field(r, name);
	if (r->style == RECORD_JSON)
		fputs(value ? "true" : "false", r->out);
	else
		fputs(value ? "yes" : "no", r->out);
	end_field(r);
}

void
record_address(struct record *r, const char *name,
	       const struct gen_sctp_addr *addr)
{
	char printed[GEN_SCTP_ADDR_TEXT];

	record_text(r, name,
		    gen_sctp_addr_print(addr, true, printed, sizeof(printed)));
}

void
record_cause(struct record *r, uint32_t cause)
{
	if (r->style == RECORD_JSON) {
		record_number(r, "error", cause);
		record_text(r, "error_text", gen_sctp_error_string(cause));
	} else if (cause != 0) {
		record_text(r, "error", gen_sctp_error_string(cause));
	}
}

void
record_bytes(struct record *r, const char *name, const void *data, size_t len,
	     bool binary)
{
	if (r->style != RECORD_JSON) {
		begin_field(r, name);
		fprintf(r->out, "%lu bytes", (unsigned long)len);
		end_field(r);
	} else if (!binary && json_is_utf8(data, len)) {
		begin_field(r, name);
		json_string(r->out, data, len);
	} else {
		begin_field(r, "base64");
		json_base64(r->out, data, len);
	}
}

void
record_path(struct record *r, const struct gen_sctp_path *path)
{
	record_number(r, "assoc_id", path->info.assoc_id);
	record_address(r, "addr", &path->info.address);
	record_number(r, "udp_port", path->udp_port);
	record_text(r, "state", gen_sctp_path_state_name(path->info.state));
	record_flag(r, "primary", path->primary);
	record_number(r, "packets_out", path->packets_out);
	record_number(r, "bytes_out", path->bytes_out);
	record_number(r, "retransmissions", path->retransmissions);
	record_number(r, "packets_in", path->packets_in);
	record_number(r, "bytes_in", path->bytes_in);
	record_number(r, "cwnd", path->info.cwnd);
	record_number(r, "srtt_ms", path->info.srtt);
	record_number(r, "rto_ms", path->info.rto);
	record_number(r, "mtu", path->info.mtu);
}

void
record_list(struct record *r, const char *name)
{
	begin_field(r, name);
	r->items = 0;
	if (r->style == RECORD_JSON)
		putc('[', r->out);
}

static void
begin_item(struct record *r)
{
	if (r->items++ > 0)
		fputs(r->style == RECORD_JSON ? "," : ", ", r->out);
}

void
record_item(struct record *r, const char *value)
{
	begin_item(r);
	text(r, value);
}

void
record_number_item(struct record *r, uint64_t value)
{
	begin_item(r);
	fprintf(r->out, "%" PRIu64, value);
}

void
record_list_end(struct record *r)
{
	if (r->style == RECORD_JSON)
		putc(']', r->out);
	end_field(r);
}
