/*
 * CRC32c (Castagnoli), the checksum of SCTP (RFC 9260 appendix A), by the
 * fastest method that the processor has.
 */
#ifndef GENSCTP_LINK_CRC32C_H
#define GENSCTP_LINK_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Chooses the method. Call it before the functions below, again does no harm
 * as long as no other thread computes. */
void crc32c_init(void);

/* The CRC32c of the bytes. */
uint32_t crc32c(const void *data, size_t len);

/* The method in force: "sse4.2", "armv8", "software". */
const char *crc32c_name(void);

/* A way to compute it. */
struct crc32c_method {
	const char *name;
	/* Whether it runs on this processor; prepares its tables. */
	bool (*prepare)(void);
	/* The shift register after the bytes, without the inversions at start
	 * and end, so that data can come in pieces. */
	uint32_t (*update)(uint32_t crc, const uint8_t *data, size_t len);
};

/* All that were compiled in, fastest first, ended by NULL. */
extern const struct crc32c_method *const crc32c_methods[];

extern const struct crc32c_method crc32c_x86;
extern const struct crc32c_method crc32c_arm;
extern const struct crc32c_method crc32c_software;

#endif
