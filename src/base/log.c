/* log: one JSON object a line on standard error.  Floor: base. */
#include "base/log.h"

#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_ERROR] = "error",
};

static const struct {
	const char *name;
	enum log_level level;
} events[LOG__MAX] = {
	[LOG_START] = { "start", LOG_LEVEL_INFO },
	[LOG_STOP] = { "stop", LOG_LEVEL_INFO },
	[LOG_RELOAD] = { "reload", LOG_LEVEL_INFO },
	[LOG_WORKER_UP] = { "worker_up", LOG_LEVEL_DEBUG },
	[LOG_WORKER_DOWN] = { "worker_down", LOG_LEVEL_DEBUG },
	[LOG_WORKER_DIED] = { "worker_died", LOG_LEVEL_ERROR },
	[LOG_WORKER_HUNG] = { "worker_hung", LOG_LEVEL_ERROR },
	[LOG_CRASH_LOOP] = { "crash_loop", LOG_LEVEL_ERROR },
	[LOG_REQUEST] = { "request", LOG_LEVEL_INFO },
	[LOG_REFUSED] = { "refused", LOG_LEVEL_WARN },
	[LOG_BROKEN] = { "broken", LOG_LEVEL_WARN },
	[LOG_UNRECORDED] = { "unrecorded", LOG_LEVEL_ERROR },
	[LOG_ASIDE] = { "aside", LOG_LEVEL_WARN },
	[LOG_DB_UP] = { "db_up", LOG_LEVEL_INFO },
	[LOG_DB_DOWN] = { "db_down", LOG_LEVEL_ERROR },
	[LOG_DB_ERROR] = { "db_error", LOG_LEVEL_ERROR },
	[LOG_JOB_FAILED] = { "job_failed", LOG_LEVEL_WARN },
	[LOG_UPSTREAM] = { "upstream", LOG_LEVEL_WARN },
	[LOG_FLOW_LOADED] = { "flow_loaded", LOG_LEVEL_INFO },
	[LOG_FLOW_BAD] = { "flow_bad", LOG_LEVEL_ERROR },
	[LOG_CONFIG] = { "config", LOG_LEVEL_ERROR },
	[LOG_SPOOL] = { "spool", LOG_LEVEL_INFO },
	[LOG_SPOOL_FULL] = { "spool_full", LOG_LEVEL_ERROR },
	[LOG_SPOOL_FAILED] = { "spool_failed", LOG_LEVEL_ERROR },
	[LOG_SPOOL_BAD] = { "spool_bad", LOG_LEVEL_ERROR },
	[LOG_LIVE] = { "live", LOG_LEVEL_WARN },
};

/*
 * A line under construction.  Seven fields of text and a few short ones always
 * fit; the last bytes are kept for the closing "}\n".
 */
struct line {
	char p[LOG_LINE_BYTES];
	size_t n;
};

#define FIELD_BYTES 512
#define LINE_ROOM (LOG_LINE_BYTES - 4)

static void
line_raw(struct line *line, const char *z)
{
	const size_t n = strlen(z);

	if (n > LINE_ROOM - line->n)
		return;
	memcpy(line->p + line->n, z, n);
	line->n += n;
}

/*
 * Escapes what JSON must and all control bytes; what has become FIELD_BYTES
 * long is cut, so that no field, however hostile, takes the place of the next.
 */
static void
line_text(struct line *line, struct str s)
{
	const size_t end = line->n + FIELD_BYTES;
	char code[8];

	for (size_t i = 0; i < s.n && line->n < end; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\') {
			line->p[line->n++] = '\\';
			line->p[line->n++] = (char)c;
		} else if (c < 0x20 || c >= 0x7f) {
			(void)snprintf(code, sizeof(code), "\\u%04x", c);
			line_raw(line, code);
		} else {
			line->p[line->n++] = (char)c;
		}
	}
}

static void
line_field(struct line *line, const char *name, struct str value)
{
	if (value.p == NULL)
		return;
	line_raw(line, line->n == 0 ? "{\"" : ",\"");
	line_raw(line, name);
	line_raw(line, "\":\"");
	line_text(line, value);
	line_raw(line, "\"");
}

static void
line_number(struct line *line, const char *name, int64_t value)
{
	char text[48];

	(void)snprintf(
	    text, sizeof(text), ",\"%s\":%lld", name, (long long)value);
	line_raw(line, text);
}

static void
line_time(struct line *line)
{
	const int64_t us = clock_wall_us();
	const time_t s = (time_t)(us / 1000000);
	struct tm tm;
	char text[40];
	size_t n;

	(void)gmtime_r(&s, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(
	    text + n, sizeof(text) - n, ".%03dZ", (int)(us / 1000 % 1000));
	line_field(line, "ts", str_of(text));
}

static void
line_begin(struct line *line, const struct log *log, enum log_event ev)
{
	line->n = 0;
	line_time(line);
	line_field(line, "lvl", str_of(level_names[events[ev].level]));
	line_field(line, "who", str_of(log->who));
	line_number(line, "pid", getpid());
	line_field(line, "ev", str_of(events[ev].name));
	line_field(line, "req", log->req);
	line_field(line, "call_sid", log->call_sid);
	line_field(line, "route", log->route);
}

static void
line_write(
    struct line *line, const struct log *log, enum err e, struct str detail)
{
	ssize_t ignored;

	if (e != ERR_OK)
		line_field(line, "err", str_of(err_name(e)));
	line_field(line, "detail", detail);
	line->p[line->n++] = '}';
	line->p[line->n++] = '\n';
	ignored = write(log->fd, line->p, line->n);
	(void)ignored; /* nobody is left to tell */
}

/* Control bytes would move the terminal's cursor; a line feed may end it. */
static void
write_plain(const struct log *log, const char *detail)
{
	struct line line = { .n = 0 };
	ssize_t ignored;

	line_raw(&line, log->who);
	line_raw(&line, ": ");
	for (const char *p = detail; *p != '\0'; p++) {
		const unsigned char c = (unsigned char)*p;

		if (c == '\n' && p[1] == '\0')
			break;
		line.p[line.n++] = c < 0x20 || c == 0x7f ? ' ' : *p;
	}
	line.p[line.n++] = '\n';
	ignored = write(log->fd, line.p, line.n);
	(void)ignored;
}

void
log_event(
    const struct log *log, enum log_event ev, enum err e, const char *fmt, ...)
{
	struct line line;
	char detail[1024];
	va_list args;

	if (events[ev].level < log->level)
		return;
	detail[0] = '\0';
	if (fmt != NULL) {
		va_start(args, fmt);
		(void)vsnprintf(detail, sizeof(detail), fmt, args);
		va_end(args);
	}
	if (log->plain) {
		write_plain(log, fmt == NULL ? events[ev].name : detail);
		return;
	}
	line_begin(&line, log, ev);
	line_write(&line, log, e, fmt == NULL ? STR_ABSENT : str_of(detail));
}

void
log_request(
    const struct log *log, enum err e, int status, int64_t ms, const char *note)
{
	struct line line;

	if (events[LOG_REQUEST].level < log->level)
		return;
	line_begin(&line, log, LOG_REQUEST);
	line_number(&line, "status", status);
	line_number(&line, "ms", ms);
	line_write(&line, log, e, str_of(note));
}

bool
log_level_parse(struct str name, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (str_eq(name, str_of(level_names[i]))) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}
