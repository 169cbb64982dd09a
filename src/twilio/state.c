/* state: where a call stands, in a URL.  Floor: twilio. */
#include "twilio/state.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/phone.h"
#include "codec/utf8.h"
#include "twilio/words.h"

#include <stddef.h>

#define STATE_TRY_MAX 100
#define STATE_URL_MAX_BYTES 4096

static int
number_or(struct str s, int max, int otherwise)
{
	int value = otherwise;

	return str_to_int(s, max, &value) ? value : otherwise;
}

static int
at_least_1(int value)
{
	return value < 1 ? 1 : value;
}

/* Text that fits into a URL and a row, else absent. */
static struct str
word_or_absent(struct str s)
{
	if (s.n == 0 || s.n > STATE_WORD_MAX_BYTES || !utf8_is_valid(s) ||
	    str_find(s, '\0') < s.n)
		return STR_ABSENT;
	return s;
}

struct state
state_parse(struct arena *arena, const struct form *query)
{
	const struct str call = form_get(query, "call");

	return (struct state){
		.line = phone_canonical(
		    arena, word_or_absent(form_get(query, "line"))),
		.call_sid = sid_is(call, "CA") ? call : STR_ABSENT,
		.version =
		    number_or(form_get(query, "v"), STATE_VERSION_MAX, -1),
		.step = word_or_absent(form_get(query, "step")),
		.phone = word_or_absent(form_get(query, "phone")),
		.caller = word_or_absent(form_get(query, "caller")),
		.try = at_least_1(
		    number_or(form_get(query, "try"), STATE_TRY_MAX, 1)),
		.n = number_or(form_get(query, "n"), STATE_N_MAX, 0),
	};
}

static void
add_str(struct buf *url, const char *name, struct str value)
{
	if (value.p == NULL)
		return;
	buf_addc(url, str_find(buf_str(url), '?') == url->n ? '?' : '&');
	buf_add(url, str_of(name));
	buf_addc(url, '=');
	buf_add(url, form_escape(url->arena, value));
}

static void
add_int(struct buf *url, const char *name, int value)
{
	add_str(url, name, str_format(url->arena, "%d", value));
}

struct str
state_url(struct arena *arena, enum event_kind kind, const struct state *state)
{
	struct buf url;

	buf_init(&url, arena, STATE_URL_MAX_BYTES);
	buf_add(&url, str_of(event_kind_path(kind)));
	add_str(&url, "line", state->line);
	add_str(&url, "call", state->call_sid);
	if (state->version >= 0)
		add_int(&url, "v", state->version);
	add_str(&url, "step", state->step);
	add_str(&url, "phone", state->phone);
	add_str(&url, "caller", state->caller);
	if (state->try > 1)
		add_int(&url, "try", state->try);
	if (state->n > 0)
		add_int(&url, "n", state->n);
	return buf_str(&url);
}
