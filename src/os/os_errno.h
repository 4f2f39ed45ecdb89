/*
 * errno.h with the names that the C runtime of mingw lacks. Their numbers are
 * those of Winsock, which is also what the engine falls back to.
 */
#ifndef GENSCTP_OS_ERRNO_H
#define GENSCTP_OS_ERRNO_H

#include <errno.h>

#ifdef _WIN32
#ifndef ESHUTDOWN
#define ESHUTDOWN 10058
#endif
#ifndef EHOSTDOWN
#define EHOSTDOWN 10064
#endif
#endif

#endif
