/* pg_testing: a database of a test program's own. */
#include "pg_testing.h"

#include "base/clock.h"
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 20000
#define SAID_MAX_BYTES 65536

int64_t
in_ms(int64_t ms)
{
	return clock_mono_ms() + ms;
}

/* Where the server's socket is. */
static const char *
server_path(struct arena *arena)
{
	char path[256] = "";
	FILE *const file = fopen(PG_FOLDER "/path", "re");

	if (file == NULL || fgets(path, sizeof(path), file) == NULL)
		fail_msg("no server: ctest starts one, or tests/pg/server.sh "
			 "start " PG_FOLDER);
	(void)fclose(file);
	path[strcspn(path, "\n")] = '\0';
	return arena_copy(arena, path, strlen(path));
}

static const char *
conninfo_of(struct arena *arena, const char *user, const char *name)
{
	return str_format(
	    arena, "host=%s user=%s dbname=%s", server_path(arena), user, name)
	    .p;
}

struct pg *
db_connect(const struct db *db, const char *conninfo)
{
	const struct pg_options options = {
		.conninfo = conninfo,
		.log = &db->log,
	};

	return pg_new(&options);
}

const char *
db_admin_conninfo(const struct db *db)
{
	return conninfo_of(db->arena, "postgres", db->name);
}

const char *
db_conninfo_with(const struct db *db, const char *settings)
{
	return str_format(db->arena, "%s options='%s'", db->conninfo, settings)
	    .p;
}

enum err
db_try(const struct db *db, struct pg *pg, const char *sql, struct pg_rows *out)
{
	const struct pg_statement statement = { NULL, 0, sql };
	const struct pg_query query = {
		.statement = &statement,
		.deadline_ms = in_ms(DEADLINE_MS),
	};

	return pg_run(pg, db->round, &query, out);
}

struct pg_rows
db_sql(const struct db *db, const char *sql)
{
	struct pg_rows rows;

	if (db_try(db, db->pg, sql, &rows) != ERR_OK)
		fail_msg("%s: %.*s", sql, STR_ARG(db_said(db)));
	return rows;
}

struct str
db_value(const struct db *db, const char *sql)
{
	const struct pg_rows rows = db_sql(db, sql);

	assert_int_equal(rows.n, 1);
	return pg_str(&rows, 0, 0);
}

int64_t
db_number(const struct db *db, const char *sql)
{
	const struct pg_rows rows = db_sql(db, sql);

	assert_int_equal(rows.n, 1);
	return pg_int(&rows, 0, 0, -1);
}

struct str
db_said(const struct db *db)
{
	char *const text = arena_alloc(db->round, SAID_MAX_BYTES);
	const ssize_t n = pread(fileno(db->said), text, SAID_MAX_BYTES - 1, 0);

	return (struct str){ text, n < 0 ? 0 : (size_t)n };
}

static void
make_database(struct db *db)
{
	const char *const conninfo =
	    conninfo_of(db->arena, "mainline", "postgres");
	struct pg *const pg = db_connect(db, conninfo);
	struct pg_rows rows;
	enum err e;

	db->name = str_format(db->arena, "test_%ld", (long)getpid()).p;
	e = db_try(db, pg,
	    str_format(db->arena, "CREATE DATABASE %s", db->name).p, &rows);
	pg_free(pg);
	if (e != ERR_OK)
		fail_msg("%.*s", STR_ARG(db_said(db)));
}

int
db_setup_empty(void **state)
{
	struct arena *const arena = arena_new((size_t)16 * 1024);
	struct db *const db = ARENA_NEW(arena, struct db);

	db->arena = arena;
	db->round = arena_new((size_t)64 * 1024);
	db->folder = server_path(arena);
	db->said = tmpfile();
	assert_non_null(db->said);
	db->log = (struct log){ .fd = fileno(db->said), .who = "test" };
	make_database(db);
	db->conninfo = conninfo_of(arena, "mainline", db->name);
	/* Nothing here has to outlive a power cut, and there are many commits. */
	db->pg =
	    db_connect(db, db_conninfo_with(db, "-c synchronous_commit=off"));
	*state = db;
	return 0;
}

int
db_setup(void **state)
{
	struct migrate_report report;
	struct db *db;

	if (db_setup_empty(state) != 0)
		return -1;
	db = *state;
	if (migrate_run(db->pg, db->round, migrations, n_migrations, &report) ==
	    ERR_OK)
		return 0;
	print_error("%.*s\n", STR_ARG(report.error));
	return -1;
}

int
db_teardown(void **state)
{
	struct db *const db = *state;
	struct pg *pg;
	struct pg_rows rows;
	enum err e;

	pg_free(db->pg);
	pg = db_connect(db, conninfo_of(db->arena, "mainline", "postgres"));
	e = db_try(db, pg,
	    str_format(db->arena, "DROP DATABASE %s WITH (FORCE)", db->name).p,
	    &rows);
	pg_free(pg);
	(void)fclose(db->said);
	arena_free(db->round);
	arena_free(db->arena);
	return e == ERR_OK ? 0 : -1;
}

int
db_begin(void **state)
{
	const struct db *const db = *state;

	arena_reset(db->round);
	return ftruncate(fileno(db->said), 0) == 0 &&
		lseek(fileno(db->said), 0, SEEK_SET) == 0
	    ? 0
	    : -1;
}

void
server_do(const char *verb)
{
	const pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		(void)execl(
		    PG_SERVER, PG_SERVER, verb, PG_FOLDER, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
