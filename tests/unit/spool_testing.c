/* spool_testing: a spool in a folder of a test's own, and what it logs. */
#include "spool_testing.h"

#include "io/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 * 1024 * 1024)

struct box *
box_begin(const struct folder *f)
{
	struct box *const box = ARENA_NEW(f->arena, struct box);

	box->arena = f->arena;
	box->folder = folder_path(f, "deep/spool");
	box->log_path = folder_file(f, "log", "");
	box->log.fd = open(box->log_path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(box->log.fd >= 0);
	box->options = (struct spool_options){
		.folder = box->folder,
		.quota_bytes = BOX_QUOTA,
		.log = &box->log,
	};
	box_open(box);
	return box;
}

void
box_open(struct box *box)
{
	struct str why = STR_ABSENT;

	assert_err(
	    spool_open(box->arena, &box->options, &box->spool, &why), ERR_OK);
}

void
box_reopen(struct box *box)
{
	spool_close(box->spool);
	box_open(box);
}

void
box_end(struct box *box)
{
	spool_close(box->spool);
	assert_int_equal(close(box->log.fd), 0);
}

struct spool_record
record_of(const char *text, int64_t received_us)
{
	return (struct spool_record){ str_of(text), received_us };
}

void
box_write(struct box *box, const char *text, int64_t received_us)
{
	const struct spool_record record = record_of(text, received_us);

	assert_err(spool_write(box->spool, &record, 1), ERR_OK);
}

struct spool_batch
box_read(struct box *box, size_t max)
{
	struct spool_batch batch;

	assert_err(
	    spool_read(box->spool, box->arena, max, SIZE_MAX, &batch), ERR_OK);
	assert_true(batch.n <= max);
	return batch;
}

struct spool_batch
box_drain(struct box *box, size_t max)
{
	struct spool_record *const all =
	    ARENA_ARRAY(box->arena, BOX_RECORDS, struct spool_record);
	struct spool_batch batch;
	size_t n = 0;

	while ((batch = box_read(box, max)).n > 0) {
		assert_true(n + batch.n <= BOX_RECORDS);
		memcpy(all + n, batch.records, batch.n * sizeof(*all));
		n += batch.n;
		spool_commit(box->spool);
	}
	return (struct spool_batch){ all, n };
}

struct spool_depth
box_depth(const struct box *box)
{
	struct spool_depth depth;

	spool_depth(box->spool, &depth);
	return depth;
}

struct str
bytes_in(struct arena *arena, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const off_t n = lseek(fd, 0, SEEK_END);
	char *bytes;

	assert_true(fd >= 0 && n >= 0 && (size_t)n < FILE_MAX);
	bytes = arena_alloc(arena, (size_t)n);
	assert_int_equal(pread(fd, bytes, (size_t)n, 0), n);
	assert_int_equal(close(fd), 0);
	return (struct str){ bytes, (size_t)n };
}

void
bytes_to(const char *path, struct str bytes)
{
	const int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
	assert_int_equal(close(fd), 0);
}

size_t
box_logged(const struct box *box, const char *event)
{
	const struct str wanted =
	    str_format(box->arena, "\"ev\":\"%s\"", event);
	const struct str log = bytes_in(box->arena, box->log_path);
	size_t n = 0;

	for (size_t i = 0; i + wanted.n <= log.n; i++)
		n += str_eq(str_slice(log, i, wanted.n), wanted);
	return n;
}

static size_t
find(const struct box *box, const char *ending, const char **path)
{
	DIR *const dir = opendir(box->folder);
	const struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		const size_t length = strlen(entry->d_name);

		if (length < strlen(ending) ||
		    strcmp(entry->d_name + length - strlen(ending), ending) !=
			0)
			continue;
		*path = str_cstr(box->arena,
		    str_format(
			box->arena, "%s/%s", box->folder, entry->d_name));
		n++;
	}
	(void)closedir(dir);
	return n;
}

size_t
box_files(const struct box *box, const char *ending)
{
	const char *path = NULL;

	return find(box, ending, &path);
}

const char *
box_file(const struct box *box, const char *ending)
{
	const char *path = NULL;

	(void)find(box, ending, &path);
	return path;
}

bool
has_text(const struct spool_batch *batch, const char *text)
{
	for (size_t i = 0; i < batch->n; i++) {
		if (str_eq(batch->records[i].bytes, str_of(text)))
			return true;
	}
	return false;
}
