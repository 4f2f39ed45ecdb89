/*
 * What options do to paths: peer_addr_params, udp_encaps, primary_addr.
 */
#include "api_options.h"

/* ------------------------------------------------------------------ paths */

static int
set_flags(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
	  struct gen_sctp_addr addr, uint32_t flags)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_FLAGS,
		.assoc_id = id,
		.address = addr,
		.flags = flags,
	};

	return set(s, gen_sctp_opt_peer_addr_params(params));
}

static struct gen_sctp_paddrparams
params_of(gen_sctp_socket_t s, gen_sctp_assoc_id_t id,
	  struct gen_sctp_addr addr)
{
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_PEER_ADDR_PARAMS);

	opt.value.peer_addr_params.assoc_id = id;
	opt.value.peer_addr_params.address = addr;
	return got(s, opt).value.peer_addr_params;
}

static const struct gen_sctp_addr every;

/* What is on before, what turns it off, and on again. */
static const struct {
	uint32_t enable, disable;
} switches[] = {
	{ GEN_SCTP_HB_ENABLE, GEN_SCTP_HB_DISABLE },
	{ GEN_SCTP_PMTUD_ENABLE, GEN_SCTP_PMTUD_DISABLE },
	{ GEN_SCTP_SACKDELAY_ENABLE, GEN_SCTP_SACKDELAY_DISABLE },
};
#define SWITCHES \
	(GEN_SCTP_HB_ENABLE | GEN_SCTP_PMTUD_ENABLE | GEN_SCTP_SACKDELAY_ENABLE)

static void
expect_flags(gen_sctp_assoc_id_t id, uint32_t flags)
{
	ck_assert_uint_eq(params_of(pair.client, id, every).flags, flags);
}

static void
turn_off_and_on(gen_sctp_assoc_id_t id, uint32_t enable, uint32_t disable)
{
	expect_flags(id, SWITCHES);
	ck_assert_int_eq(set_flags(pair.client, id, every, disable), 0);
	expect_flags(id, (SWITCHES & ~enable) | disable);
	/* No flag at all leaves them. */
	ck_assert_int_eq(set_flags(pair.client, id, every, 0), 0);
	expect_flags(id, (SWITCHES & ~enable) | disable);
	ck_assert_int_eq(set_flags(pair.client, id, every, enable), 0);
	expect_flags(id, SWITCHES);
}

START_TEST(each_switch_of_an_endpoint_can_be_turned)
{
	turn_off_and_on(0, switches[_i].enable, switches[_i].disable);
}
END_TEST

START_TEST(each_switch_of_an_association_can_be_turned)
{
	if (switches[_i].disable == GEN_SCTP_PMTUD_DISABLE)
		return; /* with a path MTU: the_path_mtu_can_be_fixed */
	turn_off_and_on(pair.client_assoc, switches[_i].enable,
			switches[_i].disable);
}
END_TEST

START_TEST(switches_that_contradict_are_an_error)
{
	uint32_t both = switches[_i].enable | switches[_i].disable;

	ck_assert_int_eq(set_flags(pair.client, 0, every, both), -EINVAL);
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, every, both),
			 -EINVAL);
	expect_flags(pair.client_assoc, SWITCHES);
}
END_TEST

START_TEST(an_interval_does_not_turn_heartbeats_on)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.hbinterval = 7000,
		.assoc_id = _i == 0 ? 0 : pair.client_assoc,
	};

	ck_assert_int_eq(set_flags(pair.client, params.assoc_id, every,
				   GEN_SCTP_HB_DISABLE),
			 0);
	ck_assert_int_eq(
		set(pair.client, gen_sctp_opt_peer_addr_params(params)), 0);
	params = params_of(pair.client, params.assoc_id, every);
	ck_assert_uint_eq(params.hbinterval, 7000);
	ck_assert(params.flags & GEN_SCTP_HB_DISABLE);
}
END_TEST

