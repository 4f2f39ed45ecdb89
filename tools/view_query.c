#include "view_query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip_addr.h"

#define BUFFER	262144 /* bytes, of the socket */
#define REPEAT	(200 * OS_MS)
#define REQUEST 64 /* bytes, at most */

int
view_query_open(struct view_query *q, const struct gen_sctp_addr *to)
{
	struct gen_sctp_addr any = { .family = to->family };

	memset(q, 0, sizeof(*q));
	q->to = *to;
	/* What a run before this one on this port asked is not ours. */
	q->number = (uint32_t)os_now();
	return os_udp_open(&any, BUFFER, &q->fd);
}

void
view_query_close(struct view_query *q)
{
	os_udp_close(q->fd);
	free(q->records);
}

static int
send_request(const struct view_query *q, const struct view_cursor *at)
{
	uint8_t data[REQUEST];
	struct view_header h = { .version = VIEW_VERSION,
				 .query = q->number,
				 .cursor = *at };
	struct view_codec out = view_writer(data, sizeof(data));
	struct os_dgram d = { .data = data, .dst = q->to };
	int error;

	view_header(&out, &h);
	d.len = (size_t)(out.at - data);
	os_udp_send(q->fd, &d, 1, &error);
	return error == -EAGAIN ? 0 : error;
}

static int
add(struct view_query *q, const struct view_record *record)
{
	size_t room = q->room > 0 ? 2 * q->room : 64;
	struct view_record *grown = q->records;

	if (q->count == q->room) {
		grown = realloc(grown, room * sizeof(*grown));
		if (grown == NULL)
			return -ENOMEM;
		q->records = grown;
		q->room = room;
	}
	q->records[q->count++] = *record;
	return 0;
}

/* An answer without a record has to be the last. */
static int
take_records(struct view_query *q, struct view_codec *in,
	     const struct view_cursor *next)
{
	const size_t before = q->count;
	struct view_record record;
	int error = 0;

	while (error == 0 && view_record(in, &record))
		error = add(q, &record);
	if (error == 0 &&
	    (in->failed || (q->count == before && next->slot != VIEW_END)))
		error = -EBADMSG;
	return error;
}

/* 1: it was the answer, and the cursor is the next one; 0: something else. */
static int
take_answer(struct view_query *q, const struct os_dgram *d,
	    struct view_cursor *at)
{
	struct view_codec in = view_reader(d->data, d->len);
	struct view_header h = { 0 };
	int error;

	if (!ip_addr_port_equal(&d->src, &q->to) || !view_header(&in, &h))
		return 0;
	if (h.version != VIEW_VERSION) {
		q->version = h.version;
		return -EPROTONOSUPPORT;
	}
	if (h.query != q->number)
		return 0;
	*at = h.cursor;
	error = take_records(q, &in, at);
	return error != 0 ? error : 1;
}

static int
await_answer(struct view_query *q, struct view_cursor *at, os_time until)
{
	static uint8_t data[UINT16_MAX];
	struct os_dgram d = { .data = data, .size = sizeof(data) };
	bool readable;
	int n = 0;

	while (n == 0) {
		n = os_poll(&q->fd, &readable, 1, until);
		if (n == 0)
			return -ETIMEDOUT;
		if (n > 0)
			n = os_udp_recv(q->fd, &d, 1);
		if (n > 0)
			n = take_answer(q, &d, at);
	}
	return n < 0 ? n : 0;
}

/* Requests and answers may get lost. */
static int
ask(struct view_query *q, struct view_cursor *at, os_time patience)
{
	const os_time deadline = os_now() + patience;
	os_time until;
	int error;

	q->number++;
	do {
		until = os_now() + REPEAT;
		error = send_request(q, at);
		if (error == 0)
			error = await_answer(
				q, at, until < deadline ? until : deadline);
	} while (error == -ETIMEDOUT && os_now() < deadline);
	return error;
}

int
view_query_all(struct view_query *q, os_time patience)
{
	struct view_cursor at = { 0 };
	int error = 0;

	q->count = 0;
	while (error == 0 && at.slot != VIEW_END)
		error = ask(q, &at, patience);
	return error;
}
