/*
 * Locks of POSIX threads, see os.h.
 */
#ifndef GENSCTP_OS_TYPES_POSIX_H
#define GENSCTP_OS_TYPES_POSIX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef pthread_mutex_t os_mutex;
#define OS_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER

/* A static initialiser cannot choose the monotonic clock: the first wait makes
 * the condition, with the mutex held. Whoever signals before that has nobody to
 * wake. */
typedef struct os_cond {
	pthread_cond_t cond;
	atomic_bool made;
} os_cond;
#define OS_COND_INIT { .made = false }

typedef pthread_once_t os_once;
#define OS_ONCE_INIT PTHREAD_ONCE_INIT

#define OS_THREAD_LOCAL _Thread_local

#endif
