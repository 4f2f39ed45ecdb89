#include "config.h"

#include "view_server.h"

#include "os.h"

#define LOOPBACK 127   /* RFC 1122 3.2.1.3 (g) */
#define BUFFER	 65536 /* bytes, of the socket */

static gen_sctp_fd_t fd;
static view_fill *fill_answer;

/* Of a request in another version, all that is told is ours. Returns the
 * length. */
static size_t
write_answer(struct view_header *h, uint8_t *data, size_t size)
{
	struct view_codec front = view_writer(data, size), out = front;
	bool understood = h->version == VIEW_VERSION;

	h->version = VIEW_VERSION;
	view_header(&out, h);
	if (understood)
		fill_answer(&h->cursor, &out);
	view_header(&front, h); /* with the new cursor */
	return (size_t)(out.at - data);
}

static void
answer(const struct os_dgram *request)
{
	static uint8_t data[VIEW_DATAGRAM];
	struct view_codec in = view_reader(request->data, request->len);
	struct os_dgram out = { .data = data, .dst = request->src };
	struct view_header h = { 0 };
	int error;

	if (request->src.family != GEN_SCTP_INET ||
	    request->src.ip[0] != LOOPBACK || !view_header(&in, &h))
		return;
	out.len = write_answer(&h, data, sizeof(data));
	os_udp_send(fd, &out, 1, &error); /* lost: it will be asked for again */
}

static void
serve(void *arg)
{
	static uint8_t data[UINT16_MAX];
	struct os_dgram request = { .data = data, .size = sizeof(data) };
	bool readable;
	int n = 0;

	(void)arg;
	while (n >= 0 && os_poll(&fd, &readable, 1, OS_NEVER) >= 0) {
		n = os_udp_recv(fd, &request, 1);
		if (n == 1)
			answer(&request);
	}
	os_udp_close(fd);
}

int
view_serve(uint16_t port, view_fill *fill)
{
	struct gen_sctp_addr at = { .family = GEN_SCTP_INET,
				    .ip = { LOOPBACK, 0, 0, 1 },
				    .port = port };
	int error = os_udp_open(&at, BUFFER, &fd);

	if (error != 0)
		return error;
	fill_answer = fill;
	error = os_thread_start("gensctp-status", serve, NULL);
	if (error != 0)
		os_udp_close(fd);
	return error;
}
