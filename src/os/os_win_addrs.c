/*
 * Local addresses of Windows.
 */
#include "os_win.h"

#include <stdlib.h>
#include <string.h>

#include "os_errno.h"

/* Microsoft's advice for a first try. */
#define FIRST_SIZE 15000
#define TRIES 3

/* The list grows between two calls at times. */
static int
read_adapters(IP_ADAPTER_ADDRESSES **out)
{
	ULONG size = FIRST_SIZE, rc = ERROR_BUFFER_OVERFLOW;
	IP_ADAPTER_ADDRESSES *list = NULL;
	int i;

	for (i = 0; i < TRIES && rc == ERROR_BUFFER_OVERFLOW; i++) {
		free(list);
		list = malloc(size);
		if (list == NULL)
			return -ENOMEM;
		rc = GetAdaptersAddresses(AF_UNSPEC,
					  GAA_FLAG_SKIP_ANYCAST |
						  GAA_FLAG_SKIP_MULTICAST |
						  GAA_FLAG_SKIP_DNS_SERVER,
					  NULL, list, &size);
	}
	*out = rc == ERROR_SUCCESS ? list : NULL;
	if (rc != ERROR_SUCCESS)
		free(list);
	return rc == ERROR_SUCCESS || rc == ERROR_NO_DATA ? 0 : -EIO;
}

static uint32_t
adapter_mtu(const IP_ADAPTER_ADDRESSES *a)
{
	return a->Mtu > UINT16_MAX ? UINT16_MAX : (uint32_t)a->Mtu;
}

/* False for what cannot be bound (yet). */
static bool
take_addr(const IP_ADAPTER_ADDRESSES *a, const IP_ADAPTER_UNICAST_ADDRESS *u,
	  struct os_interface_addr *out)
{
	memset(out, 0, sizeof(*out));
	if ((u->DadState != IpDadStatePreferred &&
	     u->DadState != IpDadStateDeprecated) ||
	    gen_sctp_addr_from_sockaddr(u->Address.lpSockaddr,
					(size_t)u->Address.iSockaddrLength,
					&out->addr) < 0)
		return false;
	out->index = out->addr.family == GEN_SCTP_INET
			     ? (uint32_t)a->IfIndex
			     : (uint32_t)a->Ipv6IfIndex;
	out->mtu = adapter_mtu(a);
	out->loopback = a->IfType == IF_TYPE_SOFTWARE_LOOPBACK;
	WideCharToMultiByte(CP_UTF8, 0, a->FriendlyName, -1, out->name,
			    (int)sizeof(out->name), NULL, NULL);
	out->name[sizeof(out->name) - 1] = '\0'; /* it may be cut */
	return true;
}

static int
each_addr(const IP_ADAPTER_ADDRESSES *a,
	  int (*f)(const struct os_interface_addr *, void *), void *arg)
{
	const IP_ADAPTER_UNICAST_ADDRESS *u;
	struct os_interface_addr found;
	int rc = 0;

	for (u = a->FirstUnicastAddress; u != NULL && rc == 0; u = u->Next)
		if (take_addr(a, u, &found))
			rc = f(&found, arg);
	return rc;
}

int
os_local_addrs(int (*f)(const struct os_interface_addr *, void *), void *arg)
{
	IP_ADAPTER_ADDRESSES *list, *a;
	int rc = read_adapters(&list);

	if (rc < 0)
		return rc;
	for (a = list; a != NULL && rc == 0; a = a->Next)
		if (a->OperStatus == IfOperStatusUp)
			rc = each_addr(a, f, arg);
	free(list);
	return rc;
}

/* Windows tells by callback only, on a thread of its own. */
gen_sctp_fd_t
os_addr_watch_open(void)
{
	return OS_NO_FD;
}

bool
os_addr_watch_drain(gen_sctp_fd_t fd)
{
	(void)fd;
	return false;
}

void
os_addr_watch_close(gen_sctp_fd_t fd)
{
	(void)fd;
}
