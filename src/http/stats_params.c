/* stats_params: the query of GET /api/stats.  Floor: http. */
#include "stats_params.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/form.h"
#include "codec/phone.h"
#include "codec/utf8.h"
#include "http/http.h"
#include "store/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAX_PAIRS 32
#define VALUE_MAX_BYTES 256
#define BUDGET_MS 4000 /* a year of many calls takes a while */
#define DAY_US INT64_C(86400000000)
#define DAY_CHARS 10 /* 2026-11-22 */
#define DAYS_DEFAULT 30
#define DAYS_MAX 366

static bool
is_known(struct str name)
{
	static const char *const names[] = { "since", "until", "line", "tz" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq(name, str_of(names[i])))
			return true;
	}
	return false;
}

static enum err
check_pairs(const struct req *req, struct resp *resp, const struct form *form)
{
	for (size_t i = 0; i < form->n; i++) {
		const struct form_pair *const p = &form->pairs[i];
		const struct str name = utf8_clean(req->arena, p->name);
		const char *wrong = NULL;

		if (!is_known(p->name))
			wrong = "is no parameter of this path; there are "
				"since, until, line and tz.";
		else if (form_count(form, str_cstr(req->arena, p->name)) > 1)
			wrong = "stands there twice.";
		else if (!utf8_is_valid(p->value) ||
		    memchr(p->value.p, '\0', p->value.n) != NULL)
			wrong = "is not UTF-8 text.";
		else if (p->value.n > VALUE_MAX_BYTES)
			wrong = "is too long.";
		if (wrong != NULL)
			return resp_bad_parameter(resp, req, name, wrong);
	}
	return ERR_OK;
}

/* The value as a day, or `otherwise` when it is left out. */
static enum err
read_day(struct req *req, struct resp *resp, const struct form *form,
    const char *name, int64_t *out)
{
	const struct str value = form_get(form, name);

	if (value.n == 0 ||
	    (value.n == DAY_CHARS && date_parse_rfc3339(value, out) == ERR_OK))
		return ERR_OK;
	return resp_bad_parameter(
	    resp, req, str_of(name), "must be a day like 2026-11-22.");
}

static struct str
day_of(struct arena *arena, int64_t us)
{
	return str_slice(date_rfc3339(arena, us), 0, DAY_CHARS);
}

static enum err
read_zone(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct form *form, struct stats_params *out)
{
	const struct str tz = form_get(form, "tz");
	struct str today;
	enum err e;

	out->query.tz = tz.n > 0 ? tz : STR("UTC");
	e = stats_today(
	    ctx->pg, req->arena, out->query.tz, out->query.deadline_ms, &today);
	if (e == ERR_NOT_FOUND)
		return resp_bad_parameter(resp, req, STR("tz"),
		    "must be a name of the IANA time zone database, like "
		    "Europe/Paris.");
	if (e != ERR_OK)
		return e;
	return date_parse_rfc3339(today, &out->since_us);
}

/* `today` is in out->since_us. */
static enum err
read_range(struct req *req, struct resp *resp, const struct form *form,
    struct stats_params *out)
{
	int64_t until_us = out->since_us;
	enum err e;

	if ((e = read_day(req, resp, form, "until", &until_us)) != ERR_OK)
		return e;
	out->since_us = until_us - DAYS_DEFAULT * DAY_US;
	if (out->since_us < 0)
		out->since_us = 0;
	if ((e = read_day(req, resp, form, "since", &out->since_us)) != ERR_OK)
		return e;
	if (out->since_us > until_us)
		return resp_bad_parameter(
		    resp, req, STR("since"), "must not be after `until`.");
	if (until_us - out->since_us > DAYS_MAX * DAY_US)
		return resp_bad_parameter(resp, req, STR("since"),
		    "must be at most 366 days before `until`.");
	out->days = (int)((until_us - out->since_us) / DAY_US) + 1;
	out->query.since = day_of(req->arena, out->since_us);
	out->query.until = day_of(req->arena, until_us);
	return ERR_OK;
}

enum err
stats_params_read(const struct ctx *ctx, struct req *req, struct resp *resp,
    struct stats_params *out)
{
	struct form form;
	struct str line;
	enum err e;

	*out = (struct stats_params){
		.query.deadline_ms = req_deadline(req, BUDGET_MS),
	};
	if (form_parse(req->arena, req->query, MAX_PAIRS, &form) != ERR_OK)
		return resp_bad_parameter(
		    resp, req, STR_ABSENT, "There are too many parameters.");
	if ((e = check_pairs(req, resp, &form)) != ERR_OK)
		return e;
	line = form_get(&form, "line");
	out->query.line =
	    line.n > 0 ? phone_canonical(req->arena, line) : STR_ABSENT;
	if ((e = read_zone(ctx, req, resp, &form, out)) != ERR_OK)
		return e;
	return read_range(req, resp, &form, out);
}

struct str
stats_params_day(struct arena *arena, const struct stats_params *params, int i)
{
	return day_of(arena, params->since_us + i * DAY_US);
}
