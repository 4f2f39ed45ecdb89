/*
 * The capture file: every packet as SCTP sees it, in pcapng with made-up IP and
 * UDP headers, one packet a record whatever batches the system was given.
 * Wireshark takes UDP port 9899 for SCTP by itself; for other ports it needs
 * `tshark -d udp.port==5000,sctp` or its "Decode As".
 *
 * The stack lock is held in all calls. Records are buffered; capture_flush is
 * for the moments when the process is about to wait, and exit writes the rest.
 */
#ifndef GENSCTP_LINK_CAPTURE_H
#define GENSCTP_LINK_CAPTURE_H

#include <stdbool.h>

#include "packet.h"
#include "pcapng.h"

/* -EALREADY: one is running; else the error of the file. */
int capture_start(const char *path);
/* The first error since the start: what came after it is not in the file.
 * 0 when none was running. */
int capture_stop(void);

bool capture_running(void);
/* Nothing if none is running. `comment`, which may be NULL, goes into the
 * record. The packet's ports are those of the UDP header. */
void capture_packet(const struct link_packet *p,
		    enum pcapng_direction direction, const char *comment);
void capture_flush(void);

#endif
