/*
 * The engine's state cookie (struct sctp_state_cookie of usrsctp 0.9.5.0), in
 * which it keeps what it knows of a handshake (RFC 9260 5.1.3):
 *
 *     0  identification (16 bytes)      36+T  address of the INIT (16)
 *    16  time made (T bytes)            52+T  its type, host order
 *  16+T  life, host order               56+T  our address (16), its type, scope
 *  20+T  tie tags: ours, the peer's     80+T  the peer's port, our port
 *  28+T  tag of the INIT, host order    84+T  scopes
 *  32+T  tag of the INIT ACK            96+T  the INIT, the INIT ACK, signature
 *
 * T is the size of a struct timeval. The engine refuses a cookie whose ports
 * and tag are not the packet's, so ours tell which T it is. (The peer's port
 * is an alias in the conn layer.)
 */
#ifndef GENSCTP_LINK_STATE_COOKIE_H
#define GENSCTP_LINK_STATE_COOKIE_H

#include "packet.h"

#define STATE_COOKIE_TIE_TAGS 20
#define STATE_COOKIE_MY_TAG 32
#define STATE_COOKIE_ADDRESS 36
#define STATE_COOKIE_ADDRESS_TYPE 52
#define STATE_COOKIE_LOCAL 56
#define STATE_COOKIE_LOCAL_TYPE 72
#define STATE_COOKIE_PEER_PORT 80
#define STATE_COOKIE_MY_PORT 82
#define STATE_COOKIE_INIT 96

struct state_cookie {
	const uint8_t *at;   /* where these offsets count from */
	const uint8_t *init; /* the INIT chunk */
	size_t init_len;     /* as its header says; inside the cookie */
	/* The INIT ACK chunk, without the cookie; length 0: there is none. */
	const uint8_t *init_ack;
	size_t init_ack_len;
};

/* The cookie of a COOKIE ECHO, without the chunk's header. False: it is none
 * that the engine would take. Nothing of it is proven. */
bool state_cookie_read(const struct link_packet *p, const uint8_t *cookie,
		       size_t len, struct state_cookie *out);

#endif
