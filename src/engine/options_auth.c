/*
 * Authentication of chunks (RFC 4895, RFC 6458 s8.3): keys, and which chunks.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options_impl.h"

#define CHUNK_TYPES 256
#define HMACS	    (sizeof(((struct gen_sctp_hmacalgo *)0)->idents) / 2)

/* ------------------------------------------------------------------ chunks */

/* Without these there is no association that could have keys, or no AUTH. */
int
option_auth_chunk_check(const struct endpoint *ep,
			const struct gen_sctp_opt *opt)
{
	(void)ep;
	switch (opt->value.number) {
	case SCTP_INITIATION:
	case SCTP_INITIATION_ACK:
	case SCTP_SHUTDOWN_COMPLETE:
	case SCTP_AUTHENTICATION:
		return -EINVAL;
	default:
		return 0;
	}
}

int
option_auth_chunk_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct sctp_authchunk to = {
		.sauth_chunk = (uint8_t)opt->value.number,
	};
	struct socket *so = option_socket(ep);

	if (so == NULL)
		return -EINVAL;
	return option_engine_set(so, SCTP_AUTH_CHUNK, &to, sizeof(to));
}

/* The engine has a number that usrsctp.h does not know of. */
struct engine_authchunks {
	sctp_assoc_t assoc_id;
	uint32_t count;
	uint8_t types[CHUNK_TYPES];
};

static int
get_chunks(struct endpoint *ep, struct gen_sctp_authchunks *out, int option)
{
	struct engine_authchunks from;
	struct option_target t;
	uint32_t i;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&from, 0, sizeof(from));
	from.assoc_id = t.id;
	error = option_engine_get(t.so, option, &from, sizeof(from));
	if (error != 0)
		return error;
	memset(out, 0, sizeof(*out));
	out->assoc_id = option_target_id(&t);
	out->number_of_chunks = from.count;
	for (i = 0; i < from.count; i++)
		out->chunks[from.types[i] / 32] |= UINT32_C(1)
						   << from.types[i] % 32;
	return 0;
}

int
option_peer_auth_chunks_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	return get_chunks(ep, &opt->value.authchunks, SCTP_PEER_AUTH_CHUNKS);
}

int
option_local_auth_chunks_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	return get_chunks(ep, &opt->value.authchunks, SCTP_LOCAL_AUTH_CHUNKS);
}

/* -------------------------------------------------------------------- keys */

int
option_auth_key_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_authkey *in = &opt->value.auth_key;

	if (in->keylength > 0 && in->key == NULL)
		return -EINVAL;
	return option_check_target(ep, in->assoc_id);
}

int
option_auth_key_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_authkey *in = &opt->value.auth_key;
	const size_t size = sizeof(struct sctp_authkey) + in->keylength;
	struct sctp_authkey *to;
	struct option_target t;
	int error = option_target(ep, in->assoc_id, &t);

	if (error != 0)
		return error;
	to = calloc(1, size);
	if (to == NULL)
		return -ENOMEM;
	to->sca_assoc_id = t.id;
	to->sca_keynumber = in->keynumber;
	to->sca_keylength = in->keylength;
	if (in->keylength > 0)
		memcpy(to->sca_key, in->key, in->keylength);
	error = option_engine_set(t.so, SCTP_AUTH_KEY, to, size);
	free(to);
	return error;
}

int
option_auth_keyid_check(const struct endpoint *ep,
			const struct gen_sctp_opt *opt)
{
	return option_check_target(ep, opt->value.auth_keyid.assoc_id);
}

static int
set_keyid(struct endpoint *ep, const struct gen_sctp_opt *opt, int option)
{
	const struct gen_sctp_authkeyid *in = &opt->value.auth_keyid;
	struct sctp_authkeyid to;
	struct option_target t;
	int error = option_target(ep, in->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&to, 0, sizeof(to));
	to.scact_assoc_id = t.id;
	to.scact_keynumber = in->keynumber;
	error = option_engine_set(t.so, option, &to, sizeof(to));
	/* An event may be there at once, and an upcall does not tell. */
	esock_note(t.so);
	return error;
}

int
option_auth_active_key_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	return set_keyid(ep, opt, SCTP_AUTH_ACTIVE_KEY);
}

int
option_auth_deactivate_key_set(struct endpoint *ep,
			       const struct gen_sctp_opt *opt)
{
	return set_keyid(ep, opt, SCTP_AUTH_DEACTIVATE_KEY);
}

int
option_auth_delete_key_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	return set_keyid(ep, opt, SCTP_AUTH_DELETE_KEY);
}

int
option_auth_active_key_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_authkeyid *out = &opt->value.auth_keyid;
	struct sctp_authkeyid from;
	struct option_target t;
	int error = option_target(ep, out->assoc_id, &t);

	if (error != 0)
		return error;
	memset(&from, 0, sizeof(from));
	from.scact_assoc_id = t.id;
	error = option_engine_get(t.so, SCTP_AUTH_ACTIVE_KEY, &from,
				  sizeof(from));
	out->assoc_id = option_target_id(&t);
	out->keynumber = from.scact_keynumber;
	return error;
}

/* ------------------------------------------------------------------- HMACs */

union engine_hmacalgo {
	struct sctp_hmacalgo algo;
	uint8_t room[sizeof(struct sctp_hmacalgo) + HMACS * sizeof(uint16_t)];
};

int
option_hmac_ident_check(const struct endpoint *ep,
			const struct gen_sctp_opt *opt)
{
	(void)ep;
	return opt->value.hmac_ident.number_of_idents <= HMACS ? 0 : -EINVAL;
}

int
option_hmac_ident_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct gen_sctp_hmacalgo *in = &opt->value.hmac_ident;
	struct socket *so = option_socket(ep);
	union engine_hmacalgo to;
	uint32_t i;

	if (so == NULL)
		return -EINVAL;
	to.algo.shmac_number_of_idents = in->number_of_idents;
	for (i = 0; i < in->number_of_idents; i++)
		to.algo.shmac_idents[i] = in->idents[i];
	return option_engine_set(so, SCTP_HMAC_IDENT, &to, sizeof(to));
}

int
option_hmac_ident_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	struct gen_sctp_hmacalgo *out = &opt->value.hmac_ident;
	struct socket *so = option_socket(ep);
	union engine_hmacalgo from;
	uint32_t i;
	int error;

	if (so == NULL)
		return -EINVAL;
	memset(&from, 0, sizeof(from));
	error = option_engine_get(so, SCTP_HMAC_IDENT, &from, sizeof(from));
	if (error != 0)
		return error;
	memset(out, 0, sizeof(*out));
	out->number_of_idents = from.algo.shmac_number_of_idents;
	for (i = 0; i < out->number_of_idents; i++)
		out->idents[i] = from.algo.shmac_idents[i];
	return 0;
}
