/* call_params: the query of GET /api/calls, and its cursor.  Floor: http. */
#include "call_params.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/form.h"
#include "codec/phone.h"
#include "codec/utf8.h"
#include "cursor.h"
#include "http/http.h"
#include "store/calls.h"
#include "twilio/words.h"

#include <stdint.h>
#include <string.h>

#define MAX_PAIRS 32
#define LIMIT_DEFAULT 50
#define LIMIT_MAX 200
#define VALUE_MAX_BYTES 256
#define FILTERS_MAX_BYTES 4096
#define Q_MAX_BYTES 64

static const char *
set_line(struct arena *arena, struct call_query *q, struct str value)
{
	q->filter.line = phone_canonical(arena, value);
	return NULL;
}

/* Are these words, with commas between, all in the NULL-ended list? */
static bool
all_listed(struct str words, const char *const *list)
{
	while (words.p != NULL) {
		const struct str word = str_split(&words, ',');
		bool found = false;

		for (size_t i = 0; list[i] != NULL; i++)
			found = found || str_eq(word, str_of(list[i]));
		if (!found)
			return false;
	}
	return true;
}

static const char *
set_status(struct arena *arena, struct call_query *q, struct str value)
{
	struct str rest = value;
	bool known = true;

	(void)arena;
	q->filter.status = value;
	while (rest.p != NULL) {
		const enum call_status status =
		    call_status_parse(str_split(&rest, ','));

		known = known && status != CALL_UNKNOWN &&
		    status != CALL_ANSWERED; /* that is a dial's */
	}
	return known
	    ? NULL
	    : "must be queued, initiated, ringing, in-progress, completed, "
	      "busy, failed, no-answer or canceled, or several with commas "
	      "between.";
}

static const char *
set_outcome(struct arena *arena, struct call_query *q, struct str value)
{
	static const char *const words[] = { "answered", "voicemail", "missed",
		"abandoned", "blocked", "failed", NULL };

	(void)arena;
	q->filter.outcome = value;
	return all_listed(value, words)
	    ? NULL
	    : "must be answered, voicemail, missed, abandoned, blocked or "
	      "failed, or several with commas between.";
}

static const char *
set_q(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	q->filter.q = value;
	return value.n <= Q_MAX_BYTES ? NULL : "has over 64 bytes.";
}

static const char *
set_time(struct str value, int64_t *out)
{
	if (date_parse_rfc3339(value, out) == ERR_OK)
		return NULL;
	return "must be a time like 2026-11-22T09:00:00Z (a \"+\" of its "
	       "offset "
	       "written as %2B), or a date.";
}

static const char *
set_since(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	return set_time(value, &q->filter.since_us);
}

static const char *
set_until(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	return set_time(value, &q->filter.until_us);
}

static const char *
set_tristate(struct str value, enum tristate *out)
{
	if (str_eq(value, STR("true")))
		*out = TRISTATE_YES;
	else if (str_eq(value, STR("false")))
		*out = TRISTATE_NO;
	else
		return "must be true or false.";
	return NULL;
}

static const char *
set_has_voicemail(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	return set_tristate(value, &q->filter.has_voicemail);
}

static const char *
set_heard(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	return set_tristate(value, &q->filter.heard);
}

static const char *
set_to_do(struct arena *arena, struct call_query *q, struct str value)
{
	(void)arena;
	return set_tristate(value, &q->filter.to_do);
}

/* One row a filter; a setter gives NULL, or what is wrong with the value. */
static const struct {
	const char *name;
	const char *(*set)(
	    struct arena *arena, struct call_query *q, struct str value);
} filters[] = {
	{ "line", set_line },
	{ "status", set_status },
	{ "outcome", set_outcome },
	{ "q", set_q },
	{ "since", set_since },
	{ "until", set_until },
	{ "has_voicemail", set_has_voicemail },
	{ "heard", set_heard },
	{ "to_do", set_to_do },
};

static bool
is_known(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		if (str_eq(name, str_of(filters[i].name)))
			return true;
	}
	return str_eq(name, STR("limit")) || str_eq(name, STR("after"));
}

