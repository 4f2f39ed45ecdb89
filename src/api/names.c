/*
 * Numbers as text: SCTP causes, states, events, errors.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "gensctp.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *
look_up(const char *const *table, size_t count, size_t i,
	const char *otherwise)
{
	if (i >= count || table[i] == NULL)
		return otherwise;
	return table[i];
}

const char *
gen_sctp_error_string(uint32_t cause)
{
	/* RFC 9260 3.3.10, in the words of gen_sctp:error_string/1. */
	static const char *const causes[] = {
		"ok",
		"Invalid Stream Identifier",
		"Missing Mandatory Parameter",
		"Stale Cookie Error",
		"Out of Resource",
		"Unresolvable Address",
		"Unrecognized Chunk Type",
		"Invalid Mandatory Parameter",
		"Unrecognized Parameters",
		"No User Data",
		"Cookie Received While Shutting Down",
		"Restart of an Association with New Addresses",
		"User Initiated Abort",
		"Protocol Violation",
	};

	return look_up(causes, COUNT(causes), cause, "unknown_error");
}

const char *
gen_sctp_assoc_change_name(enum gen_sctp_assoc_change_state state)
{
	static const char *const names[] = {
		[GEN_SCTP_COMM_UP] = "comm_up",
		[GEN_SCTP_COMM_LOST] = "comm_lost",
		[GEN_SCTP_RESTART] = "restart",
		[GEN_SCTP_SHUTDOWN_COMP] = "shutdown_comp",
		[GEN_SCTP_CANT_ASSOC] = "cant_assoc",
	};

	return look_up(names, COUNT(names), state, "undefined");
}

const char *
gen_sctp_paddr_change_name(enum gen_sctp_paddr_change_state state)
{
	static const char *const names[] = {
		[GEN_SCTP_ADDR_AVAILABLE] = "addr_available",
		[GEN_SCTP_ADDR_UNREACHABLE] = "addr_unreachable",
		[GEN_SCTP_ADDR_REMOVED] = "addr_removed",
		[GEN_SCTP_ADDR_ADDED] = "addr_added",
		[GEN_SCTP_ADDR_MADE_PRIM] = "addr_made_prim",
		[GEN_SCTP_ADDR_CONFIRMED] = "addr_confirmed",
	};

	return look_up(names, COUNT(names), state, "undefined");
}

const char *
gen_sctp_state_name(enum gen_sctp_assoc_state state)
{
	static const char *const names[] = {
		[GEN_SCTP_STATE_EMPTY] = "empty",
		[GEN_SCTP_STATE_CLOSED] = "closed",
		[GEN_SCTP_STATE_COOKIE_WAIT] = "cookie_wait",
		[GEN_SCTP_STATE_COOKIE_ECHOED] = "cookie_echoed",
		[GEN_SCTP_STATE_ESTABLISHED] = "established",
		[GEN_SCTP_STATE_SHUTDOWN_PENDING] = "shutdown_pending",
		[GEN_SCTP_STATE_SHUTDOWN_SENT] = "shutdown_sent",
		[GEN_SCTP_STATE_SHUTDOWN_RECEIVED] = "shutdown_received",
		[GEN_SCTP_STATE_SHUTDOWN_ACK_SENT] = "shutdown_ack_sent",
	};

	return look_up(names, COUNT(names), state, "undefined");
}

const char *
gen_sctp_path_state_name(enum gen_sctp_path_state state)
{
	static const char *const names[] = {
		[GEN_SCTP_PATH_ACTIVE] = "active",
		[GEN_SCTP_PATH_INACTIVE] = "inactive",
		[GEN_SCTP_PATH_UNCONFIRMED] = "unconfirmed",
	};

	return look_up(names, COUNT(names), state, "undefined");
}

const char *
gen_sctp_event_name(enum gen_sctp_event_type type)
{
	static const char *const names[] = {
		[GEN_SCTP_ASSOC_CHANGE] = "sctp_assoc_change",
		[GEN_SCTP_PADDR_CHANGE] = "sctp_paddr_change",
		[GEN_SCTP_REMOTE_ERROR] = "sctp_remote_error",
		[GEN_SCTP_SEND_FAILED] = "sctp_send_failed",
		[GEN_SCTP_SHUTDOWN] = "sctp_shutdown_event",
		[GEN_SCTP_ADAPTATION] = "sctp_adaptation_event",
		[GEN_SCTP_PDAPI] = "sctp_pdapi_event",
		[GEN_SCTP_AUTHENTICATION] = "sctp_authentication_event",
		[GEN_SCTP_SENDER_DRY] = "sctp_sender_dry_event",
		[GEN_SCTP_STREAM_RESET] = "sctp_stream_reset_event",
		[GEN_SCTP_ASSOC_RESET] = "sctp_assoc_reset_event",
		[GEN_SCTP_STREAM_CHANGE] = "sctp_stream_change_event",
	};

	return look_up(names, COUNT(names), type, "undefined");
}

const char *
gen_sctp_feature_name(uint32_t feature)
{
	switch (feature) {
	case GEN_SCTP_SUPPORTS_PR:
		return "pr";
	case GEN_SCTP_SUPPORTS_AUTH:
		return "auth";
	case GEN_SCTP_SUPPORTS_ASCONF:
		return "asconf";
	case GEN_SCTP_SUPPORTS_MULTIBUF:
		return "multibuf";
	case GEN_SCTP_SUPPORTS_RE_CONFIG:
		return "re_config";
	case GEN_SCTP_SUPPORTS_INTERLEAVING:
		return "interleaving";
	default:
		return "undefined";
	}
}

const char *
gen_sctp_auth_indication_name(enum gen_sctp_auth_indication indication)
{
	static const char *const names[] = {
		[GEN_SCTP_AUTH_NEW_KEY] = "new_key",
		[GEN_SCTP_AUTH_NO_AUTH] = "no_auth",
		[GEN_SCTP_AUTH_FREE_KEY] = "free_key",
	};

	return look_up(names, COUNT(names), indication, "undefined");
}

const char *
gen_sctp_reconfig_result_name(enum gen_sctp_reconfig_result result)
{
	static const char *const names[] = {
		[GEN_SCTP_RECONFIG_DONE] = "done",
		[GEN_SCTP_RECONFIG_DENIED] = "denied",
		[GEN_SCTP_RECONFIG_FAILED] = "failed",
	};

	return look_up(names, COUNT(names), result, "undefined");
}

const char *
gen_sctp_strerror(int result)
{
	if (result > 0)
		result = -result;
	switch (result) {
	case GEN_SCTP_EEVENT:
		return "an error event was received";
	case GEN_SCTP_ENXDOMAIN:
		return "unknown host name";
	case GEN_SCTP_ENETWORK:
		return "unknown network: it is sctp, sctp4 or sctp6";
	case GEN_SCTP_ENOADDR:
		return "missing address";
	case GEN_SCTP_ENOPORT:
		return "missing port in address";
	case GEN_SCTP_EPORT:
		return "no port number and no known service";
	case GEN_SCTP_ENOTSUITABLE:
		return "no suitable address";
	default:
		return strerror(result > INT_MIN ? -result : INT_MAX);
	}
}
