/* notify_call: a call of the record, as it is told.  Floor: jobs. */
#include "notify_call.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "io/conf.h"
#include "io/pg.h"
#include "notice_text.h"
#include "store/call_json.h"
#include "store/calls.h"

#include <stddef.h>
#include <stdint.h>

#define BODY_MAX_BYTES ((size_t)1024 * 1024)

struct str
notify_call_link(struct arena *arena, const struct conf *conf, struct str sid)
{
	if (conf->public_url == NULL)
		return STR_ABSENT;
	return str_format(arena, "%s/#%.*s", conf->public_url, STR_ARG(sid));
}

struct notice
notify_call_notice(
    struct arena *arena, const struct conf *conf, const struct pg_rows *call)
{
	const struct str sid = pg_str(call, 0, CALL_COLUMN_SID);
	const bool message = pg_bool(call, 0, CALL_COLUMN_RECORDING_MESSAGE);

	return (struct notice){
		.sid = sid,
		.link = notify_call_link(arena, conf, sid),
		.line = pg_str(call, 0, CALL_COLUMN_LINE),
		.from = pg_str(call, 0, CALL_COLUMN_FROM),
		.caller_name = pg_str(call, 0, CALL_COLUMN_NAME),
		.caller_city = pg_str(call, 0, CALL_COLUMN_CITY),
		.caller_region = pg_str(call, 0, CALL_COLUMN_REGION),
		.caller_country = pg_str(call, 0, CALL_COLUMN_COUNTRY),
		.outcome = pg_str(call, 0, CALL_COLUMN_OUTCOME),
		.reason = pg_str(call, 0, CALL_COLUMN_REASON),
		.forwarded_to = pg_str(call, 0, CALL_COLUMN_FORWARDED_TO),
		.started_us = pg_int(call, 0, CALL_COLUMN_STARTED_US, -1),
		.duration_s = pg_int(call, 0, CALL_COLUMN_DURATION_S, -1),
		.message_s = message
		    ? pg_int(call, 0, CALL_COLUMN_RECORDING_DURATION_S, -1)
		    : -1,
		.transcript = pg_str(call, 0, CALL_COLUMN_TRANSCRIPT),
		.sound = message ? NOTICE_SOUND_LINKED : NOTICE_SOUND_NONE,
	};
}

struct str
notify_call_body(
    struct arena *arena, const struct conf *conf, const struct pg_rows *call)
{
	/* Who reads it is not on our page, and knows no origin. */
	const char *const origin =
	    conf->public_url == NULL ? "" : conf->public_url;
	const struct str outcome = pg_str(call, 0, CALL_COLUMN_OUTCOME);
	const int64_t updated_us =
	    pg_int(call, 0, CALL_COLUMN_UPDATED_US, clock_wall_us());
	struct buf out;
	struct jsonw w;

	buf_init(&out, arena, BODY_MAX_BYTES);
	jsonw_init(&w, &out);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "type", str_format(arena, "call.%.*s", STR_ARG(outcome)));
	jsonw_time(
	    &w, "timestamp", pg_int(call, 0, CALL_COLUMN_ENDED_US, updated_us));
	jsonw_object(&w, "data");
	call_json_members(&w, call, 0, origin);
	jsonw_object_end(&w);
	jsonw_object_end(&w);
	return buf_str(&out);
}

struct str
notify_test_body(struct arena *arena, const struct notice *notice)
{
	struct buf out;
	struct jsonw w;

	buf_init(&out, arena, BODY_MAX_BYTES);
	jsonw_init(&w, &out);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "type", STR("test"));
	jsonw_time(&w, "timestamp", clock_wall_us());
	jsonw_object(&w, "data");
	jsonw_str(&w, "line", notice->line);
	jsonw_object_end(&w);
	jsonw_object_end(&w);
	return buf_str(&out);
}
