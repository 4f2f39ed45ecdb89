#include "config.h"

#include "budget.h"

static struct budget_counters now = { .memory_limit = BUDGET_DEFAULT };

void
budget_set_limit(uint64_t bytes)
{
	now.memory_limit = bytes;
}

static uint64_t
available(void)
{
	return now.memory_used < now.memory_limit
		       ? now.memory_limit - now.memory_used
		       : 0;
}

uint32_t
budget_recbuf(uint32_t wanted)
{
	uint64_t left = available(), reserve = now.memory_limit / 4, share;

	share = left > reserve ? (left - reserve) / 64 : 0;
	if (share < BUDGET_LEAST)
		share = BUDGET_LEAST;
	return share < wanted ? (uint32_t)share : wanted;
}

bool
budget_take(uint64_t bytes)
{
	if (bytes > available()) {
		now.memory_refused++;
		return false;
	}
	now.memory_used += bytes;
	return true;
}

void
budget_return(uint64_t bytes)
{
	now.memory_used -= bytes;
}

void
budget_resize(uint64_t from, uint64_t to)
{
	now.memory_used += to - from;
}

/* The power of two; -1: no such suffix. */
static int
suffix_shift(const char *suffix)
{
	static const char suffixes[] = "KMG";
	int i;

	if (suffix[0] == '\0')
		return 0;
	for (i = 0; suffixes[i] != '\0'; i++)
		if (suffix[0] == suffixes[i] && suffix[1] == '\0')
			return 10 * (i + 1);
	return -1;
}

bool
budget_parse(const char *text, uint64_t *bytes)
{
	uint64_t number = 0;
	int shift;

	for (; *text >= '0' && *text <= '9'; text++) {
		if (number > UINT64_MAX / 10 - 1)
			return false;
		number = 10 * number + (uint64_t)(*text - '0');
	}
	shift = suffix_shift(text);
	if (number == 0 || shift < 0 || number > UINT64_MAX >> shift)
		return false;
	*bytes = number << shift;
	return true;
}

const struct budget_counters *
budget_counters(void)
{
	return &now;
}
