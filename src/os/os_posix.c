/*
 * Clock, locks and threads of POSIX systems.
 */
#include "os_internal.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __FreeBSD__
#include <pthread_np.h>
#endif

#include "os_errno.h"
#include "os_posix.h"

/* ---------------------------------------------------------------- clock */

struct timespec
os_timespec(int64_t ns)
{
	struct timespec ts;

	if (ns < 0)
		ns = 0;
	ts.tv_sec = (time_t)(ns / 1000000000);
	ts.tv_nsec = (long)(ns % 1000000000);
	return ts;
}

static int64_t
read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

os_time
os_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t
os_wall_clock(void)
{
	return read_clock(CLOCK_REALTIME);
}

void
os_sleep_ns(int64_t ns)
{
	struct timespec left = os_timespec(ns);

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* ---------------------------------------------------------------- locks */

void
os_mutex_lock(os_mutex *m)
{
	pthread_mutex_lock(m);
}

bool
os_mutex_trylock(os_mutex *m)
{
	return pthread_mutex_trylock(m) == 0;
}

void
os_mutex_unlock(os_mutex *m)
{
	pthread_mutex_unlock(m);
}

static void
make_cond(os_cond *c)
{
	pthread_condattr_t attr;

	if (atomic_load_explicit(&c->made, memory_order_relaxed))
		return; /* the mutex is held */
	pthread_condattr_init(&attr);
#ifndef __APPLE__
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
#endif
	pthread_cond_init(&c->cond, &attr);
	pthread_condattr_destroy(&attr);
	atomic_store_explicit(&c->made, true, memory_order_release);
}

static int
timed_wait(os_cond *c, os_mutex *m, os_time deadline)
{
#ifdef __APPLE__
	struct timespec left = os_timespec(deadline - os_now());

	return pthread_cond_timedwait_relative_np(&c->cond, m, &left);
#else
	struct timespec at = os_timespec(deadline);

	return pthread_cond_timedwait(&c->cond, m, &at);
#endif
}

void
os_cond_wait(os_cond *c, os_mutex *m)
{
	make_cond(c);
	pthread_cond_wait(&c->cond, m);
}

bool
os_cond_wait_until(os_cond *c, os_mutex *m, os_time deadline)
{
	if (deadline == OS_NEVER) {
		os_cond_wait(c, m);
		return true;
	}
	make_cond(c);
	return timed_wait(c, m, deadline) != ETIMEDOUT;
}

void
os_cond_signal(os_cond *c)
{
	if (atomic_load_explicit(&c->made, memory_order_acquire))
		pthread_cond_signal(&c->cond);
}

void
os_cond_broadcast(os_cond *c)
{
	if (atomic_load_explicit(&c->made, memory_order_acquire))
		pthread_cond_broadcast(&c->cond);
}

void
os_call_once(os_once *once, void (*f)(void))
{
	pthread_once(once, f);
}

/* -------------------------------------------------------------- threads */

struct start {
	void (*f)(void *);
	void *arg;
	char name[16]; /* as long as Linux takes */
};

static void
describe_self(const char *name)
{
#if defined(__linux__)
	pthread_setname_np(pthread_self(), name);
	prctl(PR_SET_TIMERSLACK, 1UL);
#elif defined(__APPLE__)
	pthread_setname_np(name);
#elif defined(__FreeBSD__)
	pthread_set_name_np(pthread_self(), name);
#else
	(void)name;
#endif
}

static void *
run(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	describe_self(start.name);
	start.f(start.arg);
	return NULL;
}

static int
create_detached(struct start *start)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc = pthread_attr_init(&attr);

	if (rc != 0)
		return -rc;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&thread, &attr, run, start);
	pthread_attr_destroy(&attr);
	return -rc;
}

int
os_thread_start(const char *name, void (*f)(void *), void *arg)
{
	struct start *start = calloc(1, sizeof(*start));
	sigset_t all, before;
	int rc;

	if (start == NULL)
		return -ENOMEM;
	start->f = f;
	start->arg = arg;
	strncpy(start->name, name, sizeof(start->name) - 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* is inherited */
	rc = create_detached(start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc < 0)
		free(start);
	return rc;
}

static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static int end_error;

static void
call_end(void *value)
{
	struct os_thread_end *e = value;

	e->f(e);
}

static void
make_end_key(void)
{
	end_error = -pthread_key_create(&end_key, call_end);
}

int
os_at_thread_end(struct os_thread_end *e)
{
	pthread_once(&end_once, make_end_key);
	return end_error != 0 ? end_error : -pthread_setspecific(end_key, e);
}

int
os_cancel_disable(void)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	return state;
}

void
os_cancel_restore(int state)
{
	pthread_setcancelstate(state, &state);
}

int
os_at_exit(void (*f)(void))
{
	return atexit(f) == 0 ? 0 : -ENOMEM;
}

void
os_at_fork_child(void (*f)(void))
{
	pthread_atfork(NULL, NULL, f);
}

void *
os_next_symbol(const char *name)
{
#ifdef __ELF__
	return dlsym(RTLD_NEXT, name);
#else
	(void)name;
	return NULL;
#endif
}

/* There is nothing to start. */
int
os_net_start(void)
{
	return 0;
}

void
os_net_stop(void)
{
}
