/* cli_read: values that several commands take.  Floor: process. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "codec/phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "90m", "12h", "7d", "30s" before now. */
static bool
read_duration(struct str text, int64_t *out_us)
{
	static const struct {
		char unit;
		int64_t s;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	int n;

	if (text.n < 2 ||
	    !str_to_int(str_slice(text, 0, text.n - 1), 1000000, &n))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text.p[text.n - 1] != units[i].unit)
			continue;
		*out_us = clock_wall_us() - n * units[i].s * INT64_C(1000000);
		return true;
	}
	return false;
}

bool
cli_read_time(
    const struct cli *cli, const char *name, const char *value, int64_t *out_us)
{
	if (value == NULL || read_duration(str_of(value), out_us) ||
	    date_parse_rfc3339(str_of(value), out_us) == ERR_OK)
		return true;
	cli_error(cli,
	    "%s needs a time like 2026-11-22T09:00:00Z or 2026-11-22, or how "
	    "long ago, like 12h, not %s; see --help",
	    name, value);
	return false;
}

bool
cli_read_line(const struct cli *cli, const char *value)
{
	if (value == NULL || phone_is_e164(str_of(value)))
		return true;
	cli_error(cli,
	    "--line needs a number like +15550100001, not %s; see --help",
	    value);
	return false;
}
