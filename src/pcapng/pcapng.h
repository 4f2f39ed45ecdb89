/*
 * A pcapng file of UDP datagrams, which get made-up IP and UDP headers. Each is
 * of one of the interfaces that the file names.
 *
 * One thread at a time. Records are buffered until pcapng_flush or the end.
 */
#ifndef GENSCTP_PCAPNG_H
#define GENSCTP_PCAPNG_H

#include "os.h"

struct pcapng;

enum pcapng_direction {
	PCAPNG_IN = 1, /* the values of epb_flags */
	PCAPNG_OUT = 2,
};

/* 0, -ENOMEM or the error of the file. */
int pcapng_open(struct pcapng **file, const char *path,
		const char *const *interfaces, size_t n);
/* The first error since the start: what came after it is not in the file. NULL
 * is no file and no error. */
int pcapng_close(struct pcapng *file);

/* One datagram, of an interface by its place in the list, whose ports are those
 * of the UDP header. `comment`, which may be NULL, goes into the record. */
void pcapng_write(struct pcapng *file, uint32_t interface_id,
		  enum pcapng_direction direction, const struct os_dgram *d,
		  const char *comment);
void pcapng_flush(struct pcapng *file);

#endif
