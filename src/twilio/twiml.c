/* twiml: the verbs that we use, typed, over xml.  Floor: twilio. */
#include "twilio/twiml.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/utf8.h"
#include "codec/xml.h"

#include <stddef.h>
#include <stdint.h>

void
twiml_begin(struct twiml *t, struct arena *arena)
{
	buf_init(&t->buf, arena, TWIML_MAX_BYTES);
	xml_init(&t->xml, &t->buf);
	xml_open(&t->xml, "Response");
}

/* An attribute with its default at Twilio is left out when absent. */
static void
attr(struct twiml *t, const char *name, struct str value)
{
	if (value.p != NULL)
		xml_attr(&t->xml, name, value);
}

/* The first `max` characters (not bytes) of `s`. */
static struct str
first_characters(struct str s, size_t max)
{
	size_t at = 0;

	for (size_t i = 0; i < max && at < s.n; i++) {
		uint32_t c;

		at += utf8_next(str_slice(s, at, s.n), &c);
	}
	return str_slice(s, 0, at);
}

void
twiml_say(struct twiml *t, const struct twiml_voice *voice, struct str text)
{
	xml_open(&t->xml, "Say");
	attr(t, "voice", voice->name);
	attr(t, "language", voice->language);
	xml_text(&t->xml, first_characters(text, TWIML_SAY_MAX));
	xml_close(&t->xml);
}

void
twiml_pause(struct twiml *t, int length_s)
{
	xml_open(&t->xml, "Pause");
	xml_attr_int(&t->xml, "length", length_s);
	xml_close(&t->xml);
}

void
twiml_gather_begin(struct twiml *t, const struct twiml_gather *gather)
{
	xml_open(&t->xml, "Gather");
	xml_attr(&t->xml, "action", gather->action);
	xml_attr(&t->xml, "method", STR("POST"));
	xml_attr(&t->xml, "input", STR("dtmf"));
	xml_attr_int(&t->xml, "numDigits", gather->num_digits);
	xml_attr_int(&t->xml, "timeout", gather->timeout_s);
	xml_attr(&t->xml, "finishOnKey", STR(""));
}

void
twiml_gather_end(struct twiml *t)
{
	xml_close(&t->xml);
}

void
twiml_dial_begin(struct twiml *t, const struct twiml_dial *dial)
{
	xml_open(&t->xml, "Dial");
	xml_attr(&t->xml, "action", dial->action);
	xml_attr(&t->xml, "method", STR("POST"));
	xml_attr_int(&t->xml, "timeout", dial->timeout_s);
	xml_attr_bool(&t->xml, "answerOnBridge", true);
	attr(t, "callerId", dial->caller_id);
	xml_attr_int(&t->xml, "timeLimit", dial->time_limit_s);
	if (dial->sequential)
		xml_attr_bool(&t->xml, "sequential", true);
}

void
twiml_number(struct twiml *t, const struct twiml_number *number)
{
	xml_open(&t->xml, "Number");
	attr(t, "url", number->url);
	xml_attr(&t->xml, "statusCallback", number->status_callback);
	xml_attr(&t->xml, "statusCallbackEvent",
	    STR("initiated ringing answered completed"));
	xml_attr(&t->xml, "statusCallbackMethod", STR("POST"));
	xml_text(&t->xml, number->number);
	xml_close(&t->xml);
}

void
twiml_dial_end(struct twiml *t)
{
	xml_close(&t->xml);
}

void
twiml_record(struct twiml *t, const struct twiml_record *record)
{
	const bool transcribe = record->transcribe_callback.p != NULL;

	xml_open(&t->xml, "Record");
	xml_attr(&t->xml, "action", record->action);
	xml_attr(&t->xml, "method", STR("POST"));
	xml_attr_int(&t->xml, "maxLength", record->max_length_s);
	xml_attr_int(&t->xml, "timeout", record->timeout_s);
	xml_attr(&t->xml, "finishOnKey", STR("#"));
	xml_attr_bool(&t->xml, "playBeep", true);
	xml_attr(&t->xml, "trim", STR("trim-silence"));
	xml_attr(&t->xml, "recordingStatusCallback", record->callback);
	xml_attr(&t->xml, "recordingStatusCallbackMethod", STR("POST"));
	xml_attr(
	    &t->xml, "recordingStatusCallbackEvent", STR("completed absent"));
	if (transcribe) {
		xml_attr_bool(&t->xml, "transcribe", true);
		xml_attr(
		    &t->xml, "transcribeCallback", record->transcribe_callback);
	}
	xml_close(&t->xml);
}

void
twiml_redirect(struct twiml *t, struct str url)
{
	xml_open(&t->xml, "Redirect");
	xml_attr(&t->xml, "method", STR("POST"));
	xml_text(&t->xml, url);
	xml_close(&t->xml);
}

void
twiml_hangup(struct twiml *t)
{
	xml_open(&t->xml, "Hangup");
	xml_close(&t->xml);
}

void
twiml_reject(struct twiml *t)
{
	xml_open(&t->xml, "Reject");
	xml_attr(&t->xml, "reason", STR("rejected"));
	xml_close(&t->xml);
}

enum err
twiml_end(struct twiml *t, struct str *out)
{
	enum err e;

	xml_close(&t->xml);
	e = xml_finish(&t->xml);
	if (e == ERR_OK)
		*out = buf_str(&t->buf);
	return e;
}
