/* marks: what people set on a call.  Floor: store. */
#include "store/marks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/calls.h"
#include "store/statements.h"

static struct pg_param
tristate(enum tristate t)
{
	if (t == TRISTATE_ANY)
		return pg_text(STR_ABSENT);
	return pg_text(t == TRISTATE_YES ? STR("true") : STR("false"));
}

/* Why nothing was set: the first of the calls is there, or it is not. */
static enum err
why_not(struct pg *pg, struct arena *arena, const struct marks *marks)
{
	const struct pg_param params[] = { pg_text(marks->sids[0]) };
	const struct pg_query query = {
		.statement = stmt(STMT_CALL_GET),
		.params = params,
		.deadline_ms = marks->deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if (!marks->must_listen || marks->heard != TRISTATE_YES)
		return ERR_NOT_FOUND;
	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	return rows.n == 0 ? ERR_NOT_FOUND : ERR_CONFLICT;
}

enum err
marks_set(struct pg *pg, struct arena *arena, const struct marks *marks,
    struct pg_rows *out)
{
	const struct pg_param params[] = {
		pg_texts(arena, marks->sids, marks->n),
		tristate(marks->heard),
		tristate(marks->done),
		tristate(marks->has_note ? TRISTATE_YES : TRISTATE_NO),
		pg_text(marks->note),
		tristate(marks->must_listen ? TRISTATE_YES : TRISTATE_NO),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_MARKS_SET),
		.params = params,
		.deadline_ms = marks->deadline_ms,
	};
	enum err e = pg_run(pg, arena, &query, out);

	if (e != ERR_OK || out->n > 0)
		return e;
	return why_not(pg, arena, marks);
}
