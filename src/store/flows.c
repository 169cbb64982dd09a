/* flows: the published versions and their snapshot.  Floor: store. */
#include "store/flows.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/flow_set.h"
#include "io/files.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#define SNAPSHOT_MODE 0644
#define SCRATCH_BYTES ((size_t)64 * 1024)

enum err
flows_publish(struct pg *pg, struct arena *arena, struct str document,
    struct str by, struct flows_published *out)
{
	const struct pg_param params[] = { pg_text(document), pg_text(by) };
	struct pg_rows rows;
	enum err e;

	if ((e = stmt_command(pg, arena, STMT_FLOW_PUBLISH, params, &rows)) !=
	    ERR_OK)
		return e;
	if (rows.n != 1)
		return ERR_BUG;
	out->version = (int)pg_int(&rows, 0, 0, 0);
	out->fresh = pg_bool(&rows, 0, 1);
	out->first = pg_bool(&rows, 0, 2);
	return ERR_OK;
}

enum err
flows_get(
    struct pg *pg, struct arena *arena, int version, struct flow_version *out)
{
	const struct pg_param params[] = {
		version < 1 ? pg_text(STR_ABSENT) : pg_number(arena, version)
	};
	struct pg_rows rows;
	enum err e;

	if ((e = stmt_command(pg, arena, STMT_FLOW_GET, params, &rows)) !=
	    ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	out->version = (int)pg_int(&rows, 0, 0, 0);
	out->document = pg_str(&rows, 0, 1);
	out->published_us = pg_int(&rows, 0, 2, -1);
	return ERR_OK;
}

enum err
flows_list(
    struct pg *pg, struct arena *arena, struct flows_row **out, size_t *n)
{
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_FLOW_LIST, NULL, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct flows_row);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i] = (struct flows_row){
			.version = (int)pg_int(&rows, i, 0, 0),
			.published_us = pg_int(&rows, i, 1, -1),
			.published_by = pg_str(&rows, i, 2),
			.bytes = pg_int(&rows, i, 3, 0),
		};
	}
	return ERR_OK;
}

const char *
flows_snapshot_path(struct arena *arena, const char *data)
{
	return str_cstr(
	    arena, str_format(arena, "%s/" FLOWS_SNAPSHOT_NAME, data));
}

/* Is it what the file holds?  Then no worker need read it anew. */
static bool
is_written(struct arena *arena, const char *path, struct str json)
{
	struct str there;

	return files_read(arena, path, FLOW_SET_MAX_BYTES, &there) == ERR_OK &&
	    str_eq(there, json);
}

static enum err
render(struct arena *arena, const struct pg_rows *rows, struct str blocks,
    struct str *out)
{
	struct flow_version *const versions =
	    ARENA_ARRAY(arena, rows->n, struct flow_version);

	for (size_t i = 0; i < rows->n; i++) {
		versions[i] = (struct flow_version){
			.version = (int)pg_int(rows, i, 0, 0),
			.published_us = pg_int(rows, i, 1, 0),
			.document = pg_str(rows, i, 2),
		};
	}
	return flow_set_render(arena, versions, rows->n, blocks, out);
}

static enum err
read_rows(struct pg *pg, struct arena *arena, struct str *out)
{
	struct pg_rows rows;
	struct pg_rows blocks;
	enum err e = stmt_command(pg, arena, STMT_FLOW_RECENT, NULL, &rows);

	if (e == ERR_OK)
		e = stmt_command(pg, arena, STMT_BLOCKS_ALL, NULL, &blocks);
	/* Also without any: of another database's flows nothing may stay. */
	if (e == ERR_OK)
		e = render(arena, &rows, pg_str(&blocks, 0, 0), out);
	return e;
}

static enum err
write_json(struct arena *arena, const char *path, struct str json)
{
	if (is_written(arena, path, json))
		return ERR_OK;
	return files_replace(arena, path, json, SNAPSHOT_MODE) == ERR_OK
	    ? ERR_OK
	    : ERR_UPSTREAM;
}

enum err
flows_snapshot_write(struct pg *pg, struct arena *arena, const char *path)
{
	/* Who reads the table last must also rename last. */
	const int lock =
	    files_lock(str_cstr(arena, str_format(arena, "%s.lock", path)));
	struct str json;
	enum err e;

	if (lock < 0)
		return ERR_UPSTREAM;
	e = read_rows(pg, arena, &json);
	if (e == ERR_OK)
		e = write_json(arena, path, json);
	(void)close(lock);
	return e;
}

enum err
flows_snapshot_compare(
    struct pg *pg, struct arena *arena, const char *path, bool *is_same)
{
	struct str there;
	struct str json;
	enum err e = files_read(arena, path, FLOW_SET_MAX_BYTES, &there);

	if (e == ERR_NOT_FOUND)
		return e;
	if (e != ERR_OK)
		return ERR_UPSTREAM;
	e = read_rows(pg, arena, &json);
	*is_same = e == ERR_OK && str_eq(there, json);
	return e;
}

enum err
flows_snapshot_read(struct arena *arena, const char *path, struct flow_set *set,
    struct str *why)
{
	struct arena *const scratch = arena_new(SCRATCH_BYTES);
	struct str json;
	enum err e = files_read(scratch, path, FLOW_SET_MAX_BYTES, &json);

	if (e == ERR_OK) {
		e = flow_set_parse(arena, json, set, why);
	} else if (e == ERR_NOT_FOUND) {
		e = ERR_OK;
	} else {
		*why = STR("it cannot be read");
		e = ERR_INPUT;
	}
	arena_free(scratch);
	return e;
}
