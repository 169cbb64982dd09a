/* power_testing: what a power cut leaves of a folder. */
#include "power_testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILES 256
#define FILE_BYTES ((size_t)64 * 1024)
#define SECTOR 64 /* smaller than a disk's, as the records are */

struct file {
	const char *created_as;
	const char *name; /* NULL: it has none */
	char bytes[FILE_BYTES];
	size_t n;
};

struct disk {
	struct random *r;
	enum power_keeps keeps;
	struct file files[FILES];
	size_t n;
};

static struct file *
find(struct disk *disk, const char *name)
{
	for (size_t i = 0; i < disk->n; i++) {
		const char *const z = disk->files[i].created_as;

		if (strcmp(z, name) == 0)
			return &disk->files[i];
	}
	return NULL;
}

/* The last step before `n` that made this file's bytes, or the names, sure. */
static size_t
sure_until(const struct disk_tape *tape, size_t n, const char *name)
{
	for (size_t i = n; i > 0; i--) {
		const struct disk_step *const s = &tape->steps[i - 1];

		if (s->failed)
			continue;
		if (name == NULL
			? s->op == DISK_SYNC_FOLDER
			: s->op == DISK_SYNC && strcmp(s->name, name) == 0)
			return i;
	}
	return 0;
}

static void
put(struct file *file, size_t at, const char *bytes, size_t n)
{
	assert_true(at + n <= FILE_BYTES);
	memcpy(file->bytes + at, bytes, n);
	if (at + n > file->n)
		file->n = at + n;
}

static void
put_some(struct disk *disk, struct file *file, const struct disk_step *s)
{
	const size_t at = (size_t)s->at;

	switch (disk->keeps) {
	case POWER_KEEPS_ALL:
		put(file, at, s->bytes.p, s->bytes.n);
		break;
	case POWER_KEEPS_BEGINNINGS:
		put(file, at, s->bytes.p,
		    random_below(disk->r, s->bytes.n + 1));
		break;
	case POWER_KEEPS_SECTORS:
		for (size_t i = 0; i < s->bytes.n; i += SECTOR) {
			const struct str part = str_slice(s->bytes, i, SECTOR);

			if (random_below(disk->r, 2) == 0)
				put(file, at + i, part.p, part.n);
		}
		break;
	case POWER_KEEPS_NOTHING:
	case POWER_KEEPS__MAX:
		break;
	}
}

static void
cut_at(struct file *file, size_t n)
{
	if (n < file->n)
		memset(file->bytes + n, 0, file->n - n);
	file->n = n;
}

static bool
keeps_cut(struct disk *disk)
{
	if (disk->keeps == POWER_KEEPS_ALL)
		return true;
	return disk->keeps != POWER_KEEPS_NOTHING &&
	    random_below(disk->r, 2) == 0;
}

/* The bytes of one file, under whatever name. */
static void
play_bytes(
    struct disk *disk, const struct disk_tape *tape, size_t n, size_t file_i)
{
	struct file *const file = &disk->files[file_i];
	const size_t sure = sure_until(tape, n, file->created_as);

	for (size_t i = 0; i < n; i++) {
		const struct disk_step *const s = &tape->steps[i];

		if (strcmp(s->name, file->created_as) != 0 || s->failed)
			continue;
		if (s->op == DISK_WRITE && i < sure)
			put(file, (size_t)s->at, s->bytes.p, s->bytes.n);
		else if (s->op == DISK_WRITE)
			put_some(disk, file, s);
		else if (s->op == DISK_TRUNCATE &&
		    (i < sure || keeps_cut(disk)))
			cut_at(file, (size_t)s->at);
	}
}

static struct file *
named(struct disk *disk, const char *name)
{
	for (size_t i = 0; i < disk->n; i++) {
		struct file *const file = &disk->files[i];

		if (file->name != NULL && strcmp(file->name, name) == 0)
			return file;
	}
	return NULL;
}

static void
play_name(struct disk *disk, const struct disk_step *s)
{
	struct file *const file =
	    s->op == DISK_CREATE ? find(disk, s->name) : named(disk, s->name);

	if (file == NULL || s->failed)
		return;
	if (s->op == DISK_CREATE)
		file->name = s->name;
	else if (s->op == DISK_RENAME)
		file->name = s->to;
	else if (s->op == DISK_REMOVE)
		file->name = NULL;
}

static size_t
names_until(struct disk *disk, const struct disk_tape *tape, size_t n)
{
	const size_t sure = sure_until(tape, n, NULL);

	if (disk->keeps == POWER_KEEPS_ALL)
		return n;
	if (disk->keeps == POWER_KEEPS_NOTHING)
		return sure;
	return sure + random_below(disk->r, n - sure + 1);
}

static void
write_out(const struct file *file, const char *folder)
{
	char path[512];
	int fd;

	if (file->name == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/%s", folder, file->name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, file->bytes, file->n), file->n);
	assert_int_equal(close(fd), 0);
}

void
power_cut(const struct disk_tape *tape, size_t n, enum power_keeps keeps,
    struct random *r, const char *folder)
{
	static struct disk disk;
	size_t names;

	disk.n = 0;
	disk.r = r;
	disk.keeps = keeps;
	for (size_t i = 0; i < n; i++) {
		const struct disk_step *const s = &tape->steps[i];

		if (s->op != DISK_CREATE || find(&disk, s->name) != NULL)
			continue;
		assert_true(disk.n < FILES);
		disk.files[disk.n].created_as = s->name;
		disk.files[disk.n].name = NULL;
		disk.files[disk.n].n = 0;
		memset(disk.files[disk.n].bytes, 0, FILE_BYTES);
		disk.n++;
	}
	for (size_t i = 0; i < disk.n; i++)
		play_bytes(&disk, tape, n, i);
	names = names_until(&disk, tape, n);
	for (size_t i = 0; i < names; i++)
		play_name(&disk, &tape->steps[i]);
	for (size_t i = 0; i < disk.n; i++)
		write_out(&disk.files[i], folder);
}
