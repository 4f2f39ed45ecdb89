#include "attacks.h"

#define WRONG_TAG 0x0badf00d
#define FLAG_T 1

/* --------------------------------------------------------- INIT, off-path */

struct fields {
	uint32_t tag, rwnd;
	uint8_t out_streams, in_streams;
};

static const struct fields good_fields = { WRONG_TAG, 65536, 10, 10 };

static void
begin_init(struct raw_peer *r, uint8_t type, uint32_t vtag,
	   const struct fields *f)
{
	raw_begin(r, vtag);
	raw_chunk(r, type, 0,
		  RAW_BYTES(RAW_BE32(f->tag), RAW_BE32(f->rwnd), 0,
			    f->out_streams, 0, f->in_streams, RAW_BE32(1)));
}

static void
send_init(const struct attack_scene *scene, const struct fields *f)
{
	begin_init(scene->spoofer, RAW_INIT, 0, f);
	raw_send(scene->spoofer);
}

static void
init_parameter_of_length_0(const struct attack_scene *scene)
{
	begin_init(scene->spoofer, RAW_INIT, 0, &good_fields);
	raw_bytes(scene->spoofer, RAW_BYTES(0xbf, 0xff, 0, 0));
	raw_send(scene->spoofer);
}

static void
init_parameter_beyond_the_chunk(const struct attack_scene *scene)
{
	begin_init(scene->spoofer, RAW_INIT, 0, &good_fields);
	raw_bytes(scene->spoofer, RAW_BYTES(0xbf, 0xff, 0, 200));
	raw_send(scene->spoofer);
}

static void
init_tag_0(const struct attack_scene *scene)
{
	send_init(scene, &(struct fields){ 0, 65536, 10, 10 });
}

static void
init_rwnd_1499(const struct attack_scene *scene)
{
	send_init(scene, &(struct fields){ WRONG_TAG, 1499, 10, 10 });
}

static void
init_no_outbound_streams(const struct attack_scene *scene)
{
	send_init(scene, &(struct fields){ WRONG_TAG, 65536, 0, 10 });
}

static void
init_no_inbound_streams(const struct attack_scene *scene)
{
	send_init(scene, &(struct fields){ WRONG_TAG, 65536, 10, 0 });
}

static void
init_of_18_bytes(const struct attack_scene *scene)
{
	begin_init(scene->spoofer, RAW_INIT, 0, &good_fields);
	raw_lie(scene->spoofer, 18);
	raw_send(scene->spoofer);
}

static void
init_of_63488_bytes(const struct attack_scene *scene)
{
	static const uint8_t padding[63488 - 20 - 4];

	begin_init(scene->spoofer, RAW_INIT, 0, &good_fields);
	raw_param(scene->spoofer, RAW_PADDING, padding, sizeof(padding));
	raw_send(scene->spoofer);
}

/* ------------------------------------------- AUTH parameters (RFC 4895) */

static const uint8_t randomness[32] = "not so random";

static void
auth_init(struct raw_peer *r, size_t random_len, uint8_t hmac, bool chunks)
{
	begin_init(r, RAW_INIT, 0, &good_fields);
	if (random_len > 0)
		raw_param(r, RAW_RANDOM, randomness, random_len);
	raw_param(r, RAW_HMAC_ALGO, RAW_BYTES(0, hmac));
	if (chunks)
		raw_param(r, RAW_CHUNKS, RAW_BYTES(RAW_ASCONF, RAW_ASCONF_ACK));
}

static void
auth_random_of_20_bytes(const struct attack_scene *scene)
{
	auth_init(scene->spoofer, 20, 1, true);
	raw_param(scene->spoofer, RAW_EXTENSIONS, RAW_BYTES(RAW_AUTH));
	raw_send(scene->spoofer);
}

static void
auth_without_sha1(const struct attack_scene *scene)
{
	auth_init(scene->spoofer, 32, 3, true);
	raw_param(scene->spoofer, RAW_EXTENSIONS, RAW_BYTES(RAW_AUTH));
	raw_send(scene->spoofer);
}

