/*
 * Exit statuses of the command, as gensctp(1) lists them.
 */
#ifndef GENSCTP_TOOLS_STATUS_H
#define GENSCTP_TOOLS_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_REFUSED = 3,      /* by the peer */
	STATUS_UNREACHABLE = 4,  /* no answer from the peer */
	STATUS_TIMEOUT = 5,      /* --timeout is over */
	STATUS_LOST = 6,         /* the association broke or was aborted */
	STATUS_LOCAL = 7,        /* a local address or port cannot be had */
	STATUS_UNKNOWN_HOST = 8,
};

/* Says on stderr that something failed: what (as printf), why (the text of
 * `result`, a negative errno value), and what to try next unless `advice` is
 * NULL or "". Returns the status that belongs to the result. */
enum status complain(int result, const char *advice, const char *what, ...)
#if defined(__GNUC__)
	__attribute__((format(printf, 3, 4)))
#endif
	;

#endif
