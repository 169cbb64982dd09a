/* show: an answer as text for people. */
#include "show.h"

#include "base/buf.h"
#include "codec/date.h"
#include "codec/utf8.h"

#define MAX_BYTES ((size_t)256 * 1024)
#define RUN_MIN 40 /* so many times the same character are written as {c*n} */

/* How often the first byte of `s` stands there in a row. */
static size_t
run_length(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] == s.p[0])
		n++;
	return n;
}

/* With long runs shortened, and what nobody can read as \xHH. */
static void
add_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		const struct str rest = str_slice(s, i, s.n);
		const unsigned char c = (unsigned char)s.p[i];
		const size_t run = c < 0x80 ? run_length(rest) : 1;
		uint32_t code;
		size_t n = utf8_next(rest, &code);

		if (run >= RUN_MIN && c > ' ') {
			buf_addf(out, "{%c*%zu}", c, run);
			n = run;
		} else if ((n == 1 && c >= 0x80) || c < ' ' || c == 0x7f) {
			buf_addf(out, "\\x%02x", c);
		} else {
			buf_add(out, str_slice(rest, 0, n));
		}
		i += n;
	}
}

static void
add_line(struct buf *out, int depth, struct str line)
{
	buf_addf(out, "%*s", 2 * depth, "");
	add_text(out, line);
	buf_addc(out, '\n');
}

/* From `s` up to and with the first `c`. */
static struct str
upto(struct str s, char c)
{
	return str_slice(s, 0, str_find(s, c) + 1);
}

/*
 * One element a line, text beside its element.  What is taken apart here is our
 * own writer's, without white space between elements.
 */
static void
show_twiml(struct buf *out, struct str xml)
{
	int depth = 0;

	while (xml.n > 0) {
		const struct str tag = upto(xml, '>');
		const struct str behind = str_slice(xml, tag.n, xml.n);
		const struct str text =
		    str_slice(behind, 0, str_find(behind, '<'));
		const bool alone =
		    str_starts(tag, STR("<?")) || tag.p[tag.n - 2] == '/';
		size_t n = tag.n;

		if (str_starts(tag, STR("</")))
			depth--;
		else if (!alone &&
		    str_starts(str_slice(behind, text.n, 2),
			STR("</"))) /* text, or nothing */
			n += text.n +
			    upto(str_slice(behind, text.n, behind.n), '>').n;
		add_line(out, depth, str_slice(xml, 0, n));
		if (n == tag.n && !alone && !str_starts(tag, STR("</")))
			depth++;
		xml = str_slice(xml, n, xml.n);
	}
}

static void
fact(struct buf *out, const char *name, struct str value)
{
	if (value.p == NULL)
		return;
	buf_addf(out, "%s: ", name);
	add_text(out, value);
	buf_addc(out, '\n');
}

static void
fact_int(struct buf *out, const char *name, int64_t value)
{
	if (value != FACT_NONE)
		buf_addf(out, "%s: %lld\n", name, (long long)value);
}

static void
fact_flag(struct buf *out, const char *name, bool value)
{
	if (value)
		buf_addf(out, "%s: yes\n", name);
}

static void
fact_time(struct buf *out, const char *name, int64_t us)
{
	if (us >= 0)
		fact(out, name, date_rfc3339(out->arena, us));
	else
		fact_int(out, name, us);
}

static const char *const sources[] = { NULL, "action", "callback", "REST" };

static void
show_call(struct buf *out, const struct facts *f)
{
	fact_int(out, "n", f->n);
	fact_int(out, "version_entry", f->version_entry);
	fact_int(out, "version_url", f->version_url);
	if (f->status != CALL_UNKNOWN)
		buf_addf(out, "status: %s (%s)\n", call_status_word(f->status),
		    sources[f->status_source]);
	fact_int(out, "duration_s", f->duration_s);
	fact_time(out, "started", f->started_us);
	fact_time(out, "ended", f->ended_us);
	fact(out, "from", f->from);
	fact(out, "to", f->to);
	fact(out, "caller_name", f->caller_name);
	fact(out, "city", f->city);
	fact(out, "region", f->region);
	fact(out, "country", f->country);
	fact(out, "verstat", f->verstat);
}

static void
show_course(struct buf *out, const struct facts *f)
{
	static const char *const ranks[] = { "rung", "answered", "accepted" };

	fact(out, "place", str_of(place_name(f->place)));
	fact(out, "step", f->step);
	fact(out, "why", str_of(why_name(f->why)));
	if (f->menu_key != '\0')
		buf_addf(out, "menu_key: %c\n", f->menu_key);
	if (f->forwarded_to.p != NULL)
		buf_addf(out, "forwarded_to: %.*s (%s at %d)\n",
		    STR_ARG(f->forwarded_to), ranks[f->forwarded_rank],
		    f->forwarded_n);
	if (f->bridged != BRIDGED_UNKNOWN)
		buf_addf(out, "bridged: %s\n",
		    f->bridged == BRIDGED_YES ? "yes" : "no");
	fact_flag(out, "accepted", f->accepted);
	fact_flag(out, "caller_left", f->caller_left);
	fact_int(out, "talk_s", f->talk_s);
}

static void
show_recording(struct buf *out, const struct recording_fact *r)
{
	static const char *const words[RECORDING__MAX] = { "unknown",
		"in-progress", "processing", "failed", "absent", "completed" };

	if (r->sid.p == NULL)
		return;
	fact(out, "recording_sid", r->sid);
	buf_addf(out, "recording_status: %s (%s)\n", words[r->status],
	    sources[r->source]);
	fact_int(out, "recording_duration_s", r->duration_s);
	fact_flag(out, "message", r->message);
}

static void
show_leg(struct buf *out, const struct facts *f)
{
	fact(out, "leg_sid", f->leg_sid);
	fact(out, "leg_phone", f->leg_phone);
	fact(out, "leg_status", str_of(call_status_word(f->leg_status)));
	fact_int(out, "leg_duration_s", f->leg_duration_s);
}

struct str
show_answer(struct arena *arena, const struct answer *a)
{
	struct buf out;

	buf_init(&out, arena, MAX_BYTES);
	if (a->reply.twiml.p == NULL)
		buf_add(&out, STR("-> no content\n"));
	else
		buf_add(&out, STR("-> TwiML\n"));
	show_twiml(&out, a->reply.twiml);
	buf_add(&out, STR("\n-> facts\n"));
	fact(&out, "line", a->ev.line);
	fact(&out, "call", a->ev.call_sid);
	show_call(&out, &a->reply.facts);
	show_course(&out, &a->reply.facts);
	show_recording(&out, &a->reply.facts.recording);
	fact(&out, "transcript", a->reply.facts.transcript);
	fact_int(&out, "error_code", a->reply.facts.error_code);
	show_leg(&out, &a->reply.facts);
	return buf_str(&out);
}
