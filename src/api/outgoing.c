#include "config.h"

#include "outgoing.h"

#include <errno.h>
#include <limits.h>

#include "connect.h"
#include "options.h"
#include "reserved.h"

static bool
is_address(const struct gen_sctp_addr *addr)
{
	return addr->family == GEN_SCTP_INET || addr->family == GEN_SCTP_INET6;
}

static int
check_destination(const struct gen_sctp_outgoing *m)
{
	size_t i;

	if (m->to_count > CONNECT_MAX_ADDRS ||
	    (m->to == NULL) != (m->to_count == 0))
		return -EINVAL;
	for (i = 0; i < m->to_count; i++)
		if (!is_address(&m->to[i]))
			return -EINVAL;
	return 0;
}

static int
check_content(const struct gen_sctp_outgoing *m)
{
	if ((m->info.flags & ~(uint32_t)SEND_FLAGS) != 0 ||
	    (m->data == NULL && m->len > 0))
		return -EINVAL;
	if (m->len == 0 && !(m->info.flags & (GEN_SCTP_EOF | GEN_SCTP_ABORT)))
		return -EINVAL;
	return m->len <= INT_MAX ? 0 : -EMSGSIZE;
}

static int
check_prinfo(const struct gen_sctp_outgoing *m)
{
	if (m->prinfo.policy != GEN_SCTP_PR_DEFAULT && m->info.timetolive != 0)
		return -EINVAL;
	return prinfo_valid(&m->prinfo) ? 0 : -EINVAL;
}

static int
check_initmsg(const struct gen_sctp_outgoing *m)
{
	struct gen_sctp_opt opt;

	if (m->initmsg == NULL)
		return 0;
	opt = gen_sctp_opt_initmsg(*m->initmsg);
	return option_check(NULL, &opt);
}

int
outgoing_check(const struct gen_sctp_outgoing *m)
{
	int error = reserved_is_zero(m->reserved) ? 0 : -EINVAL;

	if (error == 0)
		error = check_destination(m);
	if (error == 0)
		error = check_content(m);
	if (error == 0)
		error = check_prinfo(m);
	if (error == 0)
		error = check_initmsg(m);
	return error;
}
