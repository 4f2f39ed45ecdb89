#include "json.h"

#include <stdint.h>

/* ----------------------------------------------------------------- UTF-8 */

/* Sequences by their first byte, with what the second may be (RFC 3629 4). */
static const struct {
	uint8_t first, last;
	size_t len;
	uint8_t second_min, second_max;
} sequences[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Its length, 0 where there is none. */
static size_t
sequence(const uint8_t *p, size_t left)
{
	size_t i, n;

	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (p[0] >= sequences[i].first && p[0] <= sequences[i].last)
			break;
	if (i == sizeof(sequences) / sizeof(sequences[0]) ||
	    sequences[i].len > left)
		return 0;
	if (sequences[i].len > 1 && (p[1] < sequences[i].second_min ||
				     p[1] > sequences[i].second_max))
		return 0;
	for (n = 2; n < sequences[i].len; n++)
		if ((p[n] & 0xc0) != 0x80)
			return 0;
	return sequences[i].len;
}

bool
json_is_utf8(const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t n;

	while (len > 0) {
		n = sequence(p, len);
		if (n == 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

/* --------------------------------------------------------------- strings */

static void
character(FILE *out, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", out);
	else if (c == '\t')
		fputs("\\t", out);
	else if (c < 0x20 || c == 0x7f)
		fprintf(out, "\\u%04x", c);
	else
		putc(c, out);
}

void
json_string(FILE *out, const void *text, size_t len)
{
	const unsigned char *p = text;

	putc('"', out);
	while (len-- > 0)
		character(out, *p++);
	putc('"', out);
}

/* Up to three bytes as four digits. */
static void
base64_group(FILE *out, const uint8_t *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)p[0] << 16;

	if (len > 1)
		bits |= (uint32_t)p[1] << 8;
	if (len > 2)
		bits |= p[2];
	putc(digits[bits >> 18], out);
	putc(digits[bits >> 12 & 63], out);
	putc(len > 1 ? digits[bits >> 6 & 63] : '=', out);
	putc(len > 2 ? digits[bits & 63] : '=', out);
}

void
json_base64(FILE *out, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t at;

	putc('"', out);
	for (at = 0; at < len; at += 3)
		base64_group(out, p + at, len - at);
	putc('"', out);
}
