#include "config.h"

#include "resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The system's resolver knows no time-out: it runs in a thread of its own,
 * which the caller may leave behind. The last of the two frees the job. */
struct job {
	void (*look_up)(struct job *job);
	char *name;
	enum gen_sctp_family family;
	struct gen_sctp_addr addr; /* of a host; its port is given */
	int result;
	bool done;
	bool left; /* the caller does not wait any more */
};

static os_mutex lock = OS_MUTEX_INIT;
static os_cond any_done = OS_COND_INIT;

static void
job_free(struct job *job)
{
	free(job->name);
	free(job);
}

/* A socket of IPv6 also reaches hosts that have IPv4 alone. */
static void
look_up_host(struct job *job)
{
	const uint16_t port = job->addr.port;
	int n = os_resolve(job->name, job->family, port, &job->addr, 1);

	if (n <= 0 && job->family == GEN_SCTP_INET6)
		n = os_resolve(job->name, GEN_SCTP_INET, port, &job->addr, 1);
	job->result = n > 0 ? 0 : n < 0 ? n : GEN_SCTP_ENXDOMAIN;
}

static void
look_up_service(struct job *job)
{
	job->result = os_service_port(job->name);
}

static void
run(void *arg)
{
	struct job *job = arg;
	bool left;

	job->look_up(job);
	os_mutex_lock(&lock);
	job->done = true;
	left = job->left;
	os_cond_broadcast(&any_done);
	os_mutex_unlock(&lock);
	if (left)
		job_free(job);
}

static struct job *
job_new(const char *name, void (*look_up)(struct job *))
{
	struct job *job = calloc(1, sizeof(*job));
	size_t size = strlen(name) + 1;

	if (job == NULL)
		return NULL;
	job->look_up = look_up;
	job->name = malloc(size);
	if (job->name == NULL) {
		free(job);
		return NULL;
	}
	memcpy(job->name, name, size);
	return job;
}

/* Frees the job, or leaves that to its thread. */
static int
wait_for(struct job *job, os_time deadline, struct gen_sctp_addr *addr)
{
	int cancel = os_cancel_disable();
	int result = -ETIMEDOUT;
	bool done;

	os_mutex_lock(&lock);
	while (!job->done)
		if (!os_cond_wait_until(&any_done, &lock, deadline))
			break;
	if (job->done) {
		*addr = job->addr;
		result = job->result;
	}
	done = job->done;
	job->left = true;
	os_mutex_unlock(&lock);
	if (done)
		job_free(job);
	os_cancel_restore(cancel);
	return result;
}

static int
run_job(struct job *job, os_time deadline, struct gen_sctp_addr *addr)
{
	int error;

	if (job == NULL)
		return -ENOMEM;
	error = os_thread_start("gensctp-resolve", run, job);
	if (error != 0) {
		job_free(job);
		return error;
	}
	return wait_for(job, deadline, addr);
}

static int
resolve_name(const char *host, int port, enum gen_sctp_family family,
	     os_time deadline, struct gen_sctp_addr *addr)
{
	struct job *job = job_new(host, look_up_host);

	if (job != NULL) {
		job->family = family;
		job->addr.port = (uint16_t)port;
	}
	return run_job(job, deadline, addr);
}

int
resolve(const char *host, int port, enum gen_sctp_family family,
	os_time deadline, struct gen_sctp_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = (uint8_t)family;
	if (gen_sctp_addr_parse(host, port, addr) != 0)
		return resolve_name(host, port, family, deadline, addr);
	if (addr->family == GEN_SCTP_INET6 && family == GEN_SCTP_INET)
		return -EAFNOSUPPORT;
	return 0;
}

int
resolve_service(const char *service, os_time deadline)
{
	struct gen_sctp_addr unused;

	return run_job(job_new(service, look_up_service), deadline, &unused);
}
