/*
 * The packet guard, one test an attack; docs/security.md lists them by name.
 */
#include <string.h>

#include "guard_rig.h"

/* ---------------------------------------------------- INIT, off-path */

START_TEST(init_with_a_parameter_of_length_0_is_dropped)
{
	uint8_t *p;

	accepted(NOTHING);
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(0x9fff, NOTHING);
	p = rig->k.bytes + SCTP_COMMON_HEADER + INIT_FIXED;
	write_be16(p + 2, (uint16_t)_i); /* 0..3 */
	expect_in(bad_init);
}
END_TEST

START_TEST(init_with_a_parameter_beyond_the_chunk_is_dropped)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(0x9fff, BYTES(1, 2, 3, 4));
	write_be16(rig->k.bytes + SCTP_COMMON_HEADER + INIT_FIXED + 2, 9);
	expect_in(bad_init);
}
END_TEST

START_TEST(init_that_ends_inside_a_parameter_header_is_dropped)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(0x9fff, NOTHING);
	write_be16(rig->k.bytes + SCTP_COMMON_HEADER + 2, INIT_FIXED + 3);
	expect_in(bad_init);
}
END_TEST

/* Fixed fields: offset in the chunk, size, value that the engine takes for a
 * reason to abort the association. */
static const struct fixed_field {
	size_t at, size;
	uint32_t value;
} fixed_fields[] = {
	{ 4, 4, 0 },     /* initiate tag */
	{ 8, 4, 1499 },  /* a_rwnd */
	{ 12, 2, 0 },    /* outbound streams */
	{ 14, 2, 0 },    /* inbound streams */
};

static void
spoil(const struct fixed_field *f)
{
	uint8_t *at = rig->k.bytes + SCTP_COMMON_HEADER + f->at;

	if (f->size == 4)
		write_be32(at, f->value);
	else
		write_be16(at, (uint16_t)f->value);
}

START_TEST(init_with_an_illegal_fixed_field_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	spoil(&fixed_fields[_i]);
	expect_in(bad_init);
}
END_TEST

START_TEST(init_ack_with_an_illegal_fixed_field_is_dropped)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(peer_addr, MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	spoil(&fixed_fields[_i]);
	expect_in(bad_init);
}
END_TEST

START_TEST(init_shorter_than_20_is_dropped)
{
	from(peer_addr, 0);
	chunk(CHUNK_INIT, 0, BYTES(BE32(77), BE32(65536), 0, 10, 0, 10));
	expect_in(bad_chunk);
}
END_TEST

START_TEST(init_longer_than_63487_is_dropped)
{
	static const uint8_t much[63487 - INIT_FIXED - 4 + 1];

	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(PARAM_PAD, much, sizeof(much));
	expect_in(bad_init);
}
END_TEST

START_TEST(init_with_a_tag_in_its_header_is_dropped)
{
	from(peer_addr, 1);
	init(CHUNK_INIT, 77);
	expect_in(wrong_tag);
}
END_TEST

START_TEST(init_that_is_not_alone_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	if (_i == 0)
		SACK();
	init(CHUNK_INIT, 77);
	if (_i == 1)
		SACK();
	if (_i == 2) /* bytes behind it that are no chunk */
		rig->k.p.len += 2;
	expect_in(not_alone);
}
END_TEST

START_TEST(address_parameter_of_illegal_length_is_dropped)
{
	static const uint8_t ip[16] = { 10, 0, 0, 3 };
	static const struct {
		uint16_t type;
		size_t len;
	} rows[] = { { PARAM_IPV4, 0 }, { PARAM_IPV4, 3 }, { PARAM_IPV4, 5 },
		     { PARAM_IPV4, 16 }, { PARAM_IPV6, 4 }, { PARAM_IPV6, 15 } };

	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(rows[_i].type, ip, rows[_i].len);
	expect_in(bad_init);
}
END_TEST

START_TEST(addresses_that_nobody_has_become_padding)
{
	struct gen_sctp_addr v6 = { .family = GEN_SCTP_INET6 };

	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param_addr(ip4(0, 0, 0, 0, 0));
	param_addr(ip4(255, 255, 255, 255, 0));
	param_addr(ip4(224, 0, 0, 1, 0));
	param_addr(v6);
	v6.ip[0] = 0xff;
	param_addr(v6);
	param_addr(peer_addr2);
	expect_in(pass);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_int_eq(param_type(i), PARAM_PAD);
	ck_assert_int_eq(param_type(5), PARAM_IPV4);
	ck_assert_uint_eq(guard_count(rig->g, GUARD_BLANKED), 1);
}
END_TEST

