/* notices: what must be known to tell somebody of a call.  Floor: store. */
#include "store/notices.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

enum err
notices_call(struct pg *pg, struct arena *arena, struct str line,
    struct str call_sid, struct pg_rows *out)
{
	const struct pg_param params[] = { pg_text(line), pg_text(call_sid) };
	const enum err e =
	    stmt_command(pg, arena, STMT_CALL_OF_LINE, params, out);

	return e == ERR_OK && out->n == 0 ? ERR_NOT_FOUND : e;
}

enum err
notices_audio(struct pg *pg, struct arena *arena,
    const struct notice_recording *recording, struct notice_audio *out)
{
	const struct pg_param params[] = { pg_text(recording->line),
		pg_text(recording->call_sid), pg_text(recording->sid),
		pg_number(arena, NOTICES_AUDIO_WAIT_S) };
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_NOTICE_AUDIO, params, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct notice_audio){
		.coming = pg_bool(&rows, 0, 0),
		.here = pg_bool(&rows, 0, 1),
		.bytes = pg_int(&rows, 0, 2, 0),
	};
	return ERR_OK;
}
