#include "raw_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define COMMON_HEADER 12
#define CHUNK_HEADER  4
#define MAX_OF_A_NAME 20
/* Bytes; longer packets make a fuzzer slow. */
#define MAX_CHUNKS 4096

/* Of fuzz_stack: where a packet comes from, what its tag is. */
enum {
	FROM_SECOND_ADDRESS = 1,
	FROM_STRANGER = 2,
	FROM_OTHER_UDP_PORT = 3,
	TAG_RIGHT = 0 << 2,
	TAG_ZERO = 1 << 2,
	TAG_REFLECTED = 2 << 2,
	TAG_WRONG = 3 << 2,
	SPOILT = 16,
};

/* Of its first byte: what the association is like. */
enum { SECOND_ADDRESS = 1, ACTIVE = 2, WITH_AUTH = 8 };

static FILE *file;
static const struct raw_peer *peer;
/* The numbers of the association when it began. */
static struct {
	uint32_t their_tag, tsn, seen_tsn;
	uint16_t ssn;
} begun;

/* Several loops of a test, and several tests, may use a name. */
static FILE *
create(const char *directory, const char *name)
{
	char path[512];
	FILE *created = NULL;

	for (int i = 1; created == NULL && i < MAX_OF_A_NAME; i++) {
		snprintf(path, sizeof(path), "%s/%s_%d", directory, name, i);
		created = fopen(path, "wbx");
	}
	return created;
}

void
raw_record_start(const char *name, const struct raw_peer *victim)
{
	const char *directory = getenv(RAW_RECORD);

	if (directory == NULL)
		return;
	file = create(directory, name);
	peer = victim;
	begun.their_tag = victim->their_tag;
	begun.tsn = victim->tsn - 1;
	begun.seen_tsn = victim->seen_tsn;
	begun.ssn = victim->ssn;
	if (file != NULL)
		fputc((victim->paths > 1 ? SECOND_ADDRESS : 0) |
			      (victim->accepted ? ACTIVE : 0) |
			      (victim->auth ? WITH_AUTH : 0),
		      file);
}

void
raw_record_stop(void)
{
	if (file != NULL)
		fclose(file);
	file = NULL;
}

static int
place(int fd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	const struct sockaddr_in *at = peer->at;

	memset(&from, 0, sizeof(from));
	getsockname(fd, (struct sockaddr *)&from, &len);
	if (from.sin_addr.s_addr == at[0].sin_addr.s_addr)
		return from.sin_port == at[0].sin_port ? 0
						       : FROM_OTHER_UDP_PORT;
	for (int i = 1; i < peer->paths; i++)
		if (from.sin_addr.s_addr == at[i].sin_addr.s_addr)
			return FROM_SECOND_ADDRESS;
	return FROM_STRANGER;
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

/* Numbers count from where the recording begins, or the association that has
 * been made since. */
static void
count_anew(uint8_t *chunk, size_t len)
{
	bool new_one = peer->their_tag != begun.their_tag;
	uint32_t ssn;

	if (len < 8)
		return;
	if (chunk[0] == RAW_SACK || chunk[0] == RAW_SHUTDOWN)
		put32(chunk + 4, get32(chunk + 4) - (new_one ? peer->their_tsn
							     : begun.seen_tsn));
	if (new_one || (chunk[0] != RAW_DATA && chunk[0] != RAW_FORWARD_TSN))
		return;
	put32(chunk + 4, get32(chunk + 4) - begun.tsn);
	if (len < 12)
		return;
	ssn = get32(chunk + 8);
	put32(chunk + 8, (ssn & 0xffff0000) | ((ssn - begun.ssn) & 0xffff));
}

/* What the file cannot know goes out of it. */
static size_t
abstract(uint8_t *chunks, size_t len)
{
	size_t at = 0, n;

	if (len >= CHUNK_HEADER && chunks[0] == RAW_COOKIE_ECHO)
		len = shorten_cookie(chunks, len);
	for (; at + CHUNK_HEADER <= len; at += (n + 3) & ~(size_t)3) {
		n = (size_t)(chunks[at + 2] << 8 | chunks[at + 3]);
		if (n < CHUNK_HEADER || n > len - at)
			break;
		count_anew(chunks + at, n);
	}
	return len;
}

void
raw_record(const struct raw_peer *r, int fd, bool spoilt)
{
	static uint8_t chunks[MAX_CHUNKS];
	size_t len = r->len - COMMON_HEADER;

	if (file == NULL || len > sizeof(chunks))
		return;
	memcpy(chunks, r->out + COMMON_HEADER, len);
	len = abstract(chunks, len);
	fputc(place(fd) | kind_of_tag(get32(r->out + 4)) |
		      (spoilt ? SPOILT : 0),
	      file);
	fputc((int)(len >> 8 & 0xff), file);
	fputc((int)(len & 0xff), file);
	fwrite(chunks, 1, len, file);
}
