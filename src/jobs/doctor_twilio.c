/* doctor_twilio: the account, and what Twilio's clock says.  Floor: jobs. */
#include "doctor_twilio.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "twilio/rest.h"
#include "twilio/rest_account.h"
#include "twilio/rest_calls.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKEW_US INT64_C(10000000)
#define SECOND_US INT64_C(1000000)

void
judge_tokens(struct doctor *d, const struct tokens_seen *seen)
{
	if (seen->taken == 0)
		doctor_say(d, FOUND_AUTH_TOKEN_REFUSED,
		    "Twilio does not take TWILIO_AUTH_TOKEN for "
		    "TWILIO_ACCOUNT_SID, so what it signs is refused here.");
	else if (seen->taken < seen->n)
		doctor_say(d, FOUND_AUTH_TOKEN_STALE,
		    "Of the %zu tokens in TWILIO_AUTH_TOKEN Twilio takes %zu; "
		    "who has the other may still sign webhooks.",
		    seen->n, seen->taken);
	else if (seen->n > 1)
		doctor_say(d, FOUND_TWO_AUTH_TOKENS,
		    "TWILIO_AUTH_TOKEN holds %zu tokens, as it should only "
		    "while one replaces the other.",
		    seen->n);
}

void
judge_account(struct doctor *d, const struct rest_account *account)
{
	if (account->status == ACCOUNT_SUSPENDED)
		doctor_say(d, FOUND_ACCOUNT_SUSPENDED,
		    "Twilio has suspended the account: no call comes in.");
	if (account->status == ACCOUNT_CLOSED)
		doctor_say(d, FOUND_ACCOUNT_CLOSED,
		    "The account at Twilio is closed: no call comes in.");
	if (account->is_trial)
		doctor_say(d, FOUND_ACCOUNT_TRIAL,
		    "It is a trial account: callers hear Twilio's notice "
		    "first, and only verified numbers can be rung.");
}

/* Remembers what the clock check needs. */
static enum err
ask_account(struct doctor *d, struct str user, struct str password,
    struct doctor_answer *out)
{
	const struct str path =
	    rest_account_path(d->arena, str_of(d->conf->twilio_account_sid));
	const struct str url = str_format(
	    d->arena, "%s%.*s", d->conf->twilio_api_url, STR_ARG(path));
	const enum err e = doctor_get(d, url.p, user, password, out);

	if (e == ERR_OK && d->twilio_date_us == 0 && out->date_us >= 0) {
		d->twilio_date_us = out->date_us;
		d->twilio_asked_us = clock_wall_us();
	}
	return e;
}

/* false: Twilio does not answer, which is said. */
static bool
try_tokens(struct doctor *d, struct str *json)
{
	const struct conf *const conf = d->conf;
	struct tokens_seen seen = { .n = conf->n_auth_tokens };
	struct doctor_answer answer;

	for (size_t i = 0; i < seen.n; i++) {
		if (ask_account(d, str_of(conf->twilio_account_sid),
			conf->auth_tokens[i], &answer) != ERR_OK) {
			doctor_say(d, FOUND_TWILIO_UNREACHABLE,
			    "%s cannot be asked (%s): nothing is reconciled, "
			    "and no audio fetched.",
			    conf->twilio_api_url, answer.why);
			return false;
		}
		if (answer.status == 401 || answer.status == 403)
			continue;
		seen.taken++;
		if (answer.status == 200)
			*json = answer.json;
	}
	if (seen.n > 0)
		judge_tokens(d, &seen);
	return true;
}

static bool
try_key(struct doctor *d, struct str *json)
{
	const struct conf *const conf = d->conf;
	struct doctor_answer answer;

	if (ask_account(d, str_of(conf->twilio_api_key),
		str_of(conf->twilio_api_secret), &answer) != ERR_OK)
		return false;
	/* A key that is restricted may not see the account, and works. */
	if (answer.status == 401)
		doctor_say(d, FOUND_API_KEY_REFUSED,
		    "Twilio does not take TWILIO_API_KEY with its secret, so "
		    "no audio is fetched and nothing reconciled.");
	else if (answer.status == 200 && json->p == NULL)
		*json = answer.json;
	return answer.status != 401;
}

/* A trial account may ring nobody else. */
static void
check_verified(struct doctor *d)
{
	const struct str account = str_of(d->conf->twilio_account_sid);

	for (size_t i = 0; d->flow != NULL && i < d->flow->n_phones; i++) {
		const struct phone *const phone = &d->flow->phones[i];
		struct doctor_answer answer;
		bool is_there = true;

		if (doctor_ask(d,
			rest_caller_id_path(d->arena, account, phone->number),
			&answer) == ERR_OK &&
		    answer.status == 200 &&
		    rest_caller_id_read(d->arena, answer.json, phone->number,
			&is_there) == ERR_OK &&
		    !is_there)
			doctor_say(d, FOUND_PHONE_NOT_VERIFIED,
			    "The phone \"%.*s\" (%.*s) is not verified, so the "
			    "trial account cannot ring it.",
			    STR_ARG(phone->id), STR_ARG(phone->number));
	}
}

