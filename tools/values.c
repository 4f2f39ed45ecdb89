#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX (INT64_C(1) << 50)

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit size_units[] = {
	{ "", 1 },	       { "k", 1024 },	      { "K", 1024 },
	{ "M", INT64_C(1) << 20 }, { "G", INT64_C(1) << 30 }, { NULL, 0 },
};

static const struct unit duration_units[] = {
	{ "ms", 1 },	   { "s", 1000 },   { "m", 60000 },
	{ "min", 60000 }, { "h", 3600000 }, { NULL, 0 },
};

static int64_t
unit_factor(const struct unit *units, const char *name)
{
	for (; units->name != NULL; units++)
		if (strcmp(units->name, name) == 0)
			return units->factor;
	return 0;
}

/* A decimal fraction is fine where the result is whole enough. */
static bool
scaled(const char *text, const struct unit *units, int64_t *value)
{
	char *end;
	double number;
	int64_t factor;

	if (!isdigit((unsigned char)text[0]))
		return false;
	number = strtod(text, &end);
	factor = unit_factor(units, end);
	if (factor == 0 || number * (double)factor > (double)VALUE_MAX)
		return false;
	*value = (int64_t)(number * (double)factor + 0.5);
	return true;
}

bool
value_number(const char *text, int64_t *value)
{
	long long number;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoll(text, &end, text[1] == 'x' ? 16 : 10);
	*value = number;
	return *end == '\0' && errno == 0;
}

bool
value_size(const char *text, int64_t *bytes)
{
	return scaled(text, size_units, bytes);
}

bool
value_duration(const char *text, int64_t *ms)
{
	if (strcmp(text, "0") == 0) {
		*ms = 0;
		return true;
	}
	return scaled(text, duration_units, ms);
}

static bool
value_address(const char *text, size_t len, enum gen_sctp_family family,
	      struct gen_sctp_addr *addr)
{
	char one[GEN_SCTP_ADDR_TEXT];

	if (len >= sizeof(one))
		return false;
	memcpy(one, text, len);
	one[len] = '\0';
	*addr = (struct gen_sctp_addr){ .family = (uint8_t)family };
	return gen_sctp_addr_parse(one, 0, addr) == 0;
}

bool
value_addresses(const char *text, enum gen_sctp_family family,
		struct gen_sctp_addr *addrs, size_t max, size_t *n)
{
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, "/,");
		if (*n == max || !value_address(text, len, family, &addrs[*n]))
			return false;
		++*n;
		if (text[len] == '\0')
			return true;
	}
}
