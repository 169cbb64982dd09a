/* date: RFC 3339 and RFC 2822 times.  Floor: codec. */
#include "codec/date.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S INT64_C(86400)
#define RFC3339_BYTES sizeof("2026-11-22T09:00:00.000000Z")

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct civil {
	int year, month, day, hour, minute, second;
	int64_t offset_s; /* east of Greenwich */
	int64_t us;
};

/*
 * Days since 1970-01-01 of a day in the Gregorian calendar, counted from a year
 * that begins on 1 March, so that the leap day is the last one.
 * Source: https://howardhinnant.github.io/date_algorithms.html
 */
static int64_t
days_of(int year, int month, int day)
{
	const int64_t y = month <= 2 ? year - 1 : year;
	const int64_t era = y / 400;
	const int64_t year_of_era = y - era * 400;
	const int64_t m = (month + 9) % 12;
	const int64_t day_of_year = (153 * m + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - 719468;
}

static void
civil_of(int64_t days, struct civil *out)
{
	const int64_t z = days + 719468;
	const int64_t era = z / 146097;
	const int64_t day_of_era = z - era * 146097;
	const int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
		day_of_era / 146096) /
	    365;
	const int64_t day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	const int64_t m = (5 * day_of_year + 2) / 153;

	out->day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
	out->month = (int)(m < 10 ? m + 3 : m - 9);
	out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

static int
days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
civil_is_valid(const struct civil *c)
{
	return c->year >= 1970 && c->year <= 9999 && c->month >= 1 &&
	    c->month <= 12 && c->day >= 1 &&
	    c->day <= days_in(c->year, c->month) && c->hour <= 23 &&
	    c->minute <= 59 && c->second <= 60;
}

#define YEAR_10000_US INT64_C(253402300800000000)

static int64_t
civil_us(const struct civil *c)
{
	const int64_t s = days_of(c->year, c->month, c->day) * DAY_S +
	    c->hour * INT64_C(3600) + c->minute * INT64_C(60) + c->second -
	    c->offset_s;

	return s * SECOND_US + c->us;
}

/* The time, if all of it makes sense, its offset too. */
static enum err
civil_close(const struct civil *c, int64_t *out_us)
{
	int64_t us;

	if (!civil_is_valid(c))
		return ERR_INPUT;
	us = civil_us(c);
	if (us < 0 || us >= YEAR_10000_US)
		return ERR_INPUT;
	*out_us = us;
	return ERR_OK;
}

/* Writes `digits` digits of `value` and then `after`; gives what is behind. */
static char *
put(char *p, int digits, int value, char after)
{
	for (int i = digits - 1; i >= 0; i--) {
		p[i] = (char)('0' + value % 10);
		value /= 10;
	}
	p[digits] = after;
	return p + digits + 1;
}

/* By hand: a page of the feed has a few hundred of them. */
static struct str
format(struct arena *arena, int64_t us, int digits)
{
	const int64_t s = us / SECOND_US;
	const int of_day = (int)(s % DAY_S);
	const int fraction = (int)(us % SECOND_US);
	char *const text = arena_alloc(arena, RFC3339_BYTES);
	char *p = text;
	struct civil c = { 0 };

	civil_of(s / DAY_S, &c);
	p = put(p, 4, c.year, '-');
	p = put(p, 2, c.month, '-');
	p = put(p, 2, c.day, 'T');
	p = put(p, 2, of_day / 3600, ':');
	p = put(p, 2, of_day / 60 % 60, ':');
	p = put(p, 2, of_day % 60, '.');
	p = put(p, digits, digits == 3 ? fraction / 1000 : fraction, 'Z');
	*p = '\0';
	return (struct str){ text, (size_t)(p - text) };
}

struct str
date_rfc3339(struct arena *arena, int64_t us)
{
	return format(arena, us, 3);
}

struct str
date_length(struct arena *arena, int64_t s)
{
	const long long h = (long long)(s / 3600);
	const long long m = (long long)(s / 60 % 60);

	if (h > 0)
		return str_format(
		    arena, "%lld:%02lld:%02lld", h, m, (long long)(s % 60));
	return str_format(arena, "%lld:%02lld", m, (long long)(s % 60));
}

struct str
date_rfc3339_us(struct arena *arena, int64_t us)
{
	return format(arena, us, 6);
}

struct str
date_rfc2822(struct arena *arena, int64_t us)
{
	static const char days[] =
	    "ThuFriSatSunMonTueWed"; /* from 1970-01-01 */
	const int64_t s = us / SECOND_US;
	const int of_day = (int)(s % DAY_S);
	struct civil c = { 0 };

	civil_of(s / DAY_S, &c);
	return str_format(arena, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000",
	    days + s / DAY_S % 7 * 3, c.day,
	    month_names + (size_t)(c.month - 1) * 3, c.year, of_day / 3600,
	    of_day / 60 % 60, of_day % 60);
}

struct str
date_compact(struct arena *arena, int64_t us)
{
	const int64_t s = us / SECOND_US;
	const int of_day = (int)(s % DAY_S);
	struct civil c = { 0 };

	civil_of(s / DAY_S, &c);
	return str_format(arena, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month,
	    c.day, of_day / 3600, of_day / 60 % 60, of_day % 60);
}

/* Takes `n` digits from the beginning of `*rest`. */
static bool
take_digits(struct str *rest, size_t n, int *out)
{
	if (!str_to_int(str_slice(*rest, 0, n), 9999, out) || rest->n < n)
		return false;
	*rest = str_slice(*rest, n, rest->n);
	return true;
}

/* Takes one of the characters in `set`. */
static bool
take_char(struct str *rest, const char *set, char *out)
{
	if (rest->n == 0 || rest->p[0] == '\0' ||
	    strchr(set, rest->p[0]) == NULL)
		return false;
	*out = rest->p[0];
	*rest = str_slice(*rest, 1, rest->n);
	return true;
}

static bool
take_clock(struct str *rest, struct civil *c)
{
	char sep;

	return take_digits(rest, 2, &c->hour) && take_char(rest, ":", &sep) &&
	    take_digits(rest, 2, &c->minute) && take_char(rest, ":", &sep) &&
	    take_digits(rest, 2, &c->second);
}

/* "+01:00" or "+0100", as `colon` says. */
static bool
take_offset(struct str *rest, bool colon, struct civil *c)
{
	char sign;
	char sep;
	int hours;
	int minutes;

	if (!take_char(rest, "+-", &sign) || !take_digits(rest, 2, &hours) ||
	    (colon && !take_char(rest, ":", &sep)) ||
	    !take_digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	c->offset_s = (hours * INT64_C(60) + minutes) * 60;
	if (sign == '-')
		c->offset_s = -c->offset_s;
	return true;
}

/* The digits of ".123456789"; what is finer than a microsecond is cut off. */
static bool
take_fraction(struct str *rest, struct civil *c)
{
	int64_t unit = SECOND_US;
	int digit;
	char dot;

	if (!take_char(rest, ".", &dot))
		return true;
	if (!take_digits(rest, 1, &digit))
		return false;
	do {
		unit /= 10;
		c->us += digit * unit;
	} while (take_digits(rest, 1, &digit));
	return true;
}

enum err
date_parse_rfc3339(struct str text, int64_t *out_us)
{
	struct civil c = { 0 };
	struct str rest = text;
	char sep;

	if (!take_digits(&rest, 4, &c.year) || !take_char(&rest, "-", &sep) ||
	    !take_digits(&rest, 2, &c.month) || !take_char(&rest, "-", &sep) ||
	    !take_digits(&rest, 2, &c.day))
		return ERR_INPUT;
	if (rest.n > 0 &&
	    (!take_char(&rest, "Tt ", &sep) || !take_clock(&rest, &c) ||
		!take_fraction(&rest, &c) ||
		(!take_char(&rest, "Zz", &sep) &&
		    !take_offset(&rest, true, &c))))
		return ERR_INPUT;
	return rest.n > 0 ? ERR_INPUT : civil_close(&c, out_us);
}

static bool
take_month(struct str *rest, int *out)
{
	for (int i = 0; i < 12; i++) {
		if (str_starts(*rest,
			(struct str){ month_names + 3 * (size_t)i, 3 })) {
			*rest = str_slice(*rest, 3, rest->n);
			*out = i + 1;
			return true;
		}
	}
	return false;
}

enum err
date_parse_rfc2822(struct str text, int64_t *out_us)
{
	struct civil c = { 0 };
	struct str rest = text;
	const size_t comma = str_find(text, ',');
	char sep;

	if (comma < text.n)
		rest = str_trim(str_slice(text, comma + 1, text.n));
	if ((!take_digits(&rest, 2, &c.day) &&
		!take_digits(&rest, 1, &c.day)) ||
	    !take_char(&rest, " ", &sep) || !take_month(&rest, &c.month) ||
	    !take_char(&rest, " ", &sep) || !take_digits(&rest, 4, &c.year) ||
	    !take_char(&rest, " ", &sep) || !take_clock(&rest, &c) ||
	    !take_char(&rest, " ", &sep))
		return ERR_INPUT;
	if (!str_eq(rest, STR("GMT")) && !str_eq(rest, STR("UTC")) &&
	    (!take_offset(&rest, false, &c) || rest.n > 0))
		return ERR_INPUT;
	return civil_close(&c, out_us);
}
