/*
 * The leaf lock: guards what the engine's own threads touch without the stack
 * lock (output batch, guard state, timer heap, list of sockets to look at).
 * Lock order: stack lock, the engine's locks, leaf lock. While it is held
 * nothing else is locked and the engine is not called.
 */
#ifndef GENSCTP_LINK_LEAF_H
#define GENSCTP_LINK_LEAF_H

void leaf_lock(void);
void leaf_unlock(void);

#endif
