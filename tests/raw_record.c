#include "raw_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMON_HEADER 12
#define CHUNK_HEADER  4

/* Of fuzz_stack: where a packet comes from, what its tag is. */
enum {
	FROM_SECOND_ADDRESS = 1,
	FROM_STRANGER = 2,
	FROM_OTHER_UDP_PORT = 3,
	TAG_RIGHT = 0 << 2,
	TAG_ZERO = 1 << 2,
	TAG_REFLECTED = 2 << 2,
	TAG_WRONG = 3 << 2,
};

static FILE *file;
static const struct raw_peer *peer;

void
raw_record_start(const char *name, const struct raw_peer *victim)
{
	const char *directory = getenv(RAW_RECORD);
	char path[512];

	if (directory == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	peer = victim;
	if (file != NULL)
		fputc(victim->paths > 1, file);
}

void
raw_record_stop(void)
{
	if (file != NULL)
		fclose(file);
	file = NULL;
}

static int
place(const struct raw_peer *r, int fd)
{
	if (fd == peer->fds[0])
		return 0;
	for (int i = 0; i < r->paths; i++)
		if (r->fds[i] == fd &&
		    r->at[i].sin_addr.s_addr != peer->at[0].sin_addr.s_addr)
			return peer->paths > 1 ? FROM_SECOND_ADDRESS
					       : FROM_STRANGER;
	return FROM_OTHER_UDP_PORT;
}

static uint32_t
get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static void
put32(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 24);
	at[1] = (uint8_t)(v >> 16);
	at[2] = (uint8_t)(v >> 8);
	at[3] = (uint8_t)v;
}

static int
kind_of_tag(uint32_t vtag)
{
	if (vtag == 0)
		return TAG_ZERO;
	if (vtag == peer->their_tag)
		return TAG_RIGHT;
	return vtag == peer->tag ? TAG_REFLECTED : TAG_WRONG;
}

/* The real cookie is put in there. */
static size_t
shorten_cookie(uint8_t *chunks, size_t len)
{
	static const uint8_t stand_in[8] = { RAW_COOKIE_ECHO, 0, 0, 8 };
	size_t cookie = (size_t)(chunks[2] << 8 | chunks[3]);

	cookie = (cookie + 3) & ~(size_t)3;
	if (cookie > len || cookie < sizeof(stand_in))
		return len;
	memcpy(chunks, stand_in, sizeof(stand_in));
	memmove(chunks + sizeof(stand_in), chunks + cookie, len - cookie);
	return sizeof(stand_in) + len - cookie;
}

/* What depends on the other side's numbers becomes relative to them. */
static size_t
abstract(uint8_t *chunks, size_t len)
{
	if (len < CHUNK_HEADER + 4)
		return len;
	if (chunks[0] == RAW_SACK || chunks[0] == RAW_SHUTDOWN)
		put32(chunks + 4, get32(chunks + 4) - peer->their_tsn);
	if (chunks[0] == RAW_COOKIE_ECHO)
		return shorten_cookie(chunks, len);
	return len;
}

void
raw_record(const struct raw_peer *r, int fd)
{
	static uint8_t chunks[RAW_PACKET];
	size_t len = r->len - COMMON_HEADER;

	if (file == NULL || r->len < COMMON_HEADER)
		return;
	memcpy(chunks, r->out + COMMON_HEADER, len);
	len = abstract(chunks, len);
	fputc(place(r, fd) | kind_of_tag(get32(r->out + 4)), file);
	fputc((int)(len >> 8 & 0xff), file);
	fputc((int)(len & 0xff), file);
	fwrite(chunks, 1, len, file);
}
