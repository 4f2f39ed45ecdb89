/*
 * The sockets of this process, as gensctp status shows them.
 */
#ifndef GENSCTP_API_VIEW_H
#define GENSCTP_API_VIEW_H

#include "view_wire.h"

/* A view_fill (view_server.h). Takes the stack lock for one socket or
 * association at a time. */
void view_sockets(struct view_cursor *at, struct view_codec *out);

#endif
