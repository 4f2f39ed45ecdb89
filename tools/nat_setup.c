#include "nat_setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ip_addr.h"

#define LOOKUP_MS 5000
#define MAX_TEXT  300

static const struct gen_sctp_addr loopback = { .family = GEN_SCTP_INET,
					       .ip = { 127, 0, 0, 1 } };

/* --------------------------------------------------------------- targets */

static int
parse_addr(const char *text, struct gen_sctp_addr *addr)
{
	struct gen_sctp_addrs addrs;
	int result = gen_sctp_addrs_parse("sctp", text, GEN_SCTP_ADDRS_DIAL,
					  LOOKUP_MS, &addrs);

	if (result != 0)
		return result;
	*addr = addrs.addrs[0];
	return addrs.count == 1 ? 0 : -EINVAL;
}

/* HOST:PORT, HOST:PORT=PORT */
static enum status
parse_target(struct nat_target *target, const char *text)
{
	char addr[MAX_TEXT];
	const char *equals = strchr(text, '=');
	size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
	int port = 0, result;

	if (len >= sizeof(addr))
		return options_usage_error(&cmd_nat, "%s: too long", text);
	memcpy(addr, text, len);
	addr[len] = '\0';
	if (equals != NULL && !options_parse_port(equals + 1, &port))
		return options_usage_error(&cmd_nat, "%s: not a UDP port",
					   equals + 1);
	target->text = text;
	target->port = (uint16_t)port;
	result = parse_addr(addr, &target->addr);
	return result == 0
		       ? STATUS_OK
		       : options_usage_error(&cmd_nat, "%s: not HOST:PORT: %s",
					     addr, gen_sctp_strerror(result));
}

/* All of one family. */
static enum status
parse_targets(struct nat_target **targets, const char *const *texts, size_t n,
	      uint8_t family)
{
	enum status status = STATUS_OK;
	size_t i;

	*targets = calloc(n + 1, sizeof(**targets));
	if (*targets == NULL)
		return complain(-ENOMEM, NULL, "set up");
	for (i = 0; i < n && status == STATUS_OK; i++) {
		status = parse_target(&(*targets)[i], texts[i]);
		if (status == STATUS_OK && (*targets)[i].addr.family != family)
			status = options_usage_error(
				&cmd_nat,
				"%s: of another family than the "
				"NAT's address there",
				texts[i]);
	}
	return status;
}

/* ---------------------------------------------------------------- config */

/* A NAT binds to its addresses: none is "any". */
static enum status
set_outside(struct nat_config *config, const struct options *options)
{
	size_t i;

	if (options->locals > NAT_MAX_OUTSIDE)
		return options_usage_error(&cmd_nat,
					   "at most %d outside addresses",
					   NAT_MAX_OUTSIDE);
	config->outside[0] = loopback;
	config->outside_count = options->locals > 0 ? options->locals : 1;
	for (i = 0; i < options->locals; i++) {
		config->outside[i] = options->local[i];
		if (ip_addr_is_any(&options->local[i]) ||
		    options->local[i].family != options->local[0].family)
			return options_usage_error(&cmd_nat,
						   "--outside takes single "
						   "addresses of one family");
	}
	if (options->rebind_address && config->outside_count == 1)
		return options_usage_error(&cmd_nat, "--rebind-address needs "
						     "several --outside");
	return STATUS_OK;
}

static enum status
set_config(struct nat_config *config, const struct options *options)
{
	if (!nat_type_parse(options->type, &config->type))
		return options_usage_error(
			&cmd_nat,
			"--type %s: not full-cone, address-restricted, "
			"port-restricted or symmetric",
			options->type);
	memset(&config->inside, 0, sizeof(config->inside));
	if (gen_sctp_addr_parse(options->inside, 0, &config->inside) != 0 ||
	    ip_addr_is_any(&config->inside))
		return options_usage_error(&cmd_nat,
					   "--inside %s: not an IP address",
					   options->inside);
	config->hairpin = options->hairpin;
	config->timeout =
		options->expiry < 0 ? OS_NEVER : options->expiry * OS_MS;
	return set_outside(config, options);
}

static bool
parse_profile(struct impair_profile *p, const char *what, const char *text)
{
	const char *bad;

	impair_profile_init(p);
	if (text == NULL || impair_parse(text, p, &bad) == 0)
		return true;
	fprintf(stderr, "gensctp nat: %s: not understood: %s\n", what, bad);
	return false;
}

enum status
nat_setup(struct nat_setup *setup, const struct options *options)
{
	enum status status;

	memset(setup, 0, sizeof(*setup));
	setup->remote_count = (size_t)options->operand_count;
	setup->forward_count = options->forwards;
	if (setup->remote_count == 0 && setup->forward_count == 0)
		return options_usage_error(&cmd_nat,
					   "give the remotes that hosts inside "
					   "are to reach, or --forward, or "
					   "--scenario");
	if (!parse_profile(&setup->out, "--impair-out", options->impair_out) ||
	    !parse_profile(&setup->in, "--impair-in", options->impair_in))
		return STATUS_USAGE;
	status = set_config(&setup->config, options);
	if (status == STATUS_OK)
		status = parse_targets(
			&setup->remotes, (const char *const *)options->operands,
			setup->remote_count, setup->config.outside[0].family);
	if (status == STATUS_OK)
		status = parse_targets(&setup->forwards, options->forward,
				       setup->forward_count,
				       setup->config.inside.family);
	return status;
}

void
nat_setup_free(struct nat_setup *setup)
{
	free(setup->remotes);
	free(setup->forwards);
}
