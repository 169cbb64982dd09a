/*
 * pg_testing: a database of a test program's own, in the server that ctest has
 * started for all of them.
 */
#ifndef TESTS_PG_PG_TESTING_H
#define TESTS_PG_PG_TESTING_H

#include "base/log.h"
#include "io/pg.h"
#include "testing.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct db {
	struct arena *arena; /* of the program */
	struct arena *round; /* reset before every test */
	const char *name;    /* of the database */
	const char *folder;  /* of the server and its socket */
	const char
	    *conninfo; /* as the program's own role, without superpowers */
	struct pg *pg;
	struct log log;
	FILE *said; /* what was logged */
};

/* Group fixtures; *state is a struct db.  The first one has migrated it. */
int db_setup(void **state);
int db_setup_empty(void **state);
int db_teardown(void **state);

/* Before each test: an empty `round` and an empty log. */
int db_begin(void **state);
#define DB_TEST(function) cmocka_unit_test_setup((function), db_begin)

/* Another connection to it; freed with pg_free(). */
struct pg *db_connect(const struct db *db, const char *conninfo);

/* The same as a superuser, who may stop others. */
const char *db_admin_conninfo(const struct db *db);

/* conninfo with "-c setting" for the session, as in "TimeZone=UTC". */
const char *db_conninfo_with(const struct db *db, const char *settings);

/* Any SQL; its rows live in db->round.  With db_sql() it must do. */
enum err db_try(
    const struct db *db, struct pg *pg, const char *sql, struct pg_rows *out);
struct pg_rows db_sql(const struct db *db, const char *sql);

/* The one value that a query gives. */
struct str db_value(const struct db *db, const char *sql);
int64_t db_number(const struct db *db, const char *sql);

/* What has been logged since the test began. */
struct str db_said(const struct db *db);

/* Runs tests/pg/server.sh VERB; fails the test when it fails. */
void server_do(const char *verb);

/* A deadline so many milliseconds from now. */
int64_t in_ms(int64_t ms);

#endif