static bool
goes_up(const char *counter, uint64_t to)
{
	int i;

	for (i = 0; i < RIG_PATIENCE / RIG_QUIET; i++) {
		if (rig_counter(counter) >= to)
			return true;
		rig_expect_nothing(pair.client);
	}
	return false;
}

START_TEST(a_heartbeat_can_be_demanded)
{
	uint64_t before;

	ck_assert_int_eq(set_flags(pair.client, 0, every, GEN_SCTP_HB_DEMAND),
			 -EINVAL);
	/* What comes of the set-up is over. */
	rig_expect_nothing(pair.client);
	before = rig_counter("packets_out");
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, every,
				   GEN_SCTP_HB_DEMAND),
			 0);
	/* It and its answer; the timer takes 30 s. */
	ck_assert(goes_up("packets_out", before + 2));
}
END_TEST

static struct gen_sctp_opt
path_mtu(gen_sctp_assoc_id_t id, struct gen_sctp_addr addr, uint32_t mtu)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_PATHMTU,
		.assoc_id = id,
		.address = addr,
		.pathmtu = mtu,
	};

	return gen_sctp_opt_peer_addr_params(params);
}

START_TEST(the_path_mtu_can_be_fixed)
{
	struct gen_sctp_paddrparams params;
	uint32_t route =
		params_of(pair.client, pair.client_assoc, every).pathmtu;

	ck_assert_int_eq(
		set(pair.client, path_mtu(pair.client_assoc, every, 1200)), 0);
	params = params_of(pair.client, pair.client_assoc, every);
	ck_assert_uint_eq(params.pathmtu, 1200);
	ck_assert(params.flags & GEN_SCTP_PMTUD_DISABLE);
	ck_assert_uint_eq(status(pair.client, pair.client_assoc).primary.mtu,
			  1200);
	ck_assert_uint_lt(
		status(pair.client, pair.client_assoc).fragmentation_point,
		1200);

	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, every,
				   GEN_SCTP_PMTUD_ENABLE),
			 0);
	params = params_of(pair.client, pair.client_assoc, every);
	ck_assert_uint_eq(params.pathmtu, route);
	ck_assert(params.flags & GEN_SCTP_PMTUD_ENABLE);
}
END_TEST

START_TEST(the_path_mtu_of_associations_to_come_can_be_fixed)
{
	struct gen_sctp_opt opt = path_mtu(0, every, 1000);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);
	gen_sctp_assoc_id_t id = connect_to(s, pair.server);

	/* IPv4, UDP and SCTP take 40 bytes, DATA takes 16. */
	ck_assert_uint_eq(status(s, id).fragmentation_point, 944);
	ck_assert_uint_eq(status(s, id).primary.mtu, 1000);
	rig_close(s);

	/* The value counts only while discovery is off. */
	opt.value.peer_addr_params.set |= GEN_SCTP_PADDRPARAMS_FLAGS;
	opt.value.peer_addr_params.flags = GEN_SCTP_PMTUD_ENABLE;
	s = rig_open(0, &opt, 1);
	id = connect_to(s, pair.server);
	ck_assert_uint_gt(status(s, id).primary.mtu, 1000);
	rig_close(s);
}
END_TEST

START_TEST(an_address_of_somebody_else_is_an_error)
{
	struct gen_sctp_addr addr =
		rig_addr("127.0.0.1", gen_sctp_port(pair.server));
	struct gen_sctp_addr other = rig_addr("127.0.0.77", addr.port);
	struct gen_sctp_opt opt = remote_udp_port(5);

	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, addr, 0), 0);
	ck_assert_uint_eq(params_of(pair.client, 0, addr).assoc_id,
			  pair.client_assoc);
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, other, 0),
			 -EINVAL);
	ck_assert_int_eq(set_flags(pair.client, 0, other, 0), -EINVAL);
	opt.value.udp_encaps.address = other;
	ck_assert_int_eq(set(pair.client, opt), -EINVAL);
	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
}
END_TEST

/* ------------------------------------------------------------ several paths */

static struct gen_sctp_addr second;

