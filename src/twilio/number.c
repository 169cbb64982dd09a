/* number: what a number must be set to, and is.  Floor: twilio. */
#include "twilio/number.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/url.h"
#include "twilio/rest_numbers.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * nginx answers within 4 s when no worker does: a host that takes longer is
 * gone, and the caller is not to wait for the 10 and 15 s that Twilio would.
 */
#define VOICE_OVERRIDES "#ct=3000&rt=6000"
/* The last that can answer the caller, and a callback that nobody repeats. */
#define LAST_OVERRIDES "#rc=5&rp=all"

/* Whose is a URL? */
enum whose { NOBODYS, OURS, MOVED, FOREIGN };

struct judging {
	struct arena *arena;
	struct str public_url;
	struct number_verdict *out;
};

/* What Twilio asks: a fragment is not sent. */
static struct str
asked(struct str url)
{
	return str_slice(url, 0, str_find(url, '#'));
}

static struct str
our_url(struct arena *arena, struct str public_url, struct str number,
    enum event_kind kind)
{
	const struct str line = form_escape(arena, number);

	return str_format(arena, "%.*s%s?line=%.*s", STR_ARG(public_url),
	    event_kind_path(kind), STR_ARG(line));
}

struct rest_voice
number_settings(struct arena *arena, struct str public_url, struct str number,
    struct str fallback_url)
{
	const struct str voice =
	    our_url(arena, public_url, number, EVENT_VOICE);
	const struct str fallback =
	    our_url(arena, public_url, number, EVENT_FALLBACK);
	const struct str status =
	    our_url(arena, public_url, number, EVENT_STATUS);

	return (struct rest_voice){
		.url =
		    str_format(arena, "%.*s" VOICE_OVERRIDES, STR_ARG(voice)),
		.method = STR("POST"),
		.fallback_url = fallback_url.p != NULL
		    ? fallback_url
		    : str_format(
			  arena, "%.*s" LAST_OVERRIDES, STR_ARG(fallback)),
		.fallback_method = STR("POST"),
		.status_url =
		    str_format(arena, "%.*s" LAST_OVERRIDES, STR_ARG(status)),
		.status_method = STR("POST"),
	};
}

static enum whose
whose(struct str public_url, struct str setting, enum event_kind kind)
{
	struct url url;
	struct str path;

	if (str_is_empty(setting))
		return NOBODYS;
	if (url_parse(asked(setting), &url) != ERR_OK)
		return FOREIGN;
	if (str_eq_nocase(url.origin, public_url))
		return OURS;
	path = str_slice(url.path, 0, str_find(url.path, '?'));
	return str_eq(path, str_of(event_kind_path(kind))) ? MOVED : FOREIGN;
}

static void
differs(const struct judging *j, enum number_field field, struct str is,
    struct str should)
{
	j->out->differs[j->out->n_differs++] =
	    (struct number_difference){ field, is, should };
}

static void
compare_method(
    const struct judging *j, enum number_field field, struct str method)
{
	/* Twilio's own default is POST. */
	if (method.p != NULL && !str_eq_nocase(method, STR("POST")))
		differs(j, field, method, STR("POST"));
}

/* "#rc=5&rp=all": is a callback that got a 5xx sent again? */
static bool
is_repeated(struct arena *arena, struct str url)
{
	const size_t at = str_find(url, '#') + 1;
	struct form form;
	struct str rest;

	if (form_parse(arena, str_slice(url, at, url.n), 32, &form) != ERR_OK ||
	    str_eq(form_get(&form, "rc"), STR("0")))
		return false;
	rest = form_get(&form, "rp");
	while (rest.p != NULL) {
		const struct str word = str_split(&rest, ',');

		if (str_eq(word, STR("all")) || str_eq(word, STR("5xx")))
			return true;
	}
	return false;
}

static void
compare_fallback(const struct judging *j, const struct rest_voice *is,
    const struct rest_voice *should)
{
	const enum whose at =
	    whose(j->public_url, is->fallback_url, EVENT_FALLBACK);

	if (at == FOREIGN) {
		j->out->has_fallback_outside = true;
		return;
	}
	if (!str_eq(asked(is->fallback_url), asked(should->fallback_url)))
		differs(j, NUMBER_FALLBACK_URL, is->fallback_url,
		    should->fallback_url);
	compare_method(j, NUMBER_FALLBACK_METHOD, is->fallback_method);
}

static void
compare(const struct judging *j, const struct rest_voice *is,
    const struct rest_voice *should)
{
	if (!str_eq(asked(is->url), asked(should->url)))
		differs(j, NUMBER_VOICE_URL, is->url, should->url);
	compare_method(j, NUMBER_VOICE_METHOD, is->method);
	compare_fallback(j, is, should);
	if (!str_eq(asked(is->status_url), asked(should->status_url)) ||
	    !is_repeated(j->arena, is->status_url))
		differs(
		    j, NUMBER_STATUS_URL, is->status_url, should->status_url);
	compare_method(j, NUMBER_STATUS_METHOD, is->status_method);
}

/* What wins over the number's own settings, which name us. */
static void
compare_winner(const struct judging *j, const struct rest_number *number)
{
	if (number->trunk_sid.p != NULL)
		differs(j, NUMBER_TRUNK, number->trunk_sid, STR_ABSENT);
	if (number->application_sid.p != NULL)
		differs(
		    j, NUMBER_APPLICATION, number->application_sid, STR_ABSENT);
}

/* The settings that Twilio follows. */
static const struct rest_voice *
ruling(const struct rest_number *number,
    const struct rest_application *application)
{
	if (number->trunk_sid.p != NULL)
		return NULL;
	if (number->application_sid.p == NULL)
		return &number->voice;
	return application == NULL ? NULL : &application->voice;
}

