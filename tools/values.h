/*
 * Values of options as people write them.
 */
#ifndef GENSCTP_TOOLS_VALUES_H
#define GENSCTP_TOOLS_VALUES_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 10, 0x1f; never negative. */
bool value_number(const char *text, int64_t *value);

/* Bytes: 4096, 64k, 16M, 1G, in powers of 1024. */
bool value_size(const char *text, int64_t *bytes);

/* Milliseconds of 500ms, 1.5s, 2min, 1h; only 0 needs no unit. */
bool value_duration(const char *text, int64_t *ms);

/* IP addresses that '/' or ',' joins, behind the *n that there are, at most max
 * in all. "any" and "loopback" are of that family, else IPv4. Where one is wrong,
 * those before it are there. */
bool value_addresses(const char *text, enum gen_sctp_family family,
		     struct gen_sctp_addr *addrs, size_t max, size_t *n);

#endif