START_TEST(addresses_beyond_the_limit_become_padding)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	for (unsigned i = 0; i < 40; i++)
		param_addr(ip4(10, 1, 0, (uint8_t)(i + 1), 0));
	expect_in(pass);
	for (unsigned i = 0; i < 40; i++)
		ck_assert_int_eq(param_type(i), i < GUARD_MAX_PATHS - 1 ?
					 PARAM_IPV4 : PARAM_PAD);
}
END_TEST

START_TEST(parameters_behind_one_that_stops_become_padding)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	param(0x3fff, NOTHING);
	param_addr(peer_addr2);
	param(0x8000, NOTHING);
	expect_in(pass);
	ck_assert_int_eq(param_type(0), 0x3fff);
	ck_assert_int_eq(param_type(1), PARAM_PAD);
	ck_assert_int_eq(param_type(2), PARAM_PAD);
}
END_TEST

START_TEST(nat_support_parameter_becomes_padding)
{
	if (_i == CHUNK_INIT) {
		from(peer_addr, 0);
	} else {
		to(peer_addr, 0);
		init(CHUNK_INIT, MY_TAG);
		expect_out(pass);
		from(peer_addr, MY_TAG);
	}
	init((uint8_t)_i, 77);
	param(0xc007, NOTHING);
	param(0xc004, BYTES(BE32(1), 0, 5, 0, 8, 10, 0, 0, 3));
	param(0xc000, NOTHING);
	expect_in(pass);
	ck_assert_int_eq(param_type(0), PARAM_PAD);
	ck_assert_int_eq(param_type(1), PARAM_PAD);
	ck_assert_int_eq(param_type(2), 0xc000);
}
END_TEST

/* -------------------------------------------------------------- AUTH */

#define RANDOM (1 << 0)
#define HMAC (1 << 1)
#define LIST (1 << 2)      /* CHUNKS with ASCONF and ASCONF-ACK */
#define LIST_DATA (1 << 3) /* CHUNKS with DATA */
#define EXT_AUTH (1 << 4)
#define EXT_ASCONF (1 << 5)
#define SHORT_RANDOM (1 << 6)
#define HMAC_256 (1 << 7) /* without SHA-1 */
#define HMAC_0 (1 << 8)
#define TWICE (1 << 9) /* two lists of chunks */

static void
auth_params(int what)
{
	static const uint8_t random[32];

	if (what & (RANDOM | SHORT_RANDOM))
		param(0x8002, random, what & RANDOM ? 32 : 31);
	if (what & HMAC)
		param(0x8004, BYTES(0, 3, 0, 1));
	if (what & HMAC_256)
		param(0x8004, BYTES(0, 3));
	if (what & HMAC_0)
		param(0x8004, BYTES(0, 1, 0, 0));
	if (what & LIST_DATA)
		param(0x8003, BYTES(0));
	if (what & (LIST | TWICE))
		param(0x8003, BYTES(CHUNK_ASCONF, CHUNK_ASCONF_ACK));
	if (what & TWICE)
		param(0x8003, BYTES(CHUNK_ASCONF, CHUNK_ASCONF_ACK));
	if ((what & EXT_AUTH) && (what & EXT_ASCONF))
		param(0x8008, BYTES(CHUNK_AUTH, CHUNK_ASCONF,
				    CHUNK_ASCONF_ACK, CHUNK_RE_CONFIG));
	else if (what & EXT_AUTH)
		param(0x8008, BYTES(CHUNK_AUTH));
	else if (what & EXT_ASCONF)
		param(0x8008, BYTES(CHUNK_ASCONF, CHUNK_ASCONF_ACK));
}

static const int contradictions[] = {
	SHORT_RANDOM | HMAC | EXT_AUTH,
	RANDOM | HMAC_256 | EXT_AUTH,
	RANDOM | HMAC_0 | EXT_AUTH,
	LIST_DATA,
	LIST_DATA | RANDOM | EXT_AUTH,
	LIST_DATA | HMAC | EXT_AUTH,
	LIST_DATA | RANDOM | HMAC,
	RANDOM | HMAC | EXT_AUTH | EXT_ASCONF,
	RANDOM | HMAC | EXT_AUTH | EXT_ASCONF | LIST_DATA,
	RANDOM | HMAC | EXT_AUTH | EXT_ASCONF | TWICE,
};

