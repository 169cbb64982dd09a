/* api_stats: GET /api/stats.  Floor: http.  Shape: openapi/mainline.yaml. */
#include "api.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/jsonw.h"
#include "http/http.h"
#include "io/pg.h"
#include "stats_params.h"
#include "store/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define HOURS 24
#define WEEKDAYS 7

static const char *const outcomes[] = { "answered", "voicemail", "missed",
	"abandoned", "blocked", "failed" };

/* Calls of each outcome, in the order of `outcomes`. */
struct counts {
	int64_t of[ARRAY_LEN(outcomes)];
};

/* The rows as they are read, part after part. */
struct figures {
	const struct pg_rows *rows;
	size_t at;
	struct jsonw *w;
};

static bool
is_part(const struct figures *f, enum stats_part part)
{
	return f->at < f->rows->n &&
	    pg_int(f->rows, f->at, STATS_COLUMN_PART, -1) == (int64_t)part;
}

static struct str
text(const struct figures *f, enum stats_column column)
{
	return pg_str(f->rows, f->at, column);
}

static int64_t
number(const struct figures *f, enum stats_column column)
{
	return pg_int(f->rows, f->at, column, 0);
}

/* The counts of all rows of the part whose first text is `a`. */
static struct counts
take_counts(struct figures *f, enum stats_part part, struct str a)
{
	struct counts out = { 0 };

	for (; is_part(f, part) && str_eq(text(f, STATS_COLUMN_A), a);
	    f->at++) {
		for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
			if (str_eq(
				text(f, STATS_COLUMN_B), str_of(outcomes[i])))
				out.of[i] += number(f, STATS_COLUMN_N);
		}
	}
	return out;
}

static void
write_counts(struct jsonw *w, const char *key, const struct counts *counts)
{
	jsonw_object(w, key);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		jsonw_int(w, outcomes[i], counts->of[i]);
	jsonw_object_end(w);
}

/* Each day of the range, and what all of them have together. */
static void
by_day(
    struct figures *f, const struct stats_params *params, struct arena *arena)
{
	struct counts total = { 0 };

	jsonw_array(f->w, "by_day");
	for (int i = 0; i < params->days; i++) {
		const struct str day = stats_params_day(arena, params, i);
		const struct counts counts = take_counts(f, STATS_BY_DAY, day);

		jsonw_object(f->w, NULL);
		jsonw_str(f->w, "day", day);
		write_counts(f->w, "counts", &counts);
		jsonw_object_end(f->w);
		for (size_t k = 0; k < ARRAY_LEN(outcomes); k++)
			total.of[k] += counts.of[k];
	}
	jsonw_array_end(f->w);
	write_counts(f->w, "total", &total);
}

static void
by_hour(struct figures *f, struct arena *arena)
{
	jsonw_array(f->w, "by_hour");
	for (int hour = 0; hour < HOURS; hour++) {
		const struct counts counts = take_counts(
		    f, STATS_BY_HOUR, str_format(arena, "%d", hour));

		write_counts(f->w, NULL, &counts);
	}
	jsonw_array_end(f->w);
}

/* A count that would be 0 has no row. */
static int64_t
take_hour(struct figures *f, int weekday, int hour)
{
	int64_t n = 0;

	if (is_part(f, STATS_BY_WEEKDAY) &&
	    number(f, STATS_COLUMN_A) == weekday + 1 &&
	    number(f, STATS_COLUMN_B) == hour) {
		n = number(f, STATS_COLUMN_N);
		f->at++;
	}
	return n;
}

static void
by_weekday_hour(struct figures *f)
{
	jsonw_array(f->w, "by_weekday_hour");
	for (int weekday = 0; weekday < WEEKDAYS; weekday++) {
		jsonw_array(f->w, NULL);
		for (int hour = 0; hour < HOURS; hour++)
			jsonw_int(f->w, NULL, take_hour(f, weekday, hour));
		jsonw_array_end(f->w);
	}
	jsonw_array_end(f->w);
}

static void
by_line(struct figures *f)
{
	jsonw_array(f->w, "by_line");
	while (is_part(f, STATS_BY_LINE)) {
		const struct str line = text(f, STATS_COLUMN_A);
		const struct counts counts =
		    take_counts(f, STATS_BY_LINE, line);

		jsonw_object(f->w, NULL);
		jsonw_str(f->w, "line", line);
		write_counts(f->w, "counts", &counts);
		jsonw_object_end(f->w);
	}
	jsonw_array_end(f->w);
}

/* Gives how many hung up in a menu. */
static int64_t
by_reason(struct figures *f)
{
	int64_t hung_up = 0;

	jsonw_array(f->w, "by_reason");
	for (; is_part(f, STATS_BY_REASON); f->at++) {
		jsonw_object(f->w, NULL);
		jsonw_str(f->w, "outcome", text(f, STATS_COLUMN_A));
		jsonw_str(f->w, "reason", text(f, STATS_COLUMN_B));
		jsonw_int(f->w, "calls", number(f, STATS_COLUMN_N));
		jsonw_object_end(f->w);
		if (str_eq(text(f, STATS_COLUMN_B), STR("hung_up_in_menu")))
			hung_up += number(f, STATS_COLUMN_N);
	}
	jsonw_array_end(f->w);
	return hung_up;
}

