/*
 * CRC32c with the optional CRC instructions of ARMv8-A.
 */
#include "crc32c.h"

#if defined(__AARCH64EL__) && defined(__GNUC__)

#include <string.h>

#include "os.h"

static bool
prepare(void)
{
#ifdef __ARM_FEATURE_CRC32
	return true;
#else
	return os_cpu_has_crc32();
#endif
}

/* Assembly, because compilers do not agree on how to allow the intrinsics to
 * a single function. */

static inline uint32_t
crc_word(uint32_t crc, uint64_t word)
{
	__asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1"
		: "+r"(crc)
		: "r"(word));
	return crc;
}

static inline uint32_t
crc_byte(uint32_t crc, uint32_t byte)
{
	__asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1"
		: "+r"(crc)
		: "r"(byte));
	return crc;
}

static uint32_t
update(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, sizeof(word));
		crc = crc_word(crc, word);
	}
	for (; len > 0; p++, len--)
		crc = crc_byte(crc, *p);
	return crc;
}

#else

static bool
prepare(void)
{
	return false;
}

#define update NULL

#endif

const struct crc32c_method crc32c_arm = { "armv8", prepare, update };
