/*
 * backup_set: what lies in a backup's folder, and whether all of it does.
 * Private to the process floor.
 *
 *   manifest.json   what is in it; written last, so it is never there too early
 *   SHA256SUMS      of each file below, as sha256sum(1) reads and writes it
 *   database.dump   of pg_dump -Fc
 *   spool/          events that were on their way into the database
 *   recordings/     the audio of the folder
 */
#ifndef MAINLINE_PROCESS_BACKUP_SET_H
#define MAINLINE_PROCESS_BACKUP_SET_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/copying.h"

#include <stddef.h>
#include <stdint.h>

#define BACKUP_FORMAT 1
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_SUMS "SHA256SUMS"
#define BACKUP_DUMP "database.dump"
#define BACKUP_SPOOL "spool"
#define BACKUP_AUDIO "recordings"

enum backup_figure {
	FIGURE_SCHEMA,     /* number of the last migration */
	FIGURE_POSTGRESQL, /* major version of the database */
	FIGURE_PG_DUMP,    /* of the program */
	FIGURE_CALLS,      /* rows, as the four below */
	FIGURE_EVENTS,
	FIGURE_RECORDINGS,
	FIGURE_IN_BUCKET, /* of the recordings: their audio stays there */
	FIGURE_ERASED,
	FIGURE_MISSING, /* audio files that should be in it */
	FIGURE_FILES,   /* that SHA256SUMS names */
	FIGURE_BYTES,   /* of them */
	FIGURE__MAX
};

struct backup_manifest {
	struct str program; /* version of mainline that made it */
	int64_t begun_us;   /* what was acknowledged before is in it */
	int64_t figure[FIGURE__MAX];
	struct str sums; /* SHA-256 of SHA256SUMS, hexadecimal */
};

/* The list of sums that is being written. */
struct backup_sums {
	const char *folder;
	int fd;
	int64_t files, bytes;
};

/* ERR_BUSY: errno says why. */
MUST_USE enum err backup_sums_open(
    struct arena *arena, const char *folder, struct backup_sums *out);
MUST_USE enum err backup_sums_add(struct backup_sums *sums,
    struct arena *scratch, struct str name, const struct copying_sum *sum);

/* Ends the list, and writes the manifest, which is filled with its figures. */
MUST_USE enum err backup_sums_close(struct backup_sums *sums,
    struct arena *arena, struct backup_manifest *manifest);

/*
 * Reads the manifest.  ERR_INPUT: it is none of ours, or not whole; `*why` says
 * so in words.
 */
MUST_USE enum err backup_manifest_read(struct arena *arena, const char *folder,
    struct backup_manifest *out, struct str *why);

/* A file of a backup. */
struct backup_file {
	struct str name; /* "recordings/RE0123.mp3" */
	struct str sum;  /* hexadecimal */
};

/*
 * The files that SHA256SUMS names, which must be the one that the manifest was
 * written with.  ERR_INPUT: it is not; `*why` says so.  Their contents are not
 * looked at.
 */
MUST_USE enum err backup_files(struct arena *arena, const char *folder,
    const struct backup_manifest *manifest, struct backup_file **out,
    struct str *why);

/* Does the file hold what it held?  ERR_INPUT: no; `*why` says so. */
MUST_USE enum err backup_file_check(struct arena *arena, const char *folder,
    const struct backup_file *file, struct str *why);

/* Hexadecimal digits of a sum. */
struct str backup_hex(
    struct arena *arena, const unsigned char sha256[DIGEST_SHA256_BYTES]);

#endif
