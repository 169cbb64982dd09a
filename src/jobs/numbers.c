/* numbers: the account's telephone numbers.  Floor: jobs. */
#include "jobs/numbers.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "kinds.h"
#include "rest_ask.h"
#include "twilio/number.h"
#include "twilio/rest.h"
#include "twilio/rest_numbers.h"
#include "twilio/rest_offers.h"

#include <stddef.h>

#define MAX_PAGES 100
#define MESSAGE_MAX_BYTES 300

static const char unreadable[] =
    "Twilio's answer cannot be read, or names a page that is not of our "
    "account; check TWILIO_API_URL";

static struct str
account_of(const struct numbers *numbers)
{
	return str_of(numbers->conf->twilio_account_sid);
}

static enum err
fail(struct numbers_error *error, enum err e, const char *why)
{
	*error = (struct numbers_error){ .why = why };
	return e;
}

/* What is asked: a GET, or a POST when there is a form. */
struct question {
	struct str origin; /* absent: the API's */
	struct str path;
	struct str form; /* absent: GET */
};

/* "Twilio answered 400 (21422, ...): somebody else has it, ..." */
static const char *
explain(struct arena *arena, const struct rest_answer *answer)
{
	const char *const mend = rest_error_mend(answer->code);
	const struct str message =
	    str_slice(answer->message, 0, MESSAGE_MAX_BYTES);

	if (answer->code == 0)
		return answer->why;
	return str_cstr(arena,
	    str_format(arena, "Twilio answered %d (%d%s%.*s)%s%s",
		answer->status, answer->code, message.n == 0 ? "" : ", ",
		STR_ARG(message), mend == NULL ? "" : ": ",
		mend == NULL ? "" : mend));
}

static enum err
ask(const struct numbers *numbers, const struct question *question,
    struct str *json, struct numbers_error *error)
{
	const struct jobs jobs = {
		.conf = numbers->conf,
		.fetcher = numbers->fetcher,
	};
	const struct str origin = question->origin.p != NULL
	    ? question->origin
	    : str_of(numbers->conf->twilio_api_url);
	struct rest_answer answer;
	enum err e;

	if (!rest_ask_can(numbers->conf))
		return fail(error, ERR_INPUT,
		    "set TWILIO_ACCOUNT_SID, and TWILIO_API_KEY with "
		    "TWILIO_API_SECRET or TWILIO_AUTH_TOKEN, to ask Twilio");
	e = question->form.p == NULL
	    ? rest_ask_at(
		  &jobs, numbers->arena, origin, question->path, &answer)
	    : rest_ask_to(&jobs, numbers->arena, question->path, question->form,
		  &answer);
	*json = answer.json;
	if (e != ERR_OK)
		*error = (struct numbers_error){ answer.status, answer.code,
			explain(numbers->arena, &answer) };
	return e;
}

/* Adds a page's numbers behind those that there are. */
static void
append(struct arena *arena, struct rest_numbers *all,
    const struct rest_numbers *more)
{
	struct rest_number *const list =
	    ARENA_ARRAY(arena, all->n + more->n, struct rest_number);

	for (size_t i = 0; i < all->n; i++)
		list[i] = all->list[i];
	for (size_t i = 0; i < more->n; i++)
		list[all->n + i] = more->list[i];
	all->list = list;
	all->n += more->n;
}

static enum err
list_from(const struct numbers *numbers, struct str path,
    struct rest_numbers *out, struct numbers_error *error)
{
	struct rest_numbers all = { 0 };

	for (int i = 0; path.p != NULL; i++) {
		struct rest_numbers page;
		struct str json;
		enum err e;

		if (i == MAX_PAGES)
			return fail(error, ERR_UPSTREAM, "the list never ends");
		e = ask(
		    numbers, &(struct question){ .path = path }, &json, error);
		if (e != ERR_OK)
			return e;
		if (rest_numbers_read(numbers->arena, json, account_of(numbers),
			&page) != ERR_OK)
			return fail(error, ERR_UPSTREAM, unreadable);
		append(numbers->arena, &all, &page);
		path = page.next;
	}
	*out = all;
	return ERR_OK;
}

enum err
numbers_list(const struct numbers *numbers, struct rest_numbers *out,
    struct numbers_error *error)
{
	return list_from(numbers,
	    rest_numbers_path(numbers->arena, account_of(numbers), STR_ABSENT),
	    out, error);
}

enum err
numbers_find(const struct numbers *numbers, struct str number,
    struct rest_number *out, struct numbers_error *error)
{
	const struct str path =
	    rest_numbers_path(numbers->arena, account_of(numbers), number);
	struct rest_numbers found;
	const enum err e = list_from(numbers, path, &found, error);

	if (e != ERR_OK)
		return e;
	/* The filter also finds numbers that only contain it. */
	for (size_t i = 0; i < found.n; i++) {
		if (str_eq(found.list[i].number, number)) {
			*out = found.list[i];
			return ERR_OK;
		}
	}
	return fail(error, ERR_NOT_FOUND,
	    "the account has no such number; see mainline number show");
}

