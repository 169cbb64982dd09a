/* numbers: the account's telephone numbers.  Floor: jobs. */
#include "jobs/numbers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "kinds.h"
#include "rest_ask.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stddef.h>
#include <stdint.h>

#define MAX_PAGES 100

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

/* A GET, or a POST when there is a form. */
static enum err
ask(const struct numbers *numbers, struct str path, struct str form,
    struct str *json, struct numbers_error *error)
{
	const struct jobs jobs = {
		.conf = numbers->conf,
		.fetcher = numbers->fetcher,
	};
	struct rest_answer answer;
	enum err e;

	if (!rest_ask_can(numbers->conf))
		return fail(error, ERR_INPUT,
		    "set TWILIO_ACCOUNT_SID, and TWILIO_API_KEY with "
		    "TWILIO_API_SECRET or TWILIO_AUTH_TOKEN, to ask Twilio");
	e = form.p == NULL
	    ? rest_ask(&jobs, numbers->arena, path, &answer)
	    : rest_ask_to(&jobs, numbers->arena, path, form, &answer);
	*json = answer.json;
	if (e != ERR_OK)
		*error = (struct numbers_error){ answer.status, answer.code,
			answer.why };
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
		e = ask(numbers, path, STR_ABSENT, &json, error);
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
	const struct rest_application *found = NULL;
	struct str json;
	enum err e = ERR_NOT_FOUND;

	if (number->application_sid.p != NULL && number->trunk_sid.p == NULL)
		e = ask(numbers,
		    rest_application_path(numbers->arena, account_of(numbers),
			number->application_sid),
		    STR_ABSENT, &json, error);
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
