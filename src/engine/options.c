/*
 * The table of options.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>

#include "options_impl.h"

struct option {
	bool open_only;
	int64_t min, max;	/* of a number */
	option_check_fn *check; /* NULL: every value is fine */
	option_set_fn *set;	/* NULL: it cannot be set */
	option_get_fn *get;	/* NULL: it cannot be read */
};

#define READ_ONLY(name) .get = option_##name##_get
#define ANY_VALUE(name) .set = option_##name##_set, READ_ONLY(name)
#define CHECKED(name)	.check = option_##name##_check, ANY_VALUE(name)
#define NUMBER(name, lowest, highest) \
	.min = (lowest), .max = (highest), ANY_VALUE(name)
#define OPEN_ONLY(name) .open_only = true, .check = option_##name##_check

#define ROW(NAME) [GEN_SCTP_OPT_##NAME]

static const struct option table[] = {
	ROW(IP) = { OPEN_ONLY(ip) },
	ROW(FAMILY) = { OPEN_ONLY(family) },
	ROW(TYPE) = { OPEN_ONLY(type) },
	ROW(ACTIVE) = { CHECKED(active) },
	ROW(SNDBUF) = { NUMBER(sndbuf, 4096, 1 << 30) },
	ROW(RECBUF) = { NUMBER(recbuf, 4096, 1 << 30) },
	ROW(LINGER) = { CHECKED(linger) },
	ROW(REUSEADDR) = { ANY_VALUE(reuseaddr) },
	ROW(NODELAY) = { ANY_VALUE(nodelay) },
	ROW(NON_BLOCK_SEND) = { ANY_VALUE(non_block_send) },
	ROW(SEND_TIMEOUT) = { NUMBER(send_timeout, -1, INT_MAX) },
	ROW(INITMSG) = { CHECKED(initmsg) },
	ROW(RTOINFO) = { CHECKED(rtoinfo) },
	ROW(ASSOCINFO) = { CHECKED(associnfo) },
	ROW(EVENTS) = { CHECKED(events) },
	ROW(PEER_ADDR_PARAMS) = { CHECKED(peer_addr_params) },
	ROW(UDP_ENCAPS) = { CHECKED(udp_encaps) },
	ROW(ADAPTATION_LAYER) = { NUMBER(adaptation_layer, 0, UINT32_MAX) },
	ROW(MAX_ASSOCIATIONS) = { NUMBER(max_associations, 1, INT_MAX) },
	ROW(PRIMARY_ADDR) = { CHECKED(primary_addr) },
	ROW(STATUS) = { READ_ONLY(status) },
	ROW(GET_PEER_ADDR_INFO) = { READ_ONLY(get_peer_addr_info) },
};

static const struct option *
find(enum gen_sctp_opt_name name)
{
	static const struct option unknown;
	size_t i = (size_t)name;

	return i < sizeof(table) / sizeof(table[0]) ? &table[i] : &unknown;
}

int
option_check(const struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);
	int64_t number = opt->value.number;

	if (o->open_only ? ep != NULL : o->set == NULL)
		return -ENOPROTOOPT;
	if (o->min != o->max && (number < o->min || number > o->max))
		return -EINVAL;
	return o->check != NULL ? o->check(ep, opt) : 0;
}

int
option_set(struct endpoint *ep, const struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);

	return o->set != NULL ? o->set(ep, opt) : -ENOPROTOOPT;
}

int
option_get(struct endpoint *ep, struct gen_sctp_opt *opt)
{
	const struct option *o = find(opt->name);

	return o->get != NULL ? o->get(ep, opt) : -ENOPROTOOPT;
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
}
