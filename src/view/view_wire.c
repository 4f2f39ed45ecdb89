#include "config.h"

#include "view_wire.h"

#include <string.h>

#define MAGIC 0x67737674 /* "gsvt" */

/* Each function below both writes and reads, field by field, big-endian. */

struct view_codec
view_writer(void *data, size_t size)
{
	return (struct view_codec){ .at = data,
				    .end = (uint8_t *)data + size,
				    .writing = true };
}

struct view_codec
view_reader(void *data, size_t len)
{
	return (struct view_codec){ .at = data, .end = (uint8_t *)data + len };
}

static uint8_t *
take(struct view_codec *c, size_t len)
{
	uint8_t *at = c->at;

	if (c->failed || (size_t)(c->end - c->at) < len) {
		c->failed = true;
		return NULL;
	}
	c->at += len;
	return at;
}

/* What was written, or read. */
static uint64_t
number(struct view_codec *c, uint64_t value, size_t size)
{
	uint8_t *p = take(c, size);
	size_t i;

	if (p == NULL)
		return 0;
	if (c->writing) {
		for (i = 0; i < size; i++)
			p[i] = (uint8_t)(value >> 8 * (size - 1 - i));
		return value;
	}
	for (value = 0, i = 0; i < size; i++)
		value = value << 8 | p[i];
	return value;
}

#define U8(c, field)   (field) = (uint8_t)number(c, field, 1)
#define U16(c, field)  (field) = (uint16_t)number(c, field, 2)
#define U32(c, field)  (field) = (uint32_t)number(c, field, 4)
#define U64(c, field)  (field) = number(c, field, 8)
#define FLAG(c, field) (field) = number(c, field, 1) != 0
#define ENUM(c, type, field) \
	(field) = (enum type)number(c, (uint64_t)(field), 1)

static void
bytes(struct view_codec *c, void *value, size_t len)
{
	uint8_t *p = take(c, len);

	if (p == NULL)
		return;
	if (c->writing)
		memcpy(p, value, len);
	else
		memcpy(value, p, len);
}

/* Of printable ASCII; it goes to terminals. */
static void
text(struct view_codec *c, char *value, size_t size)
{
	bytes(c, value, size);
	value[size - 1] = '\0';
	for (; *value != '\0'; value++)
		c->failed |= *value < ' ' || *value > '~';
}

/* --------------------------------------------------------------- records */

static void
process(struct view_codec *c, struct view_process *p)
{
	text(c, p->version, sizeof(p->version));
	text(c, p->ip_layer, sizeof(p->ip_layer));
	U64(c, p->closing);
}

static void
socket_(struct view_codec *c, struct view_socket *s)
{
	U64(c, s->handle);
	ENUM(c, gen_sctp_type, s->type);
	FLAG(c, s->listening);
	ENUM(c, gen_sctp_active_mode, s->active.mode);
	s->active.n = (int16_t)number(c, (uint64_t)s->active.n, 2);
	U16(c, s->sctp_port);
	U16(c, s->udp_port);
}

static void
address(struct view_codec *c, struct gen_sctp_addr *a)
{
	U8(c, a->family);
	bytes(c, a->ip, sizeof(a->ip));
	U16(c, a->port);
	U32(c, a->scope_id);
}

static void
assoc(struct view_codec *c, struct view_assoc *a)
{
	U32(c, a->id);
	ENUM(c, gen_sctp_assoc_state, a->state);
	U16(c, a->outbound_streams);
	U16(c, a->inbound_streams);
	U64(c, a->pending);
	U32(c, a->window);
}

static void
path(struct view_codec *c, struct gen_sctp_path *p)
{
	U32(c, p->info.assoc_id);
	address(c, &p->info.address);
	ENUM(c, gen_sctp_path_state, p->info.state);
	U32(c, p->info.cwnd);
	U32(c, p->info.srtt);
	U32(c, p->info.rto);
	U32(c, p->info.mtu);
	FLAG(c, p->primary);
	U16(c, p->udp_port);
	U64(c, p->packets_in);
	U64(c, p->bytes_in);
	U64(c, p->packets_out);
	U64(c, p->bytes_out);
	U64(c, p->retransmissions);
}

static void
body(struct view_codec *c, struct view_record *record)
{
	switch (record->kind) {
	case VIEW_PROCESS:
		process(c, &record->u.process);
		break;
	case VIEW_SOCKET:
		socket_(c, &record->u.socket);
		break;
	case VIEW_ADDRESS:
		address(c, &record->u.address);
		break;
	case VIEW_ASSOC:
		assoc(c, &record->u.assoc);
		break;
	case VIEW_PATH:
		path(c, &record->u.path);
		break;
	default:
		c->failed = true;
	}
}

bool
view_record(struct view_codec *c, struct view_record *record)
{
	uint8_t *begin = c->at;

	if (!c->writing) {
		if (c->at == c->end)
			return false;
		memset(record, 0, sizeof(*record));
	}
	ENUM(c, view_kind, record->kind);
	body(c, record);
	if (c->failed && c->writing) {
		c->at = begin;
		c->failed = false;
		return false;
	}
	return !c->failed;
}

bool
view_header(struct view_codec *c, struct view_header *h)
{
	bool ours = number(c, MAGIC, 4) == MAGIC;

	U16(c, h->version);
	if (!ours || c->failed || (!c->writing && h->version != VIEW_VERSION))
		return ours && !c->failed;
	U32(c, h->query);
	U32(c, h->cursor.slot);
	U32(c, h->cursor.assoc);
	U32(c, h->cursor.item);
	return !c->failed;
}
