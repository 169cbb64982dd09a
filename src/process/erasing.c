/*
 * erasing: how mainline erase does it.  Floor: process.
 *
 * What names a caller may be in three places: in rows, in the spool of a host,
 * and on its way between the two.  A tombstone holds off what belongs to a call
 * that is known; a call that is not known yet, because all of its events wait
 * in the spool, is found when they have been replayed.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_erase.h"
#include "io/pg.h"
#include "io/spool_look.h"
#include "store/erasure.h"
#include "store/flows.h"
#include "store/recordings.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* In a worker and a journal no event is under way for longer. */
#define UNDER_WAY_MS 3000
#define TICK_MS 200
#define ROWS_MS 30000
#define SECOND_MS 1000
#define ROUNDS_MAX 10

static void
rest(int ms)
{
	const struct timespec patience = { ms / 1000,
		ms % 1000 * INT64_C(1000000) };

	(void)nanosleep(&patience, NULL);
}

bool
erasing_look(struct erasing *x)
{
	struct arena *const arena = x->cli->arena;
	const enum err e = x->digits.p != NULL
	    ? erasure_find(x->pg, arena, x->digits, &x->found, &x->n_found)
	    : erasure_calls_of(x->pg, arena, x->sid, clock_mono_ms() + ROWS_MS,
		  &x->found, &x->n_found);

	if (e != ERR_OK)
		x->n_found = 0;
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		(void)cli_db_failed(x->cli, e);
	return e == ERR_OK || e == ERR_NOT_FOUND;
}

bool
erasing_is_theirs(const struct erasing *x, const struct erasure_call *call)
{
	return x->digits.p == NULL || call->theirs;
}

size_t
erasing_theirs(const struct erasing *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_found; i++)
		n += erasing_is_theirs(x, &x->found[i]);
	return n;
}

/* What lies in this host's folder; a job does so for a bucket. */
static bool
remove_audio(struct erasing *x, const struct erasure_call *call)
{
	struct pg_rows rows;
	const enum err e =
	    erasure_recordings(x->pg, x->cli->arena, call, &rows);

	if (e != ERR_OK) {
		(void)cli_db_failed(x->cli, e);
		return false;
	}
	for (size_t i = 0; i < rows.n; i++) {
		if (recordings_remove(x->cli->arena, x->conf->data,
			pg_str(&rows, i, 0)) == ERR_OK)
			continue;
		cli_error(x->cli, "a recording's file cannot be removed: %s",
		    strerror(errno));
		return false;
	}
	return true;
}

static bool
erase_found(struct erasing *x)
{
	for (size_t i = 0; i < x->n_found; i++) {
		enum err e;

		if (!erasing_is_theirs(x, &x->found[i]))
			continue;
		e = erasure_erase(x->pg, x->cli->arena, &x->found[i],
		    clock_mono_ms() + ROWS_MS, &x->counts);
		if (e != ERR_OK) {
			(void)cli_db_failed(x->cli, e);
			return false;
		}
		if (!remove_audio(x, &x->found[i]))
			return false;
	}
	return true;
}

/* And out of this host's snapshot; those of others follow within seconds. */
static bool
erase_block(struct erasing *x)
{
	const char *const snapshot =
	    flows_snapshot_path(x->cli->arena, x->conf->data);
	int64_t n = 0;
	enum err e = erasure_block(x->pg, x->cli->arena, x->digits, false, &n);

	x->counts.blocks += n;
	if (e != ERR_OK) {
		(void)cli_db_failed(x->cli, e);
		return false;
	}
	if (n == 0 ||
	    flows_snapshot_write(x->pg, x->cli->arena, snapshot) == ERR_OK)
		return true;
	cli_error(x->cli,
	    "%s cannot be written (%s), and holds the number until mainline "
	    "jobs writes it, within seconds where that runs",
	    snapshot, strerror(errno));
	return false;
}

/* What was set aside, and what of the spool nobody will replay. */
static bool
erase_strays(struct erasing *x, const char *spool)
{
	struct str *const texts =
	    ARENA_ARRAY(x->cli->arena, x->n_found + 1, struct str);
	size_t removed = 0;
	int64_t aside = 0;
	size_t n = 0;
	enum err e = ERR_OK;

	texts[n++] = x->digits.p != NULL ? x->digits : x->sid;
	for (size_t i = 0; i < x->n_found; i++) {
		if (erasing_is_theirs(x, &x->found[i]))
			texts[n++] = x->found[i].sid;
	}
	if (spool_look_purge(x->cli->arena, spool, texts, n, &removed) !=
	    ERR_OK) {
		cli_error(x->cli, "%s: %s", spool, strerror(errno));
		return false;
	}
	x->spool_files += removed;
	if (x->digits.p != NULL)
		e = erasure_aside(
		    x->pg, x->cli->arena, x->digits, false, &aside);
	x->counts.aside += aside;
	if (e != ERR_OK)
		(void)cli_db_failed(x->cli, e);
	return e == ERR_OK && (x->digits.p == NULL || erase_block(x));
}

/* Until the spool holds nothing that was there when this began. */
static bool
wait_for_spool(struct erasing *x, const char *spool)
{
	const int64_t deadline_ms =
	    clock_mono_ms() + (int64_t)x->wait_s * SECOND_MS;
	const int64_t now_us = clock_wall_us();
	int64_t oldest_us;

	for (;;) {
		if (spool_look_oldest(spool, &oldest_us) != ERR_OK) {
			cli_error(x->cli, "%s: %s", spool, strerror(errno));
			return false;
		}
		if (oldest_us > now_us)
			return true;
		if (clock_left_ms(deadline_ms) == 0)
			break;
		rest(TICK_MS);
	}
	cli_error(x->cli,
	    "after %d s there are still events in %s, which may be the "
	    "caller's; see that mainline serve runs, then do this once more",
	    x->wait_s, spool);
	return false;
}

bool
erasing_do(struct erasing *x)
{
	const char *const spool = str_cstr(x->cli->arena,
	    str_format(x->cli->arena, "%s/spool", x->conf->data));
	size_t came = 0;

	if (!erase_found(x) || !erase_strays(x, spool))
		return false;
	for (int i = 0; i < ROUNDS_MAX && (i == 0 || came > 0); i++) {
		rest(UNDER_WAY_MS);
		if (!wait_for_spool(x, spool) || !erasing_look(x))
			return false;
		came = erasing_theirs(x);
		if (!erase_found(x) || !erase_strays(x, spool))
			return false;
	}
	if (came > 0)
		cli_error(x->cli,
		    "there are always new calls: the caller is calling; do "
		    "this once more afterwards");
	return came == 0;
}
