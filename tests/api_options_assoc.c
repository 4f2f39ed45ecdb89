/*
 * What options do to sockets and associations.
 */
#include "api_options.h"

/* ----------------------------------------------- what can be done with which
 */

START_TEST(options_of_open_only_cannot_be_set_or_read_later)
{
	static const enum gen_sctp_opt_name names[] = { GEN_SCTP_OPT_IP,
							GEN_SCTP_OPT_FAMILY,
							GEN_SCTP_OPT_TYPE };
	struct gen_sctp_opt opt = gen_sctp_opt_get(names[_i]);
	gen_sctp_socket_t s = rig_open(0, NULL, 0), none;

	ck_assert_int_eq(set(s, opt), -ENOPROTOOPT);
	ck_assert_int_eq(get(s, &opt), -ENOPROTOOPT);
	/* Nothing in it is no value either. */
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &none, NULL), -EINVAL);
	rig_close(s);
}
END_TEST

START_TEST(the_local_udp_port_is_for_open_only)
{
	struct gen_sctp_udp_encaps udp = {
		.set = GEN_SCTP_UDP_ENCAPS_LOCAL_PORT,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_udp_encaps(udp);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);

	ck_assert_int_gt(rig_udp_port(s), 0);
	ck_assert_int_eq(set(s, opt), -ENOPROTOOPT);
	rig_close(s);
}
END_TEST

START_TEST(status_options_cannot_be_set)
{
	static const enum gen_sctp_opt_name names[] = {
		GEN_SCTP_OPT_STATUS, GEN_SCTP_OPT_GET_PEER_ADDR_INFO
	};
	struct gen_sctp_opt opt = gen_sctp_opt_get(names[_i]);
	gen_sctp_socket_t s;

	opt.value.status.assoc_id = pair.client_assoc;
	ck_assert_int_eq(set(pair.client, opt), -ENOPROTOOPT);
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &s, NULL), -ENOPROTOOPT);
}
END_TEST

START_TEST(nothing_is_set_when_one_value_of_a_list_is_bad)
{
	struct gen_sctp_opt opts[] = { gen_sctp_opt_nodelay(true),
				       gen_sctp_opt_sndbuf(-1),
				       gen_sctp_opt_reuseaddr(true) };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	size_t bad = 77;

	ck_assert_int_eq(gen_sctp_setopts(s, opts, 3, &bad), -EINVAL);
	ck_assert_uint_eq(bad, 1);
	ck_assert(!got(s, gen_sctp_opt_get(GEN_SCTP_OPT_NODELAY)).value.flag);
	rig_close(s);
}
END_TEST

START_TEST(linger_takes_no_negative_time)
{
	struct gen_sctp_linger linger = { .on = true, .seconds = 3 };
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt;

	ck_assert_int_eq(set(s, gen_sctp_opt_linger(linger)), 0);
	opt = got(s, gen_sctp_opt_get(GEN_SCTP_OPT_LINGER));
	ck_assert(opt.value.linger.on);
	ck_assert_int_eq(opt.value.linger.seconds, 3);
	linger.seconds = -1;
	ck_assert_int_eq(set(s, gen_sctp_opt_linger(linger)), -EINVAL);
	linger.seconds = 0;
	ck_assert_int_eq(set(s, gen_sctp_opt_linger(linger)), 0);
	rig_close(s);
}
END_TEST

static int
set_rtoinfo(gen_sctp_socket_t s, uint32_t min, uint32_t initial, uint32_t max)
{
	struct gen_sctp_rtoinfo rto = {
		.set = GEN_SCTP_RTOINFO_MIN | GEN_SCTP_RTOINFO_INITIAL |
		       GEN_SCTP_RTOINFO_MAX,
		.min = min,
		.initial = initial,
		.max = max,
	};

	return set(s, gen_sctp_opt_rtoinfo(rto));
}

START_TEST(rto_values_must_be_in_order)
{
	gen_sctp_socket_t s = rig_open(0, NULL, 0);

	ck_assert_int_eq(set_rtoinfo(s, 100, 200, 300), 0);
	ck_assert_int_eq(set_rtoinfo(s, 200, 200, 200), 0);
	ck_assert_int_eq(set_rtoinfo(s, 201, 200, 300), -EINVAL);
	ck_assert_int_eq(set_rtoinfo(s, 100, 301, 300), -EINVAL);
	ck_assert_int_eq(set_rtoinfo(s, 0, 200, 300), -EINVAL);
	rig_close(s);
}
END_TEST

