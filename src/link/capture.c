#include "capture.h"

#include <errno.h>

#include "os.h"

static struct pcapng *file;

int
capture_start(const char *path)
{
	static const char *const name = "gensctp";

	return file != NULL ? -EALREADY : pcapng_open(&file, path, &name, 1);
}

int
capture_stop(void)
{
	int error = pcapng_close(file);

	file = NULL;
	return error;
}

bool
capture_running(void)
{
	return file != NULL;
}

void
capture_packet(const struct link_packet *p, enum pcapng_direction direction,
	       const char *comment)
{
	const struct os_dgram d = { .data = p->data,
				    .len = p->len,
				    .src = p->src,
				    .dst = p->dst,
				    .tos = p->tos,
				    .ttl = p->ttl };

	if (file != NULL)
		pcapng_write(file, 0, direction, &d, comment);
}

void
capture_flush(void)
{
	if (file != NULL)
		pcapng_flush(file);
}