static void
auth_chunks_without_random(const struct attack_scene *scene)
{
	auth_init(scene->spoofer, 0, 1, true);
	raw_param(scene->spoofer, RAW_EXTENSIONS, RAW_BYTES(RAW_AUTH));
	raw_send(scene->spoofer);
}

static void
auth_does_not_cover_asconf(const struct attack_scene *scene)
{
	auth_init(scene->spoofer, 32, 1, false);
	raw_param(scene->spoofer, RAW_EXTENSIONS,
		  RAW_BYTES(RAW_AUTH, RAW_ASCONF, RAW_ASCONF_ACK));
	raw_send(scene->spoofer);
}

static void
asconf_without_auth(const struct attack_scene *scene)
{
	begin_init(scene->spoofer, RAW_INIT, 0, &good_fields);
	raw_param(scene->spoofer, RAW_EXTENSIONS,
		  RAW_BYTES(RAW_ASCONF, RAW_ASCONF_ACK));
	raw_send(scene->spoofer);
}

/* ---------------------------------------------- no tag or a wrong one */

static void
wrong_tag_from_another_udp_port(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_sack(scene->spoofer);
	raw_send(scene->spoofer);
}

static void
bad_checksum_from_another_udp_port(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, scene->peer->their_tag);
	raw_sack(scene->spoofer);
	raw_send_spoilt(scene->spoofer, scene->spoofer->fds[0]);
}

static void
cookie_echo_with_a_wrong_tag(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_chunk(scene->spoofer, RAW_COOKIE_ECHO, 0, scene->peer->cookie,
		  scene->peer->cookie_len);
	raw_send(scene->spoofer);
}

static void
abort_with_a_wrong_tag(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_chunk(scene->spoofer, RAW_ABORT, 0, RAW_NOTHING);
	raw_send(scene->spoofer);
}

/* Its right tag would be the peer's. */
static void
abort_with_the_t_bit_and_a_wrong_tag(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_chunk(scene->spoofer, RAW_ABORT, FLAG_T, RAW_NOTHING);
	raw_send(scene->spoofer);
}

static void
shutdown_ack_with_a_wrong_tag(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_chunk(scene->spoofer, RAW_SHUTDOWN_ACK, 0, RAW_NOTHING);
	raw_send(scene->spoofer);
}

static void
shutdown_complete_with_a_wrong_tag(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_chunk(scene->spoofer, RAW_SHUTDOWN_COMPLETE, FLAG_T, RAW_NOTHING);
	raw_send(scene->spoofer);
}

static void
init_behind_another_chunk(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, 0);
	raw_sack(scene->spoofer);
	raw_init(scene->spoofer, RAW_INIT);
	raw_send(scene->spoofer);
}

static void
init_before_another_chunk(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, 0);
	raw_init(scene->spoofer, RAW_INIT);
	raw_sack(scene->spoofer);
	raw_send(scene->spoofer);
}

/* A packet without a whole chunk. */
static void
common_header_alone(const struct attack_scene *scene)
{
	raw_begin(scene->spoofer, WRONG_TAG);
	raw_send(scene->spoofer);
}

/* -------------------------------------------------------- from the peer */

static void
send_chunk(struct raw_peer *peer, uint8_t type, size_t len)
{
	static const uint8_t zeros[2048];

	raw_begin(peer, peer->their_tag);
	raw_chunk(peer, type, 0, zeros, len);
	raw_send(peer);
}

static void
cookie_ack_of_8_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_COOKIE_ACK, 4);
}

static void
shutdown_of_12_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_SHUTDOWN, 8);
}

static void
shutdown_ack_of_8_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_SHUTDOWN_ACK, 4);
}

static void
shutdown_complete_of_8_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_SHUTDOWN_COMPLETE, 4);
}

