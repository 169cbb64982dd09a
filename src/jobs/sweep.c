/* sweep: holds the record against what Twilio lists.  Floor: jobs. */
#include "sweep.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "learn.h"
#include "rest_ask.h"
#include "store/missing.h"
#include "twilio/rest_calls.h"

#include <stddef.h>
#include <stdint.h>

#define PAGE_BLOCK_BYTES ((size_t)64 * 1024)
#define MAX_PAGES 5000

static const char unreadable[] =
    "Twilio's list cannot be read, or names a page that is not of our account";
static const char no_database[] = "the database cannot be asked";

static enum err
fail(struct sweep *s, enum err e, const char *why)
{
	s->answer.why = why;
	return e;
}

static struct str
account_of(const struct sweep *s)
{
	return str_of(s->jobs->conf->twilio_account_sid);
}

static enum err
report(struct sweep *s, const struct missing_list *missing, struct str channel)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < missing->n && e == ERR_OK; i++) {
		const struct missing *const m = &missing->list[i];

		/* One line alone is asked for: the others' are not missed. */
		if (s->line.p != NULL && !str_eq(m->line, s->line))
			continue;
		e = s->found(s->arg, m, channel);
	}
	return e;
}

/* Reads a page and what it lacks here; `*next` is absent after the last. */
typedef enum err (*read_page)(
    struct sweep *s, struct arena *page, struct str line, struct str *next);

static enum err
read_calls(
    struct sweep *s, struct arena *page, struct str line, struct str *next)
{
	struct missing_list missing;
	struct rest_calls got;

	if (rest_calls_read(page, s->answer.json, account_of(s), &got) !=
	    ERR_OK)
		return fail(s, ERR_UPSTREAM, unreadable);
	s->n_calls += got.n;
	*next = got.next;
	if (missing_calls(s->jobs->pg, page, &got, line, &missing) != ERR_OK)
		return fail(s, ERR_DB, no_database);
	return report(s, &missing, STR("call"));
}

static enum err
read_recordings(
    struct sweep *s, struct arena *page, struct str line, struct str *next)
{
	struct missing_list missing;
	struct rest_recordings got;

	(void)line;
	if (rest_recordings_read(page, s->answer.json, account_of(s), &got) !=
	    ERR_OK)
		return fail(s, ERR_UPSTREAM, unreadable);
	s->n_recordings += got.n;
	*next = got.next;
	if (missing_recordings(s->jobs->pg, page, &got, &missing) != ERR_OK)
		return fail(s, ERR_DB, no_database);
	return report(s, &missing, STR("recording"));
}

/* All pages of a list, each in memory of its own. */
static enum err
read_list(struct sweep *s, struct str path, struct str line, read_page read)
{
	struct arena *const page = arena_new(PAGE_BLOCK_BYTES);
	enum err e = ERR_OK;

	for (int i = 0; path.p != NULL && e == ERR_OK; i++) {
		if (i == MAX_PAGES || clock_left_ms(s->deadline_ms) == 0) {
			e = fail(s, ERR_BUSY, "the list is too long");
			break;
		}
		e = rest_ask(s->jobs, page, path, &s->answer);
		/* What it says must outlive the page. */
		s->answer.why = str_cstr(s->arena, str_of(s->answer.why));
		path = STR_ABSENT;
		if (e == ERR_OK)
			e = read(s, page, line, &path);
		path = str_copy(s->arena, path);
		arena_reset(page);
	}
	arena_free(page);
	return e;
}

enum err
sweep_all(struct sweep *s)
{
	struct learn_lines lines;
	enum err e;

	s->answer.retry_after_s = -1;
	if (learn_lines(s->jobs, s->arena, &lines) != ERR_OK)
		return fail(s, ERR_DB, no_database);
	if (s->line.p != NULL)
		lines = (struct learn_lines){ &s->line, 1 };
	for (size_t i = 0; i < lines.n; i++) {
		const struct str path = rest_calls_path(
		    s->arena, account_of(s), lines.list[i], s->since_us);

		e = read_list(s, path, lines.list[i], read_calls);
		if (e != ERR_OK)
			return e;
	}
	return read_list(s,
	    rest_recordings_path(s->arena, account_of(s), s->since_us),
	    STR_ABSENT, read_recordings);
}
