/* live_files: what nginx serves to open pages.  Floor: store. */
#include "store/live_files.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "io/conf.h"
#include "io/entropy.h"
#include "io/files.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* New files are of the folder's group, which is nginx's. */
#define FOLDER_MODE 02750
#define FILE_MODE 0640
#define KEY_MODE 0600
#define SAME_USER ((uid_t) - 1)
#define WORD_FILE "change.json"
#define KEY_FILE "key"

const char *
live_files_folder(struct arena *arena, const struct conf *conf)
{
	return str_cstr(arena, str_format(arena, "%s/live", conf->run));
}

static const char *
path_of(struct arena *arena, const char *folder, const char *name)
{
	return str_cstr(arena, str_format(arena, "%s/%s", folder, name));
}

static const char *
file_of_key(struct arena *arena, const char *folder, const char *key)
{
	return str_cstr(arena, str_format(arena, "%s/%s.json", folder, key));
}

/*
 * One that is already so is left: who makes it beforehand may have taken the
 * right to change it from us.
 */
static bool
share(const char *folder, gid_t group)
{
	struct stat st;

	if (lstat(folder, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode) && (st.st_mode & 07777) == FOLDER_MODE &&
	    (group == (gid_t)-1 || st.st_gid == group))
		return true;
	return lchown(folder, SAME_USER, group) == 0 &&
	    chmod(folder, FOLDER_MODE) == 0;
}

enum err
live_files_open(struct arena *scratch, const char *folder, gid_t group,
    int64_t key_ms, struct live_files *out)
{
	*out = (struct live_files){ .folder = folder, .key_ms = key_ms };
	if (files_make_folder(scratch, folder) != ERR_OK ||
	    !share(folder, group))
		return ERR_INPUT;
	return ERR_OK;
}

bool
live_files_is_due(const struct live_files *files, int64_t now_ms)
{
	return files->key[0] == '\0' || now_ms >= files->renew_ms;
}

/* Is it the file of a key that is served, or one that everybody needs? */
static bool
is_of_use(const struct live_files *files, struct str name)
{
	const struct str key = str_slice(name, 0, LIVE_KEY_DIGITS);

	if (name.p[0] == '.' || str_eq(name, STR(WORD_FILE)) ||
	    str_eq(name, STR(KEY_FILE)))
		return true;
	return str_eq(str_slice(name, LIVE_KEY_DIGITS, name.n), STR(".json")) &&
	    (str_eq(key, str_of(files->key)) ||
		str_eq(key, str_of(files->before)));
}

/* What is of an older key, or was never finished. */
static void
sweep(const struct live_files *files, struct arena *scratch)
{
	DIR *const dir = opendir(files->folder);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (!is_of_use(files, str_of(entry->d_name)))
			(void)unlink(
			    path_of(scratch, files->folder, entry->d_name));
	}
	(void)closedir(dir);
}

static enum err
write_calls(const struct live_files *files, struct arena *scratch,
    const char *key, struct str live)
{
	if (key[0] == '\0')
		return ERR_OK;
	return files_replace_volatile(
	    scratch, file_of_key(scratch, files->folder, key), live, FILE_MODE);
}

static void
make_key(struct live_files *files, struct arena *scratch, int64_t now_ms)
{
	unsigned char bytes[LIVE_KEY_DIGITS / 2];
	struct str key;

	entropy_bytes(bytes, sizeof(bytes));
	key = hex_encode(
	    scratch, (struct str){ (const char *)bytes, sizeof(bytes) });
	(void)memcpy(files->before, files->key, sizeof(files->before));
	(void)memcpy(files->key, key.p, LIVE_KEY_DIGITS);
	files->renew_ms = now_ms + files->key_ms;
}

/* Its file is there already: who is told it finds something. */
static enum err
tell_key(const struct live_files *files, struct arena *scratch)
{
	return files_replace_volatile(scratch,
	    path_of(scratch, files->folder, KEY_FILE), str_of(files->key),
	    KEY_MODE);
}

enum err
live_files_write(struct live_files *files, struct arena *scratch,
    int64_t now_ms, struct str word, struct str live)
{
	const bool is_new = live_files_is_due(files, now_ms);
	const struct str change =
	    str_format(scratch, "{\"change\":\"%.*s\"}\n", STR_ARG(word));
	enum err e;

	if (is_new)
		make_key(files, scratch, now_ms);
	if ((e = write_calls(files, scratch, files->before, live)) != ERR_OK ||
	    (e = write_calls(files, scratch, files->key, live)) != ERR_OK ||
	    (is_new && (e = tell_key(files, scratch)) != ERR_OK)) {
		/* A key that nobody was told is no key. */
		if (is_new)
			files->renew_ms = now_ms;
		return e;
	}
	if (is_new)
		sweep(files, scratch);
	return files_replace_volatile(scratch,
	    path_of(scratch, files->folder, WORD_FILE), change, FILE_MODE);
}

void
live_files_hide(const struct live_files *files, struct arena *scratch)
{
	(void)unlink(path_of(scratch, files->folder, WORD_FILE));
}

void
live_files_remove(struct arena *scratch, const char *folder)
{
	const struct live_files none = { .folder = folder };

	(void)unlink(path_of(scratch, folder, KEY_FILE));
	sweep(&none, scratch);
	(void)unlink(path_of(scratch, folder, WORD_FILE));
}

enum err
live_files_key(struct arena *arena, const char *folder, struct str *out)
{
	return files_read(
	    arena, path_of(arena, folder, KEY_FILE), LIVE_KEY_DIGITS, out);
}