START_TEST(auth_parameters_that_contradict_are_dropped)
{
	accepted(NOTHING);
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	auth_params(contradictions[_i]);
	expect_in(bad_auth_params);
}
END_TEST

static const int agreements[] = {
	0,
	RANDOM | HMAC | EXT_AUTH,
	RANDOM | HMAC | EXT_AUTH | LIST_DATA,
	RANDOM | HMAC | EXT_AUTH | LIST | EXT_ASCONF,
	RANDOM | HMAC, /* AUTH stays off */
};

START_TEST(auth_parameters_that_agree_pass_unchanged)
{
	uint8_t before[256];

	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	auth_params(agreements[_i]);
	memcpy(before, rig->k.bytes, sizeof(before));
	expect_in(pass);
	ck_assert_mem_eq(before, rig->k.bytes, sizeof(before));
}
END_TEST

START_TEST(asconf_without_auth_is_not_announced_to_the_engine)
{
	const uint8_t *types;

	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	auth_params(EXT_ASCONF);
	expect_in(pass);
	types = rig->k.bytes + SCTP_COMMON_HEADER + INIT_FIXED + 4;
	ck_assert_int_eq(types[0], CHUNK_PAD);
	ck_assert_int_eq(types[1], CHUNK_PAD);
}
END_TEST

/* -------------------------------------------------- tags, UDP ports */

/* To the engine it is from somebody else; what gets no answer stays out. */
START_TEST(wrong_tag_from_another_udp_port_does_not_redirect_the_path)
{
	accepted(NOTHING);
	from(ip4(10, 0, 0, 2, 4444), MY_TAG + 1);
	if (_i == 0)
		DATA();
	else
		chunk((uint8_t)_i, 0, NOTHING);
	if (in() == GUARD_PASS)
		ck_assert_uint_ne(rig->k.p.alias, 0);
	else
		ck_assert_uint_eq(guard_count(rig->g, GUARD_BLUE), 1);
	to(peer_addr, PEER_TAG);
	DATA();
	expect_out(pass);
	ck_assert_uint_eq(rig->k.p.dst.port, UDP);
}
END_TEST

START_TEST(cookie_echo_with_a_tag_that_we_never_offered_is_dropped)
{
	accepted(NOTHING);
	from(ip4(10, 0, 0, 2, 4444), 0x33333333);
	cookie_echo(0x33333333, 77, true, peer_addr, NOTHING);
	expect_in(wrong_tag);
	/* from somebody else, with the peer's address in a made-up cookie */
	from(stranger, 0x33333333);
	cookie_echo(0x33333333, 77, true, peer_addr, NOTHING);
	expect_in(wrong_tag);
	from(ip4(10, 0, 0, 2, 4444), 0x33333333);
	cookie_echo(0x33333333, 77, false, peer_addr, NOTHING);
	expect_in(wrong_tag);
}
END_TEST

START_TEST(tag_0_is_for_init_alone)
{
	accepted(NOTHING);
	from(peer_addr, 0);
	if (_i == 0)
		DATA();
	else
		cookie_echo(0, 77, false, peer_addr, NOTHING);
	expect_in(wrong_tag);
}
END_TEST

START_TEST(t_bit_asks_for_the_peers_tag)
{
	static const struct {
		uint8_t type, flags;
		uint32_t tag;
		bool good;
	} rows[] = {
		{ CHUNK_ABORT, 0, MY_TAG, true },
		{ CHUNK_ABORT, 1, PEER_TAG, true },
		{ CHUNK_ABORT, 0, PEER_TAG, false },
		{ CHUNK_ABORT, 1, MY_TAG, false },
		{ CHUNK_SHUTDOWN_COMPLETE, 0, MY_TAG, true },
		{ CHUNK_SHUTDOWN_COMPLETE, 1, PEER_TAG, true },
		{ CHUNK_SHUTDOWN_COMPLETE, 0, PEER_TAG, false },
		{ CHUNK_SHUTDOWN_COMPLETE, 1, MY_TAG, false },
		{ CHUNK_SHUTDOWN_ACK, 1, PEER_TAG, false },
		{ CHUNK_PKTDROP, 1, PEER_TAG, false },
	};

	accepted(NOTHING);
	from(peer_addr, rows[_i].tag);
	if (rows[_i].type == CHUNK_PKTDROP)
		chunk(CHUNK_PKTDROP, 1, BYTES(BE32(0), BE32(0), BE32(0)));
	else
		chunk(rows[_i].type, rows[_i].flags, NOTHING);
	ck_assert_str_eq(guard_verdict_name(in()),
			 rows[_i].good ? "pass" : "wrong_tag");
}
END_TEST

