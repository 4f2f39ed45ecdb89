/*
 * reset_streams, add_streams.
 */
#include "config.h"

#include <errno.h>

#include "handle.h"
#include "reconfig.h"

#define DIRECTIONS (GEN_SCTP_STREAMS_INCOMING | GEN_SCTP_STREAMS_OUTGOING)

int
gen_sctp_reset_streams(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		       int direction, const uint16_t *streams, size_t n)
{
	struct endpoint *ep;
	int error;

	if (direction == 0 || (direction & ~DIRECTIONS) != 0 ||
	    n > UINT16_MAX || (streams == NULL && n > 0))
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = reconfig_reset(ep, assoc, direction, streams, n);
	api_leave();
	return error;
}

int
gen_sctp_add_streams(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc,
		     uint16_t incoming, uint16_t outgoing)
{
	struct endpoint *ep;
	int error;

	if (incoming == 0 && outgoing == 0)
		return -EINVAL;
	error = api_enter(s, &ep);
	if (error != 0)
		return error;
	error = reconfig_add(ep, assoc, incoming, outgoing);
	api_leave();
	return error;
}
