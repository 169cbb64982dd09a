/* flow_cache: a worker's flows follow the snapshot, and outlive a broken one. */
#include "folder_testing.h"
#include "store/flow_cache.h"
#include "store/flows.h"

#include "io/files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BARE                                                                   \
	STR("{\"lines\":{\"*\":{\"entry\":\"m\"}},"                            \
	    "\"steps\":{\"m\":{\"voicemail\":{\"say\":\"x\"}}}}")
#define NOW INT64_C(1795338000000000)

struct worker {
	struct conf conf;
	struct log log;
	const char *snapshot, *said;
	struct flow_cache *cache;
};

static void
begin(struct worker *w, const struct folder *f)
{
	*w = (struct worker){
		.conf = { .data = f->path, .forward_to = "+15550100777" },
		.said = folder_file(f, "log", ""),
	};
	w->log.fd = open(w->said, O_WRONLY | O_APPEND);
	w->snapshot = flows_snapshot_path(f->arena, f->path);
}

static void
end(const struct worker *w)
{
	flow_cache_free(w->cache);
	(void)close(w->log.fd);
}

static void
publish(const struct worker *w, const struct folder *f, int version)
{
	const struct flow_version v = { version, NOW, BARE };
	struct str json;

	assert_err(flow_set_render(f->arena, &v, 1, STR_ABSENT, &json), ERR_OK);
	assert_err(files_replace(f->arena, w->snapshot, json, 0600), ERR_OK);
}

static int
entry_version(const struct worker *w)
{
	return flow_set_entry(flow_cache_set(w->cache), NOW)->version;
}

static struct str
what_was_said(const struct worker *w, const struct folder *f)
{
	struct str out;

	assert_err(files_read(f->arena, w->said, 4000, &out), ERR_OK);
	return out;
}

static void
test_flow_cache_follows_the_snapshot(void **state)
{
	const struct folder *const f = *state;
	struct worker w;

	begin(&w, f);
	w.cache = flow_cache_new(&w.conf, &w.log);
	assert_int_equal(entry_version(&w), 0); /* no file is no error */
	assert_int_equal(
	    flow_set_entry(flow_cache_set(w.cache), NOW)->n_phones, 1);
	flow_cache_refresh(w.cache);
	assert_int_equal(entry_version(&w), 0);
	for (int version = 1; version < 10; version++) {
		publish(&w, f, version);
		assert_int_equal(entry_version(&w), version - 1);
		flow_cache_refresh(w.cache);
		assert_int_equal(entry_version(&w), version);
		flow_cache_refresh(w.cache);
		assert_int_equal(entry_version(&w), version);
	}
	assert_str(what_was_said(&w, f), STR(""));
	end(&w);
}

static void
test_flow_cache_outlives_a_broken_snapshot(void **state)
{
	const struct folder *const f = *state;
	struct worker w;

	begin(&w, f);
	publish(&w, f, 7);
	w.cache = flow_cache_new(&w.conf, &w.log);
	assert_err(
	    files_replace(f->arena, w.snapshot, STR("{\"vers"), 0600), ERR_OK);
	for (int i = 0; i < 3; i++)
		flow_cache_refresh(w.cache);
	assert_int_equal(entry_version(&w), 7);
	assert_holds(what_was_said(&w, f), "\"ev\":\"flow_bad\"");
	assert_holds(what_was_said(&w, f), "line 1, column ");
	/* Said once for each file, not once for each request. */
	assert_int_equal(
	    str_find(what_was_said(&w, f), '\n'), what_was_said(&w, f).n - 1);
	publish(&w, f, 8);
	flow_cache_refresh(w.cache);
	assert_int_equal(entry_version(&w), 8);
	end(&w);
}

/* A worker that starts with a broken one answers all the same. */
static void
test_flow_cache_begins_with_a_broken_snapshot(void **state)
{
	const struct folder *const f = *state;
	struct worker w;

	begin(&w, f);
	assert_err(
	    files_replace(f->arena, w.snapshot, STR("{}"), 0600), ERR_OK);
	w.cache = flow_cache_new(&w.conf, &w.log);
	assert_int_equal(entry_version(&w), 0);
	assert_holds(what_was_said(&w, f), "it has no versions");
	end(&w);
}

/* A snapshot that went away leaves what is known in use. */
static void
test_flow_cache_without_its_file(void **state)
{
	const struct folder *const f = *state;
	struct worker w;

	begin(&w, f);
	publish(&w, f, 7);
	w.cache = flow_cache_new(&w.conf, &w.log);
	assert_int_equal(unlink(w.snapshot), 0);
	flow_cache_refresh(w.cache);
	assert_int_equal(flow_set_at(flow_cache_set(w.cache), 7)->version, 7);
	end(&w);
	flow_cache_free(NULL);
}

static void
test_flows_snapshot_read(void **state)
{
	const struct folder *const f = *state;
	struct flow_set *const set = flow_set_new(
	    f->arena, flow_builtin(f->arena, STR_ABSENT, STR_ABSENT));
	struct str why = STR("");

	assert_err(
	    flows_snapshot_read(f->arena, folder_path(f, "none"), set, &why),
	    ERR_OK);
	assert_int_equal(set->n, 0);
	assert_err(
	    flows_snapshot_read(f->arena, f->path, set, &why), ERR_INPUT);
	assert_text(why, "it cannot be read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_flow_cache_follows_the_snapshot),
		FOLDER_TEST(test_flow_cache_outlives_a_broken_snapshot),
		FOLDER_TEST(test_flow_cache_begins_with_a_broken_snapshot),
		FOLDER_TEST(test_flow_cache_without_its_file),
		FOLDER_TEST(test_flows_snapshot_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
