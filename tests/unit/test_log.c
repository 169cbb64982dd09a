/*
 * log: a line is one JSON object, one write(2), at most LOG_LINE_BYTES long,
 * whatever is to be said.  The lines go through a datagram socket, which keeps
 * each write apart, and are read back by cJSON.
 */
#include "base/log.h"
#include "testing.h"

#include <cjson/cJSON.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct wire {
	int in, out;
	char line[2 * LOG_LINE_BYTES];
	size_t n; /* of the line read last */
};

static struct wire
wire_open(void)
{
	struct wire w = { 0 };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	w.out = fds[0];
	w.in = fds[1];
	return w;
}

static void
wire_close(const struct wire *w)
{
	(void)close(w->in);
	(void)close(w->out);
}

/* The next write as JSON; NULL when there is none.  The caller deletes it. */
static cJSON *
wire_read(struct wire *w)
{
	const ssize_t n =
	    recv(w->in, w->line, sizeof(w->line) - 1, MSG_DONTWAIT);
	const char *end;
	cJSON *json;

	if (n < 0)
		return NULL;
	w->n = (size_t)n;
	w->line[n] = '\0';
	assert_true(n <= LOG_LINE_BYTES);
	assert_int_equal(strlen(w->line), n); /* no NUL in it */
	assert_int_equal(w->line[n - 1], '\n');
	assert_ptr_equal(strchr(w->line, '\n'), &w->line[n - 1]);
	json = cJSON_ParseWithOpts(w->line, &end, true);
	if (json == NULL)
		fail_msg("no JSON: %.300s ... %s", w->line,
		    n > 300 ? &w->line[n - 100] : "");
	return json;
}

static const char *
field(const cJSON *json, const char *name)
{
	const cJSON *const value = cJSON_GetObjectItemCaseSensitive(json, name);

	return value == NULL ? NULL : value->valuestring;
}

static void
test_log_event(void **state)
{
	struct wire w = wire_open();
	const struct log log = {
		.level = LOG_LEVEL_INFO,
		.fd = w.out,
		.who = "hook",
		.req = STR_INIT("r1"),
		.call_sid = STR_INIT("CA1"),
		.route = STR_INIT("/twilio/voice"),
	};
	cJSON *json;

	(void)state;
	log_event(&log, LOG_DB_DOWN, ERR_BUSY, "no %s", "answer");
	json = wire_read(&w);
	assert_int_equal(strlen(field(json, "ts")), 24);
	assert_string_equal(field(json, "lvl"), "error");
	assert_string_equal(field(json, "who"), "hook");
	assert_int_equal(
	    cJSON_GetObjectItem(json, "pid")->valuedouble, getpid());
	assert_string_equal(field(json, "ev"), "db_down");
	assert_string_equal(field(json, "req"), "r1");
	assert_string_equal(field(json, "call_sid"), "CA1");
	assert_string_equal(field(json, "route"), "/twilio/voice");
	assert_string_equal(field(json, "err"), "busy");
	assert_string_equal(field(json, "detail"), "no answer");
	assert_null(wire_read(&w));
	cJSON_Delete(json);
	wire_close(&w);
}

static void
test_log_leaves_out_what_is_absent(void **state)
{
	struct wire w = wire_open();
	const struct log log = { .fd = w.out };
	cJSON *json;

	(void)state;
	log_event(&log, LOG_START, ERR_OK, NULL);
	json = wire_read(&w);
	assert_string_equal(field(json, "ev"), "start");
	assert_null(field(json, "who"));
	assert_null(field(json, "req"));
	assert_null(field(json, "err"));
	assert_null(field(json, "detail"));
	cJSON_Delete(json);
	wire_close(&w);
}

static void
test_log_request(void **state)
{
	struct wire w = wire_open();
	const struct log log = { .level = LOG_LEVEL_INFO, .fd = w.out };
	const struct log quiet = { .level = LOG_LEVEL_WARN, .fd = w.out };
	cJSON *json;

	(void)state;
	log_request(&quiet, ERR_OK, 200, 12, NULL);
	assert_null(wire_read(&w));
	log_request(&log, ERR_AUTH, 401, 12, "why");
	json = wire_read(&w);
	assert_string_equal(field(json, "ev"), "request");
	assert_int_equal(cJSON_GetObjectItem(json, "status")->valuedouble, 401);
	assert_int_equal(cJSON_GetObjectItem(json, "ms")->valuedouble, 12);
	assert_string_equal(field(json, "err"), "auth");
	assert_string_equal(field(json, "detail"), "why");
	cJSON_Delete(json);
	wire_close(&w);
}