/* ---------------------------------------------------------- associations */

static int
status_error(gen_sctp_socket_t s, gen_sctp_assoc_id_t id)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_STATUS);

	opt.value.status.assoc_id = id;
	return get(s, &opt);
}

START_TEST(status_tells_what_an_association_is_like)
{
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS |
		       GEN_SCTP_INITMSG_MAX_INSTREAMS,
		.num_ostreams = 7,
		.max_instreams = 5,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_initmsg(init);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);
	gen_sctp_assoc_id_t id = connect_to(s, pair.server);
	struct gen_sctp_status st = status(s, id);

	ck_assert_uint_eq(st.assoc_id, id);
	ck_assert_int_eq(st.state, GEN_SCTP_STATE_ESTABLISHED);
	ck_assert_uint_eq(st.outstrms, 7);
	ck_assert_uint_eq(st.instrms, 5);
	ck_assert_uint_gt(st.rwnd, 0);
	ck_assert_uint_gt(st.fragmentation_point, 500);
	ck_assert_uint_eq(st.primary.assoc_id, id);
	ck_assert_int_eq(st.primary.state, GEN_SCTP_PATH_ACTIVE);
	ck_assert_int_eq(st.primary.address.port, gen_sctp_port(pair.server));
	ck_assert_int_eq(st.primary.address.ip[0], 127);
	ck_assert_uint_gt(st.primary.cwnd, 0);
	ck_assert_uint_gt(st.primary.rto, 0);
	ck_assert_uint_gt(st.primary.mtu, st.fragmentation_point);
	rig_close(s);
}
END_TEST

START_TEST(status_needs_an_association)
{
	gen_sctp_assoc_id_t id = pair.client_assoc;

	ck_assert_int_eq(status_error(pair.client, 0), -EINVAL);
	ck_assert_int_eq(status_error(pair.client, id + 1000), -EINVAL);
	ck_assert_int_eq(gen_sctp_abort(pair.server, pair.server_assoc), 0);
	ck_assert_uint_eq(rig_expect_change(pair.client, GEN_SCTP_COMM_LOST),
			  id);
	ck_assert_int_eq(status_error(pair.client, id), -EINVAL);
}
END_TEST

START_TEST(options_work_while_an_association_is_set_up)
{
	struct gen_sctp_rtoinfo rto = { .set = GEN_SCTP_RTOINFO_MIN,
					.min = 123 };
	struct gen_sctp_addr peer = rig_addr("127.0.0.1", 7);
	gen_sctp_socket_t s = rig_open(0, NULL, 0);
	struct gen_sctp_opt opt = remote_udp_port(rig_udp_port(s));

	/* Nobody is there any more. */
	rig_close(s);
	s = rig_open(0, NULL, 0);
	ck_assert_int_eq(
		gen_sctp_connectx_init(s, &peer, 1, &opt, 1, &rto.assoc_id), 0);
	ck_assert_int_eq(status(s, rto.assoc_id).state,
			 GEN_SCTP_STATE_COOKIE_WAIT);
	ck_assert_int_eq(set(s, gen_sctp_opt_rtoinfo(rto)), 0);
	opt = got(s, gen_sctp_opt_rtoinfo(rto));
	ck_assert_uint_eq(opt.value.rtoinfo.min, 123);
	ck_assert_uint_eq(opt.value.rtoinfo.assoc_id, rto.assoc_id);
	ck_assert_uint_eq(path_info(s, peer).assoc_id, rto.assoc_id);
	rig_close(s);
}
END_TEST

