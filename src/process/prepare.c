/* prepare: what needs a database before the first call.  Floor: process. */
#include "prepare.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/flows.h"
#include "store/statements.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define ARENA_BLOCK_BYTES ((size_t)16 * 1024)

int
prepare_run(const struct conf *conf, const struct log *log)
{
	const struct pg_options options = {
		.conninfo = conf->database_url,
		.on_connect = stmt(STMT_SESSION),
		.log = log,
	};
	struct arena *const arena = arena_new(ARENA_BLOCK_BYTES);
	struct pg *const pg = pg_new(&options);
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_FSYNC, NULL, &rows);

	if (e == ERR_OK && !pg_bool(&rows, 0, 0)) {
		log_event(log, LOG_CONFIG, ERR_INPUT,
		    "the server's fsync is off: a call that was acknowledged "
		    "could be lost; turn it on");
		return PREPARE_FSYNC_OFF;
	}
	e = flows_snapshot_write(
	    pg, arena, flows_snapshot_path(arena, conf->data));
	if (e == ERR_UPSTREAM)
		log_event(log, LOG_FLOW_BAD, e, "cannot write to %s: %s",
		    conf->data, strerror(errno));
	return 0;
}
