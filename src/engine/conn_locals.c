#include "config.h"

#include "conn_locals.h"

#include <errno.h>
#include <stdlib.h>

#include "ip_addr.h"

#define ANY_ENGINE_ADDR ((void *)1)

static struct gen_sctp_addr *locals;
static size_t local_count;

static void *
nth_engine_addr(size_t i)
{
	return (void *)((uintptr_t)ANY_ENGINE_ADDR + 1 + i);
}

void *
conn_engine_addr(const struct gen_sctp_addr *local)
{
	size_t i;

	for (i = 0; i < local_count; i++)
		if (ip_addr_equal(&locals[i], local))
			return nth_engine_addr(i);
	return ANY_ENGINE_ADDR;
}

static int
add_local(const struct gen_sctp_addr *local)
{
	struct gen_sctp_addr *grown;

	grown = realloc(locals, (local_count + 1) * sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	locals = grown;
	locals[local_count] = *local;
	usrsctp_register_address(nth_engine_addr(local_count));
	local_count++;
	return 0;
}

int
conn_local(union engine_sockaddr *out, const struct gen_sctp_addr *addr,
	   uint16_t port)
{
	int error = 0;

	if (ip_addr_is_any(addr)) {
		engine_sockaddr_set_conn(out, NULL, port);
		return 0;
	}
	if (conn_engine_addr(addr) == ANY_ENGINE_ADDR)
		error = add_local(addr);
	engine_sockaddr_set_conn(out, conn_engine_addr(addr), port);
	return error;
}

void
conn_locals_start(void)
{
	usrsctp_register_address(ANY_ENGINE_ADDR);
}
