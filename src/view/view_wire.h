/*
 * What a program tells gensctp status of its sockets: records in datagrams,
 * between this library and this command only. A request asks for what there is
 * from a cursor on; one datagram answers it, with the cursor of what is next.
 * So nothing is kept between requests, and nothing is sent unasked.
 */
#ifndef GENSCTP_VIEW_VIEW_WIRE_H
#define GENSCTP_VIEW_VIEW_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gensctp.h"

#define VIEW_VERSION  1
#define VIEW_DATAGRAM 8192 /* bytes, at most; every loopback takes it */

/* Slot 0 is the process, slot i + 1 its socket i. Of an association, and of a
 * socket (association 0), item 0 is itself, then come paths or addresses. */
struct view_cursor {
	uint32_t slot, assoc, item;
};
#define VIEW_END UINT32_MAX /* as slot: that was all */

/* In front of request and answer. */
struct view_header {
	uint16_t version; /* the answer's may be another than was asked with */
	uint32_t query;	  /* the asker's number, which comes back */
	struct view_cursor cursor;
};

enum view_kind {
	VIEW_PROCESS = 1,
	VIEW_SOCKET,
	VIEW_ADDRESS, /* of the socket before */
	VIEW_ASSOC,   /* of that socket, too */
	VIEW_PATH,    /* of the association before */
};

struct view_process {
	char version[16], ip_layer[16];
	uint64_t closing; /* associations that end in the background */
};

struct view_socket {
	gen_sctp_socket_t handle;
	enum gen_sctp_type type;
	bool listening;
	struct gen_sctp_active active;
	uint16_t sctp_port, udp_port;
};

struct view_assoc {
	gen_sctp_assoc_id_t id;
	enum gen_sctp_assoc_state state;
	uint16_t outbound_streams, inbound_streams;
	uint64_t pending; /* bytes sent that are not acknowledged */
	uint32_t window;  /* bytes the peer can still take */
};

struct view_record {
	enum view_kind kind;
	union {
		struct view_process process;
		struct view_socket socket;
		struct gen_sctp_addr address;
		struct view_assoc assoc;
		struct gen_sctp_path path;
	} u;
};

/* A datagram that is written or read. */
struct view_codec {
	uint8_t *at, *end;
	bool writing;
	bool failed; /* no room, or it ended early, or it is something else */
};

struct view_codec view_writer(void *data, size_t size);
/* Does not change the data. */
struct view_codec view_reader(void *data, size_t len);

/* The header, first. Of one of another version only the version is read. False:
 * it is none of ours. */
bool view_header(struct view_codec *c, struct view_header *h);

/* The next record. False: there is no room, and nothing was written; or there
 * is none to read, or one that makes no sense (c->failed). */
bool view_record(struct view_codec *c, struct view_record *record);

#endif
