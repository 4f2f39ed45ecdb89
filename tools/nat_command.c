#include "nat_command.h"

#include <stdio.h>
#include <string.h>

#define MAX_WORDS 3

static int
split(char *line, const char *words[MAX_WORDS])
{
	static const char blanks[] = " \t\r\n";
	int n = 0;
	char *at = line + strspn(line, blanks);

	while (*at != '\0') {
		if (n == MAX_WORDS)
			return -1;
		words[n++] = at;
		at += strcspn(at, blanks);
		if (*at != '\0')
			*at++ = '\0';
		at += strspn(at, blanks);
	}
	return n;
}

static bool
parse_rebind(struct nat_command *command, const char *const *words, int n)
{
	command->kind = NAT_COMMAND_REBIND;
	command->address = n == 1 && strcmp(words[0], "address") == 0;
	return n == 0 ||
	       (n == 1 && (command->address || strcmp(words[0], "port") == 0));
}

static bool
parse_impair(struct nat_command *command, const char *const *words, int n)
{
	const char *bad;

	command->kind = NAT_COMMAND_IMPAIR;
	command->way = NAT_BOTH;
	if (n == 2) {
		command->way = strcmp(words[0], "out") == 0 ? NAT_OUT : NAT_IN;
		if (command->way == NAT_IN && strcmp(words[0], "in") != 0)
			return false;
	}
	impair_profile_init(&command->profile);
	return (n == 1 || n == 2) &&
	       impair_parse(words[n - 1], &command->profile, &bad) == 0;
}

bool
nat_command_parse(struct nat_command *command, const char *line)
{
	const char *words[MAX_WORDS];
	char copy[NAT_COMMAND_MAX];
	int n;

	snprintf(copy, sizeof(copy), "%s", line);
	n = strlen(line) < sizeof(copy) ? split(copy, words) : -1;
	if (n < 1)
		return false;
	if (strcmp(words[0], "rebind") == 0)
		return parse_rebind(command, words + 1, n - 1);
	if (strcmp(words[0], "impair") == 0)
		return parse_impair(command, words + 1, n - 1);
	command->kind = strcmp(words[0], "stats") == 0 ? NAT_COMMAND_STATS
						       : NAT_COMMAND_QUIT;
	return n == 1 && (command->kind == NAT_COMMAND_STATS ||
			  strcmp(words[0], "quit") == 0);
}
