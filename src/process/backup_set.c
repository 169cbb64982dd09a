/* backup_set: what lies in a backup's folder.  Floor: process. */
#include "backup_set.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/date.h"
#include "codec/digest.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "io/copying.h"
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define MANIFEST_MAX_BYTES ((size_t)64 * 1024)
#define SUMS_MAX_BYTES ((size_t)512 * 1024 * 1024)
#define HEX_CHARS ((size_t)2 * DIGEST_SHA256_BYTES)
#define OWNER_ALONE 0600

/* Between the sum and the name; the second says that it is binary. */
#define SUM_GAP ((size_t)2)

static const char *
path_in(struct arena *arena, const char *folder, struct str name)
{
	return str_cstr(
	    arena, str_format(arena, "%s/%.*s", folder, STR_ARG(name)));
}

struct str
backup_hex(struct arena *arena, const unsigned char sha256[DIGEST_SHA256_BYTES])
{
	return hex_encode(
	    arena, (struct str){ (const char *)sha256, DIGEST_SHA256_BYTES });
}

enum err
backup_sums_open(
    struct arena *arena, const char *folder, struct backup_sums *out)
{
	*out = (struct backup_sums){ .folder = folder };
	out->fd = open(path_in(arena, folder, STR(BACKUP_SUMS)),
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_ALONE);
	return out->fd < 0 ? ERR_BUSY : ERR_OK;
}

enum err
backup_sums_add(struct backup_sums *sums, struct arena *scratch,
    struct str name, const struct copying_sum *sum)
{
	const struct str hex = backup_hex(scratch, sum->sha256);

	sums->files++;
	sums->bytes += sum->bytes;
	return files_write(sums->fd,
	    str_format(scratch, "%.*s  %.*s\n", STR_ARG(hex), STR_ARG(name)));
}

static const char *const names[FIGURE__MAX] = {
	[FIGURE_SCHEMA] = "schema",
	[FIGURE_POSTGRESQL] = "postgresql",
	[FIGURE_PG_DUMP] = "pg_dump",
	[FIGURE_CALLS] = "calls",
	[FIGURE_EVENTS] = "events",
	[FIGURE_RECORDINGS] = "recordings",
	[FIGURE_IN_BUCKET] = "recordings_in_bucket",
	[FIGURE_ERASED] = "erased",
	[FIGURE_MISSING] = "files_missing",
	[FIGURE_FILES] = "files",
	[FIGURE_BYTES] = "bytes",
};

static struct str
print(struct arena *arena, const struct backup_manifest *m)
{
	struct jsonw w;
	struct buf out;

	buf_init(&out, arena, MANIFEST_MAX_BYTES);
	jsonw_init(&w, &out);
	jsonw_object(&w, NULL);
	jsonw_int(&w, "mainline_backup", BACKUP_FORMAT);
	jsonw_str(&w, "program", m->program);
	jsonw_time(&w, "begun_at", m->begun_us);
	for (enum backup_figure f = 0; f < FIGURE__MAX; f++)
		jsonw_int(&w, names[f], m->figure[f]);
	jsonw_str(&w, "sha256sums", m->sums);
	jsonw_object_end(&w);
	buf_addc(&out, '\n');
	return buf_str(&out);
}

enum err
backup_sums_close(struct backup_sums *sums, struct arena *arena,
    struct backup_manifest *manifest)
{
	struct copying_sum sum;
	const int fd = sums->fd;

	sums->fd = -1;
	if (close(fd) != 0)
		return ERR_BUSY;
	if (copying_sum(path_in(arena, sums->folder, STR(BACKUP_SUMS)), &sum) !=
	    ERR_OK)
		return ERR_BUSY;
	manifest->figure[FIGURE_FILES] = sums->files;
	manifest->figure[FIGURE_BYTES] = sums->bytes;
	manifest->sums = backup_hex(arena, sum.sha256);
	return files_replace(arena,
	    path_in(arena, sums->folder, STR(BACKUP_MANIFEST)),
	    print(arena, manifest), OWNER_ALONE);
}

/* A whole number that is not negative. */
static bool
read_number(const struct json *object, const char *name, int64_t *out)
{
	const struct json *const value = json_member(object, str_of(name));

	if (value == NULL || value->type != JSON_NUMBER ||
	    !(value->number >= 0 && value->number < 9e15))
		return false;
	*out = (int64_t)value->number;
	return true;
}

static bool
read_text(const struct json *object, const char *name, struct str *out)
{
	const struct json *const value = json_member(object, str_of(name));

	if (value == NULL || value->type != JSON_STRING)
		return false;
	*out = value->string;
	return true;
}

static bool
read_all(const struct json *object, struct backup_manifest *out)
{
	struct str begun;

	for (enum backup_figure f = 0; f < FIGURE__MAX; f++) {
		if (!read_number(object, names[f], &out->figure[f]))
			return false;
	}
	return read_text(object, "program", &out->program) &&
	    read_text(object, "sha256sums", &out->sums) &&
	    read_text(object, "begun_at", &begun) &&
	    date_parse_rfc3339(begun, &out->begun_us) == ERR_OK;
}

