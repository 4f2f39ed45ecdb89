/*
 * Authentication of chunks (RFC 4895): keys, what is authenticated, and what
 * becomes of packets with another key.
 */
#include "api_rig.h"

#include <errno.h>
#include <string.h>

#include "relay.h"
#include "runner.h"

#define CHUNK_AUTH   15
#define CHUNK_ASCONF 193

static const uint8_t secret[] = "between us", other[] = "not between us";

/* ------------------------------------------------------------------- rig */

static int
set(gen_sctp_socket_t s, struct gen_sctp_opt opt)
{
	return gen_sctp_setopts(s, &opt, 1, NULL);
}

static struct gen_sctp_opt
key(gen_sctp_assoc_id_t assoc, uint16_t number, const uint8_t *bytes, size_t n)
{
	const struct gen_sctp_authkey to = {
		.assoc_id = assoc,
		.keynumber = number,
		.keylength = (uint16_t)n,
		.key = bytes,
	};

	return gen_sctp_opt_auth_key(to);
}

static struct gen_sctp_authkeyid
number(gen_sctp_assoc_id_t assoc, uint16_t keynumber)
{
	return (struct gen_sctp_authkeyid){ assoc, keynumber };
}

static uint16_t
active_key(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_AUTH_ACTIVE_KEY);

	opt.value.auth_keyid.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.auth_keyid.assoc_id, assoc);
	return opt.value.auth_keyid.keynumber;
}

/* Key 5 is active, and the peer's DATA must be authenticated. */
static void
prepare(gen_sctp_socket_t s, const uint8_t *bytes, size_t n)
{
	rig_set(s, key(0, 5, bytes, n));
	rig_set(s, gen_sctp_opt_auth_active_key(number(0, 5)));
	rig_set(s, gen_sctp_opt_auth_chunk(CHUNK_DATA));
	ck_assert_int_eq(
		gen_sctp_subscribe(s, GEN_SCTP_AUTHENTICATION_EVENT, true), 0);
}

static void
expect_authentication(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		      enum gen_sctp_auth_indication indication,
		      uint16_t keynumber)
{
	struct gen_sctp_event event;

	rig_expect_event(s, GEN_SCTP_AUTHENTICATION, &event);
	ck_assert_str_eq(gen_sctp_auth_indication_name(
				 event.u.authentication.indication),
			 gen_sctp_auth_indication_name(indication));
	ck_assert_uint_eq(event.u.authentication.keynumber, keynumber);
	ck_assert_uint_eq(event.u.authentication.assoc_id, assoc);
}

/* The server's key is `secret`. */
static struct relay *
open_with_keys(struct rig_pair *p, const uint8_t *client_key, size_t n)
{
	rig_pair_open_one_path(p);
	prepare(p->server, secret, sizeof(secret));
	prepare(p->client, client_key, n);
	return rig_connect_relayed(p);
}

/* -------------------------------------------------------------------- data */

