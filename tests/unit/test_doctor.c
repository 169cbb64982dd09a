/* doctor: what is made of what was seen. */
#include "doctor_certificate.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "doctor_database.h"
#include "doctor_flow.h"
#include "doctor_folders.h"
#include "doctor_nginx.h"
#include "doctor_probe.h"
#include "doctor_processes.h"
#include "doctor_twilio.h"
#include "testing.h"

#include "base/clock.h"
#include "io/files.h"
#include "jobs/doctor.h"

#include <string.h>

#define S INT64_C(1000000)
#define DAY (86400 * S)
#define NOW (20000 * DAY)

static const struct conf conf = {
	.public_url = "https://phone.example.com",
	.data = "/srv/mainline",
	.spool_mb = 512,
};

/* A look of which nothing is known yet. */
static struct doctor *
fresh(void *arena)
{
	struct doctor *const d = ARENA_NEW(arena, struct doctor);

	d->arena = arena;
	d->conf = &conf;
	d->check = "test";
	d->report = ARENA_NEW(arena, struct doctor_report);
	return d;
}

/* The codes that were found, "a b"; "" for none. */
static struct str
found(const struct doctor *d)
{
	struct str all = STR("");

	for (size_t i = 0; i < d->report->n; i++)
		all = str_format(d->arena, "%.*s%s%.*s", STR_ARG(all),
		    all.n == 0 ? "" : " ", STR_ARG(d->report->list[i].code));
	return all;
}

static void
test_codes(void **state)
{
	struct str docs;

	assert_err(files_read(*state, TESTS_FOLDER "/../docs/doctor.md", 200000,
		       &docs),
	    ERR_OK);
	for (size_t i = 0; i < FOUND__MAX; i++) {
		const struct doctor_code_row *const row = &doctor_codes[i];
		const struct str line =
		    str_format(*state, "\n| `%s` | %s |", row->name,
			row->severity == DOCTOR_FAULT ? "fault" : "warning");

		assert_non_null(row->name);
		assert_int_equal(strspn(row->name,
				     "abcdefghijklmnopqrstuvwxyz"
				     "_"),
		    strlen(row->name));
		assert_int_equal(row->mend[strlen(row->mend) - 1], '.');
		if (strstr(docs.p, line.p) == NULL)
			fail_msg("docs/doctor.md: no row%s", line.p);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
			    row->name, doctor_codes[j].name);
	}
}

static const struct certificate good = {
	.n_chain = 2,
	.subject = STR_INIT("CN = phone.example.com"),
	.issuer = STR_INIT("CN = R10"),
	.from_us = NOW - 30 * DAY,
	.until_us = NOW + 60 * DAY,
	.name_fits = true,
};

static struct str
certificate(void *arena, struct certificate seen)
{
	struct doctor *const d = fresh(arena);

	judge_certificate(d, STR("phone.example.com"), &seen, NOW);
	return found(d);
}

static void
test_certificate(void **state)
{
	struct certificate c = good;

	assert_text(certificate(*state, c), "");
	c.until_us = NOW + 10 * DAY;
	assert_text(certificate(*state, c), "certificate_expires_soon");
	/* One of six days is not renewed two weeks before its end. */
	c.from_us = NOW - 2 * DAY;
	c.until_us = NOW + 4 * DAY;
	assert_text(certificate(*state, c), "");
	c.until_us = NOW + DAY / 2;
	assert_text(certificate(*state, c), "certificate_expires_soon");
	c.until_us = NOW;
	assert_text(certificate(*state, c), "certificate_expired");
	c = good;
	c.verify_code = 10; /* the authority's own has ended */
	assert_text(certificate(*state, c), "certificate_expired");
	c.verify_code = 0;
	c.from_us = NOW + S;
	assert_text(certificate(*state, c), "certificate_not_yet");
	c = good;
	c.verify_code = 20;
	c.why = "unable to get local issuer certificate";
	assert_text(certificate(*state, c), "certificate_untrusted");
	c.n_chain = 1;
	assert_text(certificate(*state, c), "certificate_chain");
	c.issuer = c.subject;
	c.name_fits = false;
	assert_text(
	    certificate(*state, c), "certificate_self_signed certificate_name");
}

