/*
 * Every option and every field, on sockets and on associations.
 */
#include "api_options.h"

#include <limits.h>

/* ---------------------------------------------- flags and numbers: a table */

enum kind { FLAG, NUMBER };

static const struct simple {
	enum gen_sctp_opt_name name;
	enum kind kind;
	int64_t value;
	int result;
} simple[] = {
	{ GEN_SCTP_OPT_REUSEADDR, FLAG, true, 0 },
	{ GEN_SCTP_OPT_REUSEADDR, FLAG, false, 0 },
	{ GEN_SCTP_OPT_NODELAY, FLAG, true, 0 },
	{ GEN_SCTP_OPT_NODELAY, FLAG, false, 0 },
	{ GEN_SCTP_OPT_NON_BLOCK_SEND, FLAG, true, 0 },
	{ GEN_SCTP_OPT_NON_BLOCK_SEND, FLAG, false, 0 },
	{ GEN_SCTP_OPT_SNDBUF, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_SNDBUF, NUMBER, 4096, 0 },
	{ GEN_SCTP_OPT_SNDBUF, NUMBER, 1 << 30, 0 },
	{ GEN_SCTP_OPT_SNDBUF, NUMBER, (1 << 30) + 1, -EINVAL },
	{ GEN_SCTP_OPT_RECBUF, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_RECBUF, NUMBER, 4096, 0 },
	{ GEN_SCTP_OPT_RECBUF, NUMBER, 1 << 30, 0 },
	{ GEN_SCTP_OPT_RECBUF, NUMBER, INT64_MAX, -EINVAL },
	{ GEN_SCTP_OPT_SEND_TIMEOUT, NUMBER, -2, -EINVAL },
	{ GEN_SCTP_OPT_SEND_TIMEOUT, NUMBER, -1, 0 },
	{ GEN_SCTP_OPT_SEND_TIMEOUT, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_SEND_TIMEOUT, NUMBER, INT_MAX, 0 },
	{ GEN_SCTP_OPT_SEND_TIMEOUT, NUMBER, (int64_t)INT_MAX + 1, -EINVAL },
	{ GEN_SCTP_OPT_AUTOCLOSE, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_AUTOCLOSE, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_AUTOCLOSE, NUMBER, INT_MAX / 1000, 0 },
	{ GEN_SCTP_OPT_AUTOCLOSE, NUMBER, INT_MAX / 1000 + 1, -EINVAL },
	{ GEN_SCTP_OPT_TOS, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_TOS, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_TOS, NUMBER, 0xfc, 0 },
	{ GEN_SCTP_OPT_TOS, NUMBER, 256, -EINVAL },
	{ GEN_SCTP_OPT_TTL, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_TTL, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_TTL, NUMBER, 255, 0 },
	{ GEN_SCTP_OPT_TTL, NUMBER, 256, -EINVAL },
	{ GEN_SCTP_OPT_PRIORITY, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_PRIORITY, NUMBER, 7, 0 },
	{ GEN_SCTP_OPT_PRIORITY, NUMBER, 8, -EINVAL },
	{ GEN_SCTP_OPT_DONTROUTE, FLAG, true, 0 },
	{ GEN_SCTP_OPT_DONTROUTE, FLAG, false, 0 },
	{ GEN_SCTP_OPT_RECVTOS, FLAG, true, 0 },
	{ GEN_SCTP_OPT_RECVTOS, FLAG, false, 0 },
	{ GEN_SCTP_OPT_RECVTTL, FLAG, true, 0 },
	{ GEN_SCTP_OPT_RECVTTL, FLAG, false, 0 },
	{ GEN_SCTP_OPT_BUFFER, NUMBER, 0, -EINVAL },
	{ GEN_SCTP_OPT_BUFFER, NUMBER, 1, 0 },
	{ GEN_SCTP_OPT_BUFFER, NUMBER, 1 << 30, 0 },
	{ GEN_SCTP_OPT_BUFFER, NUMBER, (1 << 30) + 1, -EINVAL },
	{ GEN_SCTP_OPT_HIGH_MSGQ_WATERMARK, NUMBER, 0, -EINVAL },
	{ GEN_SCTP_OPT_HIGH_MSGQ_WATERMARK, NUMBER, 1, 0 },
	{ GEN_SCTP_OPT_HIGH_MSGQ_WATERMARK, NUMBER, (1 << 30) + 1, -EINVAL },
	{ GEN_SCTP_OPT_LOW_MSGQ_WATERMARK, NUMBER, 0, -EINVAL },
	{ GEN_SCTP_OPT_LOW_MSGQ_WATERMARK, NUMBER, 1, 0 },
	{ GEN_SCTP_OPT_LOW_MSGQ_WATERMARK, NUMBER, (1 << 30) + 1, -EINVAL },
	{ GEN_SCTP_OPT_DISABLE_FRAGMENTS, FLAG, true, 0 },
	{ GEN_SCTP_OPT_DISABLE_FRAGMENTS, FLAG, false, 0 },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, 511, -EINVAL },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, 512, 0 },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, 65532, 0 },
	{ GEN_SCTP_OPT_MAXSEG, NUMBER, 65533, -EINVAL },
	{ GEN_SCTP_OPT_BUSY_POLL, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_BUSY_POLL, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_BUSY_POLL, NUMBER, 1000000, 0 },
	{ GEN_SCTP_OPT_BUSY_POLL, NUMBER, 1000001, -EINVAL },
	{ GEN_SCTP_OPT_ADAPTATION_LAYER, NUMBER, -1, -EINVAL },
	{ GEN_SCTP_OPT_ADAPTATION_LAYER, NUMBER, 0, 0 },
	{ GEN_SCTP_OPT_ADAPTATION_LAYER, NUMBER, UINT32_MAX, 0 },
	{ GEN_SCTP_OPT_ADAPTATION_LAYER, NUMBER, (int64_t)UINT32_MAX + 1,
	  -EINVAL },
	{ GEN_SCTP_OPT_MAX_ASSOCIATIONS, NUMBER, 0, -EINVAL },
	{ GEN_SCTP_OPT_MAX_ASSOCIATIONS, NUMBER, 1, 0 },
	{ GEN_SCTP_OPT_MAX_ASSOCIATIONS, NUMBER, INT_MAX, 0 },
	{ GEN_SCTP_OPT_MAX_ASSOCIATIONS, NUMBER, (int64_t)INT_MAX + 1,
	  -EINVAL },
};

