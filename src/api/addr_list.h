/*
 * Address strings as the API takes them.
 */
#ifndef GENSCTP_API_ADDR_LIST_H
#define GENSCTP_API_ADDR_LIST_H

#include "gensctp.h"

/* No address, or the zero address alone. */
bool addr_list_is_any(const struct gen_sctp_addrs *list);

#endif