static void
test_database(void **state)
{
	const struct checkup_database well = {
		.has_fsync = true,
		.has_trgm = true,
		.version = 150018,
		.now_us = NOW,
	};
	struct checkup_database seen = well;
	struct doctor *d = fresh(*state);

	judge_database(d, &well, NOW + 4 * S);
	assert_text(found(d), "");
	judge_database(d, &well, NOW - 6 * S);
	assert_text(found(d), "clock_skew_database");
	d = fresh(*state);
	seen.has_fsync = false;
	seen.is_read_only = true;
	seen.version = 140001;
	judge_database(d, &seen, NOW);
	assert_text(
	    found(d), "database_old database_read_only database_fsync_off");
}

static void
test_migrations(void **state)
{
	struct migrate_state seen = { .version = 11 };
	struct doctor *d = fresh(*state);

	judge_migrations(d, &seen, 11);
	assert_text(found(d), "");
	assert_true(d->has_schema);
	judge_migrations(d, &seen, 12);
	assert_false(d->has_schema);
	judge_migrations(d, &seen, 10);
	assert_true(d->has_schema); /* of a newer program it will do */
	assert_text(found(d), "migrations_pending migrations_newer");
}

static void
test_room(void **state)
{
	static const struct {
		struct room room;
		const char *want;
	} rows[] = {
		{ { INT64_C(600) << 20, -1 }, "" },
		{ { INT64_C(600) << 20, 5000 }, "" },
		{ { INT64_C(500) << 20, 5000 }, "disk_low" },
		{ { INT64_C(60) << 20, 5000 }, "disk_full" },
		{ { INT64_C(600) << 20, 50 }, "disk_full" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct doctor *const d = fresh(*state);

		judge_room(d, &rows[i].room);
		assert_text(found(d), rows[i].want);
	}
}

static void
test_reader(void **state)
{
	struct reader r;

	(void)state;
	assert_true(reader_parse(STR("Name:\tnginx\nUid:\t0\t33\t33\t33\n"
				     "Gid:\t33\t34\t33\t33\nGroups:\t4 50 \n"),
	    &r));
	assert_int_equal(r.uid, 33);
	assert_true(reader_may(&r, 0700, 33, 9, 5));
	assert_false(reader_may(&r, 0700, 7, 9, 5));
	assert_true(reader_may(&r, 0750, 7, 34, 5));
	assert_true(reader_may(&r, 0750, 7, 50, 5));
	assert_false(reader_may(&r, 0750, 7, 51, 5));
	assert_true(reader_may(&r, 0711, 7, 51, 1));
	/* Who owns it has the owner's rights alone. */
	assert_false(reader_may(&r, 0077, 33, 9, 5));
	assert_false(reader_parse(STR("Name:\tnginx\n"), &r));
}

static void
test_jobs(void **state)
{
	const struct checkup_jobs well = {
		.now_us = NOW,
		.snapshot_us = NOW - 5 * S,
		.sweep_us = NOW - 300 * S,
		.oldest_us = -1,
	};
	struct checkup_jobs seen = well;
	struct doctor *d = fresh(*state);

	judge_jobs(d, &well);
	assert_text(found(d), "");
	seen.oldest_us = NOW - 601 * S;
	judge_jobs(d, &seen);
	seen = well;
	seen.sweep_us = NOW - 901 * S;
	seen.dead = 2;
	judge_jobs(d, &seen);
	seen.snapshot_us = -1;
	seen.dead = 0;
	judge_jobs(d, &seen);
	assert_text(
	    found(d), "jobs_late reconcile_late jobs_dead jobs_not_running");
}

static void
test_twilio(void **state)
{
	struct doctor *d = fresh(*state);

	judge_tokens(d, &(struct tokens_seen){ 1, 1 });
	judge_account(d, &(struct rest_account){ ACCOUNT_ACTIVE, false });
	judge_clock(d, NOW, NOW + 9 * S);
	assert_text(found(d), "");
	judge_tokens(d, &(struct tokens_seen){ 2, 2 });
	judge_tokens(d, &(struct tokens_seen){ 2, 1 });
	judge_tokens(d, &(struct tokens_seen){ 2, 0 });
	judge_account(d, &(struct rest_account){ ACCOUNT_SUSPENDED, true });
	judge_account(d, &(struct rest_account){ ACCOUNT_CLOSED, false });
	judge_clock(d, NOW, NOW - 11 * S);
	assert_text(found(d),
	    "two_auth_tokens auth_token_stale auth_token_refused "
	    "account_suspended account_trial account_closed "
	    "clock_skew_twilio");
}

/* What was answered, and what it is taken for. */
static const struct {
	int status;
	const char *location, *body;
	enum probe_result want;
} answers[] = {
	{ 200, NULL,
	    "{\"scheme\":\"https\",\"port\":\"443\",\"host\":\"h\","
	    "\"body_sha256\":\"00\"}",
	    PROBE_OURS },
	{ 200, NULL, "{\"ok\":true}", PROBE_OTHER },
	{ 200, NULL, "<html>", PROBE_OTHER },
	{ 200, NULL, "[]", PROBE_OTHER },
	{ 301, "https://www.example.com/", "", PROBE_REDIRECT },
	{ 403, NULL, "{\"code\":\"not_from_twilio\"}", PROBE_REFUSED },
	{ 403, NULL, "{\"code\":\"blocked\"}", PROBE_OTHER },
	{ 403, NULL, "This is the plain port. Send", PROBE_PLAIN },
	{ 502, NULL, "<html>", PROBE_NO_WORKER },
	{ 404, NULL, "{\"code\":\"no_such_path\"}", PROBE_OTHER },
};

static void
test_probe_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct probe_answer answer = {
			.status = answers[i].status,
			.location = str_of(answers[i].location),
			.body = str_of(answers[i].body),
		};

		assert_int_equal(
		    probe_classify(fresh(*state), &answer), answers[i].want);
	}
}