/* With these flags of the endpoint. False: no way to have two. */
static bool
connect_to_two_addresses(uint32_t flags)
{
	static const char *const addrs[] = { "127.0.0.1", "127.0.0.2", NULL };

	if (!rig_has_multihoming() || !rig_has_address("127.0.0.2"))
		return false;
	rig_pair_close(&pair);
	pair.server = rig_open_on(addrs);
	pair.client = rig_open_on(addrs);
	ck_assert_int_eq(set_flags(pair.client, 0, every, flags), 0);
	ck_assert_int_eq(gen_sctp_listen(pair.server, 5), 0);
	rig_connect(&pair, "127.0.0.1");
	second = rig_addr("127.0.0.2", gen_sctp_port(pair.server));
	return true;
}

static void
wait_until_confirmed(void)
{
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char byte;

	while (path_info(pair.client, second).state ==
	       GEN_SCTP_PATH_UNCONFIRMED) {
		ck_assert_int_eq(gen_sctp_recv(pair.client, &byte, 1, &msg,
					       RIG_PATIENCE),
				 0);
		ck_assert_int_eq(msg.event.type, GEN_SCTP_PADDR_CHANGE);
		gen_sctp_msg_free(&msg);
	}
}

START_TEST(each_path_has_values_of_its_own)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL |
		       GEN_SCTP_PADDRPARAMS_PATHMAXRXT |
		       GEN_SCTP_PADDRPARAMS_PATHMTU,
		.hbinterval = 400, .pathmaxrxt = 9, .pathmtu = 1100,
	}, first, all;
	struct gen_sctp_addr at_first;

	if (!connect_to_two_addresses(0))
		return;
	at_first = status(pair.client, pair.client_assoc).primary.address;
	first = params_of(pair.client, pair.client_assoc, at_first);
	all = params_of(pair.client, pair.client_assoc, every);
	params.address = second; /* which names the association as well */
	ck_assert_int_eq(
		set(pair.client, gen_sctp_opt_peer_addr_params(params)), 0);
	params = params_of(pair.client, pair.client_assoc, second);
	ck_assert_uint_eq(params.hbinterval, 400);
	ck_assert_uint_eq(params.pathmaxrxt, 9);
	ck_assert_uint_eq(params.pathmtu, 1100);
	params = params_of(pair.client, pair.client_assoc, at_first);
	ck_assert_mem_eq(&params, &first, sizeof(params));
	params = params_of(pair.client, pair.client_assoc, every);
	ck_assert_mem_eq(&params, &all, sizeof(params));
}
END_TEST

START_TEST(values_for_every_path_leave_what_is_not_set_as_it_is_on_each)
{
	struct gen_sctp_paddrparams params = {
		.set = GEN_SCTP_PADDRPARAMS_HBINTERVAL,
		.hbinterval = 600,
	};

	if (!connect_to_two_addresses(0))
		return;
	wait_until_confirmed();
	params.assoc_id = pair.client_assoc;
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, second,
				   GEN_SCTP_HB_DISABLE),
			 0);
	ck_assert_int_eq(
		set(pair.client, gen_sctp_opt_peer_addr_params(params)), 0);
	params = params_of(pair.client, pair.client_assoc, second);
	ck_assert_uint_eq(params.hbinterval, 600);
	ck_assert(params.flags & GEN_SCTP_HB_DISABLE);
	params = params_of(
		pair.client, pair.client_assoc,
		status(pair.client, pair.client_assoc).primary.address);
	ck_assert_uint_eq(params.hbinterval, 600);
	ck_assert(params.flags & GEN_SCTP_HB_ENABLE);
}
END_TEST

START_TEST(a_path_that_is_not_confirmed_keeps_its_heartbeats)
{
	if (!connect_to_two_addresses(0))
		return;
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, every,
				   GEN_SCTP_HB_DISABLE),
			 0);
	wait_until_confirmed();
	ck_assert_int_eq(set_flags(pair.client, pair.client_assoc, second,
				   GEN_SCTP_HB_DISABLE),
			 0);
}
END_TEST