START_TEST(t_bit_counts_for_nothing_while_we_do_not_know_the_peers_tag)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(peer_addr, 0);
	chunk(CHUNK_ABORT, CHUNK_FLAG_T, NOTHING);
	expect_in(wrong_tag);
}
END_TEST

START_TEST(shutdown_ack_with_a_wrong_tag_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, 0x33333333);
	chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
	expect_in(wrong_tag);
}
END_TEST

START_TEST(packets_from_or_to_no_unicast_address_are_dropped)
{
	static const uint8_t first[] = { 0, 224, 239, 255 };

	from(ip4(first[_i], 0, 0, 0, UDP), 1);
	DATA();
	expect_in(bad_address);
	from(peer_addr, 1);
	DATA();
	rig->k.p.dst.ip[0] = first[_i];
	rig->k.p.dst.ip[3] = 0;
	expect_in(bad_address);
}
END_TEST

START_TEST(packets_from_no_ipv6_address_are_dropped)
{
	struct gen_sctp_addr v6 = { .family = GEN_SCTP_INET6, .port = UDP };

	v6.ip[0] = _i ? 0xff : 0;
	from(v6, 1);
	DATA();
	expect_in(bad_address);
}
END_TEST

START_TEST(port_0_is_dropped)
{
	from(peer_addr, 0);
	init(CHUNK_INIT, 77);
	if (_i < 2)
		write_be16(rig->k.bytes + 2 * _i, 0);
	else
		rig->k.p.src.port = 0;
	expect_in(zero_port);
}
END_TEST

/* ------------------------------------------------------------- chunks */

/* Lengths that are wrong for the type. */
static const struct {
	uint8_t type;
	uint8_t len; /* with the header */
} wrong_lengths[] = {
	{ CHUNK_COOKIE_ACK, 8 },      { CHUNK_SHUTDOWN, 4 },
	{ CHUNK_SHUTDOWN, 12 },       { CHUNK_SHUTDOWN_ACK, 8 },
	{ CHUNK_SHUTDOWN_COMPLETE, 8 }, { CHUNK_ECNE, 4 },
	{ CHUNK_ECNE, 16 },           { CHUNK_CWR, 4 },
	{ CHUNK_CWR, 12 },            { CHUNK_DATA, 12 },
	{ CHUNK_I_DATA, 16 },         { CHUNK_SACK, 12 },
	{ CHUNK_NR_SACK, 16 },        { CHUNK_HEARTBEAT, 4 },
	{ CHUNK_HEARTBEAT_ACK, 4 },   { CHUNK_FORWARD_TSN, 4 },
	{ CHUNK_I_FORWARD_TSN, 4 },   { CHUNK_ASCONF_ACK, 4 },
	{ CHUNK_RE_CONFIG, 8 },       { CHUNK_AUTH, 4 },
	{ CHUNK_ASCONF, 8 },          { CHUNK_ASCONF, 16 },
	{ CHUNK_PKTDROP, 12 },        { CHUNK_COOKIE_ECHO, 4 },
};

START_TEST(control_chunk_of_wrong_length_is_dropped)
{
	static const uint8_t zeros[16];

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(wrong_lengths[_i].type, 0, zeros,
	      (size_t)wrong_lengths[_i].len - 4);
	expect_in(bad_chunk);
}
END_TEST

START_TEST(wrong_length_is_found_behind_other_chunks)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	SACK();
	chunk(CHUNK_COOKIE_ACK, 0, BYTES(BE32(0)));
	expect_in(bad_chunk);
}
END_TEST

START_TEST(heartbeat_ack_has_the_length_of_our_heartbeats)
{
	static const uint8_t info[36];

	accepted(NOTHING);
	to(peer_addr, PEER_TAG);
	chunk(CHUNK_HEARTBEAT, 0, info, 36);
	expect_out(pass);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_HEARTBEAT_ACK, 0, info, 36);
	expect_in(pass);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_HEARTBEAT_ACK, 0, info, 32);
	expect_in(bad_chunk);
}
END_TEST