void
examine_account(struct doctor *d)
{
	const struct conf *const conf = d->conf;
	struct rest_account account;
	struct str json = STR_ABSENT;
	bool is_taken;

	if (conf->twilio_account_sid == NULL) {
		doctor_skip(d, "TWILIO_ACCOUNT_SID is not set.");
		return;
	}
	if (!try_tokens(d, &json))
		return;
	is_taken = json.p != NULL;
	if (conf->twilio_api_key != NULL)
		is_taken = try_key(d, &json);
	d->has_twilio = is_taken;
	if (json.p == NULL)
		return;
	if (rest_account_read(d->arena, json, &account) != ERR_OK) {
		d->has_twilio = false;
		doctor_say(d, FOUND_TWILIO_UNREACHABLE,
		    "%s answers, and not as Twilio does.",
		    conf->twilio_api_url);
		return;
	}
	judge_account(d, &account);
	if (account.is_trial && is_taken)
		check_verified(d);
}

void
judge_clock(struct doctor *d, int64_t twilio_us, int64_t now_us)
{
	const int64_t skew_us = now_us - twilio_us;

	if (skew_us > SKEW_US || skew_us < -SKEW_US)
		doctor_say(d, FOUND_CLOCK_SKEW_TWILIO,
		    "This machine's clock is %lld s %s Twilio's: times in the "
		    "feed are wrong by that, and a bucket or a webhook may "
		    "refuse what we sign.",
		    (long long)((skew_us < 0 ? -skew_us : skew_us) / SECOND_US),
		    skew_us < 0 ? "behind" : "ahead of");
}

void
examine_clock(struct doctor *d)
{
	if (d->twilio_date_us == 0) {
		doctor_skip(d, "Twilio has told no time.");
		return;
	}
	judge_clock(d, d->twilio_date_us, d->twilio_asked_us);
}

/*
 * No field of the API tells whether media are closed to strangers: so one of
 * the newest is asked for as a stranger would.
 */
static void
try_media(struct doctor *d, struct str recording_sid)
{
	const struct str url = rest_recording_media(d->arena,
	    str_of(d->conf->twilio_api_url),
	    str_of(d->conf->twilio_account_sid), recording_sid, STR(".mp3"));
	struct doctor_answer answer;

	if (doctor_peek(d, str_cstr(d->arena, url), &answer) != ERR_OK)
		doctor_skip(
		    d, "The audio cannot be asked for (%s).", answer.why);
	else if (answer.status < 400)
		doctor_say(d, FOUND_MEDIA_OPEN,
		    "Recordings at Twilio can be heard by everybody who has "
		    "their address; no password is asked for.");
}

void
examine_media(struct doctor *d)
{
	const struct str account = str_of(d->conf->twilio_account_sid);
	struct rest_recordings found;
	struct doctor_answer answer;

	if (!d->has_twilio) {
		doctor_skip(d, "Twilio cannot be asked.");
		return;
	}
	if (doctor_ask(d, rest_newest_recordings_path(d->arena, account),
		&answer) != ERR_OK ||
	    answer.status != 200 ||
	    rest_recordings_read(d->arena, answer.json, account, &found) !=
		ERR_OK) {
		doctor_skip(d, "The list of recordings cannot be read.");
		return;
	}
	for (size_t i = 0; i < found.n; i++) {
		if (found.list[i].status == RECORDING_COMPLETED) {
			try_media(d, found.list[i].sid);
			return;
		}
	}
	doctor_skip(d,
	    "There is no recording at Twilio to try it with; leave a message "
	    "first.");
}

/* Each calling code once. */
static bool
is_first_of_its_code(const struct flow *flow, size_t at)
{
	const struct str code = rest_calling_code(flow->phones[at].number);

	for (size_t i = 0; i < at; i++) {
		if (str_eq(code, rest_calling_code(flow->phones[i].number)))
			return false;
	}
	return code.p != NULL;
}

static void
check_country(struct doctor *d, const struct phone *phone)
{
	const struct str url = rest_countries_url(
	    d->arena, str_of(d->conf->twilio_api_url), phone->number);
	const struct str code = rest_calling_code(phone->number);
	struct rest_countries found;
	struct doctor_answer answer;

	if (doctor_ask_url(d, str_cstr(d->arena, url), &answer) != ERR_OK ||
	    answer.status != 200 ||
	    rest_countries_read(d->arena, answer.json, &found) != ERR_OK)
		doctor_skip(d,
		    "Twilio does not tell whether calls to +%.*s are allowed.",
		    STR_ARG(code));
	else if (found.n > 0 && !found.is_open)
		doctor_say(d, FOUND_COUNTRY_CLOSED,
		    "The account may not call +%.*s (%.*s), so the phone "
		    "\"%.*s\" never rings.",
		    STR_ARG(code), STR_ARG(found.name), STR_ARG(phone->id));
}

void
examine_countries(struct doctor *d)
{
	if (!d->has_twilio || d->flow == NULL) {
		doctor_skip(d, "%s.",
		    d->flow == NULL ? "The flow is not known"
				    : "Twilio cannot be asked");
		return;
	}
	for (size_t i = 0; i < d->flow->n_phones; i++) {
		if (is_first_of_its_code(d->flow, i))
			check_country(d, &d->flow->phones[i]);
	}
}
