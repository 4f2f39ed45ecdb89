/*
 * Locks of Windows, see os.h: the size and the zero of SRWLOCK,
 * CONDITION_VARIABLE and INIT_ONCE (os_win.c checks it), without windows.h in
 * every file.
 */
#ifndef GENSCTP_OS_TYPES_WIN_H
#define GENSCTP_OS_TYPES_WIN_H

typedef struct os_mutex {
	void *srwlock;
} os_mutex;
#define OS_MUTEX_INIT { 0 }

typedef struct os_cond {
	void *variable;
} os_cond;
#define OS_COND_INIT { 0 }

typedef struct os_once {
	void *once;
} os_once;
#define OS_ONCE_INIT { 0 }

#define OS_THREAD_LOCAL _Thread_local

#endif
