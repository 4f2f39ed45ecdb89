/*
 * The reserved words of a struct, for what a later version puts there.
 */
#ifndef GENSCTP_API_RESERVED_H
#define GENSCTP_API_RESERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESERVED_WORDS 4

static inline bool
reserved_is_zero(const uint64_t reserved[RESERVED_WORDS])
{
	for (size_t i = 0; i < RESERVED_WORDS; i++)
		if (reserved[i] != 0)
			return false;
	return true;
}

#endif