static enum err
check_names(const struct req *req, struct resp *resp, const struct form *form)
{
	for (size_t i = 0; i < form->n; i++) {
		const struct form_pair *const p = &form->pairs[i];
		const struct str name = utf8_clean(req->arena, p->name);

		if (!is_known(p->name))
			return resp_bad_parameter(resp, req, name,
			    "is no parameter of this path; there are limit, "
			    "after, line, status, outcome, q, since, until, "
			    "has_voicemail, heard and to_do.");
		if (form_count(form, str_cstr(req->arena, p->name)) > 1)
			return resp_bad_parameter(
			    resp, req, name, "stands there twice.");
		if (!utf8_is_valid(p->value) ||
		    memchr(p->value.p, '\0', p->value.n) != NULL)
			return resp_bad_parameter(
			    resp, req, name, "is not UTF-8 text.");
		if (p->value.n > VALUE_MAX_BYTES &&
		    !str_eq(p->name, STR("after")))
			return resp_bad_parameter(
			    resp, req, name, "is too long.");
	}
	return ERR_OK;
}

/* The filters of a form, into the query and as text in one order. */
static enum err
read_filters(const struct req *req, struct resp *resp, const struct form *form,
    struct call_params *out)
{
	struct buf text;

	buf_init(&text, req->arena, FILTERS_MAX_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		const struct str value = form_get(form, filters[i].name);
		const char *wrong;

		if (value.n == 0)
			continue;
		wrong = filters[i].set(req->arena, &out->query, value);
		if (wrong != NULL)
			return resp_bad_parameter(
			    resp, req, str_of(filters[i].name), wrong);
		buf_addf(
		    &text, "%s%s=", text.n == 0 ? "" : "&", filters[i].name);
		buf_add(&text, form_escape(req->arena, value));
	}
	out->filters = buf_str(&text);
	return ERR_OK;
}

/* Behind its time a cursor has "sid/filters". */
static bool
parse_cursor(struct arena *arena, struct str cursor, struct call_page *page,
    struct str *filter_text)
{
	struct str rest;

	if (!cursor_parse(arena, cursor, &page->after_us, &rest))
		return false;
	page->after_sid = str_split(&rest, '/');
	*filter_text = rest;
	return sid_is(page->after_sid, "CA") && rest.p != NULL;
}

static enum err
no_cursor(const struct req *req, struct resp *resp)
{
	return resp_bad_parameter(resp, req, STR("after"),
	    "is no cursor; take it from `next` of the page before.");
}

static enum err
read_cursor(struct req *req, struct resp *resp, const struct form *form,
    struct call_params *out)
{
	const struct str cursor = form_get(form, "after");
	const struct str given = out->filters;
	struct str carried;
	struct form filters_of;

	if (cursor.n == 0)
		return ERR_OK;
	if (!parse_cursor(req->arena, cursor, &out->query.page, &carried) ||
	    form_parse(req->arena, carried, MAX_PAIRS, &filters_of) != ERR_OK)
		return no_cursor(req, resp);
	if (given.n > 0 && !str_eq(given, carried))
		return resp_bad_parameter(resp, req, STR("after"),
		    "belongs to a query with other filters; leave them out, or "
		    "begin without it.");
	/* Anybody can write a cursor: it is checked as what it stands for. */
	if (check_names(req, resp, &filters_of) != ERR_OK ||
	    read_filters(req, resp, &filters_of, out) != ERR_OK ||
	    !str_eq(out->filters, carried))
		return no_cursor(req, resp);
	return ERR_OK;
}

static enum err
read_limit(struct req *req, struct resp *resp, const struct form *form,
    struct call_params *out)
{
	const struct str value = form_get(form, "limit");
	int limit = LIMIT_DEFAULT;

	if (value.n > 0 && (!str_to_int(value, LIMIT_MAX, &limit) || limit < 1))
		return resp_bad_parameter(resp, req, STR("limit"),
		    "must be a whole number from 1 to 200.");
	out->query.page.limit = limit;
	return ERR_OK;
}

enum err
call_params_read(struct req *req, struct resp *resp, struct call_params *out)
{
	struct form form;
	enum err e;

	*out = (struct call_params){
		.query.filter = { .since_us = -1, .until_us = -1 },
		.query.page.after_us = -1,
	};
	if (form_parse(req->arena, req->query, MAX_PAIRS, &form) != ERR_OK)
		return resp_bad_parameter(
		    resp, req, STR_ABSENT, "There are too many parameters.");
	if ((e = check_names(req, resp, &form)) != ERR_OK ||
	    (e = read_limit(req, resp, &form, out)) != ERR_OK ||
	    (e = read_filters(req, resp, &form, out)) != ERR_OK ||
	    (e = read_cursor(req, resp, &form, out)) != ERR_OK)
		return e;
	return ERR_OK;
}

struct str
call_params_cursor(struct arena *arena, const struct call_params *params,
    int64_t first_seen_us, struct str sid)
{
	return cursor_print(arena, first_seen_us,
	    str_format(
		arena, "%.*s/%.*s", STR_ARG(sid), STR_ARG(params->filters)));
}