enum err
numbers_judge(const struct numbers *numbers, const struct rest_number *number,
    struct rest_application *application, struct number_verdict *verdict,
    struct numbers_error *error)
{
	const struct str public_url = str_of(numbers->conf->public_url);
	const struct question question = {
		.path = rest_application_path(numbers->arena,
		    account_of(numbers), number->application_sid),
	};
	const struct rest_application *found = NULL;
	struct str json;
	enum err e = ERR_NOT_FOUND;

	if (number->application_sid.p != NULL && number->trunk_sid.p == NULL)
		e = ask(numbers, &question, &json, error);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK) {
		if (rest_application_read(numbers->arena, json, application) !=
		    ERR_OK)
			return fail(error, ERR_UPSTREAM, unreadable);
		found = application;
	}
	number_judge(numbers->arena, public_url, number, found, verdict);
	return ERR_OK;
}

/* Has a number made, or changed; `*out` is what it is then. */
static enum err
ask_number(const struct numbers *numbers, const struct question *question,
    struct rest_number *out, struct numbers_error *error)
{
	struct str json;
	const enum err e = ask(numbers, question, &json, error);

	if (e != ERR_OK)
		return e;
	return rest_number_read(numbers->arena, json, out) == ERR_OK
	    ? ERR_OK
	    : fail(error, ERR_UPSTREAM, unreadable);
}

enum err
numbers_change(const struct numbers *numbers, struct str number_sid,
    struct str form, struct rest_number *out, struct numbers_error *error)
{
	const struct question question = {
		.path = rest_number_path(
		    numbers->arena, account_of(numbers), number_sid),
		.form = form,
	};

	return ask_number(numbers, &question, out, error);
}

enum err
numbers_buy(const struct numbers *numbers, struct str form,
    struct rest_number *out, struct numbers_error *error)
{
	const struct question question = {
		.path =
		    rest_numbers_new_path(numbers->arena, account_of(numbers)),
		.form = form,
	};

	return ask_number(numbers, &question, out, error);
}

enum err
numbers_application(const struct numbers *numbers, struct str name,
    struct rest_application *out, struct numbers_error *error)
{
	const struct question question = {
		.path = rest_applications_path(
		    numbers->arena, account_of(numbers), name),
	};
	struct rest_applications found;
	struct str json;
	const enum err e = ask(numbers, &question, &json, error);

	if (e != ERR_OK)
		return e;
	if (rest_applications_read(
		numbers->arena, json, account_of(numbers), &found) != ERR_OK)
		return fail(error, ERR_UPSTREAM, unreadable);
	for (size_t i = 0; i < found.n; i++) {
		if (str_eq(found.list[i].name, name)) {
			*out = found.list[i];
			return ERR_OK;
		}
	}
	return fail(error, ERR_NOT_FOUND, "there is no such application");
}

enum err
numbers_application_set(const struct numbers *numbers,
    struct str application_sid, struct str form, struct rest_application *out,
    struct numbers_error *error)
{
	struct arena *const arena = numbers->arena;
	const struct question question = {
		.path = application_sid.p != NULL
		    ? rest_application_path(
			  arena, account_of(numbers), application_sid)
		    : rest_applications_new_path(arena, account_of(numbers)),
		.form = form,
	};
	struct str json;
	const enum err e = ask(numbers, &question, &json, error);

	if (e != ERR_OK)
		return e;
	return rest_application_read(arena, json, out) == ERR_OK
	    ? ERR_OK
	    : fail(error, ERR_UPSTREAM, unreadable);
}

enum err
numbers_offers(const struct numbers *numbers, const struct rest_wanted *wanted,
    struct rest_offers *out, struct numbers_error *error)
{
	const struct question question = {
		.path = rest_offers_path(
		    numbers->arena, account_of(numbers), wanted),
	};
	struct str json;
	const enum err e = ask(numbers, &question, &json, error);

	if (e != ERR_OK)
		return e;
	return rest_offers_read(numbers->arena, json, out) == ERR_OK
	    ? ERR_OK
	    : fail(error, ERR_UPSTREAM, unreadable);
}

enum err
numbers_prices(const struct numbers *numbers, struct str country,
    struct rest_prices *out, struct numbers_error *error)
{
	const struct str api = str_of(numbers->conf->twilio_api_url);
	const struct question question = {
		.origin = rest_pricing_origin(numbers->arena, api),
		.path = rest_prices_path(numbers->arena, country),
	};
	struct str json;
	const enum err e = ask(numbers, &question, &json, error);

	if (e != ERR_OK)
		return e;
	return rest_prices_read(numbers->arena, json, out) == ERR_OK
	    ? ERR_OK
	    : fail(error, ERR_UPSTREAM, unreadable);
}