static struct gen_sctp_opt
simple_opt(const struct simple *row)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(row->name);

	if (row->kind == FLAG)
		opt.value.flag = row->value != 0;
	else
		opt.value.number = row->value;
	return opt;
}

static void
expect_simple(gen_sctp_socket_t s, const struct simple *row)
{
	struct gen_sctp_opt opt = got(s, gen_sctp_opt_get(row->name));

	if (row->kind == FLAG)
		ck_assert_int_eq(opt.value.flag, row->value != 0);
	else
		ck_assert_int_eq(opt.value.number, row->value);
}

START_TEST(flags_and_numbers_are_checked_kept_and_read)
{
	const struct simple *row = &simple[_i];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(set(s, simple_opt(row)), row->result);
	if (row->result == 0)
		expect_simple(s, row);
	rig_close(s);
}
END_TEST

START_TEST(flags_and_numbers_can_be_given_to_open)
{
	const struct simple *row = &simple[_i];
	struct gen_sctp_opt opt = simple_opt(row);
	gen_sctp_socket_t s;

	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &s, NULL), row->result);
	if (row->result != 0)
		return;
	expect_simple(s, row);
	rig_close(s);
}
END_TEST

/* ---------------------------------------------- fields of records: a table */

#define AT(member) offsetof(struct gen_sctp_opt, value.member)
#define FIELD(NAME, record, field, bit) \
	.name = GEN_SCTP_OPT_##NAME, .set_at = AT(record.set), \
	.at = AT(record.field), .mask = (bit), \
	.size = sizeof(((struct gen_sctp_opt *)0)->value.record.field)

