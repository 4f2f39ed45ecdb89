#include "crc32c.h"

const struct crc32c_method *const crc32c_methods[] = {
	&crc32c_x86,
	&crc32c_arm,
	&crc32c_software,
	NULL,
};

static const struct crc32c_method *method = &crc32c_software;

void
crc32c_init(void)
{
	size_t i = 0;

	while (!crc32c_methods[i]->prepare())
		i++;
	method = crc32c_methods[i];
}

uint32_t
crc32c(const void *data, size_t len)
{
	return ~method->update(UINT32_MAX, data, len);
}

const char *
crc32c_name(void)
{
	return method->name;
}
