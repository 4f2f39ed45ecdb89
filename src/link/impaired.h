/*
 * Output that is made bad on purpose, for tests of programs: by our address, or
 * all of it. Leaf lock held.
 */
#ifndef GENSCTP_LINK_IMPAIRED_H
#define GENSCTP_LINK_IMPAIRED_H

#include "impair.h"
#include "link.h"

struct udp_socket;

/* Something is bad, or was: either this lock or the stack lock held. */
bool impaired_any(void);

/* A packet from that address is on its way by the socket. False: nothing is bad
 * there, it can leave at once. */
bool impaired_put(const struct gen_sctp_addr *src, const struct os_dgram *d,
		  struct udp_socket *s, os_time now);

/* One that is through, or NULL; its tag is the socket; free() it. */
struct impair_packet *impaired_take(os_time now);

os_time impaired_deadline(void);

/* Packets are on their way by the socket. */
bool impaired_uses(const struct udp_socket *s);

void impaired_counts(struct impair_counts *sum);

#endif
