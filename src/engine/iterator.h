/*
 * The engine's own thread, which carries out changes of addresses.
 */
#ifndef GENSCTP_ENGINE_ITERATOR_H
#define GENSCTP_ENGINE_ITERATOR_H

/* Stack lock held. Waits until it has done all that it was given: with the lock
 * held nothing else goes on in the engine meanwhile. A wake-up while the thread
 * is being started is lost there; here it is woken until it answers. */
void iterator_finish(void);

#endif
