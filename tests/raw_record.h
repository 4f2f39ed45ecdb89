/*
 * Seeds for fuzz/fuzz_stack.c, which says what they look like: what raw peers
 * send once their association is up, one file a test, NAME_1, NAME_2, ...
 */
#ifndef RAW_RECORD_H
#define RAW_RECORD_H

#include "raw_peer.h"

/* Names the directory; nothing is recorded without. */
#define RAW_RECORD "GENSCTP_FUZZ_SEEDS"

/* The packets of `victim`'s association, and all of others to the same place,
 * go to the file of that name from now on. */
void raw_record_start(const char *name, const struct raw_peer *victim);
void raw_record_stop(void);
/* r->out is being sent by this socket. */
void raw_record(const struct raw_peer *r, int fd, bool spoilt);

#endif
