#include <check.h>
#include <string.h>

#include "conn_cookie.h"
#include "conn_paths.h"
#include "state_cookie.h"

Suite *conn_suite(void);

/* -------------------------------------------------------------- paths */

#define ALIASES 65535
#define SECOND (1000 * OS_MS)

static os_time now;

static struct gen_sctp_addr
address(uint32_t ip, uint16_t port)
{
	struct gen_sctp_addr a = { .family = GEN_SCTP_INET, .port = port };

	a.ip[0] = (uint8_t)(ip >> 24);
	a.ip[1] = (uint8_t)(ip >> 16);
	a.ip[2] = (uint8_t)(ip >> 8);
	a.ip[3] = (uint8_t)ip;
	return a;
}

#define HERE 0x7f000002

/* One peer for each number. */
static struct conn_ends
ends_of(uint32_t number)
{
	struct conn_ends ends = { .local_port = 5000, .peer_port = 36412 };

	ends.local = address(HERE, 0);
	ends.peer = address(0x0a000000 + number / 7, (uint16_t)(9 + number % 7));
	return ends;
}

static struct conn_path *
get(uint32_t number)
{
	struct conn_ends ends = ends_of(number);

	return conn_path_get(&ends, now);
}

static void
setup(void)
{
	conn_paths_init(0x123456789abcdef);
	now = SECOND;
}

START_TEST(a_peer_keeps_its_alias)
{
	uint16_t alias = get(1)->alias;

	ck_assert_uint_ne(alias, 0);
	ck_assert_uint_eq(get(1)->alias, alias);
	ck_assert_uint_ne(get(2)->alias, alias);
	ck_assert_ptr_eq(conn_path_of_alias(alias), get(1));
	ck_assert_uint_eq(conn_paths_count(), 2);
	ck_assert_uint_eq(conn_paths_held(), 0);
}
END_TEST

static const struct {
	const char *what;
	struct conn_ends other;
} differences[] = {
	{ "our port", { .local_port = 1 } },
	{ "the peer's SCTP port", { .peer_port = 1 } },
	{ "the peer's UDP port", { .peer = { .port = 1 } } },
	{ "the peer's address", { .peer = { .ip = { 0, 0, 0, 1 } } } },
	{ "our address", { .local = { .ip = { 0, 0, 0, 1 } } } },
};
#define DIFFERENCES (int)(sizeof(differences) / sizeof(differences[0]))

START_TEST(paths_that_differ_in_one_end_are_two)
{
	const struct conn_ends *other = &differences[_i].other;
	struct conn_ends a = ends_of(1), b = a;

	b.local_port ^= other->local_port;
	b.peer_port ^= other->peer_port;
	b.peer.port ^= other->peer.port;
	b.peer.ip[3] ^= other->peer.ip[3];
	b.local.ip[3] ^= other->local.ip[3];
	ck_assert_msg(conn_path_get(&a, now) != conn_path_get(&b, now), "%s",
		      differences[_i].what);
}
END_TEST

START_TEST(an_unknown_local_address_fits_every_one_but_a_known_one_is_better)
{
	struct conn_ends dialled = ends_of(1), from = dialled;
	struct conn_path *path, *exact;

	memset(&dialled.local, 0, sizeof(dialled.local));
	path = conn_path_get(&dialled, now);
	ck_assert_ptr_eq(conn_path_get(&from, now), path);
	path->ends.local = from.local;
	from.local = address(HERE + 1, 0);
	exact = conn_path_get(&from, now);
	ck_assert_ptr_ne(exact, path);
	ck_assert_ptr_eq(get(1), path);
	ck_assert_ptr_eq(conn_path_get(&from, now), exact);
	dialled.peer.port++;
	ck_assert_ptr_ne(conn_path_get(&dialled, now), path);
}
END_TEST

START_TEST(strangers_are_bounded_and_the_latest_stay)
{
	uint32_t i;
	uint16_t first = get(0)->alias;

	for (i = 1; i < 5 * CONN_STRANGERS; i++) {
		ck_assert_ptr_nonnull(get(i));
		if (i == CONN_STRANGERS / 2)
			get(0); /* speaks again */
		if (i == CONN_STRANGERS + 1) {
			ck_assert_ptr_nonnull(conn_path_of_alias(first));
			ck_assert_ptr_eq(get(0), conn_path_of_alias(first));
		}
	}
	ck_assert_uint_eq(conn_paths_count(), CONN_STRANGERS);
}
END_TEST

