/*
 * The table of options.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "options_impl.h"

struct option {
	bool open_only;
	bool inet6_only;	/* not for sockets of IPv4 */
	int64_t min, max;	/* of a number */
	option_check_fn *check; /* NULL: every value is fine */
	/* Without, it cannot be set or read, unless it is kept: */
	option_set_fn *set;
	option_get_fn *get;
	/* Where the endpoint has it, and that is all. */
	size_t flag_at;	  /* a bool */
	size_t number_at; /* 32 bits */
};

#define AT(member) offsetof(struct endpoint, opts.member)

#define READ_ONLY(name) .get = option_##name##_get
#define ANY_VALUE(name) .set = option_##name##_set, READ_ONLY(name)
#define CHECKED(name)	.check = option_##name##_check, ANY_VALUE(name)
#define NUMBER(name, lowest, highest) \
	.min = (lowest), .max = (highest), ANY_VALUE(name)
#define KEPT_NUMBER(name, lowest, highest) \
	.min = (lowest), .max = (highest), .number_at = AT(name)
#define KEPT_FLAG(name) .flag_at = AT(name)
#define OPEN_ONLY(name) .open_only = true, .check = option_##name##_check

#define ROW(NAME) [GEN_SCTP_OPT_##NAME]

static const struct option table[] = {
	ROW(IP) = { OPEN_ONLY(ip) },
	ROW(FAMILY) = { OPEN_ONLY(family) },
	ROW(TYPE) = { OPEN_ONLY(type) },
	ROW(IPV6_V6ONLY) = { .open_only = true, READ_ONLY(ipv6_v6only) },
	ROW(ACTIVE) = { CHECKED(active) },
	ROW(SNDBUF) = { NUMBER(sndbuf, 0, 1 << 30) },
	ROW(RECBUF) = { NUMBER(recbuf, 0, 1 << 30) },
	ROW(LINGER) = { CHECKED(linger) },
	/* An SCTP port of this process is free as soon as its socket is closed:
	 * there is nothing that this would have to allow. */
	ROW(REUSEADDR) = { KEPT_FLAG(reuseaddr) },
	ROW(NODELAY) = { ANY_VALUE(nodelay) },
	ROW(NON_BLOCK_SEND) = { KEPT_FLAG(non_block_send) },
	ROW(SEND_TIMEOUT) = { NUMBER(send_timeout, -1, INT_MAX) },
	ROW(INITMSG) = { CHECKED(initmsg) },
	ROW(RTOINFO) = { CHECKED(rtoinfo) },
	ROW(ASSOCINFO) = { CHECKED(associnfo) },
	ROW(EVENTS) = { CHECKED(events) },
	ROW(PEER_ADDR_PARAMS) = { CHECKED(peer_addr_params) },
	ROW(UDP_ENCAPS) = { CHECKED(udp_encaps) },
	ROW(ADAPTATION_LAYER) = { NUMBER(adaptation_layer, 0, UINT32_MAX) },
	ROW(MAX_ASSOCIATIONS) = { KEPT_NUMBER(max_associations, 1, INT_MAX),
				  .set = option_max_associations_set },
	ROW(PRIMARY_ADDR) = { CHECKED(primary_addr) },
	ROW(SET_PEER_PRIMARY_ADDR) = {
		.check = option_set_peer_primary_addr_check,
		.set = option_set_peer_primary_addr_set },
	ROW(MODE) = { CHECKED(mode) },
	ROW(BUFFER) = { KEPT_NUMBER(buffer, 1, 1 << 30) },
	ROW(HIGH_MSGQ_WATERMARK) = { KEPT_NUMBER(high_watermark, 1,
						 ENDPOINT_NO_WATERMARK),
				     .set = option_high_msgq_watermark_set },
	ROW(LOW_MSGQ_WATERMARK) = { KEPT_NUMBER(low_watermark, 1,
						ENDPOINT_NO_WATERMARK),
				    .set = option_low_msgq_watermark_set },
	ROW(DELAYED_ACK_TIME) = { CHECKED(delayed_ack_time) },
	ROW(DISABLE_FRAGMENTS) = { KEPT_FLAG(disable_fragments) },
	ROW(MAXSEG) = { .check = option_maxseg_check,
			.set = option_maxseg_set,
			.number_at = AT(maxseg) },
	ROW(TOS) = { .check = option_tos_check, NUMBER(tos, 0, 255) },
	ROW(TCLASS) = { .inet6_only = true,
			.check = option_tos_check,
			NUMBER(tclass, 0, 255) },
	ROW(TTL) = { .check = option_ttl_check, NUMBER(ttl, 0, 255) },
	ROW(PRIORITY) = { .check = option_tos_check,
			  .set = option_priority_set,
			  KEPT_NUMBER(priority, 0, 7) },
	ROW(DONTROUTE) = { .set = option_dontroute_set,
			   KEPT_FLAG(marks.dontroute) },
	ROW(RECVTOS) = { KEPT_FLAG(recvtos) },
	ROW(RECVTCLASS) = { .inet6_only = true, KEPT_FLAG(recvtclass) },
	ROW(RECVTTL) = { KEPT_FLAG(recvttl) },
	ROW(DEFAULT_SEND_PARAM) = { CHECKED(default_send_param) },
	ROW(DEFAULT_PRINFO) = { CHECKED(default_prinfo) },
	ROW(AUTOCLOSE) = { KEPT_NUMBER(autoclose, 0, INT_MAX / 1000),
			   .set = option_autoclose_set },
	ROW(I_WANT_MAPPED_V4_ADDR) = { .inet6_only = true,
				       KEPT_FLAG(i_want_mapped_v4_addr) },
	ROW(PARTIAL_DELIVERY_POINT) = {
		.set = option_partial_delivery_point_set,
		KEPT_NUMBER(partial_delivery_point, 4096, 1 << 30) },
	ROW(KEEP_FOR_FAILURE) = { KEPT_FLAG(keep_for_failure) },
	ROW(PR_SUPPORTED) = { CHECKED(supported) },
	ROW(PR_ASSOC_STATUS) = { READ_ONLY(pr_assoc_status) },
	ROW(PR_STREAM_STATUS) = { READ_ONLY(pr_stream_status) },
	ROW(ENABLE_STREAM_RESET) = { CHECKED(enable_stream_reset) },
	ROW(RECONFIG_SUPPORTED) = { CHECKED(supported) },
	ROW(AUTH_SUPPORTED) = { CHECKED(supported) },
	ROW(AUTH_CHUNK) = { .min = 0, .max = UINT8_MAX,
			    .check = option_auth_chunk_check,
			    .set = option_auth_chunk_set },
	ROW(AUTH_KEY) = { .check = option_auth_key_check,
			  .set = option_auth_key_set },
	ROW(AUTH_ACTIVE_KEY) = { .check = option_auth_keyid_check,
				 ANY_VALUE(auth_active_key) },
	ROW(AUTH_DEACTIVATE_KEY) = { .check = option_auth_keyid_check,
				     .set = option_auth_deactivate_key_set },
	ROW(AUTH_DELETE_KEY) = { .check = option_auth_keyid_check,
				 .set = option_auth_delete_key_set },
	ROW(HMAC_IDENT) = { CHECKED(hmac_ident) },
	ROW(PEER_AUTH_CHUNKS) = { READ_ONLY(peer_auth_chunks) },
	ROW(LOCAL_AUTH_CHUNKS) = { READ_ONLY(local_auth_chunks) },
	ROW(STATUS) = { READ_ONLY(status) },
	ROW(GET_PEER_ADDR_INFO) = { READ_ONLY(get_peer_addr_info) },
	ROW(LOCAL_ADDR_POLICY) = { CHECKED(local_addr_policy) },
	ROW(BUSY_POLL) = { KEPT_NUMBER(busy_poll, 0, 1000000) },
	ROW(MAX_BURST) = { .check = option_max_burst_check,
			   ANY_VALUE(congestion) },
	ROW(CONGESTION_CONTROL) = { .check = option_congestion_control_check,
				    ANY_VALUE(congestion) },
	ROW(UDP_SNDBUF) = { NUMBER(udp_buffer, 4096, 1 << 30) },
	ROW(UDP_RECBUF) = { NUMBER(udp_buffer, 4096, 1 << 30) },
};

