/*
 * notify_test: shows whether notices arrive, without a call.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_NOTIFY_TEST_H
#define MAINLINE_JOBS_NOTIFY_TEST_H

#include "base/arena.h"
#include "base/str.h"
#include "flow/flow.h"
#include "io/conf.h"

#include <stdbool.h>

struct notify_test {
	struct arena *arena;
	const struct conf *conf;
	struct str number;       /* of the line */
	const struct line *line; /* perhaps that of any number */
};

/*
 * Sends a letter to all who are named there, which must be one at least; did
 * the mail server take it?  `*said` is what came of it in words, either way.
 */
bool notify_test_mail(const struct notify_test *test, struct str *said);

/* The same by its webhook, which must be there: did it answer 2xx? */
bool notify_test_webhook(const struct notify_test *test, struct str *said);

#endif
