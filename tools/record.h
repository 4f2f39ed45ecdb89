/*
 * One thing to tell, with named fields: an event, a message, the answer of
 * `gensctp info`. The same calls write a line for people, a page, or a JSON
 * object.
 */
#ifndef GENSCTP_TOOLS_RECORD_H
#define GENSCTP_TOOLS_RECORD_H

#include <gensctp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum record_style {
	RECORD_LINE, /* gensctp: type: name value, name value */
	RECORD_ITEM, /* type: name value, name value */
	RECORD_PAGE, /* a line for each field */
	RECORD_JSON, /* {"type":"...","name":value} on one line */
};

struct record {
	FILE *out;
	enum record_style style;
	unsigned int fields;
	unsigned int items; /* of the list that is open */
};

void record_begin(struct record *r, FILE *out, enum record_style style,
		  const char *type);
void record_end(struct record *r);

void record_text(struct record *r, const char *name, const char *value);
void record_number(struct record *r, const char *name, uint64_t value);
void record_flag(struct record *r, const char *name, bool value);
void record_address(struct record *r, const char *name,
		    const struct gen_sctp_addr *addr);
/* A cause code with its text; people see it only where there is one. */
void record_cause(struct record *r, uint32_t cause);
/* Bytes: as text where they are UTF-8 and `binary` is false, else with the
 * name "base64"; people see how many. */
void record_bytes(struct record *r, const char *name, const void *data,
		  size_t len, bool binary);

/* As --status and gensctp status tell of it. */
void record_path(struct record *r, const struct gen_sctp_path *path);

void record_list(struct record *r, const char *name);
void record_item(struct record *r, const char *value);
void record_number_item(struct record *r, uint64_t value);
void record_list_end(struct record *r);

#endif
