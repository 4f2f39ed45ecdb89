/*
 * A NAT that runs until it is told to end.
 */
#ifndef GENSCTP_TOOLS_NAT_SERVE_H
#define GENSCTP_TOOLS_NAT_SERVE_H

#include "nat_setup.h"

/* Complains of what it cannot have. */
enum status
nat_serve(const struct nat_setup *setup, const struct options *options);

#endif
