/*
 * The engine as a whole: what the API starts.
 */
#ifndef GENSCTP_ENGINE_ENGINE_H
#define GENSCTP_ENGINE_ENGINE_H

/* Starts the stack (see stack_start) with the objects that live on it. */
int engine_start(void);

#endif