START_TEST(paths_are_verified_also_without_heartbeats_by_default)
{
	enum gen_sctp_path_state state;

	if (!connect_to_two_addresses(GEN_SCTP_HB_DISABLE))
		return;
	ck_assert(params_of(pair.client, pair.client_assoc, every).flags &
		  GEN_SCTP_HB_DISABLE);
	state = path_info(pair.client, second).state;
	/* The first heartbeat may be lost. */
	if (state == GEN_SCTP_PATH_UNCONFIRMED)
		ck_assert(params_of(pair.client, 0, second).flags &
			  GEN_SCTP_HB_ENABLE);
	wait_until_confirmed();
}
END_TEST

START_TEST(another_confirmed_address_can_be_made_primary)
{
	struct gen_sctp_prim prim;

	if (!connect_to_two_addresses(0))
		return;
	wait_until_confirmed();
	prim.assoc_id = pair.client_assoc;
	prim.addr = second;
	ck_assert_int_eq(set(pair.client, gen_sctp_opt_primary_addr(prim)), 0);
	ck_assert_int_eq(
		status(pair.client, pair.client_assoc).primary.address.ip[3],
		2);
}
END_TEST

/* -------------------------------------------------------------- UDP ports */

static struct gen_sctp_udp_encaps
udp_of(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_UDP_ENCAPS);

	opt.value.udp_encaps.assoc_id = id;
	return got(s, opt).value.udp_encaps;
}

START_TEST(the_udp_ports_of_an_association_can_be_read)
{
	struct gen_sctp_udp_encaps udp;

	if (!rig_has_multihoming())
		return;
	udp = udp_of(pair.client, pair.client_assoc);
	ck_assert_int_eq(udp.remote_port, rig_udp_port(pair.server));
	ck_assert_int_eq(udp.local_port, rig_udp_port(pair.client));
	/* It was learned there. */
	udp = udp_of(pair.server, pair.server_assoc);
	ck_assert_int_eq(udp.remote_port, rig_udp_port(pair.client));
}
END_TEST

START_TEST(the_remote_udp_port_of_an_association_can_be_changed)
{
	struct gen_sctp_opt opt = remote_udp_port(rig_udp_port(pair.client));

	opt.value.udp_encaps.assoc_id = pair.client_assoc;
	if (!rig_has_multihoming()) {
		ck_assert_int_eq(set(pair.client, opt), -ENOPROTOOPT);
		return;
	}
	ck_assert_int_eq(set(pair.client, opt), 0);
	ck_assert_int_eq(udp_of(pair.client, pair.client_assoc).remote_port,
			 rig_udp_port(pair.client));
}
END_TEST

Suite *
options_path_suite(void)
{
	const TTest *const of_switches[] = {
		each_switch_of_an_endpoint_can_be_turned,
		each_switch_of_an_association_can_be_turned,
		switches_that_contradict_are_an_error,
	};
	const TTest *const of_either[] = {
		an_interval_does_not_turn_heartbeats_on,
	};
	const TTest *const once[] = {
		a_heartbeat_can_be_demanded,
		the_path_mtu_can_be_fixed,
		the_path_mtu_of_associations_to_come_can_be_fixed,
		an_address_of_somebody_else_is_an_error,
		each_path_has_values_of_its_own,
		values_for_every_path_leave_what_is_not_set_as_it_is_on_each,
		a_path_that_is_not_confirmed_keeps_its_heartbeats,
		paths_are_verified_also_without_heartbeats_by_default,
		another_confirmed_address_can_be_made_primary,
		the_udp_ports_of_an_association_can_be_read,
		the_remote_udp_port_of_an_association_can_be_changed,
	};
	Suite *suite = suite_create("options_path");

	ADD_TESTS(suite, of_switches, COUNT(switches));
	ADD_TESTS(suite, of_either, 2);
	ADD_TESTS(suite, once, 1);
	return suite;
}
