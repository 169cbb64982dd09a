/* doctor: what stands between the caller and the answer.  Floor: jobs. */
#include "jobs/doctor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "store/statements.h"
#include "twilio_api.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define JSON_MAX_BYTES ((size_t)1024 * 1024)
#define ANSWER_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* In this order: what one learns the next ones need. */
static const struct {
	const char *name;
	doctor_check run;
} checks[] = {
	{ "configuration", check_configuration },
	{ "database", check_database },
	{ "migrations", check_migrations },
	{ "flow", check_flow },
	{ "snapshot", check_snapshot },
	{ "folders", check_folders },
	{ "processes", check_processes },
	{ "jobs", check_jobs },
	{ "certificate", check_certificate },
	{ "public_url", check_public_url },
	{ "account", check_account },
	{ "clock", check_clock },
	{ "numbers", check_numbers },
	{ "media", check_media },
	{ "countries", check_countries },
	{ "notices", check_notices },
};

static void
add(struct doctor *d, struct doctor_finding finding)
{
	struct doctor_report *const report = d->report;

	if (report->n == ARRAY_LEN(report->list))
		return;
	finding.check = d->check;
	report->list[report->n++] = finding;
}

void
doctor_say(struct doctor *d, enum doctor_code code, const char *fmt, ...)
{
	const struct doctor_code_row *const row = &doctor_codes[code];
	struct doctor_finding finding = {
		.code = str_of(row->name),
		.severity = row->severity,
		.mend = str_of(row->mend),
	};
	va_list args;

	va_start(args, fmt);
	finding.text = str_vformat(d->arena, fmt, args);
	va_end(args);
	add(d, finding);
}

void
doctor_skip(struct doctor *d, const char *fmt, ...)
{
	struct doctor_finding finding = {
		.code = str_format(d->arena, "%s_not_checked", d->check),
		.severity = DOCTOR_NOT_CHECKED,
	};
	va_list args;

	va_start(args, fmt);
	finding.text = str_vformat(d->arena, fmt, args);
	va_end(args);
	add(d, finding);
}

enum err
doctor_get(struct doctor *d, const char *url, struct str user,
    struct str password, struct doctor_answer *out)
{
	const int64_t now_ms = clock_mono_ms();
	const struct fetch_request request = {
		.url = url,
		.user = user,
		.password = password,
		.head_deadline_ms = now_ms + DOCTOR_ASK_MS,
		.deadline_ms = now_ms + 2 * DOCTOR_ASK_MS,
	};
	struct fetch_response got;
	enum err e;

	*out = (struct doctor_answer){ .why = "" };
	e = fetch_open(d->jobs.fetcher, d->arena, &request, &got, &out->why);
	if (e != ERR_OK)
		return e;
	out->status = got.status;
	out->date = got.date;
	if (got.status == 200)
		e = fetch_read_all(d->jobs.fetcher, d->arena, ANSWER_MAX_BYTES,
		    &out->json);
	if (e != ERR_OK)
		out->why = "the answer broke off, or is too long";
	fetch_close(d->jobs.fetcher);
	return e;
}

enum err
doctor_ask(struct doctor *d, struct str path, struct doctor_answer *out)
{
	const struct conf *const conf = d->conf;
	const bool has_key = conf->twilio_api_key != NULL;
	const struct str url = str_format(
	    d->arena, "%s%.*s", conf->twilio_api_url, STR_ARG(path));
	enum err e = ERR_INPUT;

	for (size_t i = 0; i < (has_key ? 1 : conf->n_auth_tokens); i++) {
		e = doctor_get(d, url.p,
		    str_of(has_key ? conf->twilio_api_key
				   : conf->twilio_account_sid),
		    has_key ? str_of(conf->twilio_api_secret)
			    : conf->auth_tokens[i],
		    out);
		if (e != ERR_OK || out->status != 401)
			break;
	}
	return e;
}

/* Checks that found nothing say that all is well. */
static void
run(struct doctor *d)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const size_t before = d->report->n;

		d->check = checks[i].name;
		checks[i].run(d);
		if (d->report->n == before)
			add(d,
			    (struct doctor_finding){
				.code = str_format(
				    d->arena, "%s_ok", checks[i].name),
				.severity = DOCTOR_OK,
				.text = STR("As it should be."),
			    });
	}
}

void
doctor_run(const struct doctor_options *options, struct doctor_report *out)
{
	/* What goes wrong is a finding, and not a line of the log as well. */
	int said[2] = { -1, -1 };
	const bool piped = pipe(said) == 0 &&
	    fcntl(said[0], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(said[1], F_SETFL, O_NONBLOCK) == 0;
	const struct log quiet = {
		.level = LOG_LEVEL_ERROR,
		.plain = true,
		.fd = piped ? said[1] : -1,
		.who = "doctor",
	};
	const struct pg_options pg_options = {
		.conninfo = options->conf->database_url,
		.on_connect = stmt(STMT_SESSION),
		.log = &quiet,
	};
	struct doctor d = {
		.arena = options->arena,
		.conf = options->conf,
		.report = out,
		.notify = options->notify,
		.said_fd = said[0],
		.jobs = {
			.conf = options->conf,
			.log = &quiet,
			.host = "",
			.fetcher = fetcher_new(options->conf->ca_file),
		},
	};

	out->n = 0;
	if (options->conf->database_url != NULL)
		d.jobs.pg = pg_new(&pg_options);
	run(&d);
	pg_free(d.jobs.pg);
	fetcher_free(d.jobs.fetcher);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		if (said[i] >= 0)
			(void)close(said[i]);
	}
}

void
doctor_unconfigured(struct arena *arena, const struct conf_errors *errors,
    struct doctor_report *out)
{
	struct doctor d = {
		.arena = arena,
		.report = out,
		.check = checks[0].name,
	};

	out->n = 0;
	for (size_t i = 0; i < errors->n; i++)
		doctor_say(&d, FOUND_CONFIG_INVALID, "%.*s.",
		    STR_ARG(errors->list[i]));
	for (size_t i = 1; i < ARRAY_LEN(checks); i++) {
		d.check = checks[i].name;
		doctor_skip(&d, "The configuration cannot be used.");
	}
}

size_t
doctor_count(
    const struct doctor_report *report, enum doctor_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n; i++)
		n += report->list[i].severity == severity;
	return n;
}

const char *
doctor_severity_name(enum doctor_severity severity)
{
	static const char *const names[DOCTOR_SEVERITY__MAX] = {
		[DOCTOR_OK] = "ok",
		[DOCTOR_NOT_CHECKED] = "not_checked",
		[DOCTOR_WARNING] = "warning",
		[DOCTOR_FAULT] = "fault",
	};

	return names[severity];
}

struct str
doctor_json(struct arena *arena, const struct doctor_report *report)
{
	struct buf json;
	struct jsonw w;

	buf_init(&json, arena, JSON_MAX_BYTES);
	jsonw_init(&w, &json);
	jsonw_array(&w, NULL);
	for (size_t i = 0; i < report->n; i++) {
		const struct doctor_finding *const f = &report->list[i];

		jsonw_object(&w, NULL);
		jsonw_str(&w, "check", str_of(f->check));
		jsonw_str(&w, "code", f->code);
		jsonw_str(&w, "severity",
		    str_of(doctor_severity_name(f->severity)));
		jsonw_str(&w, "text", f->text);
		jsonw_str(&w, "mend", f->mend);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	return buf_str(&json);
}
