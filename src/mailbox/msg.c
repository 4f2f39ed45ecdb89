#include "config.h"

#include "msg.h"

#include <stdlib.h>
#include <string.h>

void
msg_clear(struct gen_sctp_msg *msg)
{
	size_t size = msg->size;

	memset(msg, 0, size);
	msg->size = size;
}

void
gen_sctp_msg_free(struct gen_sctp_msg *msg)
{
	if (msg == NULL)
		return;
	free(msg->owned);
	msg->owned = NULL;
}
