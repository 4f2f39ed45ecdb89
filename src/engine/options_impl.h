/*
 * What the parts of options.h share: whom an option is about, and the
 * functions of the table, one file for each kind of options.
 */
#ifndef GENSCTP_ENGINE_OPTIONS_IMPL_H
#define GENSCTP_ENGINE_OPTIONS_IMPL_H

#include "options.h"

/* An association, or an endpoint with its future ones. */
struct option_target {
	struct assoc *a; /* NULL: the endpoint */
	struct socket *so;
	sctp_assoc_t id; /* the engine's */
};

/* -EINVAL: no such association. */
int option_target(const struct endpoint *ep, gen_sctp_assoc_id_t id,
		  struct option_target *out);
/* The same where an address names the association too: id 0 will do. */
int option_target_at(const struct endpoint *ep, gen_sctp_assoc_id_t id,
		     const struct gen_sctp_addr *address,
		     struct option_target *out);
/* Can be one? While open checks its list there is no association yet. */
int option_check_target(const struct endpoint *ep, gen_sctp_assoc_id_t id);
/* Our id; 0 for an endpoint. */
gen_sctp_assoc_id_t option_target_id(const struct option_target *t);

/* An address of a peer, as we and as the engine know it. */
struct option_peer {
	struct gen_sctp_addr addr;
	union engine_sockaddr sa;
};

/* gen_sctp's {any, 0}, and how the engine is told so. */
bool option_every_address(const struct gen_sctp_addr *address);
void option_peer_any(const struct endpoint *ep, struct option_peer *out);
/* All of an association; free(*out). */
int option_peers(const struct option_target *t, struct option_peer **out,
		 size_t *count);
/* -EINVAL: the association does not have it. */
int
option_find_peer(const struct option_target *t,
		 const struct gen_sctp_addr *address, struct option_peer *out);
int
option_peer_info(const struct option_target *t, const struct option_peer *peer,
		 struct gen_sctp_paddrinfo *out);
/* The engine's record as ours. */
void
option_path_info(const struct option_target *t, const struct sctp_paddrinfo *in,
		 struct gen_sctp_paddrinfo *out);

/* The engine's options that are a number, of the target. */
int option_value_set(const struct option_target *t, int option, uint32_t value);
int
option_value_get(const struct option_target *t, int option, uint32_t *value);

/* 0 or an error of ours. */
int
option_engine_set(struct socket *so, int option, const void *value, size_t len);
int option_engine_get(struct socket *so, int option, void *value, size_t len);
int
option_engine_status(const struct option_target *t, struct sctp_status *out);

/* A number from all that the user-level buffer has to hold. */
void option_raise_buffer(struct endpoint *ep, uint32_t bytes);

/* Where to read what all engine sockets of an endpoint have in common; NULL:
 * peeled off, and its association is over. */
struct socket *option_socket(const struct endpoint *ep);

/* ------------------------------------------------ functions of the table */

typedef int
option_check_fn(const struct endpoint *ep, const struct gen_sctp_opt *opt);
typedef int option_set_fn(struct endpoint *ep, const struct gen_sctp_opt *opt);
typedef int option_get_fn(struct endpoint *ep, struct gen_sctp_opt *opt);

/* options_events.c */
option_check_fn option_events_check;
option_set_fn option_events_set;
option_get_fn option_events_get;

/* options_socket.c */
option_check_fn option_ip_check, option_family_check, option_type_check,
	option_active_check, option_linger_check;
option_set_fn option_active_set, option_sndbuf_set, option_recbuf_set,
	option_linger_set, option_nodelay_set, option_send_timeout_set,
	option_adaptation_layer_set, option_max_associations_set,
	option_autoclose_set;
option_get_fn option_ipv6_v6only_get, option_active_get, option_sndbuf_get,
	option_recbuf_get, option_linger_get, option_nodelay_get,
	option_send_timeout_get, option_adaptation_layer_get;

/* options_policy.c */
option_check_fn option_local_addr_policy_check;
option_set_fn option_local_addr_policy_set;
option_get_fn option_local_addr_policy_get;

/* options_assoc.c */
option_check_fn option_initmsg_check, option_rtoinfo_check,
	option_associnfo_check;
option_set_fn option_initmsg_set, option_rtoinfo_set, option_associnfo_set;
option_get_fn option_initmsg_get, option_rtoinfo_get, option_associnfo_get;

/* options_send.c */
option_check_fn option_default_send_param_check, option_default_prinfo_check;
option_set_fn option_default_send_param_set, option_default_prinfo_set;
option_get_fn option_default_send_param_get, option_default_prinfo_get;

/* options_pr.c */
option_get_fn option_pr_assoc_status_get, option_pr_stream_status_get;

/* options_reconfig.c */
option_check_fn option_enable_stream_reset_check;
option_set_fn option_enable_stream_reset_set;
option_get_fn option_enable_stream_reset_get;

/* options_auth.c */
option_check_fn option_auth_chunk_check, option_auth_key_check,
	option_auth_keyid_check, option_hmac_ident_check;
option_set_fn option_auth_chunk_set, option_auth_key_set,
	option_auth_active_key_set, option_auth_deactivate_key_set,
	option_auth_delete_key_set, option_hmac_ident_set;
option_get_fn option_auth_active_key_get, option_hmac_ident_get,
	option_peer_auth_chunks_get, option_local_auth_chunks_get;

/* options_supported.c */
option_check_fn option_supported_check;
option_set_fn option_supported_set;
option_get_fn option_supported_get;

/* options_status.c */
option_check_fn option_primary_addr_check, option_set_peer_primary_addr_check;
option_set_fn option_primary_addr_set, option_set_peer_primary_addr_set;
option_get_fn option_primary_addr_get, option_status_get,
	option_get_peer_addr_info_get;

/* options_path.c, options_path_set.c, options_path_get.c */
option_check_fn option_peer_addr_params_check;
option_set_fn option_peer_addr_params_set;
option_get_fn option_peer_addr_params_get;

/* options_sack.c */
option_check_fn option_delayed_ack_time_check;
option_set_fn option_delayed_ack_time_set;
option_get_fn option_delayed_ack_time_get;

/* options_congestion.c */
option_check_fn option_max_burst_check, option_congestion_control_check;
option_set_fn option_congestion_set;
option_get_fn option_congestion_get;

/* options_udp_buffer.c */
option_set_fn option_udp_buffer_set;
option_get_fn option_udp_buffer_get;

/* options_buffer.c */
option_check_fn option_mode_check;
option_set_fn option_mode_set, option_high_msgq_watermark_set,
	option_low_msgq_watermark_set;
option_get_fn option_mode_get;

/* options_marks.c */
option_check_fn option_tos_check, option_ttl_check;
option_set_fn option_tos_set, option_tclass_set, option_priority_set,
	option_ttl_set, option_dontroute_set;
option_get_fn option_tos_get, option_tclass_get, option_ttl_get;

/* options_mapped.c */

/* The option with its address, if it has one, as everybody else knows it; and
 * back again as the user wants to see it. */
struct gen_sctp_opt option_unmap(const struct gen_sctp_opt *opt);
void option_show(const struct endpoint *ep, struct gen_sctp_opt *opt);

/* options_fragment.c */
option_check_fn option_maxseg_check;
option_set_fn option_maxseg_set, option_partial_delivery_point_set;

/* options_udp.c */
option_check_fn option_udp_encaps_check;
option_set_fn option_udp_encaps_set;
option_get_fn option_udp_encaps_get;

#endif
