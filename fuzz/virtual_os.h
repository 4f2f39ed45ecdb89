/*
 * A system for the stack to run on that is the same every time: no other
 * thread, no clock but this one, no chance, one interface, and a network that
 * is this file's user. The linker puts these functions in the place of src/os's
 * and of what usrsctp takes from the C library (--wrap, see Makefile.inc).
 */
#ifndef FUZZ_VIRTUAL_OS_H
#define FUZZ_VIRTUAL_OS_H

#include "os.h"

extern os_time virtual_now;

/* Random numbers begin anew. */
void virtual_reset(void);
/* The next os_udp_recv of any socket gets it. */
void
virtual_arrives(const void *data, size_t len, const struct gen_sctp_addr *src,
		const struct gen_sctp_addr *dst);
/* What the stack sends, one packet a call. */
extern void (*virtual_leaves)(const uint8_t *data, size_t len,
			      const struct gen_sctp_addr *dst);

#endif