/* The rows of a part whose first text is seconds, the least first. */
struct seconds {
	size_t begin, end;
	int64_t calls;
};

static struct seconds
take_seconds(struct figures *f, enum stats_part part)
{
	struct seconds out = { .begin = f->at };

	for (; is_part(f, part); f->at++)
		out.calls += number(f, STATS_COLUMN_N);
	out.end = f->at;
	return out;
}

/* The least that `percent` of the calls do not exceed; null without calls. */
static void
write_percentile(const struct figures *f, const char *key,
    const struct seconds *seconds, int percent)
{
	int64_t left = (seconds->calls * percent + 99) / 100;

	for (size_t i = seconds->begin; i < seconds->end; i++) {
		left -= pg_int(f->rows, i, STATS_COLUMN_N, 0);
		if (left <= 0) {
			jsonw_int(
			    f->w, key, pg_int(f->rows, i, STATS_COLUMN_A, 0));
			return;
		}
	}
	jsonw_null(f->w, key);
}

static void
write_class(const struct figures *f, const struct seconds *s, int64_t over,
    int64_t upto)
{
	int64_t calls = 0;

	for (size_t i = s->begin; i < s->end; i++) {
		const int64_t seconds = pg_int(f->rows, i, STATS_COLUMN_A, 0);

		if (seconds > over && (upto < 0 || seconds <= upto))
			calls += pg_int(f->rows, i, STATS_COLUMN_N, 0);
	}
	jsonw_object(f->w, NULL);
	if (upto < 0)
		jsonw_null(f->w, "up_to_s");
	else
		jsonw_int(f->w, "up_to_s", upto);
	jsonw_int(f->w, "calls", calls);
	jsonw_object_end(f->w);
}

static void
time_to_answer(struct figures *f)
{
	static const int64_t up_to_s[] = { 10, 20, 30, 45, 60, 90, 120, 180,
		300, -1 };
	const struct seconds seconds = take_seconds(f, STATS_TO_ANSWER_S);
	int64_t over = -1;

	jsonw_object(f->w, "time_to_answer");
	write_percentile(f, "median_s", &seconds, 50);
	write_percentile(f, "p90_s", &seconds, 90);
	jsonw_array(f->w, "classes");
	for (size_t i = 0; i < ARRAY_LEN(up_to_s); i++) {
		write_class(f, &seconds, over, up_to_s[i]);
		over = up_to_s[i];
	}
	jsonw_array_end(f->w);
	jsonw_object_end(f->w);
}

static void
median(struct figures *f, const char *key, enum stats_part part)
{
	const struct seconds seconds = take_seconds(f, part);

	write_percentile(f, key, &seconds, 50);
}

static void
menu(struct figures *f, int64_t hung_up)
{
	int64_t came = 0;

	jsonw_object(f->w, "menu");
	jsonw_int(f->w, "hung_up", hung_up);
	jsonw_array(f->w, "keys");
	for (; is_part(f, STATS_BY_KEY); f->at++) {
		jsonw_object(f->w, NULL);
		jsonw_str(f->w, "key", text(f, STATS_COLUMN_A));
		jsonw_int(f->w, "calls", number(f, STATS_COLUMN_N));
		jsonw_object_end(f->w);
	}
	jsonw_array_end(f->w);
	if (is_part(f, STATS_IN_MENU))
		came = number(f, STATS_COLUMN_N);
	jsonw_int(f->w, "came", came);
	jsonw_object_end(f->w);
}

static void
write_figures(struct jsonw *w, struct arena *arena,
    const struct stats_params *params, const struct pg_rows *rows)
{
	struct figures f = { .rows = rows, .w = w };
	int64_t hung_up;

	jsonw_object(w, NULL);
	jsonw_str(w, "since", params->query.since);
	jsonw_str(w, "until", params->query.until);
	jsonw_str(w, "tz", params->query.tz);
	by_day(&f, params, arena);
	by_hour(&f, arena);
	by_weekday_hour(&f);
	by_line(&f);
	hung_up = by_reason(&f);
	time_to_answer(&f);
	median(&f, "talk_s", STATS_TALK_S);
	median(&f, "message_s", STATS_MESSAGE_S);
	menu(&f, hung_up);
	jsonw_object_end(w);
}

enum err
api_stats(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct stats_params params;
	struct pg_rows rows;
	struct buf body;
	struct jsonw w;
	enum err e = stats_params_read(ctx, req, resp, &params);

	if (e != ERR_OK)
		return e;
	if ((e = stats_read(ctx->pg, req->arena, &params.query, &rows)) !=
	    ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	write_figures(&w, req->arena, &params, &rows);
	if (buf_close(&body) != ERR_OK)
		return ERR_BUG;
	resp_header(resp, "Cache-Control", STR("private, max-age=60"));
	/* For who asked; not for who signs in to the same browser next. */
	resp_header(resp, "Vary", STR("Cookie, Authorization"));
	resp_json(resp, 200, buf_str(&body));
	return ERR_OK;
}
