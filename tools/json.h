/*
 * Strings of JSON (RFC 8259) and base64 (RFC 4648).
 */
#ifndef GENSCTP_TOOLS_JSON_H
#define GENSCTP_TOOLS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Well-formed UTF-8 (RFC 3629): no surrogates, nothing too long. */
bool json_is_utf8(const void *data, size_t len);

/* The text, which must be UTF-8, as a JSON string with its quotes. */
void json_string(FILE *out, const void *text, size_t len);

/* The bytes in base64, as a JSON string with its quotes. */
void json_base64(FILE *out, const void *data, size_t len);

#endif