/* Each with its range and a value that is not the default. */
static const struct field {
	enum gen_sctp_opt_name name;
	size_t set_at, at, size;
	uint32_t mask;
	uint32_t lowest, highest, value;
} fields[] = {
	{ FIELD(INITMSG, initmsg, num_ostreams, GEN_SCTP_INITMSG_NUM_OSTREAMS),
	  .lowest = 1, .highest = 65535, .value = 17 },
	{ FIELD(INITMSG, initmsg, max_instreams,
		GEN_SCTP_INITMSG_MAX_INSTREAMS),
	  .lowest = 1, .highest = 65535, .value = 18 },
	{ FIELD(INITMSG, initmsg, max_attempts, GEN_SCTP_INITMSG_MAX_ATTEMPTS),
	  .lowest = 1, .highest = 65535, .value = 3 },
	{ FIELD(INITMSG, initmsg, max_init_timeo,
		GEN_SCTP_INITMSG_MAX_INIT_TIMEO),
	  .lowest = 1, .highest = 65535, .value = 700 },
	/* Within the defaults of the other two. */
	{ FIELD(RTOINFO, rtoinfo, initial, GEN_SCTP_RTOINFO_INITIAL),
	  .lowest = 1000, .highest = 60000, .value = 2000 },
	{ FIELD(RTOINFO, rtoinfo, max, GEN_SCTP_RTOINFO_MAX), .lowest = 3000,
	  .highest = INT32_MAX, .value = 50000 },
	{ FIELD(RTOINFO, rtoinfo, min, GEN_SCTP_RTOINFO_MIN), .lowest = 1,
	  .highest = 3000, .value = 200 },
	{ FIELD(ASSOCINFO, associnfo, asocmaxrxt,
		GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT),
	  .lowest = 1, .highest = 65535, .value = 4 },
	{ FIELD(ASSOCINFO, associnfo, cookie_life,
		GEN_SCTP_ASSOCPARAMS_COOKIE_LIFE),
	  .lowest = 1000, .highest = 60000, .value = 30000 },
	{ FIELD(PEER_ADDR_PARAMS, peer_addr_params, hbinterval,
		GEN_SCTP_PADDRPARAMS_HBINTERVAL),
	  .lowest = 0, .highest = INT32_MAX, .value = 5000 },
	{ FIELD(PEER_ADDR_PARAMS, peer_addr_params, pathmaxrxt,
		GEN_SCTP_PADDRPARAMS_PATHMAXRXT),
	  .lowest = 1, .highest = 65535, .value = 2 },
	{ FIELD(PEER_ADDR_PARAMS, peer_addr_params, pathmtu,
		GEN_SCTP_PADDRPARAMS_PATHMTU),
	  .lowest = 576, .highest = 65000, .value = 1400 },
	{ FIELD(PEER_ADDR_PARAMS, peer_addr_params, sackdelay,
		GEN_SCTP_PADDRPARAMS_SACKDELAY),
	  .lowest = 1, .highest = 500, .value = 50 },
	{ FIELD(DELAYED_ACK_TIME, delayed_ack_time, assoc_value,
		GEN_SCTP_ASSOC_VALUE),
	  .lowest = 0, .highest = 500, .value = 50 },
	{ FIELD(DELAYED_ACK_TIME, delayed_ack_time, freq,
		GEN_SCTP_ASSOC_VALUE_FREQ),
	  .lowest = 1, .highest = 65535, .value = 3 },
	{ FIELD(UDP_ENCAPS, udp_encaps, remote_port,
		GEN_SCTP_UDP_ENCAPS_REMOTE_PORT),
	  .lowest = 1, .highest = 65535, .value = 9900 },
};

static uint32_t
peek(const struct gen_sctp_opt *opt, const struct field *f)
{
	uint16_t half;
	uint32_t value;

	if (f->size == sizeof(value)) {
		memcpy(&value, (const char *)opt + f->at, sizeof(value));
		return value;
	}
	memcpy(&half, (const char *)opt + f->at, sizeof(half));
	return half;
}

static void
poke(struct gen_sctp_opt *opt, const struct field *f, uint32_t value)
{
	uint16_t half = (uint16_t)value;

	memcpy((char *)opt + f->set_at, &f->mask, sizeof(f->mask));
	if (f->size == sizeof(value))
		memcpy((char *)opt + f->at, &value, sizeof(value));
	else
		memcpy((char *)opt + f->at, &half, sizeof(half));
}

/* A record with only that field, of that association. */
static struct gen_sctp_opt
only(const struct field *f, gen_sctp_assoc_id_t id, uint32_t value)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(f->name);

	poke(&opt, f, value);
	if (f->name != GEN_SCTP_OPT_INITMSG)
		memcpy((char *)&opt + f->set_at + sizeof(f->mask), &id,
		       sizeof(id));
	return opt;
}

static bool
fits(const struct field *f, uint64_t value)
{
	return value <= (f->size == 2 ? UINT16_MAX : UINT32_MAX);
}

START_TEST(a_field_takes_its_range_and_nothing_else)
{
	const struct field *f = &fields[_i];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	if (f->lowest > 0)
		ck_assert_int_eq(set(s, only(f, 0, f->lowest - 1)), -EINVAL);
	ck_assert_int_eq(set(s, only(f, 0, f->lowest)), 0);
	ck_assert_int_eq(set(s, only(f, 0, f->highest)), 0);
	if (fits(f, (uint64_t)f->highest + 1))
		ck_assert_int_eq(set(s, only(f, 0, f->highest + 1)), -EINVAL);
	rig_close(s);
}
END_TEST

