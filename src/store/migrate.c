/* migrate: brings the schema up to this program's.  Floor: store. */
#include "store/migrate.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Long enough for another one's migration, and for a large table's. */
#define DEADLINE_MS INT64_C(3600000)
#define UNKNOWN (-1)

static const char first_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version integer PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL, "
    "applied_at timestamptz NOT NULL DEFAULT now());"
    "COMMENT ON TABLE schema_migrations IS "
    "'The files of migrations/ that were applied to this database.';"
    "COMMENT ON COLUMN schema_migrations.version IS "
    "'Number at the beginning of the file''s name.';"
    "COMMENT ON COLUMN schema_migrations.name IS 'The file''s name.';"
    "COMMENT ON COLUMN schema_migrations.sha256 IS "
    "'Of the file''s bytes as applied.';"
    "COMMENT ON COLUMN schema_migrations.applied_at IS 'When.';";

static enum err
run(struct pg *pg, struct arena *arena, enum stmt which, struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(which),
		.deadline_ms = clock_mono_ms() + DEADLINE_MS,
	};

	return pg_run(pg, arena, &query, out);
}

static struct str
checksum(struct arena *arena, const struct migration *m)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(str_of(m->sql), sum);
	return hex_encode(
	    arena, (struct str){ (const char *)sum, sizeof(sum) });
}

/* The file and the line that keeps it, as one script: one transaction. */
static enum err
apply(struct pg *pg, struct arena *arena, const struct migration *m,
    struct migrate_report *report)
{
	const struct str sum = checksum(arena, m);
	const struct str script = str_format(arena,
	    "%s\n;INSERT INTO schema_migrations (version, name, sha256) "
	    "VALUES (%d, '%s', '\\x%.*s')",
	    m->sql, m->version, m->name, STR_ARG(sum));
	struct str detail;
	const enum err e = pg_script(
	    pg, arena, script.p, clock_mono_ms() + DEADLINE_MS, &detail);

	if (e != ERR_OK)
		report->error = str_format(arena,
		    "%s failed and was undone: %.*s", m->name, STR_ARG(detail));
	return e;
}

/*
 * Are the applied files the ones that we hold?  Counts them in report->to, and
 * the first time in report->from.
 */
static enum err
compare(struct arena *arena, const struct pg_rows *rows,
    const struct migration *list, size_t n, struct migrate_report *report)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (i >= n) {
			report->error = str_format(arena,
			    "the database is at version %lld, newer than this "
			    "program (%zu); use the newer program",
			    (long long)pg_int(rows, rows->n - 1, 0, 0), n);
			return ERR_CONFLICT;
		}
		if (pg_int(rows, i, 0, 0) != list[i].version ||
		    !str_eq(pg_str(rows, i, 2), checksum(arena, &list[i]))) {
			report->error = str_format(arena,
			    "%s was changed after it was applied; restore the "
			    "file, and write what is new into a new one",
			    list[i].name);
			return ERR_CONFLICT;
		}
	}
	report->to = (int)rows->n;
	if (report->from == UNKNOWN)
		report->from = report->to;
	return ERR_OK;
}

/* Under the lock: what was applied until now, and the next one if there is. */
static enum err
apply_next(struct pg *pg, struct arena *arena, const struct migration *list,
    size_t n, struct migrate_report *report)
{
	struct pg_rows rows;
	struct str detail;
	enum err e;

	if ((e = pg_script(pg, arena, first_sql, clock_mono_ms() + DEADLINE_MS,
		 &detail)) != ERR_OK) {
		report->error = detail;
		return e;
	}
	if ((e = run(pg, arena, STMT_MIGRATION_LIST, &rows)) != ERR_OK ||
	    (e = compare(arena, &rows, list, n, report)) != ERR_OK ||
	    rows.n == n)
		return e;
	return apply(pg, arena, &list[rows.n], report);
}

/*
 * A transaction of its own, and the lock is the transaction's: a session's
 * would stay behind in a pooler, with nobody to let go of it.
 */
static enum err
migrate_one(struct pg *pg, struct arena *arena, const struct migration *list,
    size_t n, struct migrate_report *report)
{
	struct pg_rows rows;
	enum err e;

	pg_pin(pg);
	if ((e = run(pg, arena, STMT_BEGIN, &rows)) == ERR_OK &&
	    (e = run(pg, arena, STMT_MIGRATION_LOCK, &rows)) == ERR_OK &&
	    (e = apply_next(pg, arena, list, n, report)) == ERR_OK)
		e = run(pg, arena, STMT_COMMIT, &rows);
	pg_unpin(pg);
	if (e == ERR_OK && report->to < (int)n)
		report->to++;
	return e;
}

enum err
migrate_run(struct pg *pg, struct arena *arena, const struct migration *list,
    size_t n, struct migrate_report *report)
{
	struct pg_rows rows;
	enum err e;

	*report = (struct migrate_report){ UNKNOWN, 0, STR_INIT("") };
	if ((e = run(pg, arena, STMT_FSYNC, &rows)) != ERR_OK) {
		report->error = STR("the database cannot be reached; check "
				    "DATABASE_URL and that it is running");
		return e;
	}
	if (!pg_bool(&rows, 0, 0)) {
		report->error =
		    STR("the server's fsync is off: a call that was "
			"acknowledged could be lost; turn it on");
		return ERR_INPUT;
	}
	do {
		e = migrate_one(pg, arena, list, n, report);
	} while (e == ERR_OK && report->to < (int)n);
	return e;
}

enum err
migrate_check(struct pg *pg, struct arena *arena, int64_t deadline_ms)
{
	struct pg_query query = {
		.statement = stmt(STMT_MIGRATION_TABLE),
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	if (!pg_bool(&rows, 0, 0))
		return ERR_CONFLICT;
	query.statement = stmt(STMT_MIGRATION_LAST);
	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	return pg_int(&rows, 0, 0, 0) >= migrations[n_migrations - 1].version
	    ? ERR_OK
	    : ERR_CONFLICT;
}

enum err
migrate_look(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct migrate_state *out)
{
	struct migrate_report report = { .error = STR_INIT("") };
	struct pg_query query = {
		.statement = stmt(STMT_MIGRATION_TABLE),
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	*out = (struct migrate_state){ .error = STR_INIT("") };
	if (e != ERR_OK || !pg_bool(&rows, 0, 0))
		return e;
	query.statement = stmt(STMT_MIGRATION_LIST);
	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK || rows.n == 0)
		return e;
	out->version = (int)pg_int(&rows, rows.n - 1, 0, 0);
	/* What is newer than the program cannot be compared. */
	rows.n = rows.n < n_migrations ? rows.n : n_migrations;
	out->is_changed =
	    compare(arena, &rows, migrations, n_migrations, &report) != ERR_OK;
	out->error = report.error;
	return ERR_OK;
}
