/*
 * What the engine's cookie does not say in the conn layer: where the INIT came
 * from. It has the alias only, and 16 bits can be guessed; whoever got a cookie
 * could use it with the address of somebody else (RFC 9260 5.1.5). So the ends
 * of the path go into the INIT, as its last parameter. The engine copies them
 * into the cookie with the rest of the INIT, and signs them.
 */
#ifndef GENSCTP_ENGINE_CONN_COOKIE_H
#define GENSCTP_ENGINE_CONN_COOKIE_H

#include "conn_paths.h"
#include "packet.h"

/* What conn_cookie_mark adds at most. */
#define CONN_COOKIE_MARK 48

/* Marks an INIT that is alone in its packet, in data with that much room behind
 * it. Returns the packet's new length; 0: the INIT is too long. */
size_t conn_cookie_mark(uint8_t *data, size_t len,
			const struct conn_ends *ends);

/* The COOKIE ECHO that a packet begins with, perhaps behind AUTH, or NULL. */
const uint8_t *conn_cookie_echo(const struct link_packet *p);

/* Whether its cookie has the mark of these ends, and the alias in it. That the
 * cookie is ours is the engine's to find out. */
bool conn_cookie_marked(const struct link_packet *p, const uint8_t *echo,
			const struct conn_ends *ends, uint16_t *alias);

#endif
