/* date: held against the C library's calendar, in both directions. */
#include "codec/date.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LAST_US INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */
#define SECOND_US INT64_C(1000000)

static const struct row {
	const char *name;
	const char *text;
	int64_t want; /* -1: refused */
} rfc3339[] = {
	{ "the epoch", "1970-01-01T00:00:00Z", 0 },
	{ "a day alone is its beginning", "2026-11-22",
	    INT64_C(1795305600000000) },
	{ "milliseconds", "2026-11-22T09:00:00.123Z",
	    INT64_C(1795338000123000) },
	{ "finer than a microsecond is cut off",
	    "2026-11-22T09:00:00.1234567899Z", INT64_C(1795338000123456) },
	{ "east of Greenwich", "2026-11-22T10:00:00.5+01:00",
	    INT64_C(1795338000500000) },
	{ "west of Greenwich", "2026-11-22T03:30:00-05:30",
	    INT64_C(1795338000000000) },
	{ "small letters and a blank", "2026-11-22 09:00:00z",
	    INT64_C(1795338000000000) },
	{ "a small t", "2026-11-22t09:00:00Z", INT64_C(1795338000000000) },
	{ "a leap second is the second after", "2016-12-31T23:59:60Z",
	    INT64_C(1483228800000000) },
	{ "29 February of a leap year", "2024-02-29",
	    INT64_C(1709164800000000) },
	{ "29 February of 2000", "2000-02-29", INT64_C(951782400000000) },
	{ "29 February of 2100", "2100-02-29", -1 },
	{ "29 February of another year", "2026-02-29", -1 },
	{ "30 February", "2024-02-30", -1 },
	{ "31 April", "2026-04-31", -1 },
	{ "month 0", "2026-00-10", -1 },
	{ "month 13", "2026-13-10", -1 },
	{ "day 0", "2026-01-00", -1 },
	{ "hour 24", "2026-01-01T24:00:00Z", -1 },
	{ "minute 60", "2026-01-01T00:60:00Z", -1 },
	{ "second 61", "2026-01-01T00:00:61Z", -1 },
	{ "offset of 24 hours", "2026-01-02T00:00:00+24:00", -1 },
	{ "offset with 60 minutes", "2026-01-02T00:00:00+01:60", -1 },
	{ "offset without colon", "2026-01-02T00:00:00+0100", -1 },
	{ "offset cut", "2026-01-02T00:00:00+01", -1 },
	{ "no offset", "2026-01-01T00:00:00", -1 },
	{ "a point without digits", "2026-01-01T00:00:00.Z", -1 },
	{ "a comma for the point", "2026-01-01T00:00:00,5Z", -1 },
	{ "something behind", "2026-01-01T00:00:00Z ", -1 },
	{ "something before", " 2026-01-01", -1 },
	{ "before the epoch", "1969-12-31T23:59:59Z", -1 },
	{ "before the epoch by its offset", "1970-01-01T00:30:00+01:00", -1 },
	{ "one digit of month", "2026-1-01", -1 },
	{ "five digits of year", "12026-01-01", -1 },
	{ "no digits", "abcd-ef-gh", -1 },
	{ "a T alone", "2026-01-01T", -1 },
	{ "a wrong separator", "2026-01-01_00:00:00Z", -1 },
	{ "slashes", "2026/01/01", -1 },
	{ "nothing", "", -1 },
	{ "the last second", "9999-12-31T23:59:59Z",
	    INT64_C(253402300799000000) },
	{ "beyond the last year by its offset", "9999-12-31T23:59:59-00:01",
	    -1 },
	{ "beyond the last year by a leap second", "9999-12-31T23:59:60Z", -1 },
};

