/*
 * Profiles as text.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "impair.h"

#define MAX_NUMBER 1e15

struct unit {
	const char *name;
	double factor;
};

static const struct unit shares[] = {
	{ "%", 0.01 },
	{ "", 1 },
	{ NULL, 0 },
};
static const struct unit times[] = {
	{ "us", OS_US }, { "ms", OS_MS }, { "s", 1e9 },
	{ "m", 60e9 },	 { NULL, 0 },
};
static const struct unit rates[] = {
	{ "", 1 }, { "k", 1e3 }, { "M", 1e6 }, { "G", 1e9 }, { NULL, 0 },
};
static const struct unit sizes[] = {
	{ "", 1 },
	{ "k", 1024 },
	{ "M", 1024.0 * 1024 },
	{ "G", 1024.0 * 1024 * 1024 },
	{ NULL, 0 },
};
static const struct unit numbers[] = {
	{ "", 1 },
	{ NULL, 0 },
};

/* Whatever the locale's decimal point is. */
static const char *
read_number(const char *at, double *number)
{
	double digit = 1;
	const char *begin = at;

	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		*number = *number * 10 + (*at - '0');
	if (at == begin)
		return NULL;
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++)
			*number += (digit /= 10) * (*at - '0');
	return *number <= MAX_NUMBER ? at : NULL;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
}

/* A number and one of the units. Returns what follows, or NULL. */
static const char *
read_value(const char *at, const struct unit *units, double *value)
{
	size_t len = 0;

	at = read_number(at, value);
	if (at == NULL)
		return NULL;
	while (is_letter(at[len]))
		len++;
	for (; units->name != NULL; units++)
		if (strlen(units->name) == len &&
		    strncmp(units->name, at, len) == 0) {
			*value *= units->factor;
			return at + len;
		}
	return NULL;
}

static const char *
read_dark(const char *at, struct impair_profile *p)
{
	double from, to;

	at = read_value(at, times, &from);
	if (at == NULL || *at != '-')
		return NULL;
	at = read_value(at + 1, times, &to);
	if (at == NULL || from >= to || p->dark_count == IMPAIR_MAX_DARK)
		return NULL;
	p->dark[p->dark_count].from = (os_time)from;
	p->dark[p->dark_count].to = (os_time)to;
	p->dark_count++;
	return at;
}

enum kind { SHARE, REAL, TIME, WHOLE };

static const struct key {
	const char *name;
	const struct unit *units;
	enum kind kind;
	size_t offset;
} keys[] = {
#define KEY(name, units, kind) \
	{ #name, units, kind, offsetof(struct impair_profile, name) }
	KEY(loss, shares, SHARE),    KEY(burst, numbers, REAL),
	KEY(corrupt, shares, SHARE), KEY(duplicate, shares, SHARE),
	KEY(reorder, shares, SHARE), KEY(delay, times, TIME),
	KEY(jitter, times, TIME),    KEY(rate, rates, WHOLE),
	KEY(queue, sizes, WHOLE),    KEY(mtu, numbers, WHOLE),
	KEY(seed, numbers, WHOLE),
#undef KEY
};

static const struct key *
find_key(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].name) == len &&
		    strncmp(keys[i].name, at, len) == 0)
			return &keys[i];
	return NULL;
}

static void
store(struct impair_profile *p, const struct key *key, double value)
{
	void *at = (char *)p + key->offset;

	if (key->kind == TIME)
		*(os_time *)at = (os_time)value;
	else if (key->kind == WHOLE)
		*(uint64_t *)at = (uint64_t)value;
	else
		*(double *)at = value;
}

/* "key=value". Returns what follows, or NULL. */
static const char *
read_setting(const char *at, struct impair_profile *p)
{
	const char *equals = strchr(at, '=');
	const struct key *key;
	double value;

	if (equals == NULL)
		return NULL;
	if (equals - at == 4 && strncmp(at, "dark", 4) == 0)
		return read_dark(equals + 1, p);
	key = find_key(at, (size_t)(equals - at));
	if (key == NULL)
		return NULL;
	at = read_value(equals + 1, key->units, &value);
	if (at == NULL || (key->kind == SHARE && value > 1))
		return NULL;
	store(p, key, value);
	return at;
}

int
impair_parse(const char *text, struct impair_profile *p, const char **bad)
{
	const char *at = text, *end;

	while (*at != '\0') {
		end = read_setting(at, p);
		if (end == NULL || (*end != ',' && *end != '\0') ||
		    (*end == ',' && end[1] == '\0')) {
			*bad = at;
			return -EINVAL;
		}
		at = *end == ',' ? end + 1 : end;
	}
	return 0;
}
