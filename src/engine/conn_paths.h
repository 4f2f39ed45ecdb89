/*
 * The conn layer's paths: whom the engine talks to.
 *
 * To usrsctp all peers are at one address (AF_CONN); what tells them apart is
 * the SCTP port. So each path has an alias, a port of its own that stands in
 * the engine for the peer's IP address, UDP port and SCTP port. conn.c puts it
 * into what comes in, and the peer's own port into what goes out.
 *
 * The first packet of a stranger makes a path, and so may a spoofed INIT. At
 * most CONN_STRANGERS of these are kept, the latest; paths of associations
 * stay. That keeps nobody out: the alias is in the cookie, so that a COOKIE
 * ECHO brings its path back.
 *
 * No locks: whoever changes something holds the stack lock and the leaf lock,
 * whoever looks holds one of them.
 */
#ifndef GENSCTP_ENGINE_CONN_PATHS_H
#define GENSCTP_ENGINE_CONN_PATHS_H

#include "os.h"

#define CONN_STRANGERS 4096
/* A path without an association is kept that long after the engine spoke to it
 * as it speaks in associations: it may have one that nobody has heard of. */
#define CONN_PATH_LINGER (1000 * OS_MS)

struct conn_ends {
	uint16_t local_port, peer_port; /* SCTP */
	struct gen_sctp_addr local; /* family 0: not known, fits every one */
	struct gen_sctp_addr peer;  /* its port is UDP's */
};

struct conn_path {
	uint16_t alias; /* not 0 */
	struct conn_ends ends;
	void *engine_addr; /* conn.c's, NULL at first */
	unsigned int holds;

	struct conn_path *chain; /* in its bucket */
	/* Without holds: in the list of its kind, by age. */
	struct conn_path *older, *newer;
	struct conn_list *list;
	os_time since;
};

/* Once; the key is to be hard to guess. */
void conn_paths_init(uint64_t key);

/* The path between these ends, made if there is none. NULL: no memory, or
 * every alias belongs to an association. */
struct conn_path *conn_path_get(const struct conn_ends *ends, os_time now);
/* The same, and under this alias if no association has it or the path. */
struct conn_path *conn_path_claim(const struct conn_ends *ends,
				  uint16_t alias, os_time now);
/* NULL: nobody's. */
struct conn_path *conn_path_of_alias(uint16_t alias);

/* The engine spoke to it as to an association. */
void conn_path_spoken(struct conn_path *path, os_time now);

/* Associations that use the path. */
void conn_path_hold(struct conn_path *path);
void conn_path_release(struct conn_path *path, os_time now);

size_t conn_paths_count(void);
size_t conn_paths_held(void);

#endif