START_TEST(a_cookie_brings_the_path_of_a_forgotten_stranger_back)
{
	struct conn_ends ends = ends_of(0);
	uint16_t alias = get(0)->alias;
	struct conn_path *path;
	uint32_t i;

	for (i = 1; i <= CONN_STRANGERS; i++)
		get(i);
	ck_assert_ptr_null(conn_path_of_alias(alias));
	path = conn_path_claim(&ends, alias, now);
	ck_assert_uint_eq(path->alias, alias);
	ck_assert_ptr_eq(conn_path_of_alias(alias), path);
	ck_assert_uint_eq(conn_paths_count(), CONN_STRANGERS);
}
END_TEST

START_TEST(a_cookie_takes_an_alias_from_a_stranger)
{
	struct conn_ends ends = ends_of(1);
	uint16_t alias = get(0)->alias, other = get(1)->alias;
	struct conn_path *path = conn_path_claim(&ends, alias, now);

	ck_assert_uint_eq(path->alias, alias);
	ck_assert_ptr_eq(get(1), path);
	ck_assert_ptr_null(conn_path_of_alias(other));
	ck_assert_uint_eq(conn_paths_count(), 1);
	ck_assert_uint_ne(get(0)->alias, alias);
}
END_TEST

static void
hold(struct conn_path *path)
{
	conn_path_hold(path);
}

static void
speak(struct conn_path *path)
{
	conn_path_spoken(path, now);
}

static void (*const uses[])(struct conn_path *) = { hold, speak };

START_TEST(a_cookie_takes_no_alias_from_an_association_nor_its_path_from_it)
{
	struct conn_ends mine = ends_of(0), other = ends_of(1);
	struct conn_path *path = get(0);
	uint16_t alias = path->alias;

	uses[_i](path);
	ck_assert_ptr_ne(conn_path_claim(&other, alias, now), path);
	ck_assert_ptr_eq(conn_path_of_alias(alias), path);
	ck_assert_ptr_eq(conn_path_claim(&mine, (uint16_t)(alias + 9), now),
			 path);
	ck_assert_uint_eq(path->alias, alias);
	ck_assert_uint_ne(conn_path_claim(&other, 0, now)->alias, 0);
}
END_TEST

START_TEST(an_alias_is_not_given_away_soon)
{
	uint16_t alias = get(0)->alias;
	uint32_t i;

	for (i = 1; i < ALIASES; i++)
		ck_assert_uint_ne(get(i)->alias, alias);
}
END_TEST

START_TEST(a_held_path_stays_and_nobody_else_gets_its_alias)
{
	struct conn_path *path = get(0);
	uint16_t alias = path->alias;
	uint32_t i;

	conn_path_hold(path);
	for (i = 1; i < 20 * CONN_STRANGERS; i++)
		ck_assert_uint_ne(get(i)->alias, alias);
	ck_assert_ptr_eq(conn_path_of_alias(alias), path);
	ck_assert_ptr_eq(get(0), path);
	ck_assert_uint_eq(conn_paths_held(), 1);
	ck_assert_uint_eq(conn_paths_count(), CONN_STRANGERS + 1);
	conn_path_release(path, now);
}
END_TEST

START_TEST(a_path_the_engine_spoke_to_lingers_and_then_is_a_stranger_s)
{
	struct conn_path *path = get(0);
	uint16_t alias = path->alias;
	uint32_t i;

	conn_path_spoken(path, now);
	now += CONN_PATH_LINGER - 1;
	for (i = 1; i < 2 * CONN_STRANGERS; i++)
		get(i);
	ck_assert_ptr_eq(conn_path_of_alias(alias), path);
	now++;
	for (; i < 4 * CONN_STRANGERS; i++)
		get(i);
	ck_assert_uint_eq(conn_paths_count(), CONN_STRANGERS);
	ck_assert_ptr_ne(conn_path_of_alias(alias), path);
}
END_TEST

START_TEST(holds_are_counted_and_the_last_release_lets_the_path_linger)
{
	struct conn_path *path = get(0);
	uint16_t alias = path->alias;
	uint32_t i;

	conn_path_hold(path);
	conn_path_hold(path);
	conn_path_release(path, now);
	conn_path_spoken(path, now);
	now += 2 * CONN_PATH_LINGER;
	get(1);
	ck_assert_uint_eq(conn_paths_held(), 1);
	conn_path_release(path, now);
	ck_assert_uint_eq(conn_paths_held(), 0);
	for (i = 1; i < 2 * CONN_STRANGERS; i++)
		get(i);
	ck_assert_ptr_eq(conn_path_of_alias(alias), path);
	ck_assert_ptr_eq(get(0), path);
}
END_TEST

