/* spool_folder: the files of a spool by their names.  Floor: io. */
#include "spool_folder.h"

#include "io/entropy.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS 16

static const char *const endings[SPOOL_KIND__MAX] = {
	[SPOOL_SEGMENT] = ".seg",
	[SPOOL_OWN] = ".own",
	[SPOOL_TEMPORARY] = ".tmp",
	[SPOOL_BAD] = ".bad",
};

struct spool_name
spool_name_new(enum spool_kind kind, uint64_t when)
{
	struct spool_name name = { .when = when, .kind = kind };
	unsigned char bytes[sizeof(name.mark)];

	entropy_bytes(bytes, sizeof(bytes));
	memcpy(&name.mark, bytes, sizeof(bytes));
	return name;
}

void
spool_name_text(const struct spool_name *name, char out[SPOOL_NAME_BYTES])
{
	(void)snprintf(out, SPOOL_NAME_BYTES, "%016" PRIx64 "-%016" PRIx64 "%s",
	    name->when, name->mark, endings[name->kind]);
}

static bool
number_parse(const char *text, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < DIGITS; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *const at =
		    text[i] == '\0' ? NULL : strchr(digits, text[i]);

		if (at == NULL)
			return false;
		value = value << 4 | (uint64_t)(at - digits);
	}
	*out = value;
	return true;
}

bool
spool_name_parse(const char *text, struct spool_name *out)
{
	struct spool_name name = { .kind = SPOOL_SEGMENT };

	if (!number_parse(text, &name.when) || text[DIGITS] != '-')
		return false;
	text += DIGITS + 1;
	if (!number_parse(text, &name.mark))
		return false;
	text += DIGITS;
	while (name.kind < SPOOL_KIND__MAX &&
	    strcmp(text, endings[name.kind]) != 0)
		name.kind++;
	if (name.kind == SPOOL_KIND__MAX)
		return false;
	*out = name;
	return true;
}

DIR *
spool_folder_list(int folder)
{
	const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const listing = fd < 0 ? NULL : fdopendir(fd);

	if (listing == NULL && fd >= 0)
		(void)close(fd);
	return listing;
}

bool
spool_folder_next(DIR *listing, struct spool_name *out)
{
	const struct dirent *entry;

	while ((entry = readdir(listing)) != NULL) {
		if (spool_name_parse(entry->d_name, out))
			return true;
	}
	return false;
}

bool
spool_folder_status(
    int folder, const struct spool_name *name, struct spool_status *out)
{
	char text[SPOOL_NAME_BYTES];
	struct stat st;

	spool_name_text(name, text);
	if (fstatat(folder, text, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	out->bytes = st.st_size;
	out->changed_us =
	    (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
	return true;
}

int
spool_folder_open(int folder, const struct spool_name *name, int flags)
{
	char text[SPOOL_NAME_BYTES];

	/* It may be a pipe: whoever opens one waits for the other end. */
	flags |= O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	spool_name_text(name, text);
	return openat(folder, text, flags, 0600);
}

int
spool_folder_remove(int folder, const struct spool_name *name)
{
	char text[SPOOL_NAME_BYTES];

	spool_name_text(name, text);
	return unlinkat(folder, text, 0);
}

int
spool_folder_rename(
    int folder, const struct spool_name *from, const struct spool_name *to)
{
	char old[SPOOL_NAME_BYTES];
	char new[SPOOL_NAME_BYTES];

	spool_name_text(from, old);
	spool_name_text(to, new);
	return renameat(folder, old, folder, new);
}
