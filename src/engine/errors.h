/*
 * The table of error numbers: what usrsctp 0.9.5.0 says, and what Linux' own
 * SCTP (and so gen_sctp) says in that place.
 */
#ifndef GENSCTP_ENGINE_ERRORS_H
#define GENSCTP_ENGINE_ERRORS_H

enum engine_call {
	ENGINE_ANY,
	ENGINE_SEND,
	ENGINE_CONNECT,
	ENGINE_OPTION,
};

/* The engine's errno of this thread as a negative errno of ours. */
int engine_error(void);
int engine_error_of(enum engine_call call);

#endif
