#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "packet.h"

Suite *crc32c_suite(void);

static const uint8_t read_command[48] = {
	0x01, 0xc0, 0,    0,    0,    0,    0,    0,    0,    0,    0, 0,
	0,    0,    0,    0,    0x14, 0,    0,    0,    0,    0,    4, 0,
	0,    0,    0,    0x14, 0,    0,    0,    0x18, 0x28, 0,    0, 0,
	0,    0,    0,    0,    2,    0,    0,    0,    0,    0,    0, 0,
};

/* RFC 3720 B.4, and the usual check value of a CRC. */
static const struct {
	const char *what;
	size_t len;
	uint32_t crc; /* the RFC prints its bytes, lowest first */
} vectors[] = {
	{ "zeros", 32, 0x8a9136aa },
	{ "ones", 32, 0x62a8ab43 },
	{ "rising", 32, 0x46dd794e },
	{ "falling", 32, 0x113fdb5c },
	{ "read command", 48, 0xd9963a56 },
	{ "123456789", 9, 0xe3069283 },
	{ "nothing", 0, 0 },
};
#define VECTORS (int)(sizeof(vectors) / sizeof(vectors[0]))

static void
fill_vector(int number, uint8_t *data)
{
	int i;

	for (i = 0; i < 32; i++) {
		switch (number) {
		case 1:
			data[i] = 0xff;
			break;
		case 2:
			data[i] = (uint8_t)i;
			break;
		case 3:
			data[i] = (uint8_t)(31 - i);
			break;
		default:
			data[i] = 0;
		}
	}
	if (number == 4)
		memcpy(data, read_command, sizeof(read_command));
	if (number == 5)
		memcpy(data, "123456789", 9);
}

START_TEST(known_vectors_have_their_checksum_by_every_method)
{
	const struct crc32c_method *method;
	uint8_t data[64];
	uint32_t crc;
	size_t i;

	fill_vector(_i, data);
	for (i = 0; (method = crc32c_methods[i]) != NULL; i++) {
		if (!method->prepare())
			continue;
		crc = ~method->update(UINT32_MAX, data, vectors[_i].len);
		ck_assert_msg(crc == vectors[_i].crc, "%s by %s: %08x",
			      vectors[_i].what, method->name, crc);
	}
	crc32c_init();
	ck_assert_uint_eq(crc32c(data, vectors[_i].len), vectors[_i].crc);
}
END_TEST

#define ROOM 20000

static uint8_t *
random_bytes(size_t n)
{
	uint8_t *data = malloc(n);
	size_t i;

	ck_assert_ptr_nonnull(data);
	for (i = 0; i < n; i++)
		data[i] = (uint8_t)(rand() >> 7);
	return data;
}

/* Every length about the limits of the methods' blocks, and some at random. */
static size_t
length(int round)
{
	if (round < 600)
		return (size_t)round;
	if (round < 800)
		return (size_t)(3 * 8 * 170 - 100 + (round - 600));
	return (size_t)rand() % (ROOM - 16);
}

static void
compare_methods(const uint8_t *data, size_t len, uint32_t start)
{
	const struct crc32c_method *method;
	uint32_t expected, crc;
	size_t i;

	expected = crc32c_software.update(start, data, len);
	for (i = 0; (method = crc32c_methods[i]) != NULL; i++) {
		if (!method->prepare())
			continue;
		crc = method->update(start, data, len);
		ck_assert_msg(crc == expected, "%zu bytes by %s", len,
			      method->name);
	}
}

START_TEST(all_methods_agree_at_any_length_and_alignment)
{
	uint8_t *data;
	int round;

	srand(1);
	data = random_bytes(ROOM);
	ck_assert(crc32c_software.prepare());
	for (round = 0; round < 1200; round++)
		compare_methods(data + rand() % 16, length(round),
				(uint32_t)rand());
	free(data);
}
END_TEST

START_TEST(the_checksum_of_a_whole_is_that_of_its_parts_in_turn)
{
	uint8_t *data;
	uint32_t whole, parts;
	size_t cut;

	srand(2);
	data = random_bytes(2000);
	ck_assert(crc32c_software.prepare());
	whole = crc32c_software.update(UINT32_MAX, data, 2000);
	for (cut = 0; cut <= 2000; cut += 13) {
		parts = crc32c_software.update(UINT32_MAX, data, cut);
		parts = crc32c_software.update(parts, data + cut, 2000 - cut);
		ck_assert_uint_eq(parts, whole);
	}
	free(data);
}
END_TEST

START_TEST(the_method_in_force_is_the_first_that_runs_here)
{
	size_t i = 0;

	while (!crc32c_methods[i]->prepare())
		i++;
	crc32c_init();
	ck_assert_str_eq(crc32c_name(), crc32c_methods[i]->name);
}
END_TEST

/* A COOKIE ACK (RFC 9260 3.3.12), the sum over it computed bit by bit. */
static const uint8_t cookie_ack[16] = {
	0x13, 0x88, 0x17, 0x70, 0x01, 0x02, 0x03, 0x04,
	0,    0,    0,    0,    0x0b, 0x00, 0x00, 0x04,
};

static uint32_t
bitwise(const uint8_t *data, size_t len)
{
	uint32_t crc = UINT32_MAX;
	size_t i;
	int bit;

	for (i = 0; i < len; i++) {
		crc ^= data[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

START_TEST(a_packet_carries_its_checksum_lowest_byte_first)
{
	uint8_t data[16];
	struct link_packet p = { .data = data, .len = sizeof(data) };
	uint32_t crc = bitwise(cookie_ack, sizeof(cookie_ack));
	int i;

	crc32c_init();
	memcpy(data, cookie_ack, sizeof(data));
	write_be32(data + 8, 0xdeadbeef); /* what was there does not count */
	packet_set_checksum(&p);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(data[8 + i], crc >> 8 * i & 0xff);
	ck_assert(packet_checksum_ok(&p));
}
END_TEST

START_TEST(a_changed_byte_makes_the_checksum_wrong_and_stays)
{
	uint8_t data[16];
	struct link_packet p = { .data = data, .len = sizeof(data) };

	crc32c_init();
	memcpy(data, cookie_ack, sizeof(data));
	packet_set_checksum(&p);
	data[_i] ^= 0x40;
	ck_assert(!packet_checksum_ok(&p));
	data[_i] ^= 0x40;
	ck_assert(packet_checksum_ok(&p));
}
END_TEST

Suite *
crc32c_suite(void)
{
	Suite *s = suite_create("crc32c");
	TCase *tc = tcase_create("crc32c");

	tcase_add_loop_test(tc,
			    known_vectors_have_their_checksum_by_every_method,
			    0, VECTORS);
	tcase_add_test(tc, all_methods_agree_at_any_length_and_alignment);
	tcase_add_test(tc,
		       the_checksum_of_a_whole_is_that_of_its_parts_in_turn);
	tcase_add_test(tc, the_method_in_force_is_the_first_that_runs_here);
	tcase_add_test(tc, a_packet_carries_its_checksum_lowest_byte_first);
	tcase_add_loop_test(tc,
			    a_changed_byte_makes_the_checksum_wrong_and_stays,
			    0, 16);
	suite_add_tcase(s, tc);
	return s;
}
