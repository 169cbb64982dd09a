/*
 * spool: a writer killed at any moment, again and again.  Each record that it
 * said to be durable, through a pipe, is read by the next holder, whole.
 */
#include "spool_testing.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 200
#define LENGTH_MAX ((size_t)20000)

/* The bytes of a record follow from its number. */
static struct spool_record
make(char *bytes, uint32_t number)
{
	const size_t n = 4 + number * 7919 % LENGTH_MAX;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(number + i);
	memcpy(bytes, &number, sizeof(number));
	return (struct spool_record){ { bytes, n }, number };
}

static void
assert_whole(const struct spool_record *record)
{
	static char bytes[LENGTH_MAX + 4];
	const struct spool_record want =
	    make(bytes, (uint32_t)record->received_us);

	assert_str(record->bytes, want.bytes);
}

/* Writes batches and own files, and says so, until it dies. */
static _Noreturn void
write_until_killed(struct box *box, int acknowledge, uint32_t first)
{
	static char bytes[4][LENGTH_MAX + 4];
	uint32_t number = first;

	box_open(box);
	for (;;) {
		struct spool_record records[4];
		uint32_t said[4];
		const size_t n = 1 + number % 4;
		bool ok;

		for (size_t i = 0; i < n; i++) {
			said[i] = number;
			records[i] = make(bytes[i], number++);
		}
		ok = n == 1 ? spool_own_write(box->folder, records) == ERR_OK
			    : spool_write(box->spool, records, n) == ERR_OK;
		if (!ok ||
		    write(acknowledge, said, n * sizeof(*said)) !=
			(ssize_t)(n * sizeof(*said)))
			_exit(1);
	}
}

static void
sleep_us(size_t us)
{
	const struct timespec t = { .tv_nsec = (long)us * 1000 };

	(void)nanosleep(&t, NULL);
}

/* What the writer said before it died; how many numbers it gave. */
static size_t
run_and_kill(
    struct box *box, uint32_t first, size_t us, uint32_t *said, size_t max)
{
	int fds[2];
	pid_t child;
	size_t n = 0;
	ssize_t got;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(fds[0]);
		write_until_killed(box, fds[1], first);
	}
	(void)close(fds[1]);
	sleep_us(us);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	while (
	    (got = read(fds[0], (char *)said + n, max * sizeof(*said) - n)) > 0)
		n += (size_t)got;
	(void)close(fds[0]);
	assert_int_equal(n % sizeof(*said), 0);
	return n / sizeof(*said);
}

static void
assert_holds_all(struct box *box, const uint32_t *said, size_t n)
{
	const struct spool_batch out = box_drain(box, 50);

	for (size_t i = 0; i < out.n; i++)
		assert_whole(&out.records[i]);
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < out.n && !found; k++)
			found = out.records[k].received_us == said[i];
		if (!found)
			fail_msg("record %u is lost", said[i]);
	}
	assert_int_equal(box_depth(box).bad_records, 0);
}

static void
test_spool_writer_killed_at_any_moment(void **state)
{
	static uint32_t said[BOX_RECORDS];
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	struct arena *const kept = box->arena;
	uint32_t first = 1;
	size_t total = 0;

	box->options.segment_bytes = 100000;
	spool_close(box->spool);
	for (int i = 0; i < KILLS; i++) {
		const size_t us = random_below(&r, 20000);
		const size_t n =
		    run_and_kill(box, first, us, said, ARRAY_LEN(said));

		total += n;
		first += BOX_RECORDS;
		box->arena = arena_new((size_t)64 * 1024);
		box_open(box); /* the lock went with the dead */
		assert_holds_all(box, said, n);
		spool_close(box->spool);
		arena_free(box->arena);
		box->arena = kept;
	}
	print_message("  %zu records acknowledged\n", total);
	assert_true(total > KILLS / 4);
	box_open(box);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_writer_killed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
