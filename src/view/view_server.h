/*
 * The answering end of gensctp status (view_wire.h): a UDP socket on 127.0.0.1
 * and a thread that sleeps until somebody asks. It keeps nothing of who asks,
 * and holds no lock while it sends.
 */
#ifndef GENSCTP_VIEW_VIEW_SERVER_H
#define GENSCTP_VIEW_VIEW_SERVER_H

#include <stdint.h>

#include "view_wire.h"

/* Writes records from the cursor on until there is no room for the next one,
 * and moves the cursor there; its slot is VIEW_END when there is none. */
typedef void view_fill(struct view_cursor *at, struct view_codec *out);

/* Once a process, which it goes on answering until it ends. -EADDRINUSE. */
int view_serve(uint16_t port, view_fill *fill);

#endif
