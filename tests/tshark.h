/*
 * What tshark, an independent decoder, finds in a capture.
 */
#ifndef TSHARK_H
#define TSHARK_H

#include <stdbool.h>

/* Says so when it is not installed. */
bool tshark_there(void);

/* The values that a field has in the packets that a display filter takes, each
 * once, in order, with a blank behind. One UDP port of every packet is
 * `udp_port`. Good until the next call. */
const char *tshark_values(const char *path, int udp_port, const char *filter,
			  const char *field);

/* There are packets, all of them SCTP; none is malformed, has a wrong checksum
 * or anything that tshark calls an error. */
void tshark_expect_clean(const char *path, int udp_port);

#endif