START_TEST(data_is_authenticated_with_the_shared_key)
{
	struct rig_pair p;
	struct relay *r = open_with_keys(&p, secret, sizeof(secret));

	rig_send(p.client, p.client_assoc, 0, "signed", 6);
	/* That the key is new is told before the data it came with. */
	expect_authentication(p.server, p.server_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      5);
	rig_expect_text(p.server, "signed");
	ck_assert_uint_gt(relay_count(r, RELAY_TO_SERVER, CHUNK_AUTH), 0);
	rig_send(p.server, p.server_assoc, 0, "back", 4);
	expect_authentication(p.client, p.client_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      5);
	rig_expect_text(p.client, "back");
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_large_message_is_authenticated_packet_by_packet)
{
	static uint8_t large[300000];
	struct rig_pair p;
	struct relay *r = open_with_keys(&p, secret, sizeof(secret));

	ck_assert_int_eq(gen_sctp_subscribe(p.server,
					    GEN_SCTP_AUTHENTICATION_EVENT,
					    false),
			 0);
	rig_fill(large, sizeof(large), 1);
	rig_send(p.client, p.client_assoc, 0, large, sizeof(large));
	rig_expect_data(p.server, large, sizeof(large));
	ck_assert_uint_eq(relay_count(r, RELAY_TO_SERVER, CHUNK_DATA), 0);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* It is as if the packets had been lost: the association ends by that. */
START_TEST(with_another_key_nothing_arrives)
{
	const struct gen_sctp_assocparams few = {
		.set = GEN_SCTP_ASSOCPARAMS_ASOCMAXRXT,
		.asocmaxrxt = 2,
	};
	struct gen_sctp_event event;
	struct gen_sctp_msg msg;
	struct rig_pair p;
	struct relay *r;

	rig_pair_open_one_path(&p);
	prepare(p.server, secret, sizeof(secret));
	prepare(p.client, other, sizeof(other));
	rig_set(p.client, gen_sctp_opt_associnfo(few));
	r = rig_connect_relayed(&p);
	rig_impatient_assoc(p.client, p.client_assoc, 100);
	rig_send(p.client, p.client_assoc, 0, "forged", 6);
	rig_expect_error(p.client, GEN_SCTP_SEND_FAILED, &msg);
	ck_assert(msg.event.u.send_failed.sent);
	gen_sctp_msg_free(&msg);
	rig_expect_event(p.client, GEN_SCTP_ASSOC_CHANGE, &event);
	ck_assert_int_eq(event.u.assoc_change.state, GEN_SCTP_COMM_LOST);
	expect_authentication(p.server, p.server_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      5);
	rig_expect_change(p.server, GEN_SCTP_COMM_LOST);
	rig_expect_nothing(p.server);
	rig_pair_close_relayed(&p, r);
}
END_TEST

/* -------------------------------------------------------------------- keys */

START_TEST(keys_change_while_data_flows)
{
	struct rig_pair p;
	struct relay *r = open_with_keys(&p, secret, sizeof(secret));

	rig_set(p.server, key(p.server_assoc, 6, other, sizeof(other)));
	rig_set(p.client, key(p.client_assoc, 6, other, sizeof(other)));
	ck_assert_uint_eq(active_key(p.client, p.client_assoc), 5);
	rig_send(p.client, p.client_assoc, 0, "five", 4);
	expect_authentication(p.server, p.server_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      5);
	rig_expect_text(p.server, "five");

	rig_set(p.client,
		gen_sctp_opt_auth_active_key(number(p.client_assoc, 6)));
	ck_assert_uint_eq(active_key(p.client, p.client_assoc), 6);
	ck_assert_uint_eq(active_key(p.client, 0), 5);
	rig_send(p.client, p.client_assoc, 0, "six", 3);
	expect_authentication(p.server, p.server_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      6);
	rig_expect_text(p.server, "six");

	rig_await_acknowledged(p.client, p.client_assoc);
	rig_set(p.client,
		gen_sctp_opt_auth_deactivate_key(number(p.client_assoc, 5)));
	expect_authentication(p.client, p.client_assoc, GEN_SCTP_AUTH_FREE_KEY,
			      5);
	rig_set(p.client,
		gen_sctp_opt_auth_delete_key(number(p.client_assoc, 5)));
	ck_assert_int_eq(set(p.client, gen_sctp_opt_auth_active_key(
					       number(p.client_assoc, 5))),
			 -EINVAL);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(a_key_in_use_is_free_when_all_is_acknowledged)
{
	struct rig_pair p;
	struct relay *r = open_with_keys(&p, secret, sizeof(secret));

	rig_set(p.client, key(p.client_assoc, 6, other, sizeof(other)));
	relay_set(r, RELAY_TO_CLIENT, RELAY_HOLD);
	rig_send(p.client, p.client_assoc, 0, "data", 4);
	rig_set(p.client,
		gen_sctp_opt_auth_active_key(number(p.client_assoc, 6)));
	rig_set(p.client,
		gen_sctp_opt_auth_deactivate_key(number(p.client_assoc, 5)));
	ck_assert_int_eq(set(p.client, gen_sctp_opt_auth_delete_key(
					       number(p.client_assoc, 5))),
			 -EINVAL);
	rig_expect_nothing(p.client);
	relay_set(r, RELAY_TO_CLIENT, RELAY_PASS);
	expect_authentication(p.client, p.client_assoc, GEN_SCTP_AUTH_FREE_KEY,
			      5);
	rig_pair_close_relayed(&p, r);
}
END_TEST

START_TEST(keys_that_are_not_there_are_refused)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_uint_eq(active_key(s, 0), 0);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_active_key(number(0, 9))),
			 -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_delete_key(number(0, 9))),
			 -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_deactivate_key(number(0, 9))),
			 -EINVAL);
	/* The active one. */
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_delete_key(number(0, 0))),
			 -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_active_key(number(77, 0))),
			 -EINVAL);
	ck_assert_int_eq(set(s, key(0, 1, NULL, 5)), -EINVAL);
	ck_assert_int_eq(set(s, key(77, 1, secret, 5)), -EINVAL);
	ck_assert_int_eq(set(s, key(0, 1, NULL, 0)), 0);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_active_key(number(0, 1))), 0);
	ck_assert_int_eq(set(s, gen_sctp_opt_auth_delete_key(number(0, 0))), 0);
	rig_close(s);
}
END_TEST

