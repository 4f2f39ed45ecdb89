#include <check.h>
#include <string.h>

#include "conn_paths.h"

Suite *conn_suite(void);

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

START_TEST(a_stranger_who_was_forgotten_gets_the_same_alias_again)
{
	uint16_t alias = get(0)->alias;
	uint32_t i, other = 0;

	for (i = 1; other <= CONN_STRANGERS; i++)
		/* Those that would have got it are not among them. */
		if (get(i)->alias != alias)
			other++;
	ck_assert_ptr_null(conn_path_of_alias(alias));
	ck_assert_uint_eq(get(0)->alias, alias);
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

Suite *
conn_suite(void)
{
	Suite *s = suite_create("conn");
	TCase *paths = tcase_create("paths");

	tcase_add_checked_fixture(paths, setup, NULL);
	tcase_add_test(paths, a_peer_keeps_its_alias);
	tcase_add_loop_test(paths, paths_that_differ_in_one_end_are_two, 0,
			    DIFFERENCES);
	tcase_add_test(
		paths,
		an_unknown_local_address_fits_every_one_but_a_known_one_is_better);
	tcase_add_test(paths, strangers_are_bounded_and_the_latest_stay);
	tcase_add_test(paths,
		       a_stranger_who_was_forgotten_gets_the_same_alias_again);
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
	return s;
}
