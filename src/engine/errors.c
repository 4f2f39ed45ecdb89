#include "config.h"

#include "errors.h"

#include <errno.h>
#include <stddef.h>

#include "os_errno.h"

static const struct {
	enum engine_call call;
	int engine;
	int ours;
} table[] = {
	{ ENGINE_SEND, ENOENT, EPIPE },      /* unknown association */
	{ ENGINE_SEND, ENOTCONN, EPIPE },
	{ ENGINE_SEND, ECONNRESET, EPIPE },  /* shutting down */
	{ ENGINE_SEND, ESHUTDOWN, EPIPE },
	{ ENGINE_SEND, ECONNABORTED, EPIPE },
	{ ENGINE_SEND, EFAULT, EINVAL },
	{ ENGINE_SEND, EWOULDBLOCK, EAGAIN },
	{ ENGINE_CONNECT, EALREADY, EISCONN },
	{ ENGINE_CONNECT, ENOENT, EADDRNOTAVAIL },
	{ ENGINE_OPTION, ENOENT, EINVAL },   /* unknown association */
};

int
engine_error_of(enum engine_call call)
{
	int engine = errno;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].call == call && table[i].engine == engine)
			return -table[i].ours;
	return engine != 0 ? -engine : -EIO;
}

int
engine_error(void)
{
	return engine_error_of(ENGINE_ANY);
}