static void
ecne_of_16_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_ECNE, 12);
}

static void
cwr_of_4_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_CWR, 0);
}

static void
heartbeat_ack_of_another_size(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_HEARTBEAT_ACK, 2000);
}

static void
sack_of_8_bytes(const struct attack_scene *scene)
{
	send_chunk(scene->peer, RAW_SACK, 4);
}

static void
chunk_of_length_0(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;

	raw_begin(peer, peer->their_tag);
	raw_sack(peer);
	raw_chunk(peer, RAW_HEARTBEAT_ACK, 0, RAW_NOTHING);
	raw_lie(peer, 0);
	raw_send(peer);
}

static void
chunk_beyond_the_packet(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;

	raw_begin(peer, peer->their_tag);
	raw_chunk(peer, RAW_HEARTBEAT, 0, RAW_BYTES(0, 1, 0, 8, 0, 0, 0, 0));
	raw_lie(peer, 1000);
	raw_send(peer);
}

/* [ASCONF, chunk] with the right tag from an address that the peer has not. */
static void
foreign_asconf_and(const struct attack_scene *scene, uint8_t type)
{
	raw_begin(scene->peer, scene->peer->their_tag);
	raw_asconf(scene->peer);
	if (type == RAW_COOKIE_ECHO)
		raw_chunk(scene->peer, type, 0, scene->peer->cookie,
			  scene->peer->cookie_len);
	else
		raw_chunk(scene->peer, type, 0, RAW_NOTHING);
	raw_send_by(scene->peer, scene->stranger->fds[0]);
}

static void
shutdown_ack_behind_a_foreign_asconf(const struct attack_scene *scene)
{
	foreign_asconf_and(scene, RAW_SHUTDOWN_ACK);
}

static void
shutdown_complete_behind_a_foreign_asconf(const struct attack_scene *scene)
{
	foreign_asconf_and(scene, RAW_SHUTDOWN_COMPLETE);
}

static void
cookie_echo_behind_a_foreign_asconf(const struct attack_scene *scene)
{
	foreign_asconf_and(scene, RAW_COOKIE_ECHO);
}

static void
data_from_a_foreign_address(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;
	uint32_t tsn = peer->tsn;
	uint16_t ssn = peer->ssn;

	raw_begin(peer, peer->their_tag);
	raw_data(peer, "foreign");
	raw_send_by(peer, scene->stranger->fds[0]);
	peer->tsn = tsn;
	peer->ssn = ssn;
}

static void
cookie_echo_again(const struct attack_scene *scene)
{
	raw_echo_cookie(scene->peer);
	raw_send(scene->peer);
}

static void
cookie_echo_again_from_another_udp_port(const struct attack_scene *scene)
{
	raw_echo_cookie(scene->peer);
	raw_send_by(scene->peer, scene->spoofer->fds[0]);
}

static void
init_ack_out_of_time(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;

	begin_init(peer, RAW_INIT_ACK, peer->their_tag,
		   &(struct fields){ 0, 65536, 10, 10 });
	raw_param(peer, RAW_STATE_COOKIE, "cookie", 6);
	raw_send(peer);
}

static void
nat_cause_in_an_error(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;

	raw_begin(peer, peer->their_tag);
	raw_chunk(peer, RAW_ERROR, 0, RAW_BYTES(0, 0xb1, 0, 4));
	raw_send(peer);
}

static void
nat_collision_in_an_error(const struct attack_scene *scene)
{
	struct raw_peer *peer = scene->peer;

	raw_begin(peer, peer->their_tag);
	raw_chunk(peer, RAW_ERROR, 0, RAW_BYTES(0, 0xb0, 0, 4));
	raw_send(peer);
}

/* ----------------------------------------------------------------- table */