START_TEST(chunk_header_of_length_below_4_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	SACK();
	chunk(0x3f, 0, NOTHING);
	write_be16(rig->k.bytes + rig->k.chunk + 2, (uint16_t)_i);
	expect_in(bad_chunk);
}
END_TEST

START_TEST(chunk_beyond_the_packet_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	DATA();
	write_be16(rig->k.bytes + rig->k.chunk + 2, 21);
	expect_in(bad_chunk);
}
END_TEST

START_TEST(bytes_behind_the_last_chunk_are_dropped)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	SACK();
	rig->k.p.len += (size_t)_i; /* 1..3 */
	expect_in(bad_chunk);
}
END_TEST

START_TEST(last_chunk_may_lack_its_padding)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	DATA();
	rig->k.p.len = rig->k.chunk + 17;
	expect_in(pass);
}
END_TEST

START_TEST(packet_of_a_common_header_is_dropped)
{
	from(peer_addr, MY_TAG);
	rig->k.p.len = (size_t)_i; /* 0..15 */
	expect_in(short);
}
END_TEST

START_TEST(chunk_that_must_be_alone_is_dropped_in_company)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	if (_i & 1)
		SACK();
	if (_i & 2)
		init(CHUNK_INIT_ACK, PEER_TAG);
	else
		chunk(CHUNK_SHUTDOWN_COMPLETE, 0, NOTHING);
	if (!(_i & 1))
		SACK();
	expect_in(not_alone);
}
END_TEST

START_TEST(cookie_echo_behind_another_chunk_is_dropped)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	if (_i == 1)
		chunk(CHUNK_AUTH, 0, BYTES(BE32(0), BE32(0)));
	SACK();
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(bad_chunk);
}
END_TEST

START_TEST(auth_may_precede_a_cookie_echo)
{
	from(peer_addr, MY_TAG);
	chunk(CHUNK_AUTH, 0, BYTES(BE32(0), BE32(0)));
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(pass);
}
END_TEST

/* ------------------------------------- ASCONF from an unknown source */

static void
asconf(struct gen_sctp_addr lookup)
{
	chunk(CHUNK_ASCONF, 0, BYTES(BE32(1)));
	param_addr(lookup);
}

START_TEST(asconf_from_a_stranger_with_company_is_dropped)
{
	static const uint8_t company[] = {
		CHUNK_SHUTDOWN_ACK, CHUNK_COOKIE_ACK, CHUNK_DATA,
		CHUNK_ERROR,        CHUNK_ABORT,      0x3f,
	};

	accepted(NOTHING);
	from(stranger, MY_TAG);
	chunk(CHUNK_AUTH, 0, BYTES(BE32(0), BE32(0)));
	asconf(ip4(0, 0, 0, 0, 0));
	if (company[_i] == CHUNK_DATA)
		DATA();
	else
		chunk(company[_i], 0, NOTHING);
	expect_in(unknown_source);
}
END_TEST

START_TEST(cookie_echo_or_shutdown_complete_behind_asconf_is_dropped)
{
	accepted(NOTHING);
	from(stranger, MY_TAG);
	asconf(ip4(0, 0, 0, 0, 0));
	if (_i == 0) {
		cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
		expect_in(bad_chunk);
	} else {
		chunk(CHUNK_SHUTDOWN_COMPLETE, 0, NOTHING);
		expect_in(not_alone);
	}
}
END_TEST

START_TEST(asconf_from_a_stranger_alone_passes)
{
	accepted(NOTHING);
	from(ip4(10, 0, 0, 9, 4444), MY_TAG);
	if (_i & 1)
		chunk(CHUNK_AUTH, 0, BYTES(BE32(0), BE32(0)));
	asconf(_i & 2 ? peer_addr : ip4(0, 0, 0, 0, 0));
	expect_in(pass);
	/* the engine takes the port for the one of the lookup address */
	ck_assert_uint_eq(rig->k.p.src.port, _i & 2 ? UDP : 4444);
}
END_TEST

START_TEST(asconf_from_a_stranger_for_an_unknown_lookup_address_is_dropped)
{
	accepted(NOTHING);
	from(stranger, MY_TAG);
	asconf(peer_addr2);
	expect_in(unknown_source);
}
END_TEST