static const struct option *
find(enum gen_sctp_opt_name name)
{
	static const struct option unknown;
	size_t i = (size_t)name;

	return i < sizeof(table) / sizeof(table[0]) ? &table[i] : &unknown;
}

static bool *
kept_flag(struct endpoint *ep, const struct option *o)
{
	return (bool *)((char *)ep + o->flag_at);
}

static uint32_t *
kept_number(struct endpoint *ep, const struct option *o)
{
	return (uint32_t *)(void *)((char *)ep + o->number_at);
}

static bool
suits(const struct endpoint *ep, const struct option *o)
{
	return !o->inet6_only || ep->local->family == GEN_SCTP_INET6;
}

static bool
can_be_set(const struct option *o)
{
	return o->set != NULL || o->flag_at != 0 || o->number_at != 0;
}

int
option_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);
	const struct gen_sctp_opt plain = option_unmap(opt);
	int64_t number = opt->value.number;

	if (opt->size != sizeof(*opt))
		return -EINVAL;
	if (o->open_only ? ep != NULL : !can_be_set(o))
		return -ENOPROTOOPT;
	if (ep != NULL && !suits(ep, o))
		return -ENOPROTOOPT;
	if (o->min != o->max && (number < o->min || number > o->max))
		return -EINVAL;
	return o->check != NULL ? o->check(ep, &plain) : 0;
}

int
option_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);
	const struct gen_sctp_opt plain = option_unmap(opt);

	if (!can_be_set(o) || !suits(ep, o))
		return -ENOPROTOOPT;
	if (o->set != NULL)
		return o->set(ep, &plain);
	if (o->flag_at != 0)
		*kept_flag(ep, o) = opt->value.flag;
	else
		*kept_number(ep, o) = (uint32_t)opt->value.number;
	return 0;
}

static int
read_value(struct endpoint *ep, const struct option *o,
	   struct gen_sctp_opt *opt)
{
	if (o->get != NULL)
		return o->get(ep, opt);
	if (o->flag_at != 0)
		opt->value.flag = *kept_flag(ep, o);
	else if (o->number_at != 0)
		opt->value.number = *kept_number(ep, o);
	else
		return -ENOPROTOOPT;
	return 0;
}

int
option_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);
	int error;

	if (opt->size != sizeof(*opt))
		return -EINVAL;
	if (!suits(ep, o))
		return -ENOPROTOOPT;
	*opt = option_unmap(opt);
	error = read_value(ep, o, opt);
	if (error == 0)
		option_show(ep, opt);
	return error;
}

void
option_inherit(struct endpoint *peeled, struct endpoint *parent)
{
	/* The engine keeps the rest, or has it in the association. */
	static const enum gen_sctp_opt_name names[] = {
		GEN_SCTP_OPT_INITMSG,
		GEN_SCTP_OPT_ADAPTATION_LAYER,
	};
	struct gen_sctp_opt opt;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		opt = gen_sctp_opt_get(names[i]);
		if (option_get(parent, &opt) == 0)
			option_set(peeled, &opt);
	}
	option_mark(peeled);
}
