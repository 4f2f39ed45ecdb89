#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "crc32c.h"

Suite *capture_suite(void);

/* ----------------------------------------------------- packets and files */

/* SHUTDOWN ACK (RFC 9260 3.3.9), or one with a chunk that no byte pads. */
static size_t
make_packet(uint8_t *data, size_t len)
{
	struct link_packet p = { .data = data, .len = len };

	memset(data, 0, len);
	write_be16(data, 5000);
	write_be16(data + 2, 6000);
	write_be32(data + 4, 0x01020304);
	data[12] = 8;
	write_be16(data + 14, 4);
	if (len > 16) {
		data[12] = 4; /* HEARTBEAT with its one parameter */
		write_be16(data + 14, (uint16_t)(len - 12));
		data[17] = 1;
		write_be16(data + 18, (uint16_t)(len - 16));
	}
	packet_set_checksum(&p);
	return len;
}

/* Rows of the file that every test of its content writes. */
static const struct row {
	enum gen_sctp_family family;
	enum pcapng_direction direction;
	uint16_t src_port, dst_port;
	size_t len;
	uint8_t tos, ttl;
	const char *comment;
} rows[] = {
	{ GEN_SCTP_INET, PCAPNG_OUT, 9899, 40001, 16, 0x28, 0, NULL },
	{ GEN_SCTP_INET, PCAPNG_IN, 40001, 9899, 1452, 0, 63, NULL },
	{ GEN_SCTP_INET, PCAPNG_IN, 40001, 9899, 20, 0, 64,
	  "dropped: wrong_tag" },
	{ GEN_SCTP_INET6, PCAPNG_OUT, 40002, 9899, 16, 0x2e << 2, 0, NULL },
	{ GEN_SCTP_INET6, PCAPNG_IN, 9899, 40002, 25, 3, 255, "odd length" },
	{ GEN_SCTP_INET, PCAPNG_OUT, 9899, 40001, LINK_MAX_PACKET, 0, 0,
	  NULL },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const uint8_t ipv6_address[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

static struct gen_sctp_addr
address(enum gen_sctp_family family, uint8_t last, uint16_t port)
{
	struct gen_sctp_addr a = { .family = (uint8_t)family, .port = port };

	if (family == GEN_SCTP_INET6) {
		memcpy(a.ip, ipv6_address, sizeof(ipv6_address));
		a.ip[15] = last;
	} else {
		a.ip[0] = 192;
		a.ip[2] = 2;
		a.ip[3] = last;
	}
	return a;
}

static void
capture_rows(const char *path)
{
	static uint8_t data[LINK_MAX_PACKET];
	struct link_packet p;
	size_t i;

	crc32c_init();
	ck_assert_int_eq(capture_start(path), 0);
	for (i = 0; i < ROWS; i++) {
		p.data = data;
		p.len = make_packet(data, rows[i].len);
		p.src = address(rows[i].family, 1, rows[i].src_port);
		p.dst = address(rows[i].family, 2, rows[i].dst_port);
		p.tos = rows[i].tos;
		p.ttl = rows[i].ttl;
		capture_packet(&p, rows[i].direction, rows[i].comment);
	}
	ck_assert_int_eq(capture_stop(), 0);
}

static uint8_t *
read_file(const char *path, size_t *len)
{
	static uint8_t data[1 << 18];
	FILE *f = fopen(path, "rb");

	ck_assert_ptr_nonnull(f);
	*len = fread(data, 1, sizeof(data), f);
	fclose(f);
	return data;
}

static uint32_t
word(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* ---------------------------------------------------- without a decoder */

START_TEST(a_capture_is_whole_blocks_with_their_length_at_both_ends)
{
	static const char path[] = "test_capture_blocks.pcapng";
	size_t len, at = 0, blocks = 0;
	uint8_t *data;
	uint32_t block;

	capture_rows(path);
	data = read_file(path, &len);
	while (at < len) {
		ck_assert_uint_ge(len - at, 12);
		block = word(data + at + 4);
		ck_assert_uint_eq(block % 4, 0);
		ck_assert_uint_le(block, len - at);
		ck_assert_uint_eq(word(data + at + block - 4), block);
		ck_assert_uint_eq(word(data + at), blocks == 0 ? 0x0a0d0d0a :
						   blocks == 1 ? 1 :
								 6);
		at += block;
		blocks++;
	}
	ck_assert_uint_eq(blocks, 2 + ROWS);
	remove(path);
}
END_TEST

START_TEST(a_flush_makes_the_file_complete_so_far)
{
	static const char path[] = "test_capture_flush.pcapng";
	uint8_t bytes[16];
	struct link_packet p = { .data = bytes,
				 .src = address(GEN_SCTP_INET, 1, 1),
				 .dst = address(GEN_SCTP_INET, 2, 2) };
	size_t before, after;

	crc32c_init();
	p.len = make_packet(bytes, sizeof(bytes));
	ck_assert_int_eq(capture_start(path), 0);
	read_file(path, &before);
	capture_packet(&p, PCAPNG_OUT, NULL);
	capture_flush();
	read_file(path, &after);
	/* Frame and fixed part 32, IP, UDP and SCTP 44, flags 8, end 4. */
	ck_assert_uint_eq(after - before, 32 + 44 + 8 + 4);
	ck_assert_int_eq(capture_stop(), 0);
	remove(path);
}
END_TEST

START_TEST(one_capture_runs_at_a_time)
{
	static const char path[] = "test_capture_one.pcapng";

	ck_assert(!capture_running());
	ck_assert_int_eq(capture_start(path), 0);
	ck_assert(capture_running());
	ck_assert_int_eq(capture_start("other.pcapng"), -EALREADY);
	ck_assert_int_eq(capture_stop(), 0);
	ck_assert(!capture_running());
	ck_assert_int_eq(capture_stop(), 0);
	remove(path);
}
END_TEST

START_TEST(a_file_that_cannot_be_made_is_an_error)
{
	ck_assert_int_eq(capture_start("no/such/directory/x.pcapng"), -ENOENT);
	ck_assert(!capture_running());
}
END_TEST

START_TEST(a_full_disk_is_told_when_the_capture_stops)
{
	FILE *full = fopen("/dev/full", "wb");

	if (full == NULL) {
		fprintf(stderr, "SKIP: no /dev/full here\n");
		return;
	}
	fclose(full);
	ck_assert_int_eq(capture_start("/dev/full"), -ENOSPC);
	ck_assert(!capture_running());
}
END_TEST

/* --------------------------------------------------------- with tshark */

#define FIELDS                                                         \
	"-e frame.packet_flags_direction -e ip.src -e ipv6.src "       \
	"-e udp.srcport -e udp.dstport -e ip.dsfield -e ip.ttl "       \
	"-e ipv6.tclass -e ipv6.hlim -e ip.checksum.status "           \
	"-e udp.checksum.status -e sctp.checksum.status "              \
	"-e sctp.srcport -e udp.length -e frame.comment -e _ws.malformed"
#define CHECKS                                                          \
	"-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "         \
	"-o 'sctp.checksum:CRC 32c' "
#define GOOD "1" /* of *.checksum.status */

static void
expect_row(const struct row *row, char *line, size_t size)
{
	bool ipv6 = row->family == GEN_SCTP_INET6;
	int ttl = row->ttl == 0 ? 64 : row->ttl;

	if (ipv6)
		snprintf(line, size,
			 "0x%08x||2001:db8::1|%d|%d|||0x%08x|%d||" GOOD
			 "|" GOOD "|5000|%zu|%s|",
			 row->direction, row->src_port, row->dst_port, row->tos,
			 ttl, row->len + 8,
			 row->comment == NULL ? "" : row->comment);
	else
		snprintf(line, size,
			 "0x%08x|192.0.2.1||%d|%d|0x%02x|%d|||" GOOD "|" GOOD
			 "|" GOOD "|5000|%zu|%s|",
			 row->direction, row->src_port, row->dst_port, row->tos,
			 ttl, row->len + 8,
			 row->comment == NULL ? "" : row->comment);
}

START_TEST(tshark_finds_nothing_wrong)
{
	static const char path[] = "test_capture_tshark.pcapng";
	char line[400], expected[400];
	size_t i;
	FILE *out;

	if (system("tshark --version >/dev/null 2>&1") != 0) {
		fprintf(stderr, "SKIP: no tshark to read a capture with\n");
		return;
	}
	capture_rows(path);
	ck_assert_int_eq(system("tshark -n -r test_capture_tshark.pcapng "
				CHECKS "-T fields -E separator='|' " FIELDS
				" >test_capture_tshark.txt 2>/dev/null"),
			 0);
	out = fopen("test_capture_tshark.txt", "r");
	ck_assert_ptr_nonnull(out);
	for (i = 0; i < ROWS; i++) {
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), out));
		line[strcspn(line, "\r\n")] = '\0';
		expect_row(&rows[i], expected, sizeof(expected));
		ck_assert_str_eq(line, expected);
	}
	ck_assert_ptr_null(fgets(line, sizeof(line), out));
	fclose(out);
	remove(path);
	remove("test_capture_tshark.txt");
}
END_TEST

Suite *
capture_suite(void)
{
	Suite *s = suite_create("capture");
	TCase *tc = tcase_create("capture");

	tcase_set_timeout(tc, 30); /* tshark takes its time to start */
	tcase_add_test(
		tc, a_capture_is_whole_blocks_with_their_length_at_both_ends);
	tcase_add_test(tc, a_flush_makes_the_file_complete_so_far);
	tcase_add_test(tc, one_capture_runs_at_a_time);
	tcase_add_test(tc, a_file_that_cannot_be_made_is_an_error);
	tcase_add_test(tc, a_full_disk_is_told_when_the_capture_stops);
	tcase_add_test(tc, tshark_finds_nothing_wrong);
	suite_add_tcase(s, tc);
	return s;
}
