/*
 * info, memory limit, counters, capture: the library itself.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "budget.h"
#include "capture.h"
#include "crc32c.h"
#include "impaired.h"
#include "leaf.h"
#include "link.h"
#include "options.h"
#include "seam.h"
#include "stack.h"
#include "start.h"

int
gen_sctp_info(struct gen_sctp_info *info)
{
	const struct os_udp_features *udp;
	int error;

	if (info == NULL || info->size < sizeof(*info))
		return -EINVAL;
	error = api_start();
	if (error != 0)
		return error;
	udp = os_udp_features();
	info->version = GENSCTP_VERSION;
	info->engine = "usrsctp 0.9.5.0";
	info->ip_layer = stack_layer()->name;
	info->method = stack_layer() == &conn_layer ? "none" : seam_method();
	info->reason = stack_layer_reason();
	info->crc32c = crc32c_name();
	info->sendmmsg = udp->batch;
	info->gso = udp->gso;
	info->gro = udp->gro;
	info->multihoming = stack_layer()->multihoming;
	info->udp_sockets = udp->source ? "any" : "per-address";
	return 0;
}

int
gen_sctp_set_memory_limit(uint64_t bytes)
{
	int error;

	if (bytes == 0)
		return -EINVAL;
	error = api_start();
	if (error == 0)
		error = stack_enter();
	if (error != 0)
		return error;
	budget_set_limit(bytes);
	stack_leave();
	return 0;
}

int
gen_sctp_set_initial_cwnd(uint32_t packets)
{
	int error = api_start();

	if (error == 0)
		error = stack_enter();
	if (error != 0)
		return error;
	error = option_set_initial_cwnd(packets);
	stack_leave();
	return error;
}

/* -------------------------------------------------------------- counters */

struct list {
	struct gen_sctp_counter *counters;
	size_t max;
	size_t n;
};

static void
add(struct list *list, const char *name, uint64_t value)
{
	if (list->n < list->max) {
		list->counters[list->n].name = name;
		list->counters[list->n].value = value;
	}
	list->n++;
}

static void
add_guard_counters(struct list *list)
{
	int verdict;

	leaf_lock();
	for (verdict = GUARD_PASS + 1; verdict < GUARD_VERDICTS; verdict++)
		add(list, guard_verdict_name((enum guard_verdict)verdict),
		    guard_count(link_guard(), (enum guard_verdict)verdict));
	leaf_unlock();
}

static void
add_impair_counters(struct list *list)
{
	struct impair_counts sum;

	leaf_lock();
	impaired_counts(&sum);
	leaf_unlock();
#define X(name) add(list, "impair_" #name, sum.name);
	IMPAIR_COUNTS(X)
#undef X
}

int
gen_sctp_counters(struct gen_sctp_counter *counters, size_t max)
{
	struct list list = { counters, max, 0 };
	const struct link_counters *link;
	const struct budget_counters *budget;
	int error;

	if (counters == NULL && max > 0)
		return -EINVAL;
	error = api_start();
	if (error == 0)
		error = stack_enter();
	if (error != 0)
		return error;
	link = link_counters();
#define X(name) add(&list, #name, link->name);
	LINK_COUNTERS(X)
#undef X
	add_guard_counters(&list);
	add_impair_counters(&list);
	budget = budget_counters();
#define X(name) add(&list, #name, budget->name);
	BUDGET_COUNTERS(X)
#undef X
	stack_leave();
	return (int)list.n;
}

/* --------------------------------------------------------------- capture */

int
gen_sctp_capture(const char *path)
{
	int error = api_start();

	if (error == 0)
		error = stack_enter();
	if (error != 0)
		return error;
	error = path != NULL ? capture_start(path) : capture_stop();
	stack_leave();
	return error;
}

/* ---------------------------------------------------------------- impair */

static int
read_profile(const char *text, struct impair_profile *p, size_t *bad)
{
	const char *at = text;
	int error;

	impair_profile_init(p);
	error = impair_parse(text, p, &at);
	if (error != 0 && bad != NULL)
		*bad = (size_t)(at - text);
	return error;
}

int
gen_sctp_impair(const char *local, const char *profile, size_t *bad)
{
	struct gen_sctp_addr addr = { 0 };
	struct impair_profile p;
	int error;

	if (bad != NULL)
		*bad = 0;
	if (profile == NULL)
		return -EINVAL;
	error = read_profile(profile, &p, bad);
	if (error == 0 && local != NULL)
		error = gen_sctp_addr_parse(local, 0, &addr);
	if (error == 0)
		error = api_start();
	if (error == 0)
		error = stack_enter();
	if (error != 0)
		return error;
	error = link_impair(local != NULL ? &addr : NULL, &p);
	stack_leave();
	return error;
}
