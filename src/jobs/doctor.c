/* doctor: what stands between the caller and the answer.  Floor: jobs. */
#include "jobs/doctor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "store/statements.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* Below JOBS_LEASE_S, so that nobody begins the same look beside it. */
#define TOTAL_MS 480000
#define JSON_MAX_BYTES ((size_t)1024 * 1024)

/* In this order: what one learns the next ones need. */
static const struct {
	const char *name;
	doctor_check run;
} checks[] = {
	{ "configuration", examine_configuration },
	{ "database", examine_database },
	{ "migrations", examine_migrations },
	{ "flow", examine_flow },
	{ "snapshot", examine_snapshot },
	{ "folders", examine_folders },
	{ "processes", examine_processes },
	{ "jobs", examine_jobs },
	{ "certificate", examine_certificate },
	{ "public_url", examine_public_url },
	{ "account", examine_account },
	{ "clock", examine_clock },
	{ "numbers", examine_numbers },
	{ "media", examine_media },
	{ "countries", examine_countries },
	{ "notices", examine_notices },
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

/* Checks that found nothing say that all is well. */
static void
run(struct doctor *d)
{
	d->until_ms = clock_mono_ms() + TOTAL_MS;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const size_t before = d->report->n;

		d->check = checks[i].name;
		if (doctor_has_time(d))
			checks[i].run(d);
		else
			doctor_skip(d, "No time was left.");
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
doctor_count(const struct doctor_report *report, enum doctor_severity severity)
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
		jsonw_str(
		    &w, "severity", str_of(doctor_severity_name(f->severity)));
		jsonw_str(&w, "text", f->text);
		jsonw_str(&w, "mend", f->mend);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	return buf_str(&json);
}
