/*
 * INIT and INIT ACK (RFC 9260 3.3.2, 3.3.3): a chunk header, the initiate tag,
 * a_rwnd, the numbers of outbound and inbound streams, the initial TSN, and
 * then parameters.
 *
 * The engine reads the parameters several times with loops that disagree on
 * where to stop and on what is illegal: what one lets into a cookie, another
 * refuses when the cookie is back and half of the association has changed.
 * Here they are made such that all of its loops see the same.
 */
#include <string.h>

#include "guard_impl.h"

#define PARAM_HEARTBEAT_INFO 1
#define PARAM_STATE_COOKIE 7
#define PARAM_UNRECOGNIZED 8
#define PARAM_COOKIE_PRESERVATIVE 9
#define PARAM_RANDOM 0x8002     /* RFC 4895 */
#define PARAM_CHUNKS 0x8003     /* RFC 4895 */
#define PARAM_HMAC_ALGO 0x8004  /* RFC 4895 */
#define PARAM_EXTENSIONS 0x8008 /* RFC 5061 */
#define PARAM_SET_PRIMARY 0xc004
#define PARAM_NAT_SUPPORT 0xc007 /* of an expired draft */

#define MIN_RWND 1500
/* What the engine takes: a longer INIT makes it abort. */
#define MAX_INIT 63487
/* What its buffers hold: it stops reading parameters at a longer one. */
#define MAX_TYPE_LIST 260
#define MAX_HMAC_ALGO 512
#define RANDOM_LEN 36

#define HMAC_SHA1 1

bool
guard_unicast(const struct gen_sctp_addr *a)
{
	if (a->family == GEN_SCTP_INET)
		return a->ip[0] < 224 && !ip_addr_is_any(a);
	return a->family == GEN_SCTP_INET6 && a->ip[0] != 0xff &&
	       !ip_addr_is_any(a);
}

bool
guard_read_addr(const struct guard_item *param, struct gen_sctp_addr *addr)
{
	bool v4 = param->type == PARAM_IPV4;

	if (!v4 && param->type != PARAM_IPV6)
		return false;
	if (param->len != (v4 ? 8 : 20))
		return false;
	memset(addr, 0, sizeof(*addr));
	addr->family = v4 ? GEN_SCTP_INET : GEN_SCTP_INET6;
	memcpy(addr->ip, param->at + 4, param->len - 4);
	return true;
}

/* An unknown parameter with the highest bit clear ends the reading of the
 * others (RFC 9260 s3.2.1). */
static bool
stops(uint16_t type)
{
	switch (type) {
	case PARAM_HEARTBEAT_INFO:
	case PARAM_IPV4:
	case PARAM_IPV6:
	case PARAM_STATE_COOKIE:
	case PARAM_UNRECOGNIZED:
	case PARAM_COOKIE_PRESERVATIVE:
	case PARAM_ADDRESS_TYPES:
		return false;
	default:
		return (type & 0x8000) == 0;
	}
}

/* What an INIT says about AUTH (RFC 4895 s6.1) and ASCONF (RFC 5061 s4.2.7). */
struct promises {
	unsigned randoms, hmac_algos, chunk_lists;
	bool extension_auth, extension_asconf;
	bool covers_asconf, covers_asconf_ack;
};

static bool
lists(const struct guard_item *param, uint8_t chunk_type)
{
	return memchr(param->at + 4, chunk_type, param->len - 4) != NULL;
}

static bool
hmacs_sane(const struct guard_item *param)
{
	bool sha1 = false;

	if (param->len > MAX_HMAC_ALGO || param->len % 2 != 0)
		return false;
	for (size_t at = 4; at < param->len; at += 2) {
		uint16_t id = read_be16(param->at + at);

		if (id == 0 || id == 2) /* reserved, RFC 4895 s3.3 */
			return false;
		sha1 = sha1 || id == HMAC_SHA1;
	}
	return sha1;
}

/* Takes note of a parameter; false: the engine could not live with it. */
static bool
note_auth(struct promises *is, const struct guard_item *param)
{
	switch (param->type) {
	case PARAM_RANDOM:
		return param->len == RANDOM_LEN && is->randoms++ == 0;
	case PARAM_HMAC_ALGO:
		return hmacs_sane(param) && is->hmac_algos++ == 0;
	case PARAM_CHUNKS:
		is->covers_asconf = lists(param, CHUNK_ASCONF);
		is->covers_asconf_ack = lists(param, CHUNK_ASCONF_ACK);
		return param->len <= MAX_TYPE_LIST && is->chunk_lists++ == 0;
	case PARAM_EXTENSIONS:
		is->extension_auth = is->extension_auth ||
				     lists(param, CHUNK_AUTH);
		is->extension_asconf = is->extension_asconf ||
				       lists(param, CHUNK_ASCONF) ||
				       lists(param, CHUNK_ASCONF_ACK);
		return param->len <= MAX_TYPE_LIST;
	default:
		return true;
	}
}