START_TEST(all_aliases_can_be_held_and_then_there_is_none_left)
{
	static struct conn_path *paths[ALIASES];
	uint32_t i;

	for (i = 0; i < ALIASES; i++) {
		paths[i] = get(i);
		ck_assert_ptr_nonnull(paths[i]);
		ck_assert_ptr_eq(conn_path_of_alias(paths[i]->alias), paths[i]);
		conn_path_hold(paths[i]);
	}
	ck_assert_ptr_null(conn_path_of_alias(0));
	ck_assert_ptr_null(get(ALIASES));
	ck_assert_ptr_eq(get(7), paths[7]);
	conn_path_release(paths[7], now);
	ck_assert_ptr_null(get(ALIASES));
	now += CONN_PATH_LINGER;
	ck_assert_ptr_nonnull(get(ALIASES));
	ck_assert_uint_eq(conn_paths_count(), ALIASES);
}
END_TEST

/* ---------------------------------------------------------------- cookies */

#define MY_PORT 5000
#define MY_TAG 0x01020304
#define ALIAS 4711
#define INIT_FIXED 20
#define CHUNK_HEADER 4

/* An INIT with a parameter of that length. */
static size_t
make_init(uint8_t *packet, size_t param_len)
{
	uint8_t *init = packet + SCTP_COMMON_HEADER;

	memset(packet, 0xee, SCTP_COMMON_HEADER + INIT_FIXED + param_len + 3);
	init[0] = 1;
	write_be16(init + 2, (uint16_t)(INIT_FIXED + param_len));
	return SCTP_COMMON_HEADER + INIT_FIXED + ((param_len + 3) & ~3u);
}

/* What comes back of it: the engine's cookie, where a struct timeval has that
 * size, perhaps behind AUTH. */
static struct link_packet
make_echo(uint8_t *packet, size_t timeval, size_t auth, const uint8_t *init)
{
	size_t init_len = read_be16(init + 2);
	uint8_t *echo = packet + SCTP_COMMON_HEADER + auth;
	uint8_t *at = echo + CHUNK_HEADER + timeval;
	size_t len = CHUNK_HEADER + timeval + STATE_COOKIE_INIT + init_len;

	memset(packet, 0xdd, SCTP_COMMON_HEADER + auth + len);
	write_be16(packet, 1); /* whatever the peer's is */
	write_be16(packet + 2, MY_PORT);
	write_be32(packet + 4, MY_TAG);
	packet[SCTP_COMMON_HEADER] = 15;
	write_be16(packet + SCTP_COMMON_HEADER + 2, (uint16_t)auth);
	echo[0] = 10;
	write_be16(echo + 2, (uint16_t)len);
	write_be32(at + STATE_COOKIE_MY_TAG, MY_TAG);
	write_be16(at + STATE_COOKIE_MY_PORT, MY_PORT);
	write_be16(at + STATE_COOKIE_PEER_PORT, ALIAS);
	memcpy(at + STATE_COOKIE_INIT, init, init_len);
	return (struct link_packet){ .data = packet,
				     .len = SCTP_COMMON_HEADER + auth + len };
}

static const struct {
	size_t param, timeval, auth;
} cookies[] = {
	{ 0, 16, 0 }, { 0, 8, 0 }, { 0, 12, 0 }, { 4, 16, 0 }, { 5, 16, 0 },
	{ 7, 8, 28 }, { 1400, 16, 28 }, { 60000, 16, 0 },
};
#define COOKIES (int)(sizeof(cookies) / sizeof(cookies[0]))

static uint8_t init[65536], echo[65536];

static struct link_packet
marked_echo(int i, const struct conn_ends *ends)
{
	size_t len = make_init(init, cookies[i].param);

	len = conn_cookie_mark(init, len, ends);
	ck_assert_uint_eq(len, SCTP_COMMON_HEADER +
				       read_be16(init + SCTP_COMMON_HEADER + 2));
	return make_echo(echo, cookies[i].timeval, cookies[i].auth,
			 init + SCTP_COMMON_HEADER);
}

START_TEST(a_cookie_tells_the_alias_and_whose_it_is)
{
	struct conn_ends ends = ends_of(1), other;
	struct link_packet p = marked_echo(_i, &ends);
	const uint8_t *chunk = conn_cookie_echo(&p);
	uint16_t alias = 0;

	ck_assert_ptr_nonnull(chunk);
	ck_assert(conn_cookie_marked(&p, chunk, &ends, &alias));
	ck_assert_uint_eq(alias, ALIAS);
	other = ends;
	other.peer.port++;
	ck_assert(!conn_cookie_marked(&p, chunk, &other, &alias));
	other = ends;
	other.peer.ip[3]++;
	ck_assert(!conn_cookie_marked(&p, chunk, &other, &alias));
	other = ends;
	other.local.ip[3]++;
	ck_assert(!conn_cookie_marked(&p, chunk, &other, &alias));
	other = ends;
	other.peer.family = GEN_SCTP_INET6;
	ck_assert(!conn_cookie_marked(&p, chunk, &other, &alias));
}
END_TEST