static const struct row rfc2822[] = {
	{ "as Twilio sends it", "Sun, 30 May 2021 13:48:10 +0000",
	    INT64_C(1622382490000000) },
	{ "one digit of day", "Tue, 1 Jun 2021 00:00:00 +0000",
	    INT64_C(1622505600000000) },
	{ "no weekday", "30 May 2021 13:48:10 +0000",
	    INT64_C(1622382490000000) },
	{ "GMT", "Sun, 30 May 2021 13:48:10 GMT", INT64_C(1622382490000000) },
	{ "UTC", "Sun, 30 May 2021 13:48:10 UTC", INT64_C(1622382490000000) },
	{ "an offset", "Sun, 30 May 2021 15:48:10 +0200",
	    INT64_C(1622382490000000) },
	{ "another offset", "Sun, 30 May 2021 08:18:10 -0530",
	    INT64_C(1622382490000000) },
	{ "no month of that name", "Sun, 30 Mai 2021 13:48:10 +0000", -1 },
	{ "no offset", "Sun, 30 May 2021 13:48:10", -1 },
	{ "another zone's name", "Sun, 30 May 2021 13:48:10 EST", -1 },
	{ "something behind", "Sun, 30 May 2021 13:48:10 +0000x", -1 },
	{ "something behind GMT", "Sun, 30 May 2021 13:48:10 GMTx", -1 },
	{ "31 June", "Sun, 31 Jun 2021 13:48:10 +0000", -1 },
	{ "before the epoch", "Wed, 31 Dec 1969 23:59:59 +0000", -1 },
	{ "two digits of year", "Sun, 30 May 21 13:48:10 +0000", -1 },
	{ "no seconds", "Sun, 30 May 2021 13:48 +0000", -1 },
	{ "RFC 3339", "2021-05-30T13:48:10Z", -1 },
	{ "a comma alone", ",", -1 },
	{ "nothing", "", -1 },
};

static void
check_rows(const struct row *rows, size_t n,
    enum err (*parse)(struct str text, int64_t *out))
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		int64_t us = -1;
		const enum err e = parse(str_of(rows[i].text), &us);
		const enum err want = rows[i].want < 0 ? ERR_INPUT : ERR_OK;

		if (e == want && us == rows[i].want)
			continue;
		print_error("%s: %s: %s, %lld\n", rows[i].name, rows[i].text,
		    err_name(e), (long long)us);
		ok = false;
	}
	assert_true(ok);
}

static void
test_date_parse_rfc3339(void **state)
{
	(void)state;
	check_rows(rfc3339, ARRAY_LEN(rfc3339), date_parse_rfc3339);
	assert_err(date_parse_rfc3339(STR_ABSENT, &(int64_t){ 0 }), ERR_INPUT);
	assert_err(date_parse_rfc3339(STR("2026-01-01\0"), &(int64_t){ 0 }),
	    ERR_INPUT);
}

static void
test_date_parse_rfc2822(void **state)
{
	(void)state;
	check_rows(rfc2822, ARRAY_LEN(rfc2822), date_parse_rfc2822);
	assert_err(date_parse_rfc2822(STR_ABSENT, &(int64_t){ 0 }), ERR_INPUT);
}

static struct tm
calendar(int64_t us)
{
	const time_t s = (time_t)(us / SECOND_US);
	struct tm tm;

	assert_non_null(gmtime_r(&s, &tm));
	assert_int_equal(timegm(&tm), s);
	return tm;
}

static void
check_one_time(struct arena *arena, int64_t us)
{
	const struct tm tm = calendar(us);
	char text[64];
	size_t n;
	int64_t back;

	n = strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	assert_str(date_rfc2822(arena, us), bytes_of(text, n));
	n = strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
	assert_str(date_compact(arena, us), bytes_of(text, n));
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(
	    text + n, sizeof(text) - n, ".%06dZ", (int)(us % SECOND_US));
	assert_text(date_rfc3339_us(arena, us), text);
	assert_err(date_parse_rfc3339(str_of(text), &back), ERR_OK);
	assert_int_equal(back, us);

	(void)snprintf(
	    text + n, sizeof(text) - n, ".%03dZ", (int)(us % SECOND_US / 1000));
	assert_text(date_rfc3339(arena, us), text);
	assert_err(date_parse_rfc3339(str_of(text), &back), ERR_OK);
	assert_int_equal(back, us / 1000 * 1000);

	(void)strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	assert_err(date_parse_rfc2822(str_of(text), &back), ERR_OK);
	assert_int_equal(back, us / SECOND_US * SECOND_US);
}

