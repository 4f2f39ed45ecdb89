/*
 * Clock, locks and threads of Windows.
 */
#include "os_win.h"

#include <process.h>
#include <stdlib.h>
#include <string.h>

#include "os_errno.h"

#define NS_PER_SECOND INT64_C(1000000000)
/* Of FILETIME: from 1601 to 1970, in units of 100 ns. */
#define FILETIME_1970 INT64_C(116444736000000000)
/* Windows 10 1803; older systems refuse it. */
#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x2
#endif

_Static_assert(sizeof(os_mutex) == sizeof(SRWLOCK), "os_types_win.h");
_Static_assert(sizeof(os_cond) == sizeof(CONDITION_VARIABLE), "os_types_win.h");
_Static_assert(sizeof(os_once) == sizeof(INIT_ONCE), "os_types_win.h");

/* ---------------------------------------------------------------- clock */

os_time
os_now(void)
{
	LARGE_INTEGER count, frequency;

	QueryPerformanceFrequency(&frequency);
	QueryPerformanceCounter(&count);
	return count.QuadPart / frequency.QuadPart * NS_PER_SECOND +
	       count.QuadPart % frequency.QuadPart * NS_PER_SECOND /
		       frequency.QuadPart;
}

int64_t
os_wall_clock(void)
{
	FILETIME t;
	int64_t units;

	GetSystemTimeAsFileTime(&t);
	units = (int64_t)t.dwHighDateTime << 32 | (int64_t)t.dwLowDateTime;
	return (units - FILETIME_1970) * 100;
}

/* Rounded up, for functions that never wait longer than a DWORD can say. */
static DWORD
milliseconds(int64_t ns)
{
	if (ns <= 0)
		return 0;
	if (ns / OS_MS >= INFINITE - 1)
		return INFINITE - 1;
	return (DWORD)((ns + OS_MS - 1) / OS_MS);
}

void
os_sleep_ns(int64_t ns)
{
	LARGE_INTEGER due = { .QuadPart = -(ns + 99) / 100 }; /* relative */
	HANDLE timer = CreateWaitableTimerExW(
		NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
		TIMER_MODIFY_STATE | SYNCHRONIZE);

	if (timer != NULL &&
	    SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE))
		WaitForSingleObject(timer, INFINITE);
	else
		Sleep(milliseconds(ns));
	if (timer != NULL)
		CloseHandle(timer);
}

/* ---------------------------------------------------------------- locks */

void
os_mutex_lock(os_mutex *m)
{
	AcquireSRWLockExclusive((SRWLOCK *)m);
}

bool
os_mutex_trylock(os_mutex *m)
{
	return TryAcquireSRWLockExclusive((SRWLOCK *)m);
}

void
os_mutex_unlock(os_mutex *m)
{
	ReleaseSRWLockExclusive((SRWLOCK *)m);
}

void
os_cond_wait(os_cond *c, os_mutex *m)
{
	SleepConditionVariableSRW((CONDITION_VARIABLE *)c, (SRWLOCK *)m,
				  INFINITE, 0);
}

bool
os_cond_wait_until(os_cond *c, os_mutex *m, os_time deadline)
{
	if (deadline == OS_NEVER) {
		os_cond_wait(c, m);
		return true;
	}
	return SleepConditionVariableSRW((CONDITION_VARIABLE *)c, (SRWLOCK *)m,
					 milliseconds(deadline - os_now()),
					 0) ||
	       os_now() < deadline;
}

void
os_cond_signal(os_cond *c)
{
	WakeConditionVariable((CONDITION_VARIABLE *)c);
}

void
os_cond_broadcast(os_cond *c)
{
	WakeAllConditionVariable((CONDITION_VARIABLE *)c);
}

struct call {
	void (*f)(void);
};

static BOOL CALLBACK
call_once(INIT_ONCE *once, void *arg, void **context)
{
	(void)once;
	(void)context;
	((struct call *)arg)->f();
	return TRUE;
}