START_TEST(other_chunks_from_a_stranger_are_dropped)
{
	accepted(NOTHING);
	from(stranger, MY_TAG);
	DATA();
	expect_in(unknown_source);
}
END_TEST

/* --------------------------------- error causes of the NAT draft, RE-CONFIG */

START_TEST(nat_cause_makes_an_abort_an_abort)
{
	uint16_t cause;

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	if (_i & 1)
		SACK();
	chunk(CHUNK_ABORT, 0, BYTES(0, _i & 2 ? 0xb1 : 0xb0, 0, 4));
	expect_in(pass);
	ck_assert_uint_eq(read_be16(rig->k.bytes + rig->k.chunk + 4), 12);
	ck_assert_int_eq(aborted(&cause), GUARD_ABORT_BY_PEER);
	ck_assert_uint_eq(cause, 12);
}
END_TEST

START_TEST(nat_cause_in_an_error_is_hidden)
{
	static const struct {
		uint8_t body[12];
		size_t len;
	} rows[] = {
		{ { 0, 0xb0, 0, 4 }, 4 },
		{ { 0, 0xb1, 0, 4 }, 4 },
		{ { 0, 5, 0, 8, 1, 2, 3, 4, 0, 0xb1, 0, 4 }, 12 },
		/* the engine steps over a cause of length 1 */
		{ { 0, 5, 0, 1, 0, 0xb0, 0, 4 }, 8 },
	};

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ERROR, 0, rows[_i].body, rows[_i].len);
	SACK();
	expect_in(pass);
	ck_assert_int_eq(chunk_type(0), CHUNK_PAD);
	ck_assert_int_eq(chunk_type(1), CHUNK_SACK);
}
END_TEST

START_TEST(other_causes_pass_unchanged)
{
	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_ERROR, 0, BYTES(0, 6, 0, 8, 0xc1, 0, 0, 4));
	expect_in(pass);
	ck_assert_int_eq(chunk_type(0), CHUNK_ERROR);
	ck_assert_uint_eq(guard_count(rig->g, GUARD_BLANKED), 0);
}
END_TEST

/* Only the wish for more streams of ours is made too large. */
START_TEST(reconfig_can_be_denied_streams)
{
	static const uint8_t wanted[] = {
		0, 17, 0, 12, BE32(1), 0, 1, 0, 0,
		0, 18, 0, 12, BE32(2), 0, 1, 0, 0,
	};
	static const uint8_t denied[] = {
		0, 17, 0, 12, BE32(1), 0, 1, 0, 0,
		0, 18, 0, 12, BE32(2), 0xff, 0xff, 0, 0,
	};

	accepted(NOTHING);
	from(peer_addr, MY_TAG);
	SACK();
	expect_in(pass);
	ck_assert(!rig->k.p.reconfig);
	from(peer_addr, MY_TAG);
	chunk(CHUNK_RE_CONFIG, 0, wanted, sizeof(wanted));
	expect_in(pass);
	ck_assert(rig->k.p.reconfig);
	guard_deny_streams(&rig->k.p);
	ck_assert_int_eq(memcmp(rig->k.p.data + 16, denied, sizeof(denied)), 0);
}
END_TEST

START_TEST(reconfig_after_our_shutdown_is_hidden)
{
	accepted(NOTHING);
	for (int i = 0; i < 2; i++) {
		from(peer_addr, MY_TAG);
		SACK();
		chunk(CHUNK_RE_CONFIG, 0,
		      BYTES(0, 17, 0, 12, BE32(1), 0, 1, 0, 0));
		expect_in(pass);
		ck_assert_int_eq(chunk_type(1),
				 i ? CHUNK_PAD : CHUNK_RE_CONFIG);
		to(peer_addr, PEER_TAG);
		if (_i == 0)
			chunk(CHUNK_SHUTDOWN, 0, BYTES(BE32(0)));
		else
			chunk(CHUNK_SHUTDOWN_ACK, 0, NOTHING);
		expect_out(pass);
	}
}
END_TEST

/* --------------------------------------------------------- duplicate cookie */

START_TEST(cookie_echo_of_an_association_that_is_up_is_dropped)
{
	accepted(NOTHING);
	peer_speaks();
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(old_cookie);
}
END_TEST

