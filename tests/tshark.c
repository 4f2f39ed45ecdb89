#include "tshark.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

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
#define ERROR "0x00800000"

void
tshark_expect_clean(const char *path, int udp_port)
{
	ck_assert_str_ne(tshark_values(path, udp_port, "sctp", "sctp.srcport"),
			 "");
	ck_assert_str_eq(tshark_values(path, udp_port,
				       "!sctp || _ws.malformed || "
				       "_ws.expert.severity >= " ERROR " || "
				       "!(sctp.checksum.status == 1) || "
				       "!(udp.checksum.status == 1)",
				       "frame.number"),
			 "");
}