START_TEST(an_address_finds_its_path)
{
	struct gen_sctp_addr peer =
		rig_addr("127.0.0.1", gen_sctp_port(pair.server));
	struct gen_sctp_paddrinfo info = path_info(pair.client, peer);
	struct gen_sctp_opt opt =
		gen_sctp_opt_get(GEN_SCTP_OPT_GET_PEER_ADDR_INFO);

	ck_assert_uint_eq(info.assoc_id, pair.client_assoc);
	ck_assert_int_eq(info.state, GEN_SCTP_PATH_ACTIVE);
	ck_assert_uint_eq(info.mtu,
			  status(pair.client, pair.client_assoc).primary.mtu);

	/* Without an address, and with one of nobody. */
	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
	opt.value.get_peer_addr_info.address = peer;
	opt.value.get_peer_addr_info.address.port++;
	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
	opt.value.get_peer_addr_info.assoc_id = pair.client_assoc;
	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
}
END_TEST

START_TEST(the_primary_address_is_one_of_the_peers)
{
	struct gen_sctp_opt opt = gen_sctp_opt_get(GEN_SCTP_OPT_PRIMARY_ADDR);
	struct gen_sctp_prim *prim = &opt.value.primary_addr;
	gen_sctp_socket_t s;

	ck_assert_int_eq(get(pair.client, &opt), -EINVAL);
	prim->assoc_id = pair.client_assoc;
	opt = got(pair.client, opt);
	ck_assert_uint_eq(prim->assoc_id, pair.client_assoc);
	ck_assert_int_eq(prim->addr.port, gen_sctp_port(pair.server));
	ck_assert_int_eq(set(pair.client, opt), 0);
	prim->addr.ip[3] = 77;
	ck_assert_int_eq(set(pair.client, opt), -EINVAL);
	ck_assert_int_eq(gen_sctp_open(0, &opt, 1, &s, NULL), -EINVAL);
}
END_TEST

START_TEST(a_stream_socket_does_not_look_at_the_id)
{
	struct gen_sctp_opt type = gen_sctp_opt_type(GEN_SCTP_STREAM);
	gen_sctp_socket_t s = rig_open(0, &type, 1);
	gen_sctp_assoc_id_t id;

	ck_assert_int_eq(status_error(s, 0), -EINVAL);
	id = connect_to(s, pair.server);
	ck_assert_uint_eq(status(s, 0).assoc_id, id);
	ck_assert_uint_eq(status(s, id + 1000).assoc_id, id);
	rig_close(s);
}
END_TEST

START_TEST(a_peeled_off_socket_has_the_options_of_its_parent)
{
	struct gen_sctp_initmsg init = {
		.set = GEN_SCTP_INITMSG_NUM_OSTREAMS,
		.num_ostreams = 33,
	};
	struct gen_sctp_opt opts[] = {
		gen_sctp_opt_initmsg(init),   gen_sctp_opt_sndbuf(70000),
		gen_sctp_opt_recbuf(80000),   gen_sctp_opt_nodelay(true),
		gen_sctp_opt_send_timeout(4), gen_sctp_opt_adaptation_layer(5),
	};
	struct gen_sctp_opt opt;
	gen_sctp_socket_t peeled;
	size_t i;

	ck_assert_int_eq(gen_sctp_setopts(pair.client, opts, 6, NULL), 0);
	ck_assert_int_eq(
		gen_sctp_peeloff(pair.client, pair.client_assoc, &peeled), 0);
	for (i = 1; i < 6; i++) {
		opt = got(peeled, gen_sctp_opt_get(opts[i].name));
		if (opts[i].name == GEN_SCTP_OPT_NODELAY)
			ck_assert(opt.value.flag);
		else
			ck_assert_int_eq(opt.value.number,
					 opts[i].value.number);
	}
	opt = got(peeled, gen_sctp_opt_get(GEN_SCTP_OPT_INITMSG));
	ck_assert_uint_eq(opt.value.initmsg.num_ostreams, 33);
	rig_close(peeled);
}
END_TEST

/* ---------------------------------------------------------- what they do */

START_TEST(sndbuf_holds_for_associations_that_are_up)
{
	static char message[5000];

	ck_assert_int_eq(gen_sctp_send(pair.client, pair.client_assoc, 0,
				       message, sizeof(message)),
			 0);
	ck_assert_int_eq(set(pair.client, gen_sctp_opt_sndbuf(4096)), 0);
	ck_assert_int_eq(gen_sctp_send(pair.client, pair.client_assoc, 0,
				       message, sizeof(message)),
			 -EMSGSIZE);
}
END_TEST

