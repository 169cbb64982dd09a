/*
 * live_files: what nginx serves to open pages, without any worker.
 * Floor: store.
 *
 * change.json holds the present word for everybody.  The calls stand in a file
 * whose name is a secret of 32 hexadecimal digits, its key; only who may read
 * calls is told it, by /api/live.  A key is replaced after a while, and goes on
 * being served until its successor is replaced.
 */
#ifndef MAINLINE_STORE_LIVE_FILES_H
#define MAINLINE_STORE_LIVE_FILES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LIVE_KEY_DIGITS 32
#define LIVE_KEY_MS 300000

struct live_files {
	const char *folder;            /* borrowed */
	int64_t key_ms;                /* how long a key is the present one */
	int64_t renew_ms;              /* monotonic: then it is replaced */
	char key[LIVE_KEY_DIGITS + 1]; /* empty: none was made yet */
	char before[LIVE_KEY_DIGITS + 1]; /* the one before; empty: none */
};

/* The folder, in conf->run. */
const char *live_files_folder(struct arena *arena, const struct conf *conf);

/*
 * Makes the folder, closed to all but us and that group ((gid_t)-1: ours).
 * What is in it stays until the first live_files_write().  ERR_INPUT: cannot;
 * errno says why.
 */
MUST_USE enum err live_files_open(struct arena *scratch, const char *folder,
    gid_t group, int64_t key_ms, struct live_files *out);

/* Is a new key due? */
bool live_files_is_due(const struct live_files *files, int64_t now_ms);

/*
 * Replaces the files: a page that sees the word finds the calls.  With a new
 * key when it is due; what is of an older one is removed.  ERR_BUSY: not all
 * was written, and errno says why; to be done again.
 */
MUST_USE enum err live_files_write(struct live_files *files,
    struct arena *scratch, int64_t now_ms, struct str word, struct str live);

/*
 * Takes the word away until the next live_files_write(): whether anything has
 * changed nobody knows, and an old word would say that nothing has.
 */
void live_files_hide(const struct live_files *files, struct arena *scratch);

/* Removes them all: nobody keeps them up to date any more. */
void live_files_remove(struct arena *scratch, const char *folder);

/*
 * The present key, as another process finds it.  ERR_NOT_FOUND: there is none.
 */
MUST_USE enum err live_files_key(
    struct arena *arena, const char *folder, struct str *out);

#endif