START_TEST(a_mark_of_the_peer_s_own_counts_for_nothing)
{
	struct conn_ends mine = ends_of(1), his = ends_of(2);
	size_t len = make_init(init, 0);
	struct link_packet p;
	uint16_t alias;

	len = conn_cookie_mark(init, len, &his);
	conn_cookie_mark(init, len, &mine);
	p = make_echo(echo, 16, 0, init + SCTP_COMMON_HEADER);
	ck_assert(!conn_cookie_marked(&p, conn_cookie_echo(&p), &his, &alias));
	ck_assert(conn_cookie_marked(&p, conn_cookie_echo(&p), &mine, &alias));
}
END_TEST

START_TEST(a_cookie_without_a_mark_or_cut_short_is_none)
{
	struct conn_ends ends = ends_of(1);
	struct link_packet p;
	uint16_t alias;
	size_t len;

	make_init(init, 100);
	p = make_echo(echo, 16, 0, init + SCTP_COMMON_HEADER);
	ck_assert(!conn_cookie_marked(&p, conn_cookie_echo(&p), &ends, &alias));
	p = marked_echo(0, &ends);
	len = p.len;
	for (p.len = SCTP_COMMON_HEADER; p.len < len; p.len++) {
		const uint8_t *chunk = conn_cookie_echo(&p);

		ck_assert(chunk == NULL ||
			  !conn_cookie_marked(&p, chunk, &ends, &alias));
	}
	for (; len > SCTP_COMMON_HEADER + CHUNK_HEADER; len--) {
		write_be16(echo + SCTP_COMMON_HEADER + 2,
			   (uint16_t)(len - SCTP_COMMON_HEADER - 1));
		ck_assert(!conn_cookie_marked(&p, conn_cookie_echo(&p), &ends,
					      &alias));
	}
}
END_TEST

START_TEST(an_init_that_is_too_long_is_not_marked)
{
	struct conn_ends ends = ends_of(1);
	size_t len = make_init(init, 65500);

	ck_assert_uint_eq(conn_cookie_mark(init, len, &ends), 0);
	write_be16(init + SCTP_COMMON_HEADER + 2, 1000);
	ck_assert_uint_eq(conn_cookie_mark(init, 900, &ends), 0);
}
END_TEST

Suite *
conn_suite(void)
{
	Suite *s = suite_create("conn");
	TCase *paths = tcase_create("paths");
	TCase *tc = tcase_create("cookies");

	tcase_add_checked_fixture(paths, setup, NULL);
	tcase_add_test(paths, a_peer_keeps_its_alias);
	tcase_add_loop_test(paths, paths_that_differ_in_one_end_are_two, 0,
			    DIFFERENCES);
	tcase_add_test(
		paths,
		an_unknown_local_address_fits_every_one_but_a_known_one_is_better);
	tcase_add_test(paths, strangers_are_bounded_and_the_latest_stay);
	tcase_add_test(
		paths, a_cookie_brings_the_path_of_a_forgotten_stranger_back);
	tcase_add_test(paths, a_cookie_takes_an_alias_from_a_stranger);
	tcase_add_loop_test(
		paths,
		a_cookie_takes_no_alias_from_an_association_nor_its_path_from_it,
		0, 2);
	tcase_add_test(paths, an_alias_is_not_given_away_soon);
	tcase_add_test(paths,
		       a_held_path_stays_and_nobody_else_gets_its_alias);
	tcase_add_test(
		paths,
		a_path_the_engine_spoke_to_lingers_and_then_is_a_stranger_s);
	tcase_add_test(
		paths,
		holds_are_counted_and_the_last_release_lets_the_path_linger);
	tcase_add_test(paths,
		       all_aliases_can_be_held_and_then_there_is_none_left);
	suite_add_tcase(s, paths);

	tcase_add_loop_test(tc, a_cookie_tells_the_alias_and_whose_it_is, 0,
			    COOKIES);
	tcase_add_test(tc, a_mark_of_the_peer_s_own_counts_for_nothing);
	tcase_add_test(tc, a_cookie_without_a_mark_or_cut_short_is_none);
	tcase_add_test(tc, an_init_that_is_too_long_is_not_marked);
	suite_add_tcase(s, tc);
	return s;
}