static bool
has_auth(const struct promises *is)
{
	return is->randoms && is->hmac_algos && is->extension_auth;
}

static bool
promises_agree(const struct promises *is)
{
	if (is->chunk_lists && !has_auth(is))
		return false;
	return !is->extension_asconf || !has_auth(is) ||
	       (is->covers_asconf && is->covers_asconf_ack);
}

/* Reads what comes before a parameter that stops. */
static enum guard_verdict
inspect(struct guard_items params, struct promises *is)
{
	struct guard_item param;
	struct gen_sctp_addr addr;
	enum guard_step step;
	bool stopped = false;

	while ((step = guard_next_item(&params, &param)) == GUARD_ITEM) {
		stopped = stopped || stops(param.type);
		if (stopped)
			continue;
		if ((param.type == PARAM_IPV4 || param.type == PARAM_IPV6) &&
		    !guard_read_addr(&param, &addr))
			return GUARD_INIT;
		if (!note_auth(is, &param))
			return GUARD_AUTH;
	}
	if (step == GUARD_MALFORMED)
		return GUARD_INIT;
	return promises_agree(is) ? GUARD_PASS : GUARD_AUTH;
}

static bool
hide_asconf(const struct guard_item *param)
{
	bool hidden = false;

	for (uint8_t *t = param->at + 4; t < param->at + param->len; t++) {
		if (*t == CHUNK_ASCONF || *t == CHUNK_ASCONF_ACK) {
			*t = CHUNK_PAD;
			hidden = true;
		}
	}
	return hidden;
}

static bool
to_padding(const struct guard_item *param)
{
	write_be16(param->at, PARAM_PAD);
	return true;
}

/* True if something of the parameter had to go. */
static bool
blank(const struct guard_item *param, const struct promises *is,
      size_t *n_addrs)
{
	struct gen_sctp_addr addr;

	switch (param->type) {
	case PARAM_IPV4:
	case PARAM_IPV6:
		if (!guard_read_addr(param, &addr) || !guard_unicast(&addr) ||
		    *n_addrs == GUARD_MAX_PATHS - 1)
			return to_padding(param);
		(*n_addrs)++;
		return false;
	case PARAM_SET_PRIMARY: /* refused when ASCONF is off, then misread */
	case PARAM_NAT_SUPPORT:
		return to_padding(param);
	case PARAM_EXTENSIONS:
		return !has_auth(is) && hide_asconf(param);
	default:
		return false;
	}
}

static bool
make_inert(struct guard_items params, const struct promises *is)
{
	struct guard_item param;
	size_t n_addrs = 0;
	bool stopped = false, changed = false;

	while (guard_next_item(&params, &param) == GUARD_ITEM) {
		if (stopped)
			changed |= param.type != PARAM_PAD && to_padding(&param);
		else
			changed |= blank(&param, is, &n_addrs);
		stopped = stopped || stops(param.type);
	}
	return changed;
}

enum guard_verdict
guard_check_init(struct guard *g, const struct guard_chunk *c)
{
	struct promises is = { 0 };
	struct guard_items params = guard_items_of(c, INIT_FIXED);
	enum guard_verdict v;

	if (c->len > MAX_INIT || read_be32(c->at + 4) == 0 ||
	    read_be32(c->at + 8) < MIN_RWND || read_be16(c->at + 12) == 0 ||
	    read_be16(c->at + 14) == 0)
		return GUARD_INIT;
	v = inspect(params, &is);
	if (v == GUARD_PASS && make_inert(params, &is))
		g->counts[GUARD_BLANKED]++;
	return v;
}

void
guard_init_addrs(const struct guard *g, const struct guard_chunk *c,
		 struct guard_addrs *list)
{
	struct guard_items params = guard_items_of(c, INIT_FIXED);
	struct guard_item param;

	list->n = 0;
	if (g->one_path)
		return;
	while (guard_next_item(&params, &param) == GUARD_ITEM &&
	       list->n < GUARD_MAX_PATHS - 1) {
		struct gen_sctp_addr *addr = &list->addr[list->n];

		/* the engine skips link-local ones: their link is not told */
		if (guard_read_addr(&param, addr) && guard_unicast(addr) &&
		    !ip_addr_is_link_local(addr))
			list->n++;
	}
}