void
os_call_once(os_once *once, void (*f)(void))
{
	struct call call = { f };

	InitOnceExecuteOnce((INIT_ONCE *)once, call_once, &call, NULL);
}

/* -------------------------------------------------------------- threads */

struct start {
	void (*f)(void *);
	void *arg;
	wchar_t name[32];
};

/* A function of a module that is loaded, into *f; false: it has none. */
static bool
find_function(const wchar_t *module_name, const char *name, void *f)
{
	HMODULE module = GetModuleHandleW(module_name);
	FARPROC found = module == NULL ? NULL : GetProcAddress(module, name);

	memcpy(f, &found, sizeof(found));
	return found != NULL;
}

/* Windows 10 1607 and later; debuggers show it. */
static void
describe_self(const wchar_t *name)
{
	HRESULT(WINAPI * describe)(HANDLE, PCWSTR);

	if (find_function(L"kernel32.dll", "SetThreadDescription", &describe))
		describe(GetCurrentThread(), name);
}

static unsigned __stdcall run(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	describe_self(start.name);
	start.f(start.arg);
	return 0;
}

int
os_thread_start(const char *name, void (*f)(void *), void *arg)
{
	struct start *start = calloc(1, sizeof(*start));
	uintptr_t thread;
	size_t i;

	if (start == NULL)
		return -ENOMEM;
	start->f = f;
	start->arg = arg;
	for (i = 0; name[i] != '\0' && i < 31; i++)
		start->name[i] = (wchar_t)name[i];
	thread = _beginthreadex(NULL, 0, run, start, 0, NULL);
	if (thread == 0) {
		free(start);
		return -EAGAIN;
	}
	CloseHandle((HANDLE)thread);
	return 0;
}

static DWORD end_index = FLS_OUT_OF_INDEXES;
static INIT_ONCE end_once = INIT_ONCE_STATIC_INIT;

/* All other threads are gone by then, whatever they held. */
static bool
process_ends(void)
{
	BOOLEAN(WINAPI * in_progress)(void);

	return find_function(L"ntdll.dll", "RtlDllShutdownInProgress",
			     &in_progress) &&
	       in_progress();
}

static void CALLBACK
call_end(void *value)
{
	struct os_thread_end *e = value;

	if (e != NULL && !process_ends())
		e->f(e);
}

static BOOL CALLBACK
make_end_index(INIT_ONCE *once, void *arg, void **context)
{
	(void)once;
	(void)arg;
	(void)context;
	end_index = FlsAlloc(call_end);
	return TRUE;
}

int
os_at_thread_end(struct os_thread_end *e)
{
	InitOnceExecuteOnce(&end_once, make_end_index, NULL, NULL);
	return end_index != FLS_OUT_OF_INDEXES && FlsSetValue(end_index, e)
		       ? 0
		       : -ENOMEM;
}

#ifdef _UCRT
#define RUNTIME	       L"ucrtbase.dll"
#define RUNTIME_ATEXIT "_crt_atexit"
#else
#define RUNTIME	       L"msvcrt.dll"
#define RUNTIME_ATEXIT "_onexit"
#endif

/* atexit of a DLL is for when it is unloaded: too late, Windows has ended all
 * other threads by then, whatever they held. The C runtime's own list is run
 * before that; the DLL has to stay for it. */
int
os_at_exit(void (*f)(void))
{
	void *(__cdecl * runtime_atexit)(void (*)(void));
	HMODULE self;

	if (!find_function(RUNTIME, RUNTIME_ATEXIT, &runtime_atexit))
		return atexit(f) == 0 ? 0 : -ENOMEM;
	GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN |
				   GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
			   (LPCWSTR)(uintptr_t)f, &self);
	runtime_atexit(f);
	return 0;
}

/* Threads cannot be cancelled, there is no fork, and the seam is made at link
 * time. */
int
os_cancel_disable(void)
{
	return 0;
}

void
os_cancel_restore(int state)
{
	(void)state;
}

void
os_at_fork_child(void (*f)(void))
{
	(void)f;
}

void *
os_next_symbol(const char *name)
{
	(void)name;
	return NULL;
}
