/*
 * Peers that start again under the same ports and addresses (RFC 9260 s5.2):
 * the link's calls, see link.h. Stack lock held.
 */
#ifndef GENSCTP_ENGINE_RESTART_H
#define GENSCTP_ENGINE_RESTART_H

#include "assoc.h"

bool restart_begin(const struct guard_assoc *old);
void restart_after_input(void);

#endif
