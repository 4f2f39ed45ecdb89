/*
 * Lists of options as the API takes them. Stack lock held.
 */
#ifndef GENSCTP_API_SET_OPTIONS_H
#define GENSCTP_API_SET_OPTIONS_H

#include "endpoint.h"

/* Checks all, then sets all in order. *bad, which may be NULL, is the index of
 * the one that failed. */
int set_options(struct endpoint *ep, const struct gen_sctp_opt *opts,
		size_t n, size_t *bad);

#endif
