#include "nat_table.h"

#include <stdlib.h>
#include <string.h>

#include "ip_addr.h"

#define FIRST_ROOM 4

bool
nat_type_parse(const char *name, enum nat_type *type)
{
	static const char *const names[] = {
#define X(NAME, name) name,
		NAT_TYPES(X)
#undef X
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0) {
			*type = (enum nat_type)i;
			return true;
		}
	return false;
}

/* -------------------------------------------------------------- mappings */

static bool
is_for(const struct nat_mapping *m, const struct gen_sctp_addr *inside,
       const struct gen_sctp_addr *remote)
{
	return ip_addr_port_equal(&m->inside, inside) &&
	       (m->remote.family == GEN_SCTP_UNSPEC ||
		ip_addr_port_equal(&m->remote, remote));
}

struct nat_mapping *
nat_table_find(const struct nat_table *t, const struct gen_sctp_addr *inside,
	       const struct gen_sctp_addr *remote)
{
	struct nat_mapping *m, *found = NULL;

	for (m = t->mappings; m != NULL; m = m->next)
		if (is_for(m, inside, remote)) {
			found = m;
			if (m->forwarded)
				break;
		}
	return found;
}

struct nat_mapping *
nat_table_add(struct nat_table *t, const struct gen_sctp_addr *inside,
	      const struct gen_sctp_addr *remote, os_time now)
{
	struct nat_mapping *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->inside = *inside;
	if (t->type == NAT_SYMMETRIC && remote != NULL)
		m->remote = *remote;
	m->fd = OS_NO_FD;
	m->used = now;
	m->next = t->mappings;
	t->mappings = m;
	return m;
}

static struct nat_mapping *
take_out(struct nat_mapping **at)
{
	struct nat_mapping *m = *at;

	*at = m->next;
	m->next = NULL;
	return m;
}

static os_time
expiry(const struct nat_table *t, const struct nat_mapping *m)
{
	return m->forwarded || t->timeout == OS_NEVER ? OS_NEVER
						      : m->used + t->timeout;
}

struct nat_mapping *
nat_table_take_expired(struct nat_table *t, os_time now)
{
	struct nat_mapping **at;

	for (at = &t->mappings; *at != NULL; at = &(*at)->next)
		if (expiry(t, *at) <= now)
			return take_out(at);
	return NULL;
}

os_time
nat_table_deadline(const struct nat_table *t)
{
	const struct nat_mapping *m;
	os_time at = OS_NEVER;

	for (m = t->mappings; m != NULL; m = m->next)
		if (expiry(t, m) < at)
			at = expiry(t, m);
	return at;
}

struct nat_mapping *
nat_table_take(struct nat_table *t)
{
	struct nat_mapping **at;

	for (at = &t->mappings; *at != NULL; at = &(*at)->next)
		if (!(*at)->forwarded)
			return take_out(at);
	return NULL;
}

void
nat_mapping_free(struct nat_mapping *m)
{
	free(m->sent_to);
	free(m);
}

/* --------------------------------------------------------------- filter */

static bool
was_sent_to(const struct nat_mapping *m, const struct gen_sctp_addr *remote,
	    bool port_counts)
{
	size_t i;

	for (i = 0; i < m->sent_to_count; i++)
		if (ip_addr_equal(&m->sent_to[i], remote) &&
		    (!port_counts || m->sent_to[i].port == remote->port))
			return true;
	return false;
}

bool
nat_mapping_leave(struct nat_mapping *m, const struct gen_sctp_addr *remote,
		  os_time now)
{
	size_t room = m->sent_to_room == 0 ? FIRST_ROOM : 2 * m->sent_to_room;
	struct gen_sctp_addr *list;

	m->used = now;
	if (was_sent_to(m, remote, true))
		return true;
	if (m->sent_to_count == m->sent_to_room) {
		list = realloc(m->sent_to, room * sizeof(*list));
		if (list == NULL)
			return false;
		m->sent_to = list;
		m->sent_to_room = room;
	}
	m->sent_to[m->sent_to_count++] = *remote;
	return true;
}

bool
nat_mapping_enter(const struct nat_table *t, struct nat_mapping *m,
		  const struct gen_sctp_addr *remote, os_time now)
{
	if (!m->forwarded && t->type != NAT_FULL_CONE &&
	    !was_sent_to(m, remote, t->type != NAT_ADDRESS_RESTRICTED))
		return false;
	m->used = now;
	return true;
}
