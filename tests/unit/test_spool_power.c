/*
 * spool: the power goes, at any step.  A run of writes, restarts, own files and
 * replays is written down, with failures of the disk among them; then, for each
 * of its steps, the folder is made as a power cut there may leave it, and every
 * record that was told to be durable and not committed must be read from it,
 * whole, and nothing that was never written.
 */
#include "power_testing.h"
#include "spool_testing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORDS 2000
#define TURNS 45

/* A note's number: +i when record i was told durable, -i when committed. */
struct run {
	struct box *box;
	struct random *r;
	struct disk_tape *tape;
	int64_t n; /* records made so far, from 1 */
	struct spool_record all[RECORDS];
};

/* "17 ", and bytes that follow from the number. */
static struct spool_record
make(struct run *run)
{
	const int64_t i = ++run->n;
	char *const bytes = arena_alloc(run->box->arena, 700);
	const int head = snprintf(bytes, 30, "%d ", (int)i);
	const size_t n = (size_t)head + random_below(run->r, 600);

	assert_true(i < RECORDS);
	for (size_t k = (size_t)head; k < n; k++)
		bytes[k] = (char)((size_t)i * 31 + k * 7);
	run->all[i] = (struct spool_record){ { bytes, n }, i };
	return run->all[i];
}

static int64_t
number_of(const struct run *run, const struct spool_record *record)
{
	const int64_t i = record->received_us;

	assert_true(i > 0 && i <= run->n);
	assert_str(record->bytes, run->all[i].bytes);
	return i;
}

static void
turn_write(struct run *run)
{
	struct spool_record records[5];
	const int64_t first = run->n + 1;
	const size_t n = 1 + random_below(run->r, ARRAY_LEN(records));

	for (size_t i = 0; i < n; i++)
		records[i] = make(run);
	if (spool_write(run->box->spool, records, n) != ERR_OK)
		return;
	for (size_t i = 0; i < n; i++)
		disk_note(first + (int64_t)i);
}

static void
turn_own(struct run *run)
{
	const struct spool_record record = make(run);

	if (spool_own_write(run->box->folder, &record) == ERR_OK)
		disk_note(record.received_us);
}

static void
turn_read(struct run *run)
{
	struct spool_batch batch;

	spool_seal(run->box->spool);
	assert_err(spool_scan(run->box->spool), ERR_OK);
	batch = box_read(run->box, 1 + random_below(run->r, 20));
	if (random_below(run->r, 4) == 0)
		return;
	for (size_t i = 0; i < batch.n; i++)
		disk_note(-number_of(run, &batch.records[i]));
	spool_commit(run->box->spool);
}

static void
turn_fault(struct run *run)
{
	static const enum disk_op ops[] = { DISK_CREATE, DISK_WRITE, DISK_SYNC,
		DISK_SYNC_FOLDER, DISK_TRUNCATE, DISK_RENAME, DISK_REMOVE };
	const size_t i = random_below(run->r, ARRAY_LEN(ops) + 1);

	if (i == ARRAY_LEN(ops))
		disk_room((int64_t)random_below(run->r, 1500));
	else
		disk_fail(ops[i], (int)random_below(run->r, 3),
		    1 + (int)random_below(run->r, 2), EIO);
}

static void
turn(struct run *run)
{
	switch (random_below(run->r, 12)) {
	case 0:
		disk_heal();
		box_reopen(run->box);
		break;
	case 1:
	case 2:
		turn_read(run);
		break;
	case 3:
	case 4:
		turn_own(run);
		break;
	case 5:
		turn_fault(run);
		break;
	case 6:
		disk_heal();
		break;
	default:
		turn_write(run);
	}
}

/* What must be there when the power goes after `n` steps. */
static void
owed_after(const struct run *run, size_t n, bool owed[RECORDS])
{
	memset(owed, 0, RECORDS * sizeof(*owed));
	for (size_t i = 0; i < n; i++) {
		const struct disk_step *const s = &run->tape->steps[i];

		if (s->op == DISK_NOTE)
			owed[llabs(s->at)] = s->at > 0;
	}
}

/*
 * A torn write of several records may look like damage, and so may what was cut
 * off after a failure when the cut was lost but not what was written over it.
 */
static bool
may_look_damaged(const struct run *run, size_t n, enum power_keeps keeps)
{
	bool was_cut = false;

	for (size_t i = 0; i < n; i++)
		was_cut |= run->tape->steps[i].op == DISK_TRUNCATE;
	return keeps == POWER_KEEPS_SECTORS ||
	    (keeps == POWER_KEEPS_BEGINNINGS && was_cut);
}

static void
check_cut(struct run *run, size_t n, enum power_keeps keeps)
{
	static bool owed[RECORDS];
	const struct spool_batch out = box_drain(run->box, 30);

	owed_after(run, n, owed);
	for (size_t i = 0; i < out.n; i++)
		owed[number_of(run, &out.records[i])] = false;
	for (int64_t i = 1; i <= run->n; i++) {
		if (owed[i])
			fail_msg("record %d is lost after step %zu, kept %d",
			    (int)i, n, (int)keeps);
	}
	if (!may_look_damaged(run, n, keeps) &&
	    box_depth(run->box).bad_records != 0)
		fail_msg("damage after step %zu, kept %d", n, (int)keeps);
}

static void
clean(struct box *box)
{
	static const char *const endings[] = { ".seg", ".own", ".tmp", ".bad" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		const char *path;

		while ((path = box_file(box, endings[i])) != NULL)
			assert_int_equal(unlink(path), 0);
	}
}

static void
check_all_cuts(struct run *run)
{
	struct box *const box = run->box;
	struct arena *const kept = box->arena;

	for (size_t n = 0; n <= run->tape->n; n++) {
		for (int keeps = 0; keeps < POWER_KEEPS__MAX; keeps++) {
			box->arena = arena_new((size_t)64 * 1024);
			clean(box);
			power_cut(run->tape, n, (enum power_keeps)keeps, run->r,
			    box->folder);
			box_open(box);
			check_cut(run, n, (enum power_keeps)keeps);
			spool_close(box->spool);
			arena_free(box->arena);
		}
	}
	box->arena = kept;
}

static void
test_spool_power_cut_at_any_step(void **state)
{
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	struct run *const run = ARENA_NEW(box->arena, struct run);

	run->box = box;
	run->r = &r;
	run->tape = ARENA_NEW(box->arena, struct disk_tape);
	run->tape->arena = box->arena;
	box->options.segment_bytes = 3000;
	box_reopen(box);
	disk_record(run->tape, box->folder);
	for (int i = 0; i < TURNS; i++)
		turn(run);
	disk_heal();
	disk_record(NULL, NULL);
	print_message("  %d records, %zu steps\n", (int)run->n, run->tape->n);
	spool_close(box->spool);
	check_all_cuts(run);
	box_open(box);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_power_cut_at_any_step),
		FOLDER_TEST(test_spool_power_cut_at_any_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