enum err
backup_manifest_read(struct arena *arena, const char *folder,
    struct backup_manifest *out, struct str *why)
{
	const char *const path = path_in(arena, folder, STR(BACKUP_MANIFEST));
	const struct json *object = NULL;
	struct json_error error;
	struct str text;
	int64_t format = 0;
	const enum err e = files_read(arena, path, MANIFEST_MAX_BYTES, &text);

	*out = (struct backup_manifest){ 0 };
	if (e == ERR_NOT_FOUND) {
		*why = str_format(arena,
		    "%s is no whole backup: it has no " BACKUP_MANIFEST
		    ", which is written last",
		    folder);
		return ERR_INPUT;
	}
	if (e == ERR_INPUT) {
		*why = str_format(arena, "%s: %s", path, strerror(errno));
		return ERR_INPUT;
	}
	if (e == ERR_OK && json_parse(arena, text, &error, &object) == ERR_OK &&
	    read_number(object, "mainline_backup", &format) &&
	    format != BACKUP_FORMAT) {
		*why = str_format(arena,
		    "%s is of the format %lld, and this program reads %d; use "
		    "a newer program",
		    path, (long long)format, BACKUP_FORMAT);
		return ERR_INPUT;
	}
	if (object == NULL || format == 0 || !read_all(object, out)) {
		*why = str_format(
		    arena, "%s is torn, or no backup's of ours", path);
		return ERR_INPUT;
	}
	return ERR_OK;
}

/* One of ours, which leads nowhere else. */
static bool
is_name(struct str name)
{
	const size_t slash = str_find(name, '/');
	const struct str folder = str_slice(name, 0, slash);
	const struct str file = str_slice(name, slash + 1, SIZE_MAX);

	if (slash == name.n)
		return str_eq(name, STR(BACKUP_DUMP));
	return (str_eq(folder, STR(BACKUP_SPOOL)) ||
		   str_eq(folder, STR(BACKUP_AUDIO))) &&
	    file.n > 0 && file.p[0] != '.' && str_find(file, '/') == file.n;
}

static bool
read_line(struct str line, struct backup_file *out)
{
	out->sum = str_slice(line, 0, HEX_CHARS);
	out->name = str_slice(line, HEX_CHARS + SUM_GAP, SIZE_MAX);
	return line.n > HEX_CHARS + SUM_GAP &&
	    str_eq(str_slice(line, HEX_CHARS, SUM_GAP), STR("  ")) &&
	    is_name(out->name);
}

/* The lines of the list: as many as the manifest says, each of them ours. */
static bool
read_lines(struct str text, int64_t files, struct backup_file *list)
{
	struct str rest = text;
	int64_t n = 0;

	while (n < files && rest.n > 0) {
		if (!read_line(str_split(&rest, '\n'), &list[n]))
			return false;
		n++;
	}
	return n == files && rest.n == 0;
}

enum err
backup_files(struct arena *arena, const char *folder,
    const struct backup_manifest *manifest, struct backup_file **out,
    struct str *why)
{
	const char *const path = path_in(arena, folder, STR(BACKUP_SUMS));
	const int64_t n = manifest->figure[FIGURE_FILES];
	unsigned char sha256[DIGEST_SHA256_BYTES];
	struct str text;

	if (files_read(arena, path, SUMS_MAX_BYTES, &text) != ERR_OK) {
		*why = str_format(arena,
		    "%s is not whole: " BACKUP_SUMS " cannot be read", folder);
		return ERR_INPUT;
	}
	digest_sha256(text, sha256);
	if (!str_eq(backup_hex(arena, sha256), manifest->sums)) {
		*why = str_format(arena,
		    "%s is torn, or was changed: the manifest is of another "
		    "one",
		    path);
		return ERR_INPUT;
	}
	/* No line is shorter than a sum. */
	if ((uint64_t)n > text.n / HEX_CHARS) {
		*why = str_format(
		    arena, "%s names fewer files than the manifest", path);
		return ERR_INPUT;
	}
	*out = ARENA_ARRAY(arena, (size_t)n, struct backup_file);
	if (read_lines(text, n, *out))
		return ERR_OK;
	*why = str_format(arena, "%s names what no backup of ours holds", path);
	return ERR_INPUT;
}

enum err
backup_file_check(struct arena *arena, const char *folder,
    const struct backup_file *file, struct str *why)
{
	struct copying_sum sum;
	const enum err e =
	    copying_sum(path_in(arena, folder, file->name), &sum);

	if (e == ERR_OK && str_eq(backup_hex(arena, sum.sha256), file->sum))
		return ERR_OK;
	if (e == ERR_OK)
		*why = str_format(arena,
		    "%.*s has changed since the backup was made",
		    STR_ARG(file->name));
	else
		*why = str_format(
		    arena, "%.*s: %s", STR_ARG(file->name), strerror(errno));
	return ERR_INPUT;
}