/* All fields of the record but that one are as they were. */
static void
expect_rest(const struct field *changed, const struct gen_sctp_opt *before,
	    const struct gen_sctp_opt *after)
{
	const struct field *f;

	for (f = fields; f < fields + COUNT(fields); f++)
		if (f->name == changed->name && f != changed)
			ck_assert_uint_eq(peek(after, f), peek(before, f));
	ck_assert_uint_eq(peek(after, changed), changed->value);
}

START_TEST(only_the_field_that_is_set_changes)
{
	const struct field *f = &fields[_i];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt before = got(s, gen_sctp_opt_get(f->name)), opt;

	ck_assert_uint_ne(peek(&before, f), f->value);
	/* What is not set may be anything. */
	memset(&opt, 0xff, sizeof(opt));
	opt.size = sizeof(opt);
	opt.name = f->name;
	if (f->name != GEN_SCTP_OPT_INITMSG)
		memset((char *)&opt + f->set_at + sizeof(f->mask), 0,
		       sizeof(gen_sctp_assoc_id_t));
	if (f->name == GEN_SCTP_OPT_PEER_ADDR_PARAMS)
		opt.value.peer_addr_params.address.family = 0;
	if (f->name == GEN_SCTP_OPT_UDP_ENCAPS)
		opt.value.udp_encaps.address.family = 0;
	poke(&opt, f, f->value);
	ck_assert_int_eq(set(s, opt), 0);
	opt = got(s, gen_sctp_opt_get(f->name));
	expect_rest(f, &before, &opt);
	rig_close(s);
}
END_TEST

START_TEST(fields_can_be_given_to_open)
{
	const struct field *f = &fields[_i];
	struct gen_sctp_opt opt = only(f, 0, f->value);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);

	opt = got(s, gen_sctp_opt_get(f->name));
	ck_assert_uint_eq(peek(&opt, f), f->value);
	rig_close(s);
}
END_TEST

static bool
of_associations(const struct field *f)
{
	return f->name != GEN_SCTP_OPT_INITMSG &&
	       (f->name != GEN_SCTP_OPT_UDP_ENCAPS || rig_has_multihoming());
}

static uint32_t
value_of(gen_sctp_socket_t s, const struct field *f, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_opt opt = got(s, only(f, id, 0));
	gen_sctp_assoc_id_t answered;

	memcpy(&answered, (char *)&opt + f->set_at + sizeof(f->mask),
	       sizeof(answered));
	ck_assert_uint_eq(answered, id);
	return peek(&opt, f);
}

START_TEST(an_association_and_the_endpoint_have_values_of_their_own)
{
	const struct field *f = &fields[_i];
	uint32_t of_endpoint, of_assoc;

	if (!of_associations(f))
		return;
	of_endpoint = value_of(pair.client, f, 0);
	of_assoc = value_of(pair.client, f, pair.client_assoc);
	ck_assert_int_eq(set(pair.client, only(f, pair.client_assoc, f->value)),
			 0);
	ck_assert_uint_eq(value_of(pair.client, f, pair.client_assoc),
			  f->value);
	ck_assert_uint_eq(value_of(pair.client, f, 0), of_endpoint);

	ck_assert_int_eq(set(pair.client, only(f, pair.client_assoc, of_assoc)),
			 0);
	ck_assert_int_eq(set(pair.client, only(f, 0, f->value)), 0);
	ck_assert_uint_eq(value_of(pair.client, f, 0), f->value);
	ck_assert_uint_eq(value_of(pair.client, f, pair.client_assoc),
			  of_assoc);
}
END_TEST

START_TEST(an_association_starts_with_the_values_of_the_endpoint)
{
	const struct field *f = &fields[_i];
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	if (of_associations(f) && f->name != GEN_SCTP_OPT_UDP_ENCAPS) {
		ck_assert_int_eq(set(s, only(f, 0, f->value)), 0);
		ck_assert_uint_eq(value_of(s, f, connect_to(s, pair.server)),
				  f->value);
	}
	rig_close(s);
}
END_TEST

START_TEST(an_unknown_association_is_an_error)
{
	const struct field *f = &fields[_i];
	struct gen_sctp_opt opt = only(f, pair.client_assoc + 1000, f->value);
	gen_sctp_socket_t s;

	if (f->name == GEN_SCTP_OPT_INITMSG)
		return;
	ck_assert_int_eq(set(pair.client, opt), -EINVAL);
	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
	/* One of another socket is as unknown. */
	opt = only(f, pair.server_assoc, f->value);
	ck_assert_int_eq(set(pair.client, opt), -EINVAL);
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &s, NULL), -EINVAL);
}
END_TEST

/* ---------------------------------------------------------- whole records */