START_TEST(cookie_echo_that_would_remove_addresses_is_dropped)
{
	accepted(&peer_addr2, 1);
	from(peer_addr, MY_TAG);
	cookie_echo(MY_TAG, PEER_TAG, false, peer_addr, NOTHING);
	expect_in(cookie_paths);
}
END_TEST

START_TEST(cookie_echo_of_a_third_party_does_not_disturb_a_connect)
{
	to(peer_addr, 0);
	init(CHUNK_INIT, MY_TAG);
	expect_out(pass);
	from(stranger, 0x33333333);
	cookie_echo(0x33333333, 77, false, stranger, &peer_addr, 1);
	expect_in(cookie_paths);
}
END_TEST

START_TEST(init_ack_is_let_in_only_for_an_unanswered_init)
{
	if (_i == 0)
		accepted(NOTHING);
	else
		connected(NOTHING);
	from(peer_addr, _i == 2 ? 0x33333333 : MY_TAG);
	init(CHUNK_INIT_ACK, PEER_TAG);
	expect_in(unexpected_init_ack);
}
END_TEST

START_TEST(verdicts_have_names_and_are_counted)
{
	ck_assert_str_eq(guard_verdict_name(GUARD_CHECKSUM), "checksum");
	for (enum guard_verdict v = GUARD_PASS; v < GUARD_VERDICTS; v++)
		ck_assert_uint_gt(strlen(guard_verdict_text(v)), 0);
	guard_note(rig->g, GUARD_CHECKSUM);
	ck_assert_uint_eq(guard_count(rig->g, GUARD_CHECKSUM), 1);
	from(peer_addr, 1);
	init(CHUNK_INIT, 77);
	expect_in(wrong_tag);
	ck_assert_uint_eq(guard_count(rig->g, GUARD_TAG), 1);
}
END_TEST

#define LENGTH(a) ((int)(sizeof(a) / sizeof((a)[0])))

static void
add_init_tests(TCase *tc)
{
	tcase_add_loop_test(tc, init_with_a_parameter_of_length_0_is_dropped,
			    0, 4);
	tcase_add_test(tc, init_with_a_parameter_beyond_the_chunk_is_dropped);
	tcase_add_test(tc, init_that_ends_inside_a_parameter_header_is_dropped);
	tcase_add_loop_test(tc, init_with_an_illegal_fixed_field_is_dropped, 0,
			    LENGTH(fixed_fields));
	tcase_add_loop_test(tc, init_ack_with_an_illegal_fixed_field_is_dropped,
			    0, LENGTH(fixed_fields));
	tcase_add_test(tc, init_shorter_than_20_is_dropped);
	tcase_add_test(tc, init_longer_than_63487_is_dropped);
	tcase_add_test(tc, init_with_a_tag_in_its_header_is_dropped);
	tcase_add_loop_test(tc, init_that_is_not_alone_is_dropped, 0, 3);
	tcase_add_loop_test(tc, address_parameter_of_illegal_length_is_dropped,
			    0, 6);
	tcase_add_test(tc, addresses_that_nobody_has_become_padding);
	tcase_add_test(tc, addresses_beyond_the_limit_become_padding);
	tcase_add_test(tc, parameters_behind_one_that_stops_become_padding);
	tcase_add_loop_test(tc, nat_support_parameter_becomes_padding,
			    CHUNK_INIT, CHUNK_INIT_ACK + 1);
	tcase_add_loop_test(tc, auth_parameters_that_contradict_are_dropped, 0,
			    LENGTH(contradictions));
	tcase_add_loop_test(tc, auth_parameters_that_agree_pass_unchanged, 0,
			    LENGTH(agreements));
	tcase_add_test(tc, asconf_without_auth_is_not_announced_to_the_engine);
}

