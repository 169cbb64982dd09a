/* journal: what a worker does whose journal is away. */
#include "base/clock.h"
#include "folder_testing.h"
#include "store/journal.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BODY_BYTES 1000

struct rig {
	const struct folder *folder;
	struct journal_gauges gauges;
	struct journal *journal;
	struct log log;
};

static void
begin(struct rig *rig, const struct folder *f)
{
	const struct journal_options options = {
		.socket = folder_path(f, "nobody.sock"),
		.spool = f->path,
		.gauges = &rig->gauges,
	};

	rig->folder = f;
	rig->journal = journal_new(f->arena, &options);
	rig->log = (struct log){ .fd = open("/dev/null", O_WRONLY) };
	assert_true(rig->log.fd >= 0);
}

static enum err
add(struct rig *rig)
{
	struct arena *const arena = rig->folder->arena;
	char *const body = arena_alloc(arena, BODY_BYTES);
	const struct event ev = {
		.kind = EVENT_VOICE,
		.body = { memset(body, 'x', BODY_BYTES), BODY_BYTES },
	};
	const struct reply reply = { .twiml = STR("<Response/>") };
	const struct journal_entry entry = {
		.ev = &ev, .reply = &reply, .received_ms = clock_mono_ms()
	};

	return journal_add(rig->journal, arena, &rig->log, &entry);
}

/* As many as there is room for, whoever wrote them; then none, and it is said. */
static void
test_journal_own_files_know_the_quota(void **state)
{
	struct rig rig = { 0 };
	int n = 0;

	begin(&rig, *state);
	atomic_store(&rig.gauges.spool_quota_bytes, 10 * BODY_BYTES);
	atomic_store(&rig.gauges.spool_bytes, 2 * BODY_BYTES);
	while (add(&rig) == ERR_OK)
		assert_true(++n < 8);
	assert_true(n > 2);
	assert_int_equal(folder_count(rig.folder), n);
	assert_int_equal(rig.gauges.own, n);
	assert_int_equal(rig.gauges.unrecorded, 1);
	assert_true(rig.gauges.own_bytes <= 8 * BODY_BYTES);
	/* The journal has looked, and replayed all of it. */
	atomic_store(&rig.gauges.own_bytes, 0);
	atomic_store(&rig.gauges.spool_bytes, 0);
	assert_err(add(&rig), ERR_OK);
	journal_close(rig.journal);
	(void)close(rig.log.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_journal_own_files_know_the_quota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
