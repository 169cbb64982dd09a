/*
 * spool_folder: the files of a spool by their names.
 * Floor: io.  The names are described in io/spool.h.
 */
#ifndef MAINLINE_IO_SPOOL_FOLDER_H
#define MAINLINE_IO_SPOOL_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum spool_kind {
	SPOOL_SEGMENT,
	SPOOL_OWN,
	SPOOL_TEMPORARY,
	SPOOL_BAD,
	SPOOL_KIND__MAX
};

struct spool_name {
	uint64_t when, mark;
	enum spool_kind kind;
};

#define SPOOL_NAME_BYTES 40

/* A name that no other file has, with a mark that nobody can guess. */
struct spool_name spool_name_new(enum spool_kind kind, uint64_t when);

/* As it stands in the folder, with a NUL. */
void spool_name_text(const struct spool_name *name, char out[SPOOL_NAME_BYTES]);

/* False: it is none of ours, and `*out` is left alone. */
bool spool_name_parse(const char *text, struct spool_name *out);

/* A listing of the folder, for closedir(3); NULL: cannot (errno). */
DIR *spool_folder_list(int folder);

/* The next file that is ours, in no order; false: no more. */
bool spool_folder_next(DIR *listing, struct spool_name *out);

/* Size and time of a file; false: it cannot be told. */
struct spool_status {
	int64_t bytes;
	int64_t changed_us; /* its last change, by the wall clock */
};

bool spool_folder_status(
    int folder, const struct spool_name *name, struct spool_status *out);

/* Both: 0, or -1 with errno. */
int spool_folder_open(int folder, const struct spool_name *name, int flags);
int spool_folder_remove(int folder, const struct spool_name *name);
int spool_folder_rename(
    int folder, const struct spool_name *from, const struct spool_name *to);

#endif
