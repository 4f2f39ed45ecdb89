/*
 * Winsock's errors by the names of errno.h.
 */
#include "os_win.h"

#include "os_errno.h"

#define ERRORS(X)                                                          \
	X(EINTR) X(EBADF) X(EACCES) X(EFAULT) X(EINVAL) X(EMFILE)          \
	X(EINPROGRESS) X(EALREADY) X(EDESTADDRREQ) X(EMSGSIZE)             \
	X(EPROTOTYPE) X(ENOPROTOOPT) X(EPROTONOSUPPORT) X(EOPNOTSUPP)      \
	X(EAFNOSUPPORT) X(EADDRINUSE) X(EADDRNOTAVAIL) X(ENETDOWN)         \
	X(ENETUNREACH) X(ENETRESET) X(ECONNABORTED) X(ECONNRESET)          \
	X(ENOBUFS) X(EISCONN) X(ENOTCONN) X(ESHUTDOWN) X(ETIMEDOUT)        \
	X(ECONNREFUSED) X(ELOOP) X(ENAMETOOLONG) X(EHOSTDOWN)              \
	X(EHOSTUNREACH) X(ENOTEMPTY)

int
os_wsa_errno(int wsa_error)
{
	switch (wsa_error) {
#define X(name)         \
	case WSA##name: \
		return -name;
	ERRORS(X)
#undef X
	case WSAEWOULDBLOCK:
		return -EAGAIN;
	case WSAENOTSOCK: /* also what a closed one is called */
		return -EBADF;
	case WSA_NOT_ENOUGH_MEMORY:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

int
os_last_wsa_errno(void)
{
	return os_wsa_errno(WSAGetLastError());
}
