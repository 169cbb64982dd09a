/* flows: published versions, and the snapshot that workers read. */
#include "pg_testing.h"
#include "store/flows.h"

#include "io/files.h"

#include <stdlib.h>
#include <unistd.h>

#define ONE                                                                    \
	STR("{\"lines\":{\"*\":{\"entry\":\"m\"}},"                            \
	    "\"steps\":{\"m\":{\"voicemail\":{\"say\":\"one\"}}}}")
#define TWO                                                                    \
	STR("{\"lines\":{\"*\":{\"entry\":\"m\"}},"                            \
	    "\"steps\":{\"m\":{\"voicemail\":{\"say\":\"two \\u00e9 {line}\"}" \
	    "}}}")

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE flows RESTART IDENTITY");
	return 0;
}

#define FLOWS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct flows_published
publish(const struct db *db, struct str document)
{
	struct flows_published out = { 0 };

	assert_err(
	    flows_publish(db->pg, db->round, document, STR("anna"), &out),
	    ERR_OK);
	return out;
}

static void
test_flows_publish(void **state)
{
	const struct db *const db = *state;
	struct flows_published p = publish(db, ONE);

	assert_int_equal(p.version, 1);
	assert_true(p.fresh);
	assert_true(p.first);
	p = publish(db, ONE); /* nothing new */
	assert_int_equal(p.version, 1);
	assert_false(p.fresh);
	assert_false(p.first);
	p = publish(db, TWO);
	assert_int_equal(p.version, 2);
	assert_true(p.fresh);
	assert_false(p.first);
	p = publish(db, ONE); /* back to the first is a new version */
	assert_int_equal(p.version, 3);
	assert_true(p.fresh);
	assert_int_equal(db_number(db, "SELECT count(*) FROM flows"), 3);
}

static void
test_flows_get(void **state)
{
	const struct db *const db = *state;
	struct flow_version v;

	assert_err(flows_get(db->pg, db->round, 0, &v), ERR_NOT_FOUND);
	(void)publish(db, ONE);
	(void)publish(db, TWO);
	assert_err(flows_get(db->pg, db->round, 0, &v), ERR_OK);
	assert_int_equal(v.version, 2);
	assert_str(v.document, TWO);
	assert_err(flows_get(db->pg, db->round, 1, &v), ERR_OK);
	assert_int_equal(v.version, 1);
	assert_str(v.document, ONE);
	assert_err(flows_get(db->pg, db->round, 3, &v), ERR_NOT_FOUND);
}

/* What is given is the whole version, with the moment it was published. */
static void
test_flows_get_tells_when(void **state)
{
	const struct db *const db = *state;
	struct flow_version v = { .published_us = -7 };
	struct flows_row *rows;
	size_t n;

	(void)publish(db, ONE);
	assert_err(flows_get(db->pg, db->round, 1, &v), ERR_OK);
	assert_err(flows_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(v.published_us, rows[0].published_us);
}

static void
test_flows_list(void **state)
{
	const struct db *const db = *state;
	struct flows_row *rows;
	size_t n;

	assert_err(flows_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(n, 0);
	(void)publish(db, ONE);
	(void)publish(db, TWO);
	assert_err(flows_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].version, 2);
	assert_int_equal(rows[1].version, 1);
	assert_text(rows[1].published_by, "anna");
	assert_int_equal(rows[1].bytes, ONE.n);
	assert_true(rows[0].published_us >= rows[1].published_us);
	assert_true(rows[1].published_us > INT64_C(1700000000000000));
}

static const char *
temporary_path(const struct db *db)
{
	char *const path =
	    str_cstr(db->round, STR("/tmp/mainline-flows-XXXXXX"));
	const int fd = mkstemp(path);

	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	return path;
}

static struct flow_set *
read_snapshot(const struct db *db, const char *path)
{
	struct flow_set *const set = flow_set_new(
	    db->round, flow_builtin(db->round, STR_ABSENT, STR_ABSENT));
	struct str why = STR("");

	if (flows_snapshot_read(db->round, path, set, &why) != ERR_OK)
		fail_msg("%.*s", STR_ARG(why));
	return set;
}

static void
test_flows_snapshot(void **state)
{
	const struct db *const db = *state;
	const char *const path = temporary_path(db);
	const struct flow_set *set;
	struct flows_row *rows;
	size_t n;

	/* With nothing published it is there and says so. */
	assert_err(flows_snapshot_write(db->pg, db->round, path), ERR_OK);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(read_snapshot(db, path)->n, 0);

	(void)publish(db, ONE);
	(void)publish(db, TWO);
	assert_err(flows_snapshot_write(db->pg, db->round, path), ERR_OK);
	set = read_snapshot(db, path);
	assert_err(flows_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(set->n, 2);
	assert_int_equal(set->flows[0]->version, 1);
	assert_text(
	    set->flows[1]->steps[0].voicemail.say, "two \xc3\xa9 {line}");
	/* To the millisecond. */
	assert_int_equal(
	    set->published_us[1] / 1000, rows[0].published_us / 1000);
	assert_int_equal(unlink(path), 0);
	assert_err(
	    flows_snapshot_write(db->pg, db->round, "/proc/no/flows.json"),
	    ERR_UPSTREAM);
}

static const struct recent_row {
	const char *name;
	int days[4]; /* how long ago each version was published; -1: none */
	const char *want;
} recents[] = {
	{ "all of the last week", { 6, 5, 0, -1 }, "1 2 3" },
	{ "the last one before it too: calls began with it", { 20, 10, 6, 0 },
	    "2 3 4" },
	{ "the last one of all, however old", { 400, 300, -1, -1 }, "2" },
	{ "one alone", { 400, -1, -1, -1 }, "1" },
};

static void
test_flows_snapshot_of_the_last_week(void **state)
{
	const struct db *const db = *state;
	const char *const path = temporary_path(db);

	for (size_t i = 0; i < ARRAY_LEN(recents); i++) {
		const struct flow_set *set;
		struct str got = STR("");

		print_message("  %s\n", recents[i].name);
		(void)db_sql(db, "TRUNCATE flows RESTART IDENTITY");
		for (size_t k = 0; k < 4 && recents[i].days[k] >= 0; k++) {
			(void)publish(db, k % 2 == 0 ? ONE : TWO);
			(void)db_sql(db,
			    str_format(db->round,
				"UPDATE flows SET published_at = now() - "
				"interval '%d days' WHERE version = %zu",
				recents[i].days[k], k + 1)
				.p);
		}
		assert_err(
		    flows_snapshot_write(db->pg, db->round, path), ERR_OK);
		set = read_snapshot(db, path);
		for (size_t k = 0; k < set->n; k++)
			got = str_format(db->round, "%.*s%s%d", STR_ARG(got),
			    k == 0 ? "" : " ", set->flows[k]->version);
		assert_text(got, recents[i].want);
	}
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOWS_TEST(test_flows_publish),
		FLOWS_TEST(test_flows_get),
		FLOWS_TEST(test_flows_get_tells_when),
		FLOWS_TEST(test_flows_list),
		FLOWS_TEST(test_flows_snapshot),
		FLOWS_TEST(test_flows_snapshot_of_the_last_week),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
