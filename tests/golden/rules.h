/* rules: of TwiML that its schema cannot tell. */
#ifndef TESTS_GOLDEN_RULES_H
#define TESTS_GOLDEN_RULES_H

#include <libxml/tree.h>

/* What is wrong with the document, or NULL. */
const char *rules_check(const xmlDoc *doc);

#endif
