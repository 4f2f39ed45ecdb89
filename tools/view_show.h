/*
 * What gensctp status prints.
 */
#ifndef GENSCTP_TOOLS_VIEW_SHOW_H
#define GENSCTP_TOOLS_VIEW_SHOW_H

#include "view_wire.h"

/* On standard output, as tables or as JSON objects. */
void view_show(const struct view_record *records, size_t count, bool json);

#endif
