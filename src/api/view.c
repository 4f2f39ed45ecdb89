#include "config.h"

#include "view.h"

#include <stdio.h>
#include <stdlib.h>

#include "assoc.h"
#include "closing.h"
#include "handle.h"
#include "stack.h"

#define MAX_ADDRS 256 /* told of a socket */
#define MAX_PATHS 64  /* told of an association; the guard lets in fewer */

/* Where records go, and which is next. What has ended meanwhile is left out. */
struct view {
	struct view_cursor *at;
	struct view_codec *out;
};

/* False: there is no room, it is still the next one. */
static bool
put(const struct view *v, struct view_record *record)
{
	if (!view_record(v->out, record))
		return false;
	v->at->item++;
	return true;
}

/* How many of a list were written; its length is negative when it failed. */
static uint32_t
shown(int len, uint32_t max)
{
	if (len < 0)
		return 0;
	return (uint32_t)len < max ? (uint32_t)len : max;
}

static bool
put_process(const struct view *v)
{
	struct view_record r = { .kind = VIEW_PROCESS };
	struct view_process *p = &r.u.process;

	if (stack_enter() != 0)
		return true;
	p->closing = closing_count(CLOSING_ALL);
	stack_leave();
	snprintf(p->version, sizeof(p->version), "%s", GENSCTP_VERSION);
	snprintf(p->ip_layer, sizeof(p->ip_layer), "%s", stack_layer()->name);
	return put(v, &r);
}

/* --------------------------------------------------------------- sockets */

static bool
put_socket(const struct view *v, gen_sctp_socket_t s)
{
	struct view_record r = { .kind = VIEW_SOCKET };
	struct endpoint *ep;

	if (api_enter(s, &ep) != 0)
		return true;
	r.u.socket = (struct view_socket){
		.handle = s,
		.type = ep->type,
		.listening = ep->backlog > 0,
		.active = outlet_mode(&ep->outlet),
		.sctp_port = ep->local->sctp_port,
		.udp_port = ep->local->udp_port,
	};
	api_leave();
	return put(v, &r);
}

static bool
put_addresses(const struct view *v, gen_sctp_socket_t s)
{
	struct view_record r = { .kind = VIEW_ADDRESS };
	struct gen_sctp_addr addrs[MAX_ADDRS];
	uint32_t n =
		shown(gen_sctp_socknames(s, 0, addrs, MAX_ADDRS), MAX_ADDRS);
	uint32_t i;

	for (i = v->at->item - 1; i < n; i++) {
		r.u.address = addrs[i];
		if (!put(v, &r))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------- associations */

static uint64_t
pending(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	const struct assoc *a;
	struct endpoint *ep;
	uint64_t bytes = 0;

	if (api_enter(s, &ep) != 0)
		return 0;
	a = assoc_find(ep, id);
	if (a != NULL)
		bytes = assoc_queued(a);
	api_leave();
	return bytes;
}

static bool
put_assoc(const struct view *v, gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct view_record r = { .kind = VIEW_ASSOC };
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);
	const struct gen_sctp_status *status = &opt.value.status;

	opt.value.status.assoc_id = id;
	if (gen_sctp_getopts(s, &opt, 1, NULL) != 0)
		return true;
	r.u.assoc = (struct view_assoc){
		.id = id,
		.state = status->state,
		.outbound_streams = status->outstrms,
		.inbound_streams = status->instrms,
		.pending = pending(s, id),
		.window = status->rwnd,
	};
	return put(v, &r);
}

static bool
put_paths(const struct view *v, gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct view_record r = { .kind = VIEW_PATH };
	struct gen_sctp_path paths[MAX_PATHS];
	uint32_t n = shown(gen_sctp_paths(s, id, paths, MAX_PATHS), MAX_PATHS);
	uint32_t i;

	for (i = v->at->item - 1; i < n; i++) {
		r.u.path = paths[i];
		if (!put(v, &r))
			return false;
	}
	return true;
}

/* --------------------------------------------------------------- in order */

static int
compare_ids(const void *a, const void *b)
{
	const gen_sctp_assoc_id_t x = *(const gen_sctp_assoc_id_t *)a;
	const gen_sctp_assoc_id_t y = *(const gen_sctp_assoc_id_t *)b;

	return (x > y) - (x < y);
}

/* In the order of their ids: so the cursor holds when others come and go.
 * Returns how many, and the ids to be freed. */
static size_t
list_assocs(gen_sctp_socket_t s, gen_sctp_assoc_id_t **ids)
{
	uint32_t room = shown(gen_sctp_assocs(s, NULL, 0), UINT32_MAX), n;

	*ids = room > 0 ? calloc(room, sizeof(**ids)) : NULL;
	if (*ids == NULL)
		return 0;
	n = shown(gen_sctp_assocs(s, *ids, room), room);
	qsort(*ids, n, sizeof(**ids), compare_ids);
	return n;
}

static bool
put_assoc_whole(const struct view *v, gen_sctp_socket_t s,
		gen_sctp_assoc_id_t id)
{
	if (id != v->at->assoc)
		*v->at = (struct view_cursor){ .slot = v->at->slot,
					       .assoc = id };
	if (v->at->item == 0 && !put_assoc(v, s, id))
		return false;
	return v->at->item == 0 || put_paths(v, s, id);
}

static bool
put_assocs(const struct view *v, gen_sctp_socket_t s)
{
	gen_sctp_assoc_id_t *ids;
	size_t n = list_assocs(s, &ids), i;
	bool room = true;

	for (i = 0; i < n && room; i++)
		if (ids[i] >= v->at->assoc)
			room = put_assoc_whole(v, s, ids[i]);
	free(ids);
	return room;
}

static bool
put_socket_whole(const struct view *v, gen_sctp_socket_t s)
{
	if (v->at->assoc == 0) {
		if (v->at->item == 0 && !put_socket(v, s))
			return false;
		if (v->at->item > 0 && !put_addresses(v, s))
			return false;
	}
	return put_assocs(v, s);
}

/* The cursor goes to the next socket, if it is not at one; 0: there is none. */
static gen_sctp_socket_t
find_socket(struct view_cursor *at)
{
	gen_sctp_socket_t s = 0;
	uint32_t place = at->slot - 1;

	if (stack_enter() == 0) {
		s = handle_next(&place);
		stack_leave();
	}
	if (s == 0)
		*at = (struct view_cursor){ .slot = VIEW_END };
	else if (place + 1 != at->slot)
		*at = (struct view_cursor){ .slot = place + 1 };
	return s;
}

static void
go_on(struct view_cursor *at)
{
	*at = (struct view_cursor){ .slot = at->slot + 1 };
}

void
view_sockets(struct view_cursor *at, struct view_codec *out)
{
	const struct view v = { at, out };
	gen_sctp_socket_t s;

	if (at->slot == 0) {
		if (!put_process(&v))
			return;
		go_on(at);
	}
	while (at->slot != VIEW_END && (s = find_socket(at)) != 0) {
		if (!put_socket_whole(&v, s))
			return;
		go_on(at);
	}
}