START_TEST(recbuf_is_what_the_peer_may_send)
{
	struct gen_sctp_opt opt = gen_sctp_opt_recbuf(50000);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);
	struct rig_pair p = { .server = pair.server, .client = s };

	rig_connect(&p, "127.0.0.1");
	ck_assert_uint_eq(status(p.server, p.server_assoc).rwnd, 50000);
	rig_close(s);
}
END_TEST

START_TEST(the_adaptation_indication_reaches_the_peer)
{
	struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_ADAPTATION_LAYER_EVENT,
		.on = GEN_SCTP_ADAPTATION_LAYER_EVENT,
	};
	struct gen_sctp_opt opt = gen_sctp_opt_adaptation_layer(0xfeedf00d);
	gen_sctp_socket_t s = rig_open(0, &opt, 1);
	struct gen_sctp_event event;

	ck_assert_int_eq(set(pair.server, gen_sctp_opt_events(events)), 0);
	connect_to(s, pair.server);
	rig_expect_event(pair.server, GEN_SCTP_ADAPTATION, &event);
	ck_assert_uint_eq(event.u.adaptation.adaptation_ind, 0xfeedf00d);
	rig_close(s);
}
END_TEST

START_TEST(events_that_are_off_do_not_come)
{
	struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_ASSOCIATION_EVENT | GEN_SCTP_SHUTDOWN_EVENT,
		.on = GEN_SCTP_ASSOCIATION_EVENT,
	};
	struct gen_sctp_opt opt;

	ck_assert_int_eq(set(pair.client, gen_sctp_opt_events(events)), 0);
	opt = got(pair.client, gen_sctp_opt_get(GEN_SCTP_OPT_EVENTS));
	ck_assert(!(opt.value.events.on & GEN_SCTP_SHUTDOWN_EVENT));
	ck_assert(opt.value.events.on & GEN_SCTP_ADDRESS_EVENT);
	ck_assert_int_eq(gen_sctp_eof(pair.server, pair.server_assoc), 0);
	rig_expect_change(pair.client, GEN_SCTP_SHUTDOWN_COMP);
}
END_TEST

START_TEST(data_io_event_is_the_ancillary_data)
{
	struct gen_sctp_event_subscribe events = {
		.set = GEN_SCTP_DATA_IO_EVENT,
	};
	struct gen_sctp_msg msg = GEN_SCTP_MSG_INIT;
	char buf[] = "data";

	ck_assert_int_eq(set(pair.server, gen_sctp_opt_events(events)), 0);
	ck_assert_int_eq(gen_sctp_send(pair.client, pair.client_assoc, 0, buf,
				       sizeof(buf)),
			 0);
	rig_recv(pair.server, buf, sizeof(buf), &msg);
	ck_assert_int_eq(msg.kind, GEN_SCTP_MSG_DATA);
	ck_assert_uint_eq(msg.anc, 0);
	gen_sctp_msg_free(&msg);
}
END_TEST

Suite *
options_assoc_suite(void)
{
	const TTest *const once[] = {
		the_local_udp_port_is_for_open_only,
		nothing_is_set_when_one_value_of_a_list_is_bad,
		linger_takes_no_negative_time,
		rto_values_must_be_in_order,
		status_tells_what_an_association_is_like,
		status_needs_an_association,
		options_work_while_an_association_is_set_up,
		an_address_finds_its_path,
		the_primary_address_is_one_of_the_peers,
		a_stream_socket_does_not_look_at_the_id,
		a_peeled_off_socket_has_the_options_of_its_parent,
		sndbuf_holds_for_associations_that_are_up,
		recbuf_is_what_the_peer_may_send,
		the_adaptation_indication_reaches_the_peer,
		events_that_are_off_do_not_come,
		data_io_event_is_the_ancillary_data,
	};
	const TTest *const of_open_only[] = {
		options_of_open_only_cannot_be_set_or_read_later,
	};
	const TTest *const of_status[] = {
		status_options_cannot_be_set,
	};
	Suite *suite = suite_create("options_assoc");

	ADD_TESTS(suite, once, 1);
	ADD_TESTS(suite, of_open_only, 3);
	ADD_TESTS(suite, of_status, 2);
	return suite;
}
