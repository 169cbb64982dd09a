/* doctor_database: the database and its schema.  Floor: jobs. */
#include "doctor_database.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "store/checkup.h"
#include "store/migrate.h"

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define DATABASE_OLDEST 150000
#define SKEW_US INT64_C(5000000)
#define SAID_MAX_BYTES 1024

void
judge_database(
    struct doctor *d, const struct checkup_database *seen, int64_t now_us)
{
	const int64_t skew_us = seen->now_us - now_us;

	if (seen->version < DATABASE_OLDEST)
		doctor_say(d, FOUND_DATABASE_OLD,
		    "The server is PostgreSQL %d; 15 is the oldest that will "
		    "do.",
		    seen->version / 10000);
	if (seen->is_read_only)
		doctor_say(d, FOUND_DATABASE_READ_ONLY,
		    "The database takes no writes: it is a standby, or set to "
		    "read only; every call goes to the spool.");
	if (!seen->has_fsync)
		doctor_say(d, FOUND_DATABASE_FSYNC_OFF,
		    "The server's fsync is off: a call that was acknowledged "
		    "can be lost when the power goes.");
	if (seen->denied.n > 0)
		doctor_say(d, FOUND_DATABASE_RIGHTS,
		    "The role %.*s may not read and write these tables: %.*s.",
		    STR_ARG(seen->role), STR_ARG(seen->denied));
	if (!seen->has_trgm)
		doctor_say(d, FOUND_PG_TRGM_MISSING,
		    "The extension pg_trgm is not in the database; calls "
		    "cannot be searched, and `mainline migrate` fails.");
	if (skew_us > SKEW_US || skew_us < -SKEW_US)
		doctor_say(d, FOUND_CLOCK_SKEW_DATABASE,
		    "The database's clock is %lld s %s this machine's; a new "
		    "flow is in force too early or too late by that.",
		    (long long)((skew_us < 0 ? -skew_us : skew_us) / 1000000),
		    skew_us < 0 ? "behind" : "ahead of");
}

/* What libpq said about it, in the log that nobody reads but us. */
static struct str
said(const struct doctor *d)
{
	char words[SAID_MAX_BYTES];
	const ssize_t n = read(d->said_fd, words, sizeof(words));
	struct str line;
	struct str who;

	if (n <= 0)
		return STR("it does not answer");
	line = str_copy(d->arena, (struct str){ words, (size_t)n });
	line = str_split(&line, '\n');
	who = str_split(&line, ' '); /* "doctor:" */
	(void)who;
	return line.p == NULL ? STR("it does not answer") : str_trim(line);
}

void
examine_database(struct doctor *d)
{
	struct checkup_database seen;
	struct str why;

	if (d->jobs.pg == NULL) {
		doctor_skip(d, "DATABASE_URL is not set.");
		return;
	}
	if (checkup_database(d->jobs.pg, d->arena,
		clock_mono_ms() + DOCTOR_ASK_MS, &seen) != ERR_OK) {
		why = said(d);
		doctor_say(d, FOUND_DATABASE_UNREACHABLE,
		    "The database cannot be asked (%.*s). Callers are answered "
		    "all the same, and their calls wait in the spool.",
		    STR_ARG(why));
		return;
	}
	d->has_database = true;
	judge_database(d, &seen, clock_wall_us());
}

void
judge_migrations(struct doctor *d, const struct migrate_state *seen, int newest)
{
	d->has_schema = seen->version >= newest && !seen->is_changed;
	if (seen->is_changed)
		doctor_say(d, FOUND_MIGRATIONS_CHANGED,
		    "What was applied to the database is not what this "
		    "program holds: %.*s.",
		    STR_ARG(seen->error));
	if (seen->version > newest)
		doctor_say(d, FOUND_MIGRATIONS_NEWER,
		    "The database's schema (%d) is newer than this program's "
		    "(%d).",
		    seen->version, newest);
	if (seen->version < newest)
		doctor_say(d, FOUND_MIGRATIONS_PENDING,
		    "The database's schema is at version %d, this program "
		    "needs %d; until then every call goes to the spool.",
		    seen->version, newest);
}

void
examine_migrations(struct doctor *d)
{
	struct migrate_state seen;

	if (!d->has_database) {
		doctor_skip(d, "The database cannot be asked.");
		return;
	}
	if (migrate_look(d->jobs.pg, d->arena, clock_mono_ms() + DOCTOR_ASK_MS,
		&seen) != ERR_OK) {
		doctor_skip(d, "The table of migrations cannot be read.");
		return;
	}
	judge_migrations(d, &seen, migrations[n_migrations - 1].version);
}