static void
test_probe_host(void **state)
{
	static const struct {
		const char *host, *sent, *want;
	} rows[] = {
		{ "phone.example.com", "00", "" },
		{ "PHONE.example.com:443", "00", "" },
		{ "", "00", "" }, /* nginx did not tell */
		{ "localhost", "00", "host_rewritten" },
		{ "[::1]:8443", "00", "host_rewritten" },
		{ "phone.example.com:8443", "00", "port_added" },
		{ "phone.example.com", "01", "body_rewritten" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct doctor *const d = fresh(*state);
		const struct probe_answer answer = {
			.host = str_of(rows[i].host),
			.body_sha256 = STR("00"),
			.sent_sha256 = str_of(rows[i].sent),
		};

		judge_probe(d, &answer);
		assert_text(found(d), rows[i].want);
	}
}

/* A finding more than there is room for is left out. */
static void
test_report(void **state)
{
	struct doctor *const d = fresh(*state);

	for (size_t i = 0; i < DOCTOR_MAX_FINDINGS + 5; i++)
		doctor_say(d, FOUND_DISK_LOW, "%zu.", i);
	assert_int_equal(d->report->n, DOCTOR_MAX_FINDINGS);
	d->report->n = 1;
	doctor_skip(d, "It is \"late\".");
	assert_text(doctor_json(*state, d->report),
	    "[{\"check\":\"test\",\"code\":\"disk_low\",\"severity\":"
	    "\"warning\",\"text\":\"0.\",\"mend\":\"Make room on that disk, or "
	    "lower MAINLINE_SPOOL_MB.\"},{\"check\":\"test\",\"code\":"
	    "\"test_not_checked\",\"severity\":\"not_checked\",\"text\":\"It "
	    "is \\\"late\\\".\",\"mend\":null}]");
	assert_int_equal(doctor_count(d->report, DOCTOR_WARNING), 1);
	assert_int_equal(doctor_count(d->report, DOCTOR_FAULT), 0);
}

/* Who gives slow answers is asked no more, or the look would have no end. */
static void
test_time(void **state)
{
	struct doctor *const d = fresh(*state);
	struct doctor_answer answer;

	d->until_ms = clock_mono_ms() - 1;
	assert_false(doctor_has_time(d));
	assert_err(doctor_get(d, "http://127.0.0.1:1/", STR_ABSENT, STR_ABSENT,
		       &answer),
	    ERR_BUSY);
	assert_string_equal(answer.why, "no time was left");
	d->until_ms = clock_mono_ms() + 60000;
	assert_true(doctor_has_time(d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_codes),
		TEST(test_certificate),
		TEST(test_database),
		TEST(test_migrations),
		TEST(test_room),
		TEST(test_reader),
		TEST(test_jobs),
		TEST(test_twilio),
		TEST(test_probe_answers),
		TEST(test_probe_host),
		TEST(test_report),
		TEST(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