/* Every event has a name and a level; what is below the level is silent. */
static void
test_log_levels(void **state)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	(void)state;
	for (int ev = 0; ev < LOG__MAX; ev++) {
		bool heard = true;

		for (int i = 0; i < 4; i++) {
			struct wire w = wire_open();
			const struct log log = {
				.level = (enum log_level)i,
				.fd = w.out,
				.who = "test",
			};
			cJSON *json;

			log_event(&log, (enum log_event)ev, ERR_OK, NULL);
			json = wire_read(&w);
			assert_false(!heard && json != NULL);
			heard = json != NULL;
			if (heard) {
				assert_non_null(field(json, "ev"));
				assert_non_null(field(json, "lvl"));
			}
			cJSON_Delete(json);
			wire_close(&w);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		enum log_level level = LOG_LEVEL_DEBUG;

		assert_true(log_level_parse(str_of(names[i]), &level));
		assert_int_equal(level, i);
	}
	assert_false(log_level_parse(STR("Info"), &(enum log_level){ 0 }));
	assert_false(log_level_parse(STR_ABSENT, &(enum log_level){ 0 }));
}

/* Nobody outside can forge a line or a field. */
static void
test_log_escapes(void **state)
{
	static const char forged[] =
	    "x\"}\n{\"ev\":\"start\\\x7f\x1b[2J\xff\xc3";
	struct wire w = wire_open();
	const struct log log = { .fd = w.out, .route = STR_INIT(forged) };
	cJSON *json;

	(void)state;
	log_event(&log, LOG_REQUEST, ERR_OK, "%s", forged);
	json = wire_read(&w);
	assert_string_equal(field(json, "ev"), "request");
	assert_non_null(strstr(w.line, "\\u000a"));
	for (size_t i = 0; i + 1 < w.n; i++)
		assert_true(w.line[i] >= 0x20 && w.line[i] < 0x7f);
	assert_null(wire_read(&w));
	cJSON_Delete(json);
	wire_close(&w);
}

/* Each byte by itself, in a field and in the detail. */
static void
test_log_of_every_byte(void **state)
{
	struct wire w = wire_open();

	(void)state;
	for (int c = 1; c < 256; c++) {
		const char text[] = { (char)c, '\0' };
		const struct log log = { .fd = w.out, .route = str_of(text) };

		log_event(&log, LOG_REQUEST, ERR_OK, "%s", text);
		cJSON_Delete(wire_read(&w));
		for (size_t i = 0; i + 1 < w.n; i++)
			assert_true(w.line[i] >= 0x20 && w.line[i] < 0x7f);
	}
	wire_close(&w);
}

/* Bytes of every kind, so that a line fills up at every possible place. */
static struct str
filler(struct random *r, struct arena *arena, size_t n)
{
	char *const p = arena_alloc(arena, n);
	const bool plain = random_below(r, 2) == 0;

	for (size_t i = 0; i < n; i++)
		p[i] = plain ? 'x' : "ab\"\\\n\x01\xfe"[random_below(r, 7)];
	return (struct str){ p, n };
}

static void
test_log_long_lines_are_cut_and_stay_json(void **state)
{
	struct random r = random_begin();
	struct wire w = wire_open();

	for (size_t n = 0; n < 5000; n += n < 3500 || n > 4100 ? 97 : 1) {
		const struct log log = {
			.fd = w.out,
			.who = "hook",
			.req = filler(&r, *state, random_below(&r, 40)),
			.call_sid = filler(&r, *state, random_below(&r, 40)),
			.route = filler(&r, *state, n),
		};

		log_event(&log, LOG_REFUSED, ERR_FORBIDDEN, "%.*s", 50,
		    "the detail of it, which is as long as such a detail is");
		cJSON_Delete(wire_read(&w));
		log_request(&log, ERR_OK, 200, 5, "a note");
		cJSON_Delete(wire_read(&w));
		assert_null(wire_read(&w));
		arena_reset(*state);
	}
	wire_close(&w);
}

/* For people: words, one line, nothing that moves a cursor. */
static void
test_log_plain(void **state)
{
	int fds[2];
	char got[256] = "";
	struct log log = { .plain = true, .who = "mainline" };

	(void)state;
	assert_int_equal(pipe(fds), 0);
	log.fd = fds[1];
	log_event(
	    &log, LOG_DB_DOWN, ERR_BUSY, "no answer: %s", "a\033[2J\nb\n");
	assert_true(read(fds[0], got, sizeof(got) - 1) > 0);
	assert_string_equal(got, "mainline: no answer: a [2J b\n");
	(void)close(fds[0]);
	(void)close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_log_event),
		TEST(test_log_leaves_out_what_is_absent),
		TEST(test_log_request),
		TEST(test_log_levels),
		TEST(test_log_escapes),
		TEST(test_log_of_every_byte),
		TEST(test_log_long_lines_are_cut_and_stay_json),
		TEST(test_log_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
