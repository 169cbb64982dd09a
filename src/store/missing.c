/* missing: what the record lacks.  Floor: store. */
#include "store/missing.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"
#include "twilio/rest_calls.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define ELEMENT_BYTES 36 /* a SID and its comma */
#define BRACES 2

enum err
missing_ask_open(struct pg *pg, struct arena *arena, int64_t since_us)
{
	static const enum stmt asked[] = { STMT_RECONCILE_OPEN_CALLS,
		STMT_RECONCILE_OPEN_RECORDINGS, STMT_RECONCILE_OPEN_AUDIO };
	const struct pg_param params[] = { pg_time(arena, since_us) };
	struct pg_rows rows;
	enum err e = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(asked) && e == ERR_OK; i++)
		e = stmt_command(pg, arena, asked[i], params, &rows);
	return e;
}

enum err
missing_ask(struct pg *pg, struct arena *arena, const struct missing *call,
    struct str channel)
{
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->call_sid), pg_text(channel) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_RECONCILE_ASK, params, &rows);
}

/* An array as SQL writes it, of words that need no quotes. */
struct array {
	struct buf buf;
};

static void
array_begin(struct array *a, struct arena *arena, size_t n)
{
	buf_init(&a->buf, arena, n * ELEMENT_BYTES + BRACES);
	buf_addc(&a->buf, '{');
}

static void
array_add(struct array *a, struct str word)
{
	if (buf_str(&a->buf).n > 1)
		buf_addc(&a->buf, ',');
	buf_add(&a->buf, word);
}

static struct pg_param
array_end(struct array *a)
{
	buf_addc(&a->buf, '}');
	return pg_text(buf_str(&a->buf));
}

/* Runs one that gives a call, its line, and whether it is known. */
static enum err
find(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, struct missing_list *out)
{
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, which, params, &rows);

	if (e != ERR_OK)
		return e;
	out->n = rows.n;
	out->list = ARENA_ARRAY(arena, rows.n, struct missing);
	for (size_t i = 0; i < rows.n; i++)
		out->list[i] = (struct missing){
			.call_sid = pg_str(&rows, i, 0),
			.line = pg_str(&rows, i, 1),
			.is_known = pg_bool(&rows, i, 2),
		};
	return ERR_OK;
}

enum err
missing_calls(struct pg *pg, struct arena *arena,
    const struct rest_calls *listed, struct str line, struct missing_list *out)
{
	struct pg_param params[3];
	struct array sids;
	struct array over;

	array_begin(&sids, arena, listed->n);
	array_begin(&over, arena, listed->n);
	for (size_t i = 0; i < listed->n; i++) {
		const struct rest_call *const call = &listed->list[i];

		if (!call->is_inbound)
			continue;
		array_add(&sids, call->sid);
		array_add(&over,
		    call_status_is_terminal(call->status) ? STR("t")
							  : STR("f"));
	}
	params[0] = array_end(&sids);
	params[1] = array_end(&over);
	params[2] = pg_text(line);
	return find(pg, arena, STMT_RECONCILE_MISSING_CALLS, params, out);
}

enum err
missing_recordings(struct pg *pg, struct arena *arena,
    const struct rest_recordings *listed, struct missing_list *out)
{
	struct pg_param params[2];
	struct array sids;
	struct array calls;

	array_begin(&sids, arena, listed->n);
	array_begin(&calls, arena, listed->n);
	for (size_t i = 0; i < listed->n; i++) {
		const struct rest_recording *const r = &listed->list[i];

		if (!r->is_record_verb || !rest_recording_is_over(r))
			continue;
		array_add(&sids, r->sid);
		array_add(&calls, r->call_sid);
	}
	params[0] = array_end(&sids);
	params[1] = array_end(&calls);
	return find(pg, arena, STMT_RECONCILE_MISSING_RECORDINGS, params, out);
}

enum err
missing_known_call(struct pg *pg, struct arena *arena, struct str call_sid,
    struct known_call *out)
{
	const struct pg_param params[] = { pg_text(call_sid) };
	struct pg_rows rows;
	enum err e =
	    stmt_command(pg, arena, STMT_RECONCILE_CALL, params, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*out = (struct known_call){
		.line = pg_str(&rows, 0, 0),
		.version = (int)pg_int(&rows, 0, 1, -1),
		.step = pg_str(&rows, 0, 2),
	};
	return ERR_OK;
}

enum err
missing_lines(struct pg *pg, struct arena *arena, struct str **out, size_t *n)
{
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_RECONCILE_LINES, NULL, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct str);
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = pg_str(&rows, i, 0);
	return ERR_OK;
}