static void
add_tag_tests(TCase *tc)
{
	/* DATA and those of 4 bytes, each as the first chunk */
	tcase_add_loop_test(
		tc, wrong_tag_from_another_udp_port_does_not_redirect_the_path,
		CHUNK_DATA, CHUNK_DATA + 1);
	tcase_add_loop_test(
		tc, wrong_tag_from_another_udp_port_does_not_redirect_the_path,
		CHUNK_SHUTDOWN_ACK, CHUNK_ERROR + 1);
	tcase_add_loop_test(
		tc, wrong_tag_from_another_udp_port_does_not_redirect_the_path,
		CHUNK_COOKIE_ACK, CHUNK_COOKIE_ACK + 1);
	tcase_add_test(tc,
		       cookie_echo_with_a_tag_that_we_never_offered_is_dropped);
	tcase_add_loop_test(tc, tag_0_is_for_init_alone, 0, 2);
	tcase_add_loop_test(tc, t_bit_asks_for_the_peers_tag, 0, 10);
	tcase_add_test(
		tc, t_bit_counts_for_nothing_while_we_do_not_know_the_peers_tag);
	tcase_add_test(tc, shutdown_ack_with_a_wrong_tag_is_dropped);
	tcase_add_loop_test(
		tc, packets_from_or_to_no_unicast_address_are_dropped, 0, 4);
	tcase_add_loop_test(tc, packets_from_no_ipv6_address_are_dropped, 0, 2);
	tcase_add_loop_test(tc, port_0_is_dropped, 0, 3);
}

static void
add_chunk_tests(TCase *tc)
{
	tcase_add_loop_test(tc, control_chunk_of_wrong_length_is_dropped, 0,
			    LENGTH(wrong_lengths));
	tcase_add_test(tc, wrong_length_is_found_behind_other_chunks);
	tcase_add_test(tc, heartbeat_ack_has_the_length_of_our_heartbeats);
	tcase_add_loop_test(tc, chunk_header_of_length_below_4_is_dropped, 0,
			    4);
	tcase_add_test(tc, chunk_beyond_the_packet_is_dropped);
	tcase_add_loop_test(tc, bytes_behind_the_last_chunk_are_dropped, 1, 4);
	tcase_add_test(tc, last_chunk_may_lack_its_padding);
	tcase_add_loop_test(tc, packet_of_a_common_header_is_dropped, 0, 16);
	tcase_add_loop_test(tc, chunk_that_must_be_alone_is_dropped_in_company,
			    0, 4);
	tcase_add_loop_test(tc, cookie_echo_behind_another_chunk_is_dropped, 0,
			    2);
	tcase_add_test(tc, auth_may_precede_a_cookie_echo);
}

static void
add_peer_tests(TCase *tc)
{
	tcase_add_loop_test(tc, asconf_from_a_stranger_with_company_is_dropped,
			    0, 6);
	tcase_add_loop_test(
		tc, cookie_echo_or_shutdown_complete_behind_asconf_is_dropped,
		0, 2);
	tcase_add_loop_test(tc, asconf_from_a_stranger_alone_passes, 0, 4);
	tcase_add_test(
		tc,
		asconf_from_a_stranger_for_an_unknown_lookup_address_is_dropped);
	tcase_add_test(tc, other_chunks_from_a_stranger_are_dropped);
	tcase_add_loop_test(tc, nat_cause_makes_an_abort_an_abort, 0, 4);
	tcase_add_loop_test(tc, nat_cause_in_an_error_is_hidden, 0, 4);
	tcase_add_test(tc, other_causes_pass_unchanged);
	tcase_add_test(tc, reconfig_can_be_denied_streams);
	tcase_add_loop_test(tc, reconfig_after_our_shutdown_is_hidden, 0, 2);
	tcase_add_test(tc, cookie_echo_of_an_association_that_is_up_is_dropped);
	tcase_add_test(tc, cookie_echo_that_would_remove_addresses_is_dropped);
	tcase_add_test(
		tc, cookie_echo_of_a_third_party_does_not_disturb_a_connect);
	tcase_add_loop_test(
		tc, init_ack_is_let_in_only_for_an_unanswered_init, 0, 3);
	tcase_add_test(tc, verdicts_have_names_and_are_counted);
}

TCase *
guard_attack_cases(void)
{
	TCase *tc = tcase_create("attacks");

	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	add_init_tests(tc);
	add_tag_tests(tc);
	add_chunk_tests(tc);
	add_peer_tests(tc);
	return tc;
}

Suite *
guard_suite(void)
{
	Suite *s = suite_create("guard");

	suite_add_tcase(s, guard_attack_cases());
	suite_add_tcase(s, guard_handshake_cases());
	suite_add_tcase(s, guard_restart_cases());
	suite_add_tcase(s, guard_path_cases());
	suite_add_tcase(s, guard_alias_cases());
	suite_add_tcase(s, guard_limit_cases());
	suite_add_tcase(s, guard_told_cases());
	return s;
}
