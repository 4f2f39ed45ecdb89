/*
 * CRC32c with the instructions of SSE4.2 and PCLMULQDQ.
 *
 * One crc32 instruction takes eight bytes in one cycle but has its result
 * three cycles later, so three streams run side by side over three equal parts
 * of the data and are put together at the end of the parts.
 *
 * That is polynomial arithmetic. With C the register, crc32(C, M) is
 * C x^64 + M x^32 modulo P. A carry-less product of two registers A and B, read
 * as 64 bits of data, is A B x, because bits are stored in reverse. So
 * crc32(0, A * B) = A B x^33, and moving A on by n bits takes B = x^(n-33).
 * For one word n is 64 and B = x^31, which in reverse is 1; every further word
 * multiplies by x^64, which is crc32(B, 0).
 */
#include "crc32c.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <nmmintrin.h>
#include <string.h>
#include <wmmintrin.h>

#define CRC_TARGET __attribute__((target("sse4.2,pclmul")))

/* Words (8 bytes) of one part at most: three make up 4 kB. */
#define PART_WORDS 170
/* Below this splitting costs more than it saves. */
#define PART_WORDS_MIN 4

/* move[n] moves a register on by n words of zeros; move[0] is not used. */
static uint32_t move[2 * PART_WORDS + 1];

CRC_TARGET static void
prepare_moves(void)
{
	size_t n;

	move[1] = 1;
	for (n = 2; n < sizeof(move) / sizeof(move[0]); n++)
		move[n] = (uint32_t)_mm_crc32_u64(move[n - 1], 0);
}

static bool
prepare(void)
{
	if (!__builtin_cpu_supports("sse4.2") ||
	    !__builtin_cpu_supports("pclmul"))
		return false;
	prepare_moves();
	return true;
}

CRC_TARGET static uint64_t
product(uint64_t crc, uint32_t factor)
{
	__m128i p = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)crc),
					 _mm_cvtsi32_si128((int)factor), 0);

	return (uint64_t)_mm_cvtsi128_si64(p);
}

static uint64_t
read_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Three parts of n words each. */
CRC_TARGET static uint64_t
update_parts(uint64_t crc, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + 8 * n;
	uint64_t second = 0;
	uint64_t third = 0;

	for (; p < end; p += 8) {
		crc = _mm_crc32_u64(crc, read_word(p));
		second = _mm_crc32_u64(second, read_word(p + 8 * n));
		third = _mm_crc32_u64(third, read_word(p + 16 * n));
	}
	return third ^ _mm_crc32_u64(0, product(crc, move[2 * n]) ^
						product(second, move[n]));
}

CRC_TARGET static uint32_t
update(uint32_t start, const uint8_t *p, size_t len)
{
	uint64_t crc = start;
	size_t n;

	while ((n = len / 24) >= PART_WORDS_MIN) {
		if (n > PART_WORDS)
			n = PART_WORDS;
		crc = update_parts(crc, p, n);
		p += 24 * n;
		len -= 24 * n;
	}
	for (; len >= 8; p += 8, len -= 8)
		crc = _mm_crc32_u64(crc, read_word(p));
	for (; len > 0; p++, len--)
		crc = _mm_crc32_u8((uint32_t)crc, *p);
	return (uint32_t)crc;
}

#else

static bool
prepare(void)
{
	return false;
}

#define update NULL

#endif

const struct crc32c_method crc32c_x86 = { "sse4.2", prepare, update };