static enum number_state
state_of(enum whose rules, enum whose own, bool has_winner)
{
	/* Ours, if it were not for what wins. */
	if (rules != OURS && has_winner && (own == OURS || own == MOVED))
		return NUMBER_DRIFTED;
	if (rules == OURS)
		return NUMBER_OURS;
	if (rules == MOVED)
		return NUMBER_MOVED;
	return rules == NOBODYS ? NUMBER_UNSET : NUMBER_ELSEWHERE;
}

void
number_judge(struct arena *arena, struct str public_url,
    const struct rest_number *number,
    const struct rest_application *application, struct number_verdict *out)
{
	const struct judging j = { arena, public_url, out };
	const struct rest_voice should =
	    number_settings(arena, public_url, number->number, STR_ABSENT);
	const struct rest_voice *const rules = ruling(number, application);
	const enum whose own =
	    whose(public_url, number->voice.url, EVENT_VOICE);
	const enum whose at = rules == NULL
	    ? FOREIGN
	    : whose(public_url, rules->url, EVENT_VOICE);

	*out = (struct number_verdict){ .voice = rules };
	out->state = !number->has_voice
	    ? NUMBER_NO_VOICE
	    : state_of(at, own, rules != &number->voice);
	if (out->state == NUMBER_DRIFTED)
		compare_winner(&j, number);
	if (out->state == NUMBER_OURS || out->state == NUMBER_MOVED)
		compare(&j, rules, &should);
	if (number->takes_fax &&
	    (out->state == NUMBER_OURS || out->n_differs > 0))
		differs(&j, NUMBER_RECEIVE_MODE, STR("fax"), STR("voice"));
	if (out->state == NUMBER_OURS && out->n_differs > 0)
		out->state = NUMBER_DRIFTED;
}

const char *
number_state_name(enum number_state state)
{
	static const char *const names[] = {
		[NUMBER_OURS] = "ours",
		[NUMBER_DRIFTED] = "drifted",
		[NUMBER_MOVED] = "moved",
		[NUMBER_ELSEWHERE] = "elsewhere",
		[NUMBER_UNSET] = "not set",
		[NUMBER_NO_VOICE] = "no voice",
	};

	return names[state];
}

static const struct {
	const char *name, *label;
} fields[] = {
	[NUMBER_VOICE_URL] = { "VoiceUrl", "A call comes in" },
	[NUMBER_VOICE_METHOD] = { "VoiceMethod", "A call comes in, method" },
	[NUMBER_FALLBACK_URL] = { "VoiceFallbackUrl", "Primary handler fails" },
	[NUMBER_FALLBACK_METHOD] = { "VoiceFallbackMethod",
	    "Primary handler fails, method" },
	[NUMBER_STATUS_URL] = { "StatusCallback", "Call status changes" },
	[NUMBER_STATUS_METHOD] = { "StatusCallbackMethod",
	    "Call status changes, method" },
	[NUMBER_APPLICATION] = { "VoiceApplicationSid", "TwiML App" },
	[NUMBER_TRUNK] = { "TrunkSid", "SIP Trunk" },
	[NUMBER_RECEIVE_MODE] = { "VoiceReceiveMode", "Accept incoming" },
};

const char *
number_field_name(enum number_field field)
{
	return fields[field].name;
}

const char *
number_field_label(enum number_field field)
{
	return fields[field].label;
}

/* The first two numbers of an IPv4 address; false: it is a name. */
static bool
read_v4(struct str host, int *first, int *second)
{
	struct str rest = host;
	int numbers = 0;

	for (; rest.p != NULL; numbers++) {
		int value;

		if (!str_to_int(str_split(&rest, '.'), 255, &value))
			return false;
		if (numbers == 0)
			*first = value;
		if (numbers == 1)
			*second = value;
	}
	return numbers == 4;
}

static bool
is_private_v4(struct str host)
{
	int first = 0;
	int second = 0;

	if (!read_v4(host, &first, &second))
		return false;
	return first == 10 || first == 0 || first == 127 ||
	    (first == 172 && second >= 16 && second < 32) ||
	    (first == 192 && second == 168) || (first == 169 && second == 254);
}

/* A name that no resolver of the world knows. */
static bool
is_private_name(struct str host)
{
	static const struct str ends[] = { STR_INIT(".localhost"),
		STR_INIT(".local"), STR_INIT(".internal"), STR_INIT(".lan"),
		STR_INIT(".home.arpa"), STR_INIT(".test"),
		STR_INIT(".invalid") };

	if (host.p[0] == '[')
		return str_starts(host, STR("[f"));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		if (host.n > ends[i].n &&
		    str_eq_nocase(
			str_slice(host, host.n - ends[i].n, ends[i].n),
			ends[i]))
			return true;
	}
	return str_find(host, '.') == host.n;
}

const char *
number_unreachable(struct str public_url)
{
	struct url url;

	if (url_parse(public_url, &url) != ERR_OK)
		return "is no URL";
	if (url_is_loopback(&url))
		return "is this machine's own name for itself, which Twilio "
		       "cannot reach; set the name that the world knows, like "
		       "https://phone.example.com";
	if (!str_eq_nocase(url.scheme, STR("https")))
		return "is not https, over which alone Twilio is to send "
		       "what callers say and press";
	if (is_private_v4(url.host) || is_private_name(url.host))
		return "is a name or an address of a private network, which "
		       "Twilio cannot reach; set the name that the world "
		       "knows, like https://phone.example.com";
	return NULL;
}