static void
test_date_agrees_with_the_c_library(void **state)
{
	struct random r = random_begin();

	check_one_time(*state, 0);
	check_one_time(*state, LAST_US);
	for (int i = 0; i < 30000; i++) {
		const int64_t us = (int64_t)(random_next(&r) % (LAST_US + 1));

		check_one_time(*state, us);
		arena_reset(*state);
	}
}

/* Every day of the years that matter, from its first to its last moment. */
static void
test_date_of_every_day(void **state)
{
	for (int64_t day = 0; day < 366 * 140; day++) {
		const int64_t us = day * 86400 * SECOND_US;
		const struct tm tm = calendar(us);
		char text[16];
		int64_t back;

		(void)strftime(text, sizeof(text), "%Y-%m-%d", &tm);
		assert_err(date_parse_rfc3339(str_of(text), &back), ERR_OK);
		assert_int_equal(back, us);
		if (day > 0)
			check_one_time(*state, us - 1);
		arena_reset(*state);
	}
}

/* An offset is what the clock there shows more. */
static void
test_date_offsets(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 5000; i++) {
		const int64_t us = (int64_t)(random_next(&r) % (LAST_US / 2)) +
		    86400 * SECOND_US;
		const int hours = (int)random_below(&r, 24);
		const int minutes = (int)random_below(&r, 60);
		const bool east = random_below(&r, 2) == 0;
		const int64_t shift =
		    (hours * INT64_C(60) + minutes) * 60 * SECOND_US;
		struct str there =
		    date_rfc3339_us(*state, us + (east ? shift : -shift));
		int64_t back;

		there = str_format(*state, "%.*s%c%02d:%02d", (int)there.n - 1,
		    there.p, east ? '+' : '-', hours, minutes);
		assert_err(date_parse_rfc3339(there, &back), ERR_OK);
		assert_int_equal(back, us);
		arena_reset(*state);
	}
}

/* What is read is a time that can be written, and nothing else is read. */
static void
test_date_of_any_bytes(void **state)
{
	static const char seed[] = "2026-11-22T09:00:00.5+01:00";
	struct random r = random_begin();

	for (int i = 0; i < 50000; i++) {
		char *const text = arena_copy(*state, seed, sizeof(seed) - 1);
		const size_t n = random_below(&r, sizeof(seed));
		int64_t us = -1;

		for (size_t k = random_below(&r, 3); k > 0; k--)
			text[random_below(&r, sizeof(seed) - 1)] =
			    "0123456789-:.+TZz "[random_below(&r, 18)];
		if (date_parse_rfc3339(bytes_of(text, n), &us) == ERR_OK)
			assert_true(us >= 0 && us <= LAST_US);
		else
			assert_int_equal(us, -1);
		if (us >= 0)
			check_one_time(*state, us);
		arena_reset(*state);
	}
}

static void
test_date_length(void **state)
{
	assert_text(date_length(*state, 0), "0:00");
	assert_text(date_length(*state, 34), "0:34");
	assert_text(date_length(*state, 767), "12:47");
	assert_text(date_length(*state, 3599), "59:59");
	assert_text(date_length(*state, 3725), "1:02:05");
	assert_text(date_length(*state, 360000), "100:00:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_date_parse_rfc3339),
		TEST(test_date_parse_rfc2822),
		TEST(test_date_agrees_with_the_c_library),
		TEST(test_date_of_every_day),
		TEST(test_date_offsets),
		TEST(test_date_of_any_bytes),
		TEST(test_date_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
