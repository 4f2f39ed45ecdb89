#include "tshark.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the messages hold is not looked at. */
#define COMMAND \
	"tshark -n -r '%s' -d udp.port==%d,sctp " \
	"-o sctp.ulp_dissection:FALSE -o 'sctp.checksum:CRC 32c' " \
	"-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE " \
	"-Y '%s' -T fields -E separator=, -e %s 2>/dev/null " \
	"| tr ',' '\\n' | LC_ALL=C sort -u | tr '\\n' ' '"

bool
tshark_there(void)
{
	if (system("tshark --version >/dev/null 2>&1") == 0)
		return true;
	printf("# SKIP: no tshark to read the capture with\n");
	return false;
}

const char *
tshark_values(const char *path, int udp_port, const char *filter,
	      const char *field)
{
	static char values[4096];
	char command[2000];
	size_t n;
	FILE *out;

	snprintf(command, sizeof(command), COMMAND, path, udp_port, filter,
		 field);
	out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	n = fread(values, 1, sizeof(values) - 1, out);
	values[n] = '\0';
	pclose(out);
	return values;
}

/* Severity "error" of tshark's expert information. */
#define EXPERT_ERROR 0x00800000

/* What these fields have in a good packet: the checksums' state, the protocols,
 * the severity of remarks, nothing malformed. */
#define FIELDS \
	"udp.checksum.status -e sctp.checksum.status -e frame.protocols " \
	"-e _ws.expert.severity -e _ws.malformed"

static bool
good(const char *value)
{
	if (strcmp(value, "1") == 0)
		return true;
	if (strncmp(value, "raw:ip", 6) == 0)
		return strstr(value, ":udp:sctp") != NULL;
	return strspn(value, "0123456789") == strlen(value) &&
	       atol(value) > 2 && atol(value) < EXPERT_ERROR;
}

void
tshark_expect_clean(const char *path, int udp_port)
{
	char values[500], *value;

	snprintf(values, sizeof(values), "%s",
		 tshark_values(path, udp_port, "frame", FIELDS));
	ck_assert_msg(strstr(values, ":sctp") != NULL, "no SCTP in %s", path);
	for (value = strtok(values, " "); value != NULL;
	     value = strtok(NULL, " "))
		ck_assert_msg(good(value), "%s in %s", value, path);
}
