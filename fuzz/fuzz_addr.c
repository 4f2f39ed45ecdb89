/*
 * The address parsers: whatever they take prints as something that they read as
 * the same address, or list of them.
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

static void
parse_list(const char *text, uint8_t kind)
{
	static const char *const networks[] = { "sctp", "sctp4", "sctp6" };
	const char *network = networks[kind % 3];
	enum gen_sctp_addrs_use use = GEN_SCTP_ADDRS_LISTEN + kind / 3 % 3;
	struct gen_sctp_addrs a, again;
	char printed[GEN_SCTP_ADDRS_TEXT];
	size_t i;

	if (gen_sctp_addrs_parse(network, text, use, 0, &a) < 0)
		return;
	expect(a.count <= GEN_SCTP_ADDRS_MAX);
	gen_sctp_addrs_print(&a, use != GEN_SCTP_ADDRS_BIND, printed,
			     sizeof(printed));
	expect(gen_sctp_addrs_parse(network, printed, use, 0, &again) == 0);
	expect(a.count == again.count && a.port == again.port &&
	       a.family == again.family);
	for (i = 0; i < a.count; i++)
		expect(equal(&a.addrs[i], &again.addrs[i]));
}

/* The first byte is the family asked for, or the network and use. */
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
	parse_list(text, data[0]);
	free(text);
	return 0;
}
