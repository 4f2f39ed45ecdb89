#include "os.h"

#if defined(__linux__) && defined(__aarch64__)

#include <sys/auxv.h>

/* HWCAP_CRC32 of <asm/hwcap.h>. */
#define CRC32_BIT (1ul << 7)

bool
os_cpu_has_crc32(void)
{
	return (getauxval(AT_HWCAP) & CRC32_BIT) != 0;
}

#else

bool
os_cpu_has_crc32(void)
{
	return false;
}

#endif