static const enum gen_sctp_opt_name records[] = {
	GEN_SCTP_OPT_INITMSG,	       GEN_SCTP_OPT_RTOINFO,
	GEN_SCTP_OPT_ASSOCINFO,	       GEN_SCTP_OPT_EVENTS,
	GEN_SCTP_OPT_PEER_ADDR_PARAMS, GEN_SCTP_OPT_UDP_ENCAPS,
	GEN_SCTP_OPT_DELAYED_ACK_TIME, GEN_SCTP_OPT_LINGER,
};

static void
expect_same(const struct gen_sctp_opt *a, const struct gen_sctp_opt *b)
{
	ck_assert_mem_eq(&a->value, &b->value, sizeof(a->value));
}

START_TEST(a_record_of_zeros_changes_nothing)
{
	struct gen_sctp_opt none = gen_sctp_opt_get(records[_i]);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt before = got(s, none), after;

	ck_assert_int_eq(set(s, none), 0);
	after = got(s, none);
	expect_same(&before, &after);
	rig_close(s);
}
END_TEST

START_TEST(what_was_read_can_be_set_and_changes_nothing)
{
	struct gen_sctp_opt name = gen_sctp_opt_get(records[_i]);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt before = got(s, name), opt = before, after;

	if (name.name == GEN_SCTP_OPT_UDP_ENCAPS) /* only open sets that */
		opt.value.udp_encaps.set &=
			~(uint32_t)GEN_SCTP_UDP_ENCAPS_LOCAL_PORT;
	ck_assert_int_eq(set(s, opt), 0);
	after = got(s, name);
	expect_same(&before, &after);
	rig_close(s);
}
END_TEST

START_TEST(reading_sets_every_bit)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt;
	uint32_t mask = 0, read;
	const struct field *f;

	for (f = fields; f < fields + COUNT(fields); f++)
		if (f->name == records[_i])
			mask |= f->mask;
	opt = got(s, gen_sctp_opt_get(records[_i]));
	memcpy(&read, &opt.value, sizeof(read));
	if (records[_i] != GEN_SCTP_OPT_LINGER)
		ck_assert_uint_eq(read & mask, mask);
	rig_close(s);
}
END_TEST

START_TEST(unknown_bits_and_options_are_errors)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt = gen_sctp_opt_get(records[_i]);

	if (records[_i] != GEN_SCTP_OPT_LINGER) {
		memset(&opt.value, 0x80, sizeof(uint32_t));
		ck_assert_int_eq(set(s, opt), -EINVAL);
	}
	opt.name = (enum gen_sctp_opt_name)4711;
	ck_assert_int_eq(set(s, opt), -ENOPROTOOPT);
	ck_assert_int_eq(get(s, &opt), -ENOPROTOOPT);
	rig_close(s);
}
END_TEST

static const uint32_t other_sizes[] = {
	0,
	sizeof(struct gen_sctp_opt) - 1,
	sizeof(struct gen_sctp_opt) + 1,
};

START_TEST(an_option_of_another_size_is_an_error)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0), unused;
	struct gen_sctp_opt opt = gen_sctp_opt_nodelay(true);

	opt.size = other_sizes[_i];
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &unused, NULL), -EINVAL);
	ck_assert_int_eq(set(s, opt), -EINVAL);
	ck_assert_int_eq(get(s, &opt), -EINVAL);
	rig_close(s);
}
END_TEST

Suite *
options_suite(void)
{
	const TTest *const of_simple[] = {
		flags_and_numbers_are_checked_kept_and_read,
		flags_and_numbers_can_be_given_to_open,
	};
	const TTest *const of_fields[] = {
		a_field_takes_its_range_and_nothing_else,
		only_the_field_that_is_set_changes,
		fields_can_be_given_to_open,
		an_association_and_the_endpoint_have_values_of_their_own,
		an_association_starts_with_the_values_of_the_endpoint,
		an_unknown_association_is_an_error,
	};
	const TTest *const of_records[] = {
		a_record_of_zeros_changes_nothing,
		what_was_read_can_be_set_and_changes_nothing,
		reading_sets_every_bit,
		unknown_bits_and_options_are_errors,
	};
	const TTest *const of_sizes[] = {
		an_option_of_another_size_is_an_error,
	};
	Suite *suite = suite_create("options");

	ADD_TESTS(suite, of_simple, COUNT(simple));
	ADD_TESTS(suite, of_fields, COUNT(fields));
	ADD_TESTS(suite, of_records, COUNT(records));
	ADD_TESTS(suite, of_sizes, COUNT(other_sizes));
	return suite;
}
