/*
 * CRC32c without special instructions, eight bytes a step ("slicing by 8").
 *
 * table[0][b] is the register after byte b went through an empty one;
 * table[k][b] is the same after k more zero bytes. As the CRC is linear, the
 * contributions of eight bytes can be looked up apart and added.
 */
#include "crc32c.h"

/* The polynomial 0x1EDC6F41, bits reversed. */
#define CASTAGNOLI 0x82f63b78u

static uint32_t table[8][256];

static uint32_t
shift_byte(uint32_t crc)
{
	int bit;

	for (bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (CASTAGNOLI & (0u - (crc & 1)));
	return crc;
}

static bool
prepare(void)
{
	uint32_t b;
	int k;

	for (b = 0; b < 256; b++)
		table[0][b] = shift_byte(b);
	for (k = 1; k < 8; k++)
		for (b = 0; b < 256; b++)
			table[k][b] = table[k - 1][b] >> 8 ^
				      table[0][table[k - 1][b] & 0xff];
	return true;
}

static uint32_t
read_le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static uint32_t
update(uint32_t crc, const uint8_t *p, size_t len)
{
	uint32_t high;

	for (; len >= 8; p += 8, len -= 8) {
		crc ^= read_le32(p);
		high = read_le32(p + 4);
		crc = table[7][crc & 0xff] ^ table[6][crc >> 8 & 0xff] ^
		      table[5][crc >> 16 & 0xff] ^ table[4][crc >> 24] ^
		      table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
		      table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
	}
	for (; len > 0; p++, len--)
		crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
	return crc;
}

const struct crc32c_method crc32c_software = { "software", prepare, update };
