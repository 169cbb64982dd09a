/*
 * power_testing: what a power cut leaves of a folder, from a tape of what was
 * done in it.
 *
 * A file's bytes are sure up to its last sync that worked, a name up to the
 * last sync of the folder; of what came later, any part may be there or not.
 * Names change in the order in which they were changed, as journalling file
 * systems do.  A sync of a file does not make its name sure (POSIX).
 */
#ifndef TESTS_UNIT_POWER_TESTING_H
#define TESTS_UNIT_POWER_TESTING_H

#include "disk_testing.h"

enum power_keeps {
	POWER_KEEPS_NOTHING, /* of what was not synced */
	POWER_KEEPS_ALL,
	POWER_KEEPS_BEGINNINGS, /* of each write */
	POWER_KEEPS_SECTORS,    /* any of each write; zeros between them */
	POWER_KEEPS__MAX
};

/* Makes the folder as it is when the power goes after `n` steps. */
void power_cut(const struct disk_tape *tape, size_t n, enum power_keeps keeps,
    struct random *r, const char *folder);

#endif
