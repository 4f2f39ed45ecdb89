#include "config.h"

#include "impaired.h"

#include <errno.h>
#include <string.h>

#include "ip_addr.h"
#include "leaf.h"

#define MAX_LINES 16

/* The first is for all addresses that have none of their own. */
static struct line {
	struct gen_sctp_addr local; /* family 0: all */
	struct impair *im;	    /* NULL: never was bad */
} lines[MAX_LINES];
/* Changed under the stack lock too, so that who has that can look. */
static bool any;

static struct line *
line_of(const struct gen_sctp_addr *local)
{
	size_t i;

	for (i = 1; i < MAX_LINES; i++)
		if (lines[i].im != NULL &&
		    ip_addr_equal(&lines[i].local, local))
			return &lines[i];
	return NULL;
}

static struct line *
free_line(void)
{
	size_t i;

	for (i = 1; i < MAX_LINES; i++)
		if (lines[i].im == NULL)
			return &lines[i];
	return NULL;
}

static int
new_line(struct line *line, const struct gen_sctp_addr *local,
	 const struct impair_profile *p)
{
	line->im = impair_new(p, os_now());
	if (line->im == NULL)
		return -ENOMEM;
	if (local != NULL)
		line->local = *local;
	any = true;
	return 0;
}

int
link_impair(const struct gen_sctp_addr *local, const struct impair_profile *p)
{
	struct line *line;
	int error = 0;

	leaf_lock();
	line = local != NULL ? line_of(local) : &lines[0];
	if (line == NULL)
		line = free_line();
	if (line == NULL)
		error = -ENOBUFS;
	else if (line->im != NULL)
		impair_change(line->im, p, os_now());
	else
		error = new_line(line, local, p);
	leaf_unlock();
	return error;
}

bool
impaired_put(const struct gen_sctp_addr *src, const struct os_dgram *d,
	     struct udp_socket *s, os_time now)
{
	struct line *line;

	if (!any)
		return false;
	line = line_of(src);
	if (line == NULL)
		line = &lines[0];
	if (line->im == NULL)
		return false;
	impair_put(line->im, d, s, now);
	return true;
}

bool
impaired_any(void)
{
	return any;
}

static struct impair *
soonest(void)
{
	struct impair *first = NULL;
	os_time deadline = OS_NEVER;
	size_t i;

	for (i = 0; i < MAX_LINES; i++)
		if (lines[i].im != NULL &&
		    impair_deadline(lines[i].im) < deadline) {
			first = lines[i].im;
			deadline = impair_deadline(first);
		}
	return first;
}

struct impair_packet *
impaired_take(os_time now)
{
	struct impair *im = soonest();

	return im != NULL ? impair_take(im, now) : NULL;
}

os_time
impaired_deadline(void)
{
	struct impair *im = soonest();

	return im != NULL ? impair_deadline(im) : OS_NEVER;
}

bool
impaired_uses(const struct udp_socket *s)
{
	size_t i;

	for (i = 0; i < MAX_LINES; i++)
		if (lines[i].im != NULL && impair_has(lines[i].im, s))
			return true;
	return false;
}

void
impaired_counts(struct impair_counts *sum)
{
	const struct impair_counts *counts;
	size_t i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < MAX_LINES; i++) {
		if (lines[i].im == NULL)
			continue;
		counts = impair_counts(lines[i].im);
#define X(name) sum->name += counts->name;
		IMPAIR_COUNTS(X)
#undef X
	}
}