#define OFF(function, counter, plain) \
	{ #function, true, function, counter, ATTACK_##plain }
#define PEER(function, counter, plain) \
	{ #function, false, function, counter, ATTACK_##plain }

const struct attack attacks[] = {
	OFF(init_parameter_of_length_0, "bad_init", HANGS),
	OFF(init_parameter_beyond_the_chunk, "bad_init", LIVES),
	OFF(init_tag_0, "bad_init", LOST),
	OFF(init_rwnd_1499, "bad_init", LOST),
	OFF(init_no_outbound_streams, "bad_init", LOST),
	OFF(init_no_inbound_streams, "bad_init", LOST),
	OFF(init_of_18_bytes, "bad_chunk", LOST),
	OFF(init_of_63488_bytes, "bad_init", LOST),
	OFF(auth_random_of_20_bytes, "bad_auth_params", LOST),
	OFF(auth_without_sha1, "bad_auth_params", LOST),
	OFF(auth_chunks_without_random, "bad_auth_params", LOST),
	OFF(auth_does_not_cover_asconf, "bad_auth_params", LOST),
	OFF(asconf_without_auth, "blanked", LOST),
	OFF(wrong_tag_from_another_udp_port, "wrong_tag", REDIRECTED),
	OFF(bad_checksum_from_another_udp_port, "checksum", REDIRECTED),
	OFF(cookie_echo_with_a_wrong_tag, "wrong_tag", REDIRECTED),
	OFF(abort_with_a_wrong_tag, "wrong_tag", REDIRECTED),
	OFF(abort_with_the_t_bit_and_a_wrong_tag, "wrong_tag", REDIRECTED),
	OFF(shutdown_ack_with_a_wrong_tag, "wrong_tag", REDIRECTED),
	OFF(shutdown_complete_with_a_wrong_tag, "wrong_tag", REDIRECTED),
	OFF(init_behind_another_chunk, "not_alone", REDIRECTED),
	OFF(init_before_another_chunk, "not_alone", LIVES),
	OFF(common_header_alone, "short", LIVES),
	PEER(cookie_ack_of_8_bytes, "bad_chunk", LOST),
	PEER(shutdown_of_12_bytes, "bad_chunk", LIVES),
	PEER(shutdown_ack_of_8_bytes, "bad_chunk", LIVES),
	PEER(shutdown_complete_of_8_bytes, "bad_chunk", LIVES),
	PEER(ecne_of_16_bytes, "bad_chunk", LIVES),
	PEER(cwr_of_4_bytes, "bad_chunk", LIVES),
	PEER(heartbeat_ack_of_another_size, "bad_chunk", LIVES),
	PEER(sack_of_8_bytes, "bad_chunk", LIVES),
	PEER(chunk_of_length_0, "bad_chunk", LIVES),
	PEER(chunk_beyond_the_packet, "bad_chunk", LIVES),
	PEER(shutdown_ack_behind_a_foreign_asconf, "unknown_source", HANGS),
	PEER(shutdown_complete_behind_a_foreign_asconf, "not_alone", LIVES),
	PEER(cookie_echo_behind_a_foreign_asconf, "bad_chunk", LIVES),
	PEER(data_from_a_foreign_address, "unknown_source", LIVES),
	PEER(cookie_echo_again, "old_cookie", LIVES),
	PEER(cookie_echo_again_from_another_udp_port, "old_cookie",
	     REDIRECTED),
	PEER(init_ack_out_of_time, "unexpected_init_ack", LOST),
	PEER(nat_cause_in_an_error, "blanked", LIVES),
	PEER(nat_collision_in_an_error, "blanked", LIVES),
};

const int attack_count = sizeof(attacks) / sizeof(attacks[0]);

const char *
attack_outcome_name(enum attack_outcome outcome)
{
	static const char *const names[] = {
		[ATTACK_LIVES] = "lives",
		[ATTACK_REDIRECTED] = "redirected",
		[ATTACK_LOST] = "association lost",
		[ATTACK_HANGS] = "hangs",
		[ATTACK_CRASHES] = "crashes",
	};

	return names[outcome];
}
