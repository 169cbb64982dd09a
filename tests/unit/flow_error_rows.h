/*
 * flow_error_rows: documents that are no flow, with the place and the mend that
 * flow_parse() is to name.
 */
#ifndef TESTS_UNIT_FLOW_ERROR_ROWS_H
#define TESTS_UNIT_FLOW_ERROR_ROWS_H

#include "flow_testing.h"

struct error_row {
	const char *name;
	const char *document; /* "'" for quotes */
	const char *path;     /* of the first error */
	const char *text;     /* a part of it */
};

#define ANY_LINE "'lines': { '*': { 'entry': 'v' } }"
#define PHONES "'phones': { 'p': { 'number': '+15550100777' } }"
#define V "'v': { 'voicemail': { 'say': 'Hi.' } }"

/* All is well but for these steps. */
#define STEPS(steps)                                                           \
	"{ " ANY_LINE ", " PHONES ", 'steps': { " V ", " steps " } }"
#define MENU(members)                                                          \
	STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '1': 'v' }, "            \
	      "'otherwise': 'v', " members " } }")
#define FORWARD(members)                                                       \
	STEPS("'f': { 'forward': { 'otherwise': 'v', " members " } }")
#define VOICEMAIL(members)                                                     \
	STEPS("'x': { 'voicemail': { 'say': 'x', " members " } }")

/* Every row is refused, its first error as it should be, and nothing is given. */
void check_error_rows(
    struct arena *arena, const struct error_row *rows, size_t n);

#endif
