/*
 * The address parser: whatever it takes prints as something that it reads as
 * the same address.
 */
#include <stdlib.h>
#include <string.h>

#include "gensctp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static bool
equal(const struct gen_sctp_addr *a, const struct gen_sctp_addr *b)
{
	return a->family == b->family && a->port == b->port &&
	       a->scope_id == b->scope_id &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

static void
parse(const char *text, uint8_t family)
{
	struct gen_sctp_addr a = { .family = family }, again = { .family = 0 };
	char printed[GEN_SCTP_ADDR_TEXT];

	if (gen_sctp_addr_parse(text, 5000, &a) < 0)
		return;
	gen_sctp_addr_print(&a, false, printed, sizeof(printed));
	expect(gen_sctp_addr_parse(printed, 5000, &again) == 0);
	expect(equal(&a, &again));
	expect(gen_sctp_addr_print(&a, true, printed, sizeof(printed))[0] !=
	       '\0');
}

/* The first byte is the family asked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	parse(text, data[0]);
	free(text);
	return 0;
}