START_TEST(keys_cannot_be_read)
{
	static const enum gen_sctp_opt_name names[] = {
		GEN_SCTP_OPT_AUTH_CHUNK,
		GEN_SCTP_OPT_AUTH_KEY,
		GEN_SCTP_OPT_AUTH_DEACTIVATE_KEY,
		GEN_SCTP_OPT_AUTH_DELETE_KEY,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_get(names[_i]);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), -ENOPROTOOPT);
	rig_close(s);
}
END_TEST

/* ------------------------------------------------------- chunks and HMACs */

static struct gen_sctp_authchunks
chunks(gen_sctp_socket_t s, enum gen_sctp_opt_name name,
       gen_sctp_assoc_id_t assoc)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(name);

	opt.value.authchunks.assoc_id = assoc;
	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	ck_assert_uint_eq(opt.value.authchunks.assoc_id, assoc);
	return opt.value.authchunks;
}

START_TEST(both_sides_tell_what_they_want_authenticated)
{
	struct gen_sctp_authchunks list;
	struct gen_sctp_opt opt;
	struct rig_pair p;

	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	rig_set(p.server, gen_sctp_opt_auth_chunk(CHUNK_DATA));
	rig_set(p.server, gen_sctp_opt_auth_chunk(200));
	rig_connect(&p, "127.0.0.1");
	list = chunks(p.server, GEN_SCTP_OPT_LOCAL_AUTH_CHUNKS, 0);
	ck_assert(gen_sctp_authchunks_has(&list, CHUNK_DATA));
	ck_assert(gen_sctp_authchunks_has(&list, 200));
	ck_assert(!gen_sctp_authchunks_has(&list, CHUNK_SACK));
	list = chunks(p.server, GEN_SCTP_OPT_LOCAL_AUTH_CHUNKS, p.server_assoc);
	ck_assert(gen_sctp_authchunks_has(&list, CHUNK_DATA));
	list = chunks(p.server, GEN_SCTP_OPT_PEER_AUTH_CHUNKS, p.server_assoc);
	ck_assert(!gen_sctp_authchunks_has(&list, CHUNK_DATA));
	/* Which ASCONF always is. */
	ck_assert(gen_sctp_authchunks_has(&list, CHUNK_ASCONF));
	list = chunks(p.client, GEN_SCTP_OPT_PEER_AUTH_CHUNKS, p.client_assoc);
	ck_assert(gen_sctp_authchunks_has(&list, CHUNK_DATA));
	ck_assert(gen_sctp_authchunks_has(&list, 200));
	/* An endpoint has no peer. */
	opt = gen_sctp_opt_get(GEN_SCTP_OPT_PEER_AUTH_CHUNKS);
	ck_assert_int_eq(gen_sctp_getopts(p.client, &opt, 1, NULL), -EINVAL);
	rig_pair_close(&p);
}
END_TEST

START_TEST(some_chunks_cannot_be_authenticated)
{
	static const int types[] = { CHUNK_INIT,
				     CHUNK_INIT_ACK,
				     CHUNK_SHUTDOWN_COMPLETE,
				     CHUNK_AUTH,
				     -1,
				     256 };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(set(s, gen_sctp_opt_auth_chunk(types[_i])), -EINVAL);
	rig_close(s);
}
END_TEST

static struct gen_sctp_hmacalgo
hmacs(gen_sctp_socket_t s)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_HMAC_IDENT);

	ck_assert_int_eq(gen_sctp_getopts(s, &opt, 1, NULL), 0);
	return opt.value.hmac_ident;
}

