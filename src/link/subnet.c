/*
 * Networks that a peer's address may be in.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gensctp.h"

static unsigned int
address_bits(const struct gen_sctp_addr *addr)
{
	return addr->family == GEN_SCTP_INET6 ? 128 : 32;
}

/* "24"; digits alone, within what the family has. */
static int
parse_bits(const char *text, unsigned int most, uint8_t *bits)
{
	unsigned long n;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	n = strtoul(text, &end, 10);
	if (*end != '\0' || n > most)
		return -EINVAL;
	*bits = (uint8_t)n;
	return 0;
}

int
gen_sctp_subnet_parse(const char *text, int port, struct gen_sctp_subnet *out)
{
	char address[GEN_SCTP_ADDR_TEXT];
	const char *slash;
	size_t len;
	int error;

	if (text == NULL || out == NULL)
		return -EINVAL;
	slash = strchr(text, '/');
	len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	if (len >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, len);
	address[len] = '\0';
	memset(out, 0, sizeof(*out));
	error = gen_sctp_addr_parse(address, port, &out->addr);
	if (error != 0)
		return error;
	out->bits = (uint8_t)address_bits(&out->addr);
	return slash != NULL ? parse_bits(slash + 1, out->bits, &out->bits) : 0;
}

static bool
same_begin(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	const unsigned int rest = bits % 8;
	const uint8_t mask = (uint8_t)(0xff00 >> rest);

	return memcmp(a, b, bits / 8) == 0 &&
	       (rest == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0);
}

bool
gen_sctp_subnet_contains(const struct gen_sctp_subnet *net,
			 const struct gen_sctp_addr *addr)
{
	if (net == NULL || addr == NULL)
		return false;
	if (net->addr.port != 0 && net->addr.port != addr->port)
		return false;
	if (net->addr.family == GEN_SCTP_UNSPEC)
		return true;
	return net->addr.family == addr->family &&
	       net->bits <= address_bits(addr) &&
	       same_begin(net->addr.ip, addr->ip, net->bits);
}
