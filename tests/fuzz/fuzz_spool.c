/*
 * spool: any bytes as segments and as an own file, or behind good records: all
 * that was counted is read, so are the good records, and nothing is left.
 *
 * The first byte says which: even, the rest is the files' bytes; odd, it is cut
 * at each 0xFF into records, and what is left stands behind them.
 */
#include "fuzz.h"
#include "io/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECES 16

static const struct log quiet = { .level = LOG_LEVEL_ERROR, .fd = -1 };

/* A folder that is used by every input, and removed at the end. */
static char folder[64];

static void
remove_files(void)
{
	DIR *const dir = opendir(folder);
	const struct dirent *entry;

	REQUIRE(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			REQUIRE(unlinkat(dirfd(dir), entry->d_name, 0) == 0);
	}
	(void)closedir(dir);
}

static void
remove_folder(void)
{
	remove_files();
	(void)rmdir(folder);
}

static void
make_folder(void)
{
	if (folder[0] == '\0') {
		(void)snprintf(folder, sizeof(folder), "%s",
		    "/tmp/mainline-fuzz-spool-XXXXXX");
		REQUIRE(mkdtemp(folder) != NULL);
		REQUIRE(atexit(remove_folder) == 0);
	}
	remove_files();
}

static struct spool *
take(struct arena *arena)
{
	const struct spool_options options = {
		.folder = folder,
		.quota_bytes = (int64_t)64 * 1024 * 1024,
		.log = &quiet,
	};
	struct spool *spool = NULL;
	struct str why;

	REQUIRE(spool_open(arena, &options, &spool, &why) == ERR_OK);
	return spool;
}

static void
put_file(const char *name, struct str head, struct str bytes)
{
	char path[384];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	REQUIRE(fd >= 0);
	REQUIRE(head.n == 0 || write(fd, head.p, head.n) == (ssize_t)head.n);
	REQUIRE(
	    bytes.n == 0 || write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	(void)close(fd);
}

/* The one segment of the folder. */
static const char *
segment_name(void)
{
	static char name[256];
	DIR *const dir = opendir(folder);
	const struct dirent *entry;

	REQUIRE(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".seg") != NULL)
			(void)snprintf(name, sizeof(name), "%s", entry->d_name);
	}
	(void)closedir(dir);
	return name;
}

/* Good records, and bytes behind the end mark: how many must be found. */
static size_t
put_records(struct arena *arena, struct str input)
{
	struct spool *const spool = take(arena);
	struct str piece = fuzz_piece(&input);
	size_t n = 0;

	for (; n < PIECES && piece.n > 0 && input.p != NULL; n++) {
		const struct spool_record record = { piece, (int64_t)n };

		REQUIRE(spool_write(spool, &record, 1) == ERR_OK);
		piece = fuzz_piece(&input);
	}
	spool_close(spool);
	if (n > 0)
		put_file(segment_name(), piece, input);
	return n;
}

/* As files whose records begin with MMMMMMMM, so that an input can hold some. */
static void
put_raw(struct str input)
{
	const struct str head = STR("mainline spool 1");
	const struct str mark = STR("MMMMMMMM");

	put_file("0000000000000001-4d4d4d4d4d4d4d4d.seg", head, input);
	put_file("0000000000000002-4d4d4d4d4d4d4d4d.seg", mark, input);
	put_file("0000000000000003-4d4d4d4d4d4d4d4d.own", head, input);
}

static size_t
drain(struct arena *arena, struct spool *spool)
{
	struct spool_batch batch;
	size_t n = 0;

	do {
		REQUIRE(spool_read(spool, arena, 3, 100, &batch) == ERR_OK);
		for (size_t i = 0; i < batch.n; i++)
			REQUIRE(batch.records[i].bytes.n > 0 &&
			    batch.records[i].bytes.n <= SPOOL_RECORD_MAX);
		n += batch.n;
		spool_commit(spool);
	} while (batch.n > 0);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	const struct str input =
	    size == 0 ? STR("") : fuzz_input(data + 1, size - 1);
	struct spool_depth depth;
	struct spool *spool;
	size_t at_least = 0;
	size_t n;

	make_folder();
	if (size > 0 && data[0] % 2 == 1)
		at_least = put_records(arena, input);
	else
		put_raw(input);
	spool = take(arena);
	spool_depth(spool, &depth);
	n = drain(arena, spool);
	REQUIRE(n >= at_least);
	REQUIRE(depth.records <= n + 1); /* an own file counts, good or not */
	spool_depth(spool, &depth);
	REQUIRE(depth.records == 0 && depth.oldest_us == INT64_MAX);
	spool_close(spool);
	return 0;
}