START_TEST(sha_1_is_among_the_hmacs)
{
	struct gen_sctp_hmacalgo sha1 = { 1, { GEN_SCTP_AUTH_HMAC_ID_SHA1 } },
				 none = { 0, { 0 } }, many = { 5, { 1 } },
				 alone = { 1,
					   { GEN_SCTP_AUTH_HMAC_ID_SHA256 } },
				 unknown = { 2, { 1, 2 } }, got;
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(set(s, gen_sctp_opt_hmac_ident(none)), -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_hmac_ident(alone)), -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_hmac_ident(many)), -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_hmac_ident(unknown)), -EINVAL);
	ck_assert_int_eq(set(s, gen_sctp_opt_hmac_ident(sha1)), 0);
	got = hmacs(s);
	ck_assert_uint_eq(got.number_of_idents, 1);
	ck_assert_uint_eq(got.idents[0], GEN_SCTP_AUTH_HMAC_ID_SHA1);
	rig_close(s);
}
END_TEST

/* Not every usrsctp has it. */
START_TEST(sha_256_comes_first_where_there_is_one)
{
	const struct gen_sctp_hmacalgo both = {
		2, { GEN_SCTP_AUTH_HMAC_ID_SHA256, GEN_SCTP_AUTH_HMAC_ID_SHA1 }
	};
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	int result = set(s, gen_sctp_opt_hmac_ident(both));

	if (result != 0) {
		ck_assert_int_eq(result, -EINVAL);
		ck_assert_uint_eq(hmacs(s).number_of_idents, 1);
	} else {
		ck_assert_uint_eq(hmacs(s).number_of_idents, 2);
		ck_assert_uint_eq(hmacs(s).idents[0],
				  GEN_SCTP_AUTH_HMAC_ID_SHA256);
	}
	rig_close(s);
}
END_TEST

/* --------------------------------------------------------------- extension */

START_TEST(a_peer_without_authentication_is_an_event)
{
	const struct gen_sctp_supported off = { .on = false };
	struct rig_pair p;

	p.server = rig_listener();
	p.client = rig_open(0, NULL, 0);
	rig_set(p.server, gen_sctp_opt_auth_supported(off));
	ck_assert_int_eq(gen_sctp_subscribe(
				 p.client, GEN_SCTP_AUTHENTICATION_EVENT, true),
			 0);
	rig_connect(&p, "127.0.0.1");
	expect_authentication(p.client, p.client_assoc, GEN_SCTP_AUTH_NO_AUTH,
			      0);
	rig_send(p.client, p.client_assoc, 0, "data", 4);
	rig_expect_text(p.server, "data");
	rig_pair_close(&p);
}
END_TEST

START_TEST(keys_are_inherited_and_stay_when_peeled_off)
{
	gen_sctp_socket_t peeled;
	struct rig_pair p;
	struct relay *r = open_with_keys(&p, secret, sizeof(secret));

	ck_assert_uint_eq(active_key(p.server, p.server_assoc), 5);
	ck_assert_int_eq(gen_sctp_peeloff(p.server, p.server_assoc, &peeled),
			 0);
	ck_assert_uint_eq(active_key(peeled, p.server_assoc), 5);
	rig_send(peeled, 0, 0, "peeled", 6);
	expect_authentication(p.client, p.client_assoc, GEN_SCTP_AUTH_NEW_KEY,
			      5);
	rig_expect_text(p.client, "peeled");
	rig_close(peeled);
	rig_pair_close_relayed(&p, r);
}
END_TEST

static Suite *
auth_suite(void)
{
	Suite *suite = suite_create("auth");
	TCase *tc = tcase_create("auth");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, data_is_authenticated_with_the_shared_key);
	tcase_add_test(tc, a_large_message_is_authenticated_packet_by_packet);
	tcase_add_test(tc, with_another_key_nothing_arrives);
	tcase_add_test(tc, keys_change_while_data_flows);
	tcase_add_test(tc, a_key_in_use_is_free_when_all_is_acknowledged);
	tcase_add_test(tc, keys_that_are_not_there_are_refused);
	tcase_add_loop_test(tc, keys_cannot_be_read, 0, 4);
	tcase_add_test(tc, both_sides_tell_what_they_want_authenticated);
	tcase_add_loop_test(tc, some_chunks_cannot_be_authenticated, 0, 6);
	tcase_add_test(tc, sha_1_is_among_the_hmacs);
	tcase_add_test(tc, sha_256_comes_first_where_there_is_one);
	tcase_add_test(tc, a_peer_without_authentication_is_an_event);
	tcase_add_test(tc, keys_are_inherited_and_stay_when_peeled_off);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(int argc, char **argv)
{
	static suite_fn *const suites[] = { auth_suite, NULL };

	return run_suites(suites, argc, argv);
}
